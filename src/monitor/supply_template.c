/* SPDX-License-Identifier: EUPL-1.2 */
/* The list that a supplier gets: what is asked, with what is known filled in. */
#include "base/text.h"
#include "monitor/supply_internal.h"
#include "pact/round.h"

typedef struct Template {
  Arena *arena;
  ErrInfo *info;
  SheetWriter *writer;
  Str supplier;
  size_t rows;
} Template;

static Str text_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_STR ? value->as.text : STR_NONE;
}

static size_t count_of(const Val *list) { return list->kind == VAL_LIST ? list->as.list.count : 0; }

/* "definition", then what stands above and below the line. */
static Str what_counts(Arena *arena, const Val *indicator) {
  Str text = text_of(indicator, "definition"), above = text_of(indicator, "numerator"), below = text_of(indicator, "denominator");
  if (above.ptr && below.ptr) return arena_printf(arena, STR_FMT " Teller: " STR_FMT ". Noemer: " STR_FMT ".", STR_ARG(text), STR_ARG(above), STR_ARG(below));
  return above.ptr ? arena_printf(arena, STR_FMT " Geteld: " STR_FMT ".", STR_ARG(text), STR_ARG(above)) : text;
}

static SheetCell text_cell(Str text) { return text.ptr ? sheet_cell_text(text) : sheet_cell_empty(); }

/* The newest figure of the region that still holds: its source is likely that of the next. Not what a document says, such as
 * the pact of its baseline: nobody supplies an edition of that, and a figure from elsewhere would be taken for a correction. */
static const Val *newest_figure(const Val *region) {
  const Val *values = val_get(region, S("values")), *found = NULL;
  for (size_t i = 0; i < count_of(values); i++) {
    const Val *value = values->as.list.items[i];
    Str kind = text_of(value, "source_kind");
    if (str_eq(kind, S("document")) || str_eq(kind, S("editors"))) continue;
    if (val_truth(val_get(value, S("current"))) && val_truth(val_get(value, S("leading")))) found = value;
  }
  return found;
}

bool supply_is_from(Str suppliers, Str name) {
  Str part;
  if (str_eq_nocase(suppliers, name)) return true;
  while (str_cut(&suppliers, ',', &part))
    if (str_eq_nocase(str_trim(part), name)) return true;
  return false;
}

static Err add_row(Template *t, const Val *indicator, const Val *region, const Val *expected) {
  SheetCell cells[SUPPLY_COUNT];
  Day by;
  const Val *figure = newest_figure(region), *place = val_get(region, S("region"));
  const char *unit = supply_word(SUPPLY_LIST_UNIT, text_of(indicator, "unit"));
  Str dataset = figure ? text_of(val_get(figure, S("source")), "label") : text_of(indicator, "publication");
  for (int f = 0; f < SUPPLY_COUNT; f++) cells[f] = sheet_cell_empty();
  cells[SUPPLY_INDICATOR] = text_cell(text_of(indicator, "code"));
  cells[SUPPLY_TITLE] = text_cell(text_of(indicator, "title"));
  cells[SUPPLY_COUNTS] = text_cell(what_counts(t->arena, indicator));
  cells[SUPPLY_UNIT] = text_cell(unit ? str_from(unit) : text_of(indicator, "unit"));
  cells[SUPPLY_REGION] = text_cell(text_of(place, "code"));
  cells[SUPPLY_REGION_NAME] = text_cell(text_of(place, "label"));
  cells[SUPPLY_DATASET] = text_cell(dataset);
  cells[SUPPLY_ADDRESS] = text_cell(figure ? text_of(figure, "address") : STR_NONE);
  cells[SUPPLY_SUPPLIER] = text_cell(t->supplier);
  if (expected) {
    cells[SUPPLY_PERIOD] = text_cell(text_of(expected, "period"));
    if (day_parse_iso(text_of(expected, "expected_by"), &by)) cells[SUPPLY_EXPECTED] = sheet_cell_date(by);
  }
  t->rows++;
  return sheet_write_row(t->writer, cells, SUPPLY_COUNT, t->info);
}

static Err add_region(Template *t, const Val *indicator, const Val *region) {
  const Val *round = val_get(region, S("round")), *expected = val_get(round, S("expected"));
  for (size_t i = 0; i < count_of(expected); i++) TRY(add_row(t, indicator, region, expected->as.list.items[i]));
  bool open = str_eq(text_of(round, "freshness"), str_from(freshness_code(FRESH_NOT_ARRANGED)));
  return open ? add_row(t, indicator, region, NULL) : ERR_OK;
}

static Err add_rows(Template *t, const Val *indicators, Str supplier) {
  for (size_t i = 0; i < count_of(indicators); i++) {
    const Val *indicator = indicators->as.list.items[i], *regions = val_get(indicator, S("regions"));
    Str own = text_of(indicator, "supplier");
    if (!own.ptr || !supply_is_from(own, supplier)) continue;
    for (size_t r = 0; r < count_of(regions); r++) TRY(add_region(t, indicator, regions->as.list.items[r]));
  }
  return ERR_OK;
}

static Err add_explanation(Template *t) {
  static const char *const lines[][2] = {
      {"Zo werkt het", "Vul per regel de witte cellen in. Een regel waarin niets is ingevuld wordt overgeslagen en blijft gevraagd."},
      {"Grijze cellen", "Zeggen welk cijfer gevraagd wordt. Het blad is beveiligd zonder wachtwoord, zodat niets per ongeluk verandert."},
      {"Extra regels", "Onderaan mogen regels bij, bijvoorbeeld voor een eerder jaar of een correctie. Gebruik de codes van de regels erboven."},
      {"Correctie", "Een andere waarde voor een cijfer dat er al is vervangt het. Het oude cijfer blijft met zijn datum bewaard."},
      {"Andere bron", "Een cijfer uit een andere dataset komt naast het bestaande te staan. Beide blijven zichtbaar, met het verschil."},
      {"Openbaar", "Alles in deze lijst wordt openbaar. Zet er geen namen, e-mailadressen of telefoonnummers van personen in."},
      {"Inlezen", "pactwijzer import measurements BESTAND --by FUNCTIE. Met --dry-run verandert er niets en ziet men wat er zou veranderen."}};
  const Str headings[] = {S("Kolom of onderwerp"), S("Uitleg over wat er in de cellen van die kolom hoort te staan")};
  TRY(sheet_writer_sheet(t->writer, S("Toelichting"), t->info));
  TRY(sheet_write_heading(t->writer, headings, 2, t->info));
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    const SheetCell cells[] = {sheet_cell_text(str_from(lines[i][0])), sheet_cell_text(str_from(lines[i][1]))};
    TRY(sheet_write_row(t->writer, cells, 2, t->info));
  }
  for (int f = 0; f < SUPPLY_COUNT; f++) {
    const SheetCell cells[] = {sheet_cell_text(str_from(SUPPLY_FIELDS[f].heading)), sheet_cell_text(str_from(SUPPLY_FIELDS[f].note))};
    TRY(sheet_write_row(t->writer, cells, 2, t->info));
  }
  return ERR_OK;
}

static Err write_form(Template *t) {
  static const char *const states[] = {"waarde", "afgeschermd", "niet van toepassing", "ontbreekt", "nog niet verwacht"};
  static const char *const qualities[] = {"definitief", "voorlopig", "schatting", "benadering"};
  SheetColumn columns[SUPPLY_COUNT];
  for (int f = 0; f < SUPPLY_COUNT; f++) {
    const SupplyFieldInfo *field = &SUPPLY_FIELDS[f];
    columns[f] = (SheetColumn){.heading = str_from(field->heading), .locked = field->fill == SUPPLY_LOCKED, .note = field->note};
    if (field->text == SUPPLY_IS_STATE) columns[f].choices = states, columns[f].choice_count = sizeof states / sizeof *states;
    if (field->text == SUPPLY_IS_QUALITY) columns[f].choices = qualities, columns[f].choice_count = sizeof qualities / sizeof *qualities;
  }
  return sheet_write_form(t->writer, S("Cijfers"), columns, SUPPLY_COUNT, t->info);
}

static Err write_all(Template *t, const Val *indicators, Str supplier, SheetFormat format) {
  TRY(write_form(t));
  TRY(add_rows(t, indicators, supplier));
  if (format != SHEET_CSV) TRY(add_explanation(t));
  return t->arena->failed ? err_set(t->info, ERR_MEMORY, "out of memory") : sheet_writer_finish(t->writer, t->info);
}

/* The entry of a supplier in the list, made when it is not there. */
static Val *supplier_entry(Arena *arena, Val *list, Str name) {
  for (size_t i = 0; i < count_of(list); i++)
    if (str_eq_nocase(text_of(list->as.list.items[i], "label"), name)) return list->as.list.items[i];
  Val *entry = val_push_map(arena, list);
  val_set_str(arena, entry, "label", name);
  return entry;
}

static int64_t number_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  return value->kind == VAL_INT ? value->as.integer : 0;
}

static void count_supplier(Arena *arena, Val *entry, const Val *indicator) {
  int64_t expected = 0, late = 0;
  const Val *regions = val_get(indicator, S("regions"));
  for (size_t r = 0; r < count_of(regions); r++) {
    const Val *round = val_get(regions->as.list.items[r], S("round"));
    expected += (int64_t)count_of(val_get(round, S("expected")));
    late += number_of(round, "due_count");
  }
  val_set_int(arena, entry, "indicators", number_of(entry, "indicators") + 1);
  val_set_int(arena, entry, "expected", number_of(entry, "expected") + expected);
  val_set_int(arena, entry, "late", number_of(entry, "late") + late);
}

static Val *suppliers_of(Arena *arena, const Val *indicators) {
  Val *list = val_list(arena);
  for (size_t i = 0; i < count_of(indicators); i++) {
    const Val *indicator = indicators->as.list.items[i];
    Str names = text_of(indicator, "supplier"), name;
    while (names.ptr && str_cut(&names, ',', &name)) count_supplier(arena, supplier_entry(arena, list, str_trim(name)), indicator);
  }
  return list;
}

Err supply_suppliers_of(const Val *indicators, Arena *arena, Val **out, ErrInfo *info) {
  *out = suppliers_of(arena, indicators);
  return arena->failed ? err_set(info, ERR_MEMORY, "out of memory") : ERR_OK;
}

static Err check_supplier(Arena *arena, const Val *indicators, Str *supplier, ErrInfo *info) {
  const Val *list = suppliers_of(arena, indicators);
  Str names = S("");
  for (size_t i = 0; i < count_of(list); i++) {
    Str name = text_of(list->as.list.items[i], "label");
    if (str_eq_nocase(name, *supplier)) {
      *supplier = name;  /* as the register spells it */
      return ERR_OK;
    }
    names = arena_printf(arena, STR_FMT "%s\"" STR_FMT "\"", STR_ARG(names), names.len ? ", " : "", STR_ARG(name));
  }
  return err_set(info, ERR_NOT_FOUND, "no indicator has the supplier \"" STR_FMT "\"; the suppliers are " STR_FMT, STR_ARG(*supplier), STR_ARG(names));
}

Err supply_template(Store *store, Str supplier, Day as_of, SheetFormat format, const char *path, Arena *arena, size_t *rows, ErrInfo *info) {
  static const SheetWriteOptions options = {.title = "Gevraagde cijfers", .bom = true};
  Template t = {.arena = arena, .info = info};
  Val *found;
  IndicatorQuery query = {.as_of = as_of};
  supplier = str_trim(supplier);
  TRY(indicator_round(store, &query, arena, &found, info));
  const Val *indicators = val_get(found, S("indicators"));
  TRY(check_supplier(arena, indicators, &supplier, info));
  t.supplier = supplier;
  TRY(sheet_writer_new(&t.writer, format, path, &options, info));
  Err err = write_all(&t, indicators, supplier, format);
  sheet_writer_free(t.writer);
  *rows = t.rows;
  return err;
}
