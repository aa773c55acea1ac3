/* SPDX-License-Identifier: EUPL-1.2 */
/* The distributions of the random functions against their closed forms: the distance of Kolmogorov and Smirnov for those
 * that are continuous, chi-square for those that count, and mean and variance of all. The seed is fixed: a test either
 * always passes or never does. Bounds are those that a right distribution exceeds once in a thousand seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "flow/flow.h"

enum { DRAWS = 40000 };

/* A draw per element of an array of 200, over 200 steps. */
static double *draws_of(const char *equation) {
  char text[800];
  FlowModel *model;
  FlowProgram *program;
  FlowResult *result;
  ErrInfo info = ERRINFO_INIT;
  Str save = S("r");
  FlowSpec spec = FLOW_SPEC_INIT;
  spec.save = &save;
  spec.save_count = 1;
  FlowRun run = {.seed = 2024};
  snprintf(text, sizeof text, "<xmile><sim_specs><start>0</start><stop>199</stop></sim_specs><dimensions><dim name=\"D\" size=\"200\"/>"
           "</dimensions><model><variables><aux name=\"r\"><dimensions><dim name=\"D\"/></dimensions><eqn>%s</eqn></aux></variables>"
           "</model></xmile>", equation);
  assert_int_equal(flow_open_text(&model, str_from(text), "draws", NULL, &info), ERR_OK);
  if (flow_compile(&program, model, &spec, &info) != ERR_OK) { print_error("%s: %s\n", equation, info.message); fail(); }
  assert_int_equal(flow_run(&result, program, &run, &info), ERR_OK);
  double *values = mem_alloc(DRAWS * sizeof *values);
  assert_non_null(values);
  for (size_t i = 0; i < DRAWS; i++) values[i] = flow_result_get(result, i / 200, i % 200);
  flow_result_free(result);
  flow_program_free(program);
  flow_close(model);
  return values;
}

/* Within 4.5 standard errors; the variance's by the fourth moment of the draws themselves. */
static void check_moments(const char *equation, const double *x, double mean, double variance) {
  double m = 0, m2 = 0, m4 = 0;
  for (size_t i = 0; i < DRAWS; i++) m += x[i] / DRAWS;
  for (size_t i = 0; i < DRAWS; i++) {
    double d = (x[i] - mean) * (x[i] - mean);
    m2 += d / DRAWS;
    m4 += d * d / DRAWS;
  }
  double off_mean = fabs(m - mean) / sqrt(variance / DRAWS), off_variance = fabs(m2 - variance) / sqrt((m4 - m2 * m2) / DRAWS);
  if (off_mean < 4.5 && off_variance < 4.5) return;
  print_error("%s: mean %.6g, expected %.6g; variance %.6g, expected %.6g\n", equation, m, mean, m2, variance);
  fail();
}

static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

typedef double (*Cdf)(double x);

static void continuous(const char *equation, Cdf cdf, double mean, double variance) {
  double *x = draws_of(equation), distance = 0;
  check_moments(equation, x, mean, variance);
  qsort(x, DRAWS, sizeof *x, rising);
  for (size_t i = 0; i < DRAWS; i++) {
    double f = cdf(x[i]);
    distance = fmax(distance, fmax(fabs(f - (double)i / DRAWS), fabs(f - (double)(i + 1) / DRAWS)));
  }
  mem_free(x);
  if (distance * sqrt(DRAWS) < 1.95) return;     /* Kolmogorov's distribution: exceeded once in a thousand */
  print_error("%s: the distance of Kolmogorov and Smirnov is %.4f, expected less than %.4f\n", equation, distance, 1.95 / sqrt(DRAWS));
  fail();
}

typedef double (*Pmf)(int k);

/* Chi-square over the values that are expected at least 20 times, the rest together. */
static void counting(const char *equation, Pmf pmf, double mean, double variance) {
  enum { MOST = 400 };
  double *x = draws_of(equation), seen[MOST] = {0}, rest_seen = 0, rest = DRAWS, chi = 0;
  int cells = 0;
  check_moments(equation, x, mean, variance);
  for (size_t i = 0; i < DRAWS; i++) {
    assert_true(x[i] >= 0 && x[i] < MOST && x[i] == floor(x[i]));
    seen[(int)x[i]]++;
  }
  for (int k = 0; k < MOST; k++) {
    double expected = pmf(k) * DRAWS;
    if (expected < 20) { rest_seen += seen[k]; continue; }
    chi += (seen[k] - expected) * (seen[k] - expected) / expected;
    rest -= expected;
    cells++;
  }
  if (rest > 5) { chi += (rest_seen - rest) * (rest_seen - rest) / rest; cells++; }
  mem_free(x);
  /* exceeded once in a thousand (E. B. Wilson and M. M. Hilferty, 1931) */
  double k = cells - 1, bound = k * pow(1 - 2 / (9 * k) + 3.0902 * sqrt(2 / (9 * k)), 3);
  if (chi < bound) return;
  print_error("%s: chi-square is %.1f over %d cells, expected less than %.1f\n", equation, chi, cells, bound);
  fail();
}

static double phi(double x) { return 0.5 * erfc(-x / sqrt(2)); }
static double density(double x) { return exp(-x * x / 2) / sqrt(2 * acos(-1)); }

static double uniform_cdf(double x) { return (x - 2) / 3; }
static double normal_cdf(double x) { return phi((x - 10) / 3); }
static double exponential_cdf(double x) { return 1 - exp(-x / 4); }
static double logistic_cdf(double x) { return 1 / (1 + exp(-(x - 5) / 2)); }
static double weibull_cdf(double x) { return 1 - exp(-(x / 2) * (x / 2)); }
static double pareto_cdf(double x) { return 1 - pow(2 / x, 5); }
static double triangular_cdf(double x) { return x < 2 ? (x - 1) * (x - 1) / 4 : 1 - (5 - x) * (5 - x) / 12; }
static double lognormal_cdf(double x) { return phi((log(x) - log(3) + log(1.25) / 2) / sqrt(log(1.25))); }
static double gamma3_cdf(double x) { double t = x / 2; return 1 - exp(-t) * (1 + t + t * t / 2); }       /* Erlang */
static double gamma_half_cdf(double x) { return erf(sqrt(x)); }
static double beta_cdf(double x) { return x * x * (6 - 8 * x + 3 * x * x); }           /* 12 x (1 - x)^2 integrated */
static double arcsine_cdf(double x) { return 2 / acos(-1) * asin(sqrt(x)); }
static double within_cdf(double x) { return (phi((x - 10) / 3) - phi(-1)) / (phi(2.0 / 3) - phi(-1)); }
static double above_cdf(double x) { return (phi(x) - phi(1)) / (1 - phi(1)); }

static void draws_of_a_size(void **state) {
  (void)state;
  continuous("RANDOM(2, 5)", uniform_cdf, 3.5, 0.75);
  continuous("UNIFORM(2, 5, 77 + D)", uniform_cdf, 3.5, 0.75);
  continuous("NORMAL(10, 3)", normal_cdf, 10, 9);
  continuous("EXPRND(4)", exponential_cdf, 4, 16);
  continuous("LOGNORMAL(3, 1.5)", lognormal_cdf, 3, 2.25);       /* sigma^2 = ln(1 + (1.5/3)^2) = ln 1.25 */
  continuous("LOGISTIC(5, 2)", logistic_cdf, 5, 4 * acos(-1) * acos(-1) / 3);
  continuous("WEIBULL(2, 2)", weibull_cdf, sqrt(acos(-1)), 4 - acos(-1));
  continuous("PARETO(5, 2)", pareto_cdf, 2.5, 5.0 / 12);         /* 5*2/4; 4*5/(16*3) */
  continuous("TRIANGULAR(1, 2, 5)", triangular_cdf, 8.0 / 3, 13.0 / 18);
  continuous("GAMMA(3, 2)", gamma3_cdf, 6, 12);
  continuous("GAMMA(0.5)", gamma_half_cdf, 0.5, 0.5);
  continuous("BETA(2, 3)", beta_cdf, 0.4, 0.04);
  continuous("BETA(0.5, 0.5)", arcsine_cdf, 0.5, 0.125);
}

/* Between -1 and 2/3 deviations, and beyond 1: mean and variance by the truncated normal's closed form (N. L. Johnson, S. Kotz
 * and N. Balakrishnan, Continuous Univariate Distributions 1, 1994, 13.10.1). */
static void bounded(void **state) {
  (void)state;
  double a = -1, b = 2.0 / 3, z = phi(b) - phi(a), e = (density(a) - density(b)) / z;
  continuous("NORMAL(10, 3, 5 + D, 7, 12)", within_cdf, 10 + 3 * e, 9 * (1 + (a * density(a) - b * density(b)) / z - e * e));
  double h = density(1) / (1 - phi(1));
  continuous("NORMAL(0, 1, 5 + D, 1)", above_cdf, h, 1 + h - h * h);
  double *x = draws_of("NORMAL(10, 3, 5 + D, 7, 12)");
  for (size_t i = 0; i < DRAWS; i++) assert_true(x[i] >= 7 && x[i] <= 12);
  mem_free(x);
}

static double poisson(int k, double mean) { return exp(k * log(mean) - mean - lgamma(k + 1.0)); }
static double binomial(int k, double n, double p) {
  return k > n ? 0 : exp(lgamma(n + 1) - lgamma(k + 1.0) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p));
}
static double poisson_4(int k) { return poisson(k, 4); }
static double poisson_150(int k) { return poisson(k, 150); }
static double binomial_20(int k) { return binomial(k, 20, 0.3); }
static double binomial_500(int k) { return binomial(k, 500, 0.4); }

static void draws_of_a_number(void **state) {
  (void)state;
  counting("POISSON(4)", poisson_4, 4, 4);
  counting("POISSON(150)", poisson_150, 150, 150);
  counting("BINOMIAL(20, 0.3)", binomial_20, 6, 4.2);
  counting("BINOMIAL(500, 0.4)", binomial_500, 200, 120);        /* halved many times */
  double *x = draws_of("POISSON(1200)");                         /* in parts of 500 */
  check_moments("POISSON(1200)", x, 1200, 1200);
  mem_free(x);
  x = draws_of("BINOMIAL(1000000, 0.001)");
  check_moments("BINOMIAL(1000000, 0.001)", x, 1000, 999);
  mem_free(x);
}

/* Elements, steps and calls draw apart from each other: no correlation between neighbours of any of the three. */
static void apart(void **state) {
  (void)state;
  double *x = draws_of("NORMAL(0, 1)"), *y = draws_of("NORMAL(0, 1)*0 + NORMAL(0, 1)"), elements = 0, steps = 0, calls = 0;
  for (size_t i = 0; i + 200 < DRAWS; i++) {
    elements += x[i] * x[i + 1];
    steps += x[i] * x[i + 200];
    calls += x[i] * y[i];
  }
  assert_true(fabs(elements) < 4 * sqrt(DRAWS) && fabs(steps) < 4 * sqrt(DRAWS) && fabs(calls) < 4 * sqrt(DRAWS));
  mem_free(x);
  mem_free(y);
  double *again = draws_of("GAMMA(2, 1)"), *same = draws_of("GAMMA(2, 1)");
  assert_memory_equal(again, same, DRAWS * sizeof *again);
  mem_free(again);
  mem_free(same);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(draws_of_a_size), cmocka_unit_test(bounded), cmocka_unit_test(draws_of_a_number),
                                     cmocka_unit_test(apart)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
