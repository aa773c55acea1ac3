/* SPDX-License-Identifier: EUPL-1.2 */
/* Where the goals stand, and which figures are there and which are not. */
#include <math.h>
#include <time.h>

#include "base/buf.h"
#include "cli/table.h"
#include "pact/goal.h"
#include "pact/indicator.h"

Err cmd_status(CliContext *ctx);

static Str text_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_STR ? value->as.text : STR_NONE;
}

static double number_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_DOUBLE ? value->as.number : NAN;
}

/* A figure with its unit as a person reads it; nothing when there is none. */
static Str figure(CliContext *ctx, double value, Str unit) {
  if (isnan(value)) return STR_NONE;
  bool whole = fabs(value - round(value)) < 1e-9;
  return arena_printf(ctx->arena, whole ? "%.0f%s" : "%.1f%s", value, str_eq(unit, S("percent")) ? "%" : "");
}

static Str newest_value(CliContext *ctx, const Val *region, Str unit, Str *period) {
  const Val *values = val_get(region, S("values"));
  *period = STR_NONE;
  for (size_t i = values->kind == VAL_LIST ? values->as.list.count : 0; i > 0; i--) {
    const Val *value = values->as.list.items[i - 1];
    if (!val_truth(val_get(value, S("current"))) || !val_truth(val_get(value, S("leading")))) continue;
    *period = text_of(value, "period");
    if (text_of(value, "statement").len) return text_of(value, "statement");
    return figure(ctx, number_of(value, "value"), unit);
  }
  return STR_NONE;
}

/* The target in its unit, or as the pact says it where there is no baseline to work it out from. */
static Str target_of(CliContext *ctx, const Val *course, Str unit) {
  double target = number_of(course, "target"), raw = number_of(course, "target_raw");
  Str basis = text_of(course, "basis");
  if (!isnan(target) || isnan(raw)) return figure(ctx, target, unit);
  if (str_eq(basis, S("multiple"))) return arena_printf(ctx->arena, "%gx", raw);
  return str_eq(basis, S("change")) ? arena_printf(ctx->arena, "%+g%%", raw) : STR_NONE;
}

/* The figure the course was judged on: after the end that of the target's date, not the newest. */
static Str judged_value(CliContext *ctx, const Val *course, Str unit, Str *period) {
  const Val *used = val_get(course, S("used"));
  *period = text_of(used, "period");
  return figure(ctx, number_of(used, "value"), unit);
}

static void add_row(CliContext *ctx, const Val *indicator, const Val *region, const Val *course, Val *rows) {
  Val *row = val_push_map(ctx->arena, rows);
  Str unit = text_of(indicator, "unit"), period;
  bool judged = course && !str_eq(text_of(course, "reason"), S("qualitative"));
  Str value = judged ? judged_value(ctx, course, unit, &period) : newest_value(ctx, region, unit, &period);
  val_set_str(ctx->arena, row, "goal", text_of(val_get(indicator, S("goal")), "code"));
  val_set_str(ctx->arena, row, "indicator", text_of(indicator, "code"));
  val_set_str(ctx->arena, row, "region", text_of(val_get(region, S("region")), "label"));
  val_set_str(ctx->arena, row, "value", value);
  val_set_str(ctx->arena, row, "period", period);
  if (!course) return;
  val_set_str(ctx->arena, row, "edition", text_of(val_get(course, S("edition")), "code"));
  val_set_str(ctx->arena, row, "baseline", figure(ctx, number_of(course, "baseline"), unit));
  val_set_str(ctx->arena, row, "target", target_of(ctx, course, unit));
  val_set_str(ctx->arena, row, "course", text_of(course, "course"));
  if (val_truth(val_get(course, S("after_end"))))
    val_set_str(ctx->arena, row, "since", newest_value(ctx, region, unit, &period));
  Str reason = text_of(course, "reason");
  if (!str_eq(reason, S("none"))) val_set_str(ctx->arena, row, "reason", reason);
}

/* One row per course of the editions asked for; a region without a course has one row with its newest value. */
static void add_region(CliContext *ctx, const Val *indicator, const Val *region, Val *rows) {
  const Val *courses = val_get(region, S("courses"));
  size_t shown = 0;
  for (size_t c = 0; courses->kind == VAL_LIST && c < courses->as.list.count; c++) {
    const Val *course = courses->as.list.items[c];
    if (!cli_flag(ctx, "editions") && !val_truth(val_get(course, S("is_current")))) continue;
    add_row(ctx, indicator, region, course, rows);
    shown++;
  }
  if (!shown) add_row(ctx, indicator, region, NULL, rows);
}

static Val *rows_of(CliContext *ctx, const Val *found) {
  Val *rows = val_list(ctx->arena);
  const Val *indicators = val_get(found, S("indicators"));
  for (size_t i = 0; indicators->kind == VAL_LIST && i < indicators->as.list.count; i++) {
    const Val *indicator = indicators->as.list.items[i], *regions = val_get(indicator, S("regions"));
    if (!cli_flag(ctx, "all") && !val_truth(val_get(indicator, S("has_targets")))) continue;
    for (size_t r = 0; regions->kind == VAL_LIST && r < regions->as.list.count; r++)
      add_region(ctx, indicator, regions->as.list.items[r], rows);
  }
  return rows;
}

/* What stands in for figures that are not there: "1c-examen not-reached: 24.3% (2019/20), target 30%". */
static Str proxies_of(CliContext *ctx, const Val *standing) {
  const Val *proxies = val_get(standing, S("proxies"));
  Str text = STR_NONE;
  for (size_t i = 0; proxies->kind == VAL_LIST && i < proxies->as.list.count; i++) {
    const Val *proxy = proxies->as.list.items[i];
    Str unit = text_of(proxy, "unit"), value = figure(ctx, number_of(proxy, "value"), unit), target = figure(ctx, number_of(proxy, "target"), unit);
    if (!value.len)
      value = arena_printf(ctx->arena, STR_FMT " to " STR_FMT, STR_ARG(figure(ctx, number_of(proxy, "low"), unit)),
                           STR_ARG(figure(ctx, number_of(proxy, "high"), unit)));
    Str one = arena_printf(ctx->arena, STR_FMT " " STR_FMT ": " STR_FMT " (" STR_FMT "), target " STR_FMT,
                           STR_ARG(text_of(val_get(proxy, S("indicator")), "code")), STR_ARG(text_of(proxy, "course")),
                           STR_ARG(value), STR_ARG(text_of(proxy, "period")), STR_ARG(target));
    text = text.len ? arena_printf(ctx->arena, STR_FMT "; " STR_FMT, STR_ARG(text), STR_ARG(one)) : one;
  }
  return text;
}

static void add_goal(CliContext *ctx, const Val *goal, const Val *standing, Val *rows) {
  if (standing->kind != VAL_MAP) return;
  Val *row = val_push_map(ctx->arena, rows);
  val_set_str(ctx->arena, row, "goal", text_of(goal, "code"));
  val_set_str(ctx->arena, row, "title", text_of(goal, "title"));
  val_set_str(ctx->arena, row, "course", text_of(standing, "course"));
  val_set_str(ctx->arena, row, "judged", arena_printf(ctx->arena, "%lld of %lld", (long long)val_get(standing, S("determined"))->as.integer,
                                                      (long long)val_get(standing, S("total"))->as.integer));
  val_set_str(ctx->arena, row, "decided_by", text_of(val_get(standing, S("decided_by")), "code"));
  val_set_str(ctx->arena, row, "proxies", proxies_of(ctx, standing));
}

static void add_goals(CliContext *ctx, const Val *goals, Str wanted, Val *rows) {
  for (size_t i = 0; goals->kind == VAL_LIST && i < goals->as.list.count; i++) {
    const Val *goal = goals->as.list.items[i];
    if (!wanted.len || goal_within(text_of(goal, "code"), wanted)) add_goal(ctx, goal, val_get(goal, S("standing")), rows);
    if (wanted.len) add_goals(ctx, val_get(goal, S("subgoals")), wanted, rows);
  }
}

/* The goals above the indicators that were found, as the overview has them: the current edition, the North as a whole. */
static Err print_goals(CliContext *ctx, Store *store, const IndicatorQuery *query, const Val *found) {
  static const CliColumn columns[] = {{"goal", "goal", false, false},     {"title", "title", false, true},
                                      {"course", "course", false, false}, {"judged", "targets judged", true, false},
                                      {"decided_by", "decided by", false, true}, {"proxies", "stands in", false, true}};
  Val *courses, *goals, *rows = val_list(ctx->arena);
  char day[DAY_TEXT];
  day_format_iso(query->as_of, day);
  TRY(goal_list(store, ctx->arena, &goals, ctx->info));
  TRY(indicator_goal_courses_of(store, found, ctx->arena, &courses, ctx->info));
  indicator_mark_goals(courses, goals, ctx->arena);
  add_goals(ctx, goals, query->goal, rows);
  fprintf(ctx->out, "As of %s, by what %s.\n\n", day, query->known_on > query->as_of ? "is known now of the time until then" : "was known then");
  TRY(cli_print_rows(ctx, S("table"), columns, sizeof columns / sizeof *columns, rows));
  fputc('\n', ctx->out);
  return ERR_OK;
}

Err cmd_status(CliContext *ctx) {
  Store *store;
  Val *found;
  IndicatorQuery query = {.goal = cli_text(ctx, "goal"), .code = cli_text(ctx, "indicator"), .region = cli_text(ctx, "region"),
                          .as_of = cli_day(ctx, "as-of")};
  Day today = (Day)(time(NULL) / 86400);
  if (query.as_of == DAY_NONE) query.as_of = today;
  if (cli_flag(ctx, "hindsight")) query.known_on = today;
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(store_begin(store, ctx->info));
  TRY(indicator_list(store, &query, ctx->arena, &found, ctx->info));
  Str format = cli_text(ctx, "format");
  if (str_eq(format, S("json"))) return cli_print_json(ctx, found);
  static const CliColumn columns[] = {
      {"goal", "goal", false, false},       {"indicator", "indicator", false, true}, {"region", "region", false, true},
      {"baseline", "baseline", true, false}, {"target", "target", true, false},       {"value", "value", true, false},
      {"period", "period", false, false},   {"course", "course", false, false},      {"reason", "why", false, false},
      {"since", "since", true, false},
      {"edition", "edition", false, true}};
  Val *rows = rows_of(ctx, found);
  bool goals = str_eq(format, S("table")) && !query.code.ptr && !query.region.ptr;
  if (rows->as.list.count == 0) return err_set(ctx->info, ERR_NOT_FOUND, "no indicator of that goal, code and region");
  if (goals) TRY(print_goals(ctx, store, &query, found));
  return cli_print_rows(ctx, format, columns, sizeof columns / sizeof *columns, rows);
}
