/* SPDX-License-Identifier: EUPL-1.2 */
/* The words of actions as they are compared: compounds in their parts, numbers and places told from the rest, each weighed
 * by its rarity. Taken from the terms of the snapshot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "action/coherence_internal.h"
#include "action/stem.h"
#include "base/mem.h"
#include "base/text.h"

enum { PART_FRONT = 4, PART_BACK = 3, SPLIT_DEPTH = 3, PARTS_MAX = 8 };

typedef struct Making {
  Coherence *c;
  Arena scratch;
  uint32_t *part[2];     /* per word the two words it is made of, NO_VALUE for none */
  uint32_t *used;        /* per word in how many titles and texts as it is written */
} Making;

/* ---- What kind of word ---- */

static bool word_at(const ActionIndex *index, Str stem, uint32_t *at) {
  size_t low = 0, high = index->term_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (str_cmp(index->terms[middle].stem, stem) < 0) low = middle + 1;
    else high = middle;
  }
  *at = (uint32_t)low;
  return low < index->term_count && str_eq(index->terms[low].stem, stem);
}

static bool is_number(Str stem) { return stem.len && stem.ptr[0] >= '0' && stem.ptr[0] <= '9'; }

static void count_used(Making *m) {
  const ActionIndex *index = m->c->index;
  for (size_t w = 0; w < m->c->words; w++) {
    const Term *term = &index->terms[w];
    for (uint32_t i = 0; i < term->count; i++)
      m->used[w] += (index->occurrences[term->first + i] & (OCCURS_TITLE | OCCURS_TEXT)) != 0;
    m->c->kind[w] = m->used[w] == 0 ? WORD_UNUSED : is_number(term->stem) ? WORD_EDITION : WORD_PLAIN;
  }
}

static void mark_editions(Making *m, Stemmer *stemmer) {
  static const Str editions[] = {
#define EDITION(word) {word, sizeof word - 1},
#include "action/editions.def"
#undef EDITION
  };
  uint32_t at;
  for (size_t i = 0; i < sizeof editions / sizeof *editions; i++)
    if (word_at(m->c->index, stem_of(stemmer, editions[i]), &at) && m->c->kind[at] == WORD_PLAIN) m->c->kind[at] = WORD_EDITION;
}

/* Names of one word only: "Emmen", "Drenthe". Where a municipality and a province share one, the wider is taken. */
static Err mark_places(Making *m, Stemmer *stemmer) {
  const ActionIndex *index = m->c->index;
  const BaseList *regions = &index->base[ACTION_DIM_REGION];
  for (uint32_t r = 0; r < regions->count; r++) {
    Str rest = text_folded(&m->scratch, regions->values[r].label), word, more;
    uint32_t at;
    if (!rest.ptr) return ERR_MEMORY;
    if (!stem_word(&rest, &word) || stem_word(&rest, &more)) continue;
    if (!word_at(index, stem_of(stemmer, word), &at) || m->c->kind[at] == WORD_UNUSED) continue;
    m->c->kind[at] = WORD_PLACE;
    if (m->c->place[at] == NO_VALUE || index->regions.regions[r].kind < index->regions.regions[m->c->place[at]].kind)
      m->c->place[at] = r;
  }
  return ERR_OK;
}

/* ---- Compounds ---- */

/* The front of a compound as a word: with or without the s, e or en that binds it. */
static bool front_word(const Making *m, Str front, uint32_t *at) {
  static const char *const binding[] = {"", "s", "e", "en"};
  for (size_t i = 0; i < sizeof binding / sizeof *binding; i++) {
    Str end = str_from(binding[i]);
    if (!str_ends(front, end) || front.len - end.len < PART_FRONT) continue;
    if (word_at(m->c->index, str_slice(front, 0, front.len - end.len), at) && m->c->kind[*at] == WORD_PLAIN) return true;
  }
  return false;
}

/* The back of a compound as a word. Of a long word the stemmer takes more off than of a short one (kringen gives kring, but
 * technetkringen technetkr), so what it took is tried again. */
static bool back_word(const Making *m, Str back, uint32_t *at) {
  static const char *const taken[] = {"", "ing", "heid"};
  char whole[64];
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
    Str end = str_from(taken[i]);
    size_t len = back.len + end.len;
    if (len < PART_BACK || len > sizeof whole) continue;
    memcpy(whole, back.ptr, back.len);
    memcpy(whole + back.len, end.ptr, end.len);
    if (word_at(m->c->index, (Str){whole, len}, at) && m->c->kind[*at] == WORD_PLAIN) return true;
  }
  return false;
}

/* Splits where the shorter part is longest: "technetkring" into technet and kring, when both are words of the pact. */
static void split(Making *m, uint32_t word) {
  Str stem = m->c->index->terms[word].stem;
  size_t best = 0;
  m->part[0][word] = m->part[1][word] = NO_VALUE;
  if (m->c->kind[word] != WORD_PLAIN) return;
  for (size_t at = PART_FRONT; at + 2 <= stem.len; at++) {
    uint32_t front, back;
    size_t shorter = at < stem.len - at ? at : stem.len - at;
    if (shorter <= best || !back_word(m, str_slice(stem, at, stem.len), &back)) continue;
    if (!front_word(m, str_slice(stem, 0, at), &front)) continue;
    best = shorter;
    m->part[0][word] = front;
    m->part[1][word] = back;
  }
}

/* The parts of a word, of its parts, and so on; the word itself when it has none. */
static size_t parts_of(const Making *m, uint32_t word, int depth, uint32_t *out, size_t count) {
  if (m->part[0][word] == NO_VALUE || depth == SPLIT_DEPTH) {
    if (count < PARTS_MAX) out[count++] = word;
    return count;
  }
  count = parts_of(m, m->part[0][word], depth + 1, out, count);
  return parts_of(m, m->part[1][word], depth + 1, out, count);
}

/* ---- The words of each action ---- */

static void each_entry(Making *m, uint32_t *next, uint32_t *entries) {
  const ActionIndex *index = m->c->index;
  for (uint32_t w = 0; w < m->c->words; w++) {
    uint32_t parts[PARTS_MAX];
    if (m->c->kind[w] == WORD_UNUSED) continue;
    size_t count = parts_of(m, w, 0, parts, 0);
    for (uint32_t i = 0; i < index->terms[w].count; i++) {
      uint32_t at = index->occurrences[index->terms[w].first + i], id = at >> OCCURS_SHIFT;
      if (!(at & (OCCURS_TITLE | OCCURS_TEXT))) continue;
      for (size_t p = 0; p < count; p++) {
        if (entries) entries[next[id]] = parts[p] << 1 | (at & OCCURS_TITLE ? 0u : 1u);
        next[id]++;
      }
    }
  }
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Sorts `word << 1, plus 1 when not in the title`, leaves each word once (in the title when it is there too) and puts the
 * words of the title before the others. Returns how many are left, *titles of them in the title. */
static uint32_t once_each(uint32_t *list, uint32_t count, uint32_t *titles, uint32_t *spare) {
  uint32_t kept = 0, others = 0;
  bool sorted = true;
  for (uint32_t i = 1; i < count && sorted; i++) sorted = list[i - 1] < list[i];
  if (!sorted) qsort(list, count, sizeof *list, ascending);
  for (uint32_t i = 0; i < count; i++) {
    bool again = i && list[i] >> 1 == list[i - 1] >> 1;
    if (again) continue;
    if (list[i] & 1u) spare[others++] = list[i] >> 1;
    else list[kept++] = list[i] >> 1;
  }
  *titles = kept;
  if (others) memcpy(list + kept, spare, others * sizeof *list);
  return kept + others;
}

/* Closes the room that words met twice took. */
static void pack_entries(Coherence *c, uint32_t *spare) {
  uint32_t kept = 0;
  size_t actions = c->index->count;
  for (size_t i = 0; i < actions; i++) {
    uint32_t from = c->start[i], titles, count = once_each(c->entries + from, c->start[i + 1] - from, &titles, spare);
    memmove(c->entries + kept, c->entries + from, count * sizeof *c->entries);
    c->start[i] = kept;
    c->text_start[i] = kept + titles;
    kept += count;
  }
  c->start[actions] = kept;
}

static Err fill_entries(Making *m) {
  Coherence *c = m->c;
  size_t actions = c->index->count;
  uint32_t *next = arena_alloc0(&m->scratch, actions + 1, sizeof *next);
  c->start = mem_alloc0(actions + 1, sizeof *c->start);
  c->text_start = mem_alloc0(actions + 1, sizeof *c->text_start);
  if (!next || !c->start || !c->text_start) return ERR_MEMORY;
  each_entry(m, next, NULL);
  uint32_t sum = 0, longest = 0;
  for (size_t i = 0; i < actions; i++) {
    uint32_t count = next[i];
    if (count > longest) longest = count;
    c->start[i] = next[i] = sum;
    sum += count;
  }
  c->start[actions] = sum;
  c->entries = mem_alloc((sum + 1) * sizeof *c->entries);
  uint32_t *spare = arena_alloc0(&m->scratch, longest + 1, sizeof *spare);
  if (!c->entries || !spare) return ERR_MEMORY;
  each_entry(m, next, c->entries);
  pack_entries(c, spare);
  return ERR_OK;
}
static Err fill_posts(Coherence *c) {
  size_t actions = c->index->count;
  c->post_start = mem_alloc0(c->words + 1, sizeof *c->post_start);
  c->post = mem_alloc((c->start[actions] + 1) * sizeof *c->post);
  if (!c->post_start || !c->post) return ERR_MEMORY;
  for (uint32_t e = 0; e < c->start[actions]; e++) c->spread[c->entries[e]]++;
  uint32_t sum = 0;
  for (size_t w = 0; w < c->words; w++) {
    c->post_start[w] = sum;
    sum += c->spread[w];
    c->spread[w] = 0;
  }
  c->post_start[c->words] = sum;
  for (uint32_t id = 0; id < actions; id++)
    for (uint32_t e = c->start[id]; e < c->start[id + 1]; e++) {
      uint32_t word = c->entries[e];
      c->post[c->post_start[word] + c->spread[word]++] = id;
    }
  return ERR_OK;
}

/* Rarity: ln(1 + N/n), as the search weighs words (after Sparck Jones 1972). */
static Err fill_lengths(Coherence *c) {
  size_t actions = c->index->count;
  c->title_length = mem_alloc0(actions + 1, sizeof *c->title_length);
  c->text_length = mem_alloc0(actions + 1, sizeof *c->text_length);
  if (!c->title_length || !c->text_length) return ERR_MEMORY;
  for (size_t w = 0; w < c->words; w++)
    c->rarity[w] = c->spread[w] ? (float)log(1.0 + (double)actions / c->spread[w]) : 0.0f;
  for (size_t id = 0; id < actions; id++) {
    float title = 0, text = 0;
    for (uint32_t e = c->start[id]; e < c->start[id + 1]; e++) {
      uint32_t word = c->entries[e];
      if (c->kind[word] != WORD_PLAIN) continue;
      float squared = c->rarity[word] * c->rarity[word];
      text += squared;
      if (e < c->text_start[id]) title += squared;
    }
    c->title_length[id] = sqrtf(title);
    c->text_length[id] = sqrtf(text);
  }
  return ERR_OK;
}

/* ---- Ground and period ---- */

static Err fill_ground(Coherence *c) {
  const RegionTable *table = &c->index->regions;
  size_t regions = table->list->count, municipalities = 0;
  Day on = day_from_civil(index_division(c->index, 0)->year, 1, 1);
  c->ground_words = (regions + 63) / 64;
  if (c->ground_words > COHERENCE_GROUND_MAX) c->ground_words = COHERENCE_GROUND_MAX;
  c->ground = mem_alloc0(regions * c->ground_words + 1, sizeof *c->ground);
  if (!c->ground) return ERR_MEMORY;
  for (uint32_t r = 0; r < regions; r++) {
    uint32_t above[REGION_PLACES] = {r};
    if (table->regions[r].kind != REGION_MUNICIPALITY || !region_exists(table, r, on)) continue;
    if (municipalities == c->ground_words * 64) break;
    size_t count = region_ancestors(table, on, above, 1);
    for (size_t i = 0; i < count; i++) BIT_SET(c->ground + above[i] * c->ground_words, municipalities);
    municipalities++;
  }
  for (uint32_t r = 0; r < regions; r++) {
    uint32_t places[REGION_PLACES];
    if (table->regions[r].kind != REGION_MUNICIPALITY || region_exists(table, r, on)) continue;
    size_t count = region_on_day(table, r, on, places);
    for (size_t i = 0; i < count; i++)
      for (size_t w = 0; w < c->ground_words; w++)
        c->ground[r * c->ground_words + w] |= c->ground[places[i] * c->ground_words + w];
  }
  return ERR_OK;
}

/* A title with "2014" is of that year when nothing else is known. */
static bool year_of(Str stem, Day *from, Day *to) {
  int64_t year;
  if (stem.len != 4 || !str_to_int(stem, &year) || year < 1990 || year > 2099) return false;
  *from = day_from_civil((int)year, 1, 1);
  *to = day_from_civil((int)year, 12, 31);
  return true;
}

static Err fill_periods(Coherence *c) {
  const ActionIndex *index = c->index;
  c->from = mem_alloc((index->count + 1) * sizeof *c->from);
  c->to = mem_alloc((index->count + 1) * sizeof *c->to);
  if (!c->from || !c->to) return ERR_MEMORY;
  for (size_t id = 0; id < index->count; id++) {
    c->from[id] = index->period_start[id];
    c->to[id] = index->period_end[id];
    bool known = c->from[id] != DAY_NONE || c->to[id] != DAY_NONE;
    for (uint32_t e = c->start[id]; !known && e < c->text_start[id]; e++) {
      uint32_t word = c->entries[e];
      Day from, to;
      if (c->kind[word] != WORD_EDITION || !year_of(index->terms[word].stem, &from, &to)) continue;
      if (c->from[id] == DAY_NONE || from < c->from[id]) c->from[id] = from;
      if (c->to[id] == DAY_NONE || to > c->to[id]) c->to[id] = to;
    }
  }
  return ERR_OK;
}

static Err allocate(Making *m) {
  Coherence *c = m->c;
  c->kind = mem_alloc0(c->words + 1, sizeof *c->kind);
  c->rarity = mem_alloc0(c->words + 1, sizeof *c->rarity);
  c->spread = mem_alloc0(c->words + 1, sizeof *c->spread);
  c->place = mem_alloc((c->words + 1) * sizeof *c->place);
  m->used = arena_alloc0(&m->scratch, c->words + 1, sizeof *m->used);
  for (int i = 0; i < 2; i++) m->part[i] = arena_alloc0(&m->scratch, c->words + 1, sizeof *m->part[i]);
  if (!c->kind || !c->rarity || !c->spread || !c->place || !m->used || !m->part[0] || !m->part[1]) return ERR_MEMORY;
  for (size_t w = 0; w < c->words; w++) c->place[w] = NO_VALUE;
  return ERR_OK;
}

static Err make(Making *m) {
  Stemmer *stemmer = NULL;
  TRY(allocate(m));
  count_used(m);
  TRY(stemmer_new(&stemmer));
  mark_editions(m, stemmer);
  Err err = mark_places(m, stemmer);
  stemmer_free(stemmer);
  TRY(err);
  for (uint32_t w = 0; w < m->c->words; w++) split(m, w);
  TRY(fill_entries(m));
  TRY(fill_posts(m->c));
  TRY(fill_lengths(m->c));
  TRY(fill_ground(m->c));
  return fill_periods(m->c);
}

Err coherence_words(Coherence *coherence) {
  Making m = {.c = coherence};
  coherence->words = coherence->index->term_count;
  arena_init(&m.scratch, 0);
  Err err = make(&m);
  arena_clear(&m.scratch);
  return err;
}
