/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of an option that all charts have: scales, legend, letters. */
#include <math.h>

#include "base/text.h"
#include "chart/internal.h"
#include "view/lang.h"

Val *option_new(const Model *m) {
  Val *option = val_map(m->arena), *letters = val_set_map(m->arena, option, "textStyle");
  val_set_str(m->arena, option, "backgroundColor", S("#ffffff"));
  val_set_bool(m->arena, option, "useUTC", true);
  val_set_bool(m->arena, option, "animation", false);
  val_set_str(m->arena, letters, "color", S(INK));
  val_set_list(m->arena, option, "grid");
  val_set_list(m->arena, option, "xAxis");
  val_set_list(m->arena, option, "yAxis");
  val_set_list(m->arena, option, "series");
  return option;
}

static Val *push_axis(Val *option, const Model *m, const char *key, int grid, const char *type) {
  Val *axis = val_push_map(m->arena, (Val *)(uintptr_t)val_get(option, str_from(key)));
  val_set_int(m->arena, axis, "gridIndex", grid);
  val_set_str(m->arena, axis, "type", str_from(type));
  return axis;
}

static void axis_line(const Model *m, Val *axis, const char *key, bool show, const char *colour) {
  Val *line = val_set_map(m->arena, axis, key);
  val_set_bool(m->arena, line, "show", show);
  if (show) val_set_str(m->arena, val_set_map(m->arena, line, "lineStyle"), "color", str_from(colour));
}

static Val *axis_label(const Model *m, Val *axis, bool show) {
  Val *label = val_set_map(m->arena, axis, "axisLabel");
  val_set_bool(m->arena, label, "show", show);
  val_set_str(m->arena, label, "color", S(INK));
  val_set_int(m->arena, label, "fontSize", 13);
  val_set_bool(m->arena, label, "hideOverlap", true);
  return label;
}

static void value_axis(Val *option, const Model *m, int grid) {
  Val *y = push_axis(option, m, "yAxis", grid, "value");
  val_set_double(m->arena, y, "min", m->y.min);
  val_set_double(m->arena, y, "max", m->y.max);
  val_set_double(m->arena, y, "interval", m->y.step);
  axis_line(m, y, "splitLine", true, RULE);
  axis_line(m, y, "axisLine", false, RULE);
  Val *format = val_set_map(m->arena, axis_label(m, y, true), "formatter");
  val_set_str(m->arena, format, "$fn", S("number"));
  val_set_int(m->arena, format, "decimals", m->y.decimals);
  if (m->percent) val_set_str(m->arena, format, "suffix", arena_printf(m->arena, STR_FMT "%%", STR_ARG(m->lang->before_percent)));
}

static void time_axis(Val *option, const Model *m, int grid) {
  Val *x = push_axis(option, m, "xAxis", grid, "time");
  val_set_double(m->arena, x, "min", day_ms(m->from));
  val_set_double(m->arena, x, "max", day_ms(m->to));
  axis_line(m, x, "splitLine", false, RULE);
  axis_line(m, x, "axisTick", false, RULE);
  axis_line(m, x, "axisLine", true, "#8a8f8c");
  val_set_bool(m->arena, (Val *)(uintptr_t)val_get(x, S("axisLine")), "onZero", false);
  axis_label(m, x, false);
}

void option_axes(Val *option, const Model *m, int grid) {
  value_axis(option, m, grid);
  time_axis(option, m, grid);
}

void option_years(Val *option, const Model *m, int grid) {
  Val *x = push_axis(option, m, "xAxis", grid, "category"), *years = val_set_list(m->arena, x, "data");
  val_set_str(m->arena, x, "position", S("bottom"));
  for (int year = day_year(m->from); year < day_year(m->to) || year == day_year(m->from); year++)
    val_push_str(m->arena, years, arena_printf(m->arena, "%d", year));
  axis_line(m, x, "axisLine", false, RULE);
  axis_line(m, x, "axisTick", true, "#8a8f8c");
  axis_label(m, x, true);
}

void option_strip(Val *option, const Model *m, int grid) {
  Val *y = push_axis(option, m, "yAxis", grid, "category");
  val_push_str(m->arena, val_set_list(m->arena, y, "data"), view_tr(m->lang, "geen getal"));
  axis_line(m, y, "axisLine", false, RULE);
  axis_line(m, y, "axisTick", false, RULE);
  axis_label(m, y, false);
  time_axis(option, m, grid);
}

/* --- widths --- */

Sizes option_sizes(Val *base, const Model *m) {
  Arena *a = m->arena;
  Sizes s = {.option = val_map(a)};
  val_set(a, s.option, "baseOption", base);
  Val *media = val_set_list(a, s.option, "media"), *rule = val_push_map(a, media);
  val_set_int(a, val_set_map(a, rule, "query"), "maxWidth", NARROW_MAX);
  s.narrow = val_set_map(a, rule, "option");
  s.wide = val_set_map(a, val_push_map(a, media), "option");  /* without a query: when no other holds */
  return s;
}

/* --- legend --- */

enum { ICON = 30, ICON_GAP = 5, NAME_GAP = 16, LINE = 16, ROW_GAP = 10, LIST_GAP = 6, LEGEND_TOP = 4 };
/* Names are broken at a width that a telephone of 320 px has, rows at one that the smallest wide drawing has. */
enum { NAME_WIDTH = 196, ROW_WIDTH = 545 };

/* By letters: their widths are known where it is drawn. */
static unsigned width_of(Str name) { return (unsigned)(7.1 * (double)text_length(name)); }

/* How many lines a name takes, broken between words. */
static unsigned lines_of(Str name) {
  unsigned lines = 1, at = 0;
  Str word;
  while (str_cut(&name, ' ', &word)) {
    unsigned own = width_of(word) + 6;
    if (at && at + own > NAME_WIDTH - 10) {  /* a line too many is only room */
      lines++;
      at = 0;
    }
    at += own;
  }
  return lines;
}

/* A legend of one row of a wide drawing, or of the whole list of a narrow one. Each costs ECharts time. */
typedef struct Row { unsigned top, line_width; bool list; Val *names; } Row;

static void push_row(const Model *m, Val *legends, const Row *row) {
  Val *legend = val_push_map(m->arena, legends), *letters = val_set_map(m->arena, legend, "textStyle");
  val_set_bool(m->arena, legend, "show", items(row->names) > 0);
  val_set_str(m->arena, legend, "orient", row->list ? S("vertical") : S("horizontal"));
  val_set_int(m->arena, legend, "itemGap", row->list ? LIST_GAP : NAME_GAP);
  val_set_int(m->arena, legend, "top", row->top);
  val_set(m->arena, legend, "data", row->names);
  if (row->line_width) val_set_int(m->arena, letters, "width", row->line_width);
  else val_set_null(m->arena, letters, "width");
  val_set_str(m->arena, letters, "overflow", row->line_width ? S("break") : S("none"));
}

/* In rows broken by us, each a legend: where ECharts breaks depends on widths that we know only roughly. */
static unsigned wide_legend(const Draw *d, Val *legends) {
  Arena *a = d->m->arena;
  unsigned at = 0;
  Row row = {.top = LEGEND_TOP, .names = val_list(a)};
  for (size_t i = 0; i < items(d->legend); i++) {
    unsigned own = ICON + ICON_GAP + NAME_GAP + width_of(text_at(item(d->legend, i), "name"));
    if (at && at + own - NAME_GAP > ROW_WIDTH) {
      push_row(d->m, legends, &row);
      row = (Row){.top = row.top + LINE + ROW_GAP, .names = val_list(a)};
      at = 0;
    }
    at += own;
    val_push(a, row.names, item(d->legend, i));
  }
  push_row(d->m, legends, &row);
  return row.top + LINE + ROW_GAP;
}

static unsigned narrow_legend(const Draw *d, Val *legends, size_t count) {
  unsigned height = LEGEND_TOP;
  push_row(d->m, legends, &(Row){.top = LEGEND_TOP, .line_width = NAME_WIDTH, .list = true, .names = d->legend});
  while (items(legends) < count) push_row(d->m, legends, &(Row){.names = val_list(d->m->arena)});
  for (size_t i = 0; i < items(d->legend); i++) height += lines_of(text_at(item(d->legend, i), "name")) * LINE + LIST_GAP;
  return height;
}

LegendRoom option_legend(const Sizes *sizes, const Draw *d) {
  const Model *m = d->m;
  Val *legends = val_set_list(m->arena, (Val *)(uintptr_t)val_get(sizes->option, S("baseOption")), "legend");
  Val *wide = val_set_list(m->arena, sizes->wide, "legend"), *narrow = val_set_list(m->arena, sizes->narrow, "legend");
  LegendRoom room = {.wide = wide_legend(d, wide)};
  room.narrow = narrow_legend(d, narrow, items(wide));
  for (size_t i = 0; i < items(wide); i++) {
    Val *legend = val_push_map(m->arena, legends), *letters = val_set_map(m->arena, legend, "textStyle");
    val_set_int(m->arena, legend, "left", 8);
    val_set_int(m->arena, legend, "padding", 0);
    val_set_int(m->arena, legend, "itemWidth", ICON);
    val_set_int(m->arena, legend, "itemHeight", 12);
    val_set_str(m->arena, legend, "align", S("left"));
    val_set_list(m->arena, legend, "data");
    val_set_int(m->arena, letters, "fontSize", 13);
    val_set_int(m->arena, letters, "lineHeight", LINE);
    val_set_str(m->arena, letters, "color", S(INK));
  }
  return room;
}
