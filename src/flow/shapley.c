/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/shapley.h"

#include <math.h>

#include "base/mem.h"
#include "flow/design.h"

struct FlowShapley {
  size_t switches, cells, pairs;  /* pairs 0: exact */
  uint64_t seed;
  double weight[FLOW_SHAPLEY_EXACT];  /* of a set with that many members, the asked switch not among them */
  double *sum;       /* cells x switches: exact: the values; sampled: sum over pairs of the pair's mean */
  double *sum2;      /* sampled: sum of squares */
  double *pair;      /* sampled: cells x switches: marginals of the pair under way */
  double *before;    /* sampled: cells: value of the step before */
  double *off, *on;  /* cells */
};

void flow_shapley_free(FlowShapley *s) {
  if (!s) return;
  mem_free(s->sum);
  mem_free(s->sum2);
  mem_free(s->pair);
  mem_free(s->before);
  mem_free(s->off);
  mem_free(s->on);
  mem_free(s);
}

/* |S|! (n - |S| - 1)! / n! */
static void set_weights(FlowShapley *s) {
  for (size_t size = 0; size < s->switches; size++) {
    double weight = 1.0 / (double)s->switches;
    for (size_t i = 1; i <= size; i++) weight *= (double)i / (double)(s->switches - i);
    s->weight[size] = weight;
  }
}

Err flow_shapley_new(FlowShapley **out, size_t switches, size_t cells, size_t pairs, uint64_t seed, ErrInfo *info) {
  *out = NULL;
  if (switches == 0 || switches > FLOW_SHAPLEY_SWITCHES)
    return err_set(info, ERR_LIMIT, "%zu switches; expected 1 to %d", switches, FLOW_SHAPLEY_SWITCHES);
  FlowShapley *s = mem_alloc0(1, sizeof *s);
  if (!s) return err_set(info, ERR_MEMORY, "out of memory");
  s->switches = switches;
  s->cells = cells;
  s->seed = seed;
  s->pairs = switches <= FLOW_SHAPLEY_EXACT ? 0 : pairs < 2 ? 2 : pairs;
  if (!s->pairs) set_weights(s);
  s->sum = mem_alloc0(cells * switches, sizeof(double));
  s->sum2 = mem_alloc0(cells * switches, sizeof(double));
  s->pair = mem_alloc0(cells * switches, sizeof(double));
  s->before = mem_alloc0(cells, sizeof(double));
  s->off = mem_alloc0(cells, sizeof(double));
  s->on = mem_alloc0(cells, sizeof(double));
  if (!s->sum || !s->sum2 || !s->pair || !s->before || !s->off || !s->on) {
    flow_shapley_free(s);
    return err_set(info, ERR_MEMORY, "out of memory for %zu outputs and %zu switches", cells, switches);
  }
  *out = s;
  return ERR_OK;
}

bool flow_shapley_exact(const FlowShapley *s) { return s->pairs == 0; }

size_t flow_shapley_members(const FlowShapley *s) {
  return s->pairs ? 2 * s->pairs * (s->switches + 1) : (size_t)1 << s->switches;
}

/* The place, 0 first, at which a switch is turned on in an order; odd orders are the reverse of the even before. */
static size_t place_in(const FlowShapley *s, size_t order, size_t which) {
  size_t place = (size_t)flow_permute(s->seed, (uint32_t)(order / 2), s->switches, which);
  return order % 2 ? s->switches - 1 - place : place;
}

bool flow_shapley_on(const FlowShapley *s, size_t member, size_t which) {
  if (!s->pairs) return member >> which & 1;
  return place_in(s, member / (s->switches + 1), which) < member % (s->switches + 1);
}

static void add_exact(FlowShapley *s, size_t cell, size_t set, double value) {
  size_t size = (size_t)__builtin_popcountll(set), all = ((size_t)1 << s->switches) - 1;
  if (set == 0) s->off[cell] = value;
  if (set == all) s->on[cell] = value;
  for (size_t i = 0; i < s->switches; i++)
    s->sum[cell * s->switches + i] += set >> i & 1 ? s->weight[size - 1] * value : -s->weight[size] * value;
}

/* The end of an order: a pair is complete after its second. */
static void end_pair(FlowShapley *s, size_t cell) {
  for (size_t i = 0; i < s->switches; i++) {
    size_t at = cell * s->switches + i;
    double mean = s->pair[at] / 2;
    s->sum[at] += mean;
    s->sum2[at] += mean * mean;
    s->pair[at] = 0;
  }
}

static void add_sampled(FlowShapley *s, size_t cell, size_t member, double value) {
  size_t order = member / (s->switches + 1), step = member % (s->switches + 1);
  if (step == 0) {
    s->off[cell] = value;
  } else {
    for (size_t i = 0; i < s->switches; i++)
      if (place_in(s, order, i) == step - 1) s->pair[cell * s->switches + i] += value - s->before[cell];
  }
  s->before[cell] = value;
  if (step < s->switches) return;
  s->on[cell] = value;
  if (order % 2) end_pair(s, cell);
}

void flow_shapley_add(FlowShapley *s, size_t cell, size_t member, double value) {
  if (s->pairs) add_sampled(s, cell, member, value);
  else add_exact(s, cell, member, value);
}

FlowContribution flow_shapley_value(const FlowShapley *s, size_t cell, size_t which) {
  double sum = s->sum[cell * s->switches + which];
  if (!isfinite(sum)) return (FlowContribution){NAN, NAN};
  if (!s->pairs) return (FlowContribution){sum, 0};
  double n = (double)s->pairs, mean = sum / n;
  double spread = s->sum2[cell * s->switches + which] / n - mean * mean;
  return (FlowContribution){mean, sqrt(fmax(0, spread) / (n - 1))};
}

void flow_shapley_ends(const FlowShapley *s, size_t cell, double *off, double *on) {
  *off = s->off[cell];
  *on = s->on[cell];
}
