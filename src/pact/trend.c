/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/trend.h"

#include <math.h>
#include <stdlib.h>

#define DAYS_PER_YEAR 365.25

static double years(Day day) { return (double)day / DAYS_PER_YEAR; }

static int by_number(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int by_day(const void *a, const void *b) {
  Day x = ((const TrendPoint *)a)->day, y = ((const TrendPoint *)b)->day;
  return (x > y) - (x < y);
}

/* Linear between the order statistics (Hyndman and Fan's type 7); `sorted` holds at least one number. */
static double quantile(const double *sorted, size_t count, double p) {
  double at = p * (double)(count - 1);
  size_t i = (size_t)floor(at);
  if (i + 1 >= count) return sorted[count - 1];
  return sorted[i] + (at - floor(at)) * (sorted[i + 1] - sorted[i]);
}

static bool usable(const CourseInput *in, const CourseValue *v) {
  return course_value_has_number(v) && v->complete && v->day <= in->as_of && course_value_counts(v, in->as_of, in->known_on);
}

Err trend_points(Arena *arena, const CourseInput *in, TrendPoint **points, size_t *count) {
  *count = 0;
  *points = ARENA_ARRAY(arena, TrendPoint, in->value_count ? in->value_count : 1);
  if (!*points) return ERR_MEMORY;
  const CourseValue *newest = NULL;
  for (size_t i = 0; i < in->value_count; i++)
    if (usable(in, &in->values[i]) && (!newest || in->values[i].day > newest->day)) newest = &in->values[i];
  for (size_t i = 0; newest && i < in->value_count; i++) {
    const CourseValue *v = &in->values[i];
    if (!usable(in, v) || v->definition != newest->definition) continue;
    double value = v->state == FIGURE_SUPPRESSED ? 0.5 * (v->low + v->high) : v->value;
    (*points)[(*count)++] = (TrendPoint){v->day, value};
  }
  qsort(*points, *count, sizeof **points, by_day);
  return ERR_OK;
}

/* All pairwise slopes, sorted. */
static double *pair_slopes(Arena *arena, const TrendPoint *points, size_t count, size_t *pairs) {
  double *slopes = ARENA_ARRAY(arena, double, count * (count - 1) / 2);
  *pairs = 0;
  if (!slopes) return NULL;
  for (size_t i = 0; i < count; i++)
    for (size_t j = i + 1; j < count; j++)
      if (points[j].day > points[i].day)
        slopes[(*pairs)++] = (points[j].value - points[i].value) / (years(points[j].day) - years(points[i].day));
  qsort(slopes, *pairs, sizeof *slopes, by_number);
  return slopes;
}

/* Sen's interval of the slope: of the N ordered slopes, counted from 1, the one at (N - C)/2 and the one after (N + C)/2, as
 * many left out below as above; C from the variance of Kendall's S, n(n-1)(2n+5)/18, and the normal quantile 1.645 for 90%. */
static void slope_interval(Trend *trend, const double *slopes, size_t pairs, size_t count) {
  double n = (double)count, c = 1.6448536269514722 * sqrt(n * (n - 1) * (2 * n + 5) / 18);
  double low = ((double)pairs - c) / 2, high = ((double)pairs + c) / 2;
  trend->slope_low = slopes[low < 1 ? 0 : (size_t)floor(low) - 1];
  trend->slope_high = slopes[high >= (double)pairs ? pairs - 1 : (size_t)ceil(high)];
}

static Err fit_line(Arena *arena, const TrendPoint *points, size_t count, Trend *trend) {
  *trend = (Trend){.points = 0};
  if (count < TREND_LEAST) return ERR_OK;
  size_t pairs;
  double *slopes = pair_slopes(arena, points, count, &pairs);
  double *rest = ARENA_ARRAY(arena, double, count);
  if (!slopes || !rest) return ERR_MEMORY;
  if (pairs == 0) return ERR_OK;
  trend->points = count;
  trend->slope = quantile(slopes, pairs, 0.5);
  slope_interval(trend, slopes, pairs, count);
  for (size_t i = 0; i < count; i++) rest[i] = points[i].value - trend->slope * years(points[i].day);
  qsort(rest, count, sizeof *rest, by_number);
  trend->intercept = quantile(rest, count, 0.5);
  trend->residual_low = quantile(rest, count, 0.05) - trend->intercept;
  trend->residual_high = quantile(rest, count, 0.95) - trend->intercept;
  return ERR_OK;
}

Err trend_fit(Arena *arena, const TrendPoint *points, size_t count, Trend *trend) {
  if (count > TREND_MOST) return ERR_LIMIT;
  TRY(fit_line(arena, points, count, trend));
  if (!trend->points) return ERR_OK;
  size_t tries = 0, hits = 0;
  for (size_t known = TREND_LEAST; known < count; known++) {
    Trend then;
    TRY(fit_line(arena, points, known, &then));
    if (!then.points) continue;
    double low, high;
    trend_band(&then, points, points[known].day, &low, &high);
    tries++;
    hits += points[known].value >= low && points[known].value <= high;
  }
  trend->tries = tries;
  trend->hits = hits;
  return ERR_OK;
}

double trend_value(const Trend *trend, Day day) {
  return trend->intercept + trend->slope * years(day);
}

void trend_band(const Trend *trend, const TrendPoint *points, Day day, double *low, double *high) {
  Day first = points[0].day, last = points[trend->points - 1].day;
  double middle = trend_value(trend, day), beyond = 0;
  /* the lines with the extreme slopes cross at the middle of the points; only what lies outside the points widens */
  if (day > last || day < first) beyond = fabs(years(day) - 0.5 * (years(first) + years(last)));
  *low = middle + trend->residual_low - beyond * (day > last ? trend->slope - trend->slope_low : trend->slope_high - trend->slope);
  *high = middle + trend->residual_high + beyond * (day > last ? trend->slope_high - trend->slope : trend->slope - trend->slope_low);
}

Err trend_chance(Arena *arena, const Trend *trend, const TrendPoint *points, double target, CourseDirection direction, Day due,
                 double *chance) {
  *chance = NAN;
  if (!trend->points || isnan(target)) return ERR_OK;
  size_t pairs, past = 0;
  double *slopes = pair_slopes(arena, points, trend->points, &pairs);
  if (!slopes) return ERR_MEMORY;
  double middle = 0.5 * (years(points[0].day) + years(points[trend->points - 1].day));
  double there = trend->intercept + trend->slope * middle;
  for (size_t i = 0; i < pairs; i++) {
    double end = there + slopes[i] * (years(due) - middle);
    past += direction == COURSE_AT_LEAST ? end >= target : end <= target;
  }
  *chance = (double)past / (double)pairs;
  return ERR_OK;
}
