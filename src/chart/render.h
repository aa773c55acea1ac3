/* SPDX-License-Identifier: EUPL-1.2 */
/* Charts as pictures. ECharts draws them in Duktape, in processes of their own that live for a short while: so the memory
 * goes back to the system, and a drawing that crashes or hangs harms nothing but itself. What was drawn is kept by its
 * contents: the same option and size are the same picture, whatever else changed. */
#ifndef PW_CHART_RENDER_H
#define PW_CHART_RENDER_H

#include <stdint.h>

#include "base/buf.h"

typedef struct ChartRenderer ChartRenderer;

typedef struct ChartRenderConfig {
  const char *program;     /* the program that draws when called as "PROGRAM draw-chart" (chart/draw.h) */
  unsigned processes;      /* most at one time, drawing and turning into PNG counted apart */
  unsigned charts_each;    /* a process ends after so many charts */
  unsigned idle_ms;        /* and after so long without one */
  unsigned draw_ms;        /* longest a chart may take, starting the process included; then it is ended */
  unsigned retry_ms;       /* a chart that failed is not tried again before */
  size_t memory_bytes;     /* most memory of the drawing engine in a process */
  size_t cache_bytes;      /* pictures kept; 0: none */
} ChartRenderConfig;

#define CHART_OPTION_MAX (512u << 10)  /* bytes of an option */
#define CHART_SVG_MAX (4u << 20)       /* bytes of a picture */
#define CHART_PNG_MAX (16u << 20)
#define CHART_SIDE_MIN 100             /* px, of width and height */
#define CHART_SIDE_MAX 6000

/* /proc/self/exe, 2 processes of 500 charts, 10 s idle, 10 s a chart (by the clock: a busy machine is slow), 30 s before a
 * retry, 96 MiB each, 4 MiB of pictures. */
ChartRenderConfig chart_render_standard(void);

/* A renderer without any process yet; it may be used from any thread. `config` is copied, the program's name borrowed. */
Err chart_renderer_new(ChartRenderer **out, const ChartRenderConfig *config) MUST_CHECK;
/* Ends its processes and waits for them. No call may be under way. NULL is allowed. */
void chart_renderer_free(ChartRenderer *renderer);

/* Appends the chart as an SVG document of its own: role="img", with `title` and `description` as its name and its
 * description, without script, style sheet or style attribute; the same bytes for the same input. `option` is the JSON of
 * an ECharts option with the hints of assets/js/chart-common.js; sizes in px. Several calls for the same chart at the same
 * time draw it once. ERR_INPUT: the option cannot be drawn (the message says why); ERR_LIMIT: too large, takes too long or
 * too much memory; ERR_BUSY: all processes are in use or none can be started; ERR_IO: the process failed; ERR_MEMORY. */
Err chart_render_svg(ChartRenderer *renderer, Str option, unsigned width, unsigned height, Str title, Str description,
                     Buf *svg, ErrInfo *info) MUST_CHECK;

/* Appends an SVG as PNG, `percent` of its size (100 to 400). Needs the program rsvg-convert; ERR_UNSUPPORTED without it,
 * otherwise errors as above. */
Err chart_render_png(ChartRenderer *renderer, Str svg, unsigned percent, Buf *png, ErrInfo *info) MUST_CHECK;

typedef struct ChartRenderFigures {
  uint64_t drawn, kept_hits, failures;  /* since the start: drawn anew, answered from what was kept, failed */
  uint64_t processes_started;
  size_t processes, kept, kept_bytes;   /* now */
} ChartRenderFigures;
ChartRenderFigures chart_render_figures(ChartRenderer *renderer);

#endif
