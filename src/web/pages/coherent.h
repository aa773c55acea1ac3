/* SPDX-License-Identifier: EUPL-1.2 */
/* What the pages about coherence share. */
#ifndef PW_WEB_COHERENT_H
#define PW_WEB_COHERENT_H

#include "action/coherence_val.h"
#include "web/pages/pages.h"

/* The query of this address (PARAMS_COHERENCE). */
CoherenceQuery coherent_query(Request *req, int64_t page, int64_t size);
/* The page of two actions, with prefix. */
Str coherent_href(Request *req, Str one, Str other);
/* Gives a pair (coherence_val.h) its reasons apart: lists alike, differ (nothing in common), untold; and href. */
void coherent_dress(Request *req, Val *pair);

#endif
