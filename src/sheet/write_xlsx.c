/* SPDX-License-Identifier: EUPL-1.2 */
/* XLSX out, by libxlsxwriter with constant memory: rows go to a temporary file as they come. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

#include "sheet/internal.h"
#include "sheet/writer.h"

#define EPOCH_ZIP 315532800   /* 1980-01-01, where the time of zip files begins */

typedef struct XlsxState {
  lxw_workbook *book;       /* NULL once closed */
  lxw_worksheet *sheet;
  lxw_format *bold, *date;
  lxw_format *open, *open_date, *locked, *locked_date;   /* of a form */
  char *folder;             /* for libxlsxwriter's own files: the disk that the result must fit on anyway */
  Buf text;
} XlsxState;

static Err library_error(SheetWriter *w, lxw_error error, ErrInfo *info) {
  if (error == LXW_NO_ERROR) return ERR_OK;
  if (error == LXW_ERROR_MEMORY_MALLOC_FAILED) return err_set(info, ERR_MEMORY, "out of memory");
  const char *slash = strrchr(w->path, '/');
  err_at(info, slash ? slash + 1 : w->path, NULL, 0, NULL);
  return err_set(info, ERR_IO, "cannot be written: %s", lxw_strerror(error));
}

static Err begin(SheetWriter *w, ErrInfo *info) {
  XlsxState *s = w->state = mem_alloc0(1, sizeof *s);
  if (!s) return err_set(info, ERR_MEMORY, "out of memory");
  buf_init(&s->text, 0);
  size_t size = strlen(w->path) + 2;
  s->folder = mem_alloc(size);
  if (!s->folder) return err_set(info, ERR_MEMORY, "out of memory");
  snprintf(s->folder, size, "%s", w->path);
  char *slash = strrchr(s->folder, '/');
  if (slash && slash > s->folder) *slash = 0;
  else snprintf(s->folder, size, "%s", slash ? "/" : ".");
  lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = s->folder};
  s->book = workbook_new_opt(w->temporary, &options);
  if (!s->book) return err_set(info, ERR_MEMORY, "out of memory");
  lxw_doc_properties properties = {.title = w->title, .created = w->options.created ? w->options.created : EPOCH_ZIP};
  TRY(library_error(w, workbook_set_properties(s->book, &properties), info));
  s->bold = workbook_add_format(s->book);
  s->date = workbook_add_format(s->book);
  if (!s->bold || !s->date) return err_set(info, ERR_MEMORY, "out of memory");
  format_set_bold(s->bold);
  format_set_num_format_index(s->date, 14);   /* short date as the reader's country writes it */
  return ERR_OK;
}

static Err sheet(SheetWriter *w, const char *name, ErrInfo *info) {
  XlsxState *s = w->state;
  s->sheet = workbook_add_worksheet(s->book, name);
  return s->sheet ? ERR_OK : err_set(info, ERR_IO, "sheet \"%s\" cannot be made", name);
}

/* Characters that XML cannot hold, and texts that look like their escape, as _xHHHH_ (ECMA-376 part 1, 22.9.2.19). Counts UTF-16
 * units before escaping, which is what Excel limits. */
static size_t escape(Buf *out, Str text) {
  size_t units = 0;
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    units += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    Str rest = str_slice(text, i, text.len);
    bool no_character = str_starts(rest, S("\xef\xbf\xbe")) || str_starts(rest, S("\xef\xbf\xbf"));
    if ((c < 32 && c != '\t' && c != '\n') || str_starts(rest, S("_x"))) {
      buf_printf(out, "_x%04X_", c);
    } else if (no_character) {
      buf_printf(out, "_xFFF%c_", rest.ptr[2] == '\xbe' ? 'E' : 'F');
      i += 2;
    } else {
      buf_char(out, (char)c);
    }
  }
  return units;
}

static Err put_text(SheetWriter *w, Str text, size_t column, lxw_format *format, ErrInfo *info) {
  XlsxState *s = w->state;
  if (text.len == 0) return ERR_OK;
  buf_reset(&s->text);
  size_t units = escape(&s->text, text);
  const char *zero_terminated = buf_zstr(&s->text);
  if (!zero_terminated) return err_set(info, ERR_MEMORY, "out of memory");
  lxw_error error = units > 32767 ? LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED
                                  : worksheet_write_string(s->sheet, (lxw_row_t)w->rows, (lxw_col_t)column,
                                                           zero_terminated, format);
  if (error != LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) return library_error(w, error, info);
  writer_at(w, column, info);
  return err_set(info, ERR_LIMIT, "the text has %zu characters, a cell of XLSX holds 32,767", units);
}

static Err heading(SheetWriter *w, const Str *headings, size_t count, ErrInfo *info) {
  XlsxState *s = w->state;
  for (size_t i = 0; i < count; i++) {
    lxw_error error = worksheet_set_column(s->sheet, (lxw_col_t)i, (lxw_col_t)i, writer_width(headings[i]), NULL);
    TRY(library_error(w, error, info));
    TRY(put_text(w, headings[i], i, s->bold, info));
  }
  worksheet_freeze_panes(s->sheet, 1, 0);
  return library_error(w, worksheet_repeat_rows(s->sheet, 0, 0), info);
}

static lxw_format *form_format(XlsxState *s, bool locked, bool date) {
  lxw_format *format = workbook_add_format(s->book);
  if (!format) return NULL;
  if (locked) format_set_bg_color(format, 0xEEEEEE);
  else format_set_unlocked(format);
  if (date) format_set_num_format_index(format, 14);
  return format;
}

/* What may be typed in the rows of a column, and what is told of it. */
static lxw_error put_rule(SheetWriter *w, size_t column) {
  XlsxState *s = w->state;
  const SheetColumn *c = &w->columns[column];
  char *choices[64] = {0};
  char note[4 * WRITER_NOTE_MAX + 1];
  if (!c->note && !c->choices) return LXW_NO_ERROR;
  snprintf(note, sizeof note, STR_FMT, STR_ARG(writer_note(c)));
  for (size_t i = 0; i < c->choice_count && i < 63; i++) choices[i] = (char *)(uintptr_t)c->choices[i];
  lxw_data_validation rule = {.validate = c->choices ? LXW_VALIDATION_TYPE_LIST : LXW_VALIDATION_TYPE_ANY, .value_list = choices,
                              .ignore_blank = LXW_VALIDATION_ON, .input_message = c->note ? note : NULL};
  return worksheet_data_validation_range(s->sheet, 1, (lxw_col_t)column, LXW_ROW_MAX - 1, (lxw_col_t)column, &rule);
}

/* Rows below ours stay open in every column, so that a figure nobody asked for can be added. */
static Err form(SheetWriter *w, ErrInfo *info) {
  XlsxState *s = w->state;
  s->open = form_format(s, false, false);
  s->open_date = form_format(s, false, true);
  s->locked = form_format(s, true, false);
  s->locked_date = form_format(s, true, true);
  if (!s->open || !s->open_date || !s->locked || !s->locked_date) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < w->column_count; i++) {
    lxw_error error = worksheet_set_column(s->sheet, (lxw_col_t)i, (lxw_col_t)i, writer_width(w->columns[i].heading), s->open);
    TRY(library_error(w, error, info));
    TRY(library_error(w, put_rule(w, i), info));
  }
  lxw_protection allowed = {.format_columns = LXW_TRUE, .format_rows = LXW_TRUE, .format_cells = LXW_TRUE, .insert_rows = LXW_TRUE,
                            .sort = LXW_TRUE, .autofilter = LXW_TRUE};
  worksheet_protect(s->sheet, NULL, &allowed);
  return ERR_OK;
}

static Err put_cell(SheetWriter *w, const SheetCell *cell, size_t column, ErrInfo *info) {
  XlsxState *s = w->state;
  bool locked = writer_locked(w, column);
  lxw_format *plain = w->column_count ? locked ? s->locked : s->open : NULL;
  lxw_format *date = w->column_count ? locked ? s->locked_date : s->open_date : s->date;
  lxw_row_t row = (lxw_row_t)w->rows;
  lxw_col_t at = (lxw_col_t)column;
  if (cell->kind == SHEET_NUMBER)
    return isfinite(cell->number) ? library_error(w, worksheet_write_number(s->sheet, row, at, cell->number, plain), info)
                                  : ERR_OK;
  if (cell->kind == SHEET_BOOLEAN)
    return library_error(w, worksheet_write_boolean(s->sheet, row, at, cell->number != 0, plain), info);
  double serial = cell->kind == SHEET_DATE ? value_excel_serial(cell->day) : 0;
  if (serial >= 1) return library_error(w, worksheet_write_number(s->sheet, row, at, serial, date), info);
  return put_text(w, writer_cell_text(w, cell), column, plain, info);   /* also a day before 1900 */
}

static Err row(SheetWriter *w, const SheetCell *cells, size_t count, ErrInfo *info) {
  for (size_t i = 0; i < count; i++)
    if (cells[i].kind != SHEET_EMPTY) TRY(put_cell(w, &cells[i], i, info));
  return buf_err(&w->scratch) == ERR_OK ? ERR_OK : err_set(info, ERR_MEMORY, "out of memory");
}

/* libxlsxwriter does not look whether its temporary files could be written; on a full disk a sheet would be cut off without an
 * error. So each sheet is unpacked and must end as a sheet ends. */
static Err verify_part(Package *package, size_t index, char *chunk, ErrInfo *info) {
  static const char END[] = "</worksheet>";
  enum { LEN = sizeof END - 1 };
  char name[48], tail[2 * LEN] = {0};
  snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml", index + 1);
  PackagePart part;
  size_t got = 1;
  Err err = package_part_open(&part, package, str_from(name), info);
  while (err == ERR_OK && got > 0) {
    err = package_part_read(&part, chunk, SHEET_CHUNK, &got, info);
    size_t take = got < LEN ? got : LEN;
    memmove(tail, tail + take, LEN - take);
    memcpy(tail + LEN - take, chunk + got - take, take);
  }
  package_part_close(&part);
  return err == ERR_OK && memcmp(tail, END, LEN) != 0 ? ERR_IO : err;
}

static Err verify(SheetWriter *w, ErrInfo *info) {
  SheetBudget budget;
  const SheetLimits all = {.file_bytes = INT64_MAX, .uncompressed_bytes = INT64_MAX, .ratio = UINT32_MAX,
                           .parts = UINT32_MAX, .time_ms = UINT32_MAX};
  budget_init(&budget, &all);
  budget_enter(&budget);
  Input in;
  Package package = {0};
  char *chunk = mem_alloc(SHEET_CHUNK);
  Err err = chunk ? input_open(&in, w->temporary, all.file_bytes, NULL) : ERR_MEMORY;
  if (err == ERR_OK) {
    err = package_open(&package, &in, &budget, NULL);
    for (size_t i = 0; err == ERR_OK && i < w->names.count; i++) err = verify_part(&package, i, chunk, NULL);
    package_close(&package);
    input_close(&in);
  }
  mem_free(chunk);
  if (err == ERR_MEMORY) return err_set(info, err, "out of memory");
  if (err == ERR_OK) return ERR_OK;
  errno = ENOSPC;
  return writer_io(w, info);
}

static Err finish(SheetWriter *w, ErrInfo *info) {
  XlsxState *s = w->state;
  lxw_workbook *book = s->book;
  s->book = NULL;
  TRY(library_error(w, workbook_close(book), info));   /* releases it in every case */
  return verify(w, info);
}

static void free_state(SheetWriter *w) {
  XlsxState *s = w->state;
  if (!s) return;
  if (s->book) lxw_workbook_free(s->book);
  buf_clear(&s->text);
  mem_free(s->folder);
  mem_free(s);
}

const WriterKind WRITE_XLSX = {begin, sheet, heading, form, row, finish, free_state, 1048576, 16384};
