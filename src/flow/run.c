/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Parts of one block of memory, each at a multiple of 64 bytes. */
static size_t part_of(size_t *total, size_t bytes) {
  size_t at = *total;
  *total += (bytes + 63) / 64 * 64;
  return at;
}

static size_t state_count(const FlowProgram *p) {
  size_t n = 0;
  for (uint32_t i = 0; i < p->stock_count; i++) n += p->stocks[i].count;
  for (uint32_t i = 0; i < p->conv_count; i++) n += p->convs[i].count;
  return n;
}

static size_t balance_count(const FlowProgram *p) {
  size_t n = 0;
  for (uint32_t i = 0; i < p->balance_count; i++) n += p->balances[i].count;
  return n;
}

static bool alloc_hist(Machine *m, size_t *used) {
  const FlowProgram *p = m->p;
  if (!(m->hist = mem_alloc0(p->hist_count + 1, sizeof *m->hist))) return false;
  for (uint32_t i = 0; i < p->hist_count; i++) {
    size_t bytes = (p->steps + 1) * p->hists[i].count * m->width * sizeof(double);
    *used += bytes;
    if (*used > m->limit || !(m->hist[i] = mem_alloc(bytes))) return false;
  }
  return true;
}

Err machine_init(Machine *m, const FlowProgram *p, unsigned width, const KernelSet *set, ErrInfo *info) {
  *m = (Machine){.p = p, .set = set, .width = width, .wi = width == 8 ? 2 : width == 4 ? 1 : 0,
                 .limit = p->model->limits.memory_bytes};
  size_t w = width * sizeof(double), total = 0, states = state_count(p);
  bool rk = p->method != FLOW_EULER;
  size_t slots = part_of(&total, p->slots * w + STRIP_ELEMENTS_MAX * sizeof(double));   /* the last strip may read further */
  size_t temps = part_of(&total, (size_t)p->max_temps * TEMP_DOUBLES * sizeof(double));
  size_t s0 = part_of(&total, rk ? states * w : 0), k = part_of(&total, rk ? states * w : 0);
  size_t before = part_of(&total, balance_count(p) * w), moved = part_of(&total, balance_count(p) * w);
  size_t ins = part_of(&total, p->strip_total * sizeof(Ins));
  size_t rows = part_of(&total, (width == 1 ? p->row_total : 0) * sizeof(double));
  bool ok = total + 64 <= m->limit && (m->block = mem_alloc0(1, total + 64)) != NULL;
  if (ok) {
    char *at = (char *)(((uintptr_t)m->block + 63) & ~(uintptr_t)63);
    m->slots = (double *)(void *)(at + slots);
    m->temps = (double *)(void *)(at + temps);
    m->s0 = (double *)(void *)(at + s0);
    m->k = (double *)(void *)(at + k);
    m->before = (double *)(void *)(at + before);
    m->moved = (double *)(void *)(at + moved);
    m->ins = (Ins *)(void *)(at + ins);
    m->rows = (double *)(void *)(at + rows);
    strips_resolve(m);
  }
  size_t used = total;
  ok = ok && alloc_hist(m, &used) && conv_alloc(m);
  m->used = used;
  if (ok) return ERR_OK;
  machine_clear(m);
  return err_set(info, ERR_MEMORY, "out of memory, or over the memory limit, for a run of %u members", width);
}

void machine_clear(Machine *m) {
  conv_free(m);
  for (uint32_t i = 0; m->hist && i < m->p->hist_count; i++) mem_free(m->hist[i]);
  mem_free(m->hist);
  mem_free(m->block);
  m->hist = NULL;
  m->block = NULL;
}

/* ---- executing ---- */

static void argument(const Machine *m, const Opnd *o, uint32_t t0, uint32_t per, Arg *a) {
  size_t w = m->width;
  *a = (Arg){m->slots, w, NULL};
  switch (o->kind) {
    case K_RUN: a->p = m->slots + ((size_t)o->off + (size_t)t0 * per) * w; break;
    case K_ONE: a->p = m->slots + (size_t)o->off * w; a->stride = 0; break;
    case K_TABLE: a->idx = o->idx + (size_t)t0 * per; break;
    case K_RING: a->p = m->slots + ((size_t)o->off + t0 % RING_ELEMENTS) * w; break;
    case K_TEMP: a->p = m->temps + (size_t)o->off * TEMP_DOUBLES; break;
    case K_NONE: break;
  }
}

static bool reduces(int code) {
  return code == OP_RSUM || code == OP_RMEAN || code == OP_RSTDDEV || code == OP_RPROD || code == OP_RMIN ||
         code == OP_RMAX || code == OP_RANK;
}

#define TERMS_MAX 72

void machine_op(Machine *m, const Op *op, uint32_t t0, uint32_t n) {
  Arg args[TERMS_MAX];
  double *d = op->dst.kind == K_TEMP ? m->temps + (size_t)op->dst.off * TEMP_DOUBLES
              : m->slots + ((size_t)op->dst.off + (op->dst.kind == K_RING ? t0 % RING_ELEMENTS : t0)) * m->width;
  if (op->code == OP_SUMS) {
    for (uint32_t i = 0; i < sums_operands(op); i++) argument(m, &op->more[i], t0, 1, &args[i]);
  } else {
    bool array = reduces(op->code);
    for (uint32_t i = 0; i < op->nin; i++)
      argument(m, &op->in[i], t0, array && !(op->code == OP_RANK && i == 0) ? op->n : 1, &args[i]);
  }
  Kernel kernel = m->set->k[op->code][m->wi];
  if (kernel) kernel(d, args, n, op);
  else run_special(m, op, d, args, t0, n);
}

static void run_loops(Machine *m, const LoopList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    const Loop *loop = list->items[i];
    uint32_t tile = TILE_DOUBLES / m->width;
    if (loop->rings && tile > RING_TILE) tile = RING_TILE;
    if (strips_run(m, loop)) continue;
    for (uint32_t t0 = 0; t0 < loop->n; t0 += tile) {
      uint32_t n = loop->n - t0 < tile ? loop->n - t0 : tile;
      for (uint32_t k = 0; k < loop->op_count; k++) machine_op(m, &loop->ops[k], t0, n);
    }
  }
}

static void set_time(Machine *m, uint32_t slot, double t) {
  for (unsigned l = 0; l < m->width; l++) m->slots[(size_t)slot * m->width + l] = t;
}

static void start(Machine *m, const double *set) {
  const FlowProgram *p = m->p;
  memset(m->slots, 0, (size_t)p->slots * m->width * sizeof(double));
  for (uint32_t i = 0; i < p->const_count; i++) set_time(m, p->consts[i].slot, p->consts[i].value);
  set_time(m, SLOT_TIME, p->start);
  set_time(m, SLOT_STEP_TIME, p->start);
  for (uint32_t i = 0; i < p->input_count; i++)
    for (unsigned l = 0; l < m->width; l++)
      m->slots[(size_t)p->inputs[i].slot * m->width + l] = set ? set[l * p->set_count + p->inputs[i].input] : 0;
  m->step = 0;
  m->first_stage = true;
  run_loops(m, &p->init);
  strips_write_rows(m);
  for (uint32_t i = 0; i < p->conv_count; i++) conv_op(m, i, 0);   /* asking for outflows has touched the belts */
}

static void keep_row(const Machine *m, size_t row, double *out) {
  const FlowProgram *p = m->p;
  double *to = out + row * p->column_count * m->width;
  for (size_t c = 0; c < p->column_count; c++, to += m->width)
    memcpy(to, m->slots + (size_t)p->columns[c].slot * m->width, m->width * sizeof *to);
}

static void copy_slots(Machine *m, uint32_t to, uint32_t from, uint32_t count) {
  memcpy(m->slots + (size_t)to * m->width, m->slots + (size_t)from * m->width, (size_t)count * m->width * sizeof(double));
}

/* What the next step will need of this one, as it is at the step's beginning. */
static void remember(Machine *m) {
  const FlowProgram *p = m->p;
  for (uint32_t i = 0; i < p->prev_count; i++) copy_slots(m, p->prevs[i].shadow, p->prevs[i].source, p->prevs[i].count);
  for (uint32_t i = 0; i < p->hist_count; i++) {
    size_t n = (size_t)p->hists[i].count * m->width;
    memcpy(m->hist[i] + m->step * n, m->slots + (size_t)p->hists[i].source * m->width, n * sizeof(double));
  }
}

/* ---- conservation ---- */

/* Adds weight * (inflows - outflows), as they stand in the flows themselves. */
static void add_flows(Machine *m, double weight) {
  const FlowProgram *p = m->p;
  double *moved = m->moved;
  for (uint32_t i = 0; i < p->balance_count; i++) {
    const Balance *b = &p->balances[i];
    size_t n = (size_t)b->count * m->width;
    for (uint32_t f = 0; f < b->flow_count; f++) {
      const double *flow = m->slots + (size_t)b->flows[f] * m->width;
      double w = f < b->in_count ? weight : -weight;
      for (size_t k = 0; k < n; k++) moved[k] += w * flow[k];
    }
    moved += n;
  }
}

static void note_contents(Machine *m) {
  double *before = m->before;
  for (uint32_t i = 0; i < m->p->balance_count; i++) {
    const Balance *b = &m->p->balances[i];
    size_t n = (size_t)b->count * m->width;
    memcpy(before, m->slots + (size_t)b->base * m->width, n * sizeof(double));
    before += n;
  }
  memset(m->moved, 0, balance_count(m->p) * m->width * sizeof(double));
}

static Err check_balance(Machine *m, ErrInfo *info) {
  const double *before = m->before, *moved = m->moved;
  for (uint32_t i = 0; i < m->p->balance_count; i++) {
    const Balance *b = &m->p->balances[i];
    for (size_t k = 0; k < (size_t)b->count * m->width; k++, before++, moved++) {
      double now = m->slots[(size_t)b->base * m->width + k], expected = *before + m->p->dt * *moved;
      double scale = fabs(*before) + fabs(now) + fabs(m->p->dt * *moved) + 1e-9;
      if (fabs(now - expected) <= 1e-9 * scale || (!isfinite(now) && !isfinite(expected))) continue;
      return err_set(info, ERR_INPUT, "conservation: \"" STR_FMT "\" is %.17g at time %.17g, its flows make it %.17g",
                     STR_ARG(b->name), now, m->p->start + (double)(m->step + 1) * m->p->dt, expected);
    }
  }
  return ERR_OK;
}

/* ---- one step ---- */

/* For every state: what is 0 copies it to s0; 1 sets it to s0 + a * derivative; 2 adds a * derivative to k (3: sets);
 * 4 sets it to s0 + a * k. The derivative of a conveyor is its inflow, its state only moves on at the end. */
static void combine(Machine *m, int what, double a) {
  const FlowProgram *p = m->p;
  double *s0 = m->s0, *k = m->k;
  for (uint32_t i = 0; i < p->stock_count + p->conv_count; i++) {
    bool conv = i >= p->stock_count;
    uint32_t base = conv ? p->convs[i - p->stock_count].base : p->stocks[i].base;
    uint32_t dbase = conv ? p->convs[i - p->stock_count].dbase : p->stocks[i].dbase;
    size_t n = (size_t)(conv ? p->convs[i - p->stock_count].count : p->stocks[i].count) * m->width;
    double *s = m->slots + (size_t)base * m->width, *d = m->slots + (size_t)dbase * m->width;
    for (size_t e = 0; e < n; e++) {
      switch (what) {
        case 0: s0[e] = s[e]; break;
        case 1: if (!conv) s[e] = s0[e] + a * d[e]; break;
        case 2: k[e] += a * d[e]; break;
        case 3: k[e] = a * d[e]; break;
        default: if (conv) d[e] = k[e] * a / p->dt; else s[e] = s0[e] + a * k[e];
      }
    }
    s0 += n;
    k += n;
  }
}

static void stage(Machine *m, double t) {
  set_time(m, SLOT_TIME, t);
  m->first_stage = false;
  run_loops(m, &m->p->step);
  if (m->p->balance_count) run_loops(m, &m->p->output);
}

static void euler(Machine *m) {
  const FlowProgram *p = m->p;
  const double dt = p->dt;
  run_loops(m, &p->advance);
  for (uint32_t i = 0; i < p->stock_count; i++) {
    if (p->stocks[i].in_place) continue;
    double *s = m->slots + (size_t)p->stocks[i].base * m->width;
    const double *d = m->slots + (size_t)p->stocks[i].dbase * m->width;
    size_t n = (size_t)p->stocks[i].count * m->width;
    for (size_t e = 0; e < n; e++) s[e] += dt * d[e];
  }
}

/* The classical fourth-order method, and Heun's second-order one. The first stage has been computed. */
static void runge_kutta(Machine *m, double t) {
  const double dt = m->p->dt;
  bool fourth = m->p->method == FLOW_RK4, check = m->p->balance_count != 0;
  combine(m, 0, 0);
  combine(m, 3, 1);
  if (check) add_flows(m, fourth ? 1.0 / 6 : 0.5);
  if (fourth) {
    for (int k = 0; k < 2; k++) {
      combine(m, 1, dt / 2);
      stage(m, t + dt / 2);
      combine(m, 2, 2);
      if (check) add_flows(m, 1.0 / 3);
    }
  }
  combine(m, 1, dt);
  stage(m, t + dt);
  combine(m, 2, 1);
  if (check) add_flows(m, fourth ? 1.0 / 6 : 0.5);
  combine(m, 4, fourth ? dt / 6 : dt / 2);
}

static void step_on(Machine *m, double t) {
  if (m->p->balance_count) note_contents(m);
  if (m->p->method == FLOW_EULER) {
    if (m->p->balance_count) add_flows(m, 1);
    euler(m);
  } else {
    runge_kutta(m, t);
  }
  if (m->p->conv_count) conv_advance(m);
  for (uint32_t i = 0; i < m->p->prev_count; i++)
    copy_slots(m, m->p->prevs[i].base, m->p->prevs[i].shadow, m->p->prevs[i].count);
}

static Err belts_fit(const Machine *m, ErrInfo *info) {
  if (m->out_of_memory) return err_set(info, ERR_MEMORY, "out of memory for the belts of conveyors");
  if (m->too_long)
    return err_set(info, ERR_LIMIT, "conveyor \"" STR_FMT "\": its transit time is longer than %u steps of DT",
                   STR_ARG(m->too_long->name), CONV_SLATS_MAX);
  return ERR_OK;
}

Err machine_run(Machine *m, const BlockRun *run, ErrInfo *info) {
  const FlowProgram *p = m->p;
  const FlowControl *control = run->control;
  start(m, run->set);
  for (size_t i = 0;; i++) {
    double t = p->start + (double)i * p->dt;
    m->step = i;
    m->first_stage = true;
    set_time(m, SLOT_TIME, t);
    set_time(m, SLOT_STEP_TIME, t);
    TRY(belts_fit(m, info));
    run_loops(m, &p->step);
    bool kept = i % p->every == 0;
    if (kept || p->balance_count) run_loops(m, &p->output);
    if (kept) keep_row(m, i / p->every, run->out);
    if (i == p->steps) break;
    remember(m);
    step_on(m, t);
    if (p->balance_count) TRY(check_balance(m, info));
    if (control && control->cancelled && control->cancelled(control->context))
      return err_set(info, ERR_CANCELLED, "stopped at time %.17g", t);
    if (run->report_steps && control && control->progress && i % 64 == 0)
      control->progress(control->context, (double)i / (double)p->steps);
  }
  return ERR_OK;
}

/* ---- one run ---- */

struct FlowResult { size_t rows, columns; double *values; };

Err flow_run(FlowResult **out, const FlowProgram *p, const FlowRun *run, ErrInfo *info) {
  ErrInfo own = ERRINFO_INIT;
  if (!info) info = &own;
  *out = NULL;
  Machine m;
  Err err = machine_init(&m, p, 1, kernels_best(), info);
  if (err != ERR_OK) return err;
  FlowResult *r = mem_alloc0(1, sizeof *r);
  size_t values = p->rows * p->column_count;
  bool fits = p->column_count == 0 || values / p->column_count == p->rows;
  if (r && fits && values <= p->model->limits.memory_bytes / sizeof(double))
    r->values = mem_alloc(values * sizeof(double));
  if (!r || !r->values) {
    err = err_set(info, ERR_MEMORY, "out of memory for %zu values", values);
  } else {
    r->rows = p->rows;
    r->columns = p->column_count;
    m.seed = run->seed;
    BlockRun block = {.set = run->set, .out = r->values, .control = run->control, .report_steps = true};
    err = machine_run(&m, &block, info);
  }
  machine_clear(&m);
  if (err != ERR_OK) { flow_result_free(r); return err; }
  *out = r;
  return ERR_OK;
}

void flow_result_free(FlowResult *r) {
  if (!r) return;
  mem_free(r->values);
  mem_free(r);
}

double flow_result_get(const FlowResult *r, size_t row, size_t column) { return r->values[row * r->columns + column]; }
