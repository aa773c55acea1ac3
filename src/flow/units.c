/* SPDX-License-Identifier: EUPL-1.2 */
/* Units (XMILE 3.2.7): a unit is a product of powers of primary units. A bare number in a sum fits anything, in a product
 * it has no unit; a variable without units silences what it is part of. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flow/comp.h"
#include "flow/name.h"

#define FACTORS_MAX 12
#define UNIT_DEPTH_MAX 20

typedef enum UnitKind { UNIT_UNKNOWN, UNIT_ANY, UNIT_KNOWN } UnitKind;
typedef struct Unit_ { UnitKind kind; uint32_t count; Str name[FACTORS_MAX]; double power[FACTORS_MAX]; } UnitOf;

typedef struct Check {
  const FlowModel *m;
  const ModelDef *def;
  Arena arena;
  FlowWarn warn;
  void *context;
  size_t mismatches;
  const Var *var;
  bool no_memory;
} Check;

static const struct { const char *name, *means; } KNOWN[] = {
  {"dimensionless", "1"}, {"unitless", "1"}, {"dmnl", "1"}, {"fraction", "1"},
  {"ns", "nanoseconds"}, {"nanosecond", "nanoseconds"}, {"us", "microseconds"}, {"microsecond", "microseconds"},
  {"ms", "milliseconds"}, {"millisecond", "milliseconds"}, {"s", "seconds"}, {"second", "seconds"}, {"min", "minutes"},
  {"minute", "minutes"}, {"hr", "hours"}, {"hour", "hours"}, {"day", "days"}, {"wk", "weeks"}, {"week", "weeks"},
  {"mo", "months"}, {"month", "months"}, {"qtr", "quarters"}, {"quarter", "quarters"}, {"yr", "years"}, {"year", "years"},
  {"per_second", "1/seconds"}, {"per_minute", "1/minutes"}, {"per_hour", "1/hours"}, {"per_day", "1/days"},
  {"per_week", "1/weeks"}, {"per_month", "1/months"}, {"per_quarter", "1/quarters"}, {"per_year", "1/years"}};

static void multiply(UnitOf *to, Str name, double power) {
  for (uint32_t i = 0; i < to->count; i++) {
    if (!str_eq(to->name[i], name)) continue;
    to->power[i] += power;
    if (to->power[i] != 0) return;
    to->count--;
    to->name[i] = to->name[to->count];
    to->power[i] = to->power[to->count];
    return;
  }
  if (power == 0) return;
  if (to->count == FACTORS_MAX) { to->kind = UNIT_UNKNOWN; return; }
  to->name[to->count] = name;
  to->power[to->count++] = power;
}

static void combine(UnitOf *to, const UnitOf *by, double power) {
  for (uint32_t i = 0; i < by->count; i++) multiply(to, by->name[i], by->power[i] * power);
}

typedef struct Parse { Check *c; Str text; size_t at; int depth; bool bad; } Parse;

static UnitOf parse_product(Parse *p);
static UnitOf parse_unit(Check *c, Str text, int depth, bool *bad);

static void skip_space(Parse *p) { while (p->at < p->text.len && (unsigned char)p->text.ptr[p->at] <= ' ') p->at++; }
static char peek(Parse *p) { skip_space(p); return p->at < p->text.len ? p->text.ptr[p->at] : 0; }

/* A name: what it is defined as, or a primary unit. */
static UnitOf named(Parse *p, Str name) {
  Check *c = p->c;
  UnitOf unit = {.kind = UNIT_KNOWN};
  Str canon = flow_canon(&c->arena, name);
  if (!canon.ptr) { c->no_memory = true; return unit; }
  if (str_eq(canon, S("1")) || !canon.len) return unit;
  for (size_t i = 0; i < c->m->unit_count; i++) {
    const UnitDef *u = &c->m->units[i];
    bool is = str_eq(u->canon, canon);
    for (size_t k = 0; k < u->alias_count; k++) is |= str_eq(u->aliases[k], canon);
    if (!is) continue;
    if (!u->eqn.len) { multiply(&unit, u->canon, 1); return unit; }
    if (p->depth > UNIT_DEPTH_MAX) { p->bad = true; return unit; }
    return parse_unit(c, u->eqn, p->depth + 1, &p->bad);
  }
  for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
    if (str_eq(canon, str_from(KNOWN[i].name))) return parse_unit(c, str_from(KNOWN[i].means), p->depth + 1, &p->bad);
  multiply(&unit, canon, 1);
  return unit;
}

static UnitOf parse_factor(Parse *p) {
  UnitOf unit = {.kind = UNIT_KNOWN};
  if (peek(p) == '(') {
    p->at++;
    if (++p->depth > UNIT_DEPTH_MAX) { p->bad = true; return unit; }
    unit = parse_product(p);
    p->depth--;
    if (peek(p) == ')') p->at++; else p->bad = true;
  } else {
    size_t from = p->at;
    while (p->at < p->text.len && !strchr("*/^()", p->text.ptr[p->at])) p->at++;
    Str name = str_trim(str_slice(p->text, from, p->at));
    if (!name.len) { p->bad = true; return unit; }
    unit = named(p, name);
  }
  if (peek(p) == '^') {
    p->at++;
    skip_space(p);
    size_t from = p->at;
    if (p->at < p->text.len && p->text.ptr[p->at] == '-') p->at++;
    while (p->at < p->text.len && p->text.ptr[p->at] >= '0' && p->text.ptr[p->at] <= '9') p->at++;
    int64_t power;
    if (!str_to_int(str_slice(p->text, from, p->at), &power) || power > 99 || power < -99) { p->bad = true; return unit; }
    UnitOf raised = {.kind = UNIT_KNOWN};
    combine(&raised, &unit, (double)power);
    unit = raised;
  }
  return unit;
}

static UnitOf parse_product(Parse *p) {
  UnitOf unit = parse_factor(p);
  while (!p->bad && (peek(p) == '*' || peek(p) == '/')) {
    double sign = p->text.ptr[p->at++] == '*' ? 1 : -1;
    UnitOf by = parse_factor(p);
    combine(&unit, &by, sign);
  }
  return unit;
}

static UnitOf parse_unit(Check *c, Str text, int depth, bool *bad) {
  Parse p = {.c = c, .text = text, .depth = depth};
  UnitOf unit = parse_product(&p);
  if (peek(&p) || p.bad) *bad = true;
  return unit;
}

static bool same(const UnitOf *a, const UnitOf *b) {
  UnitOf rest = *a;
  combine(&rest, b, -1);
  return rest.count == 0;
}

static Str text_of(Check *c, const UnitOf *u) {
  Str text = S("");
  for (int sign = 1; sign >= -1; sign -= 2)
    for (uint32_t i = 0; i < u->count; i++) {
      if (u->power[i] * sign < 0) continue;
      double power = fabs(u->power[i]);
      text = arena_printf(&c->arena, STR_FMT "%s" STR_FMT, STR_ARG(text), sign < 0 ? (text.len ? "/" : "1/") : text.len ? "*" : "",
                          STR_ARG(u->name[i]));
      if (power != 1) text = arena_printf(&c->arena, STR_FMT "^%g", STR_ARG(text), power);
    }
  return text.len ? text : S("1");
}

static void mismatch(Check *c, const char *what, const UnitOf *a, const UnitOf *b) {
  char message[1000];
  Str x = text_of(c, a), y = text_of(c, b);
  c->mismatches++;
  snprintf(message, sizeof message, "%s: line %ld: " STR_FMT ": %s: " STR_FMT " and " STR_FMT, c->m->file, c->var->line,
           STR_ARG(c->var->name), what, STR_ARG(x), STR_ARG(y));
  if (c->warn) c->warn(c->context, message);
}

static UnitOf of_text(Check *c, Str text) {
  bool bad = false;
  UnitOf unit = {.kind = UNIT_UNKNOWN};
  if (!text.len) return unit;
  unit = parse_unit(c, text, 0, &bad);
  if (bad) unit.kind = UNIT_UNKNOWN;
  return unit;
}

/* What two operands that are added or compared have in common. */
static UnitOf agree(Check *c, const char *what, UnitOf a, UnitOf b) {
  if (a.kind == UNIT_KNOWN && b.kind == UNIT_KNOWN && !same(&a, &b)) mismatch(c, what, &a, &b);
  if (a.kind == UNIT_KNOWN) return a;
  if (b.kind == UNIT_KNOWN) return b;
  return a.kind == UNIT_UNKNOWN ? a : b;
}

static UnitOf product(UnitOf a, UnitOf b, double power) {
  UnitOf out = {.kind = a.kind == UNIT_UNKNOWN || b.kind == UNIT_UNKNOWN ? UNIT_UNKNOWN : UNIT_KNOWN};
  if (a.kind == UNIT_ANY && b.kind == UNIT_ANY) out.kind = UNIT_ANY;
  combine(&out, &a, 1);
  combine(&out, &b, power);
  return out;
}

static const UnitOf NOTHING = {.kind = UNIT_UNKNOWN};
static const UnitOf PLAIN = {.kind = UNIT_KNOWN};
static const UnitOf ANYTHING = {.kind = UNIT_ANY};

static UnitOf infer(Check *c, const Node *node);

static UnitOf infer_power(Check *c, const Node *node) {
  UnitOf base = infer(c, node->args[0]), out = {.kind = base.kind};
  if (node->args[1]->kind == N_NUM) { combine(&out, &base, node->args[1]->num); return out; }
  return base.kind == UNIT_KNOWN && base.count ? NOTHING : base;
}

static UnitOf infer_call(Check *c, const Node *node) {
  const Fun *fun = model_var(c->def, node->name) || model_macro(c->m, node->name) ? NULL : fun_find(node->name);
  UnitOf time = of_text(c, c->m->time_units), first = NOTHING;
  if (!fun || node->arg_count < fun->min || node->arg_count > fun->max) return NOTHING;   /* reported when the model is run */
  if (fun->how == HOW_VALUE) return fun->code == VAL_PI || fun->code == VAL_INF || fun->code == VAL_NAN ? ANYTHING : time;
  if (node->arg_count) first = infer(c, node->args[0]);
  if (fun->how == HOW_MATH) {
    if (fun->code == OP_ABS || fun->code == OP_FLOOR || fun->code == OP_TRUNC || fun->code == OP_ROUND || fun->code == OP_MOD)
      return first;
    if (fun->code == OP_SQRT) { UnitOf out = {.kind = first.kind}; combine(&out, &first, 0.5); return out; }
    if (fun->code == OP_SIGN) return PLAIN;
    if (fun->code == OP_POW) return infer_power(c, node);
    if (first.kind == UNIT_KNOWN && first.count) mismatch(c, "the argument of a function should have no unit", &first, &PLAIN);
    return PLAIN;
  }
  if (fun->how == HOW_ARRAY) return fun->code == OP_RPROD ? NOTHING : first;
  if (fun->how == HOW_RANDOM) return first;
  if (fun->how == HOW_DEFINED) return NOTHING;
  switch (fun->code) {
    case X_MAX: case X_MIN:
      for (uint16_t i = 1; i < node->arg_count; i++) first = agree(c, "arguments of MAX or MIN", first, infer(c, node->args[i]));
      return first;
    case X_IF:
      infer(c, node->args[0]);
      return agree(c, "the two outcomes of IF", infer(c, node->args[1]), infer(c, node->args[2]));
    case X_SAFEDIV: return product(first, infer(c, node->args[1]), -1);
    case X_PULSE: return product(first, time, -1);
    case X_RAMP: return product(first, time, 1);
    case X_TREND: { UnitOf none = PLAIN; return product(none, time, -1); }
    case X_SIZE: case X_RANK: return PLAIN;
    case X_LOOKUP: case X_LOOKUPINV: case X_LOOKUP_FORWARD: case X_LOOKUP_BACKWARD: case X_LOOKUP_EXTRAPOLATE: case X_SELF:
      return NOTHING;
    case X_SAMPLE: return infer(c, node->args[1]);
    case X_ELM_MAP: return first;
    case X_SORT_ORDER: return PLAIN;
    case X_INTEG: case X_NPV: return product(first, time, 1);
    default: return first;
  }
}

static UnitOf infer(Check *c, const Node *node) {
  const Var *v;
  switch (node->kind) {
    case N_NUM: return ANYTHING;
    case N_REF:
      v = model_var(c->def, node->name);
      if (v) return of_text(c, v->units);
      return model_dim(c->m, node->name) ? PLAIN : infer_call(c, node);
    case N_CALL: return infer_call(c, node);
    case N_NEG: case N_TRANSPOSE: return infer(c, node->args[0]);
    case N_NOT: infer(c, node->args[0]); return PLAIN;
    case N_IF:
      infer(c, node->args[0]);
      return agree(c, "the two outcomes of IF", infer(c, node->args[1]), infer(c, node->args[2]));
    case N_BIN: break;
  }
  if (node->op == B_POW) return infer_power(c, node);
  UnitOf a = infer(c, node->args[0]), b = infer(c, node->args[1]);
  switch (node->op) {
    case B_ADD: case B_SUB: return agree(c, "terms that are added", a, b);
    case B_MUL: return product(a, b, 1);
    case B_DIV: case B_SAFEDIV: return product(a, b, -1);
    case B_MOD: return a;
    case B_AND: case B_OR: return PLAIN;
    default: agree(c, "values that are compared", a, b); return PLAIN;
  }
}

static Err check_equation(Check *c, Str eqn, const UnitOf *own, ErrInfo *info) {
  Node *node;
  if (!eqn.len) return ERR_OK;
  Err err = expr_parse(&node, &c->arena, eqn, info);
  if (err == ERR_MEMORY) return err;
  if (err != ERR_OK) { err_reset(info); return ERR_OK; }     /* reported when the model is run */
  UnitOf got = infer(c, node);
  if (got.kind == UNIT_KNOWN && own->kind == UNIT_KNOWN && !same(&got, own)) mismatch(c, "equation and units", &got, own);
  return ERR_OK;
}

static Err check_var(Check *c, const Var *v, ErrInfo *info) {
  bool bad = false;
  c->var = v;
  if (v->kind == V_MODULE || v->kind == V_GF) return ERR_OK;
  if (v->units.len) (void)parse_unit(c, v->units, 0, &bad);
  if (bad) {
    char message[600];
    c->mismatches++;
    snprintf(message, sizeof message, "%s: line %ld: " STR_FMT ": \"" STR_FMT "\" is not a unit", c->m->file, v->line, STR_ARG(v->name),
             STR_ARG(v->units));
    if (c->warn) c->warn(c->context, message);
    return ERR_OK;
  }
  UnitOf own = of_text(c, v->units), time = of_text(c, c->m->time_units);
  if (v->gf || (v->element_count && v->elements[0].gf)) return ERR_OK;    /* a graphical function changes units */
  TRY(check_equation(c, v->eqn, &own, info));
  for (size_t i = 0; i < v->element_count; i++) TRY(check_equation(c, v->elements[i].eqn, &own, info));
  for (size_t i = 0; v->kind == V_STOCK && i < v->inflow_count + v->outflow_count; i++) {
    const Var *flow = model_var(c->def, i < v->inflow_count ? v->inflows[i] : v->outflows[i - v->inflow_count]);
    if (!flow || flow->leak_marked || flow->multiplier.len) continue;
    UnitOf rate = of_text(c, flow->units), wanted = product(own, time, -1);
    if (rate.kind == UNIT_KNOWN && wanted.kind == UNIT_KNOWN && !same(&rate, &wanted))
      mismatch(c, i < v->inflow_count ? "inflow, and stock per unit of time" : "outflow, and stock per unit of time", &rate, &wanted);
  }
  return ERR_OK;
}

Err flow_check_units(const FlowModel *m, FlowWarn warn, void *context, size_t *mismatches, ErrInfo *info) {
  ErrInfo own = ERRINFO_INIT;
  if (!info) info = &own;
  Err err = ERR_OK;
  *mismatches = 0;
  for (size_t i = 0; i < m->model_count && err == ERR_OK; i++) {
    Check c = {.m = m, .def = m->models[i], .warn = warn, .context = context};
    for (size_t k = 0; k < c.def->var_count && err == ERR_OK; k++) {
      arena_init(&c.arena, m->limits.memory_bytes);
      err = check_var(&c, &c.def->vars[k], info);
      if (c.no_memory && err == ERR_OK) err = err_set(info, ERR_MEMORY, "out of memory while checking units");
      arena_clear(&c.arena);
    }
    *mismatches += c.mismatches;
  }
  return err;
}
