/* SPDX-License-Identifier: EUPL-1.2 */
#include "monitor/places.h"

#include <stdio.h>

#include "base/file.h"
#include "base/map.h"
#include "base/text.h"
#include "pact/pact.h"
#include "places/region.h"

enum { FACTS = 9, CODE_MAX = 8 };

/* What may change of a place, as the table and the dataset name it. */
static const char *const facts[FACTS] = {"name", "street", "house_number", "postcode", "town", "", "denomination", "website", "board"};
enum { FACT_MUNICIPALITY = 5, FACT_WEBSITE = 7 };

typedef struct Place {
  Str code;
  Str fact[FACTS];   /* ptr NULL: empty */
  Str valid_from;    /* of what stands */
  bool seen;         /* in this file */
  struct Place *next;
} Place;

typedef struct Division {
  Str part_of;
  Str kind;
  Day from, to;
  struct Division *next;
} Division;

typedef struct Import {
  Store *store;
  const PlacesOptions *options;
  const Dataset *dataset;
  Arena *arena;
  PlacesReport *report;
  ErrInfo *info;
  RegionMap *regions;
  Map standing;      /* code -> Place that stands */
  Place *places;     /* those, in order */
  Map seen;          /* code -> row */
  Map divisions;     /* municipality -> list of Division */
  char day[DAY_TEXT], today[DAY_TEXT], before[DAY_TEXT];
  size_t count;
} Import;

static Err memory(Import *m) { return err_set(m->info, ERR_MEMORY, "out of memory"); }

static Str kept(Import *m, const Rows *rows, int column, bool *failed) {
  if (rows_null(rows, column)) return STR_NONE;
  Str text = arena_str(m->arena, rows_str(rows, column));
  *failed |= !text.ptr;
  return text;
}

static Err take_place(void *context, const Rows *rows) {
  Import *m = context;
  bool failed = false;
  Place *p = ARENA_NEW(m->arena, Place);
  if (!p) return memory(m);
  p->code = kept(m, rows, 0, &failed);
  for (int f = 0; f < FACTS; f++) p->fact[f] = kept(m, rows, f + 1, &failed);
  p->valid_from = kept(m, rows, FACTS + 1, &failed);
  p->next = m->places;
  m->places = p;
  return failed || map_set(&m->standing, p->code, p) != ERR_OK ? memory(m) : ERR_OK;
}

static Err take_division(void *context, const Rows *rows) {
  Import *m = context;
  bool failed = false;
  Str region = kept(m, rows, 0, &failed);
  Division *d = ARENA_NEW(m->arena, Division);
  void *others = NULL;
  if (!d || failed) return memory(m);
  map_get(&m->divisions, region, &others);
  *d = (Division){kept(m, rows, 1, &failed), kept(m, rows, 2, &failed), rows_day(rows, 3), rows_day(rows, 4), others};
  return failed || map_set(&m->divisions, region, d) != ERR_OK ? memory(m) : ERR_OK;
}

/* --- one row --- */

static Str field(const Import *m, const OfficialFact *row, const char *name) {
  int f = dataset_field(m->dataset, str_from(name));
  return f >= 0 && row->fields[f].ptr ? row->fields[f] : S("");
}

static Err wrong(Import *m, const OfficialFact *row, const char *name, const char *expected) {
  err_at(m->info, NULL, NULL, row->row, name);
  return err_set(m->info, ERR_INPUT, "'" STR_FMT "' is no %s", STR_ARG(str_slice(field(m, row, name), 0, 40)), expected);
}

static Err mismatch(Import *m, const OfficialFact *row, Str text) {
  if (!text.ptr) return memory(m);
  if (m->report->mismatch_count < PLACES_MISMATCHES) {
    m->report->mismatches[m->report->mismatch_count].row = row->row;
    m->report->mismatches[m->report->mismatch_count].text = text;
  }
  m->report->mismatch_count++;
  return ERR_OK;
}

static bool capitals_and_digits(Str text) {
  for (size_t i = 0; i < text.len; i++)
    if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z'))) return false;
  return true;
}

/* "10KN" and "1", "01" or "10KN01" as "10KN01". Institutions of which the file names no site have the main one. */
static Err code_of(Import *m, const OfficialFact *row, char code[CODE_MAX]) {
  Str institution = field(m, row, "institution"), site = field(m, row, "site");
  if (institution.len != 4 || !capitals_and_digits(institution)) return wrong(m, row, "institution", "code of an institution; expected four capitals or digits, as 10KN");
  if (site.len == 6 && str_starts(site, institution)) site = str_slice(site, 4, 6);
  if (site.len > 2 || !str_digits(site)) return wrong(m, row, "site", "number of a site; expected two digits, or the code of the institution and those");
  snprintf(code, CODE_MAX, STR_FMT "%s" STR_FMT, STR_ARG(institution), site.len == 0 ? "00" : site.len == 1 ? "0" : "", STR_ARG(site));
  return ERR_OK;
}

/* The municipality by its number; *region NULL when it is none of the pact's. */
static Err municipality_of(Import *m, const OfficialFact *row, const Region **region) {
  Str number = field(m, row, "municipality_number");
  int64_t n;
  char code[8];
  if (number.len == 0 || number.len > 4 || !str_digits(number) || !str_to_int(number, &n))
    return wrong(m, row, "municipality_number", "number of a municipality; expected at most four digits, as 0014");
  snprintf(code, sizeof code, "GM%04d", (int)n);
  *region = region_find(m->regions, str_from(code));
  return ERR_OK;
}

/* A name as registers write it: without case, accents, and what stands between letters. */
static bool same_name(Import *m, Str a, Str b) {
  Str x = text_folded(m->arena, a), y = text_folded(m->arena, b);
  size_t i = 0, j = 0;
  for (;;) {
    while (i < x.len && (x.ptr[i] == ' ' || x.ptr[i] == '-' || x.ptr[i] == '\'')) i++;
    while (j < y.len && (y.ptr[j] == ' ' || y.ptr[j] == '-' || y.ptr[j] == '\'')) j++;
    if (i == x.len || j == y.len) return i == x.len && j == y.len;
    if (x.ptr[i++] != y.ptr[j++]) return false;
  }
}

static Err check_municipality(Import *m, const OfficialFact *row, const Region *region) {
  Str name = field(m, row, "municipality");
  if (name.len && !same_name(m, name, region->name))
    TRY(mismatch(m, row, arena_printf(m->arena, STR_FMT " is '" STR_FMT "' by the file, " STR_FMT " here", STR_ARG(region->code), STR_ARG(name), STR_ARG(region->name))));
  if (region_exists_on(region, m->options->edition)) return ERR_OK;
  return mismatch(m, row, arena_printf(m->arena, STR_FMT " (" STR_FMT ") did not exist on %s", STR_ARG(region->code), STR_ARG(region->name), m->day));
}

/* The code of a division in the file against the one the municipality is registered in. */
static Err check_division(Import *m, const OfficialFact *row, const Region *region, const char *kind, const char *name, const char *prefix) {
  Str code = field(m, row, name);
  void *first = NULL;
  if (code.len == 0 || code.len > 2 || !map_get(&m->divisions, region->code, &first)) return ERR_OK;
  Str file = arena_printf(m->arena, "%s%s" STR_FMT, prefix, code.len == 1 ? "0" : "", STR_ARG(code));
  if (!file.ptr) return memory(m);
  for (const Division *d = first; d; d = d->next) {
    if (!str_eq(d->kind, str_from(kind)) || (d->from != DAY_NONE && d->from > m->options->edition) || (d->to != DAY_NONE && d->to < m->options->edition)) continue;
    if (str_eq(d->part_of, file)) return ERR_OK;
    return mismatch(m, row, arena_printf(m->arena, STR_FMT " lies in " STR_FMT " by the file, in " STR_FMT " here", STR_ARG(region->name), STR_ARG(file), STR_ARG(d->part_of)));
  }
  return ERR_OK;
}

static Arg text_arg(Str text) { return text.len ? ARG_STR(text) : ARG_NULL; }

static Err add(Import *m, const char *code, const Str *fact) {
  Str kind = m->options->kind, whole = str_from(code);
  return store_exec(m->store, "place_add",
                    ARGS(ARG_STR(kind), ARG_STR(whole), ARG_STR(str_slice(whole, 0, 4)), ARG_STR(str_slice(whole, 4, 6)), ARG_STR(fact[0]), text_arg(fact[1]),
                         text_arg(fact[2]), text_arg(fact[3]), text_arg(fact[4]), ARG_STR(fact[FACT_MUNICIPALITY]), text_arg(fact[6]), text_arg(fact[7]),
                         text_arg(fact[8]), ARG_STR(str_from(m->day)), ARG_STR(str_from(m->today)), ARG_STR(m->options->source)),
                    NULL, m->info);
}

/* Ends what stands the day before the edition; of the same edition it was a mistake, and is kept as such. */
static Err end(Import *m, Str code, Str valid_from) {
  bool same = str_eq(valid_from, str_from(m->day));
  return store_exec(m->store, same ? "place_supersede" : "place_end", ARGS(ARG_STR(m->options->kind), ARG_STR(code), ARG_STR(str_from(same ? m->today : m->before))),
                    NULL, m->info);
}

static Err write_place(Import *m, const char *code, const Str *fact) {
  void *found;
  if (!map_get(&m->standing, str_from(code), &found)) {
    m->report->added++;
    return add(m, code, fact);
  }
  Place *old = found;
  bool same = true;
  old->seen = true;
  for (int f = 0; f < FACTS; f++) same &= str_eq(fact[f], old->fact[f]);
  if (same) {
    m->report->unchanged++;
    return ERR_OK;
  }
  m->report->changed++;
  TRY(end(m, old->code, old->valid_from));
  return add(m, code, fact);
}

static Err check_twice(Import *m, const OfficialFact *row, const char *code) {
  size_t first;
  if (map_get_index(&m->seen, str_from(code), &first)) {
    err_at(m->info, NULL, NULL, row->row, NULL);
    return err_set(m->info, ERR_INPUT, "a second row for place %s; the first is row %zu", code, first);
  }
  Str key = arena_cstr(m->arena, code);
  return !key.ptr || map_set_index(&m->seen, key, (size_t)row->row) != ERR_OK ? memory(m) : ERR_OK;
}

/* An OfficialSink; the dataset has a fact for each row. */
static Err take_row(void *context, const OfficialFact *row) {
  Import *m = context;
  const Region *region = NULL;
  char code[CODE_MAX];
  Str fact[FACTS];
  TRY(code_of(m, row, code));
  TRY(check_twice(m, row, code));
  TRY(municipality_of(m, row, &region));
  if (!region) {
    m->report->elsewhere++;
    return ERR_OK;
  }
  for (int f = 0; f < FACTS; f++) fact[f] = f == FACT_MUNICIPALITY ? region->code : field(m, row, facts[f]);
  if (str_find_char(fact[FACT_WEBSITE], '@') != STR_NPOS) {
    m->report->emails++;
    fact[FACT_WEBSITE] = S("");
  }
  if (fact[0].len == 0) return wrong(m, row, "name", "name of a place; expected one");
  TRY(check_municipality(m, row, region));
  TRY(check_division(m, row, region, "corop", "corop_code", "CR"));
  TRY(check_division(m, row, region, "rpa", "rpa_code", "RPA-"));
  TRY(check_division(m, row, region, "rmc", "rmc_code", "RMC-"));
  m->count++;
  return write_place(m, code, fact);
}

/* --- the whole --- */

static Err check_newest(Import *m) {
  Rows *rows;
  bool more = false;
  TRY(store_query(m->store, "place_edition_last", ARGS(ARG_STR(m->options->kind)), &rows, m->info));
  Err err = rows_next(rows, &more, m->info);
  if (err == ERR_OK && more && !rows_null(rows, 0) && str_cmp(rows_str(rows, 0), str_from(m->day)) > 0)
    err = err_set(m->info, ERR_CONFLICT, "the edition of " STR_FMT " was read already, which is newer than %s", STR_ARG(rows_str(rows, 0)), m->day);
  rows_close(rows);
  return err;
}

/* A register changes little from one edition to the next: a file without most of it is a part, or of another register. */
static Err check_vanished(const Import *m) {
  size_t all = 0, gone = 0;
  for (const Place *p = m->places; p; p = p->next, all++) gone += !p->seen;
  if (gone * 2 <= all || m->options->partial) return ERR_OK;
  return err_set(m->info, ERR_INPUT, "%zu of the %zu places of this register are not in the file and would end: is it whole, and of this register? If it is "
                 "right, --partial takes it as it is", gone, all);
}

static Err end_vanished(Import *m) {
  for (Place *p = m->places; p; p = p->next) {
    if (p->seen) continue;
    m->report->ended++;
    TRY(end(m, p->code, p->valid_from));
  }
  return ERR_OK;
}

static Err note_edition(Import *m) {
  bool news = m->report->added || m->report->changed || m->report->ended;
  return store_exec(m->store, "place_edition_put",
                    ARGS(ARG_STR(m->options->kind), ARG_STR(str_from(m->day)), ARG_INT((int64_t)m->count), ARG_STR(str_from(m->today)),
                         ARG_STR(m->options->source), ARG_INT(news)),
                    NULL, m->info);
}

Err places_import(Store *store, const char *path, const PlacesOptions *options, Arena *arena, PlacesReport *report, ErrInfo *info) {
  *report = (PlacesReport){0};
  Import m = {.store = store, .options = options, .dataset = dataset_by_code(S("duo-places")), .arena = arena, .report = report, .info = info};
  map_init(&m.standing, arena);
  map_init(&m.seen, arena);
  map_init(&m.divisions, arena);
  day_format_iso(options->edition, m.day);
  day_format_iso(options->edition - 1, m.before);
  day_format_iso(options->today, m.today);
  TRY(pact_source_check(store, options->source, info));
  TRY(check_newest(&m));
  TRY(region_map_load(store, arena, &m.regions, info));
  TRY(store_each(store, "places_current", ARGS(ARG_STR(options->kind)), take_place, &m, info));
  TRY(store_each(store, "place_divisions", NO_ARGS, take_division, &m, info));
  OfficialOptions official = {.limits = options->limits};
  TRY(official_read(m.dataset, path, &official, take_row, &m, &report->file, info));
  if (m.count == 0) return err_set(info, ERR_INPUT, "no row of the file lies in a region of the pact; nothing was changed");
  Err err = check_vanished(&m);
  if (err != ERR_OK) err_at(info, file_name(path), NULL, 0, NULL);
  TRY(err);
  TRY(end_vanished(&m));
  return note_edition(&m);
}
