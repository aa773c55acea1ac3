/* SPDX-License-Identifier: EUPL-1.2 */
/* Generated models: what is kept, how loops are joined, the width, the threads and the kind of processor must not change a
 * single bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "flow/flow.h"
#include "flow/run.h"

#define VARS 14
#define MODELS 120

/* kind: 0 scalar, 1 over D, 2 over D and N */
typedef struct Gen { uint64_t state; Buf text; int kind[VARS]; unsigned size; } Gen;

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

/* What leaves an element of stock v enters the next one along N: equations of single elements that look back. */
static void ageing(Gen *g, int v) {
  buf_printf(&g->text, "<flow name=\"a%d\">", v);
  dimensions(g, 2);
  for (unsigned d = 0; d < 3; d++)
    for (unsigned n = 1; n <= g->size; n++) {
      buf_printf(&g->text, "<element subscript=\"%c, %u\"><eqn>", "ABC"[d], n);
      if (n == 1) buf_cstr(&g->text, "0.5");
      else buf_printf(&g->text, "o%d[%c, %u]", v, "ABC"[d], n - 1);
      buf_cstr(&g->text, "</eqn></element>");
    }
  buf_cstr(&g->text, "</flow>");
}

static void stock(Gen *g, int v) {
  bool ages = g->kind[v] == 2 && pick(g, 2);
  buf_printf(&g->text, "<stock name=\"v%d\"><eqn>%u</eqn><inflow>i%d</inflow>", v, pick(g, 9), v);
  if (ages) buf_printf(&g->text, "<inflow>a%d</inflow>", v);
  buf_printf(&g->text, "<outflow>o%d</outflow>", v);
  dimensions(g, g->kind[v]);
  buf_printf(&g->text, "</stock><flow name=\"i%d\"><eqn>", v);
  expression(g, g->kind[v], VARS < v + 3 ? VARS : v + 1, 0);
  buf_cstr(&g->text, "</eqn>");
  dimensions(g, g->kind[v]);
  buf_printf(&g->text, "</flow><flow name=\"o%d\"><eqn>v%d*0.%u", v, v, pick(g, 90));
  buf_cstr(&g->text, "</eqn>");
  dimensions(g, g->kind[v]);
  buf_cstr(&g->text, "</flow>");
  if (ages) ageing(g, v);
}

static void generate(Gen *g, uint64_t seed) {
  static const unsigned SIZES[] = {40, 7, 100, 64, 131};
  g->state = seed * 7919 + 17;
  g->size = SIZES[seed % 5];
  buf_reset(&g->text);
  buf_printf(&g->text, "<xmile><sim_specs><start>0</start><stop>3</stop><dt>0.5</dt></sim_specs><dimensions><dim name=\"D\"><elem name=\"A\"/>"
           "<elem name=\"B\"/><elem name=\"C\"/></dim><dim name=\"N\" size=\"%u\"/></dimensions><model><variables>"
           "<aux name=\"v0\"><eqn>1</eqn></aux>", g->size);
  g->kind[0] = 0;
  for (int v = 1; v < VARS; v++) {
    g->kind[v] = (int)pick(g, 3);
    if (v % 4 == 1) {
      stock(g, v);
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

enum { MEMBERS = 11, WAYS_MAX = 11 };

/* How a program is run: as an ensemble, or (a kind of processor) block by block on a machine of that kind. */
typedef struct Way { unsigned width, threads; const KernelSet *set; } Way;

static void run_blocks(const FlowProgram *program, const Way *way, Kept *kept) {
  Machine m;
  ErrInfo info = ERRINFO_INIT;
  double set[WIDTH_MAX], *out = mem_alloc(kept->per_member * way->width * sizeof *out);
  assert_int_equal(machine_init(&m, program, way->width, way->set, &info), ERR_OK);
  for (size_t first = 0; first < MEMBERS; first += way->width) {
    for (size_t k = 0; k < way->width; k++) assert_int_equal(vary(NULL, first + k, &set[k]), ERR_OK);
    m.first_member = first;
    BlockRun block = {.set = set, .out = out};
    assert_int_equal(machine_run(&m, &block, &info), ERR_OK);
    FlowBlock b = {.first = first, .count = MEMBERS - first < way->width ? MEMBERS - first : way->width, .stride = way->width, .values = out};
    assert_int_equal(keep(kept, &b), ERR_OK);
  }
  machine_clear(&m);
  mem_free(out);
}

/* All values of the last variable, v13, of all members; *count gets their number. */
static double *run(const FlowModel *model, Str save, FlowMethod method, const Way *way, size_t *count) {
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
  const size_t rows = flow_row_count(program), columns = flow_column_count(program);
  size_t from = 0, to;
  assert_int_equal(rows, 7);
  Kept kept = {mem_alloc(MEMBERS * rows * columns * sizeof(double)), rows * columns};
  FlowEnsemble e = {.members = MEMBERS, .draw = vary, .sink = keep, .sink_context = &kept, .width = way->width, .threads = way->threads};
  if (way->set) run_blocks(program, way, &kept);
  else assert_int_equal(flow_ensemble(program, &e, NULL, &info), ERR_OK);
  while (from < columns && !str_starts(flow_column_name(program, from), S("v13"))) from++;
  for (to = from; to < columns && str_starts(flow_column_name(program, to), S("v13")); to++) {}
  assert_true(to > from);
  double *out = mem_alloc(MEMBERS * rows * (to - from) * sizeof *out), *next = out;
  for (size_t r = 0; r < MEMBERS * rows; r++)
    for (size_t i = from; i < to; i++) *next++ = kept.values[r * columns + i];
  mem_free(kept.values);
  flow_program_free(program);
  *count = (size_t)(next - out);
  return out;
}

/* The last variable by itself, in every way, against everything kept and one member after another. */
static void compare(const Gen *g, const FlowModel *model, FlowMethod method, const Way *ways, size_t count) {
  size_t values, values_other;
  double *all = run(model, S(""), method, &(Way){1, 1, NULL}, &values);      /* everything kept: every value in memory */
  for (size_t k = 0; k < count; k++) {
    double *other = run(model, S("v13"), method, &ways[k], &values_other);
    assert_int_equal(values_other, values);
    if (memcmp(all, other, values * sizeof *all) != 0) {
      print_error("method %d, width %u, %s\n" STR_FMT "\n", (int)method, ways[k].width, ways[k].set ? ways[k].set->name : "ensemble",
                  STR_ARG(buf_view(&g->text)));
      fail();
    }
    mem_free(other);
  }
  mem_free(all);
}

/* Every way there is on this processor: the ensemble, and each kind of kernels in each width. */
static size_t all_ways(Way *ways) {
  static const char *const SETS[] = {"base", "avx2", "avx512"};
  size_t count = 2;
  ways[0] = (Way){1, 1, NULL};
  ways[1] = (Way){8, 3, NULL};
  for (size_t s = 0; s < 3; s++)
    for (unsigned width = 1; kernels_named(SETS[s]) && width <= 8; width = width == 1 ? 4 : 2 * width)
      ways[count++] = (Way){width, 1, kernels_named(SETS[s])};
  return count;
}

static void check(const Gen *g) {
  Way ways[WAYS_MAX];
  size_t count = all_ways(ways);
  FlowModel *model;
  ErrInfo info = ERRINFO_INIT;
  if (flow_open_text(&model, buf_view(&g->text), "generated", NULL, &info) != ERR_OK) { print_error("%s\n", info.message); fail(); }
  compare(g, model, FLOW_EULER, ways, count);
  compare(g, model, FLOW_RK4, ways, count);
  flow_close(model);
}

static void same_bits(void **state) {
  (void)state;
  Gen g = {0};
  buf_init(&g.text, 0);
  for (uint64_t seed = 1; seed <= MODELS; seed++) {
    generate(&g, seed);
    check(&g);
  }
  buf_clear(&g.text);
}

/* Two stocks in one loop, each in the change of the other: neither may move on before both changes are known. */
static void stocks_in_each_other(void **state) {
  (void)state;
  Gen g = {0};
  buf_init(&g.text, 0);
  buf_cstr(&g.text, "<xmile><sim_specs><start>0</start><stop>3</stop><dt>0.5</dt></sim_specs><dimensions><dim name=\"N\" size=\"100\"/>"
           "</dimensions><model><variables><aux name=\"v0\"><eqn>1</eqn></aux>"
           "<stock name=\"hares\"><eqn>N*0.1</eqn><inflow>born</inflow><outflow>eaten</outflow><dimensions><dim name=\"N\"/></dimensions></stock>"
           "<flow name=\"born\"><eqn>hares*0.3*v0</eqn><dimensions><dim name=\"N\"/></dimensions></flow>"
           "<flow name=\"eaten\"><eqn>hares*v13*0.02</eqn><dimensions><dim name=\"N\"/></dimensions></flow>"
           "<stock name=\"v13\"><eqn>2+N*0.01</eqn><inflow>grown</inflow><outflow>died</outflow><dimensions><dim name=\"N\"/></dimensions></stock>"
           "<flow name=\"grown\"><eqn>hares*v13*0.01</eqn><dimensions><dim name=\"N\"/></dimensions></flow>"
           "<flow name=\"died\"><eqn>v13*0.2</eqn><dimensions><dim name=\"N\"/></dimensions></flow></variables></model></xmile>");
  check(&g);
  buf_clear(&g.text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits), cmocka_unit_test(stocks_in_each_other)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
