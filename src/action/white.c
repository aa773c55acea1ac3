/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/white.h"

#include <string.h>

#include "action/internal.h"

#define MEMORY(info) err_set(info, ERR_MEMORY, "out of memory while counting the actions of goals")

typedef struct Counting {
  const ActionIndex *index;
  const Division *division;
  int year;
  Arena *arena;
  Bits bits;
} Counting;

static bool is_kind(const ReachColumn *column, const char *kind) { return strcmp(column->kind, kind) == 0; }

static void clear(Bits bits) { memset(bits.words, 0, bits.count * sizeof *bits.words); }

/* Actions with this goal that reach a province as a whole or places in it. */
static size_t count_own(const Counting *c, const Posting *goal, const ReachColumn *province) {
  clear(c->bits);
  for (size_t i = 0; i < c->division->column_count; i++) {
    const ReachColumn *column = &c->division->columns[i];
    bool own = column == province || (is_kind(column, "local") && column->region == province->region);
    if (own) bits_or_posting(c->bits, &c->division->reach.values[column->value].posting);
  }
  return bits_count_and(c->bits, goal);
}

static size_t count_north(const Counting *c, const Posting *goal) {
  clear(c->bits);
  bool any = false;
  for (size_t i = 0; i < c->division->column_count; i++) {
    const ReachColumn *column = &c->division->columns[i];
    if (!is_kind(column, "landsdeel")) continue;
    bits_or_posting(c->bits, &c->division->reach.values[column->value].posting);
    any = true;
  }
  return any ? bits_count_and(c->bits, goal) : 0;
}

static Str address(const Counting *c, Str goal, Str region) {
  Str year = c->year ? arena_printf(c->arena, "&year=%d", c->year) : S("");
  return arena_printf(c->arena, "goal=" STR_FMT "&region=" STR_FMT STR_FMT, STR_ARG(goal), STR_ARG(region), STR_ARG(year));
}

static void push_spot(const Counting *c, Val *spots, const ViewValue *goal, const Val *cell, int64_t north) {
  Val *spot = val_push_map(c->arena, spots);
  val_set_str(c->arena, spot, "goal", goal->code);
  val_set_str(c->arena, spot, "goal_label", goal->label);
  val_set_str(c->arena, spot, "parent", goal->parent);
  val_set_str(c->arena, spot, "region", val_get(cell, S("region"))->as.text);
  val_set_str(c->arena, spot, "region_label", val_get(cell, S("region_label"))->as.text);
  val_set_int(c->arena, spot, "north", north);
  val_set_str(c->arena, spot, "query", val_get(cell, S("query"))->as.text);
}

static void goal_val(const Counting *c, const ViewValue *goal, Val *goals, Val *spots) {
  Val *map = val_push_map(c->arena, goals);
  int64_t north = (int64_t)count_north(c, &goal->posting);
  val_set_str(c->arena, map, "goal", goal->code);
  val_set_str(c->arena, map, "label", goal->label);
  val_set_str(c->arena, map, "parent", goal->parent);
  val_set_int(c->arena, map, "north", north);
  Val *cells = val_set_list(c->arena, map, "cells");
  for (size_t i = 0; i < c->division->column_count; i++) {
    const ReachColumn *column = &c->division->columns[i];
    if (!is_kind(column, "province")) continue;
    Val *cell = val_push_map(c->arena, cells);
    size_t own = count_own(c, &goal->posting, column);
    val_set_str(c->arena, cell, "region", column->code);
    val_set_str(c->arena, cell, "region_label", column->label);
    val_set_int(c->arena, cell, "own", (int64_t)own);
    val_set_str(c->arena, cell, "query", address(c, goal->code, column->code));
    if (!own) push_spot(c, spots, goal, cell, north);
  }
}

Err action_coverage(const ActionIndex *index, int year, Str goal, Arena *arena, Val **out, ErrInfo *info) {
  Counting c = {.index = index, .division = index_division(index, year), .year = year, .arena = arena};
  const View *view = &index->view[ACTION_DIM_GOAL];
  c.bits = (Bits){ARENA_ARRAY(arena, uint64_t, WORDS(index->count) + 1), WORDS(index->count)};
  if (!c.bits.words) return MEMORY(info);
  Val *map = *out = val_map(arena), *columns = val_set_list(arena, map, "columns"), *goals = val_set_list(arena, map, "goals");
  Val *spots = val_set_list(arena, map, "white_spots");
  for (size_t i = 0; i < c.division->column_count; i++) {
    if (!is_kind(&c.division->columns[i], "province")) continue;
    Val *column = val_push_map(arena, columns);
    val_set_str(arena, column, "code", c.division->columns[i].code);
    val_set_str(arena, column, "label", c.division->columns[i].label);
  }
  for (size_t g = 0; g + 1 < view->count; g++)
    if (view->values[g].always && (!goal.ptr || str_eq(goal, view->values[g].code))) goal_val(&c, &view->values[g], goals, spots);
  return arena->failed ? MEMORY(info) : ERR_OK;
}

static size_t actions_with(const View *goals, Str code, bool *known) {
  size_t at;
  *known = map_get_index(&goals->by_code, code, &at);
  return *known ? goals->values[at].posting.count : 0;
}

static void count_goal(const View *view, Val *goal, Arena *arena) {
  bool known, divided;
  Str code = val_get(goal, S("code"))->as.text;
  size_t all = actions_with(view, code, &known);
  /* only a goal with sub-goals has a value of its own for what names the goal itself */
  size_t own = actions_with(view, arena_printf(arena, STR_FMT "-direct", STR_ARG(code)), &divided);
  val_set_int(arena, goal, "actions", (int64_t)all);
  val_set_int(arena, goal, "own_actions", (int64_t)(divided ? own : all));
}

void action_count_goals(const ActionIndex *index, Val *goals, Arena *arena) {
  if (goals->kind == VAL_LIST)
    for (size_t i = 0; i < goals->as.list.count; i++) action_count_goals(index, goals->as.list.items[i], arena);
  if (goals->kind != VAL_MAP) return;
  count_goal(&index->view[ACTION_DIM_GOAL], goals, arena);
  for (size_t i = 0; i < goals->as.map.count; i++)
    if (str_eq(goals->as.map.items[i].key, S("subgoals"))) action_count_goals(index, goals->as.map.items[i].value, arena);
}
