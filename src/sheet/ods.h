/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of the ODS reader share. */
#ifndef PW_SHEET_ODS_H
#define PW_SHEET_ODS_H

#include "sheet/internal.h"

typedef enum OdsType { ODS_NONE, ODS_STRING, ODS_NUMBER, ODS_DATE, ODS_TIME, ODS_BOOLEAN } OdsType;

typedef struct OdsCell {
  OdsType type;
  bool formula, error;
  double number;          /* ODS_NUMBER */
  SheetCell value;        /* ODS_DATE, ODS_TIME, ODS_BOOLEAN */
  bool ready;             /* the text was taken from an attribute; what the cell shows is ignored */
  int64_t repeat;
} OdsCell;

struct Ods {
  long table;             /* index of the table we are in or passed; -1 before the first */
  enum { ODS_OUTSIDE, ODS_TABLE, ODS_ROW, ODS_CELL, ODS_PARAGRAPH } where;
  unsigned cell_depth;    /* of the cell, paragraph element */
  unsigned paragraph_depth;
  int64_t row;            /* 1-based, of the row being read; 0 before the first */
  int64_t next_row;       /* rows passed */
  int64_t row_repeat;
  int64_t column;         /* 0-based, next cell */
  OdsCell cell;
  size_t start;           /* where the cell's text begins in row.text */
  size_t paragraphs;      /* in this cell so far */
  size_t spaces;          /* spaces seen that are not written yet */
  bool folds;             /* and a line break or tab among them */
  bool fresh;             /* nothing in this paragraph yet */
};

extern const XmlHandler ODS_ROWS;

#endif
