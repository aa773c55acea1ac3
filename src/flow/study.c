/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/study.h"

#include "base/mem.h"

enum { DEFAULT_MEMORY = 1 << 30 };

/* One study under way: what the callbacks of the ensemble need. */
typedef struct Run {
  const FlowStudy *study;
  FlowDesign design;
  FlowEnsembleSummary *summary;
  FlowSensitivity *sensitivity;
  FlowShapley *shapley;
  size_t memory;     /* bytes of sums so far */
  ErrInfo *info;
} Run;

static size_t cells_of(const FlowStudy *study) {
  return flow_row_count(study->program) * flow_column_count(study->program);
}

static size_t memory_limit(const FlowStudy *study) {
  return study->memory_bytes ? study->memory_bytes : (size_t)DEFAULT_MEMORY;
}

static Err check_memory(const FlowStudy *study, size_t bytes_per_cell, ErrInfo *info) {
  size_t cells = cells_of(study), limit = memory_limit(study);
  if (bytes_per_cell && cells > limit / bytes_per_cell)
    return err_set(info, ERR_LIMIT,
                   "the sums of %zu values (%zu times %zu) need more than %zu MiB; keep fewer variables or fewer times", cells,
                   flow_row_count(study->program), flow_column_count(study->program), limit >> 20);
  return ERR_OK;
}

static void fill_constants(const FlowStudy *study, double *values) {
  for (size_t i = 0; i < study->constant_count; i++)
    values[study->draw_count + study->switch_count + i] = study->constants[i];
}

static void fill_switches_off(const FlowStudy *study, double *values) {
  for (size_t i = 0; i < study->switch_count; i++) values[study->draw_count + i] = study->switch_off[i];
}

static Err draw_member(void *context, size_t member, double *values) {
  const Run *run = context;
  const FlowStudy *study = run->study;
  for (size_t i = 0; i < study->draw_count; i++)
    values[i] = flow_draw_value(&study->draws[i], flow_design_point(&run->design, member, i), member);
  fill_switches_off(study, values);
  fill_constants(study, values);
  return ERR_OK;
}

static Err draw_crossed(void *context, size_t member, double *values) {
  const Run *run = context;
  const FlowStudy *study = run->study;
  for (size_t i = 0; i < study->draw_count; i++)
    values[i] = flow_draw_value(&study->draws[i], flow_sensitivity_point(&run->design, study->draw_count, member, i), 0);
  fill_switches_off(study, values);
  fill_constants(study, values);
  return ERR_OK;
}

static Err draw_switched(void *context, size_t member, double *values) {
  const Run *run = context;
  const FlowStudy *study = run->study;
  for (size_t i = 0; i < study->draw_count; i++) values[i] = flow_draw_value(&study->draws[i], 0.5, 0);
  for (size_t i = 0; i < study->switch_count; i++)
    values[study->draw_count + i] = flow_shapley_on(run->shapley, member, i) ? study->switch_on[i] : study->switch_off[i];
  fill_constants(study, values);
  return ERR_OK;
}

static Err sum_cell(Run *run, FlowSummary *cell, const double *values, size_t count) {
  size_t before = flow_summary_bytes(cell);
  for (size_t k = 0; k < count; k++) {
    Err err = flow_summary_add(cell, values[k]);
    if (err) return err_set(run->info, err, "out of memory for the quantiles");
  }
  run->memory += flow_summary_bytes(cell) - before;
  if (run->memory > memory_limit(run->study))
    return err_set(run->info, ERR_LIMIT, "the quantiles need more than %zu MiB; keep fewer variables or fewer times",
                   memory_limit(run->study) >> 20);
  return ERR_OK;
}

/* Hands every value of the block to whichever statistic the study is for. */
static Err take_block(void *context, const FlowBlock *block) {
  Run *run = context;
  if (run->study->each) TRY(run->study->each(run->study->each_context, block));
  for (size_t cell = 0; cell < block->rows * block->columns; cell++) {
    const double *values = block->values + cell * block->stride;
    if (run->summary) TRY(sum_cell(run, &run->summary->cells[cell], values, block->count));
    for (size_t k = 0; k < block->count; k++) {
      if (run->sensitivity) flow_sensitivity_add(run->sensitivity, cell, block->first + k, values[k]);
      if (run->shapley) flow_shapley_add(run->shapley, cell, block->first + k, values[k]);
    }
  }
  return ERR_OK;
}

static Err run_members(Run *run, size_t members, Err (*draw)(void *, size_t, double *), size_t *done, ErrInfo *info) {
  const FlowStudy *study = run->study;
  run->info = info;
  FlowEnsemble ensemble = {
      .members = members,
      .draw = draw,
      .draw_context = run,
      .sink = take_block,
      .sink_context = run,
      .seed = study->seed,
      .threads = study->threads,
      .width = study->width,
      .control = study->control,
  };
  return flow_ensemble(study->program, &ensemble, done, info);
}

Err flow_study_ensemble(const FlowStudy *study, FlowEnsembleSummary *out, ErrInfo *info) {
  *out = (FlowEnsembleSummary){NULL, 0, 0};
  Run run = {.study = study, .summary = out};
  if (study->members == 0) return err_set(info, ERR_USAGE, "an ensemble needs at least one member");
  TRY(check_memory(study, sizeof(FlowSummary), info));
  TRY(flow_design_init(&run.design, (FlowDesign){study->sampling, study->members, study->draw_count, study->seed}, info));
  size_t cells = cells_of(study);
  out->cells = mem_alloc0(cells, sizeof *out->cells);
  if (!out->cells) return err_set(info, ERR_MEMORY, "out of memory for %zu summaries", cells);
  out->count = cells;
  run.memory = cells * sizeof *out->cells;
  for (size_t i = 0; i < cells; i++) flow_summary_init(&out->cells[i]);
  Err err = run_members(&run, study->members, draw_member, &out->done, info);
  if (err != ERR_OK && err != ERR_CANCELLED) flow_ensemble_summary_clear(out);
  return err;
}

void flow_ensemble_summary_clear(FlowEnsembleSummary *summary) {
  for (size_t i = 0; i < summary->count; i++) flow_summary_clear(&summary->cells[i]);
  mem_free(summary->cells);
  *summary = (FlowEnsembleSummary){NULL, 0, 0};
}

Err flow_study_sensitivity(const FlowStudy *study, FlowSensitivity **out, ErrInfo *info) {
  *out = NULL;
  size_t inputs = study->draw_count;
  if (inputs == 0) return err_set(info, ERR_USAGE, "sensitivity needs at least one input that is drawn");
  if (study->members < 2) return err_set(info, ERR_USAGE, "sensitivity needs at least two rows");
  for (size_t i = 0; i < inputs; i++)
    if (study->draws[i].kind == FLOW_DIST_FILE)
      return err_set(info, ERR_USAGE, STR_FMT ": values from a file have no distribution, so their sensitivity cannot be computed",
                     STR_ARG(study->draws[i].name));
  TRY(check_memory(study, inputs * 8 * sizeof(double), info));
  Run run = {.study = study};
  TRY(flow_design_init(&run.design, (FlowDesign){study->sampling, study->members, 2 * inputs, study->seed}, info));
  TRY(flow_sensitivity_new(&run.sensitivity, inputs, cells_of(study), info));
  Err err = run_members(&run, flow_sensitivity_members(study->members, inputs), draw_crossed, NULL, info);
  if (err != ERR_OK && err != ERR_CANCELLED) flow_sensitivity_free(run.sensitivity);
  else *out = run.sensitivity;
  return err;
}

Err flow_study_contributions(const FlowStudy *study, FlowShapley **out, ErrInfo *info) {
  *out = NULL;
  if (study->switch_count == 0) return err_set(info, ERR_USAGE, "contributions need at least one switch");
  TRY(check_memory(study, study->switch_count * 3 * sizeof(double), info));
  Run run = {.study = study};
  TRY(flow_shapley_new(&run.shapley, study->switch_count, cells_of(study), study->members, study->seed, info));
  Err err = run_members(&run, flow_shapley_members(run.shapley), draw_switched, NULL, info);
  if (err != ERR_OK) flow_shapley_free(run.shapley);
  else *out = run.shapley;
  return err;
}
