/* SPDX-License-Identifier: EUPL-1.2 */
/* Which row holds the headings, and which column holds what. */
#include "base/text.h"
#include "monitor/supply_internal.h"

enum { HEADING_ROWS = 20 };  /* a title and remarks may stand above the headings */

const SupplyFieldInfo SUPPLY_FIELDS[SUPPLY_COUNT] = {
#define SUPPLY(NAME, heading, fill, text, other, note) {heading, other, note, SUPPLY_##fill, SUPPLY_IS_##text},
#include "monitor/supply_fields.def"
#undef SUPPLY
};

static SupplyField field_of(SupplyImport *import, Str heading) {
  Str name = text_folded(&import->row, heading);
  for (int f = 0; name.ptr && name.len && f < SUPPLY_COUNT; f++) {
    Str own = text_folded(&import->row, str_from(SUPPLY_FIELDS[f].heading));
    if ((own.ptr && str_eq(name, own)) || str_eq(name, str_from(SUPPLY_FIELDS[f].other))) return (SupplyField)f;
  }
  return SUPPLY_COUNT;
}

/* Takes the row as headings; false when it names no indicator, region and period. */
static bool take_headings(SupplyImport *import, const SheetCell *cells, size_t count) {
  for (int f = 0; f < SUPPLY_COUNT; f++) import->place[f] = SUPPLY_COLUMNS_MAX;
  import->column_count = count < SUPPLY_COLUMNS_MAX ? count : SUPPLY_COLUMNS_MAX;
  for (size_t i = 0; i < import->column_count; i++) {
    import->columns[i] = cells[i].kind == SHEET_TEXT ? field_of(import, cells[i].text) : SUPPLY_COUNT;
    import->headings[i] = arena_str(import->arena, str_trim(cells[i].text));
    if (import->columns[i] != SUPPLY_COUNT && import->place[import->columns[i]] == SUPPLY_COLUMNS_MAX) import->place[import->columns[i]] = i;
  }
  import->arena->failed |= import->row.failed;
  arena_reset(&import->row);
  return import->place[SUPPLY_INDICATOR] < SUPPLY_COLUMNS_MAX && import->place[SUPPLY_REGION] < SUPPLY_COLUMNS_MAX &&
         import->place[SUPPLY_PERIOD] < SUPPLY_COLUMNS_MAX;
}

static Err check_headings(SupplyImport *import, long row, size_t count) {
  char one[SHEET_REF], other[SHEET_REF];
  err_at(import->info, NULL, NULL, row, NULL);
  if (count > SUPPLY_COLUMNS_MAX)
    return err_set(import->info, ERR_LIMIT, "the headings go on for %zu columns, at most %d are read", count, SUPPLY_COLUMNS_MAX);
  for (size_t i = 0; i < import->column_count; i++) {
    SupplyField field = import->columns[i];
    if (field == SUPPLY_COUNT || import->place[field] == i) continue;
    sheet_ref(one, 0, import->place[field]);
    sheet_ref(other, 0, i);
    return err_set(import->info, ERR_INPUT, "columns %s and %s are both called \"" STR_FMT "\"; one of them must go", one, other,
                   STR_ARG(import->headings[i]));
  }
  if (import->place[SUPPLY_VALUE] == SUPPLY_COLUMNS_MAX && import->place[SUPPLY_NUMERATOR] == SUPPLY_COLUMNS_MAX)
    return err_set(import->info, ERR_INPUT, "there is no column \"%s\" or \"%s\"", SUPPLY_FIELDS[SUPPLY_VALUE].heading,
                   SUPPLY_FIELDS[SUPPLY_NUMERATOR].heading);
  import->info->row = 0;
  return ERR_OK;
}

static Err look_in_sheet(SupplyImport *import, bool *found) {
  const SheetCell *cells;
  size_t count;
  long row;
  for (int i = 0; i < HEADING_ROWS; i++) {
    TRY(sheet_next(import->sheet, &cells, &count, &row, import->info));
    if (count == 0) return ERR_OK;
    if (!take_headings(import, cells, count)) continue;
    *found = true;
    return check_headings(import, row, count);
  }
  return ERR_OK;
}

static void describe_ignored(SupplyImport *import) {
  Val *ignored = val_set_list(import->arena, import->report, "ignored");
  for (size_t i = 0; i < import->column_count; i++)
    if (import->columns[i] == SUPPLY_COUNT && import->headings[i].len) val_push_str(import->arena, ignored, import->headings[i]);
}

Err supply_find_headings(SupplyImport *import) {
  size_t only = 0;
  bool found = false;
  const char *name = import->options->sheet;
  if (name && !sheet_find(import->sheet, str_from(name), &only))
    return err_set(import->info, ERR_NOT_FOUND, "there is no sheet \"%s\" in the file", name);
  for (size_t i = 0; i < sheet_count(import->sheet) && !found; i++) {
    if (name ? i != only : sheet_hidden(import->sheet, i)) continue;
    TRY(sheet_select(import->sheet, i, import->info));
    TRY(look_in_sheet(import, &found));
    import->sheet_name = arena_str(import->arena, sheet_name(import->sheet, i));
  }
  if (import->arena->failed) return SUPPLY_MEMORY(import);
  if (!found)
    return err_set(import->info, ERR_INPUT, "no headings found in the first %d rows: expected the columns \"%s\", \"%s\", \"%s\" and \"%s\" of the "
                   "list that 'pactwijzer due --template' writes", HEADING_ROWS, SUPPLY_FIELDS[SUPPLY_INDICATOR].heading,
                   SUPPLY_FIELDS[SUPPLY_REGION].heading, SUPPLY_FIELDS[SUPPLY_PERIOD].heading, SUPPLY_FIELDS[SUPPLY_VALUE].heading);
  describe_ignored(import);
  return ERR_OK;
}
