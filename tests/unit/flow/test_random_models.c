/* SPDX-License-Identifier: EUPL-1.2 */
/* Generated models: what is kept, how loops are joined, the width and the threads must not change a single bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "flow/flow.h"

#define VARS 14
#define MODELS 150

typedef struct Gen { uint64_t state; Buf text; int kind[VARS]; } Gen;   /* kind: 0 scalar, 1 over D, 2 over D and N */

static unsigned pick(Gen *g, unsigned n) {
  g->state = g->state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(g->state >> 33) % n;
}

static void reference(Gen *g, int of, int v) {
  int k = g->kind[v];
  if (k == 0 || (k == of && pick(g, 2))) { buf_printf(&g->text, "v%d", v); return; }
  if (k == 1 && of >= 1 && pick(g, 3)) { buf_printf(&g->text, "v%d[D]", v); return; }
  if (k == 1) { buf_printf(&g->text, pick(g, 2) ? "SUM(v%d)" : "v%d[B]", v); return; }
  if (of == 2) { buf_printf(&g->text, pick(g, 2) ? "v%d[D,N]" : "v%d[D,2]", v); return; }
  if (of == 1) { buf_printf(&g->text, pick(g, 2) ? "SUM(v%d[D,*])" : "MAX(v%d[D,*])", v); return; }
  buf_printf(&g->text, pick(g, 2) ? "MEAN(v%d)" : "v%d[C,3]", v);
}

static void expression(Gen *g, int of, int below, int depth) {
  unsigned what = depth > 3 ? pick(g, 3) : pick(g, 11);
  switch (what) {
    case 0: buf_printf(&g->text, "%u.%u", pick(g, 4), pick(g, 100)); return;
    case 1: buf_cstr(&g->text, of && pick(g, 2) ? "D" : "TIME"); return;
    case 2: reference(g, of, (int)pick(g, (unsigned)below)); return;
    case 3: buf_cstr(&g->text, "SIN("); expression(g, of, below, depth + 1); buf_char(&g->text, ')'); return;
    case 4: buf_cstr(&g->text, "IF "); expression(g, of, below, depth + 2); buf_cstr(&g->text, " &gt; 1 THEN ");
            expression(g, of, below, depth + 1); buf_cstr(&g->text, " ELSE "); expression(g, of, below, depth + 2); return;
    case 5: buf_cstr(&g->text, "SMTH1("); expression(g, of, below, depth + 2); buf_cstr(&g->text, ", 3)"); return;
    case 6: buf_cstr(&g->text, "MAX("); expression(g, of, below, depth + 1); buf_cstr(&g->text, ", ");
            expression(g, of, below, depth + 1); buf_char(&g->text, ')'); return;
    case 7: buf_cstr(&g->text, "PREVIOUS("); reference(g, of, (int)pick(g, (unsigned)below)); buf_cstr(&g->text, ", 1)"); return;
    default:
      buf_char(&g->text, '(');
      expression(g, of, below, depth + 1);
      buf_cstr(&g->text, what == 8 ? " + " : what == 9 ? " - " : "*");
      expression(g, of, below, depth + 1);
      buf_char(&g->text, ')');
  }
}

static void dimensions(Gen *g, int kind) {
  if (kind == 0) return;
  buf_cstr(&g->text, "<dimensions><dim name=\"D\"/>");
  if (kind == 2) buf_cstr(&g->text, "<dim name=\"N\"/>");
  buf_cstr(&g->text, "</dimensions>");
}

static void generate(Gen *g, uint64_t seed) {
  g->state = seed * 7919 + 17;
  buf_reset(&g->text);
  buf_cstr(&g->text, "<xmile><sim_specs><start>0</start><stop>3</stop><dt>0.5</dt></sim_specs><dimensions><dim name=\"D\"><elem name=\"A\"/>"
           "<elem name=\"B\"/><elem name=\"C\"/></dim><dim name=\"N\" size=\"40\"/></dimensions><model><variables>"
           "<aux name=\"v0\"><eqn>1</eqn></aux>");
  g->kind[0] = 0;
  for (int v = 1; v < VARS; v++) {
    bool stock = v % 4 == 1;
    g->kind[v] = (int)pick(g, 3);
    if (stock) {
      buf_printf(&g->text, "<stock name=\"v%d\"><eqn>%u</eqn><inflow>i%d</inflow><outflow>o%d</outflow>", v, pick(g, 9), v, v);
      dimensions(g, g->kind[v]);
      buf_printf(&g->text, "</stock><flow name=\"i%d\"><eqn>", v);
      expression(g, g->kind[v], VARS < v + 3 ? VARS : v + 1, 0);
      buf_cstr(&g->text, "</eqn>");
      dimensions(g, g->kind[v]);
      buf_printf(&g->text, "</flow><flow name=\"o%d\"><eqn>v%d*0.%u</eqn>", v, v, pick(g, 90));
      dimensions(g, g->kind[v]);
      buf_cstr(&g->text, "</flow>");
    } else {
      buf_printf(&g->text, "<aux name=\"v%d\"><eqn>", v);
      expression(g, g->kind[v], v, 0);
      buf_cstr(&g->text, "</eqn>");
      dimensions(g, g->kind[v]);
      buf_cstr(&g->text, "</aux>");
    }
  }
  buf_cstr(&g->text, "</variables></model></xmile>");
}

typedef struct Kept { double *values; size_t per_member; } Kept;
static Err keep(void *context, const FlowBlock *b) {
  Kept *kept = context;
  for (size_t k = 0; k < b->count; k++)
    for (size_t i = 0; i < kept->per_member; i++) kept->values[(b->first + k) * kept->per_member + i] = b->values[i * b->stride + k];
  return ERR_OK;
}
static Err vary(void *context, size_t member, double *values) {
  (void)context;
  values[0] = 1 + 0.25 * (double)member;
  return ERR_OK;
}

enum { MEMBERS = 11 };

static double *run(const FlowModel *model, Str save, FlowMethod method, unsigned width, unsigned threads, double *out, size_t *rows) {
  FlowProgram *program;
  ErrInfo info = ERRINFO_INIT;
  Str set = S("v0");
  FlowSpec spec = FLOW_SPEC_INIT;
  spec.save = &save;
  spec.save_count = save.len ? 1 : 0;
  spec.set = &set;
  spec.set_count = 1;
  spec.method = method;
  if (flow_compile(&program, model, &spec, &info) != ERR_OK) { print_error("%s: %s\n", info.column, info.message); fail(); }
  *rows = flow_row_count(program);
  size_t columns = flow_column_count(program), at = 0;
  Kept kept = {mem_alloc(MEMBERS * *rows * columns * sizeof(double)), *rows * columns};
  FlowEnsemble e = {.members = MEMBERS, .draw = vary, .sink = keep, .sink_context = &kept, .width = width, .threads = threads};
  assert_int_equal(flow_ensemble(program, &e, NULL, &info), ERR_OK);
  /* the first column of the last variable: its name begins with v13 */
  while (at < columns && !str_starts(flow_column_name(program, at), S("v13"))) at++;
  assert_true(at < columns);
  for (size_t m = 0; m < MEMBERS; m++)
    for (size_t r = 0; r < *rows; r++) out[m * *rows + r] = kept.values[m * kept.per_member + r * columns + at];
  mem_free(kept.values);
  flow_program_free(program);
  return out;
}

static void same_bits(void **state) {
  (void)state;
  Gen g = {0};
  static const FlowMethod METHODS[] = {FLOW_EULER, FLOW_RK4};
  buf_init(&g.text, 0);
  for (uint64_t seed = 1; seed <= MODELS; seed++) {
    FlowModel *model;
    ErrInfo info = ERRINFO_INIT;
    double all[MEMBERS * 8], other[MEMBERS * 8];
    size_t rows;
    generate(&g, seed);
    if (flow_open_text(&model, buf_view(&g.text), "generated", NULL, &info) != ERR_OK) { print_error("%s\n", info.message); fail(); }
    for (size_t q = 0; q < 2; q++) {
      run(model, S(""), METHODS[q], 1, 1, all, &rows);      /* everything kept: every value in memory */
      assert_int_equal(rows, 7);
      const unsigned widths[] = {1, 4, 8, 8}, threads[] = {1, 1, 1, 3};
      for (size_t k = 0; k < 4; k++) {
        run(model, S("v13"), METHODS[q], widths[k], threads[k], other, &rows);
        if (memcmp(all, other, MEMBERS * rows * sizeof *all) != 0) {
          print_error("model %llu, method %zu, width %u\n" STR_FMT "\n", (unsigned long long)seed, q, widths[k], STR_ARG(buf_view(&g.text)));
          fail();
        }
      }
    }
    flow_close(model);
  }
  buf_clear(&g.text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
