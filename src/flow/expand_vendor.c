/* SPDX-License-Identifier: EUPL-1.2 */
/* Functions of Vensim and Stella: those that an equation over standard functions can say (defined.def), and those that need
 * a stock or another look at their first argument. */
#include <string.h>

#include "flow/expand.h"

typedef struct Definition { const char *name; uint8_t count; const char *eqn; } Definition;

static const Definition DEFINITIONS[] = {
#define DEFINED(name, count, eqn) {name, count, eqn},
#include "flow/defined.def"
#undef DEFINED
};

/* Puts copies of the arguments where the definition says a, b, c, d or e. */
static Err substitute(Expand *x, Node *node, Node *const *args, uint16_t count) {
  if (node->kind == N_REF && node->name.len == 1) {
    size_t i = (size_t)(node->name.ptr[0] - 'a');
    if (i < count) return x_become(x, node, expr_copy(x->c->arena, args[i]));
  }
  for (uint16_t i = 0; i < node->arg_count; i++) TRY(substitute(x, node->args[i], args, count));
  return ERR_OK;
}

/* What an argument is wherever it stands: a variable of its own, so that it is computed (and drawn) once. Within an array
 * function it may run over elements, and is repeated. */
static Node *argument(Expand *x, const Fun *fun, Node *arg) {
  if (fun->code == WHOLE || x->arrays || arg->kind == N_NUM || arg->kind == N_REF) return arg;
  return x_ref(x, x_make(x, SYM_VALUE, "argument", arg));
}

static Err defined(Expand *x, Node *node, const Fun *fun) {
  const Definition *d = NULL;
  Node *args[8], *eqn;
  for (size_t i = 0; i < sizeof DEFINITIONS / sizeof DEFINITIONS[0]; i++)
    if (strcmp(DEFINITIONS[i].name, fun->name) == 0 && DEFINITIONS[i].count == node->arg_count) d = &DEFINITIONS[i];
  if (!d || node->arg_count > sizeof args / sizeof args[0])
    return comp_error(x->c, x->owner, ERR_INPUT, "function " STR_FMT " is called with %u arguments", STR_ARG(node->shown),
                      node->arg_count);
  TRY(expr_parse(&eqn, x->c->arena, str_from(d->eqn), x->c->info));
  for (uint16_t i = 0; i < node->arg_count; i++)
    if (!(args[i] = argument(x, fun, node->args[i]))) return x->c->info->code;
  TRY(substitute(x, eqn, args, node->arg_count));
  return x_become(x, node, eqn);
}

/* SAMPLE IF TRUE(condition, input, initial): the input while the condition holds, else what it was. */
static Err sample(Expand *x, Node *node) {
  Sym *before = x_make(x, SYM_PREVIOUS, "before", node->args[2]);
  Node *held = before ? expr_if(x->c->arena, node->args[0], node->args[1], x_ref(x, before)) : NULL;
  Sym *now = before ? x_make(x, SYM_VALUE, "sample", held) : NULL;
  if (!now) return x->c->info->code;
  before->source = now;
  return x_become(x, node, x_ref(x, now));
}

/* INTEG(rate, initial). */
static Err integral(Expand *x, Node *node) {
  Sym *rate = x_make(x, SYM_VALUE, "rate", node->args[0]), *level = x_make(x, SYM_STOCK, "level", node->args[1]);
  if (!rate || !level) return x->c->info->code;
  if (!(level->net = x_ref(x, rate))) return comp_memory(x->c);
  return x_become(x, node, x_ref(x, level));
}

/* NPV(stream, rate, initial, factor) by the definition in Vensim's reference manual: what came in so far and in this step,
 * each discounted, times the factor. The discount factor falls by rate/(1 + rate*DT) of itself. */
static Err present_value(Expand *x, Node *node) {
  Arena *a = x->c->arena;
  Sym *stream = x_make(x, SYM_VALUE, "stream", node->args[0]), *rate = x_make(x, SYM_VALUE, "rate", node->args[1]);
  Sym *discount = x_make(x, SYM_STOCK, "discount factor", x_num(x, 1)), *sum = x_make(x, SYM_STOCK, "sum", node->args[2]);
  if (!stream || !rate || !discount || !sum) return x->c->info->code;
  Node *per_step = x_bin(x, B_MUL, x_ref(x, rate), expr_ref(a, S("dt")));
  Node *fall = x_bin(x, B_DIV, x_ref(x, rate), x_bin(x, B_ADD, x_num(x, 1), per_step));
  discount->net = x_bin(x, B_SUB, x_num(x, 0), x_bin(x, B_MUL, x_ref(x, discount), fall));
  sum->net = x_bin(x, B_MUL, x_ref(x, stream), x_ref(x, discount));
  if (!discount->net || !sum->net) return comp_memory(x->c);
  Node *now = x_bin(x, B_MUL, x_bin(x, B_MUL, x_ref(x, stream), expr_ref(a, S("dt"))), x_ref(x, discount));
  return x_become(x, node, x_bin(x, B_MUL, x_bin(x, B_ADD, x_ref(x, sum), now), node->args[3]));
}

/* VECTOR ELM MAP(x[B1], n): x[B1 + n]; the last subscript that names an element moves. */
static Err element_map(Expand *x, Node *node) {
  Node *ref = node->args[0];
  const Sym *sym = ref->kind == N_REF ? comp_ref(x->ctx, ref) : NULL;
  size_t place = 0;
  for (uint16_t i = ref->sub_count; sym && ref->sub_count == sym->ndims - sym->implicit && i-- > 0;) {
    Sub *s = &ref->subs[i];
    bool names = s->kind == SUB_EXPR && s->a->kind == N_REF && !s->a->sub_count;
    if (!names || !map_get_index(&sym->dims[sym->implicit + i]->index, s->a->name, &place)) continue;
    if (!(s->a = x_bin(x, B_ADD, x_num(x, (double)place + 1), node->args[1]))) return comp_memory(x->c);
    return x_become(x, node, ref);
  }
  return comp_error(x->c, x->owner, ERR_INPUT, "the first argument of " STR_FMT " must be an array with an element's name as a "
                    "subscript", STR_ARG(node->shown));
}

/* VECTOR SORT ORDER(x[D], direction): along the last dimension D the places, counted from 0, of the elements in rising
 * (direction above 0) or falling order; equal ones in the order of the elements. */
static Err sort_order(Expand *x, Node *node) {
  Arena *a = x->c->arena;
  Node *ref = node->args[0], *along = NULL;
  const Sym *sym = ref->kind == N_REF ? comp_ref(x->ctx, ref) : NULL;
  Sub *last = sym && ref->sub_count ? &ref->subs[ref->sub_count - 1] : NULL;
  if (last && last->kind == SUB_EXPR && last->a->kind == N_REF && model_dim(x->c->model, last->a->name)) along = last->a;
  if (!along)
    return comp_error(x->c, x->owner, ERR_INPUT, "the first argument of " STR_FMT " must be an array whose last subscript is a "
                      "dimension", STR_ARG(node->shown));
  *last = (Sub){.kind = SUB_STAR};
  Node *all = expr_copy(a, ref), *minus = x_bin(x, B_SUB, x_num(x, 0), expr_copy(a, ref));
  Node *rising = expr_call(a, "rank", all, expr_copy(a, along), NULL);
  Node *falling = minus && along ? expr_call(a, "rank", minus, along, NULL) : NULL;
  Node *up = x_bin(x, B_GT, node->args[1], x_num(x, 0));
  return x_become(x, node, x_bin(x, B_SUB, expr_if(a, up, rising, falling), x_num(x, 1)));
}

/* The place of an element named without its dimension: in a dimension of the equation, as in "R = South"; in a file of
 * Vensim's also elsewhere, in the largest dimension that has it, since sub-ranges stand there as dimensions. */
static bool place_of(const Expand *x, Str name, size_t *place) {
  const FlowModel *m = x->c->model;
  const Dim *best = NULL;
  size_t at;
  for (uint32_t a = 0; a < x->ctx->count; a++)
    if (!x->ctx->axes[a].star && map_get_index(&x->ctx->axes[a].dim->index, name, place)) return true;
  for (size_t i = 0; m->dialect == DIALECT_VENSIM && i < m->dim_count; i++)
    if ((!best || m->dims[i]->size > best->size) && map_get_index(&m->dims[i]->index, name, &at)) {
      best = m->dims[i];
      *place = at;
    }
  return best != NULL;
}

void expand_name(Expand *x, Node *node) {
  size_t place;
  if (node->sub_count || comp_ref(x->ctx, node) || model_dim(x->c->model, node->name)) return;
  const Fun *fun = fun_find(node->name);
  if (fun && fun->how == HOW_DEFINED && fun->min == 0) node->kind = N_CALL;      /* RANDOM_0_1 */
  if (fun || !place_of(x, node->name, &place)) return;
  node->kind = N_NUM;
  node->num = (double)place + 1;
}

Err expand_vendor(Expand *x, Node *node, const Fun *fun, bool *done) {
  *done = fun->how == HOW_SPECIAL;
  if (!*done) return ERR_OK;
  switch (fun->code) {
    case X_SAMPLE: return sample(x, node);
    case X_INTEG: return integral(x, node);
    case X_NPV: return present_value(x, node);
    default: *done = false; return ERR_OK;
  }
}

Err expand_rewrite(Expand *x, Node *node, const Fun *fun, bool *done) {
  *done = fun->how == HOW_DEFINED || (fun->how == HOW_SPECIAL && (fun->code == X_ELM_MAP || fun->code == X_SORT_ORDER));
  if (!*done) return ERR_OK;
  if (fun->how == HOW_DEFINED) return defined(x, node, fun);
  return fun->code == X_ELM_MAP ? element_map(x, node) : sort_order(x, node);
}
