/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/check.h"
#include "web/api/api.h"

Err api_list_checks(Request *req, Response *res);

Err api_list_checks(Request *req, Response *res) {
  CheckFilter filter = {req_str(req, "kind"), req_str(req, "owner"), req_str(req, "code")};
  Val *result;
  TRY(check_run(req_store(req), &filter, req_arena(req), &result, req_info(req)));
  return api_list(req, res, SCHEMA_Finding, val_get(result, S("findings")));
}
