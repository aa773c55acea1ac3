/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/pages/standing.h"

#include "chart/chart.h"
#include "pact/goal.h"
#include "pact/round.h"
#include "web/pages/figure.h"
#include "web/pages/measured.h"
#include "web/pages/pages.h"

/* --- on lists of goals --- */

static void mark(Arena *arena, Val *goals, const Val *courses) {
  for (size_t i = 0; i < val_count(goals); i++) {
    Val *goal = val_item(goals, i);
    for (size_t c = 0; c < val_count(courses); c++) {
      const Val *course = val_item(courses, c);
      if (!str_eq(val_text(val_child(course, "goal"), "code"), val_text(goal, "code"))) continue;
      val_set_str(arena, goal, "course", val_text(course, "course"));
      val_set_str(arena, goal, "course_label", val_text(course, "label"));
      val_set_int(arena, goal, "determined", val_number(course, "determined"));
      val_set_int(arena, goal, "total", val_number(course, "total"));
      const Val *proxies = val_child(course, "proxies");
      for (size_t p = 0; p < val_count(proxies); p++) measured_figure(arena, val_item(proxies, p));
      val_set(arena, goal, "proxies", val_child(course, "proxies"));
    }
    mark(arena, val_child(goal, "subgoals"), courses);
  }
}

Err standing_read(Request *req, Val **all) {
  IndicatorQuery query = {.as_of = req_as_of(req), .known_on = req_known_on(req), .standing = true};
  return indicator_list(req_store(req), &query, req_arena(req), all, req_info(req));
}

Err standing_mark_goals(Request *req, const Val *all, Val *goals, int64_t *determined, int64_t *total) {
  Val *standing;
  Arena *arena = req_arena(req);
  TRY(indicator_goal_courses_of(req_store(req), all, arena, &standing, req_info(req)));
  const Val *courses = val_child(standing, "goals");
  *determined = 0;
  *total = (int64_t)val_count(courses);
  for (size_t i = 0; i < val_count(courses); i++) *determined += val_number(val_item(courses, i), "determined") > 0;
  mark(arena, goals, courses);
  measured_goal_hrefs(req, goals);
  return ERR_OK;
}

Err standing_figure(Request *req, Response *res, const Val *all, Val *root) {
  Chart chart;
  Val *figure;
  Arena *arena = req_arena(req);
  ChartAsk ask = {.chart = chart_id(CHART_OUTLOOK, STR_NONE, STR_NONE, arena), .lang = req_lang(req), .as_of = req_as_of(req), .known_on = req_known_on(req)};
  TRY(chart_of_indicators(&ask, val_child(all, "indicators"), arena, &chart, req_info(req)));
  TRY(figure_of(req, res, &ask, &chart, &figure));
  val_set(arena, root, "figure", figure);
  return ERR_OK;
}

/* --- on the page of a goal --- */

/* The newest figure that holds; NULL when there is none. */
static Val *latest_value(const Val *region) {
  const Val *values = val_child(region, "values");
  Val *found = NULL;
  for (size_t i = 0; i < val_count(values); i++) {
    Val *value = val_item(values, i);
    if (val_flag(value, "current") && val_flag(value, "leading") && str_eq(val_text(value, "state"), S("value"))) found = value;
  }
  return found;
}

static void copy_member(Arena *arena, Val *to, const Val *from, const char *key) {
  const Val *value = val_get(from, str_from(key));
  if (value->kind == VAL_STR) val_set_str(arena, to, key, value->as.text);
  else if (value->kind == VAL_INT) val_set_int(arena, to, key, value->as.integer);
  else if (value->kind == VAL_DOUBLE) val_set_double(arena, to, key, value->as.number);
  else if (value->kind == VAL_BOOL) val_set_bool(arena, to, key, value->as.boolean);
  else if (val_child(from, key)) val_set(arena, to, key, val_child(from, key));
}

static void add_row(Arena *arena, Val *item, const Val *region, const Val *course) {
  static const char *const keys[] = {"edition", "due", "target", "baseline", "has_target", "has_baseline", "used", "course", "label", "reason_text",
                                     "comparator"};
  Val *latest = latest_value(region);
  Val *row = val_push_map(arena, val_child(item, val_flag(course, "is_current") ? "rows" : "earlier"));
  val_set(arena, row, "region", val_child(region, "region"));
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) copy_member(arena, row, course, keys[i]);
  if (latest) {
    val_set(arena, row, "latest", latest);
    val_set_str(arena, row, "freshness_label", label_of("next-figure", val_text(val_child(region, "round"), "freshness")));
    val_set_bool(arena, item, "measured", true);
  } else if (!val_flag(item, "reason_text")) {
    val_set_str(arena, item, "reason_text", val_text(course, "reason_text"));
  }
}

/* Whether an edition has targets of more than one day, so that a row must say which. */
static bool several_days(const Val *courses) {
  for (size_t i = 1; i < val_count(courses); i++) {
    const Val *one = val_item(courses, i - 1), *other = val_item(courses, i);
    bool same = str_eq(val_text(val_child(one, "edition"), "code"), val_text(val_child(other, "edition"), "code"));
    if (same && !str_eq(val_text(one, "due"), val_text(other, "due"))) return true;
  }
  return false;
}

static Err add_figure(Request *req, Response *res, ChartKind kind, const Val *indicator, Val *item, const char *key) {
  Chart chart;
  Val *figure;
  ChartAsk ask = {.chart = chart_id(kind, val_text(indicator, "code"), STR_NONE, req_arena(req)), .lang = req_lang(req),
                  .as_of = req_as_of(req), .known_on = req_known_on(req)};
  TRY(chart_of_indicator(kind, &ask, indicator, STR_NONE, req_arena(req), &chart, req_info(req)));
  TRY(figure_of(req, res, &ask, &chart, &figure));
  val_set(req_arena(req), item, key, figure);
  return ERR_OK;
}

/* The figures that stand beside the chart: of the region it is drawn for, the first that is measured. */
static void add_series(Arena *arena, Val *item, const Val *region) {
  const Val *values = val_child(region, "values");
  Val *series = val_set_list(arena, item, "series");
  val_set(arena, item, "series_region", val_child(region, "region"));
  for (size_t i = 0; i < val_count(values); i++)
    if (val_flag(val_item(values, i), "current")) val_push(arena, series, val_item(values, i));
}

/* Charts of what has figures; what has none, and what is found in words, gets no empty frame. */
static Err add_figures(Request *req, Response *res, const Val *indicator, Val *item) {
  const Val *regions = val_child(indicator, "regions"), *main = chart_region(indicator);
  size_t measured = 0;
  if (str_eq(val_text(indicator, "kind"), S("qualitative"))) return ERR_OK;
  for (size_t i = 0; i < val_count(regions); i++) measured += latest_value(val_item(regions, i)) != NULL;
  if (!measured) return ERR_OK;
  if (main && latest_value(main)) {
    TRY(add_figure(req, res, CHART_COURSE, indicator, item, "figure"));
    add_series(req_arena(req), item, main);
  }
  return measured > 1 ? add_figure(req, res, CHART_REGIONS, indicator, item, "beside") : ERR_OK;
}

static Err add_indicator(Request *req, Response *res, Val *list, const Val *indicator) {
  static const char *const keys[] = {"title", "definition", "unit", "needed"};
  const Val *regions = val_child(indicator, "regions");
  Arena *arena = req_arena(req);
  Val *item = val_push_map(arena, list);
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) copy_member(arena, item, indicator, keys[i]);
  measured_add(req, indicator, item);
  val_set_bool(arena, item, "proxy", val_flag(indicator, "proxy_for"));
  val_set_list(arena, item, "rows");
  val_set_list(arena, item, "earlier");
  for (size_t i = 0; i < val_count(regions); i++) {
    const Val *courses = val_child(val_item(regions, i), "courses");
    val_set_bool(arena, item, "dated", val_flag(item, "dated") || several_days(courses));
    for (size_t c = 0; c < val_count(courses); c++) add_row(arena, item, val_item(regions, i), val_item(courses, c));
  }
  return add_figures(req, res, indicator, item);
}

static void add_context(Arena *arena, Val *list, const Val *indicator) {
  static const char *const keys[] = {"period", "value", "statement", "source", "address"};
  const Val *regions = val_child(indicator, "regions");
  for (size_t i = 0; i < val_count(regions); i++) {
    const Val *latest = latest_value(val_item(regions, i));
    if (!latest) continue;
    Val *item = val_push_map(arena, list);
    copy_member(arena, item, indicator, "title");
    copy_member(arena, item, indicator, "unit");
    val_set(arena, item, "region", val_child(val_item(regions, i), "region"));
    val_set_bool(arena, item, "national", str_eq(val_text(val_item(regions, i), "kind"), S("country")));
    val_set_str(arena, item, "quality_label", label_of("quality", val_text(latest, "quality")));
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) copy_member(arena, item, latest, keys[k]);
  }
}

/* The course of the goal itself, and of those below it that have targets. */
static Err add_standing(Request *req, const Val *all, Str goal, Val *root) {
  Val *courses;
  Arena *arena = req_arena(req);
  TRY(indicator_goal_courses_of(req_store(req), all, arena, &courses, req_info(req)));
  const Val *list = val_child(courses, "goals");
  Val *parts = val_set_list(arena, root, "standing_parts");
  for (size_t i = 0; i < val_count(list); i++) {
    Val *item = val_item(list, i);
    Str code = val_text(val_child(item, "goal"), "code");
    if (str_eq(code, goal)) val_set(arena, root, "standing", item);
    else if (goal_within(code, goal) && val_number(item, "total")) val_push(arena, parts, item);
  }
  return ERR_OK;
}

Err standing_of_goal(Request *req, Response *res, Str goal, Val *root) {
  Val *all;
  Arena *arena = req_arena(req);
  IndicatorQuery query = {.goal = goal, .as_of = req_as_of(req), .known_on = req_known_on(req)};
  TRY(indicator_round(req_store(req), &query, arena, &all, req_info(req)));
  const Val *list = val_child(all, "indicators");
  Val *indicators = val_set_list(arena, root, "indicators"), *context = val_set_list(arena, root, "context");
  for (size_t i = 0; i < val_count(list); i++) {
    const Val *indicator = val_item(list, i);
    if (val_flag(indicator, "has_targets")) TRY(add_indicator(req, res, indicators, indicator));
    else add_context(arena, context, indicator);
  }
  TRY(add_standing(req, all, goal, root));
  measured_set_as_of(req, root);
  val_set_str(arena, root, "as_of_path", req_path(req));
  return ERR_OK;
}
