/* SPDX-License-Identifier: EUPL-1.2 */
/* The overview: what the pact wants, where it stands, what is missing. */
#include <string.h>

#include "action/white.h"
#include "pact/goal.h"
#include "pact/pact.h"
#include "places/region.h"
#include "web/pages/measured.h"
#include "web/pages/pages.h"
#include "web/pages/standing.h"

#define BAR_FULL 1000        /* width of a full bar in the units of the drawing */
#define CONTRADICTIONS_SHOWN 6

/* The goals under their lines, and the counts of targets. */
static void add_lines(Arena *arena, Val *root, const Val *pact, Val *goals) {
  Val *lines = val_set_list(arena, root, "lines");
  const Val *from = val_child(pact, "lines");
  for (size_t i = 0; i < val_count(from); i++) {
    const Val *line = val_item(from, i);
    Val *item = val_push_map(arena, lines);
    val_set_str(arena, item, "code", val_text(line, "code"));
    val_set_str(arena, item, "label", val_text(line, "title"));
    val_set_int(arena, item, "actions", val_number(line, "actions"));
    Val *own = val_set_list(arena, item, "goals");
    for (size_t g = 0; g < val_count(goals); g++)
      if (str_eq(val_text(val_child(val_item(goals, g), "line"), "code"), val_text(line, "code")))
        val_push(arena, own, val_item(goals, g));
  }
}

static void count_targets(const Val *goals, int64_t *targets, int64_t *baselines) {
  for (size_t i = 0; i < val_count(goals); i++) {
    const Val *goal = val_item(goals, i), *list = val_child(goal, "targets");
    for (size_t t = 0; t < val_count(list); t++) {
      ++*targets;
      *baselines += val_get(val_item(list, t), S("baseline_value"))->kind != VAL_NULL;
    }
    count_targets(val_child(goal, "subgoals"), targets, baselines);
  }
}

/* Published beside registered: a bar per line, and the total. */
static void add_published(Arena *arena, Val *root, const Val *pact) {
  Val *bars = val_set_list(arena, root, "bars");
  const Val *published = val_child(pact, "published");
  for (size_t i = 0; i < val_count(published); i++) {
    Val *row = val_item(published, i);
    const Val *line = val_child(row, "line");
    int64_t value = val_number(row, "value"), registered = val_number(row, "registered");
    if (!line) {
      val_set(arena, root, "published", row);
      continue;
    }
    Val *bar = val_push_map(arena, bars);
    int64_t width = value > 0 ? registered * BAR_FULL / value : 0;
    val_set_str(arena, bar, "code", val_text(line, "code"));
    val_set_str(arena, bar, "label", val_text(line, "label"));
    val_set_int(arena, bar, "published", value);
    val_set_int(arena, bar, "registered", registered);
    val_set_int(arena, bar, "width", width > BAR_FULL ? BAR_FULL : width);
  }
}

/* Where the sources contradict each other, those about goals first. */
static Err add_contradictions(Request *req, Val *root) {
  Arena *arena = req_arena(req);
  Val *all, *list = val_set_list(arena, root, "contradictions");
  TRY(pact_assumptions(req_store(req), STR_NONE, STR_NONE, arena, &all, req_info(req)));
  for (int goals = 1; goals >= 0; goals--)
    for (size_t i = 0; i < val_count(all) && val_count(list) < CONTRADICTIONS_SHOWN; i++) {
      Val *item = val_item(all, i);
      Str key = val_text(item, "row_key"), goal;
      bool about_goal = str_starts(val_text(item, "resource"), S("goal")) && str_cut(&key, '|', &goal);
      if (!str_eq(val_text(item, "kind"), S("inconsistency")) || about_goal != goals) continue;
      const char *path = about_goal ? arena_zstr(arena, arena_printf(arena, "/doelen/" STR_FMT, STR_ARG(goal))) : NULL;
      if (path) {
        val_set_str(arena, item, "goal", goal);
        val_set_str(arena, item, "href", measured_href(req, path));
      }
      val_push(arena, list, item);
    }
  return ERR_OK;
}

/* What the coordination of a pact asks for first; the page of an action lists all that is missing. */
static const ActionFact TELLING[] = {ACTION_FACT_LINE, ACTION_FACT_GOALS, ACTION_FACT_REGIONS, ACTION_FACT_OWNER, ACTION_FACT_PERIOD,
                                     ACTION_FACT_COST, ACTION_FACT_PARTICIPANTS, ACTION_FACT_YIELD, ACTION_FACT_CONFIRMED};
#define TELLING_COUNT (sizeof TELLING / sizeof TELLING[0])

static void push_missing(Request *req, Val *list, const ActionFacetValue *value) {
  Arena *arena = req_arena(req);
  Val *item = val_push_map(arena, list);
  val_set_int(arena, item, "count", (int64_t)value->count);
  val_set_str(arena, item, "fact", value->label);
  val_set_str(arena, item, "href", page_href(req, "/acties", arena_printf(arena, "missing=" STR_FMT, STR_ARG(value->code))));
}

/* Facts that are missing in actions, the most frequent first, each with the actions it is missing in; and white spots. */
static Err add_missing(Request *req, Val *root) {
  ActionQuery query;
  ActionResult found;
  const ActionFacetValue *order[TELLING_COUNT];
  size_t count = 0;
  Arena *arena = req_arena(req);
  Val *coverage, *list = val_set_list(arena, root, "missing");
  action_query_init(&query);
  query.page_size = 1;
  TRY(action_search(req_index(req), &query, arena, &found, req_info(req)));
  const ActionFacet *facet = &found.facets[ACTION_DIM_MISSING];
  for (size_t t = 0; t < TELLING_COUNT; t++)
    for (size_t i = 0; i < facet->count; i++) {
      if (!str_eq(facet->values[i].code, action_fact_code(TELLING[t])) || !facet->values[i].count) continue;
      size_t at = count++;
      for (; at > 0 && order[at - 1]->count < facet->values[i].count; at--) order[at] = order[at - 1];
      order[at] = &facet->values[i];
    }
  for (size_t i = 0; i < count; i++) push_missing(req, list, order[i]);
  TRY(action_coverage(req_index(req), 0, STR_NONE, arena, &coverage, req_info(req)));
  val_set(arena, root, "white_spots", val_child(coverage, "white_spots"));
  return ERR_OK;
}

static Str period_text(Arena *arena, const Val *pact) {
  Str from = str_slice(val_text(pact, "period_start"), 0, 4), to = str_slice(val_text(pact, "period_end"), 0, 4);
  return from.len && to.len ? arena_printf(arena, STR_FMT "–" STR_FMT, STR_ARG(from), STR_ARG(to)) : from;
}

Err page_overview(Request *req, Response *res) {
  Val *root, *goals, *programme, *all;
  int64_t targets = 0, baselines = 0, determined, measured;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "overview", true, &root));
  TRY(page_whole_pact(req, root));
  const Val *pact = val_child(root, "pact");
  TRY(goal_list(req_store(req), arena, &goals, req_info(req)));
  page_count_goals(req, goals, root);
  TRY(pact_programme_lines(req_store(req), arena, &programme, req_info(req)));
  count_targets(goals, &targets, &baselines);
  Val *counts = val_set_map(arena, root, "counts");
  TRY(standing_read(req, &all));
  TRY(standing_mark_goals(req, all, goals, &determined, &measured));
  TRY(standing_figure(req, res, all, root));
  measured_answer(req, goals, root);
  val_set_int(arena, counts, "determined", determined);
  val_set_int(arena, counts, "judged", measured);
  val_set_int(arena, counts, "targets", targets);
  val_set_int(arena, counts, "baselines", baselines);
  val_set_int(arena, counts, "actions", val_number(val_child(pact, "counts"), "actions"));
  val_set_int(arena, counts, "organisations", val_number(val_child(pact, "counts"), "organisations"));
  val_set_int(arena, counts, "open_items", val_number(val_child(pact, "counts"), "framework_items_open"));
  val_set_str(arena, root, "period", period_text(arena, pact));
  measured_set_as_of(req, root);
  val_set_str(arena, root, "monitor_href", measured_href(req, "/monitor"));
  val_set(arena, root, "programme", programme);
  add_lines(arena, root, pact, goals);
  add_published(arena, root, pact);
  TRY(add_contradictions(req, root));
  if (req_index(req)) TRY(add_missing(req, root));
  return res_page(req, res, "overview.html", root);
}
