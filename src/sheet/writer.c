/* SPDX-License-Identifier: EUPL-1.2 */
/* Writing tables: what is the same for the three formats. */
#include "sheet/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static const WriterKind *const KINDS[] = {[SHEET_CSV] = &WRITE_CSV, [SHEET_XLSX] = &WRITE_XLSX, [SHEET_ODS] = &WRITE_ODS};

Err writer_io(SheetWriter *w, ErrInfo *info) {
  const char *slash = strrchr(w->path, '/');
  err_at(info, slash ? slash + 1 : w->path, NULL, 0, NULL);
  return err_set(info, ERR_IO, "cannot be written: %s", strerror(errno ? errno : EIO));
}

/* An empty file beside the target, so that putting it in place is one rename; made with the user's usual rights, which mkstemp
 * would not do. */
static Err make_temporary(SheetWriter *w, const char *path, ErrInfo *info) {
  size_t len = strlen(path);
  w->path = mem_alloc(len + 1);
  w->temporary = mem_alloc0(1, len + 48);
  if (!w->path || !w->temporary) return err_set(info, ERR_MEMORY, "out of memory");
  memcpy(w->path, path, len + 1);
  int fd = -1;
  errno = EEXIST;
  for (int n = 0; fd < 0 && n < 1000 && errno == EEXIST; n++) {
    snprintf(w->temporary, len + 48, "%s.tmp-%ld-%d", path, (long)getpid(), n);
    fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0) {
    if (fd >= 0) close(fd);
    w->temporary[0] = 0;
    return writer_io(w, info);
  }
  w->mode = st.st_mode & 0777;
  close(fd);
  return ERR_OK;
}

Err sheet_writer_new(SheetWriter **out, SheetFormat format, const char *path, const SheetWriteOptions *options,
                     ErrInfo *info) {
  *out = NULL;
  SheetWriter *w = mem_alloc0(1, sizeof *w);
  if (!w) return err_set(info, ERR_MEMORY, "out of memory");
  w->kind = KINDS[format];
  if (options) w->options = *options;
  if (!w->options.delimiter) w->options.delimiter = ',';
  buf_init(&w->scratch, 0);
  Err err = make_temporary(w, path, info);
  if (err == ERR_OK && w->options.title) {
    size_t size = strlen(w->options.title) + 1;
    w->title = mem_alloc(size);
    if (w->title) memcpy(w->title, w->options.title, size);
    else err = err_set(info, ERR_MEMORY, "out of memory");
  }
  w->options.title = NULL;
  if (err == ERR_OK) err = w->kind->begin(w, info);
  if (err != ERR_OK) {
    sheet_writer_free(w);
    return err;
  }
  *out = w;
  return ERR_OK;
}

static bool name_used(const WriterNames *names, const char *name) {
  for (size_t i = 0; i < names->count; i++)
    if (str_eq_nocase(str_from(names->items[i].text), str_from(name))) return true;
  return false;
}

/* Bytes of the first `max` characters. */
static size_t first_characters(Str s, size_t max) {
  size_t at = 0;
  while (at < s.len && (max > 0 || ((unsigned char)s.ptr[at] & 0xC0) == 0x80)) {
    if (((unsigned char)s.ptr[at] & 0xC0) != 0x80 && max-- == 0) break;
    at++;
  }
  while (at < s.len && ((unsigned char)s.ptr[at] & 0xC0) == 0x80) at++;
  return at;
}

/* A name that Excel takes: no []:*?/\ or control characters, no apostrophe at the ends, not empty, not used, at most 31
 * characters (characters beyond U+FFFF count twice; 15 of those fit, so the cut is at 31 or earlier). */
static void make_name(const WriterNames *names, Str wanted, char *out, size_t size) {
  char clean[4 * WRITER_NAME_MAX + 1];
  size_t units = 0, len = 0;
  wanted = str_trim(wanted);
  for (size_t i = 0; i < wanted.len;) {
    size_t n = first_characters(str_slice(wanted, i, wanted.len), 1);
    units += n > 3 ? 2 : 1;
    if (n == 0 || units > WRITER_NAME_MAX || len + n >= sizeof clean) break;
    char c = wanted.ptr[i];
    bool bad = n == 1 && ((unsigned char)c < 32 || strchr("[]:*?/\\", c));
    if (c == '\'' && (i == 0 || i + 1 == wanted.len)) bad = true;
    if (bad) clean[len++] = '_';
    else memcpy(clean + len, wanted.ptr + i, n), len += n;
    i += n;
  }
  clean[len] = 0;
  snprintf(out, size, "%s", len ? clean : "Sheet");
  for (int n = 2; name_used(names, out) && n < 1000; n++) {
    char suffix[16];
    snprintf(suffix, sizeof suffix, " (%d)", n);
    size_t keep = first_characters(str_from(len ? clean : "Sheet"), WRITER_NAME_MAX - strlen(suffix));
    snprintf(out, size, "%.*s%s", (int)keep, len ? clean : "Sheet", suffix);
  }
}

static Err writer_failed(SheetWriter *w, Err err) {
  if (err != ERR_OK) w->failed = true;
  return err;
}

Err sheet_writer_sheet(SheetWriter *w, Str name, ErrInfo *info) {
  if (w->failed || w->finished) return err_set(info, ERR_IO, "writing has failed before or is finished");
  if (!text_utf8_valid(name)) return err_set(info, ERR_INPUT, "the name of a sheet is not UTF-8");
  WriterNames *names = &w->names;
  void *items = names->items;
  bool grown = mem_grow(&items, &names->cap, names->count + 1, sizeof *names->items);
  names->items = items;
  if (!grown) return writer_failed(w, err_set(info, ERR_MEMORY, "out of memory"));
  WriterName *added = &names->items[names->count];
  make_name(names, name, added->text, sizeof added->text);
  added->heading = false;
  names->count += 1;
  w->rows = 0;
  if (names->count > 1) w->column_count = 0;   /* only the first sheet can be a form */
  return writer_failed(w, w->kind->sheet(w, added->text, info));
}

static Err check_row(SheetWriter *w, size_t count, ErrInfo *info) {
  if (w->failed || w->finished) return err_set(info, ERR_IO, "writing has failed before or is finished");
  if (w->names.count == 0) TRY(sheet_writer_sheet(w, S(""), info));
  if (count > w->kind->max_columns)
    return writer_failed(w, err_set(info, ERR_LIMIT, "%zu columns, the format has %zu", count, w->kind->max_columns));
  if (w->rows >= w->kind->max_rows)
    return writer_failed(w, err_set(info, ERR_LIMIT, "more rows than the %ld of the format", w->kind->max_rows));
  return ERR_OK;
}

Err sheet_write_heading(SheetWriter *w, const Str *headings, size_t count, ErrInfo *info) {
  TRY(check_row(w, count, info));
  if (w->rows > 0) return err_set(info, ERR_USAGE, "the heading is the first row of a sheet");
  for (size_t i = 0; i < count; i++) TRY(writer_failed(w, writer_check_text(w, headings[i], i, info)));
  TRY(writer_failed(w, w->kind->heading(w, headings, count, info)));
  w->names.items[w->names.count - 1].heading = true;
  w->rows += 1;
  return ERR_OK;
}

Err sheet_write_form(SheetWriter *w, Str name, const SheetColumn *columns, size_t count, ErrInfo *info) {
  Str headings[WRITER_FORM_COLUMNS];
  if (w->names.count > 0 || count > WRITER_FORM_COLUMNS)
    return err_set(info, ERR_USAGE, "a form is the first sheet and has at most %d columns", WRITER_FORM_COLUMNS);
  for (size_t i = 0; i < count; i++) headings[i] = columns[i].heading;
  memcpy(w->columns, columns, count * sizeof *columns);
  w->column_count = count;
  TRY(sheet_writer_sheet(w, name, info));
  TRY(sheet_write_heading(w, headings, count, info));
  return w->kind->form ? writer_failed(w, w->kind->form(w, info)) : ERR_OK;
}

bool writer_locked(const SheetWriter *w, size_t column) { return column < w->column_count && w->columns[column].locked; }

Str writer_note(const SheetColumn *column) {
  Str note = str_from(column->note ? column->note : "");
  return str_slice(note, 0, first_characters(note, WRITER_NOTE_MAX));
}

Err sheet_write_row(SheetWriter *w, const SheetCell *cells, size_t count, ErrInfo *info) {
  TRY(check_row(w, count, info));
  for (size_t i = 0; i < count; i++)
    if (cells[i].kind != SHEET_EMPTY) TRY(writer_failed(w, writer_check_text(w, cells[i].text, i, info)));
  TRY(writer_failed(w, w->kind->row(w, cells, count, info)));
  w->rows += 1;
  return ERR_OK;
}

void writer_at(SheetWriter *w, size_t column, ErrInfo *info) {
  char letters[SHEET_REF];
  sheet_ref(letters, 0, column);
  const char *slash = strrchr(w->path, '/');
  char sheet[64];
  snprintf(sheet, sizeof sheet, "%.60s", w->names.count ? w->names.items[w->names.count - 1].text : "");
  err_at(info, slash ? slash + 1 : w->path, sheet, w->rows + 1, letters);
}

Err writer_check_text(SheetWriter *w, Str text, size_t column, ErrInfo *info) {
  bool zero = text.len > 0 && memchr(text.ptr, 0, text.len) != NULL;
  if (!zero && text_utf8_valid(text)) return ERR_OK;
  writer_at(w, column, info);
  return err_set(info, ERR_INPUT, zero ? "the text holds a NUL byte" : "the text is not UTF-8");
}

Str writer_cell_text(SheetWriter *w, const SheetCell *cell) {
  char iso[DAY_TEXT];
  buf_reset(&w->scratch);
  switch (cell->kind) {
    case SHEET_EMPTY: return S("");
    case SHEET_TEXT: case SHEET_TIME: case SHEET_ERROR: return cell->text;
    case SHEET_BOOLEAN: return cell->number != 0 ? S("true") : S("false");
    case SHEET_DATE:
      day_format_iso(cell->day, iso);
      buf_cstr(&w->scratch, iso);
      break;
    case SHEET_NUMBER:
      if (!isfinite(cell->number)) return S("");
      if (cell->number == floor(cell->number) && fabs(cell->number) < 1e15) buf_int(&w->scratch, (int64_t)cell->number);
      else buf_double(&w->scratch, cell->number);
      break;
  }
  return buf_view(&w->scratch);
}

int writer_width(Str heading) {
  static const int WIDTHS[] = {9, 13, 18, 26, 36, 50};
  size_t need = text_length(heading) + 3, i = 0;
  while (i + 1 < sizeof WIDTHS / sizeof *WIDTHS && (size_t)WIDTHS[i] < need) i++;
  return WIDTHS[i];
}

/* libzip makes its own file in our name. After a crash of the machine the name must not point to an empty file. */
static Err sync_file(SheetWriter *w, ErrInfo *info) {
  int fd = open(w->temporary, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return writer_io(w, info);
  int failed = fchmod(fd, w->mode) != 0 || fsync(fd) != 0;
  close(fd);
  return failed ? writer_io(w, info) : ERR_OK;
}

Err sheet_writer_finish(SheetWriter *w, ErrInfo *info) {
  if (w->failed || w->finished) return err_set(info, ERR_IO, "writing has failed before or is finished");
  if (w->names.count == 0) TRY(sheet_writer_sheet(w, S(""), info));
  TRY(writer_failed(w, w->kind->finish(w, info)));
  TRY(writer_failed(w, sync_file(w, info)));
  if (rename(w->temporary, w->path) != 0) return writer_failed(w, writer_io(w, info));
  w->temporary[0] = 0;
  w->finished = true;
  return ERR_OK;
}

void sheet_writer_free(SheetWriter *w) {
  if (!w) return;
  w->kind->free(w);
  if (w->temporary && w->temporary[0]) unlink(w->temporary);
  buf_clear(&w->scratch);
  mem_free(w->names.items);
  mem_free(w->title);
  mem_free(w->temporary);
  mem_free(w->path);
  mem_free(w);
}
