/* SPDX-License-Identifier: EUPL-1.2 */
/* Non-negative stocks and flows, and conveyors, as equations: what limits a flow becomes part of the flow's own
 * equation, so that every reader of the flow sees what really flows. */
#include <stdio.h>

#include "flow/comp.h"

typedef Node *(*Wrap)(Comp *c, Node *inner, void *context);

/* Wraps the equation, or that of every element. */
static Err wrap_all(Comp *c, Sym *sym, Wrap wrap, void *context) {
  if (sym->gf || sym->elem_gf) {
    /* the limit works on what the graphical function gives: that becomes a variable of its own */
    Sym *raw = ARENA_NEW(c->arena, Sym);
    if (!raw) return comp_memory(c);
    *raw = *sym;
    raw->name = arena_printf(c->arena, STR_FMT " (before its limit)", STR_ARG(sym->name));
    if (!raw->name.ptr) return comp_memory(c);
    sym->gf = NULL;
    sym->elem_gf = NULL;
    sym->elem_eqn = NULL;
    if (!(sym->eqn = expr_sym(c->arena, raw))) return comp_memory(c);
  }
  if (sym->eqn && !(sym->eqn = wrap(c, sym->eqn, context))) return comp_memory(c);
  for (uint32_t e = 0; sym->elem_eqn && e < sym->count; e++)
    if (sym->elem_eqn[e] && !(sym->elem_eqn[e] = wrap(c, sym->elem_eqn[e], context))) return comp_memory(c);
  return ERR_OK;
}

static Node *wrap_uniflow(Comp *c, Node *inner, void *context) {
  (void)context;
  return expr_call(c->arena, "max", inner, expr_num(c->arena, 0), NULL);
}

typedef struct Limit {
  Sym *stock;
  Sym **before;      /* flows of higher priority */
  size_t before_count;
  Sym *capacity, *in_limit, *arrest;
  Sym *window;       /* of a discrete conveyor: what has flowed in since the last whole unit of time */
} Limit;

static Node *minus_flows(Comp *c, Node *node, const Limit *l) {
  for (size_t i = 0; i < l->before_count; i++)
    node = expr_bin(c->arena, B_SUB, node, expr_sym(c->arena, l->before[i]));
  return node;
}

static Node *dt_node(Comp *c) { return expr_ref(c->arena, S("dt")); }

/* MIN(flow, MAX(0, stock/DT - flows of higher priority)): the option filter of XMILE 4.8.3. */
static Node *wrap_outflow(Comp *c, Node *inner, void *context) {
  const Limit *l = context;
  Node *room = expr_bin(c->arena, B_DIV, expr_sym(c->arena, l->stock), dt_node(c));
  room = minus_flows(c, room, l);
  return expr_call(c->arena, "min", inner, expr_call(c->arena, "max", expr_num(c->arena, 0), room, NULL), NULL);
}

/* The inflow limit of a discrete conveyor holds for a unit of time, within which all may come in one step. */
static Node *window_room(Comp *c, const Limit *l) {
  Node *left = expr_bin(c->arena, B_SUB, expr_sym(c->arena, l->in_limit), expr_sym(c->arena, l->window));
  return expr_bin(c->arena, B_DIV, left, dt_node(c));
}

/* Inflow of a conveyor: not negative, nothing while arrested, at most what the limits leave after earlier inflows. */
static Node *wrap_inflow(Comp *c, Node *inner, void *context) {
  const Limit *l = context;
  Node *node = expr_call(c->arena, "max", inner, expr_num(c->arena, 0), NULL);
  if (l->in_limit) {
    Node *limit = l->window ? window_room(c, l) : expr_sym(c->arena, l->in_limit);
    Node *room = minus_flows(c, limit, l);
    node = expr_call(c->arena, "min", node, expr_call(c->arena, "max", expr_num(c->arena, 0), room, NULL), NULL);
  }
  if (l->capacity) {
    Node *room = expr_bin(c->arena, B_SUB, expr_sym(c->arena, l->capacity), expr_sym(c->arena, l->stock));
    room = expr_bin(c->arena, B_DIV, room, dt_node(c));
    for (uint32_t i = 0; i <= l->stock->conv->leaks; i++)
      room = expr_bin(c->arena, B_ADD, room, expr_sym(c->arena, l->stock->conv->outflows[i]));
    room = minus_flows(c, room, l);
    node = expr_call(c->arena, "min", node, expr_call(c->arena, "max", expr_num(c->arena, 0), room, NULL), NULL);
  }
  if (l->arrest) node = expr_if(c->arena, expr_sym(c->arena, l->arrest), expr_num(c->arena, 0), node);
  return node;
}

static Sym *local(Scope *scope, Str name) { return scope_find(scope, name); }

/* A parameter of a macro is a variable of the caller, which no limit of the macro may change. */
static bool of_caller(const Scope *scope, const Sym *flow) { return scope->is_macro && flow->scope != scope; }

/* How often a flow stands in the lists of flows of the stocks of this scope. */
static size_t times_listed(const Scope *scope, Str name, bool out) {
  size_t count = 0;
  for (size_t i = 0; i < scope->def->var_count; i++) {
    const Var *v = &scope->def->vars[i];
    for (size_t k = 0; k < (out ? v->outflow_count : v->inflow_count); k++)
      count += str_eq(out ? v->outflows[k] : v->inflows[k], name);
  }
  return count;
}

/* Outflows are limited in their order. What a limit can not reach (an outflow that several stocks share, each with a
 * limit of its own; an inflow that turns negative) is cut off at the stock: it stays at 0. */
static Err wrap_stock(Comp *c, Scope *scope, Sym *stock) {
  const Var *v = stock->var;
  Sym **before = ARENA_ARRAY(c->arena, Sym *, v->outflow_count + 1);
  if (!before) return comp_memory(c);
  for (size_t i = 0; i < v->outflow_count; i++) {
    Sym *flow = local(scope, v->outflows[i]);
    if (!flow) continue;     /* reported with the stock's equation */
    if (flow->kind == SYM_VALUE && !of_caller(scope, flow) && times_listed(scope, v->outflows[i], true) == 1) {
      Limit l = {.stock = stock, .before = before, .before_count = i};
      TRY(wrap_all(c, flow, wrap_outflow, &l));
    } else {
      stock->cut_off = true;
    }
    before[i] = flow;
  }
  for (size_t i = 0; i < v->inflow_count; i++) {
    const Sym *flow = local(scope, v->inflows[i]);
    stock->cut_off |= flow && flow->kind == SYM_VALUE && flow->var && !flow->var->non_negative;
  }
  return ERR_OK;
}

/* A part of a conveyor (its length, a leak fraction) as a variable with the conveyor's dimensions. */
static Err part(Comp *c, Sym *owner, Str text, const char *what, Sym **out) {
  Ctx ctx;
  comp_ctx(&ctx, owner, -1);
  Sym *sym = comp_sym_new(c, SYM_VALUE, &ctx, what);
  if (!sym) return c->info->code;
  Err err = expr_parse(&sym->eqn, c->arena, text, c->info);
  if (err != ERR_OK) {
    char shown[sizeof c->info->column];
    snprintf(shown, sizeof shown, STR_FMT, STR_ARG(owner->name));
    err_at(c->info, NULL, NULL, owner->line, shown);
    return err;
  }
  *out = sym;
  return ERR_OK;
}

/* The leak fraction stands in <leak>, or in <eqn> of a flow marked <leak/> (as Stella writes it). */
static Err leak_fraction(Comp *c, Sym *flow, Sym **out) {
  const Var *v = flow->var;
  if (v->leak.len || (!flow->eqn && !flow->elem_eqn)) return part(c, flow, v->leak.len ? v->leak : S("0"), "leak", out);
  Sym *sym = ARENA_NEW(c->arena, Sym);
  if (!sym) return comp_memory(c);
  *sym = *flow;
  sym->name = arena_printf(c->arena, STR_FMT " (leak)", STR_ARG(flow->name));
  *out = sym;
  return sym->name.ptr ? ERR_OK : comp_memory(c);
}

static Err conveyor_outflows(Comp *c, Scope *scope, Sym *stock, ConvSyms *conv) {
  const Var *v = stock->var;
  conv->outflows = ARENA_ARRAY(c->arena, Sym *, v->outflow_count + 1);
  conv->leak = ARENA_ARRAY(c->arena, Sym *, v->outflow_count + 1);
  if (!conv->outflows || !conv->leak) return comp_memory(c);
  bool marked = false;
  for (size_t i = 0; i < v->outflow_count; i++) {
    Sym *flow = local(scope, v->outflows[i]);
    if (!flow || !flow->var || flow->kind != SYM_VALUE || flow->var->kind != V_FLOW)
      return comp_error(c, stock, ERR_INPUT, "outflow \"" STR_FMT "\" is not a flow that leaves only this conveyor",
                        STR_ARG(v->outflows[i]));
    if (flow->ndims != stock->ndims || flow->count != stock->count)
      return comp_error(c, flow, ERR_INPUT, "the flow and its conveyor have different dimensions");
    marked |= flow->var->leak_marked;
  }
  /* unmarked: the first is the end of the belt, the others leak; marked: the first without a mark is the end */
  for (size_t i = 0; i < v->outflow_count; i++) {
    Sym *flow = local(scope, v->outflows[i]);
    bool leak = marked ? flow->var->leak_marked : i > 0;
    if (!leak && conv->outflows[0])
      return comp_error(c, flow, ERR_INPUT, "the conveyor has two outflows at its end; mark the leaks with <leak/>");
    if (!leak) { conv->outflows[0] = flow; continue; }
    TRY(leak_fraction(c, flow, &conv->leak[conv->leaks]));
    conv->outflows[++conv->leaks] = flow;
  }
  if (!conv->outflows[0])
    return comp_error(c, stock, ERR_INPUT, "the conveyor has no outflow at its end (all are leaks, or there are none)");
  for (uint32_t i = 0; i <= conv->leaks; i++) {
    conv->outflows[i]->kind = SYM_CONV_OUT;
    conv->outflows[i]->conveyor_of = stock;
    conv->outflows[i]->eqn = NULL;
    conv->outflows[i]->elem_eqn = NULL;
  }
  return ERR_OK;
}

/* What has flowed in since the last whole unit of time: IF a unit begins THEN 0 ELSE what it was a step ago and what then
 * flowed in. */
static Err make_window(Comp *c, Sym *stock, Sym **inflows, size_t count, Sym **out) {
  Ctx ctx;
  comp_ctx(&ctx, stock, -1);
  Sym *window = comp_sym_new(c, SYM_VALUE, &ctx, "window"), *before = comp_sym_new(c, SYM_PREVIOUS, &ctx, "window before");
  Sym *after = comp_sym_new(c, SYM_VALUE, &ctx, "window after");
  if (!window || !before || !after) return c->info->code;
  Node *sum = expr_num(c->arena, 0);
  for (size_t i = 0; i < count; i++) sum = expr_bin(c->arena, B_ADD, sum, expr_sym(c->arena, inflows[i]));
  after->eqn = expr_bin(c->arena, B_ADD, expr_sym(c->arena, window), expr_bin(c->arena, B_MUL, sum, dt_node(c)));
  before->eqn = expr_num(c->arena, 0);
  before->source = after;
  /* a little later, as the time of a step may fall a hair short of a whole number */
  Node *now = expr_bin(c->arena, B_ADD, expr_ref(c->arena, S("time")), expr_bin(c->arena, B_MUL, dt_node(c), expr_num(c->arena, 1e-6)));
  Node *then = expr_bin(c->arena, B_SUB, now, dt_node(c));
  Node *begins = expr_bin(c->arena, B_GT, expr_call(c->arena, "floor", now, NULL, NULL), expr_call(c->arena, "floor", then, NULL, NULL));
  window->eqn = expr_if(c->arena, begins, expr_num(c->arena, 0), expr_sym(c->arena, before));
  if (!after->eqn || !before->eqn || !window->eqn) return comp_memory(c);
  *out = window;
  return ERR_OK;
}

/* The inflows that the limits work on: what leaves another conveyor is never held up, nor counted. */
static Sym *limited(Scope *scope, Str name) {
  Sym *flow = local(scope, name);
  return flow && flow->kind == SYM_VALUE && !of_caller(scope, flow) && !(flow->var && flow->var->leak_marked) ? flow : NULL;
}

static Err wrap_inflows(Comp *c, Scope *scope, Sym *stock, Limit *l) {
  const Var *v = stock->var;
  Sym **before = ARENA_ARRAY(c->arena, Sym *, v->inflow_count + 1);
  if (!before) return comp_memory(c);
  l->before = before;
  size_t count = 0;
  for (size_t i = 0; i < v->inflow_count; i++)
    if ((before[count] = limited(scope, v->inflows[i]))) count++;
  if (l->in_limit && v->conveyor->discrete) TRY(make_window(c, stock, before, count, &l->window));
  for (size_t i = 0; i < count; i++) {
    l->before_count = i;
    TRY(wrap_all(c, before[i], wrap_inflow, l));
  }
  return ERR_OK;
}

static Err wrap_conveyor(Comp *c, Scope *scope, Sym *stock) {
  const Var *v = stock->var;
  const Conveyor *def = v->conveyor;
  ConvSyms *conv = stock->conv = ARENA_NEW(c->arena, ConvSyms);
  if (!conv) return comp_memory(c);
  TRY(part(c, stock, def->len, "transit time", &conv->len));
  if (def->list_count && !(conv->list = ARENA_ARRAY(c->arena, Sym *, def->list_count))) return comp_memory(c);
  for (size_t i = 0; i < def->list_count; i++) TRY(part(c, stock, def->list[i], "contents", &conv->list[conv->list_count++]));
  if (def->sample.len) TRY(part(c, stock, def->sample, "sample", &conv->sample));
  if (def->arrest.len) TRY(part(c, stock, def->arrest, "arrest", &conv->arrest));
  Limit l = {.stock = stock, .arrest = conv->arrest};
  if (def->capacity.len) TRY(part(c, stock, def->capacity, "capacity", &l.capacity));
  if (def->in_limit.len) TRY(part(c, stock, def->in_limit, "inflow limit", &l.in_limit));
  TRY(conveyor_outflows(c, scope, stock, conv));
  return wrap_inflows(c, scope, stock, &l);
}

Err comp_wrap(Comp *c, Scope *scope) {
  Sym *sym;
  void *found;
  for (int pass = 0; pass < 3; pass++)
    for (size_t i = 0; i < scope->def->var_count; i++) {
      const Var *v = &scope->def->vars[i];
      if (!map_get(&scope->syms, v->canon, &found)) continue;
      sym = found;
      if (sym->var != v) continue;       /* a parameter */
      /* uniflows first, then conveyors (they take over their outflows), then what empties a stock */
      if (pass == 0 && v->kind == V_FLOW && v->non_negative && sym->kind == SYM_VALUE)
        TRY(wrap_all(c, sym, wrap_uniflow, NULL));
      if (pass == 1 && sym->kind == SYM_CONVEYOR) TRY(wrap_conveyor(c, scope, sym));
      if (pass == 2 && sym->kind == SYM_STOCK && v->non_negative) TRY(wrap_stock(c, scope, sym));
    }
  return ERR_OK;
}
