/* SPDX-License-Identifier: EUPL-1.2 */
/* What is missing, inconsistent or assumed, as a list or in numbers. */
#include "cli/table.h"
#include "pact/check.h"

Err cmd_check(CliContext *ctx);

static const CliColumn FINDING_COLUMNS[] = {
  {.key = "kind", .title = "Kind"},
  {.key = "resource", .title = "Table"},
  {.key = "code", .title = "Row", .cut = true},
  {.key = "field", .title = "Field"},
  {.key = "owner", .title = "Owner", .cut = true},
  {.key = "message", .title = "What", .cut = true},
  {.key = "found", .title = "Found", .cut = true},
  {.key = "statement", .title = "Statement", .cut = true},
};
static const CliColumn OWNER_COLUMNS[] = {
  {.key = "owner", .title = "Owner", .cut = true},
  {.key = "missing", .title = "Missing", .right = true},
  {.key = "inconsistent", .title = "Inconsistent", .right = true},
  {.key = "assumed", .title = "Assumed", .right = true},
};
static const CliColumn RULE_COLUMNS[] = {
  {.key = "kind", .title = "Kind"},
  {.key = "check", .title = "Rule"},
  {.key = "count", .title = "Count", .right = true},
  {.key = "message", .title = "What", .cut = true},
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t number(const Val *map, const char *key) {
  const Val *v = val_get(map, str_from(key));
  return v->kind == VAL_INT ? v->as.integer : 0;
}

/* An owner asked for that does not exist is a mistake in typing, not an owner without findings. */
static Err check_owner(CliContext *ctx, Store *store, Str owner) {
  Rows *rows;
  bool more = false;
  if (!owner.ptr || str_eq(owner, S("-"))) return ERR_OK;
  TRY(store_query(store, "organisations", ARGS(ARG_STR(owner)), &rows, ctx->info));
  Err err = rows_next(rows, &more, ctx->info);
  rows_close(rows);
  if (err == ERR_OK && !more) return err_set(ctx->info, ERR_NOT_FOUND, "there is no organisation '" STR_FMT "'", STR_ARG(owner));
  return err;
}

static Err print_summary(CliContext *ctx, Str format, const Val *result) {
  if (str_eq(format, S("json"))) return cli_print_json(ctx, result);
  TRY(cli_print_rows(ctx, format, OWNER_COLUMNS, COUNT(OWNER_COLUMNS), val_get(result, S("by_owner"))));
  fputc('\n', ctx->out);
  return cli_print_rows(ctx, format, RULE_COLUMNS, COUNT(RULE_COLUMNS), val_get(result, S("by_check")));
}

Err cmd_check(CliContext *ctx) {
  Store *store;
  Val *result;
  Str format = cli_text(ctx, "format");
  CheckFilter filter = {.kind = cli_text(ctx, "kind"), .owner = cli_text(ctx, "owner"), .code = cli_text(ctx, "code")};
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(store_begin(store, ctx->info));
  TRY(check_owner(ctx, store, filter.owner));
  TRY(check_run(store, &filter, ctx->arena, &result, ctx->info));
  if (cli_flag(ctx, "summary")) TRY(print_summary(ctx, format, result));
  else TRY(cli_print_rows(ctx, format, FINDING_COLUMNS, COUNT(FINDING_COLUMNS), val_get(result, S("findings"))));
  if (str_eq(format, S("table")))
    fprintf(ctx->out, "\n%lld missing, %lld inconsistent, %lld assumed\n", (long long)number(result, "missing"),
            (long long)number(result, "inconsistent"), (long long)number(result, "assumed"));
  if (val_truth(val_get(result, S("cut"))) && !cli_flag(ctx, "summary"))
    fprintf(ctx->err, "pactwijzer: only the first %d findings are listed; --owner, --kind or --code narrow them\n", CHECK_FINDINGS_MAX);
  return ERR_OK;
}
