/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/export.h"

#include <string.h>

#include "action/actions.h"
#include "action/import_internal.h"
#include "base/mem.h"

enum { CHUNK = 25 };

typedef struct Export {
  Map assumed;       /* actions whose line is an assumption */
  Import *names;     /* only its vocabulary: what the import would make of a name */
  Arena *arena;      /* of a chunk of rows */
  ErrInfo *info;
} Export;

static const char *member_of(Field field) {
  switch (field) {
    case FIELD_CONFIRMED: return "confirmed_on";
    case FIELD_SECTION: return "source_section";
    case FIELD_COST: return "cost_cents";
    default: return FIELDS[field].key;
  }
}

/* The name when the import takes it for this code, the code otherwise. */
static Str readable(Export *e, Field field, Str code, Str label) {
  static const char *const prefixes[] = {"", "provincie ", "gemeente "};
  for (size_t i = 0; i < (field == FIELD_REGIONS ? 3u : 1u); i++) {
    Str name = i ? arena_printf(e->arena, "%s" STR_FMT, prefixes[i], STR_ARG(label)) : label, found;
    if (name.ptr && import_lookup(e->names, field, name, &found, NULL) && str_eq(found, code)) return name;
  }
  return code;
}

typedef struct Lookup { Export *e; Field field; } Lookup;

static bool look_up(void *context, Str part, Str *code) {
  Lookup *lookup = context;
  return import_lookup(lookup->e->names, lookup->field, part, code, NULL);
}

static Str join(Export *e, Field field, const Val *list, bool names) {
  Str text = S("");
  for (size_t i = 0; i < list->as.list.count; i++) {
    const Val *item = list->as.list.items[i];
    Str code = val_get(item, S("code"))->as.text;
    Str one = names ? readable(e, field, code, val_get(item, S("label"))->as.text) : code;
    text = i ? arena_printf(e->arena, STR_FMT "; " STR_FMT, STR_ARG(text), STR_ARG(one)) : one;
  }
  return text;
}

/* Names that hold separators could be read as others when they stand in a row; then codes are written. */
static Str many(Export *e, Field field, const Val *list) {
  if (field == FIELD_GOALS || field == FIELD_EDUCATION) return join(e, field, list, false);
  Str text = join(e, field, list, true);
  CellList *found = ARENA_NEW(e->arena, CellList), *unknown = ARENA_NEW(e->arena, CellList);
  if (!found || !unknown || !text.ptr) return text;
  bool same = cell_values(text, look_up, &(Lookup){e, field}, found, unknown) && found->count == list->as.list.count;
  for (size_t i = 0; same && i < found->count; i++)
    same = str_eq(found->items[i], val_get(list->as.list.items[i], S("code"))->as.text);
  return same ? text : join(e, field, list, false);
}

static SheetCell cell_of(Export *e, Field field, const Val *action) {
  const Val *value = val_get(action, str_from(member_of(field)));
  Day day;
  switch (value->kind) {
    case VAL_INT: return sheet_cell_number(field == FIELD_COST ? (double)value->as.integer / 100 : (double)value->as.integer);
    case VAL_LIST: return sheet_cell_text(many(e, field, value));
    case VAL_MAP: {
      Str code = val_get(value, S("code"))->as.text;
      if (field == FIELD_LINE && map_get(&e->assumed, val_get(action, S("code"))->as.text, NULL))
        return sheet_cell_text(arena_printf(e->arena, STR_FMT " (aanname)", STR_ARG(code)));
      return sheet_cell_text(field == FIELD_SOURCE ? code : readable(e, field, code, val_get(value, S("label"))->as.text));
    }
    case VAL_STR:
      if (FIELDS[field].kind == FIELD_KIND_DAY && day_parse_iso(value->as.text, &day)) return sheet_cell_date(day);
      return sheet_cell_text(value->as.text);
    default: return sheet_cell_empty();
  }
}

static Err read_assumed(Export *e, Store *store) {
  Rows *rows = NULL;
  map_init(&e->assumed, &e->names->names);
  TRY(store_query(store, "action_assumed_lines", NO_ARGS, &rows, e->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, e->info)) == ERR_OK && more) {
    Str code = arena_str(&e->names->names, rows_str(rows, 0));
    if (code.ptr && map_set(&e->assumed, code, e) == ERR_OK) continue;
    err = err_set(e->info, ERR_MEMORY, "out of memory while exporting");
    break;
  }
  rows_close(rows);
  return err;
}

static Err write_rows(Export *e, SheetWriter *writer, const Val *rows) {
  for (size_t i = 0; i < rows->as.list.count; i++) {
    SheetCell cells[FIELD_COUNT];
    size_t n = 0;
    for (int field = 0; field < FIELD_COUNT; field++)
      if (FIELDS[field].heading) cells[n++] = cell_of(e, (Field)field, rows->as.list.items[i]);
    TRY(sheet_write_row(writer, cells, n, e->info));
  }
  return ERR_OK;
}

static Err write_all(Export *e, SheetWriter *writer, Store *store, const ActionIndex *index, const uint32_t *ids, size_t count) {
  Str headings[FIELD_COUNT];
  size_t n = 0;
  for (int field = 0; field < FIELD_COUNT; field++)
    if (FIELDS[field].heading) headings[n++] = str_from(FIELDS[field].heading);
  TRY(sheet_writer_sheet(writer, S("Acties"), e->info));
  TRY(sheet_write_heading(writer, headings, n, e->info));
  for (size_t from = 0; from < count; from += CHUNK) {
    Val *rows = NULL;
    arena_reset(e->arena);
    arena_reset(&e->names->row);
    TRY(action_rows_full(store, index, ids + from, count - from < CHUNK ? count - from : CHUNK, e->arena, &rows, e->info));
    TRY(write_rows(e, writer, rows));
  }
  return sheet_writer_finish(writer, e->info);
}

Err action_export(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, SheetFormat format,
                  const char *path, ErrInfo *info) {
  static const SheetWriteOptions options = {.title = "Actielijst"};
  Import *names = mem_alloc0(1, sizeof *names);
  if (!names) return err_set(info, ERR_MEMORY, "out of memory while exporting");
  names->store = store;
  names->info = info;
  arena_init(&names->names, 0);
  arena_init(&names->row, 0);
  Arena arena;
  arena_init(&arena, 0);
  Export e = {.names = names, .arena = &arena, .info = info};
  SheetWriter *writer = NULL;
  Err err = import_read_names(names);
  if (err == ERR_OK) err = read_assumed(&e, store);
  if (err == ERR_OK) err = sheet_writer_new(&writer, format, path, &options, info);
  if (err == ERR_OK) err = write_all(&e, writer, store, index, ids, count);
  sheet_writer_free(writer);
  arena_clear(&arena);
  arena_clear(&names->names);
  arena_clear(&names->row);
  mem_free(names);
  return err;
}
