/* SPDX-License-Identifier: EUPL-1.2 */
/* Help on the terminal, from the table of commands. */
#include "cli/help.h"

#include <string.h>

#include "cli/parse.h"

enum { HELP_INDENT = 26, HELP_WIDTH = 100 };

/* Writes text broken at spaces, every line but the first indented. The first line starts at column `at`. */
static void wrap(CliContext *ctx, Str text, int at, int indent) {
  int width = ctx->width > 40 && ctx->width < HELP_WIDTH ? ctx->width : HELP_WIDTH, column = at;
  Str word;
  while (str_cut(&text, ' ', &word)) {
    if (column > indent && column + 1 + (int)word.len > width) {
      fprintf(ctx->out, "\n%*s", indent, "");
      column = indent;
    } else if (column > indent) {
      fputc(' ', ctx->out);
      column++;
    }
    fprintf(ctx->out, STR_FMT, STR_ARG(word));
    column += (int)word.len;
  }
  fputc('\n', ctx->out);
}

/* One line of a list: the name in bold, the explanation beside it. */
static void item(CliContext *ctx, const char *name, const char *behind, const char *text) {
  int used = 2 + (int)strlen(name) + (*behind ? 1 + (int)strlen(behind) : 0);
  fprintf(ctx->out, "  %s%s%s%s%s", cli_style(ctx, CLI_BOLD), name, cli_style(ctx, CLI_PLAIN), *behind ? " " : "", behind);
  if (used >= HELP_INDENT) fprintf(ctx->out, "\n%*s", HELP_INDENT, "");
  else fprintf(ctx->out, "%*s", HELP_INDENT - used, "");
  wrap(ctx, str_from(text), HELP_INDENT, HELP_INDENT);
}

static void heading(CliContext *ctx, const char *text) {
  fprintf(ctx->out, "\n%s%s%s\n", cli_style(ctx, CLI_BOLD), text, cli_style(ctx, CLI_PLAIN));
}

static void paragraphs(CliContext *ctx, Str text) {
  while (text.len > 0) {
    size_t end = str_find(text, S("\n\n"));
    Str paragraph = str_slice(text, 0, end == STR_NPOS ? text.len : end);
    fputc('\n', ctx->out);
    wrap(ctx, paragraph, 0, 0);
    text = end == STR_NPOS ? STR_NONE : str_slice(text, end + 2, text.len);
  }
}

static void usage_line(CliContext *ctx, const CliRow *command) {
  bool options = false;
  fprintf(ctx->out, "pactwijzer %s", command->name);
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;) options |= r->kind == CLI_ROW_OPTION;
  fputs(options ? " [options]" : " [--db FILE]", ctx->out);
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;)
    if (r->kind == CLI_ROW_ARGUMENT)
      fprintf(ctx->out, r->count == CLI_ONE ? " %s" : r->count == CLI_MANY ? " [%s...]" : " [%s]", r->name);
  fputc('\n', ctx->out);
}

static Err option_item(CliContext *ctx, const CliRow *row) {
  Str name = arena_printf(ctx->arena, "--%s", row->name);
  Str text = row->standard ? arena_printf(ctx->arena, "%s (standard: %s)", row->summary, row->standard)
                           : arena_printf(ctx->arena, "%s%s", row->summary,
                                          row->type & CLI_REPEAT ? " (may be given several times)" : "");
  if (!name.ptr || !text.ptr) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  item(ctx, name.ptr, row->value ? row->value : "", text.ptr);
  return ERR_OK;
}

static void exit_codes(CliContext *ctx) {
  heading(ctx, "Exit codes");
  for (int e = 0; e < ERR_COUNT; e++) {
    char code[8];
    snprintf(code, sizeof code, "%d", err_exit_code((Err)e));
    item(ctx, code, "", err_meaning((Err)e));
  }
}

Err cli_help_all(CliContext *ctx) {
  fputs("pactwijzer: the working instrument of a regional pact\n", ctx->out);
  heading(ctx, "Commands");
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND) item(ctx, CLI_ROWS[i].name, "", CLI_ROWS[i].summary);
  heading(ctx, "Options of every command");
  for (const CliRow *r = NULL; (r = cli_row_next(NULL, r)) != NULL;) TRY(option_item(ctx, r));
  heading(ctx, "Environment");
  item(ctx, "PACTWIJZER_DB", "", "the database to use when --db is not given");
  item(ctx, "NO_COLOR", "", "when set and not empty: no colour, also on a terminal");
  exit_codes(ctx);
  fputs("\n'pactwijzer help COMMAND' explains one command, 'pactwijzer help --man' writes the manual page.\n", ctx->out);
  return ERR_OK;
}

Err cli_help_command(CliContext *ctx, const CliRow *command) {
  bool arguments = false;
  fprintf(ctx->out, "pactwijzer %s: %s\n\n", command->name, command->summary);
  usage_line(ctx, command);
  paragraphs(ctx, str_from(command->help));
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;) {
    if (r->kind != CLI_ROW_ARGUMENT) continue;
    if (!arguments) heading(ctx, "Arguments");
    arguments = true;
    item(ctx, r->name, "", r->summary);
  }
  heading(ctx, "Options");
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;)
    if (r->kind == CLI_ROW_OPTION) TRY(option_item(ctx, r));
  for (const CliRow *r = NULL; (r = cli_row_next(NULL, r)) != NULL;) TRY(option_item(ctx, r));
  exit_codes(ctx);
  return ERR_OK;
}
