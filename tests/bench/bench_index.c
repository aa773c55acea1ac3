/* SPDX-License-Identifier: EUPL-1.2 */
/* Times the snapshot of actions on a database: bench_index DATABASE. Prints one line per question with the median of many
 * runs in microseconds, first without and then with the rows of a page from the store. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "action/actions.h"
#include "action/coherence.h"
#include "action/matrix.h"

enum { RUNS = 201 };

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void set(ActionQuery *query, const char *address) {
  ErrInfo info = ERRINFO_INIT;
  Str rest = str_from(address), part;
  action_query_init(query);
  while (rest.len && str_cut(&rest, '&', &part)) {
    Str name = STR_NONE;
    str_cut(&part, '=', &name);
    if (action_query_set(query, name, part, &info)) abort();
  }
}

static double median_of(Store *store, const ActionIndex *index, const char *address, bool rows, size_t *total) {
  static double times[RUNS];
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  Arena arena;
  set(&query, address);
  arena_init(&arena, 0);
  for (int i = 0; i < RUNS; i++) {
    double start = now_us();
    ActionResult result;
    Val *value = NULL;
    arena_reset(&arena);
    Err err = rows ? action_search_val(store, index, &query, &arena, &value, &info)
                   : action_search(index, &query, &arena, &result, &info);
    if (err) {
      fprintf(stderr, "%s: %s\n", address, info.message);
      exit(1);
    }
    if (!rows) *total = result.total;
    times[i] = now_us() - start;
  }
  arena_clear(&arena);
  qsort(times, RUNS, sizeof *times, by_value);
  return times[RUNS / 2];
}

/* Comparing all actions, and the neighbours of one. */
static int coherence_lines(const ActionIndex *index) {
  static double times[RUNS];
  ErrInfo info = ERRINFO_INIT;
  const Coherence *coherence;
  double start = now_us();
  if (coherence_of(index, &coherence, &info)) return 1;
  CoherenceList list = coherence_candidates(coherence);
  printf("coherence_ms %.1f  bytes %zu  candidates %zu of %zu%s\n", (now_us() - start) / 1e3, coherence_bytes(coherence), list.count,
         list.found, list.complete ? "" : " or more");
  Arena arena;
  arena_init(&arena, 0);
  for (uint32_t i = 0; i < RUNS; i++) {
    CoherencePair *near;
    size_t count;
    arena_reset(&arena);
    start = now_us();
    if (coherence_near(coherence, (uint32_t)(action_index_count(index) / RUNS * i), 5, &arena, &near, &count, &info)) return 1;
    times[i] = now_us() - start;
  }
  arena_clear(&arena);
  qsort(times, RUNS, sizeof *times, by_value);
  printf("neighbours_us %.0f\n", times[RUNS / 2]);
  return 0;
}

int main(int argc, char **argv) {
  static const char *const questions[] = {"", "line=kiezen", "goal=1&region=PV22", "q=techniek", "q=lassen meisjes",
                                          "q=robotwedstrijd&line=leren&region=PV20", "owner=gen-org-0007", "sort=title&page=3", "missing=cost&sort=completeness"};
  ErrInfo info = ERRINFO_INIT;
  Store *store = NULL;
  ActionIndex *index = NULL;
  if (argc != 2 || store_open(&store, argv[1], STORE_READ, &info)) {
    fprintf(stderr, "usage: bench_index DATABASE %s\n", info.message);
    return 2;
  }
  double start = now_us();
  if (action_index_new(&index, store, &info)) {
    fprintf(stderr, "%s\n", info.message);
    return 1;
  }
  printf("actions %zu\nbuild_ms %.1f\nbytes %zu\n", action_index_count(index), (now_us() - start) / 1e3, action_index_bytes(index));
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
    size_t total = 0;
    double bare = median_of(store, index, questions[i], false, &total), rows = median_of(store, index, questions[i], true, &total);
    printf("query %-44s found %6zu  search_us %7.0f  with_rows_us %7.0f\n", questions[i][0] ? questions[i] : "(all)", total, bare, rows);
  }
  Arena arena;
  arena_init(&arena, 0);
  Val *matrix = NULL;
  start = now_us();
  if (action_matrix(index, (MatrixOptions){.subgoals = true}, &arena, &matrix, &info)) return 1;
  printf("matrix_ms %.1f\n", (now_us() - start) / 1e3);
  arena_clear(&arena);
  if (coherence_lines(index)) return 1;
  action_index_release(index);
  store_close(store);
  return 0;
}
