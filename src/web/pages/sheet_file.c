/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "web/pages/pages.h"

static const struct { const char *ending, *type; } FORMATS[] = {
    [SHEET_CSV] = {"csv", "text/csv; charset=utf-8"},
    [SHEET_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [SHEET_ODS] = {"ods", "application/vnd.oasis.opendocument.spreadsheet"}};

/* Sheets are written to files (their libraries want one); it lives in a directory of its own and is gone when we return. */
Err page_sheet_file(Request *req, Response *res, SheetFormat format, const char *stem, PageSheetWriter write) {
  Buf *body;
  Arena *arena = req_arena(req);
  const char *temporary = getenv("TMPDIR");
  char *directory = arena_zstr(arena, arena_printf(arena, "%s/pactwijzer-XXXXXX", temporary && *temporary ? temporary : "/tmp"));
  if (!directory) return ERR_MEMORY;
  if (!mkdtemp(directory)) return err_set(req_info(req), ERR_IO, "no temporary directory: %s", strerror(errno));
  Str name = arena_printf(arena, "%s.%s", stem, FORMATS[format].ending);
  const char *path = arena_printf(arena, "%s/" STR_FMT, directory, STR_ARG(name)).ptr;
  Err err = path && name.ptr ? write(req, format, path) : ERR_MEMORY;
  if (err == ERR_OK) err = res_body(res, FORMATS[format].type, name, &body);
  if (err == ERR_OK) err = file_read(body, path, WEB_BODY_MAX, req_info(req));
  if (path) unlink(path);
  rmdir(directory);
  return err;
}
