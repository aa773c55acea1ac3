/* SPDX-License-Identifier: EUPL-1.2 */
/* Which row holds the headings, and which column holds what. */
#include "action/import_internal.h"

#include <string.h>

const FieldInfo FIELDS[FIELD_COUNT] = {
#define FIELD(NAME, key, kind, heading) {#key, FIELD_KIND_##kind, heading},
#include "action/fields.def"
#undef FIELD
};

enum { HEADING_ROWS = 20 };  /* a title and remarks may stand above the headings */

Err action_import_fields(Buf *out) {
  for (int field = 0; field < FIELD_COUNT; field++) buf_printf(out, "%s%s", field ? ", " : "", FIELDS[field].key);
  return buf_err(out);
}

static Field field_by_key(Str key) {
  for (int field = 0; field < FIELD_COUNT; field++)
    if (str_eq_nocase(key, str_from(FIELDS[field].key))) return (Field)field;
  return FIELD_NONE;
}

/* Through cell_name both ways, so that the table may be written as people write. */
static bool same_name(Import *import, Str name, const char *variant) {
  Str other = cell_name(&import->row, str_from(variant));
  return other.ptr && str_eq(name, other);
}

static Field field_by_heading(Import *import, Str heading) {
  static const struct { Field field; const char *variant; } variants[] = {
#define HEADING(FIELD, variant) {FIELD_##FIELD, variant},
#include "action/headings.def"
#undef HEADING
  };
  Str name = cell_name(&import->row, heading);
  if (!name.ptr || name.len == 0) return FIELD_NONE;
  for (int field = 0; field < FIELD_COUNT; field++)
    if ((FIELDS[field].heading && same_name(import, name, FIELDS[field].heading)) || same_name(import, name, FIELDS[field].key))
      return (Field)field;
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
    if (str_eq(name, str_from(variants[i].variant))) return variants[i].field;
  return FIELD_NONE;
}

/* --map goes before what a heading says by itself. *mapped when it names this heading. */
static Err field_by_map(Import *import, Str heading, Field *field, bool *mapped) {
  *mapped = false;
  for (size_t i = 0; i < import->options->map_count; i++) {
    Str map = import->options->maps[i];
    size_t cut = map.len;
    while (cut > 0 && map.ptr[cut - 1] != '=') cut--;
    if (cut == 0) return err_set(import->info, ERR_USAGE, "--map \"" STR_FMT "\" is not of the form \"Heading=field\"", STR_ARG(map));
    Str wanted = cell_name(&import->row, str_slice(map, 0, cut - 1)), name = cell_name(&import->row, heading);
    if (!wanted.ptr || !name.ptr) return IMPORT_MEMORY(import);
    Str key = str_trim(str_slice(map, cut, map.len));
    *field = key.len ? field_by_key(key) : FIELD_NONE;
    if (key.len && *field == FIELD_NONE) {
      Buf fields;
      buf_init(&fields, 0);
      Err err = action_import_fields(&fields);
      if (err == ERR_OK)
        err = err_set(import->info, ERR_USAGE, "--map \"" STR_FMT "\": there is no field \"" STR_FMT "\"; the fields are " STR_FMT,
                      STR_ARG(map), STR_ARG(key), STR_ARG(buf_view(&fields)));
      buf_clear(&fields);
      return err;
    }
    if (!str_eq(wanted, name) && !str_eq(str_trim(str_slice(map, 0, cut - 1)), heading)) continue;
    *mapped = true;
    return ERR_OK;
  }
  return ERR_OK;
}

static Err heading_row(Import *import, const SheetCell *cells, size_t count, size_t *recognised) {
  bool title = false, mapped = false;
  *recognised = 0;
  memset(import->has, 0, sizeof import->has);
  import->column_count = count < COLUMNS_MAX ? count : COLUMNS_MAX;
  for (size_t i = 0; i < import->column_count; i++) {
    Field field = FIELD_NONE;
    TRY(field_by_map(import, cells[i].text, &field, &mapped));
    if (!mapped && cells[i].kind == SHEET_TEXT) field = field_by_heading(import, cells[i].text);
    import->columns[i] = (Column){field, arena_str(import->arena, str_trim(cells[i].text))};
    if (!import->columns[i].heading.ptr) return IMPORT_MEMORY(import);
    if (field == FIELD_NONE) continue;
    import->has[field] = true;
    title = title || field == FIELD_TITLE || field == FIELD_CODE;
    (*recognised)++;
  }
  if (!title || *recognised < 2) *recognised = 0;
  return ERR_OK;
}

static bool several_allowed(Field field) {
  return FIELDS[field].kind == FIELD_KIND_MANY || FIELDS[field].kind == FIELD_KIND_GOALS || FIELDS[field].kind == FIELD_KIND_PRIVATE;
}

static Err check_columns(Import *import, long row) {
  char letters[SHEET_REF], before[SHEET_REF];
  for (size_t i = 0; i < import->column_count; i++)
    for (size_t j = 0; j < i; j++) {
      Field field = import->columns[i].field;
      if (field == FIELD_NONE || field != import->columns[j].field || several_allowed(field)) continue;
      sheet_ref(letters, 0, i);
      sheet_ref(before, 0, j);
      return err_set(import->info, ERR_INPUT, "row %ld: columns %s (\"" STR_FMT "\") and %s (\"" STR_FMT "\") both mean %s; "
                     "say which one with --map \"Heading=\" for the other", row, before, STR_ARG(import->columns[j].heading),
                     letters, STR_ARG(import->columns[i].heading), FIELDS[field].key);
    }
  return ERR_OK;
}

/* Leaving out what a column says without a word would be a quiet loss; nobody's list is this wide on purpose. */
static Err check_width(Import *import, long row, size_t count) {
  char letters[SHEET_REF], last[SHEET_REF];
  if (count <= COLUMNS_MAX) return ERR_OK;
  sheet_ref(letters, 0, count - 1);
  sheet_ref(last, 0, COLUMNS_MAX - 1);
  return err_set(import->info, ERR_LIMIT, "row %ld: the headings go on to column %s (%zu columns), at most %d are read (to column %s); "
                 "remove columns that are not needed, or what stands far to the right by accident", row, letters, count, COLUMNS_MAX, last);
}

static void describe_columns(Import *import) {
  Val *columns = val_set_list(import->arena, import->report, "columns");
  Val *ignored = val_set_list(import->arena, import->report, "ignored");
  for (size_t i = 0; i < import->column_count; i++) {
    const Column *column = &import->columns[i];
    char letters[SHEET_REF];
    if (column->field == FIELD_NONE) {
      if (column->heading.len) val_push_str(import->arena, ignored, column->heading);
      continue;
    }
    sheet_ref(letters, 0, i);
    Val *map = val_push_map(import->arena, columns);
    val_set_str(import->arena, map, "heading", column->heading);
    val_set_str(import->arena, map, "column", arena_cstr(import->arena, letters));
    val_set_str(import->arena, map, "field", str_from(FIELDS[column->field].key));
    val_set_str(import->arena, map, "label", str_from(FIELDS[column->field].heading ? FIELDS[column->field].heading : FIELDS[column->field].key));
  }
}

/* Looks for headings in the sheet now selected; `found` also tells the first row, for the message when there are none. */
static Err look_in_sheet(Import *import, bool *found, Buf *first) {
  const SheetCell *cells;
  size_t count, recognised;
  long row;
  *found = false;
  for (int i = 0; i < HEADING_ROWS && !*found; i++) {
    TRY(sheet_next(import->sheet, &cells, &count, &row, import->info));
    if (count == 0) return ERR_OK;
    TRY(heading_row(import, cells, count, &recognised));
    arena_reset(&import->row);
    for (size_t c = 0; first->len == 0 && c < count; c++)
      if (cells[c].text.len) buf_printf(first, "%s\"" STR_FMT "\"", first->len ? ", " : "", STR_ARG(str_slice(cells[c].text, 0, 40)));
    *found = recognised > 0;
  }
  if (*found) TRY(check_width(import, row, count));
  if (*found) TRY(check_columns(import, row));
  return ERR_OK;
}

static Err choose_sheet(Import *import, bool *found, Buf *first) {
  size_t only = 0;
  bool named = import->options->sheet != NULL;
  if (named && !sheet_find(import->sheet, str_from(import->options->sheet), &only))
    return err_set(import->info, ERR_NOT_FOUND, "there is no sheet \"%s\" in the file", import->options->sheet);
  for (size_t i = 0; i < sheet_count(import->sheet) && !*found; i++) {
    if (named ? i != only : sheet_hidden(import->sheet, i)) continue;
    TRY(sheet_select(import->sheet, i, import->info));
    TRY(look_in_sheet(import, found, first));
    if (*found) import->sheet_name = arena_str(import->arena, sheet_name(import->sheet, i));
  }
  return ERR_OK;
}

Err import_find_headings(Import *import) {
  Buf first;
  buf_init(&first, 600);
  bool found = false;
  Err err = choose_sheet(import, &found, &first);
  if (err == ERR_OK && !found && first.len == 0) err = err_set(import->info, ERR_INPUT, "the file is empty");
  else if (err == ERR_OK && !found)
    err = err_set(import->info, ERR_INPUT, "no headings found in the first %d rows; the first row says %.*s. Expected at least a "
                  "column \"Actie\" and one more, such as \"Doelstelling Techniekpact\"; other headings can be named with "
                  "--map \"Heading=field\"", HEADING_ROWS, (int)(first.len < 300 ? first.len : 300), first.ptr);
  buf_clear(&first);
  if (err == ERR_OK) describe_columns(import);
  return err;
}
