/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/lower.h"

#include <string.h>

#define ARRAYS_SLOTS_MAX 0x40000000u

bool grow_items(Comp *c, void **items, uint32_t count, uint32_t *cap, size_t size) {
  if (count < *cap) return true;
  uint32_t more = *cap ? *cap * 2 : 8;
  void *grown = arena_grow(c->arena, *items, *cap * size, more * size);
  if (!grown) return false;
  *items = grown;
  *cap = more;
  return true;
}

Err slots_new(Comp *c, uint32_t count, uint32_t *base) {
  if (count > ARRAYS_SLOTS_MAX - c->program->slots)
    return comp_error(c, NULL, ERR_LIMIT, "the model has more values than fit");
  *base = c->program->slots;
  c->program->slots += count;
  return ERR_OK;
}

Err const_slot(Comp *c, double value, uint32_t *slot) {
  FlowProgram *p = c->program;
  /* a short search: what is used twice is used close together */
  for (uint32_t i = p->const_count, k = 0; i-- > 0 && k < 256; k++)
    if (memcmp(&p->consts[i].value, &value, sizeof value) == 0) { *slot = p->consts[i].slot; return ERR_OK; }
  TRY(slots_new(c, 1, slot));
  if (!GROW(c, p->consts, p->const_count, p->const_cap)) return comp_memory(c);
  p->consts[p->const_count++] = (ConstSlot){*slot, value};
  return ERR_OK;
}

Err add_dep(Comp *c, Sym *sym, const uint32_t *elems, uint32_t count) {
  Unit *u = c->unit;
  Dep dep = {sym, elems, count};
  if (c->to_init) {
    if (!elems && u->init_dep_count && u->init_deps[u->init_dep_count - 1].sym == sym) return ERR_OK;
    if (!GROW(c, u->init_deps, u->init_dep_count, u->init_dep_cap)) return comp_memory(c);
    u->init_deps[u->init_dep_count++] = dep;
  } else {
    if (!elems && u->dep_count && u->deps[u->dep_count - 1].sym == sym) return ERR_OK;
    if (!GROW(c, u->deps, u->dep_count, u->dep_cap)) return comp_memory(c);
    u->deps[u->dep_count++] = dep;
  }
  return ERR_OK;
}

static Err add_loop(Comp *c, Loop *loop) {
  Unit *u = c->unit;
  if (c->to_init) {
    if (!GROW(c, u->init, u->init_count, u->init_cap)) return comp_memory(c);
    u->init[u->init_count++] = loop;
  } else {
    if (!GROW(c, u->loops, u->loop_count, u->loop_cap)) return comp_memory(c);
    u->loops[u->loop_count++] = loop;
  }
  return ERR_OK;
}

void build_init(Build *b, Comp *c, Ctx *ctx, bool varying, bool plain) {
  *b = (Build){.c = c, .ctx = ctx, .n = 1, .varying = varying, .plain = plain};
  for (uint32_t a = 0; a < ctx->count; a++) {
    if (ctx->axes[a].bound >= 0) continue;
    b->n *= ctx->axes[a].size;
    if (ctx->axes[a].size > 1) b->free_mask |= 1ull << ctx->axes[a].bit;
  }
}

Op *emit(Build *b, int code, uint32_t nin, const Opnd *in, Opnd *out) {
  if (!GROW(b->c, b->ops, b->count, b->cap)) return NULL;
  uint32_t temp = b->top;
  for (uint32_t i = 0; i < nin; i++)
    if (in[i].kind == K_TEMP && in[i].off < temp) temp = in[i].off;
  Op *op = &b->ops[b->count++];
  *op = (Op){.code = (uint16_t)code, .nin = (uint16_t)nin, .dst = {K_TEMP, temp, NULL}};
  for (uint32_t i = 0; i < nin && i < 3; i++) op->in[i] = in[i];
  b->top = temp + 1;
  if (b->top > b->most) b->most = b->top;
  *out = op->dst;
  return op;
}

Err build_finish(Build *b, Opnd result, uint32_t base) {
  Comp *c = b->c;
  Opnd to = {K_RUN, base, NULL};
  Op *last = b->count ? &b->ops[b->count - 1] : NULL;
  if (last && result.kind == K_TEMP && last->dst.kind == K_TEMP && last->dst.off == result.off) {
    last->dst = to;
  } else {
    Opnd ignored;
    Op *op = emit(b, OP_COPY, 1, &result, &ignored);
    if (!op) return comp_memory(c);
    op->dst = to;
  }
  Loop *loop = ARENA_NEW(c->arena, Loop);
  if (!loop) return comp_memory(c);
  *loop = (Loop){.n = b->n, .op_count = b->count, .ops = b->ops, .temps = b->most, .varying = b->varying,
                 .scalar_site = b->plain && b->n == 1};
  return add_loop(c, loop);
}

/* Notes for every node which axes it depends on and whether it changes; once per equation. */
Err annotate(Comp *c, Ctx *ctx, Node *node) {
  if (node->stamp == c->stamp) return ERR_OK;
  node->axes = 0;
  node->varies = false;
  if (node->kind == N_CALL) {
    TRY(annotate_call(c, ctx, node));
  } else if (node->kind == N_REF || node->kind == N_TRANSPOSE) {
    Sym *sym = node->kind == N_REF ? comp_ref(ctx, node) : NULL;
    if (node->kind == N_TRANSPOSE || sym) {
      TRY(ref_axes(c, ctx, node, &node->axes));
      for (uint16_t i = 0; i < node->sub_count; i++) {
        RefMap map;
        if (node->subs[i].kind != SUB_EXPR) continue;
        TRY(ref_resolve(c, ctx, node, &map));
        if (!map.d[map.sym->implicit + i].dyn) continue;
        TRY(annotate(c, ctx, node->subs[i].a));
        node->axes |= node->subs[i].a->axes;
      }
    } else {
      const Dim *dim = model_dim(c->model, node->name);
      for (uint32_t a = 0; dim && a < ctx->count; a++)
        if (!ctx->axes[a].star && ctx->axes[a].dim == dim && ctx->axes[a].bound < 0) {
          node->axes |= 1ull << ctx->axes[a].bit;
          break;
        }
    }
    node->varies = comp_node_varies(c, node, ctx, 0);
  } else {
    for (uint16_t i = 0; i < node->arg_count; i++) {
      TRY(annotate(c, ctx, node->args[i]));
      node->axes |= node->args[i]->axes;
      node->varies |= node->args[i]->varies;
    }
  }
  node->stamp = c->stamp;
  return ERR_OK;
}

static Err lower_here(Build *b, Node *node, Opnd *out);

Err lower_region(Comp *c, Ctx *ctx, Node *node, bool varying, uint32_t *base) {
  Build inner;
  Opnd result;
  build_init(&inner, c, ctx, varying, false);
  if (inner.n > c->model->limits.elements)
    return comp_error(c, ctx->self, ERR_LIMIT, "an array function runs over more than %zu elements", c->model->limits.elements);
  TRY(lower_here(&inner, node, &result));
  TRY(slots_new(c, inner.n, base));
  return build_finish(&inner, result, *base);
}

Err lower_apart(Build *b, Node *node, Opnd *out) {
  Ctx ctx = *b->ctx;
  RefMap map = {0};
  uint32_t base, stride = 1;
  ctx.count = 0;
  for (uint32_t a = 0; a < b->ctx->count; a++) {
    const Axis *axis = &b->ctx->axes[a];
    if (axis->bound >= 0 || (node->axes >> axis->bit & 1)) ctx.axes[ctx.count++] = *axis;
    if (axis->bound < 0 && (node->axes >> axis->bit & 1))
      map.d[map.n++] = (RefDim){.axis = (int)a};
  }
  TRY(lower_region(b->c, &ctx, node, node->varies, &base));
  for (uint32_t j = map.n; j-- > 0;) { map.d[j].stride = stride; stride *= b->ctx->axes[map.d[j].axis].size; }
  return ref_operand(b, &map, base, out);
}

/* Worth a loop of its own: it needs fewer dimensions, or does not change while the rest does. */
static bool stands_apart(const Build *b, const Node *node) {
  if (b->plain || node->kind == N_NUM || node->kind == N_REF || node->kind == N_TRANSPOSE) return false;
  if (node->kind == N_CALL && node->arg_count == 0) return false;
  return (b->free_mask & ~node->axes) != 0 || (b->varying && !node->varies);
}

Err lower_node(Build *b, Node *node, Opnd *out) {
  return stands_apart(b, node) ? lower_apart(b, node, out) : lower_here(b, node, out);
}

static Err lower_ops(Build *b, Node *node, int code, uint32_t count, Opnd *out) {
  Opnd in[3];
  for (uint32_t i = 0; i < count; i++) TRY(lower_node(b, node->args[i], &in[i]));
  return emit(b, code, count, in, out) ? ERR_OK : comp_memory(b->c);
}

int binop_code(const Comp *c, BinOp op) {
  static const int CODES[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_POW, OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ, OP_NE,
                              OP_AND, OP_OR, OP_SAFEDIV};
  return op == B_MOD && c->model->dialect == DIALECT_VENSIM ? OP_FMOD : CODES[op];
}

static Err lower_here(Build *b, Node *node, Opnd *out) {
  uint32_t slot;
  switch (node->kind) {
    case N_NUM:
      TRY(const_slot(b->c, node->num, &slot));
      *out = (Opnd){K_ONE, slot, NULL};
      return ERR_OK;
    case N_REF: case N_TRANSPOSE: return lower_ref(b, node, out);
    case N_NEG: return lower_ops(b, node, OP_NEG, 1, out);
    case N_NOT: return lower_ops(b, node, OP_NOT, 1, out);
    case N_BIN: return lower_ops(b, node, binop_code(b->c, node->op), 2, out);
    case N_IF: return lower_ops(b, node, OP_SELECT, 3, out);
    case N_CALL: return lower_call(b, node, out);
  }
  return comp_memory(b->c);
}

/* ---- whole equations ---- */

static Err apply_gf(Build *b, Sym *sym, int32_t elem, Opnd *result) {
  if (!sym->gf && !sym->elem_gf) return ERR_OK;
  const Gf **table = ARENA_ARRAY(b->c->arena, const Gf *, b->n);
  if (!table) return comp_memory(b->c);
  bool one = !sym->elem_gf;
  for (uint32_t e = 0; e < b->n; e++) {
    const Gf *own = sym->elem_gf ? sym->elem_gf[elem < 0 ? e : (uint32_t)elem] : NULL;
    table[e] = own ? own : sym->gf;
    if (!table[e])
      return comp_error(b->c, sym, ERR_INPUT, "element %u has no graphical function", (elem < 0 ? e : (uint32_t)elem) + 1);
  }
  Opnd in = *result;
  Op *op = emit(b, OP_LOOKUP, 1, &in, result);
  if (!op) return comp_memory(b->c);
  op->gf = (const Gf *const *)table;
  op->n = one ? 1 : b->n;
  return ERR_OK;
}

static void number_axes(Comp *c, Ctx *ctx) {
  c->stamp++;
  c->next_bit = 0;
  for (uint32_t a = 0; a < ctx->count; a++)
    if (ctx->axes[a].bound < 0) ctx->axes[a].bit = c->next_bit++;
}

static Err lower_equation(Comp *c, Sym *sym, Node *node, int32_t elem, bool init) {
  Ctx ctx;
  Build b;
  Opnd result;
  comp_ctx(&ctx, sym, elem);
  number_axes(c, &ctx);
  TRY(annotate(c, &ctx, node));
  build_init(&b, c, &ctx, !init && comp_varies(c, sym, 0), init || elem >= 0);
  TRY(lower_node(&b, node, &result));
  TRY(apply_gf(&b, sym, elem, &result));
  return build_finish(&b, result, sym->base + (elem < 0 ? 0 : (uint32_t)elem));
}

static Err missing(Comp *c, Sym *sym, int32_t elem) {
  if (elem < 0 || sym->ndims == 0)
    return comp_error(c, sym, ERR_INPUT, "the variable has no equation");
  Ctx ctx;
  comp_ctx(&ctx, sym, elem);
  Str text = S("");
  for (uint32_t i = 0; i < sym->ndims; i++)
    text = arena_printf(c->arena, STR_FMT "%s" STR_FMT, STR_ARG(text), i ? ", " : "",
                        STR_ARG(ctx.axes[i].dim->shown[ctx.axes[i].bound]));
  return comp_error(c, sym, ERR_INPUT, "element [" STR_FMT "] has no equation", STR_ARG(text));
}

static Err lower_value(Comp *c, Sym *sym, int32_t elem, bool init) {
  if (sym->whole_set) return ERR_OK;
  if (elem >= 0) {
    if (sym->set && sym->set[elem]) return ERR_OK;
    Node *node = sym->elem_eqn ? sym->elem_eqn[elem] : sym->eqn;
    return node ? lower_equation(c, sym, node, elem, init) : missing(c, sym, elem);
  }
  if (sym->eqn && !sym->set) return lower_equation(c, sym, sym->eqn, -1, init);
  if (!sym->eqn && !sym->elem_eqn) return missing(c, sym, -1);
  for (uint32_t e = 0; e < sym->count; e++) TRY(lower_value(c, sym, (int32_t)e, init));
  return ERR_OK;
}

/* Inflows minus outflows in one operation when each term is a plain reference. */
static Err lower_net(Comp *c, Sym *sym) {
  Ctx ctx;
  Build b;
  Opnd result;
  comp_ctx(&ctx, sym, -1);
  number_axes(c, &ctx);
  TRY(annotate(c, &ctx, sym->net));
  build_init(&b, c, &ctx, true, false);
  TRY(lower_node(&b, sym->net, &result));
  return build_finish(&b, result, sym->dbase);
}

static Unit *unit_new(Comp *c, Sym *sym, int32_t elem) {
  Unit *u = ARENA_NEW(c->arena, Unit);
  if (u) { u->sym = sym; u->elem = elem; }
  return u;
}

static bool has_memory(const Sym *sym) {
  return sym->kind == SYM_STOCK || sym->kind == SYM_CONVEYOR || sym->kind == SYM_INIT || sym->kind == SYM_PREVIOUS;
}

static Err lower_delay(Comp *c, Sym *sym) {
  Ctx ctx;
  Build b;
  Opnd in[2], result;
  Node *lag = expr_sym(c->arena, sym->lag), *start = expr_sym(c->arena, sym->initial);
  if (!lag || !start) return comp_memory(c);
  comp_ctx(&ctx, sym, -1);
  number_axes(c, &ctx);
  build_init(&b, c, &ctx, true, true);
  TRY(lower_ref(&b, lag, &in[0]));
  TRY(lower_ref(&b, start, &in[1]));
  Op *op = emit(&b, OP_DELAY, 2, in, &result);
  if (!op) return comp_memory(c);
  op->n = sym->aux;
  TRY(build_finish(&b, result, sym->base));
  TRY(comp_need(c, sym->source));
  c->to_init = true;
  build_init(&b, c, &ctx, false, true);
  TRY(lower_ref(&b, start, &in[0]));
  return build_finish(&b, in[0], sym->base);
}

static Err lower_start(Comp *c, Sym *sym, int32_t elem) {
  Node *start = expr_sym(c->arena, sym->start);
  if (!start) return comp_memory(c);
  c->to_init = true;
  return lower_equation(c, sym, start, elem, true);
}

static Err lower_unit(Comp *c, Sym *sym, int32_t elem) {
  Unit *u = unit_new(c, sym, elem);
  if (!u) return comp_memory(c);
  sym->units[elem < 0 ? 0 : elem] = u;
  c->unit = u;
  c->to_init = has_memory(sym);
  Err err = ERR_OK;
  if (sym->kind == SYM_CONV_OUT) err = lower_conv_out(c, sym);
  else if (sym->kind == SYM_DELAY) err = lower_delay(c, sym);
  else if (sym->kind != SYM_TABLE) err = lower_value(c, sym, elem, c->to_init);
  if (err == ERR_OK && sym->start && !sym->set) err = lower_start(c, sym, elem);
  if (err == ERR_OK && sym->kind == SYM_CONVEYOR) err = lower_conveyor(c, sym);
  if (err == ERR_OK) err = roll_loops(c, u);
  c->to_init = false;
  return err;
}

static Err register_memory(Comp *c, Sym *sym) {
  FlowProgram *p = c->program;
  if (sym->kind == SYM_PREVIOUS) {
    PrevRun run = {.base = sym->base, .source = 0, .count = sym->count};
    TRY(comp_need(c, sym->source));
    run.source = sym->source->base;
    TRY(slots_new(c, sym->count, &run.shadow));
    if (!GROW(c, p->prevs, p->prev_count, p->prev_cap)) return comp_memory(c);
    p->prevs[p->prev_count++] = run;
  } else if (sym->kind == SYM_DELAY) {
    TRY(comp_need(c, sym->source));
    sym->aux = p->hist_count;
    if (!GROW(c, p->hists, p->hist_count, p->hist_cap)) return comp_memory(c);
    p->hists[p->hist_count++] = (HistRun){sym->source->base, sym->count};
  } else if ((sym->kind == SYM_STOCK || sym->kind == SYM_CONVEYOR) && sym->net) {
    TRY(slots_new(c, sym->count, &sym->dbase));
    if (sym->kind == SYM_CONVEYOR) return ERR_OK;
    if (!GROW(c, p->stocks, p->stock_count, p->stock_cap)) return comp_memory(c);
    p->stocks[p->stock_count++] = (StockRun){sym->base, sym->dbase, sym->count, false};
  } else if (sym->kind == SYM_CONVEYOR) {
    TRY(slots_new(c, sym->count, &sym->dbase));      /* stays 0 */
  }
  return ERR_OK;
}

static Err register_inputs(Comp *c, const Sym *sym) {
  FlowProgram *p = c->program;
  for (uint32_t e = 0; sym->set && e < sym->count; e++) {
    if (!sym->set[e]) continue;
    if (!GROW(c, p->inputs, p->input_count, p->input_cap)) return comp_memory(c);
    p->inputs[p->input_count++] = (InputRun){sym->base + e, sym->set[e] - 1};
  }
  return ERR_OK;
}

static Err lower_sym(Comp *c, Sym *sym) {
  TRY(comp_expand(c, sym));
  TRY(register_inputs(c, sym));
  TRY(register_memory(c, sym));
  sym->units = ARENA_ARRAY(c->arena, Unit *, sym->split ? sym->count : 1);
  if (!sym->units) return comp_memory(c);
  if (sym->split)
    for (uint32_t e = 0; e < sym->count; e++) TRY(lower_unit(c, sym, (int32_t)e));
  else
    TRY(lower_unit(c, sym, -1));
  if (!sym->net) return ERR_OK;
  sym->net_unit = unit_new(c, sym, -1);
  if (!sym->net_unit) return comp_memory(c);
  sym->net_unit->is_net = true;
  c->unit = sym->net_unit;
  return lower_net(c, sym);
}

Err comp_need(Comp *c, Sym *sym) {
  if (sym->queued || sym->kind == SYM_TABLE) return ERR_OK;
  sym->queued = true;
  TRY(slots_new(c, sym->count, &sym->base));
  uint32_t cap = (uint32_t)c->queue_cap;
  if (!GROW(c, c->queue, (uint32_t)c->queue_count, cap)) return comp_memory(c);
  c->queue_cap = cap;
  c->queue[c->queue_count++] = sym;
  if (sym->kind != SYM_CONVEYOR) return ERR_OK;
  FlowProgram *p = c->program;
  if (!GROW(c, p->convs, p->conv_count, p->conv_cap)) return comp_memory(c);
  sym->conv->index = p->conv_count++;
  return ERR_OK;
}

Err comp_lower_all(Comp *c) {
  for (size_t i = 0; i < c->queue_count; i++) TRY(lower_sym(c, c->queue[i]));
  return ERR_OK;
}
