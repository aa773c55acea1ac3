/* SPDX-License-Identifier: EUPL-1.2 */
/* Theil-Sen against series worked by hand, and what a trend must not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdint.h>

#include "pact/trend.h"

#define NEAR(value, expected, tolerance) assert_true(fabs((value) - (expected)) <= (tolerance))

static Arena arena;

static Day in_year(int year) { return (Day)lround((year - 1970) * 365.25); }

static size_t series(TrendPoint *points, const double *values, size_t count) {
  for (size_t i = 0; i < count; i++) points[i] = (TrendPoint){in_year(2010 + 4 * (int)i), values[i]};
  return count;
}

/* Every four years, so that days per year is exact: values 1 3 2 5 4 9.
 * Pairs (per 4 years): 2 .5 4/3 .75 1.6 | -1 1 1/3 1.5 | 3 1 7/3 | -1 2 | 5; sorted: -1 -1 1/3 .5 .75 1 1 4/3 1.5 1.6 2 2 7/3 3 5;
 * the middle one of 15 is 4/3, so 1/3 a year. Residuals from 1/3 x (years since 2010): 1 5/3 -2/3 1 -4/3 7/3: median 1. */
static void worked_by_hand(void **state) {
  (void)state;
  const double values[] = {1, 3, 2, 5, 4, 9};
  TrendPoint points[6];
  Trend trend;
  assert_int_equal(trend_fit(&arena, points, series(points, values, 6), &trend), ERR_OK);
  assert_int_equal(trend.points, 6);
  NEAR(trend.slope, 1.0 / 3, 1e-12);
  NEAR(trend_value(&trend, in_year(2010)), 1, 1e-12);
  NEAR(trend_value(&trend, in_year(2038)), 1 + 28.0 / 3, 1e-12);
  /* Kendall: 6*5*17/18 = 28.33, C = 1.645 * 5.323 = 8.755; (15 - 8.755)/2 = 3.12: the third, and (15 + 8.755)/2 = 11.88: the
   * one after it, the thirteenth; two are left out at either end */
  NEAR(trend.slope_low, (1.0 / 3) / 4, 1e-12);
  NEAR(trend.slope_high, (7.0 / 3) / 4, 1e-12);
  assert_true(trend.tries == 1);
}

static void a_straight_line_is_itself(void **state) {
  (void)state;
  TrendPoint points[9];
  for (int i = 0; i < 9; i++) points[i] = (TrendPoint){in_year(2011) + 300 * i, 24 - 0.25 * i};
  Trend trend;
  assert_int_equal(trend_fit(&arena, points, 9, &trend), ERR_OK);
  NEAR(trend.slope, -0.25 / 300 * 365.25, 1e-12);
  double low, high;
  trend_band(&trend, points, points[8].day + 3000, &low, &high);
  NEAR(low, 24 - 0.25 * 18, 1e-9);
  NEAR(high, 24 - 0.25 * 18, 1e-9);
  assert_int_equal(trend.tries, 4);
  double chance;
  assert_int_equal(trend_chance(&arena, &trend, points, 19.4, COURSE_AT_MOST, points[8].day + 3000, &chance), ERR_OK);
  NEAR(chance, 0, 0);
  assert_int_equal(trend_chance(&arena, &trend, points, 19.6, COURSE_AT_MOST, points[8].day + 3000, &chance), ERR_OK);
  NEAR(chance, 1, 0);
}

/* A series upside down goes the same way upside down: nothing looks up otherwise than down. */
static void mirrored(const TrendPoint *points, size_t count) {
  TrendPoint down[12];
  Trend up, other;
  for (size_t i = 0; i < count; i++) down[i] = (TrendPoint){points[i].day, -points[i].value};
  assert_int_equal(trend_fit(&arena, points, count, &up), ERR_OK);
  assert_int_equal(trend_fit(&arena, down, count, &other), ERR_OK);
  NEAR(other.slope, -up.slope, 1e-9);
  NEAR(other.slope_low, -up.slope_high, 1e-9);
  NEAR(other.slope_high, -up.slope_low, 1e-9);
  NEAR(other.intercept, -up.intercept, 1e-9);
  NEAR(other.residual_low, -up.residual_high, 1e-9);
  assert_int_equal(other.hits, up.hits);
  double low, high, under, above, chance, chance_down;
  Day due = points[count - 1].day + 900;
  trend_band(&up, points, due, &low, &high);
  trend_band(&other, down, due, &under, &above);
  NEAR(under, -high, 1e-9);
  NEAR(above, -low, 1e-9);
  assert_int_equal(trend_chance(&arena, &up, points, 21.3, COURSE_AT_LEAST, due, &chance), ERR_OK);
  assert_int_equal(trend_chance(&arena, &other, down, -21.3, COURSE_AT_MOST, due, &chance_down), ERR_OK);
  NEAR(chance_down, chance, 1e-12);
}

static void upside_down_it_is_the_same(void **state) {
  (void)state;
  uint32_t seed = 2013;
  for (int round = 0; round < 300; round++) {
    TrendPoint points[12];
    size_t count = 5 + (size_t)round % 8;
    for (size_t i = 0; i < count; i++) {
      seed = seed * 1664525u + 1013904223u;
      points[i] = (TrendPoint){(Day)(15000 + 365 * i + (seed >> 24)), 20 + (double)(seed >> 20) / 512 - 0.3 * (double)i};
    }
    mirrored(points, count);
  }
}

static void one_wild_point_does_not_move_it(void **state) {
  (void)state;
  TrendPoint points[9];
  for (int i = 0; i < 9; i++) points[i] = (TrendPoint){in_year(2011) + 300 * i, i == 4 ? 500 : 10 + i};
  Trend trend;
  assert_int_equal(trend_fit(&arena, points, 9, &trend), ERR_OK);
  NEAR(trend.slope, 365.25 / 300, 1e-9);
}

/* Six points of nothing, then ten: the trend over the first five has the sixth in its band, that over the first six has not the
 * seventh. By a trend over all seven it would. */
static void hits_are_counted_with_what_was_known_then(void **state) {
  (void)state;
  TrendPoint points[7];
  Trend trend;
  for (int i = 0; i < 7; i++) points[i] = (TrendPoint){in_year(2010) + 365 * i, i < 6 ? 0 : 10};
  assert_int_equal(trend_fit(&arena, points, 7, &trend), ERR_OK);
  assert_int_equal(trend.tries, 2);
  assert_int_equal(trend.hits, 1);
}

/* Within the points the band is as wide as the points lie apart; 28 - 10 = 18 years beyond the middle of 2010 to 2030 it is
 * wider by what the ends of the slope's interval make of those years. */
static void the_band_widens_beyond_the_points(void **state) {
  (void)state;
  const double values[] = {1, 3, 2, 5, 4, 9};
  TrendPoint points[6];
  Trend trend;
  double low, high;
  assert_int_equal(trend_fit(&arena, points, series(points, values, 6), &trend), ERR_OK);
  trend_band(&trend, points, in_year(2030), &low, &high);
  NEAR(low, trend_value(&trend, in_year(2030)) + trend.residual_low, 1e-9);
  NEAR(high, trend_value(&trend, in_year(2030)) + trend.residual_high, 1e-9);
  trend_band(&trend, points, in_year(2038), &low, &high);
  NEAR(low, 1 + 28.0 / 3 + trend.residual_low - 18 * (1.0 / 3 - 1.0 / 12), 1e-9);
  NEAR(high, 1 + 28.0 / 3 + trend.residual_high + 18 * (7.0 / 12 - 1.0 / 3), 1e-9);
  trend_band(&trend, points, in_year(2002), &low, &high);
  NEAR(low, 1 - 8.0 / 3 + trend.residual_low - 18 * (7.0 / 12 - 1.0 / 3), 1e-9);
}

static void a_suppressed_figure_counts_by_its_middle(void **state) {
  (void)state;
  CourseValue value = {.day = in_year(2018), .known_from = DAY_NONE, .superseded_on = DAY_NONE, .state = FIGURE_SUPPRESSED,
                       .value = NAN, .low = 1, .high = 4, .definition = 1, .complete = true};
  CourseInput in = {.values = &value, .value_count = 1, .as_of = in_year(2020)};
  TrendPoint *points;
  size_t count;
  assert_int_equal(trend_points(&arena, &in, &points, &count), ERR_OK);
  assert_int_equal(count, 1);
  NEAR(points[0].value, 2.5, 0);
}

static void too_few_points_give_none(void **state) {
  (void)state;
  const double values[] = {1, 2, 3, 4};
  TrendPoint points[4];
  Trend trend;
  assert_int_equal(trend_fit(&arena, points, series(points, values, 4), &trend), ERR_OK);
  assert_int_equal(trend.points, 0);
  double chance;
  assert_int_equal(trend_chance(&arena, &trend, points, 1, COURSE_AT_LEAST, 0, &chance), ERR_OK);
  assert_true(isnan(chance));
}

static void never_across_a_change_of_definition(void **state) {
  (void)state;
  CourseValue values[8];
  for (int i = 0; i < 8; i++)
    values[i] = (CourseValue){.day = in_year(2018 - i), .known_from = DAY_NONE, .superseded_on = DAY_NONE, .value = i,
                              .definition = i < 5 ? 2 : 1, .complete = true};
  values[1].complete = false;
  values[2].superseded_on = in_year(2012);
  CourseInput in = {.values = values, .value_count = 8, .as_of = in_year(2020)};
  TrendPoint *points;
  size_t count;
  assert_int_equal(trend_points(&arena, &in, &points, &count), ERR_OK);
  assert_int_equal(count, 3);
  assert_int_equal(points[0].day, in_year(2014));
  NEAR(points[2].value, 0, 0);
}

static int teardown(void **state) {
  (void)state;
  arena_clear(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(worked_by_hand),           cmocka_unit_test(a_straight_line_is_itself),
      cmocka_unit_test(one_wild_point_does_not_move_it), cmocka_unit_test(upside_down_it_is_the_same),
      cmocka_unit_test(too_few_points_give_none), cmocka_unit_test(hits_are_counted_with_what_was_known_then),
      cmocka_unit_test(the_band_widens_beyond_the_points), cmocka_unit_test(a_suppressed_figure_counts_by_its_middle),
      cmocka_unit_test(never_across_a_change_of_definition),
  };
  return cmocka_run_group_tests(tests, NULL, teardown);
}
