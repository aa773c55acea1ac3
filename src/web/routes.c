/* SPDX-License-Identifier: EUPL-1.2 */
/* The rows of routes.def as a table. */
#include "web/params.h"
#include "web/route.h"

#define ROUTE(method, pattern, perm, csrf, needs, kind, params, handler, schema, summary) \
  Err handler(Request *req, Response *res);
#include "web/routes.def"
#undef ROUTE

static const Route rows[] = {
#define ROUTE(method, pattern, perm, csrf, needs, kind, params, handler, schema, summary) \
  {METHOD_##method, pattern, PERM_##perm, CSRF_##csrf, NEEDS_##needs, KIND_##kind, params, handler, #handler, schema, summary},
#include "web/routes.def"
#undef ROUTE
};

const RouteTable WEB_ROUTES = {rows, sizeof rows / sizeof rows[0]};
