/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes a table for another program to open: `write FORMAT FILE [ROWS]`, FORMAT csv, xlsx or ods. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/sheet.h"

static Err write_rows(SheetWriter *w, long extra, ErrInfo *info) {
  const Str headings[] = {S("Code"), S("Titel"), S("Bedrag"), S("Datum"), S("Ja")};
  const char *texts[] = {"=1+1", "@naam", "+31 50", "-5", " a  b ", "twee\nregels", "é€😀", "<&\">'", "0012"};
  TRY(sheet_writer_sheet(w, S("Acties"), info));
  TRY(sheet_write_heading(w, headings, 5, info));
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const SheetCell cells[] = {sheet_cell_text(str_from(texts[i])), sheet_cell_empty(), sheet_cell_number((double)i * 2.5 - 5),
                               sheet_cell_date(day_from_civil(2013, 11, (int)i + 1)), sheet_cell_boolean(i % 2 == 0)};
    TRY(sheet_write_row(w, cells, 5, info));
  }
  for (long r = 0; r < extra; r++) {
    char texts_of_row[9][48];
    SheetCell cells[12];
    for (int i = 0; i < 9; i++) {
      snprintf(texts_of_row[i], sizeof texts_of_row[i], "Actie %ld, kolom %d", r, i);
      cells[i] = sheet_cell_text(str_from(texts_of_row[i]));
    }
    cells[9] = sheet_cell_number((double)r);
    cells[10] = sheet_cell_number((double)r * 0.1);
    cells[11] = sheet_cell_date((Day)(15000 + r % 3000));
    TRY(sheet_write_row(w, cells, 12, info));
  }
  return ERR_OK;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  SheetFormat format = strcmp(argv[1], "csv") == 0 ? SHEET_CSV : strcmp(argv[1], "xlsx") == 0 ? SHEET_XLSX : SHEET_ODS;
  ErrInfo info = ERRINFO_INIT;
  SheetWriter *w;
  const SheetWriteOptions options = {.bom = true};
  Err err = sheet_writer_new(&w, format, argv[2], &options, &info);
  if (err == ERR_OK) err = write_rows(w, argc > 3 ? atol(argv[3]) : 0, &info);
  if (err == ERR_OK) err = sheet_writer_finish(w, &info);
  sheet_writer_free(w);
  if (err == ERR_OK) return 0;
  char message[1600];
  err_format(&info, message, sizeof message);
  fprintf(stderr, "%s\n", message);
  return err_exit_code(err);
}
