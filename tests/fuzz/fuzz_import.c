/* SPDX-License-Identifier: EUPL-1.2 */
/* libFuzzer target for imports as a whole, from the bytes of a file to figures of the shipped pact: the first byte chooses the
 * importer, the rest is the file (for CBS one or more, parted by a line of two % signs). Whatever the bytes: an error has its words,
 * bounds lie around their value, of each figure one leads, the same file again changes nothing, and undone it is gone. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "monitor/monitor.h"
#include "monitor/places.h"
#include "monitor/supply.h"
#include "pact/package.h"
#include "store/internal.h"

enum { FILES_MAX = 4, TODAY = 22000 };

static Store *store;

static void must(bool holds) {
  if (!holds) abort();
}

static sqlite3 *database(void) { return *(sqlite3 **)store->conn; }

static int64_t number(const char *sql) {
  sqlite3_stmt *statement;
  must(sqlite3_prepare_v2(database(), sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW);
  int64_t value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

/* What is written now: changes with every row that comes or changes. */
static int64_t rows(void) {
  return number("SELECT (SELECT COUNT(*) + COUNT(superseded_on) FROM measurement) + (SELECT COUNT(*) FROM place) + (SELECT COUNT(*) FROM source)");
}

static int64_t several_lead(void) {
  return number("SELECT COUNT(*) FROM (SELECT 1 FROM measurement WHERE superseded_on IS NULL AND leading = 1 GROUP BY indicator, region, period HAVING COUNT(*) > 1)");
}

static void start(void) {
  Arena arena;
  ErrInfo info = ERRINFO_INIT;
  PackageReport loaded = {0};
  arena_init(&arena, 0);
  must(store_open(&store, ":memory:", STORE_CREATE, &info) == ERR_OK && store_begin(store, &info) == ERR_OK);
  must(package_load(store, NULL, &arena, &loaded, &info) == ERR_OK && store_commit(store, &info) == ERR_OK);
  must(several_lead() == 0);
  arena_clear(&arena);
}

static Err official(const char *code, const char *path, Arena *arena, size_t *changes, ErrInfo *info) {
  static const SheetLimits limits = {.time_ms = 5000, .uncompressed_bytes = 1 << 24};
  static MonitorReport report;
  MonitorOptions options = {.period = strcmp(code, "duo-exams") != 0 ? S("2031/32") : STR_NONE, .today = TODAY, .partial = true, .limits = &limits};
  Err err = monitor_import(store, dataset_by_code(str_from(code)), path, &options, arena, &report, info);
  *changes = report.added + report.superseded + report.beside;
  return err;
}

static Err cbs(const char *const *paths, size_t count, Arena *arena, size_t *changes, ErrInfo *info) {
  static MonitorReport report;
  const Dataset *dataset;
  MonitorOptions options = {.today = TODAY};
  Err err = monitor_import_cbs(store, paths, count, &options, arena, &dataset, &report, info);
  *changes = report.added + report.superseded + report.beside;
  return err;
}

static Err addresses(const char *path, bool primary, Arena *arena, size_t *changes, ErrInfo *info) {
  static PlacesReport report;
  PlacesOptions options = {.kind = primary ? S("primary") : S("vocational"), .edition = TODAY - 1, .source = S("duo-bo-2013"), .today = TODAY, .partial = true};
  Err err = places_import(store, path, &options, arena, &report, info);
  *changes = report.added + report.changed + report.ended;
  return err;
}

static Err supply(const char *path, Arena *arena, size_t *changes, ErrInfo *info) {
  Val *report;
  SupplyOptions options = {.by = S("Redactie"), .today = TODAY};
  Err err = supply_import(store, path, &options, arena, &report, info);
  *changes = err == ERR_OK ? (size_t)(val_get(report, S("added"))->as.integer + val_get(report, S("corrected"))->as.integer + val_get(report, S("beside"))->as.integer) : 0;
  return err;
}

static Err import(uint8_t which, const char *const *paths, size_t count, size_t *changes) {
  static const char *const codes[] = {"duo-exams", "duo-vo", "duo-mbo"};
  Arena arena;
  ErrInfo info = ERRINFO_INIT;
  arena_init(&arena, 256 << 20);
  Err err = which < 3 ? official(codes[which], paths[0], &arena, changes, &info)
            : which < 5 ? addresses(paths[0], which == 3, &arena, changes, &info)
            : which == 5 ? supply(paths[0], &arena, changes, &info) : cbs(paths, count, &arena, changes, &info);
  must(err == ERR_OK || (info.code == err && info.message[0]));
  must(err == ERR_OK || err == ERR_INPUT || err == ERR_LIMIT || err == ERR_UNSUPPORTED || err == ERR_NOT_FOUND || err == ERR_CONFLICT || err == ERR_USAGE);
  arena_clear(&arena);
  return err;
}

/* A file that is only in memory, with a name that can be opened. */
static int make_file(char path[64], Str bytes) {
  int fd = memfd_create("fuzz", MFD_CLOEXEC);
  must(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
  snprintf(path, 64, "/proc/self/fd/%d", fd);
  return fd;
}

static void run(uint8_t which, const char *const *paths, size_t count) {
  static const char outside[] = "SELECT COUNT(*) FROM measurement WHERE known_from = '2030-03-27' AND (low > high OR value < low - 1e-6 OR value > high + 1e-6)";
  size_t changes, again;
  ErrInfo info = ERRINFO_INIT;
  int64_t before = rows();
  must(store_begin(store, &info) == ERR_OK);
  if (import(which, paths, count, &changes) == ERR_OK) {
    int64_t after = rows();
    must(number(outside) == 0 && several_lead() == 0 && (changes > 0 || after == before));
    must(import(which, paths, count, &again) == ERR_OK && again == 0 && rows() == after);
  }
  store_rollback(store);
  must(rows() == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char names[FILES_MAX][64];
  const char *paths[FILES_MAX];
  int files[FILES_MAX];
  size_t count = 0;
  if (size == 0) return 0;
  if (!store) start();
  Str rest = {(const char *)data + 1, size - 1};
  while (count < FILES_MAX) {
    size_t cut = data[0] % 7 == 6 && count + 1 < FILES_MAX ? str_find(rest, S("\n%%\n")) : STR_NPOS;
    files[count] = make_file(names[count], str_slice(rest, 0, cut == STR_NPOS ? rest.len : cut));
    paths[count] = names[count];
    count++;
    if (cut == STR_NPOS) break;
    rest = str_slice(rest, cut + 4, rest.len);
  }
  run(data[0] % 7, paths, count);
  for (size_t i = 0; i < count; i++) close(files[i]);
  return 0;
}
