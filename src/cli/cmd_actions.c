/* SPDX-License-Identifier: EUPL-1.2 */
/* The registry of actions on the command line: listing, exporting, the matrix. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "action/actions.h"
#include "action/export.h"
#include "action/matrix.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/table.h"

Err cmd_actions(CliContext *ctx);
Err cmd_matrix(CliContext *ctx);

/* ---- actions ---- */

static Err read_query(CliContext *ctx, ActionQuery *query) {
  action_query_init(query);
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) {
    char option[32];
    Str param = action_dim_param((ActionDim)dim);
    memcpy(option, param.ptr, param.len);
    option[param.len] = '\0';
    for (size_t i = 0; cli_nth(ctx, option, i).ptr; i++)
      TRY(action_query_set(query, param, cli_nth(ctx, option, i), ctx->info));
  }
  if (cli_text(ctx, "search").ptr) TRY(action_query_set(query, S("q"), cli_text(ctx, "search"), ctx->info));
  if (cli_text(ctx, "sort").ptr) TRY(action_query_set(query, S("sort"), cli_text(ctx, "sort"), ctx->info));
  if (cli_flag(ctx, "reverse"))
    query->direction = action_sort_descending(query->sort) ? 1 : -1;
  query->year = (int)cli_int(ctx, "year");
  return ERR_OK;
}

/* What a table shows of references: their labels. */
static Val *flat_rows(Arena *arena, const Val *rows) {
  static const char *const one[] = {"line", "owner", "status"};
  static const char *const many[] = {"goals", "regions"};
  Val *list = val_list(arena);
  for (size_t i = 0; i < rows->as.list.count; i++) {
    const Val *row = rows->as.list.items[i];
    Val *flat = val_push_map(arena, list);
    val_set(arena, flat, "code", (Val *)(uintptr_t)val_get(row, S("code")));
    val_set(arena, flat, "title", (Val *)(uintptr_t)val_get(row, S("title")));
    for (size_t k = 0; k < 3; k++)
      val_set(arena, flat, one[k], (Val *)(uintptr_t)val_get(val_get(row, str_from(one[k])), k ? S("label") : S("code")));
    for (size_t k = 0; k < 2; k++) {
      const Val *items = val_get(row, str_from(many[k]));
      Val *texts = val_set_list(arena, flat, many[k]);
      for (size_t n = 0; n < items->as.list.count; n++)
        val_push(arena, texts, (Val *)(uintptr_t)val_get(items->as.list.items[n], k ? S("label") : S("code")));
    }
    val_set_int(arena, flat, "missing", (int64_t)val_get(row, S("missing"))->as.list.count);
  }
  return list;
}

static Err print_table(CliContext *ctx, const Val *rows, size_t all) {
  static const CliColumn columns[] = {
      {"code", "Code", false, true}, {"title", "Actie", false, true}, {"line", "Lijn", false, false},
      {"goals", "Doelen", false, true}, {"regions", "Bereik", false, true}, {"owner", "Trekker", false, true},
      {"status", "Uitvoering", false, false}, {"missing", "Ontbreekt", true, false}};
  TRY(cli_print_rows(ctx, S("table"), columns, sizeof columns / sizeof *columns, flat_rows(ctx->arena, rows)));
  fprintf(ctx->out, "%zu van %zu acties\n", rows->as.list.count, all);
  return ERR_OK;
}

/* CSV on standard output is written by way of a file: the writer only makes whole files. */
static Err copy_out(CliContext *ctx, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return err_set(ctx->info, ERR_IO, "%s cannot be read back", path);
  char part[8192];
  size_t n;
  while ((n = fread(part, 1, sizeof part, file)) > 0 && fwrite(part, 1, n, ctx->out) == n) {}
  bool failed = ferror(file) || ferror(ctx->out);
  fclose(file);
  return failed ? err_set(ctx->info, ERR_IO, "the list cannot be written to standard output") : ERR_OK;
}

typedef struct Found { const ActionIndex *index; const uint32_t *ids; size_t count; } Found;

static Err write_sheet(CliContext *ctx, Store *store, Found found, Str format) {
  SheetFormat sheet = str_eq(format, S("csv")) ? SHEET_CSV : str_eq(format, S("xlsx")) ? SHEET_XLSX : SHEET_ODS;
  const char *path = cli_path(ctx, "output");
  if (path) return action_export(store, found.index, found.ids, found.count, sheet, path, ctx->info);
  if (sheet != SHEET_CSV) return err_set(ctx->info, ERR_USAGE, "--format " STR_FMT " needs --output FILE", STR_ARG(format));
  char folder[] = "/tmp/pactwijzer-XXXXXX", file[sizeof folder + 16];
  if (!mkdtemp(folder)) return err_set(ctx->info, ERR_IO, "no temporary folder can be made in /tmp");
  snprintf(file, sizeof file, "%s/acties.csv", folder);
  Err err = action_export(store, found.index, found.ids, found.count, sheet, file, ctx->info);
  if (err == ERR_OK) err = copy_out(ctx, file);
  unlink(file);
  rmdir(folder);
  return err;
}

static Err write_found(CliContext *ctx, Store *store, Found found) {
  Str format = cli_text(ctx, "format");
  Val *rows = NULL;
  bool json = str_eq(format, S("json")), table = str_eq(format, S("table"));
  if (!json && !table) return write_sheet(ctx, store, found, format);
  if (cli_path(ctx, "output")) return err_set(ctx->info, ERR_USAGE, "--output goes with --format csv, xlsx or ods");
  TRY(json ? action_rows_full(store, found.index, found.ids, found.count, ctx->arena, &rows, ctx->info)
           : action_rows(store, found.index, found.ids, found.count, ctx->arena, &rows, ctx->info));
  return json ? cli_print_json(ctx, rows) : print_table(ctx, rows, action_index_count(found.index));
}

Err cmd_actions(CliContext *ctx) {
  Store *store;
  ActionIndex *index = NULL;
  ActionQuery query;
  Found found = {0};
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(read_query(ctx, &query));
  TRY(action_index_new(&index, store, ctx->info));
  found.index = index;
  Err err = action_search_all(index, &query, ctx->arena, &found.ids, &found.count, ctx->info);
  size_t limit = (size_t)cli_int(ctx, "limit");
  if (limit && found.count > limit) found.count = limit;
  if (err == ERR_OK) err = write_found(ctx, store, found);
  action_index_release(index);
  return err;
}

/* ---- matrix ---- */

static Err write_matrix(CliContext *ctx, const Val *matrix) {
  Str format = cli_text(ctx, "format");
  Buf out;
  buf_init(&out, 0);
  Err err = str_eq(format, S("csv")) ? matrix_write_csv(matrix, &out)
            : str_eq(format, S("json")) ? matrix_write_json(matrix, &out) : matrix_write_text(matrix, &out);
  if (err) err = err_set(ctx->info, err, "the matrix does not fit in memory");
  else if (fwrite(out.ptr, 1, out.len, ctx->out) != out.len) err = err_set(ctx->info, ERR_IO, "the matrix cannot be written");
  buf_clear(&out);
  return err;
}

Err cmd_matrix(CliContext *ctx) {
  Store *store;
  ActionIndex *index = NULL;
  Val *matrix = NULL;
  MatrixOptions options = {.year = (int)cli_int(ctx, "year"), .subgoals = cli_flag(ctx, "subgoals"),
                           .municipalities = cli_flag(ctx, "municipalities")};
  TRY(cli_store(ctx, STORE_READ, &store));
  TRY(action_index_new(&index, store, ctx->info));
  Err err = action_matrix(index, options, ctx->arena, &matrix, ctx->info);
  if (err == ERR_OK) err = write_matrix(ctx, matrix);
  action_index_release(index);
  return err;
}
