/* SPDX-License-Identifier: EUPL-1.2 */
/* Random functions with a simple inverse of their distribution: an equation over one uniform draw. The formulas are those
 * of L. Devroye, Non-Uniform Random Variate Generation (Springer, 1986), II.2. */
#include "flow/expand.h"

static Node *call(Expand *x, const char *name, Node *a, Node *b) { return expr_call(x->c->arena, name, a, b, NULL); }

/* A uniform number between 0 and 1, of the seed in argument `seed` if there is one. */
static Sym *uniform(Expand *x, const Node *node, uint16_t seed) {
  Node *of = node->arg_count > seed ? node->args[seed] : NULL;
  return x_make(x, SYM_VALUE, "draw", expr_call(x->c->arena, "uniform", x_num(x, 0), x_num(x, 1), of));
}

static Sym *argument(Expand *x, const Node *node, uint16_t i) { return x_make(x, SYM_VALUE, "argument", node->args[i]); }

/* NORMAL(mean, deviation, seed, least, most): the normal distribution between two bounds; the second may be left out. */
static Err bounded_normal(Expand *x, Node *node) {
  Sym *u = uniform(x, node, 2), *mean = argument(x, node, 0), *deviation = argument(x, node, 1);
  Sym *least = argument(x, node, 3), *most = node->arg_count > 4 ? argument(x, node, 4) : NULL;
  if (!u || !mean || !deviation || !least) return x->c->info->code;
  Node *from = x_bin(x, B_DIV, x_bin(x, B_SUB, x_ref(x, least), x_ref(x, mean)), x_ref(x, deviation));
  Sym *lo = x_make(x, SYM_VALUE, "from", call(x, "normcdf", from, NULL));
  Node *to = most ? x_bin(x, B_DIV, x_bin(x, B_SUB, x_ref(x, most), x_ref(x, mean)), x_ref(x, deviation)) : NULL;
  Node *hi = most ? call(x, "normcdf", to, NULL) : x_num(x, 1);
  if (!lo) return x->c->info->code;
  Node *p = x_bin(x, B_ADD, x_ref(x, lo), x_bin(x, B_MUL, x_ref(x, u), x_bin(x, B_SUB, hi, x_ref(x, lo))));
  Node *r = x_bin(x, B_ADD, x_ref(x, mean), x_bin(x, B_MUL, x_ref(x, deviation), call(x, "invnorm", p, NULL)));
  r = call(x, "max", r, x_ref(x, least));        /* rounding must not lead beyond a bound */
  return x_become(x, node, most ? call(x, "min", r, x_ref(x, most)) : r);
}

/* TRIANGULAR(lower, mode, upper). */
static Err triangular(Expand *x, Node *node) {
  Sym *u = uniform(x, node, 3), *a = argument(x, node, 0), *m = argument(x, node, 1), *b = argument(x, node, 2);
  if (!u || !a || !m || !b) return x->c->info->code;
  Node *width = x_bin(x, B_SUB, x_ref(x, b), x_ref(x, a));
  Node *left = x_bin(x, B_MUL, x_bin(x, B_MUL, x_ref(x, u), width), x_bin(x, B_SUB, x_ref(x, m), x_ref(x, a)));
  Node *right = x_bin(x, B_MUL, x_bin(x, B_SUB, x_num(x, 1), x_ref(x, u)), x_bin(x, B_SUB, x_ref(x, b), x_ref(x, a)));
  right = x_bin(x, B_MUL, right, x_bin(x, B_SUB, x_ref(x, b), x_ref(x, m)));
  Node *here = x_bin(x, B_MUL, x_ref(x, u), x_bin(x, B_SUB, x_ref(x, b), x_ref(x, a)));
  Node *rising = x_bin(x, B_LT, here, x_bin(x, B_SUB, x_ref(x, m), x_ref(x, a)));
  return x_become(x, node, expr_if(x->c->arena, rising, x_bin(x, B_ADD, x_ref(x, a), call(x, "sqrt", left, NULL)),
                                   x_bin(x, B_SUB, x_ref(x, b), call(x, "sqrt", right, NULL))));
}

/* WEIBULL(shape, scale), LOGISTIC(mean, scale) and PARETO(shape, scale). */
static Err by_two(Expand *x, Node *node, int code) {
  Sym *u = uniform(x, node, 2), *first = argument(x, node, 0), *scale = argument(x, node, 1);
  if (!u || !first || !scale) return x->c->info->code;
  Node *power = x_bin(x, B_DIV, x_num(x, code == X_PARETO ? -1 : 1), x_ref(x, first)), *r;
  Node *minus_ln = x_bin(x, B_SUB, x_num(x, 0), call(x, "ln", x_ref(x, u), NULL));
  Node *odds = x_bin(x, B_DIV, x_ref(x, u), x_bin(x, B_SUB, x_num(x, 1), x_ref(x, u)));
  if (code == X_WEIBULL) r = x_bin(x, B_MUL, x_ref(x, scale), x_bin(x, B_POW, minus_ln, power));
  else if (code == X_PARETO) r = x_bin(x, B_MUL, x_ref(x, scale), x_bin(x, B_POW, x_ref(x, u), power));
  else r = x_bin(x, B_ADD, x_ref(x, first), x_bin(x, B_MUL, x_ref(x, scale), call(x, "ln", odds, NULL)));
  return x_become(x, node, r);
}

Err expand_draw(Expand *x, Node *node, const Fun *fun, bool *done) {
  *done = true;
  if (fun->how == HOW_RANDOM && fun->code == OP_NORMAL && node->arg_count > 3) return bounded_normal(x, node);
  if (fun->how == HOW_SPECIAL && fun->code == X_TRIANGULAR) return triangular(x, node);
  if (fun->how == HOW_SPECIAL && (fun->code == X_WEIBULL || fun->code == X_LOGISTIC || fun->code == X_PARETO))
    return by_two(x, node, fun->code);
  *done = false;
  return ERR_OK;
}
