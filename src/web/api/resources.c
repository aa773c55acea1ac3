/* SPDX-License-Identifier: EUPL-1.2 */
/* The resources of the read API that come from the store. Each is a domain function and a schema. */
#include <string.h>

#include "action/white.h"
#include "pact/framework.h"
#include "pact/goal.h"
#include "pact/indicator.h"
#include "pact/organisation.h"
#include "pact/pact.h"
#include "places/region.h"
#include "web/api/api.h"

Err api_get_pact(Request *req, Response *res);
Err api_list_editions(Request *req, Response *res);
Err api_list_lines(Request *req, Response *res);
Err api_list_goals(Request *req, Response *res);
Err api_get_goal(Request *req, Response *res);
Err api_list_frameworks(Request *req, Response *res);
Err api_get_framework(Request *req, Response *res);
Err api_list_organisations(Request *req, Response *res);
Err api_get_organisation(Request *req, Response *res);
Err api_list_regions(Request *req, Response *res);
Err api_get_region(Request *req, Response *res);
Err api_list_sources(Request *req, Response *res);
Err api_list_assumptions(Request *req, Response *res);

Err api_get_pact(Request *req, Response *res) {
  Val *pact;
  TRY(pact_overview(req_store(req), req_arena(req), &pact, req_info(req)));
  return api_item(req, res, SCHEMA_Pact, pact);
}

Err api_list_editions(Request *req, Response *res) {
  Val *pact;
  TRY(pact_overview(req_store(req), req_arena(req), &pact, req_info(req)));
  return api_list(req, res, SCHEMA_Edition, val_get(pact, S("editions")));
}

Err api_list_lines(Request *req, Response *res) {
  Val *pact;
  TRY(pact_overview(req_store(req), req_arena(req), &pact, req_info(req)));
  return api_list(req, res, SCHEMA_ActionLine, val_get(pact, S("lines")));
}

/* Where goals stand as of the day asked about. */
static Err mark_goals(Request *req, Val *goals) {
  Val *courses;
  TRY(indicator_goal_courses(req_store(req), req_as_of(req), req_known_on(req), req_arena(req), &courses, req_info(req)));
  indicator_mark_goals(courses, goals, req_arena(req));
  return ERR_OK;
}

Err api_list_goals(Request *req, Response *res) {
  Val *goals;
  TRY(goal_list(req_store(req), req_arena(req), &goals, req_info(req)));
  action_count_goals(req_index(req), goals, req_arena(req));
  TRY(mark_goals(req, goals));
  return api_list(req, res, SCHEMA_Goal, goals);
}

Err api_get_goal(Request *req, Response *res) {
  Val *goal;
  TRY(goal_detail(req_store(req), req_str(req, "goal"), req_arena(req), &goal, req_info(req)));
  action_count_goals(req_index(req), goal, req_arena(req));
  Val *only = val_list(req_arena(req));
  val_push(req_arena(req), only, goal);
  TRY(mark_goals(req, only));
  return api_item(req, res, SCHEMA_GoalDetail, goal);
}

Err api_list_frameworks(Request *req, Response *res) {
  Val *frameworks;
  TRY(framework_list(req_store(req), req_arena(req), &frameworks, req_info(req)));
  return api_list(req, res, SCHEMA_Framework, frameworks);
}

Err api_get_framework(Request *req, Response *res) {
  Val *framework;
  TRY(framework_detail(req_store(req), req_str(req, "framework"), req_arena(req), &framework, req_info(req)));
  return api_item(req, res, SCHEMA_FrameworkDetail, framework);
}

Err api_list_organisations(Request *req, Response *res) {
  Val *organisations;
  TRY(organisation_list(req_store(req), req_arena(req), &organisations, req_info(req)));
  return api_list(req, res, SCHEMA_Organisation, organisations);
}

Err api_get_organisation(Request *req, Response *res) {
  Val *organisation;
  TRY(organisation_detail(req_store(req), req_str(req, "organisation"), req_arena(req), &organisation, req_info(req)));
  return api_item(req, res, SCHEMA_OrganisationDetail, organisation);
}

static void set_day(Arena *arena, Val *map, const char *key, Day day) {
  char text[DAY_TEXT];
  day_format_iso(day, text);
  val_set_str(arena, map, key, text[0] ? arena_cstr(arena, text) : STR_NONE);
}

static bool wanted(Request *req, const Region *region) {
  if (req_has(req, "kind") && !str_eq(req_str(req, "kind"), str_from(region_kind_name(region->kind)))) return false;
  return !req_has(req, "year") || region_exists_on(region, day_from_civil((int)req_int(req, "year"), 1, 1));
}

Err api_list_regions(Request *req, Response *res) {
  Arena *arena = req_arena(req);
  RegionMap *map;
  Val *list = val_list(arena);
  TRY(region_map_load(req_store(req), arena, &map, req_info(req)));
  for (size_t i = 0; i < region_count(map); i++) {
    const Region *region = region_at(map, i);
    if (!wanted(req, region)) continue;
    Val *item = val_push_map(arena, list);
    val_set_str(arena, item, "code", region->code);
    val_set_str(arena, item, "label", region->name);
    val_set_str(arena, item, "kind", str_from(region_kind_name(region->kind)));
    set_day(arena, item, "valid_from", region->valid_from);
    set_day(arena, item, "valid_to", region->valid_to);
  }
  return api_list(req, res, SCHEMA_Region, list);
}

Err api_get_region(Request *req, Response *res) {
  int year = req_has(req, "year") ? (int)req_int(req, "year") : day_year(req_today(req));
  Val *region;
  TRY(region_detail(req_store(req), req_str(req, "region"), year, req_arena(req), &region, req_info(req)));
  return api_item(req, res, SCHEMA_RegionDetail, region);
}

Err api_list_sources(Request *req, Response *res) {
  Val *sources;
  TRY(pact_sources(req_store(req), req_arena(req), &sources, req_info(req)));
  return api_list(req, res, SCHEMA_Source, sources);
}

Err api_list_assumptions(Request *req, Response *res) {
  Val *assumptions;
  TRY(pact_assumptions(req_store(req), req_str(req, "resource"), STR_NONE, req_arena(req), &assumptions, req_info(req)));
  return api_list(req, res, SCHEMA_Assumption, assumptions);
}
