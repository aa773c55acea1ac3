/* SPDX-License-Identifier: EUPL-1.2 */
/* A package into the database: everything is read and checked first, then inserted. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "pact/package_internal.h"

enum { PROGRESS_ROWS = 2000 };

/* Every field must be a column of the table of that name: the tables are the program's, the package only fills them. */
static Err check_table(Store *store, const Resource *resource, ErrInfo *info) {
  const Str *columns;
  size_t count;
  err_at(info, "datapackage.json", NULL, 0, NULL);
  TRY(store_columns(store, resource->name, &columns, &count, info));
  if (count == 0)
    return err_set(info, ERR_UNSUPPORTED, "the resource '" STR_FMT "' is not one this program keeps", STR_ARG(resource->name));
  for (size_t f = 0; f < resource->fields_count; f++) {
    bool known = false;
    for (size_t c = 0; c < count; c++) known |= str_eq(columns[c], resource->fields[f].name);
    if (!known || str_eq(resource->fields[f].name, S("seq")))
      return err_set(info, ERR_UNSUPPORTED, "the field '" STR_FMT "' of resource '" STR_FMT "' is not one this program keeps",
                     STR_ARG(resource->fields[f].name), STR_ARG(resource->name));
  }
  return ERR_OK;
}

static Err read_all(Package *package, PackageFiles *files, PackageReport *report, ErrInfo *info) {
  for (size_t i = 0; i < package->count; i++) {
    Resource *resource = &package->resources[i];
    Str bytes;
    Err err = package_files_read(files, resource->path, package->arena, &bytes, info);
    if (err == ERR_NOT_FOUND) {
      PackageProblem gone = {.file = resource->path, .column = STR_NONE, .value = STR_NONE, .expected = S("this file, which the descriptor names")};
      TRY(package_problem(report, package->arena, gone));
      continue;
    }
    TRY(err);
    TRY(package_read_resource(package, resource, bytes, report, info));
    report->resources++;
  }
  return package_check_keys(package, report, info);
}

static Err insert_resource(Store *store, const Package *package, const Resource *resource, PackageReport *report, ErrInfo *info) {
  size_t width = resource->fields_count + 1;
  Str *names = ARENA_ARRAY(package->arena, Str, width);
  Arg *args = ARENA_ARRAY(package->arena, Arg, width);
  if (!names || !args) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t f = 0; f < resource->fields_count; f++) names[f] = resource->fields[f].name;
  names[width - 1] = S("seq");
  for (size_t i = 0; i < resource->rows_count; i++) {
    const Str *cells = resource->cells + i * resource->fields_count;
    for (size_t f = 0; f < resource->fields_count; f++) args[f] = package_value(&resource->fields[f], cells[f]);
    args[width - 1] = ARG_INT((int64_t)i + 1);
    err_at(info, resource->path.ptr, NULL, resource->lines[i], NULL);
    TRY(store_insert(store, resource->name, names, args, width, info));
    if (report->progress && i % PROGRESS_ROWS == 0) report->progress(report->context, report->inserted + i, report->rows);
  }
  report->inserted += resource->rows_count;
  return ERR_OK;
}

/* Package paths are copies in the arena and so NUL-terminated, as err_at needs. */
static Err insert_all(Store *store, const Package *package, PackageReport *report, ErrInfo *info) {
  char moment[32];
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%SZ", &utc);
  for (size_t i = 0; i < package->count; i++) TRY(check_table(store, &package->resources[i], info));
  for (size_t i = 0; i < package->count; i++) TRY(insert_resource(store, package, &package->resources[i], report, info));
  if (info) err_reset(info);
  return store_exec(store, "package_remember", ARGS(ARG_STR(package->name), ARG_STR(package->descriptor), ARG_STR(str_from(moment))), NULL, info);
}

static Err check_empty(Store *store, ErrInfo *info) {
  Rows *rows;
  bool more = false;
  TRY(store_query(store, "package_descriptor", NO_ARGS, &rows, info));
  Err err = rows_next(rows, &more, info);
  if (err == ERR_OK && more)
    err = err_set(info, ERR_CONFLICT, "the database holds the pact '" STR_FMT "' already", STR_ARG(rows_str(rows, 0)));
  rows_close(rows);
  return err;
}

/* Says the first problem and how many more there are. */
static Err report_problems(const PackageReport *report, ErrInfo *info) {
  const PackageProblem *first = &report->problems[0];
  char column[128] = "";
  if (first->column.ptr) snprintf(column, sizeof column, STR_FMT, STR_ARG(first->column));
  if (info) err_reset(info);
  err_at(info, first->file.ptr, NULL, first->row, column);
  if (report->total == 1)
    return err_set(info, ERR_INPUT, "'" STR_FMT "' found, expected " STR_FMT "; nothing was loaded", STR_ARG(first->value), STR_ARG(first->expected));
  return err_set(info, ERR_INPUT, "'" STR_FMT "' found, expected " STR_FMT "; and %zu more problems; nothing was loaded", STR_ARG(first->value),
                 STR_ARG(first->expected), report->total - 1);
}

static Err load_from(Store *store, PackageFiles *files, Package *package, PackageReport *report, ErrInfo *info) {
  Str descriptor;
  TRY(check_empty(store, info));
  TRY(package_files_read(files, S("datapackage.json"), package->arena, &descriptor, info));
  TRY(package_parse(package, descriptor, package->arena, info));
  TRY(read_all(package, files, report, info));
  if (report->total > 0) return report_problems(report, info);
  TRY(insert_all(store, package, report, info));
  TRY(package_check_rules(store, package, report, info));
  return report->total > 0 ? report_problems(report, info) : ERR_OK;
}

Err package_load(Store *store, const char *directory, Arena *arena, PackageReport *report, ErrInfo *info) {
  PackageFiles files;
  Package package = {.arena = arena};
  *report = (PackageReport){.progress = report->progress, .context = report->context};
  TRY(package_files_open(&files, directory, info));
  Err err = load_from(store, &files, &package, report, info);
  package_clear(&package);
  package_files_close(&files);
  return err;
}
