/* SPDX-License-Identifier: EUPL-1.2 */
/* Where the goals stand, and which figures are there and which are not. */
#include <math.h>
#include <time.h>

#include "base/buf.h"
#include "cli/table.h"
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
    return figure(ctx, number_of(value, "value"), unit);
  }
  return STR_NONE;
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
  Str value = course ? judged_value(ctx, course, unit, &period) : newest_value(ctx, region, unit, &period);
  val_set_str(ctx->arena, row, "goal", text_of(val_get(indicator, S("goal")), "code"));
  val_set_str(ctx->arena, row, "indicator", text_of(indicator, "code"));
  val_set_str(ctx->arena, row, "region", text_of(val_get(region, S("region")), "label"));
  val_set_str(ctx->arena, row, "value", value);
  val_set_str(ctx->arena, row, "period", period);
  if (!course) return;
  val_set_str(ctx->arena, row, "edition", text_of(val_get(course, S("edition")), "code"));
  val_set_str(ctx->arena, row, "baseline", figure(ctx, number_of(course, "baseline"), unit));
  val_set_str(ctx->arena, row, "target", figure(ctx, number_of(course, "target"), unit));
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
  if (rows->as.list.count == 0) return err_set(ctx->info, ERR_NOT_FOUND, "no indicator of that goal, code and region");
  return cli_print_rows(ctx, format, columns, sizeof columns / sizeof *columns, rows);
}
