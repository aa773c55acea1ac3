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

static const char *const kind_names[] = {"calendar_year", "school_year", "quarter", "reference_date"};

PeriodKind round_period_kind(Str name) {
  for (int i = 0; i < 4; i++)
    if (str_eq(name, str_from(kind_names[i]))) return (PeriodKind)i;
  return PERIOD_CALENDAR_YEAR;
}

const char *round_period_kind_name(PeriodKind kind) { return kind_names[kind]; }

Day round_first_end(int pact_year, PeriodKind kind) {
  if (!pact_year) return DAY_NONE;
  if (kind == PERIOD_SCHOOL_YEAR) return day_from_civil(pact_year + 1, 7, 31);
  return kind == PERIOD_QUARTER ? last_of_month(pact_year, 3) : day_from_civil(pact_year, 12, 31);
}

static bool digits(Str text, size_t from, size_t to, int *value) {
  *value = 0;
  if (to > text.len || from >= to) return false;
  for (size_t i = from; i < to; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    *value = *value * 10 + (text.ptr[i] - '0');
  }
  return true;
}

bool round_parse_period(Str text, PeriodKind *kind, Day *end) {
  int year, other;
  text = str_trim(text);
  if (text.len == 10 && day_parse_iso(text, end)) {
    *kind = PERIOD_REFERENCE_DATE;
    return true;
  }
  if (!digits(text, 0, 4, &year) || year < 1000) return false;
  if (text.len == 4) {
    *kind = PERIOD_CALENDAR_YEAR;
    *end = day_from_civil(year, 12, 31);
    return true;
  }
  if (text.len == 6 && (text.ptr[4] == 'Q' || text.ptr[4] == 'q') && text.ptr[5] >= '1' && text.ptr[5] <= '4') {
    *kind = PERIOD_QUARTER;
    *end = last_of_month(year, 3 * (text.ptr[5] - '0'));
    return true;
  }
  bool school = (text.len == 7 || text.len == 9) && (text.ptr[4] == '/' || text.ptr[4] == '-') && digits(text, 5, text.len, &other);
  if (!school || other != (text.len == 7 ? (year + 1) % 100 : year + 1)) return false;
  *kind = PERIOD_SCHOOL_YEAR;
  *end = day_from_civil(year + 1, 7, 31);
  return true;
}

typedef struct RoundWork {
  Arena *arena;
  Day as_of;
  int pact_year;     /* 0: not known */
  int month;         /* 0: none agreed */
  Str period_kind;   /* of the indicator; ptr NULL: not agreed */
} RoundWork;

static Str text_of(const Val *map, Str key) {
  const Val *value = val_get(map, key);
  return value->kind == VAL_STR ? value->as.text : STR_NONE;
}

/* The list or map itself, to add to: the values are ours, made a moment ago. */
static Val *own(const Val *map, Str key) { return (Val *)(uintptr_t)val_get(map, key); }

static size_t count_of(const Val *list) { return list->kind == VAL_LIST ? list->as.list.count : 0; }

static bool has_number(Str state) { return str_eq(state, S("value")) || str_eq(state, S("suppressed")); }

static bool answers(Str state) { return has_number(state) || str_eq(state, S("not_applicable")); }

/* The newest figure that was known on the day and whose state is `wanted`; NULL when there was none. */
static const Val *newest_of(const RoundWork *w, const Val *region, bool (*wanted)(Str state), Day *day) {
  const Val *values = val_get(region, S("values")), *found = NULL;
  for (size_t i = 0; i < count_of(values); i++) {
    const Val *value = values->as.list.items[i];
    Day here;
    if (!val_truth(val_get(value, S("current"))) || !val_truth(val_get(value, S("leading")))) continue;
    if (!wanted(text_of(value, S("state")))) continue;
    if (!day_parse_iso(text_of(value, S("day")), &here) || here > w->as_of || (found && here < *day)) continue;
    found = value;
    *day = here;
  }
  return found;
}

/* Whether the period of that kind that ends on `end` was answered, or (`end` DAY_NONE) the end of the first that was. */
static bool answered_on(const RoundWork *w, const Val *region, PeriodKind kind, Day end, Day *first) {
  const Val *values = val_get(region, S("values"));
  for (size_t i = 0; i < count_of(values); i++) {
    const Val *value = values->as.list.items[i];
    Day here;
    if (!val_truth(val_get(value, S("current"))) || !val_truth(val_get(value, S("leading"))) || !answers(text_of(value, S("state")))) continue;
    if (!str_eq(text_of(value, S("period_kind")), str_from(kind_names[kind]))) continue;
    if (!day_parse_iso(text_of(value, S("day")), &here) || here > w->as_of || (end != DAY_NONE && here != end)) continue;
    *first = here;  /* they are in order of day */
    return true;
  }
  return false;
}

static void set_day(Arena *arena, Val *map, const char *key, Day day) {
  char text[DAY_TEXT];
  day_format_iso(day, text);
  val_set_str(arena, map, key, arena_cstr(arena, text));
}

/* Why the figure of that period is missing, as far as somebody said so. */
static Str missing_reason(const Val *region, Str period) {
  const Val *values = val_get(region, S("values"));
  for (size_t i = 0; i < count_of(values); i++) {
    const Val *value = values->as.list.items[i];
    bool missing = str_eq(text_of(value, S("state")), S("missing")) && val_truth(val_get(value, S("current")));
    if (missing && str_eq(text_of(value, S("period")), period)) return text_of(value, S("reason"));
  }
  return STR_NONE;
}

typedef struct Expected {
  Day end, by;
  PeriodKind kind;
  bool named, late;
} Expected;

static void add_expected(const RoundWork *w, const Val *region, const Expected *e, Val *list) {
  if (count_of(list) == ROUND_EXPECTED_MAX) return;
  char period[PERIOD_TEXT];
  round_period(e->end, e->kind, period);
  Val *item = val_push_map(w->arena, list);
  Str name = e->named ? arena_cstr(w->arena, period) : STR_NONE;
  val_set_str(w->arena, item, "period", name);
  val_set_str(w->arena, item, "period_kind", e->named ? str_from(kind_names[e->kind]) : STR_NONE);
  set_day(w->arena, item, "day", e->end);
  set_day(w->arena, item, "expected_by", e->by);
  val_set_bool(w->arena, item, "late", e->late);
  val_set_str(w->arena, item, "reason", e->named ? missing_reason(region, name) : STR_NONE);
}

/* Lists what is expected and not answered from the period that ends on `end` on; returns how many of them are late. */
static int64_t set_expected(const RoundWork *w, const Val *region, Val *round, Day end, PeriodKind kind, bool named) {
  Val *list = own(round, S("expected"));
  int64_t late = 0;
  Day since = DAY_NONE;
  for (; end != DAY_NONE && end < w->as_of; end = round_next_end(end, kind)) {
    Expected e = {end, round_expected_by(end, w->month), kind, named, false};
    Day same;
    if (e.by == DAY_NONE) break;
    if (answered_on(w, region, kind, end, &same)) continue;
    e.late = e.by < w->as_of;
    if (e.late && !late++) since = e.by + 1;
    add_expected(w, region, &e, list);
  }
  if (!late) return 0;
  set_day(w->arena, round, "due_since", since);
  if (named) val_set_str(w->arena, round, "due_period", text_of(list->as.list.items[0], S("period")));
  val_set_int(w->arena, round, "due_count", late);
  return late;
}

/* The freshness of a region for which a month was agreed. */
static Freshness look_at_planned(const RoundWork *w, const Val *region, Val *round, bool measured) {
  Day until = DAY_NONE;
  const Val *answered = newest_of(w, region, answers, &until);
  bool named = answered || w->period_kind.ptr;
  PeriodKind kind = round_period_kind(answered ? text_of(answered, S("period_kind")) : w->period_kind);
  /* what was passed over since the first answer is still asked; of reference dates the day may shift from year to year */
  if (answered && kind != PERIOD_REFERENCE_DATE) answered_on(w, region, kind, DAY_NONE, &until);
  Day first = answered ? round_next_end(until, kind) : round_first_end(w->pact_year, kind);
  int64_t late = set_expected(w, region, round, first, kind, named);
  if (!measured && !answered) return FRESH_NEVER;
  if (late) return FRESH_OVERDUE;
  return count_of(val_get(round, S("expected"))) ? FRESH_DUE : FRESH_FRESH;
}

static Freshness look_at_region(const RoundWork *w, Val *region) {
  Val *round = val_set_map(w->arena, region, "round");
  Day day = DAY_NONE;
  const Val *newest = newest_of(w, region, has_number, &day);
  static const char *const absent[] = {"newest", "age_days", "due_period", "due_since"};
  for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) val_set_null(w->arena, round, absent[i]);
  val_set_int(w->arena, round, "due_count", 0);
  val_set_list(w->arena, round, "expected");
  if (newest) {
    Val *item = val_set_map(w->arena, round, "newest");
    val_set_str(w->arena, item, "period", text_of(newest, S("period")));
    val_set_str(w->arena, item, "day", text_of(newest, S("day")));
    val_set_str(w->arena, item, "statement", text_of(newest, S("statement")));
    static const char *const numbers[] = {"value", "low", "high"};
    for (size_t i = 0; i < 3; i++) val_set(w->arena, item, numbers[i], own(newest, str_from(numbers[i])));
    val_set_int(w->arena, round, "age_days", w->as_of - day);
  }
  Freshness freshness = w->month ? look_at_planned(w, region, round, newest != NULL) : FRESH_NOT_ARRANGED;
  val_set_str(w->arena, round, "freshness", str_from(codes[freshness]));
  val_set_str(w->arena, round, "label", str_from(labels[freshness]));
  return freshness;
}

/* What of an indicator is late the longest: ISO days compare as text. */
static void take_oldest(const RoundWork *w, Val *indicator, const Val *region) {
  const Val *round = val_get(region, S("round"));
  Str since = text_of(round, S("due_since")), oldest = text_of(indicator, S("due_since"));
  if (!since.ptr || (oldest.ptr && str_cmp(oldest, since) <= 0)) return;
  val_set_str(w->arena, indicator, "due_since", since);
  val_set_str(w->arena, indicator, "due_period", text_of(round, S("due_period")));
}

static void look_at(RoundWork *w, Val *indicator) {
  const Val *month = val_get(indicator, S("expected_month")), *regions = val_get(indicator, S("regions"));
  w->month = month->kind == VAL_INT ? (int)month->as.integer : 0;
  w->period_kind = text_of(indicator, S("period_kind"));
  val_set_null(w->arena, indicator, "due_since");
  val_set_null(w->arena, indicator, "due_period");
  Freshness worst = count_of(regions) ? FRESH_FRESH : FRESH_NOT_ARRANGED;
  for (size_t i = 0; i < count_of(regions); i++) {
    Freshness here = look_at_region(w, regions->as.list.items[i]);
    if (here < worst) worst = here;
    take_oldest(w, indicator, regions->as.list.items[i]);
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
