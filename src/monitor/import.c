/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/text.h"
#include "monitor/internal.h"

static Err take_rule(void *context, const Rows *rows) {
  Import *m = context;
  Str indicator = arena_str(m->arena, rows_str(rows, 0)), field = arena_str(m->arena, rows_str(rows, 2));
  Str match = arena_str(m->arena, rows_str(rows, 3)), source = arena_str(m->arena, rows_str(rows, 4));
  int64_t definition = rows_int(rows, 7);
  Str key = definition == 1 ? indicator : arena_printf(m->arena, STR_FMT " (version %lld)", STR_ARG(indicator), (long long)definition);
  if (!indicator.ptr || !field.ptr || !match.ptr || !source.ptr || !key.ptr) return import_memory(m);
  DerivePart part = str_eq(rows_str(rows, 1), S("numerator")) ? DERIVE_NUMERATOR : DERIVE_DENOMINATOR;
  TRY(derive_rule(m->derive, key, part, field, match, m->info));
  if (map_get(&m->rules, key, NULL)) return ERR_OK;
  Rule *rule = ARENA_NEW(m->arena, Rule);
  if (!rule) return import_memory(m);
  *rule = (Rule){indicator, source, definition, str_eq(rows_str(rows, 5), S("share")), !rows_null(rows, 6)};
  return map_set(&m->rules, key, rule) == ERR_OK ? ERR_OK : import_memory(m);
}

static Err take_definition(void *context, const Rows *rows) {
  Import *m = context;
  Str indicator = arena_str(m->arena, rows_str(rows, 0));
  Definition *d = ARENA_NEW(m->arena, Definition);
  void *others = NULL;
  if (!indicator.ptr || !d) return import_memory(m);
  map_get(&m->definitions, indicator, &others);
  *d = (Definition){rows_int(rows, 1), rows_day(rows, 2), others};
  return map_set(&m->definitions, indicator, d) == ERR_OK ? ERR_OK : import_memory(m);
}

int64_t definition_on(const Import *m, Str indicator, Day day) {
  void *first = NULL;
  int64_t version = 1;
  map_get(&m->definitions, indicator, &first);
  for (const Definition *d = first; d; d = d->next)
    if (d->version > version && (d->valid_from == DAY_NONE || d->valid_from <= day)) version = d->version;
  return version;
}

Str import_spelling(Import *m, Str name) {
  Str folded = text_folded(m->arena, name);
  if (!folded.ptr) return folded;
  char *out = arena_alloc(m->arena, folded.len + 1);
  size_t n = 0;
  for (size_t i = 0; out && i < folded.len; i++) {
    unsigned char c = (unsigned char)folded.ptr[i];
    bool dash = i + 2 < folded.len && (str_starts(str_slice(folded, i, folded.len), S("\xE2\x80")) || str_starts(str_slice(folded, i, folded.len), S("\xE2\x88\x92")));
    if (dash) i += 2;  /* U+2000 to U+203F: spaces, dashes, quotation marks; the minus */
    else if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '(' || c == ')') out[n++] = (char)c;
  }
  return (Str){out, n};
}

static Err take_spelling(void *context, const Rows *rows) {
  Import *m = context;
  Str folded = import_spelling(m, rows_str(rows, 1));
  Spelling *s = ARENA_NEW(m->arena, Spelling);
  void *others = NULL;
  if (!folded.ptr || !s) return import_memory(m);
  map_get(&m->spellings, folded, &others);
  *s = (Spelling){arena_str(m->arena, rows_str(rows, 0)), others};
  return map_set(&m->spellings, folded, s) == ERR_OK ? ERR_OK : import_memory(m);
}

static Err take_seat(void *context, const Rows *rows) {
  Import *m = context;
  Str institution = arena_str(m->arena, rows_str(rows, 0));
  Seat *seat = ARENA_NEW(m->arena, Seat);
  void *earlier = NULL;
  if (!institution.ptr || !seat) return import_memory(m);
  map_get(&m->institutions, institution, &earlier);
  *seat = (Seat){arena_str(m->arena, rows_str(rows, 1)), rows_day(rows, 2), earlier};
  return !seat->municipality.ptr || map_set(&m->institutions, institution, seat) != ERR_OK ? import_memory(m) : ERR_OK;
}

typedef struct Figure {
  double value, low, high, numerator, denominator;
} Figure;

/* Six decimals: more is not in the file, and the figure reads back the same from the package. */
static double rounded(double value) { return round(value * 1e6) / 1e6; }

/* False when there is nothing to tell: no number in the file, or nothing below the line. */
static bool figure_of(const Sum *sum, Figure *f) {
  Bounded share;
  const DeriveSums *s = &sum->sums;
  if (s->cells == s->missing) return false;
  double numerator = rounded(s->numerator.middle);
  if (!sum->rule->share) *f = (Figure){numerator, rounded(s->numerator.low), rounded(s->numerator.high), numerator, NAN};
  else if (derive_share(s, &share))
    *f = (Figure){rounded(share.middle * 100), rounded(share.low * 100), rounded(share.high * 100), numerator, rounded(s->denominator.middle)};
  else return false;
  if (f->low >= f->high) f->low = f->high = NAN;  /* exact */
  return true;
}

static Arg number(double value) { return isnan(value) ? ARG_NULL : ARG_DOUBLE(value); }

static Str quality_of(const Sum *sum) {
  if (sum->rule->proxy) return S("proxy");
  if (sum->estimated) return S("estimate");
  return sum->sums.provisional ? S("provisional") : S("final");
}

static bool complete(const Sum *sum) { return sum->sums.missing == 0 && sum->lacking == 0; }

/* A stored bound that equals the value is an exact number, as no bound is. */
static double bound(const Rows *rows, int column, double value) {
  return rows_null(rows, column) || fabs(rows_double(rows, column) - value) < 1e-9 ? NAN : rows_double(rows, column);
}

static bool equal(double a, double b) { return isnan(a) ? isnan(b) : !isnan(b) && fabs(a - b) <= 1e-9; }

static bool same(const Rows *rows, const Sum *sum, const Figure *f) {
  double value = rows_null(rows, 0) ? NAN : rows_double(rows, 0);
  return equal(value, f->value) && equal(bound(rows, 1, value), f->low) && equal(bound(rows, 2, value), f->high) &&
         equal(rows_null(rows, 3) ? NAN : rows_double(rows, 3), f->numerator) &&
         equal(rows_null(rows, 4) ? NAN : rows_double(rows, 4), f->denominator) && rows_int(rows, 5) == sum->rule->definition &&
         str_eq(rows_str(rows, 6), quality_of(sum)) && (rows_int(rows, 7) != 0) == complete(sum);
}

/* What a figure finds in its place. */
typedef struct Place {
  bool there;     /* the figure itself */
  bool leads;     /* whether the figure is to lead */
  Str replaced;   /* source of the figure that it ends; ptr NULL: none */
} Place;

static bool same_number(const Rows *rows, const Figure *f) {
  double value = rows_null(rows, 0) ? NAN : rows_double(rows, 0);
  return equal(value, f->value) && equal(bound(rows, 1, value), f->low) && equal(bound(rows, 2, value), f->high);
}

/* The dataset's own figure is corrected. One of another source stays and leads, unless it has no number. */
static void take_place(Import *m, const Rows *rows, const Sum *sum, const Figure *f, Place *place) {
  bool own = rows_int(rows, 10) != 0, number = !rows_null(rows, 0) || !rows_null(rows, 1);
  place->there = own ? same(rows, sum, f) : same_number(rows, f);
  place->leads = own ? rows_int(rows, 8) != 0 : !number;
  if (own || !number) place->replaced = arena_str(m->arena, rows_str(rows, 9));
}

static Err look_up(Import *m, const Sum *sum, const Figure *f, Place *place) {
  Rows *rows;
  bool more = false;
  *place = (Place){.leads = true};
  TRY(store_query(m->store, "measurement_current", ARGS(ARG_STR(sum->rule->indicator), ARG_STR(sum->region_code), ARG_STR(sum->period),
                  ARG_STR(str_from(dataset_title(m->dataset)))), &rows, m->info));
  Err err = rows_next(rows, &more, m->info);
  if (err == ERR_OK && more) take_place(m, rows, sum, f, place);
  rows_close(rows);
  return err;
}

/* What one must know before using the figure; ptr NULL when nothing. Cut at the size of the text. */
static Err limits_of(Import *m, const Sum *sum, Str *limits) {
  char text[600] = "";
  size_t used = 0;
  const DeriveSums *s = &sum->sums;
#define SAY(...) (used += (size_t)snprintf(text + used, sizeof text - used, __VA_ARGS__))
  if (s->suppressed) SAY("%zu van de %zu getallen zijn <5; die tellen als 2,5, met 1 en 4 als grenzen.", s->suppressed, s->cells);
  if (s->missing) SAY("%s%zu van de %zu getallen ontbreken in de bron.", used ? " " : "", s->missing, s->cells);
  if (sum->lacking) SAY("%s%zu van de %zu gemeenten ontbreken in het bestand.", used ? " " : "", sum->lacking, sum->parts);
  if (sum->estimated) SAY("%sGemeenten die toen niet meer bestonden zijn naar adressen verdeeld over hun opvolgers.", used ? " " : "");
#undef SAY
  *limits = used ? arena_str(m->arena, str_from(text)) : STR_NONE;
  return !used || limits->ptr ? ERR_OK : import_memory(m);
}

static Err add_figure(Import *m, const Sum *sum, const Figure *f, bool leads, Str today) {
  char day[DAY_TEXT];
  OfficialPeriodKind kind;
  Day last;
  bool known = official_period(sum->period, &kind, &last);  /* sums.c took no other */
  assert(known);
  (void)known;
  day_format_iso(sum->day, day);
  size_t areas;
  AreaExtent extent = dataset_areas(m->dataset, &areas)->extent;
  bool itself = extent == AREA_LEVELS && (sum->direct || (sum->region->kind == REGION_MUNICIPALITY && !sum->estimated));
  const char *what = extent == AREA_NATIONAL ? ": sommen over vestigingen." : itself ? ": overgenomen per regio." : ": sommen over gebieden.";
  Str method = arena_printf(m->arena, "Afgeleid uit %s%s", dataset_code(m->dataset), what), limits;
  Str source = m->options->source.ptr ? m->options->source : sum->rule->source;
  if (!method.ptr) return import_memory(m);
  TRY(limits_of(m, sum, &limits));
  return store_exec(m->store, "measurement_add",
                    ARGS(ARG_STR(sum->rule->indicator), ARG_STR(sum->region_code), ARG_STR(sum->period), ARG_STR(str_from(day)), number(f->value),
                         number(f->numerator), number(f->denominator), number(f->low), number(f->high), ARG_STR(quality_of(sum)), ARG_STR(method),
                         ARG_STR(limits), ARG_STR(today), ARG_STR(source), ARG_STR(str_from(dataset_title(m->dataset))),
                         ARG_STR(str_from(official_period_kind_name(kind))), ARG_INT(complete(sum)), ARG_INT(sum->rule->definition), ARG_INT(leads)),
                    NULL, m->info);
}

static Err store_sum(Import *m, const Sum *sum) {
  Figure f;
  Place place;
  char today[DAY_TEXT];
  if (!figure_of(sum, &f)) return ERR_OK;
  day_format_iso(m->options->today, today);
  TRY(look_up(m, sum, &f, &place));
  if (place.there) {
    m->report->unchanged++;
    return ERR_OK;
  }
  if (place.replaced.ptr)
    TRY(store_exec(m->store, "measurement_supersede",
                   ARGS(ARG_STR(sum->rule->indicator), ARG_STR(sum->region_code), ARG_STR(sum->period), ARG_STR(str_from(today)),
                        ARG_STR(place.replaced)), NULL, m->info));
  if (place.replaced.ptr) m->report->superseded++;
  else if (place.leads) m->report->added++;
  else m->report->beside++;
  return add_figure(m, sum, &f, place.leads, str_from(today));
}

Err import_prepare(Import *m) {
  map_init(&m->rules, m->arena);
  map_init(&m->definitions, m->arena);
  map_init(&m->spellings, m->arena);
  map_init(&m->sums, m->arena);
  map_init(&m->institutions, m->arena);
  map_init(&m->areas, m->arena);
  map_init(&m->covered, m->arena);
  map_init(&m->cells, m->arena);
  size_t count;
  const DatasetArea *areas = dataset_areas(m->dataset, &count);
  TRY(derive_new(&m->derive, m->arena, m->dataset, str_from(areas[0].field), m->info));
  for (size_t i = 1; i < count; i++) TRY(derive_area_else(m->derive, str_from(areas[i].field), m->info));
  Str code = str_from(dataset_code(m->dataset));
  TRY(store_each(m->store, "derivation_rules", ARGS(ARG_STR(code)), take_rule, m, m->info));
  if (m->rules.count == 0)
    return err_set(m->info, ERR_NOT_FOUND, "the pact has no derivations for %s: no indicator is made from this file", dataset_code(m->dataset));
  TRY(derive_check(m->derive, m->info));
  TRY(store_each(m->store, "definition_days", NO_ARGS, take_definition, m, m->info));
  TRY(store_each(m->store, "place_seats", NO_ARGS, take_seat, m, m->info));
  TRY(region_map_load(m->store, m->arena, &m->regions, m->info));
  return store_each(m->store, "region_spellings", NO_ARGS, take_spelling, m, m->info);
}

Err import_store(Import *m) {
  TRY(sums_add_up(m));
  TRY(absent_check(m));
  for (size_t i = 0; i < m->count; i++) TRY(store_sum(m, m->order[i]));
  return ERR_OK;
}

static Err set_period(const Import *m, OfficialOptions *official) {
  char period[16];
  if (!m->options->period.ptr) return ERR_OK;
  if (!official_school_year(m->options->period, period))
    return err_set(m->info, ERR_INPUT, "'" STR_FMT "' is no school year; expected one as 2023/24", STR_ARG(m->options->period));
  official->period = arena_cstr(m->arena, period);
  return official->period.ptr ? ERR_OK : err_set(m->info, ERR_MEMORY, "out of memory");
}

/* Which indicators the file could not make, and for want of which column. */
static void note_missing(Import *m) {
  Str key, field;
  for (size_t i = 0; i < MONITOR_MISSING && derive_missing(m->derive, i, &key, &field); i++) {
    void *rule = NULL;
    map_get(&m->rules, key, &rule);
    m->report->missing[i] = (MonitorMissing){((Rule *)rule)->indicator, field, ((Rule *)rule)->definition};
    m->report->missing_count = i + 1;
  }
}

Err monitor_import(Store *store, const Dataset *dataset, const char *path, const MonitorOptions *options, Arena *arena,
                   MonitorReport *report, ErrInfo *info) {
  *report = (MonitorReport){0};
  Import m = {.store = store, .dataset = dataset, .options = options, .arena = arena, .report = report, .info = info};
  OfficialOptions official = {.limits = options->limits};
  TRY(set_period(&m, &official));
  TRY(import_prepare(&m));
  TRY(official_read(dataset, path, &official, derive_take, m.derive, &report->file, info));
  note_missing(&m);
  Err err = import_store(&m);
  if (err == ERR_INPUT) err_at(info, file_name(path), NULL, 0, NULL);
  return err;
}
