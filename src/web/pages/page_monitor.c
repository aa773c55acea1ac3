/* SPDX-License-Identifier: EUPL-1.2 */
/* The monitoring round over all indicators: how they stand, what is asked from whom, where sources disagree. */
#include "chart/chart.h"
#include "monitor/supply.h"
#include "pact/measurement.h"
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
    val_set_str(arena, cell, "region", val_text(val_item(columns, c), "label"));
    if (!region) continue;
    const Val *course = current_course(region);
    val_set_bool(arena, cell, "there", true);
    val_set(arena, cell, "round", val_child(region, "round"));
    measured_figure(arena, val_child(val_child(region, "round"), "newest"));
    if (!course) continue;
    val_set(arena, cell, "used", val_child(course, "used"));
    measured_figure(arena, val_child(course, "used"));
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

/* What is asked from a supplier of an indicator in a region: the first and last period, and how many. */
static void add_asked(Arena *arena, Val *rows, const Val *indicator, const Val *region) {
  static const char *const keys[] = {"due_since", "newest", "age_days", "label", "freshness"};
  const Val *round = val_child(region, "round"), *expected = val_child(round, "expected");
  size_t count = val_count(expected);
  Val *row = val_push_map(arena, rows);
  val_set(arena, row, "region", val_child(region, "region"));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) val_set(arena, row, keys[i], (Val *)(uintptr_t)val_get(round, str_from(keys[i])));
  val_set_str(arena, row, "title", val_text(indicator, "title"));
  val_set(arena, row, "goal", (Val *)(uintptr_t)val_get(indicator, S("goal")));
  val_set_int(arena, row, "count", (int64_t)count);
  if (!count) return;
  const Val *first = val_item(expected, 0);
  val_set_str(arena, row, "first", val_text(first, "period"));
  val_set_str(arena, row, "last", val_text(val_item(expected, count - 1), "period"));
  val_set_str(arena, row, "expected_by", val_text(first, "expected_by"));
  val_set_str(arena, row, "reason", val_text(first, "reason"));
}

static void add_supplier_rows(Arena *arena, Val *supplier, const Val *indicators) {
  Val *rows = val_set_list(arena, supplier, "rows");
  for (size_t i = 0; i < val_count(indicators); i++) {
    const Val *indicator = val_item(indicators, i), *regions = val_child(indicator, "regions");
    if (!supply_is_from(val_text(indicator, "supplier"), val_text(supplier, "label"))) continue;
    for (size_t r = 0; r < val_count(regions); r++) add_asked(arena, rows, indicator, val_item(regions, r));
  }
}

/* Figures that hold now, and how many of them somebody approved. */
static void count_approved(Arena *arena, Val *root, const Val *indicators) {
  int64_t figures = 0, approved = 0;
  for (size_t i = 0; i < val_count(indicators); i++) {
    const Val *regions = val_child(val_item(indicators, i), "regions");
    for (size_t r = 0; r < val_count(regions); r++) {
      const Val *values = val_child(val_item(regions, r), "values");
      for (size_t v = 0; v < val_count(values); v++) {
        if (!val_flag(val_item(values, v), "current")) continue;
        figures++;
        approved += val_flag(val_item(values, v), "approved");
      }
    }
  }
  val_set_int(arena, root, "figures", figures);
  val_set_int(arena, root, "approved", approved);
}

static Err add_supply(Request *req, Val *root, const Val *indicators, Day known_on) {
  Val *suppliers, *disagreements;
  Arena *arena = req_arena(req);
  TRY(supply_suppliers_of(indicators, arena, &suppliers, req_info(req)));
  for (size_t i = 0; i < val_count(suppliers); i++) add_supplier_rows(arena, val_item(suppliers, i), indicators);
  val_set(arena, root, "suppliers", suppliers);
  TRY(measurement_disagreements(req_store(req), known_on, arena, &disagreements, req_info(req)));
  for (size_t i = 0; i < val_count(disagreements); i++) {
    Str goal = val_text(val_item(disagreements, i), "goal");
    const char *path = goal.len ? arena_zstr(arena, arena_printf(arena, "/doelen/" STR_FMT, STR_ARG(goal))) : NULL;
    if (path) val_set_str(arena, val_item(disagreements, i), "goal_href", measured_href(req, path));
  }
  val_set(arena, root, "disagreements", disagreements);
  count_approved(arena, root, indicators);
  return ERR_OK;
}

/* The newest leading figure of a region that holds on the day; NULL when there is none. */
static Val *newest_figure(const Val *region) {
  const Val *values = val_child(region, "values");
  Val *newest = NULL;
  for (size_t i = 0; i < val_count(values); i++) {
    Val *value = val_item(values, i);
    bool holds = val_flag(value, "current") && val_flag(value, "leading");
    if (holds && (!newest || str_cmp(val_text(value, "day"), val_text(newest, "day")) >= 0)) newest = value;
  }
  return newest;
}

/* A figure that belongs to no goal: per region its newest value, and the chart of all of them. */
static void add_context(Request *req, Val *groups, const Val *indicator) {
  Arena *arena = req_arena(req);
  const Val *regions = val_child(indicator, "regions");
  Val *group = val_push_map(arena, groups), *rows = val_set_list(arena, group, "rows");
  val_set_str(arena, group, "title", val_text(indicator, "title"));
  val_set_str(arena, group, "unit", val_text(indicator, "unit"));
  for (size_t r = 0; r < val_count(regions); r++) {
    Val *row = val_push_map(arena, rows), *region = val_item(regions, r), *figure = newest_figure(region);
    Str code = val_text(val_child(region, "region"), "code");
    val_set(arena, row, "region", val_child(region, "region"));
    if (!figure) continue;
    val_set(arena, row, "figure", figure);
    val_set_str(arena, row, "state_label", label_of("figure-state", val_text(figure, "state")));
    const char *path = arena_zstr(arena, arena_printf(arena, "/grafieken/" STR_FMT "/inbedden", STR_ARG(chart_id(CHART_COURSE, val_text(indicator, "code"), code, arena))));
    if (path) val_set_str(arena, row, "chart", measured_href(req, path));
  }
}

/* Indicators that are judged or due are shown in the round; those that measure nothing the pact wants, by themselves. The
 * rest stand at their goals and are counted. */
static void divide(Request *req, Val *root, const Val *indicators, Val *shown) {
  int64_t others = 0;
  Val *context = val_set_list(req_arena(req), root, "context");
  for (size_t i = 0; i < val_count(indicators); i++) {
    Val *indicator = val_item(indicators, i);
    measured_goal_href(req, val_child(indicator, "goal"));
    if (val_flag(indicator, "has_targets") || val_flag(indicator, "expected_month")) val_push(req_arena(req), shown, indicator);
    else if (!val_child(indicator, "goal")) add_context(req, context, indicator);
    else others++;
  }
  val_set_int(req_arena(req), root, "context_count", others);
}

Err page_monitor(Request *req, Response *res) {
  Val *root, *all;
  Arena *arena = req_arena(req);
  IndicatorQuery query = {.as_of = req_as_of(req), .known_on = req_known_on(req)};
  TRY(page_begin(req, "monitor", true, &root));
  TRY(indicator_round(req_store(req), &query, arena, &all, req_info(req)));
  const Val *indicators = val_child(all, "indicators");
  Val *shown = val_set_list(arena, root, "indicators"), *columns = val_set_list(arena, root, "columns");
  divide(req, root, indicators, shown);
  add_columns(arena, shown, columns);
  for (size_t i = 0; i < val_count(shown); i++) {
    add_cells(arena, val_item(shown, i), columns);
    add_newest(arena, val_item(shown, i));
  }
  add_counts(arena, root, shown);
  TRY(add_supply(req, root, indicators, query.known_on));
  measured_set_as_of(req, root);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Monitor"));
  return res_page(req, res, "monitor.html", root);
}

static Err write_list(Request *req, SheetFormat format, const char *path) {
  size_t rows;
  return supply_template(req_store(req), req_str(req, "supplier"), req_as_of(req), format, path, req_arena(req), &rows, req_info(req));
}

Err file_supply_csv(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_CSV, "gevraagde-cijfers", write_list); }
Err file_supply_xlsx(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_XLSX, "gevraagde-cijfers", write_list); }
Err file_supply_ods(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_ODS, "gevraagde-cijfers", write_list); }
