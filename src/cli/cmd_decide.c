/* SPDX-License-Identifier: EUPL-1.2 */
/* Recording what was decided about two actions. */
#include <time.h>

#include "action/decision.h"
#include "cli/cli.h"

Err cmd_decide(CliContext *ctx);

static Err record(CliContext *ctx, Store *store, Day today) {
  DecisionNew new = {.action = cli_argument(ctx, "ACTION"), .other = cli_argument(ctx, "OTHER"), .decision = cli_text(ctx, "decision"),
                     .by = cli_text(ctx, "by"), .reason = cli_text(ctx, "why"), .source = cli_text(ctx, "source"),
                     .section = cli_text(ctx, "section"), .on = cli_day(ctx, "date"), .today = today};
  Str code;
  if (!new.decision.ptr || !new.by.ptr || !new.reason.ptr)
    return err_set(ctx->info, ERR_USAGE, "a decision needs --decision, --by and --why; --withdraw takes one back");
  TRY(decision_record(store, &new, ctx->arena, &code, ctx->info));
  TRY(store_commit(store, ctx->info));
  fprintf(ctx->out, "Recorded " STR_FMT ": " STR_FMT " " STR_FMT " and " STR_FMT ".\n", STR_ARG(code), STR_ARG(new.decision),
          STR_ARG(new.action), STR_ARG(new.other));
  return ERR_OK;
}

static Err withdraw(CliContext *ctx, Store *store, Day today) {
  Str action = cli_argument(ctx, "ACTION"), other = cli_argument(ctx, "OTHER");
  if (cli_text(ctx, "decision").ptr || cli_text(ctx, "by").ptr || cli_text(ctx, "why").ptr)
    return err_set(ctx->info, ERR_USAGE, "--withdraw goes without --decision, --by and --why");
  TRY(decision_withdraw(store, action, other, today, ctx->info));
  TRY(store_commit(store, ctx->info));
  fprintf(ctx->out, "Withdrew the decision about " STR_FMT " and " STR_FMT ".\n", STR_ARG(action), STR_ARG(other));
  return ERR_OK;
}

Err cmd_decide(CliContext *ctx) {
  Store *store;
  Day today = (Day)(time(NULL) / 86400);
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = cli_flag(ctx, "withdraw") ? withdraw(ctx, store, today) : record(ctx, store, today);
  if (err) store_rollback(store);
  return err;
}
