/* SPDX-License-Identifier: EUPL-1.2 */
/* The cases of tests/table/course.txt, and properties that hold for every input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "pact/course.h"

enum { MAX_ITEMS = 8 };

typedef struct Case {
  char name[200];
  CourseInput in;
  CourseTarget targets[MAX_ITEMS];
  CourseValue values[MAX_ITEMS];
} Case;

static Str word(Str *rest) {
  *rest = str_trim(*rest);
  size_t end = str_find_char(*rest, ' ');
  Str first = str_slice(*rest, 0, end == STR_NPOS ? rest->len : end);
  *rest = str_slice(*rest, first.len, rest->len);
  return first;
}

static double number(Str text) {
  double value = NAN;
  if (!str_to_double(text, &value)) fail_msg("not a number: " STR_FMT, STR_ARG(text));
  return value;
}

static Day date(Str text) {
  Day day = DAY_NONE;
  if (!day_parse_iso(text, &day)) fail_msg("not a day: " STR_FMT, STR_ARG(text));
  return day;
}

static void read_target(Case *c, Str rest, CourseMode mode) {
  Str direction = mode == COURSE_QUOTA ? S("at-least") : word(&rest);
  Str value = word(&rest);
  TargetBasis basis = TARGET_ABSOLUTE;
  double scale = 1;
  if (str_ends(value, S("x"))) basis = TARGET_MULTIPLE;
  if (str_ends(value, S("%"))) basis = TARGET_CHANGE, scale = 0.01;
  if (basis != TARGET_ABSOLUTE) value.len--;
  word(&rest);  /* on */
  c->in.mode = mode;
  c->in.direction = str_eq(direction, S("at-least")) ? COURSE_AT_LEAST : COURSE_AT_MOST;
  c->targets[c->in.target_count++] = (CourseTarget){date(word(&rest)), number(value) * scale, basis};
}

static void read_figure(Case *c, FigureState state, Str rest) {
  CourseValue v = {.known_from = DAY_NONE, .superseded_on = DAY_NONE, .state = state, .definition = 1, .complete = true};
  if (state == FIGURE_VALUE) v.value = v.low = v.high = number(word(&rest));
  if (state == FIGURE_SUPPRESSED) {
    v.low = number(word(&rest));
    v.high = number(word(&rest));
    v.value = NAN;
  }
  for (Str w = word(&rest); w.len; w = word(&rest)) {
    if (str_eq(w, S("on"))) v.day = date(word(&rest));
    else if (str_eq(w, S("known"))) v.known_from = date(word(&rest));
    else if (str_eq(w, S("superseded"))) v.superseded_on = date(word(&rest));
    else if (str_eq(w, S("definition"))) v.definition = (int)number(word(&rest));
    else if (str_eq(w, S("incomplete"))) v.complete = false;
    else if (str_eq(w, S("between"))) {
      v.low = number(word(&rest));
      v.high = number(word(&rest));
    } else fail_msg("%s: unknown word " STR_FMT, c->name, STR_ARG(w));
  }
  c->values[c->in.value_count++] = v;
}

static void near(const char *name, const char *what, double found, double expected) {
  if (!(fabs(found - expected) < 5e-6)) fail_msg("%s: %s is %.8f, expected %.8f", name, what, found, expected);
}

static void check(Case *c, Str rest) {
  c->in.targets = c->targets;
  c->in.values = c->values;
  CourseResult r = course_judge(&c->in);
  Str course = word(&rest);
  if (!str_eq(course, str_from(course_code(r.course))))
    fail_msg("%s: found %s (%s), expected " STR_FMT, c->name, course_code(r.course), course_reason_code(r.reason), STR_ARG(course));
  for (Str w = word(&rest); w.len; w = word(&rest)) {
    if (str_eq(w, S("reason"))) assert_true(str_eq(word(&rest), str_from(course_reason_code(r.reason))));
    else if (str_eq(w, S("late"))) assert_true(r.late);
    else if (str_eq(w, S("not-late"))) assert_false(r.late);
    else if (str_eq(w, S("p"))) near(c->name, "p", r.progress, number(word(&rest)));
    else if (str_eq(w, S("q"))) near(c->name, "q", r.needed, number(word(&rest)));
    else if (str_eq(w, S("required"))) near(c->name, "required", r.required, number(word(&rest)));
    else fail_msg("%s: unknown expectation " STR_FMT, c->name, STR_ARG(w));
  }
}

static void start_case(Case *c, Str name) {
  memset(c, 0, sizeof *c);
  snprintf(c->name, sizeof c->name, STR_FMT, STR_ARG(name));
  c->in.margin = 0.05;
  c->in.baseline_definition = 1;
}

static void read_line(Case *c, Str line, size_t *checked) {
  Str rest = line, w = word(&rest);
  if (w.len == 0 || w.ptr[0] == '#') return;
  if (str_eq(w, S("case"))) start_case(c, str_trim(rest));
  else if (str_eq(w, S("baseline"))) {
    c->in.has_baseline = true;
    c->in.baseline = number(word(&rest));
    word(&rest);
    c->in.baseline_day = date(word(&rest));
    if (str_eq(word(&rest), S("definition"))) c->in.baseline_definition = (int)number(word(&rest));
  } else if (str_eq(w, S("target"))) read_target(c, rest, COURSE_PATH);
  else if (str_eq(w, S("limit"))) read_target(c, rest, COURSE_LIMIT);
  else if (str_eq(w, S("quota"))) read_target(c, rest, COURSE_QUOTA);
  else if (str_eq(w, S("value"))) read_figure(c, FIGURE_VALUE, rest);
  else if (str_eq(w, S("suppressed"))) read_figure(c, FIGURE_SUPPRESSED, rest);
  else if (str_eq(w, S("missing"))) read_figure(c, FIGURE_MISSING, rest);
  else if (str_eq(w, S("not-applicable"))) read_figure(c, FIGURE_NOT_APPLICABLE, rest);
  else if (str_eq(w, S("not-yet-due"))) read_figure(c, FIGURE_NOT_YET_DUE, rest);
  else if (str_eq(w, S("tolerance"))) c->in.tolerance = number(word(&rest));
  else if (str_eq(w, S("max-age"))) c->in.max_age_days = (int)number(word(&rest));
  else if (str_eq(w, S("as-of"))) c->in.as_of = date(word(&rest));
  else if (str_eq(w, S("in-words"))) c->in.in_words = true;
  else if (str_eq(w, S("known-on"))) c->in.known_on = date(word(&rest));
  else if (str_eq(w, S("expect"))) {
    check(c, rest);
    (*checked)++;
  } else fail_msg("unknown word: " STR_FMT, STR_ARG(line));
}

static void table(void **state) {
  (void)state;
  Buf text;
  buf_init(&text, 0);
  assert_int_equal(file_read(&text, "tests/table/course.txt", 0, NULL), ERR_OK);
  Str rest = buf_view(&text), line;
  Case c;
  start_case(&c, S("none"));
  size_t checked = 0;
  while (str_cut(&rest, '\n', &line)) read_line(&c, line, &checked);
  assert_true(checked >= 92);
  buf_clear(&text);
}

/* Higher is never worse when more is wanted, lower never when less is: the course is monotone in the value. */
static int rank(Course course) {
  switch (course) {
    case COURSE_ACHIEVED: case COURSE_REACHED: return 3;
    case COURSE_ON_COURSE: return 2;
    case COURSE_BEHIND: return 1;
    case COURSE_WORSENING: case COURSE_NOT_REACHED: return 0;
    default: return -1;
  }
}

static void monotone(const CourseInput *base, CourseValue *value) {
  int before = base->direction == COURSE_AT_LEAST ? -1 : 4;
  for (double v = -60; v <= 60; v += 0.25) {
    value->value = value->low = value->high = v;
    int now = rank(course_judge(base).course);
    assert_true(now >= 0);
    if (base->direction == COURSE_AT_LEAST) assert_true(now >= before);
    else assert_true(now <= before);
    before = now;
  }
}

static void the_course_is_monotone_in_the_value(void **state) {
  (void)state;
  for (int baseline = -40; baseline <= 40; baseline += 5)
    for (int target = -40; target <= 40; target += 5)
      for (int direction = 0; direction < 2; direction++)
        for (int mode = 0; mode < 2; mode++) {
          CourseTarget goal = {day_from_civil(2020, 12, 31), target, TARGET_ABSOLUTE};
          CourseValue value = {.day = day_from_civil(2017, 3, 1), .known_from = DAY_NONE, .superseded_on = DAY_NONE, .complete = true};
          CourseInput in = {.mode = (CourseMode)mode, .direction = (CourseDirection)direction, .has_baseline = true,
                            .baseline = baseline, .baseline_day = day_from_civil(2013, 12, 31), .targets = &goal,
                            .target_count = 1, .values = &value, .value_count = 1, .tolerance = 1, .margin = 0.05,
                            .as_of = day_from_civil(2018, 1, 1)};
          monotone(&in, &value);
        }
}

/* A generator of its own, so that the cases are the same on every machine. */
static uint64_t seed = 20131115;

static double draw(double low, double high) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return low + (high - low) * (double)(seed >> 11) / 9007199254740992.0;
}

static bool coin(void) { return draw(0, 1) < 0.5; }

/* Random baselines, bending paths, tolerances and days, before the end and after it; the value runs over its whole range. */
static void a_random_course_is_monotone(void **state) {
  (void)state;
  for (int i = 0; i < 1500; i++) {
    CourseTarget goals[3];
    size_t count = 1 + (size_t)draw(0, 2.999);
    Day start = day_from_civil(2013, 12, 31), end = start;
    CourseMode mode = (CourseMode)draw(0, 2.999);
    for (size_t t = 0; t < count; t++) {
      end += 200 + (Day)draw(0, 900);
      goals[t] = (CourseTarget){end, mode == COURSE_QUOTA ? draw(1, 50) : draw(-50, 50), TARGET_ABSOLUTE};
    }
    if (mode == COURSE_PATH && coin()) goals[count - 1] = (CourseTarget){end, draw(0.2, 3), coin() ? TARGET_MULTIPLE : TARGET_CHANGE};
    Day as_of = start + (Day)draw(1, (double)(end - start) * 1.5);
    CourseValue value = {.day = start + (Day)draw(0, (double)((as_of < end ? as_of : end) - start)), .known_from = DAY_NONE,
                         .superseded_on = DAY_NONE, .complete = true};
    CourseInput in = {.mode = mode, .direction = mode == COURSE_QUOTA || coin() ? COURSE_AT_LEAST : COURSE_AT_MOST, .has_baseline = true,
                      .baseline = draw(-50, 50), .baseline_day = start, .targets = goals, .target_count = count, .values = &value,
                      .value_count = 1, .tolerance = coin() ? draw(0, 5) : 0, .margin = draw(0, 0.2), .as_of = as_of};
    monotone(&in, &value);
  }
}

static void the_path_goes_through_its_points(void **state) {
  (void)state;
  CourseTarget goals[] = {{day_from_civil(2016, 12, 31), 22, TARGET_ABSOLUTE}, {day_from_civil(2020, 12, 31), 2, TARGET_MULTIPLE}};
  CourseInput in = {.mode = COURSE_PATH, .has_baseline = true, .baseline = 20, .baseline_day = day_from_civil(2013, 12, 31),
                    .targets = goals, .target_count = 2};
  near("path", "before", course_required(&in, day_from_civil(2010, 1, 1)), 20);
  near("path", "first", course_required(&in, goals[0].due), 22);
  near("path", "middle", course_required(&in, goals[0].due + (goals[1].due - goals[0].due) / 2), 31 - 9.0 / 1461);
  near("path", "last", course_required(&in, goals[1].due), 40);
  near("path", "after", course_required(&in, day_from_civil(2026, 1, 1)), 40);
}

/* A figure that says it is a value and has no number, as no package may have it: it is never judged. */
static void no_number_is_no_value(void **state) {
  (void)state;
  CourseTarget target = {day_from_civil(2020, 12, 31), 30, TARGET_ABSOLUTE};
  CourseValue values[] = {{.day = day_from_civil(2017, 12, 31), .known_from = DAY_NONE, .superseded_on = DAY_NONE, .state = FIGURE_VALUE, .value = NAN,
                           .low = NAN, .high = NAN, .definition = 1, .complete = true},
                          {.day = day_from_civil(2018, 12, 31), .known_from = DAY_NONE, .superseded_on = DAY_NONE, .state = FIGURE_SUPPRESSED, .value = NAN,
                           .low = 1, .high = NAN, .definition = 1, .complete = true}};
  CourseInput in = {.mode = COURSE_PATH, .has_baseline = true, .baseline = 25, .baseline_day = day_from_civil(2013, 12, 31), .baseline_definition = 1,
                    .targets = &target, .target_count = 1, .values = values, .value_count = 2, .margin = 0.05, .as_of = day_from_civil(2021, 6, 1)};
  for (int i = 0; i < 2; i++) {
    CourseResult r = course_judge(&in);
    assert_int_equal(r.course, COURSE_UNDETERMINED);
    assert_int_equal(r.reason, COURSE_REASON_NO_VALUE);
    in.as_of = day_from_civil(2019, 6, 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(table),
      cmocka_unit_test(the_course_is_monotone_in_the_value),
      cmocka_unit_test(a_random_course_is_monotone),
      cmocka_unit_test(the_path_goes_through_its_points), cmocka_unit_test(no_number_is_no_value),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
