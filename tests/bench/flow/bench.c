/* SPDX-License-Identifier: EUPL-1.2 */
/* Measures the flow engine: bench MODEL OUTPUT INPUT MEMBERS. Prints "name value" lines, times in milliseconds of processor
 * time unless the name says wall. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "flow/study.h"

static double clock_ms(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int fail(const ErrInfo *info) {
  char text[2000];
  err_format(info, text, sizeof text);
  fprintf(stderr, "%s\n", text);
  return 1;
}

static long peak_kb(void) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  return use.ru_maxrss;
}

int main(int argc, char **argv) {
  ErrInfo info = ERRINFO_INIT;
  FlowModel *model;
  FlowProgram *program;
  FlowResult *result;
  if (argc != 5) return 2;
  Str save = str_from(argv[2]), set = str_from(argv[3]);
  size_t members = strtoul(argv[4], NULL, 10);
  double from = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
  FlowSpec spec = FLOW_SPEC_INIT;
  spec.save = &save;
  spec.save_count = 1;
  if (flow_open(&model, argv[1], NULL, &info) != ERR_OK || flow_compile(&program, model, &spec, &info) != ERR_OK) return fail(&info);
  FlowRun run = {0};
  if (flow_run(&result, program, &run, &info) != ERR_OK) return fail(&info);
  printf("file_to_result_wall %.3f\nfile_to_result %.3f\n", clock_ms(CLOCK_MONOTONIC) - from, clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  printf("value %.17g\n", flow_result_get(result, flow_row_count(program) - 1, 0));
  flow_result_free(result);
  enum { RUNS = 200 };
  cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
  for (int i = 0; i < RUNS; i++) {
    if (flow_run(&result, program, &run, &info) != ERR_OK) return fail(&info);
    flow_result_free(result);
  }
  printf("one_run %.4f\n", (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / RUNS);
  flow_program_free(program);
  spec.set = &set;
  spec.set_count = 1;
  spec.every = flow_stop(model) - flow_start(model);
  if (flow_compile(&program, model, &spec, &info) != ERR_OK) return fail(&info);
  FlowDraw draw;
  char text[200];
  snprintf(text, sizeof text, "%s=normal(0.06,0.01)", argv[3]);
  if (flow_draw_parse(str_from(text), &draw, &info) != ERR_OK) return fail(&info);
  for (unsigned threads = 1; threads <= 2; threads++)
    for (size_t n = members / 10; n <= members; n = n < members ? members : members + 1) {
      FlowStudy study = {.program = program, .draws = &draw, .draw_count = 1, .members = n, .threads = threads};
      FlowEnsembleSummary summary = {0};
      from = clock_ms(CLOCK_MONOTONIC);
      cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
      if (flow_study_ensemble(&study, &summary, &info) != ERR_OK) return fail(&info);
      double wall = clock_ms(CLOCK_MONOTONIC) - from;
      printf("ensemble_%zu_threads_%u_wall %.1f\nensemble_%zu_threads_%u_per_member %.4f\npeak_kb_after_%zu_threads_%u %ld\n", n, threads,
             wall, n, threads, (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)n, n, threads, peak_kb());
      flow_ensemble_summary_clear(&summary);
    }
  flow_program_free(program);
  flow_close(model);
  return 0;
}
