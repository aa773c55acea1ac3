/* SPDX-License-Identifier: EUPL-1.2 */
/* The open connections and their deadlines. libmicrohttpd's timeout starts anew with every byte, so a client that sends
 * one byte every few seconds holds its connection for ever; here each stage of a request has a moment at which it must
 * be over, and one thread cuts those that are late. */
#ifndef PW_WEB_CONNS_H
#define PW_WEB_CONNS_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/str.h"

#define DEADLINE_NONE INT64_MAX

typedef struct Conn Conn;
struct Conn {
  Conn *next, *prev;
  int fd;
  atomic_llong deadline_ms;  /* on the monotonic clock */
  atomic_bool idle;          /* no request begun */
};

typedef struct Conns Conns;

Err conns_new(Conns **out) MUST_CHECK;   /* starts the thread */
void conns_free(Conns *conns);           /* ends it; all connections must be closed */
/* A connection opened or closed (before its descriptor is closed). NULL when out of memory. */
Conn *conns_add(Conns *conns, int fd);
void conns_remove(Conns *conns, Conn *conn);
/* The present stage must be over in `ms`; 0: no deadline. */
void conn_stage(Conn *conn, bool idle, int64_t ms);
/* Cuts connections on which no request is under way, now and from now on (the server is stopping). */
void conns_cut_idle(Conns *conns);
size_t conns_count(Conns *conns);
uint64_t conns_cut_count(Conns *conns);  /* connections cut for being late */

int64_t clock_ms(void);      /* monotonic */
int64_t clock_micros(void);

#endif
