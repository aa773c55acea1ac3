/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/pages/figure.h"

#include "base/text.h"
#include "web/pages/pages.h"

#define FRAME_ROOM 220  /* px that title, description and source take beside the picture in a frame */

/* "asOf=2015-06-01&known=now&edition=tp2013", only what differs from a chart as of today by all editions. */
static Str ask_query(Request *req, const ChartAsk *ask) {
  char day[DAY_TEXT];
  Buf query;
  buf_init(&query, 0);
  if (ask->as_of != req_today(req)) {
    day_format_iso(ask->as_of, day);
    buf_printf(&query, "asOf=%s%s", day, ask->known_on > ask->as_of ? "&known=now" : "");
  }
  if (ask->edition.len) {
    buf_cstr(&query, query.len ? "&edition=" : "edition=");
    text_escape_url(&query, ask->edition);
  }
  Str text = buf_err(&query) == ERR_OK ? arena_str(req_arena(req), buf_view(&query)) : STR_NONE;
  buf_clear(&query);
  return text;
}

static Str address(Request *req, const ChartAsk *ask, const char *ending, Str query) {
  const char *path = arena_printf(req_arena(req), "/grafieken/" STR_FMT "%s", STR_ARG(ask->chart), ending).ptr;
  return path ? page_href(req, path, query) : STR_NONE;
}

static void add_addresses(Request *req, const ChartAsk *ask, bool drawn, Val *figure) {
  static const struct { const char *ending, *label; bool drawing; } forms[] = {
    {".svg", "SVG", true}, {".png", "PNG", true}, {".csv", "CSV", false}};
  Arena *arena = req_arena(req);
  Str query = ask_query(req, ask);
  Str narrow = arena_printf(arena, STR_FMT "%ssize=narrow", STR_ARG(query), query.len ? "&" : "");
  Val *downloads = val_set_list(arena, figure, "downloads");
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    if (forms[i].drawing && !drawn) continue;
    Val *item = val_push_map(arena, downloads);
    val_set_str(arena, item, "href", address(req, ask, forms[i].ending, query));
    val_set_str(arena, item, "label", str_from(forms[i].label));
  }
  val_set_str(arena, figure, "wide", address(req, ask, ".svg", query));
  val_set_str(arena, figure, "narrow", address(req, ask, ".svg", narrow));
  val_set_str(arena, figure, "json", address(req, ask, ".json", query));
  val_set_str(arena, figure, "embed", address(req, ask, "/inbedden", query));
}

/* A cell is a text, or a map with one. */
static Val *table_cell(Arena *arena, const Val *cell, bool number, bool head) {
  Val *out = val_map(arena);
  bool map = cell->kind == VAL_MAP;
  val_set(arena, out, "text", (Val *)(uintptr_t)(map ? val_get(cell, S("text")) : cell));
  val_set_str(arena, out, "lang", map ? val_text(cell, "lang") : STR_NONE);
  val_set_bool(arena, out, "number", number);
  val_set_bool(arena, out, "head", head);
  return out;
}

static void add_table(Arena *arena, const Chart *chart, Val *figure) {
  Val *rows = val_set_list(arena, figure, "rows");
  val_set(arena, figure, "columns", chart->columns);
  for (size_t r = 0; r < val_count(chart->rows); r++) {
    const Val *from = val_item(chart->rows, r);
    Val *row = val_list(arena);
    for (size_t c = 0; c < val_count(from) && c < val_count(chart->columns); c++)
      val_push(arena, row, table_cell(arena, val_item(from, c), val_flag(val_item(chart->columns, c), "number"), c == 0));
    val_push(arena, rows, row);
  }
}

Err figure_of(Request *req, Response *res, const ChartAsk *ask, const Chart *chart, Val **out) {
  Arena *arena = req_arena(req);
  Val *figure = *out = val_map(arena);
  if (chart->option) res_scripts(res);
  val_set_str(arena, figure, "id", ask->chart);
  val_set_str(arena, figure, "title", chart->title);
  val_set_str(arena, figure, "title_lang", chart->title_lang);
  val_set_str(arena, figure, "description", chart->description);
  val_set_str(arena, figure, "source", chart->source);
  val_set_str(arena, figure, "page", page_href(req, arena_zstr(arena, chart->page), STR_NONE));
  val_set_bool(arena, figure, "drawn", chart->option != NULL);
  val_set_int(arena, figure, "wide_width", FIGURE_WIDE);
  val_set_int(arena, figure, "wide_height", chart->wide_height);
  val_set_int(arena, figure, "frame_height", (int64_t)chart->wide_height + FRAME_ROOM);
  val_set_int(arena, figure, "narrow_width", FIGURE_NARROW);
  val_set_int(arena, figure, "narrow_height", chart->narrow_height);
  add_addresses(req, ask, chart->option != NULL, figure);
  add_table(arena, chart, figure);
  return arena->failed ? ERR_MEMORY : ERR_OK;
}
