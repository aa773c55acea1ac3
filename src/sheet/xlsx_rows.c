/* SPDX-License-Identifier: EUPL-1.2 */
/* XLSX in: the rows of one sheet. Reading pauses at the end of each row that has something in it. */
#include <stdlib.h>
#include <string.h>

#include "sheet/xlsx.h"

/* Fails at the cell that is being read. */
#define FAIL_CELL(xml, x, ...) \
  do { xml_fail((xml), __VA_ARGS__); xml_fail_at((xml), (x)->row, (x)->cell.column); } while (0)

static void start_row(Sheet *sheet, Xml *xml, const char **attributes) {
  Xlsx *x = sheet->xlsx;
  const char *number = xml_attribute(attributes, XML_NS_NONE, "r");
  int64_t row = x->row + 1;
  if (number && (!str_to_int(str_from(number), &row) || row < 1)) {
    xml_fail(xml, ERR_INPUT, "the row after row %ld has the number \"%.40s\"", x->row, number);
    return;
  }
  if (row > sheet->budget.limits.rows) {
    xml_fail(xml, ERR_LIMIT, "row %lld is beyond the limit of %ld rows", (long long)row, sheet->budget.limits.rows);
    return;
  }
  if (row <= x->row) {
    xml_fail(xml, ERR_INPUT, "the file is damaged: row %lld comes after row %ld", (long long)row, x->row);
    return;
  }
  x->row = (long)row;
  x->next_column = 0;
  x->where = XLSX_ROW;
}

/* "AB12" -> column 27, row 12; false when it is not a reference. */
static bool parse_ref(const char *ref, size_t *column, long *row) {
  size_t n = 0, letters = 0;
  for (; (*ref | 32) >= 'a' && (*ref | 32) <= 'z' && letters < 5; ref++, letters++)
    n = n * 26 + (size_t)((*ref | 32) - 'a' + 1);
  int64_t number;
  if (letters == 0 || !str_to_int(str_from(ref), &number) || number < 1 || number > 1000000000) return false;
  *column = n - 1;
  *row = (long)number;
  return true;
}

static bool parse_type(const char *text, XlsxType *type) {
  static const struct { const char *text; XlsxType type; } TYPES[] = {
    {"n", XLSX_N}, {"b", XLSX_B}, {"e", XLSX_E}, {"s", XLSX_S}, {"str", XLSX_STR}, {"inlineStr", XLSX_INLINE}, {"d", XLSX_D},
  };
  *type = XLSX_N;
  if (!text) return true;
  for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
    if (strcmp(text, TYPES[i].text) == 0) {
      *type = TYPES[i].type;
      return true;
    }
  return false;
}

static void start_cell(Sheet *sheet, Xml *xml, const char **attributes) {
  Xlsx *x = sheet->xlsx;
  const char *ref = NULL, *type = NULL, *style = NULL;
  for (; *attributes; attributes += 2) {   /* once over them: this runs for every cell */
    if (strcmp(attributes[0], "r") == 0) ref = attributes[1];
    else if (strcmp(attributes[0], "t") == 0) type = attributes[1];
    else if (strcmp(attributes[0], "s") == 0) style = attributes[1];
  }
  x->cell = (XlsxCell){.column = x->next_column, .style = style ? strtol(style, NULL, 10) : 0};
  x->where = XLSX_CELL;
  x->start = sheet->row.text.len;
  buf_reset(&x->number);
  long row = x->row;
  if (ref && (!parse_ref(ref, &x->cell.column, &row) || row != x->row))
    FAIL_CELL(xml, x, ERR_INPUT, "the file is damaged: a cell in row %ld says it is \"%.20s\"", x->row, ref);
  else if (x->cell.column < x->next_column)
    FAIL_CELL(xml, x, ERR_INPUT, "the file is damaged: cell %.20s comes twice or out of order", ref);
  else if (x->cell.column >= sheet->budget.limits.columns)
    FAIL_CELL(xml, x, ERR_LIMIT, "the cell is beyond the limit of %zu columns", sheet->budget.limits.columns);
  else if (!parse_type(type, &x->cell.type))
    FAIL_CELL(xml, x, ERR_INPUT, "the cell has the unknown type \"%.20s\"", type);
  x->next_column = x->cell.column + 1;
}

static void start_in_cell(Xlsx *x, Xml *xml, const char *name) {
  if (strcmp(name, "v") == 0) {
    x->taking = x->cell.type != XLSX_INLINE;
    x->cell.value = x->cell.value || x->taking;
  } else if (strcmp(name, "t") == 0) {
    x->taking = x->cell.type == XLSX_INLINE;
    x->cell.value = x->cell.value || x->taking;
  } else if (strcmp(name, "f") == 0) {
    x->cell.formula = true;
    xml_skip(xml);
  } else if (strcmp(name, "is") != 0 && strcmp(name, "r") != 0) {
    xml_skip(xml);   /* rPh, rPr, extLst */
  }
}

static void on_start(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  Sheet *sheet = user;
  Xlsx *x = sheet->xlsx;
  if (xml->depth == 1 && (ns != XML_NS_MAIN || strcmp(name, "worksheet") != 0)) {
    xml_fail(xml, ERR_INPUT, "part %s is not a sheet", xml->part.name);
    return;
  }
  if (ns != XML_NS_MAIN) {
    xml_skip(xml);
    return;
  }
  switch (x->where) {
    case XLSX_OUTSIDE:
      if (xml->depth == 2 && strcmp(name, "sheetData") == 0)
        x->where = XLSX_DATA;
      else if (xml->depth > 1)
        xml_skip(xml);
      return;
    case XLSX_DATA:
      if (strcmp(name, "row") == 0) start_row(sheet, xml, attributes);
      else xml_skip(xml);
      return;
    case XLSX_ROW:
      if (strcmp(name, "c") == 0) start_cell(sheet, xml, attributes);
      else xml_skip(xml);
      return;
    case XLSX_CELL: start_in_cell(x, xml, name); return;
  }
}

static void on_text(void *user, Xml *xml, Str text) {
  Sheet *sheet = user;
  Xlsx *x = sheet->xlsx;
  if (!x->taking) return;
  bool is_text = x->cell.type == XLSX_STR || x->cell.type == XLSX_INLINE || x->cell.type == XLSX_E;
  Buf *to = is_text ? &sheet->row.text : &x->number;
  if (is_text && to->len - x->start + text.len > sheet->budget.limits.cell_bytes)
    FAIL_CELL(xml, x, ERR_LIMIT, "the text is longer than the limit of %zu bytes", sheet->budget.limits.cell_bytes);
  else
    buf_str(to, text);
}

static void shared_cell(Sheet *sheet, Xml *xml, SheetCell *cell, Str digits) {
  Xlsx *x = sheet->xlsx;
  int64_t index;
  if (!str_to_int(digits, &index) || index < 0 || (uint64_t)index >= x->shared.count) {
    FAIL_CELL(xml, x, ERR_INPUT, "the file is damaged: the cell refers to text \"" STR_FMT "\", there are %zu",
              STR_ARG(str_slice(digits, 0, 40)), x->shared.count);
    return;
  }
  cell->kind = SHEET_TEXT;
  buf_str(&sheet->row.text, xlsx_shared(&x->shared, (size_t)index));
}

static void number_cell(Sheet *sheet, Xml *xml, SheetCell *cell, Str digits) {
  Xlsx *x = sheet->xlsx;
  double number;
  if (!str_to_double(digits, &number)) {
    FAIL_CELL(xml, x, ERR_INPUT, "\"" STR_FMT "\" is not a number", STR_ARG(str_slice(digits, 0, 40)));
    return;
  }
  NumberFormat format = {0};
  if (x->cell.style >= 0 && (uint64_t)x->cell.style < x->style_count) format = x->styles[x->cell.style];
  value_serial(cell, &sheet->row.text, number, format, x->from_1904);
}

/* The value of a cell that is not text, from x->number. */
static void plain_cell(Sheet *sheet, Xml *xml, SheetCell *cell) {
  Xlsx *x = sheet->xlsx;
  if (buf_err(&x->number) != ERR_OK) {
    bool memory = buf_err(&x->number) == ERR_MEMORY;
    FAIL_CELL(xml, x, memory ? ERR_MEMORY : ERR_INPUT, "%s", memory ? "out of memory" : "the value is longer than any number");
    return;
  }
  Str value = str_trim(buf_view(&x->number));
  if (value.len == 0) return;
  if (x->cell.type == XLSX_S) {
    shared_cell(sheet, xml, cell, value);
  } else if (x->cell.type == XLSX_N) {
    number_cell(sheet, xml, cell, value);
  } else if (x->cell.type == XLSX_D) {
    if (!value_iso(cell, &sheet->row.text, value))
      FAIL_CELL(xml, x, ERR_INPUT, "\"" STR_FMT "\" is not a date", STR_ARG(str_slice(value, 0, 40)));
  } else {
    bool is_true = str_eq(value, S("1")) || str_eq(value, S("true"));
    if (!is_true && !str_eq(value, S("0")) && !str_eq(value, S("false")))
      FAIL_CELL(xml, x, ERR_INPUT, "\"" STR_FMT "\" is not true or false", STR_ARG(str_slice(value, 0, 40)));
    cell->kind = SHEET_BOOLEAN;
    cell->number = is_true;
    buf_cstr(&sheet->row.text, is_true ? "true" : "false");
  }
}

static void end_cell(Sheet *sheet, Xml *xml) {
  Xlsx *x = sheet->xlsx;
  SheetRow *row = &sheet->row;
  SheetCell cell = {.day = DAY_NONE, .formula = x->cell.formula};
  x->where = XLSX_ROW;
  if (!x->cell.value) {
    /* A formula that was written by a program which does not calculate: its value is unknown, not empty. */
    if (!x->cell.formula) return;
    cell.kind = SHEET_ERROR;
    buf_cstr(&row->text, "#UNCALCULATED");
  } else if (x->cell.type == XLSX_STR || x->cell.type == XLSX_INLINE) {
    cell.kind = SHEET_TEXT;
    if (!xlsx_unescape(&row->text, x->start)) FAIL_CELL(xml, x, ERR_INPUT, "the text holds a NUL byte or half a character");
  } else if (x->cell.type == XLSX_E) {
    cell.kind = SHEET_ERROR;
  } else {
    plain_cell(sheet, xml, &cell);
  }
  if (xml->err != ERR_OK || (row->text.len == x->start && row->text.err == ERR_OK)) return;
  Err err = row_set(row, x->cell.column, 1, cell, x->start);
  if (err != ERR_OK) FAIL_CELL(xml, x, err, "%s", row_problem(err));
}

static void on_end(void *user, Xml *xml, XmlNs ns, const char *name) {
  (void)ns;
  Sheet *sheet = user;
  Xlsx *x = sheet->xlsx;
  switch (x->where) {
    case XLSX_CELL:
      x->taking = false;
      if (strcmp(name, "c") == 0) end_cell(sheet, xml);
      return;
    case XLSX_ROW:
      if (strcmp(name, "row") != 0) return;
      x->where = XLSX_DATA;
      if (sheet->row.count == 0) return;
      sheet->row_number = x->row;
      xml_pause(xml);
      return;
    case XLSX_DATA:
      if (strcmp(name, "sheetData") == 0) x->where = XLSX_OUTSIDE;
      return;
    case XLSX_OUTSIDE: return;
  }
}

const XmlHandler XLSX_ROWS = {on_start, on_end, on_text};
