/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/place_params.h"

PlaceQuery place_params(Request *req) {
  return (PlaceQuery){.kind = req_str(req, "kind"), .region = req_str(req, "region"), .words = req_str(req, "q"), .as_of = req_as_of(req), .page = 1};
}
