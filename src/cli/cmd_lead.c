/* SPDX-License-Identifier: EUPL-1.2 */
/* Saying which source leads where several give the same figure. */
#include <time.h>

#include "cli/table.h"
#include "monitor/lead.h"

Err cmd_lead(CliContext *ctx);

static Err lead(CliContext *ctx, Store *store, bool dry) {
  Val *rows;
  LeadOptions options = {.source = cli_argument(ctx, "SOURCE"), .by = cli_text(ctx, "by"), .why = cli_text(ctx, "why"),
                         .indicator = cli_text(ctx, "indicator"), .region = cli_text(ctx, "region"), .period = cli_text(ctx, "period"),
                         .today = (Day)(time(NULL) / 86400)};
  static const CliColumn columns[] = {{"indicator", "indicator", false, false}, {"region", "region", false, false}, {"period", "period", false, false},
                                      {"value", "value", true, false},          {"other_value", "other", true, false},
                                      {"difference", "difference", true, false}, {"other_source", "other source", false, true}};
  TRY(figures_lead(store, &options, ctx->arena, &rows, ctx->info));
  if (!dry) TRY(store_commit(store, ctx->info));
  TRY(cli_print_rows(ctx, cli_text(ctx, "format"), columns, sizeof columns / sizeof *columns, rows));
  if (str_eq(cli_text(ctx, "format"), S("table")))
    fprintf(ctx->out, "%zu figures of " STR_FMT " %s\n", rows->as.list.count, STR_ARG(options.source),
            dry ? "would lead (dry run: nothing was written)" : "lead");
  return ERR_OK;
}

Err cmd_lead(CliContext *ctx) {
  Store *store;
  bool dry = cli_flag(ctx, "dry-run");
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = lead(ctx, store, dry);
  if (err != ERR_OK || dry) store_rollback(store);
  return err;
}
