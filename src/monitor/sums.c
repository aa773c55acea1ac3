/* SPDX-License-Identifier: EUPL-1.2 */
/* From areas as a file names them to regions of the period: municipalities that were merged or split in between, provinces
 * and the North added up, and what is lacking in such a sum. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "monitor/internal.h"

/* Less than this of a municipality counts as lacking: weights are shares of addresses and add up to 1 but for rounding. */
static const double WHOLE = 0.999;

static const DatasetArea *area_of(const Import *m, const DeriveResult *r) {
  size_t count;
  return dataset_areas(m->dataset, &count) + r->area_field;
}

/* The region of that name and kind (Groningen is a municipality and a province): the one that existed at the time, else
 * any, because files are written by an earlier or later division. */
static const Region *region_named(const Import *m, Str spelling, RegionKind kind, Day day) {
  void *first;
  const Region *any = NULL;
  if (!map_get(&m->spellings, spelling, &first)) return NULL;
  for (const Spelling *s = first; s; s = s->next) {
    const Region *region = region_find(m->regions, s->code);
    if (!region || region->kind != kind) continue;
    if (region_exists_on(region, day)) return region;
    any = region;
  }
  return any;
}

/* The province that a suffix of a name stands for; *none when it says nothing of a province. */
static Err province_of_suffix(Import *m, Str suffix, Day day, const Region **province, bool *none) {
  static const struct { const char *text, *province; } suffixes[] = {
#define SUFFIX(text, province) {text, province},
#include "monitor/suffixes.def"
#undef SUFFIX
  };
  *none = false;
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
    if (!str_eq(suffix, str_from(suffixes[i].text))) continue;
    *none = suffixes[i].province == NULL;
    if (*none) return ERR_OK;
    suffix = str_from(suffixes[i].province);
    break;
  }
  Str spelling = import_spelling(m, suffix);
  *province = spelling.ptr ? region_named(m, spelling, REGION_PROVINCE, day) : NULL;
  return spelling.ptr ? ERR_OK : import_memory(m);
}

/* "Groningen (gemeente)", "Littenseradiel (Fr.)": the name before the brackets, when what is between them is true of it. */
static Err region_suffixed(Import *m, Str name, Day day, const Region **region) {
  Str folded = text_folded(m->arena, name);
  if (!folded.ptr) return import_memory(m);
  size_t open = str_find_char(folded, '('), count;
  RegionShare *above;
  const Region *province = NULL;
  bool none;
  if (open == STR_NPOS || !str_ends(folded, S(")"))) return ERR_OK;
  Str spelling = import_spelling(m, str_slice(folded, 0, open));
  if (!spelling.ptr) return import_memory(m);
  const Region *found = region_named(m, spelling, REGION_MUNICIPALITY, day);
  TRY(province_of_suffix(m, str_trim(str_slice(folded, open + 1, folded.len - 1)), day, &province, &none));
  if (!found || (!none && !province)) return ERR_OK;
  TRY(region_within(m->regions, found, REGION_PROVINCE, day, m->arena, &above, &count));
  if (none || (count && above[0].region == province)) *region = found;
  return ERR_OK;
}

/* CBS writes the country as NL01 (NL00 in older tables). */
static const Region *region_coded(const Import *m, Str code) {
  return region_find(m->regions, str_eq(code, S("NL01")) || str_eq(code, S("NL00")) ? S("NL") : code);
}

/* The municipality of an institution's seat: the one of that day, else the earliest known. */
static const Region *region_of_seat(const Import *m, Str institution, Day day) {
  void *last;
  const Seat *seat = map_get(&m->institutions, institution, &last) ? last : NULL;
  while (seat && seat->next && seat->from > day) seat = seat->next;
  return seat ? region_find(m->regions, seat->municipality) : NULL;
}

/* The region that a result is of; NULL: none of the pact's. */
static Err region_of(Import *m, const DeriveResult *r, Day day, const Region **region) {
  const DatasetArea *area = area_of(m, r);
  *region = NULL;
  if (area->extent == AREA_LEVELS) *region = region_coded(m, r->area);
  else if (strcmp(area->kind, "institution") == 0) *region = region_of_seat(m, r->area, day);
  else {
    Str spelling = import_spelling(m, r->area);
    RegionKind kind;
    if (!spelling.ptr) return import_memory(m);
    if (!region_kind_named(area->kind, &kind)) return ERR_OK;
    *region = region_named(m, spelling, kind, day);
    if (!*region && kind == REGION_MUNICIPALITY) return region_suffixed(m, r->area, day, region);
  }
  return ERR_OK;
}

static Err sum_get(Import *m, const Rule *rule, Str code, const DeriveResult *r, Day day, Sum **out) {
  Str key = arena_printf(m->arena, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(rule->indicator), STR_ARG(code), STR_ARG(r->period));
  void *found;
  if (!key.ptr) return import_memory(m);
  if (map_get(&m->sums, key, &found)) {
    *out = found;
    return ERR_OK;
  }
  Sum *sum = ARENA_NEW(m->arena, Sum);
  if (!sum || map_set(&m->sums, key, sum) != ERR_OK) return import_memory(m);
  *sum = (Sum){.rule = rule, .region = region_find(m->regions, code), .region_code = code, .period = r->period, .day = day};
  if (m->count == m->cap) {
    size_t cap = m->cap ? m->cap * 2 : 256;
    Sum **order = arena_grow(m->arena, m->order, m->count * sizeof *order, cap * sizeof *order);
    if (!order) return import_memory(m);
    m->order = order;
    m->cap = cap;
  }
  *out = m->order[m->count++] = sum;
  return ERR_OK;
}

/* Adds a part of the result to a region, unless the file has that region itself. */
static Err add_to(Import *m, const Rule *rule, Str code, const DeriveResult *r, Day day, const RegionShare *share) {
  Sum *sum;
  TRY(sum_get(m, rule, code, r, day, &sum));
  if (sum->direct) return ERR_OK;
  DeriveSums part = share ? derive_scaled(&r->sums, share->weight) : r->sums;
  derive_add(&sum->sums, &part);
  sum->estimated |= share && (share->estimated || share->weight < WHOLE);
  return ERR_OK;
}

static Err count_area(Import *m, Str folded, bool ours) {
  if (map_get(&m->areas, folded, NULL)) return ERR_OK;
  if (map_set(&m->areas, folded, m) != ERR_OK) return import_memory(m);
  if (ours) m->report->areas++;
  else m->report->areas_elsewhere++;
  return ERR_OK;
}

/* --- what of each municipality the file has --- */

static Err cover_one(Import *m, const Rule *rule, Str period, const Region *region, double part) {
  Str key = arena_printf(m->arena, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(rule->indicator), STR_ARG(period), STR_ARG(region->code));
  void *found;
  if (!key.ptr) return import_memory(m);
  if (!map_get(&m->covered, key, &found)) {
    found = ARENA_NEW(m->arena, double);
    if (!found || map_set(&m->covered, key, found) != ERR_OK) return import_memory(m);
  }
  *(double *)found += part;
  return ERR_OK;
}

/* A municipality of a later division has of each older one the share that came to it. One of an earlier division is, of a
 * new one that it went up in, one of as many as that was made from; of one that existed beside it, nothing: that has rows
 * of its own. */
static Err cover(Import *m, const Rule *rule, const DeriveResult *r, const Region *region, const RegionShare *parts, size_t count, Day day) {
  if (region_exists_on(region, day)) return cover_one(m, rule, r->period, region, 1);
  bool later = region->valid_from != DAY_NONE && region->valid_from > day;
  for (size_t i = 0; i < count; i++) {
    if (later) {
      TRY(cover_one(m, rule, r->period, parts[i].region, parts[i].weight));
      continue;
    }
    RegionShare *made_from;
    size_t made_count;
    if (region_exists_on(parts[i].region, region->valid_to)) continue;
    TRY(region_on(m->regions, parts[i].region, region->valid_to, m->arena, &made_from, &made_count));
    TRY(cover_one(m, rule, r->period, parts[i].region, made_count ? 1.0 / (double)made_count : 1));
  }
  return ERR_OK;
}

/* --- a result to its region and those above it --- */

/* By the division of the period: a municipality that had ended by then is divided over what it went up in, by the share of
 * its addresses when it ended (a file that names it is of no later division). One that did not exist yet keeps its figure: it is the figure of that territory, and how it was divided
 * over the older ones the file does not say. */
static Err add_municipality(Import *m, const Rule *rule, const DeriveResult *r, const Region *region, Day day) {
  RegionShare *parts;
  size_t count;
  TRY(region_succeeded(m->regions, region, day, m->arena, &parts, &count));
  TRY(cover(m, rule, r, region, parts, count, day));
  bool ended = region->valid_to != DAY_NONE && region->valid_to < day;
  if (!ended || count == 0) TRY(add_to(m, rule, region->code, r, day, NULL));
  else
    for (size_t i = 0; i < count; i++) TRY(add_to(m, rule, parts[i].region->code, r, day, &parts[i]));
  TRY(region_within(m->regions, region, REGION_PROVINCE, day, m->arena, &parts, &count));
  if (count == 0) TRY(region_within(m->regions, region, REGION_LANDSDEEL, day, m->arena, &parts, &count));
  for (size_t i = 0; i < count; i++) TRY(add_to(m, rule, parts[i].region->code, r, day, count > 1 ? &parts[i] : NULL));
  return ERR_OK;
}

/* Nothing said of a province leaves room for the sum of its municipalities. */
static Err add_direct(Import *m, const Rule *rule, const DeriveResult *r, const Region *region, Day day) {
  if (r->sums.missing == r->sums.cells) return ERR_OK;
  TRY(add_to(m, rule, region->code, r, day, NULL));
  if (area_of(m, r)->extent != AREA_LEVELS) return ERR_OK;
  Sum *sum;
  TRY(sum_get(m, rule, region->code, r, day, &sum));
  sum->direct = true;
  return ERR_OK;
}

/* In tables with several levels every code is there for every period: nothing is known of a municipality in years in which
 * it did not exist, and that is no gap. */
static bool only_absence(const DeriveResult *r, const Region *region, Day day) {
  return r->sums.missing == r->sums.cells && !region_exists_on(region, day);
}

/* In tables with several levels every region has the same records: one with fewer lacks some. */
static Err count_cells(Import *m) {
  for (size_t i = 0; i < derive_count(m->derive); i++) {
    const DeriveResult *r = derive_at(m->derive, i);
    size_t most = 0;
    map_get_index(&m->cells, r->indicator, &most);
    if (r->sums.cells > most && map_set_index(&m->cells, r->indicator, r->sums.cells) != ERR_OK) return import_memory(m);
  }
  return ERR_OK;
}

static DeriveResult filled(const Import *m, const DeriveResult *r) {
  DeriveResult whole = *r;
  size_t most = 0;
  if (area_of(m, r)->extent != AREA_LEVELS || !map_get_index(&m->cells, r->indicator, &most)) return whole;
  whole.sums.missing += most - r->sums.cells;
  whole.sums.cells = most;
  return whole;
}

/* `municipalities`: which of the two rounds; what the file has of higher levels comes first. */
static Err add_result(Import *m, const DeriveResult *r, bool municipalities) {
  void *rule;
  OfficialPeriodKind kind;
  Day day;
  Str folded = text_folded(m->arena, r->area);
  if (!map_get(&m->rules, r->indicator, &rule) || !folded.ptr) return import_memory(m);
  if (!official_period(r->period, &kind, &day))
    return err_set(m->info, ERR_INPUT, "'" STR_FMT "' is no period; expected a school year as 2019/20, a year as 2020, a quarter as 2016Q4 or a day", STR_ARG(r->period));
  if (definition_on(m, ((const Rule *)rule)->indicator, day) != ((const Rule *)rule)->definition) {
    m->report->other_definition += municipalities;
    return ERR_OK;
  }
  const Region *region;
  TRY(region_of(m, r, day, &region));
  if ((region && region->kind == REGION_MUNICIPALITY) != municipalities) return ERR_OK;
  if (area_of(m, r)->extent == AREA_NATIONAL) TRY(add_to(m, rule, S("NL"), r, day, NULL));
  TRY(count_area(m, folded, region != NULL));
  if (!region || only_absence(r, region, day)) return ERR_OK;
  return municipalities ? add_municipality(m, rule, r, region, day) : add_direct(m, rule, r, region, day);
}

/* The sums of provinces up to what they lie in; the number of sums grows while they are added. */
static Err add_provinces(Import *m) {
  for (size_t i = 0, count = m->count; i < count; i++) {
    const Sum *sum = m->order[i];
    RegionShare *above;
    size_t above_count;
    if (!sum->region || sum->region->kind != REGION_PROVINCE) continue;
    TRY(region_within(m->regions, sum->region, REGION_LANDSDEEL, sum->day, m->arena, &above, &above_count));
    DeriveResult r = {.period = sum->period, .sums = sum->sums};
    if (above_count) TRY(add_to(m, sum->rule, above[0].region->code, &r, sum->day, sum->estimated ? &(RegionShare){sum->region, 1, true} : NULL));
  }
  return ERR_OK;
}

/* --- what is lacking --- */

static bool in_file(const Import *m, const Sum *sum, const Region *part) {
  char key[256];
  void *found;
  int length = snprintf(key, sizeof key, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(sum->rule->indicator), STR_ARG(sum->period), STR_ARG(part->code));
  return length > 0 && (size_t)length < sizeof key && map_get(&m->covered, (Str){key, (size_t)length}, &found) && *(double *)found >= WHOLE;
}

/* A province lacks what of its municipalities the file does not have, the North what its provinces lack. */
static Err count_lacking(Import *m, Sum *sum) {
  for (size_t i = 0; i < region_count(m->regions); i++) {
    const Region *part = region_at(m->regions, i);
    RegionShare *above;
    size_t count;
    if (part->kind != REGION_MUNICIPALITY || !region_exists_on(part, sum->day)) continue;
    TRY(region_within(m->regions, part, sum->region->kind, sum->day, m->arena, &above, &count));
    if (count == 0 || above[0].region != sum->region) continue;
    sum->parts++;
    sum->lacking += !in_file(m, sum, part);
  }
  return ERR_OK;
}

/* A higher level that the file has itself stands in for its municipalities. */
static Err cover_direct(Import *m) {
  for (size_t s = 0; s < m->count; s++) {
    const Sum *sum = m->order[s];
    if (!sum->direct || !sum->region || sum->region->kind != REGION_PROVINCE) continue;
    for (size_t i = 0; i < region_count(m->regions); i++) {
      const Region *part = region_at(m->regions, i);
      RegionShare *above;
      size_t count;
      if (part->kind != REGION_MUNICIPALITY || !region_exists_on(part, sum->day)) continue;
      TRY(region_within(m->regions, part, REGION_PROVINCE, sum->day, m->arena, &above, &count));
      if (count && above[0].region == sum->region) TRY(cover_one(m, sum->rule, sum->period, part, 1));
    }
  }
  return ERR_OK;
}

static Err find_lacking(Import *m) {
  size_t areas;
  if (dataset_areas(m->dataset, &areas)->extent == AREA_NATIONAL) return ERR_OK;
  TRY(cover_direct(m));
  for (size_t i = 0; i < m->count; i++) {
    Sum *sum = m->order[i];
    if (sum->direct || !sum->region) continue;
    if (sum->region->kind == REGION_PROVINCE || sum->region->kind == REGION_LANDSDEEL) TRY(count_lacking(m, sum));
  }
  return ERR_OK;
}

Err sums_add_up(Import *m) {
  TRY(count_cells(m));
  for (int municipalities = 0; municipalities < 2; municipalities++)
    for (size_t i = 0; i < derive_count(m->derive); i++) {
      if (!derive_made(m->derive, derive_at(m->derive, i)->indicator)) continue;
      DeriveResult *whole = ARENA_NEW(m->arena, DeriveResult);
      if (!whole) return import_memory(m);
      *whole = filled(m, derive_at(m->derive, i));
      TRY(add_result(m, whole, municipalities));
    }
  TRY(add_provinces(m));
  return find_lacking(m);
}
