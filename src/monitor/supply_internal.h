/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of the suppliers' list: columns, cells, rows, writing. */
#ifndef PW_MONITOR_SUPPLY_INTERNAL_H
#define PW_MONITOR_SUPPLY_INTERNAL_H

#include "base/map.h"
#include "monitor/supply.h"
#include "monitor/supply_cells.h"

typedef enum SupplyFill { SUPPLY_LOCKED, SUPPLY_GIVEN, SUPPLY_OPEN } SupplyFill;
typedef enum SupplyText { SUPPLY_IS_TEXT, SUPPLY_IS_NUMBER, SUPPLY_IS_DATE, SUPPLY_IS_QUALITY, SUPPLY_IS_STATE } SupplyText;

typedef enum SupplyField {
#define SUPPLY(NAME, heading, fill, text, other, note) SUPPLY_##NAME,
#include "monitor/supply_fields.def"
#undef SUPPLY
  SUPPLY_COUNT
} SupplyField;

typedef struct SupplyFieldInfo {
  const char *heading, *other, *note;
  SupplyFill fill;
  SupplyText text;
} SupplyFieldInfo;

extern const SupplyFieldInfo SUPPLY_FIELDS[SUPPLY_COUNT];

/* What is asked of an indicator, once per indicator of the file. */
typedef struct SupplyIndicator {
  Str code, unit, kind, period_kind, publication;
  int expected_month;      /* 0: none agreed */
  Map regions;             /* folded code and name -> code (Str *) */
  bool known;
} SupplyIndicator;

/* A figure as a row of the list gives it. Absent texts have ptr NULL, absent numbers are NAN. */
typedef struct SupplyFigure {
  const SupplyIndicator *indicator;
  Str region, period, period_kind, state, quality, reason, dataset, edition, address, supplier, method, remark;
  Day day, retrieved;
  double value, low, high, numerator, denominator;
} SupplyFigure;

enum { SUPPLY_COLUMNS_MAX = 256 };

typedef struct SupplyImport {
  Store *store;
  const SupplyOptions *options;
  Arena *arena;            /* report, indicators */
  Arena row;               /* emptied for every row */
  ErrInfo *info;
  Sheet *sheet;
  Str file_name, sheet_name;
  SupplyField columns[SUPPLY_COLUMNS_MAX];   /* SUPPLY_COUNT: not read */
  Str headings[SUPPLY_COLUMNS_MAX];
  size_t column_count;
  size_t place[SUPPLY_COUNT];                /* column of each field; SUPPLY_COLUMNS_MAX: not in the file */
  Map indicators;          /* code -> SupplyIndicator */
  Map seen;                /* "indicator|region|period|dataset" -> row */
  const SheetCell *cells;
  size_t cell_count;
  long row_number;
  int64_t rows, empty, added, corrected, beside, unchanged;
  size_t error_count;
  Val *report, *errors, *changes, *sources_added;
} SupplyImport;

/* supply_columns.c: finds the row of headings and what the columns hold. */
Err supply_find_headings(SupplyImport *import) MUST_CHECK;
/* supply_row.c: the row as a figure; *empty when nothing is filled in. Refused cells are reported. */
Err supply_read_row(SupplyImport *import, SupplyFigure *figure, bool *empty) MUST_CHECK;
/* Reports a refused cell of a field; SUPPLY_COUNT: of the row as a whole. */
void supply_refuse(SupplyImport *import, SupplyField field, const char *expected, ...) PRINTF_LIKE(3, 4);
/* supply_write.c: compares with what is there and writes the difference. */
Err supply_write(SupplyImport *import, const SupplyFigure *figure) MUST_CHECK;

#define SUPPLY_MEMORY(import) err_set((import)->info, ERR_MEMORY, "out of memory while importing")

#endif
