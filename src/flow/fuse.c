/* SPDX-License-Identifier: EUPL-1.2 */
/* Loops over the same number of elements are joined, so that what one makes is used by the next while it is still in the
 * L1 cache; a value that nothing else needs never reaches memory. A reader may also look back (the next age takes what left
 * the one before it): then a ring of the last elements is kept. Loops are placed from the last to the first, each as
 * late as its readers allow: what is used at the end is then computed there. */
#include <string.h>

#include "flow/lower.h"

#define GROUP_TEMPS_MAX 12   /* of 2 KiB each: with what they read and write that fills the L1 cache */
#define GROUP_OPS_MAX 96
#define GROUPS_LOOKED_AT 64

typedef struct Item { Loop *loop; struct Item *next; } Item;   /* in the order of execution */

typedef struct Group {
  uint32_t n, ops, inner, cross;   /* inner: temporaries within loops; cross: between loops */
  Item *first;
  struct Group *next;              /* executed after this one */
  uint32_t rank;                   /* rises towards the front: the first group made is 0 and runs last */
} Group;

/* Who reads a run of slots that one loop writes. */
typedef struct Region {
  uint32_t base, n;
  bool kept;             /* read by something else than aligned operands of this list */
  Group *latest;         /* the earliest-running group with a reader; NULL while there is none */
  bool unaligned;        /* that group reads it in another way than element by element or looking back */
  bool back;             /* that group also looks back, at most */
  uint32_t lag;          /* this many elements */
} Region;

/* How an operand reads a region: element by element, an element before it (`lag` back), or otherwise. */
typedef enum Look { LOOK_ALIGNED, LOOK_BACK, LOOK_FREE } Look;

typedef struct Fuse {
  Comp *c;
  Region *regions;
  uint32_t region_count, region_cap;
  uint32_t *of_slot;     /* slot -> 1 + region */
  Group *front;
  uint32_t groups;
} Fuse;

static bool reduces(const Op *op, uint32_t in) {
  if (op->code == OP_RANK) return in > 0;
  return op->code == OP_RSUM || op->code == OP_RMEAN || op->code == OP_RSTDDEV || op->code == OP_RPROD ||
         op->code == OP_RMIN || op->code == OP_RMAX;
}

/* An operand with everything that is needed to say which slots it reads. */
typedef void (*OnRead)(Fuse *f, Region *region, Look look, uint32_t lag, Group *group);

static void reads(Fuse *f, const Loop *loop, const Op *op, uint32_t in, const Opnd *o, OnRead on, Group *group) {
  if (o->kind == K_NONE || o->kind == K_TEMP) return;
  bool array = reduces(op, in);
  size_t count = o->kind == K_ONE ? 1 : (size_t)loop->n * (array ? op->n : 1);
  for (size_t i = 0; i < count; i++) {
    uint32_t slot = o->kind == K_TABLE ? o->idx[i] : o->off + (uint32_t)i, at = f->of_slot[slot];
    if (!at) continue;
    Region *r = &f->regions[at - 1];
    uint32_t place = slot - r->base;
    if (array || loop->n != r->n) on(f, r, LOOK_FREE, 0, group);
    else if (o->kind == K_RUN && o->off == r->base) { on(f, r, LOOK_ALIGNED, 0, group); return; }
    else if (o->kind == K_TABLE && place <= i) on(f, r, LOOK_BACK, (uint32_t)i - place, group);
    else on(f, r, LOOK_FREE, 0, group);
  }
}

static void all_reads(Fuse *f, const Loop *loop, OnRead on, Group *group) {
  for (uint32_t k = 0; k < loop->op_count; k++) {
    const Op *op = &loop->ops[k];
    if (op->code == OP_SUMS)
      for (uint32_t t = 0; t < sums_operands(op); t++) reads(f, loop, op, 0, &op->more[t], on, group);
    else
      for (uint32_t i = 0; i < op->nin; i++) reads(f, loop, op, i, &op->in[i], on, group);
  }
}

/* Reads any slot it likes. */
static bool wild(const Loop *loop) {
  for (uint32_t k = 0; k < loop->op_count; k++)
    if (loop->ops[k].code == OP_DYNLOAD || loop->ops[k].code == OP_CONVEYOR || loop->ops[k].code == OP_DELAY ||
        loop->ops[k].code == OP_SLAT) return true;
  return false;
}

static Region *region_of(Fuse *f, const Loop *loop) {
  const Opnd *dst = &loop->ops[loop->op_count - 1].dst;
  if (dst->kind != K_RUN || !f->of_slot[dst->off]) return NULL;
  Region *r = &f->regions[f->of_slot[dst->off] - 1];
  return r->base == dst->off && r->n == loop->n ? r : NULL;
}

static void keep_slots(Fuse *f, uint32_t base, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (f->of_slot[base + i]) f->regions[f->of_slot[base + i] - 1].kept = true;
}

static void on_keep(Fuse *f, Region *r, Look look, uint32_t lag, Group *group) {
  (void)f; (void)look; (void)lag; (void)group;
  r->kept = true;
}

/* What else than this list wants to find in memory. */
static void keep_all(Fuse *f, const LoopList *other) {
  const FlowProgram *p = f->c->program;
  for (size_t i = 0; i < p->column_count; i++) keep_slots(f, p->columns[i].slot, 1);
  for (uint32_t i = 0; i < p->stock_count; i++) {
    keep_slots(f, p->stocks[i].base, p->stocks[i].count);
    keep_slots(f, p->stocks[i].dbase, p->stocks[i].count);
  }
  for (uint32_t i = 0; i < p->prev_count; i++) keep_slots(f, p->prevs[i].source, p->prevs[i].count);
  for (uint32_t i = 0; i < p->hist_count; i++) keep_slots(f, p->hists[i].source, p->hists[i].count);
  for (uint32_t i = 0; i < p->balance_count; i++)
    for (uint32_t k = 0; k < p->balances[i].flow_count; k++)
      keep_slots(f, p->balances[i].flows[k], p->balances[i].count);
  for (uint32_t i = 0; i < p->conv_count; i++) {
    const ConvRun *c = &p->convs[i];
    keep_slots(f, c->dbase, c->count);
    keep_slots(f, c->len, c->count);
    if (c->sample != UINT32_MAX) keep_slots(f, c->sample, c->count);
    if (c->arrest != UINT32_MAX) keep_slots(f, c->arrest, c->count);
    for (uint32_t k = 0; k < c->leak_count; k++) keep_slots(f, c->leaks[k].fraction, c->count);
    for (uint32_t k = 0; k < c->list_count; k++) keep_slots(f, c->list[k], c->count);
  }
  for (uint32_t i = 0; other && i < other->count; i++) all_reads(f, other->items[i], on_keep, NULL);
}

static Err find_regions(Fuse *f, const LoopList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    const Loop *loop = list->items[i];
    const Opnd *dst = &loop->ops[loop->op_count - 1].dst;
    if (dst->kind == K_TABLE) {       /* scattered: its variable is never a region */
      for (uint32_t e = 0; e < loop->n; e++) {
        uint32_t at = f->of_slot[dst->idx[e]];
        if (at) f->regions[at - 1].kept = true;
      }
      continue;
    }
    if (!GROW(f->c, f->regions, f->region_count, f->region_cap)) return comp_memory(f->c);
    f->regions[f->region_count++] = (Region){.base = dst->off, .n = loop->n};
    for (uint32_t e = 0; e < loop->n; e++) f->of_slot[dst->off + e] = f->region_count;
  }
  return ERR_OK;
}

static void on_read(Fuse *f, Region *r, Look look, uint32_t lag, Group *group) {
  (void)f;
  if (look == LOOK_FREE) r->kept = true;
  if (r->latest && group->rank < r->latest->rank) { r->kept = true; return; }
  if (r->latest != group) {
    if (r->latest) r->kept = true;          /* readers in two groups: through memory */
    r->latest = group;
    r->unaligned = r->back = false;
    r->lag = 0;
  }
  r->unaligned |= look == LOOK_FREE;
  r->back |= look == LOOK_BACK;
  if (lag > r->lag) r->lag = lag;
}

/* The group that runs last among those before all readers; NULL: a new one in front. */
static Group *place(Fuse *f, const Loop *loop, const Region *r, bool alone) {
  uint32_t least = r && r->latest ? r->latest->rank : 0, looked = 0;
  Group *best = NULL;
  if (alone) return NULL;
  for (Group *g = f->front; g && looked < GROUPS_LOOKED_AT; g = g->next, looked++) {
    if (g->rank < least) break;
    if (r && r->latest == g && r->unaligned) break;
    if (g->n == loop->n && g->ops + loop->op_count <= GROUP_OPS_MAX && g->cross + 1 + g->inner <= GROUP_TEMPS_MAX &&
        g->cross + 1 + loop->temps <= GROUP_TEMPS_MAX) best = g;
  }
  return best;
}

static Err put(Fuse *f, Loop *loop, bool alone) {
  Region *r = region_of(f, loop);
  Item *item = ARENA_NEW(f->c->arena, Item);
  Group *g = place(f, loop, r, alone);
  if (!item) return comp_memory(f->c);
  if (!g) {
    g = ARENA_NEW(f->c->arena, Group);
    if (!g) return comp_memory(f->c);
    *g = (Group){.n = loop->n, .next = f->front, .rank = ++f->groups};
    f->front = g;
    if (alone) g->ops = GROUP_OPS_MAX;
  }
  *item = (Item){loop, g->first};
  g->first = item;
  g->ops += loop->op_count;
  if (loop->temps > g->inner) g->inner = loop->temps;
  if (r && r->latest == g && !r->unaligned && !r->back && !r->kept) g->cross++;
  all_reads(f, loop, on_read, g);
  return ERR_OK;
}

/* Operands of the operations from ops[at] on that read the region read `to` instead, and tables that have its slots get
 * those of the ring. */
static Err redirect(Comp *c, Loop *loop, uint32_t at, const Region *r, Opnd to) {
  for (uint32_t k = at; k < loop->op_count; k++) {
    Op *op = &loop->ops[k];
    for (uint32_t q = 0; q < (op->code == OP_SUMS ? sums_operands(op) : op->nin); q++) {
      Opnd *o = op->code == OP_SUMS ? (Opnd *)(uintptr_t)&op->more[q] : &op->in[q];
      if (o->kind == K_RUN && o->off == r->base) { *o = to; continue; }
      if (o->kind != K_TABLE || to.kind != K_RING || reduces(op, q)) continue;
      uint32_t *idx = ARENA_ARRAY(c->arena, uint32_t, loop->n);
      if (!idx) return comp_memory(c);
      for (uint32_t e = 0; e < loop->n; e++)
        idx[e] = o->idx[e] - r->base < r->n ? to.off + (o->idx[e] - r->base) % RING_ELEMENTS : o->idx[e];
      o->idx = idx;
    }
  }
  return ERR_OK;
}

static Err ring(Comp *c, uint32_t number, Opnd *out) {
  FlowProgram *p = c->program;
  if (number == p->ring_count) TRY(slots_new(c, RING_ELEMENTS, &p->rings[p->ring_count++]));
  *out = (Opnd){K_RING, p->rings[number], NULL};
  return ERR_OK;
}

/* What only this group reads stays in a temporary or, when it looks back, in a ring. */
static Err keep_near(Fuse *f, const Group *g, Loop *loop) {
  uint32_t at = 0, cross = 0, rings = 0;
  for (const Item *i = g->first; i; i = i->next) {
    Region *r = region_of(f, i->loop);
    at += i->loop->op_count;
    if (!r || r->kept || r->unaligned || r->latest != g) continue;
    Opnd to = {K_TEMP, g->inner + cross, NULL};
    if (r->back) {
      if (r->lag > RING_LAG_MAX || r->n < 2 * RING_ELEMENTS || rings == RINGS_MAX) continue;
      TRY(ring(f->c, rings++, &to));
      loop->rings = true;
    } else {
      cross++;
    }
    loop->ops[at - 1].dst = to;
    TRY(redirect(f->c, loop, at, r, to));
  }
  loop->temps = g->inner + cross;
  return ERR_OK;
}

static Err merge(Fuse *f, const Group *g, Loop **out) {
  Comp *c = f->c;
  Loop *loop = ARENA_NEW(c->arena, Loop);
  uint32_t total = 0;
  for (const Item *i = g->first; i; i = i->next) total += i->loop->op_count;
  Op *ops = ARENA_ARRAY(c->arena, Op, total + 1);
  if (!loop || !ops) return comp_memory(c);
  *loop = (Loop){.n = g->n, .ops = ops, .varying = true};
  for (const Item *i = g->first; i; i = i->next) {
    memcpy(ops + loop->op_count, i->loop->ops, i->loop->op_count * sizeof *ops);
    for (uint32_t k = loop->op_count; k < loop->op_count + i->loop->op_count; k++) {
      if (ops[k].code != OP_SUMS) continue;
      Opnd *more = ARENA_ARRAY(c->arena, Opnd, sums_operands(&ops[k]));
      if (!more) return comp_memory(c);
      memcpy(more, ops[k].more, sums_operands(&ops[k]) * sizeof *more);
      ops[k].more = more;
    }
    loop->op_count += i->loop->op_count;
  }
  *out = loop;
  return keep_near(f, g, loop);
}

static Err fuse(Comp *c, LoopList *list, const LoopList *other) {
  Fuse f = {.c = c, .of_slot = ARENA_ARRAY(c->arena, uint32_t, c->program->slots)};
  bool whole = true;
  if (!f.of_slot) return comp_memory(c);
  for (uint32_t i = 0; i < list->count; i++) whole &= !wild(list->items[i]) && list->items[i]->op_count > 0;
  if (!whole) return ERR_OK;      /* rare; such programs run as they are */
  TRY(find_regions(&f, list));
  keep_all(&f, other);
  for (uint32_t i = list->count; i-- > 0;) {
    Loop *loop = list->items[i];
    bool scatters = loop->ops[loop->op_count - 1].code == OP_SCATTER;
    TRY(put(&f, loop, scatters));
  }
  list->count = 0;
  for (const Group *g = f.front; g; g = g->next) TRY(merge(&f, g, &list->items[list->count++]));
  return ERR_OK;
}

/* Sums of plain terms become one operation. */
static Err sums(Comp *c, LoopList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    Loop *loop = list->items[i];
    uint32_t n = loop->op_count, plus = 1;
    if (n < 2 || n > 30) continue;
    bool fits = true;
    for (uint32_t k = 0; k < n && fits; k++) {
      const Op *op = &loop->ops[k];
      fits = (op->code == OP_ADD || op->code == OP_SUB) && op->in[1].kind != K_TEMP &&
             (k == 0 ? op->in[0].kind != K_TEMP : op->in[0].kind == K_TEMP && op->in[0].off == 0) &&
             (k + 1 == n || (op->dst.kind == K_TEMP && op->dst.off == 0)) && !(op->code == OP_ADD && plus < k + 1);
      if (fits && op->code == OP_ADD) plus = k + 2;
    }
    if (!fits) continue;
    Opnd *more = ARENA_ARRAY(c->arena, Opnd, n + 1);
    Op *op = ARENA_NEW(c->arena, Op);
    Loop *made = ARENA_NEW(c->arena, Loop);
    if (!more || !op || !made) return comp_memory(c);
    more[0] = loop->ops[0].in[0];
    for (uint32_t k = 0; k < n; k++) more[k + 1] = loop->ops[k].in[1];
    *op = (Op){.code = OP_SUMS, .dst = loop->ops[n - 1].dst, .n = n + 1, .n2 = plus, .more = more};
    *made = *loop;
    made->ops = op;
    made->op_count = 1;
    made->temps = 0;
    list->items[i] = made;
  }
  return ERR_OK;
}

/* ---- stocks that are moved on in place ---- */

static StockRun *stock_of(FlowProgram *p, const Opnd *dst, uint32_t n) {
  for (uint32_t i = 0; dst->kind == K_RUN && i < p->stock_count; i++)
    if (p->stocks[i].dbase == dst->off && p->stocks[i].count == n) return &p->stocks[i];
  return NULL;
}

/* Nothing but derivatives of whole stocks comes out of it. */
static bool only_derivatives(FlowProgram *p, const Loop *loop) {
  for (uint32_t k = 0; k < loop->op_count; k++)
    if (loop->ops[k].dst.kind != K_TEMP && loop->ops[k].dst.kind != K_RING && !stock_of(p, &loop->ops[k].dst, loop->n)) return false;
  return true;
}

static bool meets(const Opnd *o, uint32_t n, const StockRun *s, bool aligned_ok) {
  if (o->kind == K_NONE || o->kind == K_TEMP || o->kind == K_RING) return false;
  if (o->kind == K_RUN && aligned_ok && o->off == s->base && n == s->count) return false;
  size_t count = o->kind == K_ONE ? 1 : n;
  for (size_t i = 0; i < count; i++) {
    uint32_t slot = o->kind == K_TABLE ? o->idx[i] : o->off + (uint32_t)i;
    if (slot - s->base < s->count) return true;
  }
  return false;
}

/* Whether the loop reads the stock; with aligned_ok, otherwise than element by element. */
static bool reads_stock(const Loop *loop, const StockRun *s, bool aligned_ok) {
  for (uint32_t k = 0; k < loop->op_count; k++) {
    const Op *op = &loop->ops[k];
    for (uint32_t q = 0; op->code == OP_SUMS && q < sums_operands(op); q++)
      if (meets(&op->more[q], loop->n, s, aligned_ok)) return true;
    for (uint32_t q = 0; op->code != OP_SUMS && q < op->nin; q++) {
      bool array = reduces(op, q);
      if (meets(&op->in[q], array ? loop->n * op->n : loop->n, s, aligned_ok && !array)) return true;
    }
  }
  return false;
}

/* stock + dt * derivative at the end of the loop that makes the derivative, while both are in the cache. */
static Err move_on(Comp *c, Loop *loop, const Loop *const *later, uint32_t later_count) {
  FlowProgram *p = c->program;
  uint32_t count = loop->op_count, dt;
  Op *ops = ARENA_ARRAY(c->arena, Op, 2 * (size_t)count);
  if (!ops) return comp_memory(c);
  memcpy(ops, loop->ops, count * sizeof *ops);
  loop->ops = ops;
  TRY(const_slot(c, p->dt, &dt));
  for (uint32_t k = 0; k < count; k++) {
    StockRun *s = ops[k].dst.kind == K_TEMP ? NULL : stock_of(p, &ops[k].dst, loop->n);
    if (!s || loop->temps >= GROUP_TEMPS_MAX || reads_stock(loop, s, true)) continue;
    bool read_later = false;
    for (uint32_t i = 0; i < later_count; i++) read_later |= reads_stock(later[i], s, false);
    if (read_later) continue;
    Opnd state = {K_RUN, s->base, NULL}, change = {K_TEMP, loop->temps, NULL};
    s->in_place = true;
    if (ops[k].code == OP_SUMS && k + 1 == loop->op_count) {     /* in the very operation */
      Opnd *more = ARENA_ARRAY(c->arena, Opnd, (size_t)ops[k].n + 2);
      if (!more) return comp_memory(c);
      memcpy(more, ops[k].more, ops[k].n * sizeof *more);
      more[ops[k].n] = state;
      more[ops[k].n + 1] = (Opnd){K_ONE, dt, NULL};
      ops[k].more = more;
      ops[k].nin = 1;
      ops[k].dst = state;
      continue;
    }
    loop->temps++;
    ops[k].dst = change;
    ops[loop->op_count++] = (Op){.code = OP_MADD, .nin = 3, .dst = state, .in = {state, change, {K_ONE, dt, NULL}}};
  }
  return ERR_OK;
}

static Err advance_in_place(Comp *c) {
  FlowProgram *p = c->program;
  uint32_t kept = 0;
  if (p->method != FLOW_EULER || p->balance_count || p->conv_count) return ERR_OK;
  for (uint32_t i = 0; i < p->step.count; i++) {
    Loop *loop = p->step.items[i];
    if (!only_derivatives(p, loop)) { p->step.items[kept++] = loop; continue; }
    if (!GROW(c, p->advance.items, p->advance.count, p->advance.cap)) return comp_memory(c);
    p->advance.items[p->advance.count++] = loop;
  }
  p->step.count = kept;
  for (uint32_t i = 0; i < p->advance.count; i++)
    if (wild(p->advance.items[i])) return ERR_OK;
  for (uint32_t i = 0; i < p->advance.count; i++) {
    Loop *copy = ARENA_NEW(c->arena, Loop);
    if (!copy) return comp_memory(c);
    *copy = *p->advance.items[i];
    p->advance.items[i] = copy;
    TRY(move_on(c, copy, (const Loop *const *)&p->advance.items[i + 1], p->advance.count - i - 1));
  }
  return ERR_OK;
}

Err comp_fuse(Comp *c) {
  FlowProgram *p = c->program;
  TRY(sums(c, &p->step));
  TRY(fuse(c, &p->step, &p->output));
  TRY(fuse(c, &p->output, NULL));
  return advance_in_place(c);
}
