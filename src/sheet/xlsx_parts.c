/* SPDX-License-Identifier: EUPL-1.2 */
/* XLSX in: which number formats are dates, and the strings that cells share. */
#include <stdlib.h>
#include <string.h>

#include "sheet/xlsx.h"

#define STYLES_MAX 1000000u

typedef struct CustomFormat {
  long id;
  NumberFormat format;
} CustomFormat;

typedef struct StylesReader {
  Xlsx *xlsx;
  bool in_cell_formats;     /* inside cellXfs, not cellStyleXfs */
  CustomFormat *custom;
  size_t count, cap;
} StylesReader;

static void add_custom(StylesReader *reader, Xml *xml, const char **attributes) {
  const char *id = xml_attribute(attributes, XML_NS_NONE, "numFmtId");
  const char *code = xml_attribute(attributes, XML_NS_NONE, "formatCode");
  if (!id || !code) return;
  void *items = reader->custom;
  bool grown = mem_grow(&items, &reader->cap, reader->count + 1, sizeof *reader->custom);
  reader->custom = items;
  if (!grown || reader->count >= STYLES_MAX) {
    xml_fail(xml, grown ? ERR_LIMIT : ERR_MEMORY, grown ? "the workbook has too many number formats" : "out of memory");
    return;
  }
  reader->custom[reader->count++] = (CustomFormat){strtol(id, NULL, 10), format_parse(str_from(code))};
}

static int by_id(const void *a, const void *b) {
  const CustomFormat *x = a, *y = b;
  return x->id < y->id ? -1 : x->id > y->id;
}

/* numFmts stands before cellXfs in every valid file; sorted once when cellXfs begins. */
static NumberFormat find_format(const StylesReader *reader, long id) {
  CustomFormat key = {.id = id};
  const CustomFormat *found =
    reader->count ? bsearch(&key, reader->custom, reader->count, sizeof key, by_id) : NULL;
  return found ? found->format : format_builtin(id);
}

static void add_style(StylesReader *reader, Xml *xml, const char **attributes) {
  Xlsx *xlsx = reader->xlsx;
  const char *id = xml_attribute(attributes, XML_NS_NONE, "numFmtId");
  void *items = xlsx->styles;
  bool grown = mem_grow(&items, &xlsx->style_cap, xlsx->style_count + 1, sizeof *xlsx->styles);
  xlsx->styles = items;
  if (!grown || xlsx->style_count >= STYLES_MAX) {
    xml_fail(xml, grown ? ERR_LIMIT : ERR_MEMORY, grown ? "the workbook has too many cell formats" : "out of memory");
    return;
  }
  xlsx->styles[xlsx->style_count++] = find_format(reader, id ? strtol(id, NULL, 10) : 0);
}

static void on_style(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  StylesReader *reader = user;
  if (xml->depth == 1 && (ns != XML_NS_MAIN || strcmp(name, "styleSheet") != 0)) {
    xml_fail(xml, ERR_INPUT, "part %s is not a list of styles", xml->part.name);
  } else if (ns != XML_NS_MAIN) {
    xml_skip(xml);
  } else if (strcmp(name, "numFmt") == 0) {
    if (!reader->in_cell_formats) add_custom(reader, xml, attributes);
  } else if (strcmp(name, "cellXfs") == 0) {
    reader->in_cell_formats = true;
    if (reader->count) qsort(reader->custom, reader->count, sizeof *reader->custom, by_id);
  } else if (strcmp(name, "xf") == 0 && reader->in_cell_formats) {
    add_style(reader, xml, attributes);
  } else if (strcmp(name, "dxfs") == 0) {
    xml_skip(xml);   /* formats of conditional formatting: they have number formats of their own */
  }
}

static void on_style_end(void *user, Xml *xml, XmlNs ns, const char *name) {
  (void)xml;
  StylesReader *reader = user;
  if (ns == XML_NS_MAIN && strcmp(name, "cellXfs") == 0) reader->in_cell_formats = false;
}

static const XmlHandler STYLES = {on_style, on_style_end, NULL};

Err xlsx_read_styles(Sheet *sheet, ErrInfo *info) {
  StylesReader reader = {.xlsx = sheet->xlsx};
  Err err = xml_part(&sheet->package, sheet->xlsx->styles_part, &STYLES, &reader, info);
  mem_free(reader.custom);
  return err;
}

typedef struct SharedReader {
  SharedStrings *shared;
  size_t max_cell;
  size_t start;        /* of the string being read */
  bool in_string, taking;
} SharedReader;

static void on_shared(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  (void)attributes;
  SharedReader *reader = user;
  if (xml->depth == 1 && (ns != XML_NS_MAIN || strcmp(name, "sst") != 0))
    xml_fail(xml, ERR_INPUT, "part %s is not a list of texts", xml->part.name);
  else if (ns != XML_NS_MAIN || strcmp(name, "rPh") == 0) {
    xml_skip(xml);   /* rPh: how Japanese text is pronounced, not part of it */
  } else if (strcmp(name, "si") == 0) {
    reader->in_string = true;
    reader->start = reader->shared->bytes.len;
  } else if (strcmp(name, "t") == 0) {
    reader->taking = reader->in_string;
  }
}

static void end_string(SharedReader *reader, Xml *xml) {
  SharedStrings *shared = reader->shared;
  reader->in_string = false;
  if (!xlsx_unescape(&shared->bytes, reader->start)) {
    xml_fail(xml, ERR_INPUT, "shared string %zu holds a NUL byte or half a character", shared->count);
    return;
  }
  size_t bytes = shared->bytes.len + (shared->count + 1) * sizeof *shared->ends;
  Err err = buf_err(&shared->bytes);
  if (err == ERR_LIMIT || (err == ERR_OK && bytes > shared->bytes.limit)) {
    xml_fail(xml, ERR_LIMIT, "the texts of the workbook are together longer than the limit");
    return;
  }
  void *ends = shared->ends;
  bool grown = mem_grow(&ends, &shared->cap, shared->count + 1, sizeof *shared->ends);
  shared->ends = ends;
  if (!grown || err != ERR_OK) {
    xml_fail(xml, ERR_MEMORY, "out of memory");
    return;
  }
  shared->ends[shared->count++] = (uint32_t)shared->bytes.len;
}

static void on_shared_end(void *user, Xml *xml, XmlNs ns, const char *name) {
  SharedReader *reader = user;
  if (ns != XML_NS_MAIN) return;
  if (strcmp(name, "t") == 0) reader->taking = false;
  else if (strcmp(name, "si") == 0 && reader->in_string) end_string(reader, xml);
}

static void on_shared_text(void *user, Xml *xml, Str text) {
  SharedReader *reader = user;
  if (!reader->taking) return;
  if (reader->shared->bytes.len - reader->start + text.len > reader->max_cell) {
    xml_fail(xml, ERR_LIMIT, "a text in the workbook is longer than the limit of %zu bytes", reader->max_cell);
    return;
  }
  buf_str(&reader->shared->bytes, text);
}

static const XmlHandler SHARED = {on_shared, on_shared_end, on_shared_text};

Err xlsx_read_shared(Sheet *sheet, ErrInfo *info) {
  SharedStrings *shared = &sheet->xlsx->shared;
  buf_reset(&shared->bytes);
  shared->count = 0;
  SharedReader reader = {.shared = shared, .max_cell = sheet->budget.limits.cell_bytes};
  return xml_part(&sheet->package, sheet->xlsx->shared_part, &SHARED, &reader, info);
}

Str xlsx_shared(const SharedStrings *shared, size_t index) {
  size_t from = index ? shared->ends[index - 1] : 0;
  return (Str){shared->bytes.ptr ? shared->bytes.ptr + from : "", shared->ends[index] - from};
}

static int hex_value(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code of "_xHHHH_" at the start of s, or -1. */
static long escape_at(Str s) {
  if (s.len < 7 || s.ptr[0] != '_' || s.ptr[1] != 'x' || s.ptr[6] != '_') return -1;
  long code = 0;
  for (size_t i = 2; i < 6; i++) {
    int digit = hex_value(s.ptr[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

static size_t put_utf8(char *out, unsigned long c) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xC0 | c >> 6);
    out[1] = (char)(0x80 | (c & 63));
    return 2;
  }
  out[0] = (char)(0xE0 | c >> 12);
  out[1] = (char)(0x80 | (c >> 6 & 63));
  out[2] = (char)(0x80 | (c & 63));
  return 3;
}

/* Written in place: what comes out is never longer than the seven bytes of the escape. */
bool xlsx_unescape(Buf *buf, size_t start) {
  if (buf->err != ERR_OK || start >= buf->len) return true;
  Str text = {buf->ptr + start, buf->len - start};
  size_t at = str_find(text, S("_x"));
  if (at == STR_NPOS) return true;
  char *out = buf->ptr + start;
  size_t len = at;
  while (at < text.len) {
    long code = escape_at(str_slice(text, at, text.len));
    if (code < 0) {
      out[len++] = text.ptr[at++];
      continue;
    }
    if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) return false;
    len += put_utf8(out + len, (unsigned long)code);
    at += 7;
  }
  buf->len = start + len;
  return true;
}
