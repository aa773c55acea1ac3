/* SPDX-License-Identifier: EUPL-1.2 */
/* The order in which units are computed: once for the start, once for every step. */
#include <string.h>

#include "flow/lower.h"

typedef enum Phase { PHASE_INIT, PHASE_STEP } Phase;
enum { WHITE, GREY, BLACK };

typedef struct Walk {
  Comp *c;
  Phase phase;
  LoopList *list;
  Unit **stack;
  uint32_t depth, cap;
} Walk;

#define SPLIT_ELEMENTS_MAX 200000u   /* a variable larger than this is not taken apart to undo a circle */
#define RESTARTS_MAX 200

static bool starts_itself(const Sym *sym) {   /* has an initial value of its own */
  return sym->kind == SYM_STOCK || sym->kind == SYM_CONVEYOR || sym->kind == SYM_INIT || sym->kind == SYM_PREVIOUS ||
         sym->kind == SYM_DELAY;
}

/* Is another thing at the start than in a step. */
static bool has_start(const Unit *u) {
  return !u->is_net && (starts_itself(u->sym) || (u->sym->start && !u->sym->set));
}

/* In a step what has a memory is known, and so is what never changes. */
static bool is_leaf(const Walk *w, const Unit *u) {
  if (w->phase == PHASE_INIT || u->is_net) return false;
  if (u->sym->kind == SYM_DELAY) return false;
  return starts_itself(u->sym) || u->sym->varying == 0;
}

static const Dep *dep_at(const Walk *w, const Unit *u, uint32_t i) {
  if (w->phase == PHASE_INIT && has_start(u)) return i < u->init_dep_count ? &u->init_deps[i] : NULL;
  return i < u->dep_count ? &u->deps[i] : NULL;
}

static Err list_add(Comp *c, LoopList *list, Loop *loop) {
  if (!GROW(c, list->items, list->count, list->cap)) return comp_memory(c);
  list->items[list->count++] = loop;
  return ERR_OK;
}

static Err emit_unit(Walk *w, Unit *u) {
  bool start = w->phase == PHASE_INIT && has_start(u);
  Loop **loops = start ? u->init : u->loops;
  uint32_t count = start ? u->init_count : u->loop_count;
  for (uint32_t i = 0; i < count; i++)
    if (w->phase == PHASE_INIT || loops[i]->varying) TRY(list_add(w->c, w->list, loops[i]));
  return ERR_OK;
}

static Str unit_name(Comp *c, const Unit *u) {
  if (u->elem < 0 || !u->sym->ndims) return u->sym->name;
  Ctx ctx;
  comp_ctx(&ctx, u->sym, u->elem);
  Str text = u->sym->name;
  for (uint32_t i = 0; i < u->sym->ndims; i++)
    text = arena_printf(c->arena, STR_FMT "%s" STR_FMT "%s", STR_ARG(text), i ? ", " : "[",
                        STR_ARG(ctx.axes[i].dim->shown[ctx.axes[i].bound]), i + 1 == u->sym->ndims ? "]" : "");
  return text;
}

/* A circle among whole variables may be none among their elements: those are then told apart and all begins anew. */
static Err circle(Walk *w, Unit *again, bool *restart) {
  Comp *c = w->c;
  uint32_t from = w->depth;
  while (from > 0 && w->stack[from - 1] != again) from--;
  bool split = false;
  for (uint32_t i = from ? from - 1 : 0; i < w->depth; i++) {
    Sym *sym = w->stack[i]->sym;
    if (w->stack[i]->is_net || sym->split || sym->count < 2 || sym->count > SPLIT_ELEMENTS_MAX) continue;
    if (sym->kind == SYM_VALUE || sym->kind == SYM_STOCK || sym->kind == SYM_INIT) { sym->split = true; split = true; }
  }
  if (split && c->restarts < RESTARTS_MAX) { *restart = true; return ERR_OK; }
  Str text = S("");
  bool initial = false;
  for (uint32_t i = from ? from - 1 : 0; i < w->depth; i++) initial |= starts_itself(w->stack[i]->sym);
  for (uint32_t i = from ? from - 1 : 0; i < w->depth && text.len < 700; i++)
    text = arena_printf(c->arena, STR_FMT STR_FMT " -> ", STR_ARG(text), STR_ARG(unit_name(c, w->stack[i])));
  return comp_error(c, again->sym, ERR_INPUT, "circular definition%s: " STR_FMT STR_FMT,
                    initial ? " of initial values" : "", STR_ARG(text), STR_ARG(unit_name(c, again)));
}

static Err push(Walk *w, Unit *u, bool *restart) {
  if (u->colour == BLACK || is_leaf(w, u)) return ERR_OK;
  if (u->colour == GREY) return circle(w, u, restart);
  u->colour = GREY;
  u->next = u->next_elem = 0;
  if (!GROW(w->c, w->stack, w->depth, w->cap)) return comp_memory(w->c);
  w->stack[w->depth++] = u;
  return ERR_OK;
}

/* The next unit that `u` waits for, or NULL. */
static Unit *next_dep(const Walk *w, Unit *u) {
  for (;;) {
    const Dep *dep = dep_at(w, u, u->next);
    if (!dep) return NULL;
    Sym *sym = dep->sym;
    if (!sym->units) { u->next++; continue; }
    if (!sym->split) { u->next++; u->next_elem = 0; return sym->units[0]; }
    uint32_t count = dep->elems ? dep->count : sym->count;
    if (u->next_elem < count) {
      uint32_t e = dep->elems ? dep->elems[u->next_elem] : u->next_elem;
      u->next_elem++;
      return sym->units[e];
    }
    u->next++;
    u->next_elem = 0;
  }
}

static Err visit(Walk *w, Unit *root, bool *restart) {
  TRY(push(w, root, restart));
  while (w->depth && !*restart) {
    Unit *u = w->stack[w->depth - 1], *dep = next_dep(w, u);
    if (dep) { TRY(push(w, dep, restart)); continue; }
    u->colour = BLACK;
    w->depth--;
    TRY(emit_unit(w, u));
  }
  return ERR_OK;
}

static Err visit_sym(Walk *w, Sym *sym, bool *restart) {
  uint32_t count = sym->split ? sym->count : 1;
  for (uint32_t i = 0; sym->units && i < count && !*restart; i++) TRY(visit(w, sym->units[i], restart));
  return ERR_OK;
}

static void whiten(Comp *c) {
  for (size_t i = 0; i < c->queue_count; i++) {
    Sym *sym = c->queue[i];
    uint32_t count = sym->split ? sym->count : 1;
    for (uint32_t k = 0; sym->units && k < count; k++) sym->units[k]->colour = WHITE;
    if (sym->net_unit) sym->net_unit->colour = WHITE;
  }
}

static Err order(Comp *c, bool *restart) {
  FlowProgram *p = c->program;
  Walk w = {.c = c, .phase = PHASE_INIT, .list = &p->init};
  whiten(c);
  for (size_t i = 0; i < c->queue_count && !*restart; i++) TRY(visit_sym(&w, c->queue[i], restart));
  for (size_t i = 0; i < c->queue_count && !*restart; i++)
    if (c->queue[i]->net_unit) TRY(visit(&w, c->queue[i]->net_unit, restart));   /* for what never changes in them */
  if (*restart) return ERR_OK;
  w.phase = PHASE_STEP;
  w.list = &p->step;
  w.depth = 0;
  whiten(c);
  for (size_t i = 0; i < c->queue_count && !*restart; i++) {
    Sym *sym = c->queue[i];
    if (sym->source) TRY(visit_sym(&w, sym->source, restart));
    if (sym->kind == SYM_DELAY || sym->kind == SYM_CONV_OUT) TRY(visit_sym(&w, sym, restart));
    if (sym->net_unit && !*restart) TRY(visit(&w, sym->net_unit, restart));
  }
  w.list = &p->output;
  for (size_t i = 0; i < c->queue_count && !*restart; i++)
    if (c->queue[i]->kind == SYM_VALUE) TRY(visit_sym(&w, c->queue[i], restart));
  return ERR_OK;
}

/* Forgets all that was lowered; slots of constants and columns are made anew. */
static void reset(Comp *c) {
  FlowProgram *p = c->program;
  for (size_t i = 0; i < c->queue_count; i++) {
    Sym *sym = c->queue[i];
    sym->queued = false;
    sym->units = NULL;
    sym->net_unit = NULL;
  }
  c->queue_count = 0;
  p->slots = SLOTS_RESERVED;
  p->const_count = p->stock_count = p->prev_count = p->hist_count = p->conv_count = p->input_count = p->sites = 0;
  p->init.count = p->step.count = p->output.count = 0;
}

Err comp_order(Comp *c) {
  bool restart = false;
  TRY(order(c, &restart));
  if (!restart) return ERR_OK;
  size_t roots = c->root_count;
  reset(c);
  c->restarts++;
  for (size_t i = 0; i < roots; i++) TRY(comp_need(c, c->roots[i]));
  TRY(comp_lower_all(c));
  return comp_order(c);       /* at most RESTARTS_MAX deep */
}
