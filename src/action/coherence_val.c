/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/coherence_val.h"

#include <math.h>
#include <string.h>

#include "action/actions.h"
#include "action/coherence_internal.h"
#include "action/decision.h"
#include "action/stem.h"
#include "base/text.h"
#include "store/vals.h"

#define MEMORY(info) err_set(info, ERR_MEMORY, "out of memory while comparing the actions")

typedef struct Writing {
  Store *store;
  const ActionIndex *index;
  const Coherence *coherence;
  Arena *arena;
  ErrInfo *info;
} Writing;

Str coherence_term(const char *list, Str code) {
  static const struct { const char *list, *code, *label; } terms[] = {
#define TERM(list, code, label) {list, code, label},
#include "action/coherence_terms.def"
#undef TERM
  };
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
    if (!strcmp(terms[i].list, list) && str_eq(str_from(terms[i].code), code)) return str_from(terms[i].label);
  return code;
}

/* ---- What two actions have in common ---- */

enum { SHARED_MAX = 12 };

/* The stems of the plain words that stand in both. */
static size_t shared_stems(const Coherence *c, const CoherencePair *p, bool title, Str out[SHARED_MAX]) {
  size_t count = 0;
  for (uint32_t i = title ? c->start[p->a] : c->text_start[p->a]; i < (title ? c->text_start[p->a] : c->start[p->a + 1]); i++)
    for (uint32_t j = c->start[p->b]; j < (title ? c->text_start[p->b] : c->start[p->b + 1]); j++)
      if (c->entries[i] == c->entries[j] && c->kind[c->entries[i]] == WORD_PLAIN && count < SHARED_MAX)
        out[count++] = c->index->terms[c->entries[i]].stem;
  return count;
}

/* The words of a text that hold one of the stems, each once: a stem is no word to show. */
static Err push_words(const Writing *w, Val *list, Str text, const Str *stems, size_t count) {
  Str rest = text_folded(w->arena, text), word;
  if (!rest.ptr) return MEMORY(w->info);
  while (stem_word(&rest, &word)) {
    bool wanted = false;
    for (size_t i = 0; i < count; i++) wanted = wanted || str_find(word, stems[i]) != STR_NPOS;
    for (size_t i = 0; i < list->as.list.count; i++) wanted = wanted && !str_eq(list->as.list.items[i]->as.text, word);
    if (wanted && !stem_is_stop(word) && list->as.list.count < SHARED_MAX) val_push_str(w->arena, list, word);
  }
  return ERR_OK;
}

static bool has_value(const Lists *lists, uint32_t id, uint32_t value) {
  for (uint32_t i = lists->start[id]; i < lists->start[id + 1]; i++)
    if (lists->values[i] == value) return true;
  return false;
}

static void push_values(const Writing *w, Val *list, const CoherencePair *p, ActionDim dim) {
  const Lists *lists = &w->index->forward[dim];
  for (uint32_t i = lists->start[p->a]; i < lists->start[p->a + 1]; i++) {
    const BaseValue *value = &w->index->base[dim].values[lists->values[i]];
    if (has_value(lists, p->b, lists->values[i])) val_push_str(w->arena, list, dim == ACTION_DIM_GOAL ? value->code : value->label);
  }
}

/* Organisations that are owner or partner of both. */
static void push_organisations(const Writing *w, Val *list, const CoherencePair *p) {
  static const ActionDim dims[] = {ACTION_DIM_OWNER, ACTION_DIM_PARTNER};
  for (int x = 0; x < 2; x++) {
    const Lists *lists = &w->index->forward[dims[x]];
    for (uint32_t i = lists->start[p->a]; i < lists->start[p->a + 1]; i++) {
      uint32_t value = lists->values[i];
      bool both = has_value(&w->index->forward[ACTION_DIM_OWNER], p->b, value) || has_value(&w->index->forward[ACTION_DIM_PARTNER], p->b, value);
      if (both) val_push_str(w->arena, list, w->index->base[ACTION_DIM_OWNER].values[value].label);
    }
  }
}

static Err push_shared(const Writing *w, Val *list, const CoherencePair *p, CoherenceReason reason, const Val *action) {
  static const struct { CoherenceReason reason; ActionDim dim; } facts[] = {
      {COHERENCE_GOALS, ACTION_DIM_GOAL}, {COHERENCE_AUDIENCE, ACTION_DIM_AUDIENCE}, {COHERENCE_REACH, ACTION_DIM_REGION},
      {COHERENCE_EDUCATION, ACTION_DIM_EDUCATION}, {COHERENCE_TECHNICAL, ACTION_DIM_TECHNICAL}};
  Str stems[SHARED_MAX];
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
    if (facts[i].reason == reason) push_values(w, list, p, facts[i].dim);
  if (reason == COHERENCE_ORGANISATIONS) push_organisations(w, list, p);
  if (reason == COHERENCE_TITLE) return push_words(w, list, vals_text(action, "title"), stems, shared_stems(w->coherence, p, true, stems));
  if (reason == COHERENCE_TEXT) return push_words(w, list, vals_text(action, "description"), stems, shared_stems(w->coherence, p, false, stems));
  return ERR_OK;
}

/* ---- A pair ---- */

static double tenths(double value) { return round(value * 10) / 10; }

/* In words, so that nobody reads a figure as a measurement. */
static Str likeness(long points) {
  return points >= 85 ? S("very_strong") : points >= 75 ? S("strong") : points >= 65 ? S("clear") : points >= 50 ? S("some") : S("little");
}

static void set_term(Arena *arena, Val *map, const char *list, const char *label_key, Str code) {
  val_set_str(arena, map, list, code);
  val_set_str(arena, map, label_key, coherence_term(list, code));
}

static float points_of(const CoherencePair *p, int reason) {
  float part = p->part[reason];
  return (float)coherence_reason_weight((CoherenceReason)reason) * (part == COHERENCE_UNKNOWN ? 0.5f : part);
}

static Err reasons_val(const Writing *w, const CoherencePair *p, const Val *action, Val *list) {
  bool done[COHERENCE_REASONS] = {0};
  for (int n = 0; n < COHERENCE_REASONS; n++) {
    int best = -1;
    for (int r = 0; r < COHERENCE_REASONS; r++) {
      bool known = p->part[r] != COHERENCE_UNKNOWN, better = best < 0;
      if (!better) {
        bool best_known = p->part[best] != COHERENCE_UNKNOWN;
        better = known != best_known ? known : points_of(p, r) > points_of(p, best);
      }
      if (!done[r] && better) best = r;
    }
    done[best] = true;
    Val *reason = val_push_map(w->arena, list);
    val_set_str(w->arena, reason, "code", coherence_reason_code((CoherenceReason)best));
    val_set_str(w->arena, reason, "label", coherence_reason_label((CoherenceReason)best));
    val_set_int(w->arena, reason, "weight", coherence_reason_weight((CoherenceReason)best));
    if (p->part[best] == COHERENCE_UNKNOWN) val_set_null(w->arena, reason, "alike");
    else val_set_int(w->arena, reason, "alike", lround(100.0 * (double)p->part[best]));
    val_set_double(w->arena, reason, "points", tenths((double)points_of(p, best)));
    TRY(push_shared(w, val_set_list(w->arena, reason, "shared"), p, (CoherenceReason)best, action));
  }
  return ERR_OK;
}

static Err pair_val(const Writing *w, const CoherencePair *p, Val *action, Val *other, Val *decision, Val *list) {
  int known = 0;
  Val *map = val_push_map(w->arena, list);
  Str a = action_index_code(w->index, p->a), b = action_index_code(w->index, p->b);
  for (int r = 0; r < COHERENCE_REASONS; r++)
    if (p->part[r] != COHERENCE_UNKNOWN) known += coherence_reason_weight((CoherenceReason)r);
  val_set_str(w->arena, map, "key", arena_printf(w->arena, STR_FMT ".." STR_FMT, STR_ARG(a), STR_ARG(b)));
  set_term(w->arena, map, "kind", "kind_label", coherence_kind_code(p->kind));
  set_term(w->arena, map, "likeness", "likeness_label", likeness(lround((double)p->score)));
  val_set_int(w->arena, map, "points", lround((double)p->score));
  val_set_int(w->arena, map, "known", known);
  val_set(w->arena, map, "action", action);
  val_set(w->arena, map, "other", other);
  TRY(reasons_val(w, p, action, val_set_list(w->arena, map, "reasons")));
  if (decision) val_set(w->arena, map, "decision", decision);
  else val_set_null(w->arena, map, "decision");
  return ERR_OK;
}

/* The decision that holds about a pair; NULL for none. */
static Val *decision_of(const Writing *w, const Val *decisions, const CoherencePair *p) {
  Str a = action_index_code(w->index, p->a), b = action_index_code(w->index, p->b);
  for (size_t i = 0; i < decisions->as.list.count; i++) {
    Val *d = decisions->as.list.items[i];
    if (str_eq(vals_text(val_get(d, S("action")), "code"), a) && str_eq(vals_text(val_get(d, S("other")), "code"), b)) return d;
  }
  return NULL;
}

static Err pairs_val(const Writing *w, const CoherencePair *pairs, size_t count, const Val *decisions, Val *list) {
  uint32_t *ids = ARENA_ARRAY(w->arena, uint32_t, 2 * count + 1);
  Val *rows;
  if (!ids) return MEMORY(w->info);
  for (size_t i = 0; i < count; i++) ids[2 * i] = pairs[i].a, ids[2 * i + 1] = pairs[i].b;
  TRY(action_rows(w->store, w->index, ids, 2 * count, w->arena, &rows, w->info));
  if (rows->as.list.count != 2 * count) return MEMORY(w->info);
  for (size_t i = 0; i < count; i++)
    TRY(pair_val(w, &pairs[i], rows->as.list.items[2 * i], rows->as.list.items[2 * i + 1], decision_of(w, decisions, &pairs[i]), list));
  return ERR_OK;
}

static Err begin(Writing *w) { return coherence_of(w->index, &w->coherence, w->info); }

/* ---- The list ---- */

/* The actions with a value, as bits; words NULL when nothing is asked. */
static Err chosen(const Writing *w, ActionDim dim, Str code, Bits *out) {
  const View *view = index_view(w->index, dim, 0);
  size_t at;
  *out = (Bits){0};
  if (!code.len) return ERR_OK;
  if (!map_get_index(&view->by_code, code, &at)) {
    err_at(w->info, NULL, NULL, 0, action_dim_param(dim).ptr);
    return err_set(w->info, ERR_USAGE, "\"" STR_FMT "\" is not a value of this filter", STR_ARG(str_slice(code, 0, 80)));
  }
  *out = (Bits){ARENA_ARRAY(w->arena, uint64_t, WORDS(w->index->count) + 1), WORDS(w->index->count)};
  if (!out->words) return MEMORY(w->info);
  bits_or_posting(*out, &view->values[at].posting);
  return ERR_OK;
}

static bool is_in(Bits bits, const CoherencePair *p) {
  return !bits.words || BIT_GET(bits.words, p->a) || BIT_GET(bits.words, p->b);
}

typedef struct Picking {
  const CoherenceQuery *query;
  Bits line, region, goal;
  CoherencePair *pairs;   /* all that the query asks for */
  size_t count, open, decided;
} Picking;

static void pick(Picking *pick, const CoherencePair *p, const Val *decision) {
  Str asked = pick->query->decision.len ? pick->query->decision : S("open");
  if (!is_in(pick->line, p) || !is_in(pick->region, p) || !is_in(pick->goal, p)) return;
  if (decision) pick->decided++;
  else pick->open++;
  bool wanted = str_eq(asked, S("all")) || str_eq(asked, decision ? S("decided") : S("open")) ||
                (decision && str_eq(asked, vals_text(decision, "decision")));
  if (wanted) pick->pairs[pick->count++] = *p;
}

static Err pick_all(const Writing *w, Picking *picking, const Val *decisions) {
  CoherenceList list = coherence_candidates(w->coherence);
  picking->pairs = ARENA_ARRAY(w->arena, CoherencePair, list.count + decisions->as.list.count + 1);
  if (!picking->pairs) return MEMORY(w->info);
  for (size_t i = 0; i < list.count; i++)
    if (!decision_of(w, decisions, &list.pairs[i])) pick(picking, &list.pairs[i], NULL);
  for (size_t i = 0; i < decisions->as.list.count; i++) {
    const Val *d = decisions->as.list.items[i];
    CoherencePair pair;
    uint32_t a, b;
    bool there = action_index_find(w->index, vals_text(val_get(d, S("action")), "code"), &a) &&
                 action_index_find(w->index, vals_text(val_get(d, S("other")), "code"), &b) && a != b;
    if (!there) continue;
    coherence_compare(w->coherence, a, b, &pair);
    if (decision_of(w, decisions, &pair) == d) pick(picking, &pair, d);  /* two that hold about one pair are shown once */
  }
  return ERR_OK;
}

Err coherence_list_val(Store *store, const ActionIndex *index, const CoherenceQuery *query, Arena *arena, Val **out, ErrInfo *info) {
  Writing w = {store, index, NULL, arena, info};
  Picking picking = {.query = query};
  Val *decisions;
  TRY(begin(&w));
  TRY(chosen(&w, ACTION_DIM_LINE, query->line, &picking.line));
  TRY(chosen(&w, ACTION_DIM_REGION, query->region, &picking.region));
  TRY(chosen(&w, ACTION_DIM_GOAL, query->goal, &picking.goal));
  TRY(decision_list(store, STR_NONE, STR_NONE, false, arena, &decisions, info));
  TRY(pick_all(&w, &picking, decisions));
  CoherenceList list = coherence_candidates(w.coherence);
  size_t size = (size_t)query->size, from = ((size_t)query->page - 1) * size;
  if (from > picking.count) from = picking.count;
  size_t count = picking.count - from < size ? picking.count - from : size;
  Val *map = val_map(arena);
  val_set_int(arena, map, "total", (int64_t)picking.count);
  val_set_int(arena, map, "open", (int64_t)picking.open);
  val_set_int(arena, map, "decided", (int64_t)picking.decided);
  val_set_int(arena, map, "found", (int64_t)list.found);
  val_set_bool(arena, map, "complete", list.complete && list.found == list.count);
  val_set_int(arena, map, "pages", (int64_t)((picking.count + size - 1) / size));
  TRY(pairs_val(&w, picking.pairs + from, count, decisions, val_set_list(arena, map, "pairs")));
  *out = map;
  return ERR_OK;
}

/* ---- One pair, and neighbours ---- */

static Err find_action(const Writing *w, Str code, uint32_t *id) {
  if (action_index_find(w->index, code, id)) return ERR_OK;
  return err_set(w->info, ERR_NOT_FOUND, "there is no action \"" STR_FMT "\"", STR_ARG(str_slice(code, 0, 80)));
}

Err coherence_pair_val(Store *store, const ActionIndex *index, Str one, Str other, Arena *arena, Val **out, ErrInfo *info) {
  Writing w = {store, index, NULL, arena, info};
  uint32_t a, b;
  CoherencePair pair;
  Val *decisions, *holding = val_list(arena), *list = val_list(arena);
  TRY(find_action(&w, one, &a));
  TRY(find_action(&w, other, &b));
  if (a == b) return err_set(info, ERR_USAGE, "two different actions were expected, not \"" STR_FMT "\" twice", STR_ARG(str_slice(one, 0, 80)));
  TRY(begin(&w));
  coherence_compare(w.coherence, a, b, &pair);
  TRY(decision_list(store, one, other, true, arena, &decisions, info));
  for (size_t i = 0; i < decisions->as.list.count; i++)
    if (!vals_text(decisions->as.list.items[i], "superseded_on").len) val_push(arena, holding, decisions->as.list.items[i]);
  TRY(pairs_val(&w, &pair, 1, holding, list));
  *out = list->as.list.items[0];
  val_set(arena, *out, "decisions", decisions);
  return ERR_OK;
}

Err coherence_near_val(Store *store, const ActionIndex *index, Str code, size_t most, Arena *arena, Val **out, ErrInfo *info) {
  Writing w = {store, index, NULL, arena, info};
  uint32_t id;
  CoherencePair *pairs;
  size_t count;
  Val *decisions;
  TRY(find_action(&w, code, &id));
  TRY(begin(&w));
  TRY(coherence_near(w.coherence, id, most, arena, &pairs, &count, info));
  TRY(decision_list(store, STR_NONE, STR_NONE, false, arena, &decisions, info));
  *out = val_list(arena);
  return pairs_val(&w, pairs, count, decisions, *out);
}
