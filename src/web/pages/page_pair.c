/* SPDX-License-Identifier: EUPL-1.2 */
/* Two actions beside each other: what both say, what differs, what was decided about them. */
#include "action/actions.h"
#include "web/pages/coherent.h"

typedef enum FactKind { FACT_TEXT, FACT_WORD, FACT_DATE, FACT_NUMBER, FACT_MONEY, FACT_LABEL, FACT_LABELS } FactKind;

/* The facts in the order of the page of an action. FACT_WORD and the labels of choices are words of the program. */
static const struct { const char *key, *label; FactKind kind; bool own; } SHOWN[] = {
    {"description", "Omschrijving", FACT_TEXT, false},        {"line", "Actielijn", FACT_LABEL, false},
    {"goals", "Doelen", FACT_LABELS, false},                  {"regions", "Bereik", FACT_LABELS, false},
    {"kind", "Soort", FACT_LABEL, true},                      {"form", "Vorm", FACT_LABEL, true},
    {"level", "Landelijk of regionaal", FACT_LABEL, true},    {"owner", "Trekker", FACT_LABEL, false},
    {"partners", "Partners", FACT_LABELS, false},             {"education", "Onderwijssector", FACT_LABELS, false},
    {"technical", "Technische sector", FACT_LABELS, false},   {"audience", "Doelgroep", FACT_LABELS, false},
    {"period_start", "Eerste dag", FACT_DATE, false},         {"period_end", "Laatste dag", FACT_DATE, false},
    {"recurrence", "Herhaling", FACT_WORD, true},             {"status", "Uitvoering", FACT_LABEL, true},
    {"cost_cents", "Kosten", FACT_MONEY, false},              {"participants", "Deelnemers", FACT_NUMBER, false},
    {"quality", "Kwaliteit", FACT_TEXT, false},               {"yield", "Opbrengst", FACT_TEXT, false},
    {"confirmed_on", "Bevestigd op", FACT_DATE, false}};

/* One value of a fact; `identity` is what it is compared on. */
static void add_value(Arena *arena, Val *values, Str identity, Str text, Str code, FactKind kind, bool dutch) {
  if (!text.len) return;
  Val *item = val_push_map(arena, values);
  val_set_str(arena, item, "identity", identity);
  val_set_str(arena, item, kind == FACT_DATE ? "date" : kind == FACT_MONEY ? "money" : kind == FACT_NUMBER ? "number" : "text", text);
  if (code.len) val_set_str(arena, item, "code", code);
  val_set_bool(arena, item, "dutch", dutch && kind != FACT_DATE && kind != FACT_MONEY && kind != FACT_NUMBER);
}

static void add_reference(Arena *arena, Val *values, const Val *reference, bool goal, bool dutch) {
  Str code = val_text(reference, "code");
  add_value(arena, values, code, val_text(reference, "label"), goal ? code : STR_NONE, FACT_LABEL, dutch);
}

static void add_values(Arena *arena, Val *values, const Val *action, size_t fact) {
  const char *key = SHOWN[fact].key;
  const Val *value = val_get(action, str_from(key));
  FactKind kind = SHOWN[fact].kind;
  bool goal = str_eq(str_from(key), S("goals"));
  if (value->kind == VAL_MAP) add_reference(arena, values, value, false, !SHOWN[fact].own);
  for (size_t i = 0; i < val_count(value); i++) add_reference(arena, values, val_item(value, i), goal, true);
  if (value->kind == VAL_STR)
    add_value(arena, values, value->as.text, kind == FACT_WORD ? label_of(key, value->as.text) : value->as.text, STR_NONE, kind, !SHOWN[fact].own);
  if (value->kind != VAL_INT) return;
  Val *item = val_push_map(arena, values);
  val_set_str(arena, item, "identity", arena_printf(arena, "%lld", (long long)value->as.integer));
  val_set_int(arena, item, kind == FACT_MONEY ? "money" : "number", value->as.integer);
}

/* Marks what stands on both sides; returns how many do. */
static size_t mark_shared(Arena *arena, const Val *one, const Val *other) {
  size_t shared = 0;
  for (size_t i = 0; i < val_count(one); i++)
    for (size_t j = 0; j < val_count(other); j++) {
      if (!str_eq(val_text(val_item(one, i), "identity"), val_text(val_item(other, j), "identity"))) continue;
      val_set_bool(arena, val_item(one, i), "both", true);
      val_set_bool(arena, val_item(other, j), "both", true);
      shared++;
    }
  return shared;
}

static const char *verdict(size_t shared, size_t one, size_t other) {
  if (!one || !other) return "one";
  if (!shared) return "differs";
  return shared == one && shared == other ? "same" : "partly";
}

static void add_facts(Request *req, Val *root, const Val *action, const Val *other) {
  Arena *arena = req_arena(req);
  Val *facts = val_set_list(arena, root, "facts"), *neither = val_set_list(arena, root, "neither");
  for (size_t f = 0; f < sizeof SHOWN / sizeof *SHOWN; f++) {
    Val *fact = val_map(arena);
    Val *here = val_set_list(arena, fact, "here"), *there = val_set_list(arena, fact, "there");
    add_values(arena, here, action, f);
    add_values(arena, there, other, f);
    size_t shared = mark_shared(arena, here, there);
    bool told = val_count(here) || val_count(there);
    Str found = str_from(verdict(shared, val_count(here), val_count(there)));
    val_set_str(arena, fact, "label", str_from(SHOWN[f].label));
    val_set_bool(arena, fact, "mark", str_eq(found, S("partly")));
    val_set_str(arena, fact, "verdict", found);
    val_set_str(arena, fact, "verdict_label", label_of("verdict", found));
    val_push(arena, told ? facts : neither, fact);
  }
}

/* The same action twice is that action; the other order is the same pair. */
static Err elsewhere(Request *req, Response *res, Str one, Str other) {
  Arena *arena = req_arena(req);
  if (str_eq(one, other))
    return res_redirect(req, res, 302, page_href(req, arena_printf(arena, "/acties/" STR_FMT, STR_ARG(one)).ptr, STR_NONE));
  return res_redirect(req, res, 301, coherent_href(req, other, one));
}

static Err find_both(Request *req, Str one, Str other) {
  uint32_t id;
  const Str codes[] = {one, other};
  for (int i = 0; i < 2; i++)
    if (!action_index_find(req_index(req), codes[i], &id))
      return err_set(req_info(req), ERR_NOT_FOUND, "there is no action \"" STR_FMT "\"", STR_ARG(str_slice(codes[i], 0, 80)));
  return ERR_OK;
}

Err page_pair(Request *req, Response *res) {
  Val *root, *pair, *sides[2];
  Arena *arena = req_arena(req);
  const Str codes[2] = {req_str(req, "action"), req_str(req, "other")};
  TRY(find_both(req, codes[0], codes[1]));
  if (str_cmp(codes[0], codes[1]) >= 0) return elsewhere(req, res, codes[0], codes[1]);
  TRY(page_begin(req, "coherence", false, &root));
  TRY(coherence_pair_val(req_store(req), req_index(req), codes[0], codes[1], arena, &pair, req_info(req)));
  for (int i = 0; i < 2; i++) TRY(action_detail(req_store(req), req_index(req), codes[i], arena, &sides[i], req_info(req)));
  coherent_dress(req, pair);
  val_set(arena, root, "pair", pair);
  add_facts(req, root, sides[0], sides[1]);
  page_crumb(req, root, "/samenhang", view_tr(req_lang(req), "Samenhang"));
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Twee acties naast elkaar"));
  return res_page(req, res, "pair.html", root);
}
