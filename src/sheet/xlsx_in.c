/* SPDX-License-Identifier: EUPL-1.2 */
/* XLSX in: from the package to the list of sheets, by the relationships and not by customary names. */
#include <stdlib.h>
#include <string.h>

#include "sheet/xlsx.h"

typedef enum RelKind { REL_OTHER, REL_DOCUMENT, REL_WORKSHEET, REL_STYLES, REL_SHARED } RelKind;

typedef struct Rel {
  Str id, target;
  RelKind kind;
  bool external;
} Rel;

typedef struct Rels {
  Arena *arena;
  Rel *items;
  size_t count, cap;
} Rels;

/* The last word of a relationship type; what stands before it differs between strict and transitional. */
static RelKind rel_kind(const char *type) {
  static const struct { const char *word; RelKind kind; } KINDS[] = {
    {"/officeDocument", REL_DOCUMENT}, {"/worksheet", REL_WORKSHEET}, {"/styles", REL_STYLES},
    {"/sharedStrings", REL_SHARED},
  };
  const char *word = type ? strrchr(type, '/') : NULL;
  for (size_t i = 0; word && i < sizeof KINDS / sizeof *KINDS; i++)
    if (strcmp(word, KINDS[i].word) == 0) return KINDS[i].kind;
  return REL_OTHER;
}

/* Targets are URIs: %20 is a space, and some programs write '\'. */
static Str rel_target(Arena *arena, const char *target) {
  Str copy = arena_cstr(arena, target);
  if (!copy.ptr) return copy;
  char *p = (char *)(uintptr_t)copy.ptr;
  size_t len = 0;
  for (size_t i = 0; i < copy.len; i++, len++) {
    char hex[3] = {0};
    if (p[i] == '%' && i + 2 < copy.len) memcpy(hex, p + i + 1, 2);
    char *end = hex;
    long code = hex[0] ? strtol(hex, &end, 16) : 0;
    if (end == hex + 2 && code > 31) i += 2;
    p[len] = end == hex + 2 && code > 31 ? (char)code : p[i] == '\\' ? '/' : p[i];
  }
  p[len] = 0;
  return (Str){p, len};
}

static void on_rel(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  Rels *rels = user;
  if (ns != XML_NS_PACKAGE_REL || strcmp(name, "Relationship") != 0) return;
  const char *id = xml_attribute(attributes, XML_NS_NONE, "Id");
  const char *target = xml_attribute(attributes, XML_NS_NONE, "Target");
  const char *mode = xml_attribute(attributes, XML_NS_NONE, "TargetMode");
  RelKind kind = rel_kind(xml_attribute(attributes, XML_NS_NONE, "Type"));
  if (!id || !target || kind == REL_OTHER) return;
  void *items = rels->items;
  bool grown = mem_grow(&items, &rels->cap, rels->count + 1, sizeof *rels->items);
  rels->items = items;
  Rel rel = {arena_cstr(rels->arena, id), rel_target(rels->arena, target), kind, mode && strcmp(mode, "External") == 0};
  if (!grown || !rel.id.ptr || !rel.target.ptr) {
    xml_fail(xml, ERR_MEMORY, "out of memory");
    return;
  }
  rels->items[rels->count++] = rel;
}

static void on_nothing(void *user, Xml *xml, XmlNs ns, const char *name) {
  (void)user, (void)xml, (void)ns, (void)name;
}

static const XmlHandler RELS = {on_rel, on_nothing, NULL};

/* The relationships of `part` ("" for the package); none when it has no file of them. Targets become whole paths. */
static Err read_rels(Sheet *sheet, Str part, Rels *rels, ErrInfo *info) {
  Str folder = S(""), file = part;
  for (size_t i = part.len; i-- > 0;)
    if (part.ptr[i] == '/') {
      folder = str_slice(part, 0, i + 1);
      file = str_slice(part, i + 1, part.len);
      break;
    }
  Str path = arena_printf(&sheet->arena, STR_FMT "_rels/" STR_FMT ".rels", STR_ARG(folder), STR_ARG(file));
  if (!path.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  if (!package_has(&sheet->package, path)) return ERR_OK;
  TRY(xml_part(&sheet->package, path, &RELS, rels, info));
  for (size_t i = 0; i < rels->count; i++)
    if (!rels->items[i].external)
      TRY(package_resolve(&sheet->arena, part, rels->items[i].target, &rels->items[i].target, info));
  return ERR_OK;
}

static const Rel *rel_of_kind(const Rels *rels, RelKind kind) {
  for (size_t i = 0; i < rels->count; i++)
    if (rels->items[i].kind == kind && !rels->items[i].external) return &rels->items[i];
  return NULL;
}

typedef struct WorkbookReader {
  Sheet *sheet;
  const Rels *rels;
  bool main;      /* the root element is of our vocabulary */
} WorkbookReader;

static void add_sheet(WorkbookReader *reader, Xml *xml, const char **attributes) {
  const char *name = xml_attribute(attributes, XML_NS_NONE, "name");
  const char *state = xml_attribute(attributes, XML_NS_NONE, "state");
  const char *id = xml_attribute(attributes, XML_NS_REL, "id");
  const Rel *rel = NULL;
  for (size_t i = 0; id && !rel && i < reader->rels->count; i++)
    if (str_eq(reader->rels->items[i].id, str_from(id))) rel = &reader->rels->items[i];
  if (!rel || rel->kind != REL_WORKSHEET || rel->external) return;   /* a sheet of charts or macros */
  ErrInfo failure = ERRINFO_INIT;
  Err err = sheet_add(reader->sheet, str_from(name ? name : ""), rel->target, state && strcmp(state, "visible") != 0, &failure);
  if (err != ERR_OK) xml_fail(xml, err, "%s", failure.message);
}

static void on_workbook(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes) {
  WorkbookReader *reader = user;
  if (ns != XML_NS_MAIN) {
    xml_skip(xml);
    return;
  }
  if (strcmp(name, "workbook") == 0) reader->main = true;
  else if (strcmp(name, "sheet") == 0) add_sheet(reader, xml, attributes);
  else if (strcmp(name, "workbookPr") == 0)
    reader->sheet->xlsx->from_1904 = xml_true(xml_attribute(attributes, XML_NS_NONE, "date1904"));
}

static const XmlHandler WORKBOOK = {on_workbook, on_nothing, NULL};

static Err read_workbook(Sheet *sheet, Str part, Rels *rels, ErrInfo *info) {
  Xlsx *xlsx = sheet->xlsx;
  rels->count = 0;
  TRY(read_rels(sheet, part, rels, info));
  const Rel *styles = rel_of_kind(rels, REL_STYLES), *shared = rel_of_kind(rels, REL_SHARED);
  xlsx->styles_part = styles ? styles->target : S("");
  xlsx->shared_part = shared ? shared->target : S("");
  WorkbookReader reader = {sheet, rels, false};
  TRY(xml_part(&sheet->package, part, &WORKBOOK, &reader, info));
  if (!reader.main) return err_set(info, ERR_INPUT, "part " STR_FMT " is not a workbook", STR_ARG(part));
  return xlsx->styles_part.len ? xlsx_read_styles(sheet, info) : ERR_OK;
}

Err xlsx_open(Sheet *sheet, ErrInfo *info) {
  sheet->xlsx = mem_alloc0(1, sizeof *sheet->xlsx);
  if (!sheet->xlsx) return err_set(info, ERR_MEMORY, "out of memory");
  buf_init(&sheet->xlsx->shared.bytes, sheet->budget.limits.shared_bytes);
  buf_init(&sheet->xlsx->number, 1024);
  Rels rels = {.arena = &sheet->arena};
  Str part = S("xl/workbook.xml");
  Err err = read_rels(sheet, S(""), &rels, info);
  if (err == ERR_OK) {
    const Rel *document = rel_of_kind(&rels, REL_DOCUMENT);
    if (document) part = document->target;
    err = read_workbook(sheet, part, &rels, info);
  }
  mem_free(rels.items);
  return err;
}

Err xlsx_select(Sheet *sheet, ErrInfo *info) {
  Xlsx *xlsx = sheet->xlsx;
  if (!xlsx->shared.loaded && xlsx->shared_part.len) TRY(xlsx_read_shared(sheet, info));
  xlsx->shared.loaded = true;
  xlsx->row = 0;
  xlsx->next_column = 0;
  xlsx->where = XLSX_OUTSIDE;
  xlsx->taking = false;
  return xml_open(&sheet->xml, &sheet->package, sheet->sheets.items[sheet->selected].part, &XLSX_ROWS, sheet, info);
}

void xlsx_close(Sheet *sheet) {
  Xlsx *xlsx = sheet->xlsx;
  if (!xlsx) return;
  mem_free(xlsx->styles);
  mem_free(xlsx->shared.ends);
  buf_clear(&xlsx->shared.bytes);
  buf_clear(&xlsx->number);
  mem_free(xlsx);
  sheet->xlsx = NULL;
}
