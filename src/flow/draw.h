/* SPDX-License-Identifier: EUPL-1.2 */
/* What an uncertain input is drawn from, written as "name=normal(0.06,0.01)". */
#ifndef PW_FLOW_DRAW_H
#define PW_FLOW_DRAW_H

#include "base/arena.h"

typedef enum FlowDistribution {
#define DISTRIBUTION(NAME, word, least, most, arguments) FLOW_DIST_##NAME,
#include "flow/distributions.def"
#undef DISTRIBUTION
  FLOW_DIST_FILE,   /* the values of a column of a file, member m takes row m: columns of one file stay joined */
  FLOW_DIST_COUNT
} FlowDistribution;

typedef struct FlowDraw {
  Str name;               /* the input, as FlowSpec.set takes it */
  FlowDistribution kind;
  double argument[4];     /* of the distribution, defaults filled in */
  Str path, column;       /* FLOW_DIST_FILE: where the values come from */
  const double *values;   /* FLOW_DIST_FILE: after flow_draw_load; in the arena */
  size_t value_count;
} FlowDraw;

/* Reads "name=word(arguments)" or "name=file(path,column)"; texts are borrowed from `text`. ERR_USAGE says what was
 * expected: the distributions' names, the number of arguments, low < high, a positive deviation. */
Err flow_draw_parse(Str text, FlowDraw *draw, ErrInfo *info) MUST_CHECK;

/* Reads the column of a FLOW_DIST_FILE draw into the arena (a CSV with a heading line); for others does nothing.
 * At least `members` rows are needed. ERR_NOT_FOUND, ERR_IO, ERR_INPUT with file, row and column. */
Err flow_draw_load(FlowDraw *draw, size_t members, Arena *arena, ErrInfo *info) MUST_CHECK;

/* The value at the point u of (0,1): the inverse of the cumulative distribution. Exact for uniform and triangular;
 * normal by Wichura's AS 241 (relative error about 1e-16), lognormal by it, beta by inverting the regularised incomplete
 * beta function (DLMF 8.17.22) to 1e-14. FLOW_DIST_FILE takes row `member` instead and ignores u. */
double flow_draw_value(const FlowDraw *draw, double u, size_t member);

/* The standard normal quantile of p in (0,1) (AS 241, PPND16). */
double flow_normal_quantile(double p);
/* The regularised incomplete beta function I_x(a, b), a and b positive, x in [0,1]. */
double flow_beta_cdf(double x, double a, double b);

#endif
