/* SPDX-License-Identifier: EUPL-1.2 */
/* Operations that are not element by element arithmetic; none of them is where the time goes. */
#include <math.h>
#include <string.h>

#include "flow/run.h"

static double value(const Machine *m, const Arg *a, uint32_t e, unsigned l) {
  return a->idx ? a->p[(size_t)a->idx[e] * m->width + l] : a->p[(size_t)e * a->stride + l];
}

#define FOR_EACH(e, l) for (uint32_t e = 0; e < n; e++) for (unsigned l = 0; l < m->width; l++)
#define OUT(e, l) d[(size_t)(e) * m->width + (l)]

static void scatter(Machine *m, const Op *op, const Arg *a, uint32_t t0, uint32_t n) {
  for (uint32_t e = 0; e < n; e++) {
    double *to = m->slots + (size_t)op->dst.idx[t0 + e] * m->width;
    const double *from = a->idx ? a->p + (size_t)a->idx[e] * m->width : a->p + (size_t)e * a->stride;
    memcpy(to, from, m->width * sizeof *to);
  }
}

static void lookup(Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n) {
  FOR_EACH(e, l) {
    const Gf *gf = op->gf[op->n == 1 ? 0 : t0 + e];
    double x = value(m, a, e, l);
    double place = floor(x + 0.5);
    if (op->code == OP_POINT) OUT(e, l) = place >= 1 && place <= gf->count ? gf->y[(size_t)place - 1] : 0;
    else OUT(e, l) = op->code == OP_LOOKUP ? gf_value(gf, x) : gf_inverse(gf, x);
  }
}

/* magnitude/DT in the step that begins at, or first after, the time of the pulse. */
static void pulse(Machine *m, const Op *op, double *d, const Arg *a, uint32_t n) {
  double dt = m->p->dt;
  FOR_EACH(e, l) {
    double t = m->slots[(size_t)SLOT_STEP_TIME * m->width + l] + dt * 1e-6;
    double first = value(m, &a[1], e, l), interval = op->nin > 2 ? value(m, &a[2], e, l) : 0;
    bool on = t >= first && t - dt < first;
    if (interval > 0 && t >= first) on = t - (first + interval * floor((t - first) / interval)) < dt;
    OUT(e, l) = on ? value(m, &a[0], e, l) / dt : 0;
  }
}

/* The j-th of the elements that result e is made from. */
static double part(const Machine *m, const Arg *a, uint32_t e, uint32_t count, uint32_t j, unsigned l) {
  return value(m, a, e * count + j, l);
}

static double reduce(const Machine *m, const Op *op, const Arg *a, uint32_t e, unsigned l) {
  uint32_t count = op->n;
  double s = op->code == OP_RPROD ? 1 : op->code == OP_RMIN || op->code == OP_RMAX ? part(m, a, e, count, 0, l) : 0;
  for (uint32_t j = 0; j < count; j++) {
    double x = part(m, a, e, count, j, l);
    if (op->code == OP_RPROD) s *= x;
    else if (op->code == OP_RMIN) s = x < s ? x : s;
    else if (op->code == OP_RMAX) s = x > s ? x : s;
    else s += x;
  }
  if (op->code == OP_RMEAN) return s / count;
  if (op->code != OP_RSTDDEV) return s;
  double mean = s / count, square = 0;
  for (uint32_t j = 0; j < count; j++) {
    double x = part(m, a, e, count, j, l) - mean;
    square += x * x;
  }
  return count > 1 ? sqrt(square / (count - 1)) : 0;
}

/* Whether element i stands before j in rising order; ties by the second array, then by place. */
static bool before(const Machine *m, const Op *op, const Arg *a, uint32_t e, uint32_t i, uint32_t j, unsigned l) {
  double x = part(m, &a[1], e, op->n, i, l), y = part(m, &a[1], e, op->n, j, l);
  if (x != y) return x < y;
  if (op->nin > 2) {
    x = part(m, &a[2], e, op->n, i, l);
    y = part(m, &a[2], e, op->n, j, l);
    if (x != y) return x < y;
  }
  return i < j;
}

/* Place (from 1) of the element of rank k; 0 when there is none. */
static double rank(const Machine *m, const Op *op, const Arg *a, uint32_t e, unsigned l) {
  double k = floor(value(m, &a[0], e, l) + 0.5);
  for (uint32_t i = 0; k >= 1 && k <= op->n && i < op->n; i++) {
    uint32_t smaller = 0;
    for (uint32_t j = 0; j < op->n; j++) smaller += j != i && before(m, op, a, e, j, i, l);
    if (smaller + 1 == (uint32_t)k) return i + 1;
  }
  return 0;
}

static void dynamic(Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n) {
  FOR_EACH(e, l) {
    if (op->code == OP_DYNINDEX) {
      double place = floor(value(m, &a[1], e, l) + 0.5), flat = value(m, &a[0], e, l);
      OUT(e, l) = place >= 1 && place <= op->n ? flat + (place - 1) * op->n2 : (double)NAN;
    } else {
      const Opnd *from = &op->in[1];
      uint32_t slot = from->kind == K_TABLE ? from->idx[t0 + e] : from->off + (from->kind == K_RUN ? t0 + e : 0);
      double flat = value(m, &a[0], e, l);
      OUT(e, l) = isnan(flat) ? (op->n ? (double)NAN : 0) : m->slots[(size_t)(slot + (uint32_t)flat) * m->width + l];
    }
  }
}

/* A seed given in the equation fixes the sequence, whatever the run and the member (XMILE 3.5.2). */
static void random_op(Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n) {
  uint32_t step = (uint32_t)m->step;
  FOR_EACH(e, l) {
    uint64_t seed = m->seed;
    uint32_t member = (uint32_t)(m->first_member + l), site = op->n, element = t0 + e;
    if (op->n2) {
      double own = value(m, &a[op->nin - 1], e, l);
      seed = 0x9E3779B97F4A7C15u ^ (own > 0 && own < 1e18 ? (uint64_t)own : 0);
      member = site = 0;
    }
    double x = value(m, &a[0], e, l), y = op->nin > 1 ? value(m, &a[1], e, l) : 0, r;
    DrawKey key = {seed, step, member, site, element};
    switch (op->code) {
      case OP_POISSON: OUT(e, l) = draw_poisson(&key, x); continue;
      case OP_GAMMA: OUT(e, l) = draw_gamma(&key, x, op->nin > 1 ? y : 1); continue;
      case OP_BETA: OUT(e, l) = draw_beta(&key, x, y); continue;
      case OP_BINOMIAL: OUT(e, l) = draw_binomial(&key, x, y); continue;
      default: break;
    }
    double u = draw_uniform(seed, step, member, site, element);
    switch (op->code) {
      case OP_UNIFORM: r = x + (y - x) * u; break;
      case OP_NORMAL: r = x + y * normal_inverse(u); break;
      case OP_EXPRND: r = -x * log(u); break;
      default: {   /* OP_LOGNORMAL: mean and standard deviation are those of the number itself */
        double s2 = log(1 + (y / x) * (y / x));
        r = exp(log(x) - s2 / 2 + sqrt(s2) * normal_inverse(u));
      }
    }
    OUT(e, l) = r;
  }
}

static void delay(Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n) {
  const HistRun *h = &m->p->hists[op->n];
  FOR_EACH(e, l) {
    double lag = floor(value(m, &a[0], e, l) / m->p->dt + 0.5);
    if (!(lag >= 1)) lag = 1;      /* a pipeline is at least one step long */
    OUT(e, l) = lag > (double)m->step
                    ? value(m, &a[1], e, l)
                    : m->hist[op->n][((m->step - (size_t)lag) * h->count + t0 + e) * m->width + l];
  }
}

/* What lies on a slat; or, by n2, what an array function makes of all slats. */
static void slat(const Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n) {
  const Opnd *of = &op->in[1];
  uint32_t base = m->p->convs[op->n].base;
  FOR_EACH(e, l) {
    uint32_t slot = of->kind == K_TABLE ? of->idx[t0 + e] : of->off + (of->kind == K_RUN ? t0 + e : 0);
    OUT(e, l) = conv_slats(m, op->n, slot - base, l, (int)op->n2, value(m, &a[0], e, l));
  }
}

void run_special(Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n) {
  switch (op->code) {
    case OP_SCATTER: scatter(m, op, a, t0, n); break;
    case OP_LOOKUP: case OP_LOOKUPINV: case OP_POINT: lookup(m, op, d, a, t0, n); break;
    case OP_PULSE: pulse(m, op, d, a, n); break;
    case OP_RMEAN: case OP_RSTDDEV: case OP_RPROD: case OP_RMIN: case OP_RMAX:
      FOR_EACH(e, l) OUT(e, l) = reduce(m, op, a, e, l);
      break;
    case OP_RANK: FOR_EACH(e, l) OUT(e, l) = rank(m, op, a, e, l); break;
    case OP_DYNINDEX: case OP_DYNLOAD: dynamic(m, op, d, a, t0, n); break;
    case OP_DELAY: delay(m, op, d, a, t0, n); break;
    case OP_SLAT: slat(m, op, d, a, t0, n); break;
    case OP_CONVEYOR: conv_op(m, op->n, op->n2); break;
    default: random_op(m, op, d, a, t0, n); break;
  }
}
