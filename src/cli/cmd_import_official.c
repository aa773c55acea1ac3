/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files into measurements. */
#include <time.h>

#include "cli/cli.h"
#include "monitor/monitor.h"

Err cmd_import_duo_exams(CliContext *ctx);
Err cmd_import_duo_vo(CliContext *ctx);
Err cmd_import_cbs(CliContext *ctx);

static void print_report(CliContext *ctx, const MonitorReport *r, bool dry) {
  const OfficialReport *f = &r->file;
  fprintf(ctx->out, "Read %zu rows with %zu figures (%zu of them <5), %s to %s; %zu regions of the pact, %zu areas elsewhere.\n", f->rows,
          f->facts, f->suppressed, f->first_period, f->last_period, r->areas, r->areas_elsewhere);
  for (size_t i = 0; i < f->measures; i++)
    fprintf(ctx->out, "%s: men and women do not add up to the total in %zu of %zu places where all three are visible.\n", f->totals[i].measure,
            f->totals[i].wrong, f->totals[i].checked);
  for (size_t i = 0; i < f->mismatch_count; i++) {
    const OfficialMismatch *m = &f->mismatches[i];
    fprintf(ctx->out, "  row %ld, " STR_FMT " " STR_FMT ": %.0f + %.0f is not %.0f\n", m->row, STR_ARG(m->measure), STR_ARG(m->period), m->male, m->female, m->total);
  }
  fprintf(ctx->out, "%s%zu figures added, %zu superseded, %zu unchanged.\n", dry ? "Nothing was changed. It would be: " : "", r->added, r->superseded, r->unchanged);
}

static Err import_file(CliContext *ctx, Store *store, const Dataset *dataset, const char *path, bool dry) {
  MonitorOptions options = {.period = dataset_by_code(S("cbs-pc4")) == dataset ? STR_NONE : cli_text(ctx, "period"), .source = cli_text(ctx, "source"), .today = (Day)(time(NULL) / 86400)};
  MonitorReport *report = ARENA_NEW(ctx->arena, MonitorReport);
  if (!report) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  TRY(monitor_import(store, dataset, path, &options, ctx->arena, report, ctx->info));
  print_report(ctx, report, dry);
  return ERR_OK;
}

static Err import_official(CliContext *ctx, Str code) {
  Store *store;
  bool dry = cli_flag(ctx, "dry-run");
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = import_file(ctx, store, dataset_by_code(code), cli_path(ctx, "FILE"), dry);
  if (err == ERR_OK && !dry) return store_commit(store, ctx->info);
  store_rollback(store);
  return err;
}

Err cmd_import_duo_exams(CliContext *ctx) { return import_official(ctx, S("duo-exams")); }
Err cmd_import_duo_vo(CliContext *ctx) { return import_official(ctx, S("duo-vo")); }
Err cmd_import_cbs(CliContext *ctx) { return import_official(ctx, S("cbs-pc4")); }
