/* SPDX-License-Identifier: EUPL-1.2 */
/* One pass over the actions fills a cube of line x goal x reach; the value is read off from it. On every axis there is
 * one place more for "all", so that every total counts an action once whatever it is spread over. */
#include "action/matrix.h"

#include "action/internal.h"
#include "action/white.h"

#define MEMORY(info) err_set(info, ERR_MEMORY, "out of memory while making the matrix")

typedef struct Figures {
  int64_t actions, participants, participants_known, cost_cents, cost_known;
} Figures;

typedef struct Cube {
  const ActionIndex *index;
  const Division *division;
  MatrixOptions options;
  Arena *arena;
  size_t lines, goals, reaches;   /* sizes of the axes without "all": values of the three views */
  size_t provinces;               /* behind the reaches and their "all": province as a whole or local in it */
  uint32_t *province_of;          /* per value of reach: its province (0..provinces), NO_VALUE for none */
  Figures *cells;
} Cube;

static Figures *at(const Cube *c, size_t line, size_t goal, size_t reach) {
  return &c->cells[(line * (c->goals + 1) + goal) * (c->reaches + 1 + c->provinces) + reach];
}

static Figures *at_province(const Cube *c, size_t line, size_t goal, size_t province) {
  return at(c, line, goal, c->reaches + 1 + province);
}

/* ---- Counting ---- */

enum { MOST = 512 };  /* places on one axis for one action */

typedef struct Places { uint32_t at[MOST]; size_t count; } Places;

static void add_place(Places *places, uint32_t place) {
  for (size_t i = 0; i < places->count; i++)
    if (places->at[i] == place) return;
  if (places->count < MOST) places->at[places->count++] = place;
}

static void roll(Places *places, const Lists *forward, uint32_t id, const Lists *rollup, size_t none) {
  if (forward->start[id] == forward->start[id + 1]) add_place(places, (uint32_t)none);
  for (uint32_t i = forward->start[id]; i < forward->start[id + 1]; i++)
    for (uint32_t j = rollup->start[forward->values[i]]; j < rollup->start[forward->values[i] + 1]; j++)
      add_place(places, rollup->values[j]);
}

static void count_in(Figures *figures, const ActionIndex *index, uint32_t id) {
  figures->actions++;
  if (index->participants[id] >= 0) {
    figures->participants += index->participants[id];
    figures->participants_known++;
  }
  if (index->cost_cents[id] >= 0) {
    figures->cost_cents += index->cost_cents[id];
    figures->cost_known++;
  }
}

static void count_action(const Cube *c, uint32_t id) {
  const ActionIndex *index = c->index;
  Places goals, reaches;
  goals.count = reaches.count = 0;  /* and not the 4 kB of places: for 100,000 actions that is most of the work */
  const Lists *line = &index->forward[ACTION_DIM_LINE];
  size_t own = line->start[id] < line->start[id + 1] ? line->values[line->start[id]] : c->lines - 1;
  roll(&goals, &index->forward[ACTION_DIM_GOAL], id, &index->goal_roll, c->goals - 1);
  add_place(&goals, (uint32_t)c->goals);
  roll(&reaches, &index->forward[ACTION_DIM_REGION], id, &c->division->reach_roll, c->reaches - 1);
  for (size_t i = 0, n = reaches.count; i < n; i++)
    if (c->province_of[reaches.at[i]] != NO_VALUE)
      add_place(&reaches, (uint32_t)(c->reaches + 1) + c->province_of[reaches.at[i]]);
  add_place(&reaches, (uint32_t)c->reaches);
  for (size_t g = 0; g < goals.count; g++)
    for (size_t r = 0; r < reaches.count; r++) {
      count_in(at(c, own, goals.at[g], reaches.at[r]), index, id);
      count_in(at(c, c->lines, goals.at[g], reaches.at[r]), index, id);
    }
}

static Err fill(Cube *c, ErrInfo *info) {
  const View *reach = &c->division->reach;
  c->lines = c->index->view[ACTION_DIM_LINE].count;
  c->goals = c->index->view[ACTION_DIM_GOAL].count;
  c->reaches = reach->count;
  c->province_of = ARENA_ARRAY(c->arena, uint32_t, c->reaches);
  if (!c->province_of) return MEMORY(info);
  for (size_t i = 0; i < c->reaches; i++) c->province_of[i] = NO_VALUE;
  for (size_t i = 0; i < c->division->column_count; i++)
    if (str_eq(str_from(c->division->columns[i].kind), S("province")))
      c->province_of[c->division->columns[i].value] = (uint32_t)c->provinces++;
  for (size_t i = 0; i < c->division->column_count; i++)  /* local columns follow the order of the provinces */
    for (size_t j = 0; j < c->division->column_count; j++)
      if (c->division->columns[i].kind[0] == 'l' && c->division->columns[i].kind[1] == 'o' &&
          c->division->columns[j].kind[0] == 'p' && c->division->columns[i].region == c->division->columns[j].region)
        c->province_of[c->division->columns[i].value] = c->province_of[c->division->columns[j].value];
  size_t cells = (c->lines + 1) * (c->goals + 1) * (c->reaches + 1 + c->provinces);
  c->cells = ARENA_ARRAY(c->arena, Figures, cells);
  if (!c->cells) return MEMORY(info);
  for (uint32_t id = 0; id < c->index->count; id++) count_action(c, id);
  return ERR_OK;
}

/* ---- The value ---- */

/* Address text; a code with ptr NULL leaves that filter out. */
static Str address(const Cube *c, Str line, Str goal, ActionDim dim, Str reach) {
  ActionQuery query;
  ErrInfo info = ERRINFO_INIT;
  Buf buf;
  action_query_init(&query);
  query.year = c->options.year;
  Err err = ERR_OK;
  if (line.ptr) err = action_query_add(&query, ACTION_DIM_LINE, line, &info);
  if (goal.ptr && err == ERR_OK) err = action_query_add(&query, ACTION_DIM_GOAL, goal, &info);
  if (reach.ptr && err == ERR_OK) err = action_query_add(&query, dim, reach, &info);
  if (err) return STR_NONE;
  buf_init(&buf, 0);
  action_query_url(&query, false, &buf);
  Str text = buf_err(&buf) ? STR_NONE : arena_str(c->arena, buf_view(&buf));
  buf_clear(&buf);
  return text;
}

static void set_figures(const Cube *c, Val *map, const Figures *f) {
  val_set_int(c->arena, map, "actions", f->actions);
  val_set_int(c->arena, map, "participants", f->participants);
  val_set_int(c->arena, map, "participants_known", f->participants_known);
  val_set_int(c->arena, map, "cost_cents", f->cost_cents);
  val_set_int(c->arena, map, "cost_known", f->cost_known);
}

static Val *figures_val(const Cube *c, const Figures *f, Str query) {
  Val *map = val_map(c->arena);
  set_figures(c, map, f);
  val_set_str(c->arena, map, "query", query);
  return map;
}

static Str line_code(const Cube *c, size_t line) {
  return line < c->lines ? c->index->view[ACTION_DIM_LINE].values[line].code : STR_NONE;
}

static Str goal_code(const Cube *c, size_t goal) {
  return goal < c->goals ? c->index->view[ACTION_DIM_GOAL].values[goal].code : STR_NONE;
}

static Val *cells_val(const Cube *c, size_t line, size_t goal) {
  const View *reach = &c->division->reach;
  Val *list = val_list(c->arena);
  for (size_t i = 0; i < c->division->column_count; i++) {
    const ReachColumn *column = &c->division->columns[i];
    Val *cell = figures_val(c, at(c, line, goal, column->value),
                            address(c, line_code(c, line), goal_code(c, goal), ACTION_DIM_REACH, column->code));
    val_push(c->arena, list, cell);
    if (!c->options.municipalities || !str_eq(str_from(column->kind), S("local"))) continue;
    Val *places = val_set_list(c->arena, cell, "municipalities");
    for (size_t v = column->value + 1; v < reach->count && str_eq(reach->values[v].parent, column->code); v++)
      val_push(c->arena, places, figures_val(c, at(c, line, goal, v),
               address(c, line_code(c, line), goal_code(c, goal), ACTION_DIM_REACH, reach->values[v].code)));
  }
  return list;
}

/* Column of a province: its code, and where it stands among the provinces. */
static const ReachColumn *province_column(const Cube *c, size_t province) {
  for (size_t i = 0; i < c->division->column_count; i++)
    if (str_eq(str_from(c->division->columns[i].kind), S("province")) &&
        c->province_of[c->division->columns[i].value] == province)
      return &c->division->columns[i];
  return NULL;
}

static Val *provinces_val(const Cube *c, size_t line) {
  Val *list = val_list(c->arena);
  for (size_t p = 0; p < c->provinces; p++) {
    const ReachColumn *column = province_column(c, p);
    Val *map = val_push_map(c->arena, list);
    size_t local = c->reaches;
    for (size_t i = 0; i < c->division->column_count; i++)
      if (str_eq(str_from(c->division->columns[i].kind), S("local")) && c->division->columns[i].region == column->region)
        local = c->division->columns[i].value;
    val_set_str(c->arena, map, "code", column->code);
    val_set_str(c->arena, map, "label", column->label);
    val_set_int(c->arena, map, "province", at(c, line, c->goals, column->value)->actions);
    val_set_int(c->arena, map, "local", local < c->reaches ? at(c, line, c->goals, local)->actions : 0);
    val_set_int(c->arena, map, "unique", at_province(c, line, c->goals, p)->actions);
    Str both = arena_printf(c->arena, STR_FMT "-local", STR_ARG(column->code));
    Str query = address(c, line_code(c, line), STR_NONE, ACTION_DIM_REACH, column->code);
    val_set_str(c->arena, map, "query", arena_printf(c->arena, STR_FMT "%sreach=" STR_FMT, STR_ARG(query), query.len ? "&" : "", STR_ARG(both)));
  }
  return list;
}

static Val *goal_row(const Cube *c, size_t line, size_t goal) {
  const ViewValue *value = &c->index->view[ACTION_DIM_GOAL].values[goal];
  Str query = address(c, line_code(c, line), value->code, ACTION_DIM_REACH, STR_NONE);
  Val *row = val_map(c->arena);
  val_set_str(c->arena, row, "goal", value->code);
  val_set_str(c->arena, row, "label", value->label);
  val_set_str(c->arena, row, "query", query);
  val_set(c->arena, row, "cells", cells_val(c, line, goal));
  val_set(c->arena, row, "total", figures_val(c, at(c, line, goal, c->reaches), query));
  return row;
}

/* Whether the pact places a goal under a line. */
static bool places_under(const Cube *c, size_t goal, size_t line) {
  size_t base;
  const BaseList *goals = &c->index->base[ACTION_DIM_GOAL];
  if (!map_get_index(&goals->by_code, goal_code(c, goal), &base)) return false;
  return c->index->goal_line[base] == line;
}

static Val *rows_val(const Cube *c, size_t line, int64_t *counted) {
  const View *goals = &c->index->view[ACTION_DIM_GOAL];
  Val *list = val_list(c->arena), *subgoals = NULL;
  *counted = 0;
  for (size_t g = 0; g < c->goals; g++) {
    Val *row = NULL;
    bool sub = goals->values[g].parent.ptr != NULL;
    if (sub && !c->options.subgoals) continue;
    row = goal_row(c, line, g);
    if (sub) {
      if (subgoals) val_push(c->arena, subgoals, row);
      continue;
    }
    val_set_bool(c->arena, row, "own", places_under(c, g, line));
    if (c->options.subgoals) subgoals = val_set_list(c->arena, row, "subgoals");
    val_push(c->arena, list, row);
    *counted += at(c, line, g, c->reaches)->actions;
  }
  return list;
}

static void set_totals(const Cube *c, Val *map, size_t line, int64_t counted) {
  val_set(c->arena, map, "cells", cells_val(c, line, c->goals));
  val_set_int(c->arena, map, "unique", at(c, line, c->goals, c->reaches)->actions);
  val_set_int(c->arena, map, "counted", counted);
  val_set(c->arena, map, "figures", figures_val(c, at(c, line, c->goals, c->reaches),
                                                address(c, line_code(c, line), STR_NONE, ACTION_DIM_REACH, STR_NONE)));
  val_set(c->arena, map, "provinces", provinces_val(c, line));
}

static Val *lines_val(const Cube *c) {
  Val *list = val_list(c->arena);
  int64_t counted;
  for (size_t line = 0; line < c->lines; line++) {
    const ViewValue *value = &c->index->view[ACTION_DIM_LINE].values[line];
    Val *map = val_push_map(c->arena, list);
    val_set_str(c->arena, map, "code", value->code);
    val_set_str(c->arena, map, "label", value->label);
    val_set_str(c->arena, map, "query", address(c, value->code, STR_NONE, ACTION_DIM_REACH, STR_NONE));
    val_set(c->arena, map, "rows", rows_val(c, line, &counted));
    set_totals(c, map, line, counted);
  }
  return list;
}

static Val *columns_val(const Cube *c) {
  Val *list = val_list(c->arena);
  const View *reach = &c->division->reach;
  for (size_t i = 0; i < c->division->column_count; i++) {
    const ReachColumn *column = &c->division->columns[i];
    Val *map = val_push_map(c->arena, list);
    val_set_str(c->arena, map, "key", column->code);
    val_set_str(c->arena, map, "label", column->label);
    val_set_str(c->arena, map, "kind", str_from(column->kind));
    const BaseValue *region = column->region == NO_VALUE ? NULL : &c->index->regions.list->values[column->region];
    val_set_str(c->arena, map, "region", region ? region->code : STR_NONE);
    val_set_str(c->arena, map, "region_label", region ? region->label : STR_NONE);
    val_set_str(c->arena, map, "query", address(c, STR_NONE, STR_NONE, ACTION_DIM_REACH, column->code));
    if (!c->options.municipalities || !str_eq(str_from(column->kind), S("local"))) continue;
    Val *places = val_set_list(c->arena, map, "municipalities");
    for (size_t v = column->value + 1; v < reach->count && str_eq(reach->values[v].parent, column->code); v++) {
      Val *place = val_push_map(c->arena, places);
      val_set_str(c->arena, place, "code", reach->values[v].code);
      val_set_str(c->arena, place, "label", reach->values[v].label);
    }
  }
  return list;
}

static void set_published(const Cube *c, Val *matrix) {
  const ActionIndex *index = c->index;
  Val *list = val_set_list(c->arena, matrix, "published");
  val_set_null(c->arena, matrix, "published_total");
  for (size_t i = 0; i < index->published_count; i++) {
    const PublishedTotal *total = &index->published[i];
    size_t line = c->lines;
    if (total->line.ptr && !map_get_index(&index->view[ACTION_DIM_LINE].by_code, total->line, &line)) continue;
    int64_t registered = at(c, line, c->goals, c->reaches)->actions;
    Val *map = val_map(c->arena);
    val_set_str(c->arena, map, "line", total->line);
    val_set_str(c->arena, map, "label", line < c->lines ? index->view[ACTION_DIM_LINE].values[line].label : S("Alle actielijnen"));
    val_set_str(c->arena, map, "as_of", total->as_of);
    val_set_int(c->arena, map, "published", total->value);
    val_set_int(c->arena, map, "registered", registered);
    val_set_int(c->arena, map, "difference", registered - total->value);
    val_set_str(c->arena, map, "source", total->source);
    if (total->line.ptr) val_push(c->arena, list, map);
    else val_set(c->arena, matrix, "published_total", map);
  }
}

Err action_matrix(const ActionIndex *index, MatrixOptions options, Arena *arena, Val **out, ErrInfo *info) {
  Cube c = {.index = index, .division = index_division(index, options.year), .options = options, .arena = arena};
  TRY(fill(&c, info));
  Val *matrix = val_map(arena), *years = NULL;
  val_set_int(arena, matrix, "year", options.year ? options.year : c.division->year);
  val_set_int(arena, matrix, "division", c.division->year);
  years = val_set_list(arena, matrix, "years");
  for (size_t i = 0; i < index->division_count; i++) {
    Val *year = val_push_map(arena, years);
    val_set_int(arena, year, "year", index->divisions[i].year);
    val_set_bool(arena, year, "current", &index->divisions[i] == c.division);
  }
  val_set_int(arena, matrix, "all", (int64_t)index->count);
  val_set(arena, matrix, "columns", columns_val(&c));
  val_set(arena, matrix, "lines", lines_val(&c));
  Val *total = val_set_map(arena, matrix, "total");
  int64_t counted;
  val_set(arena, total, "rows", rows_val(&c, c.lines, &counted));
  set_totals(&c, total, c.lines, counted);
  set_published(&c, matrix);
  Val *coverage;
  TRY(action_coverage(index, options.year, STR_NONE, arena, &coverage, info));
  val_set(arena, matrix, "white_spots", (Val *)(uintptr_t)val_get(coverage, S("white_spots")));
  *out = matrix;
  return ERR_OK;
}
