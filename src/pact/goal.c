/* SPDX-License-Identifier: EUPL-1.2 */
/* Goals, their texts and targets in each edition, and how the editions differ. */
#include "pact/goal.h"

#include <string.h>

#include "base/buf.h"
#include "pact/diff.h"
#include "pact/pact.h"
#include "pact/paragraphs.h"
#include "store/vals.h"

/* Everything about all goals as the queries give it: a handful of rows, so one set of queries serves list and detail. */
typedef struct Goals {
  Vals v;
  Val *goals;      /* each with texts and targets, oldest edition first */
  Val *editions;   /* oldest first */
} Goals;

/* "40%", "-50%", "x 2", "400". */
static Err value_text(const Vals *v, Val *target) {
  Str kind = vals_text(target, "kind"), unit = vals_text(target, "unit"), text;
  Buf buf;
  buf_init(&buf, 0);
  if (str_eq(kind, S("multiple"))) buf_cstr(&buf, "x ");
  buf_double(&buf, val_get(target, S("value"))->as.number);
  if (str_eq(unit, S("percent"))) buf_char(&buf, '%');
  text = buf_err(&buf) == ERR_OK ? arena_str(v->arena, buf_view(&buf)) : STR_NONE;
  buf_clear(&buf);
  if (!text.ptr) return vals_no_memory(v);
  val_set_str(v->arena, target, "value_text", text);
  return ERR_OK;
}

static Err load(Goals *g) {
  TRY(vals_list(&g->v, "editions", NO_ARGS, &g->editions));
  TRY(vals_list(&g->v, "goals", NO_ARGS, &g->goals));
  TRY(vals_attach(&g->v, g->goals, &(ValsAttach){.query = "goal_texts", .as = "texts"}));
  TRY(vals_attach(&g->v, g->goals, &(ValsAttach){.query = "goal_targets", .as = "all_targets"}));
  for (size_t i = 0; i < g->goals->as.list.count; i++) {
    const Val *targets = val_get(g->goals->as.list.items[i], S("all_targets"));
    for (size_t t = 0; t < targets->as.list.count; t++) TRY(value_text(&g->v, targets->as.list.items[t]));
  }
  return ERR_OK;
}

/* The targets of one edition, or those of the newest edition that has any (edition ptr NULL). */
static Val *targets_of(const Goals *g, const Val *goal, Str edition) {
  const Val *all = val_get(goal, S("all_targets"));
  Val *out = val_list(g->v.arena);
  if (!edition.ptr && all->as.list.count > 0) edition = vals_text(all->as.list.items[all->as.list.count - 1], "edition");
  for (size_t i = 0; out && i < all->as.list.count; i++)
    if (str_eq(vals_text(all->as.list.items[i], "edition"), edition)) val_push(g->v.arena, out, all->as.list.items[i]);
  return out;
}

/* The text of an edition, NULL when that edition has not got the goal. */
static Val *text_of(const Val *goal, Str edition) {
  const Val *texts = val_get(goal, S("texts"));
  for (size_t i = 0; i < texts->as.list.count; i++)
    if (str_eq(vals_text(texts->as.list.items[i], "edition"), edition)) return texts->as.list.items[i];
  return NULL;
}

static bool same_member(const Val *a, const Val *b, const char *key) {
  const Val *x = val_get(a, str_from(key)), *y = val_get(b, str_from(key));
  if (x->kind != y->kind) return false;
  switch (x->kind) {
    case VAL_STR: return str_eq(x->as.text, y->as.text);
    case VAL_INT: return x->as.integer == y->as.integer;
    /* both were read from the same kind of column: equal decimals are equal doubles */
    case VAL_DOUBLE: return !(x->as.number < y->as.number) && !(x->as.number > y->as.number);
    default: return true;
  }
}

static bool same_target(const Val *a, const Val *b) {
  return same_member(a, b, "value") && same_member(a, b, "kind") && same_member(a, b, "unit") && same_member(a, b, "comparator") &&
         same_member(a, b, "target_year") && same_member(a, b, "baseline_value") && same_member(a, b, "population");
}

static bool same_targets(const Val *a, const Val *b) {
  if (a->as.list.count != b->as.list.count) return false;
  for (size_t i = 0; i < a->as.list.count; i++)
    if (!same_target(a->as.list.items[i], b->as.list.items[i])) return false;
  return true;
}

typedef struct Difference {
  const Val *from, *to;      /* texts; NULL when there are not two */
  bool title, text, targets;
} Difference;

/* Between the two newest editions that have the goal. */
static Difference difference(const Goals *g, const Val *goal) {
  const Val *texts = val_get(goal, S("texts"));
  size_t count = texts->as.list.count;
  Difference d = {0};
  if (count < 2) return d;
  d.from = texts->as.list.items[count - 2];
  d.to = texts->as.list.items[count - 1];
  d.title = !same_member(d.from, d.to, "title");
  d.text = !same_member(d.from, d.to, "body");
  const Val *older = targets_of(g, goal, vals_text(d.from, "edition")), *newer = targets_of(g, goal, vals_text(d.to, "edition"));
  d.targets = older && newer && !same_targets(older, newer);
  return d;
}

static bool differs(const Goals *g, const Val *goal) {
  Difference d = difference(g, goal);
  return d.title || d.text || d.targets;
}

static bool is_child(const Val *goal, const Val *parent) {
  Str own = vals_text(goal, "parent");
  return own.ptr && str_eq(own, vals_text(parent, "code"));
}

static bool differs_below(const Goals *g, const Val *goal) {
  bool any = differs(g, goal);
  for (size_t i = 0; !any && i < g->goals->as.list.count; i++)
    any = is_child(g->goals->as.list.items[i], goal) && differs(g, g->goals->as.list.items[i]);
  return any;
}

/* The text shown: of the current edition, else of the newest that has one. */
static const Val *text_shown(const Val *goal) {
  const Val *texts = val_get(goal, S("texts")), *shown = &VAL_NOTHING;
  for (size_t i = 0; i < texts->as.list.count; i++) {
    shown = texts->as.list.items[i];
    if (val_truth(val_get(shown, S("is_current")))) break;
  }
  return shown;
}

/* A goal as it stands in lists. */
static Val *summary(const Goals *g, const Val *goal) {
  static const char *const copied[] = {"code", "number", "letter", "label", "line", "parent", "source"};
  Arena *arena = g->v.arena;
  Val *out = val_map(arena);
  const Val *text = text_shown(goal);
  if (!out) return NULL;
  for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
    const Val *member = val_get(goal, str_from(copied[i]));
    val_set(arena, out, copied[i], (Val *)(uintptr_t)member);  /* shared, not changed */
  }
  Str title = vals_text(text, "title");
  val_set_str(arena, out, "title", title.ptr ? title : vals_text(goal, "label"));
  val_set_str(arena, out, "text", vals_text(text, "body"));
  val_set_null(arena, out, "actions");
  val_set_null(arena, out, "own_actions");
  val_set_bool(arena, out, "own_differs", differs(g, goal));
  val_set_bool(arena, out, "differs", differs_below(g, goal));
  val_set(arena, out, "targets", targets_of(g, goal, STR_NONE));
  return out;
}

static Val *subgoals(const Goals *g, const Val *parent) {
  Val *list = val_list(g->v.arena);
  for (size_t i = 0; list && i < g->goals->as.list.count; i++)
    if (is_child(g->goals->as.list.items[i], parent)) val_push(g->v.arena, list, summary(g, g->goals->as.list.items[i]));
  return list;
}

Err goal_list(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  Goals g = {.v = {store, arena, info}};
  TRY(load(&g));
  *out = val_list(arena);
  if (!*out) return vals_no_memory(&g.v);
  for (size_t i = 0; i < g.goals->as.list.count; i++) {
    const Val *goal = g.goals->as.list.items[i];
    if (vals_text(goal, "parent").ptr) continue;
    Val *one = summary(&g, goal);
    if (!one) return vals_no_memory(&g.v);
    val_set(arena, one, "subgoals", subgoals(&g, goal));
    val_push(arena, *out, one);
  }
  return vals_done(&g.v);
}

/* --- one goal --- */

static void set_reference(Arena *arena, Val *map, const char *key, const Val *goal) {
  if (!goal) {
    val_set_null(arena, map, key);
    return;
  }
  Val *reference = val_set_map(arena, map, key);
  val_set_str(arena, reference, "code", vals_text(goal, "code"));
  val_set_str(arena, reference, "label", vals_text(goal, "label"));
}

/* The goals before and after it that are goals, or sub-goals, like it. */
static void set_neighbours(const Goals *g, const Val *goal, Val *out) {
  const Val *before = NULL, *after = NULL;
  bool sub = vals_text(goal, "parent").ptr != NULL, past = false;
  for (size_t i = 0; i < g->goals->as.list.count && !after; i++) {
    const Val *other = g->goals->as.list.items[i];
    if ((vals_text(other, "parent").ptr != NULL) != sub) continue;
    if (other == goal) past = true;
    else if (past) after = other;
    else before = other;
  }
  set_reference(g->v.arena, out, "previous", before);
  set_reference(g->v.arena, out, "next", after);
}

static Err set_editions(const Goals *g, const Val *goal, Val *out) {
  static const char *const copied[] = {"code", "title", "short_title", "adopted_on", "is_current"};
  Arena *arena = g->v.arena;
  Val *list = val_set_list(arena, out, "editions");
  for (size_t e = 0; e < g->editions->as.list.count; e++) {
    const Val *edition = g->editions->as.list.items[e];
    const Val *text = text_of(goal, vals_text(edition, "code"));
    Val *one = list ? val_push_map(arena, list) : NULL;
    if (!one) return vals_no_memory(&g->v);
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
      val_set(arena, one, copied[i], (Val *)(uintptr_t)val_get(edition, str_from(copied[i])));
    val_set_bool(arena, one, "present", text != NULL);
    val_set_str(arena, one, "goal_title", text ? vals_text(text, "title") : STR_NONE);
    val_set_str(arena, one, "body", text ? vals_text(text, "body") : STR_NONE);
    Val *paragraphs = paragraphs_list(arena, text ? vals_text(text, "body") : S(""));
    if (!paragraphs) return vals_no_memory(&g->v);
    val_set(arena, one, "paragraphs", paragraphs);
    val_set(arena, one, "targets", targets_of(g, goal, vals_text(edition, "code")));
    if (text) val_set(arena, one, "source", (Val *)(uintptr_t)val_get(text, S("source")));
    else val_set_null(arena, one, "source");
  }
  return ERR_OK;
}

static Str short_title(const Goals *g, Str edition) {
  for (size_t e = 0; e < g->editions->as.list.count; e++)
    if (str_eq(vals_text(g->editions->as.list.items[e], "code"), edition)) return vals_text(g->editions->as.list.items[e], "short_title");
  return edition;
}

static void set_edition(const Goals *g, Val *map, const char *key, const Val *text) {
  Val *one = val_set_map(g->v.arena, map, key);
  val_set_str(g->v.arena, one, "code", vals_text(text, "edition"));
  val_set_str(g->v.arena, one, "label", short_title(g, vals_text(text, "edition")));
}

static Err set_diff(const Goals *g, const Val *goal, Val *out) {
  Arena *arena = g->v.arena;
  Difference d = difference(g, goal);
  Val *title = NULL, *paragraphs = NULL;
  val_set_bool(arena, out, "differs", d.title || d.text || d.targets);
  val_set_bool(arena, out, "title_differs", d.title);
  val_set_bool(arena, out, "text_differs", d.text);
  val_set_bool(arena, out, "targets_differ", d.targets);
  val_set_null(arena, out, "diff");
  if (!d.from) return ERR_OK;
  if (diff_words(vals_text(d.from, "title"), vals_text(d.to, "title"), arena, &title) != ERR_OK ||
      diff_paragraphs(vals_text(d.from, "body"), vals_text(d.to, "body"), arena, &paragraphs) != ERR_OK)
    return vals_no_memory(&g->v);
  Val *diff = val_set_map(arena, out, "diff");
  if (!diff) return vals_no_memory(&g->v);
  set_edition(g, diff, "from", d.from);
  set_edition(g, diff, "to", d.to);
  val_set(arena, diff, "title", title);
  val_set(arena, diff, "paragraphs", paragraphs);
  return ERR_OK;
}

/* The row a target belongs in: one with the same label, else one with its number and kind, that has no target of this
 * edition (cell `e`) yet. NULL: none. */
static Val *row_for(const Val *rows, const Val *target, size_t e) {
  for (int pass = 0; pass < 2; pass++)
    for (size_t r = 0; r < rows->as.list.count; r++) {
      Val *row = rows->as.list.items[r];
      const Val *cells = val_get(row, S("cells"));
      if (val_truth(val_get(cells->as.list.items[e], S("present")))) continue;
      if (pass == 0 ? same_member(row, target, "label") : same_member(row, target, "number") && same_member(row, target, "kind")) return row;
    }
  return NULL;
}

static Val *new_row(const Goals *g, Val *rows, const Val *target) {
  Arena *arena = g->v.arena;
  Val *row = val_push_map(arena, rows);
  if (!row) return NULL;
  val_set_str(arena, row, "label", vals_text(target, "label"));
  val_set_int(arena, row, "number", vals_number(target, "number"));
  val_set_str(arena, row, "kind", vals_text(target, "kind"));
  val_set_bool(arena, row, "differs", false);
  Val *cells = val_set_list(arena, row, "cells");
  for (size_t e = 0; cells && e < g->editions->as.list.count; e++) {
    Str edition = vals_text(g->editions->as.list.items[e], "code");
    Val *cell = val_push_map(arena, cells);
    if (!cell) return NULL;
    val_set_str(arena, cell, "edition", edition);
    val_set_str(arena, cell, "label", short_title(g, edition));
    val_set_bool(arena, cell, "present", false);
    val_set_null(arena, cell, "target");
  }
  return cells ? row : NULL;
}

/* A row differs when the editions do not all say the same. */
static void mark_row(Arena *arena, Val *row) {
  const Val *cells = val_get(row, S("cells")), *first = NULL;
  bool differ = false;
  for (size_t e = 0; e < cells->as.list.count; e++) {
    const Val *target = val_get(cells->as.list.items[e], S("target"));
    if (e == 0) first = target;
    else differ |= target->kind != first->kind || (target->kind == VAL_MAP && !same_target(first, target));
  }
  val_set_bool(arena, row, "differs", differ);
}

static Err set_target_rows(const Goals *g, const Val *goal, Val *out) {
  Val *rows = val_set_list(g->v.arena, out, "target_rows");
  const Val *all = val_get(goal, S("all_targets"));
  if (!rows) return vals_no_memory(&g->v);
  for (size_t t = 0; t < all->as.list.count; t++) {
    Val *target = all->as.list.items[t];
    size_t e = 0;
    while (e + 1 < g->editions->as.list.count && !str_eq(vals_text(g->editions->as.list.items[e], "code"), vals_text(target, "edition"))) e++;
    Val *row = row_for(rows, target, e);
    if (!row) row = new_row(g, rows, target);
    if (!row) return vals_no_memory(&g->v);
    Val *cell = val_get(row, S("cells"))->as.list.items[e];
    val_set_bool(g->v.arena, cell, "present", true);
    val_set(g->v.arena, cell, "target", target);
  }
  for (size_t r = 0; r < rows->as.list.count; r++) mark_row(g->v.arena, rows->as.list.items[r]);
  return ERR_OK;
}

/* What was recorded about the goal itself, its texts and its targets. */
static Err set_assumptions(const Goals *g, Str code, Val *out) {
  static const char *const resources[] = {"goal", "goal_text", "goal_target"};
  Val *list = val_set_list(g->v.arena, out, "assumptions"), *some;
  if (!list) return vals_no_memory(&g->v);
  for (size_t r = 0; r < sizeof resources / sizeof *resources; r++) {
    TRY(pact_assumptions(g->v.store, str_from(resources[r]), code, g->v.arena, &some, g->v.info));
    for (size_t i = 0; i < some->as.list.count; i++) val_push(g->v.arena, list, some->as.list.items[i]);
  }
  return ERR_OK;
}

static Err compose(Goals *g, Val *goal, Val **out) {
  Str code = vals_text(goal, "code");
  Val *part;
  const Val *parent = NULL;
  for (size_t i = 0; i < g->goals->as.list.count; i++)
    if (is_child(goal, g->goals->as.list.items[i])) parent = g->goals->as.list.items[i];
  Val *one = summary(g, goal);
  if (!one) return vals_no_memory(&g->v);
  set_reference(g->v.arena, one, "parent", parent);
  val_set(g->v.arena, one, "subgoals", subgoals(g, goal));
  set_neighbours(g, goal, one);
  TRY(set_editions(g, goal, one));
  TRY(set_diff(g, goal, one));
  TRY(set_target_rows(g, goal, one));
  TRY(vals_list(&g->v, "choice_moments_of_goal", ARGS(ARG_STR(code)), &part));
  val_set(g->v.arena, one, "choice_moments", part);
  TRY(vals_list(&g->v, "frameworks_of_goal", ARGS(ARG_STR(code)), &part));
  val_set(g->v.arena, one, "frameworks", part);
  *out = one;
  TRY(set_assumptions(g, code, one));
  return vals_done(&g->v);
}

Err goal_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) {
  Goals g = {.v = {store, arena, info}};
  TRY(load(&g));
  for (size_t i = 0; i < g.goals->as.list.count; i++)
    if (str_eq_nocase(vals_text(g.goals->as.list.items[i], "code"), code)) return compose(&g, g.goals->as.list.items[i], out);
  return err_set(info, ERR_NOT_FOUND, "there is no goal '" STR_FMT "'", STR_ARG(code));
}
