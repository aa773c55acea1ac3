/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of actions to take away: what the filters of the page show, all pages of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "action/actions.h"
#include "action/export.h"
#include "base/file.h"
#include "web/action_params.h"
#include "web/pages/pages.h"

static Err chosen(Request *req, const uint32_t **ids, size_t *count) {
  ActionQuery query;
  TRY(action_params(req, &query));
  return action_search_all(req_index(req), &query, req_arena(req), ids, count, req_info(req));
}

/* Sheets are written to files (their libraries want one); it lives in a directory of its own and is gone when we return. */
static Err through_file(Request *req, Response *res, SheetFormat format, const char *type, const char *name) {
  const uint32_t *ids;
  size_t count;
  Buf *body;
  const char *temporary = getenv("TMPDIR");
  TRY(chosen(req, &ids, &count));
  char *directory = arena_zstr(req_arena(req), arena_printf(req_arena(req), "%s/pactwijzer-XXXXXX",
                                                            temporary && *temporary ? temporary : "/tmp"));
  if (!directory) return ERR_MEMORY;
  if (!mkdtemp(directory)) return err_set(req_info(req), ERR_IO, "no temporary directory: %s", strerror(errno));
  const char *path = arena_printf(req_arena(req), "%s/%s", directory, name).ptr;
  Err err = path ? action_export(req_store(req), req_index(req), ids, count, format, path, req_info(req)) : ERR_MEMORY;
  if (err == ERR_OK) err = res_body(res, type, str_from(name), &body);
  if (err == ERR_OK) err = file_read(body, path, WEB_BODY_MAX, req_info(req));
  if (path) unlink(path);
  rmdir(directory);
  return err;
}

Err file_actions_csv(Request *req, Response *res) {
  return through_file(req, res, SHEET_CSV, "text/csv; charset=utf-8", "acties.csv");
}

Err file_actions_xlsx(Request *req, Response *res) {
  return through_file(req, res, SHEET_XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "acties.xlsx");
}

Err file_actions_ods(Request *req, Response *res) {
  return through_file(req, res, SHEET_ODS, "application/vnd.oasis.opendocument.spreadsheet", "acties.ods");
}

Err file_actions_json(Request *req, Response *res) {
  const uint32_t *ids;
  size_t count;
  Val *rows;
  Buf *body;
  JsonWriter writer;
  TRY(chosen(req, &ids, &count));
  TRY(action_rows(req_store(req), req_index(req), ids, count, req_arena(req), &rows, req_info(req)));
  TRY(res_body(res, "application/json", S("acties.json"), &body));
  jw_init(&writer, body, 0);
  val_json(&writer, rows);
  return buf_err(body);
}
