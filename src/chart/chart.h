/* SPDX-License-Identifier: EUPL-1.2 */
/* What the charts show. A chart is data: an ECharts option without functions, a description in words, and the table of
 * what is drawn; whoever draws it (on the server or in the browser) adds nothing. See docs/charts.md.
 *
 * Only what was known on the day asked about is drawn, and what has no number is never drawn as a number: a missing
 * figure, one not due yet and one that does not apply have a mark in a strip below the scale, a suppressed one has its
 * bounds. */
#ifndef PW_CHART_CHART_H
#define PW_CHART_CHART_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"
#include "view/view.h"

enum { CHART_ID_MAX = 96 };

typedef enum ChartKind {
#define CHART(NAME, prefix, of_indicator, build, shows) CHART_##NAME,
#include "chart/charts.def"
#undef CHART
  CHART_KIND_COUNT
} ChartKind;

/* What identifies a chart, apart from its size. */
typedef struct ChartAsk {
  Str chart;             /* identifier, see charts.def: "koers-1c-examen", "koers-1c-examen-PV20", "halen" */
  const ViewLang *lang;
  Day as_of;             /* the day judged as of; never DAY_NONE */
  Day known_on;          /* in hindsight: the later day whose knowledge counts (pact/course.h) */
  Str edition;           /* only the targets of this edition; ptr NULL: of all */
} ChartAsk;

typedef struct Chart {
  Str title;             /* plain text */
  Str title_lang;        /* "nl" when the title is text of the pact; ptr NULL: it is in the language asked for */
  Str description;       /* sentences: what the chart says; when there is nothing to draw, what is needed */
  Str source;            /* one line: the sources of the figures; ptr NULL without figures */
  Str page;              /* address without language prefix of the page it stands on: "/doelen/1c" */
  Val *option;           /* ECharts option; NULL: there is nothing to draw */
  Val *columns;          /* list of {label, number (bool)} */
  Val *rows;             /* list of lists of cells in the order of columns: text, or a map {text, value (for a CSV file: text,
                          * number or null), lang ("nl" when not in the language asked for)} */
  unsigned wide_height, narrow_height;  /* px, for a chart 720 and 328 px wide */
} Chart;

/* Makes a chart; texts and values are in the arena. Reads the store only. ERR_NOT_FOUND when there is no such chart or
 * edition, ERR_MEMORY. */
Err chart_build(const ChartAsk *ask, Store *store, Arena *arena, Chart *out, ErrInfo *info) MUST_CHECK;

/* A chart of one indicator that was read before, as indicator_list (pact/indicator.h) has it as of that day; ask->chart is
 * not looked at. `region` is the code of the one to draw in a COURSE, ptr NULL for the largest. ERR_NOT_FOUND when the
 * indicator is not measured there. */
Err chart_of_indicator(ChartKind kind, const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out,
                       ErrInfo *info) MUST_CHECK;
/* The overview of indicators that were read before. */
Err chart_of_indicators(const ChartAsk *ask, const Val *indicators, Arena *arena, Chart *out, ErrInfo *info) MUST_CHECK;

/* The region (as indicator_list has it) that a COURSE is drawn for when none is asked for: the North, else the country, else
 * the first; NULL when the indicator is measured nowhere. */
const Val *chart_region(const Val *indicator);
/* The identifier of a chart of an indicator; `region` ptr NULL: none. */
Str chart_id(ChartKind kind, Str indicator, Str region, Arena *arena);
/* Every chart there is, those of single regions left aside: [{id, kind (its prefix), title, title_lang, page}]. */
Err chart_list(Store *store, const ViewLang *lang, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
