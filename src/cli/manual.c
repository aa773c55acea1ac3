/* SPDX-License-Identifier: EUPL-1.2 */
/* The manual page in mdoc, from the table of commands. */
#include <string.h>

#include "base/version.h"
#include "cli/help.h"
#include "cli/parse.h"

enum { PAGE_WIDTH = 76 };

/* One word; a leading . or ' would be a request at the start of a line, and a backslash begins an escape. */
static void word_of_text(CliContext *ctx, Str word, bool line_start) {
  if (line_start && (word.ptr[0] == '.' || word.ptr[0] == '\'')) fputs("\\&", ctx->out);
  for (size_t i = 0; i < word.len; i++) {
    if (word.ptr[i] == '\\') fputs("\\e", ctx->out);
    else fputc(word.ptr[i], ctx->out);
  }
}

/* Text on lines of its own: every sentence begins one, and none is wider than a page. */
static void text(CliContext *ctx, Str s) {
  Str word;
  size_t column = 0;
  bool sentence_ends = false;
  while (str_cut(&s, ' ', &word)) {
    if (word.len == 0) continue;
    if (column > 0 && (sentence_ends || column + 1 + word.len > PAGE_WIDTH)) {
      fputc('\n', ctx->out);
      column = 0;
    }
    if (column > 0) fputc(' ', ctx->out);
    word_of_text(ctx, word, column == 0);
    column += word.len + 1;
    sentence_ends = word.ptr[word.len - 1] == '.';
  }
  fputc('\n', ctx->out);
}

static void paragraphs(CliContext *ctx, Str s) {
  while (s.len > 0) {
    size_t end = str_find(s, S("\n\n"));
    fputs(".Pp\n", ctx->out);
    text(ctx, str_slice(s, 0, end == STR_NPOS ? s.len : end));
    s = end == STR_NPOS ? STR_NONE : str_slice(s, end + 2, s.len);
  }
}

static void synopsis(CliContext *ctx, const CliRow *command) {
  fprintf(ctx->out, ".Nm\n.Cm %s\n", command->name);
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;) {
    if (r->kind == CLI_ROW_OPTION)
      fprintf(ctx->out, r->value ? ".Op Fl -%s Ar \"%s\"\n" : ".Op Fl -%s\n", r->name, r->value);
    else fprintf(ctx->out, r->count == CLI_ONE ? ".Ar %s\n" : r->count == CLI_MANY ? ".Op Ar %s ...\n" : ".Op Ar %s\n", r->name);
  }
}

static void options(CliContext *ctx, const CliRow *command) {
  bool any = false;
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;) {
    if (!any) fputs(".Bl -tag -width Ds\n", ctx->out);
    any = true;
    if (r->kind == CLI_ROW_ARGUMENT) fprintf(ctx->out, ".It Ar %s\n", r->name);
    else if (r->value) fprintf(ctx->out, ".It Fl -%s Ar \"%s\"\n", r->name, r->value);
    else fprintf(ctx->out, ".It Fl -%s\n", r->name);
    text(ctx, str_from(r->summary));
    if (r->standard) fprintf(ctx->out, "Standard:\n.Ql %s .\n", r->standard);
    if (r->type & CLI_REPEAT) fputs("May be given several times.\n", ctx->out);
  }
  if (any) fputs(".El\n", ctx->out);
}

static void head(CliContext *ctx) {
  static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                                       "October", "November", "December"};
  int year = 1970, month = 1, day = 1;
  Day d = DAY_NONE;
  if (day_parse_iso(S(PACTWIJZER_DATE), &d)) day_to_civil(d, &year, &month, &day);
  fprintf(ctx->out, ".Dd %s %d, %d\n.Dt PACTWIJZER 1\n.Os\n.Sh NAME\n.Nm pactwijzer\n.Nd working instrument of a regional pact\n",
          months[month - 1], day, year);
}

Err cli_manual(CliContext *ctx) {
  fputs(".\\\" SPDX-License" "-Identifier: EUPL-1.2\n", ctx->out);  /* apart: this is not our own header */
  head(ctx);
  fputs(".Sh SYNOPSIS\n", ctx->out);
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND) synopsis(ctx, &CLI_ROWS[i]);
  fputs(".Sh DESCRIPTION\n.Nm\nkeeps the goals, actions, frameworks, organisations and regions of a pact in one\ndatabase,\n"
        "shows them in a browser and answers questions about them on the command line.\n"
        ".Pp\nOptions of every command:\n", ctx->out);
  options(ctx, NULL);
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++) {
    const CliRow *c = &CLI_ROWS[i];
    if (c->kind != CLI_ROW_COMMAND) continue;
    fprintf(ctx->out, ".Ss \"%s: %s\"\n", c->name, c->summary);
    if (*c->help) {
      size_t end = str_find(str_from(c->help), S("\n\n"));
      text(ctx, str_slice(str_from(c->help), 0, end));
      if (end != STR_NPOS) paragraphs(ctx, str_slice(str_from(c->help), end + 2, STR_NPOS));
    }
    options(ctx, c);
  }
  fputs(".Sh ENVIRONMENT\n.Bl -tag -width PACTWIJZER_DB\n.It Ev PACTWIJZER_DB\nthe database to use when\n.Fl -db\nis not given.\n"
        ".It Ev NO_COLOR\nwhen set and not empty, no colour is written, also on a terminal.\n.El\n"
        ".Sh FILES\n.Bl -tag -width Ds\n.It Pa data/pactwijzer.db\nthe database when nothing else is named.\n.El\n"
        ".Sh EXIT STATUS\n.Bl -tag -width Ds\n", ctx->out);
  for (int e = 0; e < ERR_COUNT; e++)
    fprintf(ctx->out, ".It %d\n%s\n", err_exit_code((Err)e), err_meaning((Err)e));
  fputs(".El\n", ctx->out);
  return ERR_OK;
}
