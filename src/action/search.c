/* SPDX-License-Identifier: EUPL-1.2 */
/* Answering a query: the set of actions, their order, the counts beside the filters. */
#include "action/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "action/stem.h"
#include "base/text.h"

#define MEMORY(info) err_set(info, ERR_MEMORY, "out of memory while searching")
enum { WORDS_MAX = 32, TITLE_WEIGHT = 3 };

typedef struct Search {
  const ActionIndex *index;
  const ActionQuery *query;
  Arena *arena;
  ErrInfo *info;
  size_t words;               /* of a bit set */
  bool has_text;
  Bits text;                  /* actions with all the words */
  uint32_t *score;            /* per action, only when asked for relevance */
  Bits chosen[ACTION_DIM_COUNT];  /* actions with one of the chosen values; words NULL when none is chosen */
  Bits result;
} Search;

static Err bits_new(Search *search, Bits *bits) {
  *bits = (Bits){ARENA_ARRAY(search->arena, uint64_t, search->words + 1), search->words};
  return bits->words ? ERR_OK : MEMORY(search->info);
}

static void bits_all(const Search *search, Bits bits) {
  memset(bits.words, 0xFF, bits.count * sizeof *bits.words);
  if (search->index->count % 64) bits.words[bits.count - 1] = ((uint64_t)1 << (search->index->count % 64)) - 1;
}

/* ---- Filters ---- */

static Err choose(Search *search, ActionDim dim) {
  const ActionFilter *filter = &search->query->filters[dim];
  if (filter->count == 0) return ERR_OK;
  const View *view = index_view(search->index, dim, search->query->year);
  TRY(bits_new(search, &search->chosen[dim]));
  for (size_t i = 0; i < filter->count; i++) {
    size_t at;
    if (!map_get_index(&view->by_code, filter->values[i], &at)) {
      char param[32];
      Str name = action_dim_param(dim);
      memcpy(param, name.ptr, name.len);
      param[name.len] = '\0';
      err_at(search->info, NULL, NULL, 0, param);
      return err_set(search->info, ERR_USAGE, "\"" STR_FMT "\" is not a value of this filter",
                     STR_ARG(str_slice(filter->values[i], 0, 80)));
    }
    bits_or_posting(search->chosen[dim], &view->values[at].posting);
  }
  return ERR_OK;
}

/* ---- Words ---- */

/* The first term that is not before `stem`. */
static size_t term_at(const ActionIndex *index, Str stem) {
  size_t low = 0, high = index->term_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (str_cmp(index->terms[middle].stem, stem) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Rare words weigh more: ln(1 + N/n), in hundredths. */
static uint32_t weight_of(const ActionIndex *index, uint32_t count) {
  return (uint32_t)(100.0 * log(1.0 + (double)index->count / (double)(count ? count : 1)));
}

static void add_term(const Search *search, const Term *term, Bits bits) {
  const uint32_t *found = search->index->occurrences + term->first;
  uint32_t weight = search->score ? weight_of(search->index, term->count) : 0;
  for (uint32_t i = 0; i < term->count; i++) {
    uint32_t id = found[i] >> OCCURS_SHIFT;
    BIT_SET(bits.words, id);
    if (search->score) search->score[id] += weight * (found[i] & OCCURS_TITLE ? TITLE_WEIGHT : 1);
  }
}

typedef struct Asked {
  Str word;      /* folded */
  bool quoted;   /* a code */
  bool last;     /* may be the beginning of a word */
} Asked;

static Err add_stems(const Search *search, Stemmer *stemmer, Asked asked, Bits bits) {
  const ActionIndex *index = search->index;
  Str stem = stem_of(stemmer, asked.word);
  size_t at = term_at(index, stem);
  if (at < index->term_count && str_eq(index->terms[at].stem, stem)) add_term(search, &index->terms[at], bits);
  if (!asked.last || asked.word.len < 2) return ERR_OK;
  Str exact = arena_str(search->arena, stem);
  if (!exact.ptr) return MEMORY(search->info);
  for (at = term_at(index, asked.word); at < index->term_count && str_starts(index->terms[at].stem, asked.word); at++)
    if (!str_eq(index->terms[at].stem, exact)) add_term(search, &index->terms[at], bits);
  return ERR_OK;
}

static bool find_code(const ActionIndex *index, Str word, uint32_t *id) {
  if (action_index_find(index, word, id)) return true;
  if (word.len == 0) return false;
  for (uint32_t i = 0; i < index->count; i++)
    if (str_eq_nocase(action_index_code(index, i), word)) {
      *id = i;
      return true;
    }
  return false;
}

/* The words asked for: parts between spaces; "..." is taken whole. */
static size_t split(Search *search, Str text, Asked *asked) {
  size_t count = 0;
  bool quoted = false;
  Str part;
  while (count < WORDS_MAX && str_cut(&text, '"', &part)) {
    Str piece;
    if (quoted && str_trim(part).len) asked[count++] = (Asked){str_trim(part), true, false};
    while (!quoted && count < WORDS_MAX && str_cut(&part, ' ', &piece))
      if (piece.len) asked[count++] = (Asked){piece, false, false};
    quoted = !quoted;
  }
  (void)search;
  return count;
}

/* Restricts the text set to actions with this part. *used tells whether the part asks for anything at all. */
static Err add_part(Search *search, Stemmer *stemmer, Asked asked, bool *used) {
  uint32_t id;
  Bits one;
  *used = false;
  bool codelike = asked.quoted || str_find_char(asked.word, '-') != STR_NPOS ||
                  (asked.word.ptr[asked.word.len - 1] >= '0' && asked.word.ptr[asked.word.len - 1] <= '9');
  if (codelike && find_code(search->index, asked.word, &id)) {
    TRY(bits_new(search, &one));
    BIT_SET(one.words, id);
    if (search->score) search->score[id] += 100000;
    bits_and(search->text, one);
    *used = true;
    return ERR_OK;
  }
  Str folded = text_folded(search->arena, asked.word), rest = folded, word;
  if (!folded.ptr) return MEMORY(search->info);
  while (stem_word(&rest, &word)) {
    if (stem_is_stop(word)) continue;
    bool last = asked.last && rest.len == 0;
    TRY(bits_new(search, &one));
    TRY(add_stems(search, stemmer, (Asked){word, false, last}, one));
    bits_and(search->text, one);
    *used = true;
  }
  return ERR_OK;
}

static Err search_words(Search *search) {
  Asked asked[WORDS_MAX];
  Str text = search->query->text;
  size_t count = split(search, text, asked);
  if (count == 0) return ERR_OK;
  asked[count - 1].last = !asked[count - 1].quoted;
  TRY(bits_new(search, &search->text));
  bits_all(search, search->text);
  Stemmer *stemmer = NULL;
  if (stemmer_new(&stemmer)) return MEMORY(search->info);
  Err err = ERR_OK;
  for (size_t i = 0; err == ERR_OK && i < count; i++) {
    bool used;
    err = add_part(search, stemmer, asked[i], &used);
    search->has_text = search->has_text || used;
  }
  stemmer_free(stemmer);
  return err;
}

/* The actions that answer the query, or that would when dimension `but` were not filtered on. */
static void combine(const Search *search, int but, Bits out) {
  bool any = false;
  if (search->has_text) {
    memcpy(out.words, search->text.words, out.count * sizeof *out.words);
    any = true;
  }
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) {
    if (dim == but || !search->chosen[dim].words) continue;
    if (any) bits_and(out, search->chosen[dim]);
    else memcpy(out.words, search->chosen[dim].words, out.count * sizeof *out.words);
    any = true;
  }
  if (!any && out.count) bits_all(search, out);
}

static ActionSort sort_of(const Search *search) {
  ActionSort sort = search->query->sort;
  if (sort == ACTION_SORT_DEFAULT) sort = search->has_text ? ACTION_SORT_RELEVANCE : ACTION_SORT_CODE;
  if (sort == ACTION_SORT_RELEVANCE && !search->has_text) sort = ACTION_SORT_CODE;
  return sort;
}

static Err search_begin(Search *search) {
  const ActionQuery *query = search->query;
  search->words = WORDS(search->index->count);
  bool scored = query->text.len && (query->sort == ACTION_SORT_DEFAULT || query->sort == ACTION_SORT_RELEVANCE);
  if (scored && !(search->score = ARENA_ARRAY(search->arena, uint32_t, search->index->count + 1))) return MEMORY(search->info);
  if (query->text.len) TRY(search_words(search));
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) TRY(choose(search, (ActionDim)dim));
  TRY(bits_new(search, &search->result));
  combine(search, -1, search->result);
  return ERR_OK;
}

/* ---- Order and page ---- */

static size_t ordered(const Search *search, ActionSort sort, bool descending, size_t skip, uint32_t *out, size_t most) {
  const uint32_t *order = search->index->order[sort];
  size_t count = search->index->count, written = 0;
  for (size_t i = 0; i < count && written < most; i++) {
    uint32_t id = order[descending ? count - 1 - i : i];
    if (!BIT_GET(search->result.words, id)) continue;
    if (skip) skip--;
    else out[written++] = id;
  }
  return written;
}

static int by_key(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Puts the `most` smallest keys first, in no order (Hoare's selection). */
static void select_smallest(uint64_t *keys, size_t count, size_t most) {
  size_t low = 0, high = count;
  while (high - low > 1 && most > low && most < high) {
    uint64_t pivot = keys[low + (high - low) / 2];
    size_t i = low, j = high - 1;
    for (;;) {
      while (keys[i] < pivot) i++;
      while (keys[j] > pivot) j--;
      if (i >= j) break;
      uint64_t swap = keys[i];
      keys[i++] = keys[j];
      keys[j--] = swap;
    }
    size_t cut = keys[i] < pivot ? i + 1 : i;
    if (cut == low) cut = low + 1;
    if (most < cut) high = cut;
    else low = cut;
  }
}

static Err ranked(const Search *search, bool descending, size_t total, size_t skip, uint32_t *out, size_t *count) {
  uint64_t *keys = ARENA_ARRAY(search->arena, uint64_t, total + 1);
  if (!keys) return MEMORY(search->info);
  size_t n = 0, most = *count;
  for (size_t w = 0; w < search->words; w++)
    for (uint64_t word = search->result.words[w]; word; word &= word - 1) {
      uint32_t id = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(word);
      uint32_t score = search->score[id];
      keys[n++] = (uint64_t)(descending ? UINT32_MAX - score : score) << 32 | id;
    }
  *count = 0;
  if (skip >= n) return ERR_OK;
  size_t end = most > n - skip ? n : skip + most;
  select_smallest(keys, n, end);
  qsort(keys, end, sizeof *keys, by_key);
  for (size_t i = skip; i < end; i++) out[(*count)++] = (uint32_t)(keys[i] & UINT32_MAX);
  return ERR_OK;
}

static Err take_page(const Search *search, size_t total, size_t skip, uint32_t **out, size_t *count) {
  ActionSort sort = sort_of(search);
  int direction = search->query->direction;
  bool descending = direction ? direction < 0 : action_sort_descending(sort);
  size_t most = *count;
  *out = ARENA_ARRAY(search->arena, uint32_t, most + 1);
  if (!*out) return MEMORY(search->info);
  if (sort == ACTION_SORT_RELEVANCE) return ranked(search, descending, total, skip, *out, count);
  *count = ordered(search, sort, descending, skip, *out, most);
  return ERR_OK;
}

/* ---- Counts beside the filters ---- */

/* Counting from the actions is cheaper than from the values when few actions are left. */
static void count_forward(const Search *search, ActionDim dim, Bits mask, const View *view, size_t *counts) {
  const Lists *lists = &search->index->forward[dim];
  for (size_t w = 0; w < search->words; w++)
    for (uint64_t word = mask.words[w]; word; word &= word - 1) {
      uint32_t id = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(word);
      if (lists->start[id] == lists->start[id + 1]) counts[view->count - 1]++;
      for (uint32_t v = lists->start[id]; v < lists->start[id + 1]; v++) counts[lists->values[v]]++;
    }
}

static bool is_selected(const ActionFilter *filter, Str code) {
  for (size_t i = 0; i < filter->count; i++)
    if (str_eq(filter->values[i], code)) return true;
  return false;
}

static Err count_facet(const Search *search, ActionDim dim, Bits mask, size_t masked, ActionFacet *facet) {
  const View *view = index_view(search->index, dim, search->query->year);
  size_t *counts = ARENA_ARRAY(search->arena, size_t, view->count);
  ActionFacetValue *values = ARENA_ARRAY(search->arena, ActionFacetValue, view->count);
  if (!counts || !values) return MEMORY(search->info);
  bool whole = masked == search->index->count;
  size_t links = search->index->forward[dim].total + search->index->count;
  bool forward = !whole && view->plain && masked * links / (search->index->count + 1) < view->listed + view->dense * search->words / 2;
  if (forward) count_forward(search, dim, mask, view, counts);
  *facet = (ActionFacet){dim, values, 0};
  for (size_t v = 0; v < view->count; v++) {
    const ViewValue *value = &view->values[v];
    size_t count = whole ? value->posting.count : forward ? counts[v] : bits_count_and(mask, &value->posting);
    bool selected = is_selected(&search->query->filters[dim], value->code);
    if (count == 0 && !selected && !value->always) continue;
    values[facet->count++] = (ActionFacetValue){value->code, value->label, value->parent, count, selected};
  }
  return ERR_OK;
}

static Err count_facets(const Search *search, size_t total, ActionResult *out) {
  Bits mask = {0};
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) {
    bool own = search->chosen[dim].words != NULL;
    if (own && !mask.words) TRY(bits_new((Search *)(uintptr_t)search, &mask));
    if (own) combine(search, dim, mask);
    TRY(count_facet(search, (ActionDim)dim, own ? mask : search->result, own ? bits_count(mask) : total, &out->facets[dim]));
  }
  return ERR_OK;
}

static Err check(const ActionQuery *query, ErrInfo *info) {
  if (query->page < 1 || query->page_size < 1 || query->page_size > ACTION_PAGE_SIZE_MAX)
    return err_set(info, ERR_USAGE, "page and size must be at least 1, size at most %d", ACTION_PAGE_SIZE_MAX);
  return ERR_OK;
}

Err action_search(const ActionIndex *index, const ActionQuery *query, Arena *arena, ActionResult *out, ErrInfo *info) {
  *out = (ActionResult){.all = index->count};
  TRY(check(query, info));
  Search search = {.index = index, .query = query, .arena = arena, .info = info};
  TRY(search_begin(&search));
  size_t size = (size_t)query->page_size, page = (size_t)query->page;
  out->total = bits_count(search.result);
  out->pages = (out->total + size - 1) / size;
  uint32_t *ids = NULL;
  out->count = size;
  if (page > out->pages) out->count = 0;
  else TRY(take_page(&search, out->total, (page - 1) * size, &ids, &out->count));
  out->ids = ids;
  return count_facets(&search, out->total, out);
}

Err action_search_all(const ActionIndex *index, const ActionQuery *query, Arena *arena, const uint32_t **ids, size_t *count,
                      ErrInfo *info) {
  Search search = {.index = index, .query = query, .arena = arena, .info = info};
  TRY(search_begin(&search));
  size_t total = bits_count(search.result);
  uint32_t *all = NULL;
  *count = total;
  TRY(take_page(&search, total, 0, &all, count));
  *ids = all;
  return ERR_OK;
}

Err action_count(const ActionIndex *index, const ActionQuery *query, size_t *count, ErrInfo *info) {
  Arena arena;
  arena_init(&arena, 0);
  ActionQuery plain = *query;
  plain.sort = ACTION_SORT_CODE;
  Search search = {.index = index, .query = &plain, .arena = &arena, .info = info};
  Err err = search_begin(&search);
  *count = err ? 0 : bits_count(search.result);
  arena_clear(&arena);
  return err;
}
