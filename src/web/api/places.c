/* SPDX-License-Identifier: EUPL-1.2 */
/* Schools and institutions, and the registers that they come from. */
#include "places/place.h"
#include "web/api/api.h"
#include "web/place_params.h"

Err api_list_places(Request *req, Response *res);
Err api_get_place(Request *req, Response *res);
Err api_list_registers(Request *req, Response *res);

Err api_list_places(Request *req, Response *res) {
  PlaceQuery query = place_params(req);
  Val *found;
  query.page = req_int(req, "page");
  query.size = req_int(req, "size");
  TRY(place_find(req_store(req), &query, req_arena(req), &found, req_info(req)));
  return api_page(req, res, SCHEMA_Place, val_get(found, S("places")), val_get(found, S("total"))->as.integer);
}

Err api_get_place(Request *req, Response *res) {
  Val *place;
  TRY(place_detail(req_store(req), req_str(req, "place"), req_arena(req), &place, req_info(req)));
  return api_item(req, res, SCHEMA_PlaceDetail, place);
}

Err api_list_registers(Request *req, Response *res) {
  Val *registers;
  TRY(place_registers(req_store(req), req_as_of(req), req_arena(req), &registers, req_info(req)));
  return api_list(req, res, SCHEMA_PlaceRegister, registers);
}
