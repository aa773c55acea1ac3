/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/measurement.h"

#include <math.h>

#include "store/vals.h"

Err measurement_page(Store *store, const IndicatorQuery *query, int64_t limit, int64_t offset, Arena *arena, Val **out, int64_t *total,
                     ErrInfo *info) {
  Vals vals = {store, arena, info};
  char day[DAY_TEXT], known_on[DAY_TEXT];
  day_format_iso(query->as_of, day);
  day_format_iso(course_known_on(query->as_of, query->known_on), known_on);
  TRY(vals_int(&vals, "measurement_count", ARGS(ARG_STR(query->goal), ARG_STR(query->code), ARG_STR(query->region)), total));
  return vals_list(&vals, "measurement_page",
                   ARGS(ARG_STR(query->goal), ARG_STR(query->code), ARG_STR(query->region), ARG_STR(str_from(known_on)), ARG_INT(limit), ARG_INT(offset),
                        ARG_STR(str_from(day))), out);
}

static double number_of(const Val *map, const char *key) {
  const Val *value = val_get(map, str_from(key));
  if (value->kind == VAL_INT) return (double)value->as.integer;
  return value->kind == VAL_DOUBLE ? value->as.number : NAN;
}

static void set_reference(Arena *arena, Val *map, const char *key, Str code, Str label) {
  Val *reference = val_set_map(arena, map, key);
  val_set_str(arena, reference, "code", code);
  val_set_str(arena, reference, "label", label);
}

/* Whether a row is about the same figure as the entry. */
static bool belongs(const Val *entry, const Val *row) {
  return entry && str_eq(vals_text(val_get(entry, S("indicator")), "code"), vals_text(row, "indicator")) &&
         str_eq(vals_text(val_get(entry, S("region")), "code"), vals_text(row, "region")) &&
         str_eq(vals_text(entry, "period"), vals_text(row, "period")) && vals_number(entry, "definition") == vals_number(row, "definition");
}

static Val *begin_entry(Arena *arena, Val *list, const Val *row) {
  Val *entry = val_push_map(arena, list);
  set_reference(arena, entry, "indicator", vals_text(row, "indicator"), vals_text(row, "title"));
  set_reference(arena, entry, "region", vals_text(row, "region"), vals_text(row, "region_name"));
  static const char *const keys[] = {"goal", "unit", "period"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) val_set_str(arena, entry, keys[i], vals_text(row, keys[i]));
  val_set_int(arena, entry, "definition", vals_number(row, "definition"));
  val_set_null(arena, entry, "leading_reason");
  val_set_list(arena, entry, "figures");
  return entry;
}

/* Six decimals, as the figures themselves have at most: a difference of decimal numbers is not one in binary. */
static void set_number(Arena *arena, Val *map, const char *key, double value) {
  if (isnan(value)) val_set_null(arena, map, key);
  else val_set_double(arena, map, key, round(value * 1e6) / 1e6);
}

/* The first figure of an entry leads, when any does. */
static void add_figure(Arena *arena, Val *entry, const Val *row) {
  const Val *figures = val_get(entry, S("figures"));
  const Val *first = figures->as.list.count ? figures->as.list.items[0] : NULL;
  double value = number_of(row, "value"), leading = first && val_truth(val_get(first, S("leading"))) ? number_of(first, "value") : NAN;
  Val *item = val_push_map(arena, (Val *)(uintptr_t)figures);
  val_set_double(arena, item, "value", value);
  val_set_bool(arena, item, "leading", val_truth(val_get(row, S("leading"))));
  val_set_str(arena, item, "quality", vals_text(row, "quality"));
  val_set_str(arena, item, "known_from", vals_text(row, "known_from"));
  set_reference(arena, item, "source", vals_text(row, "source"), vals_text(row, "source_title"));
  val_set_str(arena, (Val *)(uintptr_t)val_get(item, S("source")), "section", vals_text(row, "source_section"));
  set_number(arena, item, "difference", value - leading);
  set_number(arena, item, "percent", fabs(leading) > 0 ? 100 * (value - leading) / fabs(leading) : NAN);
  if (!first && val_truth(val_get(row, S("leading")))) val_set_str(arena, entry, "leading_reason", vals_text(row, "leading_reason"));
}

static void set_spread(Arena *arena, Val *entry) {
  const Val *figures = val_get(entry, S("figures"));
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < figures->as.list.count; i++) {
    low = fmin(low, number_of(figures->as.list.items[i], "value"));
    high = fmax(high, number_of(figures->as.list.items[i], "value"));
  }
  set_number(arena, entry, "spread", high - low);
}

Err measurement_disagreements(Store *store, Day as_of, Arena *arena, Val **out, ErrInfo *info) {
  Vals vals = {store, arena, info};
  Val *rows, *list = *out = val_list(arena), *entry = NULL;
  char day[DAY_TEXT];
  day_format_iso(as_of, day);
  TRY(vals_list(&vals, "measurement_disagreements", ARGS(ARG_STR(str_from(day))), &rows));
  for (size_t i = 0; i < rows->as.list.count; i++) {
    if (!belongs(entry, rows->as.list.items[i])) entry = begin_entry(arena, list, rows->as.list.items[i]);
    add_figure(arena, entry, rows->as.list.items[i]);
    set_spread(arena, entry);
  }
  return vals_done(&vals);
}
