/* SPDX-License-Identifier: EUPL-1.2 */
/* The route table: its types, the notation of parameters, matching. The rows stand in routes.def. */
#ifndef PW_WEB_ROUTE_H
#define PW_WEB_ROUTE_H

#include "web/web.h"

typedef enum WebMethod { METHOD_GET, METHOD_POST, METHOD_COUNT } WebMethod;  /* HEAD is GET without its body */

/* Who may call a route. There is no zero: a row must say it. */
typedef enum Permission {
  PERM_PUBLIC = 1,  /* everybody */
  PERM_OPERATOR     /* a client on this machine that did not come through a proxy: the monitoring */
} Permission;

/* Whether a request from another site is refused (Sec-Fetch-Site, Origin). Every METHOD_POST row says CHECK. */
typedef enum Csrf { CSRF_NONE, CSRF_CHECK } Csrf;

typedef enum Needs {
  NEEDS_NOTHING,  /* no database: also answered when it is locked or gone */
  NEEDS_STORE,
  NEEDS_INDEX,    /* store and the action index; the request waits until the index is there */
  NEEDS_INDEX_IF_BUILT  /* store, and the index when it is there: the request never waits, and what is answered without is not cached */
} Needs;

/* What the answer is; decides the form of errors, the headers and whether there are language versions. */
typedef enum RouteKind {
  KIND_PAGE,   /* HTML in every language */
  KIND_FILE,   /* a download or feed at one address, errors as pages */
  KIND_API,    /* JSON under /api, errors as problem+json, unknown parameters refused, described in openapi.json */
  KIND_ASSET,  /* embedded file */
  KIND_OPS     /* plain text for machines: healthz, readyz, metrics, robots.txt; not cached, not described */
} RouteKind;

typedef enum ParamWhere { IN_PATH, IN_QUERY } ParamWhere;

typedef enum ParamType {
  PARAM_TEXT,  /* UTF-8 without control characters, white space trimmed */
  PARAM_CODE,  /* ASCII letters, digits and . _ - : , the alphabet of our codes */
  PARAM_INT,   /* min..max */
  PARAM_DATE,  /* YYYY-MM-DD */
  PARAM_ENUM,  /* one of choices */
  PARAM_REST   /* path only, the last segment and all after it: "a/b.css" */
} ParamType;

typedef struct ParamSpec {
  const char *name;      /* camelCase */
  ParamWhere where;
  ParamType type;
  size_t max_len;        /* bytes after decoding, per value */
  int64_t min, max;      /* PARAM_INT */
  size_t max_values;     /* 1, or more for a parameter that may be repeated or given as a,b,c (not TEXT) */
  const char *choices;   /* PARAM_ENUM: "name|-name|owner" */
  const char *standard;  /* value when absent; NULL when none */
  const char *help;      /* for openapi.json and the manual */
} ParamSpec;

/* Notation in routes.def. max_len counts bytes. */
#define PATH_CODE(n, max, text)         {n, IN_PATH, PARAM_CODE, max, 0, 0, 1, NULL, NULL, text}
#define PATH_REST(n, max, text)         {n, IN_PATH, PARAM_REST, max, 0, 0, 1, NULL, NULL, text}
#define QUERY_TEXT(n, max, text)        {n, IN_QUERY, PARAM_TEXT, max, 0, 0, 1, NULL, NULL, text}
#define QUERY_CODE(n, max, text)        {n, IN_QUERY, PARAM_CODE, max, 0, 0, 1, NULL, NULL, text}
#define QUERY_CODES(n, max, many, text) {n, IN_QUERY, PARAM_CODE, max, 0, 0, many, NULL, NULL, text}
#define QUERY_INT(n, lo, hi, std, text) {n, IN_QUERY, PARAM_INT, 20, lo, hi, 1, NULL, std, text}
#define QUERY_DATE(n, text)             {n, IN_QUERY, PARAM_DATE, 10, 0, 0, 1, NULL, NULL, text}
#define QUERY_ENUM(n, list, std, text)  {n, IN_QUERY, PARAM_ENUM, 64, 0, 0, 1, list, std, text}
#define QUERY_ENUMS(n, list, many, text) {n, IN_QUERY, PARAM_ENUM, 64, 0, 0, many, list, NULL, text}
#define PARAMS(...) ((const ParamSpec[]){__VA_ARGS__}), (sizeof((const ParamSpec[]){__VA_ARGS__}) / sizeof(ParamSpec))
#define NO_PARAMS NULL, 0

typedef struct Route {
  WebMethod method;
  const char *pattern;      /* "/doelen/{goal}", "/grafieken/{chart}.svg"; without language prefix, no slash at the end */
  Permission permission;
  Csrf csrf;
  Needs needs;
  RouteKind kind;
  const ParamSpec *params;
  size_t param_count;
  WebHandler handler;
  const char *name;         /* of the handler: operationId is made from it */
  const char *schema;       /* KIND_API: what the answer is, a name of schemas.def ("Goal", "Action[]"); else NULL */
  const char *summary;      /* one line for openapi.json and the manual */
} Route;

typedef struct RouteTable { const Route *routes; size_t count; } RouteTable;

/* The program's own table. */
extern const RouteTable WEB_ROUTES;

#define ROUTE_PARAMS_MAX 32
#define ROUTE_SEGMENTS_MAX 12

/* Values of the path parameters of a match, in the order of the pattern; raw (still encoded), borrowed from the path. */
typedef struct RouteMatch {
  const Route *route;                 /* NULL: no such path */
  bool other_method;                  /* the path exists, the method does not */
  unsigned allowed;                   /* bit per WebMethod the path takes */
  size_t count;
  struct { Str name, value; } values[ROUTE_SEGMENTS_MAX];
} RouteMatch;

/* Finds the row for a path without language prefix. A literal segment goes before a parameter. */
void route_match(const RouteTable *table, WebMethod method, Str path, RouteMatch *out);

/* The parameter of that name, NULL when the route does not declare it. */
const ParamSpec *route_param(const Route *route, Str name);

/* The row that took the request; NULL on the page of an address that no row has. */
const Route *req_route(const Request *req);

#endif
