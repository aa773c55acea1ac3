/* SPDX-License-Identifier: EUPL-1.2 */
/* libFuzzer target for the table reader. A checksum keeps changed bytes out of a zip's parts, so the first byte says where the rest
 * goes: the whole file, or one part of a workbook that is otherwise in order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/text.h"
#include "sheet/sheet.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/relationships"

typedef struct Part {
  const char *name, *text;
} Part;

static const Part XLSX[] = {
  {"xl/worksheets/sheet1.xml", "<worksheet xmlns=\"" MAIN "\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\" s=\"1\"><v>0</v></c>"
                               "<c r=\"B1\" s=\"1\"><v>41593.5</v></c></row></sheetData></worksheet>"},
  {"xl/sharedStrings.xml", "<sst xmlns=\"" MAIN "\"><si><t>een</t></si></sst>"},
  {"xl/styles.xml", "<styleSheet xmlns=\"" MAIN "\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
  {"xl/workbook.xml", "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" REL "\"><sheets><sheet name=\"B\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"},
  {"xl/_rels/workbook.xml.rels",
   "<Relationships xmlns=\"" PACKAGE "\"><Relationship Id=\"r1\" Type=\"" REL "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
   "<Relationship Id=\"r2\" Type=\"" REL "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
   "<Relationship Id=\"r3\" Type=\"" REL "/styles\" Target=\"styles.xml\"/></Relationships>"},
  {"_rels/.rels", "<Relationships xmlns=\"" PACKAGE "\"><Relationship Id=\"r1\" Type=\"" REL "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
};
static const Part ODS[] = {
  {"content.xml", ""},
  {"META-INF/manifest.xml", "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>"},
  {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
};
enum { XLSX_PARTS = sizeof XLSX / sizeof *XLSX, ODS_PARTS = sizeof ODS / sizeof *ODS };

/* A zip of the parts, the one at `replaced` holding the given bytes; free() it. */
static Str make_zip(const Part *parts, size_t count, size_t replaced, Str with) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *out = zip_source_buffer_create(NULL, 0, 0, &error);
  zip_t *zip = out ? zip_open_from_source(out, ZIP_TRUNCATE, &error) : NULL;
  if (!zip) abort();
  for (size_t i = 0; i < count; i++) {
    Str text = i == replaced ? with : str_from(parts[i].text);
    zip_int64_t at = zip_file_add(zip, parts[i].name, zip_source_buffer(zip, text.ptr, text.len, 0), 0);
    if (at < 0) abort();
    zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
  }
  zip_source_keep(out);
  zip_stat_t st;
  if (zip_close(zip) != 0 || zip_source_stat(out, &st) != 0 || zip_source_open(out) != 0) abort();
  char *bytes = malloc(st.size);
  if (!bytes || zip_source_read(out, bytes, st.size) != (zip_int64_t)st.size) abort();
  zip_source_close(out);
  zip_source_free(out);
  return (Str){bytes, st.size};
}

/* What the reader promises of every cell, whatever the file. */
static void check(const SheetCell *cells, size_t count) {
  if (cells[count - 1].kind == SHEET_EMPTY) abort();
  for (size_t i = 0; i < count; i++) {
    const SheetCell *c = &cells[i];
    if (!c->text.ptr || !text_utf8_valid(c->text) || memchr(c->text.ptr, 0, c->text.len)) abort();
    if ((c->kind == SHEET_EMPTY) != (c->text.len == 0)) abort();
    if ((c->kind == SHEET_DATE) != (c->day != DAY_NONE)) abort();
  }
}

static void read_file(Str bytes) {
  const SheetLimits limits = {.uncompressed_bytes = 16u << 20, .cells = 100000, .cell_bytes = 20000, .row_bytes = 100000,
                              .shared_bytes = 1u << 20, .time_ms = 5000};
  Sheet *sheet;
  ErrInfo info = ERRINFO_INIT;
  Err err = sheet_open_bytes(&sheet, bytes, "fuzz", &limits, &info);
  if (err != ERR_OK && (!info.message[0] || info.code != err || sheet)) abort();
  for (size_t i = 0; err == ERR_OK && i < sheet_count(sheet); i++) {
    const SheetCell *cells;
    size_t count = 0;
    long row, last = 0;
    Err rows = sheet_select(sheet, i, &info);
    while (rows == ERR_OK && (rows = sheet_next(sheet, &cells, &count, &row, &info)) == ERR_OK && count > 0) {
      if (row <= last) abort();
      last = row;
      check(cells, count);
    }
    if (rows != ERR_OK && !info.message[0]) abort();
  }
  sheet_close(sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  Str rest = {(const char *)data + 1, size - 1};
  size_t kind = data[0] % (XLSX_PARTS + 2u + 1u);
  if (kind == 0) {
    read_file(rest);
    return 0;
  }
  Str zip = kind <= XLSX_PARTS ? make_zip(XLSX, XLSX_PARTS, kind - 1, rest) : make_zip(ODS, ODS_PARTS, kind - 1 - XLSX_PARTS, rest);
  read_file(zip);
  free((void *)(uintptr_t)zip.ptr);
  return 0;
}
