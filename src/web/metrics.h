/* SPDX-License-Identifier: EUPL-1.2 */
/* Counters of what the server does, read by /metrics. Safe from any thread. */
#ifndef PW_WEB_METRICS_H
#define PW_WEB_METRICS_H

#include "base/buf.h"
#include "web/route.h"

typedef struct Metrics Metrics;

/* Counters for the routes of `table` (borrowed), and one more for requests no route takes. */
Err metrics_new(Metrics **out, const RouteTable *table) MUST_CHECK;
void metrics_free(Metrics *metrics);
/* One request ended: `route` may be NULL; status 0 is a request cut off before it had an answer. */
void metrics_request(Metrics *metrics, const Route *route, int status, int64_t micros, size_t bytes);
/* The counters of requests in Prometheus text form. */
void metrics_write(const Metrics *metrics, Buf *out);
/* One figure with its help line. `kind` is "gauge" or "counter". */
void metrics_figure(Buf *out, const char *name, const char *kind, const char *help, double value);
/* Resident memory of this process in bytes; 0 when the system does not tell. */
size_t metrics_resident_bytes(void);

#endif
