/* SPDX-License-Identifier: EUPL-1.2 */
/* Regions as values: the tree of a year, one region, the changes. */
#include <string.h>

#include "places/region.h"
#include "store/vals.h"

enum { DEPTH_MAX = 4 };

typedef struct Tree {
  Vals v;
  RegionMap *map;
  Val *memberships;   /* {region, part_of, valid_from, valid_to} */
  Val *verified;      /* map of code -> bool */
  Day day;
} Tree;

static Day first_of(int year) {
  return day_from_civil(year, 1, 1);
}

static bool holds(const Val *row, Day day) {
  Day from, to;
  Str since = vals_text(row, "valid_from"), until = vals_text(row, "valid_to");
  if (since.ptr && day_parse_iso(since, &from) && from > day) return false;
  return !(until.ptr && day_parse_iso(until, &to) && to < day);
}

static Val *node_of(const Tree *t, const Region *region) {
  Val *node = val_map(t->v.arena);
  if (!node) return NULL;
  val_set_str(t->v.arena, node, "code", region->code);
  val_set_str(t->v.arena, node, "label", region->name);
  val_set_str(t->v.arena, node, "kind", str_from(region_kind_name(region->kind)));
  const Val *verified = val_get(t->verified, region->code);
  val_set_bool(t->v.arena, node, "verified", verified->kind == VAL_BOOL && verified->as.boolean);
  val_set_list(t->v.arena, node, "children");
  return node;
}

/* What lies directly in a region on the day, by name. A landsdeel shows its provinces and not their municipalities again. */
static Err add_children(const Tree *t, Val *node, const Region *region, int depth) {
  Val *children = (Val *)(uintptr_t)val_get(node, S("children"));  /* the list made in node_of */
  for (size_t i = 0; depth > 0 && i < t->memberships->as.list.count; i++) {
    const Val *m = t->memberships->as.list.items[i];
    if (!str_eq(vals_text(m, "part_of"), region->code) || !holds(m, t->day)) continue;
    const Region *child = region_find(t->map, vals_text(m, "region"));
    if (!child || !region_exists_on(child, t->day)) continue;
    if (region->kind == REGION_LANDSDEEL && child->kind != REGION_PROVINCE) continue;
    if (region->kind != REGION_LANDSDEEL && child->kind != REGION_MUNICIPALITY) continue;
    Val *below = node_of(t, child);
    if (!below) return vals_no_memory(&t->v);
    TRY(add_children(t, below, child, depth - 1));
    val_push(t->v.arena, children, below);
  }
  return val_sort(t->v.arena, children, "label") ? ERR_OK : vals_no_memory(&t->v);
}

static Err tree_load(Tree *t, int year) {
  t->day = first_of(year);
  if (t->day == DAY_NONE) return err_set(t->v.info, ERR_INPUT, "%d is not a year", year);
  TRY(region_map_load(t->v.store, t->v.arena, &t->map, t->v.info));
  TRY(vals_list(&t->v, "region_memberships", NO_ARGS, &t->memberships));
  t->verified = val_map(t->v.arena);
  Val *rows;
  TRY(vals_list(&t->v, "region_verified", NO_ARGS, &rows));
  for (size_t i = 0; t->verified && i < rows->as.list.count; i++)
    val_set(t->v.arena, t->verified, vals_text(rows->as.list.items[i], "code").ptr,
            (Val *)(uintptr_t)val_get(rows->as.list.items[i], S("verified")));
  return t->verified ? ERR_OK : vals_no_memory(&t->v);
}

/* All regions of a kind on the day, with what lies in them. */
static Err add_kind(const Tree *t, RegionKind kind, Val *list) {
  for (size_t i = 0; i < region_count(t->map); i++) {
    const Region *region = region_at(t->map, i);
    if (region->kind != kind || !region_exists_on(region, t->day)) continue;
    Val *node = node_of(t, region);
    if (!node) return vals_no_memory(&t->v);
    TRY(add_children(t, node, region, DEPTH_MAX));
    val_push(t->v.arena, list, node);
  }
  return ERR_OK;
}

static int64_t count_kind(const Tree *t, RegionKind kind) {
  int64_t count = 0;
  for (size_t i = 0; i < region_count(t->map); i++)
    count += region_at(t->map, i)->kind == kind && region_exists_on(region_at(t->map, i), t->day);
  return count;
}

Err region_tree(Store *store, int year, Arena *arena, Val **out, ErrInfo *info) {
  static const RegionKind others[] = {REGION_COROP, REGION_LABOUR_MARKET, REGION_RPA, REGION_RMC};
  Tree t = {.v = {store, arena, info}};
  Val *span, *counts, *list;
  TRY(tree_load(&t, year));
  TRY(vals_one(&t.v, "region_years", NO_ARGS, &span));
  *out = val_map(arena);
  if (!*out || !span) return vals_no_memory(&t.v);
  val_set_int(arena, *out, "year", year);
  val_set(arena, *out, "first_year", (Val *)(uintptr_t)val_get(span, S("first_year")));
  val_set(arena, *out, "last_year", (Val *)(uintptr_t)val_get(span, S("last_year")));
  list = val_set_list(arena, *out, "roots");
  if (!list) return vals_no_memory(&t.v);
  TRY(add_kind(&t, REGION_LANDSDEEL, list));
  list = val_set_list(arena, *out, "groupings");
  for (size_t k = 0; list && k < sizeof others / sizeof *others; k++) {
    Val *grouping = val_push_map(arena, list), *regions = grouping ? val_list(arena) : NULL;
    if (!regions) return vals_no_memory(&t.v);
    TRY(add_kind(&t, others[k], regions));
    val_set_str(arena, grouping, "kind", str_from(region_kind_name(others[k])));
    val_set(arena, grouping, "regions", regions);
  }
  counts = val_set_map(arena, *out, "counts");
  if (!list || !counts) return vals_no_memory(&t.v);
  val_set_int(arena, counts, "municipalities", count_kind(&t, REGION_MUNICIPALITY));
  val_set_int(arena, counts, "provinces", count_kind(&t, REGION_PROVINCE));
  return vals_done(&t.v);
}

static Err set_now(const Tree *t, const Region *region, Val *out) {
  RegionShare *shares;
  size_t count;
  Val *list = val_set_list(t->v.arena, out, "now");
  if (!list || region_on(t->map, region, t->day, t->v.arena, &shares, &count) != ERR_OK) return vals_no_memory(&t->v);
  for (size_t i = 0; i < count; i++) {
    Val *one = val_push_map(t->v.arena, list);
    if (!one) return vals_no_memory(&t->v);
    val_set_str(t->v.arena, one, "code", shares[i].region->code);
    val_set_str(t->v.arena, one, "label", shares[i].region->name);
    val_set_double(t->v.arena, one, "weight", shares[i].weight);
    val_set_bool(t->v.arena, one, "estimated", shares[i].estimated);
  }
  return ERR_OK;
}

/* Direct members of any kind, so that a COROP region shows up in its province too. */
static Err set_contains(const Tree *t, const Region *region, Val *out) {
  Val *list = val_set_list(t->v.arena, out, "contains");
  for (size_t i = 0; list && i < t->memberships->as.list.count; i++) {
    const Val *m = t->memberships->as.list.items[i];
    const Region *child = region_find(t->map, vals_text(m, "region"));
    if (!child || !str_eq(vals_text(m, "part_of"), region->code) || !holds(m, t->day) || !region_exists_on(child, t->day)) continue;
    Val *node = node_of(t, child);
    if (!node) return vals_no_memory(&t->v);
    val_push(t->v.arena, list, node);
  }
  return list && val_sort(t->v.arena, list, "label") ? ERR_OK : vals_no_memory(&t->v);
}

Err region_detail(Store *store, Str code, int year, Arena *arena, Val **out, ErrInfo *info) {
  Tree t = {.v = {store, arena, info}};
  Val *part;
  TRY(tree_load(&t, year));
  const Region *region = region_find(t.map, code);
  if (!region) return err_set(info, ERR_NOT_FOUND, "there is no region '" STR_FMT "'", STR_ARG(code));
  TRY(vals_one(&t.v, "region_one", ARGS(ARG_STR(code)), out));
  if (!*out) return err_set(info, ERR_NOT_FOUND, "there is no region '" STR_FMT "'", STR_ARG(code));
  val_set_int(arena, *out, "year", year);
  val_set_bool(arena, *out, "exists", region_exists_on(region, t.day));
  TRY(vals_list(&t.v, "region_names", ARGS(ARG_STR(code)), &part));
  val_set(arena, *out, "names", part);
  TRY(vals_list(&t.v, "region_part_of", ARGS(ARG_STR(code)), &part));
  val_set(arena, *out, "part_of", part);
  TRY(vals_list(&t.v, "region_changes", ARGS(ARG_NULL, ARG_STR(code)), &part));
  val_set(arena, *out, "before", part);
  TRY(vals_list(&t.v, "region_changes", ARGS(ARG_STR(code), ARG_NULL), &part));
  val_set(arena, *out, "after", part);
  TRY(vals_list(&t.v, "region_actions", ARGS(ARG_STR(code)), &part));
  val_set(arena, *out, "actions", part);
  TRY(set_contains(&t, region, *out));
  TRY(set_now(&t, region, *out));
  return vals_done(&t.v);
}

Err region_changes(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  return vals_list(&v, "region_changes", ARGS(ARG_NULL, ARG_NULL), out);
}
