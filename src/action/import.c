/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/import_internal.h"

#include <time.h>

#include "base/file.h"
#include "base/mem.h"

static Err read_rows(Import *import) {
  Err err;
  while ((err = sheet_next(import->sheet, &import->cells, &import->cell_count, &import->row_number, import->info)) == ERR_OK &&
         import->cell_count > 0) {
    Str code;
    bool ok;
    size_t errors = import->error_count;
    arena_reset(&import->row);
    TRY(import_read_row(import));
    TRY(import_match(import, &code, &ok));
    import->rows++;
    if (ok && errors == import->error_count) TRY(code.ptr ? import_write_existing(import, code) : import_write_new(import));
    if (import->options->progress && import->rows % 500 == 0) import->options->progress(import->options->context, import->rows);
  }
  return err;
}

static void describe_file(Import *import) {
  Val *report = import->report;
  val_set_str(import->arena, report, "file", import->file_name);
  val_set_str(import->arena, report, "sheet", import->sheet_name);
  val_set_str(import->arena, report, "format", str_from(sheet_format_name(sheet_format(import->sheet))));
  val_set_str(import->arena, report, "encoding", str_from(sheet_csv_encoding(import->sheet)));
}

static void describe_result(Import *import) {
  static const char *const keys[] = {"rows", "added", "changed", "unchanged", "assumed", "error_count"};
  const int64_t numbers[] = {import->rows, import->added, import->changed, import->unchanged, import->assumed,
                             (int64_t)import->error_count};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) val_set_int(import->arena, import->report, keys[i], numbers[i]);
}

/* Within the caller's transaction, so that only an import that went through is in the log. */
static Err write_log(Import *import) {
  char moment[sizeof "2013-11-15T13:30:00Z"];
  time_t now = time(NULL);
  struct tm parts;
  if (!gmtime_r(&now, &parts) || strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return err_set(import->info, ERR_IO, "the clock of this machine cannot be read");
  return store_exec(import->store, "import_log_put",
                    ARGS(ARG_STR(str_from(moment)), ARG_STR(import->file_name), ARG_INT(import->rows), ARG_INT(import->added),
                         ARG_INT(import->changed), ARG_INT(import->unchanged)), NULL, import->info);
}

static Err run(Import *import, const char *path) {
  TRY(sheet_open(&import->sheet, path, NULL, import->info));
  TRY(import_find_headings(import));
  describe_file(import);
  if (stemmer_new(&import->stemmer)) return IMPORT_MEMORY(import);
  TRY(import_read_names(import));
  TRY(import_read_known(import));
  TRY(import_begin_writing(import));
  TRY(read_rows(import));
  describe_result(import);
  if (import->error_count == 0) return write_log(import);
  return err_set(import->info, ERR_INPUT, "%zu value%s refused; nothing was changed", import->error_count,
                 import->error_count == 1 ? " was" : "s were");
}

Err action_import(Store *store, const char *path, const ImportOptions *options, Arena *arena, Val **report, ErrInfo *info) {
  *report = NULL;
  Import *import = mem_alloc0(1, sizeof *import);  /* too large for a stack */
  if (!import) return err_set(info, ERR_MEMORY, "out of memory while importing");
  import->store = store;
  import->options = options;
  import->arena = arena;
  import->info = info;
  arena_init(&import->names, 0);
  arena_init(&import->row, 0);
  import->file_name = arena_str(arena, options->file_name ? str_from(options->file_name) : str_from(file_name(path)));
  import->sheet_name = S("");
  import->report = val_map(arena);
  import->errors = val_set_list(arena, import->report, "errors");
  val_set_list(arena, import->report, "organisations_added");
  Err err = run(import, path);
  if (err == ERR_OK || import->error_count) *report = import->report;
  err_at(info, import->file_name.ptr, NULL, 0, NULL);
  sheet_close(import->sheet);
  stemmer_free(import->stemmer);
  mem_free(import->known);
  mem_free(import->seen);
  mem_free(import->seen_row);
  arena_clear(&import->names);
  arena_clear(&import->row);
  mem_free(import);
  return err;
}
