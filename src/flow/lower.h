/* SPDX-License-Identifier: EUPL-1.2 */
/* Equations to operations; shared by the lower_*.c files. */
#ifndef PW_FLOW_LOWER_H
#define PW_FLOW_LOWER_H

#include "flow/comp.h"

/* One loop being written. */
typedef struct Build {
  Comp *c;
  Ctx *ctx;
  uint32_t n;            /* elements of the free axes */
  uint64_t free_mask;    /* bits of free axes with more than one element */
  bool varying;
  bool plain;            /* nothing is taken out of the loop */
  Op *ops;
  uint32_t count, cap;
  uint32_t top, most;    /* temporaries in use, and at most */
} Build;

/* How one dimension of a reference is found. */
typedef struct RefDim {
  int axis;              /* place in the context, or -1: fixed or dynamic */
  uint32_t fixed, lo, stride;
  const uint32_t *map;   /* element of the axis -> element of the dimension; NULL: lo + element */
  const Node *dyn;       /* a subscript that is computed */
} RefDim;
typedef struct RefMap {
  Sym *sym;
  RefDim d[AXES_MAX];
  uint32_t n;
  bool dynamic;
} RefMap;

/* A run of elements of a dimension. */
typedef struct Range { const Dim *dim; uint32_t lo, size; } Range;

/* lower_ref.c */
/* Whether a subscript means a whole range of elements; within array functions only. */
Err ref_range(Comp *c, const Ctx *ctx, const Dim *dim, const Sub *sub, Range *range, bool *is) MUST_CHECK;
/* Whether a call is of a function over an array. */
bool array_call(Comp *c, const Ctx *ctx, const Node *node);
Err ref_resolve(Comp *c, Ctx *ctx, const Node *node, RefMap *map) MUST_CHECK;
Err ref_axes(Comp *c, Ctx *ctx, const Node *node, uint64_t *mask) MUST_CHECK;
Err lower_ref(Build *b, Node *node, Opnd *out) MUST_CHECK;
/* Operand for slots base + sum of stride * index over the axes of a RefMap, for `n` elements of `ctx`. */
Err ref_operand(Build *b, const RefMap *map, uint32_t base, Opnd *out) MUST_CHECK;
/* The star axes that the references in `node` ask for, added to ctx behind the axes it has. */
Err ref_stars(Comp *c, Ctx *ctx, const Node *node) MUST_CHECK;

/* lower.c */
Err lower_node(Build *b, Node *node, Opnd *out) MUST_CHECK;
/* The operation of a binary operator in the dialect of the file. */
int binop_code(const Comp *c, BinOp op);
Err annotate(Comp *c, Ctx *ctx, Node *node) MUST_CHECK;
void build_init(Build *b, Comp *c, Ctx *ctx, bool varying, bool plain);
/* Adds an operation on `nin` operands; its result is *out, a temporary. NULL on lack of memory. */
Op *emit(Build *b, int code, uint32_t nin, const Opnd *in, Opnd *out);
/* Ends the loop: its result goes to slots base, base + 1, ... and the loop to the unit being lowered. */
Err build_finish(Build *b, Opnd result, uint32_t base) MUST_CHECK;
Err slots_new(Comp *c, uint32_t count, uint32_t *base) MUST_CHECK;
Err const_slot(Comp *c, double value, uint32_t *slot) MUST_CHECK;
Err add_dep(Comp *c, Sym *sym, const uint32_t *elems, uint32_t count) MUST_CHECK;
/* A node as a loop of its own over the axes it uses; *out reads the result in b. */
Err lower_apart(Build *b, Node *node, Opnd *out) MUST_CHECK;
/* *b over ctx: a loop of its own over all free axes of ctx; the slots are *base.. */
Err lower_region(Comp *c, Ctx *ctx, Node *node, bool varying, uint32_t *base) MUST_CHECK;

/* lower_fun.c */
Err lower_call(Build *b, Node *node, Opnd *out) MUST_CHECK;
Err annotate_call(Comp *c, Ctx *ctx, Node *node) MUST_CHECK;

/* name(x) or LOOKUP(name, x) by OP_LOOKUP, OP_LOOKUPINV or OP_POINT. */
Err lower_lookup(Build *b, Sym *sym, const Node *ref, Node *arg, int code, Opnd *out) MUST_CHECK;

/* lower_hold.c: what a conveyor or graphical function holds; `code` OP_COPY: how many. */
Err lower_slat(Build *b, Node *node, Opnd *out) MUST_CHECK;
Err lower_holder(Build *b, const Node *node, int code, Opnd *out, bool *done) MUST_CHECK;

/* roll.c: loops of single elements with the same operations become one loop. */
Err roll_loops(Comp *c, Unit *unit) MUST_CHECK;

/* lower_conv.c */
Err lower_conveyor(Comp *c, Sym *sym) MUST_CHECK;
Err lower_conv_out(Comp *c, Sym *sym) MUST_CHECK;

#define GROW(c, items, count, cap) grow_items((c), (void **)&(items), (count), &(cap), sizeof *(items))
/* Makes room for one more item in an array of the arena; false on lack of memory. */
bool grow_items(Comp *c, void **items, uint32_t count, uint32_t *cap, size_t size);

#endif
