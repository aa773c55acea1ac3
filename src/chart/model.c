/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>

#include "chart/internal.h"

Str text_at(const Val *map, const char *key) {
  const Val *v = val_get(map, str_from(key));
  return v->kind == VAL_STR ? v->as.text : STR_NONE;
}

double number_at(const Val *map, const char *key) {
  const Val *v = val_get(map, str_from(key));
  return v->kind == VAL_DOUBLE ? v->as.number : v->kind == VAL_INT ? (double)v->as.integer : NAN;
}

bool flag_at(const Val *map, const char *key) { return val_truth(val_get(map, str_from(key))); }

Day day_at(const Val *map, const char *key) {
  Day day;
  Str text = text_at(map, key);
  return text.ptr && day_parse_iso(text, &day) ? day : DAY_NONE;
}

size_t items(const Val *list) { return list && list->kind == VAL_LIST ? list->as.list.count : 0; }
Val *item(const Val *list, size_t i) { return list->as.list.items[i]; }

static FigureState state_of(Str text) {
  static const char *const names[] = {"value", "suppressed", "not_applicable", "missing", "not_yet_due"};
  for (int i = 0; i < 5; i++)
    if (str_eq(text, str_from(names[i]))) return (FigureState)i;
  return FIGURE_MISSING;
}

static Figure read_figure(const Val *v) {
  Str quality = text_at(v, "quality");
  return (Figure){.day = day_at(v, "day"), .period = text_at(v, "period"), .state = state_of(text_at(v, "state")),
                  .value = number_at(v, "value"), .low = number_at(v, "low"), .high = number_at(v, "high"),
                  .definition = (int)number_at(v, "definition"), .complete = flag_at(v, "complete"), .leading = flag_at(v, "leading"),
                  .firm = !str_eq(quality, S("provisional")) && !str_eq(quality, S("estimate")), .val = v};
}

static Aim read_aim(const Val *course) {
  Str mode = text_at(course, "mode");
  const Val *edition = val_get(course, S("edition"));
  return (Aim){.edition = text_at(edition, "label"), .edition_code = text_at(edition, "code"), .current = flag_at(course, "is_current"),
               .at_most = str_eq(text_at(course, "comparator"), S("at_most")),
               .mode = str_eq(mode, S("limit")) ? COURSE_LIMIT : str_eq(mode, S("quota")) ? COURSE_QUOTA : COURSE_PATH,
               .target = number_at(course, "target"), .due = day_at(course, "due"), .baseline = number_at(course, "baseline"),
               .baseline_day = day_at(course, "baseline_day"), .course = course};
}

/* Whether two targets are drawn alike. */
static bool same_aim(const Aim *a, const Aim *b) {
  const Val *pa = val_get(a->course, S("path")), *pb = val_get(b->course, S("path"));
  bool same = a->mode == b->mode && a->at_most == b->at_most && a->due == b->due && !str_eq(a->edition_code, b->edition_code) &&
              !(a->target < b->target) && !(a->target > b->target) && isnan(a->target) == isnan(b->target) && items(pa) == items(pb) &&
              str_eq(text_at(a->course, "basis"), text_at(b->course, "basis")) &&
              !(fabs(number_at(a->course, "target_raw") - number_at(b->course, "target_raw")) > 0);
  for (size_t i = 0; same && i < items(pa); i++)
    same = str_eq(text_at(item(pa, i), "day"), text_at(item(pb, i), "day")) &&
           !(fabs(number_at(item(pa, i), "value") - number_at(item(pb, i), "value")) > 0);
  return same;
}

static void read_aims(const ChartAsk *ask, const Val *region, Panel *p) {
  const Val *courses = val_get(region, S("courses"));
  for (size_t i = 0; i < items(courses) && p->aim_count < AIMS_MAX; i++) {
    Aim aim = read_aim(item(courses, i));
    if (!ask->edition.ptr || str_eq(aim.edition_code, ask->edition)) p->aims[p->aim_count++] = aim;
  }
  for (size_t i = 0; i < p->aim_count; i++)
    for (size_t j = 0; j < p->aim_count; j++)
      if (p->aims[j].current && !p->aims[i].current && same_aim(&p->aims[i], &p->aims[j])) p->aims[j].shared = p->aims[i].hidden = true;
}

static Err read_panel(const ChartAsk *ask, const Val *region, Arena *arena, Panel *p, ErrInfo *info) {
  const Val *values = val_get(region, S("values")), *place = val_get(region, S("region")), *trend = val_get(region, S("trend"));
  *p = (Panel){.code = text_at(place, "code"), .name = text_at(place, "label"), .kind = text_at(region, "kind"),
               .trend = trend->kind == VAL_MAP ? trend : NULL};
  p->figures = ARENA_ARRAY(arena, Figure, items(values) + 1);
  if (!p->figures) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < items(values); i++)
    if (flag_at(item(values, i), "current")) p->figures[p->count++] = read_figure(item(values, i));
  read_aims(ask, region, p);
  return ERR_OK;
}

Err chart_model_read(const ChartAsk *ask, const Val *indicator, bool (*take)(const Val *region, Str wanted), Str wanted, Arena *arena,
               Model *out, ErrInfo *info) {
  const Val *regions = val_get(indicator, S("regions"));
  *out = (Model){.arena = arena, .lang = ask->lang, .as_of = ask->as_of, .hindsight = ask->known_on > ask->as_of, .indicator = indicator, .code = text_at(indicator, "code"),
                 .title = text_at(indicator, "title"), .unit = text_at(indicator, "unit")};
  out->percent = str_eq(out->unit, S("percent"));
  out->panels = ARENA_ARRAY(arena, Panel, PANELS_MAX);
  if (!out->panels) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < items(regions); i++) {
    if (!take(item(regions, i), wanted)) continue;
    out->region_count++;
    if (out->panel_count < PANELS_MAX) TRY(read_panel(ask, item(regions, i), arena, &out->panels[out->panel_count++], info));
  }
  for (size_t i = 0; i < out->panel_count; i++)
    for (size_t a = 0; a < out->panels[i].aim_count; a++) out->quota |= out->panels[i].aims[a].mode == COURSE_QUOTA;
  model_scale(out);
  return ERR_OK;
}

bool figure_drawn(const Figure *f) {
  return (f->state == FIGURE_VALUE && !isnan(f->value)) || (f->state == FIGURE_SUPPRESSED && !isnan(f->low) && !isnan(f->high));
}

bool panel_has_numbers(const Panel *p) {
  for (size_t i = 0; i < p->count; i++)
    if (figure_drawn(&p->figures[i])) return true;
  return false;
}

bool model_has_numbers(const Model *m) {
  for (size_t i = 0; i < m->panel_count; i++)
    if (panel_has_numbers(&m->panels[i])) return true;
  return false;
}

bool panel_has_gaps(const Panel *p) {
  for (size_t i = 0; i < p->count; i++)
    if (p->figures[i].leading && !figure_drawn(&p->figures[i])) return true;
  return false;
}

Day panel_due(const Panel *p) {
  Day due = DAY_NONE;
  for (size_t i = 0; i < p->aim_count; i++)
    if (p->aims[i].due > due) due = p->aims[i].due;
  return due;
}

Day model_break(const Model *m, const Figure *before, const Figure *after) {
  const Val *definitions = val_get(m->indicator, S("definitions"));
  for (size_t i = 0; i < items(definitions); i++) {
    Day from = day_at(item(definitions, i), "valid_from");
    if ((int)number_at(item(definitions, i), "version") == after->definition && from > before->day && from < after->day) return from;
  }
  return before->day + (after->day - before->day) / 2;
}

/* --- axes --- */

Scale scale_nice(double low, double high, bool zero) {
  static const double steps[] = {1, 2, 2.5, 5, 10};
  if (high < low) high = low;
  if (high - low < 1e-9) {
    double about = fabs(high) > 0 ? fabs(high) * 0.1 : 1;
    low -= low < 0 || low > about ? about : 0;
    high += about;
  }
  double span = high - low;
  if (low > 0 && (zero || low < span)) low = 0;
  if (high < 0 && (zero || -high < span)) high = 0;
  if (high > 0) high += 0.1 * (high - low);  /* room for the label of the highest */
  if (low < 0) low -= 0.06 * (high - low);
  else if (low > 0) low = fmax(0, low - 0.06 * (high - low));
  double rough = (high - low) / 6, power = pow(10, floor(log10(rough))), step = 10 * power;
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (steps[i] * power >= rough) {
      step = steps[i] * power;
      break;
    }
  Scale s = {.min = floor(low / step + 1e-9) * step, .max = ceil(high / step - 1e-9) * step, .step = step};
  for (double shown = step; s.decimals < 6 && fabs(shown - round(shown)) > 1e-9; shown *= 10) s.decimals++;
  return s;
}

static void widen(Scale *y, double value) {
  if (isnan(value)) return;
  if (value < y->min) y->min = value;
  if (value > y->max) y->max = value;
}

static void reach(Model *m, Day day) {
  if (day == DAY_NONE) return;
  if (m->from == DAY_NONE || day < m->from) m->from = day;
  if (m->to == DAY_NONE || day > m->to) m->to = day;
}

/* The band is for the eye: beyond the points it may run off the scale, which follows the figures. */
static void span_line(Model *m, Scale *y, const Val *line) {
  for (size_t i = 0; i < items(line); i++) {
    reach(m, day_at(item(line, i), "day"));
    widen(y, number_at(item(line, i), "value"));
  }
}

static void span_panel(Model *m, Scale *y, const Panel *p) {
  for (size_t i = 0; i < p->count; i++) {
    const Figure *f = &p->figures[i];
    reach(m, f->day);
    if (!figure_drawn(f)) continue;
    if (f->state == FIGURE_VALUE) widen(y, f->value);
    widen(y, f->low);
    widen(y, f->high);
  }
  for (size_t i = 0; i < p->aim_count; i++) {
    reach(m, p->aims[i].due);
    reach(m, p->aims[i].baseline_day);
    widen(y, p->aims[i].target);
    widen(y, p->aims[i].baseline);
    span_line(m, y, val_get(p->aims[i].course, S("path")));
  }
  if (p->trend) span_line(m, y, val_get(p->trend, S("line")));
}

void model_scale(Model *m) {
  Scale y = {.min = INFINITY, .max = -INFINITY};
  m->from = m->to = DAY_NONE;
  for (size_t i = 0; i < m->panel_count; i++) span_panel(m, &y, &m->panels[i]);
  if (m->from == DAY_NONE) reach(m, m->as_of);
  if (m->as_of > m->to && m->as_of - m->to < 3 * 366) m->to = m->as_of;
  /* whole years, so that the ends have labels */
  int last = day_year(m->to);
  m->from = day_from_civil(day_year(m->from), 1, 1);
  m->to = last < 9999 ? day_from_civil(last + 1, 1, 1) : m->to;
  m->y = isfinite(y.min) ? scale_nice(y.min, y.max, m->quota) : (Scale){0, 1, 1, 0};
  if (m->percent && y.max <= 100 && m->y.max > 100) m->y.max = 100;  /* room above is no reason for more than all */
}
