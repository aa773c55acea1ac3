/* SPDX-License-Identifier: EUPL-1.2 */
/* Files of CBS: which kind they are, and the rest as for any official file. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "monitor/internal.h"
#include "official/odata.h"

/* Whether the file begins as JSON does. One that cannot be read is left to the reader, which says why; so is a pipe, which could be
 * waited for without end. */
static bool begins_as_json(const char *path) {
  unsigned char bytes[64];
  struct stat what;
  if (stat(path, &what) != 0 || !S_ISREG(what.st_mode)) return false;
  FILE *file = fopen(path, "rbe");
  size_t count = file ? fread(bytes, 1, sizeof bytes, file) : 0, at = 0;
  if (file) fclose(file);
  if (count >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) at = 3;
  bool wide = count >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
  if (wide) at = bytes[0] == 0xFF ? 2 : 3;  /* the byte of each two that is the letter */
  while (at < count && strchr(" \t\r\n", bytes[at]) && bytes[at]) at += wide ? 2 : 1;
  return at < count && (bytes[at] == '{' || bytes[at] == '[');
}

static Err import_answers(Import *m, const char *const *paths, size_t count) {
  OdataTable *table;
  OdataSource *sources = ARENA_ARRAY(m->arena, OdataSource, count + 1);
  if (!sources) return import_memory(m);
  for (size_t i = 0; i < count; i++) sources[i].path = paths[i];
  TRY(odata_open(&table, m->arena, sources, count, m->info));
  m->dataset = odata_dataset(table);
  TRY(import_prepare(m));
  TRY(odata_read(table, derive_take, m->derive, &m->report->file, m->info));
  TRY(derive_check_met(m->derive, m->info));
  return import_store(m);
}

Err monitor_import_cbs(Store *store, const char *const *paths, size_t count, const MonitorOptions *options, Arena *arena,
                       const Dataset **dataset, MonitorReport *report, ErrInfo *info) {
  size_t json = 0;
  for (size_t i = 0; i < count; i++) json += begins_as_json(paths[i]);
  if (json == 0 && count == 1) {
    *dataset = dataset_by_code(S("cbs-pc4"));
    return monitor_import(store, *dataset, paths[0], options, arena, report, info);
  }
  *report = (MonitorReport){0};
  if (json == 0) return err_set(info, ERR_USAGE, "%zu CSV files; several files are the answers for one table, as JSON. Give one CSV at a time", count);
  Import m = {.store = store, .options = options, .arena = arena, .report = report, .info = info};
  Err err = import_answers(&m, paths, count);
  *dataset = m.dataset;
  return err;
}
