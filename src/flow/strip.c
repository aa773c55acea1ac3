/* SPDX-License-Identifier: EUPL-1.2 */
/* Operations to strips. A temporary that is read once is not stored: its operation waits as a tree and becomes part of
 * its reader, unless something it reads is written in between. */
#include "flow/strip.h"

#define OPS_MAX 512       /* longer loops are left to the kernels: looking ahead costs the square */
#define SPILLS_MAX 8      /* temporaries that trees may need besides those of the loop */

typedef struct Tree {
  const Op *op;           /* NULL: a leaf */
  Opnd leaf;
  struct Tree **in;
  uint32_t nin;
} Tree;

typedef struct Plan {
  Arena *arena;
  const Loop *loop;
  Tree **waiting;         /* per temporary */
  StripIns *out;
  uint32_t count, cap, vector;
  uint32_t spills;        /* most in use at once */
  bool failed;            /* out of memory, or more than SPILLS_MAX */
} Plan;

static bool is_one(int code) {
  switch (code) {
#define OP1(NAME, expr) case OP_##NAME:
#define OP2(NAME, expr)
#define OP3(NAME, expr)
#define LIB1(NAME, expr)
#define LIB2(NAME, expr)
#define OPX(NAME)
#include "flow/ops.def"
#undef OP1
#undef OP2
      return true;
    default: return false;
  }
}

static bool is_two(int code) {
  switch (code) {
#define OP1(NAME, expr)
#define OP2(NAME, expr) case OP_##NAME:
#include "flow/ops.def"
#undef OP1
#undef OP2
#undef OP3
#undef LIB1
#undef LIB2
#undef OPX
      return true;
    default: return false;
  }
}

static bool in_registers(const Op *op) {
  return is_one(op->code) || is_two(op->code) || op->code == OP_MADD || op->code == OP_MSUB || op->code == OP_SELECT ||
         (op->code == OP_SUMS && op->n2 > 0);
}

static uint32_t operand_count(const Op *op) { return op->code == OP_SUMS ? sums_operands(op) : op->nin; }
static const Opnd *operand(const Op *op, uint32_t i) { return op->code == OP_SUMS ? &op->more[i] : &op->in[i]; }

/* ---- writing instructions ---- */

static StripIns *add(Plan *p, StripWhat what, int code, const Opnd *a, const Opnd *b) {
  static StripIns nowhere;
  if (p->count == p->cap) {
    uint32_t cap = p->cap ? 2 * p->cap : 16;
    StripIns *more = ARENA_ARRAY(p->arena, StripIns, cap);
    if (!more) { p->failed = true; return &nowhere; }
    for (uint32_t i = 0; i < p->count; i++) more[i] = p->out[i];
    p->out = more;
    p->cap = cap;
  }
  static const Opnd none = {K_NONE, 0, NULL};
  p->out[p->count] = (StripIns){(uint16_t)what, (uint16_t)code, a ? *a : none, b ? *b : none, NULL, 0, 0};
  p->vector += what != S_CALL && what != S_STORE;
  return &p->out[p->count++];
}

static int kind_of(const Opnd *o) { return o->kind == K_TABLE ? S_TABLE : o->kind == K_ONE ? S_SAME : S_ROW; }

/* Factors may change places: the product is the same. The table of instructions has them in one order only. */
static void add_product(Plan *p, StripWhat what, const Tree *product) {
  const Opnd *a = &product->in[0]->leaf, *b = &product->in[1]->leaf;
  bool turn = kind_of(a) > kind_of(b);
  add(p, what, OP_MUL, turn ? b : a, turn ? a : b);
}

static bool is_leaf(const Tree *n) { return !n->op; }
static bool is_product(const Tree *n) { return n->op && n->op->code == OP_MUL && is_leaf(n->in[0]) && is_leaf(n->in[1]); }

static void emit(Plan *p, Tree *n, uint32_t top);

static void spill(Plan *p, Tree *n, uint32_t *top) {
  Opnd to = {K_TEMP, p->loop->temps + *top, NULL};
  emit(p, n, *top);
  add(p, S_STORE, 0, &to, NULL);
  if (++*top > p->spills) p->spills = *top;
  if (*top > SPILLS_MAX) p->failed = true;
  *n = (Tree){.leaf = to};
}

static void settle(Plan *p, Tree *n, uint32_t *top) {
  if (!is_leaf(n)) spill(p, n, top);
}

static void settle_plain(Plan *p, Tree *n, uint32_t *top, int most) {
  if (!is_leaf(n) || kind_of(&n->leaf) > most) spill(p, n, top);
}

static void emit_sums(Plan *p, Tree *n, uint32_t top) {
  const Op *op = n->op;
  for (uint32_t t = 1; t < op->n; t++)
    if (!is_product(n->in[t])) settle(p, n->in[t], &top);
  if (op->nin) {
    settle_plain(p, n->in[op->n], &top, S_ROW);
    settle_plain(p, n->in[op->n + 1], &top, S_SAME);
  }
  emit(p, n->in[0], top);
  for (uint32_t t = 1; t < op->n; t++) {
    bool plus = t < op->n2;
    if (is_product(n->in[t])) add_product(p, plus ? S_ADDMUL : S_SUBMUL, n->in[t]);
    else add(p, S_TWO, plus ? OP_ADD : OP_SUB, &n->in[t]->leaf, NULL);
  }
  if (op->nin) add(p, S_MOVE, 0, &n->in[op->n]->leaf, &n->in[op->n + 1]->leaf);
}

static void emit_three(Plan *p, Tree *n, uint32_t top) {
  Tree **in = n->in;
  if (n->op->code == OP_SELECT) {
    settle_plain(p, in[1], &top, S_SAME);
    settle_plain(p, in[2], &top, S_SAME);
    emit(p, in[0], top);
    add(p, S_SELECT, 0, &in[1]->leaf, &in[2]->leaf);
  } else if (n->op->code == OP_MADD && !is_leaf(in[1])) {
    settle_plain(p, in[0], &top, S_ROW);
    settle_plain(p, in[2], &top, S_SAME);
    emit(p, in[1], top);
    add(p, S_MOVE, 0, &in[0]->leaf, &in[2]->leaf);
  } else {
    Tree product = {.op = n->op, .in = in + 1, .nin = 2};
    settle(p, in[1], &top);
    settle(p, in[2], &top);
    emit(p, in[0], top);
    add_product(p, n->op->code == OP_MADD ? S_ADDMUL : S_SUBMUL, &product);
  }
}

static void emit_two(Plan *p, Tree *n, uint32_t top) {
  Tree *x = n->in[0], *y = n->in[1];
  int code = n->op->code;
  if (is_product(n)) { add_product(p, S_LOADMUL, n); return; }
  if ((code == OP_ADD || code == OP_SUB) && is_product(y)) {
    emit(p, x, top);
    add_product(p, code == OP_ADD ? S_ADDMUL : S_SUBMUL, y);
    return;
  }
  if (is_leaf(x) && !is_leaf(y)) {
    emit(p, y, top);
    add(p, S_TURNED, code, &x->leaf, NULL);
    return;
  }
  settle(p, y, &top);
  emit(p, x, top);
  add(p, S_TWO, code, &y->leaf, NULL);
}

/* The value of the tree to the accumulator. Spilled parts become leaves. */
static void emit(Plan *p, Tree *n, uint32_t top) {
  if (p->failed) return;
  if (is_leaf(n)) { add(p, S_LOAD, 0, &n->leaf, NULL); return; }
  if (n->op->code == OP_SUMS) { emit_sums(p, n, top); return; }
  if (n->nin == 3) { emit_three(p, n, top); return; }
  if (n->nin == 2) { emit_two(p, n, top); return; }
  emit(p, n->in[0], top);
  add(p, S_ONE, n->op->code, NULL, NULL);
}

/* ---- what waits ---- */

static bool overlap(const Opnd *from, const Opnd *to, uint32_t n) {
  if (from->kind == K_TEMP || to->kind == K_TEMP) return from->kind == to->kind && from->off == to->off;
  if (to->kind == K_TABLE) return true;
  if (from->kind == K_RING) return to->kind == K_RING && from->off == to->off;
  uint32_t written = to->kind == K_RING ? RING_ELEMENTS : n;
  if (from->kind == K_RUN) return from->off < to->off + written && to->off < from->off + n;
  if (from->kind == K_ONE) return from->off - to->off < written;
  for (uint32_t e = 0; from->kind == K_TABLE && e < n; e++)
    if (from->idx[e] - to->off < written) return true;
  return false;
}

static bool reads(const Tree *n, const Opnd *to, uint32_t count) {
  if (is_leaf(n)) return overlap(&n->leaf, to, count);
  for (uint32_t i = 0; i < n->nin; i++)
    if (reads(n->in[i], to, count)) return true;
  return false;
}

static void materialise(Plan *p, uint32_t temp) {
  Opnd to = {K_TEMP, temp, NULL};
  emit(p, p->waiting[temp], 0);
  add(p, S_STORE, 0, &to, NULL);
  p->waiting[temp] = NULL;
}

/* Before `to` is written: what waits and reads it. */
static void flush(Plan *p, const Opnd *to) {
  for (uint32_t t = 0; t < p->loop->temps; t++)
    if (p->waiting[t] && reads(p->waiting[t], to, p->loop->n)) materialise(p, t);
}

/* How often the result of operation k is read before its temporary is written anew. */
static uint32_t uses(const Loop *loop, uint32_t k) {
  const uint32_t temp = loop->ops[k].dst.off;
  uint32_t count = 0;
  for (uint32_t i = k + 1; i < loop->op_count; i++) {
    const Op *op = &loop->ops[i];
    for (uint32_t q = 0; q < operand_count(op); q++)
      count += operand(op, q)->kind == K_TEMP && operand(op, q)->off == temp;
    if (op->dst.kind == K_TEMP && op->dst.off == temp) break;
  }
  return count;
}

static Tree *take(Plan *p, const Op *op) {
  uint32_t n = operand_count(op);
  Tree *node = ARENA_NEW(p->arena, Tree), *leaves = ARENA_ARRAY(p->arena, Tree, n + 1);
  Tree **in = ARENA_ARRAY(p->arena, Tree *, n + 1);
  if (!node || !leaves || !in) { p->failed = true; return NULL; }
  *node = (Tree){.op = op, .in = in, .nin = n};
  for (uint32_t i = 0; i < n; i++) {
    const Opnd *o = operand(op, i);
    Tree *tree = o->kind == K_TEMP ? p->waiting[o->off] : NULL;
    if (tree) { in[i] = tree; p->waiting[o->off] = NULL; continue; }
    leaves[i] = (Tree){.leaf = *o};
    in[i] = &leaves[i];
  }
  return node;
}

static void call(Plan *p, const Op *op) {
  for (uint32_t i = 0; i < operand_count(op); i++) {
    const Opnd *o = operand(op, i);
    if (o->kind == K_TEMP && p->waiting[o->off]) materialise(p, o->off);
  }
  flush(p, &op->dst);
  if (op->dst.kind == K_TEMP) p->waiting[op->dst.off] = NULL;
  add(p, S_CALL, op->code, NULL, NULL)->op = op;
}

static void plan_op(Plan *p, uint32_t k) {
  const Op *op = &p->loop->ops[k];
  if (!in_registers(op)) { call(p, op); return; }
  bool temp = op->dst.kind == K_TEMP;
  uint32_t readers = temp ? uses(p->loop, k) : 0;
  if (temp && !readers) return;
  Tree *node = take(p, op);
  if (!node) return;
  if (op->code == OP_COPY) node = node->in[0];
  flush(p, &op->dst);
  if (temp && readers == 1) { p->waiting[op->dst.off] = node; return; }
  if (temp) p->waiting[op->dst.off] = NULL;
  emit(p, node, 0);
  add(p, S_STORE, 0, &op->dst, NULL);
}

/* Operations that read what they like are not looked through. */
static bool plain(const Loop *loop) {
  for (uint32_t k = 0; k < loop->op_count; k++) {
    int code = loop->ops[k].code;
    if (code == OP_DYNLOAD || code == OP_CONVEYOR || code == OP_DELAY) return false;
  }
  return loop->op_count <= OPS_MAX;
}

/* A table up to whole strips: what is beyond the loop reads what its last element reads. */
static bool fill_up(const Plan *p, Opnd *o) {
  uint32_t n = p->loop->n, whole = (n + STRIP_ELEMENTS_MAX - 1) / STRIP_ELEMENTS_MAX * STRIP_ELEMENTS_MAX;
  if (o->kind != K_TABLE || whole == n) return true;
  uint32_t *idx = ARENA_ARRAY(p->arena, uint32_t, whole);
  if (!idx) return false;
  for (uint32_t e = 0; e < whole; e++) idx[e] = o->idx[e < n ? e : n - 1];
  o->idx = idx;
  return true;
}

bool strip_plan(Arena *arena, Loop *loop) {
  if (!plain(loop)) return true;
  Plan p = {.arena = arena, .loop = loop, .waiting = ARENA_ARRAY(arena, Tree *, (size_t)loop->temps + 1)};
  if (!p.waiting) return false;
  for (uint32_t k = 0; k < loop->op_count && !p.failed; k++) plan_op(&p, k);
  add(&p, S_END, 0, NULL, NULL);
  if (p.failed) return p.spills > SPILLS_MAX;
  if (p.vector < 2 || p.count > STRIP_INS_MAX) return true;          /* only calls and END, or too much */
  for (uint32_t k = 0; k < p.count; k++)
    if (!fill_up(&p, &p.out[k].a) || !fill_up(&p, &p.out[k].b)) return false;
  loop->strip = p.out;
  loop->strip_count = p.count;
  loop->temps += p.spills;
  return true;
}

/* ---- tables of what never changes ---- */

static void mark(bool *moves, uint32_t base, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) moves[base + i] = true;
}

static void mark_list(bool *moves, const LoopList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    const Loop *loop = list->items[i];
    for (uint32_t k = 0; k < loop->op_count; k++) {
      const Opnd *dst = &loop->ops[k].dst;
      if (dst->kind == K_RUN) mark(moves, dst->off, loop->n);
      for (uint32_t e = 0; dst->kind == K_TABLE && e < loop->n; e++) moves[dst->idx[e]] = true;
    }
  }
}

static void mark_all(const FlowProgram *p, bool *moves) {
  mark(moves, 0, SLOTS_RESERVED);
  for (uint32_t i = 0; i < p->stock_count; i++) mark(moves, p->stocks[i].base, p->stocks[i].count);
  for (uint32_t i = 0; i < p->prev_count; i++) {
    mark(moves, p->prevs[i].base, p->prevs[i].count);
    mark(moves, p->prevs[i].shadow, p->prevs[i].count);
  }
  for (uint32_t i = 0; i < p->ring_count; i++) mark(moves, p->rings[i], RING_ELEMENTS);
  mark_list(moves, &p->step);
  mark_list(moves, &p->output);
  mark_list(moves, &p->advance);
}

static bool add_row(FlowProgram *p, const bool *moves, const Opnd *o, uint32_t n, uint32_t *row) {
  uint32_t whole = (n + STRIP_ELEMENTS_MAX - 1) / STRIP_ELEMENTS_MAX * STRIP_ELEMENTS_MAX;
  if (o->kind != K_TABLE || p->row_total + whole > STRIP_ROWS_MAX) return true;
  for (uint32_t e = 0; e < n; e++)
    if (moves[o->idx[e]]) return true;
  if (p->row_count == p->row_cap) {
    uint32_t cap = p->row_cap ? 2 * p->row_cap : 16;
    StripRow *more = ARENA_ARRAY(&p->arena, StripRow, cap);
    if (!more) return false;
    for (uint32_t i = 0; i < p->row_count; i++) more[i] = p->rows_out[i];
    p->rows_out = more;
    p->row_cap = cap;
  }
  p->rows_out[p->row_count] = (StripRow){o->idx, n, p->row_total};
  p->row_total += whole;
  *row = ++p->row_count;
  return true;
}

bool strip_rows(FlowProgram *p) {
  const LoopList *lists[] = {&p->step, &p->output, &p->advance};
  bool *moves = ARENA_ARRAY(&p->arena, bool, p->slots);
  if (!moves) return false;
  if (p->conv_count) return true;      /* conveyors write where they like */
  mark_all(p, moves);
  for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
    for (uint32_t i = 0; i < lists[l]->count; i++)
      for (uint32_t k = 0; k < lists[l]->items[i]->strip_count; k++) {
        StripIns *s = &lists[l]->items[i]->strip[k];
        if (!add_row(p, moves, &s->a, lists[l]->items[i]->n, &s->row_a)) return false;
        if (!add_row(p, moves, &s->b, lists[l]->items[i]->n, &s->row_b)) return false;
      }
  return true;
}
