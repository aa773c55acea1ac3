/* SPDX-License-Identifier: EUPL-1.2 */
/* The regions of an indicator side by side: one scale for all, so that heights can be compared. */
#include "chart/internal.h"

enum { PLOT = 150, STRIP = 20, HEAD = 44, FOOT = 34, GAP = 12 };

/* A country is another order of magnitude for numbers of persons, and no part of the pact. */
static bool within_pact(const Val *region, Str wanted) {
  (void)wanted;
  return !str_eq(text_at(region, "kind"), S("country"));
}

typedef struct Sheet { int columns; double left, width, pitch; unsigned top; bool strip; } Sheet;

static Str percentage(Arena *a, double part) { return arena_printf(a, "%.4g%%", part); }

static unsigned cell_height(const Sheet *s) { return HEAD + PLOT + (s->strip ? STRIP : 0) + FOOT; }

static void place_cell(Arena *a, Val *grids, const Sheet *s, size_t i) {
  unsigned top = s->top + (unsigned)(i / (size_t)s->columns) * cell_height(s) + HEAD;
  double left = s->left + s->pitch * (double)(i % (size_t)s->columns);
  for (int strip = 0; strip <= (s->strip ? 1 : 0); strip++) {
    Val *grid = val_push_map(a, grids);
    val_set_str(a, grid, "left", percentage(a, left));
    val_set_str(a, grid, "width", percentage(a, s->width));
    val_set_int(a, grid, "top", top + (strip ? PLOT : 0));
    val_set_int(a, grid, "height", strip ? STRIP : PLOT);
    if (!strip) continue;
    val_set_bool(a, grid, "show", true);
    val_set_str(a, grid, "backgroundColor", S("#f7f5f0"));
    val_set_int(a, grid, "borderWidth", 0);
  }
}

/* The name of a region and how it stands, above its panel. */
static void push_head(const Model *m, Val *heads, const Sheet *s, size_t i) {
  Arena *a = m->arena;
  const Panel *p = &m->panels[i];
  Val *head = val_push_map(a, heads), *letters = val_set_map(a, head, "textStyle"), *below = val_set_map(a, head, "subtextStyle");
  val_set_str(a, head, "text", p->name);
  for (size_t k = 0; k < p->aim_count; k++)
    if (p->aims[k].current) val_set_str(a, head, "subtext", say_course(m, &p->aims[k]));
  val_set_str(a, head, "left", percentage(a, s->left + s->pitch * (double)(i % (size_t)s->columns)));
  val_set_int(a, head, "top", s->top + (unsigned)(i / (size_t)s->columns) * cell_height(s));
  val_set_int(a, head, "padding", 0);
  val_set_int(a, head, "itemGap", 2);
  val_set_int(a, letters, "fontSize", 15);
  val_set_str(a, letters, "color", S(INK));
  val_set_int(a, below, "fontSize", 13);
  val_set_str(a, below, "color", S(INK_SOFT));
}

static unsigned place_all(const Model *m, Val *option, const Sheet *s) {
  Val *grids = val_set_list(m->arena, option, "grid"), *heads = val_set_list(m->arena, option, "title");
  for (size_t i = 0; i < m->panel_count; i++) {
    place_cell(m->arena, grids, s, i);
    push_head(m, heads, s, i);
  }
  size_t rows = (m->panel_count + (size_t)s->columns - 1) / (size_t)s->columns;
  return s->top + (unsigned)rows * cell_height(s);
}

static void finish(const Model *m, Val *base, const Draw *d, bool strip, Chart *out) {
  Sizes sizes = option_sizes(base, m);
  LegendRoom legend = option_legend(&sizes, d);
  Sheet wide = {.columns = 2, .left = 7, .width = 40, .pitch = 50, .top = legend.wide + GAP, .strip = strip};
  Sheet narrow = {.columns = 1, .left = 16, .width = 74, .pitch = 0, .top = legend.narrow + GAP, .strip = strip};
  out->option = sizes.option;
  out->wide_height = place_all(m, sizes.wide, &wide);
  out->narrow_height = place_all(m, sizes.narrow, &narrow);
}

Err chart_regions(const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out, ErrInfo *info) {
  Model m;
  (void)region;
  TRY(chart_model_read(ask, indicator, within_pact, STR_NONE, arena, &m, info));
  out->title = arena_printf(arena, STR_FMT ": " STR_FMT, STR_ARG(m.title), STR_ARG(view_tr(ask->lang, "de gebieden naast elkaar")));
  table_of(&m, out);
  if (!model_has_numbers(&m)) {
    out->description = describe_missing(&m);
    return ERR_OK;
  }
  out->description = describe_regions_chart(&m);
  Val *base = option_new(&m);
  bool strip = false;
  for (size_t i = 0; i < m.panel_count; i++) strip |= panel_has_gaps(&m.panels[i]);
  Draw d = {.m = &m, .series = (Val *)(uintptr_t)val_get(base, S("series")), .legend = val_list(arena)};
  for (size_t i = 0; i < m.panel_count; i++) {
    int first = (int)i * (strip ? 2 : 1);
    option_axes(base, &m, first);
    if (strip) option_strip(base, &m, first + 1);
    draw_panel(&d, &m.panels[i], &(Place){.x_axis = first, .y_axis = first, .strip_x = strip ? first + 1 : -1, .strip_y = first + 1});
  }
  for (size_t i = 0; i < m.panel_count; i++) option_years(base, &m, strip ? (int)i * 2 + 1 : (int)i);
  finish(&m, base, &d, strip, out);
  return ERR_OK;
}
