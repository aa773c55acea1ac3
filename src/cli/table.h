/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows of values on standard output: as an aligned table, as CSV or as JSON. */
#ifndef PW_CLI_TABLE_H
#define PW_CLI_TABLE_H

#include "cli/cli.h"

typedef struct CliColumn {
  const char *key;    /* member of each row */
  const char *title;  /* heading in the table; CSV uses the key */
  bool right;         /* aligned to the right: numbers */
  bool cut;           /* may be shortened to fit the terminal */
} CliColumn;

/* Writes `rows` (a list of maps) by `format`: "table", "csv" (comma, CRLF, UTF-8) or "json" (the list as it is, all
 * members). A cell that is a list is written as its items parted by ", ". In CSV a text that a spreadsheet would take
 * for a formula is led by an apostrophe. Columns are aligned by display width and cut to the width of the terminal,
 * when the output is one. */
Err cli_print_rows(CliContext *ctx, Str format, const CliColumn *columns, size_t count, const Val *rows) MUST_CHECK;

/* Columns of a terminal that a text takes (wide and combining characters counted as such). */
size_t cli_display_width(Str text);
/* Writes one JSON document and a line end. */
Err cli_print_json(CliContext *ctx, const Val *value) MUST_CHECK;

#endif
