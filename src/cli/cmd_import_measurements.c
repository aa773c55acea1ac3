/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading the list that a supplier filled in, telling what it changes. */
#include <string.h>
#include <time.h>

#include "cli/refused.h"
#include "monitor/supply.h"

Err cmd_import_measurements(CliContext *ctx);

static Str text_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_STR ? value->as.text : S("");
}

static long long int_of(const Val *map, const char *key) { return (long long)val_get(map, str_from(key))->as.integer; }

/* "+ indicator region period: new", "~ ...: old -> new", "= ...: new beside old" with the source behind it. */
static void print_change(CliContext *ctx, const Val *change) {
  Str kind = text_of(change, "kind"), old = text_of(change, "old"), now = text_of(change, "new");
  bool added = str_eq(kind, S("added")), corrected = str_eq(kind, S("corrected"));
  fprintf(ctx->out, "%s%c%s " STR_FMT " " STR_FMT " " STR_FMT ": ", cli_style(ctx, added ? CLI_GREEN : CLI_YELLOW), added ? '+' : corrected ? '~' : '=',
          cli_style(ctx, CLI_PLAIN), STR_ARG(text_of(change, "indicator")), STR_ARG(text_of(change, "region")), STR_ARG(text_of(change, "period")));
  if (corrected) fprintf(ctx->out, STR_FMT " -> " STR_FMT, STR_ARG(old), STR_ARG(now));
  else if (added) fprintf(ctx->out, STR_FMT, STR_ARG(now));
  else fprintf(ctx->out, STR_FMT " beside the leading " STR_FMT, STR_ARG(now), STR_ARG(old));
  fprintf(ctx->out, " (row %lld, " STR_FMT ")\n", int_of(change, "row"), STR_ARG(text_of(change, "source")));
}

static void print_report(CliContext *ctx, const Val *report, bool dry) {
  const Val *changes = val_get(report, S("changes")), *ignored = val_get(report, S("ignored")), *sources = val_get(report, S("sources_added"));
  bool refused = int_of(report, "error_count") > 0;
  for (size_t i = 0; ignored->kind == VAL_LIST && i < ignored->as.list.count; i++)
    fprintf(ctx->out, "%s\"" STR_FMT "\"%s", i ? ", " : "not read: ", STR_ARG(ignored->as.list.items[i]->as.text),
            i + 1 == ignored->as.list.count ? "\n" : "");
  if (refused && !dry) return;
  for (size_t i = 0; i < changes->as.list.count; i++) print_change(ctx, changes->as.list.items[i]);
  for (size_t i = 0; i < sources->as.list.count; i++)
    fprintf(ctx->out, "new source: " STR_FMT " (" STR_FMT ")\n", STR_ARG(text_of(sources->as.list.items[i], "label")),
            STR_ARG(text_of(sources->as.list.items[i], "code")));
  fprintf(ctx->out, STR_FMT ": %lld rows, %lld of them empty; %lld added, %lld corrected, %lld beside another source, %lld unchanged%s\n",
          STR_ARG(text_of(report, "file")), int_of(report, "rows"), int_of(report, "empty"), int_of(report, "added"), int_of(report, "corrected"),
          int_of(report, "beside"), int_of(report, "unchanged"), dry ? " (dry run: nothing was written)" : "");
}

Err cmd_import_measurements(CliContext *ctx) {
  Store *store;
  Val *report = NULL;
  char sheet[256] = "";
  bool dry = cli_flag(ctx, "dry-run");
  SupplyOptions options = {.by = str_trim(cli_text(ctx, "by")), .today = (Day)(time(NULL) / 86400)};
  Str name = cli_text(ctx, "sheet");
  if (name.len >= sizeof sheet) return err_set(ctx->info, ERR_USAGE, "--sheet is too long for the name of a sheet");
  if (name.ptr) options.sheet = memcpy(sheet, name.ptr, name.len);
  TRY(supply_name_check(options.by, "--by", ctx->info));
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = supply_import(store, cli_path(ctx, "FILE"), &options, ctx->arena, &report, ctx->info);
  if (err || dry) store_rollback(store);
  else TRY(store_commit(store, ctx->info));
  if (!report) return err;
  print_report(ctx, report, dry);
  fflush(ctx->out);
  cli_print_refused(ctx, report, SUPPLY_ERRORS_SHOWN);
  return err;
}
