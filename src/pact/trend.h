/* SPDX-License-Identifier: EUPL-1.2 */
/* The trend of a series of measurements: called trend and not forecast, because it only says how things went on so far.
 *
 * Theil-Sen: the median of the slopes of all pairs of points (H. Theil 1950, P. K. Sen 1968) and the median intercept; it
 * is not moved by a wild point. Only over points of one definition, and only from TREND_LEAST points. */
#ifndef PW_PACT_TREND_H
#define PW_PACT_TREND_H

#include "base/arena.h"
#include "pact/course.h"

enum { TREND_LEAST = 5, TREND_MOST = 400 };

typedef struct TrendPoint {
  Day day;
  double value;
} TrendPoint;

typedef struct Trend {
  size_t points;             /* points the trend is over; 0: too few comparable ones, the rest means nothing */
  double slope;              /* units per year of 365.25 days */
  double slope_low, slope_high;  /* about 90% interval of the slope by Kendall's tau (Sen 1968) */
  double intercept;          /* value at day 0 (1970-01-01) */
  double residual_low, residual_high;  /* 5% and 95% quantile of the points about the line */
  size_t tries, hits;        /* past points that a trend over the points before them could have shown: how many fell
                                within the band it would have drawn */
} Trend;

/* The comparable points among the values known as of a day: numbers that are no sums with gaps, of the definition of the
 * newest; the middle of the interval for a suppressed one; in order of day. *points is in the arena. */
Err trend_points(Arena *arena, const CourseInput *input, TrendPoint **points, size_t *count) MUST_CHECK;

/* The trend of points in order of day (days differ). The arena is used for work. ERR_LIMIT beyond TREND_MOST points. */
Err trend_fit(Arena *arena, const TrendPoint *points, size_t count, Trend *trend) MUST_CHECK;

/* The line, and the band about it, on a day. Beyond the points the band widens with the interval of the slope. */
double trend_value(const Trend *trend, Day day);
void trend_band(const Trend *trend, const TrendPoint *points, Day day, double *low, double *high);

/* The share of pairwise slopes by which the line, turned about its middle point, is at or past the target on the day: a
 * chance in the plain sense of "so many of the ways it went". NAN without a trend. */
Err trend_chance(Arena *arena, const Trend *trend, const TrendPoint *points, double target, CourseDirection direction, Day due,
                 double *chance) MUST_CHECK;

#endif
