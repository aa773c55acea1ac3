/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/matrix.h"
#include "web/api/api.h"

Err api_get_matrix(Request *req, Response *res);

Err api_get_matrix(Request *req, Response *res) {
  MatrixOptions options = {.year = (int)req_int(req, "year")};
  Val *matrix;
  TRY(action_matrix(req_index(req), options, req_arena(req), &matrix, req_info(req)));
  return api_item(req, res, SCHEMA_Matrix, matrix);
}
