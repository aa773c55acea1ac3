/* SPDX-License-Identifier: EUPL-1.2 */
/* Indicators, how they stand, and every figure. */
#include "pact/round.h"
#include "web/api/api.h"

Err api_list_indicators(Request *req, Response *res);
Err api_get_indicator(Request *req, Response *res);
Err api_list_measurements(Request *req, Response *res);

static Day as_of(Request *req) { return req_has(req, "asOf") ? req_date(req, "asOf") : req_today(req); }

Err api_list_indicators(Request *req, Response *res) {
  IndicatorQuery query = {.goal = req_str(req, "goal"), .region = req_str(req, "region"), .as_of = as_of(req)};
  Val *found;
  TRY(indicator_round(req_store(req), &query, req_arena(req), &found, req_info(req)));
  return api_list(req, res, SCHEMA_Indicator, val_get(found, S("indicators")));
}

Err api_get_indicator(Request *req, Response *res) {
  IndicatorQuery query = {.code = req_str(req, "indicator"), .as_of = as_of(req)};
  Val *found;
  TRY(indicator_round(req_store(req), &query, req_arena(req), &found, req_info(req)));
  const Val *list = val_get(found, S("indicators"));
  if (list->kind != VAL_LIST || !list->as.list.count)
    return err_set(req_info(req), ERR_NOT_FOUND, "there is no indicator '" STR_FMT "'", STR_ARG(query.code));
  return api_item(req, res, SCHEMA_Indicator, list->as.list.items[0]);
}

Err api_list_measurements(Request *req, Response *res) {
  IndicatorQuery query = {.goal = req_str(req, "goal"), .code = req_str(req, "indicator"), .region = req_str(req, "region"),
                          .as_of = as_of(req)};
  Arena *arena = req_arena(req);
  Val *found, *all = val_list(arena);
  TRY(indicator_list(req_store(req), &query, arena, &found, req_info(req)));
  const Val *indicators = val_get(found, S("indicators"));
  for (size_t i = 0; indicators->kind == VAL_LIST && i < indicators->as.list.count; i++) {
    const Val *indicator = indicators->as.list.items[i], *regions = val_get(indicator, S("regions"));
    for (size_t r = 0; regions->kind == VAL_LIST && r < regions->as.list.count; r++) {
      const Val *values = val_get(regions->as.list.items[r], S("values"));
      for (size_t v = 0; values->kind == VAL_LIST && v < values->as.list.count; v++) {
        Val *item = values->as.list.items[v];
        val_set_str(arena, item, "indicator", val_get(indicator, S("code"))->as.text);
        val_set_str(arena, item, "region", val_get(val_get(regions->as.list.items[r], S("region")), S("code"))->as.text);
        val_push(arena, all, item);
      }
    }
  }
  return api_list(req, res, SCHEMA_Measurement, all);
}
