/* SPDX-License-Identifier: EUPL-1.2 */
/* The server as the command line and tests see it. */
#ifndef PW_WEB_SERVE_H
#define PW_WEB_SERVE_H

#include "base/err.h"
#include "chart/render.h"
#include "web/route.h"

typedef struct WebServer WebServer;

typedef enum WebLog { WEB_LOG_OFF, WEB_LOG_ERRORS, WEB_LOG_ALL } WebLog;

/* Limits; the table in docs/operations.md tells their reasons. */
typedef struct WebLimits {
  size_t target_bytes;      /* path and query of a request: longer is 414 */
  size_t memory_bytes;      /* per connection for request line and headers: more is 431 (or 414) */
  size_t body_bytes;        /* body of a request on a route that takes one: more is 413 */
  unsigned connections;     /* in total */
  unsigned per_address;     /* per client address; 0: no limit */
  int64_t header_ms;        /* from opening, or from the answer before, to the end of the headers */
  int64_t body_ms;          /* from there to the end of the body */
  int64_t send_ms;          /* to take the answer, plus a millisecond for every send_bytes_per_ms bytes of it */
  int64_t send_bytes_per_ms;
  int64_t drain_ms;         /* for requests under way when the server is told to stop */
  size_t arena_bytes;       /* working memory of one request */
} WebLimits;

typedef struct WebConfig {
  const char *db_url;
  const char *address;      /* numeric IPv4 or IPv6 */
  int port;                 /* 0: any free one */
  unsigned threads;
  size_t cache_bytes;       /* rendered answers kept; 0: none */
  WebLog log;
  bool trusted_proxy;       /* every client comes through a proxy of ours: its X-Forwarded-Proto counts, and the limit
                               per address is the proxy's task */
  const char *security_contact;  /* address for who finds a weakness, as "mailto:..." or "https://..."; NULL: none is told */
  RouteTable table;
  ChartRenderConfig charts;
  WebLimits limits;
} WebConfig;

/* Everything at its standard value: 127.0.0.1:8080, 2 threads, 16 MiB of cache, all requests logged. The caller sets db_url
 * and table (WEB_ROUTES, but for tests). */
WebConfig web_config_standard(void);

/* Opens the database, binds, and serves from threads of its own. ERR_BUSY: the address is in use, or the database is
 * locked; ERR_USAGE: not an address; ERR_PERMISSION: a port we may not have; errors of store_open. */
Err web_start(WebServer **out, const WebConfig *config, ErrInfo *info) MUST_CHECK;
int web_port(const WebServer *server);
/* Takes no new connections, lets requests under way end for at most drain_ms, closes the rest and frees everything.
 * True when nothing had to be cut. NULL is allowed. */
bool web_stop(WebServer *server);

/* web_start, then waits for SIGINT or SIGTERM, then web_stop; a second signal ends the waiting. `started` (may be NULL)
 * is called with the port as soon as requests are answered. */
Err web_serve(const WebConfig *config, void (*started)(void *context, int port), void *context, ErrInfo *info) MUST_CHECK;

#endif
