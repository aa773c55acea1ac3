/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "flow/lower.h"
#include "flow/strip.h"

static Err times(FlowProgram *p, const FlowModel *m, const FlowSpec *spec, ErrInfo *info) {
  p->start = isnan(spec->start) ? m->start : spec->start;
  p->stop = isnan(spec->stop) ? m->stop : spec->stop;
  p->dt = isnan(spec->dt) ? m->dt : spec->dt;
  p->method = spec->method == FLOW_METHOD_MODEL ? m->method : spec->method;
  if (!(p->dt > 0) || isinf(p->dt)) return err_set(info, ERR_INPUT, "dt is %.17g, expected more than 0", p->dt);
  if (!(p->stop >= p->start) || isinf(p->stop - p->start))
    return err_set(info, ERR_INPUT, "the run goes from %.17g to %.17g, expected a stop at or after the start", p->start, p->stop);
  double steps = floor((p->stop - p->start) / p->dt * (1 + 1e-12) + 1e-9);
  if (steps > (double)m->limits.steps)
    return err_set(info, ERR_LIMIT, "the run takes %.0f steps, the limit is %zu", steps, m->limits.steps);
  p->steps = (size_t)steps;
  p->every = 1;
  double every = spec->every != 0 ? spec->every : m->save_interval;
  if (every != 0) {
    double ratio = every / p->dt, whole = floor(ratio + 0.5);
    bool fits = whole >= 1 && fabs(ratio - whole) <= 1e-6 * whole && whole <= 1e9;
    if (!fits && spec->every == 0) whole = 1;      /* the file's interval was for another DT */
    else if (!fits)
      return err_set(info, ERR_INPUT, "rows every %.17g are not a whole number of steps of %.17g", spec->every, p->dt);
    p->every = (size_t)whole;
  }
  p->rows = p->steps / p->every + 1;
  return ERR_OK;
}

static Err add_column(Comp *c, Sym *sym, uint32_t elem, uint32_t *cap) {
  FlowProgram *p = c->program;
  Unit named = {.sym = sym, .elem = (int32_t)elem};
  Str name = sym->name;
  if (sym->ndims) {
    Ctx ctx;
    comp_ctx(&ctx, sym, named.elem);
    for (uint32_t i = 0; i < sym->ndims; i++)
      name = arena_printf(c->arena, STR_FMT "%s" STR_FMT "%s", STR_ARG(name), i ? ", " : "[",
                          STR_ARG(ctx.axes[i].dim->shown[ctx.axes[i].bound]), i + 1 == sym->ndims ? "]" : "");
  }
  if (!name.ptr || !GROW(c, p->columns, (uint32_t)p->column_count, *cap)) return comp_memory(c);
  p->columns[p->column_count++] = (Column){name, elem};   /* the slot is known when all is lowered */
  return ERR_OK;
}

static Err add_root(Comp *c, Sym *sym) {
  if (!GROW(c, c->roots, (uint32_t)c->root_count, c->root_cap)) return comp_memory(c);
  c->roots[c->root_count++] = sym;
  return comp_need(c, sym);
}


/* Columns in order; column_syms[i] is the variable of column i. */
static Err choose_columns(Comp *c, Sym ***column_syms) {
  const FlowSpec *spec = c->spec;
  uint32_t cap = 0, syms_cap = 0;
  Sym **of = NULL;
  size_t seen = c->sym_count;
  for (size_t i = 0; i < (spec->save_count ? spec->save_count : seen); i++) {
    Sym *sym = NULL;
    uint32_t *elems = NULL, count = 0;
    if (spec->save_count) {
      TRY(comp_find_name(c, spec->save[i], &sym, &elems, &count));
      if (!count)
        return comp_error(c, NULL, ERR_NOT_FOUND, "there is no variable \"" STR_FMT "\" to keep", STR_ARG(spec->save[i]));
      if (sym->kind == SYM_TABLE)
        return comp_error(c, sym, ERR_NOT_FOUND, "a graphical function has no value over time");
    } else {
      sym = c->syms[i];
      if (sym->kind == SYM_TABLE) continue;
      count = sym->count;
    }
    TRY(add_root(c, sym));
    for (uint32_t k = 0; k < count; k++) {
      if (!GROW(c, of, (uint32_t)c->program->column_count, syms_cap)) return comp_memory(c);
      of[c->program->column_count] = sym;
      TRY(add_column(c, sym, elems ? elems[k] : k, &cap));
    }
  }
  *column_syms = of;
  return ERR_OK;
}

/* Stocks with their flows, for the check of conservation; every stock of the file is then computed. */
static Err choose_balances(Comp *c) {
  for (size_t i = 0; i < c->sym_count; i++) {
    Sym *sym = c->syms[i];
    if (!sym->var || sym->var->kind != V_STOCK || !sym->net || sym->scope->is_macro) continue;
    TRY(add_root(c, sym));
  }
  return ERR_OK;
}

static Err fill_balances(Comp *c) {
  FlowProgram *p = c->program;
  for (size_t i = 0; i < c->sym_count; i++) {
    Sym *sym = c->syms[i];
    if (!sym->var || sym->var->kind != V_STOCK || !sym->net || sym->scope->is_macro || !sym->queued) continue;
    const Var *v = sym->var;
    uint32_t *flows = ARENA_ARRAY(c->arena, uint32_t, v->inflow_count + v->outflow_count + 1), n = 0;
    if (!flows) return comp_memory(c);
    bool multiplied = v->net_flow.len > 0;
    for (size_t k = 0; k < v->inflow_count + v->outflow_count; k++) {
      Sym *flow = scope_find(sym->scope, k < v->inflow_count ? v->inflows[k] : v->outflows[k - v->inflow_count]);
      if (!flow || !flow->queued) { multiplied = true; break; }
      multiplied |= k < v->inflow_count && flow->var && flow->var->multiplier.len;
      flows[n++] = flow->base;
    }
    if (multiplied) continue;      /* units change underway, or there are no flows: nothing to compare */
    if (!GROW(c, p->balances, p->balance_count, p->balance_cap)) return comp_memory(c);
    p->balances[p->balance_count++] = (Balance){.base = sym->base, .count = sym->count, .flows = flows,
                                                .in_count = (uint32_t)v->inflow_count, .flow_count = n, .name = sym->name};
  }
  return ERR_OK;
}

static uint32_t most_temps(const LoopList *list, uint32_t most) {
  for (uint32_t i = 0; i < list->count; i++)
    if (list->items[i]->temps > most) most = list->items[i]->temps;
  return most;
}

/* What is run at every step also gets strips. */
static Err plan_strips(Comp *c, const LoopList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    Loop *loop = list->items[i];
    if (!strip_plan(c->arena, loop)) return comp_memory(c);
    loop->strip_at = c->program->strip_total;
    c->program->strip_total += loop->strip_count;
  }
  return ERR_OK;
}

static Err compile(Comp *c) {
  FlowProgram *p = c->program;
  Sym **column_syms = NULL;
  TRY(comp_build(c));
  TRY(comp_inputs(c));
  if (c->spec->check_conservation) TRY(choose_balances(c));
  TRY(choose_columns(c, &column_syms));
  TRY(comp_lower_all(c));
  TRY(comp_order(c));
  for (size_t i = 0; i < p->column_count; i++) p->columns[i].slot += column_syms[i]->base;
  if (c->spec->check_conservation) { p->check_conservation = true; TRY(fill_balances(c)); }
  TRY(comp_fuse(c));
  TRY(plan_strips(c, &p->step));
  TRY(plan_strips(c, &p->output));
  TRY(plan_strips(c, &p->advance));
  if (!strip_rows(p)) return comp_memory(c);
  p->max_temps = most_temps(&p->advance, most_temps(&p->output, most_temps(&p->step, most_temps(&p->init, 1))));
  return ERR_OK;
}

Err flow_compile(FlowProgram **out, const FlowModel *model, const FlowSpec *spec, ErrInfo *info) {
  ErrInfo own = ERRINFO_INIT;
  if (!info) info = &own;
  *out = NULL;
  err_reset(info);
  err_at(info, model->file, NULL, 0, NULL);
  FlowProgram *p = mem_alloc0(1, sizeof *p);
  if (!p) return NO_MEMORY(info);
  arena_init(&p->arena, model->limits.memory_bytes);
  p->model = model;
  p->slots = SLOTS_RESERVED;
  p->set_count = spec->set_count;
  Err err = times(p, model, spec, info);
  Comp *c = err == ERR_OK ? ARENA_NEW(&p->arena, Comp) : NULL;
  if (err == ERR_OK && !c) err = NO_MEMORY(info);
  if (err == ERR_OK) {
    c->program = p;
    c->model = model;
    c->spec = spec;
    c->arena = &p->arena;
    c->info = info;
    p->comp = c;
    err = compile(c);
    c->spec = NULL;
    c->info = NULL;
  }
  if (err != ERR_OK) {
    if (err == ERR_MEMORY && info->code != ERR_MEMORY) NO_MEMORY(info);
    flow_program_free(p);
    return err;
  }
  *out = p;
  return ERR_OK;
}

void flow_program_free(FlowProgram *p) {
  if (!p) return;
  arena_clear(&p->arena);
  mem_free(p);
}

size_t flow_column_count(const FlowProgram *p) { return p->column_count; }
Str flow_column_name(const FlowProgram *p, size_t column) { return p->columns[column].name; }
size_t flow_row_count(const FlowProgram *p) { return p->rows; }
double flow_row_time(const FlowProgram *p, size_t row) { return p->start + (double)(row * p->every) * p->dt; }
