/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV as RFC 4180 with the freedoms found in the wild: any one-byte delimiter, LF or CRLF or CR, quotes doubled
 * inside quotes. Streaming: the reader is fed by a callback and holds one record at a time. */
#ifndef PW_BASE_CSV_H
#define PW_BASE_CSV_H

#include "base/buf.h"
#include "base/mem.h"

/* Fills dst with up to size bytes; returns the count, 0 at the end, -1 on failure. */
typedef long (*CsvSource)(void *context, char *dst, size_t size);

typedef struct CsvOptions {
  char delimiter;           /* ',' ';' '\t' ... */
  size_t max_cell_bytes;    /* a longer cell is ERR_LIMIT; 0: 1 MiB */
  size_t max_cells;         /* most cells in a record; 0: 16,384 */
} CsvOptions;

typedef struct CsvReader CsvReader;

/* A reader on a source; `context` must outlive it. Heap-owned: csv_free. */
Err csv_new(CsvReader **out, CsvSource source, void *context, CsvOptions options, ErrInfo *info) MUST_CHECK;
/* A reader on bytes in memory, borrowed. */
Err csv_new_text(CsvReader **out, Str text, CsvOptions options, ErrInfo *info) MUST_CHECK;
void csv_free(CsvReader *reader);
/* The next record: *cells (borrowed until the next call) and *count; *count is 0 at the end. An empty line gives one
 * empty cell. ERR_INPUT: an unclosed quote, text after a closing quote, a NUL byte; the line is in info. */
Err csv_next(CsvReader *reader, const Str **cells, size_t *count, ErrInfo *info) MUST_CHECK;
/* 1-based physical line on which the last record began. */
long csv_line(const CsvReader *reader);
/* The delimiter among , ; tab | that splits the first lines of `sample` most evenly; ',' when none occurs. */
char csv_guess_delimiter(Str sample);

/* Writes one cell, quoted only when it holds the delimiter, a quote, CR or LF, or begins or ends with a space. */
void csv_write_cell(Buf *out, Str cell, char delimiter);
/* Writes a record with the delimiter between cells and `line_end` ("\n" or "\r\n") behind it. */
void csv_write_record(Buf *out, const Str *cells, size_t count, char delimiter, const char *line_end);

#endif
