/* SPDX-License-Identifier: EUPL-1.2 */
/* DUO's address files into places. */
#include <time.h>

#include "cli/cli.h"
#include "monitor/places.h"

Err cmd_import_duo_places(CliContext *ctx);

static void print_report(CliContext *ctx, const PlacesReport *r, bool dry) {
  fprintf(ctx->out, "Read %zu rows; %zu of them lie outside the pact's regions.\n", r->file.rows, r->elsewhere);
  size_t shown = r->mismatch_count < PLACES_MISMATCHES ? r->mismatch_count : PLACES_MISMATCHES;
  if (shown) fprintf(ctx->out, "%zu contradict the registered regions and were left as they are:\n", r->mismatch_count);
  for (size_t i = 0; i < shown; i++) fprintf(ctx->out, "  row %ld: " STR_FMT "\n", r->mismatches[i].row, STR_ARG(r->mismatches[i].text));
  if (r->emails) fprintf(ctx->out, "%zu websites are e-mail addresses and were not read.\n", r->emails);
  fprintf(ctx->out, "%s%zu places added, %zu changed, %zu ended, %zu unchanged.\n", dry ? "Nothing was changed. It would be: " : "", r->added, r->changed,
          r->ended, r->unchanged);
}

Err cmd_import_duo_places(CliContext *ctx) {
  Store *store;
  bool dry = cli_flag(ctx, "dry-run");
  PlacesOptions options = {.kind = cli_text(ctx, "kind"), .source = cli_text(ctx, "source"), .partial = cli_flag(ctx, "partial"), .today = (Day)(time(NULL) / 86400)};
  PlacesReport *report = ARENA_NEW(ctx->arena, PlacesReport);
  if (!report) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  if (!options.kind.ptr || !options.source.ptr || !day_parse_iso(cli_text(ctx, "edition"), &options.edition))
    return err_set(ctx->info, ERR_USAGE, "--kind, --edition (the day the file is of, as 2013-10-01) and --source are needed: the file says none of them");
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = places_import(store, cli_path(ctx, "FILE"), &options, ctx->arena, report, ctx->info);
  if (err != ERR_OK || dry) store_rollback(store);
  else err = store_commit(store, ctx->info);
  if (err == ERR_OK) print_report(ctx, report, dry);
  return err;
}
