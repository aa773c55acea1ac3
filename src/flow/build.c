/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flow/comp.h"
#include "flow/name.h"

Err comp_memory(Comp *c) { return NO_MEMORY(c->info); }

static const char *file_of(const Sym *sym) { return sym->scope && sym->scope->def ? sym->scope->def->file : NULL; }

Err comp_error(Comp *c, const Sym *sym, Err err, const char *format, ...) {
  char text[sizeof c->info->message];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (sym) {
    char shown[sizeof c->info->column];
    snprintf(shown, sizeof shown, STR_FMT, STR_ARG(sym->name));
    err_at(c->info, file_of(sym), NULL, sym->line, shown);
  }
  return err_set(c->info, err, "%s", text);
}

static Err add_sym(Comp *c, Sym *sym) {
  if (c->sym_count == c->sym_cap) {
    size_t cap = c->sym_cap ? 2 * c->sym_cap : 256;
    Sym **grown = arena_grow(c->arena, c->syms, c->sym_cap * sizeof *grown, cap * sizeof *grown);
    if (!grown) return comp_memory(c);
    c->syms = grown;
    c->sym_cap = cap;
  }
  c->syms[c->sym_count++] = sym;
  return ERR_OK;
}

Err comp_size_up(Comp *c, Sym *sym) {
  size_t count = 1;
  c->elements -= sym->count;
  for (uint32_t i = 0; i < sym->ndims; i++) {
    count *= sym->dims[i]->size;
    if (count > c->model->limits.elements) break;
  }
  c->elements += count;
  if (count > c->model->limits.elements || c->elements > c->model->limits.elements)
    return comp_error(c, sym, ERR_LIMIT, "more than %zu array elements in all", c->model->limits.elements);
  sym->count = (uint32_t)count;
  return ERR_OK;
}

Sym *comp_sym_new(Comp *c, SymKind kind, const Ctx *ctx, const char *what) {
  uint32_t bounds = 0;
  for (uint32_t i = 0; i < ctx->count; i++) bounds += !ctx->axes[i].star && ctx->axes[i].bound >= 0;
  Sym *sym = ARENA_NEW(c->arena, Sym);
  Axis *bound = ARENA_ARRAY(c->arena, Axis, bounds + 1);
  if (!sym || !bound) { comp_memory(c); return NULL; }
  sym->kind = kind;
  sym->scope = ctx->scope;
  sym->line = ctx->self ? ctx->self->line : 0;
  sym->name = arena_printf(c->arena, STR_FMT " (%s %u)", STR_ARG(ctx->self ? ctx->self->name : S("")), what, ++c->made);
  sym->canon = arena_printf(c->arena, "\x01%u", c->made);
  sym->dims = ARENA_ARRAY(c->arena, const Dim *, ctx->count - bounds + FLOW_DIMS_MAX);
  if (!sym->name.ptr || !sym->canon.ptr || !sym->dims) { comp_memory(c); return NULL; }
  sym->bound = bound;
  for (uint32_t i = 0; i < ctx->count; i++) {
    if (ctx->axes[i].star) continue;
    if (ctx->axes[i].bound < 0) sym->dims[sym->ndims++] = ctx->axes[i].dim;
    else { bound[sym->bound_count] = ctx->axes[i]; bound[sym->bound_count++].id = -1; }
  }
  sym->implicit = sym->ndims;
  sym->varying = -1;
  sym->built = true;
  if (comp_size_up(c, sym) != ERR_OK) return NULL;
  return sym;
}

void comp_ctx(Ctx *ctx, Sym *sym, int32_t elem) {
  ctx->scope = sym->scope;
  ctx->self = sym;
  ctx->count = 0;
  ctx->level = 0;
  uint32_t rest = sym->count;
  for (uint32_t i = 0; i < sym->ndims; i++) {
    const Dim *dim = sym->dims[i];
    rest /= dim->size;
    Axis axis = {.dim = dim, .bound = -1, .id = (int32_t)i, .size = dim->size};
    if (elem >= 0) axis.bound = (int32_t)(((uint32_t)elem / rest) % dim->size);
    ctx->axes[ctx->count++] = axis;
  }
  if (elem >= 0 && sym->elem_alias)
    for (const Axis *a = sym->elem_alias[elem]; a && a->dim && ctx->count < AXES_MAX; a++) ctx->axes[ctx->count++] = *a;
  for (uint32_t i = 0; i < sym->bound_count && ctx->count < AXES_MAX; i++) ctx->axes[ctx->count++] = sym->bound[i];
}

static Sym *find_down(Scope *scope, Str canon) {
  void *found;
  if (map_get(&scope->syms, canon, &found)) return found;
  for (size_t i = 0; i < canon.len; i++) {
    if (canon.ptr[i] != '.') continue;
    if (map_get(&scope->children, str_slice(canon, 0, i), &found)) {
      Sym *sym = find_down(found, str_slice(canon, i + 1, canon.len));
      if (sym) return sym;
    }
  }
  return NULL;
}

Sym *scope_find(Scope *scope, Str canon) {
  if (canon.len && canon.ptr[0] == '.') return find_down(scope->root, str_slice(canon, 1, canon.len));
  Sym *sym = find_down(scope, canon);
  if (str_find_char(canon, '.') == STR_NPOS) return sym;
  /* a qualified name may start at any module above */
  for (Scope *s = scope->parent; s && !sym; s = s->parent) sym = find_down(s, canon);
  return sym;
}

static Err parse(Comp *c, const Sym *sym, Str text, long line, Node **out) {
  Err err = expr_parse(out, c->arena, text, c->info);
  if (err != ERR_OK) {
    char shown[sizeof c->info->column];
    snprintf(shown, sizeof shown, STR_FMT, STR_ARG(sym->name));
    err_at(c->info, file_of(sym), NULL, line ? line : sym->line, shown);
  }
  return err;
}

/* One part of a subscript of <element>: an element, its number, or a sub-range (all elements that carry its names). */
static Err element_part(Comp *c, const Sym *sym, const Dim *dim, Str text, const Dim **range, uint32_t *at) {
  Str canon = flow_canon(c->arena, text);
  size_t i;
  int64_t number;
  if (!canon.ptr) return comp_memory(c);
  *range = NULL;
  if (map_get_index(&dim->index, canon, &i)) { *at = (uint32_t)i; return ERR_OK; }
  if (str_to_int(canon, &number) && number >= 1 && number <= dim->size) { *at = (uint32_t)number - 1; return ERR_OK; }
  const Dim *other = model_dim(c->model, canon);
  if (other) {
    for (uint32_t k = 0; k < other->size; k++)
      if (!map_get(&dim->index, other->canon_elem[k], NULL)) other = NULL, k = UINT32_MAX - 1;
    if (other) { *range = other; return ERR_OK; }
  }
  return comp_error(c, sym, ERR_INPUT, "\"" STR_FMT "\" is not an element of dimension " STR_FMT, STR_ARG(text),
                    STR_ARG(dim->name));
}

typedef struct Cover { const Dim *range[FLOW_DIMS_MAX]; uint32_t at[FLOW_DIMS_MAX]; } Cover;

static Err read_subscript(Comp *c, const Sym *sym, Str text, Cover *cover) {
  const Var *v = sym->var;
  Str rest = text, part;
  uint32_t n = 0;
  while (str_cut(&rest, ',', &part)) {
    if (n == v->ndims) { n++; break; }
    TRY(element_part(c, sym, v->dims[n], part, &cover->range[n], &cover->at[n]));
    n++;
  }
  if (n != v->ndims)
    return comp_error(c, sym, ERR_INPUT, "subscript \"" STR_FMT "\" has %s%u parts, expected %u", STR_ARG(text),
                      n > v->ndims ? "more than " : "", n > v->ndims ? v->ndims : n, v->ndims);
  return ERR_OK;
}

static void place_cover(const Var *v, size_t place, Cover *cover) {
  for (uint32_t i = v->ndims; i-- > 0;) {
    cover->at[i] = (uint32_t)(place % v->dims[i]->size);
    place /= v->dims[i]->size;
  }
}

/* Gives one element its equation and graphical function; `at` are its places in the variable's own dimensions. */
static Err set_element(Comp *c, Sym *sym, const ElementDef *el, const Cover *cover, const uint32_t *at) {
  const Var *v = sym->var;
  uint32_t lead = 1, own = 0, own_count = 1;
  for (uint32_t i = 0; i < sym->implicit; i++) lead *= sym->dims[i]->size;
  bool ranges = false;
  for (uint32_t i = 0; i < v->ndims; i++) ranges |= cover->range[i] != NULL;
  Axis *alias = ranges ? ARENA_ARRAY(c->arena, Axis, FLOW_DIMS_MAX + 1) : NULL;
  if (ranges && !alias) return comp_memory(c);
  uint32_t aliases = 0;
  for (uint32_t i = 0; i < v->ndims; i++) {
    own = own * v->dims[i]->size + at[i];
    own_count *= v->dims[i]->size;
    size_t place = 0;
    if (cover->range[i] && map_get_index(&cover->range[i]->index, v->dims[i]->canon_elem[at[i]], &place))
      alias[aliases++] = (Axis){.dim = cover->range[i], .bound = (int32_t)place, .id = -1};
  }
  for (uint32_t k = 0; k < lead; k++) {
    uint32_t e = k * own_count + own;
    /* of two equations the first counts where Vensim's exceptions have been written out, else the last */
    if (el->eqn.len && !(sym->elem_eqn[e] && c->model->dialect == DIALECT_VENSIM)) {
      TRY(parse(c, sym, el->eqn, el->line, &sym->elem_eqn[e]));
      sym->elem_alias[e] = alias;
    }
    if (el->gf && !(sym->elem_gf[e] && c->model->dialect == DIALECT_VENSIM)) sym->elem_gf[e] = el->gf;
  }
  return ERR_OK;
}

static Str element_eqn(const ElementDef *el, bool start) { return start && el->init_eqn.len ? el->init_eqn : el->eqn; }

/* Vensim lets an array be defined for some of its elements only. The others do not exist there; here they are NaN. */
static Err no_such_elements(Comp *c, Sym *sym) {
  for (uint32_t e = 0; e < sym->count; e++)
    if (!sym->elem_eqn[e] && !(sym->elem_gf && sym->elem_gf[e]) && !(sym->elem_eqn[e] = expr_num(c->arena, (double)NAN))) return comp_memory(c);
  return ERR_OK;
}

/* `start`: of the value at the start, where it has equations of its own. */
static Err build_elements(Comp *c, Sym *sym, bool start) {
  const Var *v = sym->var;
  sym->elem_eqn = ARENA_ARRAY(c->arena, Node *, sym->count);
  sym->elem_gf = ARENA_ARRAY(c->arena, const Gf *, sym->count);
  sym->elem_alias = ARENA_ARRAY(c->arena, const Axis *, sym->count);
  if (!sym->elem_eqn || !sym->elem_gf || !sym->elem_alias) return comp_memory(c);
  for (size_t k = 0; k < v->element_count; k++) {
    const ElementDef *el = &v->elements[k];
    Cover cover = {0};
    err_at(c->info, NULL, NULL, el->line, NULL);
    if (el->subscript.len) TRY(read_subscript(c, sym, el->subscript, &cover));
    else place_cover(v, el->place, &cover);
    uint32_t total = 1, at[FLOW_DIMS_MAX] = {0};
    for (uint32_t i = 0; i < v->ndims; i++) total *= cover.range[i] ? cover.range[i]->size : 1;
    for (uint32_t t = 0; t < total; t++) {
      uint32_t rest = t;
      for (uint32_t i = v->ndims; i-- > 0;) {
        at[i] = cover.at[i];
        if (!cover.range[i]) continue;
        size_t place = 0;
        map_get_index(&v->dims[i]->index, cover.range[i]->canon_elem[rest % cover.range[i]->size], &place);
        at[i] = (uint32_t)place;
        rest /= cover.range[i]->size;
      }
      ElementDef of = *el;
      of.eqn = element_eqn(el, start);
      TRY(set_element(c, sym, &of, &cover, at));
    }
  }
  bool any_eqn = false, any_gf = false;
  for (uint32_t e = 0; e < sym->count; e++) { any_eqn |= sym->elem_eqn[e] != NULL; any_gf |= sym->elem_gf[e] != NULL; }
  if (!any_gf) sym->elem_gf = NULL;
  if (!any_eqn) sym->elem_eqn = NULL;
  /* an equation for all is the default of elements without their own */
  Str rest = start && v->init_eqn.len ? v->init_eqn : v->eqn;
  for (uint32_t e = 0; any_eqn && rest.len && e < sym->count; e++)
    if (!sym->elem_eqn[e]) TRY(parse(c, sym, rest, v->line, &sym->elem_eqn[e]));
  return any_eqn && c->model->dialect == DIALECT_VENSIM ? no_such_elements(c, sym) : ERR_OK;
}

/* <init_eqn>: at the start the variable is what that says (Vensim's ACTIVE INITIAL), which opens circles that only run
 * through initial values. The running equation moves to a variable of its own, computed at the start as well. */
static Err build_start(Comp *c, Sym *sym) {
  const Var *v = sym->var;
  bool any = v->init_eqn.len > 0;
  for (size_t i = 0; i < v->element_count; i++) any |= v->elements[i].init_eqn.len > 0;
  if (!any || sym->kind != SYM_VALUE) return ERR_OK;
  Sym *start = ARENA_NEW(c->arena, Sym), *running = ARENA_NEW(c->arena, Sym);
  if (!start || !running) return comp_memory(c);
  *running = *start = *sym;
  running->name = arena_printf(c->arena, STR_FMT " (running)", STR_ARG(sym->name));
  start->name = arena_printf(c->arena, STR_FMT " (at the start)", STR_ARG(sym->name));
  if (!running->name.ptr || !start->name.ptr || !(sym->eqn = expr_sym(c->arena, running))) return comp_memory(c);
  sym->gf = start->gf = NULL;
  sym->elem_eqn = start->elem_eqn = NULL;
  sym->elem_gf = NULL;
  sym->varying = 1;        /* also when neither equation changes, the one follows the other */
  sym->start = start;
  start->eqn = NULL;
  if (v->element_count) TRY(build_elements(c, start, true));
  start->elem_gf = NULL;
  return start->elem_eqn ? ERR_OK : parse(c, sym, v->init_eqn.len ? v->init_eqn : v->eqn, v->line, &start->eqn);
}

static Err build_var(Comp *c, Scope *scope, const Var *v, const Ctx *outer) {
  Ctx none = {.scope = scope};
  if (outer) { none = *outer; none.scope = scope; }
  none.self = NULL;
  Sym *sym = comp_sym_new(c, SYM_VALUE, &none, "variable");
  if (!sym) return c->info->code;
  sym->var = v;
  sym->line = v->line;
  sym->name = arena_printf(c->arena, STR_FMT STR_FMT, STR_ARG(scope->name), STR_ARG(v->name));
  sym->canon = flow_canon(c->arena, sym->name);
  if (!sym->name.ptr || !sym->canon.ptr) return comp_memory(c);
  if (sym->implicit + v->ndims > FLOW_DIMS_MAX + 8) return comp_error(c, sym, ERR_LIMIT, "too many dimensions");
  for (uint32_t i = 0; i < v->ndims; i++) sym->dims[sym->ndims++] = v->dims[i];
  TRY(comp_size_up(c, sym));
  sym->gf = v->gf;
  if (v->kind == V_STOCK) sym->kind = v->conveyor ? SYM_CONVEYOR : SYM_STOCK;
  if (v->element_count) TRY(build_elements(c, sym, false));
  if (v->conveyor && v->conveyor->list_count && !sym->elem_eqn) {
    if (!(sym->eqn = expr_num(c->arena, 0))) return comp_memory(c);   /* the belt is filled from the list */
  } else if (!sym->elem_eqn && v->eqn.len) TRY(parse(c, sym, v->eqn, v->line, &sym->eqn));
  TRY(build_start(c, sym));
  if (!sym->eqn && !sym->elem_eqn && (sym->gf || sym->elem_gf) && v->kind != V_STOCK) sym->kind = SYM_TABLE;
  if (map_set(&scope->syms, v->canon, sym) != ERR_OK) return comp_memory(c);
  return add_sym(c, sym);
}

static Scope *scope_new(Comp *c, const ModelDef *def, Scope *parent, Str name) {
  Scope *s = ARENA_NEW(c->arena, Scope);
  if (!s) return NULL;
  s->def = def;
  s->parent = parent;
  s->root = parent ? parent->root : s;
  s->name = name;
  s->depth = parent ? parent->depth + 1 : 0;
  map_init(&s->syms, c->arena);
  map_init(&s->children, c->arena);
  return s;
}

static Err build_module(Comp *c, Scope *scope, const Var *v, const Ctx *outer) {
  const ModelDef *def = model_submodel(c->model, v->model_name);
  Sym place = {.name = v->name, .line = v->line};
  if (!def) return comp_error(c, &place, ERR_INPUT, "the file has no model of that name for the module");
  Str name = arena_printf(c->arena, STR_FMT STR_FMT ".", STR_ARG(scope->name), STR_ARG(v->name));
  Scope *child = scope_new(c, def, scope, name);
  if (!child || !name.ptr) return comp_memory(c);
  if (child->depth > FLOW_MODULE_DEPTH)
    return comp_error(c, &place, ERR_LIMIT, "modules are nested deeper than %d (does a model contain itself?)",
                      FLOW_MODULE_DEPTH);
  if (map_set(&scope->children, v->canon, child) != ERR_OK) return comp_memory(c);
  return comp_instantiate(c, child, outer);
}

/* `to` of a <connect>: ".x" in the root, "module.x" from where the module stands, "x" in the module itself. */
static Sym *connect_end(Scope *scope, Scope *module, Str name, bool target) {
  if (name.len && name.ptr[0] == '.') return scope_find(scope, name);
  bool qualified = str_find_char(name, '.') != STR_NPOS;
  Sym *sym = target && !qualified ? NULL : scope_find(scope, name);
  return sym ? sym : scope_find(module, name);
}

static Err connect(Comp *c, Scope *scope) {
  for (size_t i = 0; i < scope->def->var_count; i++) {
    const Var *v = &scope->def->vars[i];
    void *child;
    if (v->kind != V_MODULE || !map_get(&scope->children, v->canon, &child)) continue;
    Sym place = {.name = v->name, .line = v->line};
    for (size_t k = 0; k < v->connect_count; k++) {
      Sym *to = connect_end(scope, child, v->connects[k].to, true);
      Sym *from = connect_end(scope, child, v->connects[k].from, false);
      if (!to || !from)
        return comp_error(c, &place, ERR_INPUT, "<connect>: there is no variable \"" STR_FMT "\"",
                          STR_ARG(to ? v->connects[k].from : v->connects[k].to));
      if (to == from) continue;
      if (to->ndims != from->ndims || to->count != from->count)
        return comp_error(c, &place, ERR_INPUT, "<connect>: \"" STR_FMT "\" and \"" STR_FMT "\" have other dimensions",
                          STR_ARG(to->name), STR_ARG(from->name));
      to->kind = SYM_VALUE;
      to->start = NULL;
      to->gf = NULL;
      to->elem_eqn = NULL;
      to->elem_gf = NULL;
      if (!(to->eqn = expr_sym(c->arena, from))) return comp_memory(c);
    }
  }
  return ERR_OK;
}

/* Inflows minus outflows; the multiplier of a flow works on its downstream side only (XMILE 4.3). */
static Err build_net(Comp *c, Scope *scope, Sym *stock) {
  const Var *v = stock->var;
  Node *net = NULL;
  if (v->net_flow.len) TRY(parse(c, stock, v->net_flow, stock->line, &net));
  bool conveyor = stock->kind == SYM_CONVEYOR;
  for (size_t i = 0; i < v->inflow_count + (conveyor ? 0 : v->outflow_count); i++) {
    bool in = i < v->inflow_count;
    Str name = in ? v->inflows[i] : v->outflows[i - v->inflow_count];
    Sym *flow = scope_find(scope, name);
    if (!flow || flow->kind == SYM_TABLE)
      return comp_error(c, stock, ERR_INPUT, "%s \"" STR_FMT "\" is not a variable of the model",
                        in ? "inflow" : "outflow", STR_ARG(name));
    if (flow->ndims != stock->ndims)
      return comp_error(c, stock, ERR_INPUT, "%s \"" STR_FMT "\" has %u dimensions, the stock has %u",
                        in ? "inflow" : "outflow", STR_ARG(flow->name), flow->ndims, stock->ndims);
    Node *term = expr_sym(c->arena, flow);
    if (in && flow->var && flow->var->multiplier.len) {
      Node *factor;
      TRY(parse(c, flow, flow->var->multiplier, flow->line, &factor));
      term = expr_bin(c->arena, B_MUL, term, factor);
    }
    if (!term) return comp_memory(c);
    net = net ? expr_bin(c->arena, in ? B_ADD : B_SUB, net, term)
              : in ? term : expr_bin(c->arena, B_SUB, expr_num(c->arena, 0), term);
    if (!net) return comp_memory(c);
  }
  if (net && stock->cut_off) {
    Node *empty = expr_bin(c->arena, B_DIV, expr_sym(c->arena, stock), expr_ref(c->arena, S("dt")));
    if (empty) empty = expr_bin(c->arena, B_SUB, expr_num(c->arena, 0), empty);
    if (!empty || !(net = expr_call(c->arena, "max", net, empty, NULL))) return comp_memory(c);
  }
  stock->net = net;
  return ERR_OK;
}

/* A flow of a macro that has the name of a parameter and no equation is that parameter: so translators write a stock that a
 * parameter flows into. */
static bool is_parameter(const Scope *scope, const Var *v) {
  return scope->is_macro && !v->eqn.len && !v->element_count && !v->gf && map_get(&scope->syms, v->canon, NULL);
}

Err comp_instantiate(Comp *c, Scope *scope, const Ctx *outer) {
  for (size_t i = 0; i < scope->def->var_count; i++) {
    const Var *v = &scope->def->vars[i];
    if (is_parameter(scope, v)) continue;
    if (v->kind == V_MODULE) TRY(build_module(c, scope, v, outer));
    else TRY(build_var(c, scope, v, outer));
  }
  TRY(connect(c, scope));
  TRY(comp_wrap(c, scope));
  for (size_t i = 0; i < scope->def->var_count; i++) {
    void *sym;
    const Var *v = &scope->def->vars[i];
    if (v->kind != V_STOCK || !map_get(&scope->syms, v->canon, &sym)) continue;
    Sym *stock = sym;
    if (stock->kind != SYM_VALUE) TRY(build_net(c, scope, stock));
  }
  return ERR_OK;
}

/* The settings of a run under the names Vensim gives them. Published results list them whatever software made the model, and
 * who compares with those counts on that: they are the last columns when every variable is kept. */
static Err build_settings(Comp *c) {
  const FlowProgram *p = c->program;
  const struct { const char *name; double value; } SETTINGS[] = {
    {"FINAL TIME", p->stop}, {"INITIAL TIME", p->start}, {"SAVEPER", p->dt * (double)p->every}, {"TIME STEP", p->dt}};
  for (size_t i = 0; i < sizeof SETTINGS / sizeof SETTINGS[0]; i++) {
    Ctx none = {.scope = c->root};
    Str canon = flow_canon(c->arena, str_from(SETTINGS[i].name));
    if (!canon.ptr) return comp_memory(c);
    if (map_get(&c->root->syms, canon, NULL)) continue;
    Sym *sym = comp_sym_new(c, SYM_VALUE, &none, "setting");
    if (!sym) return c->info->code;
    sym->name = str_from(SETTINGS[i].name);
    sym->canon = canon;
    if (!(sym->eqn = expr_num(c->arena, SETTINGS[i].value)) || map_set(&c->root->syms, canon, sym) != ERR_OK)
      return comp_memory(c);
    TRY(add_sym(c, sym));
  }
  return ERR_OK;
}

Err comp_build(Comp *c) {
  c->root = scope_new(c, c->model->models[0], NULL, S(""));
  if (!c->root) return comp_memory(c);
  TRY(comp_instantiate(c, c->root, NULL));
  return build_settings(c);
}
