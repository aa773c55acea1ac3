/* SPDX-License-Identifier: EUPL-1.2 */
#include "sheet/internal.h"

void row_init(SheetRow *row, const SheetLimits *limits) {
  *row = (SheetRow){0};
  buf_init(&row->text, limits->row_bytes);
}

void row_clear(SheetRow *row) {
  mem_free(row->cells);
  mem_free(row->start);
  buf_clear(&row->text);
  *row = (SheetRow){0};
}

void row_reset(SheetRow *row) {
  row->count = 0;
  buf_reset(&row->text);
}

Err row_set(SheetRow *row, size_t column, size_t repeat, SheetCell cell, size_t start) {
  TRY(buf_err(&row->text));
  size_t end = column + repeat;
  void *cells = row->cells, *starts = row->start;
  bool grown = mem_grow(&cells, &row->cap_cells, end, sizeof *row->cells);
  row->cells = cells;
  grown = grown && mem_grow(&starts, &row->cap_start, end, sizeof *row->start);
  row->start = starts;
  if (!grown) return ERR_MEMORY;
  for (; row->count < column; row->count++) {
    row->cells[row->count] = sheet_cell_empty();
    row->start[row->count] = 0;
  }
  cell.text = (Str){NULL, row->text.len - start};
  for (size_t i = column; i < end; i++) {
    row->cells[i] = cell;
    row->start[i] = start;
  }
  if (end > row->count) row->count = end;
  return ERR_OK;
}

void row_finish(SheetRow *row) {
  for (size_t i = 0; i < row->count; i++)
    row->cells[i].text.ptr = row->cells[i].text.len ? row->text.ptr + row->start[i] : "";
}

const char *row_problem(Err err) {
  return err == ERR_LIMIT ? "the texts of this row are together longer than the limit" : "out of memory";
}
