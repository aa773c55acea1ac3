/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/charts.h"

#include "web/server.h"

ChartRenderer *req_charts(Request *req) { return req->server ? req->server->charts : NULL; }
