/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/internal.h"

#include <string.h>
#include <time.h>

#include "base/mem.h"

Str action_index_code(const ActionIndex *index, uint32_t id) {
  return (Str){index->code_text + index->code_start[id], index->code_start[id + 1] - index->code_start[id]};
}

bool action_index_find(const ActionIndex *index, Str code, uint32_t *id) {
  size_t mask = index->code_table_size - 1;
  for (size_t at = (size_t)str_hash(code) & mask; index->code_table[at]; at = (at + 1) & mask)
    if (str_eq(action_index_code(index, index->code_table[at] - 1), code)) {
      *id = index->code_table[at] - 1;
      return true;
    }
  return false;
}

const Division *index_division(const ActionIndex *index, int year) {
  const Division *found = &index->divisions[year ? 0 : index->division_count - 1];
  for (size_t i = 0; year && i < index->division_count; i++)
    if (index->divisions[i].year <= year) found = &index->divisions[i];
  return found;
}

const View *index_view(const ActionIndex *index, ActionDim dim, int year) {
  if (dim == ACTION_DIM_REGION) return &index_division(index, year)->region;
  if (dim == ACTION_DIM_REACH) return &index_division(index, year)->reach;
  return &index->view[dim];
}

size_t action_index_count(const ActionIndex *index) { return index->count; }
uint64_t action_index_version(const ActionIndex *index) { return index->version; }
int action_index_latest_year(const ActionIndex *index) { return index->divisions[index->division_count - 1].year; }

static size_t lists_bytes(const Lists *lists) {
  return lists->start ? (lists->rows + 1) * sizeof *lists->start + lists->total * sizeof *lists->values : 0;
}

size_t action_index_bytes(const ActionIndex *index) {
  size_t bytes = sizeof *index + index->arena.used + index->code_start[index->count];
  bytes += (index->count + 1) * sizeof *index->code_start + index->code_table_size * sizeof *index->code_table;
  bytes += index->count * (sizeof *index->cost_cents + sizeof *index->participants + 2 * sizeof(Day));
  for (int i = 0; i < ACTION_SORT_COUNT; i++) bytes += index->order[i] ? index->count * sizeof *index->order[i] : 0;
  for (int i = 0; i < ACTION_DIM_COUNT; i++) bytes += lists_bytes(&index->forward[i]) + index->view[i].bytes;
  for (size_t i = 0; i < index->division_count; i++) {
    const Division *d = &index->divisions[i];
    bytes += d->region.bytes + d->reach.bytes + lists_bytes(&d->reach_roll);
  }
  return bytes + index->term_count * sizeof *index->terms + index->occurrence_count * sizeof *index->occurrences;
}

static void index_free(ActionIndex *index) {
  mem_free(index->code_text);
  mem_free(index->code_start);
  mem_free(index->code_table);
  mem_free(index->cost_cents);
  mem_free(index->participants);
  mem_free(index->period_start);
  mem_free(index->period_end);
  coherence_slot_free(index->coherence);
  mem_free(index->terms);
  mem_free(index->occurrences);
  for (int i = 0; i < ACTION_SORT_COUNT; i++) mem_free(index->order[i]);
  for (int i = 0; i < ACTION_DIM_COUNT; i++) {
    lists_clear(&index->forward[i]);
    mem_free(index->view[i].memory);
  }
  for (size_t i = 0; i < index->division_count; i++) {
    mem_free(index->divisions[i].region.memory);
    mem_free(index->divisions[i].reach.memory);
    lists_clear(&index->divisions[i].reach_roll);
  }
  lists_clear(&index->goal_roll);
  arena_clear(&index->arena);
  mem_free(index);
}

ActionIndex *action_index_retain(ActionIndex *index) {
  atomic_fetch_add_explicit(&index->references, 1, memory_order_relaxed);
  return index;
}

void action_index_release(ActionIndex *index) {
  if (index && atomic_fetch_sub_explicit(&index->references, 1, memory_order_acq_rel) == 1) index_free(index);
}

static Err run_steps(Build *build) {
  TRY(build_base_lists(build));
  TRY(build_actions(build));
  TRY(build_views(build));
  TRY(build_divisions(build));
  TRY(build_orders(build));
  return build_terms(build);
}

/* Distinct per snapshot, also over restarts: the moment of building. */
static uint64_t moment(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

Err action_index_new(ActionIndex **out, Store *store, ErrInfo *info) {
  *out = NULL;
  ActionIndex *index = mem_alloc0(1, sizeof *index);
  if (!index) return err_set(info, ERR_MEMORY, "out of memory while reading the actions");
  atomic_init(&index->references, 1);
  arena_init(&index->arena, 0);
  index->version = moment();
  Build build = {.index = index, .store = store, .info = info};
  arena_init(&build.scratch, 0);
  /* asked first: a change during the build makes the snapshot stale, never wrongly fresh */
  Err err = store_data_version(store, &index->data_version, info);
  if (err == ERR_OK) err = run_steps(&build);
  if (err == ERR_OK && !(index->coherence = coherence_slot_new())) err = err_set(info, ERR_MEMORY, "out of memory while reading the actions");
  for (int i = 0; i < ACTION_DIM_COUNT; i++) pairs_clear(&build.pairs[i]);
  mem_free(build.titles);
  mem_free(build.period);
  mem_free(build.missing);
  arena_clear(&build.scratch);
  if (err) index_free(index);
  else *out = index;
  return err;
}

Err action_index_fresh(const ActionIndex *index, Store *store, bool *fresh, ErrInfo *info) {
  int64_t version = 0;
  TRY(store_data_version(store, &version, info));
  *fresh = version == index->data_version;
  return ERR_OK;
}
