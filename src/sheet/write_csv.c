/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>

#include "base/csv.h"
#include "sheet/writer.h"

typedef struct CsvState {
  FILE *file;
  Buf line, neutral;
} CsvState;

static Err begin(SheetWriter *w, ErrInfo *info) {
  CsvState *s = w->state = mem_alloc0(1, sizeof *s);
  if (!s) return err_set(info, ERR_MEMORY, "out of memory");
  buf_init(&s->line, 0);
  buf_init(&s->neutral, 0);
  errno = 0;
  s->file = fopen(w->temporary, "we");
  if (!s->file) return writer_io(w, info);
  if (w->options.bom && fputs("\xef\xbb\xbf", s->file) < 0) return writer_io(w, info);
  return ERR_OK;
}

static Err sheet(SheetWriter *w, const char *name, ErrInfo *info) {
  (void)name;
  if (w->names.count <= 1) return ERR_OK;
  return err_set(info, ERR_USAGE, "a CSV file has one sheet");
}

/* Numbers and dates cannot be formulas: a negative number stays a number. */
static void put_cell(SheetWriter *w, CsvState *s, Str text, bool is_text, bool first) {
  if (!first) buf_char(&s->line, w->options.delimiter);
  if (!is_text || w->options.csv_literal) {
    csv_write_cell(&s->line, text, w->options.delimiter);
    return;
  }
  buf_reset(&s->neutral);
  sheet_csv_neutral(&s->neutral, text);
  csv_write_cell(&s->line, buf_view(&s->neutral), w->options.delimiter);
}

static Err flush_line(SheetWriter *w, CsvState *s, ErrInfo *info) {
  buf_cstr(&s->line, "\r\n");
  Err err = buf_err(&s->neutral) != ERR_OK ? buf_err(&s->neutral) : buf_err(&s->line);
  if (err == ERR_OK) err = buf_err(&w->scratch);
  if (err != ERR_OK) return err_set(info, err, "out of memory");
  errno = 0;
  return fwrite(s->line.ptr, 1, s->line.len, s->file) == s->line.len ? ERR_OK : writer_io(w, info);
}

static Err heading(SheetWriter *w, const Str *headings, size_t count, ErrInfo *info) {
  CsvState *s = w->state;
  buf_reset(&s->line);
  for (size_t i = 0; i < count; i++) put_cell(w, s, headings[i], true, i == 0);
  return flush_line(w, s, info);
}

static Err row(SheetWriter *w, const SheetCell *cells, size_t count, ErrInfo *info) {
  CsvState *s = w->state;
  buf_reset(&s->line);
  for (size_t i = 0; i < count; i++) {
    SheetKind kind = cells[i].kind;
    bool is_text = kind == SHEET_TEXT || kind == SHEET_ERROR || kind == SHEET_TIME;
    put_cell(w, s, writer_cell_text(w, &cells[i]), is_text, i == 0);
  }
  return flush_line(w, s, info);
}

static Err finish(SheetWriter *w, ErrInfo *info) {
  CsvState *s = w->state;
  FILE *file = s->file;
  s->file = NULL;
  errno = 0;
  return fclose(file) == 0 ? ERR_OK : writer_io(w, info);
}

static void free_state(SheetWriter *w) {
  CsvState *s = w->state;
  if (!s) return;
  if (s->file) fclose(s->file);
  buf_clear(&s->line);
  buf_clear(&s->neutral);
  mem_free(s);
}

const WriterKind WRITE_CSV = {begin, sheet, heading, NULL, row, finish, free_state, 1000000000, 1000000};
