/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading an action list as a programme office has it: a sheet with headings and a row per action. All or nothing: the
 * caller opens the transaction, and rolls back unless the result is ERR_OK. docs/adding-an-importer.md tells the rules. */
#ifndef PW_ACTION_IMPORT_H
#define PW_ACTION_IMPORT_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

#define IMPORT_ERRORS_SHOWN 200

/* One action that is new or changed. */
typedef struct ImportChange {
  Str code;
  Str title;
  long row;
  bool added;
  const Val *fields;   /* [{field, label, old (null when empty), new (null when erased)}]; never contact data */
} ImportChange;

typedef struct ImportOptions {
  const char *sheet;        /* name of the sheet, NULL: the first visible one that has headings we know */
  const Str *maps;          /* "Heading=field"; "Heading=" ignores the column */
  size_t map_count;
  bool clear_empty;         /* an empty cell erases the fact; otherwise it leaves the fact as it is */
  bool add_organisations;   /* unknown owners and partners become organisations of unknown type */
  Day today;                /* for the source that the new facts cite */
  const char *file_name;    /* name for that source and for messages, NULL: the last part of the path */
  void (*changed)(void *context, const ImportChange *change);  /* called per action while reading; may be NULL */
  void (*progress)(void *context, long rows);                  /* may be NULL */
  void *context;
} ImportOptions;

/* Reads `path` into the open transaction (for a dry run: roll back afterwards whatever the result). *report (in the arena), also when cells were refused:
 *   file, sheet, format, encoding, rows, added, changed, unchanged, assumed (lines taken from the education sector),
 *   columns [{heading, column (letter), field, label}], ignored [headings without a field],
 *   organisations_added [{code, label}],
 *   error_count, errors [{sheet, row, column (heading), cell ("C12"), value (cut; "" for private ones), expected}] (at most 200).
 * A reading without errors leaves a row in import_log (for the administrator; no page shows it).
 * ERR_INPUT when there is any error; ERR_LIMIT when the headings are wider than 256 columns; other codes as sheet_open, store_exec; then *report may be NULL. */
Err action_import(Store *store, const char *path, const ImportOptions *options, Arena *arena, Val **report, ErrInfo *info)
    MUST_CHECK;

/* The fields a column can be mapped to, parted by ", ". */
Err action_import_fields(Buf *out) MUST_CHECK;

#endif
