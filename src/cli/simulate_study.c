/* SPDX-License-Identifier: EUPL-1.2 */
/* `simulate` with many members: ensembles, sensitivity, contributions. */
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/csv.h"
#include "cli/cmd_simulate.h"
#include "flow/study.h"

#define QUANTILES_MAX 64
#define SWITCHES_MAX FLOW_SHAPLEY_SWITCHES

/* Everything one study needs; lives on the command's arena. */
typedef struct Plan {
  CliContext *ctx;
  Sim *sim;
  Buf *out;
  FlowStudy study;
  FlowProgram *program;
  FlowDraw *draws;
  SimNames names;              /* set: draws, switches, constants */
  Str switches[SWITCHES_MAX];
  double off[SWITCHES_MAX], on[SWITCHES_MAX];
  double quantiles[QUANTILES_MAX];
  size_t quantile_count;
  FlowControl control;
  int signal_fd;               /* reads SIGINT and SIGTERM; -1 when there is none */
  atomic_uint asked;
  atomic_bool stopped;
  bool members_header;
} Plan;

/* ---- interruption ---- */

static bool cancelled(void *context) {
  Plan *p = context;
  struct signalfd_siginfo got;
  if (atomic_load(&p->stopped)) return true;
  if (p->signal_fd < 0 || atomic_fetch_add(&p->asked, 1) % 64) return false;
  if (read(p->signal_fd, &got, sizeof got) == (ssize_t)sizeof got) atomic_store(&p->stopped, true);
  return atomic_load(&p->stopped);
}

static void progress(void *context, double done) {
  Plan *p = context;
  if (p->ctx->err_tty) cli_progress(p->ctx, "simulating", (int64_t)(done * (double)p->study.members), (int64_t)p->study.members);
}

static void watch_signals(Plan *p, sigset_t *old) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, old);
  p->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  p->control = (FlowControl){cancelled, progress, p};
  p->study.control = &p->control;
}

/* ---- reading the options ---- */

static Err read_draws(Plan *p) {
  CliContext *ctx = p->ctx;
  Str text;
  size_t count = 0;
  while (cli_nth(ctx, "draw", count).ptr) count++;
  p->draws = ARENA_ARRAY(ctx->arena, FlowDraw, count + 1);
  if (!p->draws) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < count; i++) {
    text = cli_nth(ctx, "draw", i);
    TRY(flow_draw_parse(text, &p->draws[i], ctx->info));
    TRY(flow_draw_load(&p->draws[i], p->study.members, ctx->arena, ctx->info));
    TRY(sim_add(ctx, &p->names, p->draws[i].name));
  }
  p->study.draws = p->draws;
  p->study.draw_count = count;
  return ERR_OK;
}

static Err read_switches(Plan *p) {
  CliContext *ctx = p->ctx;
  Str text;
  for (size_t i = 0; (text = cli_nth(ctx, "switch", i)).ptr; i++) {
    size_t at = STR_NPOS, comma;
    for (size_t k = 0; k < text.len; k++) if (text.ptr[k] == '=') at = k;
    Str values = at == STR_NPOS ? STR_NONE : str_slice(text, at + 1, text.len);
    comma = str_find_char(values, ',');
    if (i == SWITCHES_MAX) return err_set(ctx->info, ERR_LIMIT, "more than %d switches", SWITCHES_MAX);
    if (comma == STR_NPOS || !str_to_double(str_trim(str_slice(values, 0, comma)), &p->off[i]) ||
        !str_to_double(str_trim(str_slice(values, comma + 1, values.len)), &p->on[i]))
      return err_set(ctx->info, ERR_USAGE, "--switch " STR_FMT ": expected name=OFF,ON with two numbers", STR_ARG(text));
    p->switches[i] = str_trim(str_slice(text, 0, at));
    TRY(sim_add(ctx, &p->names, p->switches[i]));
    p->study.switch_count = i + 1;
  }
  p->study.switch_off = p->off;
  p->study.switch_on = p->on;
  return ERR_OK;
}

static Err read_quantiles(Plan *p) {
  Str rest = cli_text(p->ctx, "quantiles"), part;
  while (rest.ptr && str_cut(&rest, ',', &part)) {
    double q;
    if (p->quantile_count == QUANTILES_MAX) return err_set(p->ctx->info, ERR_LIMIT, "more than %d quantiles", QUANTILES_MAX);
    if (!str_to_double(str_trim(part), &q) || !(q >= 0 && q <= 1))
      return err_set(p->ctx->info, ERR_USAGE, "--quantiles: \"" STR_FMT "\" is not a number from 0 to 1", STR_ARG(part));
    p->quantiles[p->quantile_count++] = q;
  }
  return ERR_OK;
}

static Err prepare(Plan *p) {
  CliContext *ctx = p->ctx;
  Sim *sim = p->sim;
  Str sampling = cli_text(ctx, "sampling");
  p->study.members = (size_t)cli_int(ctx, "ensemble");
  if (!p->study.members) p->study.members = 1000;
  p->study.seed = (uint64_t)cli_int(ctx, "seed");
  p->study.threads = (unsigned)cli_int(ctx, "threads");
  p->study.width = (unsigned)cli_int(ctx, "width");
  p->study.sampling = str_eq(sampling, S("latin")) ? FLOW_LATIN : str_eq(sampling, S("sobol")) ? FLOW_SOBOL : FLOW_PLAIN;
  TRY(read_draws(p));
  TRY(read_switches(p));
  TRY(read_quantiles(p));
  for (size_t i = 0; i < sim->set.count; i++) TRY(sim_add(ctx, &p->names, sim->set.items[i]));
  p->study.constants = sim->values;
  p->study.constant_count = sim->set.count;
  sim->spec.set = p->names.items;
  sim->spec.set_count = p->names.count;
  TRY(flow_compile(&p->program, sim->model, &sim->spec, ctx->info));
  p->study.program = p->program;
  return ERR_OK;
}

/* ---- output: rows of a table, as CSV or as JSON objects ---- */

typedef struct Rows { Plan *p; bool json, first; const char *const *heads; size_t count; JsonWriter w; } Rows;

static void rows_begin(Rows *r, Plan *p, const char *const *heads, size_t count) {
  *r = (Rows){p, str_eq(cli_text(p->ctx, "format"), S("json")), true, heads, count, {0}};
  jw_init(&r->w, p->out, 0);
  if (r->json) { jw_object(&r->w); jw_key(&r->w, S("rows")); jw_array(&r->w); return; }
  for (size_t i = 0; i < count; i++) { if (i) buf_char(p->out, ','); csv_write_cell(p->out, str_from(heads[i]), ','); }
  buf_char(p->out, '\n');
}

static void rows_row(Rows *r) { if (r->json) jw_object(&r->w); r->first = true; }

static void rows_text(Rows *r, size_t column, Str text) {
  if (r->json) { jw_key(&r->w, str_from(r->heads[column])); jw_str(&r->w, text); return; }
  if (!r->first) buf_char(r->p->out, ',');
  csv_write_cell(r->p->out, text, ',');
  r->first = false;
}

static void rows_number(Rows *r, size_t column, double value) {
  if (r->json) { jw_key(&r->w, str_from(r->heads[column])); sim_json_number(&r->w, value); return; }
  if (!r->first) buf_char(r->p->out, ',');
  sim_number(r->p->out, value);
  r->first = false;
}

static Err rows_row_end(Rows *r) {
  if (r->json) jw_object_end(&r->w); else buf_char(r->p->out, '\n');
  return r->p->out->len > 1u << 16 ? sim_flush(r->p->ctx, r->p->out) : ERR_OK;
}

/* Partial results say so themselves, not only by the exit code. */
static Err rows_end(Rows *r, bool partial, size_t done) {
  if (r->json) {
    jw_array_end(&r->w);
    jw_key(&r->w, S("partial")); jw_bool(&r->w, partial);
    jw_key(&r->w, S("members")); jw_int(&r->w, (int64_t)done);
    jw_object_end(&r->w);
    buf_char(r->p->out, '\n');
  } else if (partial) {
    buf_printf(r->p->out, "# partial: stopped after %zu members\n", done);
  }
  return sim_flush(r->p->ctx, r->p->out);
}

/* ---- the three studies ---- */

static Err print_block(void *context, const FlowBlock *b) {
  Plan *p = context;
  for (size_t k = 0; k < b->count; k++)
    for (size_t row = 0; row < b->rows; row++) {
      buf_printf(p->out, "%zu,", b->first + k);
      sim_number(p->out, flow_row_time(p->program, row));
      for (size_t c = 0; c < b->columns; c++) {
        buf_char(p->out, ',');
        sim_number(p->out, b->values[(row * b->columns + c) * b->stride + k]);
      }
      buf_char(p->out, '\n');
    }
  return p->out->len > 1u << 16 ? sim_flush(p->ctx, p->out) : ERR_OK;
}

/* Every member, one row per time; nothing is summed. */
static Err all_members(Plan *p) {
  if (str_eq(cli_text(p->ctx, "format"), S("json")))
    return err_set(p->ctx->info, ERR_USAGE, "--members writes CSV only");
  buf_cstr(p->out, "member,Time");
  for (size_t c = 0; c < flow_column_count(p->program); c++) {
    buf_char(p->out, ',');
    csv_write_cell(p->out, flow_column_name(p->program, c), ',');
  }
  buf_char(p->out, '\n');
  FlowEnsembleSummary summary = {0};
  p->study.each = print_block;
  p->study.each_context = p;
  Err err = flow_study_ensemble(&p->study, &summary, p->ctx->info);
  cli_progress_end(p->ctx);
  if (err == ERR_CANCELLED) buf_printf(p->out, "# partial: stopped after %zu members\n", summary.done);
  flow_ensemble_summary_clear(&summary);
  if (err == ERR_OK || err == ERR_CANCELLED) {
    Err flushed = sim_flush(p->ctx, p->out);
    if (err == ERR_OK) err = flushed;
  }
  return err;
}

static Err print_summary(Plan *p, const FlowEnsembleSummary *s, bool partial) {
  enum { FIXED = 8 };
  const char *heads[FIXED + QUANTILES_MAX] = {"Time", "variable", "count", "missing", "mean", "deviation", "least", "most"};
  Rows r;
  for (size_t i = 0; i < p->quantile_count; i++) {
    Str head = arena_printf(p->ctx->arena, "q%.6g", p->quantiles[i]);
    if (!head.ptr) return err_set(p->ctx->info, ERR_MEMORY, "out of memory");
    heads[FIXED + i] = head.ptr;
  }
  rows_begin(&r, p, heads, FIXED + p->quantile_count);
  size_t columns = flow_column_count(p->program);
  for (size_t i = 0; i < s->count; i++) {
    const FlowSummary *cell = &s->cells[i];
    rows_row(&r);
    rows_number(&r, 0, flow_row_time(p->program, i / columns));
    rows_text(&r, 1, flow_column_name(p->program, i % columns));
    rows_number(&r, 2, (double)cell->count);
    rows_number(&r, 3, (double)cell->missing);
    rows_number(&r, 4, cell->mean);
    rows_number(&r, 5, flow_summary_deviation(cell));
    rows_number(&r, 6, cell->least);
    rows_number(&r, 7, cell->most);
    for (size_t q = 0; q < p->quantile_count; q++) rows_number(&r, FIXED + q, flow_summary_quantile(cell, p->quantiles[q]));
    TRY(rows_row_end(&r));
  }
  return rows_end(&r, partial, s->done);
}

static Err ensemble(Plan *p) {
  if (cli_flag(p->ctx, "members")) return all_members(p);
  FlowEnsembleSummary summary = {0};
  Err err = flow_study_ensemble(&p->study, &summary, p->ctx->info);
  cli_progress_end(p->ctx);
  if (err == ERR_OK || (err == ERR_CANCELLED && summary.done > 0)) {
    Err printed = print_summary(p, &summary, err == ERR_CANCELLED);
    if (err == ERR_OK) err = printed;
  }
  flow_ensemble_summary_clear(&summary);
  return err;
}

static Err print_sensitivity(Plan *p, const FlowSensitivity *s, bool partial) {
  static const char *const HEADS[] = {"Time", "variable", "input", "first", "first_error", "total", "total_error"};
  Rows r;
  size_t columns = flow_column_count(p->program), cells = columns * flow_row_count(p->program), left_out = 0;
  rows_begin(&r, p, HEADS, sizeof HEADS / sizeof HEADS[0]);
  for (size_t cell = 0; cell < cells; cell++)
    for (size_t i = 0; i < p->study.draw_count; i++) {
      FlowIndex index = flow_sensitivity_index(s, cell, i);
      rows_row(&r);
      rows_number(&r, 0, flow_row_time(p->program, cell / columns));
      rows_text(&r, 1, flow_column_name(p->program, cell % columns));
      rows_text(&r, 2, p->draws[i].name);
      rows_number(&r, 3, index.first);
      rows_number(&r, 4, index.first_error);
      rows_number(&r, 5, index.total);
      rows_number(&r, 6, index.total_error);
      TRY(rows_row_end(&r));
    }
  return rows_end(&r, partial, cells ? flow_sensitivity_rows(s, 0, &left_out) * (p->study.draw_count + 2) : 0);
}

static Err sensitivity(Plan *p) {
  FlowSensitivity *s = NULL;
  Err err = flow_study_sensitivity(&p->study, &s, p->ctx->info);
  cli_progress_end(p->ctx);
  if (s && (err == ERR_OK || err == ERR_CANCELLED)) {
    Err printed = print_sensitivity(p, s, err == ERR_CANCELLED);
    if (err == ERR_OK) err = printed;
  }
  flow_sensitivity_free(s);
  return err;
}

static Err contributions(Plan *p) {
  static const char *const HEADS[] = {"Time", "variable", "switch", "contribution", "error", "all_off", "all_on"};
  FlowShapley *s = NULL;
  Rows r;
  Err err = flow_study_contributions(&p->study, &s, p->ctx->info);
  cli_progress_end(p->ctx);
  size_t columns = flow_column_count(p->program), cells = columns * flow_row_count(p->program);
  if (err == ERR_OK) rows_begin(&r, p, HEADS, sizeof HEADS / sizeof HEADS[0]);
  for (size_t cell = 0; err == ERR_OK && cell < cells; cell++) {
    double off, on;
    flow_shapley_ends(s, cell, &off, &on);
    for (size_t i = 0; err == ERR_OK && i < p->study.switch_count; i++) {
      FlowContribution c = flow_shapley_value(s, cell, i);
      rows_row(&r);
      rows_number(&r, 0, flow_row_time(p->program, cell / columns));
      rows_text(&r, 1, flow_column_name(p->program, cell % columns));
      rows_text(&r, 2, p->switches[i]);
      rows_number(&r, 3, c.value);
      rows_number(&r, 4, c.error);
      rows_number(&r, 5, off);
      rows_number(&r, 6, on);
      err = rows_row_end(&r);
    }
  }
  if (err == ERR_OK) err = rows_end(&r, false, flow_shapley_members(s));
  flow_shapley_free(s);
  return err;
}

bool sim_is_study(const CliContext *ctx) {
  return cli_flag(ctx, "ensemble") || cli_flag(ctx, "sensitivity") || cli_flag(ctx, "contributions");
}

Err sim_study(CliContext *ctx, Sim *sim, Buf *out) {
  sigset_t old;
  Plan *p = ARENA_NEW(ctx->arena, Plan);
  if (!p) return err_set(ctx->info, ERR_MEMORY, "out of memory");
  p->ctx = ctx;
  p->sim = sim;
  p->out = out;
  watch_signals(p, &old);
  Err err = prepare(p);
  if (err == ERR_OK && cli_flag(ctx, "sensitivity")) err = sensitivity(p);
  else if (err == ERR_OK && cli_flag(ctx, "contributions")) err = contributions(p);
  else if (err == ERR_OK) err = ensemble(p);
  if (p->signal_fd >= 0) close(p->signal_fd);
  sigprocmask(SIG_SETMASK, &old, NULL);
  flow_program_free(p->program);
  return err;
}
