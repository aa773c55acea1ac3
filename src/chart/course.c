/* SPDX-License-Identifier: EUPL-1.2 */
/* One indicator in one region, with everything the rules say of it. */
#include "chart/internal.h"

enum { PLOT_WIDE = 300, PLOT_NARROW = 260, STRIP = 22, MARK_TOP = 8, MARK_ROW = 15, FOOT = 30, SIDE_WIDE = 64, SIDE_NARROW = 46, EDGE = 24 };

static bool wanted_region(const Val *region, Str wanted) {
  return str_eq(text_at(val_get(region, S("region")), "code"), wanted);
}

const Val *chart_region(const Val *indicator) {
  static const char *const kinds[] = {"landsdeel", "country"};
  const Val *regions = val_get(indicator, S("regions"));
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < items(regions); i++)
      if (str_eq(text_at(item(regions, i), "kind"), str_from(kinds[k]))) return item(regions, i);
  return items(regions) ? item(regions, 0) : NULL;
}

typedef struct Room { unsigned top, plot, left; bool strip; } Room;

static Val *place_grid(Arena *a, Val *grids, const Room *room, unsigned top, unsigned height) {
  Val *grid = val_push_map(a, grids);
  val_set_int(a, grid, "left", room->left);
  val_set_int(a, grid, "right", EDGE);
  val_set_int(a, grid, "top", top);
  val_set_int(a, grid, "height", height);
  return grid;
}

static unsigned place_grids(Arena *a, Val *grids, const Room *room) {
  place_grid(a, grids, room, room->top, room->plot);
  if (room->strip) {
    Val *strip = place_grid(a, grids, room, room->top + room->plot, STRIP);
    val_set_bool(a, strip, "show", true);
    val_set_str(a, strip, "backgroundColor", S("#f7f5f0"));
    val_set_int(a, strip, "borderWidth", 0);
  }
  return room->top + room->plot + (room->strip ? STRIP : 0) + FOOT;
}

static void finish(const Model *m, Val *base, const Draw *d, bool strip, Chart *out) {
  Arena *a = m->arena;
  Sizes sizes = option_sizes(base, m);
  LegendRoom legend = option_legend(&sizes, d);
  unsigned marks = MARK_TOP + MARK_ROW * panel_mark_rows(m, &m->panels[0]);
  Room wide = {.top = legend.wide + marks, .plot = PLOT_WIDE, .left = SIDE_WIDE, .strip = strip};
  Room narrow = {.top = legend.narrow + marks, .plot = PLOT_NARROW, .left = SIDE_NARROW, .strip = strip};
  out->option = sizes.option;
  out->wide_height = place_grids(a, val_set_list(a, sizes.wide, "grid"), &wide);
  out->narrow_height = place_grids(a, val_set_list(a, sizes.narrow, "grid"), &narrow);
}

Err chart_course(const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out, ErrInfo *info) {
  Model m;
  Str wanted = region.ptr ? region : text_at(val_get(chart_region(indicator), S("region")), "code");
  TRY(chart_model_read(ask, indicator, wanted_region, wanted, arena, &m, info));
  if (!m.panel_count && region.ptr)
    return err_set(info, ERR_NOT_FOUND, "'" STR_FMT "' is not measured in '" STR_FMT "'", STR_ARG(m.code), STR_ARG(region));
  out->title = m.panel_count ? arena_printf(arena, STR_FMT ", " STR_FMT, STR_ARG(m.title), STR_ARG(m.panels[0].name)) : m.title;
  out->title_lang = S("nl");
  table_of(&m, out);
  if (!model_has_numbers(&m)) {
    out->description = describe_missing(&m);
    return ERR_OK;
  }
  out->description = describe_course_chart(&m);
  Val *base = option_new(&m);
  bool strip = panel_has_gaps(&m.panels[0]);
  Draw d = {.m = &m, .series = (Val *)(uintptr_t)val_get(base, S("series")), .legend = val_list(arena)};
  option_axes(base, &m, 0);
  if (strip) option_strip(base, &m, 1);
  option_years(base, &m, strip ? 1 : 0);
  draw_panel(&d, &m.panels[0], &(Place){.strip_x = strip ? 1 : -1, .strip_y = 1, .labels = true});
  finish(&m, base, &d, strip, out);
  return ERR_OK;
}
