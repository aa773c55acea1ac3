/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files into measurements. */
#include <time.h>

#include "cli/cli.h"
#include "monitor/monitor.h"

Err cmd_import_duo_exams(CliContext *ctx);
Err cmd_import_duo_vo(CliContext *ctx);
Err cmd_import_duo_mbo(CliContext *ctx);
Err cmd_import_cbs(CliContext *ctx);

static void print_report(CliContext *ctx, const MonitorReport *r, bool dry) {
  const OfficialReport *f = &r->file;
  fprintf(ctx->out, "Read %zu rows with %zu figures (%zu of them <5), %s to %s; %zu regions of the pact, %zu areas elsewhere.\n", f->rows,
          f->facts, f->suppressed, f->first_period, f->last_period, r->areas, r->areas_elsewhere);
  if (f->missing) fprintf(ctx->out, "%zu numbers are not there according to the file.\n", f->missing);
  for (size_t i = 0; i < sizeof f->reasons / sizeof *f->reasons && f->reasons[i].count; i++) fprintf(ctx->out, "  %s: %zu\n", f->reasons[i].name, f->reasons[i].count);
  if (f->first_id)
    fprintf(ctx->out, "The first record has ID %lld: unless the query chose ($filter), pages before it are not among the files.\n", (long long)f->first_id);
  if (f->other_periods) fprintf(ctx->out, "%zu numbers of months, weeks or other periods were left out.\n", f->other_periods);
  for (size_t i = 0; i < f->measures; i++)
    fprintf(ctx->out, "%s: men and women do not add up to the total in %zu of %zu places where all three are visible.\n", f->totals[i].measure,
            f->totals[i].wrong, f->totals[i].checked);
  for (size_t i = 0; i < f->mismatch_count; i++) {
    const OfficialMismatch *m = &f->mismatches[i];
    fprintf(ctx->out, "  row %ld, " STR_FMT " " STR_FMT ": %.0f + %.0f is not %.0f\n", m->row, STR_ARG(m->measure), STR_ARG(m->period), m->male, m->female, m->total);
  }
  if (f->same_rows)
    fprintf(ctx->out, "%zu rows are the same as an earlier one, in every cell (row %ld as row %ld); they count too.\n", f->same_rows, f->same_row, f->same_as);
  for (size_t i = 0; i < r->missing_count; i++) {
    const MonitorMissing *m = &r->missing[i];
    fprintf(ctx->out, "Not from this file: " STR_FMT " by version %lld of its definition (", STR_ARG(m->indicator), (long long)m->definition);
    if (m->field.ptr) fprintf(ctx->out, "no column for " STR_FMT ").\n", STR_ARG(m->field));
    else fputs("no row counts above the line: another name? see derivation.csv).\n", ctx->out);
  }
  size_t named = r->absent_count < MONITOR_ABSENT ? r->absent_count : MONITOR_ABSENT;
  for (size_t i = 0; i < named; i++) fprintf(ctx->out, "%s" STR_FMT, i ? ", " : "No row of the file counts for: ", STR_ARG(r->absent[i]));
  if (named) fprintf(ctx->out, "%s.\n", named < r->absent_count ? " and others" : "");
  if (r->lost) fprintf(ctx->out, "%zu figures that this dataset gave before are not in the file and stay as they are.\n", r->lost);
  if (r->other_definition)
    fprintf(ctx->out, "%zu sums left out: another version of the indicator's definition holds in their period.\n", r->other_definition);
  if (r->beside) fprintf(ctx->out, "%zu figures disagree with the leading one of another source and stand beside it; see 'lead'.\n", r->beside);
  fprintf(ctx->out, "%s%zu figures added, %zu superseded, %zu unchanged.\n", dry ? "Nothing was changed. It would be: " : "", r->added, r->superseded, r->unchanged);
}

static MonitorOptions options_of(CliContext *ctx, bool with_period) {
  return (MonitorOptions){.period = with_period ? cli_text(ctx, "period") : STR_NONE, .source = cli_text(ctx, "source"),
                          .partial = with_period && cli_flag(ctx, "partial"), .today = (Day)(time(NULL) / 86400)};
}

/* What was read, told once it is certain. */
typedef struct Read {
  const char *title;     /* before the report; NULL: none */
  const Dataset *dataset;
  MonitorReport report;
  struct Read *next;
} Read;

static Read *read_new(CliContext *ctx, Read ***end) {
  Read *made = ARENA_NEW(ctx->arena, Read);
  if (made) **end = made, *end = &made->next;
  return made;
}

/* Files of DUO, one after another, each with its report. */
static Err import_duo(CliContext *ctx, Store *store, const Dataset *dataset, Read **reads) {
  MonitorOptions options = options_of(ctx, true);
  for (size_t i = 0; cli_nth(ctx, "FILE", i).ptr; i++) {
    const char *path = arena_zstr(ctx->arena, cli_nth(ctx, "FILE", i));
    Read *read = read_new(ctx, &reads);
    if (!path || !read) return err_set(ctx->info, ERR_MEMORY, "out of memory");
    if (cli_nth(ctx, "FILE", 1).ptr) read->title = path;
    TRY(monitor_import(store, dataset, path, &options, ctx->arena, &read->report, ctx->info));
  }
  return ERR_OK;
}

static Err import_cbs(CliContext *ctx, Store *store, Read **reads) {
  MonitorOptions options = options_of(ctx, false);
  size_t count = 0;
  while (cli_nth(ctx, "FILE", count).ptr) count++;
  const char **paths = ARENA_ARRAY(ctx->arena, const char *, count);
  Read *read = read_new(ctx, &reads);
  if (!paths || !read) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < count; i++)
    if (!(paths[i] = arena_zstr(ctx->arena, cli_nth(ctx, "FILE", i)))) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  return monitor_import_cbs(store, paths, count, &options, ctx->arena, &read->dataset, &read->report, ctx->info);
}

/* `code` of a dataset of DUO; ptr NULL: files of CBS. */
static Err import_official(CliContext *ctx, Str code) {
  Store *store;
  Read *reads = NULL;
  bool dry = cli_flag(ctx, "dry-run");
  if (!cli_nth(ctx, "FILE", 0).ptr) return err_set(ctx->info, ERR_USAGE, "no FILE; give one or more");
  TRY(cli_store(ctx, STORE_WRITE, &store));
  TRY(store_begin(store, ctx->info));
  Err err = code.ptr ? import_duo(ctx, store, dataset_by_code(code), &reads) : import_cbs(ctx, store, &reads);
  if (err != ERR_OK || dry) store_rollback(store);
  else err = store_commit(store, ctx->info);
  for (const Read *r = err == ERR_OK ? reads : NULL; r; r = r->next) {
    if (r->title) fprintf(ctx->out, "%s\n", r->title);
    if (r->dataset) fprintf(ctx->out, "%s: %s\n", dataset_code(r->dataset), dataset_title(r->dataset));
    print_report(ctx, &r->report, dry);
  }
  return err;
}

Err cmd_import_duo_exams(CliContext *ctx) { return import_official(ctx, S("duo-exams")); }
Err cmd_import_duo_vo(CliContext *ctx) { return import_official(ctx, S("duo-vo")); }
Err cmd_import_duo_mbo(CliContext *ctx) { return import_official(ctx, S("duo-mbo")); }
Err cmd_import_cbs(CliContext *ctx) { return import_official(ctx, STR_NONE); }
