/* SPDX-License-Identifier: EUPL-1.2 */
/* What a model holds, for people: its variables, and what hangs together with what. */
#include <string.h>

#include "base/mem.h"
#include "flow/comp.h"
#include "flow/name.h"

static Err list_scope(FlowModel *m, const ModelDef *def, Str prefix, int depth, ErrInfo *info) {
  if (depth > FLOW_MODULE_DEPTH) return err_set(info, ERR_LIMIT, "modules are nested deeper than %d", FLOW_MODULE_DEPTH);
  for (size_t i = 0; i < def->var_count; i++) {
    const Var *v = &def->vars[i];
    if (v->kind == V_GF) continue;
    Str name = arena_printf(&m->arena, STR_FMT STR_FMT, STR_ARG(prefix), STR_ARG(v->name));
    if (!name.ptr) return NO_MEMORY(info);
    if (v->kind == V_MODULE) {
      const ModelDef *sub = model_submodel(m, v->model_name);
      Str inner = arena_printf(&m->arena, STR_FMT ".", STR_ARG(name));
      if (!inner.ptr) return NO_MEMORY(info);
      if (sub) TRY(list_scope(m, sub, inner, depth + 1, info));
      continue;
    }
    if (m->list_count == m->list_cap) {
      size_t cap = m->list_cap ? 2 * m->list_cap : 64;
      Listed *grown = arena_grow(&m->arena, m->list, m->list_cap * sizeof *grown, cap * sizeof *grown);
      if (!grown) return NO_MEMORY(info);
      m->list = grown;
      m->list_cap = cap;
    }
    m->list[m->list_count++] = (Listed){name, v};
    if (m->list_count > m->limits.elements) return err_set(info, ERR_LIMIT, "more than %zu variables", m->limits.elements);
  }
  return ERR_OK;
}

Err model_list(FlowModel *m, ErrInfo *info) { return list_scope(m, m->models[0], S(""), 0, info); }

size_t flow_variable_count(const FlowModel *m) { return m->list_count; }

FlowVariable flow_variable(const FlowModel *m, size_t i) {
  const Listed *l = &m->list[i];
  const Var *v = l->var;
  FlowVariable out = {.name = l->name, .units = v->units, .doc = v->doc, .equation = v->eqn, .line = v->line,
                      .dimensions = v->dim_text, .elements = 1};
  for (uint32_t k = 0; k < v->ndims; k++) out.elements *= v->dims[k]->size;
  out.kind = v->kind == V_STOCK ? (v->conveyor ? "conveyor" : "stock") : v->kind == V_FLOW ? "flow" : "aux";
  return out;
}

size_t flow_variable_find(const FlowModel *m, Str name) {
  Arena arena;
  arena_init(&arena, 0);
  size_t found = STR_NPOS;
  Str wanted = flow_canon(&arena, name);
  for (size_t i = 0; wanted.ptr && i < m->list_count && found == STR_NPOS; i++) {
    Str canon = flow_canon(&arena, m->list[i].name);
    if (canon.ptr && str_eq(canon, wanted)) found = i;
  }
  arena_clear(&arena);
  return found;
}

/* ---- explanations ---- */

static bool shown(const Sym *sym) { return sym->var && !sym->scope->is_macro && sym->name.len; }

typedef struct Gather { const Sym **list; uint32_t count, cap; Comp *c; } Gather;

static Err gather_deps(Gather *g, const Sym *sym, int depth);

static Err gather(Gather *g, const Sym *sym, int depth) {
  if (!shown(sym)) return depth < 200 ? gather_deps(g, sym, depth + 1) : ERR_OK;
  for (uint32_t i = 0; i < g->count; i++)
    if (g->list[i] == sym) return ERR_OK;
  if (g->count == g->cap) {
    uint32_t cap = g->cap ? 2 * g->cap : 16;
    const Sym **grown = arena_grow(g->c->arena, g->list, g->cap * sizeof *grown, cap * sizeof *grown);
    if (!grown) return ERR_MEMORY;
    g->list = grown;
    g->cap = cap;
  }
  g->list[g->count++] = sym;
  return ERR_OK;
}

static Err gather_unit(Gather *g, const Unit *u, int depth) {
  for (uint32_t i = 0; u && i < u->dep_count; i++) TRY(gather(g, u->deps[i].sym, depth));
  for (uint32_t i = 0; u && i < u->init_dep_count; i++) TRY(gather(g, u->init_deps[i].sym, depth));
  return ERR_OK;
}

/* What a variable is made from, looking through what the engine made itself. */
static Err gather_deps(Gather *g, const Sym *sym, int depth) {
  uint32_t count = sym->split ? sym->count : 1;
  for (uint32_t i = 0; sym->units && i < count; i++) TRY(gather_unit(g, sym->units[i], depth));
  if (sym->source) TRY(gather(g, sym->source, depth));
  return gather_unit(g, sym->net_unit, depth);
}

static void write_names(Buf *out, const char *title, const Gather *g) {
  buf_cstr(out, title);
  for (uint32_t i = 0; i < g->count; i++) {
    buf_cstr(out, i ? ", " : " ");
    buf_str(out, g->list[i]->name);
  }
  buf_cstr(out, g->count ? "\n" : " nothing\n");
}

static void write_variable(Buf *out, const FlowVariable *v, const Var *var) {
  buf_printf(out, STR_FMT " (%s, line %ld)\n", STR_ARG(v->name), v->kind, v->line);
  if (v->dimensions.len) buf_printf(out, "  dimensions: " STR_FMT " (%zu elements)\n", STR_ARG(v->dimensions), v->elements);
  if (v->units.len) buf_printf(out, "  units: " STR_FMT "\n", STR_ARG(v->units));
  if (v->doc.len) buf_printf(out, "  documentation: " STR_FMT "\n", STR_ARG(v->doc));
  if (v->equation.len)
    buf_printf(out, "  %s: " STR_FMT "\n", var->kind == V_STOCK ? "initial value" : "equation", STR_ARG(v->equation));
  for (size_t i = 0; i < var->element_count && i < 20; i++) {
    const ElementDef *el = &var->elements[i];
    if (el->subscript.len) buf_printf(out, "  [" STR_FMT "]: " STR_FMT "\n", STR_ARG(el->subscript), STR_ARG(el->eqn));
    else buf_printf(out, "  element %zu: " STR_FMT "\n", el->place + 1, STR_ARG(el->eqn));
  }
  if (var->element_count > 20) buf_printf(out, "  ... and %zu elements more\n", var->element_count - 20);
  for (size_t i = 0; i < var->inflow_count; i++) buf_printf(out, "  inflow: " STR_FMT "\n", STR_ARG(var->inflows[i]));
  for (size_t i = 0; i < var->outflow_count; i++) buf_printf(out, "  outflow: " STR_FMT "\n", STR_ARG(var->outflows[i]));
  if (var->gf) buf_printf(out, "  graphical function of %u points from x %.17g to %.17g\n", var->gf->count, var->gf->x[0],
                          var->gf->x[var->gf->count - 1]);
}

static Err explain(Comp *c, const Sym *sym, Buf *out) {
  Gather from = {.c = c}, to = {.c = c};
  TRY(gather_deps(&from, sym, 0));
  for (size_t i = 0; i < c->sym_count; i++) {
    Gather of = {.c = c};
    if (!shown(c->syms[i]) || !c->syms[i]->queued) continue;
    TRY(gather_deps(&of, c->syms[i], 0));
    for (uint32_t k = 0; k < of.count; k++)
      if (of.list[k] == sym) { TRY(gather(&to, c->syms[i], 0)); break; }
  }
  write_names(out, "  is made from:", &from);
  write_names(out, "  is used by:", &to);
  return ERR_OK;
}

Err flow_explain(const FlowModel *m, Str name, Buf *out, ErrInfo *info) {
  size_t at = flow_variable_find(m, name);
  if (at == STR_NPOS) return err_set(info, ERR_NOT_FOUND, "there is no variable \"" STR_FMT "\"", STR_ARG(name));
  FlowVariable v = flow_variable(m, at);
  FlowSpec spec = FLOW_SPEC_INIT;
  FlowProgram *p;
  TRY(flow_compile(&p, m, &spec, info));
  Comp *c = p->comp;
  Str canon = flow_canon(c->arena, v.name);
  const Sym *sym = canon.ptr ? scope_find(c->root, canon) : NULL;
  write_variable(out, &v, m->list[at].var);
  Err err = sym ? explain(c, sym, out) : ERR_MEMORY;
  flow_program_free(p);
  if (err == ERR_OK) err = buf_err(out);
  return err == ERR_OK ? ERR_OK : err_set(info, err, "out of memory while explaining a variable");
}
