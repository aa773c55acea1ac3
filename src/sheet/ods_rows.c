/* SPDX-License-Identifier: EUPL-1.2 */
/* ODS in: the rows of one table of content.xml. Only what the selected table holds is looked at; the other tables are
 * skipped. White space in paragraphs: OpenDocument 1.3 part 3, 6.1.2. */
#include <math.h>
#include <string.h>

#include "sheet/ods.h"

#define FAIL_CELL(xml, o, ...) \
  do { xml_fail((xml), __VA_ARGS__); xml_fail_at((xml), (long)(o)->row, (size_t)(o)->column); } while (0)

/* A positive count; false when it is there and is not one. */
static bool repeat_count(const char *text, int64_t *count) {
  *count = 1;
  return !text || (str_to_int(str_from(text), count) && *count >= 1 && *count <= INT32_MAX);
}

static void start_row(Sheet *sheet, Xml *xml, const char **attributes) {
  Ods *o = sheet->ods;
  const char *repeat = xml_attribute(attributes, XML_NS_TABLE, "number-rows-repeated");
  o->row = o->next_row + 1;
  o->column = 0;
  o->where = ODS_ROW;
  if (!repeat_count(repeat, &o->row_repeat))
    xml_fail(xml, ERR_INPUT, "the file is damaged: row %lld is repeated \"%.20s\" times", (long long)o->row, repeat);
}

static void end_row(Sheet *sheet, Xml *xml) {
  Ods *o = sheet->ods;
  o->where = ODS_TABLE;
  if (sheet->row.count > 0 && o->next_row + o->row_repeat > sheet->budget.limits.rows) {
    xml_fail(xml, ERR_LIMIT, "row %lld is beyond the limit of %ld rows", (long long)(o->next_row + o->row_repeat),
             sheet->budget.limits.rows);
    return;
  }
  if (o->next_row < INT64_MAX / 2) o->next_row += o->row_repeat;
  if (sheet->row.count == 0) return;
  sheet->row_number = (long)o->row;
  sheet->row_repeat = (long)o->row_repeat - 1;
  xml_pause(xml);
}

static OdsType value_type(const char *text) {
  static const struct { const char *text; OdsType type; } TYPES[] = {
    {"float", ODS_NUMBER}, {"percentage", ODS_NUMBER}, {"currency", ODS_NUMBER}, {"string", ODS_STRING}, {"date", ODS_DATE},
    {"time", ODS_TIME}, {"boolean", ODS_BOOLEAN},
  };
  for (size_t i = 0; text && i < sizeof TYPES / sizeof *TYPES; i++)
    if (strcmp(text, TYPES[i].text) == 0) return TYPES[i].type;
  return ODS_NONE;
}

static void cell_boolean(OdsCell *cell, Buf *text, const char *value) {
  cell->value.kind = SHEET_BOOLEAN;
  cell->value.number = xml_true(value);
  buf_cstr(text, cell->value.number != 0 ? "true" : "false");
}

/* Takes the value from the attribute that goes with the type; numbers wait for what the cell shows (see end_cell). */
static void take_value(Sheet *sheet, Xml *xml, const char *value) {
  Ods *o = sheet->ods;
  OdsCell *cell = &o->cell;
  Buf *text = &sheet->row.text;
  bool fine = true;
  switch (cell->type) {
    case ODS_NUMBER: fine = value && str_to_double(str_trim(str_from(value)), &cell->number); break;
    case ODS_DATE: fine = value && value_iso(&cell->value, text, str_from(value)); break;
    case ODS_TIME: fine = value && value_duration(&cell->value, text, str_from(value)); break;
    case ODS_BOOLEAN: cell_boolean(cell, text, value); break;
    case ODS_STRING: case ODS_NONE: break;
  }
  cell->ready = cell->type == ODS_DATE || cell->type == ODS_TIME || cell->type == ODS_BOOLEAN;
  if (!fine)
    FAIL_CELL(xml, o, ERR_INPUT, "the file is damaged: the cell's value \"%.40s\" is not of its type", value ? value : "");
}

typedef struct CellAttributes {
  const char *repeat, *type, *value, *date, *time, *boolean, *string, *error;
  bool formula;
} CellAttributes;

/* Once over them: this runs for every cell. */
static CellAttributes cell_attributes(const char **attributes) {
  CellAttributes a = {0};
  for (; *attributes; attributes += 2) {
    const char *name, *value = attributes[1];
    XmlNs ns = xml_namespace(attributes[0], &name);
    if (ns == XML_NS_TABLE) {
      if (strcmp(name, "number-columns-repeated") == 0) a.repeat = value;
      else if (strcmp(name, "formula") == 0) a.formula = true;
    } else if (ns == XML_NS_OFFICE) {
      if (strcmp(name, "value-type") == 0) a.type = value;
      else if (strcmp(name, "value") == 0) a.value = value;
      else if (strcmp(name, "date-value") == 0) a.date = value;
      else if (strcmp(name, "time-value") == 0) a.time = value;
      else if (strcmp(name, "boolean-value") == 0) a.boolean = value;
      else if (strcmp(name, "string-value") == 0) a.string = value;
    } else if (ns == XML_NS_CALCEXT && strcmp(name, "value-type") == 0) {
      a.error = value;
    }
  }
  return a;
}

static void start_cell(Sheet *sheet, Xml *xml, const char **attributes) {
  Ods *o = sheet->ods;
  CellAttributes a = cell_attributes(attributes);
  o->cell = (OdsCell){.type = value_type(a.type), .formula = a.formula, .value = sheet_cell_empty()};
  o->cell.error = a.error && strcmp(a.error, "error") == 0;
  o->where = ODS_CELL;
  o->cell_depth = xml->depth;
  o->start = sheet->row.text.len;
  o->paragraphs = 0;
  if (!repeat_count(a.repeat, &o->cell.repeat)) {
    FAIL_CELL(xml, o, ERR_INPUT, "the file is damaged: the cell is repeated \"%.20s\" times", a.repeat);
    return;
  }
  take_value(sheet, xml, o->cell.type == ODS_DATE ? a.date : o->cell.type == ODS_TIME ? a.time
                         : o->cell.type == ODS_BOOLEAN ? a.boolean : a.value);
  if (o->cell.type != ODS_STRING || !a.string || o->cell.error) return;
  buf_cstr(&sheet->row.text, a.string);
  o->cell.ready = true;
}

/* A code such as 0012 is a number with a format of zeros: the user sees, and means, 0012. */
static bool shows_padded(Str shown, double number) {
  int64_t value;
  if (shown.len < 2 || shown.ptr[0] != '0' || !str_digits(shown)) return false;
  return str_to_int(shown, &value) && (double)value == number;
}

static void end_cell(Sheet *sheet, Xml *xml) {
  Ods *o = sheet->ods;
  Buf *text = &sheet->row.text;
  SheetCell cell = o->cell.value;
  Str shown = str_slice(buf_view(text), o->start, text->len);
  o->where = ODS_ROW;
  if (o->cell.error) {
    cell.kind = SHEET_ERROR;
  } else if (o->cell.type == ODS_NUMBER) {
    bool padded = shows_padded(shown, o->cell.number);
    cell.kind = SHEET_NUMBER;
    cell.number = o->cell.number;
    if (!padded && text->err == ERR_OK) {
      text->len = o->start;
      value_number(&cell, text, o->cell.number);
    }
  } else if (!o->cell.ready || o->cell.type == ODS_STRING) {
    cell.kind = SHEET_TEXT;
  }
  cell.formula = o->cell.formula;
  int64_t column = o->column;
  bool empty = text->err == ERR_OK && text->len == o->start;
  if (!empty && column + o->cell.repeat > (int64_t)sheet->budget.limits.columns) {
    FAIL_CELL(xml, o, ERR_LIMIT, "the cell is beyond the limit of %zu columns", sheet->budget.limits.columns);
    return;
  }
  Err err = empty ? ERR_OK : row_set(&sheet->row, (size_t)column, (size_t)o->cell.repeat, cell, o->start);
  if (err != ERR_OK) FAIL_CELL(xml, o, err, "%s", row_problem(err));
  if (o->column < INT64_MAX / 2) o->column += o->cell.repeat;
}

/* A cell under a merged one: what it may hold is not visible, so it is empty. */
static void pass_covered(Sheet *sheet, Xml *xml, const char **attributes) {
  Ods *o = sheet->ods;
  int64_t repeat;
  if (!repeat_count(xml_attribute(attributes, XML_NS_TABLE, "number-columns-repeated"), &repeat))
    FAIL_CELL(xml, o, ERR_INPUT, "the file is damaged: a merged cell is repeated a strange number of times");
  else if (o->column < INT64_MAX / 2)
    o->column += repeat;
  xml_skip(xml);
}

/* ---- the text of a cell ---- */

static void put_text(Sheet *sheet, Xml *xml, Str text) {
  Ods *o = sheet->ods;
  if (sheet->row.text.len - o->start + text.len > sheet->budget.limits.cell_bytes)
    FAIL_CELL(xml, o, ERR_LIMIT, "the text is longer than the limit of %zu bytes", sheet->budget.limits.cell_bytes);
  else
    buf_str(&sheet->row.text, text);
}

/* Writes the white space that waits. By the standard every run of it counts for one space and none at the ends of a paragraph;
 * but LibreOffice Calc writes several spaces in a cell of several lines as they are and shows them so. Hence only a run with a
 * line break or tab in it (a file laid out for people) is folded. */
static void flush_space(Sheet *sheet, Xml *xml) {
  Ods *o = sheet->ods;
  if (o->folds && !o->fresh) put_text(sheet, xml, S(" "));
  for (; !o->folds && o->spaces > 0 && xml->err == ERR_OK; o->spaces--) put_text(sheet, xml, S(" "));
  o->folds = o->fresh = false;
  o->spaces = 0;
}

static void put_characters(Sheet *sheet, Xml *xml, Str text) {
  Ods *o = sheet->ods;
  while (text.len > 0 && xml->err == ERR_OK) {
    size_t n = 0;
    while (n < text.len && !strchr(" \t\r\n", text.ptr[n])) n++;
    if (n > 0) {
      flush_space(sheet, xml);
      put_text(sheet, xml, str_slice(text, 0, n));
      text = str_slice(text, n, text.len);
      continue;
    }
    if (text.ptr[0] == ' ') o->spaces += 1;
    else o->folds = true;
    text = str_slice(text, 1, text.len);
  }
}

static void put_spaces(Sheet *sheet, Xml *xml, const char *count) {
  Ods *o = sheet->ods;
  int64_t n;
  flush_space(sheet, xml);
  if (!repeat_count(count, &n)) {
    FAIL_CELL(xml, o, ERR_INPUT, "the file is damaged: \"%.20s\" spaces in a text", count);
    return;
  }
  if ((uint64_t)n > sheet->budget.limits.cell_bytes) n = (int64_t)sheet->budget.limits.cell_bytes + 1;
  static const char SPACES[64] = "                                                                ";
  for (; n > 0 && xml->err == ERR_OK; n -= 64)
    put_text(sheet, xml, (Str){SPACES, n < 64 ? (size_t)n : 64});
}

static void start_paragraph(Sheet *sheet, Xml *xml) {
  Ods *o = sheet->ods;
  if (o->cell.ready) {
    xml_skip(xml);
    return;
  }
  if (o->paragraphs++ > 0) put_text(sheet, xml, S("\n"));
  o->where = ODS_PARAGRAPH;
  o->paragraph_depth = xml->depth;
  o->folds = false;
  o->spaces = 0;
  o->fresh = true;
}

/* Elements inside a paragraph: those of other vocabularies (drawings, comments) are not its text. */
static void start_in_paragraph(Sheet *sheet, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  if (ns != XML_NS_TEXT || strcmp(name, "note") == 0 || strcmp(name, "ruby-text") == 0) {
    xml_skip(xml);
  } else if (strcmp(name, "s") == 0) {
    put_spaces(sheet, xml, xml_attribute(attributes, XML_NS_TEXT, "c"));
  } else if (strcmp(name, "tab") == 0) {
    flush_space(sheet, xml);
    put_text(sheet, xml, S("\t"));
  } else if (strcmp(name, "line-break") == 0) {
    flush_space(sheet, xml);
    put_text(sheet, xml, S("\n"));
  }
}

/* ---- the walk ---- */

static void start_outside(Sheet *sheet, Xml *xml, XmlNs ns, const char *name) {
  Ods *o = sheet->ods;
  if (ns == XML_NS_TABLE && strcmp(name, "table") == 0 && xml->depth == 4) {
    if (++o->table == (long)sheet->selected) o->where = ODS_TABLE;
    else xml_skip(xml);
  } else if (xml->depth > 3 || (xml->depth == 2 && !(ns == XML_NS_OFFICE && strcmp(name, "body") == 0))) {
    xml_skip(xml);
  }
}

static void start_in_table(Sheet *sheet, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  static const char *const GROUPS[] = {"table-rows", "table-header-rows", "table-row-group"};
  if (ns == XML_NS_TABLE && strcmp(name, "table-row") == 0) {
    start_row(sheet, xml, attributes);
    return;
  }
  bool group = false;
  for (size_t i = 0; ns == XML_NS_TABLE && i < sizeof GROUPS / sizeof *GROUPS; i++)
    group = group || strcmp(name, GROUPS[i]) == 0;
  if (!group) xml_skip(xml);   /* columns, shapes, forms, tracked changes, named ranges */
}

static void on_start(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  Sheet *sheet = user;
  Ods *o = sheet->ods;
  switch (o->where) {
    case ODS_OUTSIDE: start_outside(sheet, xml, ns, name); return;
    case ODS_TABLE: start_in_table(sheet, xml, ns, name, attributes); return;
    case ODS_ROW:
      if (ns == XML_NS_TABLE && strcmp(name, "table-cell") == 0) start_cell(sheet, xml, attributes);
      else if (ns == XML_NS_TABLE && strcmp(name, "covered-table-cell") == 0) pass_covered(sheet, xml, attributes);
      else xml_skip(xml);
      return;
    case ODS_CELL:
      if (ns == XML_NS_TEXT && (strcmp(name, "p") == 0 || strcmp(name, "h") == 0)) start_paragraph(sheet, xml);
      else xml_skip(xml);   /* comments, drawings, tables inside a cell */
      return;
    case ODS_PARAGRAPH: start_in_paragraph(sheet, xml, ns, name, attributes); return;
  }
}

static void on_end(void *user, Xml *xml, XmlNs ns, const char *name) {
  Sheet *sheet = user;
  Ods *o = sheet->ods;
  unsigned depth = xml->depth + 1;   /* of the element that ends */
  switch (o->where) {
    case ODS_OUTSIDE: return;
    case ODS_TABLE:
      if (ns == XML_NS_TABLE && strcmp(name, "table") == 0) o->where = ODS_OUTSIDE;
      return;
    case ODS_ROW: end_row(sheet, xml); return;
    case ODS_CELL:
      if (depth == o->cell_depth) end_cell(sheet, xml);
      return;
    case ODS_PARAGRAPH:
      if (depth != o->paragraph_depth) return;
      if (!o->folds) flush_space(sheet, xml);
      o->where = ODS_CELL;
      return;
  }
}

static void on_text(void *user, Xml *xml, Str text) {
  Sheet *sheet = user;
  if (sheet->ods->where == ODS_PARAGRAPH) put_characters(sheet, xml, text);
}

const XmlHandler ODS_ROWS = {on_start, on_end, on_text};
