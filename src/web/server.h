/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of the server, shared by its files. */
#ifndef PW_WEB_SERVER_H
#define PW_WEB_SERVER_H

#include <pthread.h>

#include "action/index.h"
#include "store/store.h"
#include "web/answer.h"
#include "web/conns.h"
#include "web/metrics.h"
#include "web/serve.h"

struct MHD_Daemon;
typedef struct Exchange Exchange;  /* server.c: one request on its connection */

/* What one request works with; there are as many as threads, so that each has its own database connection. */
typedef struct Worker {
  struct Worker *next;   /* in the pool */
  Store *store;          /* NULL until first needed, and after a failure */
  Arena arena;
  Buf body;              /* the answer's */
  Buf key;               /* of the cache */
} Worker;

struct WebServer {
  WebConfig config;
  struct MHD_Daemon *daemon;
  int listen_fd, port;
  Conns *conns;
  Metrics *metrics;
  AnswerCache *cache;
  ChartRenderer *charts;
  atomic_llong in_flight;        /* requests begun and not ended */
  atomic_bool draining;

  pthread_mutex_t pool_lock;
  pthread_cond_t pool_wake;
  Worker *workers;               /* all of them, an array */
  Worker *idle;

  /* The state of the data: counts up with every change of the database or the index. */
  pthread_mutex_t data_lock;
  pthread_cond_t data_wake;      /* the index should be looked at, or the server stops */
  Store *monitor;                /* asks whether the data changed; NULL after a failure */
  int64_t data_version;          /* the store's number at the last look */
  int64_t busy_until_ms;         /* the database was found locked: no use to ask before then */
  uint64_t epoch;
  ActionIndex *index;            /* one reference; NULL until built */
  int64_t index_built_ms;        /* how long the last build took */
  bool index_failed;             /* the last build failed: do not wait for it */
  bool index_look, stopping;
  Exchange *waiting;             /* requests that wait for the first index */
  pthread_t index_thread;
  bool index_running;
};

/* --- server.c --- */
/* Lets the requests go on that wait for the index; data_lock is held. */
void server_resume_waiting(WebServer *server);

/* --- data.c --- */
Err data_start(WebServer *server, ErrInfo *info) MUST_CHECK;   /* opens the monitor, starts building the index */
void data_stop(WebServer *server);
/* A connection for one thread, with little patience for locks. */
Err data_open(WebServer *server, Store **out, ErrInfo *info) MUST_CHECK;
/* The epoch of the data now. ERR_BUSY when the database is locked. */
Err data_epoch(WebServer *server, uint64_t *epoch, ErrInfo *info) MUST_CHECK;
/* A reference to the index, NULL when there is none (yet). */
ActionIndex *data_index(WebServer *server, bool *failed);

/* --- handle.c --- */
/* What a request is, apart from the wire. Texts are borrowed. */
typedef struct Input {
  WebMethod method;
  bool options;              /* asks what is allowed; method is of no meaning */
  bool unknown_method;
  bool cut_body;             /* more body than allowed */
  bool long_target;          /* address longer than allowed; path and query are empty */
  Str path, query;           /* raw */
  Str body;
  Str accept_encoding, if_none_match;
  Str origin, fetch_site, host;
  bool operator;             /* from this machine and not through a proxy */
  bool secure;
} Input;

/* The route a request will take, NULL when none; whether it needs the index. Cheap: for deciding to wait. */
const Route *handle_route(const WebServer *server, const Input *input);
/* Answers; never NULL except when out of memory. *route gets the row that took it. The caller owns one reference. */
Answer *handle(WebServer *server, Worker *worker, const Input *input, const Route **route);

/* --- errors.c --- */
/* Fills `res` with the page or problem of an error. req->info.message is shown when it has one. */
void error_response(Request *req, Response *res, RouteKind kind, int status);
bool is_api_path(Str path);

/* --- response.c --- */
void response_init(Response *res, Worker *worker);
/* Adds member "page" to root. */
void page_context(Request *req, const Response *res, Val *root, bool error);
Str assets_base(Arena *arena);
/* Hash over all assets: a new one when any of them changes. 16 hexadecimal digits. */
void assets_hash(char out[17]);

#endif
