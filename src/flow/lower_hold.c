/* SPDX-License-Identifier: EUPL-1.2 */
/* What conveyors and graphical functions hold, one by one or through array functions (XMILE 3.7.1.3). */
#include <math.h>

#include "flow/lower.h"

/* An operation on the belts of a conveyor: `what` and `which` as in conv_slats. */
static Err belt_op(Build *b, Sym *sym, const Node *ref, int what, Opnd which, Opnd *out) {
  Comp *c = b->c;
  RefMap map;
  Opnd in[2] = {which};
  TRY(ref_resolve(c, b->ctx, ref, &map));
  if (map.dynamic)
    return comp_error(c, b->ctx->self, ERR_UNSUPPORTED, "a conveyor can not be chosen by a computed subscript");
  TRY(comp_need(c, sym));
  TRY(add_dep(c, sym, NULL, 0));
  TRY(ref_operand(b, &map, sym->base, &in[1]));     /* only its slots matter */
  Op *op = emit(b, OP_SLAT, 2, in, out);
  if (!op) return comp_memory(c);
  op->n = sym->conv->index;
  op->n2 = (uint32_t)what;
  return ERR_OK;
}

Err lower_slat(Build *b, Node *node, Opnd *out) {
  Opnd which;
  Node *ref = node->args[0];
  Sym *sym = ref->kind == N_REF ? comp_ref(b->ctx, ref) : NULL;
  if (sym && (sym->gf || sym->elem_gf)) return lower_lookup(b, sym, ref, node->args[1], OP_POINT, out);
  if (!sym || sym->kind != SYM_CONVEYOR)
    return comp_error(b->c, b->ctx->self, ERR_INPUT, "the first argument of SLAT is neither a conveyor nor a graphical function");
  TRY(lower_node(b, node->args[1], &which));
  return belt_op(b, sym, ref, OP_SLAT, which, out);
}

static double over_points(const Gf *gf, int code) {
  double sum = 0, product = 1, low = gf->y[0], high = gf->y[0], square = 0, n = gf->count;
  for (uint32_t i = 0; i < gf->count; i++) {
    double y = gf->y[i];
    sum += y;
    product *= y;
    low = y < low ? y : low;
    high = y > high ? y : high;
  }
  switch (code) {
    case OP_RSUM: return sum;
    case OP_RMEAN: return sum / n;
    case OP_RPROD: return product;
    case OP_RMIN: return low;
    case OP_RMAX: return high;
    default: break;
  }
  for (uint32_t i = 0; i < gf->count; i++) square += (gf->y[i] - sum / n) * (gf->y[i] - sum / n);
  return n > 1 ? sqrt(square / (n - 1)) : 0;
}

/* MEAN(belt), MAX(table): *done is false when the argument is neither. */
Err lower_holder(Build *b, const Node *node, int code, Opnd *out, bool *done) {
  const Node *ref = node->args[0];
  Sym *sym = ref->kind == N_REF && !ref->sub_count ? comp_ref(b->ctx, ref) : NULL;
  uint32_t slot;
  *done = false;
  if (!sym || sym->ndims != sym->implicit) return ERR_OK;
  if (sym->kind == SYM_TABLE && sym->gf) {
    *done = true;
    TRY(const_slot(b->c, code == OP_COPY ? sym->gf->count : over_points(sym->gf, code), &slot));
    *out = (Opnd){K_ONE, slot, NULL};
  } else if (sym->kind == SYM_CONVEYOR) {
    *done = true;
    TRY(const_slot(b->c, 0, &slot));
    TRY(belt_op(b, sym, ref, code, (Opnd){K_ONE, slot, NULL}, out));
  }
  return ERR_OK;
}
