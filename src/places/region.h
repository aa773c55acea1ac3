/* SPDX-License-Identifier: EUPL-1.2 */
/* Regions and their changes: which existed when, what became of them, and what lies in what. Conventions of the values
 * as in pact/pact.h: references are {code, label}, unknown is null. Kinds: country, landsdeel, province, corop, labour_market, rpa,
 * rmc, municipality. */
#ifndef PW_PLACES_REGION_H
#define PW_PLACES_REGION_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

/* All regions, memberships and changes in memory: a few hundred rows, so that following mergers needs no queries. Lives in
 * the arena it was loaded into; only read afterwards, so several threads may share it. */
typedef struct RegionMap RegionMap;

typedef enum RegionKind {
  REGION_LANDSDEEL, REGION_PROVINCE, REGION_COROP, REGION_LABOUR_MARKET, REGION_RPA, REGION_RMC, REGION_MUNICIPALITY,
  REGION_COUNTRY,
  REGION_KIND_COUNT
} RegionKind;

typedef struct Region {
  Str code;
  Str name;
  RegionKind kind;
  Day valid_from;   /* DAY_NONE: since before the data begins */
  Day valid_to;     /* last day; DAY_NONE: still exists */
} Region;

/* A part of what was asked for. Weights of one answer add up to 1, or to less when part of it lies outside the data. */
typedef struct RegionShare {
  const Region *region;
  double weight;    /* share of the addresses */
  bool estimated;   /* a weight on the way is not known and was assumed (equal parts), or the change is not verified */
} RegionShare;

Err region_map_load(Store *store, Arena *arena, RegionMap **out, ErrInfo *info) MUST_CHECK;
size_t region_count(const RegionMap *map);
const Region *region_at(const RegionMap *map, size_t index);        /* in the order of the package */
const Region *region_find(const RegionMap *map, Str code);          /* NULL when there is no such code */
bool region_exists_on(const Region *region, Day day);
const char *region_kind_name(RegionKind kind);                      /* as in the table */
bool region_kind_named(const char *name, RegionKind *kind);         /* and back; false on another name */

/* What the territory of a municipality is on `day`: itself, or what it went up in, following every change in time, backwards
 * too (for a day before it existed: what it was made from, weight the share of that older municipality that came to it).
 * Any other kind gives itself. Sorted by falling weight, then code; *count may be 0 (not known). */
Err region_on(const RegionMap *map, const Region *region, Day day, Arena *arena, RegionShare **shares, size_t *count) MUST_CHECK;
/* The same of a municipality as it was on its last day, for a later one: corrections of its border before then count no more. One that
 * has not ended by `day` gives what region_on gives. */
Err region_succeeded(const RegionMap *map, const Region *region, Day day, Arena *arena, RegionShare **shares, size_t *count) MUST_CHECK;
/* The regions of that kind in which a region's territory lies on `day`: a municipality of any year in its province, a
 * province in its landsdeel. Sorted by falling weight. *count 0: not known. */
Err region_within(const RegionMap *map, const Region *region, RegionKind kind, Day day, Arena *arena, RegionShare **shares,
                  size_t *count) MUST_CHECK;

/* The regions of a year (as on 1 January of it): {year, first_year, last_year (of changes in the data), roots [node],
 * groupings [{kind, regions [node]}], counts {municipalities, provinces}}. A node: {code, label, kind, verified, children
 * [node]}; roots are landsdelen with provinces with municipalities; groupings are the other kinds with municipalities. */
Err region_tree(Store *store, int year, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* One region: code, label, kind, name, names [{name, kind}], valid_from, valid_to, verified, note, source, year, exists (in
 * that year), part_of [{code, label, kind, valid_from, valid_to, verified}], contains [node] (direct members in that year),
 * before [change] (what led to it), after [change] (what became of it), now [{code, label, weight, estimated}]: its
 * territory in that year, actions [{code, label}] that name it as their reach,
 * a change: {changed_on, from {code, label}, to {code, label}, addresses, weight, kind (merger | split | boundary | rename),
 * verified, note, source}.
 * ERR_NOT_FOUND when there is no such code. */
Err region_detail(Store *store, Str code, int year, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Every change: [change], by date. */
Err region_changes(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
