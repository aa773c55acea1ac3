/* SPDX-License-Identifier: EUPL-1.2 */
/* Regions, what lies in them and how they changed. */
#include "chart/chart.h"
#include "pact/context.h"
#include "places/region.h"
#include "web/pages/pages.h"
#include "web/pages/placed.h"

#define ACTIONS_SHOWN 8

/* Gives every node of a tree of regions the number of actions that reach it, from the counts of the filter. */
static void add_counts(Arena *arena, Val *nodes, const ActionFacet *facet) {
  for (size_t i = 0; i < val_count(nodes); i++) {
    Val *node = val_item(nodes, i);
    Str code = val_text(node, "code");
    for (size_t v = 0; v < facet->count; v++)
      if (str_eq(facet->values[v].code, code)) val_set_int(arena, node, "actions", (int64_t)facet->values[v].count);
    add_counts(arena, val_child(node, "children"), facet);
  }
}

/* The year asked for, else this one. */
static int year_of(const Request *req) {
  if (req_has(req, "year")) return (int)req_int(req, "year");
  return day_year(req_today(req));
}

Err page_regions(Request *req, Response *res) {
  Val *root, *tree;
  ActionQuery query;
  ActionResult found;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "regions", true, &root));
  TRY(region_tree(req_store(req), year_of(req), arena, &tree, req_info(req)));
  action_query_init(&query);
  query.page_size = 1;
  if (req_has(req, "year")) query.year = year_of(req);
  TRY(action_search(req_index(req), &query, arena, &found, req_info(req)));
  Val *groupings = val_child(tree, "groupings");
  add_counts(arena, val_child(tree, "roots"), &found.facets[ACTION_DIM_REGION]);
  for (size_t i = 0; i < val_count(groupings); i++) {
    Val *grouping = val_item(groupings, i);
    val_set_str(arena, grouping, "label", label_of("kinds", val_text(grouping, "kind")));
    add_counts(arena, val_child(grouping, "regions"), &found.facets[ACTION_DIM_REGION]);
  }
  val_set(arena, root, "tree", tree);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Regio’s"));
  return res_page(req, res, "regions.html", root);
}

/* What is counted in the region without belonging to a goal, with the charts of what has a number; where there is nothing,
 * the regions that do have figures. */
static Err add_context(Request *req, Val *root, Str region) {
  Val *context, *elsewhere;
  Arena *arena = req_arena(req);
  TRY(context_of_region(req_store(req), region, req_today(req), arena, &context, req_info(req)));
  for (size_t i = 0; i < val_count(context); i++) {
    Val *indicator = val_item(context, i), *figures = val_child(indicator, "figures");
    label_each(arena, figures, "quality", "quality", "quality_label");
    label_each(arena, figures, "figure-state", "state", "state_label");
    if (!val_count(figures)) continue;
    Str id = chart_id(CHART_COURSE, val_text(indicator, "code"), region, arena);
    const char *path = arena_zstr(arena, arena_printf(arena, "/grafieken/" STR_FMT, STR_ARG(id)));
    if (!path || !val_flag(indicator, "to_measure")) continue;
    val_set_str(arena, indicator, "chart", page_href(req, arena_printf(arena, "%s/inbedden", path).ptr, STR_NONE));
    val_set_str(arena, indicator, "csv", page_href(req, arena_printf(arena, "%s.csv", path).ptr, STR_NONE));
  }
  val_set(arena, root, "context", context);
  if (val_count(context)) return ERR_OK;
  TRY(context_regions(req_store(req), arena, &elsewhere, req_info(req)));
  val_set(arena, root, "context_elsewhere", elsewhere);
  return ERR_OK;
}

Err page_region(Request *req, Response *res) {
  Val *root, *region;
  Arena *arena = req_arena(req);
  Str code = req_str(req, "region");
  TRY(region_detail(req_store(req), code, year_of(req), arena, &region, req_info(req)));
  TRY(page_begin(req, "regions", false, &root));
  val_set_str(arena, root, "kind_label", label_of("kind", val_text(region, "kind")));
  label_each(arena, val_child(region, "part_of"), "kind", "kind", "kind_label");
  label_each(arena, val_child(region, "before"), "change", "kind", "kind_label");
  label_each(arena, val_child(region, "after"), "change", "kind", "kind_label");
  if (!val_flag(region, "exists")) val_set(arena, root, "now", val_child(region, "now"));
  val_set(arena, root, "region", region);
  Err err = page_actions_of(req, root, ACTION_DIM_REGION, code, ACTIONS_SHOWN);
  if (err == ERR_USAGE) {
    /* the filter knows the regions of the latest division; an older one has the actions that name it */
    err_reset(req_info(req));
    val_set_int(arena, root, "action_total", (int64_t)val_count(val_child(region, "actions")));
  } else if (err != ERR_OK) {
    return err;
  } else {
    val_set_str(arena, root, "all_href", page_href(req, "/acties", arena_printf(arena, "region=" STR_FMT, STR_ARG(code))));
  }
  TRY(add_context(req, root, code));
  /* the country would show what lies in the pact's regions as if it were all there is */
  if (!str_eq(val_text(region, "kind"), S("country")))
    TRY(page_places_of(req, root, code, req_has(req, "year") ? day_from_civil(year_of(req), 1, 1) : req_today(req)));
  page_crumb(req, root, "/regios", view_tr(req_lang(req), "Regio’s"));
  page_crumb(req, root, NULL, val_text(region, "name"));
  return res_page(req, res, "region.html", root);
}
