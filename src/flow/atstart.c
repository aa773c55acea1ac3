/* SPDX-License-Identifier: EUPL-1.2 */
/* What an expression is worth at the start of the run, found while compiling: how many stages a delay has must be known
 * before there is anything to run. */
#include <math.h>

#include "flow/lower.h"
#include "flow/ops_lane.h"
#include "flow/run.h"

#define START_DEPTH_MAX 60       /* variables and operators followed */
#define START_NODES_MAX 20000    /* and in all, as a sum of sums doubles at each variable */

/* One element by element operation of ops.def. */
static bool apply(int code, const double v[3], double *out) {
  const double a = v[0], b = v[1], c = v[2];
  switch (code) {
#define OP1(NAME, expr) case OP_##NAME: *out = (expr); return true;
#define OP2(NAME, expr) OP1(NAME, expr)
#define OP3(NAME, expr) OP1(NAME, expr)
#define LIB1(NAME, expr) OP1(NAME, expr)
#define LIB2(NAME, expr) OP1(NAME, expr)
#define OPX(NAME)
#include "flow/ops.def"
#undef OP1
#undef OP2
#undef OP3
#undef LIB1
#undef LIB2
#undef OPX
    default: (void)a; (void)b; (void)c; return false;
  }
}

static bool value_of(const Comp *c, int code, double *out) {
  const FlowProgram *p = c->program;
  switch (code) {
    case VAL_INF: *out = (double)INFINITY; return true;
    case VAL_PI: *out = 3.14159265358979323846; return true;
    case VAL_DT: *out = p->dt; return true;
    case VAL_NAN: *out = (double)NAN; return true;
    case VAL_STOP: *out = p->stop; return true;
    default: *out = p->start; return true;     /* TIME and STARTTIME */
  }
}

static bool special(const Comp *c, const Fun *fun, uint16_t count, const double *v, double *out) {
  double now = c->program->start;
  switch (fun->code) {
    case X_MAX: case X_MIN:
      *out = v[0];
      for (uint16_t i = 1; i < count; i++) *out = (fun->code == X_MAX) == (v[i] > *out) ? v[i] : *out;
      return count > 1;
    case X_SAFEDIV: *out = v[1] != 0 ? v[0] / v[1] : count > 2 ? v[2] : 0; return true;
    case X_STEP: *out = now >= v[1] - c->program->dt * 1e-6 ? v[0] : 0; return true;
    case X_RAMP: *out = now > v[1] ? v[0] * ((count > 2 && now > v[2] ? v[2] : now) - v[1]) : 0; return true;
    case X_IF: *out = v[0] != 0 ? v[1] : v[2]; return true;
    case X_INIT: *out = v[0]; return true;
    default: return false;
  }
}

static bool call(Comp *c, const Node *node, const Ctx *ctx, int depth, double *out) {
  const Fun *fun = comp_callee(ctx, node) || model_macro(c->model, node->name) ? NULL : fun_find(node->name);
  double v[8] = {0};
  if (!fun || node->arg_count < fun->min || node->arg_count > fun->max || node->arg_count > 8) return false;
  if (fun->how == HOW_VALUE) return value_of(c, fun->code, out);
  if (fun->how != HOW_MATH && fun->how != HOW_SPECIAL) return false;
  for (uint16_t i = 0; i < node->arg_count; i++)
    if (!comp_start_value(c, node->args[i], ctx, depth + 1, &v[i])) return false;
  return fun->how == HOW_MATH ? apply(fun->code, v, out) : special(c, fun, node->arg_count, v, out);
}

static bool reference(Comp *c, const Node *node, const Ctx *ctx, int depth, double *out) {
  Sym *sym = comp_ref(ctx, node);
  if (!sym) {
    const Fun *fun = fun_find(node->name);
    return fun && fun->how == HOW_VALUE && value_of(c, fun->code, out);
  }
  bool known = sym->kind == SYM_VALUE || sym->kind == SYM_STOCK || sym->kind == SYM_INIT;
  if (!known || sym->set || sym->count != 1 || !sym->eqn || sym->gf || node->sub_count) return false;
  Ctx inner;
  comp_ctx(&inner, sym, -1);
  return comp_start_value(c, sym->eqn, &inner, depth + 1, out);
}

bool comp_start_value(Comp *c, const Node *node, const Ctx *ctx, int depth, double *out) {
  double v[3] = {0};
  if (depth == 0) c->looked = 0;
  if (depth > START_DEPTH_MAX || ++c->looked > START_NODES_MAX) return false;
  switch (node->kind) {
    case N_NUM: *out = node->num; return true;
    case N_REF: return reference(c, node, ctx, depth, out);
    case N_CALL: return call(c, node, ctx, depth, out);
    case N_TRANSPOSE: return false;
    default: break;
  }
  for (uint16_t i = 0; i < node->arg_count; i++)
    if (!comp_start_value(c, node->args[i], ctx, depth + 1, &v[i])) return false;
  switch (node->kind) {
    case N_NEG: *out = -v[0]; return true;
    case N_NOT: *out = v[0] == 0; return true;
    case N_IF: *out = v[0] != 0 ? v[1] : v[2]; return true;
    default: return apply(binop_code(c, node->op), v, out);
  }
}
