/* SPDX-License-Identifier: EUPL-1.2 */
/* Short models as text, run, and compared with values worked by hand. */
#ifndef PW_TEST_FLOW_MODEL_H
#define PW_TEST_FLOW_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "flow/flow.h"

#define DIMS "<dimensions><dim name=\"D\"><elem name=\"A\"/><elem name=\"B\"/><elem name=\"C\"/></dim>" \
  "<dim name=\"Part\"><elem name=\"B\"/><elem name=\"C\"/></dim><dim name=\"N\" size=\"4\"/></dimensions>"
#define HEAD(extra) "<xmile version=\"1.0\"><sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>" extra
#define MODEL(vars) HEAD(DIMS) "<model><variables>" vars "</variables></model></xmile>"
#define AUX(name, eqn) "<aux name=\"" name "\"><eqn>" eqn "</eqn></aux>"
#define OVER(dim) "<dimensions><dim name=\"" dim "\"/></dimensions>"

/* Off for models whose stocks do not hold what their flows make of them. */
static bool conserves = true;

static inline Err run_text(const char *text, const char *column, double dt, double *out, size_t rows, ErrInfo *info) {
  FlowModel *model = NULL;
  FlowProgram *program = NULL;
  FlowResult *result = NULL;
  Str save = str_from(column);
  FlowSpec spec = FLOW_SPEC_INIT;
  spec.save = &save;
  spec.save_count = column ? 1 : 0;
  spec.check_conservation = conserves;
  if (dt > 0) spec.dt = dt;
  FlowRun run = {.seed = 7};
  Err err = flow_open_text(&model, str_from(text), "model", NULL, info);
  if (err == ERR_OK) err = flow_compile(&program, model, &spec, info);
  if (err == ERR_OK) err = flow_run(&result, program, &run, info);
  if (err == ERR_OK) assert_true(rows <= flow_row_count(program));
  for (size_t i = 0; err == ERR_OK && i < rows; i++) out[i] = flow_result_get(result, i, 0);
  flow_result_free(result);
  flow_program_free(program);
  flow_close(model);
  return err;
}

static inline void expect(const char *text, const char *column, const double *wanted, size_t count) {
  double got[64];
  ErrInfo info = ERRINFO_INIT;
  if (run_text(text, column, 0, got, count, &info) != ERR_OK) { print_error("%s: %s\n", info.column, info.message); fail(); }
  for (size_t i = 0; i < count; i++)
    if (!(isnan(got[i]) && isnan(wanted[i])) && !(fabs(got[i] - wanted[i]) <= 1e-12 * fmax(1, fabs(wanted[i])))) {
      print_error("%s row %zu is %.17g, expected %.17g\n", column, i, got[i], wanted[i]);
      fail();
    }
}
#define EXPECT(text, column, ...) expect((text), (column), (const double[]){__VA_ARGS__}, \
                                         sizeof((double[]){__VA_ARGS__}) / sizeof(double))

#define EXPECT_LOOSE(...) do { conserves = false; EXPECT(__VA_ARGS__); conserves = true; } while (0)

static inline void refuse(const char *text, Err err, const char *wanted) {
  double got[1];
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(run_text(text, NULL, 0, got, 0, &info), err);
  if (!strstr(info.message, wanted)) { print_error("\"%s\" lacks \"%s\"\n", info.message, wanted); fail(); }
}

#endif
