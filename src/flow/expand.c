/* SPDX-License-Identifier: EUPL-1.2 */
/* Calls of macros and of functions with a memory become variables of their own: a smooth is a stock, as XMILE 3.6
 * shows it, and so follows whatever integration method is chosen. */
#include <math.h>
#include <string.h>

#include "flow/expand.h"
#include "flow/name.h"

static const Fun FUNCTIONS[] = {
#define FUNCTION(name, min, max, how, code, meaning) {name, min, max, HOW_##how, code, meaning},
#include "flow/functions.def"
#undef FUNCTION
};

size_t fun_count(void) { return sizeof FUNCTIONS / sizeof FUNCTIONS[0]; }
const Fun *fun_at(size_t i) { return &FUNCTIONS[i]; }

const Fun *fun_find(Str canon) {
  static const char *const PREFIXES[] = {"std.", "isee.", "vensim."};
  for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++)
    if (str_starts(canon, str_from(PREFIXES[i]))) { canon = str_slice(canon, strlen(PREFIXES[i]), canon.len); break; }
  for (size_t i = 0; i < fun_count(); i++)
    if (str_eq(canon, str_from(FUNCTIONS[i].name))) return &FUNCTIONS[i];
  return NULL;
}

Sym *comp_ref(const Ctx *ctx, const Node *node) {
  if (node->sym) return node->sym;
  Sym *sym = scope_find(ctx->scope, node->name);
  if (!sym || sym != ctx->self || node->sub_count) return sym;
  const Fun *fun = fun_find(node->name);      /* Vensim writes out its own: a variable Time whose equation is Time */
  return fun && fun->how == HOW_VALUE ? NULL : sym;
}

Sym *comp_callee(const Ctx *ctx, const Node *node) {
  Sym *sym = comp_ref(ctx, node);
  if (!sym || sym->gf || sym->elem_gf || sym->ndims > sym->implicit || !fun_find(node->name)) return sym;
  return NULL;
}

bool comp_constant(Comp *c, const Node *node, const Ctx *ctx, int depth, double *out) {
  double a, b;
  if (depth > 20) return false;
  if (node->kind == N_NUM) { *out = node->num; return true; }
  if (node->kind == N_NEG && comp_constant(c, node->args[0], ctx, depth + 1, &a)) { *out = -a; return true; }
  if (node->kind == N_BIN && comp_constant(c, node->args[0], ctx, depth + 1, &a) &&
      comp_constant(c, node->args[1], ctx, depth + 1, &b)) {
    switch (node->op) {
      case B_ADD: *out = a + b; return true;
      case B_SUB: *out = a - b; return true;
      case B_MUL: *out = a * b; return true;
      case B_DIV: *out = a / b; return true;
      default: return false;
    }
  }
  if (node->kind != N_REF) return false;
  Sym *sym = comp_ref(ctx, node);
  if (!sym || sym->set || sym->count != 1 || sym->kind != SYM_VALUE || !sym->eqn || sym->gf || node->sub_count) return false;
  Ctx inner;
  comp_ctx(&inner, sym, -1);
  return comp_constant(c, sym->eqn, &inner, depth + 1, out);
}

Sym *x_make(Expand *x, SymKind kind, const char *what, Node *eqn) {
  if (!eqn) { comp_memory(x->c); return NULL; }
  Sym *sym = comp_sym_new(x->c, kind, x->ctx, what);
  if (sym) sym->eqn = eqn;
  return sym;
}

Node *x_ref(Expand *x, Sym *sym) { return sym ? expr_sym(x->c->arena, sym) : NULL; }
Node *x_num(Expand *x, double v) { return expr_num(x->c->arena, v); }
Node *x_bin(Expand *x, BinOp op, Node *a, Node *b) { return expr_bin(x->c->arena, op, a, b); }

Err x_become(Expand *x, Node *node, Node *with) {
  if (!with) return x->c->info->code != ERR_OK ? x->c->info->code : comp_memory(x->c);
  Str shown = node->shown;
  *node = *with;
  node->shown = shown;
  return ERR_OK;
}

/* The number of stages: what the argument is worth at the start, whatever becomes of it later. */
static Err order_of(Expand *x, const Node *node, const Node *call, uint32_t *order) {
  double n;
  if (!comp_start_value(x->c, node, x->ctx, 0, &n) || !(n >= 1) || n > 1000 || n != floor(n))
    return comp_error(x->c, x->owner, ERR_INPUT, "the order of " STR_FMT " must be a whole number from 1 to 1000 that is known "
                      "at the start", STR_ARG(call->shown));
  *order = (uint32_t)n;
  return ERR_OK;
}

/* SMTHn(input, time, initial): a chain of stocks, each following the one before in time/n. */
static Err smooth(Expand *x, Node *node, uint32_t order, Node *initial) {
  Sym *input = x_make(x, SYM_VALUE, "input", node->args[0]);
  Sym *each = x_make(x, SYM_VALUE, "time", order == 1 ? node->args[1] : x_bin(x, B_DIV, node->args[1], x_num(x, order)));
  Sym *start = initial ? x_make(x, SYM_VALUE, "initial", initial) : input;
  Sym *before = input;
  for (uint32_t k = 0; k < order; k++) {
    Sym *stage = start ? x_make(x, SYM_STOCK, "smooth", x_ref(x, start)) : NULL;
    if (!stage || !each) return x->c->info->code;
    stage->net = x_bin(x, B_DIV, x_bin(x, B_SUB, x_ref(x, before), x_ref(x, stage)), x_ref(x, each));
    if (!stage->net) return comp_memory(x->c);
    before = stage;
  }
  return x_become(x, node, x_ref(x, before));
}

/* DELAYn(input, time, initial): a chain of stocks, each emptied at contents/(time/n); in balance at the start. `next_time`
 * makes the time of a stage from that of the stage before; NULL: they all have the same. */
static Err material(Expand *x, Node *node, uint32_t order, Node *initial, Sym *(*next_time)(Expand *x, Sym *time)) {
  Sym *input = x_make(x, SYM_VALUE, "input", node->args[0]);
  Sym *each = x_make(x, SYM_VALUE, "time", order == 1 ? node->args[1] : x_bin(x, B_DIV, node->args[1], x_num(x, order)));
  Sym *start = initial ? x_make(x, SYM_VALUE, "initial", initial) : input;
  Sym *before = input;
  for (uint32_t k = 0; k < order; k++) {
    if (k && next_time && each) each = next_time(x, each);
    if (!start || !each || !before) return x->c->info->code;
    Sym *stage = x_make(x, SYM_STOCK, "delay", x_bin(x, B_MUL, x_ref(x, start), x_ref(x, each)));
    Sym *out = stage ? x_make(x, SYM_VALUE, "outflow", x_bin(x, B_DIV, x_ref(x, stage), x_ref(x, each))) : NULL;
    if (!out) return x->c->info->code;
    stage->net = x_bin(x, B_SUB, x_ref(x, before), x_ref(x, out));
    if (!stage->net) return comp_memory(x->c);
    before = out;
  }
  return x_become(x, node, x_ref(x, before));
}

static Sym *step_earlier(Expand *x, Sym *time) {
  Sym *earlier = x_make(x, SYM_PREVIOUS, "earlier time", x_ref(x, time));
  if (earlier) earlier->source = time;
  return earlier;
}

/* Vensim's DELAY N: a change of the delay time travels along with the material, one stage per step, and there are no
 * more stages than steps in the delay (SDXorg test-models, "delays" and "delay_pipeline"). */
static Err delay_n(Expand *x, Node *node) {
  uint32_t order;
  double time;
  bool vensim = x->c->model->dialect == DIALECT_VENSIM;
  TRY(order_of(x, node->args[2], node, &order));
  if (vensim && comp_start_value(x->c, node->args[1], x->ctx, 0, &time)) {
    double most = floor(time / x->c->program->dt + 1e-6);
    if (most < order) order = most >= 1 ? (uint32_t)most : 1;
  }
  bool moving = vensim && comp_node_varies(x->c, node->args[1], x->ctx, 0);
  return material(x, node, order, node->arg_count > 3 ? node->args[3] : NULL, moving ? step_earlier : NULL);
}

/* (input - average)/(average*time); the average starts so that the trend is `initial`. */
static Sym *trend(Expand *x, Node *input_node, Node *time_node, Node *initial, Sym **input) {
  Sym *in = *input = x_make(x, SYM_VALUE, "input", input_node);
  Sym *time = x_make(x, SYM_VALUE, "time", time_node);
  Node *start = x_ref(x, in);
  if (initial) start = x_bin(x, B_DIV, start, x_bin(x, B_ADD, x_num(x, 1), x_bin(x, B_MUL, initial, x_ref(x, time))));
  Sym *average = in && time ? x_make(x, SYM_STOCK, "average", start) : NULL;
  if (!average) return NULL;
  average->net = x_bin(x, B_DIV, x_bin(x, B_SUB, x_ref(x, in), x_ref(x, average)), x_ref(x, time));
  if (!average->net) { comp_memory(x->c); return NULL; }
  return x_make(x, SYM_VALUE, "trend", x_bin(x, B_SAFEDIV, x_bin(x, B_SUB, x_ref(x, in), x_ref(x, average)),
                                         x_bin(x, B_MUL, x_ref(x, average), x_ref(x, time))));
}

static Err forecast(Expand *x, Node *node) {
  Sym *input;
  Sym *slope = trend(x, node->args[0], node->args[1], node->arg_count > 3 ? node->args[3] : NULL, &input);
  if (!slope) return x->c->info->code;
  Node *growth = x_bin(x, B_ADD, x_num(x, 1), x_bin(x, B_MUL, x_ref(x, slope), node->args[2]));
  return x_become(x, node, x_bin(x, B_MUL, x_ref(x, input), growth));
}

static Err pipeline(Expand *x, Node *node) {
  Sym *input = x_make(x, SYM_VALUE, "input", node->args[0]);
  Sym *lag = x_make(x, SYM_VALUE, "time", node->args[1]);
  Sym *start = input ? x_make(x, SYM_INIT, "initial", node->arg_count > 2 ? node->args[2] : x_ref(x, input)) : NULL;
  Sym *delay = start ? x_make(x, SYM_DELAY, "delay", x_ref(x, start)) : NULL;
  if (!delay || !lag) return x->c->info->code;
  delay->source = input;
  delay->lag = lag;
  delay->initial = start;
  return x_become(x, node, x_ref(x, delay));
}

static Err previous(Expand *x, Node *node) {
  Sym *source = x_make(x, SYM_VALUE, "now", node->args[0]);
  Sym *before = x_make(x, SYM_PREVIOUS, "previous", node->args[1]);
  if (!source || !before) return x->c->info->code;
  before->source = source;
  return x_become(x, node, x_ref(x, before));
}

/* HISTORY(x, t): now within half a step, before that a pipeline of TIME - t. */
static Err history(Expand *x, Node *node) {
  Arena *a = x->c->arena;
  Sym *input = x_make(x, SYM_VALUE, "input", node->args[0]), *when = x_make(x, SYM_VALUE, "when", node->args[1]);
  if (!input || !when) return x->c->info->code;
  Node *ago = x_bin(x, B_DIV, x_bin(x, B_SUB, expr_ref(a, S("time")), x_ref(x, when)), expr_ref(a, S("dt")));
  Sym *steps = x_make(x, SYM_VALUE, "steps ago", ago);
  Sym *lag = steps ? x_make(x, SYM_VALUE, "time", x_bin(x, B_MUL, x_ref(x, steps), expr_ref(a, S("dt")))) : NULL;
  Sym *start = x_make(x, SYM_INIT, "initial", x_num(x, 0));
  Sym *delay = start ? x_make(x, SYM_DELAY, "past", x_ref(x, start)) : NULL;
  if (!delay || !lag) return x->c->info->code;
  delay->source = input;
  delay->lag = lag;
  delay->initial = start;
  Node *past = expr_if(a, x_bin(x, B_GE, x_ref(x, steps), x_num(x, 0.5)), x_ref(x, delay), x_ref(x, input));
  Node *future = x_bin(x, B_LT, x_ref(x, steps), x_num(x, -0.5));
  return x_become(x, node, expr_if(a, future, x_num(x, 0), past));
}

/* A little before `when`, so that rounding of the time does not postpone an event by a step. */
static Node *just_before(Expand *x, Node *when) {
  return x_bin(x, B_SUB, when, x_bin(x, B_MUL, expr_ref(x->c->arena, S("dt")), x_num(x, 1e-6)));
}

static Err step(Expand *x, Node *node) {
  Node *time = expr_ref(x->c->arena, S("time"));
  Node *on = x_bin(x, B_GE, time, just_before(x, node->args[1]));
  return x_become(x, node, expr_if(x->c->arena, on, node->args[0], x_num(x, 0)));
}

static Err ramp(Expand *x, Node *node) {
  Node *time = expr_ref(x->c->arena, S("time"));
  Node *on = x_bin(x, B_GT, time, node->args[1]);
  Node *until = node->arg_count > 2 ? expr_call(x->c->arena, "min", time, node->args[2], NULL) : time;
  Node *height = x_bin(x, B_MUL, node->args[0], x_bin(x, B_SUB, until, node->args[1]));
  return x_become(x, node, expr_if(x->c->arena, on, height, x_num(x, 0)));
}

/* ---- macros ---- */

static Err bind_parm(Expand *x, Scope *inside, const ModelDef *macro, size_t i, Node *arg) {
  Comp *c = x->c;
  Sym *sym = NULL;
  if (arg) {
    /* a bare name is passed as it is, so that arrays and graphical functions can be passed too */
    if (arg->kind == N_REF && !arg->sub_count) sym = comp_ref(x->ctx, arg);
    if (!sym) sym = x_make(x, SYM_VALUE, "argument", arg);
  } else {
    Node *eqn;
    TRY(expr_parse(&eqn, c->arena, macro->parm_defaults[i], c->info));
    if (eqn->kind == N_REF && !eqn->sub_count) sym = scope_find(inside, eqn->name);
    Ctx ctx = *x->ctx;
    ctx.scope = inside;
    Expand inner = {.c = c, .ctx = &ctx, .owner = x->owner};
    if (!sym) sym = x_make(&inner, SYM_VALUE, "default", eqn);
  }
  if (!sym) return c->info->code;
  return map_set(&inside->syms, macro->parms[i], sym) == ERR_OK ? ERR_OK : comp_memory(c);
}

static Err call_macro(Expand *x, Node *node, const ModelDef *macro) {
  Comp *c = x->c;
  size_t least = 0;
  while (least < macro->parm_count && !macro->parm_defaults[least].ptr) least++;
  if (node->arg_count < least || node->arg_count > macro->parm_count)
    return comp_error(c, x->owner, ERR_INPUT, "macro " STR_FMT " is called with %u arguments, expected %zu%s",
                      STR_ARG(macro->name), node->arg_count, least, least < macro->parm_count ? " or more" : "");
  for (const Scope *s = x->ctx->scope; s; s = s->caller)
    if (s->def == macro)
      return comp_error(c, x->owner, ERR_UNSUPPORTED, "macro " STR_FMT " calls itself; recursive macros are not supported",
                        STR_ARG(macro->name));
  Scope *inside = ARENA_NEW(c->arena, Scope);
  if (!inside) return comp_memory(c);
  *inside = (Scope){.def = macro, .root = x->ctx->scope->root, .caller = x->ctx->scope, .is_macro = true,
                    .depth = x->ctx->scope->depth + 1};
  if (inside->depth > FLOW_MODULE_DEPTH)
    return comp_error(c, x->owner, ERR_LIMIT, "macros are nested deeper than %d", FLOW_MODULE_DEPTH);
  inside->name = arena_printf(c->arena, STR_FMT " (" STR_FMT " %u).", STR_ARG(x->owner->name), STR_ARG(macro->name),
                              ++c->made);
  if (!inside->name.ptr) return comp_memory(c);
  map_init(&inside->syms, c->arena);
  map_init(&inside->children, c->arena);
  for (size_t i = 0; i < macro->parm_count; i++)
    TRY(bind_parm(x, inside, macro, i, i < node->arg_count ? node->args[i] : NULL));
  TRY(comp_instantiate(c, inside, x->ctx));
  Ctx ctx = *x->ctx;
  ctx.scope = inside;
  Expand inner = {.c = c, .ctx = &ctx, .owner = x->owner};
  Node *eqn;
  Err err = expr_parse(&eqn, c->arena, macro->eqn, c->info);
  if (err != ERR_OK) { err_at(c->info, NULL, NULL, macro->line, "macro"); return err; }
  return x_become(x, node, x_ref(x, x_make(&inner, SYM_VALUE, "macro", eqn)));
}

static Err special(Expand *x, Node *node, const Fun *fun) {
  Node *third = node->arg_count > 2 ? node->args[2] : NULL;
  Node *fourth = node->arg_count > 3 ? node->args[3] : NULL;
  uint32_t order;
  Sym *input, *made;
  switch (fun->code) {
    case X_SMTH1: return smooth(x, node, 1, third);
    case X_SMTH3: return smooth(x, node, 3, third);
    case X_SMTHN: TRY(order_of(x, third, node, &order)); return smooth(x, node, order, fourth);
    case X_DELAY1: return material(x, node, 1, third, NULL);
    case X_DELAY3: return material(x, node, 3, third, NULL);
    case X_DELAYN: return delay_n(x, node);
    case X_TREND: made = trend(x, node->args[0], node->args[1], third, &input); return x_become(x, node, x_ref(x, made));
    case X_FORCST: return forecast(x, node);
    case X_DELAY: return pipeline(x, node);
    case X_HISTORY: return history(x, node);
    case X_PREVIOUS: return previous(x, node);
    case X_INIT: return x_become(x, node, x_ref(x, x_make(x, SYM_INIT, "initial value", node->args[0])));
    case X_STEP: return step(x, node);
    case X_RAMP: return ramp(x, node);
    case X_IF: node->kind = N_IF; return ERR_OK;
    default: return ERR_OK;
  }
}

/* SUM, PROD and MEAN of several numbers, as of an array that holds them. */
static Err of_several(Expand *x, Node *node, const Fun *fun) {
  Node *all = node->args[0];
  for (uint16_t i = 1; i < node->arg_count; i++) all = x_bin(x, fun->code == OP_RPROD ? B_MUL : B_ADD, all, node->args[i]);
  return x_become(x, node, fun->code == OP_RMEAN ? x_bin(x, B_DIV, all, x_num(x, node->arg_count)) : all);
}

static Err walk(Expand *x, Node *node, bool self_ok);

/* LOOKUP(COSH, x): how translators write a call of a function that they take for a table. */
static void unwrap_lookup(Expand *x, Node *node) {
  const Fun *fun = node->sym || comp_callee(x->ctx, node) ? NULL : fun_find(node->name);
  if (!fun || fun->how != HOW_SPECIAL || fun->code != X_LOOKUP || node->arg_count < 2) return;
  const Node *head = node->args[0];
  if (head->kind != N_REF || head->sub_count || comp_ref(x->ctx, head) || !fun_find(head->name)) return;
  node->name = head->name;
  node->shown = head->shown;
  node->args++;
  node->arg_count--;
}

static Err walk_call(Expand *x, Node *node, bool self_ok) {
  Comp *c = x->c;
  unwrap_lookup(x, node);
  const ModelDef *macro = node->sym ? NULL : model_macro(c->model, node->name);
  Sym *sym = macro ? NULL : comp_callee(x->ctx, node);
  const Fun *fun = macro || sym ? NULL : fun_find(node->name);
  if (!macro && !sym && !fun)
    return comp_error(c, x->owner, ERR_INPUT, "unknown function \"" STR_FMT "\"", STR_ARG(node->shown));
  if (sym && node->arg_count != 1)
    return comp_error(c, x->owner, ERR_INPUT, "\"" STR_FMT "\" is called with %u arguments, expected 1",
                      STR_ARG(node->shown), node->arg_count);
  if (fun && (node->arg_count < fun->min || node->arg_count > fun->max)) {
    if (fun->min == fun->max)
      return comp_error(c, x->owner, ERR_INPUT, "function " STR_FMT " is called with %u arguments, expected %u",
                        STR_ARG(node->shown), node->arg_count, fun->min);
    return comp_error(c, x->owner, ERR_INPUT, "function " STR_FMT " is called with %u arguments, expected %u to %u",
                      STR_ARG(node->shown), node->arg_count, fun->min, fun->max);
  }
  bool rewritten = false;
  if (fun) TRY(expand_rewrite(x, node, fun, &rewritten));
  if (rewritten) return walk(x, node, self_ok);
  if (fun && fun->how == HOW_VALUE) node->arg_count = 0;
  bool lifted = false, array = fun && array_call(c, x->ctx, node);
  if (x->arrays && (macro || fun)) TRY(comp_lift(c, x->ctx, node, macro != NULL, &lifted));
  if (lifted) return ERR_OK;     /* walked as the equation of the variable it has become */
  if (macro) return call_macro(x, node, macro);     /* arguments are walked as equations of their own */
  bool in_self = fun && (fun->code == X_PREVIOUS || fun->code == X_SIZE) && fun->how == HOW_SPECIAL;
  bool rank = array && fun->how == HOW_SPECIAL && fun->code == X_RANK;     /* its second argument is a number */
  for (uint16_t i = 0; i < node->arg_count; i++) {
    bool over = array && !(rank && i == 1);
    x->arrays += over;
    TRY(walk(x, node->args[i], self_ok || (in_self && i == 0)));
    x->arrays -= over;
  }
  if (fun && fun->how == HOW_ARRAY && node->arg_count > 1) return of_several(x, node, fun);
  bool drawn = false;
  if (fun) TRY(expand_draw(x, node, fun, &drawn));
  if (fun && !drawn) TRY(expand_vendor(x, node, fun, &drawn));
  return fun && !drawn && fun->how == HOW_SPECIAL ? special(x, node, fun) : ERR_OK;
}

/* belt[3], table[2]: one more subscript than there are dimensions means a slat of a conveyor or a point of a graphical
 * function (XMILE 3.7.1.3). */
static Err unwrap_slat(Expand *x, Node *node) {
  const Sym *sym = node->kind == N_REF && node->sub_count ? comp_ref(x->ctx, node) : NULL;
  bool holds = sym && (sym->kind == SYM_CONVEYOR || sym->gf || sym->elem_gf);
  if (!holds || node->sub_count != sym->ndims - sym->implicit + 1u || node->subs[node->sub_count - 1].kind != SUB_EXPR)
    return ERR_OK;
  Node *which = ARENA_NEW(x->c->arena, Node);
  if (!which) return comp_memory(x->c);
  *which = *node;
  which->sub_count--;
  Node *call = expr_call(x->c->arena, "slat", which, node->subs[node->sub_count - 1].a, NULL);
  return x_become(x, node, call);
}

static Err walk_within(Expand *x, Node *node, bool self_ok) {
  TRY(unwrap_slat(x, node));
  if (node->sym && node->kind == N_REF && !node->sub_count) return ERR_OK;
  if (node->kind == N_REF && !node->sym && str_eq(node->name, S("self"))) {
    if (!self_ok) return comp_error(x->c, x->owner, ERR_INPUT, "SELF stands outside of PREVIOUS and SIZE");
    node->sym = x->owner;
  }
  for (uint16_t i = 0; i < node->sub_count; i++) {
    Node *parts[2] = {node->subs[i].a, node->subs[i].b};
    for (size_t k = 0; k < 2; k++)      /* a name that is a subscript is an element or dimension there */
      if (parts[k]) TRY(parts[k]->kind == N_REF ? walk_within(x, parts[k], self_ok) : walk(x, parts[k], self_ok));
  }
  if (node->kind == N_CALL) return walk_call(x, node, self_ok);
  for (uint16_t i = 0; i < node->arg_count; i++) TRY(walk(x, node->args[i], self_ok));
  return ERR_OK;
}

static Err walk(Expand *x, Node *node, bool self_ok) {
  if (node->kind == N_REF && !node->sym) expand_name(x, node);
  return walk_within(x, node, self_ok);
}

static Err expand(Comp *c, Sym *sym) {
  Ctx ctx;
  Expand x = {.c = c, .ctx = &ctx, .owner = sym};
  if (c->made > 2000000) return comp_error(c, sym, ERR_LIMIT, "macros and delays make more than 2 million variables");
  comp_ctx(&ctx, sym, -1);
  if (sym->eqn) TRY(walk(&x, sym->eqn, false));
  if (sym->net) TRY(walk(&x, sym->net, false));
  for (uint32_t e = 0; sym->elem_eqn && e < sym->count; e++) {
    if (!sym->elem_eqn[e]) continue;
    comp_ctx(&ctx, sym, (int32_t)e);
    TRY(walk(&x, sym->elem_eqn[e], false));
  }
  return ERR_OK;
}

Err comp_expand(Comp *c, Sym *sym) {
  if (sym->expanded) return ERR_OK;
  sym->expanded = true;          /* first, as a macro may come back to its caller */
  sym->expanding = true;
  Err err = expand(c, sym);
  sym->expanding = false;
  if (err != ERR_OK) sym->expanded = false;
  return err;
}
