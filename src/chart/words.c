/* SPDX-License-Identifier: EUPL-1.2 */
/* What a chart says, in words: a reader who does not see it should know as much. */
#include <math.h>
#include <stdarg.h>

#include "chart/internal.h"
#include "view/lang.h"

Str taken(const Model *m, Buf *out) {
  Str text = buf_err(out) == ERR_OK ? arena_str(m->arena, buf_view(out)) : STR_NONE;
  if (!text.ptr) m->arena->failed = true;  /* half a sentence is none */
  buf_clear(out);
  return text;
}

Str say(const Model *m, const char *message, ...) {
  va_list pairs;
  Val *args = val_map(m->arena);
  va_start(pairs, message);
  for (const char *name; (name = va_arg(pairs, const char *)) != NULL;) val_set_str(m->arena, args, name, va_arg(pairs, Str));
  va_end(pairs);
  Str text = view_fill(m->arena, view_tr(m->lang, message), args);
  if (!text.ptr) m->arena->failed = true;
  return text;
}

/* One decimal, none when it is a zero. */
static int decimals_of(double value) { return fabs(value - round(value)) < 0.05 ? 0 : 1; }

Str say_points(const Model *m, double value, int decimals) {
  Buf out;
  buf_init(&out, 0);
  view_number(&out, m->lang, value, decimals);
  return taken(m, &out);
}

Str say_number(const Model *m, double value) {
  Str number = say_points(m, value, decimals_of(value));
  if (m->percent) return arena_printf(m->arena, STR_FMT STR_FMT "%%", STR_ARG(number), STR_ARG(m->lang->before_percent));
  if (str_eq(m->unit, S("hours_per_year"))) return say(m, "%{n} uur", "n", number, NULL);
  return number;
}

Str say_day(const Model *m, Day day) {
  char iso[DAY_TEXT];
  Buf out;
  day_format_iso(day, iso);
  buf_init(&out, 0);
  view_date(&out, m->lang, str_from(iso));
  return taken(m, &out);
}

const char *state_word(FigureState state) {
  static const char *const words[] = {N_("waarde"), N_("afgeschermd"), N_("niet van toepassing"), N_("ontbreekt"), N_("nog niet verwacht")};
  return words[state];
}

Str say_figure(const Model *m, const Figure *f) {
  bool bounds = !isnan(f->low) && !isnan(f->high);
  if (f->state == FIGURE_SUPPRESSED && bounds)
    return say(m, "afgeschermd, tussen %{low} en %{high}", "low", say_number(m, f->low), "high", say_number(m, f->high), NULL);
  if (!figure_drawn(f)) {
    Str reason = text_at(f->val, "reason"), word = view_tr(m->lang, state_word(f->state));
    return reason.ptr ? arena_printf(m->arena, STR_FMT " (" STR_FMT ")", STR_ARG(word), STR_ARG(reason)) : word;
  }
  Str value = say_number(m, f->value);
  if (!f->complete) value = say(m, "%{value}, onvolledig", "value", value, NULL);
  if (!bounds || !(f->low < f->high)) return value;
  return say(m, "%{value} (tussen %{low} en %{high})", "value", value, "low", say_number(m, f->low), "high", say_number(m, f->high), NULL);
}

Str say_as_of(const Model *m) {
  return m->hindsight ? say(m, "Stand op %{day}, achteraf: met wat er nu over de tijd tot die dag bekend is.", "day", say_day(m, m->as_of), NULL)
                      : say(m, "Stand op %{day}.", "day", say_day(m, m->as_of), NULL);
}

/* A target that is said in terms of the baseline, as it was said. */
static Str say_relative(const Model *m, const Aim *a) {
  double raw = number_at(a->course, "target_raw");
  if (str_eq(text_at(a->course, "basis"), S("multiple"))) return say(m, "%{n} keer de nulmeting", "n", say_points(m, raw, decimals_of(raw)), NULL);
  Str part = say_points(m, fabs(raw), decimals_of(raw));
  return raw < 0 ? say(m, "%{n}% minder dan de nulmeting", "n", part, NULL) : say(m, "%{n}% meer dan de nulmeting", "n", part, NULL);
}

Str say_aim(const Model *m, const Aim *a) {
  Str value = isnan(a->target) ? say_relative(m, a) : say_number(m, a->target);
  if (a->due == DAY_NONE) return value;
  Str day = say_day(m, a->due);
  if (a->mode == COURSE_QUOTA) return say(m, "%{value} per jaar, tot en met %{day}", "value", value, "day", day, NULL);
  if (isnan(a->target)) return say(m, "%{value} op %{day}", "value", value, "day", day, NULL);
  return a->at_most ? say(m, "hoogstens %{value} op %{day}", "value", value, "day", day, NULL)
                    : say(m, "ten minste %{value} op %{day}", "value", value, "day", day, NULL);
}

/* --- sentences --- */

static void add(Buf *out, Str sentence) {
  if (out->len) buf_char(out, ' ');
  buf_str(out, sentence);
}

static const Figure *newest(const Panel *p) {
  const Figure *found = NULL;
  for (size_t i = 0; i < p->count; i++)
    if (p->figures[i].leading && figure_drawn(&p->figures[i]) && (!found || p->figures[i].day >= found->day)) found = &p->figures[i];
  return found;
}

static void add_level(Buf *out, const Model *m, const Panel *p) {
  const Figure *f = newest(p);
  if (f) add(out, say(m, "%{region}: %{figure} in %{period}.", "region", p->name, "figure", say_figure(m, f), "period", f->period, NULL));
  else add(out, say(m, "%{region}: geen cijfer.", "region", p->name, NULL));
}

static void add_baseline(Buf *out, const Model *m, const Panel *p) {
  const Aim *found = NULL;
  bool asked = false;
  for (size_t i = 0; i < p->aim_count; i++) {
    asked |= p->aims[i].mode == COURSE_PATH;
    if (!isnan(p->aims[i].baseline) && p->aims[i].mode != COURSE_QUOTA) found = &p->aims[i];
  }
  if (found)
    add(out, say(m, "De nulmeting is %{value} (%{period}).", "value", say_number(m, found->baseline), "period",
                 text_at(found->course, "baseline_period"), NULL));
  else if (asked) add(out, say(m, "Er is geen nulmeting, dus geen benodigde lijn.", NULL));
}

static void add_aims(Buf *out, const Model *m, const Panel *p) {
  for (size_t i = 0; i < p->aim_count; i++) {
    const Aim *a = &p->aims[i];
    if (a->hidden) continue;
    Str aim = say_aim(m, a);
    if (isnan(a->target)) aim = say(m, "%{aim} (zonder nulmeting niet uit te rekenen, dus niet getekend)", "aim", aim, NULL);
    if (a->shared) add(out, say(m, "Streefwaarde in beide versies: %{aim}.", "aim", aim, NULL));
    else add(out, say(m, "Streefwaarde volgens %{edition}: %{aim}.", "edition", a->edition, "aim", aim, NULL));
  }
}

static Str share_of_way(const Model *m, double part) {
  return arena_printf(m->arena, STR_FMT STR_FMT "%%", STR_ARG(say_points(m, part * 100, 0)), STR_ARG(m->lang->before_percent));
}

/* The translation of a text of a tree. */
static Str translated(const Model *m, Str text) {
  const char *msgid = text.len ? arena_zstr(m->arena, text) : NULL;
  return msgid ? view_tr(m->lang, msgid) : text;
}

Str say_course(const Model *m, const Aim *a) { return translated(m, text_at(a->course, "label")); }

/* With the figure that was judged, where the newest is another one: after the end of the target. */
static Str course_by(const Model *m, const Aim *a, Str course) {
  const Val *used = val_get(a->course, S("used"));
  double value = number_at(used, "value");
  if (!flag_at(a->course, "after_end") || isnan(value)) return course;
  return say(m, "%{course} met %{value} in %{period}", "course", course, "value", say_number(m, value), "period", text_at(used, "period"), NULL);
}

static void add_course(Buf *out, const Model *m, const Aim *a) {
  const Val *c = a->course;
  Str course = say_course(m, a), reason = text_at(c, "reason_text");
  double p = number_at(c, "progress"), q = number_at(c, "needed");
  if (reason.len) course = say(m, "%{course}, want %{reason}", "course", course, "reason", translated(m, reason), NULL);
  else if (!isnan(p) && !isnan(q) && a->mode == COURSE_PATH)
    course = say(m, "%{course}; %{done} van de weg is afgelegd, %{needed} was nodig", "course", course, "done", share_of_way(m, p), "needed",
                 share_of_way(m, q), NULL);
  else course = course_by(m, a, course);
  if (a->shared || a->current) add(out, say(m, "Oordeel: %{course}.", "course", course, NULL));
  else add(out, say(m, "Oordeel volgens %{edition}: %{course}.", "edition", a->edition, "course", course, NULL));
}

/* Said once: the targets of a panel have the same figures to be judged by. A figure of which nothing followed was not judged. */
static void add_after_end(Buf *out, const Model *m, const Panel *p) {
  for (size_t i = 0; i < p->aim_count; i++) {
    const Val *used = val_get(p->aims[i].course, S("used"));
    bool determined = !str_eq(text_at(p->aims[i].course, "course"), S("undetermined"));
    if (!determined || !flag_at(p->aims[i].course, "after_end") || used->kind != VAL_MAP) continue;
    add(out, say(m, "De streefdatum is voorbij: beoordeeld is de waarde van %{period}; latere cijfers tonen wat er sindsdien gebeurde.",
                 "period", text_at(used, "period"), NULL));
    return;
  }
}

static void add_breaks(Buf *out, const Model *m, const Panel *p) {
  const Figure *before = NULL;
  for (size_t i = 0; i < p->count; i++) {
    const Figure *f = &p->figures[i];
    if (!f->leading) continue;
    if (before && before->definition != f->definition)
      add(out, say(m, "Op %{day} veranderde de definitie: cijfers van ervoor en erna zijn niet te vergelijken en de lijn is daar onderbroken.",
                   "day", say_day(m, model_break(m, before, f)), NULL));
    before = f;
  }
}

static void add_gaps(Buf *out, const Model *m, const Panel *p) {
  Buf list;
  buf_init(&list, 0);
  for (size_t i = 0; i < p->count; i++) {
    const Figure *f = &p->figures[i];
    if (!f->leading || (figure_drawn(f) && f->state == FIGURE_VALUE)) continue;
    if (list.len) buf_cstr(&list, "; ");
    buf_str(&list, f->period);
    buf_char(&list, ' ');
    buf_str(&list, say_figure(m, f));
  }
  if (buf_err(&list) != ERR_OK) m->arena->failed = true;
  if (list.len) add(out, say(m, "Zonder exact cijfer: %{list}.", "list", buf_view(&list), NULL));
  buf_clear(&list);
}

static void add_band(Buf *out, const Model *m) {
  add(out, say(m, "De band om de trend loopt van 5% tot 95% van de afstanden van de metingen tot de lijn; hij hoeft niet even ver boven als onder "
                  "de lijn te liggen.", NULL));
}

static void add_trend(Buf *out, const Model *m, const Panel *p) {
  if (!p->trend) return;
  double slope = number_at(p->trend, "slope");
  Str each = say_points(m, slope, m->percent ? 2 : 1), points = say_points(m, number_at(p->trend, "points"), 0);
  if (m->percent) add(out, say(m, "Trend over %{n} metingen: %{slope} procentpunt per jaar. Dat is geen voorspelling.", "n", points, "slope", each, NULL));
  else add(out, say(m, "Trend over %{n} metingen: %{slope} per jaar. Dat is geen voorspelling.", "n", points, "slope", each, NULL));
  add_band(out, m);
}

static void add_scale(Buf *out, const Model *m) {
  if (m->y.min > 0) add(out, say(m, "De schaal begint bij %{value}, niet bij nul.", "value", say_number(m, m->y.min), NULL));
}

static void add_courses(Buf *out, const Model *m, const Panel *p) {
  for (size_t i = 0; i < p->aim_count; i++)
    if (!p->aims[i].hidden) add_course(out, m, &p->aims[i]);
}

Str describe_course_chart(const Model *m) {
  Buf out;
  buf_init(&out, 0);
  for (size_t i = 0; i < m->panel_count && i < 1; i++) {
    const Panel *p = &m->panels[i];
    add_level(&out, m, p);
    add_baseline(&out, m, p);
    add_aims(&out, m, p);
    add_courses(&out, m, p);
    add_after_end(&out, m, p);
    add_breaks(&out, m, p);
    add_gaps(&out, m, p);
    add_trend(&out, m, p);
  }
  add_scale(&out, m);
  add(&out, say_as_of(m));
  return taken(m, &out);
}

Str describe_regions_chart(const Model *m) {
  Buf out;
  buf_init(&out, 0);
  add(&out, say(m, "Elk gebied in een eigen vak, alle met dezelfde schaal.", NULL));
  for (size_t i = 0; i < m->panel_count; i++) {
    const Panel *p = &m->panels[i];
    add_level(&out, m, p);
    for (size_t a = 0; a < p->aim_count; a++)
      if (p->aims[a].current) add_course(&out, m, &p->aims[a]);
  }
  if (m->panel_count && m->panels[0].aim_count) add_aims(&out, m, &m->panels[0]);
  for (size_t i = 0; i < m->panel_count; i++)
    if (m->panels[i].trend) {
      add_band(&out, m);
      break;
    }
  if (m->region_count > m->panel_count)
    add(&out, say(m, "Getekend zijn de eerste %{n} gebieden; alle staan in de tabel bij de indicator.", "n",
                  say_points(m, (double)m->panel_count, 0), NULL));
  add_scale(&out, m);
  add(&out, say_as_of(m));
  return taken(m, &out);
}

Str describe_missing(const Model *m) {
  Buf out;
  Str needed = text_at(m->indicator, "needed"), supplier = text_at(m->indicator, "supplier");
  buf_init(&out, 0);
  add(&out, say(m, "Er is nog geen cijfer om te tekenen.", NULL));
  add(&out, say_as_of(m));
  if (m->panel_count) add_aims(&out, m, &m->panels[0]);
  if (m->panel_count) add_gaps(&out, m, &m->panels[0]);
  if (needed.len) add(&out, say(m, "Nodig: %{needed}", "needed", needed, NULL));
  if (supplier.len) add(&out, say(m, "Te leveren door %{supplier}.", "supplier", supplier, NULL));
  else add(&out, say(m, "Niemand heeft toegezegd dit cijfer te leveren.", NULL));
  return taken(m, &out);
}
