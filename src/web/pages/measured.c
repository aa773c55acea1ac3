/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/pages/measured.h"

#include "pact/course.h"
#include "web/pages/pages.h"

void measured_set_as_of(Request *req, Val *root) {
  char day[DAY_TEXT];
  Day as_of = req_as_of(req);
  day_format_iso(as_of, day);
  val_set_str(req_arena(req), root, "as_of", arena_str(req_arena(req), str_from(day)));
  val_set_bool(req_arena(req), root, "ahead", as_of > req_today(req));
  val_set_bool(req_arena(req), root, "hindsight", req_known_on(req) > as_of);
}

Str measured_href(Request *req, const char *path) {
  char day[DAY_TEXT];
  if (!req_has(req, "asOf")) return page_href(req, path, STR_NONE);
  day_format_iso(req_as_of(req), day);
  return page_href(req, path, arena_printf(req_arena(req), "asOf=%s%s", day, req_known_on(req) > req_as_of(req) ? "&known=now" : ""));
}

void measured_goal_href(Request *req, Val *goal) {
  const char *path = goal ? arena_zstr(req_arena(req), arena_printf(req_arena(req), "/doelen/" STR_FMT, STR_ARG(val_text(goal, "code")))) : NULL;
  if (path) val_set_str(req_arena(req), goal, "href", measured_href(req, path));
}

void measured_goal_hrefs(Request *req, const Val *goals) {
  for (size_t i = 0; i < val_count(goals); i++) {
    measured_goal_href(req, val_item(goals, i));
    measured_goal_hrefs(req, val_child(val_item(goals, i), "subgoals"));
  }
}

/* Which rule gave the course: the list "rule" of labels.def. */
static const char *rule_of(const Val *course) {
  Str code = val_text(course, "course");
  bool after = val_flag(course, "after_end"), maintain = val_flag(course, "maintain");
  bool limit = str_eq(val_text(course, "mode"), S("limit"));
  if (str_eq(code, S("undetermined"))) return "undetermined";
  if (str_eq(code, S("uncertain"))) return after ? "after-uncertain" : "uncertain";
  if (str_eq(code, S("reached"))) return "after-reached";
  if (str_eq(code, S("not-reached"))) return "after-not-reached";
  if (str_eq(code, S("achieved"))) return "achieved";
  if (str_eq(code, S("on-course"))) return maintain ? "maintained" : "on-course";
  if (str_eq(code, S("behind"))) return limit ? "limit-behind" : "behind";
  return limit ? "limit-worsening" : maintain ? "maintain-worsening" : "worsening";
}

static bool has_number(const Val *map, const char *key, double *value) {
  const Val *found = val_get(map, str_from(key));
  if (found->kind == VAL_DOUBLE) *value = found->as.number;
  if (found->kind == VAL_INT) *value = (double)found->as.integer;
  return found->kind == VAL_DOUBLE || found->kind == VAL_INT;
}

static void put(Buf *out, Request *req, double value, int decimals) {
  bool negative = value < 0;
  if (negative) buf_str(out, S("("));
  view_number(out, req_lang(req), value, decimals);
  if (negative) buf_str(out, S(")"));
}

/* "(24.3 − 25) / (30 − 25) = −0.14", in the page's language. */
static Str fraction(Request *req, const double above[2], const double below[2], double result) {
  Buf out;
  buf_init(&out, 256);
  buf_str(&out, S("("));
  put(&out, req, above[0], 1);
  buf_str(&out, S(" − "));
  put(&out, req, above[1], 1);
  buf_str(&out, S(") / ("));
  put(&out, req, below[0], 1);
  buf_str(&out, S(" − "));
  put(&out, req, below[1], 1);
  buf_str(&out, S(") = "));
  view_number(&out, req_lang(req), result, 2);
  Str text = arena_str(req_arena(req), buf_view(&out));
  buf_clear(&out);
  return text;
}

void measured_figure(Arena *arena, Val *figure) {
  double low, high, value;
  if (!figure) return;
  val_set_bool(arena, figure, "interval", has_number(figure, "low", &low) && has_number(figure, "high", &high));
  val_set_bool(arena, figure, "has_value", has_number(figure, "value", &value));
}

static bool explain(Request *req, Val *course) {
  Arena *arena = req_arena(req);
  double baseline = 0, target = 0, required = 0, progress, needed, value;
  Val *used = val_child(course, "used");
  bool based = has_number(course, "baseline", &baseline), aimed = has_number(course, "target", &target);
  bool path = has_number(course, "required", &required);
  val_set_bool(arena, course, "has_baseline", based);
  val_set_bool(arena, course, "has_target", aimed);
  val_set_bool(arena, course, "has_required", path);
  val_set_str(arena, course, "rule", label_of("rule", str_from(rule_of(course))));
  measured_figure(arena, used);
  measured_figure(arena, val_child(course, "latest"));
  if (!used || !aimed || !has_number(used, "value", &value)) return used != NULL;
  if (str_eq(val_text(course, "mode"), S("quota"))) baseline = 0;
  if (has_number(course, "progress", &progress))
    val_set_str(arena, course, "formula_p", fraction(req, (double[]){value, baseline}, (double[]){target, baseline}, progress));
  if (path && has_number(course, "needed", &needed))
    val_set_str(arena, course, "formula_q", fraction(req, (double[]){required, baseline}, (double[]){target, baseline}, needed));
  return true;
}

static void share(Arena *arena, Val *item, const Val *indicator, const char *key) {
  const Val *value = val_get(indicator, str_from(key));
  if (value->kind != VAL_NULL) val_set(arena, item, key, (Val *)(uintptr_t)value);
}

/* What the day asked about makes of a figure: replaced by then, contested by another source, as much off the leading one. */
static void compare_figure(Arena *arena, Val *value, const Val *values) {
  double own, leading;
  val_set_bool(arena, value, "past", !val_flag(value, "current") && val_flag(value, "superseded"));
  for (size_t i = 0; i < val_count(values); i++) {
    Val *other = val_item(values, i);
    bool same = other != value && str_eq(val_text(other, "period"), val_text(value, "period")) &&
                val_number(other, "definition") == val_number(value, "definition");
    if (!same || !val_flag(other, "current")) continue;
    if (val_flag(value, "past")) {
      if (!val_child(value, "now") || val_flag(other, "leading")) val_set(arena, value, "now", other);
    } else if (val_flag(value, "current")) {
      val_set_bool(arena, value, "contested", true);
      if (val_flag(value, "leading") || !val_flag(other, "leading") || !has_number(value, "value", &own) || !has_number(other, "value", &leading)) continue;
      val_set_bool(arena, value, "differs", true);
      val_set_double(arena, value, "difference", own - leading);
    }
  }
}

/* The words for a figure's state and quality, and how it stands to the other figures of its period. */
static int64_t word_figures(Arena *arena, const Val *region, Val *values) {
  int64_t past = 0;
  const Val *round = val_child(region, "round"), *newest = val_child(round, "newest");
  label_each(arena, values, "quality", "quality", "quality_label");
  label_each(arena, values, "figure-state", "state", "state_label");
  for (size_t i = 0; i < val_count(values); i++) {
    Val *value = val_item(values, i);
    measured_figure(arena, value);
    compare_figure(arena, value, values);
    past += val_flag(value, "past");
    bool last = newest && val_flag(value, "current") && val_flag(value, "leading") && str_eq(val_text(newest, "day"), val_text(value, "day"));
    if (last) val_set_str(arena, value, "freshness_label", label_of("next-figure", val_text(round, "freshness")));
  }
  return past;
}

void measured_add(Request *req, const Val *indicator, Val *item) {
  static const char *const keys[] = {"code", "numerator", "denominator", "supplier", "publication", "expected_month", "margin",
                                     "regions", "definitions", "has_targets", "choice_moment"};
  Arena *arena = req_arena(req);
  int64_t figures = 0, past = 0;
  bool judged = false, trend = false;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) share(arena, item, indicator, keys[i]);
  const Val *regions = val_child(indicator, "regions");
  for (size_t i = 0; i < val_count(regions); i++) {
    Val *region = val_item(regions, i), *courses = val_child(region, "courses"), *values = val_child(region, "values");
    val_set_bool(arena, region, "national", str_eq(val_text(region, "kind"), S("country")));
    double chance;
    Val *fitted = val_child(region, "trend");
    trend |= fitted != NULL;
    if (fitted) val_set_bool(arena, fitted, "has_chance", has_number(fitted, "chance", &chance));
    figures += (int64_t)val_count(values);
    past += word_figures(arena, region, values);
    for (size_t c = 0; c < val_count(courses); c++) judged |= explain(req, val_item(courses, c));
  }
  val_set_int(arena, item, "figures", figures - past);
  val_set_int(arena, item, "past_figures", past);
  val_set_bool(arena, item, "judged", judged);
  val_set_bool(arena, item, "has_trend", trend);
  val_set_bool(arena, item, "several_definitions", val_count(val_child(indicator, "definitions")) > 1);
}

void measured_answer(Request *req, const Val *goals, Val *root) {
  static const char *const order[] = {"not-reached", "worsening", "behind", "uncertain", "on-course", "achieved", "reached", "undetermined"};
  Arena *arena = req_arena(req);
  Val *answer = val_set_list(arena, root, "answer");
  for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
    int64_t count = 0;
    for (size_t i = 0; i < val_count(goals); i++) count += str_eq(val_text(val_item(goals, i), "course"), str_from(order[o]));
    if (!count) continue;
    Val *item = val_push_map(arena, answer);
    val_set_str(arena, item, "course", str_from(order[o]));
    val_set_str(arena, item, "label", label_of("course", str_from(order[o])));
    val_set_int(arena, item, "count", count);
  }
}
