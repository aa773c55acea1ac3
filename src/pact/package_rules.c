/* SPDX-License-Identifier: EUPL-1.2 */
/* What no cell shows by itself: rows whose cells together say something impossible. The rules are sql/queries/package_rules.sql. */
#include "pact/package_internal.h"

typedef struct Check {
  const Package *package;
  PackageReport *report;
} Check;

static Err take_broken(void *context, const Rows *rows) {
  const Check *check = context;
  const Package *package = check->package;
  size_t index = package_resource(package, rows_str(rows, 0));
  const Resource *resource = index == SIZE_MAX ? NULL : &package->resources[index];
  int64_t row = rows_int(rows, 1);
  Str column = arena_str(package->arena, rows_str(rows, 2));
  if (!resource || row < 1 || (size_t)row > resource->rows_count) return ERR_OK;
  return package_problem(check->report, package->arena,
                         (PackageProblem){.file = resource->path, .row = resource->lines[row - 1], .column = column,
                                          .value = rows_str(rows, 3), .expected = rows_str(rows, 4)});
}

Err package_check_rules(Store *store, const Package *package, PackageReport *report, ErrInfo *info) {
  Check check = {package, report};
  Err err = store_each(store, "package_broken_rules", NO_ARGS, take_broken, &check, info);
  return err == ERR_MEMORY ? err_set(info, err, "out of memory while checking the rows") : err;
}
