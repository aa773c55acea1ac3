/* SPDX-License-Identifier: EUPL-1.2 */
/* Draws, designs, summaries, sensitivity indices and Shapley values against closed forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "flow/draw.h"
#include "flow/sensitivity.h"
#include "flow/shapley.h"
#include "flow/summary.h"

#define NEAR(value, expected, tolerance) assert_true(fabs((value) - (expected)) <= (tolerance))

static void draws_are_read(void **state) {
  (void)state;
  FlowDraw draw;
  assert_int_equal(flow_draw_parse(S("dropout rate=normal(0.06, 0.01)"), &draw, NULL), ERR_OK);
  assert_true(str_eq(draw.name, S("dropout rate")));
  assert_int_equal(draw.kind, FLOW_DIST_NORMAL);
  assert_true(draw.argument[0] == 0.06 && draw.argument[1] == 0.01);
  assert_int_equal(flow_draw_parse(S("\"a=b\"=UNIFORM(-1,1)"), &draw, NULL), ERR_OK);
  assert_true(str_eq(draw.name, S("\"a=b\"")));
  assert_int_equal(flow_draw_parse(S("x=beta(2,3)"), &draw, NULL), ERR_OK);
  assert_true(draw.argument[2] == 0 && draw.argument[3] == 1);
  const char *wrong[] = {"x", "x=", "x=normal", "x=normal(1)", "x=normal(1,0)", "x=normal(1,-1)", "x=uniform(2,1)", "x=cauchy(0,1)",
                         "x=triangular(0,5,4)", "x=uniform(1,2", "=uniform(1,2)", "x=uniform(a,2)", "x=beta(1,2,3)", "x=file(p)"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ErrInfo info = ERRINFO_INIT;
    assert_int_equal(flow_draw_parse(str_from(wrong[i]), &draw, &info), ERR_USAGE);
    assert_true(strlen(info.message) > 10);
  }
}

static double value_of(const char *text, double u) {
  FlowDraw draw;
  assert_int_equal(flow_draw_parse(str_from(text), &draw, NULL), ERR_OK);
  return flow_draw_value(&draw, u, 0);
}

static void quantiles_of_distributions(void **state) {
  (void)state;
  NEAR(flow_normal_quantile(0.975), 1.959963984540054, 1e-15);
  NEAR(flow_normal_quantile(1e-10), -6.361340902404056, 1e-14);
  NEAR(flow_normal_quantile(0.5), 0, 0);
  for (double p = 0.0005; p < 1; p += 0.0005) NEAR(0.5 * erfc(-flow_normal_quantile(p) / sqrt(2)), p, 2e-15);
  NEAR(value_of("x=normal(10,2)", 0.975), 10 + 2 * 1.959963984540054, 1e-14);
  NEAR(value_of("x=lognormal(1,0.5)", 0.5), exp(1), 1e-15);
  NEAR(value_of("x=uniform(-2,6)", 0.25), 0, 0);
  /* triangular(0,1,4): F(1) = 1/4; F(2) = 1 - 4/12 */
  NEAR(value_of("x=triangular(0,1,4)", 0.25), 1, 1e-15);
  NEAR(value_of("x=triangular(0,1,4)", 1 - 4.0 / 12), 2, 1e-15);
  /* I_x(2,2) = 3x^2 - 2x^3; I_x(1,b) = 1 - (1-x)^b; I_x(a,1) = x^a; I_x(1/2,1/2) = 2/pi asin sqrt x */
  NEAR(flow_beta_cdf(0.3, 2, 2), 3 * 0.09 - 2 * 0.027, 1e-15);
  NEAR(flow_beta_cdf(0.3, 1, 7), 1 - pow(0.7, 7), 1e-15);
  NEAR(flow_beta_cdf(0.9, 5, 1), pow(0.9, 5), 1e-15);
  NEAR(flow_beta_cdf(0.2, 0.5, 0.5), 2 / acos(-1) * asin(sqrt(0.2)), 1e-14);
  NEAR(value_of("x=beta(2,2)", 3 * 0.09 - 2 * 0.027), 0.3, 1e-14);
  NEAR(value_of("x=beta(5,1,10,20)", pow(0.9, 5)), 19, 1e-13);
}

static void values_from_a_file(void **state) {
  (void)state;
  char path[] = "/tmp/pactwijzer-draw-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  const char text[] = "uitval;groei\n0.05;1\n0.07;-2\n0.06;x\n";
  assert_int_equal(write(fd, text, sizeof text - 1), (ssize_t)sizeof text - 1);
  close(fd);
  Arena arena;
  arena_init(&arena, 0);
  FlowDraw draw;
  char spec[100];
  snprintf(spec, sizeof spec, "dropout=file(%s,uitval)", path);
  assert_int_equal(flow_draw_parse(str_from(spec), &draw, NULL), ERR_OK);
  assert_int_equal(flow_draw_load(&draw, 3, &arena, NULL), ERR_OK);
  assert_true(flow_draw_value(&draw, 0.9, 1) == 0.07);
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(flow_draw_load(&draw, 4, &arena, &info), ERR_INPUT);
  assert_non_null(strstr(info.message, "3 rows"));
  snprintf(spec, sizeof spec, "growth=file(%s,groei)", path);
  assert_int_equal(flow_draw_parse(str_from(spec), &draw, NULL), ERR_OK);
  assert_int_equal(flow_draw_load(&draw, 3, &arena, &info), ERR_INPUT);
  assert_int_equal(info.row, 4);
  assert_string_equal(info.column, "groei");
  snprintf(spec, sizeof spec, "growth=file(%s,nope)", path);
  assert_int_equal(flow_draw_parse(str_from(spec), &draw, NULL), ERR_OK);
  assert_int_equal(flow_draw_load(&draw, 1, &arena, &info), ERR_INPUT);
  unlink(path);
  assert_int_equal(flow_draw_load(&draw, 1, &arena, &info), ERR_NOT_FOUND);
  arena_clear(&arena);
}

static void latin_strata_hold_one_each(void **state) {
  (void)state;
  enum { N = 1003, D = 5 };
  FlowDesign design;
  assert_int_equal(flow_design_init(&design, (FlowDesign){FLOW_LATIN, N, D, 42}, NULL), ERR_OK);
  for (size_t d = 0; d < D; d++) {
    char seen[N] = {0};
    for (size_t m = 0; m < N; m++) {
      double u = flow_design_point(&design, m, d);
      assert_true(u > 0 && u < 1);
      seen[(size_t)(u * N)]++;
    }
    for (size_t m = 0; m < N; m++) assert_int_equal(seen[m], 1);
  }
}

static void permutations_are_permutations(void **state) {
  (void)state;
  for (uint64_t n = 1; n < 70; n++) {
    uint64_t seen[70] = {0};
    bool moved = false;
    for (uint64_t i = 0; i < n; i++) {
      uint64_t at = flow_permute(7, 3, n, i);
      assert_true(at < n);
      seen[at]++;
      moved |= at != i;
    }
    for (uint64_t i = 0; i < n; i++) assert_int_equal(seen[i], 1);
    assert_true(moved || n < 3);
  }
}

/* The published beginning of the sequence in three dimensions (Joe and Kuo), up to order within a block of 2^k and the
 * digital shift: undone here by XOR with the shift that point 0 shows. */
static void sobol_begins_as_published(void **state) {
  (void)state;
  static const double expected[8][3] = {{0, 0, 0},         {0.5, 0.5, 0.5},     {0.25, 0.75, 0.75},  {0.75, 0.25, 0.25},
                                        {0.125, 0.625, 0.375}, {0.625, 0.125, 0.875}, {0.375, 0.375, 0.625}, {0.875, 0.875, 0.125}};
  FlowDesign design;
  assert_int_equal(flow_design_init(&design, (FlowDesign){FLOW_SOBOL, 8, 3, 5}, NULL), ERR_OK);
  for (size_t d = 0; d < 3; d++) {
    uint32_t shift = (uint32_t)(flow_design_point(&design, 0, d) * 0x1p32);
    for (size_t m = 0; m < 8; m++) {
      uint32_t x = (uint32_t)(flow_design_point(&design, m, d) * 0x1p32) ^ shift;
      NEAR(x * 0x1p-32, expected[m][d], 0);
    }
  }
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(flow_design_init(&design, (FlowDesign){FLOW_SOBOL, 8, 33, 5}, &info), ERR_LIMIT);
}

/* Property A of a digital net: each of the first 2^k points falls into a stratum of its own, in every dimension. */
static void sobol_strata_hold_one_each(void **state) {
  (void)state;
  enum { N = 1024 };
  FlowDesign design;
  assert_int_equal(flow_design_init(&design, (FlowDesign){FLOW_SOBOL, N, FLOW_SOBOL_DIMENSIONS, 1}, NULL), ERR_OK);
  for (size_t d = 0; d < FLOW_SOBOL_DIMENSIONS; d++) {
    char seen[N] = {0};
    for (size_t m = 0; m < N; m++) seen[(size_t)(flow_design_point(&design, m, d) * N)]++;
    for (size_t m = 0; m < N; m++) assert_int_equal(seen[m], 1);
  }
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void quantiles_stay_within_the_stated_error(void **state) {
  (void)state;
  enum { N = 20000 };
  static double values[N];
  FlowSummary summary;
  flow_summary_init(&summary);
  for (size_t i = 0; i < N; i++) {
    double z = flow_normal_quantile(flow_uniform(1, i, 0, 0));
    values[i] = i % 10 == 0 ? 0 : i % 3 ? exp(4 * z) : -1000 - 300 * z;
    assert_int_equal(flow_summary_add(&summary, values[i]), ERR_OK);
  }
  assert_int_equal(flow_summary_add(&summary, NAN), ERR_OK);
  assert_int_equal(summary.missing, 1);
  qsort(values, N, sizeof *values, by_value);
  for (int percent = 0; percent <= 100; percent++) {
    double p = percent / 100.0, exact = values[(size_t)floor(p * (N - 1))];
    NEAR(flow_summary_quantile(&summary, p), exact, FLOW_SKETCH_ERROR * fabs(exact) * (1 + 1e-9));
  }
  double mean = 0, squares = 0;
  for (size_t i = 0; i < N; i++) mean += values[i] / N;
  for (size_t i = 0; i < N; i++) squares += (values[i] - mean) * (values[i] - mean);
  NEAR(summary.mean, mean, fabs(mean) * 1e-9);
  NEAR(flow_summary_deviation(&summary), sqrt(squares / (N - 1)), 1e-6 * sqrt(squares / (N - 1)));
  assert_true(flow_summary_bytes(&summary) < 200000);
  flow_summary_clear(&summary);
  assert_true(isnan(flow_summary_quantile(&summary, 0.5)));
}

static void a_summary_survives_lack_of_memory(void **state) {
  (void)state;
  FlowSummary summary;
  flow_summary_init(&summary);
  assert_int_equal(flow_summary_add(&summary, 5), ERR_OK);
  mem_fail_at(1, 1);
  assert_int_equal(flow_summary_add(&summary, 1e9), ERR_MEMORY);
  mem_fail_at(0, 0);
  assert_int_equal(summary.count, 1);
  NEAR(flow_summary_quantile(&summary, 0.5), 5, 0.005);
  flow_summary_clear(&summary);
}

/* Ishigami and Homma (1990): f = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on (-pi, pi)^3; closed-form indices. */
static double ishigami(const double *u) {
  double x[3];
  for (int i = 0; i < 3; i++) x[i] = acos(-1) * (2 * u[i] - 1);
  return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * pow(x[2], 4) * sin(x[0]);
}

static void ishigami_indices(FlowSampling sampling, size_t rows, double tolerance) {
  FlowDesign design;
  assert_int_equal(flow_design_init(&design, (FlowDesign){sampling, rows, 6, 11}, NULL), ERR_OK);
  FlowSensitivity *s;
  assert_int_equal(flow_sensitivity_new(&s, 3, 2, NULL), ERR_OK);
  for (size_t m = 0; m < flow_sensitivity_members(rows, 3); m++) {
    double u[3];
    for (size_t i = 0; i < 3; i++) u[i] = flow_sensitivity_point(&design, 3, m, i);
    flow_sensitivity_add(s, 0, m, ishigami(u));
    flow_sensitivity_add(s, 1, m, 1e6 + ishigami(u));  /* a shifted output has the same indices */
  }
  static const double first[3] = {0.3139, 0.4424, 0}, total[3] = {0.5576, 0.4424, 0.2437};
  for (size_t cell = 0; cell < 2; cell++)
    for (size_t i = 0; i < 3; i++) {
      FlowIndex index = flow_sensitivity_index(s, cell, i);
      NEAR(index.first, first[i], tolerance);
      NEAR(index.total, total[i], tolerance);
      NEAR(index.first, first[i], 5 * index.first_error + 1e-4);  /* the stated error is not too small */
      assert_true(index.first_error > 0 || i == 2);
    }
  double mean, variance;
  flow_sensitivity_output(s, 0, &mean, &variance);
  NEAR(mean, 3.5, 0.1);
  NEAR(variance, 13.8446, 0.3);
  flow_sensitivity_free(s);
}

static void sensitivity_of_ishigami(void **state) {
  (void)state;
  ishigami_indices(FLOW_SOBOL, 16384, 0.005);
  ishigami_indices(FLOW_LATIN, 16384, 0.03);
  ishigami_indices(FLOW_PLAIN, 16384, 0.03);
}

static void an_output_that_does_not_vary_has_no_indices(void **state) {
  (void)state;
  FlowSensitivity *s;
  assert_int_equal(flow_sensitivity_new(&s, 2, 1, NULL), ERR_OK);
  for (size_t m = 0; m < 40; m++) flow_sensitivity_add(s, 0, m, m == 7 ? NAN : 3);
  assert_true(isnan(flow_sensitivity_index(s, 0, 0).first));
  size_t left_out;
  assert_int_equal(flow_sensitivity_rows(s, 0, &left_out), 9);
  assert_int_equal(left_out, 1);
  flow_sensitivity_free(s);
}

/* A game with a closed form: each switch adds w_i, and every pair that is on together adds c w_i w_j, which two share
 * equally: the value of i is w_i + c w_i (W - w_i) / 2. */
static double game(const FlowShapley *s, size_t n, size_t member) {
  double sum = 10, pairs = 0, on = 0;
  for (size_t i = 0; i < n; i++)
    if (flow_shapley_on(s, member, i)) {
      double w = (double)(i + 1);
      sum += w;
      pairs += w * on;
      on += w;
    }
  return sum + 0.5 * pairs;
}

static void shapley_of(size_t n, size_t pairs, bool exact) {
  FlowShapley *s;
  assert_int_equal(flow_shapley_new(&s, n, 1, pairs, 3, NULL), ERR_OK);
  assert_int_equal(flow_shapley_exact(s), exact);
  for (size_t m = 0; m < flow_shapley_members(s); m++) flow_shapley_add(s, 0, m, game(s, n, m));
  double all = (double)(n * (n + 1)) / 2, sum = 0, off, on;
  flow_shapley_ends(s, 0, &off, &on);
  NEAR(off, 10, 0);
  for (size_t i = 0; i < n; i++) {
    double w = (double)(i + 1), expected = w + 0.5 * w * (all - w) / 2;
    FlowContribution c = flow_shapley_value(s, 0, i);
    /* an order and its reverse give this game's value exactly, so sampling finds it too */
    NEAR(c.value, expected, 1e-9 * expected);
    NEAR(c.error, 0, 1e-6 * expected);
    sum += c.value;
  }
  NEAR(sum, on - off, 1e-9 * on);
  flow_shapley_free(s);
}

static void shapley_values(void **state) {
  (void)state;
  shapley_of(1, 0, true);
  shapley_of(3, 0, true);
  shapley_of(12, 0, true);
  shapley_of(13, 4, false);
  shapley_of(40, 3, false);
  ErrInfo info = ERRINFO_INIT;
  FlowShapley *s;
  assert_int_equal(flow_shapley_new(&s, 1000, 1, 1, 1, &info), ERR_LIMIT);
}

/* A game that sampling does not find exactly: the product of three of fourteen switches; each of the three is worth 1/3,
 * the others nothing. The stated error must cover the difference. */
static void shapley_error_is_honest(void **state) {
  (void)state;
  FlowShapley *s;
  assert_int_equal(flow_shapley_new(&s, 14, 1, 400, 9, NULL), ERR_OK);
  for (size_t m = 0; m < flow_shapley_members(s); m++)
    flow_shapley_add(s, 0, m, flow_shapley_on(s, m, 0) && flow_shapley_on(s, m, 5) && flow_shapley_on(s, m, 13) ? 1 : 0);
  for (size_t i = 0; i < 14; i++) {
    FlowContribution c = flow_shapley_value(s, 0, i);
    bool counts = i == 0 || i == 5 || i == 13;
    NEAR(c.value, counts ? 1.0 / 3 : 0, 4.5 * c.error + 1e-12);
    assert_true(counts ? c.error > 0.001 && c.error < 0.03 : c.error == 0);
  }
  flow_shapley_free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(draws_are_read),
      cmocka_unit_test(quantiles_of_distributions),
      cmocka_unit_test(values_from_a_file),
      cmocka_unit_test(latin_strata_hold_one_each),
      cmocka_unit_test(permutations_are_permutations),
      cmocka_unit_test(sobol_begins_as_published),
      cmocka_unit_test(sobol_strata_hold_one_each),
      cmocka_unit_test(quantiles_stay_within_the_stated_error),
      cmocka_unit_test(a_summary_survives_lack_of_memory),
      cmocka_unit_test(sensitivity_of_ishigami),
      cmocka_unit_test(an_output_that_does_not_vary_has_no_indices),
      cmocka_unit_test(shapley_values),
      cmocka_unit_test(shapley_error_is_honest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
