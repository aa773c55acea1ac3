/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/csv.h"

#include <string.h>

enum { CHUNK = 65536, DEFAULT_CELLS = 16384, DEFAULT_CELL_BYTES = 1 << 20 };

struct CsvReader {
  CsvSource source;
  void *context;
  CsvOptions options;
  Str memory;           /* what is left of a text in memory */
  char *chunk;          /* CHUNK bytes */
  size_t at, filled;    /* next byte and number of bytes in chunk */
  bool ended;           /* the source gave its end */
  long line;            /* physical line of the next byte */
  long record_line;     /* physical line of the last record's first byte */
  Buf text;             /* the record's cells, one after another */
  size_t *ends;         /* end of each cell in text */
  size_t ends_cap;
  Str *cells;
  size_t cells_cap;
  size_t count;         /* cells in the record so far */
};

static long memory_source(void *context, char *dst, size_t size) {
  Str *left = &((CsvReader *)context)->memory;
  size_t n = left->len < size ? left->len : size;
  if (n) memcpy(dst, left->ptr, n);
  *left = str_slice(*left, n, left->len);
  return (long)n;
}

Err csv_new(CsvReader **out, CsvSource source, void *context, CsvOptions options, ErrInfo *info) {
  *out = NULL;
  CsvReader *reader = mem_alloc0(1, sizeof *reader);
  if (!reader) return err_set(info, ERR_MEMORY, "out of memory");
  reader->chunk = mem_alloc(CHUNK);
  if (!reader->chunk) {
    mem_free(reader);
    return err_set(info, ERR_MEMORY, "out of memory");
  }
  reader->source = source;
  reader->context = context;
  reader->options = options;
  if (!reader->options.max_cells) reader->options.max_cells = DEFAULT_CELLS;
  if (!reader->options.max_cell_bytes) reader->options.max_cell_bytes = DEFAULT_CELL_BYTES;
  if (!reader->options.delimiter) reader->options.delimiter = ',';
  reader->line = 1;
  buf_init(&reader->text, 0);
  *out = reader;
  return ERR_OK;
}

Err csv_new_text(CsvReader **out, Str text, CsvOptions options, ErrInfo *info) {
  TRY(csv_new(out, memory_source, NULL, options, info));
  (*out)->memory = text;
  (*out)->context = *out;
  return ERR_OK;
}

void csv_free(CsvReader *reader) {
  if (!reader) return;
  buf_clear(&reader->text);
  mem_free(reader->ends);
  mem_free(reader->cells);
  mem_free(reader->chunk);
  mem_free(reader);
}

long csv_line(const CsvReader *reader) { return reader->record_line; }

/* The next byte without taking it: 0..255, -1 at the end, -2 on failure. */
static int peek(CsvReader *reader) {
  if (reader->at == reader->filled) {
    if (reader->ended) return -1;
    long got = reader->source(reader->context, reader->chunk, CHUNK);
    if (got < 0) return -2;
    reader->ended = got == 0;
    reader->at = 0;
    reader->filled = (size_t)got;
    if (got == 0) return -1;
  }
  return (unsigned char)reader->chunk[reader->at];
}

static Err fail(CsvReader *reader, ErrInfo *info, Err code, const char *message) {
  err_at(info, NULL, NULL, reader->line, NULL);
  return err_set(info, code, "%s", message);
}

static Err end_cell(CsvReader *reader, ErrInfo *info) {
  if (reader->count == reader->options.max_cells) return fail(reader, info, ERR_LIMIT, "too many cells in one line");
  void *ends = reader->ends;
  if (!mem_grow(&ends, &reader->ends_cap, reader->count + 1, sizeof(size_t)))
    return fail(reader, info, ERR_MEMORY, "out of memory");
  reader->ends = ends;
  reader->ends[reader->count++] = reader->text.len;
  return ERR_OK;
}

static Err add_byte(CsvReader *reader, size_t cell_start, int c, ErrInfo *info) {
  if (c == 0) return fail(reader, info, ERR_INPUT, "a NUL byte, which no text file holds; expected text");
  if (reader->text.len - cell_start >= reader->options.max_cell_bytes)
    return fail(reader, info, ERR_LIMIT, "a cell is longer than allowed (is a quote missing?)");
  buf_char(&reader->text, (char)c);
  return buf_err(&reader->text) ? fail(reader, info, ERR_MEMORY, "out of memory") : ERR_OK;
}

/* Takes a line end at the current byte (CR, LF or CR LF). */
static void take_line_end(CsvReader *reader, int c) {
  reader->at++;
  if (c == '\r' && peek(reader) == '\n') reader->at++;
  reader->line++;
}

/* Reads the rest of a quoted cell; the opening quote has been taken. */
static Err read_quoted(CsvReader *reader, size_t cell_start, ErrInfo *info) {
  long opened = reader->line;
  for (;;) {
    int c = peek(reader);
    if (c == -2) return fail(reader, info, ERR_IO, "cannot read the file");
    if (c == -1) {
      reader->line = opened;
      return fail(reader, info, ERR_INPUT, "a quote is opened here and never closed");
    }
    reader->at++;
    if (c == '"') {
      if (peek(reader) != '"') break;
      reader->at++;
    }
    if (c == '\n') reader->line++;
    TRY(add_byte(reader, cell_start, c, info));
  }
  int c = peek(reader);
  if (c == -1 || c == '\n' || c == '\r' || c == (unsigned char)reader->options.delimiter) return ERR_OK;
  if (c == -2) return fail(reader, info, ERR_IO, "cannot read the file");
  return fail(reader, info, ERR_INPUT, "text after a closing quote; expected the delimiter or the end of the line");
}

static Err read_plain(CsvReader *reader, size_t cell_start, ErrInfo *info) {
  for (;;) {
    int c = peek(reader);
    if (c == -2) return fail(reader, info, ERR_IO, "cannot read the file");
    if (c == -1 || c == '\n' || c == '\r' || c == (unsigned char)reader->options.delimiter) return ERR_OK;
    reader->at++;
    TRY(add_byte(reader, cell_start, c, info));
  }
}

static Err point_cells(CsvReader *reader, ErrInfo *info) {
  void *cells = reader->cells;
  if (!mem_grow(&cells, &reader->cells_cap, reader->count, sizeof(Str)))
    return fail(reader, info, ERR_MEMORY, "out of memory");
  reader->cells = cells;
  Str all = buf_view(&reader->text);
  for (size_t i = 0; i < reader->count; i++)
    reader->cells[i] = str_slice(all, i ? reader->ends[i - 1] : 0, reader->ends[i]);
  return ERR_OK;
}

Err csv_next(CsvReader *reader, const Str **cells, size_t *count, ErrInfo *info) {
  *cells = NULL;
  *count = 0;
  buf_reset(&reader->text);
  reader->count = 0;
  reader->record_line = reader->line;
  int c = peek(reader);
  if (c == -2) return fail(reader, info, ERR_IO, "cannot read the file");
  if (c == -1) return ERR_OK;
  for (;;) {
    size_t start = reader->text.len;
    if (peek(reader) == '"') {
      reader->at++;
      TRY(read_quoted(reader, start, info));
    } else {
      TRY(read_plain(reader, start, info));
    }
    TRY(end_cell(reader, info));
    c = peek(reader);
    if (c == -2) return fail(reader, info, ERR_IO, "cannot read the file");
    if (c == -1) break;
    if (c == '\n' || c == '\r') {
      take_line_end(reader, c);
      break;
    }
    reader->at++;
  }
  TRY(point_cells(reader, info));
  *cells = reader->cells;
  *count = reader->count;
  return ERR_OK;
}

/* How evenly a delimiter splits the first lines: lines that have as many as the first line, when it has any. */
static size_t evenness(Str sample, char delimiter) {
  size_t lines = 0, same = 0, first = 0, here = 0;
  bool quoted = false;
  for (size_t i = 0; i <= sample.len && lines < 20; i++) {
    char c = i < sample.len ? sample.ptr[i] : '\n';
    if (c == '"') quoted = !quoted;
    else if (!quoted && c == delimiter) here++;
    else if ((!quoted || i == sample.len) && c == '\n') {
      if (lines == 0) first = here;
      if (here == first && (here || i < sample.len)) same++;
      lines++;
      here = 0;
    }
  }
  return first ? same * 1000 + (first < 999 ? first : 999) : 0;
}

char csv_guess_delimiter(Str sample) {
  static const char candidates[] = {',', ';', '\t', '|'};
  char best = ',';
  size_t most = 0;
  for (size_t i = 0; i < sizeof candidates; i++) {
    size_t score = evenness(sample, candidates[i]);
    if (score > most) {
      most = score;
      best = candidates[i];
    }
  }
  return best;
}

static bool needs_quotes(Str cell, char delimiter) {
  if (cell.len == 0) return false;
  if (cell.ptr[0] == ' ' || cell.ptr[cell.len - 1] == ' ') return true;
  for (size_t i = 0; i < cell.len; i++) {
    char c = cell.ptr[i];
    if (c == delimiter || c == '"' || c == '\n' || c == '\r') return true;
  }
  return false;
}

void csv_write_cell(Buf *out, Str cell, char delimiter) {
  if (!needs_quotes(cell, delimiter)) {
    buf_str(out, cell);
    return;
  }
  buf_char(out, '"');
  for (size_t i = 0; i < cell.len; i++) {
    if (cell.ptr[i] == '"') buf_char(out, '"');
    buf_char(out, cell.ptr[i]);
  }
  buf_char(out, '"');
}

void csv_write_record(Buf *out, const Str *cells, size_t count, char delimiter, const char *line_end) {
  for (size_t i = 0; i < count; i++) {
    if (i) buf_char(out, delimiter);
    csv_write_cell(out, cells[i], delimiter);
  }
  buf_cstr(out, line_end);
}
