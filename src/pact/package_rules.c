/* SPDX-License-Identifier: EUPL-1.2 */
/* What no cell shows by itself: rows whose cells together say something impossible. The rules are sql/queries/package_rules.sql. */
#include "pact/package_internal.h"

static const Resource *resource_of(const Package *package, Str name) {
  for (size_t i = 0; i < package->count; i++)
    if (str_eq(package->resources[i].name, name)) return &package->resources[i];
  return NULL;
}

static Err take_broken(const Package *package, const Rows *rows, PackageReport *report) {
  const Resource *resource = resource_of(package, rows_str(rows, 0));
  int64_t row = rows_int(rows, 1);
  Str column = arena_str(package->arena, rows_str(rows, 2));
  if (!resource || row < 1 || (size_t)row > resource->rows_count) return ERR_OK;
  return package_problem(report, package->arena, (PackageProblem){.file = resource->path, .row = resource->lines[row - 1], .column = column,
                                                                  .value = rows_str(rows, 3), .expected = rows_str(rows, 4)});
}

Err package_check_rules(Store *store, const Package *package, PackageReport *report, ErrInfo *info) {
  Rows *rows;
  bool more = true;
  Err err;
  TRY(store_query(store, "package_broken_rules", NO_ARGS, &rows, info));
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more)
    if ((err = take_broken(package, rows, report)) != ERR_OK) break;
  rows_close(rows);
  return err == ERR_MEMORY ? err_set(info, err, "out of memory while checking the rows") : err;
}
