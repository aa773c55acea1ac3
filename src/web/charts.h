/* SPDX-License-Identifier: EUPL-1.2 */
/* The server's renderer of charts, for handlers. */
#ifndef PW_WEB_CHARTS_H
#define PW_WEB_CHARTS_H

#include "chart/render.h"
#include "web/web.h"

/* NULL where there is no server, as in tests of handlers. */
ChartRenderer *req_charts(Request *req);

#endif
