/* SPDX-License-Identifier: EUPL-1.2 */
/* What the writers of the three formats share. */
#ifndef PW_SHEET_WRITER_H
#define PW_SHEET_WRITER_H

#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/mem.h"
#include "sheet/sheet.h"

#define WRITER_FORM_COLUMNS 64
#define WRITER_NOTE_MAX 255   /* characters that Excel shows */

#define WRITER_NAME_MAX 31   /* characters in the name of a sheet */

typedef struct WriterName {
  char text[4 * WRITER_NAME_MAX + 8];
  bool heading;   /* the sheet has a row of headings */
} WriterName;

typedef struct WriterNames {
  WriterName *items;
  size_t count, cap;
} WriterNames;

/* One format. `state` is the format's own; every function gets the writer. */
typedef struct WriterKind {
  Err (*begin)(SheetWriter *w, ErrInfo *info);
  Err (*sheet)(SheetWriter *w, const char *name, ErrInfo *info);
  Err (*heading)(SheetWriter *w, const Str *headings, size_t count, ErrInfo *info);
  Err (*form)(SheetWriter *w, ErrInfo *info);   /* w->columns, after `sheet` and `heading`; NULL: has no forms */
  Err (*row)(SheetWriter *w, const SheetCell *cells, size_t count, ErrInfo *info);
  Err (*finish)(SheetWriter *w, ErrInfo *info);   /* the file w->temporary is complete afterwards */
  void (*free)(SheetWriter *w);
  long max_rows;
  size_t max_columns;
} WriterKind;

struct SheetWriter {
  const WriterKind *kind;
  char *path;             /* where the file goes */
  char *temporary;        /* beside it, while it is being written */
  mode_t mode;            /* rights that the user's files get */
  SheetWriteOptions options;
  char *title;            /* NULL: none */
  WriterNames names;
  SheetColumn columns[WRITER_FORM_COLUMNS];   /* of the form, when the current sheet is one */
  size_t column_count;
  long rows;              /* in the current sheet */
  bool failed, finished;
  Buf scratch;
  void *state;
};

extern const WriterKind WRITE_CSV, WRITE_XLSX, WRITE_ODS;

/* ERR_INPUT unless the text is UTF-8 without NUL; tells the cell. */
Err writer_check_text(SheetWriter *w, Str text, size_t column, ErrInfo *info) MUST_CHECK;
/* The text that a cell without a type of its own in the format is written as, in w->scratch or borrowed from the cell. */
Str writer_cell_text(SheetWriter *w, const SheetCell *cell);
/* Where a failure is: row and the letters of the column. */
void writer_at(SheetWriter *w, size_t column, ErrInfo *info);
/* Whether the cell that is written in this column of a form is locked. */
bool writer_locked(const SheetWriter *w, size_t column);
/* The note of a column, cut. */
Str writer_note(const SheetColumn *column);
/* Width in characters for a column with this heading. */
int writer_width(Str heading);
/* ERR_IO with errno's text. */
Err writer_io(SheetWriter *w, ErrInfo *info);

#endif
