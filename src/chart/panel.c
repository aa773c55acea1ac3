/* SPDX-License-Identifier: EUPL-1.2 */
/* The series of one panel. Colour is never alone: each kind of line has its own dashes, each kind of point its own symbol. */
#include <math.h>

#include "chart/internal.h"

#define MS_PER_DAY 86400000.0

double day_ms(Day day) { return (double)day * MS_PER_DAY; }

Val *val_pair(Arena *arena, double x, double y) {
  Val *pair = val_list(arena), *a = val_map(arena), *b = val_map(arena);
  if (a && b) {
    *a = (Val){.kind = VAL_DOUBLE, .as.number = x};
    *b = isnan(y) ? VAL_NOTHING : (Val){.kind = VAL_DOUBLE, .as.number = y};
    val_push(arena, pair, a);
    val_push(arena, pair, b);
  }
  return pair;
}

void push_number(Arena *arena, Val *list, double value) {
  Val *v = val_map(arena);
  if (v) *v = isnan(value) ? VAL_NOTHING : (Val){.kind = VAL_DOUBLE, .as.number = value};
  val_push(arena, list, v);
}

/* A bar with two ends, for the legend: custom series have no sign of their own. */
#define INTERVAL_ICON LEGEND_SIGN "M11 0H19V2H16V10H19V12H11V10H14V2H11Z"

/* Vertical lines, for the legend. */
#define BREAK_ICON LEGEND_SIGN "M14 0H16V12H14Z"
#define AS_OF_ICON LEGEND_SIGN "M14 0H15.5V2H14ZM14 5H15.5V7H14ZM14 10H15.5V12H14Z"

#define DASHES_ICON "path://M0 0H16V3H0ZM21 0H37V3H21Z"

Val *legend_name(const Draw *d, Str name, const char *icon) {
  for (size_t i = 0; i < items(d->legend); i++)
    if (str_eq(text_at(item(d->legend, i), "name"), name)) return item(d->legend, i);
  Val *entry = val_push_map(d->m->arena, d->legend);
  val_set_str(d->m->arena, entry, "name", name);
  if (icon) val_set_str(d->m->arena, entry, "icon", str_from(icon));
  return entry;
}

typedef struct Look { const char *type, *colour, *symbol, *icon; double size; int z; } Look;

static Val *series_new(const Draw *d, const Place *at, Str name, const Look *look) {
  Arena *a = d->m->arena;
  Val *s = val_push_map(a, d->series);
  val_set_str(a, s, "type", str_from(look->type));
  val_set_str(a, s, "name", name);
  val_set_int(a, s, "xAxisIndex", at->x_axis);
  val_set_int(a, s, "yAxisIndex", at->y_axis);
  val_set_str(a, s, "color", str_from(look->colour));
  val_set_str(a, s, "symbol", str_from(look->symbol));
  val_set_double(a, s, "symbolSize", look->size);
  val_set_int(a, s, "z", look->z);
  val_set_list(a, s, "data");
  legend_name(d, name, look->icon);
  return s;
}

static Val *data_of(Val *series) { return (Val *)(uintptr_t)val_get(series, S("data")); }

static Val *push_point(Arena *a, Val *series, double x, double y, Str text) {
  Val *point = val_push_map(a, data_of(series));
  val_set(a, point, "value", val_pair(a, x, y));
  if (text.ptr) val_set_str(a, point, "text", text);
  return point;
}

static Val *line_style(Arena *a, Val *series, double width, int dash, int gap) {
  Val *style = val_set_map(a, series, "lineStyle");
  val_set_double(a, style, "width", width);
  if (dash) {
    Val *type = val_set_list(a, style, "type");
    push_number(a, type, dash);
    push_number(a, type, gap);
  } else {
    val_set_str(a, style, "type", S("solid"));
  }
  return style;
}

static void label(const Model *m, Val *point, Str text, const char *position, const char *colour) {
  Val *l = val_set_map(m->arena, point, "label");
  val_set_bool(m->arena, l, "show", true);
  val_set_str(m->arena, l, "formatter", text);
  val_set_str(m->arena, l, "position", str_from(position));
  val_set_str(m->arena, l, "color", str_from(colour));
  val_set_str(m->arena, l, "fontWeight", S("bold"));
  val_set_int(m->arena, l, "fontSize", 13);
  val_set_str(m->arena, l, "textBorderColor", S("#ffffff"));  /* legible where a line runs behind it */
  val_set_int(m->arena, l, "textBorderWidth", 3);
}

/* Points alone. A line of no width, because the legend keeps the shape of the signs of a line. */
static Val *points_new(const Draw *d, const Place *at, Str name, const Look *look) {
  Val *series = series_new(d, at, name, look);
  line_style(d->m->arena, series, 0, 0, 0);
  return series;
}

/* --- figures --- */

static Str figure_line(const Model *m, const Panel *p, const Figure *f) {
  return arena_printf(m->arena, STR_FMT ", " STR_FMT ": " STR_FMT, STR_ARG(p->name), STR_ARG(f->period), STR_ARG(say_figure(m, f)));
}

/* Open for what may still change: provisional figures, estimates, sums with gaps. */
static void mark_open(const Model *m, Val *point) {
  Val *style = val_set_map(m->arena, point, "itemStyle");
  val_set_str(m->arena, style, "color", S("#ffffff"));
  val_set_str(m->arena, style, "borderColor", S(COLOUR_MEASURED));
  val_set_int(m->arena, style, "borderWidth", 2);
}

static bool by_line(const Figure *f) { return f->leading && f->state == FIGURE_VALUE && !isnan(f->value); }

/* Whether the line is broken between two figures that follow each other: something without a number between them, or
 * another definition. */
static bool broken(const Panel *p, size_t before, size_t after) {
  if (p->figures[before].definition != p->figures[after].definition) return true;
  for (size_t i = before + 1; i < after; i++)
    if (p->figures[i].leading) return true;
  return false;
}

typedef struct Span { Day from, to; } Span;  /* from < day <= to */

static void draw_values(const Draw *d, const Panel *p, const Place *at, Val *series, Span span) {
  const Model *m = d->m;
  size_t before = SIZE_MAX;
  for (size_t i = 0; i < p->count; i++) {
    const Figure *f = &p->figures[i];
    if (!by_line(f) || f->day > span.to) continue;
    if (f->day <= span.from) {  /* the line goes on from here, the point belongs to the series before */
      before = i;
      continue;
    }
    if (before != SIZE_MAX && broken(p, before, i)) {
      push_point(m->arena, series, day_ms(f->day), NAN, STR_NONE);
    } else if (before != SIZE_MAX && !items(data_of(series))) {
      Val *joint = push_point(m->arena, series, day_ms(p->figures[before].day), p->figures[before].value, figure_line(m, p, &p->figures[before]));
      val_set_str(m->arena, joint, "symbol", S("none"));
    }
    Val *point = push_point(m->arena, series, day_ms(f->day), f->value, figure_line(m, p, f));
    if (!f->firm || !f->complete) mark_open(m, point);
    before = i;
  }
  (void)at;
}

static bool has_values(const Panel *p, Span span) {
  for (size_t i = 0; i < p->count; i++)
    if (by_line(&p->figures[i]) && p->figures[i].day > span.from && p->figures[i].day <= span.to) return true;
  return false;
}

/* On which side of the last value its number stands: where there is room, and no path begins in it. */
static const char *last_side(const Model *m, const Panel *p, const Figure *last) {
  for (size_t i = 0; i < p->aim_count; i++)
    if (p->aims[i].mode == COURSE_PATH && p->aims[i].baseline_day == last->day) return p->aims[i].target < p->aims[i].baseline ? "top" : "bottom";
  return m->to - last->day > (m->to - m->from) / 5 ? "right" : "top";
}

static void label_last(const Model *m, Val *series, const Panel *p) {
  const Figure *last = NULL;
  for (size_t i = 0; i < p->count; i++)
    if (by_line(&p->figures[i])) last = &p->figures[i];
  Val *data = data_of(series);
  if (!last || !items(data)) return;
  Val *point = item(data, items(data) - 1);
  const Val *pair = val_get(point, S("value"));
  if (items(pair) == 2 && !(fabs(item(pair, 0)->as.number - day_ms(last->day)) > 0))
    label(m, point, say_number(m, last->value), last_side(m, p, last), COLOUR_MEASURED);
}

/* Below the points of a quota, which say everything: a bar is the amount of a year alone. */
static void draw_bars(const Draw *d, const Panel *p, const Place *at, Str name, Span span) {
  Look look = {.type = "bar", .colour = COLOUR_MEASURED, .symbol = "circle", .size = 9, .z = 2};
  Val *bars = series_new(d, at, name, &look);
  val_set_int(d->m->arena, bars, "barWidth", 10);
  val_set_bool(d->m->arena, bars, "silent", true);
  draw_values(d, p, at, bars, span);
}

static void draw_measured(const Draw *d, const Panel *p, const Place *at) {
  const Model *m = d->m;
  Day due = panel_due(p);
  bool after_end = due != DAY_NONE && m->as_of > due;
  Span first = {DAY_NONE, after_end ? due : INT32_MAX}, since = {due, INT32_MAX};
  Look look = {.type = "line", .colour = COLOUR_MEASURED, .symbol = "circle", .size = 9, .z = 6};
  if (has_values(p, first)) {
    Str name = view_tr(m->lang, m->quota ? N_("Gemeten per jaar") : N_("Gemeten"));
    if (m->quota) draw_bars(d, p, at, name, first);
    Val *series = series_new(d, at, name, &look);
    line_style(m->arena, series, m->quota ? 0 : 3, 0, 0);
    draw_values(d, p, at, series, first);
    label_last(m, series, p);
  }
  if (!after_end || !has_values(p, since)) return;
  look = (Look){.type = "line", .colour = COLOUR_MEASURED, .symbol = "rect", .size = 8, .z = 6};
  Val *series = series_new(d, at, view_tr(m->lang, "Wat er sindsdien gebeurde"), &look);
  line_style(m->arena, series, m->quota ? 0 : 2, 2, 3);
  draw_values(d, p, at, series, since);
  label_last(m, series, p);
}

static void push_interval(const Model *m, Val *series, const Panel *p, const Figure *f) {
  Val *point = val_push_map(m->arena, data_of(series)), *value = val_set_list(m->arena, point, "value");
  push_number(m->arena, value, day_ms(f->day));
  push_number(m->arena, value, f->low);
  push_number(m->arena, value, f->high);
  val_set_str(m->arena, point, "text", figure_line(m, p, f));
}

static void draw_bounds(const Draw *d, const Panel *p, const Place *at, FigureState state) {
  Val *series = NULL;
  Look look = {.type = "custom", .colour = state == FIGURE_VALUE ? COLOUR_MEASURED : COLOUR_BREAK, .symbol = "rect",
               .icon = INTERVAL_ICON, .size = 9, .z = 5};
  for (size_t i = 0; i < p->count; i++) {
    const Figure *f = &p->figures[i];
    if (!f->leading || f->state != state || !(f->low < f->high) || !figure_drawn(f)) continue;
    if (!series) {
      series = series_new(d, at, view_tr(d->m->lang, state == FIGURE_VALUE ? N_("Zeker binnen deze grenzen") : N_("Afgeschermd: alleen grenzen bekend")), &look);
      val_set_str(d->m->arena, val_set_map(d->m->arena, series, "renderItem"), "$fn", S("interval"));
      val_set_bool(d->m->arena, series, "clip", true);
    }
    push_interval(d->m, series, p, f);
  }
}

/* Figures of other sources, which are not the ones judged. */
static void draw_others(const Draw *d, const Panel *p, const Place *at) {
  Val *series = NULL;
  Look look = {.type = "line", .colour = INK_SOFT, .symbol = "emptyTriangle", .size = 9, .z = 4};
  for (size_t i = 0; i < p->count; i++) {
    const Figure *f = &p->figures[i];
    if (f->leading || f->state != FIGURE_VALUE || isnan(f->value)) continue;
    if (!series) series = points_new(d, at, view_tr(d->m->lang, "Andere bron, niet leidend"), &look);
    push_point(d->m->arena, series, day_ms(f->day), f->value, figure_line(d->m, p, f));
  }
}

/* What has no number stands in the strip below the scale, so that it is nowhere on it. */
static void draw_gaps(const Draw *d, const Panel *p, const Place *at) {
  static const struct { FigureState state; const char *symbol, *name; } kinds[] = {
      {FIGURE_MISSING, "path://M0 2L2 0L5 3L8 0L10 2L7 5L10 8L8 10L5 7L2 10L0 8L3 5Z", N_("Ontbreekt")},
      {FIGURE_SUPPRESSED, "emptyRect", N_("Afgeschermd, grenzen niet bekend")},
      {FIGURE_NOT_YET_DUE, "emptyCircle", N_("Nog niet verwacht")},
      {FIGURE_NOT_APPLICABLE, "path://M0 4H10V6H0Z", N_("Niet van toepassing")}};
  Place strip = *at;
  strip.x_axis = at->strip_x;
  strip.y_axis = at->strip_y;
  for (size_t k = 0; at->strip_x >= 0 && k < sizeof kinds / sizeof *kinds; k++) {
    Val *series = NULL;
    Look look = {.type = "line", .colour = COLOUR_BREAK, .symbol = kinds[k].symbol, .size = 11, .z = 6};
    for (size_t i = 0; i < p->count; i++) {
      const Figure *f = &p->figures[i];
      if (!f->leading || figure_drawn(f) || (f->state != kinds[k].state && !(k == 0 && f->state == FIGURE_VALUE))) continue;
      if (!series) series = points_new(d, &strip, view_tr(d->m->lang, kinds[k].name), &look);
      Val *point = val_push_map(d->m->arena, data_of(series)), *value = val_set_list(d->m->arena, point, "value");
      push_number(d->m->arena, value, day_ms(f->day));
      push_number(d->m->arena, value, 0);
      val_set_str(d->m->arena, point, "text", figure_line(d->m, p, f));
    }
  }
}

/* --- targets and the way to them --- */

static Str aim_line(const Model *m, const Aim *a) {
  return arena_printf(m->arena, STR_FMT ": " STR_FMT, STR_ARG(a->edition), STR_ARG(say_aim(m, a)));
}

static Str aim_name(const Model *m, const Aim *a) {
  const char *name = a->mode == COURSE_LIMIT ? N_("Grens: %{edition}") : a->mode == COURSE_QUOTA ? N_("Quotum: %{edition}")
                     : items(val_get(a->course, S("path"))) ? N_("Nodig: %{edition}") : N_("Streefwaarde: %{edition}");
  return say(m, name, "edition", a->shared ? view_tr(m->lang, "beide versies") : a->edition, NULL);
}

/* Begin of what holds throughout: a limit and a quota hold from the first day of the axis. */
static void push_level(const Draw *d, Val *series, const Aim *a) {
  Val *first = push_point(d->m->arena, series, day_ms(d->m->from), a->target, aim_line(d->m, a));
  val_set_str(d->m->arena, first, "symbol", S("none"));
}

static void draw_aim(const Draw *d, const Aim *a, const Place *at) {
  const Model *m = d->m;
  if (isnan(a->target) || a->due == DAY_NONE || a->hidden) return;
  Look look = {.type = "line", .colour = a->current ? COLOUR_CURRENT : COLOUR_EARLIER, .symbol = a->current ? "triangle" : "emptyRect",
               .size = a->current ? 14 : 12, .z = a->current ? 4 : 3};
  Val *series = series_new(d, at, aim_name(m, a), &look);
  line_style(m->arena, series, 2, a->current ? 8 : 2, a->current ? 5 : 4);
  const Val *path = val_get(a->course, S("path"));
  for (size_t i = 0; i < items(path); i++) {
    Day day = day_at(item(path, i), "day");
    double value = number_at(item(path, i), "value");
    if (day >= a->due) continue;
    Str text = say(m, "Nodig op %{day}: %{value}", "day", say_day(m, day), "value", say_number(m, value), NULL);
    Val *corner = push_point(m->arena, series, day_ms(day), value, text);
    if (i == 0) val_set_str(m->arena, corner, "symbol", S("none"));
  }
  if (a->mode != COURSE_PATH) push_level(d, series, a);
  Val *end = push_point(m->arena, series, day_ms(a->due), a->target, aim_line(m, a));
  label(m, end, say_number(m, a->target), a->current ? "top" : "bottom", look.colour);
}

/* The last path that leads through the others, so that a line is not drawn twice. */
static bool passed_through(const Panel *p, size_t i) {
  const Aim *a = &p->aims[i];
  for (size_t j = 0; a->mode == COURSE_PATH && j < p->aim_count; j++) {
    const Aim *b = &p->aims[j];
    const Val *path = val_get(b->course, S("path"));
    if (j == i || b->mode != COURSE_PATH || b->due <= a->due || !str_eq(a->edition_code, b->edition_code) || b->hidden) continue;
    for (size_t k = 0; k + 1 < items(path); k++)
      if (day_at(item(path, k), "day") == a->due && !(fabs(number_at(item(path, k), "value") - a->target) > 1e-9)) return true;
  }
  return false;
}

static void draw_baselines(const Draw *d, const Panel *p, const Place *at) {
  const Model *m = d->m;
  /* larger than the figure it is, and behind it: both are seen */
  Look look = {.type = "line", .colour = INK, .symbol = "emptyDiamond", .size = 19, .z = 5};
  Val *series = NULL;
  Day drawn = DAY_NONE;
  for (size_t i = 0; i < p->aim_count; i++) {
    const Aim *a = &p->aims[i];
    if (isnan(a->baseline) || a->mode == COURSE_QUOTA || a->baseline_day == DAY_NONE || a->baseline_day == drawn) continue;
    if (!series) series = points_new(d, at, view_tr(m->lang, "Nulmeting"), &look);
    Str text = say(m, "Nulmeting %{period}: %{value}", "period", text_at(a->course, "baseline_period"), "value", say_number(m, a->baseline), NULL);
    push_point(m->arena, series, day_ms(a->baseline_day), a->baseline, text);
    drawn = a->baseline_day;
  }
}

/* --- trend --- */

static void draw_trend(const Draw *d, const Panel *p, const Place *at) {
  const Model *m = d->m;
  const Val *line = p->trend ? val_get(p->trend, S("line")) : NULL;
  if (items(line) < 2) return;
  Look look = {.type = "custom", .colour = COLOUR_TREND, .symbol = "rect", .icon = "rect", .size = 8, .z = 1};
  Val *band = series_new(d, at, view_tr(m->lang, "Band van de trend"), &look);
  Val *style = val_set_map(m->arena, legend_name(d, view_tr(m->lang, "Band van de trend"), NULL), "itemStyle");
  val_set_str(m->arena, style, "color", S(COLOUR_BAND));
  val_set_str(m->arena, style, "borderColor", S(COLOUR_TREND));
  val_set_int(m->arena, style, "borderWidth", 1);
  val_set_int(m->arena, style, "opacity", 1);
  style = val_set_map(m->arena, band, "itemStyle");
  val_set_str(m->arena, style, "color", S(COLOUR_TREND));
  val_set_double(m->arena, style, "opacity", 0.14);
  val_set_str(m->arena, val_set_map(m->arena, band, "renderItem"), "$fn", S("band"));
  val_set_bool(m->arena, band, "clip", true);
  look = (Look){.type = "line", .colour = COLOUR_TREND, .symbol = "none", .icon = DASHES_ICON, .size = 1, .z = 2};
  Val *middle = series_new(d, at, view_tr(m->lang, "Trend (geen voorspelling)"), &look);
  line_style(m->arena, middle, 2, 12, 3);
  for (size_t i = 0; i < items(line); i++) {
    const Val *at_day = item(line, i);
    double x = day_ms(day_at(at_day, "day")), value = number_at(at_day, "value");
    Str text = say(m, "Trend: %{value}", "value", say_number(m, value), NULL);
    push_point(m->arena, middle, x, value, text);
    Val *piece = val_push_map(m->arena, data_of(band)), *pair = val_set_list(m->arena, piece, "value");
    push_number(m->arena, pair, x);
    push_number(m->arena, pair, number_at(at_day, "low"));
    push_number(m->arena, pair, number_at(at_day, "high"));
    val_set_str(m->arena, piece, "text", text);
  }
}

/* --- vertical lines --- */

typedef struct Mark { Day day; Str text; const char *colour, *dashes; bool low; } Mark;

/* The words stand above the line, near an edge beside it so that they stay within the picture; those of the next line a row
 * lower, so that lines may be close together. */
static void push_mark(const Model *m, Val *data, const Mark *mark) {
  Val *line = val_push_map(m->arena, data), *l = val_set_map(m->arena, line, "label"), *style = val_set_map(m->arena, line, "lineStyle");
  double at = (double)(mark->day - m->from) / (double)(m->to - m->from);
  val_set_double(m->arena, line, "xAxis", day_ms(mark->day));
  val_set_bool(m->arena, l, "show", mark->text.len > 0);
  val_set_str(m->arena, l, "formatter", mark->text);
  val_set_str(m->arena, l, "color", str_from(mark->colour));
  val_set_str(m->arena, l, "align", at < 0.18 ? S("left") : at > 0.82 ? S("right") : S("center"));
  if (mark->low) val_set(m->arena, l, "offset", val_pair(m->arena, 0, -15));
  val_set_str(m->arena, style, "color", str_from(mark->colour));
  val_set_str(m->arena, style, "type", str_from(mark->dashes));
}

/* The figure that follows a change of definition, from figure `*i` on; NULL when there is no more. */
static const Figure *next_break(const Panel *p, size_t *i, const Figure **before) {
  for (; *i < p->count; ++*i) {
    const Figure *f = &p->figures[*i], *last = *before;
    if (!f->leading) continue;
    *before = f;
    if (!last || last->definition == f->definition) continue;
    *before = last;
    return f;
  }
  return NULL;
}

static bool as_of_shown(const Model *m) { return m->as_of >= m->from && m->as_of <= m->to; }

unsigned panel_mark_rows(const Model *m, const Panel *p) {
  const Figure *before = NULL;
  unsigned marks = as_of_shown(m);
  for (size_t i = 0; next_break(p, &i, &before); before = &p->figures[i++]) marks++;
  return marks > 1 ? 2 : 1;
}

/* A series of its own without points, that carries vertical lines. */
static Val *marks_new(const Draw *d, const Place *at, Str name, const char *icon, const char *colour) {
  Arena *a = d->m->arena;
  Val *s = val_push_map(a, d->series), *marks = val_set_map(a, s, "markLine");
  val_set_str(a, s, "type", S("line"));
  val_set_int(a, s, "xAxisIndex", at->x_axis);
  val_set_int(a, s, "yAxisIndex", at->y_axis);
  val_set_list(a, s, "data");
  val_set_bool(a, s, "silent", true);
  val_set_bool(a, marks, "silent", true);
  val_set_str(a, marks, "symbol", S("none"));
  if (name.ptr) {
    val_set_str(a, s, "name", name);
    val_set_str(a, s, "color", str_from(colour));
    val_set_int(a, val_set_map(a, s, "lineStyle"), "width", 0);
    legend_name(d, name, icon);
  }
  return val_set_list(a, marks, "data");
}

/* Breaks of definition and the day judged as of, with words at the lines or, where there is no room for them, in the legend. */
static void draw_marks(const Draw *d, const Panel *p, const Place *at) {
  const Model *m = d->m;
  const Figure *before = NULL;
  Val *data = NULL;
  size_t marks = 0;
  for (size_t i = 0; next_break(p, &i, &before); before = &p->figures[i++], marks++) {
    const Figure *f = &p->figures[i];
    Str text = at->labels ? say(m, "definitie %{n}", "n", say_points(m, f->definition, 0), NULL) : S("");
    if (!data) data = marks_new(d, at, at->labels ? STR_NONE : view_tr(m->lang, "Andere definitie"), BREAK_ICON, COLOUR_BREAK);
    push_mark(m, data, &(Mark){model_break(m, before, f), text, COLOUR_BREAK, "solid", marks % 2});
  }
  if (!as_of_shown(m)) return;
  data = marks_new(d, at, at->labels ? STR_NONE : view_tr(m->lang, "Peildatum"), AS_OF_ICON, INK_SOFT);
  push_mark(m, data, &(Mark){m->as_of, at->labels ? view_tr(m->lang, "peildatum") : S(""), INK_SOFT, "dotted", marks % 2});
}

void draw_panel(Draw *d, const Panel *p, const Place *at) {
  draw_measured(d, p, at);
  draw_bounds(d, p, at, FIGURE_VALUE);
  draw_bounds(d, p, at, FIGURE_SUPPRESSED);
  draw_baselines(d, p, at);
  for (size_t i = p->aim_count; i-- > 0;)
    if (!passed_through(p, i)) draw_aim(d, &p->aims[i], at);
  draw_trend(d, p, at);
  draw_others(d, p, at);
  draw_gaps(d, p, at);
  draw_marks(d, p, at);
}
