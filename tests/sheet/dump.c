/* SPDX-License-Identifier: EUPL-1.2 */
/* Prints what the table reader makes of a file: `dump FILE`. */
#include "unit/sheet/support.h"

#include <stdio.h>

static void print(Buf *out) {
  fwrite(out->ptr, 1, out->len, stdout);
  buf_reset(out);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  ErrInfo info = ERRINFO_INIT;
  Sheet *sheet;
  Buf out;
  buf_init(&out, 0);
  Err err = sheet_open(&sheet, argv[1], NULL, &info);
  if (err == ERR_OK) err = read_rows(sheet, &out, print, &info);
  sheet_close(sheet);
  fwrite(out.ptr ? out.ptr : "", 1, out.len, stdout);
  buf_clear(&out);
  if (err == ERR_OK) return 0;
  char message[1600];
  err_format(&info, message, sizeof message);
  printf("ERROR %s %s\n", err_name(err), message);
  return err_exit_code(err);
}
