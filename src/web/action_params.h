/* SPDX-License-Identifier: EUPL-1.2 */
/* The declared parameters of a request as a query of the list of actions; for pages, downloads and the API alike. */
#ifndef PW_WEB_ACTION_PARAMS_H
#define PW_WEB_ACTION_PARAMS_H

#include "action/query.h"
#include "web/web.h"

/* Takes over every parameter of the route that the query knows (PARAMS_ACTION_FILTERS, PARAMS_ACTION_ORDER,
 * PARAMS_PAGING); others keep their standard value. Texts are borrowed from the request. ERR_USAGE, ERR_LIMIT. */
Err action_params(Request *req, ActionQuery *query) MUST_CHECK;

#endif
