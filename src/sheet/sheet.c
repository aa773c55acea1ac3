/* SPDX-License-Identifier: EUPL-1.2 */
#include "sheet/sheet.h"

#include <string.h>

#include "sheet/internal.h"

static const char *const FORMAT_NAMES[] = {[SHEET_CSV] = "CSV", [SHEET_XLSX] = "XLSX", [SHEET_ODS] = "ODS"};

/* What people send that is not ours, by its first bytes. */
static const struct { const char *bytes; size_t len; const char *message; } STRANGERS[] = {
  {"%PDF", 4, "this is a PDF, which holds no table that can be read; ask for the spreadsheet it was made from"},
  {"\x1f\x8b", 2, "this is a gzip archive; unpack it first"},
  {"7z\xbc\xaf", 4, "this is a 7-Zip archive; unpack it first"},
  {"Rar!", 4, "this is a RAR archive; unpack it first"},
  {"BZh", 3, "this is a bzip2 archive; unpack it first"},
  {"\x89PNG", 4, "this is a picture; a table is expected"},
  {"\xff\xd8\xff", 3, "this is a picture; a table is expected"},
  {"GIF8", 4, "this is a picture; a table is expected"},
  {"{\\rtf", 5, "this is an RTF document; save its table as .xlsx, .ods or .csv"},
  {"SQLite format 3", 15, "this is a database; a table is expected"},
  {"\x09\x08\x10\0\0\x06", 6, "this is an old Excel file (.xls); open it and save it as .xlsx"},
};

/* Recognised after white space, whatever the case of the letters. */
static const struct { const char *text; const char *message; } MARKUP[] = {
  {"<?xml", "this is an XML file; open it in a spreadsheet program and save it as .xlsx or .ods"},
  {"<!doctype html", "this is a web page, perhaps saved from a login page; save the table as .xlsx, .ods or .csv"},
  {"<html", "this is a web page, perhaps saved from a login page; save the table as .xlsx, .ods or .csv"},
  {"<table", "this is a web page; save the table as .xlsx, .ods or .csv"},
};

/* The kinds of document inside a zip; `part` names one part that gives it away. */
static const struct { const char *part; const char *message; } ZIP_STRANGERS[] = {
  {"word/document.xml", "this is a Word document; save its table in a spreadsheet as .xlsx"},
  {"ppt/presentation.xml", "this is a presentation; a table is expected"},
  {"xl/workbook.bin", "this is a binary Excel workbook (.xlsb); open it and save it as .xlsx"},
  {"index/document.iwa", "this is an Apple Numbers file; export it as .xlsx or .csv"},
  {"index.zip", "this is an Apple Numbers file; export it as .xlsx or .csv"},
};

#define OLE_MAGIC "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#define ODS_TYPE "application/vnd.oasis.opendocument.spreadsheet"
#define ODF_TYPE "application/vnd.oasis.opendocument."
#define SXC_TYPE "application/vnd.sun.xml.calc"

/* An .xlsx with a password is an OLE file with a stream of this name (UTF-16LE). */
static Err refuse_ole(const Sheet *sheet, ErrInfo *info) {
  static const char NAME[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
  enum { KEEP = sizeof NAME };
  char *chunk = mem_alloc(SHEET_CHUNK);
  if (!chunk) return err_set(info, ERR_MEMORY, "out of memory");
  Err err = ERR_OK;
  bool encrypted = false;
  size_t got;
  for (uint64_t at = 0; err == ERR_OK && !encrypted && at < sheet->input.size; at += SHEET_CHUNK - KEEP) {
    err = input_read(&sheet->input, at, chunk, SHEET_CHUNK, &got, info);
    encrypted = err == ERR_OK && memmem(chunk, got, NAME, sizeof NAME - 1) != NULL;
  }
  mem_free(chunk);
  TRY(err);
  if (encrypted) return err_set(info, ERR_UNSUPPORTED, "the file is protected with a password; save it without one");
  return err_set(info, ERR_UNSUPPORTED, "this is an old Excel file (.xls); open it and save it as .xlsx");
}

static Err refuse_strangers(Str head, ErrInfo *info) {
  for (size_t i = 0; i < sizeof STRANGERS / sizeof *STRANGERS; i++)
    if (str_starts(head, (Str){STRANGERS[i].bytes, STRANGERS[i].len}))
      return err_set(info, ERR_UNSUPPORTED, "%s", STRANGERS[i].message);
  Str text = str_starts(head, S("\xef\xbb\xbf")) ? str_slice(head, 3, head.len) : head;
  text = str_trim(text);
  for (size_t i = 0; i < sizeof MARKUP / sizeof *MARKUP; i++) {
    Str word = str_from(MARKUP[i].text);
    if (str_eq_nocase(str_slice(text, 0, word.len), word)) return err_set(info, ERR_UNSUPPORTED, "%s", MARKUP[i].message);
  }
  return ERR_OK;
}

static Err recognise_odf(Sheet *sheet, ErrInfo *info) {
  char type[128];
  size_t got;
  TRY(package_peek(&sheet->package, S("mimetype"), type, sizeof type, &got, info));
  Str mime = str_trim((Str){type, got});
  if (str_starts(mime, S(ODS_TYPE))) {
    sheet->format = SHEET_ODS;
    return ERR_OK;
  }
  if (str_eq(mime, S(SXC_TYPE)))
    return err_set(info, ERR_UNSUPPORTED, "this is an OpenOffice 1 file (.sxc); open it and save it as .ods");
  if (str_starts(mime, S(ODF_TYPE)))
    return err_set(info, ERR_UNSUPPORTED, "this is an OpenDocument file of another kind; a spreadsheet (.ods) is expected");
  return err_set(info, ERR_UNSUPPORTED, "this is a zip file, but not a spreadsheet (.xlsx or .ods)");
}

static Err recognise_zip(Sheet *sheet, ErrInfo *info) {
  TRY(package_open(&sheet->package, &sheet->input, &sheet->budget, info));
  if (package_has(&sheet->package, S("mimetype"))) return recognise_odf(sheet, info);
  for (size_t i = 0; i < sizeof ZIP_STRANGERS / sizeof *ZIP_STRANGERS; i++)
    if (package_has(&sheet->package, str_from(ZIP_STRANGERS[i].part)))
      return err_set(info, ERR_UNSUPPORTED, "%s", ZIP_STRANGERS[i].message);
  bool ooxml = package_has(&sheet->package, S("_rels/.rels")) || package_has(&sheet->package, S("xl/workbook.xml"));
  bool odf = package_has(&sheet->package, S("content.xml")) && package_has(&sheet->package, S("META-INF/manifest.xml"));
  if (!ooxml && !odf) return err_set(info, ERR_UNSUPPORTED, "this is a zip file, but not a spreadsheet (.xlsx or .ods)");
  sheet->format = ooxml ? SHEET_XLSX : SHEET_ODS;
  return ERR_OK;
}

static Err open_format(Sheet *sheet, ErrInfo *info) {
  char head[512];
  size_t got;
  TRY(input_read(&sheet->input, 0, head, sizeof head, &got, info));
  if (got == 0) return err_set(info, ERR_INPUT, "the file is empty");
  Str bytes = {head, got};
  if (str_starts(bytes, S(OLE_MAGIC))) return refuse_ole(sheet, info);
  TRY(refuse_strangers(bytes, info));
  if (!str_starts(bytes, S("PK\3\4")) && !str_starts(bytes, S("PK\5\6"))) {
    sheet->format = SHEET_CSV;
    return csv_in_open(sheet, info);
  }
  TRY(recognise_zip(sheet, info));
  return sheet->format == SHEET_XLSX ? xlsx_open(sheet, info) : ods_open(sheet, info);
}

static Sheet *sheet_alloc(const char *name, const SheetLimits *limits) {
  Sheet *sheet = mem_alloc0(1, sizeof *sheet);
  if (!sheet) return NULL;
  budget_init(&sheet->budget, limits);
  budget_enter(&sheet->budget);
  sheet->input.fd = -1;
  arena_init(&sheet->arena, 64u << 20);
  row_init(&sheet->row, &sheet->budget.limits);
  const char *slash = strrchr(name, '/');
  snprintf(sheet->file, sizeof sheet->file, "%s", slash && slash[1] ? slash + 1 : name);
  return sheet;
}

static Err sheet_finish_open(Sheet **out, Sheet *sheet, Err err, ErrInfo *info) {
  if (err == ERR_OK) err = open_format(sheet, info);
  if (err == ERR_OK && sheet->sheets.count == 0)
    err = err_set(info, ERR_INPUT, "the workbook has no sheet with cells");
  if (err == ERR_OK) {
    while (sheet->selected + 1 < sheet->sheets.count && sheet->sheets.items[sheet->selected].hidden) sheet->selected++;
    if (sheet->sheets.items[sheet->selected].hidden) sheet->selected = 0;
  }
  budget_leave(&sheet->budget);
  if (err == ERR_OK) {
    *out = sheet;
    return ERR_OK;
  }
  if (info) err_at(info, sheet->file, NULL, 0, NULL);
  sheet_close(sheet);
  return err;
}

Err sheet_open(Sheet **out, const char *path, const SheetLimits *limits, ErrInfo *info) {
  *out = NULL;
  Sheet *sheet = sheet_alloc(path, limits);
  if (!sheet) return err_set(info, ERR_MEMORY, "out of memory");
  Err err = input_open(&sheet->input, path, sheet->budget.limits.file_bytes, info);
  return sheet_finish_open(out, sheet, err, info);
}

Err sheet_open_bytes(Sheet **out, Str bytes, const char *name, const SheetLimits *limits, ErrInfo *info) {
  *out = NULL;
  Sheet *sheet = sheet_alloc(name ? name : "", limits);
  if (!sheet) return err_set(info, ERR_MEMORY, "out of memory");
  Err err = input_memory(&sheet->input, bytes, sheet->budget.limits.file_bytes, info);
  return sheet_finish_open(out, sheet, err, info);
}

void sheet_close(Sheet *sheet) {
  if (!sheet) return;
  xml_close(&sheet->xml);
  xlsx_close(sheet);
  ods_close(sheet);
  csv_in_close(sheet);
  package_close(&sheet->package);
  input_close(&sheet->input);
  row_clear(&sheet->row);
  mem_free(sheet->sheets.items);
  arena_clear(&sheet->arena);
  mem_free(sheet);
}

Err sheet_add(Sheet *sheet, Str name, Str part, bool hidden, ErrInfo *info) {
  SheetList *list = &sheet->sheets;
  if (list->count >= sheet->budget.limits.sheets)
    return err_set(info, ERR_LIMIT, "the workbook has more sheets than the limit of %u", sheet->budget.limits.sheets);
  void *items = list->items;
  bool grown = mem_grow(&items, &list->cap, list->count + 1, sizeof *list->items);
  list->items = items;
  SheetInfo added = {arena_str(&sheet->arena, name), arena_str(&sheet->arena, part), hidden};
  if (!grown || !added.name.ptr || !added.part.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  list->items[list->count++] = added;
  return ERR_OK;
}

SheetFormat sheet_format(const Sheet *sheet) { return sheet->format; }
const char *sheet_format_name(SheetFormat format) { return FORMAT_NAMES[format]; }
char sheet_csv_delimiter(const Sheet *sheet) { return csv_in_delimiter(sheet); }
const char *sheet_csv_encoding(const Sheet *sheet) { return csv_in_encoding(sheet); }
long sheet_line(const Sheet *sheet) { return csv_in_line(sheet); }
size_t sheet_count(const Sheet *sheet) { return sheet->sheets.count; }
size_t sheet_selected(const Sheet *sheet) { return sheet->selected; }

Str sheet_name(const Sheet *sheet, size_t index) {
  return index < sheet->sheets.count ? sheet->sheets.items[index].name : S("");
}

bool sheet_hidden(const Sheet *sheet, size_t index) {
  return index < sheet->sheets.count && sheet->sheets.items[index].hidden;
}

bool sheet_find(const Sheet *sheet, Str name, size_t *index) {
  Buf wanted, folded;
  buf_init(&wanted, 0);
  buf_init(&folded, 0);
  bool found = false;
  if (text_fold(&wanted, name) != ERR_OK) goto out;
  for (size_t i = 0; i < sheet->sheets.count && !found; i++) {
    buf_reset(&folded);
    if (text_fold(&folded, sheet->sheets.items[i].name) != ERR_OK) goto out;
    found = str_eq(buf_view(&wanted), buf_view(&folded));
    if (found) *index = i;
  }
out:
  buf_clear(&wanted);
  buf_clear(&folded);
  return found;
}

static void place(const Sheet *sheet, ErrInfo *info) {
  char name[64];
  Str s = sheet_name(sheet, sheet->selected);
  size_t len = s.len < sizeof name - 1 ? s.len : sizeof name - 1;
  while (len > 0 && len < s.len && ((unsigned char)s.ptr[len] & 0xC0) == 0x80) len--;   /* not inside a character */
  snprintf(name, sizeof name, STR_FMT, STR_ARG(str_slice(s, 0, len)));
  err_at(info, sheet->file, name, 0, NULL);
}

Err sheet_select(Sheet *sheet, size_t index, ErrInfo *info) {
  if (index >= sheet->sheets.count) {
    err_at(info, sheet->file, NULL, 0, NULL);
    return err_set(info, ERR_NOT_FOUND, "sheet %zu is asked for, there are %zu", index + 1, sheet->sheets.count);
  }
  budget_enter(&sheet->budget);
  xml_close(&sheet->xml);
  sheet->selected = index;
  sheet->started = true;
  sheet->ended = false;
  sheet->failed = ERR_OK;
  sheet->row_number = sheet->row_repeat = 0;
  sheet->cells_out = 0;
  sheet->budget.uncompressed = 0;
  row_reset(&sheet->row);
  ErrInfo failure = ERRINFO_INIT;
  Err err = sheet->format == SHEET_CSV    ? csv_in_select(sheet, &failure)
            : sheet->format == SHEET_XLSX ? xlsx_select(sheet, &failure)
                                          : ods_select(sheet, &failure);
  budget_leave(&sheet->budget);
  if (err == ERR_OK) return ERR_OK;
  place(sheet, &failure);
  sheet->failed = err;
  sheet->failure = failure;
  if (info) *info = failure;
  return err;
}

/* Reads until there is a row with a cell in it, or the end. */
static Err read_row(Sheet *sheet, ErrInfo *info) {
  row_reset(&sheet->row);
  while (sheet->row.count == 0 && !sheet->ended) {
    if (sheet->format == SHEET_CSV) TRY(csv_in_next(sheet, info));
    else TRY(xml_run(&sheet->xml, &sheet->ended, info));
  }
  row_finish(&sheet->row);
  return ERR_OK;
}

static Err next(Sheet *sheet, ErrInfo *info) {
  if (sheet->row_repeat > 0) {
    sheet->row_repeat -= 1;
    sheet->row_number += 1;
  } else {
    TRY(read_row(sheet, info));
  }
  sheet->cells_out += sheet->row.count;
  if (sheet->cells_out > sheet->budget.limits.cells) {
    err_at(info, NULL, NULL, sheet->row_number, NULL);
    return err_set(info, ERR_LIMIT, "the sheet has more cells than the limit of %llu",
                   (unsigned long long)sheet->budget.limits.cells);
  }
  return ERR_OK;
}

Err sheet_next(Sheet *sheet, const SheetCell **cells, size_t *count, long *row, ErrInfo *info) {
  *cells = NULL;
  *count = 0;
  *row = 0;
  if (!sheet->started) TRY(sheet_select(sheet, sheet->selected, info));
  if (sheet->failed == ERR_OK) {
    ErrInfo failure = ERRINFO_INIT;
    budget_enter(&sheet->budget);
    sheet->failed = next(sheet, &failure);
    budget_leave(&sheet->budget);
    if (sheet->failed != ERR_OK) {
      place(sheet, &failure);
      sheet->failure = failure;
    }
  }
  if (sheet->failed != ERR_OK) {
    if (info) *info = sheet->failure;
    return sheet->failed;
  }
  if (sheet->row.count == 0) return ERR_OK;
  *cells = sheet->row.cells;
  *count = sheet->row.count;
  *row = sheet->row_number;
  return ERR_OK;
}

void sheet_ref(char out[SHEET_REF], long row, size_t column) {
  char letters[SHEET_REF];
  size_t at = sizeof letters - 1;
  letters[at] = 0;
  for (size_t n = column + 1; n > 0 && at > 0; n = (n - 1) / 26) letters[--at] = (char)('A' + (n - 1) % 26);
  if (row > 0) snprintf(out, SHEET_REF, "%.10s%ld", letters + at, row % 10000000000);
  else snprintf(out, SHEET_REF, "%s", letters + at);
}
