/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/context.h"

#include <math.h>

#include "store/vals.h"

/* Figures have six decimals at most: what lies nearer is the same number. */
#define SAME 5e-7

static size_t items(const Val *list) { return list && list->kind == VAL_LIST ? list->as.list.count : 0; }

static double number_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  if (value->kind == VAL_INT) return (double)value->as.integer;
  return value->kind == VAL_DOUBLE ? value->as.number : NAN;
}

static void set_number(Arena *arena, Val *map, const char *key, double value) {
  if (isnan(value)) val_set_null(arena, map, key);
  else val_set_double(arena, map, key, round(value * 1e6) / 1e6);
}

/* From the figure before; figures of different definitions are never compared. */
static void set_changes(Arena *arena, const Val *figures) {
  for (size_t i = 0; i < items(figures); i++) {
    Val *figure = figures->as.list.items[i];
    const Val *before = i ? figures->as.list.items[i - 1] : NULL;
    bool same = before && vals_number(before, "definition") == vals_number(figure, "definition");
    double was = same ? number_of(before, "value") : NAN, change = number_of(figure, "value") - was;
    set_number(arena, figure, "change", change);
    val_set_bool(arena, figure, "compared", !isnan(change));
    set_number(arena, figure, "change_percent", fabs(was) > 0 ? 100 * change / fabs(was) : NAN);
  }
}

/* NAN when a part has no number, or one that lacks something. */
static double sum_of(const Val *parts) {
  double sum = items(parts) ? 0 : NAN;
  for (size_t i = 0; i < items(parts); i++) {
    const Val *part = parts->as.list.items[i];
    sum += val_truth(val_get(part, S("complete"))) ? number_of(part, "value") : NAN;
  }
  return sum;
}

static bool some_number(const Val *parts) {
  for (size_t i = 0; i < items(parts); i++)
    if (!isnan(number_of(parts->as.list.items[i], "value"))) return true;
  return false;
}

static Err add_parts(const Vals *v, Val *indicator, Str region, Str today) {
  const Val *figures = val_get(indicator, S("figures"));
  const Val *newest = items(figures) ? figures->as.list.items[items(figures) - 1] : NULL;
  Val *parts = val_list(v->arena);
  if (newest)
    TRY(vals_list(v, "context_parts",
                  ARGS(ARG_STR(vals_text(indicator, "code")), ARG_STR(region), ARG_STR(today), ARG_STR(vals_text(newest, "period")), ARG_STR(vals_text(newest, "day"))), &parts));
  if (!some_number(parts)) parts = val_list(v->arena);
  bool additive = str_eq(vals_text(indicator, "aggregation"), S("sum"));
  double sum = additive ? sum_of(parts) : NAN, whole = newest ? number_of(newest, "value") : NAN;
  val_set(v->arena, indicator, "parts", parts);
  set_number(v->arena, indicator, "parts_sum", sum);
  val_set_bool(v->arena, indicator, "sum_agrees", fabs(sum - whole) < SAME);
  return ERR_OK;
}

Err context_of_region(Store *store, Str region, Day as_of, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  char day[DAY_TEXT];
  day_format_iso(as_of, day);
  TRY(vals_list(&v, "context_indicators", ARGS(ARG_STR(region)), out));
  for (size_t i = 0; i < items(*out); i++) {
    Val *indicator = (*out)->as.list.items[i], *figures;
    TRY(vals_list(&v, "context_figures", ARGS(ARG_STR(vals_text(indicator, "code")), ARG_STR(region), ARG_STR(str_from(day))), &figures));
    set_changes(arena, figures);
    val_set(arena, indicator, "figures", figures);
    TRY(add_parts(&v, indicator, region, str_from(day)));
  }
  return vals_done(&v);
}

Err context_regions(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  return vals_list(&v, "context_regions", NO_ARGS, out);
}
