/* SPDX-License-Identifier: EUPL-1.2 */
/* ODS in. content.xml holds all sheets one after another, so it is gone through once to name them and again for the rows
 * of each sheet that is read. Cells and rows can say "repeated": empty ones only move the position on, so that the usual
 * million empty rows at the end cost nothing. */
#include <string.h>

#include "sheet/ods.h"

typedef struct ListReader {
  Sheet *sheet;
  Map hidden_styles;      /* names of table styles with display="false" */
  Str style;              /* the style element we are in, "" none */
  bool spreadsheet;       /* office:spreadsheet was there */
} ListReader;

static void out_of_memory(Xml *xml) {
  xml_fail(xml, ERR_MEMORY, "out of memory or too many names");
}

static void add_table(ListReader *reader, Xml *xml, const char **attributes) {
  const char *name = xml_attribute(attributes, XML_NS_TABLE, "name");
  const char *style = xml_attribute(attributes, XML_NS_TABLE, "style-name");
  bool hidden = style && map_get(&reader->hidden_styles, str_from(style), NULL);
  ErrInfo failure = ERRINFO_INIT;
  Err err = sheet_add(reader->sheet, str_from(name ? name : ""), S(""), hidden, &failure);
  if (err != ERR_OK) xml_fail(xml, err, "%s", failure.message);
}

static void style_display(ListReader *reader, Xml *xml, const char **attributes) {
  const char *display = xml_attribute(attributes, XML_NS_TABLE, "display");
  if (!reader->style.len || !display || strcmp(display, "false") != 0) return;
  if (map_set(&reader->hidden_styles, reader->style, NULL) != ERR_OK) out_of_memory(xml);
}

static void on_list(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  ListReader *reader = user;
  if (xml->depth == 1 && (ns != XML_NS_OFFICE || strcmp(name, "document-content") != 0)) {
    xml_fail(xml, ERR_INPUT, "part %s is not the content of a document", xml->part.name);
  } else if (ns == XML_NS_TABLE && strcmp(name, "table") == 0) {
    if (reader->spreadsheet && xml->depth == 4) add_table(reader, xml, attributes);
    xml_skip(xml);
  } else if (ns == XML_NS_OFFICE && strcmp(name, "spreadsheet") == 0) {
    reader->spreadsheet = true;
  } else if (ns == XML_NS_STYLE && strcmp(name, "style") == 0) {
    const char *style = xml_attribute(attributes, XML_NS_STYLE, "name");
    reader->style = arena_cstr(&reader->sheet->arena, style ? style : "");
    if (!reader->style.ptr) out_of_memory(xml);
  } else if (ns == XML_NS_STYLE && strcmp(name, "table-properties") == 0) {
    style_display(reader, xml, attributes);
  }
}

static void on_list_end(void *user, Xml *xml, XmlNs ns, const char *name) {
  (void)xml;
  ListReader *reader = user;
  if (ns == XML_NS_STYLE && strcmp(name, "style") == 0) reader->style = STR_NONE;
}

static const XmlHandler LIST = {on_list, on_list_end, NULL};

static void on_manifest(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  (void)user, (void)attributes;
  if (ns == XML_NS_MANIFEST && strcmp(name, "encryption-data") == 0)
    xml_fail(xml, ERR_UNSUPPORTED, "the file is protected with a password; save it without one");
}

static void on_nothing(void *user, Xml *xml, XmlNs ns, const char *name) {
  (void)user, (void)xml, (void)ns, (void)name;
}

static const XmlHandler MANIFEST = {on_manifest, on_nothing, NULL};

Err ods_open(Sheet *sheet, ErrInfo *info) {
  sheet->ods = mem_alloc0(1, sizeof *sheet->ods);
  if (!sheet->ods) return err_set(info, ERR_MEMORY, "out of memory");
  if (package_has(&sheet->package, S("META-INF/manifest.xml")))
    TRY(xml_part(&sheet->package, S("META-INF/manifest.xml"), &MANIFEST, NULL, info));
  ListReader reader = {.sheet = sheet};
  map_init(&reader.hidden_styles, &sheet->arena);
  TRY(xml_part(&sheet->package, S("content.xml"), &LIST, &reader, info));
  if (!reader.spreadsheet) return err_set(info, ERR_UNSUPPORTED, "the document is not a spreadsheet");
  return ERR_OK;
}

Err ods_select(Sheet *sheet, ErrInfo *info) {
  *sheet->ods = (Ods){.table = -1};
  return xml_open(&sheet->xml, &sheet->package, S("content.xml"), &ODS_ROWS, sheet, info);
}

void ods_close(Sheet *sheet) {
  mem_free(sheet->ods);
  sheet->ods = NULL;
}
