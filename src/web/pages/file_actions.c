/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of actions to take away: what the filters of the page show, all pages of it. */
#include "action/actions.h"
#include "action/export.h"
#include "web/action_params.h"
#include "web/pages/pages.h"

static Err chosen(Request *req, const uint32_t **ids, size_t *count) {
  ActionQuery query;
  TRY(action_params(req, &query));
  return action_search_all(req_index(req), &query, req_arena(req), ids, count, req_info(req));
}

static Err write_actions(Request *req, SheetFormat format, const char *path) {
  const uint32_t *ids;
  size_t count;
  TRY(chosen(req, &ids, &count));
  return action_export(req_store(req), req_index(req), ids, count, format, path, req_info(req));
}

Err file_actions_csv(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_CSV, "acties", write_actions); }
Err file_actions_xlsx(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_XLSX, "acties", write_actions); }
Err file_actions_ods(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_ODS, "acties", write_actions); }

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
