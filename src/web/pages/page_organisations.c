/* SPDX-License-Identifier: EUPL-1.2 */
/* The organisations of the pact. */
#include "base/text.h"
#include "pact/organisation.h"
#include "pact/pact.h"
#include "web/pages/pages.h"

#define PAGE_SIZE 200
#define ACTIONS_SHOWN 10

static const char *const SIDES[] = {"business", "education", "government", "other"};

/* Whether a name holds the words asked for, whatever capitals and diacritics. */
static bool has_words(Arena *arena, const Val *organisation, Str folded) {
  static const char *const keys[] = {"name", "short_name", "code"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (str_find(text_folded(arena, val_text(organisation, keys[i])), folded) != STR_NPOS) return true;
  return false;
}

/* The types with the number of organisations, for the choice. */
static Err add_types(Request *req, Val *root, const Val *all) {
  Arena *arena = req_arena(req);
  Val *types;
  TRY(pact_code_list(req_store(req), S("organisation_type"), arena, &types, req_info(req)));
  for (size_t t = 0; t < val_count(types); t++) {
    Val *type = val_item(types, t);
    int64_t count = 0;
    for (size_t i = 0; i < val_count(all); i++)
      count += str_eq(val_text(val_child(val_item(all, i), "type"), "code"), val_text(type, "code"));
    val_set_int(arena, type, "count", count);
    val_set_bool(arena, type, "selected", str_eq(req_str(req, "type"), val_text(type, "code")));
  }
  val_set(arena, root, "types", types);
  return ERR_OK;
}

/* This page's part of `found`, under the side of the table each sits on. */
static void add_sides(Request *req, Val *root, const Val *found, size_t first) {
  Arena *arena = req_arena(req);
  Val *sides = val_set_list(arena, root, "sides");
  for (size_t s = 0; s < sizeof SIDES / sizeof SIDES[0]; s++) {
    Val *own = val_list(arena);
    for (size_t i = first; i < val_count(found) && i < first + PAGE_SIZE; i++)
      if (str_eq(val_text(val_item(found, i), "side"), str_from(SIDES[s]))) val_push(arena, own, val_item(found, i));
    if (!val_count(own)) continue;
    Val *side = val_push_map(arena, sides);
    val_set_str(arena, side, "code", str_from(SIDES[s]));
    val_set_str(arena, side, "label", label_of("side", str_from(SIDES[s])));
    val_set(arena, side, "organisations", own);
  }
}

Err page_organisations(Request *req, Response *res) {
  Val *root, *all;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "organisations", true, &root));
  TRY(organisation_list(req_store(req), arena, &all, req_info(req)));
  TRY(add_types(req, root, all));
  Val *found = val_list(arena);
  Str type = req_str(req, "type"), words = text_folded(arena, req_str(req, "q"));
  for (size_t i = 0; i < val_count(all); i++) {
    Val *item = val_item(all, i);
    if (type.len && !str_eq(type, val_text(val_child(item, "type"), "code"))) continue;
    if (words.len && !has_words(arena, item, words)) continue;
    val_set_int(arena, item, "actions", val_number(item, "owned") + val_number(item, "partner_in"));
    val_push(arena, found, item);
  }
  int64_t page = req_int(req, "page");
  add_sides(req, root, found, (size_t)(page - 1) * PAGE_SIZE);
  page_pager(req, root, ((int64_t)val_count(found) + PAGE_SIZE - 1) / PAGE_SIZE, page);
  val_set_int(arena, root, "total", (int64_t)val_count(found));
  val_set_bool(arena, root, "filtered", type.len || words.len);
  val_set_str(arena, root, "q", req_str(req, "q"));
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Organisaties"));
  return res_page(req, res, "organisations.html", root);
}

Err page_organisation(Request *req, Response *res) {
  Val *root, *organisation, *partner = val_map(req_arena(req));
  Arena *arena = req_arena(req);
  Str code = req_str(req, "organisation");
  TRY(organisation_detail(req_store(req), code, arena, &organisation, req_info(req)));
  TRY(page_begin(req, "organisations", false, &root));
  label_each(arena, val_child(organisation, "role_list"), "role", "role", "role_label");
  label_each(arena, val_child(organisation, "names"), "name", "kind", "kind_label");
  label_each(arena, val_child(organisation, "successors"), "succession", "kind", "kind_label");
  label_each(arena, val_child(organisation, "predecessors"), "succession", "kind", "kind_label");
  val_set(arena, root, "organisation", organisation);
  if (val_count(val_child(organisation, "owned_actions"))) TRY(page_actions_of(req, root, ACTION_DIM_OWNER, code, ACTIONS_SHOWN));
  if (val_count(val_child(organisation, "partner_actions"))) TRY(page_actions_of(req, partner, ACTION_DIM_PARTNER, code, ACTIONS_SHOWN));
  val_set(arena, root, "partner", partner);
  page_crumb(req, root, "/organisaties", view_tr(req_lang(req), "Organisaties"));
  page_crumb(req, root, NULL, val_text(organisation, "label"));
  return res_page(req, res, "organisation.html", root);
}
