/* SPDX-License-Identifier: EUPL-1.2 */
/* The table beside a chart of an indicator: every figure and target that is drawn, and what has no number. */
#include <math.h>

#include "chart/internal.h"

static void column(const Model *m, Chart *out, const char *text, bool number) {
  Val *c = val_push_map(m->arena, out->columns);
  val_set_str(m->arena, c, "label", view_tr(m->lang, text));
  val_set_bool(m->arena, c, "number", number);
}

static Val *cell(const Model *m, Val *row, Str text) {
  Val *c = val_push_map(m->arena, row);
  val_set_str(m->arena, c, "text", text.ptr ? text : S(""));
  return c;
}

static void text_cell(const Model *m, Val *row, Str text, bool dutch) {
  Val *c = cell(m, row, text);
  val_set_str(m->arena, c, "value", text);
  if (dutch) val_set_str(m->arena, c, "lang", S("nl"));
}

static void number_cell(const Model *m, Val *row, double value, bool with_unit) {
  bool none = isnan(value);
  Val *c = cell(m, row, none ? STR_NONE : with_unit ? say_number(m, value) : say_points(m, value, fabs(value - round(value)) < 1e-9 ? 0 : 1));
  if (none) val_set_null(m->arena, c, "value");
  else val_set_double(m->arena, c, "value", value);
}

static const char *quality_word(Str code) {
  static const char *const words[][2] = {
      {"final", N_("definitief")}, {"provisional", N_("voorlopig")}, {"estimate", N_("schatting")}, {"proxy", N_("benadering")}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq(code, str_from(words[i][0]))) return words[i][1];
  return "";
}

static void figure_row(const Model *m, Chart *out, const Panel *p, const Figure *f) {
  Val *row = val_list(m->arena);
  val_push(m->arena, out->rows, row);
  const Val *source = val_get(f->val, S("source"));
  text_cell(m, row, p->name, true);
  text_cell(m, row, view_tr(m->lang, f->leading ? N_("gemeten") : N_("andere bron, niet leidend")), false);
  text_cell(m, row, f->period, false);
  bool exact = f->state == FIGURE_VALUE && !isnan(f->value);
  Val *value = cell(m, row, exact ? say_number(m, f->value) : say_figure(m, f));
  if (exact) val_set_double(m->arena, value, "value", f->value);
  else val_set_null(m->arena, value, "value");
  number_cell(m, row, f->low, true);
  number_cell(m, row, f->high, true);
  number_cell(m, row, number_at(f->val, "numerator"), false);
  number_cell(m, row, number_at(f->val, "denominator"), false);
  Str state = view_tr(m->lang, state_word(f->state));
  if (!f->complete) state = say(m, "%{value}, onvolledig", "value", state, NULL);
  text_cell(m, row, state, false);
  const char *quality = quality_word(text_at(f->val, "quality"));
  text_cell(m, row, *quality ? view_tr(m->lang, quality) : S(""), false);
  text_cell(m, row, say_points(m, f->definition, 0), false);
  text_cell(m, row, text_at(source, "label"), true);
}

/* A target stands among the figures with its day; what a figure has and a target has not stays empty. */
static void aim_row(const Model *m, Chart *out, const Panel *p, const Aim *a) {
  Val *row = val_list(m->arena);
  char day[DAY_TEXT];
  val_push(m->arena, out->rows, row);
  day_format_iso(a->due, day);
  text_cell(m, row, p->name, true);
  text_cell(m, row, say(m, "streefwaarde (%{edition})", "edition", a->edition, NULL), false);
  text_cell(m, row, arena_cstr(m->arena, day), false);
  Val *value = cell(m, row, say_aim(m, a));
  if (isnan(a->target)) val_set_null(m->arena, value, "value");
  else val_set_double(m->arena, value, "value", a->target);
  for (int i = 0; i < 4; i++) number_cell(m, row, NAN, false);
  text_cell(m, row, isnan(a->target) ? view_tr(m->lang, "niet uit te rekenen zonder nulmeting") : STR_NONE, false);
  for (int i = 0; i < 3; i++) text_cell(m, row, STR_NONE, false);
}

void table_of(const Model *m, Chart *out) {
  static const struct { const char *text; bool number; } heads[] = {
      {N_("Gebied"), false}, {N_("Soort"), false}, {N_("Periode"), false}, {N_("Waarde"), true}, {N_("Ondergrens"), true},
      {N_("Bovengrens"), true}, {N_("Teller"), true}, {N_("Noemer"), true}, {N_("Toestand"), false}, {N_("Kwaliteit"), false},
      {N_("Definitie"), false}, {N_("Bron"), false}};
  out->columns = val_list(m->arena);
  out->rows = val_list(m->arena);
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) column(m, out, heads[i].text, heads[i].number);
  for (size_t i = 0; i < m->panel_count; i++) {
    const Panel *p = &m->panels[i];
    for (size_t f = 0; f < p->count; f++) figure_row(m, out, p, &p->figures[f]);
    for (size_t a = 0; a < p->aim_count; a++) aim_row(m, out, p, &p->aims[a]);
  }
  out->source = sources_of(m);
}

Str sources_of(const Model *m) {
  Buf out;
  buf_init(&out, 0);
  for (size_t i = 0; i < m->panel_count; i++)
    for (size_t f = 0; f < m->panels[i].count; f++) {
      Str label = text_at(val_get(m->panels[i].figures[f].val, S("source")), "label");
      if (!label.len || str_find(buf_view(&out), label) != STR_NPOS) continue;
      if (out.len) buf_cstr(&out, "; ");
      buf_str(&out, label);
    }
  Str text = taken(m, &out);
  return text.len ? text : STR_NONE;
}
