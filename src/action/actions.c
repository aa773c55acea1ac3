/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/actions.h"

#include "action/internal.h"

#define MEMORY(info) err_set(info, ERR_MEMORY, "out of memory while reading actions")
enum { CHUNK = 25 };  /* parameters of action_texts */
enum { CODE, TITLE, DESCRIPTION, START, END, RECURRENCE, COST, PARTICIPANTS, QUALITY, YIELD, EVIDENCE, CONFIRMED, SECTION,
       FOCAL, SOURCE };

static Val *reference(Arena *arena, Str code, Str label) {
  Val *map = val_map(arena);
  val_set_str(arena, map, "code", code);
  val_set_str(arena, map, "label", label);
  return map;
}

static Str copied(Arena *arena, const Rows *rows, int column) {
  return rows_null(rows, column) ? STR_NONE : arena_str(arena, rows_str(rows, column));
}

/* The values of a dimension, as one reference or null, or as a list. */
static void set_one(Arena *arena, Val *row, const char *key, const ActionIndex *index, ActionDim dim, uint32_t id) {
  const Lists *lists = &index->forward[dim];
  if (lists->start[id] == lists->start[id + 1]) {
    val_set_null(arena, row, key);
    return;
  }
  const BaseValue *value = &index->base[dim].values[lists->values[lists->start[id]]];
  val_set(arena, row, key, reference(arena, value->code, value->label));
}

static void set_all(Arena *arena, Val *row, const char *key, const ActionIndex *index, ActionDim dim, uint32_t id) {
  const Lists *lists = &index->forward[dim];
  Val *list = val_set_list(arena, row, key);
  for (uint32_t i = lists->start[id]; i < lists->start[id + 1]; i++) {
    const BaseValue *value = &index->base[dim].values[lists->values[i]];
    val_push(arena, list, reference(arena, value->code, value->label));
  }
}

static Val *row_from_index(const ActionIndex *index, uint32_t id, Arena *arena) {
  Val *row = val_map(arena);
  val_set_str(arena, row, "code", action_index_code(index, id));
  val_set_null(arena, row, "title");
  val_set_null(arena, row, "description");
  set_one(arena, row, "line", index, ACTION_DIM_LINE, id);
  set_one(arena, row, "kind", index, ACTION_DIM_KIND, id);
  set_one(arena, row, "form", index, ACTION_DIM_FORM, id);
  set_one(arena, row, "level", index, ACTION_DIM_LEVEL, id);
  set_one(arena, row, "status", index, ACTION_DIM_STATUS, id);
  set_one(arena, row, "owner", index, ACTION_DIM_OWNER, id);
  set_all(arena, row, "goals", index, ACTION_DIM_GOAL, id);
  set_all(arena, row, "regions", index, ACTION_DIM_REGION, id);
  set_all(arena, row, "education", index, ACTION_DIM_EDUCATION, id);
  set_all(arena, row, "technical", index, ACTION_DIM_TECHNICAL, id);
  set_all(arena, row, "audience", index, ACTION_DIM_AUDIENCE, id);
  set_all(arena, row, "partners", index, ACTION_DIM_PARTNER, id);
  set_all(arena, row, "missing", index, ACTION_DIM_MISSING, id);
  const Lists *missing = &index->forward[ACTION_DIM_MISSING];
  uint32_t lacking = missing->start[id + 1] - missing->start[id];
  val_set_double(arena, row, "completeness", (double)(ACTION_FACT_COUNT - lacking) / ACTION_FACT_COUNT);
  return row;
}

static void add_texts(const Rows *rows, Val *row, bool full, Arena *arena) {
  static const struct { const char *key; int column; bool full; } texts[] = {
      {"title", TITLE, false}, {"description", DESCRIPTION, false}, {"period_start", START, false},
      {"period_end", END, false}, {"recurrence", RECURRENCE, false}, {"quality", QUALITY, true}, {"yield", YIELD, true},
      {"evidence", EVIDENCE, true}, {"confirmed_on", CONFIRMED, true}, {"source_section", SECTION, true},
      {"focal_action", FOCAL, true}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (full || !texts[i].full) val_set_str(arena, row, texts[i].key, copied(arena, rows, texts[i].column));
  if (!full) return;
  val_set(arena, row, "source", reference(arena, copied(arena, rows, SOURCE), STR_NONE));
  if (rows_null(rows, COST)) val_set_null(arena, row, "cost_cents");
  else val_set_int(arena, row, "cost_cents", rows_int(rows, COST));
  if (rows_null(rows, PARTICIPANTS)) val_set_null(arena, row, "participants");
  else val_set_int(arena, row, "participants", rows_int(rows, PARTICIPANTS));
}

/* Fills the texts of at most CHUNK rows, which come back in any order. */
static Err read_texts(Store *store, const ActionIndex *index, const uint32_t *ids, Val **made, size_t count, bool full,
                      Arena *arena, ErrInfo *info) {
  Arg args[CHUNK];
  for (size_t i = 0; i < CHUNK; i++) args[i] = i < count ? ARG_STR(action_index_code(index, ids[i])) : ARG_NULL;
  Rows *rows = NULL;
  TRY(store_query(store, "action_texts", args, CHUNK, &rows, info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more)
    for (size_t i = 0; i < count; i++)
      if (str_eq(action_index_code(index, ids[i]), rows_str(rows, CODE))) add_texts(rows, made[i], full, arena);  /* perhaps twice */
  rows_close(rows);
  return err;
}

static Err read_rows(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, bool full, Arena *arena,
                     Val **out, ErrInfo *info) {
  Val *list = val_list(arena);
  for (size_t from = 0; from < count; from += CHUNK) {
    Val *made[CHUNK];
    size_t n = count - from < CHUNK ? count - from : CHUNK;
    for (size_t i = 0; i < n; i++) {
      made[i] = row_from_index(index, ids[from + i], arena);
      val_push(arena, list, made[i]);
    }
    TRY(read_texts(store, index, ids + from, made, n, full, arena, info));
  }
  *out = list;
  return ERR_OK;
}

Err action_rows(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, Arena *arena, Val **out,
                ErrInfo *info) {
  return read_rows(store, index, ids, count, false, arena, out, info);
}

Err action_rows_full(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, Arena *arena, Val **out,
                     ErrInfo *info) {
  return read_rows(store, index, ids, count, true, arena, out, info);
}

/* A list of maps from a query on an action's code; `keys` name its columns, "code" and "label" included. */
static Err read_details(Store *store, const char *query, const Arg *args, size_t arg_count, const char *const *keys, Val *list,
                        Arena *arena, ErrInfo *info) {
  Rows *rows = NULL;
  TRY(store_query(store, query, args, arg_count, &rows, info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more) {
    Val *map = val_push_map(arena, list);
    for (int i = 0; keys[i]; i++) val_set_str(arena, map, keys[i], copied(arena, rows, i));
  }
  rows_close(rows);
  return err;
}

Err action_detail(Store *store, const ActionIndex *index, Str code, Arena *arena, Val **out, ErrInfo *info) {
  static const char *const source_keys[] = {"code", "label", NULL};
  static const char *const goal_keys[] = {"code", "label", "direction", "strength", "reasoning", "evidence", "confidence", NULL};
  static const char *const partner_keys[] = {"code", "label", "role", NULL};
  static const char *const assumption_keys[] = {"code", "kind", "resource", "field", "statement", "source", NULL};
  uint32_t id;
  if (!action_index_find(index, code, &id))
    return err_set(info, ERR_NOT_FOUND, "there is no action \"" STR_FMT "\"", STR_ARG(str_slice(code, 0, 80)));
  Val *rows = NULL;
  TRY(read_rows(store, index, &id, 1, true, arena, &rows, info));
  Val *action = rows->as.list.count ? rows->as.list.items[0] : NULL;
  Str begins = arena_printf(arena, STR_FMT "|%%", STR_ARG(code));
  if (!action || !begins.ptr) return MEMORY(info);
  const Arg *args = (const Arg[]){ARG_STR(code), ARG_STR(begins)};
  Val *source = val_list(arena);
  TRY(read_details(store, "action_source", args, 1, source_keys, source, arena, info));
  if (source->as.list.count) val_set(arena, action, "source", source->as.list.items[0]);
  TRY(read_details(store, "action_goal_details", args, 1, goal_keys, val_set_list(arena, action, "goals"), arena, info));
  TRY(read_details(store, "action_partner_details", args, 1, partner_keys, val_set_list(arena, action, "partners"), arena, info));
  TRY(read_details(store, "action_assumptions", args, 2, assumption_keys, val_set_list(arena, action, "assumptions"), arena, info));
  *out = action;
  return ERR_OK;
}
