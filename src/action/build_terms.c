/* SPDX-License-Identifier: EUPL-1.2 */
/* The words of all actions, and in which actions each occurs. */
#include "action/internal.h"

#include <stdlib.h>
#include <string.h>

#include "action/stem.h"
#include "base/mem.h"
#include "base/text.h"

#define MEMORY(build) err_set((build)->info, ERR_MEMORY, "out of memory while reading the words of the actions")

/* While building, terms are numbered in the order in which they are met. */
typedef struct Words {
  Build *build;
  Map terms;              /* stem -> number */
  Str *stems;
  uint32_t *last;         /* per term the place of its last occurrence, plus 1 */
  uint32_t *counts;
  size_t term_cap, last_cap, counts_cap, term_count;
  Pairs found;            /* (term, id and where it stands) */
  Pairs names[2];         /* organisations, regions: (row, term of its name), in order of row */
  bool *done;             /* actions whose stems have been read */
} Words;

static Err term_of(Words *words, Str stem, uint32_t *number) {
  size_t at;
  if (map_get_index(&words->terms, stem, &at)) {
    *number = (uint32_t)at;
    return ERR_OK;
  }
  size_t n = words->term_count + 1;
  if (!mem_grow((void **)&words->stems, &words->term_cap, n, sizeof *words->stems) ||
      !mem_grow((void **)&words->last, &words->last_cap, n, sizeof *words->last) ||
      !mem_grow((void **)&words->counts, &words->counts_cap, n, sizeof *words->counts))
    return ERR_MEMORY;
  Str copy = arena_str(&words->build->index->arena, stem);
  if (!copy.ptr) return ERR_MEMORY;
  *number = (uint32_t)words->term_count;
  words->stems[*number] = copy;
  words->last[*number] = 0;
  words->counts[*number] = 0;
  words->term_count = n;
  return map_set_index(&words->terms, copy, *number);
}

/* A term counts once per action; the title comes first, so its mark is kept. */
static Err occur(Words *words, uint32_t term, uint32_t id, uint32_t where) {
  uint32_t last = words->last[term];
  if (last && words->found.value[last - 1] >> OCCURS_SHIFT == id) return ERR_OK;
  TRY(pairs_add(&words->found, term, id << OCCURS_SHIFT | where));
  words->last[term] = (uint32_t)words->found.count;
  words->counts[term]++;
  return ERR_OK;
}

static Err read_names(Words *words, Stemmer *stemmer, int which, const BaseList *list) {
  Buf buf;
  buf_init(&buf, 0);
  Err err = ERR_OK;
  for (uint32_t i = 0; err == ERR_OK && i < list->count; i++) {
    buf_reset(&buf);
    if ((err = stem_text(stemmer, &buf, list->values[i].label))) break;
    Str rest = buf_view(&buf), stem;
    while (err == ERR_OK && str_cut(&rest, ' ', &stem)) {
      uint32_t term = 0;
      if (stem.len == 0) continue;
      err = term_of(words, stem, &term);
      if (err == ERR_OK) err = pairs_add(&words->names[which], i, term);
    }
  }
  buf_clear(&buf);
  return err;
}

/* Terms outgrow the 16 bits of Lists, so names keep the places of their pairs instead: they are in order of row. */
static Err name_starts(Words *words, int which, size_t rows, uint32_t **start) {
  *start = arena_alloc0(&words->build->scratch, rows + 1, sizeof **start);
  if (!*start) return ERR_MEMORY;
  const Pairs *pairs = &words->names[which];
  for (size_t i = 0, row = 0; row <= rows; row++) {
    while (i < pairs->count && pairs->row[i] < row) i++;
    (*start)[row] = (uint32_t)i;
  }
  return ERR_OK;
}

static Err add_names(Words *words, int which, const uint32_t *start, const Lists *forward, uint32_t id) {
  for (uint32_t v = forward->start[id]; v < forward->start[id + 1]; v++)
    for (uint32_t p = start[forward->values[v]]; p < start[forward->values[v] + 1]; p++)
      TRY(occur(words, words->names[which].value[p], id, 0));
  return ERR_OK;
}

typedef struct NameStarts { uint32_t *organisation, *region; } NameStarts;

/* `stems` as in table action_search: title | rest. Names of owner, partners and reach are found too. */
static Err add_action(Words *words, const NameStarts *starts, uint32_t id, Str stems) {
  const Lists *forward = words->build->index->forward;
  bool title = true;
  Str stem;
  while (str_cut(&stems, ' ', &stem)) {
    uint32_t term = 0;
    if (str_eq(stem, S("|"))) title = false;
    if (stem.len == 0 || str_eq(stem, S("|"))) continue;
    TRY(term_of(words, stem, &term));
    TRY(occur(words, term, id, title ? OCCURS_TITLE : OCCURS_TEXT));
  }
  TRY(add_names(words, 0, starts->organisation, &forward[ACTION_DIM_OWNER], id));
  TRY(add_names(words, 0, starts->organisation, &forward[ACTION_DIM_PARTNER], id));
  return add_names(words, 1, starts->region, &forward[ACTION_DIM_REGION], id);
}

static Err read_stored(Words *words, const NameStarts *starts) {
  Build *build = words->build;
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_stems", NO_ARGS, &rows, build->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more) {
    uint32_t id;
    if (!action_index_find(build->index, rows_str(rows, 0), &id) || words->done[id]) continue;
    words->done[id] = true;
    if (add_action(words, starts, id, rows_str(rows, 1))) {
      err = MEMORY(build);
      break;
    }
  }
  rows_close(rows);
  return err;
}

/* Actions that came in by another way than the import still must be found: their words are stemmed here. */
static Err read_unstemmed(Words *words, const NameStarts *starts, Stemmer *stemmer) {
  Build *build = words->build;
  Rows *rows = NULL;
  TRY(store_query(build->store, "action_index_unstemmed", NO_ARGS, &rows, build->info));
  Buf buf;
  buf_init(&buf, 0);
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, build->info)) == ERR_OK && more) {
    uint32_t id;
    if (!action_index_find(build->index, rows_str(rows, 0), &id) || words->done[id]) continue;
    words->done[id] = true;
    buf_reset(&buf);
    if (stem_action(stemmer, &buf, rows_str(rows, 1), rows_str(rows, 2)) || add_action(words, starts, id, buf_view(&buf))) {
      err = MEMORY(build);
      break;
    }
  }
  buf_clear(&buf);
  rows_close(rows);
  return err;
}

static int by_stem(const void *a, const void *b) { return str_cmp(((const Term *)a)->stem, ((const Term *)b)->stem); }

static int by_number(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Occurrences per term, ascending; terms in order of their stems. */
static Err order_terms(Words *words) {
  ActionIndex *index = words->build->index;
  index->terms = mem_alloc0(words->term_count + 1, sizeof *index->terms);
  index->occurrences = mem_alloc((words->found.count + 1) * sizeof *index->occurrences);
  if (!index->terms || !index->occurrences) return ERR_MEMORY;
  index->term_count = words->term_count;
  index->occurrence_count = words->found.count;
  uint32_t sum = 0;
  for (size_t t = 0; t < words->term_count; t++) {
    index->terms[t] = (Term){words->stems[t], sum, 0};
    sum += words->counts[t];
  }
  for (size_t i = 0; i < words->found.count; i++) {
    Term *term = &index->terms[words->found.row[i]];
    index->occurrences[term->first + term->count++] = words->found.value[i];
  }
  for (size_t t = 0; t < words->term_count; t++) {
    uint32_t *list = index->occurrences + index->terms[t].first;
    bool sorted = true;
    for (uint32_t i = 1; i < index->terms[t].count && sorted; i++) sorted = list[i - 1] < list[i];
    if (!sorted) qsort(list, index->terms[t].count, sizeof *list, by_number);
  }
  qsort(index->terms, index->term_count, sizeof *index->terms, by_stem);
  return ERR_OK;
}

static Err read_all(Words *words, Stemmer *stemmer) {
  Build *build = words->build;
  ActionIndex *index = build->index;
  const BaseList *organisations = &index->base[ACTION_DIM_OWNER], *regions = &index->base[ACTION_DIM_REGION];
  NameStarts starts;
  words->done = arena_alloc0(&build->scratch, index->count + 1, sizeof *words->done);
  if (!words->done || read_names(words, stemmer, 0, organisations) || read_names(words, stemmer, 1, regions) ||
      name_starts(words, 0, organisations->count, &starts.organisation) ||
      name_starts(words, 1, regions->count, &starts.region))
    return MEMORY(build);
  TRY(read_stored(words, &starts));
  TRY(read_unstemmed(words, &starts, stemmer));
  return order_terms(words) ? MEMORY(build) : ERR_OK;
}

Err build_terms(Build *build) {
  Words words = {.build = build};
  map_init(&words.terms, &build->scratch);
  Stemmer *stemmer = NULL;
  if (stemmer_new(&stemmer)) return MEMORY(build);
  Err err = read_all(&words, stemmer);
  stemmer_free(stemmer);
  mem_free(words.stems);
  mem_free(words.last);
  mem_free(words.counts);
  pairs_clear(&words.found);
  pairs_clear(&words.names[0]);
  pairs_clear(&words.names[1]);
  return err;
}
