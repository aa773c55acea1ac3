/* SPDX-License-Identifier: EUPL-1.2 */
/* libFuzzer target for CSV and text at the border: what is read can be written and read again to the same, decoding gives valid
 * UTF-8, folding twice is folding once. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "sheet/sheet.h"

/* Reads and writes back; false when the text is not CSV. */
static bool rewrite(Str text, char delimiter, Buf *out) {
  CsvReader *reader;
  ErrInfo info = ERRINFO_INIT;
  const CsvOptions options = {.delimiter = delimiter, .max_cell_bytes = 100000, .max_cells = 5000};
  if (csv_new_text(&reader, text, options, &info) != ERR_OK) abort();
  const Str *cells;
  size_t count;
  Err err;
  while ((err = csv_next(reader, &cells, &count, &info)) == ERR_OK && count > 0)
    csv_write_record(out, cells, count, delimiter, "\n");
  if (err != ERR_OK && !info.message[0]) abort();
  csv_free(reader);
  return err == ERR_OK;
}

static void csv(Str text) {
  char delimiter = csv_guess_delimiter(text);
  if (!strchr(",;\t|", delimiter)) abort();
  Buf once, twice;
  buf_init(&once, 0);
  buf_init(&twice, 0);
  if (rewrite(text, delimiter, &once)) {
    if (!rewrite(buf_view(&once), delimiter, &twice)) abort();
    if (!str_eq(buf_view(&once), buf_view(&twice))) abort();
  }
  buf_clear(&once);
  buf_clear(&twice);
}

static void decode(Str bytes) {
  size_t bom = 0;
  TextEncoding encoding = text_detect(bytes, &bom);
  if (bom > bytes.len) abort();
  Buf utf8;
  buf_init(&utf8, 0);
  if (text_to_utf8(&utf8, str_slice(bytes, bom, bytes.len), encoding, NULL) == ERR_OK && !text_utf8_valid(buf_view(&utf8))) abort();
  buf_clear(&utf8);
}

static void fold(Str text) {
  if (!text_utf8_valid(text)) return;
  Buf once, twice;
  buf_init(&once, 0);
  buf_init(&twice, 0);
  if (text_fold(&once, text) == ERR_OK) {
    if (!text_utf8_valid(buf_view(&once))) abort();
    if (text_fold(&twice, buf_view(&once)) != ERR_OK || !str_eq(buf_view(&once), buf_view(&twice))) abort();
  }
  buf_clear(&once);
  buf_clear(&twice);
}

static void neutral(Str text) {
  Buf out;
  buf_init(&out, 0);
  sheet_csv_neutral(&out, text);
  if (!str_eq(sheet_csv_restore(buf_view(&out)), text)) abort();
  if (buf_view(&out).len && strchr("=+-@\t\r\n", buf_view(&out).ptr[0]) && buf_view(&out).ptr[0]) abort();
  buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  Str rest = {(const char *)data + 1, size - 1};
  switch (data[0] % 4) {
    case 0: csv(rest); break;
    case 1: decode(rest); break;
    case 2: fold(rest); break;
    default: neutral(rest); break;
  }
  return 0;
}
