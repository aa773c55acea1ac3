/* SPDX-License-Identifier: EUPL-1.2 */
/* Draws that need more than one uniform number. The k-th number of a draw has its own counter, so that a draw still
 * depends on its key only. */
#include <math.h>

#include "flow/run.h"

#define TRIES_MAX 1000u      /* of a rejection; the chance to need so many is below 1e-700 */

static double uniform(const DrawKey *key, uint32_t k) {
  return draw_uniform(key->seed, key->step, key->member, key->site ^ k << 20, key->element);
}

/* By inversion; a large mean is split into parts, as a sum of Poisson numbers is Poisson. */
double draw_poisson(const DrawKey *key, double mean) {
  double total = 0;
  if (!(mean > 0)) return 0;
  if (mean > 1e6) {
    double x = floor(mean + sqrt(mean) * normal_inverse(uniform(key, 0)) + 0.5);
    return x > 0 ? x : 0;
  }
  for (uint32_t part = 0; mean > 0; part++) {
    double part_mean = mean > 500 ? 500 : mean, p = exp(-part_mean), sum = p, k = 0, u = uniform(key, part);
    while (u > sum && k < 2000) { k++; p *= part_mean / k; sum += p; }
    total += k;
    mean -= part_mean;
  }
  return total;
}

/* Numbers from the `from`-th on: G. Marsaglia and W. W. Tsang, ACM Trans. Math. Softw. 26 (2000) 363-372. */
static double gamma_from(const DrawKey *key, double shape, uint32_t from) {
  if (!(shape > 0) || isinf(shape)) return (double)NAN;
  double boost = 1;
  if (shape < 1) { boost = pow(uniform(key, from), 1 / shape); shape += 1; }
  double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (uint32_t k = 0; k < TRIES_MAX; k++) {
    double x = normal_inverse(uniform(key, from + 1 + 2 * k)), v = 1 + c * x;
    if (v <= 0) continue;
    v = v * v * v;
    if (log(uniform(key, from + 2 + 2 * k)) < 0.5 * x * x + d - d * v + d * log(v)) return boost * d * v;
  }
  return boost * d;
}

double draw_gamma(const DrawKey *key, double shape, double scale) { return scale * gamma_from(key, shape, 0); }

static double beta_from(const DrawKey *key, double a, double b, uint32_t from) {
  double x = gamma_from(key, a, from), y = gamma_from(key, b, from + 400);
  return x / (x + y);
}

double draw_beta(const DrawKey *key, double a, double b) { return beta_from(key, a, b, 0); }

/* A middle one of the trials, in order of their uniform numbers, is beta distributed; on which side of it p lies halves
 * what is left to count (D. A. Relles, J. Amer. Statist. Assoc. 67 (1972) 612-613). */
double draw_binomial(const DrawKey *key, double trials, double p) {
  double n = floor(trials + 0.5), count = 0;
  uint32_t from = 0;
  if (!(n >= 0) || n > 1e9 || !(p >= 0 && p <= 1)) return (double)NAN;
  for (; n > 30; from += 61) {
    double a = 1 + floor(n / 2), b = n + 1 - a, x = beta_from(key, a, b, from);
    if (x >= p) { n = a - 1; p /= x; }
    else { count += a; n = b - 1; p = (p - x) / (1 - x); }
  }
  for (uint32_t k = 0; k < (uint32_t)n; k++) count += uniform(key, 3000 + k) < p;
  return count;
}
