/* SPDX-License-Identifier: EUPL-1.2 */
/* For every value one can filter on, the set of actions that have it. */
#include "action/internal.h"

#include <string.h>

#include "base/mem.h"

#define MEMORY(build) err_set((build)->info, ERR_MEMORY, "out of memory while ordering the actions")

/* ---- Filling postings ---- */

typedef struct Fill {
  View *view;
  const Lists *forward;
  Lists roll;          /* base value -> view values */
  uint32_t *last;      /* per view value the last action added, plus 1: an action counts once in a gathered value */
  uint32_t *counts;
} Fill;

/* Calls for every (action, view value) once, in the order of the actions. */
#define EACH_MEMBER(fill, id, value, body)                                                               \
  for (uint32_t id = 0; id < (fill)->forward->rows; id++) {                                              \
    const Lists *fwd_ = (fill)->forward;                                                                 \
    if (fwd_->start[id] == fwd_->start[id + 1]) {                                                        \
      uint32_t value = (uint32_t)(fill)->view->count - 1;                                                \
      body                                                                                               \
    }                                                                                                    \
    for (uint32_t b_ = fwd_->start[id]; b_ < fwd_->start[id + 1]; b_++) {                                \
      uint32_t base_ = fwd_->values[b_];                                                                 \
      for (uint32_t w_ = (fill)->roll.start[base_]; w_ < (fill)->roll.start[base_ + 1]; w_++) {          \
        uint32_t value = (fill)->roll.values[w_];                                                        \
        if ((fill)->last[value] == id + 1) continue;                                                     \
        (fill)->last[value] = id + 1;                                                                    \
        body                                                                                             \
      }                                                                                                  \
    }                                                                                                    \
  }

static size_t words_of(uint32_t count, size_t actions, bool *dense) {
  size_t as_list = ((size_t)count + 1) / 2, as_bits = WORDS(actions);
  *dense = count > 0 && as_list >= as_bits;
  return *dense ? as_bits : as_list;
}

static Err fill_postings(Fill *fill) {
  View *view = fill->view;
  EACH_MEMBER(fill, id, value, { fill->counts[value]++; })
  size_t words = 0, actions = fill->forward->rows;
  for (size_t v = 0; v < view->count; v++) {
    bool dense;
    words += words_of(fill->counts[v], actions, &dense);
  }
  view->memory = mem_alloc0(words ? words : 1, sizeof *view->memory);
  if (!view->memory) return ERR_MEMORY;
  view->bytes = words * sizeof *view->memory;
  words = 0;
  for (size_t v = 0; v < view->count; v++) {
    Posting *posting = &view->values[v].posting;
    size_t need = words_of(fill->counts[v], actions, &posting->dense);
    if (posting->dense) posting->at.bits = view->memory + words;
    else posting->at.ids = (uint32_t *)(view->memory + words);
    words += need;
    fill->last[v] = 0;
    if (posting->dense) view->dense++;
    else view->listed += fill->counts[v];
  }
  EACH_MEMBER(fill, id, value, {
    Posting *posting = &view->values[value].posting;
    if (posting->dense) BIT_SET((uint64_t *)(uintptr_t)posting->at.bits, id);
    else ((uint32_t *)(uintptr_t)posting->at.ids)[posting->count] = id;
    posting->count++;
  })
  return ERR_OK;
}

Err dim_view_fill(View *view, const Lists *forward, const Rollup *rollup, size_t base_count) {
  Fill fill = {.view = view, .forward = forward};
  Err err;
  TRY(lists_from_pairs(&fill.roll, &rollup->pairs, base_count));
  fill.last = mem_alloc0(view->count, sizeof *fill.last);
  fill.counts = mem_alloc0(view->count, sizeof *fill.counts);
  err = fill.last && fill.counts ? fill_postings(&fill) : ERR_MEMORY;
  lists_clear(&fill.roll);
  mem_free(fill.last);
  mem_free(fill.counts);
  return err;
}

/* ---- Which values there are ---- */

static Err view_begin(View *view, Arena *arena, size_t most) {
  view->values = ARENA_ARRAY(arena, ViewValue, most);
  map_init(&view->by_code, arena);
  return view->values ? ERR_OK : ERR_MEMORY;
}

static Err view_add(View *view, ViewValue value) {
  if (!value.code.ptr || !value.label.ptr) return ERR_MEMORY;
  TRY(map_set_index(&view->by_code, value.code, view->count));
  view->values[view->count++] = value;
  return ERR_OK;
}

static Err view_none(View *view, ActionDim dim) {
  return view_add(view, (ViewValue){.code = S("none"),
                                    .label = dim == ACTION_DIM_MISSING ? S("Niets ontbreekt") : S("Niet ingevuld")});
}

/* A dimension whose values are those of its code list. */
static Err plain_view(ActionIndex *index, ActionDim dim) {
  const BaseList *base = &index->base[dim];
  View *view = &index->view[dim];
  Rollup rollup = {0};
  Err err = view_begin(view, &index->arena, base->count + 1);
  bool always = dim == ACTION_DIM_LINE;
  for (uint32_t i = 0; err == ERR_OK && i < base->count; i++) {
    err = view_add(view, (ViewValue){.code = base->values[i].code, .label = base->values[i].label, .always = always});
    if (err == ERR_OK) err = pairs_add(&rollup.pairs, i, i);
  }
  if (err == ERR_OK) err = view_none(view, dim);
  if (err == ERR_OK) err = dim_view_fill(view, &index->forward[dim], &rollup, base->count);
  view->plain = true;
  pairs_clear(&rollup.pairs);
  return err;
}

/* A goal gathers its sub-goals; what names the goal itself has a value of its own beside them. */
static Err goal_family(ActionIndex *index, uint32_t top, Rollup *rollup) {
  const BaseList *goals = &index->base[ACTION_DIM_GOAL];
  View *view = &index->view[ACTION_DIM_GOAL];
  Str code = goals->values[top].code;
  uint32_t gathered = (uint32_t)view->count;
  TRY(view_add(view, (ViewValue){.code = code, .label = goals->values[top].label, .always = true}));
  TRY(pairs_add(&rollup->pairs, top, gathered));
  bool any = false;
  for (uint32_t i = 0; i < goals->count; i++) {
    if (goals->values[i].parent != top) continue;
    any = true;
    TRY(pairs_add(&rollup->pairs, i, gathered));
    TRY(pairs_add(&rollup->pairs, i, (uint32_t)view->count));
    TRY(view_add(view, (ViewValue){.code = goals->values[i].code, .label = goals->values[i].label, .parent = code, .always = true}));
  }
  if (!any) return ERR_OK;
  TRY(pairs_add(&rollup->pairs, top, (uint32_t)view->count));
  return view_add(view, (ViewValue){.code = arena_printf(&index->arena, STR_FMT "-direct", STR_ARG(code)),
                                    .label = S("Zonder subdoel"), .parent = code});
}

static Err goal_view(ActionIndex *index) {
  const BaseList *goals = &index->base[ACTION_DIM_GOAL];
  View *view = &index->view[ACTION_DIM_GOAL];
  Rollup rollup = {0};
  Err err = view_begin(view, &index->arena, goals->count * 2 + 1);
  for (uint32_t i = 0; err == ERR_OK && i < goals->count; i++)
    if (goals->values[i].parent == NO_VALUE) err = goal_family(index, i, &rollup);
  if (err == ERR_OK) err = view_none(view, ACTION_DIM_GOAL);
  if (err == ERR_OK) err = dim_view_fill(view, &index->forward[ACTION_DIM_GOAL], &rollup, goals->count);
  if (err == ERR_OK) err = lists_from_pairs(&index->goal_roll, &rollup.pairs, goals->count);
  pairs_clear(&rollup.pairs);
  return err;
}

Err build_views(Build *build) {
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) {
    Err err = ERR_OK;
    if (dim == ACTION_DIM_GOAL) err = goal_view(build->index);
    else if (dim != ACTION_DIM_REGION && dim != ACTION_DIM_REACH) err = plain_view(build->index, (ActionDim)dim);
    if (err) return MEMORY(build);
  }
  return ERR_OK;
}

/* ---- Regions, once for every division into municipalities ---- */

typedef struct Making {
  ActionIndex *index;
  Division *division;
  Day on;
  Rollup region, reach;
  uint32_t *region_value;     /* per base region its place in the view of regions, NO_VALUE for none */
  uint32_t *reach_value;      /* per base region (landsdeel, province, municipality) its place in the view of reach */
  uint32_t *local_value;      /* per province its value for local actions */
} Making;

static const Region *region_of(const Making *m, uint32_t region) { return &m->index->regions.regions[region]; }
static const BaseValue *name_of(const Making *m, uint32_t region) { return &m->index->regions.list->values[region]; }

/* The first larger region of a kind that it lies in. */
static uint32_t larger(const Making *m, uint32_t region, RegionKind kind) {
  uint32_t places[REGION_PLACES] = {region};
  size_t count = region_ancestors(&m->index->regions, m->on, places, 1);
  for (size_t i = 1; i < count; i++)
    if (region_of(m, places[i])->kind == kind) return places[i];
  return NO_VALUE;
}

static Err add_region(Making *m, uint32_t region) {
  const BaseValue *base = name_of(m, region);
  RegionKind kind = region_of(m, region)->kind;
  uint32_t above = kind == REGION_PROVINCE ? larger(m, region, REGION_LANDSDEEL)
                   : kind == REGION_MUNICIPALITY ? larger(m, region, REGION_PROVINCE) : NO_VALUE;
  m->region_value[region] = (uint32_t)m->division->region.count;
  return view_add(&m->division->region,
                  (ViewValue){.code = base->code, .label = base->label, .always = kind != REGION_OTHER,
                              .parent = above == NO_VALUE ? STR_NONE : name_of(m, above)->code});
}

static Err region_values(Making *m) {
  size_t count = m->index->regions.list->count;
  TRY(view_begin(&m->division->region, &m->index->arena, count + 1));
  for (RegionKind kind = REGION_LANDSDEEL; kind <= REGION_OTHER; kind++)
    for (uint32_t r = 0; r < count; r++)
      if (region_of(m, r)->kind == kind && (kind == REGION_OTHER || region_exists(&m->index->regions, r, m->on)))
        TRY(add_region(m, r));
  return view_none(&m->division->region, ACTION_DIM_REGION);
}

/* A column of the matrix is also a value of the filter on reach. */
static Err add_column(Making *m, ReachColumn column, Str parent) {
  column.value = (uint32_t)m->division->reach.count;
  m->division->columns[m->division->column_count++] = column;
  return view_add(&m->division->reach,
                  (ViewValue){.code = column.code, .label = column.label, .parent = parent, .always = column.region != NO_VALUE});
}

static Err add_area(Making *m, uint32_t region, const char *kind) {
  const BaseValue *base = name_of(m, region);
  m->reach_value[region] = (uint32_t)m->division->reach.count;
  TRY(pairs_add(&m->reach.pairs, region, m->reach_value[region]));
  return add_column(m, (ReachColumn){base->code, base->label, region, 0, kind}, STR_NONE);
}

static Err add_local(Making *m, uint32_t province) {
  const BaseValue *base = name_of(m, province);
  Arena *arena = &m->index->arena;
  m->local_value[province] = (uint32_t)m->division->reach.count;
  ReachColumn column = {arena_printf(arena, STR_FMT "-local", STR_ARG(base->code)),
                        arena_printf(arena, "Lokaal in " STR_FMT, STR_ARG(base->label)), province, 0, "local"};
  TRY(add_column(m, column, base->code));
  for (uint32_t r = 0; r < m->index->regions.list->count; r++) {
    if (region_of(m, r)->kind != REGION_MUNICIPALITY || !region_exists(&m->index->regions, r, m->on)) continue;
    if (larger(m, r, REGION_PROVINCE) != province) continue;
    m->reach_value[r] = (uint32_t)m->division->reach.count;
    TRY(view_add(&m->division->reach, (ViewValue){.code = name_of(m, r)->code, .label = name_of(m, r)->label, .parent = column.code}));
  }
  return ERR_OK;
}

static Err reach_values(Making *m) {
  size_t count = m->index->regions.list->count;
  TRY(view_begin(&m->division->reach, &m->index->arena, count * 2 + 2));
  m->division->columns = ARENA_ARRAY(&m->index->arena, ReachColumn, count * 2 + 2);
  if (!m->division->columns) return ERR_MEMORY;
  for (uint32_t r = 0; r < count; r++)
    if (region_of(m, r)->kind == REGION_LANDSDEEL) TRY(add_area(m, r, "landsdeel"));
  for (uint32_t r = 0; r < count; r++)
    if (region_of(m, r)->kind == REGION_PROVINCE) TRY(add_area(m, r, "province"));
  for (uint32_t r = 0; r < count; r++)
    if (region_of(m, r)->kind == REGION_PROVINCE) TRY(add_local(m, r));
  TRY(add_column(m, (ReachColumn){S("other"), S("Ander gebied"), NO_VALUE, 0, "other"}, STR_NONE));
  return add_column(m, (ReachColumn){S("none"), S("Bereik onbekend"), NO_VALUE, 0, "none"}, STR_NONE);
}

/* A registered municipality: the columns and values of the municipalities that hold its ground now; a grouping of municipalities,
 * such as a labour-market region that lies in two provinces: those of its municipalities. */
static Err roll_local(Making *m, uint32_t region, const uint32_t *places, size_t count) {
  uint32_t other_value = (uint32_t)m->division->reach.count - 2;
  uint32_t seen[REGION_PLACES];
  size_t seen_count = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t province = larger(m, places[i], REGION_PROVINCE);
    if (province == NO_VALUE || m->reach_value[places[i]] == NO_VALUE) continue;
    TRY(pairs_add(&m->reach.pairs, region, m->reach_value[places[i]]));
    bool again = false;
    for (size_t j = 0; j < seen_count; j++) again = again || seen[j] == province;
    if (again) continue;
    seen[seen_count++] = province;
    TRY(pairs_add(&m->reach.pairs, region, m->local_value[province]));
  }
  return seen_count ? ERR_OK : pairs_add(&m->reach.pairs, region, other_value);
}

static Err roll_region(Making *m, uint32_t region) {
  RegionKind kind = region_of(m, region)->kind;
  uint32_t places[REGION_PLACES];
  size_t count = kind == REGION_OTHER ? region_municipalities(&m->index->regions, region, m->on, places)
                                      : region_on_day(&m->index->regions, region, m->on, places);
  if (kind == REGION_MUNICIPALITY || kind == REGION_OTHER) TRY(roll_local(m, region, places, count));
  if (kind == REGION_OTHER && count < REGION_PLACES) places[count++] = region;
  count = region_ancestors(&m->index->regions, m->on, places, count);
  for (size_t i = 0; i < count; i++)
    if (m->region_value[places[i]] != NO_VALUE) TRY(pairs_add(&m->region.pairs, region, m->region_value[places[i]]));
  return ERR_OK;
}

static Err make_division(Making *m) {
  size_t count = m->index->regions.list->count;
  const Lists *forward = &m->index->forward[ACTION_DIM_REGION];
  TRY(region_values(m));
  TRY(reach_values(m));
  for (uint32_t r = 0; r < count; r++) TRY(roll_region(m, r));
  TRY(dim_view_fill(&m->division->region, forward, &m->region, count));
  TRY(dim_view_fill(&m->division->reach, forward, &m->reach, count));
  return lists_from_pairs(&m->division->reach_roll, &m->reach.pairs, count);
}

static uint32_t *unset(Arena *arena, size_t count) {
  uint32_t *values = ARENA_ARRAY(arena, uint32_t, count + 1);
  for (size_t i = 0; values && i < count; i++) values[i] = NO_VALUE;
  return values;
}

static Err build_division(Build *build, Division *division) {
  size_t count = build->index->regions.list->count;
  Making m = {.index = build->index, .division = division, .on = day_from_civil(division->year, 1, 1),
              .region_value = unset(&build->scratch, count), .reach_value = unset(&build->scratch, count),
              .local_value = unset(&build->scratch, count)};
  Err err = ERR_MEMORY;
  if (m.region_value && m.reach_value && m.local_value) err = make_division(&m);
  pairs_clear(&m.region.pairs);
  pairs_clear(&m.reach.pairs);
  return err ? MEMORY(build) : ERR_OK;
}

/* The year from whose first day a change shows. */
static int year_of_change(Day on) {
  int year, month, day;
  day_to_civil(on, &year, &month, &day);
  return month == 1 && day == 1 ? year : year + 1;
}

Err build_divisions(Build *build) {
  ActionIndex *index = build->index;
  const RegionTable *table = &index->regions;
  index->divisions = ARENA_ARRAY(&index->arena, Division, table->change_count + 1);
  if (!index->divisions) return MEMORY(build);
  int first = table->change_count ? year_of_change(table->changes[0].on) - 1 : 2013;
  index->divisions[index->division_count++].year = first;
  for (size_t i = 0; i < table->change_count; i++) {
    int year = year_of_change(table->changes[i].on);
    if (year > index->divisions[index->division_count - 1].year) index->divisions[index->division_count++].year = year;
  }
  for (size_t i = 0; i < index->division_count; i++) TRY(build_division(build, &index->divisions[i]));
  return ERR_OK;
}
