/* SPDX-License-Identifier: EUPL-1.2 */
/* Finding candidates without comparing everything with everything: only actions that share a key are compared (blocking), and
 * in a large block each with those that stand near it (sorted neighbourhood: Hernandez and Stolfo 1995). A key is two of
 * the rarest words of a title, a rare word of title or text, or the only word of a title. */
#include <stdlib.h>
#include <string.h>

#include "action/coherence_internal.h"
#include "base/mem.h"

enum {
  KEY_WORDS = 4,        /* rarest words of a title that make keys two by two */
  KEY_RARE = 12,        /* a word in at most so many actions is a key by itself */
  KEY_SINGLES = 3,      /* at most so many of those per action */
  BLOCK_WHOLE = 40,     /* up to so many actions all are compared */
  BLOCK_WINDOW = 8,     /* of more, each with so many after it */
  KEPT_MAX = 200000     /* candidates before the list is cut to the best */
};
#define TITLE_LEAST 0.25f

typedef struct Key { uint64_t key; uint32_t near, id; } Key;

typedef struct Finding {
  Coherence *c;
  Key *keys;
  size_t count, cap;
  CoherencePair *pairs;
  size_t pair_count, pair_cap;
  bool cut;
} Finding;

/* ---- Keys ---- */

/* Where the action is and for whom, as a number: alike actions stand together in a large block. */
static uint32_t nearness(const Coherence *c, uint32_t id) {
  uint64_t ground[COHERENCE_GROUND_MAX];
  const Lists *audience = &c->index->forward[ACTION_DIM_AUDIENCE];
  uint32_t place = 0xFFFF, who = audience->start[id] < audience->start[id + 1] ? audience->values[audience->start[id]] : 0xFFFF;
  if (coherence_ground(c, id, ground))
    for (size_t w = 0; w < c->ground_words && place == 0xFFFF; w++)
      if (ground[w]) place = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(ground[w]);
  return place << 16 | (who & 0xFFFF);
}

static Err add_key(Finding *f, uint64_t key, uint32_t near, uint32_t id) {
  if (!mem_grow((void **)&f->keys, &f->cap, f->count + 1, sizeof *f->keys)) return ERR_MEMORY;
  f->keys[f->count++] = (Key){key, near, id};
  return ERR_OK;
}

/* Keeps the rarest words in front; of equals the one that comes first. Returns the new count. */
static size_t keep_rarest(const Coherence *c, uint32_t word, uint32_t *list, size_t count, size_t most) {
  if (count == most && c->spread[list[count - 1]] <= c->spread[word]) return count;
  size_t at = count < most ? count++ : count - 1;
  for (; at > 0 && c->spread[list[at - 1]] > c->spread[word]; at--) list[at] = list[at - 1];
  list[at] = word;
  return count;
}

static uint64_t two(uint32_t a, uint32_t b) { return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a; }

static Err add_keys(Finding *f, uint32_t id) {
  const Coherence *c = f->c;
  uint32_t title[KEY_WORDS], rare[KEY_SINGLES];
  size_t titles = 0, rares = 0;
  for (uint32_t e = c->start[id]; e < c->start[id + 1]; e++) {
    uint32_t word = c->entries[e];
    if (c->kind[word] != WORD_PLAIN || c->spread[word] < 2) continue;
    if (e < c->text_start[id]) titles = keep_rarest(c, word, title, titles, KEY_WORDS);
    if (c->spread[word] <= KEY_RARE) rares = keep_rarest(c, word, rare, rares, KEY_SINGLES);
  }
  if (!titles && !rares) return ERR_OK;
  uint32_t near = nearness(c, id);
  for (size_t i = 0; i < titles; i++)
    for (size_t j = i + 1; j < titles; j++) TRY(add_key(f, two(title[i], title[j]), near, id));
  if (titles == 1 && c->spread[title[0]] > KEY_RARE) TRY(add_key(f, two(title[0], title[0]), near, id));
  for (size_t i = 0; i < rares; i++) TRY(add_key(f, two(rare[i], rare[i]), near, id));
  return ERR_OK;
}

static int by_key(const void *x, const void *y) {
  const Key *a = x, *b = y;
  if (a->key != b->key) return a->key < b->key ? -1 : 1;
  if (a->near != b->near) return a->near < b->near ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

/* ---- Pairs ---- */

static int by_place(const void *x, const void *y) {
  const CoherencePair *a = x, *b = y;
  if (a->a != b->a) return a->a < b->a ? -1 : 1;
  return (a->b > b->b) - (a->b < b->b);
}

static int by_points(const void *x, const void *y) {
  const CoherencePair *a = x, *b = y;
  if (a->score != b->score) return a->score > b->score ? -1 : 1;
  return by_place(x, y);
}

/* Leaves each pair once, most points first. */
static void arrange(Finding *f) {
  size_t kept = 0;
  if (!f->pair_count) return;
  qsort(f->pairs, f->pair_count, sizeof *f->pairs, by_place);
  for (size_t i = 0; i < f->pair_count; i++)
    if (!kept || by_place(&f->pairs[kept - 1], &f->pairs[i]) != 0) f->pairs[kept++] = f->pairs[i];
  f->pair_count = kept;
  qsort(f->pairs, f->pair_count, sizeof *f->pairs, by_points);
}

static Err look_at(Finding *f, uint32_t a, uint32_t b) {
  CoherencePair pair;
  if (a == b || coherence_title(f->c, a, b) < TITLE_LEAST || coherence_apart(f->c, a, b)) return ERR_OK;
  coherence_compare(f->c, a, b, &pair);
  if (pair.kind != COHERENCE_DOUBLING && pair.kind != COHERENCE_TWICE) return ERR_OK;
  if (f->pair_count == KEPT_MAX) {
    arrange(f);
    if (f->pair_count > KEPT_MAX / 2) f->pair_count = KEPT_MAX / 2, f->cut = true;
  }
  if (!mem_grow((void **)&f->pairs, &f->pair_cap, f->pair_count + 1, sizeof *f->pairs)) return ERR_MEMORY;
  f->pairs[f->pair_count++] = pair;
  return ERR_OK;
}

static Err look_in_block(Finding *f, size_t from, size_t to) {
  bool whole = to - from <= BLOCK_WHOLE;
  for (size_t i = from; i < to; i++)
    for (size_t j = i + 1; j < to && (whole || j <= i + BLOCK_WINDOW); j++) TRY(look_at(f, f->keys[i].id, f->keys[j].id));
  if (!whole) f->cut = true;
  return ERR_OK;
}

static Err find(Finding *f) {
  Coherence *c = f->c;
  for (uint32_t id = 0; id < c->index->count; id++) TRY(add_keys(f, id));
  if (f->count) qsort(f->keys, f->count, sizeof *f->keys, by_key);
  for (size_t from = 0, to = 0; from < f->count; from = to) {
    while (to < f->count && f->keys[to].key == f->keys[from].key) to++;
    TRY(look_in_block(f, from, to));
  }
  arrange(f);
  return ERR_OK;
}

Err coherence_find(Coherence *c) {
  Finding f = {.c = c};
  Err err = find(&f);
  mem_free(f.keys);
  if (err) {
    mem_free(f.pairs);
    return err;
  }
  c->found = f.pair_count;
  c->complete = !f.cut;
  c->pair_count = f.pair_count < COHERENCE_PAIRS_MAX ? f.pair_count : COHERENCE_PAIRS_MAX;
  c->pairs = f.pairs;
  CoherencePair *shorter = f.pairs ? mem_realloc(f.pairs, (c->pair_count + 1) * sizeof *f.pairs) : NULL;
  if (shorter) c->pairs = shorter;
  return ERR_OK;
}

/* ---- Neighbours ---- */

enum { NEAR_TRIED = 80, NEAR_TEXT_WORDS = 8 };
#define NEAR_LEAST 0.2f   /* likeness of title or text */

typedef struct Near { const Coherence *c; float *shared; uint32_t *seen; size_t seen_count; } Near;

static void near_word(Near *n, uint32_t word, uint32_t id) {
  const Coherence *c = n->c;
  float weight = c->rarity[word] * c->rarity[word];
  for (uint32_t p = c->post_start[word]; p < c->post_start[word + 1]; p++) {
    uint32_t other = c->post[p];
    if (other == id) continue;
    if (n->shared[other] == 0) n->seen[n->seen_count++] = other;
    n->shared[other] += weight;
  }
}

/* The words of the title, and the rarest of the text. */
static void near_words(Near *n, uint32_t id) {
  const Coherence *c = n->c;
  uint32_t rare[NEAR_TEXT_WORDS];
  size_t rares = 0;
  for (uint32_t e = c->start[id]; e < c->start[id + 1]; e++) {
    uint32_t word = c->entries[e];
    if (c->kind[word] != WORD_PLAIN || c->spread[word] < 2) continue;
    if (e < c->text_start[id]) near_word(n, word, id);
    else rares = keep_rarest(c, word, rare, rares, NEAR_TEXT_WORDS);
  }
  for (size_t i = 0; i < rares; i++) near_word(n, rare[i], id);
}

/* The actions that share most, as a share of what could be shared; at most NEAR_TRIED. */
static size_t most_shared(const Near *n, uint32_t *out) {
  size_t count = 0;
  float value[NEAR_TRIED];
  for (size_t i = 0; i < n->seen_count; i++) {
    uint32_t other = n->seen[i];
    float share = n->shared[other] / (n->c->text_length[other] + 1.0f);
    if (count == NEAR_TRIED && value[count - 1] >= share) continue;
    size_t at = count < NEAR_TRIED ? count++ : count - 1;
    for (; at > 0 && value[at - 1] < share; at--) value[at] = value[at - 1], out[at] = out[at - 1];
    value[at] = share;
    out[at] = other;
  }
  return count;
}

Err coherence_near(const Coherence *c, uint32_t id, size_t most, Arena *arena, CoherencePair **out, size_t *count, ErrInfo *info) {
  Near n = {.c = c, .shared = ARENA_ARRAY(arena, float, c->index->count + 1), .seen = ARENA_ARRAY(arena, uint32_t, c->index->count + 1)};
  *out = ARENA_ARRAY(arena, CoherencePair, NEAR_TRIED);
  *count = 0;
  if (!n.shared || !n.seen || !*out) return err_set(info, ERR_MEMORY, "out of memory while comparing the actions");
  uint32_t tried[NEAR_TRIED];
  near_words(&n, id);
  size_t found = most_shared(&n, tried);
  for (size_t i = 0; i < found; i++) {
    CoherencePair pair;
    coherence_compare(c, id, tried[i], &pair);
    if (pair.part[COHERENCE_TITLE] >= NEAR_LEAST || pair.part[COHERENCE_TEXT] >= NEAR_LEAST) (*out)[(*count)++] = pair;
  }
  qsort(*out, *count, sizeof **out, by_points);
  if (most > COHERENCE_NEAR_MAX) most = COHERENCE_NEAR_MAX;
  if (*count > most) *count = most;
  return ERR_OK;
}
