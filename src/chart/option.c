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

void option_legend(Val *option, const Draw *d) {
  const Model *m = d->m;
  Val *legend = val_set_map(m->arena, option, "legend"), *letters = val_set_map(m->arena, legend, "textStyle");
  val_set(m->arena, legend, "data", d->legend);
  val_set_int(m->arena, legend, "top", 0);
  val_set_int(m->arena, legend, "left", 8);
  val_set_int(m->arena, legend, "padding", 0);
  val_set_int(m->arena, legend, "itemWidth", LEGEND_ICON);
  val_set_int(m->arena, legend, "itemHeight", 12);
  val_set_int(m->arena, legend, "itemGap", LEGEND_GAP);
  val_set_int(m->arena, letters, "fontSize", 13);
  val_set_int(m->arena, letters, "lineHeight", 16);
  val_set_str(m->arena, letters, "color", S(INK));
}

/* By the width of letters: about 7 px of 13 px type; on the safe side. */
unsigned legend_rows(const Val *legend, unsigned width) {
  unsigned rows = items(legend) ? 1 : 0, at = 0;
  for (size_t i = 0; i < items(legend); i++) {
    unsigned own = LEGEND_ICON + 5 + 7 * (unsigned)text_length(text_at(item(legend, i), "name"));
    if (at && at + LEGEND_GAP + own > width) {
      rows++;
      at = 0;
    }
    at += (at ? LEGEND_GAP : 0) + own;
  }
  return rows;
}
