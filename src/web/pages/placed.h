/* SPDX-License-Identifier: EUPL-1.2 */
/* What the page of places and those of regions say alike of schools and institutions. */
#ifndef PW_WEB_PAGES_PLACED_H
#define PW_WEB_PAGES_PLACED_H

#include "web/web.h"

/* Adds "registers" as place_registers tells them, any_register (something was read) and any_edition (an edition holds then). */
Err page_registers(Request *req, Val *root, Day as_of) MUST_CHECK;
/* Adds those, and as "places" what place_counts tells of a region, each kind with its register and the address of its list. */
Err page_places_of(Request *req, Val *root, Str region, Day as_of) MUST_CHECK;

#endif
