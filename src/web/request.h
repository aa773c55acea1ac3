/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of Request and Response, for the server and its tests; handlers include web.h only. */
#ifndef PW_WEB_REQUEST_H
#define PW_WEB_REQUEST_H

#include "web/route.h"

/* The values of one parameter, at the place of its ParamSpec in the route. */
typedef struct ParamValue {
  Str *items;    /* in the request's arena */
  size_t count;
} ParamValue;

struct WebServer;

struct Request {
  const Route *route;      /* NULL when no row fits */
  ParamValue *values;      /* route->param_count of them */
  Str path;                /* raw, without language prefix; borrowed */
  Str prefix, lang;        /* "/en" and "en" */
  Str query;               /* canonical */
  Str body;
  Arena *arena;
  Store *store;
  const ActionIndex *index;
  struct WebServer *server;       /* for the operations routes; NULL in unit tests */
  Day today;
  const char *misuse;      /* name of an undeclared parameter a handler asked for: the answer becomes a 500 */
  ErrInfo info;
};

#define RESPONSE_HEADERS_MAX 12

/* What the policies of an answer allow beyond the usual. */
typedef struct Reach {
  bool scripts;  /* a page that runs our scripts */
  bool open;     /* other sites may show it (an image) and read it (data) */
  bool framed;   /* other sites may show it in a frame */
} Reach;

typedef enum BodyKind { BODY_NONE, BODY_BUFFER, BODY_STATIC } BodyKind;

struct Response {
  int status;
  BodyKind body_kind;
  Buf *body;                 /* the worker's */
  Str fixed;                 /* BODY_STATIC */
  Str fixed_etag;
  const char *content_type;
  Str filename;
  bool no_cache;
  bool immutable;            /* content never changes under this address */
  Reach reach;
  size_t header_count;
  struct { const char *name; const char *value; } headers[RESPONSE_HEADERS_MAX];  /* in the request's arena */
};

/* Reads the path values of the match and the raw query text (without ?) into req->values and req->query. ERR_USAGE with
 * the parameter in info.column; unknown query parameters are refused for KIND_API and left out elsewhere. */
Err request_params(Request *req, const RouteMatch *match, Str raw_query) MUST_CHECK;

#define QUERY_PAIRS_MAX 256

#endif
