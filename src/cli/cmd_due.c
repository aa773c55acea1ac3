/* SPDX-License-Identifier: EUPL-1.2 */
/* Which figures are due, from whom, since when; and the list its supplier fills in. */
#include <time.h>

#include "cli/table.h"
#include "monitor/supply.h"
#include "pact/round.h"

Err cmd_due(CliContext *ctx);

static void copy_text(CliContext *ctx, Val *row, const char *to, const Val *from, const char *key) {
  const Val *value = val_get(from, str_from(key));
  val_set_str(ctx->arena, row, to, value->kind == VAL_STR ? value->as.text : STR_NONE);
}

static void copy_number(CliContext *ctx, Val *row, const Val *from, const char *key) {
  const Val *value = val_get(from, str_from(key));
  if (value->kind == VAL_INT) val_set_int(ctx->arena, row, key, value->as.integer);
  else val_set_null(ctx->arena, row, key);
}

static void add_row(CliContext *ctx, const Val *indicator, const Val *region, Val *rows) {
  const Val *round = val_get(region, S("round"));
  Val *row = val_push_map(ctx->arena, rows);
  copy_text(ctx, row, "goal", val_get(indicator, S("goal")), "code");
  copy_text(ctx, row, "indicator", indicator, "code");
  copy_text(ctx, row, "region", val_get(region, S("region")), "label");
  copy_text(ctx, row, "freshness", round, "freshness");
  copy_text(ctx, row, "due_since", round, "due_since");
  copy_text(ctx, row, "due_period", round, "due_period");
  copy_number(ctx, row, round, "due_count");
  copy_text(ctx, row, "newest", val_get(round, S("newest")), "period");
  copy_number(ctx, row, round, "age_days");
  copy_text(ctx, row, "supplier", indicator, "supplier");
  copy_text(ctx, row, "publication", indicator, "publication");
  copy_number(ctx, row, indicator, "expected_month");
  copy_text(ctx, row, "needed", indicator, "needed");
}

/* Due is what was expected and is not there; with --all everything that has a target or an expected month. */
static bool wanted(CliContext *ctx, const Val *indicator, const Val *region) {
  bool planned = val_truth(val_get(indicator, S("expected_month")));
  if (cli_flag(ctx, "all")) return planned || val_truth(val_get(indicator, S("has_targets")));
  return val_truth(val_get(val_get(region, S("round")), S("due_since")));
}

static Err template_format(CliContext *ctx, SheetFormat *format) {
  static const struct { const char *ending; SheetFormat format; } endings[] = {{".xlsx", SHEET_XLSX}, {".ods", SHEET_ODS}, {".csv", SHEET_CSV}};
  Str path = cli_text(ctx, "output");
  for (size_t i = 0; i < 3; i++) {
    if (!path.ptr || !str_ends(path, str_from(endings[i].ending))) continue;
    *format = endings[i].format;
    return ERR_OK;
  }
  return err_set(ctx->info, ERR_USAGE, "--template needs --output with a file that ends in .xlsx, .ods or .csv");
}

static Err write_template(CliContext *ctx, Day as_of) {
  Store *store;
  SheetFormat format = SHEET_CSV;
  size_t rows;
  TRY(template_format(ctx, &format));
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(store_begin(store, ctx->info));
  TRY(supply_template(store, cli_text(ctx, "template"), as_of, format, cli_path(ctx, "output"), ctx->arena, &rows, ctx->info));
  fprintf(ctx->out, "Wrote %zu rows to %s.\n", rows, cli_path(ctx, "output"));
  return ERR_OK;
}

Err cmd_due(CliContext *ctx) {
  Store *store;
  Val *found, *rows = val_list(ctx->arena);
  IndicatorQuery query = {.goal = cli_text(ctx, "goal"), .region = cli_text(ctx, "region"), .as_of = cli_day(ctx, "as-of")};
  if (query.as_of == DAY_NONE) query.as_of = (Day)(time(NULL) / 86400);
  if (cli_flag(ctx, "template")) return write_template(ctx, query.as_of);
  if (cli_flag(ctx, "output")) return err_set(ctx->info, ERR_USAGE, "--output goes with --template");
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(store_begin(store, ctx->info));
  TRY(indicator_round(store, &query, ctx->arena, &found, ctx->info));
  const Val *indicators = val_get(found, S("indicators"));
  for (size_t i = 0; indicators->kind == VAL_LIST && i < indicators->as.list.count; i++) {
    const Val *indicator = indicators->as.list.items[i], *regions = val_get(indicator, S("regions"));
    for (size_t r = 0; regions->kind == VAL_LIST && r < regions->as.list.count; r++)
      if (wanted(ctx, indicator, regions->as.list.items[r])) add_row(ctx, indicator, regions->as.list.items[r], rows);
  }
  static const CliColumn columns[] = {
      {"goal", "goal", false, false},         {"indicator", "indicator", false, true}, {"region", "region", false, true},
      {"freshness", "state", false, false},   {"due_since", "due since", false, false}, {"due_period", "period", false, false},
      {"newest", "newest", false, false},     {"age_days", "days old", true, false},    {"supplier", "supplier", false, true},
      {"publication", "publication", false, true}};
  return cli_print_rows(ctx, cli_text(ctx, "format"), columns, sizeof columns / sizeof *columns, rows);
}
