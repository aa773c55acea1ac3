/* SPDX-License-Identifier: EUPL-1.2 */
/* The frame around every command: context, database, errors and exit code. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/help.h"
#include "cli/parse.h"

static const char DEFAULT_DB[] = "data/pactwijzer.db";

static int terminal_width(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

static void context_init(CliContext *ctx, Arena *arena, ErrInfo *info) {
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM"), *db = getenv("PACTWIJZER_DB");
  *ctx = (CliContext){.arena = arena, .info = info, .out = stdout, .err = stderr};
  ctx->tty = isatty(STDOUT_FILENO) == 1;
  ctx->err_tty = isatty(STDERR_FILENO) == 1;
  ctx->width = ctx->tty ? terminal_width() : 0;
  ctx->color = ctx->tty && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
  ctx->db = db && *db ? db : DEFAULT_DB;
}

Err cli_store(CliContext *ctx, StoreMode mode, Store **store) {
  if (!ctx->store) {
    Err err = store_open(&ctx->store, ctx->db, mode, ctx->info);
    if (err == ERR_NOT_FOUND)
      return err_set(ctx->info, err, "there is no database '%s'; 'pactwijzer init' makes one, --db names another", ctx->db);
    TRY(err);
  }
  *store = ctx->store;
  return ERR_OK;
}

/* Runs the chosen command, or explains it. */
static Err run(CliContext *ctx) {
  if (cli_flag(ctx, "db")) ctx->db = cli_path(ctx, "db");
  if (cli_flag(ctx, "help")) return cli_help_command(ctx, ctx->command);
  return ctx->command->handler(ctx);
}

/* What was written may still be in a buffer: a full disk shows only here. A reader that went away is no failure. */
static Err flush(CliContext *ctx) {
  errno = 0;
  if (fflush(ctx->out) == 0 && !ferror(ctx->out)) return ERR_OK;
  if (errno == EPIPE) return ERR_OK;
  return err_set(ctx->info, ERR_IO, "writing the output failed: %s", errno ? strerror(errno) : "unknown cause");
}

static void report(const CliContext *ctx, Err err) {
  char text[2048];
  err_format(ctx->info, text, sizeof text);
  fprintf(ctx->err, "pactwijzer: %s\n", *text ? text : err_meaning(err));
  if (err == ERR_USAGE && ctx->command)
    fprintf(ctx->err, "'pactwijzer help %s' explains the command.\n", ctx->command->name);
}

int cli_main(int argc, char **argv) {
  Arena arena;
  ErrInfo info = ERRINFO_INIT;
  CliContext ctx;
  /* A reader that goes away must not end us halfway: what is half made still has to be cleared away. */
  signal(SIGPIPE, SIG_IGN);
  arena_init(&arena, 0);
  context_init(&ctx, &arena, &info);
  Err err = cli_parse(&ctx, argc, argv);
  if (err == ERR_OK) err = run(&ctx);
  cli_progress_end(&ctx);
  Err flushed = flush(&ctx);
  if (err == ERR_OK) err = flushed;
  if (err != ERR_OK) report(&ctx, err);
  store_close(ctx.store);
  arena_clear(&arena);
  return err_exit_code(err);
}

void cli_progress(CliContext *ctx, const char *label, int64_t done, int64_t total) {
  if (!ctx->err_tty) return;
  ctx->progress = true;
  if (total > 0) fprintf(ctx->err, "\r%s %lld of %lld\033[K", label, (long long)done, (long long)total);
  else fprintf(ctx->err, "\r%s %lld\033[K", label, (long long)done);
  fflush(ctx->err);
}

void cli_progress_end(CliContext *ctx) {
  if (!ctx->progress) return;
  ctx->progress = false;
  fputs("\r\033[K", ctx->err);
  fflush(ctx->err);
}

const char *cli_style(const CliContext *ctx, CliStyle style) {
  static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m"};
  return ctx->color ? codes[style] : "";
}
