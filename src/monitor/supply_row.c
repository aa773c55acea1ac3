/* SPDX-License-Identifier: EUPL-1.2 */
/* A row of the list as a figure, and what is wrong with it. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "monitor/supply_internal.h"
#include "pact/round.h"

enum { VALUE_SHOWN = 80, TEXT_MAX = 2000, LABEL_MAX = 300, HOURS_IN_YEAR = 8784 };

/* The least and most that "<5" can be, and what it counts as when it is added up. */
#define SUPPRESSED_LOW 1.0
#define SUPPRESSED_HIGH 4.0
#define SUPPRESSED_MIDDLE 2.5

static const SheetCell *cell_at(const SupplyImport *import, SupplyField field) {
  size_t place = import->place[field];
  return place < import->cell_count ? &import->cells[place] : NULL;
}

static Str text_at(const SupplyImport *import, SupplyField field) {
  const SheetCell *cell = cell_at(import, field);
  return cell ? str_trim(cell->text) : S("");
}

static Str cut_value(Str text) {
  if (text.len <= VALUE_SHOWN) return text;
  size_t n = VALUE_SHOWN;
  while (n > 0 && ((unsigned char)text.ptr[n] & 0xC0) == 0x80) n--;
  return str_slice(text, 0, n);
}

void supply_refuse(SupplyImport *import, SupplyField field, const char *expected, ...) {
  import->error_count++;
  if (import->error_count > SUPPLY_ERRORS_SHOWN) return;
  char text[700], ref[SHEET_REF] = "";
  va_list args;
  va_start(args, expected);
  int len = vsnprintf(text, sizeof text, expected, args);
  va_end(args);
  size_t size = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
  size_t place = field < SUPPLY_COUNT ? import->place[field] : SUPPLY_COLUMNS_MAX;
  bool cell = place < SUPPLY_COLUMNS_MAX;
  Arena *arena = import->arena;
  Val *error = val_push_map(arena, import->errors);
  if (cell) sheet_ref(ref, import->row_number, place);
  val_set_str(arena, error, "sheet", import->sheet_name);
  val_set_int(arena, error, "row", import->row_number);
  val_set_str(arena, error, "column", cell ? import->headings[place] : S(""));
  val_set_str(arena, error, "cell", arena_cstr(arena, ref));
  val_set_str(arena, error, "value", cell ? arena_str(arena, cut_value(text_at(import, field))) : S(""));
  val_set_str(arena, error, "expected", arena_str(arena, (Str){text, size}));
}

/* --- what is asked of an indicator --- */

static Err add_region(SupplyImport *import, SupplyIndicator *indicator, Str name, Str code) {
  Str key = text_folded(import->arena, name), *kept = ARENA_NEW(import->arena, Str);
  if (!key.ptr || !kept) return SUPPLY_MEMORY(import);
  *kept = code;
  return map_set(&indicator->regions, key, kept) == ERR_OK ? ERR_OK : SUPPLY_MEMORY(import);
}

static Err read_regions(SupplyImport *import, SupplyIndicator *indicator) {
  Rows *rows;
  bool more = true;
  map_init(&indicator->regions, import->arena);
  TRY(store_query(import->store, "indicator_regions", ARGS(ARG_STR(indicator->code), ARG_NULL), &rows, import->info));
  Err err;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more) {
    Str code = arena_str(import->arena, rows_str(rows, 0));
    err = code.ptr ? add_region(import, indicator, code, code) : SUPPLY_MEMORY(import);
    if (err == ERR_OK) err = add_region(import, indicator, rows_str(rows, 1), code);
    if (err != ERR_OK) break;
  }
  rows_close(rows);
  return err;
}

static Str keep(SupplyImport *import, const Rows *rows, int column) {
  return rows_null(rows, column) ? STR_NONE : arena_str(import->arena, rows_str(rows, column));
}

static Err load_indicator(SupplyImport *import, Str code, SupplyIndicator *indicator) {
  Rows *rows;
  bool more = false;
  TRY(store_query(import->store, "supply_indicator", ARGS(ARG_STR(code)), &rows, import->info));
  Err err = rows_next(rows, &more, import->info);
  if (err == ERR_OK && more) {
    *indicator = (SupplyIndicator){.code = keep(import, rows, 0), .unit = keep(import, rows, 1), .kind = keep(import, rows, 2),
                                   .period_kind = keep(import, rows, 3), .publication = keep(import, rows, 4),
                                   .known = true, .expected_month = rows_null(rows, 5) ? 0 : (int)rows_int(rows, 5)};
  }
  rows_close(rows);
  if (err == ERR_OK && indicator->known) err = read_regions(import, indicator);
  return err;
}

static Err find_indicator(SupplyImport *import, Str code, const SupplyIndicator **out) {
  void *found;
  if (!map_get(&import->indicators, code, &found)) {
    SupplyIndicator *indicator = ARENA_NEW(import->arena, SupplyIndicator);
    Str key = arena_str(import->arena, code);
    if (!indicator || !key.ptr || map_set(&import->indicators, key, indicator) != ERR_OK) return SUPPLY_MEMORY(import);
    TRY(load_indicator(import, code, indicator));
    found = indicator;
  }
  *out = found;
  return ERR_OK;
}

/* --- the cells --- */

static Str text_of(SupplyImport *import, SupplyField field, size_t max) {
  Str text = text_at(import, field);
  const SheetCell *cell = cell_at(import, field);
  if (cell && cell->kind == SHEET_ERROR) supply_refuse(import, field, "the formula in this cell has no result");
  if (text.len > max) supply_refuse(import, field, "a text of at most %zu bytes was expected", max);
  return text.len && text.len <= max ? arena_str(&import->row, text) : STR_NONE;
}

static bool is_percent(const SupplyFigure *f) { return f->indicator && str_eq(f->indicator->unit, S("percent")); }

static double number_of(SupplyImport *import, SupplyField field, bool percent) {
  const SheetCell *cell = cell_at(import, field);
  double number = NAN;
  if (!cell || cell->kind == SHEET_EMPTY || text_at(import, field).len == 0) return NAN;
  if (cell->kind == SHEET_NUMBER && isfinite(cell->number)) return cell->number;
  if (cell->kind == SHEET_TEXT && supply_number(cell->text, percent, &number)) return number;
  supply_refuse(import, field, percent ? "a percentage from 0 to 100 was expected, as 24,3" : "a number was expected, as 1250 or 2,5");
  return NAN;
}

static Day date_of(SupplyImport *import, SupplyField field) {
  const SheetCell *cell = cell_at(import, field);
  Day day;
  if (!cell || text_at(import, field).len == 0) return DAY_NONE;
  if (cell->kind == SHEET_DATE) return cell->day;
  if (cell->kind == SHEET_TEXT && day_parse_any(text_at(import, field), &day)) return day;
  supply_refuse(import, field, "a date was expected, as 2026-02-28");
  return DAY_NONE;
}

static Str word_of(SupplyImport *import, SupplyField field, SupplyList list, const char *expected) {
  Str text = text_at(import, field);
  if (text.len == 0) return STR_NONE;
  const char *code = supply_code(&import->row, list, text);
  if (!code) supply_refuse(import, field, "one of %s was expected", expected);
  return code ? str_from(code) : STR_NONE;
}

/* A year in a cell of numbers is a period; a date is one of the kind reference date. */
static void read_period(SupplyImport *import, SupplyFigure *f) {
  PeriodKind kind;
  char text[PERIOD_TEXT];
  Str written = text_at(import, SUPPLY_PERIOD);
  if (!round_parse_period(written, &kind, &f->day)) {
    f->day = DAY_NONE;
    supply_refuse(import, SUPPLY_PERIOD, "a period was expected: 2019, 2019/20, 2016Q4 or 2019-10-01");
    return;
  }
  Str agreed = f->indicator ? f->indicator->period_kind : STR_NONE;
  if (agreed.ptr && !str_eq(agreed, str_from(round_period_kind_name(kind)))) {
    static const char *const examples[] = {"a calendar year, as 2019", "a school year, as 2019/20", "a quarter, as 2016Q4", "a day, as 2019-10-01"};
    supply_refuse(import, SUPPLY_PERIOD, "this indicator is measured by another kind of period: %s", examples[round_period_kind(agreed)]);
    f->day = DAY_NONE;
    return;
  }
  round_period(f->day, kind, text);
  f->period = arena_cstr(&import->row, text);
  f->period_kind = str_from(round_period_kind_name(kind));
}

static void read_region(SupplyImport *import, SupplyFigure *f) {
  void *found;
  Str name = text_at(import, SUPPLY_REGION), folded = text_folded(&import->row, name);
  if (!f->indicator) return;
  if (name.len && folded.ptr && map_get(&f->indicator->regions, folded, &found)) f->region = *(const Str *)found;
  else supply_refuse(import, SUPPLY_REGION, "the code or name of a region was expected that indicator " STR_FMT " is measured for",
                     STR_ARG(f->indicator->code));
}

/* --- what belongs together --- */

static bool close_to(double a, double b, double slack) { return fabs(a - b) <= slack + 1e-9; }

/* Half a unit of the last decimal that was written: 24,3 stands for 24.25 to 24.35. */
static double slack_of(Str text) {
  size_t mark = str_find_char(text, ',') != STR_NPOS ? str_find_char(text, ',') : str_find_char(text, '.');
  size_t decimals = 0;
  for (size_t i = mark == STR_NPOS ? text.len : mark + 1; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) decimals++;
  return 0.5 * pow(10, -(double)decimals);
}

/* Six decimals, as figures from official files have: more is not in the data, and it reads back the same. */
static double rounded(double share) { return round(share * 1e8) / 1e6; }

static void check_share(SupplyImport *import, SupplyFigure *f, bool few) {
  if (isnan(f->numerator) && isnan(f->denominator)) {
    const SheetCell *cell = cell_at(import, SUPPLY_VALUE);
    if (cell && !str_ends(str_trim(cell->text), S("%")) && f->value > 0 && f->value < 1)
      supply_refuse(import, SUPPLY_VALUE, "a percentage below 1 could be a share: write 24,3 for 24.3 percent; if it is really below one percent, "
                    "write it with a %% or give the numerator and the denominator too");
    return;
  }
  if (isnan(f->numerator) || isnan(f->denominator)) {
    supply_refuse(import, isnan(f->numerator) ? SUPPLY_NUMERATOR : SUPPLY_DENOMINATOR, "the numerator and the denominator go together; one is missing");
    return;
  }
  if (f->denominator <= 0 || f->numerator < 0 || f->numerator > f->denominator) {
    supply_refuse(import, f->denominator <= 0 ? SUPPLY_DENOMINATOR : SUPPLY_NUMERATOR, "a numerator from 0 to the denominator was expected, "
                  "and a denominator above 0; found %.10g and %.10g", f->numerator, f->denominator);
    return;
  }
  double share = rounded(f->numerator / f->denominator);
  if (!isnan(f->value) && !close_to(f->value, share, slack_of(text_at(import, SUPPLY_VALUE))))
    supply_refuse(import, SUPPLY_VALUE, "%.10g of %.10g is %.4g percent; one of the three is wrong", f->numerator, f->denominator, share);
  f->value = share;
  if (!few || !isnan(f->low)) return;
  f->low = rounded(SUPPRESSED_LOW / f->denominator);
  f->high = rounded(fmin(SUPPRESSED_HIGH / f->denominator, 1));
}

static void check_amount(SupplyImport *import, SupplyFigure *f) {
  if (!isnan(f->denominator)) supply_refuse(import, SUPPLY_DENOMINATOR, "this indicator is a number, it has no denominator");
  if (!isnan(f->numerator) && !isnan(f->value) && !close_to(f->numerator, f->value, 0))
    supply_refuse(import, SUPPLY_NUMERATOR, "this indicator is a number: the numerator, when it is given, is the value itself");
  if (isnan(f->value)) f->value = f->numerator;
}

static void check_range(SupplyImport *import, const SupplyFigure *f) {
  bool number = !isnan(f->value) || !isnan(f->low) || !isnan(f->high);
  if (number && str_eq(f->indicator->kind, S("qualitative")))
    supply_refuse(import, SUPPLY_VALUE, "this indicator is found in words, in the column statement of the pact's measurement.csv; no number was expected");
  double most = is_percent(f) ? 100 : str_eq(f->indicator->unit, S("hours_per_year")) ? HOURS_IN_YEAR : INFINITY;
  const struct { SupplyField field; double number; } numbers[] = {{SUPPLY_VALUE, f->value}, {SUPPLY_LOW, f->low}, {SUPPLY_HIGH, f->high}};
  for (size_t i = 0; i < 3; i++) {
    if (isnan(numbers[i].number) || (numbers[i].number >= 0 && numbers[i].number <= most)) continue;
    if (isinf(most)) supply_refuse(import, numbers[i].field, "a number of 0 or more was expected");
    else supply_refuse(import, numbers[i].field, "a number from 0 to %.0f was expected (%s)", most, supply_word(SUPPLY_LIST_UNIT, f->indicator->unit));
  }
  if (isnan(f->low) != isnan(f->high)) supply_refuse(import, isnan(f->low) ? SUPPLY_LOW : SUPPLY_HIGH, "the two bounds go together; one is missing");
  else if (f->low > f->high || f->value < f->low - 1e-9 || f->value > f->high + 1e-9)
    supply_refuse(import, SUPPLY_LOW, "bounds with the value between them were expected; found %.6g to %.6g", f->low, f->high);
}

/* "<5" counts as 2.5; by itself it is a suppressed figure, above a line it gives the share an interval. */
static bool read_numbers(SupplyImport *import, SupplyFigure *f) {
  bool percent = is_percent(f), few = supply_suppressed(text_at(import, SUPPLY_NUMERATOR));
  bool few_value = !percent && supply_suppressed(text_at(import, SUPPLY_VALUE));
  f->numerator = few ? SUPPRESSED_MIDDLE : number_of(import, SUPPLY_NUMERATOR, false);
  f->denominator = number_of(import, SUPPLY_DENOMINATOR, false);
  f->value = few_value ? NAN : number_of(import, SUPPLY_VALUE, percent);
  f->low = number_of(import, SUPPLY_LOW, percent);
  f->high = number_of(import, SUPPLY_HIGH, percent);
  if (few_value || (few && !percent)) {
    f->low = SUPPRESSED_LOW;
    f->high = SUPPRESSED_HIGH;
    f->value = f->numerator = NAN;
    f->state = S("suppressed");
  }
  return few && percent;
}

static void check_not_due(SupplyImport *import, const SupplyFigure *f) {
  int month = f->indicator->expected_month;
  Day by = month && f->day != DAY_NONE ? round_expected_by(f->day, month) : DAY_NONE;
  char day[DAY_TEXT];
  if (by == DAY_NONE || by >= import->options->today) return;
  day_format_iso(by, day);
  supply_refuse(import, SUPPLY_STATE, "this figure was expected by %s: write \"ontbreekt\" with the reason", day);
}

/* The state with what it asks for. */
static void check_state(SupplyImport *import, SupplyFigure *f) {
  bool number = !isnan(f->value) || !isnan(f->low), missing = str_eq(f->state, S("missing"));
  if (str_eq(f->state, S("value"))) {
    if (isnan(f->value)) supply_refuse(import, SUPPLY_VALUE, "a value was expected, or a state other than \"waarde\"");
    else if (f->day > import->options->today && !str_eq(f->quality, S("estimate")))
      supply_refuse(import, SUPPLY_PERIOD, "this period has not ended yet; only an estimate (\"schatting\") can be given");
  } else if (str_eq(f->state, S("suppressed"))) {
    if (isnan(f->low) || isnan(f->high)) supply_refuse(import, SUPPLY_LOW, "a suppressed figure needs the bounds it is known to lie between");
    f->value = NAN;
  } else if (number || !isnan(f->numerator)) {
    supply_refuse(import, SUPPLY_STATE, "there is a number in this row; clear it or leave the state empty");
  }
  if (missing && !f->reason.ptr) supply_refuse(import, SUPPLY_REASON, "the reason was expected why the figure is missing");
  if (!missing && f->reason.ptr) supply_refuse(import, SUPPLY_REASON, "a reason goes with the state \"ontbreekt\"; for other remarks use \"%s\"",
                                               SUPPLY_FIELDS[SUPPLY_REMARK].heading);
  if (str_eq(f->state, S("not_yet_due"))) check_not_due(import, f);
}

static void read_texts(SupplyImport *import, SupplyFigure *f) {
  f->quality = word_of(import, SUPPLY_QUALITY, SUPPLY_LIST_QUALITY, "definitief, voorlopig, schatting, benadering");
  f->state = word_of(import, SUPPLY_STATE, SUPPLY_LIST_STATE, "waarde, afgeschermd, niet van toepassing, ontbreekt, nog niet verwacht");
  f->reason = text_of(import, SUPPLY_REASON, TEXT_MAX);
  f->dataset = text_of(import, SUPPLY_DATASET, LABEL_MAX);
  f->edition = text_of(import, SUPPLY_EDITION, LABEL_MAX);
  f->address = text_of(import, SUPPLY_ADDRESS, TEXT_MAX);
  f->method = text_of(import, SUPPLY_METHOD, TEXT_MAX);
  f->remark = text_of(import, SUPPLY_REMARK, TEXT_MAX);
  f->retrieved = date_of(import, SUPPLY_RETRIEVED);
  f->supplier = text_of(import, SUPPLY_SUPPLIER, SUPPLY_NAME_MAX);
  if (f->supplier.ptr && str_find_char(f->supplier, '@') != STR_NPOS)
    supply_refuse(import, SUPPLY_SUPPLIER, "an organisation was expected, not an e-mail address: figures are public");
  if (f->retrieved != DAY_NONE && f->retrieved > import->options->today) supply_refuse(import, SUPPLY_RETRIEVED, "this day has yet to come");
  if (!f->quality.ptr) f->quality = S("final");
  if (!f->dataset.ptr) f->dataset = f->indicator->publication;
  if (!f->dataset.ptr) supply_refuse(import, SUPPLY_DATASET, "the title of the publication or file was expected that the figure comes from");
}

static bool is_empty(const SupplyImport *import) {
  for (int f = 0; f < SUPPLY_COUNT; f++)
    if (SUPPLY_FIELDS[f].fill == SUPPLY_OPEN && text_at(import, (SupplyField)f).len) return false;
  return true;
}

Err supply_read_row(SupplyImport *import, SupplyFigure *f, bool *empty) {
  *f = (SupplyFigure){.day = DAY_NONE, .retrieved = DAY_NONE, .value = NAN, .low = NAN, .high = NAN, .numerator = NAN, .denominator = NAN};
  *empty = is_empty(import);
  if (*empty) return ERR_OK;
  Str code = text_at(import, SUPPLY_INDICATOR);
  TRY(find_indicator(import, code, &f->indicator));
  if (!f->indicator->known) {
    f->indicator = NULL;
    supply_refuse(import, SUPPLY_INDICATOR, "the code of an indicator of the pact was expected");
    return ERR_OK;
  }
  read_region(import, f);
  read_period(import, f);
  read_texts(import, f);
  Str state = f->state;
  size_t before = import->error_count;
  bool few = read_numbers(import, f);
  if (!f->state.ptr) f->state = S("value");
  if (state.ptr && !str_eq(state, f->state)) supply_refuse(import, SUPPLY_STATE, "a figure of \"<5\" is \"afgeschermd\"; leave the state empty");
  if (import->error_count > before) return ERR_OK;
  if (is_percent(f)) check_share(import, f, few);
  else check_amount(import, f);
  check_range(import, f);
  check_state(import, f);
  return import->row.failed ? SUPPLY_MEMORY(import) : ERR_OK;
}
