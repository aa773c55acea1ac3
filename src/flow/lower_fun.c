/* SPDX-License-Identifier: EUPL-1.2 */
/* Calls of built-in functions, of graphical functions and of arrays by flat index. */
#include <math.h>
#include <string.h>

#include "flow/lower.h"

/* ---- array functions ---- */

/* The axes an array function runs over, found once per equation and kept in the call. */
static Err annotate_array(Comp *c, Ctx *ctx, Node *node, Node *const *arrays, uint32_t count) {
  Ctx inner = *ctx;
  inner.level++;
  uint32_t before = inner.count;
  for (uint32_t i = 0; i < count; i++) TRY(ref_stars(c, &inner, arrays[i]));
  node->star_count = inner.count - before;
  node->stars = ARENA_ARRAY(c->arena, Axis, node->star_count + 1);
  if (!node->stars) return comp_memory(c);
  memcpy(node->stars, &inner.axes[before], node->star_count * sizeof inner.axes[0]);
  uint64_t stars = 0;
  for (uint32_t i = 0; i < node->star_count; i++) stars |= 1ull << node->stars[i].bit;
  for (uint32_t i = 0; i < count; i++) {
    TRY(annotate(c, &inner, arrays[i]));
    node->axes |= arrays[i]->axes & ~stars;
    node->varies |= arrays[i]->varies;
  }
  return ERR_OK;
}

/* True when an argument of MIN or MAX with several arguments is an array the equation does not bind. */
static bool whole_array(Comp *c, const Ctx *ctx, const Node *node) {
  if (node->kind != N_REF) return false;
  const Sym *sym = comp_ref(ctx, node);
  if (!sym || sym->ndims == sym->implicit) return false;
  for (uint16_t i = 0; i < node->sub_count; i++)
    if (node->subs[i].kind == SUB_STAR || node->subs[i].kind == SUB_RANGE) return true;
  if (node->sub_count) return false;
  (void)c;
  for (uint32_t j = sym->implicit; j < sym->ndims; j++) {
    bool found = false;
    for (uint32_t a = 0; a < ctx->count; a++) found |= ctx->axes[a].dim == sym->dims[j];
    if (!found) return true;
  }
  return false;
}

static Node *wrap_array(Comp *c, const char *name, Node *arg) { return expr_call(c->arena, name, arg, NULL, NULL); }

/* MAX(A, 0) with a whole array A is MAX(MAX(A), 0). */
static Err split_arrays(Comp *c, Ctx *ctx, Node *node, const Fun *fun) {
  for (uint16_t i = 0; node->arg_count > 1 && i < node->arg_count; i++)
    if (whole_array(c, ctx, node->args[i]) && !(node->args[i] = wrap_array(c, fun->name, node->args[i])))
      return comp_memory(c);
  return ERR_OK;
}

static Err size_of(Comp *c, Ctx *ctx, Node *node, double *size) {
  Node *arg = node->args[0];
  const Dim *dim = arg->kind == N_REF && !arg->sub_count ? model_dim(c->model, arg->name) : NULL;
  Sym *sym = arg->kind == N_REF ? comp_ref(ctx, arg) : NULL;
  if (dim && !sym) { *size = dim->size; return ERR_OK; }
  Ctx inner = *ctx;
  inner.level++;
  uint32_t before = inner.count;
  TRY(ref_stars(c, &inner, arg));
  *size = 1;
  for (uint32_t a = before; a < inner.count; a++) *size *= inner.axes[a].size;
  return ERR_OK;
}

static bool is_lookup(const Fun *fun) {
  return fun->code == X_LOOKUP || fun->code == X_LOOKUPINV || fun->code == X_LOOKUP_FORWARD ||
         fun->code == X_LOOKUP_BACKWARD || fun->code == X_LOOKUP_EXTRAPOLATE;
}

Err annotate_call(Comp *c, Ctx *ctx, Node *node) {
  Sym *sym = comp_callee(ctx, node);
  const Fun *fun = sym ? NULL : fun_find(node->name);
  if (sym) {
    if (node->sub_count || sym->implicit) {
      Node head = *node;
      head.kind = N_REF;
      head.arg_count = 0;
      TRY(ref_axes(c, ctx, &head, &node->axes));
    } else if (sym->elem_gf) {
      /* name(x) in an equation over the same dimensions */
      Node head = *node;
      head.kind = N_REF;
      TRY(ref_axes(c, ctx, &head, &node->axes));
    }
    node->varies = comp_varies(c, sym, 0);
  }
  bool special = fun && fun->how == HOW_SPECIAL;
  if (special && fun->code == X_SIZE) return ERR_OK;
  if (special && (fun->code == X_MAX || fun->code == X_MIN)) TRY(split_arrays(c, ctx, node, fun));
  if ((fun && fun->how == HOW_ARRAY) || (special && (fun->code == X_MAX || fun->code == X_MIN) && node->arg_count == 1))
    return annotate_array(c, ctx, node, node->args, 1);
  uint16_t from = 0;
  if (special && fun->code == X_RANK) {
    Node *arrays[2] = {node->args[0], node->arg_count > 2 ? node->args[2] : NULL};
    TRY(annotate_array(c, ctx, node, arrays, arrays[1] ? 2 : 1));
    TRY(annotate(c, ctx, node->args[1]));
    node->axes |= node->args[1]->axes;
    node->varies |= node->args[1]->varies;
    return ERR_OK;
  }
  if (special && (is_lookup(fun) || fun->code == X_SLAT)) {
    from = 1;
    if (node->args[0]->kind == N_REF && node->args[0]->sub_count) TRY(ref_axes(c, ctx, node->args[0], &node->axes));
  }
  for (uint16_t i = from; i < node->arg_count; i++) {
    TRY(annotate(c, ctx, node->args[i]));
    node->axes |= node->args[i]->axes;
    node->varies |= node->args[i]->varies;
  }
  node->varies |= comp_node_varies(c, node, ctx, 0);
  /* every element draws for itself */
  if (fun && fun->how == HOW_RANDOM)
    for (uint32_t a = 0; a < ctx->count; a++)
      if (ctx->axes[a].bound < 0) node->axes |= 1ull << ctx->axes[a].bit;
  return ERR_OK;
}

/* The elements an array function runs over, as an operand of n * m slots. */
static Err array_operand(Build *b, Node *node, Node *array, Opnd *out, uint32_t *m) {
  Comp *c = b->c;
  Ctx inner = *b->ctx;
  Build over;
  inner.level++;
  *m = 1;
  for (uint32_t i = 0; i < node->star_count; i++) {
    if (inner.count == AXES_MAX) return comp_error(c, inner.self, ERR_LIMIT, "too many dimensions in one equation");
    inner.axes[inner.count++] = node->stars[i];
    *m *= node->stars[i].size;
  }
  build_init(&over, c, &inner, array->varies, true);
  if (over.n > c->model->limits.elements)
    return comp_error(c, inner.self, ERR_LIMIT, "an array function runs over more than %zu elements", c->model->limits.elements);
  if (array->kind == N_REF || array->kind == N_TRANSPOSE) {
    TRY(lower_ref(&over, array, out));
    if (out->kind != K_TEMP) return ERR_OK;
  }
  uint32_t base;
  TRY(lower_region(c, &inner, array, array->varies, &base));
  *out = (Opnd){K_RUN, base, NULL};
  return ERR_OK;
}

static Err lower_array(Build *b, Node *node, int code, Opnd *out) {
  Opnd in[1];
  uint32_t m;
  bool done;
  TRY(lower_holder(b, node, code, out, &done));
  if (done) return ERR_OK;
  TRY(array_operand(b, node, node->args[0], &in[0], &m));
  Op *op = emit(b, code, 1, in, out);
  if (!op) return comp_memory(b->c);
  op->n = m;
  return ERR_OK;
}

static Err lower_rank(Build *b, Node *node, Opnd *out) {
  Opnd in[3];
  uint32_t m, m2 = 0;
  TRY(lower_node(b, node->args[1], &in[0]));
  TRY(array_operand(b, node, node->args[0], &in[1], &m));
  if (node->arg_count > 2) TRY(array_operand(b, node, node->args[2], &in[2], &m2));
  Op *op = emit(b, OP_RANK, node->arg_count > 2 ? 3 : 2, in, out);
  if (!op) return comp_memory(b->c);
  op->n = m;
  return ERR_OK;
}

static Err lower_minmax(Build *b, Node *node, int code, int reduce, Opnd *out) {
  if (node->arg_count == 1) return lower_array(b, node, reduce, out);
  Opnd in[2];
  TRY(lower_node(b, node->args[0], &in[0]));
  for (uint16_t i = 1; i < node->arg_count; i++) {
    TRY(lower_node(b, node->args[i], &in[1]));
    if (!emit(b, code, 2, in, out)) return comp_memory(b->c);
    in[0] = *out;
  }
  return ERR_OK;
}

/* ---- graphical functions ---- */

/* Graphical functions per element of the loop that `ref` (a name, perhaps with subscripts) means. */
static Err gf_table(Build *b, Sym *sym, const Node *ref, const Gf *const **table, uint32_t *n) {
  Comp *c = b->c;
  const Gf **gfs = ARENA_ARRAY(c->arena, const Gf *, b->n);
  if (!gfs) return comp_memory(c);
  *table = (const Gf *const *)gfs;
  *n = 1;
  if (!sym->elem_gf) {
    gfs[0] = sym->gf;
    return sym->gf ? ERR_OK
                   : comp_error(c, b->ctx->self, ERR_INPUT, "\"" STR_FMT "\" is not a graphical function", STR_ARG(sym->name));
  }
  Node head = *ref;
  RefMap map;
  Opnd at;
  head.kind = N_REF;
  head.arg_count = 0;
  TRY(ref_resolve(c, b->ctx, &head, &map));
  if (map.dynamic)
    return comp_error(c, b->ctx->self, ERR_UNSUPPORTED, "a graphical function can not be chosen by a computed subscript");
  TRY(ref_operand(b, &map, 0, &at));
  *n = b->n;
  for (uint32_t e = 0; e < b->n; e++) {
    uint32_t k = at.kind == K_TABLE ? at.idx[e] : at.kind == K_RUN ? at.off + e : at.off;
    gfs[e] = sym->elem_gf[k] ? sym->elem_gf[k] : sym->gf;
    if (!gfs[e])
      return comp_error(c, b->ctx->self, ERR_INPUT, "an element of \"" STR_FMT "\" has no graphical function",
                        STR_ARG(sym->name));
  }
  return ERR_OK;
}

static Err lower_table(Build *b, Sym *sym, const Node *ref, Node *arg, int code, Opnd *out, Op **made) {
  Opnd in;
  TRY(lower_node(b, arg, &in));
  Op *op = *made = emit(b, code, 1, &in, out);
  if (!op) return comp_memory(b->c);
  const Gf *const *table;
  uint32_t n;
  TRY(gf_table(b, sym, ref, &table, &n));
  op->gf = table;
  op->n = n;
  return ERR_OK;
}

Err lower_lookup(Build *b, Sym *sym, const Node *ref, Node *arg, int code, Opnd *out) {
  Op *op;
  return lower_table(b, sym, ref, arg, code, out, &op);
}

/* The same points, read in another way. */
static Err read_as(Comp *c, Op *op, GfKind kind) {
  Gf *last = NULL;
  const Gf *of = NULL, **table = ARENA_ARRAY(c->arena, const Gf *, op->n);
  if (!table) return comp_memory(c);
  for (uint32_t i = 0; i < op->n; i++) {
    const Gf *gf = op->gf[i];
    if (gf != of) {
      if (!(last = ARENA_NEW(c->arena, Gf))) return comp_memory(c);
      *last = *gf;
      uint32_t n = gf->count;
      bool slopes = n > 1 && gf->x[1] > gf->x[0] && gf->x[n - 1] > gf->x[n - 2];
      if (kind != GF_EXTRAPOLATE || slopes) last->kind = kind;
      of = gf;
    }
    table[i] = last;
  }
  op->gf = table;
  return ERR_OK;
}

/* LOOKUP and its kin: the way of reading that the function asks for. */
static Err lower_lookup_call(Build *b, Node *node, int code, Opnd *out) {
  Sym *sym = node->args[0]->kind == N_REF ? comp_ref(b->ctx, node->args[0]) : NULL;
  if (!sym)
    return comp_error(b->c, b->ctx->self, ERR_INPUT, "the first argument of " STR_FMT " is not a graphical function",
                      STR_ARG(node->shown));
  Op *op;
  TRY(lower_table(b, sym, node->args[0], node->args[1], code == X_LOOKUPINV ? OP_LOOKUPINV : OP_LOOKUP, out, &op));
  switch (code) {
    case X_LOOKUP_FORWARD: return read_as(b->c, op, GF_FORWARD);
    case X_LOOKUP_BACKWARD: return read_as(b->c, op, GF_DISCRETE);
    case X_LOOKUP_EXTRAPOLATE: return read_as(b->c, op, GF_EXTRAPOLATE);
    default: return ERR_OK;
  }
}

/* A(10): the tenth element in row-major order. */
static Err lower_flat(Build *b, Sym *sym, Node *node, Opnd *out) {
  Comp *c = b->c;
  Opnd in[2], flat;
  uint32_t zero;
  TRY(comp_need(c, sym));
  TRY(add_dep(c, sym, NULL, 0));
  TRY(const_slot(c, 0, &zero));
  in[0] = (Opnd){K_ONE, zero, NULL};
  TRY(lower_node(b, node->args[0], &in[1]));
  Op *op = emit(b, OP_DYNINDEX, 2, in, &flat);
  if (!op) return comp_memory(c);
  op->n = sym->count;
  op->n2 = 1;
  in[0] = flat;
  in[1] = (Opnd){K_ONE, sym->base, NULL};
  op = emit(b, OP_DYNLOAD, 2, in, out);
  if (!op) return comp_memory(c);
  op->n = c->model->nan_subscripts;
  return ERR_OK;
}

static Err lower_sym_call(Build *b, Sym *sym, Node *node, Opnd *out) {
  if (sym->gf || sym->elem_gf) return lower_lookup(b, sym, node, node->args[0], OP_LOOKUP, out);
  if (sym->ndims > sym->implicit && !node->sub_count && sym->implicit == 0) return lower_flat(b, sym, node, out);
  return comp_error(b->c, b->ctx->self, ERR_INPUT, "\"" STR_FMT "\" is called like a function, but is neither a graphical "
                    "function nor an array", STR_ARG(node->shown));
}

/* ---- the rest ---- */

static Err lower_constant(Build *b, double value, Opnd *out) {
  uint32_t slot;
  TRY(const_slot(b->c, value, &slot));
  *out = (Opnd){K_ONE, slot, NULL};
  return ERR_OK;
}

static Err lower_value_of(Build *b, int code, Opnd *out) {
  const FlowProgram *p = b->c->program;
  switch (code) {
    case VAL_INF: return lower_constant(b, (double)INFINITY, out);
    case VAL_NAN: return lower_constant(b, (double)NAN, out);
    case VAL_PI: return lower_constant(b, 3.14159265358979323846, out);
    case VAL_DT: return lower_constant(b, p->dt, out);
    case VAL_START: return lower_constant(b, p->start, out);
    case VAL_STOP: return lower_constant(b, p->stop, out);
    default: *out = (Opnd){K_ONE, SLOT_TIME, NULL}; return ERR_OK;
  }
}

static Err lower_args(Build *b, Node *node, int code, Opnd *out, Op **op) {
  Opnd in[3];
  uint32_t count = node->arg_count > 3 ? 3 : node->arg_count;
  for (uint32_t i = 0; i < count; i++) TRY(lower_node(b, node->args[i], &in[i]));
  *op = emit(b, code, count, in, out);
  return *op ? ERR_OK : comp_memory(b->c);
}

/* n: the number of the call, part of the key of the draw; n2: whether the last argument is a seed. */
static Err lower_random(Build *b, Node *node, const Fun *fun, Opnd *out) {
  Op *op;
  TRY(lower_args(b, node, fun->code, out, &op));
  op->n = ++b->c->program->sites;
  op->n2 = node->arg_count == (fun->max > 3 ? 3 : fun->max);     /* bounds of NORMAL have been taken care of */
  return ERR_OK;
}

static Err lower_special(Build *b, Node *node, const Fun *fun, Opnd *out) {
  Comp *c = b->c;
  Op *op;
  double size;
  bool done;
  switch (fun->code) {
    case X_MAX: return lower_minmax(b, node, OP_MAX, OP_RMAX, out);
    case X_MIN: return lower_minmax(b, node, OP_MIN, OP_RMIN, out);
    case X_SAFEDIV: return lower_args(b, node, node->arg_count > 2 ? OP_SAFEDIV3 : OP_SAFEDIV, out, &op);
    case X_PULSE: return lower_args(b, node, OP_PULSE, out, &op);
    case X_RANK: return lower_rank(b, node, out);
    case X_SLAT: return lower_slat(b, node, out);
    case X_SIZE:
      TRY(lower_holder(b, node, OP_COPY, out, &done));
      if (done) return ERR_OK;
      TRY(size_of(c, b->ctx, node, &size));
      return lower_constant(b, size, out);
    case X_LOOKUP: case X_LOOKUPINV: case X_LOOKUP_FORWARD: case X_LOOKUP_BACKWARD: case X_LOOKUP_EXTRAPOLATE:
      return lower_lookup_call(b, node, fun->code, out);
    default:
      return comp_error(c, b->ctx->self, ERR_UNSUPPORTED, "function " STR_FMT " can not stand here", STR_ARG(node->shown));
  }
}

Err lower_call(Build *b, Node *node, Opnd *out) {
  Comp *c = b->c;
  Op *op;
  Sym *sym = comp_callee(b->ctx, node);
  if (sym) return lower_sym_call(b, sym, node, out);
  const Fun *fun = fun_find(node->name);
  if (!fun) return comp_error(c, b->ctx->self, ERR_INPUT, "unknown function \"" STR_FMT "\"", STR_ARG(node->shown));
  switch (fun->how) {
    case HOW_VALUE: return lower_value_of(b, fun->code, out);
    case HOW_MATH: {
      int code = fun->code;
      if (c->model->dialect == DIALECT_VENSIM && str_eq(str_from(fun->name), S("int"))) code = OP_TRUNC;
      if (c->model->dialect == DIALECT_VENSIM && code == OP_MOD) code = OP_FMOD;
      return lower_args(b, node, code, out, &op);
    }
    case HOW_ARRAY: return lower_array(b, node, fun->code, out);
    case HOW_RANDOM: return lower_random(b, node, fun, out);
    case HOW_SPECIAL: return lower_special(b, node, fun, out);
    case HOW_DEFINED: break;     /* has become an expression before */
  }
  return comp_memory(c);
}
