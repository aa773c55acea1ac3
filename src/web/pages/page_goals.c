/* SPDX-License-Identifier: EUPL-1.2 */
/* The goals in both editions. */
#include "action/white.h"
#include "pact/goal.h"
#include "pact/pact.h"
#include "web/pages/measured.h"
#include "web/pages/pages.h"
#include "web/pages/standing.h"

#define ACTIONS_SHOWN 5

Err page_goals(Request *req, Response *res) {
  Val *root, *goals, *all;
  int64_t determined, total;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "goals", true, &root));
  TRY(page_whole_pact(req, root));
  TRY(goal_list(req_store(req), arena, &goals, req_info(req)));
  page_count_goals(req, goals, root);
  TRY(standing_read(req, &all));
  TRY(standing_mark_goals(req, all, goals, &determined, &total));
  Val *lines = val_child(val_child(root, "pact"), "lines");
  for (size_t i = 0; i < val_count(lines); i++) {
    Val *own = val_set_list(arena, val_item(lines, i), "goals");
    for (size_t g = 0; g < val_count(goals); g++)
      if (str_eq(val_text(val_child(val_item(goals, g), "line"), "code"), val_text(val_item(lines, i), "code")))
        val_push(arena, own, val_item(goals, g));
  }
  if (lines) val_set(arena, root, "lines", lines);
  measured_set_as_of(req, root);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Doelen"));
  return res_page(req, res, "goals.html", root);
}

/* The words an edition shows: what both have, and what only this one has. `absent` is the op of the other's words. */
static Val *reading_of(Arena *arena, const Val *tokens, Str absent) {
  Val *parts = val_list(arena);
  for (size_t i = 0; i < val_count(tokens); i++)
    if (!str_eq(val_text(val_item(tokens, i), "op"), absent)) val_push(arena, parts, val_item(tokens, i));
  return parts;
}

/* Text without differences to mark, in the form of parts. */
static Val *plain_parts(Arena *arena, Str text) {
  Val *parts = val_list(arena), *part = val_push_map(arena, parts);
  val_set_str(arena, part, "op", S("same"));
  val_set_str(arena, part, "text", text);
  return parts;
}

static void add_paragraph(Arena *arena, Val *reading, bool item, Val *parts) {
  if (!val_count(parts)) return;
  Val *paragraph = val_push_map(arena, reading);
  val_set_bool(arena, paragraph, "item", item);
  val_set(arena, paragraph, "parts", parts);
}

/* Gives an edition its title and paragraphs with the words that only it has marked, when it is one of the two compared. */
static void add_reading(Arena *arena, Val *edition, const Val *diff) {
  Str code = val_text(edition, "code");
  bool from = diff && str_eq(val_text(val_child(diff, "from"), "code"), code);
  bool to = diff && str_eq(val_text(val_child(diff, "to"), "code"), code);
  const Val *paragraphs = val_child(from || to ? diff : edition, "paragraphs");
  Val *reading = val_set_list(arena, edition, "reading");
  Str absent = from ? S("new") : S("old");
  for (size_t i = 0; i < val_count(paragraphs); i++) {
    const Val *p = val_item(paragraphs, i);
    add_paragraph(arena, reading, val_flag(p, "item"),
                  from || to ? reading_of(arena, val_child(p, "tokens"), absent) : plain_parts(arena, val_text(p, "text")));
  }
  Val *title = from || to ? reading_of(arena, val_child(diff, "title"), absent)
                          : plain_parts(arena, val_text(edition, "goal_title"));
  if (val_flag(edition, "goal_title")) val_set(arena, edition, "title_parts", title);
}

/* Marks in each edition the targets that the other edition has otherwise. */
static void mark_targets(Arena *arena, const Val *goal) {
  const Val *rows = val_child(goal, "target_rows");
  for (size_t i = 0; i < val_count(rows); i++) {
    const Val *cells = val_child(val_item(rows, i), "cells");
    for (size_t c = 0; val_flag(val_item(rows, i), "differs") && c < val_count(cells); c++) {
      Val *target = val_child(val_item(cells, c), "target");
      if (target) val_set_bool(arena, target, "differs", true);
    }
  }
}

/* The targets of an edition as they stand in the rows of comparison, so that a mark is seen. */
static void targets_from_rows(Arena *arena, const Val *goal, Val *edition) {
  const Val *rows = val_child(goal, "target_rows");
  Val *list = val_list(arena);
  for (size_t i = 0; i < val_count(rows); i++) {
    const Val *cells = val_child(val_item(rows, i), "cells");
    for (size_t c = 0; c < val_count(cells); c++) {
      Val *target = val_child(val_item(cells, c), "target");
      if (target && str_eq(val_text(val_item(cells, c), "edition"), val_text(edition, "code"))) val_push(arena, list, target);
    }
  }
  if (val_count(list)) val_set(arena, edition, "targets", list);
}

static Val *current_targets(const Val *editions) {
  Val *found = NULL;
  for (size_t i = 0; i < val_count(editions); i++) {
    Val *targets = val_child(val_item(editions, i), "targets");
    if (val_count(targets)) found = targets;
  }
  return found;
}

Err page_goal(Request *req, Response *res) {
  Val *root, *goal, *coverage;
  Arena *arena = req_arena(req);
  TRY(goal_detail(req_store(req), req_str(req, "goal"), arena, &goal, req_info(req)));
  action_count_goals(req_index(req), goal, arena);
  Str code = val_text(goal, "code");
  measured_goal_href(req, goal);
  if (!str_eq(code, req_str(req, "goal"))) return res_redirect(req, res, 301, val_text(goal, "href"));  /* one address for each goal */
  TRY(page_begin(req, "goals", false, &root));
  val_set(arena, root, "goal", goal);
  mark_targets(arena, goal);
  page_once_each(req, goal);
  Val *editions = val_child(goal, "editions");
  size_t present = 0;
  for (size_t i = 0; i < val_count(editions); i++) {
    Val *edition = val_item(editions, i);
    present += val_flag(edition, "present");
    add_reading(arena, edition, val_child(goal, "diff"));
    targets_from_rows(arena, goal, edition);
  }
  val_set_bool(arena, root, "one_edition", present == 1);
  Val *targets = current_targets(editions);
  if (targets) val_set(arena, root, "targets", targets);
  TRY(standing_of_goal(req, res, code, root));
  TRY(page_actions_of(req, root, ACTION_DIM_GOAL, code, ACTIONS_SHOWN));
  TRY(action_coverage(req_index(req), 0, code, arena, &coverage, req_info(req)));
  val_set(arena, root, "white_spots", val_child(coverage, "white_spots"));
  measured_goal_hrefs(req, val_child(goal, "subgoals"));
  measured_goal_href(req, val_child(goal, "parent"));
  measured_goal_href(req, val_child(goal, "previous"));
  measured_goal_href(req, val_child(goal, "next"));
  page_crumb(req, root, "/doelen", view_tr(req_lang(req), "Doelen"));
  page_crumb(req, root, NULL, code);
  return res_page(req, res, "goal.html", root);
}
