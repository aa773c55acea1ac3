/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"

static const int STATUSES[] = {200, 204, 301, 302, 303, 304, 308, 400, 403, 404, 405, 409, 413, 414, 415, 422, 431, 500, 503, 0};
#define STATUS_COUNT (sizeof STATUSES / sizeof STATUSES[0])   /* the last counts all others and those cut off */

/* Upper bounds of the histogram in microseconds: the aim of 5 ms lies on one of them. */
static const int64_t BOUNDS[] = {250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 10000000};
#define BOUND_COUNT (sizeof BOUNDS / sizeof BOUNDS[0])

typedef struct RouteFigures {
  atomic_ullong status[STATUS_COUNT];
  atomic_ullong bucket[BOUND_COUNT + 1];  /* the last: longer than all bounds; not cumulative */
  atomic_ullong micros, bytes;
} RouteFigures;

struct Metrics {
  const RouteTable *table;
  RouteFigures *figures;   /* table->count + 1; the last for requests without a route */
};

Err metrics_new(Metrics **out, const RouteTable *table) {
  Metrics *metrics = mem_alloc0(1, sizeof *metrics);
  *out = NULL;
  if (!metrics) return ERR_MEMORY;
  metrics->table = table;
  metrics->figures = mem_alloc0(table->count + 1, sizeof *metrics->figures);
  if (!metrics->figures) {
    mem_free(metrics);
    return ERR_MEMORY;
  }
  *out = metrics;
  return ERR_OK;
}

void metrics_free(Metrics *metrics) {
  if (!metrics) return;
  mem_free(metrics->figures);
  mem_free(metrics);
}

void metrics_request(Metrics *metrics, const Route *route, int status, int64_t micros, size_t bytes) {
  RouteFigures *figures = &metrics->figures[route ? (size_t)(route - metrics->table->routes) : metrics->table->count];
  size_t place = 0, bound = 0;
  while (place < STATUS_COUNT - 1 && STATUSES[place] != status) place++;
  while (bound < BOUND_COUNT && micros > BOUNDS[bound]) bound++;
  atomic_fetch_add_explicit(&figures->status[place], 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&figures->bucket[bound], 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&figures->micros, (unsigned long long)(micros > 0 ? micros : 0), memory_order_relaxed);
  atomic_fetch_add_explicit(&figures->bytes, bytes, memory_order_relaxed);
}

static unsigned long long count_of(const atomic_ullong *value) { return atomic_load_explicit(value, memory_order_relaxed); }

static const char *pattern_of(const Metrics *metrics, size_t i) {
  return i < metrics->table->count ? metrics->table->routes[i].pattern : "none";
}

static const char *method_of(const Metrics *metrics, size_t i) {
  return i < metrics->table->count && metrics->table->routes[i].method == METHOD_POST ? "POST" : "GET";
}

static void write_statuses(const Metrics *metrics, size_t i, Buf *out) {
  for (size_t s = 0; s < STATUS_COUNT; s++) {
    unsigned long long count = count_of(&metrics->figures[i].status[s]);
    if (count == 0) continue;
    buf_printf(out, "pactwijzer_http_requests_total{route=\"%s\",method=\"%s\",status=\"", pattern_of(metrics, i), method_of(metrics, i));
    if (STATUSES[s]) buf_int(out, STATUSES[s]); else buf_cstr(out, "other");
    buf_printf(out, "\"} %llu\n", count);
  }
}

static void write_histogram(const Metrics *metrics, size_t i, Buf *out) {
  const RouteFigures *figures = &metrics->figures[i];
  unsigned long long sum = 0;
  for (size_t b = 0; b <= BOUND_COUNT; b++) sum += count_of(&figures->bucket[b]);
  if (sum == 0) return;
  sum = 0;
  for (size_t b = 0; b <= BOUND_COUNT; b++) {
    sum += count_of(&figures->bucket[b]);
    buf_printf(out, "pactwijzer_http_request_duration_seconds_bucket{route=\"%s\",method=\"%s\",le=\"", pattern_of(metrics, i),
               method_of(metrics, i));
    if (b < BOUND_COUNT) buf_double(out, (double)BOUNDS[b] / 1e6); else buf_cstr(out, "+Inf");
    buf_printf(out, "\"} %llu\n", sum);
  }
  buf_printf(out, "pactwijzer_http_request_duration_seconds_sum{route=\"%s\",method=\"%s\"} ", pattern_of(metrics, i), method_of(metrics, i));
  buf_double(out, (double)count_of(&figures->micros) / 1e6);
  buf_printf(out, "\npactwijzer_http_request_duration_seconds_count{route=\"%s\",method=\"%s\"} %llu\n", pattern_of(metrics, i),
             method_of(metrics, i), sum);
}

void metrics_write(const Metrics *metrics, Buf *out) {
  unsigned long long bytes = 0;
  buf_cstr(out, "# HELP pactwijzer_http_requests_total Requests ended, by route and status.\n"
                "# TYPE pactwijzer_http_requests_total counter\n");
  for (size_t i = 0; i <= metrics->table->count; i++) write_statuses(metrics, i, out);
  buf_cstr(out, "# HELP pactwijzer_http_request_duration_seconds From the first line of the request to the last byte of the answer.\n"
                "# TYPE pactwijzer_http_request_duration_seconds histogram\n");
  for (size_t i = 0; i <= metrics->table->count; i++) write_histogram(metrics, i, out);
  for (size_t i = 0; i <= metrics->table->count; i++) bytes += count_of(&metrics->figures[i].bytes);
  metrics_figure(out, "pactwijzer_http_response_bytes_total", "counter", "Bytes of bodies sent.", (double)bytes);
}

void metrics_figure(Buf *out, const char *name, const char *kind, const char *help, double value) {
  buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s ", name, help, name, kind, name);
  buf_double(out, value);
  buf_char(out, '\n');
}

size_t metrics_resident_bytes(void) {
  unsigned long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file) return 0;
  if (fscanf(file, "%lu %lu", &pages, &resident) != 2) resident = 0;
  fclose(file);
  return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}
