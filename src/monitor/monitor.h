/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files into measurements: what a file says of each municipality, added up to provinces, the North and the country
 * by the division of the time, as the pact's table of derivations tells. */
#ifndef PW_MONITOR_MONITOR_H
#define PW_MONITOR_MONITOR_H

#include "official/derive.h"
#include "store/store.h"

typedef struct MonitorOptions {
  Str period;   /* school year of a file whose headings name none; ptr NULL otherwise */
  Str source;   /* code of the source the figures get; ptr NULL: that of the derivations */
  bool partial; /* take a file that lacks regions of which the dataset gave figures before */
  Day today;    /* from which day on the figures are known */
  const SheetLimits *limits;  /* NULL: defaults */
} MonitorOptions;

enum { MONITOR_MISSING = 32, MONITOR_ABSENT = 64, MONITOR_LOST_SHOWN = 8 };

/* An indicator that a file could not make: it has no column for a field the derivation asks for, or (field.ptr is NULL) no row
 * that counts above the line. */
typedef struct MonitorMissing {
  Str indicator, field;   /* in the arena */
  int64_t definition;
} MonitorMissing;

typedef struct MonitorReport {
  OfficialReport file;      /* what was read, and totals that do not add up */
  size_t areas;             /* areas of the pact's regions found in the file */
  size_t areas_elsewhere;   /* areas of the file that are in none of them */
  size_t added;             /* figures that were not there */
  size_t superseded;        /* figures that took the place of another */
  size_t beside;            /* figures that disagree with the leading one of another source, and stand beside it */
  size_t unchanged;         /* figures that were there already, or that another source gives just so */
  size_t other_definition;  /* sums left out: in their period another version of the definition holds than they were made by */
  MonitorMissing missing[MONITOR_MISSING];
  size_t missing_count;
  Str absent[MONITOR_ABSENT];  /* regions of the pact for which no row of a file of the whole country counts: their names, in the arena */
  size_t absent_count;         /* all of them */
  size_t lost;                 /* figures of the dataset that stand, for periods and regions that the file should have and has not */
} MonitorReport;

/* Reads the file and adds its figures, inside the caller's transaction. Nothing is ever overwritten: another figure of the
 * same dataset for the same indicator, region and period ends the older one, also one of the same day, and leads when that one
 * did. One of another source that has a number stays and leads; the new one stands beside it. The same file again changes nothing.
 * A figure is made by the version of the indicator's definition that its derivation names, for the periods in which that
 * version holds. ERR_NOT_FOUND: the pact has no derivations for this dataset; ERR_INPUT: a period that is none, or a file of the
 * whole country that lacks regions of which the dataset gave figures before, for the same period; and the errors of official_read. */
Err monitor_import(Store *store, const Dataset *dataset, const char *path, const MonitorOptions *options, Arena *arena,
                   MonitorReport *report, ErrInfo *info) MUST_CHECK;

/* The same for files of CBS: either one CSV whose headings are those of a dataset of CBS in datasets.def, or the answers of
 * its open data services for one table, all pages and lists of codes in any order (official/odata.h). *dataset is what was
 * read; its texts live in the arena. Also ERR_USAGE: several CSV files at once. */
Err monitor_import_cbs(Store *store, const char *const *paths, size_t count, const MonitorOptions *options, Arena *arena,
                       const Dataset **dataset, MonitorReport *report, ErrInfo *info) MUST_CHECK;

#endif
