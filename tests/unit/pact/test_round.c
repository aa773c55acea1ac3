/* SPDX-License-Identifier: EUPL-1.2 */
/* When a figure is expected, and what the next period is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pact/round.h"

static Day day(const char *text) {
  Day d;
  assert_true(day_parse_iso(str_from(text), &d));
  return d;
}

static void assert_day(Day d, const char *expected) {
  char text[DAY_TEXT];
  day_format_iso(d, text);
  assert_string_equal(text, expected);
}

static void test_expected_by(void **state) {
  (void)state;
  assert_day(round_expected_by(day("2024-07-31"), 2), "2025-02-28");   /* a later month of the next year */
  assert_day(round_expected_by(day("2023-07-31"), 2), "2024-02-29");   /* leap year */
  assert_day(round_expected_by(day("2024-07-31"), 9), "2024-09-30");   /* later in the same year */
  assert_day(round_expected_by(day("2024-07-31"), 7), "2025-07-31");   /* not on the day the period ends itself */
  assert_day(round_expected_by(day("2013-12-31"), 12), "2014-12-31");
  assert_day(round_expected_by(day("2013-10-01"), 12), "2013-12-31");
}

static void test_next_end(void **state) {
  (void)state;
  assert_day(round_next_end(day("2024-07-31"), PERIOD_SCHOOL_YEAR), "2025-07-31");
  assert_day(round_next_end(day("2024-12-31"), PERIOD_CALENDAR_YEAR), "2025-12-31");
  assert_day(round_next_end(day("2024-12-31"), PERIOD_QUARTER), "2025-03-31");
  assert_day(round_next_end(day("2024-03-31"), PERIOD_QUARTER), "2024-06-30");
  assert_day(round_next_end(day("2024-09-30"), PERIOD_QUARTER), "2024-12-31");
  assert_day(round_next_end(day("2024-02-29"), PERIOD_REFERENCE_DATE), "2025-02-28");
}

static void test_period(void **state) {
  (void)state;
  static const struct { const char *end; PeriodKind kind; const char *text; } cases[] = {
      {"2020-07-31", PERIOD_SCHOOL_YEAR, "2019/20"}, {"2000-07-31", PERIOD_SCHOOL_YEAR, "1999/00"},
      {"2019-12-31", PERIOD_CALENDAR_YEAR, "2019"},  {"2016-12-31", PERIOD_QUARTER, "2016Q4"},
      {"2016-03-31", PERIOD_QUARTER, "2016Q1"},      {"2019-10-01", PERIOD_REFERENCE_DATE, "2019-10-01"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[PERIOD_TEXT];
    round_period(day(cases[i].end), cases[i].kind, text);
    assert_string_equal(text, cases[i].text);
  }
}

static void test_parse_period(void **state) {
  (void)state;
  static const struct { const char *text; PeriodKind kind; const char *end; } good[] = {
      {"2019", PERIOD_CALENDAR_YEAR, "2019-12-31"},   {" 2019/20 ", PERIOD_SCHOOL_YEAR, "2020-07-31"},
      {"1999/00", PERIOD_SCHOOL_YEAR, "2000-07-31"},  {"2019/2020", PERIOD_SCHOOL_YEAR, "2020-07-31"},
      {"2019-2020", PERIOD_SCHOOL_YEAR, "2020-07-31"}, {"2016Q1", PERIOD_QUARTER, "2016-03-31"},
      {"2016q4", PERIOD_QUARTER, "2016-12-31"},       {"2019-10-01", PERIOD_REFERENCE_DATE, "2019-10-01"}};
  static const char *const bad[] = {"", "19", "201", "20190", "2019/21", "2019/2021", "2019/", "2016Q5", "2016Q0", "2016Q", "2019-02-30",
                                    "2019/20x", "0999", "twee", "2019 - 2020"};
  PeriodKind kind;
  Day end;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(round_parse_period(str_from(good[i].text), &kind, &end));
    assert_int_equal(kind, good[i].kind);
    assert_day(end, good[i].end);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(round_parse_period(str_from(bad[i]), &kind, &end));
}

static void test_first_end(void **state) {
  (void)state;
  assert_day(round_first_end(2013, PERIOD_CALENDAR_YEAR), "2013-12-31");
  assert_day(round_first_end(2013, PERIOD_SCHOOL_YEAR), "2014-07-31");
  assert_day(round_first_end(2013, PERIOD_QUARTER), "2013-03-31");
  assert_int_equal(round_first_end(0, PERIOD_QUARTER), DAY_NONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_expected_by), cmocka_unit_test(test_next_end),
                                     cmocka_unit_test(test_period), cmocka_unit_test(test_parse_period),
                                     cmocka_unit_test(test_first_end)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
