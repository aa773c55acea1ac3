/* SPDX-License-Identifier: EUPL-1.2 */
/* The cases of tests/table/flow_equations.txt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "flow/flow.h"

static const char HEAD[] =
  "<xmile version=\"1.0\"><header><vendor>t</vendor></header><sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>"
  "<dimensions><dim name=\"D\"><elem name=\"A\"/><elem name=\"B\"/><elem name=\"C\"/></dim>"
  "<dim name=\"E\"><elem name=\"P\"/><elem name=\"Q\"/></dim></dimensions><model><variables>"
  "<aux name=\"x\"><eqn>2*TIME</eqn></aux><aux name=\"k\"><eqn>3</eqn></aux><aux name=\"neg\"><eqn>-k</eqn></aux>"
  "<stock name=\"grow\"><eqn>1</eqn><inflow>growing</inflow></stock><flow name=\"growing\"><eqn>grow</eqn></flow>"
  "<gf name=\"g\"><xscale min=\"0\" max=\"10\"/><ypts>0,5,20</ypts></gf>"
  "<gf name=\"ext\" type=\"extrapolate\"><xpts>0,5,10</xpts><ypts>0,5,20</ypts></gf>"
  "<gf name=\"disc\" type=\"discrete\"><xpts>0,5,10</xpts><ypts>1,2,2</ypts></gf>"
  "<aux name=\"a\"><dimensions><dim name=\"D\"/></dimensions><element subscript=\"A\"><eqn>4</eqn></element>"
  "<element subscript=\"B\"><eqn>1</eqn></element><element subscript=\"C\"><eqn>9</eqn></element></aux>"
  "<aux name=\"b\"><dimensions><dim name=\"D\"/></dimensions><eqn>10*D</eqn></aux>"
  "<aux name=\"m\"><dimensions><dim name=\"D\"/><dim name=\"E\"/></dimensions><eqn>10*D + E</eqn></aux>"
  "<aux name=\"order\"><dimensions><dim name=\"D\"/></dimensions><eqn>VECTOR_SORT_ORDER(a[D], 1)</eqn></aux>"
  "<aux name=\"falling\"><dimensions><dim name=\"D\"/></dimensions><eqn>VECTOR_SORT_ORDER(a[D], 0)</eqn></aux>"
  "<aux name=\"&quot;a+b&quot;\"><eqn>7</eqn></aux><aux name=\"result\"><eqn>";

static Err values_of(Str equation, double out[5], ErrInfo *info) {
  Buf text;
  FlowModel *model = NULL;
  FlowProgram *program = NULL;
  FlowResult *result = NULL;
  Str save = S("result");
  FlowSpec spec = FLOW_SPEC_INIT;
  spec.save = &save;
  spec.save_count = 1;
  FlowRun run = {0};
  buf_init(&text, 0);
  buf_cstr(&text, HEAD);
  text_escape_html(&text, equation);
  buf_cstr(&text, "</eqn></aux></variables></model></xmile>");
  Err err = flow_open_text(&model, buf_view(&text), "case", NULL, info);
  if (err == ERR_OK) err = flow_compile(&program, model, &spec, info);
  if (err == ERR_OK) err = flow_run(&result, program, &run, info);
  for (size_t i = 0; err == ERR_OK && i < 5; i++) out[i] = flow_result_get(result, i, 0);
  flow_result_free(result);
  flow_program_free(program);
  flow_close(model);
  buf_clear(&text);
  return err;
}

static bool close_to(double a, double b) { return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-14 * fmax(fabs(a), fabs(b)); }

static int one_value(Str equation, Str values, long line) {
  double got[5] = {0}, wanted[5];
  ErrInfo info = ERRINFO_INIT;
  int n = 0;
  char text[512], *at = text, *end;
  snprintf(text, sizeof text, STR_FMT, STR_ARG(values));
  for (; n < 5; n++, at = end) { wanted[n] = strtod(at, &end); if (end == at) break; }
  if (n != 1 && n != 5) { print_error("line %ld: %d values, expected 1 or 5\n", line, n); return 1; }
  Err err = values_of(equation, got, &info);
  if (err != ERR_OK) { print_error("line %ld: " STR_FMT ": %s\n", line, STR_ARG(equation), info.message); return 1; }
  for (int i = 0; i < 5; i++) {
    double w = wanted[n == 1 ? 0 : i];
    if (close_to(got[i], w)) continue;
    print_error("line %ld: " STR_FMT " is %.17g at time %d, expected %.17g\n", line, STR_ARG(equation), got[i], i, w);
    return 1;
  }
  return 0;
}

static int one_refusal(Str equation, Str wanted, long line) {
  double got[5];
  ErrInfo info = ERRINFO_INIT;
  Err err = values_of(equation, got, &info);
  if (err == ERR_OK) { print_error("line %ld: " STR_FMT " is not refused\n", line, STR_ARG(equation)); return 1; }
  if (info.row == 0) { print_error("line %ld: the message names no line\n", line); return 1; }
  if (str_find(str_from(info.message), wanted) != STR_NPOS) return 0;
  print_error("line %ld: " STR_FMT ": \"%s\" lacks \"" STR_FMT "\"\n", line, STR_ARG(equation), info.message, STR_ARG(wanted));
  return 1;
}

/* Whether a name stands in a text as a word, whatever the case. */
static bool word_in(Str text, const char *name) {
  size_t len = strlen(name);
  for (size_t i = 0; i + len <= text.len; i++) {
    size_t k = 0;
    while (k < len && tolower((unsigned char)text.ptr[i + k]) == name[k]) k++;
    bool before = i > 0 && (isalnum((unsigned char)text.ptr[i - 1]) || text.ptr[i - 1] == '_');
    bool after = i + len < text.len && (isalnum((unsigned char)text.ptr[i + len]) || text.ptr[i + len] == '_');
    if (k == len && !before && !after) return true;
  }
  return false;
}

/* Every function of functions.def has a case with a value in the table. */
static const char *const FUNCTIONS[] = {
#define FUNCTION(name, min, max, how, code, meaning) name,
#include "flow/functions.def"
#undef FUNCTION
};
#define FUNCTION_COUNT (sizeof FUNCTIONS / sizeof FUNCTIONS[0])
static bool covered[FUNCTION_COUNT];

static int without_case(void) {
  int bad = 0;
  for (size_t i = 0; i < FUNCTION_COUNT; i++)
    if (!covered[i] && !word_in(str_from(HEAD), FUNCTIONS[i])) { print_error("function %s has no case with a value in the table\n", FUNCTIONS[i]); bad++; }
  return bad;
}

static void table(void **state) {
  (void)state;
  Buf text;
  ErrInfo info = ERRINFO_INIT;
  buf_init(&text, 0);
  assert_int_equal(file_read(&text, "tests/table/flow_equations.txt", 0, &info), ERR_OK);
  Str rest = buf_view(&text), row;
  int bad = 0, cases = 0;
  for (long line = 1; str_cut(&rest, '\n', &row); line++) {
    if (!str_trim(row).len || row.ptr[0] == '#') continue;
    size_t value = str_find(row, S("=> ")), refusal = str_find(row, S("!> "));
    cases++;
    if (refusal != STR_NPOS) bad += one_refusal(str_trim(str_slice(row, 0, refusal)), str_trim(str_slice(row, refusal + 3, row.len)), line);
    else if (value != STR_NPOS) {
      for (size_t i = 0; i < FUNCTION_COUNT; i++) covered[i] |= word_in(str_slice(row, 0, value), FUNCTIONS[i]);
      bad += one_value(str_trim(str_slice(row, 0, value)), str_slice(row, value + 3, row.len), line);
    } else { print_error("line %ld is no case\n", line); bad++; }
  }
  buf_clear(&text);
  assert_true(cases > 150);
  assert_int_equal(without_case(), 0);
  assert_int_equal(bad, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(table)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
