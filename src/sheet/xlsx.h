/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of the XLSX reader share. */
#ifndef PW_SHEET_XLSX_H
#define PW_SHEET_XLSX_H

#include "sheet/internal.h"

/* Shared strings: their bytes one after another and where each ends; 4 bytes a string besides its text. */
typedef struct SharedStrings {
  Buf bytes;
  uint32_t *ends;
  size_t count, cap;
  bool loaded;
} SharedStrings;

/* A cell being read. */
typedef enum XlsxType { XLSX_N, XLSX_B, XLSX_E, XLSX_S, XLSX_STR, XLSX_INLINE, XLSX_D } XlsxType;

typedef struct XlsxCell {
  XlsxType type;
  size_t column;
  long style;
  bool formula, value;   /* an <f>, a <v> or <is> was there */
} XlsxCell;

struct Xlsx {
  bool from_1904;
  NumberFormat *styles;   /* per cell format (cellXfs) */
  size_t style_count, style_cap;
  Str styles_part, shared_part;   /* "" when the workbook has none */
  SharedStrings shared;
  /* state while reading rows */
  long row;               /* 1-based, 0 before the first */
  size_t next_column;
  enum { XLSX_OUTSIDE, XLSX_DATA, XLSX_ROW, XLSX_CELL } where;
  bool taking;            /* inside <v> or <t>: text is the cell's */
  XlsxCell cell;
  size_t start;           /* where the cell's text begins in row.text */
  Buf number;             /* <v> of a cell whose value is not text */
};

Err xlsx_read_styles(Sheet *sheet, ErrInfo *info) MUST_CHECK;
Err xlsx_read_shared(Sheet *sheet, ErrInfo *info) MUST_CHECK;
Str xlsx_shared(const SharedStrings *shared, size_t index);
/* Replaces _x000D_ and the like in buf from `start` (ECMA-376 part 1, 22.9.2.19); false when that gives a NUL or half a
 * surrogate pair. */
bool xlsx_unescape(Buf *buf, size_t start);
extern const XmlHandler XLSX_ROWS;

#endif
