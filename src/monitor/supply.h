/* SPDX-License-Identifier: EUPL-1.2 */
/* The list a supplier fills in: which figures are asked from it, out as a sheet, and back as measurements.
 * docs/monitoring.md tells how it is used, supply_fields.def what the columns are. */
#ifndef PW_MONITOR_SUPPLY_H
#define PW_MONITOR_SUPPLY_H

#include "base/val.h"
#include "sheet/sheet.h"
#include "store/store.h"

#define SUPPLY_ERRORS_SHOWN 200
#define SUPPLY_NAME_MAX 100   /* bytes of who supplied, entered or approved */

/* Writes the list of `supplier` (as the indicators name it; case does not count) to `path`: a row for each figure that is
 * expected as of the day and not there, oldest period first within indicator and region; of an indicator without an agreed
 * month a row per region without a period. What is known is filled in. XLSX and ODS explain and protect what is asked and
 * have a second sheet with the explanation. *rows gets their number. ERR_NOT_FOUND: no such supplier, with those there are. */
Err supply_template(Store *store, Str supplier, Day as_of, SheetFormat format, const char *path, Arena *arena, size_t *rows,
                    ErrInfo *info) MUST_CHECK;

/* Whether one of the suppliers of an indicator, several with commas between, is that one. */
bool supply_is_from(Str suppliers, Str name);

/* The suppliers of indicators (as indicator_round has them) with what is asked from them: [{label, indicators (number), expected,
 * late (numbers of figures)}] in order of their first indicator. ERR_MEMORY. */
Err supply_suppliers_of(const Val *indicators, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

typedef struct SupplyOptions {
  const char *sheet;      /* name of the sheet, NULL: the first visible one that has the headings */
  Str by;                 /* function or organisation that enters; see supply_name_check */
  Day today;              /* from which day on the figures are known */
  const char *file_name;  /* for messages and the source, NULL: the last part of the path */
} SupplyOptions;

/* Reads such a list into the open transaction (dry run: roll back whatever the result). Nothing is overwritten. A figure that
 * is there already with the same value changes nothing; another value of the same dataset (by its title) supersedes it; one of
 * another dataset stands beside it, and the one that was first leads. What is read is entered, not approved.
 * *report (in the arena), also when cells were refused: file, sheet, format, rows, empty, added, corrected, beside, unchanged,
 *   changes [{row, kind (added, corrected, beside), indicator, region, period, old, new (texts; old null), source}],
 *   ignored [headings without a meaning], sources_added [{code, label}],
 *   error_count, errors [{sheet, row, column, cell, value, expected}] (at most 200).
 * ERR_INPUT when a cell was refused or there are no headings; ERR_USAGE: `by`; otherwise as sheet_open, store_exec. */
Err supply_import(Store *store, const char *path, const SupplyOptions *options, Arena *arena, Val **report, ErrInfo *info) MUST_CHECK;

/* ERR_USAGE unless the text can stand publicly beside a figure: 1 to SUPPLY_NAME_MAX bytes of one line, no "@". `option` for
 * the message. */
Err supply_name_check(Str name, const char *option, ErrInfo *info) MUST_CHECK;

#endif
