/* SPDX-License-Identifier: EUPL-1.2 */
/* One action with everything known about it, and what is not. */
#include "action/actions.h"
#include "web/pages/coherent.h"

#define METER_FULL 1000
#define NEAR_SHOWN 5

typedef struct Sheet { Request *req; const Val *action; Val *facts; } Sheet;

/* A row for a fact; its values are added to what this gives. */
static Val *fact(Sheet *s, const char *field, Str label) {
  Arena *arena = req_arena(s->req);
  Val *row = val_push_map(arena, s->facts);
  const Val *assumptions = val_child(s->action, "assumptions");
  val_set_str(arena, row, "label", label);
  for (size_t i = 0; i < val_count(assumptions); i++)
    if (str_eq(val_text(val_item(assumptions, i), "field"), str_from(field))) val_set_bool(arena, row, "assumed", true);
  return val_set_list(arena, row, "values");
}

/* One value; an empty text is none. `dutch`: in the words of the pact; else a key for translation. */
static Val *value(Sheet *s, Val *values, Str text, bool dutch) {
  Arena *arena = req_arena(s->req);
  if (!text.len) return NULL;
  Val *item = val_push_map(arena, values);
  val_set_str(arena, item, "text", text);
  val_set_bool(arena, item, "dutch", dutch);
  return item;
}

/* The references under `key`, each with its page under `path` (NULL: none). */
static void references(Sheet *s, const char *field, Str label, const char *key, const char *path) {
  Arena *arena = req_arena(s->req);
  Val *values = fact(s, field, label), *list = val_child(s->action, key);
  size_t count = list && list->kind == VAL_MAP ? 1 : val_count(list);
  for (size_t i = 0; i < count; i++) {
    const Val *ref = list->kind == VAL_MAP ? list : val_item(list, i);
    Val *item = value(s, values, val_text(ref, "label"), true);
    if (item && path)
      val_set_str(arena, item, "href", page_href(s->req, arena_printf(arena, "%s" STR_FMT, path, STR_ARG(val_text(ref, "code"))).ptr, STR_NONE));
  }
}

static void written(Sheet *s, const char *field, Str label) { value(s, fact(s, field, label), val_text(s->action, field), true); }

/* What a view_ function writes, as text in the arena. */
static Str taken(Sheet *s, Buf *text) {
  Str out = buf_err(text) == ERR_OK ? arena_str(req_arena(s->req), buf_view(text)) : STR_NONE;
  buf_clear(text);
  return out;
}

static void period(Sheet *s) {
  Str from = val_text(s->action, "period_start"), to = val_text(s->action, "period_end");
  const ViewLang *lang = req_lang(s->req);
  Val *values = fact(s, "period_start", S("Periode"));
  Buf text;
  if (!from.len && !to.len) return;
  buf_init(&text, 0);
  if (from.len) view_date(&text, lang, from);
  buf_cstr(&text, " – ");
  if (to.len) view_date(&text, lang, to);
  value(s, values, taken(s, &text), false);
}

static void number(Sheet *s, const char *field, Str label, bool money) {
  const Val *v = val_get(s->action, str_from(field));
  Val *values = fact(s, field, label);
  Buf text;
  if (v->kind != VAL_INT) return;
  buf_init(&text, 0);
  if (money) view_money(&text, req_lang(s->req), v->as.integer);
  else view_integer(&text, req_lang(s->req), v->as.integer);
  value(s, values, taken(s, &text), false);
}

static void add_facts(Sheet *s) {
  const Val *status = val_child(s->action, "status");
  references(s, "region", S("Bereik"), "regions", "/regios/");
  references(s, "owner", S("Trekker"), "owner", "/organisaties/");
  references(s, "partner", S("Partners"), "partners", "/organisaties/");
  references(s, "education_sector", S("Onderwijssector"), "education", "/acties?education=");
  references(s, "technical_sector", S("Technische sector"), "technical", "/acties?technical=");
  references(s, "audience", S("Doelgroep"), "audience", "/acties?audience=");
  period(s);
  value(s, fact(s, "recurrence", S("Herhaling")), label_of("recurrence", val_text(s->action, "recurrence")), false);
  value(s, fact(s, "status", S("Uitvoering")), val_text(status, "label"), false);
  number(s, "cost_cents", S("Kosten"), true);
  number(s, "participants", S("Deelnemers"), false);
  written(s, "quality", S("Kwaliteit"));
  written(s, "yield", S("Opbrengst"));
  written(s, "evidence", S("Onderbouwing"));
}

/* Says of each fact above the title whether it was assumed. */
static void mark_assumed(Arena *arena, const Val *action) {
  const Val *assumptions = val_child(action, "assumptions");
  for (size_t i = 0; i < val_count(assumptions); i++) {
    const char *field = arena_zstr(arena, val_text(val_item(assumptions, i), "field"));
    Val *fact_of = field ? val_child(action, field) : NULL;
    if (fact_of && fact_of->kind == VAL_MAP) val_set_bool(arena, fact_of, "assumed", true);
  }
}

/* The actions most like this one; while they are being compared the page says so and is not kept. */
static Err add_near(Request *req, Response *res, Val *root, Str code) {
  Val *near;
  if (!coherence_ready(req_index(req))) {
    val_set_bool(req_arena(req), root, "searching", true);
    res_no_cache(res);
    return ERR_OK;
  }
  TRY(coherence_near_val(req_store(req), req_index(req), code, NEAR_SHOWN, req_arena(req), &near, req_info(req)));
  for (size_t i = 0; i < val_count(near); i++) {
    Val *pair = val_item(near, i), *action = val_child(pair, "action");
    coherent_dress(req, pair);
    val_set(req_arena(req), pair, "neighbour", str_eq(val_text(action, "code"), code) ? val_child(pair, "other") : action);
  }
  val_set(req_arena(req), root, "near", near);
  return ERR_OK;
}

Err page_action(Request *req, Response *res) {
  Val *root, *action;
  Arena *arena = req_arena(req);
  TRY(action_detail(req_store(req), req_index(req), req_str(req, "action"), arena, &action, req_info(req)));
  TRY(page_begin(req, "actions", false, &root));
  val_set(arena, root, "action", action);
  mark_assumed(arena, action);
  Val *goals = val_child(action, "goals");
  label_each(arena, goals, "strength", "strength", "strength_label");
  label_each(arena, goals, "confidence", "confidence", "confidence_label");
  Sheet sheet = {req, action, val_set_list(arena, root, "facts")};
  add_facts(&sheet);
  page_once_each(req, action);
  TRY(add_near(req, res, root, val_text(action, "code")));
  int64_t known = ACTION_FACT_COUNT - (int64_t)val_count(val_child(action, "missing"));
  val_set_int(arena, root, "known", known);
  val_set_int(arena, root, "fact_count", ACTION_FACT_COUNT);
  val_set_int(arena, root, "known_width", known * METER_FULL / ACTION_FACT_COUNT);
  page_crumb(req, root, "/acties", view_tr(req_lang(req), "Acties"));
  page_crumb(req, root, NULL, val_text(action, "title"));
  return res_page(req, res, "action.html", root);
}
