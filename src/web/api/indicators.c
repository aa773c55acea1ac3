/* SPDX-License-Identifier: EUPL-1.2 */
/* Indicators, how they stand, and every figure. */
#include "pact/measurement.h"
#include "pact/round.h"
#include "web/api/api.h"

Err api_list_indicators(Request *req, Response *res);
Err api_get_indicator(Request *req, Response *res);
Err api_list_measurements(Request *req, Response *res);
Err api_list_disagreements(Request *req, Response *res);

Err api_list_indicators(Request *req, Response *res) {
  IndicatorQuery query = {.goal = req_str(req, "goal"), .region = req_str(req, "region"), .as_of = req_as_of(req), .known_on = req_known_on(req)};
  Val *found;
  TRY(indicator_round(req_store(req), &query, req_arena(req), &found, req_info(req)));
  return api_list(req, res, SCHEMA_Indicator, val_get(found, S("indicators")));
}

Err api_get_indicator(Request *req, Response *res) {
  IndicatorQuery query = {.code = req_str(req, "indicator"), .as_of = req_as_of(req), .known_on = req_known_on(req)};
  Val *found;
  TRY(indicator_round(req_store(req), &query, req_arena(req), &found, req_info(req)));
  const Val *list = val_get(found, S("indicators"));
  if (list->kind != VAL_LIST || !list->as.list.count)
    return err_set(req_info(req), ERR_NOT_FOUND, "there is no indicator '" STR_FMT "'", STR_ARG(query.code));
  return api_item(req, res, SCHEMA_Indicator, list->as.list.items[0]);
}

Err api_list_measurements(Request *req, Response *res) {
  IndicatorQuery query = {.goal = req_str(req, "goal"), .code = req_str(req, "indicator"), .region = req_str(req, "region"),
                          .as_of = req_as_of(req), .known_on = req_known_on(req)};
  Val *items;
  int64_t total, size = req_int(req, "size");
  TRY(measurement_page(req_store(req), &query, size, (req_int(req, "page") - 1) * size, req_arena(req), &items, &total, req_info(req)));
  return api_page(req, res, SCHEMA_Measurement, items, total);
}

Err api_list_disagreements(Request *req, Response *res) {
  Val *items;
  TRY(measurement_disagreements(req_store(req), req_known_on(req), req_arena(req), &items, req_info(req)));
  return api_list(req, res, SCHEMA_Disagreement, items);
}
