/* SPDX-License-Identifier: EUPL-1.2 */
/* A chart on a page: what templates/part/chart.html prints. */
#ifndef PW_WEB_FIGURE_H
#define PW_WEB_FIGURE_H

#include "chart/chart.h"
#include "web/web.h"

#define FIGURE_WIDE 720     /* px: the width of the text column */
#define FIGURE_NARROW 328   /* a telephone of 360 px without its margins */

/* Makes the figure of `chart`, which chart_build or chart_of_indicator made for `ask` (ask->chart is its identifier), and
 * lets the page run the script that brings it to life. {id, title, title_lang, description, source, page (address), drawn
 * (bool: there is something to draw), wide, narrow (addresses of the SVG), wide_height, narrow_height, json, embed,
 * downloads [{href, label}], columns [{label, number}], rows [[{text, lang, number, head}]]}. */
Err figure_of(Request *req, Response *res, const ChartAsk *ask, const Chart *chart, Val **out) MUST_CHECK;

#endif
