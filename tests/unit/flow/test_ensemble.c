/* SPDX-License-Identifier: EUPL-1.2 */
/* How an ensemble goes over its threads: order, a slow member, failure, interruption, memory. Also run under the thread
 * sanitizer. */
#include <stdatomic.h>
#include <time.h>

#include "base/mem.h"
#include "flow_model.h"

enum { MEMBERS = 603 };

static const char GROWTH[] = MODEL(
  "<stock name=\"s\"><eqn>100</eqn><inflow>in</inflow></stock><flow name=\"in\"><eqn>rate*s + RANDOM(0, 1)</eqn></flow>" AUX("rate", "0.1"));

typedef struct Trial {
  FlowModel *model;
  FlowProgram *program;
  ErrInfo info;
  size_t seen, slow, fail_draw, fail_sink, stop_after;
  bool in_sink;                 /* not atomic: the sanitizer tells when two threads are there at once */
  atomic_bool stop;
  double *kept;                 /* last row of every member */
} Trial;

static void open_trial(Trial *t) {
  FlowSpec spec = FLOW_SPEC_INIT;
  Str set = S("rate");
  *t = (Trial){.info = ERRINFO_INIT, .slow = SIZE_MAX, .fail_draw = SIZE_MAX, .fail_sink = SIZE_MAX, .stop_after = SIZE_MAX};
  spec.set = &set;
  spec.set_count = 1;
  assert_int_equal(flow_open_text(&t->model, str_from(GROWTH), "growth", NULL, &t->info), ERR_OK);
  assert_int_equal(flow_compile(&t->program, t->model, &spec, &t->info), ERR_OK);
  assert_non_null(t->kept = mem_alloc0(MEMBERS, sizeof *t->kept));
}

static void close_trial(Trial *t) {
  flow_program_free(t->program);
  flow_close(t->model);
  mem_free(t->kept);
}

static Err draw(void *context, size_t member, double *values) {
  const Trial *t = context;
  if (member == t->slow) nanosleep(&(struct timespec){.tv_nsec = 30000000}, NULL);
  if (member == t->fail_draw) return ERR_INPUT;
  if (t->fail_draw != SIZE_MAX && member == t->fail_draw + 40) return ERR_LIMIT;
  *values = 0.001 * (double)member;
  return ERR_OK;
}

static Err sink(void *context, const FlowBlock *b) {
  Trial *t = context;
  assert_false(t->in_sink);
  t->in_sink = true;
  assert_int_equal(b->first, t->seen);
  if (t->fail_sink >= b->first && t->fail_sink < b->first + b->count) return t->in_sink = false, ERR_IO;
  for (size_t k = 0; k < b->count; k++) t->kept[b->first + k] = b->values[((b->rows - 1) * b->columns) * b->stride + k];
  t->seen += b->count;
  if (t->seen >= t->stop_after) t->stop = true;
  t->in_sink = false;
  return ERR_OK;
}

static bool cancelled(void *context) { return ((Trial *)context)->stop; }

static Err run(Trial *t, unsigned threads, unsigned width, size_t *done) {
  FlowControl control = {.cancelled = cancelled, .context = t};
  FlowEnsemble e = {.members = MEMBERS, .draw = draw, .draw_context = t, .sink = sink, .sink_context = t, .seed = 7,
                    .threads = threads, .width = width, .control = &control};
  t->seen = 0;
  t->stop = false;
  err_reset(&t->info);
  return flow_ensemble(t->program, &e, done, &t->info);
}

/* One member is far slower than the others: the blocks behind it wait in the ring, and still come in order. */
static void slow_member(void **state) {
  (void)state;
  Trial t, one;
  size_t done;
  open_trial(&one);
  assert_int_equal(run(&one, 1, 8, &done), ERR_OK);
  for (unsigned threads = 2; threads <= 5; threads++)
    for (unsigned width = 1; width <= 8; width += width == 1 ? 3 : 4) {
      open_trial(&t);
      t.slow = threads == 4 ? 0 : 200;
      assert_int_equal(run(&t, threads, width, &done), ERR_OK);
      assert_int_equal(done, MEMBERS);
      assert_int_equal(t.seen, MEMBERS);
      assert_memory_equal(t.kept, one.kept, MEMBERS * sizeof *t.kept);
      close_trial(&t);
    }
  close_trial(&one);
}

/* Two members fail: the lower one is told, and all before its block is delivered, whatever the number of threads. */
static void failing_member(void **state) {
  (void)state;
  Trial t;
  size_t done;
  open_trial(&t);
  t.fail_draw = 301;
  for (unsigned threads = 1; threads <= 4; threads++)
    for (int again = 0; again < 5; again++) {
      t.slow = again % 2 ? 300 : SIZE_MAX;     /* the higher one fails first in time */
      assert_int_equal(run(&t, threads, 4, &done), ERR_INPUT);
      assert_non_null(strstr(t.info.message, "members 300 and on could not be drawn"));
      assert_int_equal(done, 300);
      assert_int_equal(t.seen, 300);
    }
  t.fail_draw = SIZE_MAX;
  t.fail_sink = 123;
  for (unsigned threads = 1; threads <= 4; threads++) {
    assert_int_equal(run(&t, threads, 8, &done), ERR_IO);
    assert_non_null(strstr(t.info.message, "members 120 and on could not be handed over"));
    assert_int_equal(done, 120);
  }
  close_trial(&t);
}

/* Stopped half-way: what was handed over is whole, and counted. */
static void interrupted(void **state) {
  (void)state;
  Trial t;
  size_t done;
  open_trial(&t);
  t.stop_after = 80;
  for (unsigned threads = 1; threads <= 4; threads++) {
    assert_int_equal(run(&t, threads, 8, &done), ERR_CANCELLED);
    assert_true(done >= 80 && done < MEMBERS);
    assert_int_equal(done, t.seen);
  }
  close_trial(&t);
}

static void no_memory(void **state) {
  (void)state;
  Trial t;
  size_t done, n = 1;
  Err err = ERR_MEMORY;
  open_trial(&t);
  for (; err != ERR_OK && n < 10000; n++) {
    mem_fail_at(n, 1);
    err = run(&t, 3, 8, &done);
    mem_fail_at(0, 0);
    assert_true(err == ERR_OK || err == ERR_MEMORY);
    if (err != ERR_OK) assert_int_equal(done, 0);
  }
  assert_int_equal(err, ERR_OK);
  assert_true(n > 20);
  close_trial(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(slow_member), cmocka_unit_test(failing_member), cmocka_unit_test(interrupted),
                                     cmocka_unit_test(no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
