/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdio.h>

#include "base/map.h"
#include "base/text.h"
#include "monitor/monitor.h"
#include "places/region.h"

/* What the table says of an indicator besides its conditions. */
typedef struct Rule {
  Str indicator, source;
  bool share, proxy;
} Rule;

typedef struct Sum {
  const Rule *rule;
  Str region, period;
  DeriveSums sums;
} Sum;

typedef struct Import {
  Store *store;
  const Dataset *dataset;
  const MonitorOptions *options;
  Arena *arena;
  MonitorReport *report;
  ErrInfo *info;
  Derive *derive;
  RegionKind area;  /* what the areas of the file are */
  RegionMap *regions;
  Map rules;        /* indicator -> Rule */
  Map spellings;    /* folded name -> list of Region codes: names came back after mergers */
  Map sums;         /* "indicator|region|period" -> Sum */
  Sum **order;      /* in order of first appearance */
  size_t count, cap;
  Map areas;        /* folded names counted already */
} Import;

typedef struct Spelling {
  Str code;
  struct Spelling *next;
} Spelling;

static Err memory(Import *m) { return err_set(m->info, ERR_MEMORY, "out of memory"); }

typedef Err (*TakeRow)(Import *m, const Rows *rows);

static Err each(Import *m, const char *name, const Arg *args, size_t count, TakeRow take) {
  Rows *rows;
  bool more = true;
  TRY(store_query(m->store, name, args, count, &rows, m->info));
  Err err;
  while ((err = rows_next(rows, &more, m->info)) == ERR_OK && more)
    if ((err = take(m, rows)) != ERR_OK) break;
  rows_close(rows);
  return err;
}

static Err take_rule(Import *m, const Rows *rows) {
  Str indicator = arena_str(m->arena, rows_str(rows, 0)), field = arena_str(m->arena, rows_str(rows, 2));
  Str match = arena_str(m->arena, rows_str(rows, 3));
  if (!indicator.ptr || !field.ptr || !match.ptr) return memory(m);
  DerivePart part = str_eq(rows_str(rows, 1), S("numerator")) ? DERIVE_NUMERATOR : DERIVE_DENOMINATOR;
  TRY(derive_rule(m->derive, indicator, part, field, match, m->info));
  if (map_get(&m->rules, indicator, NULL)) return ERR_OK;
  Rule *rule = ARENA_NEW(m->arena, Rule);
  if (!rule) return memory(m);
  *rule = (Rule){indicator, arena_str(m->arena, rows_str(rows, 4)), str_eq(rows_str(rows, 5), S("share")), !rows_null(rows, 6)};
  return map_set(&m->rules, indicator, rule) == ERR_OK ? ERR_OK : memory(m);
}

static Err take_spelling(Import *m, const Rows *rows) {
  Str folded = text_folded(m->arena, rows_str(rows, 1));
  Spelling *s = ARENA_NEW(m->arena, Spelling);
  void *others = NULL;
  if (!folded.ptr || !s) return memory(m);
  map_get(&m->spellings, folded, &others);
  *s = (Spelling){arena_str(m->arena, rows_str(rows, 0)), others};
  return map_set(&m->spellings, folded, s) == ERR_OK ? ERR_OK : memory(m);
}

/* The last day of a school year "2019/20". */
static Day end_of(Str period) {
  int64_t year;
  return period.len >= 4 && str_to_int(str_slice(period, 0, 4), &year) ? day_from_civil((int)year + 1, 7, 31) : DAY_NONE;
}

/* The region of that name and of the file's kind (Groningen is a municipality and a province): the one that existed at
 * the time, else any, because files are written by a later division. */
static const Region *region_named(const Import *m, Str folded, Day day) {
  void *first;
  const Region *any = NULL;
  if (!map_get(&m->spellings, folded, &first)) return NULL;
  for (const Spelling *s = first; s; s = s->next) {
    const Region *region = region_find(m->regions, s->code);
    if (!region || region->kind != m->area) continue;
    if (region_exists_on(region, day)) return region;
    any = region;
  }
  return any;
}

static Err add_to(Import *m, const Rule *rule, Str region, Str period, const DeriveSums *sums) {
  Str key = arena_printf(m->arena, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(rule->indicator), STR_ARG(region), STR_ARG(period));
  void *found;
  if (!key.ptr) return memory(m);
  if (!map_get(&m->sums, key, &found)) {
    Sum *sum = ARENA_NEW(m->arena, Sum);
    if (!sum || map_set(&m->sums, key, sum) != ERR_OK) return memory(m);
    *sum = (Sum){.rule = rule, .region = region, .period = period};
    if (m->count == m->cap) {
      size_t cap = m->cap ? m->cap * 2 : 256;
      Sum **order = arena_grow(m->arena, m->order, m->count * sizeof *order, cap * sizeof *order);
      if (!order) return memory(m);
      m->order = order;
      m->cap = cap;
    }
    m->order[m->count++] = sum;
    found = sum;
  }
  derive_add(&((Sum *)found)->sums, sums);
  return ERR_OK;
}

/* Whole territory only: a municipality that lies in two provinces would have to be split, which none in the North does. */
static Err add_within(Import *m, const Rule *rule, const Region *region, RegionKind kind, const DeriveResult *r, Day day) {
  RegionShare *shares;
  size_t count;
  TRY(region_within(m->regions, region, kind, day, m->arena, &shares, &count));
  if (count == 0) return ERR_OK;
  return add_to(m, rule, shares[0].region->code, r->period, &r->sums);
}

static Err count_area(Import *m, Str folded, bool ours) {
  if (map_get(&m->areas, folded, NULL)) return ERR_OK;
  if (map_set(&m->areas, folded, m) != ERR_OK) return memory(m);
  if (ours) m->report->areas++;
  else m->report->areas_elsewhere++;
  return ERR_OK;
}

static Err add_result(Import *m, const DeriveResult *r) {
  void *found = NULL;
  map_get(&m->rules, r->indicator, &found);
  const Rule *rule = found;
  Day day = end_of(r->period);
  Str folded = text_folded(m->arena, r->area);
  if (!rule || day == DAY_NONE || !folded.ptr) return memory(m);
  TRY(add_to(m, rule, S("NL"), r->period, &r->sums));
  const Region *region = region_named(m, folded, day);
  TRY(count_area(m, folded, region != NULL));
  if (!region) return ERR_OK;
  TRY(add_to(m, rule, region->code, r->period, &r->sums));
  if (region->kind == REGION_MUNICIPALITY) TRY(add_within(m, rule, region, REGION_PROVINCE, r, day));
  return add_within(m, rule, region, REGION_LANDSDEEL, r, day);
}

typedef struct Figure {
  double value, low, high, numerator, denominator;
} Figure;

static bool figure_of(const Sum *sum, Figure *f) {
  Bounded share;
  const DeriveSums *s = &sum->sums;
  if (!sum->rule->share) {
    *f = (Figure){s->numerator.middle, s->numerator.low, s->numerator.high, s->numerator.middle, NAN};
    return true;
  }
  if (!derive_share(s, &share)) return false;
  /* six decimals: more is not in the file, and the figure reads back the same from the package */
  *f = (Figure){round(share.middle * 1e8) / 1e6, round(share.low * 1e8) / 1e6, round(share.high * 1e8) / 1e6, s->numerator.middle, s->denominator.middle};
  return true;
}

static Arg number(double value) { return isnan(value) ? ARG_NULL : ARG_DOUBLE(value); }

static bool same(const Rows *rows, const Figure *f) {
  const double now[] = {f->value, f->low, f->high, f->numerator, f->denominator};
  for (int i = 0; i < 5; i++) {
    bool none = rows_null(rows, i);
    if (none != isnan(now[i]) || (!none && fabs(rows_double(rows, i) - now[i]) > 1e-9)) return false;
  }
  return true;
}

/* Whether the figure holds already (*there), or another one does (*other). */
static Err look_up(Import *m, const Sum *sum, const Figure *f, Str today, bool *there, bool *other) {
  Rows *rows;
  bool more = false;
  *there = *other = false;
  TRY(store_query(m->store, "measurement_current", ARGS(ARG_STR(sum->rule->indicator), ARG_STR(sum->region), ARG_STR(sum->period)), &rows, m->info));
  Err err = rows_next(rows, &more, m->info);
  if (err == ERR_OK && more) {
    *there = same(rows, f);
    *other = !*there;
    if (*other && str_eq(rows_str(rows, 5), today))
      err = err_set(m->info, ERR_CONFLICT, "indicator " STR_FMT ", region " STR_FMT ", " STR_FMT ": another value was entered today; a correction needs another day",
                    STR_ARG(sum->rule->indicator), STR_ARG(sum->region), STR_ARG(sum->period));
  }
  rows_close(rows);
  return err;
}

static Err store_sum(Import *m, const Sum *sum) {
  Figure f;
  bool there, other;
  char today[DAY_TEXT], day[DAY_TEXT];
  if (!figure_of(sum, &f)) return ERR_OK;
  day_format_iso(m->options->today, today);
  day_format_iso(end_of(sum->period), day);
  TRY(look_up(m, sum, &f, str_from(today), &there, &other));
  if (there) {
    m->report->unchanged++;
    return ERR_OK;
  }
  if (other)
    TRY(store_exec(m->store, "measurement_supersede", ARGS(ARG_STR(sum->rule->indicator), ARG_STR(sum->region), ARG_STR(sum->period), ARG_STR(str_from(today))), NULL, m->info));
  if (other) m->report->superseded++;
  else m->report->added++;
  Str limits = arena_printf(m->arena, "%zu van de %zu getallen zijn <5; die tellen als 2,5, met 1 en 4 als grenzen.", sum->sums.suppressed, sum->sums.cells);
  Str method = arena_printf(m->arena, "Afgeleid uit %s: sommen over vestigingen.", dataset_code(m->dataset));
  Str source = m->options->source.ptr ? m->options->source : sum->rule->source;
  if (!limits.ptr || !method.ptr) return memory(m);
  return store_exec(m->store, "measurement_add",
                    ARGS(ARG_STR(sum->rule->indicator), ARG_STR(sum->region), ARG_STR(sum->period), ARG_STR(str_from(day)), number(f.value),
                         number(f.numerator), number(f.denominator), number(f.low), number(f.high),
                         ARG_STR(sum->rule->proxy ? S("proxy") : S("final")), ARG_STR(method), ARG_STR(sum->sums.suppressed ? limits : STR_NONE),
                         ARG_STR(str_from(today)), ARG_STR(source), ARG_STR(str_from(dataset_title(m->dataset)))),
                    NULL, m->info);
}

static Err prepare(Import *m) {
  map_init(&m->rules, m->arena);
  map_init(&m->spellings, m->arena);
  map_init(&m->sums, m->arena);
  map_init(&m->areas, m->arena);
  bool by_municipality = dataset_field(m->dataset, S("municipality")) >= 0;
  Str area = by_municipality ? S("municipality") : S("province");
  m->area = by_municipality ? REGION_MUNICIPALITY : REGION_PROVINCE;
  TRY(derive_new(&m->derive, m->arena, m->dataset, area, m->info));
  Str code = str_from(dataset_code(m->dataset));
  TRY(each(m, "derivation_rules", ARGS(ARG_STR(code)), take_rule));
  if (m->rules.count == 0)
    return err_set(m->info, ERR_NOT_FOUND, "the pact has no derivations for %s: no indicator is made from this file", dataset_code(m->dataset));
  TRY(derive_check(m->derive, m->info));
  TRY(region_map_load(m->store, m->arena, &m->regions, m->info));
  return each(m, "region_spellings", NO_ARGS, take_spelling);
}

Err monitor_import(Store *store, const Dataset *dataset, const char *path, const MonitorOptions *options, Arena *arena,
                   MonitorReport *report, ErrInfo *info) {
  *report = (MonitorReport){0};
  Import m = {.store = store, .dataset = dataset, .options = options, .arena = arena, .report = report, .info = info};
  TRY(prepare(&m));
  OfficialOptions official = {.period = options->period};
  TRY(official_read(dataset, path, &official, derive_take, m.derive, &report->file, info));
  for (size_t i = 0; i < derive_count(m.derive); i++) TRY(add_result(&m, derive_at(m.derive, i)));
  for (size_t i = 0; i < m.count; i++) TRY(store_sum(&m, m.order[i]));
  return ERR_OK;
}
