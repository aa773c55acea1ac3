/* SPDX-License-Identifier: EUPL-1.2 */
/* The actions and their links, as lists of numbers per action. */
#include "action/internal.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define MEMORY(build) err_set((build)->info, ERR_MEMORY, "out of memory while reading the actions")

/* Columns of action_index_actions. */
enum { CODE, TITLE, LINE, KIND, FORM, LEVEL, OWNER, STATUS, START, END, COST, PARTICIPANTS, DESCRIPTION, RECURRENCE,
       QUALITY, YIELD, EVIDENCE, CONFIRMED };

typedef struct Growth {
  size_t code, start, titles, period, missing, cost, participants, from, to;
  size_t text_len;
} Growth;

static Err grow(Build *build, Growth *cap, size_t code_len) {
  ActionIndex *index = build->index;
  size_t n = index->count + 1;
  bool ok = mem_grow((void **)&index->code_text, &cap->code, cap->text_len + code_len, 1) &&
            mem_grow((void **)&index->code_start, &cap->start, n + 1, sizeof *index->code_start) &&
            mem_grow((void **)&build->titles, &cap->titles, n, sizeof *build->titles) &&
            mem_grow((void **)&build->period, &cap->period, n, sizeof *build->period) &&
            mem_grow((void **)&build->missing, &cap->missing, n, sizeof *build->missing) &&
            mem_grow((void **)&index->cost_cents, &cap->cost, n, sizeof *index->cost_cents) &&
            mem_grow((void **)&index->period_start, &cap->from, n, sizeof *index->period_start) &&
            mem_grow((void **)&index->period_end, &cap->to, n, sizeof *index->period_end) &&
            mem_grow((void **)&index->participants, &cap->participants, n, sizeof *index->participants);
  return ok ? ERR_OK : MEMORY(build);
}

static Err add_value(Build *build, ActionDim dim, uint32_t id, Str code) {
  size_t at;
  if (!code.ptr || !map_get_index(&build->index->base[dim].by_code, code, &at)) return ERR_OK;
  return pairs_add(&build->pairs[dim], id, (uint32_t)at) ? MEMORY(build) : ERR_OK;
}

/* Bits of the facts that the row itself lacks; those in other tables are added when their links have been read. */
static uint32_t missing_in_row(const Rows *rows) {
  uint32_t missing = 0;
#define LACKS(FACT, condition) missing |= (condition) ? (uint32_t)1 << ACTION_FACT_##FACT : 0
  LACKS(LINE, rows_null(rows, LINE));
  LACKS(KIND, rows_null(rows, KIND));
  LACKS(FORM, rows_null(rows, FORM));
  LACKS(LEVEL, rows_null(rows, LEVEL));
  LACKS(OWNER, rows_null(rows, OWNER));
  LACKS(STATUS, rows_null(rows, STATUS));
  LACKS(PERIOD, rows_null(rows, START) && rows_null(rows, END));
  LACKS(COST, rows_null(rows, COST));
  LACKS(PARTICIPANTS, rows_null(rows, PARTICIPANTS));
  LACKS(DESCRIPTION, !rows_int(rows, DESCRIPTION));
  LACKS(RECURRENCE, !rows_int(rows, RECURRENCE));
  LACKS(QUALITY, !rows_int(rows, QUALITY));
  LACKS(YIELD, !rows_int(rows, YIELD));
  LACKS(EVIDENCE, !rows_int(rows, EVIDENCE));
  LACKS(CONFIRMED, !rows_int(rows, CONFIRMED));
#undef LACKS
  return missing;
}

static Err read_action(Build *build, const Rows *rows, Growth *cap) {
  static const struct { ActionDim dim; int column; } single[] = {
      {ACTION_DIM_LINE, LINE}, {ACTION_DIM_KIND, KIND}, {ACTION_DIM_FORM, FORM},
      {ACTION_DIM_LEVEL, LEVEL}, {ACTION_DIM_OWNER, OWNER}, {ACTION_DIM_STATUS, STATUS}};
  ActionIndex *index = build->index;
  Str code = rows_str(rows, CODE);
  TRY(grow(build, cap, code.len));
  if (index->count >= UINT32_MAX / 4 || cap->text_len + code.len > UINT32_MAX)
    return err_set(build->info, ERR_LIMIT, "more actions than this program can hold");
  uint32_t id = (uint32_t)index->count;
  index->code_start[id] = (uint32_t)cap->text_len;
  memcpy(index->code_text + cap->text_len, code.ptr, code.len);
  cap->text_len += code.len;
  index->code_start[id + 1] = (uint32_t)cap->text_len;
  build->titles[id] = text_folded(&build->scratch, rows_str(rows, TITLE));
  if (!build->titles[id].ptr) return MEMORY(build);
  Day from = index->period_start[id] = rows_day(rows, START), to = index->period_end[id] = rows_day(rows, END);
  build->period[id] = from != DAY_NONE ? from : to != DAY_NONE ? to : INT32_MAX;
  build->missing[id] = missing_in_row(rows);
  index->cost_cents[id] = rows_null(rows, COST) ? -1 : rows_int(rows, COST);
  int64_t participants = rows_null(rows, PARTICIPANTS) ? -1 : rows_int(rows, PARTICIPANTS);
  index->participants[id] = participants > INT32_MAX ? INT32_MAX : (int32_t)participants;
  index->count++;
  for (size_t i = 0; i < sizeof single / sizeof *single; i++)
    TRY(add_value(build, single[i].dim, id, rows_str(rows, single[i].column)));
  return ERR_OK;
}

static Err read_actions(Build *build) {
  Growth cap = {0};
  TRY(grow(build, &cap, 0));
  build->index->code_start[0] = 0;
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_actions", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more)
    if ((err = read_action(build, rows, &cap))) break;
  rows_close(rows);
  return err;
}

static Err hash_codes(Build *build) {
  ActionIndex *index = build->index;
  index->code_table_size = 16;
  while (index->code_table_size < index->count * 2) index->code_table_size *= 2;
  index->code_table = mem_alloc0(index->code_table_size, sizeof *index->code_table);
  if (!index->code_table) return MEMORY(build);
  for (uint32_t id = 0; id < index->count; id++) {
    size_t at = (size_t)str_hash(action_index_code(index, id)) & (index->code_table_size - 1);
    while (index->code_table[at]) at = (at + 1) & (index->code_table_size - 1);
    index->code_table[at] = id + 1;
  }
  return ERR_OK;
}

static Err read_links(Build *build, ActionDim dim, const char *query) {
  Rows *rows = NULL;
  TRY(store_query(build->store, query, NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more) {
    uint32_t id;
    if (!action_index_find(build->index, rows_str(rows, 0), &id)) continue;
    if ((err = add_value(build, dim, id, rows_str(rows, 1)))) break;
  }
  rows_close(rows);
  return err;
}

static Err make_lists(Build *build, ActionDim dim) {
  Err err = lists_from_pairs(&build->index->forward[dim], &build->pairs[dim], build->index->count);
  pairs_clear(&build->pairs[dim]);
  return err ? MEMORY(build) : ERR_OK;
}

/* Facts that stand in another table, and the list of what is missing per action. */
static Err complete_facts(Build *build) {
  static const struct { ActionDim dim; ActionFact fact; } linked[] = {
      {ACTION_DIM_GOAL, ACTION_FACT_GOALS}, {ACTION_DIM_REGION, ACTION_FACT_REGIONS},
      {ACTION_DIM_EDUCATION, ACTION_FACT_EDUCATION}, {ACTION_DIM_TECHNICAL, ACTION_FACT_TECHNICAL},
      {ACTION_DIM_AUDIENCE, ACTION_FACT_AUDIENCE}};
  ActionIndex *index = build->index;
  for (uint32_t id = 0; id < index->count; id++) {
    for (size_t i = 0; i < sizeof linked / sizeof *linked; i++) {
      const Lists *lists = &index->forward[linked[i].dim];
      if (lists->start[id] == lists->start[id + 1]) build->missing[id] |= (uint32_t)1 << linked[i].fact;
    }
    for (uint32_t fact = 0; fact < ACTION_FACT_COUNT; fact++)
      if (build->missing[id] >> fact & 1u && pairs_add(&build->pairs[ACTION_DIM_MISSING], id, fact)) return MEMORY(build);
  }
  return make_lists(build, ACTION_DIM_MISSING);
}

Err build_actions(Build *build) {
  static const struct { ActionDim dim; const char *query; } links[] = {
      {ACTION_DIM_GOAL, "action_index_goal_links"}, {ACTION_DIM_REGION, "action_index_region_links"},
      {ACTION_DIM_EDUCATION, "action_index_education_links"}, {ACTION_DIM_TECHNICAL, "action_index_technical_links"},
      {ACTION_DIM_AUDIENCE, "action_index_audience_links"}, {ACTION_DIM_PARTNER, "action_index_partner_links"}};
  _Static_assert(ACTION_FACT_COUNT <= 32, "facts are bits of a 32-bit number");
  TRY(read_actions(build));
  TRY(hash_codes(build));
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) TRY(read_links(build, links[i].dim, links[i].query));
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++)
    if (dim != ACTION_DIM_MISSING && dim != ACTION_DIM_REACH) TRY(make_lists(build, (ActionDim)dim));
  return complete_facts(build);
}
