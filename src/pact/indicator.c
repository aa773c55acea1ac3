/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/indicator.h"

#include <math.h>

#include "pact/trend.h"

enum { TARGETS_MAX = 16 };

/* Part of the path by which one may be late and still be on course. */
#define COURSE_MARGIN 0.05

/* One target of one edition, as the tables give it. */
typedef struct Target {
  Str edition, edition_title, kind, comparator;
  bool is_current;
  double value;
  int baseline_year;
  Day due;
} Target;

/* The figures of an indicator in a region. */
typedef struct Series {
  CourseValue *values;
  Str *periods;       /* beside values */
  Str *period_kinds;
  bool *leading;
  size_t count, cap;
} Series;

/* What belongs to one indicator while its value is made. */
typedef struct Work {
  Store *store;
  Arena *arena;
  ErrInfo *info;
  const IndicatorQuery *query;
  Day known_on;          /* never before query->as_of */
  int pact_year;
  Str code;
  bool qualitative;      /* found in words: no rule judges it */
  bool of_persons;       /* the unit counts things, so an absolute target is one for the whole */
  double tolerance;
  int max_age_days;
  Target targets[TARGETS_MAX];
  size_t target_count;
} Work;

static Str copy(Work *w, const Rows *rows, int column) {
  Str text = rows_str(rows, column);
  return text.ptr ? arena_str(w->arena, text) : STR_NONE;
}

static void set_number(Work *w, Val *map, const char *key, double value) {
  if (isnan(value)) val_set_null(w->arena, map, key);
  else val_set_double(w->arena, map, key, value);
}

static void set_reference(Work *w, Val *map, const char *key, Str code, Str label) {
  if (!code.ptr) {
    val_set_null(w->arena, map, key);
    return;
  }
  Val *reference = val_set_map(w->arena, map, key);
  val_set_str(w->arena, reference, "code", code);
  val_set_str(w->arena, reference, "label", label);
}

typedef Err (*TakeRow)(Work *w, const Rows *rows, void *context);

static Err each(Work *w, const char *name, const Arg *args, size_t count, TakeRow take, void *context) {
  Rows *rows;
  bool more = true;
  TRY(store_query(w->store, name, args, count, &rows, w->info));
  Err err;
  while ((err = rows_next(rows, &more, w->info)) == ERR_OK && more)
    if ((err = take(w, rows, context)) != ERR_OK) break;
  rows_close(rows);
  return err;
}

static Err take_target(Work *w, const Rows *rows, void *context) {
  (void)context;
  if (w->target_count == TARGETS_MAX) return err_set(w->info, ERR_LIMIT, "more than %d targets of " STR_FMT, TARGETS_MAX, STR_ARG(w->code));
  Target *t = &w->targets[w->target_count++];
  int year = rows_null(rows, 8) ? 0 : (int)rows_int(rows, 8);
  *t = (Target){.edition = copy(w, rows, 0), .edition_title = copy(w, rows, 1), .is_current = rows_int(rows, 2) != 0,
                .kind = copy(w, rows, 3), .comparator = copy(w, rows, 4), .value = rows_double(rows, 5),
                .baseline_year = rows_null(rows, 7) ? w->pact_year : (int)rows_int(rows, 7),
                .due = year ? day_from_civil(year, 12, 31) : DAY_NONE};
  return ERR_OK;
}

static FigureState state_of(Str text) {
  static const char *const names[] = {"value", "suppressed", "not_applicable", "missing", "not_yet_due"};
  for (int i = 0; i < 5; i++)
    if (str_eq(text, str_from(names[i]))) return (FigureState)i;
  return FIGURE_MISSING;
}

static bool add_to_series(Work *w, Series *s, CourseValue value, const Rows *rows) {
  if (s->count == s->cap) {
    size_t cap = s->cap ? s->cap * 2 : 16;
    s->values = arena_grow(w->arena, s->values, s->count * sizeof *s->values, cap * sizeof *s->values);
    s->periods = arena_grow(w->arena, s->periods, s->count * sizeof(Str), cap * sizeof(Str));
    s->period_kinds = arena_grow(w->arena, s->period_kinds, s->count * sizeof(Str), cap * sizeof(Str));
    s->leading = arena_grow(w->arena, s->leading, s->count * sizeof(bool), cap * sizeof(bool));
    if (!s->values || !s->periods || !s->period_kinds || !s->leading) return false;
    s->cap = cap;
  }
  s->values[s->count] = value;
  s->period_kinds[s->count] = copy(w, rows, 0);
  s->periods[s->count] = copy(w, rows, 1);
  s->leading[s->count] = rows_int(rows, 11) != 0;
  s->count++;
  return true;
}

static double number_at(const Rows *rows, int column) {
  return rows_null(rows, column) ? NAN : rows_double(rows, column);
}

typedef struct RegionWork {
  Series series;
  Val *values;
} RegionWork;

static void describe_value(Work *w, const Rows *rows, const CourseValue *v, Val *item) {
  Arena *a = w->arena;
  static const struct { const char *key; int column; } texts[] = {
      {"period", 1}, {"period_kind", 0}, {"day", 2}, {"state", 3}, {"quality", 10}, {"known_from", 16}, {"superseded_on", 17},
      {"method", 13}, {"limits", 14}, {"reason", 15}, {"address", 20}, {"retrieved_on", 22}, {"leading_reason", 23},
      {"supplied_by", 24}, {"entered_by", 25}, {"approved_by", 26}, {"approved_on", 27}, {"edition", 28}, {"publisher", 29},
      {"source_kind", 30}, {"statement", 31}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) val_set_str(a, item, texts[i].key, copy(w, rows, texts[i].column));
  static const struct { const char *key; int column; } numbers[] = {
      {"value", 4}, {"numerator", 5}, {"denominator", 6}, {"low", 7}, {"high", 8}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) set_number(w, item, numbers[i].key, number_at(rows, numbers[i].column));
  val_set_bool(a, item, "complete", v->complete);
  val_set_bool(a, item, "leading", rows_int(rows, 11) != 0);
  val_set_int(a, item, "definition", v->definition);
  val_set_bool(a, item, "current", course_value_counts(v, w->query->as_of, w->known_on));
  val_set_bool(a, item, "superseded", v->superseded_on != DAY_NONE && v->superseded_on <= w->known_on);
  Day approved = rows_day(rows, 27);
  val_set_bool(a, item, "approved", approved != DAY_NONE && approved <= w->known_on);
  set_reference(w, item, "source", copy(w, rows, 18), copy(w, rows, 19));
  Val *source = (Val *)(uintptr_t)val_get(item, S("source"));
  val_set_str(a, source, "section", copy(w, rows, 21));
}

static Err take_value(Work *w, const Rows *rows, void *context) {
  RegionWork *r = context;
  double value = number_at(rows, 4), low = number_at(rows, 7), high = number_at(rows, 8);
  CourseValue v = {.day = rows_day(rows, 2), .known_from = rows_day(rows, 16), .superseded_on = rows_day(rows, 17),
                   .state = state_of(rows_str(rows, 3)), .value = value, .low = isnan(low) ? value : low,
                   .high = isnan(high) ? value : high, .definition = (int)rows_int(rows, 12), .complete = rows_int(rows, 9) != 0};
  if (!w->query->standing) describe_value(w, rows, &v, val_push_map(w->arena, r->values));
  if (!add_to_series(w, &r->series, v, rows)) return err_set(w->info, ERR_MEMORY, "out of memory");
  return ERR_OK;
}

/* Whether a period is the baseline year's: the calendar year, or the school year that begins in it. */
static bool of_year(Str period, Str kind, int year) {
  int64_t first;
  if (!str_eq(kind, S("calendar_year")) && !str_eq(kind, S("school_year"))) return false;
  return period.len >= 4 && str_to_int(str_slice(period, 0, 4), &first) && first == year;
}

/* The leading figure of that year; a sum with gaps is no baseline: what is whole later would seem progress. */
static size_t find_baseline(const Work *w, const Series *s, int year) {
  for (size_t i = 0; i < s->count; i++) {
    const CourseValue *v = &s->values[i];
    bool whole = s->leading[i] && v->state == FIGURE_VALUE && !isnan(v->value) && v->complete &&
                 course_value_counts(v, w->query->as_of, w->known_on);
    if (whole && of_year(s->periods[i], s->period_kinds[i], year)) return i;
  }
  return STR_NPOS;
}

static CourseMode mode_of(const Target *t) {
  if (str_eq(t->kind, S("yearly_quota"))) return COURSE_QUOTA;
  if (str_eq(t->kind, S("ceiling"))) return COURSE_LIMIT;
  return COURSE_PATH;
}

static CourseTarget course_target(const Target *t) {
  CourseTarget target = {t->due, t->value, TARGET_ABSOLUTE};
  if (str_eq(t->kind, S("multiple"))) target.basis = TARGET_MULTIPLE;
  if (str_eq(t->kind, S("relative"))) target = (CourseTarget){t->due, t->value / 100, TARGET_CHANGE};
  return target;
}

static void set_used(Work *w, Val *map, const char *key, const Series *s, const CourseValue *used) {
  if (!used) {
    val_set_null(w->arena, map, key);
    return;
  }
  Val *item = val_set_map(w->arena, map, key);
  for (size_t i = 0; i < s->count; i++) {
    if (s->values[i].day != used->day || s->values[i].known_from != used->known_from) continue;
    val_set_str(w->arena, item, "period", s->periods[i]);
  }
  char day[DAY_TEXT];
  day_format_iso(used->day, day);
  val_set_str(w->arena, item, "day", arena_cstr(w->arena, day));
  set_number(w, item, "value", used->value);
  bool exact = used->low >= used->high;
  set_number(w, item, "low", exact ? NAN : used->low);
  set_number(w, item, "high", exact ? NAN : used->high);
}

static void path_point(Work *w, Val *path, Day day, double value) {
  char text[DAY_TEXT];
  Val *point = val_push_map(w->arena, path);
  day_format_iso(day, text);
  val_set_str(w->arena, point, "day", arena_cstr(w->arena, text));
  set_number(w, point, "value", value);
}

/* The corners of the required path. A limit and a quota are no path: they hold from beginning to end. */
static void describe_path(Work *w, const CourseInput *in, const CourseResult *r, Val *item) {
  Val *path = val_set_list(w->arena, item, "path");
  char day[DAY_TEXT];
  day_format_iso(in->has_baseline ? in->baseline_day : DAY_NONE, day);
  val_set_str(w->arena, item, "baseline_day", in->has_baseline ? arena_cstr(w->arena, day) : STR_NONE);
  if (in->mode != COURSE_PATH || !in->has_baseline || isnan(r->target)) return;
  /* a target that was passed at the start has to be held: the path is level */
  bool held = in->direction == COURSE_AT_LEAST ? in->baseline >= r->target : in->baseline <= r->target;
  path_point(w, path, in->baseline_day, held ? r->target : in->baseline);
  for (size_t i = 0; i < in->target_count; i++) {
    Day due = in->targets[i].due;
    if (due > in->baseline_day) path_point(w, path, due, held ? r->target : course_required(in, due));
  }
}

static void describe_course(Work *w, const Target *t, const CourseInput *in, const CourseResult *r, const Series *s, Val *item) {
  static const char *const modes[] = {"path", "limit", "quota"}, *const bases[] = {"absolute", "multiple", "change"};
  Arena *a = w->arena;
  set_reference(w, item, "edition", t->edition, t->edition_title);
  val_set_bool(a, item, "is_current", t->is_current);
  val_set_str(a, item, "mode", str_from(modes[in->mode]));
  val_set_str(a, item, "comparator", t->comparator);
  set_number(w, item, "target", r->target);
  val_set_double(a, item, "target_raw", t->value);
  val_set_str(a, item, "basis", str_from(bases[in->target_count ? in->targets[in->target_count - 1].basis : 0]));
  char day[DAY_TEXT];
  day_format_iso(t->due, day);
  val_set_str(a, item, "due", arena_cstr(a, day));
  set_number(w, item, "baseline", in->has_baseline ? in->baseline : NAN);
  val_set_str(a, item, "course", str_from(course_code(r->course)));
  val_set_str(a, item, "label", str_from(course_label(r->course)));
  val_set_str(a, item, "reason", str_from(course_reason_code(r->reason)));
  val_set_str(a, item, "reason_text", str_from(course_reason_sentence(r->reason)));
  val_set_bool(a, item, "late", r->late);
  val_set_bool(a, item, "after_end", r->after_end);
  val_set_bool(a, item, "maintain", r->maintain);
  set_number(w, item, "required", r->required);
  set_number(w, item, "progress", r->progress);
  set_number(w, item, "needed", r->needed);
  set_used(w, item, "used", s, r->used);
  set_used(w, item, "latest", s, r->latest);
  describe_path(w, in, r, item);
}

/* The targets the path to `t` leads through, or that hold before `t` does, t itself last: those of its edition that are
 * read in the same way and are due before it, in order of day. */
static size_t targets_to(const Work *w, const Target *t, CourseTarget *targets) {
  size_t count = 0;
  for (size_t i = 0; i < w->target_count; i++) {
    const Target *other = &w->targets[i];
    bool same = str_eq(other->edition, t->edition) && str_eq(other->kind, t->kind) && str_eq(other->comparator, t->comparator) &&
                other->baseline_year == t->baseline_year;
    if (!same || other->due == DAY_NONE || other->due >= t->due) continue;
    size_t at = count++;
    for (; at > 0 && targets[at - 1].due > other->due; at--) targets[at] = targets[at - 1];
    targets[at] = course_target(other);
  }
  targets[count++] = course_target(t);
  return count;
}

/* The input of the rules for a target: only leading figures are judged; others are shown beside them. */
static void course_input(Work *w, const Target *t, const Series *s, CourseInput *in, CourseTarget *targets, CourseValue *leading,
                         size_t *baseline) {
  size_t count = 0;
  for (size_t i = 0; i < s->count; i++)
    if (s->leading[i]) leading[count++] = s->values[i];
  *baseline = find_baseline(w, s, t->baseline_year);
  *in = (CourseInput){.mode = mode_of(t), .in_words = w->qualitative, .direction = str_eq(t->comparator, S("at_most")) ? COURSE_AT_MOST : COURSE_AT_LEAST,
                      .targets = targets, .target_count = t->due == DAY_NONE ? 0 : targets_to(w, t, targets), .values = leading, .value_count = count,
                      .tolerance = w->tolerance, .margin = COURSE_MARGIN, .max_age_days = w->max_age_days, .as_of = w->query->as_of,
                      .known_on = w->known_on};
  if (*baseline == STR_NPOS) return;
  in->has_baseline = true;
  in->baseline = s->values[*baseline].value;
  in->baseline_day = s->values[*baseline].day;
  in->baseline_definition = s->values[*baseline].definition;
}

static void line_point(Work *w, const Trend *trend, const TrendPoint *points, Day day, Val *line) {
  char text[DAY_TEXT];
  double low, high;
  Val *point = val_push_map(w->arena, line);
  trend_band(trend, points, day, &low, &high);
  day_format_iso(day, text);
  val_set_str(w->arena, point, "day", arena_cstr(w->arena, text));
  set_number(w, point, "value", trend_value(trend, day));
  set_number(w, point, "low", low);
  set_number(w, point, "high", high);
}

/* The line and its band over the points, and on to the target's day when that is still ahead. Beyond the points the band
 * begins anew on the day after the last one, where the slope's interval begins to count. */
static void describe_line(Work *w, const Trend *trend, const TrendPoint *points, Day due, Val *item) {
  Val *line = val_set_list(w->arena, item, "line");
  Day last = points[trend->points - 1].day;
  line_point(w, trend, points, points[0].day, line);
  line_point(w, trend, points, last, line);
  val_set_null(w->arena, item, "at_due");
  if (due == DAY_NONE || due <= last) return;
  if (due > last + 1) line_point(w, trend, points, last + 1, line);
  line_point(w, trend, points, due, line);
  set_number(w, item, "at_due", trend_value(trend, due));
}

static Err describe_trend(Work *w, const CourseInput *in, const CourseResult *r, Val *region) {
  TrendPoint *points;
  size_t count;
  Trend trend;
  val_set_null(w->arena, region, "trend");
  Err err = trend_points(w->arena, in, &points, &count);
  if (err == ERR_OK) err = trend_fit(w->arena, points, count, &trend);
  if (err != ERR_OK) return err_set(w->info, err, "no trend for " STR_FMT, STR_ARG(w->code));
  if (!trend.points) return ERR_OK;
  Val *item = val_set_map(w->arena, region, "trend");
  val_set_int(w->arena, item, "points", (int64_t)trend.points);
  set_number(w, item, "slope", trend.slope);
  set_number(w, item, "slope_low", trend.slope_low);
  set_number(w, item, "slope_high", trend.slope_high);
  val_set_int(w->arena, item, "tries", (int64_t)trend.tries);
  val_set_int(w->arena, item, "hits", (int64_t)trend.hits);
  describe_line(w, &trend, points, r && !isnan(r->target) ? r->target_due : DAY_NONE, item);
  double chance = NAN;
  bool ahead = r && r->target_due != DAY_NONE && r->target_due > points[count - 1].day;
  if (ahead) {
    err = trend_chance(w->arena, &trend, points, r->target, in->direction, r->target_due, &chance);
    if (err != ERR_OK) return err_set(w->info, err, "no chance for " STR_FMT, STR_ARG(w->code));
  }
  set_number(w, item, "chance", chance);
  return ERR_OK;
}

static Err judge_region(Work *w, const Series *s, Str kind, Val *region) {
  Val *courses = val_set_list(w->arena, region, "courses");
  CourseValue *leading = ARENA_ARRAY(w->arena, CourseValue, s->count + 1);
  if (!courses || !leading) return err_set(w->info, ERR_MEMORY, "out of memory");
  CourseInput in = {.as_of = w->query->as_of, .known_on = w->known_on};
  CourseResult result = {0};
  CourseTarget *targets = ARENA_ARRAY(w->arena, CourseTarget, TARGETS_MAX);
  if (!targets) return err_set(w->info, ERR_MEMORY, "out of memory");
  bool judged = false;
  for (size_t i = 0; i < w->target_count; i++) {
    const Target *t = &w->targets[i];
    bool whole = str_eq(t->kind, S("yearly_quota")) || str_eq(t->kind, S("count"));
    if (whole && !str_eq(kind, S("landsdeel"))) continue;
    size_t baseline;
    course_input(w, t, s, &in, targets, leading, &baseline);
    result = course_judge(&in);
    judged = true;
    Val *item = val_push_map(w->arena, courses);
    describe_course(w, t, &in, &result, s, item);
    val_set_str(w->arena, item, "baseline_period", baseline == STR_NPOS ? STR_NONE : s->periods[baseline]);
  }
  if (!judged) {
    for (size_t i = 0; i < s->count; i++)
      if (s->leading[i]) leading[in.value_count++] = s->values[i];
    in.values = leading;
  }
  val_set_null(w->arena, region, "trend");
  return w->query->standing ? ERR_OK : describe_trend(w, &in, judged ? &result : NULL, region);
}

static Err take_region(Work *w, const Rows *rows, void *context) {
  Val *region = val_push_map(w->arena, context);
  if (!region) return err_set(w->info, ERR_MEMORY, "out of memory");
  Str code = copy(w, rows, 0), kind = copy(w, rows, 2);
  set_reference(w, region, "region", code, copy(w, rows, 1));
  val_set_str(w->arena, region, "kind", kind);
  RegionWork work = {.values = val_set_list(w->arena, region, "values")};
  TRY(each(w, "measurement_series", ARGS(ARG_STR(w->code), ARG_STR(code)), take_value, &work));
  return judge_region(w, &work.series, kind, region);
}

static void describe_indicator(Work *w, const Rows *rows, Val *item) {
  static const struct { const char *key; int column; } texts[] = {
      {"code", 0}, {"title", 1}, {"definition", 2}, {"kind", 3}, {"unit", 4}, {"better", 5}, {"numerator", 6}, {"denominator", 7},
      {"aggregation", 8}, {"proxy_for", 11}, {"supplier", 14}, {"publication", 15}, {"needed", 17},
      {"period_kind", 18}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) val_set_str(w->arena, item, texts[i].key, copy(w, rows, texts[i].column));
  set_reference(w, item, "goal", copy(w, rows, 9), copy(w, rows, 10));
  set_reference(w, item, "choice_moment", copy(w, rows, 19), copy(w, rows, 20));
  set_number(w, item, "tolerance", number_at(rows, 13));
  val_set_double(w->arena, item, "margin", COURSE_MARGIN);
  if (rows_null(rows, 16)) val_set_null(w->arena, item, "expected_month");
  else val_set_int(w->arena, item, "expected_month", rows_int(rows, 16));
}

static Err take_definition(Work *w, const Rows *rows, void *context) {
  Val *item = val_push_map(w->arena, context);
  if (!item) return err_set(w->info, ERR_MEMORY, "out of memory");
  val_set_int(w->arena, item, "version", rows_int(rows, 0));
  val_set_str(w->arena, item, "valid_from", copy(w, rows, 1));
  val_set_str(w->arena, item, "body", copy(w, rows, 2));
  return ERR_OK;
}

static Err take_indicator(Work *w, const Rows *rows, void *context) {
  Val *item = val_push_map(w->arena, context);
  if (!item) return err_set(w->info, ERR_MEMORY, "out of memory");
  describe_indicator(w, rows, item);
  w->code = copy(w, rows, 0);
  w->max_age_days = rows_null(rows, 12) ? 0 : (int)rows_int(rows, 12);
  w->tolerance = rows_null(rows, 13) ? 0 : rows_double(rows, 13);
  w->qualitative = str_eq(rows_str(rows, 3), S("qualitative"));
  w->target_count = 0;
  TRY(each(w, "indicator_targets", ARGS(ARG_STR(w->code)), take_target, NULL));
  val_set_bool(w->arena, item, "has_targets", w->target_count > 0);
  Val *definitions = val_set_list(w->arena, item, "definitions");
  TRY(each(w, "indicator_definitions", ARGS(ARG_STR(w->code)), take_definition, definitions));
  Val *regions = val_set_list(w->arena, item, "regions");
  return each(w, "indicator_regions", ARGS(ARG_STR(w->code), ARG_STR(w->query->region)), take_region, regions);
}

static Err take_period(Work *w, const Rows *rows, void *context) {
  (void)context;
  Day start = rows_day(rows, 0);
  if (start != DAY_NONE) w->pact_year = day_year(start);
  return ERR_OK;
}

Err indicator_list(Store *store, const IndicatorQuery *query, Arena *arena, Val **out, ErrInfo *info) {
  Work w = {.store = store, .arena = arena, .info = info, .query = query,
            .known_on = course_known_on(query->as_of, query->known_on)};
  Val *root = *out = val_map(arena);
  char day[DAY_TEXT];
  day_format_iso(query->as_of, day);
  TRY(each(&w, "pact_period", NO_ARGS, take_period, NULL));
  val_set_str(arena, root, "as_of", arena_cstr(arena, day));
  day_format_iso(w.known_on, day);
  val_set_str(arena, root, "known_on", arena_cstr(arena, day));
  Val *list = val_set_list(arena, root, "indicators");
  if (!list) return err_set(info, ERR_MEMORY, "out of memory");
  TRY(each(&w, "indicator_all", ARGS(ARG_STR(query->goal), ARG_STR(query->code)), take_indicator, list));
  return ERR_OK;
}
