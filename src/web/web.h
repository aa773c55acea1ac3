/* SPDX-License-Identifier: EUPL-1.2 */
/* What a page or API handler sees: a request with declared, checked parameters and a response to fill.
 *
 * A handler is a row of routes.def and one function. It runs in a worker thread, synchronously, with a Store of that
 * thread in one read transaction and an arena that is emptied when the answer is sent. It returns ERR_OK with a filled
 * response, or an error: then the particulars stand in req_info(req) and the server makes the error page (or, under
 * /api, problem+json) with the status of base/errors.def. Handlers are pure readers: equal URL and data, equal answer;
 * the server caches answers of public GET routes by URL, language and data version. */
#ifndef PW_WEB_WEB_H
#define PW_WEB_WEB_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/day.h"
#include "base/val.h"

typedef struct Request Request;
typedef struct Response Response;
typedef struct Store Store;              /* store/store.h */
typedef struct ActionIndex ActionIndex;  /* action/index.h */
typedef struct ViewLang ViewLang;        /* view/view.h */

typedef Err (*WebHandler)(Request *req, Response *res);

/* --- parameters: only those the route declares; asking for another one is our mistake (the answer becomes a 500) --- */

bool req_has(const Request *req, const char *name);               /* given and not empty */
/* The value (of a path or query parameter): checked, decoded, valid UTF-8; STR_NONE when absent and without a default. */
Str req_str(const Request *req, const char *name);
int64_t req_int(const Request *req, const char *name);            /* the declared default when absent */
Day req_date(const Request *req, const char *name);               /* DAY_NONE when absent */
size_t req_count(const Request *req, const char *name);           /* values given, without doubles */
Str req_at(const Request *req, const char *name, size_t index);   /* value of a parameter that may have several */

/* The body of a request to a METHOD_POST route, at most the limit of the server; borrowed. */
Str req_body(const Request *req);

/* --- what the handler works with --- */

Arena *req_arena(Request *req);
Store *req_store(Request *req);              /* routes with needs STORE, INDEX or INDEX_IF_BUILT */
/* Routes with needs INDEX: never NULL, the server waits for it before. With INDEX_IF_BUILT: NULL while it is not there. */
const ActionIndex *req_index(Request *req);
const ViewLang *req_lang(const Request *req);
Str req_lang_code(const Request *req);       /* "nl", "en" or "de" */
Day req_today(const Request *req);
/* Of routes with parameter asOf: that day, else today. Of routes that declare PARAMS_JUDGED also the day whose knowledge counts: the
 * same, or in hindsight (known=now) today. */
Day req_as_of(const Request *req);
Day req_known_on(const Request *req);
ErrInfo *req_info(Request *req);

/* --- addresses --- */

Str req_path(const Request *req);            /* path without language prefix: "/doelen/1c" */
Str req_prefix(const Request *req);          /* "", "/en" or "/de": goes before every link to a page */
/* The declared parameters given, in declared order, encoded, without empty values and defaults: "goal=1c&page=2" or "". */
Str req_query(const Request *req);
/* This page's address (with prefix) with one parameter changed; "page" is dropped unless it is the one changed.
 * _set replaces all values by one (STR_NONE removes the parameter), _add adds one value, _without takes one away. */
Str req_link_set(Request *req, const char *name, Str value);
Str req_link_add(Request *req, const char *name, Str value);
Str req_link_without(Request *req, const char *name, Str value);
/* Another address with the same filters: "/acties.csv" gives "/en/acties.csv?goal=1c" (no prefix under /api/). "page" and
 * "size" are dropped. */
Str req_link_to(Request *req, Str path);

/* --- answers; each may be called once. Texts are borrowed until the answer is sent: put them in req_arena. --- */

/* Renders templates/`name` with `root`. The server adds member "page" to root:
 *   page.lang "nl"; page.prefix "" "/en"; page.path "/doelen"; page.url prefix+path+query; page.query "" or "?a=b";
 *   page.alternates list of {lang, label, href, current} for hreflang and the language switch;
 *   page.assets "/assets/HASH" (write <link href="{{ page.assets }}/site.css">); page.version of the program;
 *   page.today ISO date; page.noindex true on error pages; page.scripts true after res_scripts.
 * An error page is templates/error.html with: status, title (Dutch msgid, {{ title|tr }}), reason, detail (English, what
 * was wrong with the request), parameter (name, at 400), retry_after (seconds, 0: none). */
Err res_page(Request *req, Response *res, const char *name, Val *root) MUST_CHECK;
/* The tree as JSON, keys as they are. API handlers use api_item and api_list (web/api/api.h), which check the schema. */
Err res_json(Request *req, Response *res, const Val *root) MUST_CHECK;
/* Sends what the handler writes in *body (borrowed from the response, limited to WEB_BODY_MAX) as `content_type`;
 * a `filename` makes it a download. Write, check buf_err, return. */
Err res_body(Response *res, const char *content_type, Str filename, Buf **body) MUST_CHECK;
/* Bytes that live as long as the program (embedded files). `etag` without quotes, borrowed likewise. */
Err res_static(Response *res, const char *content_type, Str bytes, Str etag) MUST_CHECK;
/* Status 301, 302, 303 or 308 to a path of this site (an address elsewhere is refused). */
Err res_redirect(Request *req, Response *res, int status, Str location) MUST_CHECK;
void res_status(Response *res, int status);                        /* default 200 */
/* Extra header; name and value ASCII without line ends. ERR_LIMIT when there are too many. */
Err res_header(Request *req, Response *res, const char *name, Str value) MUST_CHECK;
/* The page runs our scripts (assets/js/charts.js): its policy lets them, and page.scripts is true. Before res_page. */
void res_scripts(Response *res);
/* What is sent is meant for other sites too: they may show it (an image) and read it (data). */
void res_open(Response *res);
/* A page that other sites may show in a frame. */
void res_framed(Response *res);
/* Not for the cache: the answer depends on more than URL, language and data. */
void res_no_cache(Response *res);

#define WEB_BODY_MAX (64u << 20)

#endif
