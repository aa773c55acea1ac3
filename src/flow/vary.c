/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/comp.h"

#define VARY_DEPTH_MAX 400   /* variables followed; beyond that "it changes" is the safe answer */

static bool subs_vary(Comp *c, const Node *node, const Ctx *ctx, int depth) {
  for (uint16_t i = 0; i < node->sub_count; i++) {
    const Sub *s = &node->subs[i];
    if (s->kind == SUB_EXPR && s->a && comp_node_varies(c, s->a, ctx, depth)) return true;
  }
  return false;
}

bool comp_node_varies(Comp *c, const Node *node, const Ctx *ctx, int depth) {
  Sym *sym;
  const Fun *fun;
  switch (node->kind) {
    case N_NUM: return false;
    case N_REF:
      if (subs_vary(c, node, ctx, depth)) return true;
      sym = comp_ref(ctx, node);
      if (sym) return comp_varies(c, sym, depth + 1);
      fun = fun_find(node->name);
      return fun && fun->how == HOW_VALUE && fun->code == VAL_TIME;
    case N_CALL:
      sym = comp_callee(ctx, node);
      fun = sym ? NULL : fun_find(node->name);
      if (sym && comp_varies(c, sym, depth + 1)) return true;
      if (fun && (fun->how == HOW_RANDOM || (fun->how == HOW_SPECIAL && (fun->code == X_PULSE || fun->code >= X_TRIANGULAR)) ||
                  (fun->how == HOW_VALUE && fun->code == VAL_TIME))) return true;
      if (fun && fun->how == HOW_SPECIAL && fun->code == X_SIZE) {
        sym = node->args[0]->kind == N_REF ? comp_ref(ctx, node->args[0]) : NULL;
        return sym && sym->kind == SYM_CONVEYOR;      /* its belt may grow and shrink */
      }
      break;
    default: break;
  }
  for (uint16_t i = 0; i < node->arg_count; i++)
    if (comp_node_varies(c, node->args[i], ctx, depth)) return true;
  return subs_vary(c, node, ctx, depth);
}

static bool compute(Comp *c, Sym *sym, int depth) {
  Ctx ctx;
  switch (sym->kind) {
    case SYM_TABLE: case SYM_INIT: return false;
    case SYM_PREVIOUS: case SYM_DELAY: case SYM_CONVEYOR: case SYM_CONV_OUT: return true;
    case SYM_STOCK: return sym->net != NULL;
    case SYM_VALUE: break;
  }
  if (sym->whole_set) return false;
  if (depth > VARY_DEPTH_MAX || comp_expand(c, sym) != ERR_OK) return true;
  comp_ctx(&ctx, sym, -1);
  if (sym->eqn && comp_node_varies(c, sym->eqn, &ctx, depth)) return true;
  for (uint32_t e = 0; sym->elem_eqn && e < sym->count; e++)
    if (sym->elem_eqn[e] && comp_node_varies(c, sym->elem_eqn[e], &ctx, depth)) return true;
  return false;
}

bool comp_varies(Comp *c, Sym *sym, int depth) {
  if (sym->varying >= 0) return sym->varying;
  if (sym->visiting || sym->expanding) return true;   /* a circle, reported when the order is made; or not whole yet */
  sym->visiting = true;
  bool varies = compute(c, sym, depth);
  sym->visiting = false;
  sym->varying = varies;
  return varies;
}
