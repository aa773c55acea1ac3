/* SPDX-License-Identifier: EUPL-1.2 */
/* `simulate`: a thin client of flow/flow.h. */
#include "cli/cmd_simulate.h"

#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"

Err cmd_simulate(CliContext *ctx);

static Err no_memory(CliContext *ctx) { return err_set(ctx->info, ERR_MEMORY, "out of memory"); }

Err sim_add(CliContext *ctx, SimNames *list, Str name) {
  if (list->count == list->cap) {
    size_t cap = list->cap ? 2 * list->cap : 16;
    Str *grown = arena_grow(ctx->arena, list->items, list->cap * sizeof *grown, cap * sizeof *grown);
    if (!grown) return no_memory(ctx);
    list->items = grown;
    list->cap = cap;
  }
  list->items[list->count++] = name;
  return ERR_OK;
}

/* "a, b[R1, S2], "c, d"": commas within brackets and quotation marks do not part. */
static Err split_names(CliContext *ctx, Str text, SimNames *list) {
  size_t from = 0;
  int open = 0;
  bool quoted = false;
  for (size_t i = 0; i <= text.len; i++) {
    char c = i < text.len ? text.ptr[i] : ',';
    if (c == '"') quoted = !quoted;
    if (c == '[') open++;
    if (c == ']') open--;
    if (c != ',' || (i < text.len && (open > 0 || quoted))) continue;
    Str name = str_trim(str_slice(text, from, i));
    if (name.len) TRY(sim_add(ctx, list, name));
    from = i + 1;
  }
  return ERR_OK;
}

static Err add_setting(CliContext *ctx, Sim *sim, Str name, Str value) {
  double number;
  if (!str_to_double(str_trim(value), &number))
    return err_set(ctx->info, ERR_USAGE, "value \"" STR_FMT "\" of " STR_FMT " is not a number", STR_ARG(value), STR_ARG(name));
  if (sim->set.count == sim->value_cap) {
    size_t cap = sim->value_cap ? 2 * sim->value_cap : 16;
    double *grown = arena_grow(ctx->arena, sim->values, sim->value_cap * sizeof *grown, cap * sizeof *grown);
    if (!grown) return no_memory(ctx);
    sim->values = grown;
    sim->value_cap = cap;
  }
  sim->values[sim->set.count] = number;
  return sim_add(ctx, &sim->set, name);
}

static Err read_set_file(CliContext *ctx, Sim *sim, const char *path) {
  Buf text;
  CsvReader *csv = NULL;
  const Str *cells;
  size_t count;
  buf_init(&text, 0);
  Err err = file_read(&text, path, (size_t)16 << 20, ctx->info);
  if (err == ERR_OK) err = csv_new_text(&csv, buf_view(&text), (CsvOptions){.delimiter = csv_guess_delimiter(buf_view(&text))}, ctx->info);
  for (size_t row = 0; err == ERR_OK; row++) {
    err = csv_next(csv, &cells, &count, ctx->info);
    if (err != ERR_OK || count == 0) break;
    if (count == 1 && str_trim(cells[0]).len == 0) continue;
    err_at(ctx->info, path, NULL, csv_line(csv), NULL);
    if (count < 2) { err = err_set(ctx->info, ERR_INPUT, "found %zu cells, expected a name and a value", count); break; }
    if (row == 0 && str_eq_nocase(str_trim(cells[0]), S("name"))) continue;
    Str name = arena_str(ctx->arena, str_trim(cells[0]));
    err = name.ptr ? add_setting(ctx, sim, name, cells[1]) : no_memory(ctx);
    if (err == ERR_USAGE) { ctx->info->code = ERR_INPUT; err = ERR_INPUT; }
  }
  csv_free(csv);
  buf_clear(&text);
  return err;
}

static Err read_settings(CliContext *ctx, Sim *sim) {
  Str text;
  for (size_t i = 0; (text = cli_nth(ctx, "save", i)).ptr; i++) TRY(split_names(ctx, text, &sim->save));
  for (size_t i = 0; (text = cli_nth(ctx, "set", i)).ptr; i++) {
    size_t at = STR_NPOS;
    for (size_t k = 0; k < text.len; k++) if (text.ptr[k] == '=') at = k;
    if (at == STR_NPOS) return err_set(ctx->info, ERR_USAGE, "--set " STR_FMT ": expected name=value", STR_ARG(text));
    TRY(add_setting(ctx, sim, str_trim(str_slice(text, 0, at)), str_slice(text, at + 1, text.len)));
  }
  if (cli_path(ctx, "set-file")) TRY(read_set_file(ctx, sim, cli_path(ctx, "set-file")));
  if (cli_flag(ctx, "dt")) sim->spec.dt = cli_number(ctx, "dt");
  if (cli_flag(ctx, "start")) sim->spec.start = cli_number(ctx, "start");
  if (cli_flag(ctx, "stop")) sim->spec.stop = cli_number(ctx, "stop");
  if (cli_flag(ctx, "every")) {
    sim->spec.every = cli_number(ctx, "every");
    if (!(sim->spec.every > 0)) return err_set(ctx->info, ERR_USAGE, "--every must be more than 0");
  }
  Str method = cli_text(ctx, "method");
  if (str_eq(method, S("euler"))) sim->spec.method = FLOW_EULER;
  if (str_eq(method, S("rk2"))) sim->spec.method = FLOW_RK2;
  if (str_eq(method, S("rk4"))) sim->spec.method = FLOW_RK4;
  return ERR_OK;
}

static void warn(void *context, const char *message) {
  CliContext *ctx = context;
  fprintf(ctx->err, "warning: %s\n", message);
}

static Err read_checks(CliContext *ctx, Sim *sim) {
  Str rest = cli_text(ctx, "check"), part;
  while (rest.ptr && str_cut(&rest, ',', &part)) {
    part = str_trim(part);
    if (str_eq(part, S("conservation"))) sim->spec.check_conservation = true;
    else if (str_eq(part, S("units"))) sim->check_units = true;
    else return err_set(ctx->info, ERR_USAGE, "--check " STR_FMT ": known are conservation and units", STR_ARG(part));
  }
  return ERR_OK;
}

Err sim_flush(CliContext *ctx, Buf *out) {
  if (buf_err(out) != ERR_OK) return no_memory(ctx);
  if (out->len && fwrite(out->ptr, 1, out->len, ctx->out) != out->len)
    return err_set(ctx->info, ERR_IO, "the output could not be written");
  buf_reset(out);
  return ERR_OK;
}

/* 17 significant digits bring back the very same number. */
void sim_number(Buf *out, double value) {
  if (isnan(value)) buf_cstr(out, "nan");
  else if (isinf(value)) buf_cstr(out, value < 0 ? "-inf" : "inf");
  else buf_printf(out, "%.17g", value);
}

static Err print_csv(CliContext *ctx, const FlowProgram *p, const FlowResult *r, Buf *out) {
  buf_cstr(out, "Time");
  for (size_t c = 0; c < flow_column_count(p); c++) {
    buf_char(out, ',');
    csv_write_cell(out, flow_column_name(p, c), ',');
  }
  buf_char(out, '\n');
  for (size_t row = 0; row < flow_row_count(p); row++) {
    sim_number(out, flow_row_time(p, row));
    for (size_t c = 0; c < flow_column_count(p); c++) {
      buf_char(out, ',');
      sim_number(out, flow_result_get(r, row, c));
    }
    buf_char(out, '\n');
    if (out->len > 1u << 16) TRY(sim_flush(ctx, out));
  }
  return sim_flush(ctx, out);
}

void sim_json_number(JsonWriter *w, double value) {
  char text[40];
  if (!isfinite(value)) { jw_null(w); return; }
  snprintf(text, sizeof text, "%.17g", value);
  jw_raw(w, str_from(text));
}

static Err print_json(CliContext *ctx, const FlowProgram *p, const FlowResult *r, Buf *out) {
  JsonWriter w;
  jw_init(&w, out, 0);
  jw_object(&w);
  jw_key(&w, S("Time"));
  jw_array(&w);
  for (size_t row = 0; row < flow_row_count(p); row++) sim_json_number(&w, flow_row_time(p, row));
  jw_array_end(&w);
  jw_key(&w, S("variables"));
  jw_object(&w);
  for (size_t c = 0; c < flow_column_count(p); c++) {
    jw_key(&w, flow_column_name(p, c));
    jw_array(&w);
    for (size_t row = 0; row < flow_row_count(p); row++) sim_json_number(&w, flow_result_get(r, row, c));
    jw_array_end(&w);
    if (out->len > 1u << 16) TRY(sim_flush(ctx, out));
  }
  jw_object_end(&w);
  jw_object_end(&w);
  buf_char(out, '\n');
  return sim_flush(ctx, out);
}

static Err list_variables(CliContext *ctx, const FlowModel *m, Buf *out) {
  bool json = str_eq(cli_text(ctx, "format"), S("json"));
  JsonWriter w;
  jw_init(&w, out, 1);
  if (json) jw_array(&w);
  else buf_cstr(out, "name,kind,dimensions,elements,units,documentation\n");
  for (size_t i = 0; i < flow_variable_count(m); i++) {
    FlowVariable v = flow_variable(m, i);
    if (json) {
      jw_object(&w);
      jw_key(&w, S("name")); jw_str(&w, v.name);
      jw_key(&w, S("kind")); jw_str(&w, str_from(v.kind));
      jw_key(&w, S("dimensions")); jw_str(&w, v.dimensions.ptr ? v.dimensions : S(""));
      jw_key(&w, S("elements")); jw_int(&w, (int64_t)v.elements);
      jw_key(&w, S("units")); jw_str(&w, v.units.ptr ? v.units : S(""));
      jw_key(&w, S("documentation")); jw_str(&w, v.doc.ptr ? v.doc : S(""));
      jw_key(&w, S("equation")); jw_str(&w, v.equation.ptr ? v.equation : S(""));
      jw_object_end(&w);
      continue;
    }
    Str count = arena_printf(ctx->arena, "%zu", v.elements);
    Str cells[] = {v.name, str_from(v.kind), v.dimensions, count, v.units, v.doc};
    csv_write_record(out, cells, sizeof cells / sizeof cells[0], ',', "\n");
  }
  if (json) { jw_array_end(&w); buf_char(out, '\n'); }
  return sim_flush(ctx, out);
}

static void show_progress(void *context, double done) {
  CliContext *ctx = context;
  cli_progress(ctx, "simulating", (int64_t)(done * 1000), 1000);
}

static Err run_once(CliContext *ctx, Sim *sim, Buf *out) {
  FlowProgram *p = NULL;
  FlowResult *r = NULL;
  FlowControl control = {NULL, show_progress, ctx};
  FlowRun run = {.set = sim->values, .seed = (uint64_t)cli_int(ctx, "seed"), .control = ctx->err_tty ? &control : NULL};
  Err err = flow_compile(&p, sim->model, &sim->spec, ctx->info);
  if (err == ERR_OK) err = flow_run(&r, p, &run, ctx->info);
  cli_progress_end(ctx);
  if (err == ERR_OK && str_eq(cli_text(ctx, "format"), S("json"))) err = print_json(ctx, p, r, out);
  else if (err == ERR_OK) err = print_csv(ctx, p, r, out);
  flow_result_free(r);
  flow_program_free(p);
  return err;
}

static Err write_model(CliContext *ctx, const Sim *sim, Buf *out) {
  TRY(flow_write(sim->model, out, ctx->info));
  return file_write(cli_path(ctx, "write"), buf_view(out), ctx->info);
}

static Err simulate(CliContext *ctx, Sim *sim, Buf *out) {
  size_t mismatches = 0;
  TRY(read_settings(ctx, sim));
  TRY(read_checks(ctx, sim));
  TRY(flow_open(&sim->model, cli_path(ctx, "MODEL"), NULL, ctx->info));
  sim->spec.save = sim->save.items;
  sim->spec.save_count = sim->save.count;
  sim->spec.set = sim->set.items;
  sim->spec.set_count = sim->set.count;
  sim->spec.warn = warn;
  sim->spec.warn_context = ctx;
  if (sim->check_units) TRY(flow_check_units(sim->model, warn, ctx, &mismatches, ctx->info));
  if (cli_flag(ctx, "list")) return list_variables(ctx, sim->model, out);
  if (cli_text(ctx, "explain").ptr) {
    TRY(flow_explain(sim->model, cli_text(ctx, "explain"), out, ctx->info));
    return sim_flush(ctx, out);
  }
  if (cli_path(ctx, "write")) return write_model(ctx, sim, out);
  return sim_is_study(ctx) ? sim_study(ctx, sim, out) : run_once(ctx, sim, out);
}

Err cmd_simulate(CliContext *ctx) {
  Sim sim = {.spec = FLOW_SPEC_INIT};
  Buf out;
  buf_init(&out, 0);
  Err err = simulate(ctx, &sim, &out);
  buf_clear(&out);
  flow_close(sim.model);
  return err;
}
