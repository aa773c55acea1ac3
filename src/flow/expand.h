/* SPDX-License-Identifier: EUPL-1.2 */
/* Calls that become variables and equations of the engine; shared by the expand*.c files. */
#ifndef PW_FLOW_EXPAND_H
#define PW_FLOW_EXPAND_H

#include "flow/lower.h"

typedef struct Expand {
  Comp *c;
  Ctx *ctx;            /* of the equation that is walked */
  Sym *owner;          /* whose equation it is */
  int arrays;          /* array functions around what is walked */
} Expand;

/* A variable of the engine with an equation, over the dimensions of the owner. NULL, with the error set, also when `eqn`
 * is NULL. */
Sym *x_make(Expand *x, SymKind kind, const char *what, Node *eqn);
/* Nodes; NULL on lack of memory, also when an operand is NULL. */
Node *x_ref(Expand *x, Sym *sym);
Node *x_num(Expand *x, double v);
Node *x_bin(Expand *x, BinOp op, Node *a, Node *b);
/* Makes `node` what `with` is. */
Err x_become(Expand *x, Node *node, Node *with) MUST_CHECK;

/* expand_draw.c: random functions that are made from a uniform number; *done is false for the others. */
Err expand_draw(Expand *x, Node *node, const Fun *fun, bool *done) MUST_CHECK;

/* expand_vendor.c: calls that stand for another expression, rewritten before their arguments are looked at; what they have
 * become is still to be walked. *done is false for the others. */
Err expand_rewrite(Expand *x, Node *node, const Fun *fun, bool *done) MUST_CHECK;
/* A name that is no variable: a function without arguments, or an element that stands for its place. Not for names that
 * are subscripts themselves. */
void expand_name(Expand *x, Node *node);
/* The other functions of Vensim, when their arguments have been walked. */
Err expand_vendor(Expand *x, Node *node, const Fun *fun, bool *done) MUST_CHECK;

#endif
