/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/round.h"

#include <stdio.h>

static const char *const codes[] = {
#define FRESHNESS(NAME, code, label) code,
#include "pact/freshness.def"
#undef FRESHNESS
};
static const char *const labels[] = {
#define FRESHNESS(NAME, code, label) label,
#include "pact/freshness.def"
#undef FRESHNESS
};

const char *freshness_code(Freshness freshness) { return codes[freshness]; }
const char *freshness_label(Freshness freshness) { return labels[freshness]; }

static Day last_of_month(int year, int month) {
  Day next = month == 12 ? day_from_civil(year + 1, 1, 1) : day_from_civil(year, month + 1, 1);
  return next == DAY_NONE ? DAY_NONE : next - 1;
}

Day round_expected_by(Day end, int month) {
  int year, m, d;
  day_to_civil(end, &year, &m, &d);
  Day by = last_of_month(year, month);
  return by != DAY_NONE && by > end ? by : last_of_month(year + 1, month);
}

Day round_next_end(Day end, PeriodKind kind) {
  int year, month, day;
  day_to_civil(end, &year, &month, &day);
  if (kind == PERIOD_QUARTER) return month > 9 ? last_of_month(year + 1, month - 9) : last_of_month(year, month + 3);
  Day next = day_from_civil(year + 1, month, day);
  return next == DAY_NONE ? last_of_month(year + 1, month) : next;  /* 29 February */
}

void round_period(Day end, PeriodKind kind, char out[PERIOD_TEXT]) {
  int year, month, day;
  day_to_civil(end, &year, &month, &day);
  unsigned y = (unsigned)year % 10000;
  if (kind == PERIOD_SCHOOL_YEAR) snprintf(out, PERIOD_TEXT, "%u/%02u", y - 1, y % 100);
  else if (kind == PERIOD_QUARTER) snprintf(out, PERIOD_TEXT, "%uQ%u", y, (unsigned)(month + 2) / 3 % 10);
  else if (kind == PERIOD_CALENDAR_YEAR) snprintf(out, PERIOD_TEXT, "%u", y);
  else day_format_iso(end, out);
}

typedef struct RoundWork {
  Arena *arena;
  Day as_of;
  int pact_year;  /* 0: not known */
  int month;      /* 0: none agreed */
} RoundWork;

static Str text_of(const Val *map, Str key) {
  const Val *value = val_get(map, key);
  return value->kind == VAL_STR ? value->as.text : STR_NONE;
}

/* The list or map itself, to add to: the values are ours, made a moment ago. */
static Val *own(const Val *map, Str key) { return (Val *)(uintptr_t)val_get(map, key); }

static size_t count_of(const Val *list) { return list->kind == VAL_LIST ? list->as.list.count : 0; }

static PeriodKind kind_of(Str name) {
  static const char *const names[] = {"calendar_year", "school_year", "quarter", "reference_date"};
  for (int i = 0; i < 4; i++)
    if (str_eq(name, str_from(names[i]))) return (PeriodKind)i;
  return PERIOD_CALENDAR_YEAR;
}

/* The newest number that was known on the day; NULL when there was none. */
static const Val *newest_of(const RoundWork *w, const Val *region, Day *day) {
  const Val *values = val_get(region, S("values")), *found = NULL;
  for (size_t i = 0; i < count_of(values); i++) {
    const Val *value = values->as.list.items[i];
    Str state = text_of(value, S("state"));
    Day here;
    if (!val_truth(val_get(value, S("current"))) || !val_truth(val_get(value, S("leading")))) continue;
    if (!str_eq(state, S("value")) && !str_eq(state, S("suppressed"))) continue;
    if (!day_parse_iso(text_of(value, S("day")), &here) || here > w->as_of || (found && here < *day)) continue;
    found = value;
    *day = here;
  }
  return found;
}

static void set_day(Arena *arena, Val *map, const char *key, Day day) {
  char text[DAY_TEXT];
  day_format_iso(day, text);
  val_set_str(arena, map, key, arena_cstr(arena, text));
}

/* Sets what is due, given the end of the first period without a figure; returns whether anything is. */
static bool set_due(const RoundWork *w, Val *round, Day end, PeriodKind kind, bool named) {
  Day by = round_expected_by(end, w->month);
  int64_t count = 0;
  if (by == DAY_NONE || by >= w->as_of) return false;
  set_day(w->arena, round, "due_since", by + 1);
  char period[PERIOD_TEXT];
  round_period(end, kind, period);
  if (named) val_set_str(w->arena, round, "due_period", arena_cstr(w->arena, period));
  for (; by != DAY_NONE && by < w->as_of; by = round_expected_by(end, w->month)) {
    count++;
    end = round_next_end(end, kind);
  }
  val_set_int(w->arena, round, "due_count", count);
  return true;
}

static Freshness look_at_region(const RoundWork *w, Val *region) {
  Val *round = val_set_map(w->arena, region, "round");
  Day day = DAY_NONE;
  const Val *newest = newest_of(w, region, &day);
  static const char *const absent[] = {"newest", "age_days", "due_period", "due_since"};
  for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) val_set_null(w->arena, round, absent[i]);
  val_set_int(w->arena, round, "due_count", 0);
  Freshness freshness = FRESH_NOT_ARRANGED;
  if (newest) {
    PeriodKind kind = kind_of(text_of(newest, S("period_kind")));
    Val *item = val_set_map(w->arena, round, "newest");
    val_set_str(w->arena, item, "period", text_of(newest, S("period")));
    val_set_str(w->arena, item, "day", text_of(newest, S("day")));
    val_set_int(w->arena, round, "age_days", w->as_of - day);
    if (w->month) freshness = set_due(w, round, round_next_end(day, kind), kind, true) ? FRESH_OVERDUE : FRESH_FRESH;
  } else if (w->month) {
    freshness = FRESH_NEVER;
    if (w->pact_year) set_due(w, round, day_from_civil(w->pact_year, 12, 31), PERIOD_CALENDAR_YEAR, false);
  }
  val_set_str(w->arena, round, "freshness", str_from(codes[freshness]));
  val_set_str(w->arena, round, "label", str_from(labels[freshness]));
  return freshness;
}

static void look_at(RoundWork *w, Val *indicator) {
  const Val *month = val_get(indicator, S("expected_month")), *regions = val_get(indicator, S("regions"));
  w->month = month->kind == VAL_INT ? (int)month->as.integer : 0;
  Freshness worst = count_of(regions) ? FRESH_FRESH : FRESH_NOT_ARRANGED;
  for (size_t i = 0; i < count_of(regions); i++) {
    Freshness here = look_at_region(w, regions->as.list.items[i]);
    if (here < worst) worst = here;
  }
  val_set_str(w->arena, indicator, "freshness", str_from(codes[worst]));
  val_set_str(w->arena, indicator, "freshness_label", str_from(labels[worst]));
}

static Err pact_year(Store *store, int *year, ErrInfo *info) {
  Rows *rows;
  bool more = false;
  Day start;
  TRY(store_query(store, "pact_period", NO_ARGS, &rows, info));
  Err err = rows_next(rows, &more, info);
  *year = err == ERR_OK && more && day_parse_iso(rows_str(rows, 0), &start) ? day_year(start) : 0;
  rows_close(rows);
  return err;
}

Err indicator_round(Store *store, const IndicatorQuery *query, Arena *arena, Val **out, ErrInfo *info) {
  RoundWork w = {.arena = arena, .as_of = query->as_of};
  TRY(indicator_list(store, query, arena, out, info));
  TRY(pact_year(store, &w.pact_year, info));
  Val *indicators = own(*out, S("indicators"));
  for (size_t i = 0; i < count_of(indicators); i++) look_at(&w, indicators->as.list.items[i]);
  return ERR_OK;
}
