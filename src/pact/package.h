/* SPDX-License-Identifier: EUPL-1.2 */
/* A pact as a Frictionless tabular data package (docs/data-package.md), in and out. */
#ifndef PW_PACT_PACKAGE_H
#define PW_PACT_PACKAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/store.h"

#define PACKAGE_PROBLEMS_MAX 100  /* problems listed; the rest is counted */

/* One thing wrong with a package. */
typedef struct PackageProblem {
  Str file;      /* "goal.csv" */
  long row;      /* line of the file, 1 is the heading; 0: the file as a whole */
  Str column;    /* ptr NULL: the row as a whole */
  Str value;     /* as found, cut when long; ptr NULL: none */
  Str expected;  /* a sentence: what was expected */
} PackageProblem;

typedef struct PackageReport {
  PackageProblem *problems;
  size_t count;        /* listed */
  size_t total;        /* found */
  size_t resources;
  size_t rows;
  size_t inserted;
  /* Set by the caller, or left zero: called now and then while rows are inserted. */
  void (*progress)(void *context, size_t done, size_t rows);
  void *context;
} PackageReport;

/* Reads a package and puts all of it into the database, which must hold no pact yet, inside the caller's transaction.
 * `directory` NULL: the package inside the program. Files are read only below the directory (no links, no "..", no
 * absolute or web addresses), each at most 64 MiB and all together 512 MiB. Everything is checked before anything is
 * inserted: types, constraints, keys, unknown columns. ERR_INPUT: problems are in *report, `info` has the first one and how
 * many more; ERR_CONFLICT: there is a pact already; ERR_UNSUPPORTED: a descriptor that asks for something this program
 * does not handle. After any error the caller rolls back. `report` is filled in every case (zero-initialise it). */
Err package_load(Store *store, const char *directory, Arena *arena, PackageReport *report, ErrInfo *info) MUST_CHECK;

/* Writes the pact of the database into `directory`, which is made when absent and must be empty: the descriptor as it was
 * loaded and each resource. What was loaded and not changed comes out byte for byte; tables with rows that the descriptor does
 * not name, as places imported into a pact of before there were any, are added to it. *rows gets the number of rows. */
Err package_export(Store *store, const char *directory, size_t *rows, ErrInfo *info) MUST_CHECK;
/* The same, a file at a time: names and bytes; for a download. `name` "datapackage.json" or "goal.csv"; ERR_NOT_FOUND for
 * another. Appends to `out`. */
Err package_export_file(Store *store, Str name, Buf *out, ErrInfo *info) MUST_CHECK;
/* The files of the loaded package in order, datapackage.json first. */
Err package_files(Store *store, Arena *arena, Str **names, size_t *count, ErrInfo *info) MUST_CHECK;

/* "file, row R, column C: 'VALUE': expected ..." of one problem. */
Str package_problem_text(const PackageProblem *problem, Arena *arena);

#endif
