/* SPDX-License-Identifier: EUPL-1.2 */
/* The code lists of the pact: lines, goals, regions, sectors, audiences, organisations, and the program's own. */
#include "action/internal.h"

#include <string.h>

#define MEMORY(build) err_set((build)->info, ERR_MEMORY, "out of memory while reading the actions")

/* Values are positions in 16 bits in the lists per action. */
enum { VALUES_MAX = 65000 };

Err base_add(BaseList *list, Arena *arena, Str code, Str label, size_t *cap) {
  if (list->count == *cap) {
    size_t wanted = *cap ? *cap * 2 : 16;
    BaseValue *grown = arena_grow(arena, list->values, list->count * sizeof *grown, wanted * sizeof *grown);
    if (!grown) return ERR_MEMORY;
    list->values = grown;
    *cap = wanted;
  }
  if (list->count == 0) map_init(&list->by_code, arena);
  BaseValue value = {arena_str(arena, code), arena_str(arena, label), NO_VALUE};
  if (!value.code.ptr || !value.label.ptr) return ERR_MEMORY;
  TRY(map_set_index(&list->by_code, value.code, list->count));
  list->values[list->count++] = value;
  return ERR_OK;
}

static Err read_list(Build *build, ActionDim dim, const char *query) {
  BaseList *list = &build->index->base[dim];
  Rows *rows = NULL;
  TRY(store_query(build->store, query, NO_ARGS, &rows, build->info));
  Err err;
  size_t cap = 0;
  bool more;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more) {
    if (list->count == VALUES_MAX) {
      err = err_set(build->info, ERR_LIMIT, "more than %d values in the list of %s", VALUES_MAX, query);
      break;
    }
    if (base_add(list, &build->index->arena, rows_str(rows, 0), rows_str(rows, 1), &cap)) {
      err = MEMORY(build);
      break;
    }
  }
  rows_close(rows);
  return err;
}

static Err read_choices(Build *build) {
  static const struct { ActionDim dim; const char *code, *label; } choices[] = {
#define CHOICE(DIM, code, label) {ACTION_DIM_##DIM, code, label},
#include "action/choices.def"
#undef CHOICE
  };
  size_t caps[ACTION_DIM_COUNT] = {0};
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
    ActionDim dim = choices[i].dim;
    if (base_add(&build->index->base[dim], &build->index->arena, str_from(choices[i].code), str_from(choices[i].label),
                 &caps[dim]))
      return MEMORY(build);
  }
  for (int fact = 0; fact < ACTION_FACT_COUNT; fact++)
    if (base_add(&build->index->base[ACTION_DIM_MISSING], &build->index->arena, action_fact_code((ActionFact)fact),
                 action_fact_label((ActionFact)fact), &caps[ACTION_DIM_MISSING]))
      return MEMORY(build);
  return ERR_OK;
}

static uint32_t position(const BaseList *list, Str code) {
  size_t at;
  return code.ptr && map_get_index(&list->by_code, code, &at) ? (uint32_t)at : NO_VALUE;
}

/* Goals know the goal above them (parent) and, for goals that have none, the line they are placed under. */
static Err read_goals(Build *build) {
  TRY(read_list(build, ACTION_DIM_GOAL, "action_index_goals"));
  BaseList *goals = &build->index->base[ACTION_DIM_GOAL];
  const BaseList *lines = &build->index->base[ACTION_DIM_LINE];
  build->index->goal_line = ARENA_ARRAY(&build->index->arena, uint32_t, goals->count + 1);
  if (!build->index->goal_line) return MEMORY(build);
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_goals", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  for (size_t i = 0; (err = rows_next(rows, &more, build->info)) == ERR_OK && more && i < goals->count; i++) {
    goals->values[i].parent = position(goals, rows_str(rows, 2));
    build->index->goal_line[i] = position(lines, rows_str(rows, 3));
  }
  rows_close(rows);
  return err;
}

static RegionKind kind_of(Str kind) {
  return str_eq(kind, S("landsdeel"))      ? REGION_LANDSDEEL
         : str_eq(kind, S("province"))     ? REGION_PROVINCE
         : str_eq(kind, S("municipality")) ? REGION_MUNICIPALITY
                                           : REGION_OTHER;
}

static Err read_regions(Build *build) {
  TRY(read_list(build, ACTION_DIM_REGION, "action_index_regions"));
  RegionTable *table = &build->index->regions;
  table->list = &build->index->base[ACTION_DIM_REGION];
  table->regions = ARENA_ARRAY(&build->index->arena, Region, table->list->count + 1);
  if (!table->regions) return MEMORY(build);
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_regions", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  for (size_t i = 0; (err = rows_next(rows, &more, build->info)) == ERR_OK && more && i < table->list->count; i++)
    table->regions[i] = (Region){kind_of(rows_str(rows, 2)), rows_day(rows, 3), rows_day(rows, 4)};
  rows_close(rows);
  return err;
}

static Err read_parts(Build *build) {
  RegionTable *table = &build->index->regions;
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_region_parts", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  size_t cap = 0;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more) {
    RegionPart part = {position(table->list, rows_str(rows, 0)), position(table->list, rows_str(rows, 1)),
                       rows_day(rows, 2), rows_day(rows, 3)};
    if (table->part_count == cap) {
      size_t wanted = cap ? cap * 2 : 64;
      table->parts = arena_grow(&build->index->arena, table->parts, cap * sizeof part, wanted * sizeof part);
      if (!table->parts) { err = MEMORY(build); break; }
      cap = wanted;
    }
    if (part.region != NO_VALUE && part.part_of != NO_VALUE) table->parts[table->part_count++] = part;
  }
  rows_close(rows);
  return err;
}

static Err read_changes(Build *build) {
  RegionTable *table = &build->index->regions;
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_region_changes", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  size_t cap = 0;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more) {
    RegionChange change = {rows_day(rows, 0), position(table->list, rows_str(rows, 1)), position(table->list, rows_str(rows, 2))};
    if (table->change_count == cap) {
      size_t wanted = cap ? cap * 2 : 64;
      table->changes = arena_grow(&build->index->arena, table->changes, cap * sizeof change, wanted * sizeof change);
      if (!table->changes) { err = MEMORY(build); break; }
      cap = wanted;
    }
    if (change.on != DAY_NONE && change.from != NO_VALUE && change.to != NO_VALUE)
      table->changes[table->change_count++] = change;
  }
  rows_close(rows);
  return err;
}

static Err read_published(Build *build) {
  ActionIndex *index = build->index;
  enum { MOST = 64 };
  index->published = ARENA_ARRAY(&index->arena, PublishedTotal, MOST);
  if (!index->published) return MEMORY(build);
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_published", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more && index->published_count < MOST) {
    PublishedTotal total = {.value = rows_int(rows, 1), .source = arena_str(&index->arena, rows_str(rows, 2)),
                            .as_of = arena_str(&index->arena, rows_str(rows, 3))};
    if (!rows_null(rows, 0)) total.line = arena_str(&index->arena, rows_str(rows, 0));
    index->published[index->published_count++] = total;
  }
  rows_close(rows);
  return err;
}

Err build_base_lists(Build *build) {
  TRY(read_choices(build));
  TRY(read_list(build, ACTION_DIM_LINE, "action_index_lines"));
  TRY(read_goals(build));
  TRY(read_regions(build));
  TRY(read_parts(build));
  TRY(read_changes(build));
  TRY(read_list(build, ACTION_DIM_EDUCATION, "action_index_education"));
  TRY(read_list(build, ACTION_DIM_TECHNICAL, "action_index_technical"));
  TRY(read_list(build, ACTION_DIM_AUDIENCE, "action_index_audience"));
  TRY(read_list(build, ACTION_DIM_OWNER, "action_index_organisations"));
  build->index->base[ACTION_DIM_PARTNER] = build->index->base[ACTION_DIM_OWNER];
  build->index->base[ACTION_DIM_REACH] = build->index->base[ACTION_DIM_REGION];
  return read_published(build);
}
