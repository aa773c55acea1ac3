/* SPDX-License-Identifier: EUPL-1.2 */
/* How goals stand by their indicators. */
#include "pact/goal.h"
#include "pact/indicator.h"
#include "store/vals.h"

/* Worse is higher; 0 for what says nothing. */
static int gravity(Str course) {
  static const char *const order[] = {"undetermined", "reached", "achieved", "on-course", "uncertain", "behind", "worsening", "not-reached"};
  for (int i = 0; i < 8; i++)
    if (str_eq(course, str_from(order[i]))) return i;
  return 0;
}

static size_t count_of(const Val *list) { return list->kind == VAL_LIST ? list->as.list.count : 0; }

bool goal_within(Str code, Str goal) {
  if (!str_starts(code, goal)) return false;
  return code.len == goal.len || code.ptr[goal.len] < '0' || code.ptr[goal.len] > '9';
}

/* The goal an indicator counts for: its own, and by the first character the goal above a sub-goal. */
static bool counts_for(const Val *indicator, Str goal) {
  Str own = vals_text(val_get(indicator, S("goal")), "code");
  return own.ptr && goal_within(own, goal);
}

typedef struct Sum {
  Arena *arena;
  Val *proxies;
  int64_t determined, total;
  const Val *worst, *indicator;   /* the course that decides, and whose it is */
} Sum;

static void add_course(Sum *sum, const Val *indicator, const Val *course) {
  int here = gravity(vals_text(course, "course"));
  sum->total++;
  sum->determined += here > 0;
  if (sum->worst && here <= gravity(vals_text(sum->worst, "course"))) return;
  sum->worst = course;
  sum->indicator = indicator;
}

/* What an indicator that stands in for another one says of the North: no part of the judgement, but all there is to go by. */
static void add_proxy(const Sum *sum, const Val *indicator, const Val *course) {
  Arena *arena = sum->arena;
  const Val *used = val_get(course, S("used"));
  if (!gravity(vals_text(course, "course")) || used->kind != VAL_MAP) return;
  Val *item = val_push_map(arena, sum->proxies), *reference = val_set_map(arena, item, "indicator");
  val_set_str(arena, reference, "code", vals_text(indicator, "code"));
  val_set_str(arena, reference, "label", vals_text(indicator, "title"));
  static const char *const numbers[] = {"value", "low", "high"};
  for (size_t i = 0; i < 3; i++) val_set(arena, item, numbers[i], (Val *)(uintptr_t)val_get(used, str_from(numbers[i])));
  val_set_str(arena, item, "period", vals_text(used, "period"));
  val_set(arena, item, "target", (Val *)(uintptr_t)val_get(course, S("target")));
  static const char *const texts[] = {"course", "label", "comparator"};
  for (size_t i = 0; i < 3; i++) val_set_str(arena, item, texts[i], vals_text(course, texts[i]));
  val_set_str(arena, item, "unit", vals_text(indicator, "unit"));
}

/* The courses of the current edition, for the region that is the whole. */
static void add_indicator(Sum *sum, const Val *indicator) {
  const Val *regions = val_get(indicator, S("regions"));
  bool proxy = val_truth(val_get(indicator, S("proxy_for")));
  for (size_t r = 0; r < count_of(regions); r++) {
    const Val *region = regions->as.list.items[r], *courses = val_get(region, S("courses"));
    if (!str_eq(vals_text(region, "kind"), S("landsdeel"))) continue;
    for (size_t c = 0; c < count_of(courses); c++) {
      const Val *course = courses->as.list.items[c];
      if (!val_truth(val_get(course, S("is_current")))) continue;
      if (proxy) add_proxy(sum, indicator, course);
      else add_course(sum, indicator, course);
    }
  }
}

static void sum_goal(Arena *arena, const Val *indicators, Val *goal, Val *list) {
  Val *item = val_push_map(arena, list);
  Sum sum = {.arena = arena, .proxies = val_set_list(arena, item, "proxies")};
  val_set(arena, item, "goal", goal);
  for (size_t i = 0; i < count_of(indicators); i++) {
    const Val *indicator = indicators->as.list.items[i];
    bool counts = counts_for(indicator, vals_text(goal, "code")) && val_truth(val_get(indicator, S("has_targets")));
    if (counts) add_indicator(&sum, indicator);
  }
  val_set_str(arena, item, "course", sum.worst ? vals_text(sum.worst, "course") : str_from(course_code(COURSE_UNDETERMINED)));
  val_set_str(arena, item, "label", sum.worst ? vals_text(sum.worst, "label") : str_from(course_label(COURSE_UNDETERMINED)));
  val_set_int(arena, item, "determined", sum.determined);
  val_set_int(arena, item, "total", sum.total);
  val_set_null(arena, item, "decided_by");
  if (!sum.determined) return;
  Val *decided = val_set_map(arena, item, "decided_by");
  val_set_str(arena, decided, "code", vals_text(sum.indicator, "code"));
  val_set_str(arena, decided, "label", vals_text(sum.indicator, "title"));
}

Err indicator_goal_courses_of(Store *store, const Val *all, Arena *arena, Val **out, ErrInfo *info) {
  Vals vals = {store, arena, info};
  Val *goals, *root = *out = val_map(arena), *list;
  TRY(vals_list(&vals, "goal_codes", NO_ARGS, &goals));
  val_set_str(arena, root, "as_of", vals_text(all, "as_of"));
  val_set_str(arena, root, "known_on", vals_text(all, "known_on"));
  list = val_set_list(arena, root, "goals");
  if (!list) return vals_no_memory(&vals);
  for (size_t i = 0; i < count_of(goals); i++) sum_goal(arena, val_get(all, S("indicators")), goals->as.list.items[i], list);
  return vals_done(&vals);
}

Err indicator_goal_courses(Store *store, Day as_of, Day known_on, Arena *arena, Val **out, ErrInfo *info) {
  IndicatorQuery query = {.as_of = as_of, .known_on = known_on, .standing = true};
  Val *all;
  TRY(indicator_list(store, &query, arena, &all, info));
  return indicator_goal_courses_of(store, all, arena, out, info);
}

void indicator_mark_goals(const Val *courses, Val *goals, Arena *arena) {
  const Val *list = val_get(courses, S("goals"));
  for (size_t i = 0; i < count_of(goals); i++) {
    Val *goal = goals->as.list.items[i];
    for (size_t c = 0; c < count_of(list); c++) {
      Val *course = list->as.list.items[c];
      if (!str_eq(vals_text(val_get(course, S("goal")), "code"), vals_text(goal, "code"))) continue;
      val_set_str(arena, course, "as_of", vals_text(courses, "as_of"));
      val_set_str(arena, course, "known_on", vals_text(courses, "known_on"));
      val_set(arena, goal, "standing", course);
    }
    indicator_mark_goals(courses, (Val *)(uintptr_t)val_get(goal, S("subgoals")), arena);
  }
}
