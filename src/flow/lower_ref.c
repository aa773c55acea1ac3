/* SPDX-License-Identifier: EUPL-1.2 */
/* References: which slots a name with its subscripts means in an equation (XMILE 3.7.1). */
#include <math.h>
#include <string.h>

#include "flow/lower.h"
#include "flow/name.h"

static Err no_fit(Comp *c, const Ctx *ctx, const Sym *sym, const Dim *dim) {
  return comp_error(c, ctx->self, ERR_INPUT, "\"" STR_FMT "\" has dimension " STR_FMT ", which the equation does not bind; "
                    "give a subscript or use an array function", STR_ARG(sym->name), STR_ARG(dim->name));
}

/* Elements of `from` by name in `to`; NULL in *map when the same dimension. False when a name is missing. */
static bool by_name(Comp *c, const Axis *axis, const Dim *to, RefDim *out, bool *memory) {
  out->map = NULL;
  out->lo = axis->lo;
  *memory = false;
  if (axis->dim == to) return true;
  for (uint32_t i = 0; i < axis->size; i++)
    if (!map_get(&to->index, axis->dim->canon_elem[axis->lo + i], NULL)) return false;
  uint32_t *map = ARENA_ARRAY(c->arena, uint32_t, axis->size);
  if (!map) { *memory = true; return false; }
  for (uint32_t i = 0; i < axis->size; i++) {
    size_t place = 0;
    map_get_index(&to->index, axis->dim->canon_elem[axis->lo + i], &place);
    map[i] = (uint32_t)place;
  }
  out->map = map;
  return true;
}

/* Binds dimension `dim` of a reference to axis `a`. */
static Err bind_axis(Comp *c, Ctx *ctx, const Sym *sym, const Dim *dim, uint32_t a, RefDim *out) {
  const Axis *axis = &ctx->axes[a];
  bool memory;
  size_t place;
  out->axis = -1;
  if (axis->bound >= 0) {
    if (axis->dim == dim) { out->fixed = (uint32_t)axis->bound; return ERR_OK; }
    if (map_get_index(&dim->index, axis->dim->canon_elem[axis->bound], &place)) {
      out->fixed = (uint32_t)place;
      return ERR_OK;
    }
    return no_fit(c, ctx, sym, dim);
  }
  out->axis = (int)a;
  if (by_name(c, axis, dim, out, &memory)) return ERR_OK;
  return memory ? comp_memory(c) : no_fit(c, ctx, sym, dim);
}

/* The star axis of this array function for occurrence `nth` of a range of a dimension. */
static int find_star(const Ctx *ctx, const Dim *dim, uint32_t lo, uint32_t size, uint32_t nth) {
  for (uint32_t a = 0; a < ctx->count; a++) {
    const Axis *axis = &ctx->axes[a];
    if (axis->star && axis->level == ctx->level && axis->dim == dim && axis->lo == lo && axis->size == size &&
        axis->nth == nth) return (int)a;
  }
  return -1;
}

Err ref_range(Comp *c, const Ctx *ctx, const Dim *dim, const Sub *sub, Range *range, bool *is) {
  size_t lo, hi;
  double x, y;
  *is = true;
  *range = (Range){dim, 0, dim->size};
  if (sub->kind == SUB_STAR) {
    if (!sub->a) return ERR_OK;
    const Dim *part = sub->a->kind == N_REF ? model_dim(c->model, sub->a->name) : NULL;
    if (!part) return comp_error(c, ctx->self, ERR_INPUT, "what follows \"*:\" is not a dimension");
    *range = (Range){part, 0, part->size};
    return ERR_OK;
  }
  if (sub->kind == SUB_RANGE) {
    bool ok_lo = sub->a->kind == N_REF && map_get_index(&dim->index, sub->a->name, &lo);
    bool ok_hi = sub->b->kind == N_REF && map_get_index(&dim->index, sub->b->name, &hi);
    if (!ok_lo && comp_constant(c, sub->a, ctx, 0, &x) && x >= 1 && x <= dim->size) { lo = (size_t)x - 1; ok_lo = true; }
    if (!ok_hi && comp_constant(c, sub->b, ctx, 0, &y) && y >= 1 && y <= dim->size) { hi = (size_t)y - 1; ok_hi = true; }
    if (!ok_lo || !ok_hi || lo > hi)
      return comp_error(c, ctx->self, ERR_INPUT, "a range in a subscript does not fit dimension " STR_FMT,
                        STR_ARG(dim->name));
    *range = (Range){dim, (uint32_t)lo, (uint32_t)(hi - lo + 1)};
    return ERR_OK;
  }
  *is = false;
  if (sub->kind != SUB_EXPR || sub->a->kind != N_REF || sub->a->sub_count) return ERR_OK;
  if (map_get(&dim->index, sub->a->name, NULL)) return ERR_OK;
  const Dim *named = model_dim(c->model, sub->a->name);
  if (!named) return ERR_OK;
  for (uint32_t a = 0; a < ctx->count; a++)
    if (!ctx->axes[a].star && ctx->axes[a].dim == named) return ERR_OK;    /* bound by the equation */
  *range = (Range){named, 0, named->size};
  *is = true;
  return ERR_OK;
}

/* The axis that an unsubscripted dimension, or a subscript that names `named`, is bound to. */
static int find_axis(const Ctx *ctx, const Dim *named, uint64_t used) {
  for (uint32_t a = 0; a < ctx->count; a++)
    if (!ctx->axes[a].star && ctx->axes[a].dim == named && !(used >> a & 1)) return (int)a;
  for (uint32_t a = 0; a < ctx->count; a++)
    if (!ctx->axes[a].star && ctx->axes[a].dim == named) return (int)a;
  return -1;
}

/* An axis whose elements all carry names of `dim`: the equation stands in a sub-range of it. */
static int find_part(const Ctx *ctx, const Dim *dim, uint64_t used) {
  for (uint32_t a = 0; a < ctx->count; a++) {
    const Axis *axis = &ctx->axes[a];
    if (axis->star || (used >> a & 1)) continue;
    uint32_t i = 0;
    if (axis->bound >= 0) {
      if (map_get(&dim->index, axis->dim->canon_elem[axis->bound], NULL)) return (int)a;
      continue;
    }
    while (i < axis->size && map_get(&dim->index, axis->dim->canon_elem[axis->lo + i], NULL)) i++;
    if (i == axis->size) return (int)a;
  }
  return -1;
}

static Err resolve_plain(Comp *c, Ctx *ctx, RefMap *map, uint32_t from) {
  Sym *sym = map->sym;
  uint64_t used = 0;
  for (uint32_t j = from; j < sym->ndims; j++) {
    const Dim *dim = sym->dims[j];
    int a;
    if (ctx->level) {
      uint32_t nth = 0;
      for (uint32_t k = from; k < j; k++) nth += sym->dims[k] == dim;
      a = find_star(ctx, dim, 0, dim->size, nth);
    } else {
      a = find_axis(ctx, dim, used);
      if (a >= 0 && (used >> a & 1)) a = -1;
      if (a < 0) a = find_part(ctx, dim, used);
    }
    if (a < 0) return no_fit(c, ctx, sym, dim);
    used |= 1ull << a;
    TRY(bind_axis(c, ctx, sym, dim, (uint32_t)a, &map->d[j]));
  }
  return ERR_OK;
}

static Err resolve_sub(Comp *c, Ctx *ctx, RefMap *map, const Sub *sub, uint32_t j, uint64_t *used) {
  Sym *sym = map->sym;
  const Dim *dim = sym->dims[j];
  RefDim *out = &map->d[j];
  size_t place;
  out->axis = -1;
  if (sub->kind == SUB_AT) {
    for (uint32_t a = 0; a < ctx->count; a++)
      if (ctx->axes[a].id == sub->at - 1 || (ctx->axes[a].id < 0 && !ctx->axes[a].star && (int)a == sub->at - 1))
        return bind_axis(c, ctx, sym, dim, a, out);
    return comp_error(c, ctx->self, ERR_INPUT, "@%d: the equation has no such dimension", sub->at);
  }
  Range range;
  bool is;
  TRY(ref_range(c, ctx, dim, sub, &range, &is));
  if (is) {
    uint32_t nth = 0;
    for (uint32_t k = 0; k < j; k++)
      nth += map->d[k].axis >= 0 && ctx->axes[map->d[k].axis].star && ctx->axes[map->d[k].axis].dim == range.dim &&
             ctx->axes[map->d[k].axis].lo == range.lo && ctx->axes[map->d[k].axis].size == range.size;
    int a = ctx->level ? find_star(ctx, range.dim, range.lo, range.size, nth) : find_axis(ctx, range.dim, *used);
    if (a < 0 && !ctx->level) a = find_part(ctx, dim, *used);
    if (a < 0) return no_fit(c, ctx, sym, dim);
    *used |= 1ull << a;
    return bind_axis(c, ctx, sym, dim, (uint32_t)a, out);
  }
  const Node *node = sub->a;
  if (node->kind == N_REF && !node->sub_count && !node->sym) {
    if (map_get_index(&dim->index, node->name, &place)) { out->fixed = (uint32_t)place; return ERR_OK; }
    const Dim *named = model_dim(c->model, node->name);
    int a = named ? find_axis(ctx, named, *used) : -1;
    if (a >= 0) { *used |= 1ull << a; return bind_axis(c, ctx, sym, dim, (uint32_t)a, out); }
    /* Dim.element, also of another dimension than this one */
    size_t dot = str_find_char(node->name, '.');
    const Dim *other = dot == STR_NPOS ? NULL : model_dim(c->model, str_slice(node->name, 0, dot));
    if (other == dim && map_get_index(&dim->index, str_slice(node->name, dot + 1, node->name.len), &place)) {
      out->fixed = (uint32_t)place;
      return ERR_OK;
    }
    if (!named && !other && !comp_ref(ctx, node) && !fun_find(node->name))
      return comp_error(c, ctx->self, ERR_INPUT, "\"" STR_FMT "\" is neither an element of dimension " STR_FMT
                        " nor a variable", STR_ARG(node->shown), STR_ARG(dim->name));
  }
  double value;
  if (node->kind == N_NUM || comp_constant(c, node, ctx, 0, &value)) {
    if (node->kind == N_NUM) value = node->num;
    double whole = floor(value + 0.5);
    if (whole >= 1 && whole <= dim->size) { out->fixed = (uint32_t)whole - 1; return ERR_OK; }
    if (node->kind == N_NUM)
      return comp_error(c, ctx->self, ERR_INPUT, "subscript %g of \"" STR_FMT "\" is outside of dimension " STR_FMT
                        " (1 to %u)", value, STR_ARG(sym->name), STR_ARG(dim->name), dim->size);
  }
  out->dyn = node;
  map->dynamic = true;
  return ERR_OK;
}

/* Dimensions that are never written: those of the equation that a macro or function was called from. */
static Err resolve_implicit(Comp *c, Ctx *ctx, RefMap *map) {
  Sym *sym = map->sym;
  for (uint32_t j = 0; j < sym->implicit; j++) {
    uint32_t a = 0;
    while (a < ctx->count && ctx->axes[a].id != (int32_t)j) a++;
    if (a == ctx->count)
      return comp_error(c, ctx->self, ERR_INPUT, "a function with a memory stands where its array is not bound");
    map->d[j].axis = -1;
    if (ctx->axes[a].bound >= 0) map->d[j].fixed = (uint32_t)ctx->axes[a].bound;
    else { map->d[j].axis = (int)a; map->d[j].lo = ctx->axes[a].lo; map->d[j].map = NULL; }
  }
  return ERR_OK;
}

Err ref_resolve(Comp *c, Ctx *ctx, const Node *node, RefMap *map) {
  bool transpose = false;
  while (node->kind == N_TRANSPOSE) { transpose = !transpose; node = node->args[0]; }
  if (node->kind != N_REF) return comp_error(c, ctx->self, ERR_UNSUPPORTED, "only a variable can be transposed with '");
  Sym *sym = comp_ref(ctx, node);
  if (!sym)
    return comp_error(c, ctx->self, ERR_INPUT, "undefined variable \"" STR_FMT "\"", STR_ARG(node->shown));
  *map = (RefMap){.sym = sym, .n = sym->ndims};
  uint32_t own = sym->ndims - sym->implicit, stride = 1;
  for (uint32_t j = sym->ndims; j-- > 0;) { map->d[j].stride = stride; stride *= sym->dims[j]->size; }
  TRY(resolve_implicit(c, ctx, map));
  if (transpose && !node->sub_count) {
    /* dimensions in reverse: bind the last first */
    if (ctx->level) return resolve_plain(c, ctx, map, sym->implicit);
    for (uint32_t j = 0; j < own; j++) {
      uint32_t a = 0;
      while (a < ctx->count && ctx->axes[a].id != (int32_t)(own - 1 - j)) a++;
      if (a == ctx->count) return no_fit(c, ctx, sym, sym->dims[sym->implicit + j]);
      TRY(bind_axis(c, ctx, sym, sym->dims[sym->implicit + j], a, &map->d[sym->implicit + j]));
    }
    return ERR_OK;
  }
  if (transpose) return comp_error(c, ctx->self, ERR_UNSUPPORTED, "' behind subscripts is not supported");
  if (!node->sub_count) return resolve_plain(c, ctx, map, sym->implicit);
  if (node->sub_count != own)
    return comp_error(c, ctx->self, ERR_INPUT, "\"" STR_FMT "\" has %u dimensions, the reference gives %u subscripts",
                      STR_ARG(sym->name), own, node->sub_count);
  uint64_t used = 0;
  for (uint32_t j = 0; j < own; j++) TRY(resolve_sub(c, ctx, map, &node->subs[j], sym->implicit + j, &used));
  return ERR_OK;
}

static Err add_star(Comp *c, Ctx *ctx, Range range, uint32_t nth) {
  if (find_star(ctx, range.dim, range.lo, range.size, nth) >= 0) return ERR_OK;
  if (ctx->count == AXES_MAX || c->next_bit >= 64)
    return comp_error(c, ctx->self, ERR_LIMIT, "the equation runs over more than 64 dimensions");
  ctx->axes[ctx->count++] = (Axis){.dim = range.dim, .bound = -1, .id = -1, .lo = range.lo, .size = range.size,
                                   .star = true, .nth = nth, .level = ctx->level, .bit = c->next_bit++};
  return ERR_OK;
}

bool array_call(Comp *c, const Ctx *ctx, const Node *node) {
  if (node->kind != N_CALL || comp_callee(ctx, node) || model_macro(c->model, node->name)) return false;
  const Fun *fun = fun_find(node->name);
  return fun && (fun->how == HOW_ARRAY || (fun->how == HOW_SPECIAL && (fun->code == X_RANK || fun->code == X_SIZE ||
         ((fun->code == X_MAX || fun->code == X_MIN) && node->arg_count == 1))));
}

Err ref_stars(Comp *c, Ctx *ctx, const Node *node) {
  if (array_call(c, ctx, node)) return ERR_OK;          /* has its own */
  if (node->kind != N_REF && node->kind != N_TRANSPOSE) {
    for (uint16_t i = 0; i < node->arg_count; i++) TRY(ref_stars(c, ctx, node->args[i]));
    return ERR_OK;
  }
  while (node->kind == N_TRANSPOSE) node = node->args[0];
  if (node->kind != N_REF) return ERR_OK;
  Sym *sym = comp_ref(ctx, node);
  if (!sym) return ERR_OK;
  uint32_t own = sym->ndims - sym->implicit;
  Range seen[AXES_MAX];
  uint32_t count = 0;
  for (uint32_t j = 0; j < own; j++) {
    const Dim *dim = sym->dims[sym->implicit + j];
    Range range = {dim, 0, dim->size};
    bool is = !node->sub_count;
    if (node->sub_count == own) TRY(ref_range(c, ctx, dim, &node->subs[j], &range, &is));
    if (!is || count == AXES_MAX) continue;
    uint32_t nth = 0;
    for (uint32_t k = 0; k < count; k++) nth += memcmp(&seen[k], &range, sizeof range) == 0;
    seen[count++] = range;
    TRY(add_star(c, ctx, range, nth));
  }
  return ERR_OK;
}

Err ref_axes(Comp *c, Ctx *ctx, const Node *node, uint64_t *mask) {
  RefMap map;
  TRY(ref_resolve(c, ctx, node, &map));
  for (uint32_t j = 0; j < map.n; j++)
    if (map.d[j].axis >= 0) *mask |= 1ull << ctx->axes[map.d[j].axis].bit;
  return ERR_OK;
}

/* Slot of every element in turn: an odometer over the free axes. */
typedef struct Odometer { const Ctx *ctx; const RefMap *map; uint32_t at[AXES_MAX]; } Odometer;

static uint32_t odo_index(const Odometer *o) {
  uint32_t index = 0;
  for (uint32_t j = 0; j < o->map->n; j++) {
    const RefDim *d = &o->map->d[j];
    if (d->dyn) continue;
    uint32_t e = d->axis < 0 ? d->fixed : d->map ? d->map[o->at[d->axis]] : d->lo + o->at[d->axis];
    index += e * d->stride;
  }
  return index;
}

static void odo_next(Odometer *o) {
  for (uint32_t a = o->ctx->count; a-- > 0;) {
    if (o->ctx->axes[a].bound >= 0) continue;
    if (++o->at[a] < o->ctx->axes[a].size) return;
    o->at[a] = 0;
  }
}

Err ref_operand(Build *b, const RefMap *map, uint32_t base, Opnd *out) {
  Odometer o = {.ctx = b->ctx, .map = map};
  bool same = true, run = true;
  uint32_t first = odo_index(&o);
  for (uint32_t e = 0; e < b->n && (same || run); e++, odo_next(&o)) {
    uint32_t index = odo_index(&o);
    same &= index == first;
    run &= index == first + e;
  }
  *out = (Opnd){same ? K_ONE : run ? K_RUN : K_TABLE, base + first, NULL};
  if (same || run) return ERR_OK;
  uint32_t *table = ARENA_ARRAY(b->c->arena, uint32_t, b->n);
  if (!table) return comp_memory(b->c);
  o = (Odometer){.ctx = b->ctx, .map = map};
  for (uint32_t e = 0; e < b->n; e++, odo_next(&o)) table[e] = base + odo_index(&o);
  out->off = 0;
  out->idx = table;
  return ERR_OK;
}

/* x[expression]: the flat index is computed, part by part, and then looked up. */
static Err lower_dynamic(Build *b, const RefMap *map, Opnd *out) {
  Comp *c = b->c;
  Opnd flat;
  uint32_t zero;
  TRY(const_slot(c, 0, &zero));
  flat = (Opnd){K_ONE, zero, NULL};
  for (uint32_t j = 0; j < map->n; j++) {
    if (!map->d[j].dyn) continue;
    Opnd in[2] = {flat};
    TRY(lower_node(b, (Node *)(uintptr_t)map->d[j].dyn, &in[1]));
    Op *op = emit(b, OP_DYNINDEX, 2, in, &flat);
    if (!op) return comp_memory(c);
    op->n = map->sym->dims[j]->size;
    op->n2 = map->d[j].stride;
  }
  Opnd in[2] = {flat, {K_NONE, 0, NULL}};
  TRY(ref_operand(b, map, map->sym->base, &in[1]));     /* the part that is known; only its slots matter */
  Op *op = emit(b, OP_DYNLOAD, 2, in, out);
  if (!op) return comp_memory(c);
  op->n = c->model->nan_subscripts;
  return ERR_OK;
}

static Err element_deps(Build *b, const RefMap *map) {
  Odometer o = {.ctx = b->ctx, .map = map};
  uint32_t *elems = ARENA_ARRAY(b->c->arena, uint32_t, b->n);
  if (!elems) return comp_memory(b->c);
  for (uint32_t e = 0; e < b->n; e++, odo_next(&o)) elems[e] = odo_index(&o);
  return add_dep(b->c, map->sym, elems, b->n);
}

/* A dimension's name, or Dim.element, outside of a subscript: its place. */
static Err lower_place(Build *b, Node *node, Opnd *out, bool *found) {
  Comp *c = b->c;
  *found = true;
  const Dim *dim = model_dim(c->model, node->name);
  int a = dim ? find_axis(b->ctx, dim, 0) : -1;
  uint32_t slot;
  size_t place;
  if (a >= 0 && b->ctx->axes[a].bound >= 0) {
    TRY(const_slot(c, b->ctx->axes[a].bound + 1, &slot));
    *out = (Opnd){K_ONE, slot, NULL};
    return ERR_OK;
  }
  if (a >= 0) {
    uint32_t base;
    TRY(slots_new(c, dim->size, &base));
    for (uint32_t i = 0; i < dim->size; i++) {
      if (!GROW(c, c->program->consts, c->program->const_count, c->program->const_cap)) return comp_memory(c);
      c->program->consts[c->program->const_count++] = (ConstSlot){base + i, i + 1.0};
    }
    RefMap map = {.n = 1};
    map.d[0] = (RefDim){.axis = a, .lo = b->ctx->axes[a].lo, .stride = 1};
    return ref_operand(b, &map, base, out);
  }
  size_t dot = str_find_char(node->name, '.');
  dim = dot == STR_NPOS ? NULL : model_dim(c->model, str_slice(node->name, 0, dot));
  if (dim && map_get_index(&dim->index, str_slice(node->name, dot + 1, node->name.len), &place)) {
    TRY(const_slot(c, (double)place + 1, &slot));
    *out = (Opnd){K_ONE, slot, NULL};
    return ERR_OK;
  }
  *found = false;
  return ERR_OK;
}

Err lower_ref(Build *b, Node *node, Opnd *out) {
  Comp *c = b->c;
  RefMap map;
  Sym *sym = node->kind == N_REF ? comp_ref(b->ctx, node) : NULL;
  if (node->kind == N_REF && !sym) {
    bool found;
    TRY(lower_place(b, node, out, &found));
    if (found) return ERR_OK;
    const Fun *fun = fun_find(node->name);
    if (fun && (fun->max == 0 || fun->how == HOW_VALUE)) return lower_call(b, node, out);
    if (fun)
      return comp_error(c, b->ctx->self, ERR_INPUT, "function " STR_FMT " stands there without arguments",
                        STR_ARG(node->shown));
  }
  TRY(ref_resolve(c, b->ctx, node, &map));
  if (map.sym->kind == SYM_TABLE)
    return comp_error(c, b->ctx->self, ERR_INPUT, "\"" STR_FMT "\" is a graphical function; write " STR_FMT "(x)",
                      STR_ARG(map.sym->name), STR_ARG(map.sym->name));
  TRY(comp_need(c, map.sym));
  if (map.dynamic) { TRY(add_dep(c, map.sym, NULL, 0)); return lower_dynamic(b, &map, out); }
  if (map.sym->split) TRY(element_deps(b, &map));
  else TRY(add_dep(c, map.sym, NULL, 0));
  return ref_operand(b, &map, map.sym->base, out);
}
