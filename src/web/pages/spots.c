/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/pages/spots.h"

#include "places/region.h"
#include "web/pages/pages.h"

static Err count_reach(Request *req, Str goal, Str reach, Str local, size_t *count) {
  ActionQuery query;
  action_query_init(&query);
  TRY(action_query_add(&query, ACTION_DIM_GOAL, goal, req_info(req)));
  TRY(action_query_add(&query, ACTION_DIM_REACH, reach, req_info(req)));
  if (local.len) TRY(action_query_add(&query, ACTION_DIM_REACH, local, req_info(req)));
  return action_count(req_index(req), &query, count, req_info(req));
}

/* The actions for the whole of each landsdeel: they cover its provinces without being their own. */
static Err count_north(Request *req, const RegionMap *map, Str goal, size_t *north) {
  *north = 0;
  for (size_t i = 0; i < region_count(map); i++) {
    size_t count;
    const Region *region = region_at(map, i);
    if (region->kind != REGION_LANDSDEEL) continue;
    TRY(count_reach(req, goal, region->code, STR_NONE, &count));
    *north += count;
  }
  return ERR_OK;
}

static Err spots_of_goal(Request *req, const RegionMap *map, const Val *goal, Val *list) {
  Arena *arena = req_arena(req);
  Str code = val_text(goal, "code");
  size_t north, own;
  TRY(count_north(req, map, code, &north));
  for (size_t i = 0; i < region_count(map); i++) {
    const Region *region = region_at(map, i);
    if (region->kind != REGION_PROVINCE) continue;
    Str local = arena_printf(arena, STR_FMT "-local", STR_ARG(region->code));
    TRY(count_reach(req, code, region->code, local, &own));
    if (own) continue;
    Val *spot = val_push_map(arena, list);
    val_set_str(arena, spot, "goal", code);
    val_set_str(arena, spot, "goal_label", val_text(goal, "title"));
    val_set_str(arena, spot, "region", region->code);
    val_set_str(arena, spot, "region_label", region->name);
    val_set_int(arena, spot, "north", (int64_t)north);
  }
  return ERR_OK;
}

Err white_spots(Request *req, const Val *goals, Val **out) {
  RegionMap *map;
  Arena *arena = req_arena(req);
  *out = val_list(arena);
  TRY(region_map_load(req_store(req), arena, &map, req_info(req)));
  for (size_t i = 0; i < val_count(goals); i++) TRY(spots_of_goal(req, map, val_item(goals, i), *out));
  return ERR_OK;
}
