/* SPDX-License-Identifier: EUPL-1.2 */
/* The monitoring round over all indicators, and the sources. */
#include "pact/pact.h"
#include "pact/round.h"
#include "web/pages/measured.h"
#include "web/pages/pages.h"

/* The current edition's course in a region; NULL where no target holds for it. */
static const Val *current_course(const Val *region) {
  const Val *courses = val_child(region, "courses"), *found = NULL;
  for (size_t i = 0; i < val_count(courses); i++)
    if (val_flag(val_item(courses, i), "is_current")) found = val_item(courses, i);
  return found;
}

static Val *region_of(const Val *indicator, Str code) {
  const Val *regions = val_child(indicator, "regions");
  for (size_t i = 0; i < val_count(regions); i++)
    if (str_eq(val_text(val_child(val_item(regions, i), "region"), "code"), code)) return val_item(regions, i);
  return NULL;
}

/* The North and its provinces as the indicators name them, each once. */
static void add_columns(Arena *arena, const Val *indicators, Val *columns) {
  for (size_t i = 0; i < val_count(indicators); i++) {
    const Val *regions = val_child(val_item(indicators, i), "regions");
    for (size_t r = 0; r < val_count(regions); r++) {
      Val *region = val_item(regions, r), *reference = val_child(region, "region");
      bool there = !str_eq(val_text(region, "kind"), S("landsdeel")) && !str_eq(val_text(region, "kind"), S("province"));
      for (size_t c = 0; c < val_count(columns); c++)
        there |= str_eq(val_text(val_item(columns, c), "code"), val_text(reference, "code"));
      if (!there) val_push(arena, columns, reference);
    }
  }
}

static void add_cells(Arena *arena, Val *indicator, const Val *columns) {
  Val *cells = val_set_list(arena, indicator, "cells");
  for (size_t c = 0; c < val_count(columns); c++) {
    Val *cell = val_push_map(arena, cells), *region = region_of(indicator, val_text(val_item(columns, c), "code"));
    if (!region) continue;
    const Val *course = current_course(region);
    val_set_bool(arena, cell, "there", true);
    val_set(arena, cell, "round", val_child(region, "round"));
    if (!course) continue;
    val_set_str(arena, cell, "course", val_text(course, "course"));
    val_set_str(arena, cell, "label", val_text(course, "label"));
    val_set_str(arena, cell, "reason_text", val_text(course, "reason_text"));
  }
}

/* The newest figure of all its regions: what is late is told of all of them too. */
static void add_newest(Arena *arena, Val *indicator) {
  const Val *regions = val_child(indicator, "regions");
  for (size_t r = 0; r < val_count(regions); r++) {
    const Val *round = val_child(val_item(regions, r), "round");
    Val *newest = val_child(round, "newest"), *before = val_child(indicator, "newest");
    if (!newest || (before && str_cmp(val_text(newest, "day"), val_text(before, "day")) <= 0)) continue;
    val_set_int(arena, newest, "age_days", val_number(round, "age_days"));
    val_set(arena, indicator, "newest", newest);
  }
}

static void add_counts(Arena *arena, Val *root, const Val *shown) {
  Val *counts = val_set_list(arena, root, "counts");
  for (int f = 0; f < FRESH_COUNT; f++) {
    int64_t count = 0;
    for (size_t i = 0; i < val_count(shown); i++)
      count += str_eq(val_text(val_item(shown, i), "freshness"), str_from(freshness_code((Freshness)f)));
    Val *item = val_push_map(arena, counts);
    val_set_str(arena, item, "label", str_from(freshness_label((Freshness)f)));
    val_set_int(arena, item, "count", count);
  }
}

Err page_monitor(Request *req, Response *res) {
  Val *root, *all;
  Arena *arena = req_arena(req);
  IndicatorQuery query = {.as_of = measured_as_of(req)};
  TRY(page_begin(req, "monitor", true, &root));
  TRY(indicator_round(req_store(req), &query, arena, &all, req_info(req)));
  const Val *indicators = val_child(all, "indicators");
  Val *shown = val_set_list(arena, root, "indicators"), *columns = val_set_list(arena, root, "columns");
  for (size_t i = 0; i < val_count(indicators); i++) {
    const Val *indicator = val_item(indicators, i);
    if (val_flag(indicator, "has_targets") || val_flag(indicator, "expected_month")) val_push(arena, shown, val_item(indicators, i));
  }
  add_columns(arena, shown, columns);
  for (size_t i = 0; i < val_count(shown); i++) {
    add_cells(arena, val_item(shown, i), columns);
    add_newest(arena, val_item(shown, i));
  }
  add_counts(arena, root, shown);
  val_set_int(arena, root, "context_count", (int64_t)(val_count(indicators) - val_count(shown)));
  val_set_str(arena, root, "as_of", val_text(all, "as_of"));
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Monitor"));
  return res_page(req, res, "monitor.html", root);
}

Err page_sources(Request *req, Response *res) {
  Val *root, *sources;
  TRY(page_begin(req, "sources", true, &root));
  TRY(pact_sources(req_store(req), req_arena(req), &sources, req_info(req)));
  TRY(pact_source_tables(req_store(req), req_arena(req), sources, req_info(req)));
  val_set(req_arena(req), root, "sources", sources);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Bronnen"));
  return res_page(req, res, "sources.html", root);
}
