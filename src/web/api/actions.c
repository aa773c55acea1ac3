/* SPDX-License-Identifier: EUPL-1.2 */
/* Actions in the read API, searched through the action index. */
#include "action/actions.h"
#include "action/coherence_val.h"
#include "web/action_params.h"
#include "web/api/api.h"

Err api_list_actions(Request *req, Response *res);
Err api_get_action(Request *req, Response *res);
Err api_list_neighbours(Request *req, Response *res);
Err api_list_coherence(Request *req, Response *res);

Err api_list_actions(Request *req, Response *res) {
  ActionQuery query;
  ActionResult result;
  Val *rows;
  TRY(action_params(req, &query));
  TRY(action_search(req_index(req), &query, req_arena(req), &result, req_info(req)));
  TRY(action_rows(req_store(req), req_index(req), result.ids, result.count, req_arena(req), &rows, req_info(req)));
  return api_page(req, res, SCHEMA_ActionItem, rows, (int64_t)result.total);
}

Err api_get_action(Request *req, Response *res) {
  Val *action;
  TRY(action_detail(req_store(req), req_index(req), req_str(req, "action"), req_arena(req), &action, req_info(req)));
  return api_item(req, res, SCHEMA_ActionDetail, action);
}

Err api_list_neighbours(Request *req, Response *res) {
  Val *near;
  TRY(coherence_near_val(req_store(req), req_index(req), req_str(req, "action"), COHERENCE_NEAR_MAX, req_arena(req), &near, req_info(req)));
  return api_list(req, res, SCHEMA_CoherencePair, near);
}

Err api_list_coherence(Request *req, Response *res) {
  Val *found;
  CoherenceQuery query = {.line = req_str(req, "line"), .region = req_str(req, "region"), .goal = req_str(req, "goal"),
                          .decision = req_str(req, "decision"), .page = req_int(req, "page"), .size = req_int(req, "size")};
  TRY(coherence_list_val(req_store(req), req_index(req), &query, req_arena(req), &found, req_info(req)));
  return api_page(req, res, SCHEMA_CoherencePair, val_get(found, S("pairs")), val_get(found, S("total"))->as.integer);
}
