/* SPDX-License-Identifier: EUPL-1.2 */
/* The overview: what the pact wants, where it stands, what is missing. */
#include <string.h>

#include "pact/goal.h"
#include "pact/pact.h"
#include "places/region.h"
#include "web/pages/pages.h"
#include "web/pages/spots.h"

#define BAR_FULL 1000        /* width of a full bar in the units of the drawing */
#define MISSING_SHOWN 8
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

/* Where the sources contradict each other, with the goal concerned where the row is one of a goal. */
static Err add_contradictions(Request *req, Val *root) {
  Arena *arena = req_arena(req);
  Val *all, *list = val_set_list(arena, root, "contradictions");
  int64_t total = 0;
  TRY(pact_assumptions(req_store(req), STR_NONE, STR_NONE, arena, &all, req_info(req)));
  for (size_t i = 0; i < val_count(all); i++) {
    Val *item = val_item(all, i);
    if (!str_eq(val_text(item, "kind"), S("inconsistency")) || ++total > CONTRADICTIONS_SHOWN) continue;
    Str key = val_text(item, "row_key"), goal = STR_NONE;
    if (str_starts(val_text(item, "resource"), S("goal")) && str_cut(&key, '|', &goal))
      val_set_str(arena, item, "goal", goal);
    val_push(arena, list, item);
  }
  return ERR_OK;
}

/* The facts that are missing most, each with the actions it is missing in. */
static Err add_missing(Request *req, Val *root) {
  ActionQuery query;
  ActionResult found;
  Arena *arena = req_arena(req);
  Val *list = val_set_list(arena, root, "missing");
  action_query_init(&query);
  query.page_size = 1;
  TRY(action_search(req_index(req), &query, arena, &found, req_info(req)));
  const ActionFacet *facet = &found.facets[ACTION_DIM_MISSING];
  size_t below = found.all + 1;
  for (size_t shown = 0; shown < MISSING_SHOWN && below > 0;) {  /* by falling count, in their own order where equal */
    size_t most = 0;
    for (size_t i = 0; i < facet->count; i++)
      if (facet->values[i].count < below && facet->values[i].count > most) most = facet->values[i].count;
    for (size_t i = 0; most && i < facet->count && shown < MISSING_SHOWN; i++) {
      const ActionFacetValue *value = &facet->values[i];
      if (value->count != most || str_eq(value->code, S("none"))) continue;
      Val *item = val_push_map(arena, list);
      val_set_int(arena, item, "count", (int64_t)most);
      val_set_str(arena, item, "fact", value->label);
      val_set_str(arena, item, "href", page_href(req, "/acties", arena_printf(arena, "missing=" STR_FMT, STR_ARG(value->code))));
      shown++;
    }
    below = most;
  }
  val_set_int(arena, val_child(root, "counts"), "actions", (int64_t)found.all);
  return ERR_OK;
}

static Str period_text(Arena *arena, const Val *pact) {
  Str from = str_slice(val_text(pact, "period_start"), 0, 4), to = str_slice(val_text(pact, "period_end"), 0, 4);
  return from.len && to.len ? arena_printf(arena, STR_FMT "–" STR_FMT, STR_ARG(from), STR_ARG(to)) : from;
}

Err page_overview(Request *req, Response *res) {
  Val *root, *goals, *programme, *spots;
  int64_t targets = 0, baselines = 0;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "overview", true, &root));
  const Val *pact = val_child(root, "pact");
  TRY(goal_list(req_store(req), arena, &goals, req_info(req)));
  TRY(pact_programme_lines(req_store(req), arena, &programme, req_info(req)));
  count_targets(goals, &targets, &baselines);
  Val *counts = val_set_map(arena, root, "counts");
  val_set_int(arena, counts, "targets", targets);
  val_set_int(arena, counts, "baselines", baselines);
  val_set_int(arena, counts, "organisations", val_number(val_child(pact, "counts"), "organisations"));
  val_set_int(arena, counts, "open_items", val_number(val_child(pact, "counts"), "framework_items_open"));
  val_set_str(arena, root, "period", period_text(arena, pact));
  val_set(arena, root, "programme", programme);
  add_lines(arena, root, pact, goals);
  add_published(arena, root, pact);
  TRY(add_contradictions(req, root));
  TRY(add_missing(req, root));
  TRY(white_spots(req, goals, &spots));
  val_set(arena, root, "white_spots", spots);
  return res_page(req, res, "overview.html", root);
}
