/* SPDX-License-Identifier: EUPL-1.2 */
/* Are we going to make it? How much of the way from baseline to target each indicator has gone (p), beside how much it
 * should have gone by then (q), for the North, with the provinces as signs on the same line. */
#include <math.h>

#include "chart/internal.h"
#include "view/lang.h"

/* Ends of the scale in percent of the way: beyond, a bar is cut and its text tells. */
#define WAY_MIN (-25.0)
#define WAY_MAX 125.0
#define TITLES "titles"  /* the series of names above the bars */

/* A narrow drawing has the name of a row above its bar, where a wide one has it at its side. */
enum { ROWS_MAX = 80, ROW_WIDE = 42, ROW_NARROW = 60, FOOT = 34, HEAD = 30, NAMES = 270, NAME_NARROW = 224 };

typedef struct Outlook {
  Model m;              /* language and arena; no panels of its own */
  Val *option, *names;
  Val *bars, *needed, *labels, *titles;
  Val *regions;         /* series of the other regions */
  Val *legend;
  size_t rows, judged, open;
  size_t left_out;      /* beyond ROWS_MAX: in the table alone */
} Outlook;

static const Val *north_of(const Val *indicator) {
  const Val *regions = val_get(indicator, S("regions"));
  for (size_t i = 0; i < items(regions); i++)
    if (str_eq(text_at(item(regions, i), "kind"), S("landsdeel"))) return item(regions, i);
  return NULL;
}

/* --- the table --- */

static void column(Outlook *o, Chart *out, const char *text, bool number) {
  Val *c = val_push_map(o->m.arena, out->columns);
  val_set_str(o->m.arena, c, "label", view_tr(o->m.lang, text));
  val_set_bool(o->m.arena, c, "number", number);
}

static void words(Outlook *o, Val *row, Str text, bool dutch) {
  Val *c = val_push_map(o->m.arena, row);
  val_set_str(o->m.arena, c, "text", text.ptr ? text : S(""));
  val_set_str(o->m.arena, c, "value", text);
  if (dutch) val_set_str(o->m.arena, c, "lang", S("nl"));
}

static void number(Outlook *o, Val *row, double value, Str text) {
  Val *c = val_push_map(o->m.arena, row);
  val_set_str(o->m.arena, c, "text", isnan(value) ? S("") : text);
  if (isnan(value)) val_set_null(o->m.arena, c, "value");
  else val_set_double(o->m.arena, c, "value", value);
}

static Str part(Outlook *o, double value) {
  return arena_printf(o->m.arena, STR_FMT STR_FMT "%%", STR_ARG(say_points(&o->m, value * 100, 0)), STR_ARG(o->m.lang->before_percent));
}

static void table_row(Outlook *o, Chart *out, const Val *indicator, const Val *region, const Aim *a) {
  const Val *used = val_get(a->course, S("used"));
  Val *row = val_list(o->m.arena);
  double value = used->kind == VAL_MAP ? number_at(used, "value") : NAN, p = number_at(a->course, "progress"), q = number_at(a->course, "needed");
  val_push(o->m.arena, out->rows, row);
  words(o, row, text_at(val_get(indicator, S("goal")), "code"), false);
  words(o, row, text_at(indicator, "title"), true);
  words(o, row, text_at(val_get(region, S("region")), "label"), true);
  words(o, row, a->shared ? view_tr(o->m.lang, "beide versies") : a->edition, !a->shared);
  number(o, row, a->baseline, say_number(&o->m, a->baseline));
  number(o, row, a->target, say_number(&o->m, a->target));
  number(o, row, value, say_number(&o->m, value));
  words(o, row, text_at(used, "period"), false);
  number(o, row, p, part(o, p));
  number(o, row, q, part(o, q));
  Str reason = text_at(a->course, "reason_text");
  const char *why = reason.len ? arena_zstr(o->m.arena, reason) : NULL;
  words(o, row, say_course(&o->m, a), false);
  words(o, row, why ? view_tr(o->m.lang, why) : STR_NONE, false);
}

static void table_heads(Outlook *o, Chart *out) {
  static const struct { const char *text; bool number; } heads[] = {
      {N_("Doel"), false}, {N_("Indicator"), false}, {N_("Gebied"), false}, {N_("Versie"), false}, {N_("Nulmeting"), true},
      {N_("Streefwaarde"), true}, {N_("Beoordeelde waarde"), true}, {N_("Periode"), false}, {N_("Afgelegd"), true},
      {N_("Nodig"), true}, {N_("Koers"), false}, {N_("Waarom"), false}};
  out->columns = val_list(o->m.arena);
  out->rows = val_list(o->m.arena);
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) column(o, out, heads[i].text, heads[i].number);
}

/* --- the drawing --- */

static Val *series_new(Outlook *o, const char *type, Str name, const char *colour, const char *symbol, double width, double height,
                       const char *icon) {
  Arena *a = o->m.arena;
  Val *s = val_push_map(a, (Val *)(uintptr_t)val_get(o->option, S("series")));
  val_set_str(a, s, "type", str_from(type));
  val_set_str(a, s, "name", name);
  val_set_str(a, s, "color", str_from(colour));
  val_set_str(a, s, "symbol", str_from(symbol));
  val_set(a, s, "symbolSize", val_pair(a, width, height));
  val_set_list(a, s, "data");
  legend_name(&(Draw){.m = &o->m, .legend = o->legend}, name, icon);
  return s;
}

static double cut(double percent) { return percent < WAY_MIN ? WAY_MIN : percent > WAY_MAX ? WAY_MAX : percent; }

static Val *push_point(Outlook *o, Val *series, double way, size_t row, Str text) {
  Val *point = val_push_map(o->m.arena, (Val *)(uintptr_t)val_get(series, S("data")));
  val_set(o->m.arena, point, "value", val_pair(o->m.arena, cut(100 * way), (double)row));
  val_set_str(o->m.arena, point, "text", text);
  return point;
}

static const char *colour_of(Str course) {
  static const char *const good[] = {"achieved", "on-course", "reached"};
  for (size_t i = 0; i < 3; i++)
    if (str_eq(course, str_from(good[i]))) return "#0c5135";
  return str_eq(course, S("uncertain")) ? COLOUR_BREAK : "#8c2412";
}

/* Words of a row, below its bar. */
static void label_row(Outlook *o, Str text) {
  Val *words_at = push_point(o, o->labels, WAY_MIN / 100, o->rows, text), *label = val_set_map(o->m.arena, words_at, "label");
  val_set_bool(o->m.arena, label, "show", true);
  val_set_str(o->m.arena, label, "formatter", text);
}

static void draw_north(Outlook *o, const Aim *a, double p, double q) {
  Arena *arena = o->m.arena;
  Str text = say(&o->m, "%{course}: %{done} afgelegd, %{needed} nodig", "course", say_course(&o->m, a), "done", part(o, p), "needed", part(o, q), NULL);
  Val *bar = push_point(o, o->bars, p, o->rows, text);
  val_set_str(arena, val_set_map(arena, bar, "itemStyle"), "color", str_from(colour_of(text_at(a->course, "course"))));
  push_point(o, o->needed, q, o->rows, text);
  label_row(o, text);
}

/* The provinces have gone a part of the way, of the North it is not known: the row says so. */
static void label_unknown(Outlook *o, const Panel *north) {
  for (size_t i = 0; north && i < north->aim_count; i++)
    if (north->aims[i].current && !north->aims[i].hidden) {
      label_row(o, arena_printf(o->m.arena, STR_FMT ": " STR_FMT, STR_ARG(north->name), STR_ARG(say_course(&o->m, &north->aims[i]))));
      return;
    }
}

/* The sign of the n-th other region. */
static Val *region_series(Outlook *o, Str name) {
  static const char *const signs[] = {"emptyTriangle", "emptyDiamond", "emptyCircle", "emptyRect"};
  static const char *const colours[] = {COLOUR_EARLIER, COLOUR_CURRENT, INK, COLOUR_MEASURED};
  for (size_t i = 0; i < items(o->regions); i++)
    if (str_eq(text_at(item(o->regions, i), "name"), name)) return item(o->regions, i);
  size_t at = items(o->regions);
  if (at == sizeof signs / sizeof *signs) return NULL;
  Val *s = series_new(o, "line", name, colours[at], signs[at], 12, 12, NULL);
  val_set_int(o->m.arena, val_set_map(o->m.arena, s, "lineStyle"), "width", 0);
  val_set_int(o->m.arena, s, "z", 5);
  val_push(o->m.arena, o->regions, s);
  return s;
}

static void draw_region(Outlook *o, const Val *region, const Aim *a) {
  double p = number_at(a->course, "progress");
  Str name = text_at(val_get(region, S("region")), "label");
  Val *s = isnan(p) ? NULL : region_series(o, name);
  if (!s) return;
  Str text = say(&o->m, "%{region}: %{course}, %{done} afgelegd", "region", name, "course", say_course(&o->m, a), "done", part(o, p), NULL);
  push_point(o, s, p, o->rows, text);
}

static void name_row(Outlook *o, const Val *indicator) {
  Str code = text_at(val_get(indicator, S("goal")), "code");
  Str name = arena_printf(o->m.arena, STR_FMT "  " STR_FMT, STR_ARG(code), STR_ARG(text_at(indicator, "title")));
  val_push_str(o->m.arena, o->names, name);
  Val *title = push_point(o, o->titles, WAY_MIN / 100, o->rows, name);
  val_set_str(o->m.arena, val_set_map(o->m.arena, title, "label"), "formatter", name);
}

static bool walked(const Aim *a) { return !isnan(number_at(a->course, "progress")) && !isnan(number_at(a->course, "needed")); }

/* The target a region is drawn by: of the current edition the first that is still ahead, or else the last. */
static const Aim *main_aim(const Panel *p, Day as_of) {
  const Aim *found = NULL;
  for (size_t i = 0; i < p->aim_count; i++) {
    const Aim *a = &p->aims[i];
    if (!a->current || a->hidden || !walked(a)) continue;
    bool ahead = a->due >= as_of, sooner = !found || a->due < found->due;
    if (!found || (ahead && (found->due < as_of || sooner)) || (!ahead && found->due < as_of && !sooner)) found = a;
  }
  return found;
}

static void count_aims(Outlook *o, const Panel *p) {
  for (size_t i = 0; i < p->aim_count; i++) {
    bool determined = !str_eq(text_at(p->aims[i].course, "course"), S("undetermined"));
    o->judged += p->aims[i].current && determined;
    o->open += p->aims[i].current && !determined;
  }
}

static void draw_row(Outlook *o, const Panel *panels, const Val *const *regions, size_t count, const Val *indicator) {
  bool drawn = false;
  const Panel *unknown = NULL;
  for (size_t r = 0; r < count; r++) {
    const Aim *a = main_aim(&panels[r], o->m.as_of);
    bool north = str_eq(panels[r].kind, S("landsdeel"));
    if (north && !a) unknown = &panels[r];
    if (!a) continue;
    drawn = true;
    if (o->rows == ROWS_MAX) break;
    if (north) draw_north(o, a, number_at(a->course, "progress"), number_at(a->course, "needed"));
    else draw_region(o, regions[r], a);
  }
  o->left_out += drawn && o->rows == ROWS_MAX;
  if (!drawn || o->rows == ROWS_MAX) return;
  label_unknown(o, unknown);
  name_row(o, indicator);
  o->rows++;
}

static void take_indicator(Outlook *o, Chart *out, const Panel *panels, const Val *const *regions, size_t count, const Val *indicator) {
  for (size_t r = 0; r < count; r++) {
    for (size_t i = 0; i < panels[r].aim_count; i++)
      if (!panels[r].aims[i].hidden) table_row(o, out, indicator, regions[r], &panels[r].aims[i]);
    if (str_eq(panels[r].kind, S("landsdeel")) && !flag_at(indicator, "proxy_for")) count_aims(o, &panels[r]);
  }
  draw_row(o, panels, regions, count, indicator);
}

static bool any_region(const Val *region, Str wanted) {
  (void)wanted;
  return !str_eq(text_at(region, "kind"), S("country"));
}

static Err add_indicator(Outlook *o, Chart *out, const ChartAsk *ask, const Val *indicator, ErrInfo *info) {
  const Val *regions = val_get(indicator, S("regions")), *taken[PANELS_MAX];
  Model m;
  if (!flag_at(indicator, "has_targets") || !north_of(indicator)) return ERR_OK;
  TRY(chart_model_read(ask, indicator, any_region, STR_NONE, o->m.arena, &m, info));
  size_t count = 0;
  for (size_t i = 0; i < items(regions) && count < m.panel_count; i++)
    if (any_region(item(regions, i), STR_NONE)) taken[count++] = item(regions, i);
  o->m.unit = m.unit;
  o->m.percent = m.percent;
  take_indicator(o, out, m.panels, taken, count, indicator);
  return ERR_OK;
}

static Val *way_axis(Outlook *o) {
  Arena *a = o->m.arena;
  Val *x = val_push_map(a, (Val *)(uintptr_t)val_get(o->option, S("xAxis")));
  val_set_str(a, x, "type", S("value"));
  val_set_double(a, x, "min", WAY_MIN);
  val_set_double(a, x, "max", WAY_MAX);
  val_set_double(a, x, "interval", 25);
  Val *label = val_set_map(a, x, "axisLabel"), *format = val_set_map(a, label, "formatter");
  val_set_str(a, label, "color", S(INK));
  val_set_int(a, label, "fontSize", 13);
  val_set_bool(a, label, "hideOverlap", true);
  val_set_str(a, format, "$fn", S("number"));
  val_set_int(a, format, "decimals", 0);
  val_set_str(a, format, "suffix", arena_printf(a, STR_FMT "%%", STR_ARG(o->m.lang->before_percent)));
  val_set_str(a, val_set_map(a, val_set_map(a, x, "splitLine"), "lineStyle"), "color", S(RULE));
  return x;
}

static void name_axis(Outlook *o, Val *y) {
  Arena *a = o->m.arena;
  Val *label = val_set_map(a, y, "axisLabel");
  val_set_str(a, y, "type", S("category"));
  val_set_bool(a, y, "inverse", true);
  val_set(a, y, "data", o->names);
  val_set_bool(a, val_set_map(a, y, "axisTick"), "show", false);
  val_set_bool(a, val_set_map(a, y, "axisLine"), "onZero", false);
  val_set_str(a, label, "color", S(INK));
  val_set_int(a, label, "fontSize", 13);
  val_set_int(a, label, "width", NAMES - 15);
  val_set_str(a, label, "overflow", S("truncate"));
  val_set_int(a, label, "interval", 0);
}

/* Points that are not seen and carry words so far below their bars. */
static Val *words_new(Outlook *o, const char *id, int below) {
  Arena *a = o->m.arena;
  Val *s = val_push_map(a, (Val *)(uintptr_t)val_get(o->option, S("series"))), *label = val_set_map(a, s, "label");
  val_set_str(a, s, "id", str_from(id));
  val_set_str(a, s, "type", S("scatter"));
  val_set_int(a, s, "symbolSize", 0);
  val_set_bool(a, s, "silent", true);
  val_set_int(a, s, "z", 6);
  val_set_list(a, s, "data");
  val_set_str(a, label, "position", S("right"));
  val_set(a, label, "offset", val_pair(a, 0, below));
  val_set_str(a, label, "color", S(INK));
  val_set_int(a, label, "fontSize", 12);
  val_set_str(a, label, "textBorderColor", S("#ffffff"));
  val_set_int(a, label, "textBorderWidth", 3);
  return s;
}

static void begin(Outlook *o) {
  Arena *a = o->m.arena;
  o->option = option_new(&o->m);
  o->names = val_list(a);
  o->legend = val_list(a);
  o->regions = val_list(a);
  way_axis(o);
  o->bars = series_new(o, "bar", view_tr(o->m.lang, "Afgelegd deel van de weg, Noorden"), "#0c5135", "rect", 10, 10, NULL);
  val_set_int(a, o->bars, "barWidth", 14);
  o->needed = series_new(o, "scatter", view_tr(o->m.lang, "Nodig op dat moment"), INK, "rect", 4, 26, LEGEND_SIGN "M13.5 0H16.5V12H13.5Z");
  val_set_int(a, o->needed, "z", 4);
  o->labels = words_new(o, "words", 17);
  o->titles = words_new(o, TITLES, -19);
}

/* The targets themselves: 100 percent of every way. */
static void mark_targets(Outlook *o) {
  Arena *a = o->m.arena;
  Val *line = val_set_map(a, o->bars, "markLine"), *style = val_set_map(a, line, "lineStyle"), *label = val_set_map(a, line, "label");
  val_set_bool(a, line, "silent", true);
  val_set_str(a, line, "symbol", S("none"));
  val_set_str(a, style, "color", S(COLOUR_CURRENT));
  val_set_str(a, style, "type", S("dashed"));
  val_set_int(a, style, "width", 2);
  val_set_str(a, label, "formatter", view_tr(o->m.lang, "streefwaarde"));
  val_set_str(a, label, "position", S("start"));
  val_set_str(a, label, "color", S(COLOUR_CURRENT));
  val_set_int(a, val_push_map(a, val_set_list(a, line, "data")), "xAxis", 100);
}

/* Where the bars stand, and which of the two places has the names. */
static void place(Outlook *o, Val *option, unsigned top, bool wide) {
  Arena *a = o->m.arena;
  Val *titles = val_push_map(a, val_set_list(a, option, "series")), *label = val_set_map(a, titles, "label");
  val_set_str(a, titles, "id", S(TITLES));
  val_set_bool(a, label, "show", !wide);
  val_set_str(a, label, "fontWeight", S("bold"));
  val_set_int(a, label, "width", NAME_NARROW);
  val_set_str(a, label, "overflow", S("truncate"));
  val_set_bool(a, val_set_map(a, val_push_map(a, val_set_list(a, option, "yAxis")), "axisLabel"), "show", wide);
  Val *grid = val_push_map(a, val_set_list(a, option, "grid"));
  val_set_int(a, grid, "left", wide ? NAMES : 20);
  val_set_int(a, grid, "right", wide ? 28 : 20);
  val_set_int(a, grid, "top", top);
  val_set_int(a, grid, "height", (int64_t)o->rows * (wide ? ROW_WIDE : ROW_NARROW) + 10);
}

static void finish(Outlook *o, Chart *out) {
  Arena *a = o->m.arena;
  Draw d = {.m = &o->m, .legend = o->legend};
  Sizes sizes = option_sizes(o->option, &o->m);
  LegendRoom legend = option_legend(&sizes, &d);
  unsigned height = HEAD + 10 + FOOT, rows = (unsigned)o->rows;
  mark_targets(o);
  name_axis(o, val_push_map(a, (Val *)(uintptr_t)val_get(o->option, S("yAxis"))));
  place(o, sizes.wide, legend.wide + HEAD, true);
  place(o, sizes.narrow, legend.narrow + HEAD, false);
  out->option = sizes.option;
  out->wide_height = legend.wide + height + rows * ROW_WIDE;
  out->narrow_height = legend.narrow + height + rows * ROW_NARROW;
}

static Str describe(Outlook *o) {
  Model *m = &o->m;
  Str judged = say_points(m, (double)o->judged, 0), all = say_points(m, (double)(o->judged + o->open), 0);
  Str text;
  if (!o->rows)
    text = say(m, "Van %{all} streefwaarden zijn er %{judged} te beoordelen, en van geen is te zeggen welk deel van de weg is afgelegd: daarvoor zijn "
                  "een nulmeting en een meting nodig. Wat per indicator ontbreekt staat in de tabel.",
               "all", all, "judged", judged, NULL);
  else text = say(m, "Van %{all} streefwaarden zijn er %{judged} te beoordelen. Een balk is het deel van de weg van nulmeting naar streefwaarde dat het "
                "Noorden heeft afgelegd, het streepje het deel dat toen nodig was. Het oordeel staat eronder; groen is bereikt of op koers, "
                "bruin onzeker, rood achter of niet bereikt. Balken lopen van %{low} tot %{high}; wat daarbuiten valt staat erbij.",
             "all", all, "judged", judged, "low", part(o, WAY_MIN / 100), "high", part(o, WAY_MAX / 100), NULL);
  text = arena_printf(m->arena, STR_FMT " " STR_FMT, STR_ARG(text), STR_ARG(say_as_of(m)));
  if (!o->left_out) return text;
  Str more = say(m, "Getekend zijn de eerste %{n} indicatoren; alle staan in de tabel.", "n", say_points(m, ROWS_MAX, 0), NULL);
  return arena_printf(m->arena, STR_FMT " " STR_FMT, STR_ARG(text), STR_ARG(more));
}

Err chart_outlook(const ChartAsk *ask, const Val *indicators, Str region, Arena *arena, Chart *out, ErrInfo *info) {
  Outlook o = {.m = {.arena = arena, .lang = ask->lang, .as_of = ask->as_of, .hindsight = ask->known_on > ask->as_of}};
  (void)region;
  begin(&o);
  table_heads(&o, out);
  for (size_t i = 0; i < items(indicators); i++) TRY(add_indicator(&o, out, ask, item(indicators, i), info));
  out->title = view_tr(ask->lang, OUTLOOK_TITLE);
  out->description = describe(&o);
  if (o.rows) finish(&o, out);
  return ERR_OK;
}
