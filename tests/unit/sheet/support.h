/* SPDX-License-Identifier: EUPL-1.2 */
/* Workbooks made by hand and readings of them as text, for the tests of src/sheet. */
#ifndef PW_TEST_SHEET_SUPPORT_H
#define PW_TEST_SHEET_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#include "base/mem.h"
#include "sheet/sheet.h"

typedef struct Part {
  const char *name, *text;
} Part;

#define MAIN_NS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define REL_NS "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define REL_TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define RELS(items) "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" items "</Relationships>"
#define REL(id, type, target) "<Relationship Id=\"" id "\" Type=\"" REL_TYPE type "\" Target=\"" target "\"/>"
#define SHEET_XML(rows) "<worksheet " MAIN_NS "><sheetData>" rows "</sheetData></worksheet>"
#define ODS_NS                                                                                                       \
  "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "                                               \
  "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "                                                 \
  "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "                                                   \
  "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "                                                 \
  "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" "    \
  "xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\""
#define ODS_XML(styles, tables)                                                                             \
  "<office:document-content " ODS_NS "><office:automatic-styles>" styles "</office:automatic-styles><office:body>" \
  "<office:spreadsheet>" tables "</office:spreadsheet></office:body></office:document-content>"

/* A zip of these parts in memory; free() the bytes. */
static inline Str zip_bytes(const Part *parts, size_t count) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *out = zip_source_buffer_create(NULL, 0, 0, &error);
  assert_non_null(out);
  zip_t *zip = zip_open_from_source(out, ZIP_TRUNCATE, &error);
  assert_non_null(zip);
  for (size_t i = 0; i < count; i++) {
    zip_source_t *part = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
    zip_int64_t at = zip_file_add(zip, parts[i].name, part, 0);
    assert_true(at >= 0);
    zip_file_set_mtime(zip, (zip_uint64_t)at, 315532800, 0);
  }
  zip_source_keep(out);
  assert_int_equal(zip_close(zip), 0);
  zip_stat_t st;
  assert_int_equal(zip_source_stat(out, &st), 0);
  char *bytes = malloc(st.size ? st.size : 1);
  assert_int_equal(zip_source_open(out), 0);
  assert_int_equal(zip_source_read(out, bytes, st.size), (zip_int64_t)st.size);
  zip_source_close(out);
  zip_source_free(out);
  return (Str){bytes, st.size};
}

/* A workbook of one sheet "Blad1" with these rows, shared strings and styles (NULL: no such part). */
static inline Str xlsx_bytes(const char *sheet, const char *shared, const char *styles) {
  Part parts[6] = {
    {"_rels/.rels", RELS(REL("rId1", "officeDocument", "xl/workbook.xml"))},
    {"xl/workbook.xml", "<workbook " MAIN_NS " " REL_NS "><sheets><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels", shared && styles ? RELS(REL("rId1", "worksheet", "worksheets/sheet1.xml") REL("rId2", "sharedStrings", "sharedStrings.xml") REL("rId3", "styles", "styles.xml"))
                                   : shared         ? RELS(REL("rId1", "worksheet", "worksheets/sheet1.xml") REL("rId2", "sharedStrings", "sharedStrings.xml"))
                                   : styles         ? RELS(REL("rId1", "worksheet", "worksheets/sheet1.xml") REL("rId3", "styles", "styles.xml"))
                                                    : RELS(REL("rId1", "worksheet", "worksheets/sheet1.xml"))},
    {"xl/worksheets/sheet1.xml", sheet},
  };
  size_t count = 4;
  if (shared) parts[count++] = (Part){"xl/sharedStrings.xml", shared};
  if (styles) parts[count++] = (Part){"xl/styles.xml", styles};
  return zip_bytes(parts, count);
}

static inline Str ods_bytes(const char *content) {
  const Part parts[] = {
    {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
    {"content.xml", content},
    {"META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>"},
  };
  return zip_bytes(parts, 3);
}

static inline void put_cell(Buf *out, const SheetCell *cell) {
  static const char KINDS[] = {'_', 'T', 'N', 'D', 't', 'B', '!'};
  buf_char(out, ' ');
  if (cell->formula) buf_char(out, '=');
  buf_char(out, KINDS[cell->kind]);
  if (cell->kind != SHEET_EMPTY) buf_printf(out, "<" STR_FMT ">", STR_ARG(cell->text));
}

/* Called after each row when reading is to be printed as it goes: takes what is in the buffer. */
typedef void (*RowSink)(Buf *out);

/* All sheets: "[name]\n", "3: T<text> _ N<5>\n"; a failure ends it with "ERROR code: message\n". Reading never prints an empty
 * row. */
static inline Err read_rows(Sheet *sheet, Buf *out, RowSink sink, ErrInfo *info) {
  for (size_t i = 0; i < sheet_count(sheet); i++) {
    const SheetCell *cells;
    size_t count;
    long row;
    buf_printf(out, "[" STR_FMT "%s]\n", STR_ARG(sheet_name(sheet, i)), sheet_hidden(sheet, i) ? " hidden" : "");
    TRY(sheet_select(sheet, i, info));
    for (;;) {
      TRY(sheet_next(sheet, &cells, &count, &row, info));
      if (count == 0) break;
      buf_printf(out, "%ld:", row);
      for (size_t c = 0; c < count; c++) put_cell(out, &cells[c]);
      buf_char(out, '\n');
      if (sink) sink(out);
    }
  }
  return ERR_OK;
}

static inline Err read_all(Sheet *sheet, Buf *out, ErrInfo *info) {
  return read_rows(sheet, out, NULL, info);
}

/* The reading of bytes as text, in static memory. */
static inline const char *reading(Str bytes, const SheetLimits *limits) {
  static char text[131072];
  ErrInfo info = ERRINFO_INIT;
  Sheet *sheet;
  Buf out;
  buf_init(&out, 0);
  Err err = sheet_open_bytes(&sheet, bytes, "proef", limits, &info);
  if (err == ERR_OK) err = read_all(sheet, &out, &info);
  if (err != ERR_OK) {
    char message[1600];
    assert_int_equal(err, info.code);
    err_format(&info, message, sizeof message);
    buf_printf(&out, "ERROR %s %s\n", err_name(err), message);
  }
  sheet_close(sheet);
  snprintf(text, sizeof text, "%s", buf_zstr(&out));
  buf_clear(&out);
  return text;
}

/* The same of bytes that are freed here. */
static inline const char *reading_of(Str bytes) {
  const char *text = reading(bytes, NULL);
  free((void *)(uintptr_t)bytes.ptr);
  return text;
}

static inline void assert_contains(const char *text, const char *part) {
  if (!strstr(text, part)) fail_msg("\"%s\" does not hold \"%s\"", text, part);
}

#endif
