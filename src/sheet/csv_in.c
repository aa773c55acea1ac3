/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV in: which encoding, which delimiter, then records. */
#include <string.h>

#include "sheet/internal.h"

struct CsvIn {
  TextEncoding encoding;
  size_t bom;          /* bytes to skip at the start */
  char delimiter;
  bool hint;           /* first record is Excel's "sep=;" */
  CsvReader *reader;
  uint64_t offset;     /* next byte of the file */
  char *raw;           /* SHEET_CHUNK bytes of the file */
  Buf decoded;         /* UTF-8 not handed out yet, from `at` */
  size_t at;
  long line;           /* line feeds decoded so far, plus 1 */
  long record;         /* row of the last record */
  Err err;             /* why the source failed */
  ErrInfo failure;
};

static const char *const ENCODING_NAMES[] = {[TEXT_UTF8] = "UTF-8", [TEXT_UTF16LE] = "UTF-16LE",
                                             [TEXT_UTF16BE] = "UTF-16BE", [TEXT_WINDOWS_1252] = "windows-1252"};

static long count_lines(Str s) {
  long lines = 0;
  for (size_t i = 0; i < s.len; i++) lines += s.ptr[i] == '\n';
  return lines;
}

/* Bytes at the end of `s` that begin a character whose rest is in the next chunk. */
static size_t cut_tail(Str s, TextEncoding encoding) {
  const unsigned char *p = (const unsigned char *)s.ptr;
  if (encoding == TEXT_WINDOWS_1252) return 0;
  if (encoding == TEXT_UTF8) {
    for (size_t back = 1; back <= 3 && back <= s.len; back++) {
      unsigned char c = p[s.len - back];
      if ((c & 0xC0) == 0x80) continue;
      size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
      return need > back ? back : 0;
    }
    return 0;
  }
  size_t odd = s.len % 2, even = s.len - odd;
  if (even < 2) return odd;
  unsigned char high = encoding == TEXT_UTF16LE ? p[even - 1] : p[even - 2];
  return high >= 0xD8 && high <= 0xDB ? odd + 2 : odd;
}

typedef struct Utf8Count {
  uint64_t good, bad;   /* characters of more than one byte; bytes that belong to none */
  long bad_line;        /* of the first bad one */
} Utf8Count;

static void count_utf8(Utf8Count *count, Str s, long *line) {
  while (s.len > 0) {
    size_t bad = text_utf8_bad(s);
    Str valid = str_slice(s, 0, bad == STR_NPOS ? s.len : bad);
    for (size_t i = 0; i < valid.len; i++) count->good += (unsigned char)valid.ptr[i] >= 0xC2;
    *line += count_lines(valid);
    if (bad == STR_NPOS) return;
    if (count->bad++ == 0) count->bad_line = *line;
    s = str_slice(s, bad + 1, s.len);
  }
}

/* windows-1252 cannot be recognised, only UTF-8 can: so the whole file is looked at, not just its head. A file that is mostly
 * UTF-8 was pasted together from two; reading it as windows-1252 would spoil every accent in silence. */
static Err utf8_or_1252(Sheet *sheet, CsvIn *in, ErrInfo *info) {
  Utf8Count count = {0};
  long line = 1;
  size_t got;
  for (uint64_t at = 0; at < sheet->input.size;) {
    TRY(budget_time(&sheet->budget, info));
    TRY(input_read(&sheet->input, at, in->raw, SHEET_CHUNK, &got, info));
    if (got == 0) break;
    Str chunk = {in->raw, got};
    if (at + got < sheet->input.size) chunk.len -= cut_tail(chunk, TEXT_UTF8);
    count_utf8(&count, chunk, &line);
    at += chunk.len;
  }
  if (count.bad > 0 && count.good > count.bad) {
    err_at(info, NULL, NULL, count.bad_line, NULL);
    return err_set(info, ERR_INPUT, "line %ld is not UTF-8 while the rest of the file is; save the file again as UTF-8",
                   count.bad_line);
  }
  in->encoding = count.bad > 0 ? TEXT_WINDOWS_1252 : TEXT_UTF8;
  return ERR_OK;
}

/* Decodes the next chunk into in->decoded; nothing added at the end of the file. */
static Err decode_chunk(Sheet *sheet, ErrInfo *info) {
  CsvIn *in = sheet->csv;
  size_t got;
  buf_reset(&in->decoded);
  in->at = 0;
  TRY(budget_time(&sheet->budget, info));
  TRY(input_read(&sheet->input, in->offset, in->raw, SHEET_CHUNK, &got, info));
  Str chunk = {in->raw, got};
  if (in->offset + got < sheet->input.size) chunk.len -= cut_tail(chunk, in->encoding);
  Err err = text_to_utf8(&in->decoded, chunk, in->encoding, NULL);
  if (err == ERR_INPUT) {
    in->line += count_lines(buf_view(&in->decoded));
    err_at(info, NULL, NULL, in->line, NULL);
    return err_set(info, ERR_INPUT, "near line %ld the file has bytes that are not %s", in->line,
                   ENCODING_NAMES[in->encoding]);
  }
  if (err == ERR_OK) err = buf_err(&in->decoded);
  if (err != ERR_OK) return err_set(info, err, "out of memory");
  in->offset += chunk.len;
  in->line += count_lines(buf_view(&in->decoded));
  return ERR_OK;
}

static long source(void *context, char *dst, size_t size) {
  Sheet *sheet = context;
  CsvIn *in = sheet->csv;
  if (in->at == in->decoded.len) {
    in->err = decode_chunk(sheet, &in->failure);
    if (in->err != ERR_OK) return -1;
  }
  size_t left = in->decoded.len - in->at;
  if (size > left) size = left;
  if (size) memcpy(dst, in->decoded.ptr + in->at, size);
  in->at += size;
  return (long)size;
}

static void guess_delimiter(Sheet *sheet, CsvIn *in) {
  Str sample = buf_view(&in->decoded);
  if (str_starts(sample, S("sep=")) && sample.len > 5 && (sample.ptr[5] == '\r' || sample.ptr[5] == '\n')) {
    in->hint = true;
    in->delimiter = sample.ptr[4];
    return;
  }
  if (in->offset < sheet->input.size)   /* not a line that is cut in two */
    while (sample.len > 0 && sample.ptr[sample.len - 1] != '\n') sample.len--;
  in->delimiter = csv_guess_delimiter(sample.len ? sample : buf_view(&in->decoded));
}

Err csv_in_open(Sheet *sheet, ErrInfo *info) {
  CsvIn *in = sheet->csv = mem_alloc0(1, sizeof *in);
  if (!in) return err_set(info, ERR_MEMORY, "out of memory");
  buf_init(&in->decoded, 0);
  in->raw = mem_alloc(SHEET_CHUNK);
  if (!in->raw) return err_set(info, ERR_MEMORY, "out of memory");
  size_t got;
  TRY(input_read(&sheet->input, 0, in->raw, SHEET_CHUNK, &got, info));
  in->encoding = text_detect((Str){in->raw, got}, &in->bom);
  bool wide = in->encoding == TEXT_UTF16LE || in->encoding == TEXT_UTF16BE;
  if (!wide && in->bom == 0) TRY(utf8_or_1252(sheet, in, info));
  in->offset = in->bom;
  in->line = 1;
  TRY(decode_chunk(sheet, info));
  guess_delimiter(sheet, in);
  return sheet_add(sheet, S(""), S(""), false, info);
}

Err csv_in_select(Sheet *sheet, ErrInfo *info) {
  CsvIn *in = sheet->csv;
  csv_free(in->reader);
  in->reader = NULL;
  in->offset = in->bom;
  in->at = 0;
  in->line = 1;
  in->record = 0;
  in->err = ERR_OK;
  in->failure = (ErrInfo)ERRINFO_INIT;
  buf_reset(&in->decoded);
  CsvOptions options = {in->delimiter, sheet->budget.limits.cell_bytes, sheet->budget.limits.columns};
  TRY(csv_new(&in->reader, source, sheet, options, info));
  if (!in->hint) return ERR_OK;
  const Str *cells;
  size_t count;
  Err err = csv_next(in->reader, &cells, &count, info);
  if (in->err != ERR_OK && info) *info = in->failure;
  return in->err != ERR_OK ? in->err : err;
}

static Err fill_row(Sheet *sheet, const Str *cells, size_t count) {
  SheetRow *row = &sheet->row;
  for (size_t i = 0; i < count; i++) {
    Str text = sheet->budget.limits.csv_literal ? cells[i] : sheet_csv_restore(cells[i]);
    if (text.len == 0) continue;
    size_t start = row->text.len;
    buf_str(&row->text, text);
    TRY(row_set(row, i, 1, sheet_cell_text(text), start));
  }
  return ERR_OK;
}

Err csv_in_next(Sheet *sheet, ErrInfo *info) {
  CsvIn *in = sheet->csv;
  const Str *cells;
  size_t count;
  Err err = csv_next(in->reader, &cells, &count, info);
  if (in->err != ERR_OK) {
    if (info) *info = in->failure;
    return in->err;
  }
  TRY(err);
  if (count == 0) {
    sheet->ended = true;
    return ERR_OK;
  }
  in->record += 1;
  if (in->record > sheet->budget.limits.rows)
    return err_set(info, ERR_LIMIT, "the file has more rows than the limit of %ld", sheet->budget.limits.rows);
  sheet->row_number = in->record;
  err = fill_row(sheet, cells, count);
  if (err == ERR_OK) return ERR_OK;
  err_at(info, NULL, NULL, in->record, NULL);
  return err_set(info, err, "%s", row_problem(err));
}

void csv_in_close(Sheet *sheet) {
  CsvIn *in = sheet->csv;
  if (!in) return;
  csv_free(in->reader);
  buf_clear(&in->decoded);
  mem_free(in->raw);
  mem_free(in);
  sheet->csv = NULL;
}

char csv_in_delimiter(const Sheet *sheet) { return sheet->csv ? sheet->csv->delimiter : 0; }
const char *csv_in_encoding(const Sheet *sheet) { return sheet->csv ? ENCODING_NAMES[sheet->csv->encoding] : ""; }
long csv_in_line(const Sheet *sheet) { return sheet->csv && sheet->csv->reader ? csv_line(sheet->csv->reader) : 0; }
