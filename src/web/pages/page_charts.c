/* SPDX-License-Identifier: EUPL-1.2 */
/* A chart at addresses of its own: as a picture, as figures, as an option for the browser, in a frame on another site. */
#include "base/csv.h"
#include "web/charts.h"
#include "web/pages/figure.h"
#include "web/pages/pages.h"

#define PNG_PERCENT 200  /* sharp in print and on good screens */

static Err read_chart(Request *req, ChartAsk *ask, Chart *chart) {
  *ask = (ChartAsk){.chart = req_str(req, "chart"), .lang = req_lang(req), .as_of = req_as_of(req), .known_on = req_known_on(req),
                    .edition = req_str(req, "edition")};
  return chart_build(ask, req_store(req), req_arena(req), chart, req_info(req));
}

/* The option as it is drawn, here and in the browser: with 1234.5 as the language writes it, from which the separators of
 * numbers are taken. */
static Err option_json(Request *req, const Chart *chart, Buf *out) {
  Arena *arena = req_arena(req);
  Buf sample;
  JsonWriter w;
  if (!chart->option)
    return err_set(req_info(req), ERR_NOT_FOUND, "there is nothing to draw in this chart yet: " STR_FMT, STR_ARG(chart->description));
  buf_init(&sample, 0);
  view_number(&sample, req_lang(req), 1234.5, 1);
  val_set_str(arena, val_set_map(arena, chart->option, "pactwijzer"), "sample", arena_str(arena, buf_view(&sample)));
  buf_clear(&sample);
  jw_init(&w, out, 0);
  val_json(&w, chart->option);
  return arena->failed ? ERR_MEMORY : buf_err(out);
}

/* An option that cannot be drawn is our fault and not that of who asked: what the log gets is the reason, what the page
 * gets a 500. What may pass is a 503. */
static Err drawing_failed(Request *req, Err err) {
  ErrInfo *info = req_info(req);
  if (err == ERR_MEMORY || err == ERR_BUSY) return err;
  info->code = err == ERR_UNSUPPORTED ? ERR_BUSY : ERR_IO;
  return info->code;
}

/* Appends the picture of the size asked for. */
static Err draw(Request *req, Buf *svg) {
  ChartAsk ask;
  Chart chart;
  Buf option;
  ChartRenderer *renderer = req_charts(req);
  bool narrow = str_eq(req_str(req, "size"), S("narrow"));
  TRY(read_chart(req, &ask, &chart));
  buf_init(&option, CHART_OPTION_MAX);
  Err err = option_json(req, &chart, &option);
  if (err == ERR_OK && !renderer) err = err_set(req_info(req), ERR_BUSY, "there is nothing here that draws charts");
  if (err == ERR_OK) {
    err = chart_render_svg(renderer, buf_view(&option), narrow ? FIGURE_NARROW : FIGURE_WIDE,
                           narrow ? chart.narrow_height : chart.wide_height, chart.title, chart.description, svg, req_info(req));
    if (err != ERR_OK) err = drawing_failed(req, err);
  }
  buf_clear(&option);
  return err;
}

Err file_chart_svg(Request *req, Response *res) {
  Buf *body;
  res_open(res);
  TRY(res_body(res, "image/svg+xml", STR_NONE, &body));
  return draw(req, body);
}

Err file_chart_png(Request *req, Response *res) {
  Buf *body, svg;
  res_open(res);
  TRY(res_body(res, "image/png", STR_NONE, &body));
  buf_init(&svg, CHART_SVG_MAX);
  Err err = draw(req, &svg);
  if (err == ERR_OK) {
    err = chart_render_png(req_charts(req), buf_view(&svg), PNG_PERCENT, body, req_info(req));
    if (err != ERR_OK) err = drawing_failed(req, err);
  }
  buf_clear(&svg);
  return err;
}

/* The plain value: of a cell with a text for the page, what stands beside it; nothing where there is no number. */
static Str csv_text(Arena *arena, const Val *cell) {
  if (cell && cell->kind == VAL_MAP) cell = val_get(cell, S("value"));
  if (!cell) return S("");
  if (cell->kind == VAL_STR) return cell->as.text;
  if (cell->kind == VAL_INT) return arena_printf(arena, "%lld", (long long)cell->as.integer);
  if (cell->kind != VAL_DOUBLE) return S("");
  Buf number;
  buf_init(&number, 0);
  buf_double(&number, cell->as.number);
  Str text = arena_str(arena, buf_view(&number));
  buf_clear(&number);
  return text;
}

Err file_chart_csv(Request *req, Response *res) {
  ChartAsk ask;
  Chart chart;
  Buf *body;
  Arena *arena = req_arena(req);
  res_open(res);
  TRY(read_chart(req, &ask, &chart));
  size_t columns = val_count(chart.columns);
  Str *cells = ARENA_ARRAY(arena, Str, columns + 1), filename = arena_printf(arena, STR_FMT ".csv", STR_ARG(ask.chart));
  if (!cells || !filename.ptr) return ERR_MEMORY;
  TRY(res_body(res, "text/csv; charset=utf-8", filename, &body));
  for (size_t c = 0; c < columns; c++) cells[c] = val_text(val_item(chart.columns, c), "label");
  csv_write_record(body, cells, columns, ',', "\r\n");
  for (size_t r = 0; r < val_count(chart.rows); r++) {
    for (size_t c = 0; c < columns; c++) cells[c] = csv_text(arena, val_item(val_item(chart.rows, r), c));
    csv_write_record(body, cells, columns, ',', "\r\n");
  }
  return ERR_OK;
}

static void member(JsonWriter *w, const char *key, Str text) {
  jw_key(w, str_from(key));
  jw_str(w, text);
}

Err file_chart_json(Request *req, Response *res) {
  ChartAsk ask;
  Chart chart;
  Buf *body, option;
  JsonWriter w;
  res_open(res);
  TRY(read_chart(req, &ask, &chart));
  TRY(res_body(res, "application/json", STR_NONE, &body));
  buf_init(&option, CHART_OPTION_MAX);
  Err err = option_json(req, &chart, &option);
  jw_init(&w, body, 0);
  jw_object(&w);
  member(&w, "id", ask.chart);
  member(&w, "title", chart.title);
  member(&w, "description", chart.description);
  member(&w, "source", chart.source);
  member(&w, "page", page_href(req, arena_zstr(req_arena(req), chart.page), STR_NONE));
  jw_key(&w, S("option"));
  jw_raw(&w, buf_view(&option));
  jw_object_end(&w);
  buf_clear(&option);
  return err;
}

Err page_chart_embed(Request *req, Response *res) {
  ChartAsk ask;
  Chart chart;
  Val *root, *figure;
  Arena *arena = req_arena(req);
  res_framed(res);
  TRY(read_chart(req, &ask, &chart));
  TRY(page_begin(req, "charts", true, &root));
  TRY(figure_of(req, res, &ask, &chart, &figure));
  val_set(arena, root, "figure", figure);
  return res_page(req, res, "chart_embed.html", root);
}
