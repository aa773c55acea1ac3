/* SPDX-License-Identifier: EUPL-1.2 */
/* How alike two actions are, fact by fact, and what follows from it. */
#include "action/coherence.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "action/coherence_internal.h"
#include "base/mem.h"

/* What it takes to be a candidate; tried on the labelled set of tests/unit/action/test_coherence.c. */
#define POINTS_CANDIDATE 65.0f   /* points */
#define TITLE_ALIKE 0.5f         /* by the title alone */
#define TITLE_RELATED 0.25f      /* or so much, and the whole text */
#define TEXT_ALIKE 0.5f
#define NUMBERS_DIFFER 0.6f      /* what is left of the likeness of titles with different numbers */

static const struct { const char *code, *label; int weight; } reasons[] = {
#define REASON(NAME, code, weight, label) {#code, label, weight},
#include "action/coherence.def"
#undef REASON
};

#define REASON(NAME, code, weight, label) + weight
_Static_assert(0
#include "action/coherence.def"
  == 100, "the weights of the reasons are points of a hundred");
#undef REASON

Str coherence_reason_code(CoherenceReason reason) { return str_from(reasons[reason].code); }
Str coherence_reason_label(CoherenceReason reason) { return str_from(reasons[reason].label); }
int coherence_reason_weight(CoherenceReason reason) { return reasons[reason].weight; }

Str coherence_kind_code(CoherenceKind kind) {
  static const char *const codes[] = {"neighbour", "series", "doubling", "twice"};
  return str_from(codes[kind]);
}

/* ---- Words ---- */

/* How the words of one kind in two titles relate. */
typedef struct Shared { uint32_t only_a, only_b, both; } Shared;

static Shared shared_words(const Coherence *c, uint32_t a, uint32_t b, WordKind kind) {
  Shared s = {0};
  uint32_t i = c->start[a], j = c->start[b], end_a = c->text_start[a], end_b = c->text_start[b];
  while (i < end_a || j < end_b) {
    uint32_t x = i < end_a ? c->entries[i] : UINT32_MAX, y = j < end_b ? c->entries[j] : UINT32_MAX;
    bool counts = c->kind[x < y ? x : y] == kind;
    s.both += counts && x == y;
    s.only_a += counts && x < y;
    s.only_b += counts && y < x;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return s;
}

/* The sum of the squared rarities of the plain words in both lists of entries. */
static float shared_rarity(const Coherence *c, uint32_t i, uint32_t end_a, uint32_t j, uint32_t end_b) {
  float sum = 0;
  while (i < end_a && j < end_b) {
    uint32_t x = c->entries[i], y = c->entries[j];
    if (x == y && c->kind[x] == WORD_PLAIN) sum += c->rarity[x] * c->rarity[x];
    i += x <= y;
    j += y <= x;
  }
  return sum;
}

static float title_overlap(const Coherence *c, uint32_t a, uint32_t b) {
  return shared_rarity(c, c->start[a], c->text_start[a], c->start[b], c->text_start[b]);
}

/* Title and text of the one with title and text of the other. */
static float text_overlap(const Coherence *c, uint32_t a, uint32_t b) {
  return title_overlap(c, a, b) + shared_rarity(c, c->start[a], c->text_start[a], c->text_start[b], c->start[b + 1]) +
         shared_rarity(c, c->text_start[a], c->start[a + 1], c->start[b], c->text_start[b]) +
         shared_rarity(c, c->text_start[a], c->start[a + 1], c->text_start[b], c->start[b + 1]);
}

static float cosine(float shared, float length_a, float length_b) {
  float of = length_a * length_b;
  return of > 0 ? fminf(shared / of, 1.0f) : 0;
}

float coherence_title(const Coherence *c, uint32_t a, uint32_t b) {
  float alike = cosine(title_overlap(c, a, b), c->title_length[a], c->title_length[b]);
  if (alike == 0) return 0;
  Shared numbers = shared_words(c, a, b, WORD_EDITION);
  return numbers.only_a && numbers.only_b && !numbers.both ? alike * NUMBERS_DIFFER : alike;
}

static bool has_text(const Coherence *c, uint32_t id) {
  const Lists *missing = &c->index->forward[ACTION_DIM_MISSING];
  for (uint32_t i = missing->start[id]; i < missing->start[id + 1]; i++)
    if (missing->values[i] == ACTION_FACT_DESCRIPTION) return false;
  return true;
}

static float text_alike(const Coherence *c, uint32_t a, uint32_t b) {
  if (!has_text(c, a) || !has_text(c, b)) return COHERENCE_UNKNOWN;
  return cosine(text_overlap(c, a, b), c->text_length[a], c->text_length[b]);
}

/* ---- Facts ---- */

enum { SET_MAX = 64 };   /* values of one fact that are looked at */
typedef struct Set { uint32_t at[SET_MAX]; size_t count; } Set;

static void set_add(Set *set, uint32_t value) {
  for (size_t i = 0; i < set->count; i++)
    if (set->at[i] == value) return;
  if (set->count < SET_MAX) set->at[set->count++] = value;
}

/* Jaccard (1901): what both have, of what either has. */
static float jaccard(const Set *a, const Set *b) {
  size_t both = 0;
  if (!a->count || !b->count) return COHERENCE_UNKNOWN;
  for (size_t i = 0; i < a->count; i++)
    for (size_t j = 0; j < b->count; j++) both += a->at[i] == b->at[j];
  return (float)both / (float)(a->count + b->count - both);
}

static void set_of(const Coherence *c, ActionDim dim, uint32_t id, Set *set) {
  const Lists *lists = &c->index->forward[dim];
  for (uint32_t i = lists->start[id]; i < lists->start[id + 1]; i++) set_add(set, lists->values[i]);
}

static float values_alike(const Coherence *c, ActionDim dim, uint32_t a, uint32_t b) {
  Set x, y;
  x.count = y.count = 0;
  set_of(c, dim, a, &x);
  set_of(c, dim, b, &y);
  return jaccard(&x, &y);
}

/* A sub-goal is half its goal: 1c is counted as 1c and 1. */
static void goals_of(const Coherence *c, uint32_t id, Set *set) {
  const Lists *goals = &c->index->forward[ACTION_DIM_GOAL], *roll = &c->index->goal_roll;
  set->count = 0;
  for (uint32_t i = goals->start[id]; i < goals->start[id + 1]; i++)
    for (uint32_t j = roll->start[goals->values[i]]; j < roll->start[goals->values[i] + 1]; j++) set_add(set, roll->values[j]);
}

static float goals_alike(const Coherence *c, uint32_t a, uint32_t b) {
  Set x, y;
  goals_of(c, a, &x);
  goals_of(c, b, &y);
  return jaccard(&x, &y);
}

static float organisations_alike(const Coherence *c, uint32_t a, uint32_t b) {
  Set x, y;
  x.count = y.count = 0;
  set_of(c, ACTION_DIM_OWNER, a, &x);
  set_of(c, ACTION_DIM_PARTNER, a, &x);
  set_of(c, ACTION_DIM_OWNER, b, &y);
  set_of(c, ACTION_DIM_PARTNER, b, &y);
  return jaccard(&x, &y);
}

static bool add_ground(const Coherence *c, uint32_t region, uint64_t *out) {
  bool any = false;
  for (size_t w = 0; w < c->ground_words; w++) {
    out[w] |= c->ground[region * c->ground_words + w];
    any = any || out[w];
  }
  return any;
}

bool coherence_ground(const Coherence *c, uint32_t id, uint64_t *out) {
  const Lists *reach = &c->index->forward[ACTION_DIM_REGION];
  bool any = false;
  memset(out, 0, c->ground_words * sizeof *out);
  for (uint32_t i = reach->start[id]; i < reach->start[id + 1]; i++) any = add_ground(c, reach->values[i], out) || any;
  for (uint32_t e = c->start[id]; !any && e < c->text_start[id]; e++)
    if (c->place[c->entries[e]] != NO_VALUE) any = add_ground(c, c->place[c->entries[e]], out);
  return any;
}

/* The overlap of Szymkiewicz and Simpson: what both reach, of the smaller of the two; 1 when one lies within the other. */
static float reach_alike(const Coherence *c, uint32_t a, uint32_t b) {
  uint64_t x[COHERENCE_GROUND_MAX], y[COHERENCE_GROUND_MAX];
  size_t both = 0, in_x = 0, in_y = 0;
  if (!coherence_ground(c, a, x) || !coherence_ground(c, b, y)) return COHERENCE_UNKNOWN;
  for (size_t w = 0; w < c->ground_words; w++) {
    both += (size_t)__builtin_popcountll(x[w] & y[w]);
    in_x += (size_t)__builtin_popcountll(x[w]);
    in_y += (size_t)__builtin_popcountll(y[w]);
  }
  return (float)both / (float)(in_x < in_y ? in_x : in_y);
}

static float period_alike(const Coherence *c, uint32_t a, uint32_t b) {
  bool known_a = c->from[a] != DAY_NONE || c->to[a] != DAY_NONE, known_b = c->from[b] != DAY_NONE || c->to[b] != DAY_NONE;
  if (!known_a || !known_b) return COHERENCE_UNKNOWN;
  bool before = c->to[a] != DAY_NONE && c->from[b] != DAY_NONE && c->to[a] < c->from[b];
  bool after = c->to[b] != DAY_NONE && c->from[a] != DAY_NONE && c->to[b] < c->from[a];
  return before || after ? 0 : 1;
}

/* ---- Judgement ---- */

static uint32_t owner_of(const Coherence *c, uint32_t id) {
  const Lists *owner = &c->index->forward[ACTION_DIM_OWNER];
  return owner->start[id] < owner->start[id + 1] ? owner->values[owner->start[id]] : NO_VALUE;
}

static bool none_apart(Shared words) { return words.only_a + words.only_b == 0; }

bool coherence_apart(const Coherence *c, uint32_t a, uint32_t b) {
  return period_alike(c, a, b) == 0 || values_alike(c, ACTION_DIM_AUDIENCE, a, b) == 0 ||
         values_alike(c, ACTION_DIM_EDUCATION, a, b) == 0 || reach_alike(c, a, b) == 0;
}

/* The same of what was worked out. */
static bool kept_apart(const CoherencePair *p) {
  return p->part[COHERENCE_AUDIENCE] == 0 || p->part[COHERENCE_REACH] == 0 || p->part[COHERENCE_EDUCATION] == 0 ||
         p->part[COHERENCE_PERIOD] == 0;
}

static CoherenceKind kind_of(const Coherence *c, const CoherencePair *p) {
  uint32_t owner_a = owner_of(c, p->a), owner_b = owner_of(c, p->b);
  bool same_owner = owner_a != NO_VALUE && owner_a == owner_b;
  bool other_owner = owner_a != NO_VALUE && owner_b != NO_VALUE && owner_a != owner_b;
  Shared plain = shared_words(c, p->a, p->b, WORD_PLAIN);
  bool same_words = plain.both && none_apart(plain);
  bool same_title = same_words && none_apart(shared_words(c, p->a, p->b, WORD_EDITION)) &&
                    none_apart(shared_words(c, p->a, p->b, WORD_PLACE));
  if (same_words && !other_owner && (!same_title || p->part[COHERENCE_PERIOD] == 0 || p->part[COHERENCE_REACH] == 0))
    return COHERENCE_SERIES;
  if (kept_apart(p)) return COHERENCE_NEIGHBOUR;
  if (same_owner) return same_title ? COHERENCE_TWICE : COHERENCE_NEIGHBOUR;
  float title = p->part[COHERENCE_TITLE], text = p->part[COHERENCE_TEXT];
  bool alike = title >= TITLE_ALIKE || (title >= TITLE_RELATED && text >= TEXT_ALIKE);
  return alike && p->score >= POINTS_CANDIDATE ? COHERENCE_DOUBLING : COHERENCE_NEIGHBOUR;
}

void coherence_compare(const Coherence *c, uint32_t one, uint32_t other, CoherencePair *out) {
  bool first = str_cmp(action_index_code(c->index, one), action_index_code(c->index, other)) <= 0;
  uint32_t a = first ? one : other, b = first ? other : one;
  *out = (CoherencePair){.a = a, .b = b};
  out->part[COHERENCE_TITLE] = coherence_title(c, a, b);
  out->part[COHERENCE_TEXT] = text_alike(c, a, b);
  out->part[COHERENCE_GOALS] = goals_alike(c, a, b);
  out->part[COHERENCE_AUDIENCE] = values_alike(c, ACTION_DIM_AUDIENCE, a, b);
  out->part[COHERENCE_REACH] = reach_alike(c, a, b);
  out->part[COHERENCE_EDUCATION] = values_alike(c, ACTION_DIM_EDUCATION, a, b);
  out->part[COHERENCE_TECHNICAL] = values_alike(c, ACTION_DIM_TECHNICAL, a, b);
  out->part[COHERENCE_PERIOD] = period_alike(c, a, b);
  out->part[COHERENCE_ORGANISATIONS] = organisations_alike(c, a, b);
  for (int r = 0; r < COHERENCE_REASONS; r++)
    out->score += (float)reasons[r].weight * (out->part[r] == COHERENCE_UNKNOWN ? 0.5f : out->part[r]);
  out->kind = kind_of(c, out);
}

/* ---- Kept with the snapshot ---- */

typedef struct CoherenceSlot { pthread_mutex_t lock; _Atomic(Coherence *) made; } CoherenceSlot;

CoherenceSlot *coherence_slot_new(void) {
  CoherenceSlot *slot = mem_alloc0(1, sizeof *slot);
  if (slot && pthread_mutex_init(&slot->lock, NULL) != 0) {
    mem_free(slot);
    return NULL;
  }
  return slot;
}

static void coherence_free(Coherence *c) {
  if (!c) return;
  void *owned[] = {c->kind, c->rarity, c->spread, c->start, c->text_start, c->entries, c->post_start, c->post, c->title_length, c->text_length,
                   c->place, c->ground, c->from, c->to, c->pairs};
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) mem_free(owned[i]);
  mem_free(c);
}

void coherence_slot_free(CoherenceSlot *slot) {
  if (!slot) return;
  coherence_free(atomic_load(&slot->made));
  pthread_mutex_destroy(&slot->lock);
  mem_free(slot);
}

static Err coherence_make(Coherence **out, const ActionIndex *index) {
  Coherence *c = mem_alloc0(1, sizeof *c);
  if (!c) return ERR_MEMORY;
  c->index = index;
  c->complete = true;
  Err err = coherence_words(c);
  if (err == ERR_OK) err = coherence_find(c);
  if (err == ERR_OK) *out = c;
  else coherence_free(c);
  return err;
}

Err coherence_of(const ActionIndex *index, const Coherence **out, ErrInfo *info) {
  CoherenceSlot *slot = index->coherence;
  Coherence *made = atomic_load(&slot->made);
  Err err = ERR_OK;
  if (!made) {
    pthread_mutex_lock(&slot->lock);
    made = atomic_load(&slot->made);
    if (!made) err = coherence_make(&made, index);
    if (err == ERR_OK) atomic_store(&slot->made, made);
    pthread_mutex_unlock(&slot->lock);
  }
  *out = made;
  return err ? err_set(info, ERR_MEMORY, "out of memory while comparing the actions") : ERR_OK;
}

bool coherence_ready(const ActionIndex *index) { return atomic_load(&((CoherenceSlot *)index->coherence)->made) != NULL; }

CoherenceList coherence_candidates(const Coherence *c) {
  return (CoherenceList){c->pairs, c->pair_count, c->found, c->complete};
}

size_t coherence_bytes(const Coherence *c) {
  size_t actions = c->index->count, entries = c->start[actions];
  return sizeof *c + c->words * (1 + 4 + 4 + 4 + 4) + actions * (4 + 4 + 4 + 4 + 2 * sizeof(Day)) + entries * 8 +
         c->index->regions.list->count * c->ground_words * 8 + c->pair_count * sizeof *c->pairs;
}
