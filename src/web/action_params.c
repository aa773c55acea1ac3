/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/action_params.h"

#include "web/route.h"

Err action_params(Request *req, ActionQuery *query) {
  static const char *const singles[] = {"q", "sort", "order", "page", "size", "year"};
  const Route *route = req_route(req);
  action_query_init(query);
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) {
    const char *name = action_dim_param((ActionDim)dim).ptr;  /* a literal of dimensions.def */
    if (!route_param(route, str_from(name))) continue;
    for (size_t i = 0; i < req_count(req, name); i++)
      TRY(action_query_add(query, (ActionDim)dim, req_at(req, name, i), req_info(req)));
  }
  for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++)
    if (route_param(route, str_from(singles[i])) && req_has(req, singles[i]))
      TRY(action_query_set(query, str_from(singles[i]), req_str(req, singles[i]), req_info(req)));
  return ERR_OK;
}
