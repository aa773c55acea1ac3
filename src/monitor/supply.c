/* SPDX-License-Identifier: EUPL-1.2 */
#include "monitor/supply.h"

#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "monitor/supply_internal.h"

Err supply_name_check(Str name, const char *option, ErrInfo *info) {
  name = str_trim(name);
  bool line = true;
  for (size_t i = 0; i < name.len; i++) line &= (unsigned char)name.ptr[i] >= 32;
  if (name.len && name.len <= SUPPLY_NAME_MAX && line && str_find_char(name, '@') == STR_NPOS) return ERR_OK;
  return err_set(info, ERR_USAGE, "%s takes the function or organisation, at most %d bytes and no e-mail address: it stands publicly beside the figure",
                 option, SUPPLY_NAME_MAX);
}

static Err read_rows(SupplyImport *import) {
  Err err;
  while ((err = sheet_next(import->sheet, &import->cells, &import->cell_count, &import->row_number, import->info)) == ERR_OK &&
         import->cell_count > 0) {
    SupplyFigure figure;
    bool empty;
    size_t errors = import->error_count;
    arena_reset(&import->row);
    TRY(supply_read_row(import, &figure, &empty));
    import->rows++;
    if (empty) import->empty++;
    else if (errors == import->error_count) TRY(supply_write(import, &figure));
    if (import->row.failed) return SUPPLY_MEMORY(import);  /* what could not be compared may have been taken for something else */
  }
  return err;
}

static void describe(SupplyImport *import) {
  static const char *const keys[] = {"rows", "empty", "added", "corrected", "beside", "unchanged", "error_count"};
  const int64_t numbers[] = {import->rows, import->empty, import->added, import->corrected, import->beside, import->unchanged,
                             (int64_t)import->error_count};
  Val *report = import->report;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) val_set_int(import->arena, report, keys[i], numbers[i]);
  val_set_str(import->arena, report, "file", import->file_name);
  val_set_str(import->arena, report, "sheet", import->sheet_name);
  val_set_str(import->arena, report, "format", str_from(sheet_format_name(sheet_format(import->sheet))));
}

/* Within the caller's transaction, so that only an import that went through is in the log. */
static Err write_log(SupplyImport *import) {
  char moment[sizeof "2013-11-15T13:30:00Z"];
  time_t now = time(NULL);
  struct tm parts;
  if (!gmtime_r(&now, &parts) || strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return err_set(import->info, ERR_IO, "the clock of this machine cannot be read");
  return store_exec(import->store, "import_log_put",
                    ARGS(ARG_STR(str_from(moment)), ARG_STR(import->file_name), ARG_INT(import->rows), ARG_INT(import->added + import->beside),
                         ARG_INT(import->corrected), ARG_INT(import->unchanged)), NULL, import->info);
}

static Err run(SupplyImport *import, const char *path) {
  TRY(supply_name_check(import->options->by, "--by", import->info));
  TRY(sheet_open(&import->sheet, path, NULL, import->info));
  TRY(supply_find_headings(import));
  TRY(read_rows(import));
  describe(import);
  if (import->arena->failed) return SUPPLY_MEMORY(import);
  if (import->error_count == 0) return write_log(import);
  return err_set(import->info, ERR_INPUT, "%zu value%s refused; nothing was changed", import->error_count, import->error_count == 1 ? " was" : "s were");
}

Err supply_import(Store *store, const char *path, const SupplyOptions *options, Arena *arena, Val **report, ErrInfo *info) {
  *report = NULL;
  SupplyImport *import = mem_alloc0(1, sizeof *import);  /* too large for a stack */
  if (!import) return err_set(info, ERR_MEMORY, "out of memory while importing");
  import->store = store;
  import->options = options;
  import->arena = arena;
  import->info = info;
  arena_init(&import->row, 0);
  map_init(&import->indicators, arena);
  map_init(&import->seen, arena);
  import->file_name = arena_str(arena, options->file_name ? str_from(options->file_name) : str_from(file_name(path)));
  import->sheet_name = S("");
  import->report = val_map(arena);
  import->errors = val_set_list(arena, import->report, "errors");
  import->changes = val_set_list(arena, import->report, "changes");
  import->sources_added = val_set_list(arena, import->report, "sources_added");
  Err err = run(import, path);
  if (err == ERR_OK || import->error_count) *report = import->report;
  if (import->file_name.ptr && err != ERR_USAGE) err_at(info, import->file_name.ptr, NULL, 0, NULL);
  sheet_close(import->sheet);
  arena_clear(&import->row);
  mem_free(import);
  return err;
}
