/* SPDX-License-Identifier: EUPL-1.2 */
/* Coherence: actions that could be about the same thing and what was decided, goals without action in a province, what was
 * never confirmed. */
#include "action/coherence_val.h"
#include "action/white.h"
#include "pact/goal.h"
#include "web/pages/coherent.h"

#define PAGE_SIZE 20
#define HEALTH_SHOWN 10

static const char *const FORMATS[] = {"csv", "xlsx", "ods", NULL};

CoherenceQuery coherent_query(Request *req, int64_t page, int64_t size) {
  return (CoherenceQuery){.line = req_str(req, "line"), .region = req_str(req, "region"), .goal = req_str(req, "goal"),
                          .decision = req_str(req, "decision"), .page = page, .size = size};
}

/* --- the form --- */

static Val *add_choice(Arena *arena, Val *list, Str code, Str label, Str chosen) {
  Val *item = val_push_map(arena, list);
  val_set_str(arena, item, "code", code);
  val_set_str(arena, item, "label", label);
  val_set_bool(arena, item, "selected", str_eq(code, chosen));
  return item;
}

static void add_decisions(Request *req, Val *root) {
  Val *list = val_set_list(req_arena(req), root, "decisions");
  Str rest = str_from(COHERENCE_DECISIONS), code;
  while (str_cut(&rest, '|', &code)) add_choice(req_arena(req), list, code, label_of("coherence-choice", code), req_str(req, "decision"));
}

static bool has_choice(const Val *list, Str code) {
  for (size_t i = 0; i < val_count(list); i++)
    if (str_eq(val_text(val_item(list, i), "code"), code)) return true;
  return false;
}

static void add_goal(Request *req, Val *root, const Val *goal) {
  Arena *arena = req_arena(req);
  Str code = val_text(goal, "code"), label = val_text(goal, "label");
  Val *lines = val_child(root, "lines"), *line = val_child(goal, "line");
  bool numbered = str_starts(label, code);
  add_choice(arena, val_child(root, "goals"), code, numbered ? label : arena_printf(arena, STR_FMT " " STR_FMT, STR_ARG(code), STR_ARG(label)), req_str(req, "goal"));
  if (line && !has_choice(lines, val_text(line, "code"))) add_choice(arena, lines, val_text(line, "code"), val_text(line, "label"), req_str(req, "line"));
}

/* Goals, action lines and provinces to choose from; another value in the address is added as it is. */
static Err add_choices(Request *req, Val *root, const Val *provinces) {
  static const struct { const char *param, *list; } lists[] = {{"goal", "goals"}, {"line", "lines"}, {"region", "regions"}};
  Arena *arena = req_arena(req);
  Val *goals;
  TRY(goal_list(req_store(req), arena, &goals, req_info(req)));
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) val_set_list(arena, root, lists[i].list);
  for (size_t g = 0; g < val_count(goals); g++) {
    const Val *goal = val_item(goals, g), *subgoals = val_child(goal, "subgoals");
    add_goal(req, root, goal);
    for (size_t s = 0; s < val_count(subgoals); s++) add_goal(req, root, val_item(subgoals, s));
  }
  for (size_t i = 0; i < val_count(provinces); i++)
    add_choice(arena, val_child(root, "regions"), val_text(val_item(provinces, i), "code"), val_text(val_item(provinces, i), "label"), req_str(req, "region"));
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    Str given = req_str(req, lists[i].param);
    if (given.len && !has_choice(val_child(root, lists[i].list), given)) add_choice(arena, val_child(root, lists[i].list), given, given, given);
  }
  add_decisions(req, root);
  return ERR_OK;
}

/* --- pairs --- */

Str coherent_href(Request *req, Str one, Str other) {
  return page_href(req, arena_printf(req_arena(req), "/samenhang/" STR_FMT "/" STR_FMT, STR_ARG(one), STR_ARG(other)).ptr, STR_NONE);
}

void coherent_dress(Request *req, Val *pair) {
  static const char *const keys[] = {"alike", "differ", "untold"};
  Arena *arena = req_arena(req);
  const Val *reasons = val_child(pair, "reasons");
  for (int k = 0; k < 3; k++) val_set_list(arena, pair, keys[k]);
  for (size_t i = 0; i < val_count(reasons); i++) {
    const Val *value = val_get(val_item(reasons, i), S("alike"));
    int place = value->kind != VAL_INT ? 2 : value->as.integer == 0;
    val_push(arena, val_child(pair, keys[place]), val_item(reasons, i));
  }
  val_set_str(arena, pair, "href", coherent_href(req, val_text(val_child(pair, "action"), "code"), val_text(val_child(pair, "other"), "code")));
}

/* --- goals x regions --- */

/* Leaves the goals that have no action of their own in one of the provinces. */
static void add_white(Request *req, Val *root, Val *coverage) {
  Arena *arena = req_arena(req);
  Val *goals = val_child(coverage, "goals"), *white = val_set_list(arena, root, "white");
  page_hrefs(req, goals, "/acties");
  for (size_t g = 0; g < val_count(goals); g++) {
    const Val *cells = val_child(val_item(goals, g), "cells");
    bool empty = false;
    for (size_t c = 0; c < val_count(cells); c++) empty = empty || val_number(val_item(cells, c), "own") == 0;
    if (empty) val_push(arena, white, val_item(goals, g));
  }
  val_set(arena, root, "columns", val_child(coverage, "columns"));
  val_set_int(arena, root, "spot_count", (int64_t)val_count(val_child(coverage, "white_spots")));
}

static void add_weights(Arena *arena, Val *root) {
  Val *weights = val_set_list(arena, root, "weights");
  for (int r = 0; r < COHERENCE_REASONS; r++) {
    Val *item = val_push_map(arena, weights);
    val_set_str(arena, item, "label", coherence_reason_label((CoherenceReason)r));
    val_set_int(arena, item, "weight", coherence_reason_weight((CoherenceReason)r));
  }
}

Err page_coherence(Request *req, Response *res) {
  Val *root, *found, *coverage, *health;
  Arena *arena = req_arena(req);
  CoherenceQuery query = coherent_query(req, req_int(req, "page"), PAGE_SIZE);
  TRY(page_begin(req, "coherence", true, &root));
  TRY(coherence_list_val(req_store(req), req_index(req), &query, arena, &found, req_info(req)));
  TRY(action_coverage(req_index(req), 0, STR_NONE, arena, &coverage, req_info(req)));
  TRY(coherence_health_val(req_store(req), HEALTH_SHOWN, arena, &health, req_info(req)));
  TRY(add_choices(req, root, val_child(coverage, "columns")));
  Val *pairs = val_child(found, "pairs");
  for (size_t i = 0; i < val_count(pairs); i++) coherent_dress(req, val_item(pairs, i));
  val_set(arena, root, "found", found);
  val_set(arena, root, "health", health);
  val_set_bool(arena, root, "more_unconfirmed", val_number(health, "unconfirmed") > HEALTH_SHOWN);
  add_weights(arena, root);
  add_white(req, root, coverage);
  page_pager(req, root, val_number(found, "pages"), query.page);
  val_set_bool(arena, root, "open", str_eq(query.decision, S("open")));
  val_set_bool(arena, root, "filtered", query.line.len || query.goal.len || query.region.len);
  page_downloads(req, root, "downloads", "/samenhang", FORMATS);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Samenhang"));
  return res_page(req, res, "coherence.html", root);
}

static Err write_pairs(Request *req, SheetFormat format, const char *path) {
  CoherenceQuery query = coherent_query(req, 1, 1);
  return coherence_export(req_store(req), req_index(req), &query, format, path, req_arena(req), req_info(req));
}

Err file_coherence_csv(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_CSV, "samenhang", write_pairs); }
Err file_coherence_xlsx(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_XLSX, "samenhang", write_pairs); }
Err file_coherence_ods(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_ODS, "samenhang", write_pairs); }
