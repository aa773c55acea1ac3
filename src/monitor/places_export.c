/* SPDX-License-Identifier: EUPL-1.2 */
#include "monitor/places_export.h"

#include "sheet/writer.h"
#include "store/vals.h"

/* What a row says of a place: the heading, a member of it, and of that the member when it is a reference. */
static const struct { const char *heading, *key, *member; bool day; } columns[] = {
    {"Soort onderwijs", "kind_label", NULL, false}, {"Code", "code", NULL, false}, {"Instelling", "institution", NULL, false},
    {"Vestiging", "site", NULL, false}, {"Naam", "name", NULL, false}, {"Straat", "street", NULL, false},
    {"Huisnummer", "house_number", NULL, false}, {"Postcode", "postcode", NULL, false}, {"Plaats", "town", NULL, false},
    {"Gemeentecode", "municipality", "code", false}, {"Gemeente", "municipality", "label", false}, {"Provincie", "province", "label", false},
    {"Richting", "denomination", NULL, false}, {"Website", "website", NULL, false}, {"Bevoegd gezag", "board", NULL, false},
    {"Sinds de editie van", "valid_from", NULL, true}, {"Tot en met", "valid_to", NULL, true}, {"Bron", "source", "code", false}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static SheetCell cell_of(const Val *place, size_t column) {
  Day day;
  const Val *owner = columns[column].member ? val_get(place, str_from(columns[column].key)) : place;
  Str text = vals_text(owner, columns[column].member ? columns[column].member : columns[column].key);
  if (!text.ptr) return sheet_cell_empty();
  return columns[column].day && day_parse_iso(text, &day) ? sheet_cell_date(day) : sheet_cell_text(text);
}

static Err write_all(SheetWriter *writer, const Val *places, ErrInfo *info) {
  Str headings[COLUMNS];
  for (size_t c = 0; c < COLUMNS; c++) headings[c] = str_from(columns[c].heading);
  TRY(sheet_writer_sheet(writer, S("Voorzieningen"), info));
  TRY(sheet_write_heading(writer, headings, COLUMNS, info));
  for (size_t i = 0; i < places->as.list.count; i++) {
    SheetCell cells[COLUMNS];
    for (size_t c = 0; c < COLUMNS; c++) cells[c] = cell_of(places->as.list.items[i], c);
    TRY(sheet_write_row(writer, cells, COLUMNS, info));
  }
  return sheet_writer_finish(writer, info);
}

Err places_export(Store *store, const PlaceQuery *query, SheetFormat format, const char *path, Arena *arena, ErrInfo *info) {
  static const SheetWriteOptions options = {.title = "Voorzieningen"};
  PlaceQuery all = *query;
  SheetWriter *writer = NULL;
  Val *found;
  all.page = 1;
  all.size = 0;
  TRY(place_find(store, &all, arena, &found, info));
  TRY(sheet_writer_new(&writer, format, path, &options, info));
  Err err = write_all(writer, val_get(found, S("places")), info);
  sheet_writer_free(writer);
  return err;
}
