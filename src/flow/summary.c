/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/summary.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

void flow_summary_init(FlowSummary *summary) {
  *summary = (FlowSummary){.least = INFINITY, .most = -INFINITY};
}

void flow_summary_clear(FlowSummary *summary) {
  mem_free(summary->negative.counts);
  mem_free(summary->positive.counts);
  flow_summary_init(summary);
}

static double log_gamma(void) {
  return log1p(2 * FLOW_SKETCH_ERROR / (1 - FLOW_SKETCH_ERROR));
}

/* Makes room so that bucket `index` exists; at least 16 spare buckets on the side that grew. */
static bool make_room(FlowBuckets *b, int32_t index) {
  if (b->used && index >= b->lowest && index < b->lowest + (int32_t)b->used) return true;
  int32_t from = b->used && b->lowest < index ? b->lowest : index - 16;
  int32_t to = b->used && b->lowest + (int32_t)b->used > index ? b->lowest + (int32_t)b->used : index + 17;
  uint32_t need = (uint32_t)(to - from);
  void *counts = b->counts;
  size_t cap = b->cap;
  if (!mem_grow(&counts, &cap, need, sizeof *b->counts)) return false;
  b->counts = counts;
  b->cap = (uint32_t)cap;
  uint32_t shift = b->used ? (uint32_t)(b->lowest - from) : 0;
  if (b->used) memmove(b->counts + shift, b->counts, b->used * sizeof *b->counts);
  memset(b->counts, 0, shift * sizeof *b->counts);
  memset(b->counts + shift + b->used, 0, (need - shift - b->used) * sizeof *b->counts);
  b->lowest = from;
  b->used = need;
  return true;
}

static Err count_in(FlowBuckets *b, double magnitude) {
  int32_t index = (int32_t)ceil(log(magnitude) / log_gamma());
  if (!make_room(b, index)) return ERR_MEMORY;
  b->counts[index - b->lowest]++;
  return ERR_OK;
}

Err flow_summary_add(FlowSummary *s, double value) {
  if (!isfinite(value)) {
    s->missing++;
    return ERR_OK;
  }
  if (fabs(value) < FLOW_SKETCH_ZERO) s->zeros++;
  else TRY(count_in(value < 0 ? &s->negative : &s->positive, fabs(value)));
  s->count++;
  double difference = value - s->mean;
  s->mean += difference / (double)s->count;
  s->m2 += difference * (value - s->mean);
  if (value < s->least) s->least = value;
  if (value > s->most) s->most = value;
  return ERR_OK;
}

/* The middle of a bucket in the sense of the relative error: 2 g^i / (g + 1). */
static double bucket_value(int32_t index) {
  double gamma = (1 + FLOW_SKETCH_ERROR) / (1 - FLOW_SKETCH_ERROR);
  return 2 * exp(index * log_gamma()) / (gamma + 1);
}

static double at_rank(const FlowSummary *s, uint64_t rank) {
  uint64_t seen = 0;
  for (uint32_t i = s->negative.used; i > 0; i--) {
    seen += s->negative.counts[i - 1];
    if (seen > rank) return -bucket_value(s->negative.lowest + (int32_t)(i - 1));
  }
  seen += s->zeros;
  if (seen > rank) return 0;
  for (uint32_t i = 0; i < s->positive.used; i++) {
    seen += s->positive.counts[i];
    if (seen > rank) return bucket_value(s->positive.lowest + (int32_t)i);
  }
  return s->most;
}

double flow_summary_quantile(const FlowSummary *s, double p) {
  if (s->count == 0 || !(p >= 0 && p <= 1)) return NAN;
  if (p <= 0) return s->least;
  if (p >= 1) return s->most;
  double value = at_rank(s, (uint64_t)floor(p * (double)(s->count - 1)));
  return value < s->least ? s->least : value > s->most ? s->most : value;
}

double flow_summary_deviation(const FlowSummary *s) {
  return s->count < 2 ? NAN : sqrt(s->m2 / (double)(s->count - 1));
}

size_t flow_summary_bytes(const FlowSummary *s) {
  return ((size_t)s->negative.cap + s->positive.cap) * sizeof(uint32_t);
}
