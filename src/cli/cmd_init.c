/* SPDX-License-Identifier: EUPL-1.2 */
/* Making a database, bringing one up to date, writing its pact as files. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action/stem_store.h"
#include "base/file.h"
#include "cli/cli.h"
#include "pact/package.h"

Err cmd_init(CliContext *ctx);
Err cmd_migrate(CliContext *ctx);
Err cmd_export(CliContext *ctx);

/* All problems of a package on standard error, one a line. */
static void print_problems(CliContext *ctx, const PackageReport *report) {
  for (size_t i = 0; i < report->count; i++) {
    Str text = package_problem_text(&report->problems[i], ctx->arena);
    fprintf(ctx->err, STR_FMT "\n", STR_ARG(text));
  }
  if (report->total > report->count) fprintf(ctx->err, "... and %zu more\n", report->total - report->count);
}

static void show_progress(void *context, size_t done, size_t rows) {
  cli_progress(context, "rows", (int64_t)done, (int64_t)rows);
}

static Err load_into(CliContext *ctx, const char *file, PackageReport *report) {
  Store *store = NULL;
  TRY(store_open(&store, file, STORE_CREATE, ctx->info));
  Err err = store_begin(store, ctx->info);
  if (err == ERR_OK) err = package_load(store, cli_path(ctx, "pact"), ctx->arena, report, ctx->info);
  if (err == ERR_OK) err = action_stems_write(store, ctx->info);
  if (err == ERR_OK) err = store_commit(store, ctx->info);
  cli_progress_end(ctx);
  store_close(store);
  return err;
}

static void remove_database(CliContext *ctx, const char *file) {
  static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    Str name = arena_printf(ctx->arena, "%s%s", file, parts[i]);
    if (name.ptr) unlink(name.ptr);
  }
}

static Err make_folder(CliContext *ctx) {
  const char *slash = strrchr(ctx->db, '/');
  if (!slash || slash == ctx->db) return ERR_OK;
  Str folder = arena_str(ctx->arena, (Str){ctx->db, (size_t)(slash - ctx->db)});
  if (!folder.ptr) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  return file_make_dirs(folder.ptr, ctx->info);
}

/* Made under another name and linked to its own when whole: link() never replaces what is there, so two of us at once,
 * or a failure halfway, cannot leave half a database or take one away. */
Err cmd_init(CliContext *ctx) {
  PackageReport report = {.progress = show_progress, .context = ctx};
  struct stat st;
  if (lstat(ctx->db, &st) == 0)
    return err_set(ctx->info, ERR_CONFLICT, "'%s' is there already and stays as it is; name another database with --db", ctx->db);
  Str part = arena_printf(ctx->arena, "%s.part-%ld", ctx->db, (long)getpid());
  if (!part.ptr) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  TRY(make_folder(ctx));
  Err err = load_into(ctx, part.ptr, &report);
  if (report.total > 0) print_problems(ctx, &report);
  if (err == ERR_OK && link(part.ptr, ctx->db) != 0)
    err = err_set(ctx->info, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "cannot make '%s': %s", ctx->db, strerror(errno));
  remove_database(ctx, part.ptr);
  TRY(err);
  fprintf(ctx->out, "Made %s: %zu rows in %zu tables.\n", ctx->db, report.rows, report.resources);
  return ERR_OK;
}

Err cmd_migrate(CliContext *ctx) {
  Store *store;
  struct stat st;
  if (stat(ctx->db, &st) != 0)
    return err_set(ctx->info, ERR_NOT_FOUND, "there is no database '%s'; 'pactwijzer init' makes one, --db names another", ctx->db);
  TRY(cli_store(ctx, STORE_CREATE, &store));
  fprintf(ctx->out, "%s has layout %d.\n", ctx->db, store_layout_version());
  return ERR_OK;
}

Err cmd_export(CliContext *ctx) {
  Store *store;
  size_t rows;
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(store_begin(store, ctx->info));
  TRY(package_export(store, cli_path(ctx, "DIR"), &rows, ctx->info));
  fprintf(ctx->out, "Wrote %zu rows to %s.\n", rows, cli_path(ctx, "DIR"));
  return ERR_OK;
}
