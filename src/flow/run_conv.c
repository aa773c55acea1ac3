/* SPDX-License-Identifier: EUPL-1.2 */
/* Conveyors. A belt is a row of slats, one per DT of travel; place 0 is the exit. Each step every slat loses its leaks,
 * the exit slat leaves, all move on, and what flowed in during the step is laid down at the depth of the transit time.
 * The rules follow XMILE 3.7.2 and 4.2.1; where the standard is silent (order within a step, the profile of the initial
 * contents) the behaviour is that which the makers of Stella describe for traditional conveyors. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "flow/run.h"

struct ConvState {
  double *belt;           /* slats * (1 + 2 * leaks): contents, then per leak the amount per DT and what is left of it */
  size_t length, cap;     /* slats in use and allocated */
  double transit;         /* last sampled */
  double *carry;          /* per leak that leaks whole units only */
  double leaving;         /* volume at the exit in this step */
  double *taken;          /* scratch of this step: per slat, after leaks */
  bool arrested;
};

static size_t fields(const ConvRun *c) { return 1 + 2 * (size_t)c->leak_count; }

bool conv_alloc(Machine *m) {
  const FlowProgram *p = m->p;
  m->convs = mem_alloc0(p->conv_count + 1, sizeof *m->convs);
  if (!m->convs) return false;
  for (uint32_t i = 0; i < p->conv_count; i++) {
    size_t count = (size_t)p->convs[i].count * m->width;
    if (!(m->convs[i] = mem_alloc0(count, sizeof **m->convs))) return false;
    for (size_t k = 0; k < count; k++)
      if (!(m->convs[i][k].carry = mem_alloc0(p->convs[i].leak_count + 1, sizeof(double)))) return false;
  }
  return true;
}

void conv_free(Machine *m) {
  for (uint32_t i = 0; m->convs && i < m->p->conv_count; i++) {
    size_t count = (size_t)m->p->convs[i].count * m->width;
    for (size_t k = 0; m->convs[i] && k < count; k++) {
      mem_free(m->convs[i][k].belt);
      mem_free(m->convs[i][k].carry);
      mem_free(m->convs[i][k].taken);
    }
    mem_free(m->convs[i]);
  }
  mem_free(m->convs);
  m->convs = NULL;
}

/* Room for `slats`; new ones are empty. */
static bool lengthen(Machine *m, const ConvRun *c, ConvState *s, size_t slats) {
  if (slats > s->cap) {
    size_t cap = slats + slats / 4 + 4, bytes = cap * fields(c) * sizeof(double);
    m->used += bytes - s->cap * fields(c) * sizeof(double);
    double *belt = m->used <= m->limit ? mem_realloc(s->belt, bytes) : NULL;
    if (belt) s->belt = belt;
    double *taken = belt ? mem_realloc(s->taken, cap * sizeof *taken) : NULL;
    if (!taken) { m->out_of_memory = true; return false; }
    s->taken = taken;
    s->cap = cap;
  }
  if (slats > s->length) {
    memset(s->belt + s->length * fields(c), 0, (slats - s->length) * fields(c) * sizeof(double));
    s->length = slats;
  }
  return true;
}

static double slot(const Machine *m, uint32_t base, uint32_t e, unsigned l) {
  return m->slots[(size_t)(base + e) * m->width + l];
}

/* Slats of a belt; one whose transit time is not a number has a single slat, one that is too long stops the run. */
static size_t depth_of(Machine *m, const ConvRun *c, double transit) {
  double slats = floor(transit / m->p->dt + 0.5);
  if (slats > CONV_SLATS_MAX) m->too_long = c;
  return slats >= 1 && slats <= CONV_SLATS_MAX ? (size_t)slats : 1;
}

/* Whether slat i (0 is the exit) of a belt of `length` lies in the zone, measured from the side of the inflow. */
static bool in_zone(const LeakRun *leak, size_t i, size_t length) {
  double place = 1 - ((double)i + 0.5) / (double)length;
  return leak->start <= place && place <= leak->end;
}

static double fraction(const Machine *m, const ConvRun *c, uint32_t k, uint32_t e, unsigned l) {
  double f = slot(m, c->leaks[k].fraction, e, l);
  if (!(f > 0)) return 0;
  return !c->exponential && f > 1 ? 1 : f;
}

static void lay_down(const Machine *m, const ConvRun *c, ConvState *s, size_t at, double volume, uint32_t e, unsigned l) {
  double *slat = s->belt + at * fields(c);
  slat[0] += volume;
  for (uint32_t k = 0; k < c->leak_count && !c->exponential; k++) {
    size_t zone = 0;
    for (size_t i = 0; i <= at; i++) zone += in_zone(&c->leaks[k], i, s->length);
    if (!zone) continue;
    double total = fraction(m, c, k, e, l) * volume;
    slat[1 + 2 * k] += total / (double)zone;
    slat[2 + 2 * k] += total;
  }
}

/* What one leak takes from one slat in this step. */
static double leak_of(const Machine *m, const ConvRun *c, const double *slat, double left, uint32_t k, double f) {
  double amount;
  if (c->exponential) amount = left * f * m->p->dt;
  else amount = slat[1 + 2 * k] < slat[2 + 2 * k] ? slat[1 + 2 * k] : slat[2 + 2 * k];
  return amount < left ? amount : left;
}

/* The unit of time in which slat i leaves. */
static size_t unit_of(const Machine *m, size_t i) { return (size_t)floor((double)i * m->p->dt + 1e-9); }

/* Contents given in parts: as many as there are slats are one for each slat; otherwise one for each unit of time, spread
 * over its slats, the last repeated and what is too much left out. The leaks of a slat are those of what came so far. */
static void fill_list(const Machine *m, const ConvRun *c, ConvState *s, uint32_t e, unsigned l) {
  size_t n = s->length, count = c->list_count;
  for (size_t i = 0, next = 0, slats = 1; i < n; i++) {
    double wanted;
    if (count == n) {
      wanted = slot(m, c->list[i], e, l);
    } else {
      size_t unit = unit_of(m, i);
      if (i == next) {
        while (next < n && unit_of(m, next) == unit) next++;
        slats = next - i;
      }
      wanted = slot(m, c->list[unit < count ? unit : count - 1], e, l) / (double)slats;
    }
    double *slat = s->belt + i * fields(c), scale = slat[0] > 0 ? wanted / slat[0] : 0;
    for (size_t k = 0; k < fields(c); k++) slat[k] *= scale;
  }
}

/* A discrete conveyor holds at the start what came in at the start of each unit of time: it lies on the slat that leaves
 * first in its unit. */
static void gather_units(const Machine *m, const ConvRun *c, ConvState *s) {
  for (size_t i = 1, first = 0; i < s->length; i++) {
    if (unit_of(m, i) != unit_of(m, first)) { first = i; continue; }
    for (size_t k = 0; k < fields(c); k++) {
      s->belt[first * fields(c) + k] += s->belt[i * fields(c) + k];
      s->belt[i * fields(c) + k] = 0;
    }
  }
}

/* The initial contents lie as they would after a long constant inflow: evenly without leaks. */
static void fill(Machine *m, const ConvRun *c, ConvState *s, uint32_t e, unsigned l) {
  double contents = slot(m, c->base, e, l);
  s->length = 0;
  s->transit = slot(m, c->len, e, l);
  s->leaving = 0;
  s->arrested = false;
  memset(s->carry, 0, c->leak_count * sizeof(double));
  size_t n = depth_of(m, c, s->transit);
  if (!lengthen(m, c, s, n)) return;
  memset(s->belt, 0, s->length * fields(c) * sizeof(double));
  double total = 0;
  for (size_t i = n; i-- > 0;) {
    double *slat = s->belt + i * fields(c), *older = i + 1 < n ? slat + fields(c) : NULL;
    if (!older) {
      lay_down(m, c, s, i, 1, e, l);
    } else {
      memcpy(slat, older, fields(c) * sizeof *slat);
      for (uint32_t k = 0; k < c->leak_count; k++) {
        if (!in_zone(&c->leaks[k], i + 1, n)) continue;
        double amount = leak_of(m, c, older, slat[0], k, fraction(m, c, k, e, l));
        slat[0] -= amount;
        slat[2 + 2 * k] -= amount;
      }
    }
    total += slat[0];
  }
  double scale = total > 0 ? contents / total : 0;
  if (c->list_count) {
    fill_list(m, c, s, e, l);
  } else {
    for (size_t i = 0; i < n * fields(c); i++) s->belt[i] *= scale;
  }
  if (c->discrete) gather_units(m, c, s);
  if (!c->list_count) return;
  total = 0;
  for (size_t i = 0; i < n; i++) total += s->belt[i * fields(c)];
  m->slots[(size_t)(c->base + e) * m->width + l] = total;
}

static void leak_whole(const ConvRun *c, ConvState *s, uint32_t k, double wanted, double *taken) {
  s->carry[k] += wanted;
  double units = floor(s->carry[k] + 1e-9), left = units;
  for (size_t i = 0; i < s->length && left > 0; i++) {
    if (!in_zone(&c->leaks[k], i, s->length)) continue;
    double amount = s->taken[i] < left ? s->taken[i] : left;
    s->taken[i] -= amount;
    left -= amount;
  }
  *taken = units - left;
  s->carry[k] -= *taken;
}

/* Outflows of this step, from the belt as it stands; the belt itself moves in conv_advance. */
static void outflows(Machine *m, const ConvRun *c, ConvState *s, uint32_t e, unsigned l) {
  double dt = m->p->dt;
  s->arrested = c->arrest != UINT32_MAX && slot(m, c->arrest, e, l) != 0;
  double sample = c->sample == UINT32_MAX ? 1 : slot(m, c->sample, e, l);
  double transit = slot(m, c->len, e, l);
  if (!s->arrested && sample != 0 && isfinite(transit)) s->transit = transit;
  for (size_t i = 0; i < s->length; i++) s->taken[i] = s->belt[i * fields(c)];
  for (uint32_t k = 0; k < c->leak_count; k++) {
    double f = fraction(m, c, k, e, l), sum = 0;
    for (size_t i = 0; i < s->length && !s->arrested; i++) {
      if (!in_zone(&c->leaks[k], i, s->length)) continue;
      double amount = leak_of(m, c, s->belt + i * fields(c), s->taken[i], k, f);
      sum += amount;
      s->belt[i * fields(c) + 2 + 2 * k] -= c->exponential ? 0 : amount;
      if (!c->leaks[k].integers) s->taken[i] -= amount;
    }
    if (c->leaks[k].integers && !s->arrested) leak_whole(c, s, k, sum, &sum);
    m->slots[(size_t)(c->leaks[k].flow + e) * m->width + l] = sum / dt;
  }
  s->leaving = s->arrested || !s->length ? 0 : s->taken[0];
  m->slots[(size_t)(c->exit + e) * m->width + l] = s->leaving / dt;
}

void conv_op(Machine *m, uint32_t index, uint32_t mode) {
  const ConvRun *c = &m->p->convs[index];
  if (mode == 1 && !m->first_stage) return;     /* what leaves is fixed for the whole step */
  for (uint32_t e = 0; e < c->count; e++)
    for (unsigned l = 0; l < m->width; l++) {
      ConvState *s = &m->convs[index][(size_t)e * m->width + l];
      if (mode == 0) fill(m, c, s, e, l);
      else outflows(m, c, s, e, l);
    }
}

static void advance(Machine *m, const ConvRun *c, ConvState *s, uint32_t e, unsigned l) {
  if (!s->arrested) {
    size_t n = s->length;
    for (size_t i = 0; i < n; i++) s->belt[i * fields(c)] = s->taken[i];
    if (n) {
      memmove(s->belt, s->belt + fields(c), (n - 1) * fields(c) * sizeof(double));
      s->length = n - 1;
      while (s->length && s->belt[(s->length - 1) * fields(c)] == 0) s->length--;
    }
    size_t depth = depth_of(m, c, s->transit);
    if (!lengthen(m, c, s, depth)) return;
    lay_down(m, c, s, depth - 1, slot(m, c->dbase, e, l) * m->p->dt, e, l);
  }
  double total = 0;
  for (size_t i = 0; i < s->length; i++) total += s->belt[i * fields(c)];
  m->slots[(size_t)(c->base + e) * m->width + l] = total;
}

double conv_slats(const Machine *m, uint32_t index, uint32_t element, unsigned member, int what, double which) {
  const ConvRun *c = &m->p->convs[index];
  const ConvState *s = &m->convs[index][(size_t)element * m->width + member];
  size_t n = s->length;
  if (what == OP_COPY) return (double)n;
  if (what == OP_SLAT) {
    double place = floor(which + 0.5);
    return place >= 1 && place <= (double)n ? s->belt[((size_t)place - 1) * fields(c)] : 0;
  }
  double sum = 0, product = 1, low = n ? s->belt[0] : 0, high = low;
  for (size_t i = 0; i < n; i++) {
    double x = s->belt[i * fields(c)];
    sum += x;
    product *= x;
    low = x < low ? x : low;
    high = x > high ? x : high;
  }
  if (what == OP_RMEAN) return n ? sum / (double)n : 0;
  if (what != OP_RSTDDEV) return what == OP_RPROD ? product : what == OP_RMIN ? low : what == OP_RMAX ? high : sum;
  double mean = n ? sum / (double)n : 0, square = 0;
  for (size_t i = 0; i < n; i++) square += (s->belt[i * fields(c)] - mean) * (s->belt[i * fields(c)] - mean);
  return n > 1 ? sqrt(square / (double)(n - 1)) : 0;
}

void conv_advance(Machine *m) {
  for (uint32_t i = 0; i < m->p->conv_count; i++) {
    const ConvRun *c = &m->p->convs[i];
    for (uint32_t e = 0; e < c->count; e++)
      for (unsigned l = 0; l < m->width; l++) advance(m, c, &m->convs[i][(size_t)e * m->width + l], e, l);
  }
}
