/* SPDX-License-Identifier: EUPL-1.2 */
/* The declared parameters PARAMS_PLACES of a request as a query of places; for pages, downloads and the API alike. */
#ifndef PW_WEB_PLACE_PARAMS_H
#define PW_WEB_PLACE_PARAMS_H

#include "places/place.h"
#include "web/web.h"

/* Everything on one page; texts are borrowed from the request. */
PlaceQuery place_params(Request *req);

#endif
