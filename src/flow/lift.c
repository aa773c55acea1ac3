/* SPDX-License-Identifier: EUPL-1.2 */
/* Functions with a memory within array functions: SUM(SMTH1(x[*], 5)) needs a smooth for every element that SUM runs over.
 * The call becomes a variable over those dimensions, SUM(s[*]) with s[D] = SMTH1(x[D], 5). */
#include <string.h>

#include "flow/lower.h"

typedef struct Lift {
  Comp *c;
  Ctx ctx;              /* of the call, one array function deeper; the axes it runs over are the last ones */
  uint32_t first;       /* place of the first of those axes */
  uint32_t free;        /* free axes before them: the dimensions the new variable shares with its owner */
} Lift;

static bool has_memory(const Fun *fun) {
  static const FunCode CODES[] = {X_DELAY, X_DELAY1, X_DELAY3, X_DELAYN, X_FORCST, X_SMTH1, X_SMTH3, X_SMTHN, X_TREND,
                                  X_HISTORY, X_INIT, X_PREVIOUS, X_SAMPLE, X_INTEG, X_NPV};
  for (size_t i = 0; fun && fun->how == HOW_SPECIAL && i < sizeof CODES / sizeof CODES[0]; i++)
    if (fun->code == (int)CODES[i]) return true;
  return false;
}

/* The place, among the axes the call runs over, of what dimension `j` of a reference means; -1: one element. */
static Err place_of(Lift *l, const Sym *sym, const Node *node, uint32_t j, int *place) {
  const Dim *dim = sym->dims[sym->implicit + j];
  Range range = {dim, 0, dim->size}, other;
  bool is = !node->sub_count;
  uint32_t nth = 0;
  *place = -1;
  if (node->sub_count) TRY(ref_range(l->c, &l->ctx, dim, &node->subs[j], &range, &is));
  if (!is) return ERR_OK;
  for (uint32_t k = 0; k < j; k++) {
    bool also = !node->sub_count;
    other = (Range){sym->dims[sym->implicit + k], 0, sym->dims[sym->implicit + k]->size};
    if (node->sub_count) TRY(ref_range(l->c, &l->ctx, sym->dims[sym->implicit + k], &node->subs[k], &other, &also));
    nth += also && other.dim == range.dim && other.lo == range.lo && other.size == range.size;
  }
  for (uint32_t a = l->first; a < l->ctx.count; a++) {
    const Axis *axis = &l->ctx.axes[a];
    if (axis->dim == range.dim && axis->lo == range.lo && axis->size == range.size && axis->nth == nth)
      *place = (int)(a - l->first);
  }
  return ERR_OK;
}

/* x[*] in the new variable's equation: x[@n], n the place of its own dimension. */
static Err rewrite_ref(Lift *l, Node *node) {
  const Sym *sym = comp_ref(&l->ctx, node);
  if (!sym || sym->kind == SYM_TABLE) return ERR_OK;
  uint32_t own = sym->ndims - sym->implicit;
  if (!own || (node->sub_count && node->sub_count != own)) return ERR_OK;
  Sub *subs = ARENA_ARRAY(l->c->arena, Sub, own);
  if (!subs) return comp_memory(l->c);
  for (uint32_t j = 0; j < own; j++) {
    int place;
    TRY(place_of(l, sym, node, j, &place));
    if (place >= 0) subs[j] = (Sub){.kind = SUB_AT, .at = (int)l->free + place + 1};
    else if (node->sub_count) subs[j] = node->subs[j];
    else return ERR_OK;
  }
  node->subs = subs;
  node->sub_count = (uint16_t)own;
  return ERR_OK;
}

static Err rewrite(Lift *l, Node *node) {
  if (array_call(l->c, &l->ctx, node)) return ERR_OK;      /* runs over axes of its own */
  if (node->kind == N_REF) return rewrite_ref(l, node);
  for (uint16_t i = 0; i < node->arg_count; i++) TRY(rewrite(l, node->args[i]));
  return ERR_OK;
}

/* The variable, over the dimensions of its owner and those the call runs over. */
static Sym *variable(Lift *l, const Ctx *owner, Node *call) {
  Sym *sym = comp_sym_new(l->c, SYM_VALUE, owner, "elements");
  if (!sym) return NULL;
  if (l->free + (l->ctx.count - l->first) > FLOW_DIMS_MAX) {
    comp_error(l->c, owner->self, ERR_LIMIT, "an array function runs over more than %d dimensions", FLOW_DIMS_MAX);
    return NULL;
  }
  for (uint32_t a = l->first; a < l->ctx.count; a++) sym->dims[sym->ndims++] = l->ctx.axes[a].dim;
  sym->eqn = call;
  return comp_size_up(l->c, sym) == ERR_OK ? sym : NULL;
}

/* s[*], or s[2:3] where the call runs over a part of a dimension. */
static Err refer(Lift *l, Node *node, Sym *sym) {
  uint32_t count = l->ctx.count - l->first;
  Sub *subs = ARENA_ARRAY(l->c->arena, Sub, count);
  if (!subs) return comp_memory(l->c);
  for (uint32_t i = 0; i < count; i++) {
    const Axis *axis = &l->ctx.axes[l->first + i];
    subs[i] = (Sub){.kind = SUB_STAR};
    if (axis->size == axis->dim->size) continue;
    subs[i] = (Sub){.kind = SUB_RANGE, .a = expr_num(l->c->arena, axis->lo + 1.0), .b = expr_num(l->c->arena, axis->lo + axis->size)};
    if (!subs[i].a || !subs[i].b) return comp_memory(l->c);
  }
  Str shown = node->shown;
  *node = (Node){.kind = N_REF, .sym = sym, .shown = shown, .subs = subs, .sub_count = (uint16_t)count};
  return ERR_OK;
}

/* A bare name is handed to a macro as it is, array or not. */
static bool whole_to_macro(bool macro, const Node *arg) { return macro && arg->kind == N_REF && !arg->sub_count; }

Err comp_lift(Comp *c, const Ctx *owner, Node *node, bool macro, bool *lifted) {
  *lifted = false;
  if (!macro && !has_memory(fun_find(node->name))) return ERR_OK;
  Lift l = {.c = c, .ctx = *owner};
  for (uint32_t a = 0; a < owner->count; a++) l.free += owner->axes[a].bound < 0 && !owner->axes[a].star;
  l.first = owner->count;
  l.ctx.level = 1;
  c->next_bit = 0;       /* bits are given out anew when the equation is lowered */
  for (uint16_t i = 0; i < node->arg_count; i++)
    if (!whole_to_macro(macro, node->args[i])) TRY(ref_stars(c, &l.ctx, node->args[i]));
  if (l.ctx.count == l.first) return ERR_OK;
  Node *call = ARENA_NEW(c->arena, Node);
  if (!call) return comp_memory(c);
  *call = *node;
  for (uint16_t i = 0; i < call->arg_count; i++)
    if (!whole_to_macro(macro, call->args[i])) TRY(rewrite(&l, call->args[i]));
  Sym *sym = variable(&l, owner, call);
  if (!sym) return c->info->code;
  *lifted = true;
  return refer(&l, node, sym);
}
