/* SPDX-License-Identifier: EUPL-1.2 */
/* Regions in memory, and following a territory through mergers and splits. */
#include "places/region.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"

typedef struct Membership { const Region *region, *part_of; Day from, to; } Membership;
typedef struct Change { Day on; const Region *from, *to; double weight; bool known; } Change;

struct RegionMap {
  Region *regions;
  size_t regions_count;
  Membership *memberships;
  size_t memberships_count;
  Change *changes;         /* in time */
  size_t changes_count;
  Map by_code;
};

static const char *const KIND_NAMES[REGION_KIND_COUNT] = {"landsdeel", "province", "corop", "labour_market", "rpa", "rmc", "municipality", "country"};

const char *region_kind_name(RegionKind kind) {
  return KIND_NAMES[kind];
}

bool region_kind_named(const char *name, RegionKind *kind) {
  for (int k = 0; k < REGION_KIND_COUNT; k++) {
    if (strcmp(KIND_NAMES[k], name) != 0) continue;
    *kind = (RegionKind)k;
    return true;
  }
  return false;
}

/* Calls `take` for every row of a query. */
typedef Err (*TakeRow)(RegionMap *map, const Rows *rows, Arena *arena);

static Err each_row(Store *store, const char *query, RegionMap *map, Arena *arena, TakeRow take, ErrInfo *info) {
  Rows *rows;
  bool more = true;
  Err err = store_query(store, query, NO_ARGS, &rows, info);
  TRY(err);
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more) {
    err = take(map, rows, arena);
    if (err != ERR_OK) {
      err_set(info, err, "out of memory while reading the regions");
      break;
    }
  }
  rows_close(rows);
  return err;
}

/* Makes room for one more; arrays grow by doubling at powers of two. */
static void *room(Arena *arena, void *items, size_t count, size_t size) {
  if (count & (count - 1)) return items;
  return arena_grow(arena, items, count * size, (count ? count * 2 : 1) * size);
}

static Err take_region(RegionMap *map, const Rows *rows, Arena *arena) {
  Region *grown = room(arena, map->regions, map->regions_count, sizeof *grown);
  if (!grown) return ERR_MEMORY;
  map->regions = grown;
  Region *region = &grown[map->regions_count++];
  *region = (Region){arena_str(arena, rows_str(rows, 0)), arena_str(arena, rows_str(rows, 1)), REGION_MUNICIPALITY,
                     rows_day(rows, 3), rows_day(rows, 4)};
  for (int k = 0; k < REGION_KIND_COUNT; k++)
    if (str_eq(rows_str(rows, 2), str_from(KIND_NAMES[k]))) region->kind = (RegionKind)k;
  return region->code.ptr && region->name.ptr ? ERR_OK : ERR_MEMORY;
}

/* Only after all regions are there: the array no longer moves. */
static Err index_regions(RegionMap *map, Arena *arena) {
  map_init(&map->by_code, arena);
  for (size_t i = 0; i < map->regions_count; i++)
    if (map_set(&map->by_code, map->regions[i].code, &map->regions[i]) != ERR_OK) return ERR_MEMORY;
  return ERR_OK;
}

static Err take_membership(RegionMap *map, const Rows *rows, Arena *arena) {
  Membership *grown = room(arena, map->memberships, map->memberships_count, sizeof *grown);
  if (!grown) return ERR_MEMORY;
  map->memberships = grown;
  Membership m = {region_find(map, rows_str(rows, 0)), region_find(map, rows_str(rows, 1)), rows_day(rows, 2), rows_day(rows, 3)};
  if (m.region && m.part_of) grown[map->memberships_count++] = m;
  return ERR_OK;
}

static Err take_change(RegionMap *map, const Rows *rows, Arena *arena) {
  Change *grown = room(arena, map->changes, map->changes_count, sizeof *grown);
  if (!grown) return ERR_MEMORY;
  map->changes = grown;
  Change c = {rows_day(rows, 0), region_find(map, rows_str(rows, 1)), region_find(map, rows_str(rows, 2)),
              rows_null(rows, 3) ? -1 : rows_double(rows, 3), rows_int(rows, 5) != 0};
  if (c.from && c.to && c.on != DAY_NONE) grown[map->changes_count++] = c;
  return ERR_OK;
}

Err region_map_load(Store *store, Arena *arena, RegionMap **out, ErrInfo *info) {
  RegionMap *map = ARENA_NEW(arena, RegionMap);
  if (!map) return err_set(info, ERR_MEMORY, "out of memory while reading the regions");
  TRY(each_row(store, "regions", map, arena, take_region, info));
  if (index_regions(map, arena) != ERR_OK) return err_set(info, ERR_MEMORY, "out of memory while reading the regions");
  TRY(each_row(store, "region_memberships", map, arena, take_membership, info));
  TRY(each_row(store, "region_changes_raw", map, arena, take_change, info));
  *out = map;
  return ERR_OK;
}

size_t region_count(const RegionMap *map) {
  return map->regions_count;
}

const Region *region_at(const RegionMap *map, size_t index) {
  return &map->regions[index];
}

const Region *region_find(const RegionMap *map, Str code) {
  void *found = NULL;
  return map_get(&map->by_code, code, &found) ? found : NULL;
}

bool region_exists_on(const Region *region, Day day) {
  return (region->valid_from == DAY_NONE || region->valid_from <= day) && (region->valid_to == DAY_NONE || region->valid_to >= day);
}

/* --- shares --- */

typedef struct Shares {
  Arena *arena;
  RegionShare *items;
  size_t count;
  bool failed;   /* out of memory */
} Shares;

static void add_share(Shares *shares, const Region *region, double weight, bool estimated) {
  for (size_t i = 0; i < shares->count; i++)
    if (shares->items[i].region == region) {
      shares->items[i].weight += weight;
      shares->items[i].estimated |= estimated;
      return;
    }
  RegionShare *grown = room(shares->arena, shares->items, shares->count, sizeof *grown);
  if (!grown) {
    shares->failed = true;
    return;
  }
  shares->items = grown;
  grown[shares->count++] = (RegionShare){region, weight, estimated};
}

static int by_weight(const void *a, const void *b) {
  const RegionShare *x = a, *y = b;
  if (x->weight > y->weight) return -1;
  if (x->weight < y->weight) return 1;
  return str_cmp(x->region->code, y->region->code);
}

/* A municipality that still exists after a boundary correction keeps nearly all of its addresses; which part went over
 * is in the weight, and what stayed is not a row of its own. */
static bool ends_with(const Region *region, Day on) {
  return region->valid_to != DAY_NONE && region->valid_to < on;
}

/* The next (or last) day on which a region's territory changed: in (after, until] going forward. */
static Day next_change(const RegionMap *map, const Region *region, Day after, Day until) {
  Day found = DAY_NONE;
  for (size_t i = 0; i < map->changes_count; i++) {
    const Change *c = &map->changes[i];
    if (c->from == region && c->on > after && c->on <= until && (found == DAY_NONE || c->on < found)) found = c->on;
  }
  return found;
}

/* What one change event gives of a region: weights as recorded; those not recorded share what is left in equal parts. */
static void forward(const RegionMap *map, const RegionShare *share, Day on, Shares *out) {
  double known = 0, rest;
  size_t unknown = 0;
  bool itself = false;
  for (size_t i = 0; i < map->changes_count; i++) {
    const Change *c = &map->changes[i];
    if (c->from != share->region || c->on != on) continue;
    if (c->weight < 0) unknown++;
    else known += c->weight;
    itself |= c->to == share->region;
  }
  if (!itself && !ends_with(share->region, on)) {
    /* It lives on without a row of its own: what did not go over stayed. A part of unknown size counts as nothing. */
    double stayed = known < 1 ? 1 - known : 0;
    add_share(out, share->region, share->weight * stayed, share->estimated || unknown > 0);
    known = 1;
  }
  rest = known < 1 ? 1 - known : 0;
  for (size_t i = 0; i < map->changes_count; i++) {
    const Change *c = &map->changes[i];
    if (c->from != share->region || c->on != on) continue;
    double weight = c->weight < 0 ? rest / (double)unknown : c->weight;
    bool guessed = (c->weight < 0 && unknown > 1) || !c->known;
    add_share(out, c->to, share->weight * weight, share->estimated || guessed);
  }
}

/* Follows every part to `day`; the number of events bounds the loop, for time only goes on. */
static void follow_forward(const RegionMap *map, const Region *region, Day start, Day day, Shares *result) {
  Shares now = {.arena = result->arena};
  Day at = start;
  add_share(&now, region, 1, false);
  for (size_t guard = 0; guard <= map->changes_count; guard++) {
    Day event = DAY_NONE;
    for (size_t i = 0; i < now.count; i++) {
      Day next = next_change(map, now.items[i].region, at, day);
      if (next != DAY_NONE && (event == DAY_NONE || next < event)) event = next;
    }
    if (event == DAY_NONE) break;
    Shares then = {.arena = result->arena};
    for (size_t i = 0; i < now.count; i++) {
      if (next_change(map, now.items[i].region, at, event) == event) forward(map, &now.items[i], event, &then);
      else add_share(&then, now.items[i].region, now.items[i].weight, now.items[i].estimated);
    }
    then.failed |= now.failed;
    now = then;
    at = event;
  }
  result->items = now.items;
  result->count = now.count;
  result->failed |= now.failed;
}

/* For a day before it existed: every municipality of then whose territory, followed to the day the region began, came to
 * it, with the share of that municipality that did. */
static void follow_backward(const RegionMap *map, const Region *region, Day day, Shares *result) {
  for (size_t i = 0; i < map->regions_count; i++) {
    const Region *old = &map->regions[i];
    Shares parts = {.arena = result->arena};
    if (old->kind != REGION_MUNICIPALITY || !region_exists_on(old, day)) continue;
    follow_forward(map, old, day, region->valid_from, &parts);
    result->failed |= parts.failed;
    for (size_t p = 0; p < parts.count; p++)
      if (parts.items[p].region == region && parts.items[p].weight > 0) add_share(result, old, parts.items[p].weight, parts.items[p].estimated);
  }
}

static Err finish(Shares *shares, RegionShare **out, size_t *count) {
  if (shares->count > 1) qsort(shares->items, shares->count, sizeof *shares->items, by_weight);
  *out = shares->items;
  *count = shares->count;
  return shares->failed ? ERR_MEMORY : ERR_OK;
}

/* Followed from `since` on where the region begins before `day`; what has ended without a successor in the data is not known, and so
 * no part of the answer. */
static Err territory(const RegionMap *map, const Region *region, Day since, Day day, Arena *arena, RegionShare **out, size_t *count) {
  Shares shares = {.arena = arena};
  if (region->kind != REGION_MUNICIPALITY || region_exists_on(region, day)) add_share(&shares, region, 1, false);
  else if (region->valid_from != DAY_NONE && region->valid_from > day) follow_backward(map, region, day, &shares);
  else follow_forward(map, region, since, day, &shares);
  size_t kept = 0;
  for (size_t i = 0; i < shares.count; i++)
    if (region_exists_on(shares.items[i].region, day) && shares.items[i].weight > 0) shares.items[kept++] = shares.items[i];
  shares.count = kept;
  return finish(&shares, out, count);
}

Err region_on(const RegionMap *map, const Region *region, Day day, Arena *arena, RegionShare **out, size_t *count) {
  return territory(map, region, region->valid_from == DAY_NONE ? DAY_NONE : region->valid_from - 1, day, arena, out, count);
}

Err region_succeeded(const RegionMap *map, const Region *region, Day day, Arena *arena, RegionShare **out, size_t *count) {
  if (!ends_with(region, day)) return region_on(map, region, day, arena, out, count);
  return territory(map, region, region->valid_to, day, arena, out, count);
}

static bool member_on(const Membership *m, Day day) {
  return (m->from == DAY_NONE || m->from <= day) && (m->to == DAY_NONE || m->to >= day);
}

/* Adds the regions of `kind` above one region; memberships go one or more steps up. `depth` keeps a ring in bad data from
 * going on for ever. */
static void add_above(const RegionMap *map, const RegionShare *share, RegionKind kind, Day day, int depth, Shares *out) {
  if (share->region->kind == kind) {
    add_share(out, share->region, share->weight, share->estimated);
    return;
  }
  for (size_t i = 0; depth > 0 && i < map->memberships_count; i++) {
    const Membership *m = &map->memberships[i];
    if (m->region != share->region || !member_on(m, day)) continue;
    /* only upwards along one chain: a COROP region does not lead to a province of a municipality */
    if (m->part_of->kind == kind || m->part_of->kind == REGION_PROVINCE)
      add_above(map, &(RegionShare){m->part_of, share->weight, share->estimated}, kind, day, depth - 1, out);
  }
}

Err region_within(const RegionMap *map, const Region *region, RegionKind kind, Day day, Arena *arena, RegionShare **out, size_t *count) {
  Shares shares = {.arena = arena};
  RegionShare *parts;
  size_t parts_count;
  TRY(region_on(map, region, day, arena, &parts, &parts_count));
  double total = 0;
  for (size_t i = 0; i < parts_count; i++) total += parts[i].weight;
  for (size_t i = 0; i < parts_count; i++) {
    /* Looking back, each part's weight is the share of the old municipality; of the asked region the parts are shares of
     * their sum. */
    RegionShare part = parts[i];
    if (total > 1) part.weight /= total;
    add_above(map, &part, kind, day, 4, &shares);
  }
  return finish(&shares, out, count);
}
