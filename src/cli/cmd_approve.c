/* SPDX-License-Identifier: EUPL-1.2 */
/* Approving figures that were entered. */
#include <time.h>

#include "cli/table.h"
#include "monitor/approve.h"

Err cmd_approve(CliContext *ctx);

static Err approve(CliContext *ctx, Store *store, bool dry) {
  Val *rows;
  ApproveOptions options = {.by = cli_text(ctx, "by"), .indicator = cli_text(ctx, "indicator"), .region = cli_text(ctx, "region"),
                            .period = cli_text(ctx, "period"), .source = cli_text(ctx, "source"), .today = (Day)(time(NULL) / 86400)};
  static const CliColumn columns[] = {{"indicator", "indicator", false, false}, {"region", "region", false, false}, {"period", "period", false, false},
                                      {"state", "state", false, false},         {"value", "value", true, false},    {"source", "source", false, true},
                                      {"entered_by", "entered by", false, true}};
  TRY(figures_approve(store, &options, ctx->arena, &rows, ctx->info));
  if (!dry) TRY(store_commit(store, ctx->info));
  TRY(cli_print_rows(ctx, cli_text(ctx, "format"), columns, sizeof columns / sizeof *columns, rows));
  if (str_eq(cli_text(ctx, "format"), S("table")))
    fprintf(ctx->out, "%zu figures %s\n", rows->as.list.count, dry ? "await approval (dry run: nothing was written)" : "approved");
  return ERR_OK;
}

Err cmd_approve(CliContext *ctx) {
  Store *store;
  bool dry = cli_flag(ctx, "dry-run");
  bool narrowed = cli_flag(ctx, "indicator") || cli_flag(ctx, "region") || cli_flag(ctx, "period") || cli_flag(ctx, "source");
  if (!narrowed && !cli_flag(ctx, "all"))
    return err_set(ctx->info, ERR_USAGE, "say which figures: --indicator, --region, --period, --source, or --all of them");
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = approve(ctx, store, dry);
  if (err != ERR_OK || dry) store_rollback(store);
  return err;
}
