/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading an action list, telling what it changes. */
#include <string.h>
#include <time.h>

#include "action/import.h"
#include "cli/refused.h"

Err cmd_import_actions(CliContext *ctx);

enum { MAPS_MAX = 64 };

static Str text_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_STR ? value->as.text : S("");
}

static long long int_of(const Val *map, const char *key) { return (long long)val_get(map, str_from(key))->as.integer; }

/* One action as it changes: "+ code title", "~ code title" and below it "field: old -> new". */
static void print_change(void *context, const ImportChange *change) {
  CliContext *ctx = context;
  cli_progress_end(ctx);
  fprintf(ctx->out, "%s%c " STR_FMT "%s  " STR_FMT "\n", cli_style(ctx, change->added ? CLI_GREEN : CLI_YELLOW),
          change->added ? '+' : '~', STR_ARG(change->code), cli_style(ctx, CLI_PLAIN), STR_ARG(change->title));
  for (size_t i = 0; i < change->fields->as.list.count; i++) {
    const Val *field = change->fields->as.list.items[i];
    Str name = text_of(field, "field"), old = text_of(field, "old"), now = text_of(field, "new");
    if (str_eq(name, S("contact"))) fprintf(ctx->out, "    contact: (not shown)\n");
    else if (change->added) fprintf(ctx->out, "    " STR_FMT ": " STR_FMT "\n", STR_ARG(name), STR_ARG(now));
    else fprintf(ctx->out, "    " STR_FMT ": " STR_FMT " -> " STR_FMT "\n", STR_ARG(name), STR_ARG(old.len ? old : S("(empty)")),
                 STR_ARG(now.len ? now : S("(empty)")));
  }
}

static void show_progress(void *context, long rows) { cli_progress(context, "rows read", rows, 0); }

static void print_report(CliContext *ctx, const Val *report, bool dry) {
  const Val *columns = val_get(report, S("columns")), *ignored = val_get(report, S("ignored"));
  const Val *organisations = val_get(report, S("organisations_added"));
  fprintf(ctx->out, STR_FMT, STR_ARG(text_of(report, "file")));
  if (text_of(report, "sheet").len) fprintf(ctx->out, ", sheet " STR_FMT, STR_ARG(text_of(report, "sheet")));
  fprintf(ctx->out, " (" STR_FMT "%s" STR_FMT "): %lld rows\ncolumns:", STR_ARG(text_of(report, "format")),
          text_of(report, "encoding").len ? " " : "", STR_ARG(text_of(report, "encoding")), int_of(report, "rows"));
  for (size_t i = 0; i < columns->as.list.count; i++)
    fprintf(ctx->out, "%s \"" STR_FMT "\" = " STR_FMT, i ? "," : "", STR_ARG(text_of(columns->as.list.items[i], "heading")),
            STR_ARG(text_of(columns->as.list.items[i], "field")));
  fputc('\n', ctx->out);
  for (size_t i = 0; i < ignored->as.list.count; i++)
    fprintf(ctx->out, "%s\"" STR_FMT "\"%s", i ? ", " : "not read: ", STR_ARG(ignored->as.list.items[i]->as.text),
            i + 1 == ignored->as.list.count ? "\n" : "");
  for (size_t i = 0; i < organisations->as.list.count; i++)
    fprintf(ctx->out, "new organisation: " STR_FMT " (" STR_FMT ")\n", STR_ARG(text_of(organisations->as.list.items[i], "label")),
            STR_ARG(text_of(organisations->as.list.items[i], "code")));
  if (int_of(report, "error_count") && !dry) return;
  fprintf(ctx->out, "%lld added, %lld changed, %lld unchanged", int_of(report, "added"), int_of(report, "changed"), int_of(report, "unchanged"));
  if (int_of(report, "assumed")) fprintf(ctx->out, "; %lld lines assumed to be kiezen (primary education)", int_of(report, "assumed"));
  fprintf(ctx->out, "%s\n", dry ? " (dry run: nothing was written)" : "");
}

static Day today(void) {
  time_t now = time(NULL);
  struct tm parts;
  gmtime_r(&now, &parts);
  return day_from_civil(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

Err cmd_import_actions(CliContext *ctx) {
  Store *store;
  Str maps[MAPS_MAX];
  Val *report = NULL;
  char sheet[256] = "";
  bool dry = cli_flag(ctx, "dry-run");
  ImportOptions options = {.maps = maps, .clear_empty = cli_flag(ctx, "clear-empty"),
                           .add_organisations = cli_flag(ctx, "add-organisations"), .today = today(),
                           .changed = dry ? print_change : NULL, .progress = show_progress, .context = ctx};
  Str name = cli_text(ctx, "sheet");
  if (name.len >= sizeof sheet) return err_set(ctx->info, ERR_USAGE, "--sheet is too long for the name of a sheet");
  if (name.ptr) options.sheet = memcpy(sheet, name.ptr, name.len);
  while (cli_nth(ctx, "map", options.map_count).ptr) {
    if (options.map_count == MAPS_MAX) return err_set(ctx->info, ERR_USAGE, "--map may be given at most %d times", MAPS_MAX);
    maps[options.map_count] = cli_nth(ctx, "map", options.map_count);
    options.map_count++;
  }
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = action_import(store, cli_path(ctx, "FILE"), &options, ctx->arena, &report, ctx->info);
  cli_progress_end(ctx);
  if (err || dry) store_rollback(store);
  else TRY(store_commit(store, ctx->info));
  if (!report) return err;
  print_report(ctx, report, dry);
  fflush(ctx->out);
  cli_print_refused(ctx, report, IMPORT_ERRORS_SHOWN);
  return err;
}
