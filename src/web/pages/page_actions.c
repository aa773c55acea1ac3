/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of actions with its filters. */
#include "action/actions.h"
#include "web/action_params.h"
#include "web/pages/pages.h"

#define FACET_SHOWN 8      /* values shown before "more" is asked */
#define FACET_ALL 300      /* and after; a list of thousands of links helps nobody, the search box does */
#define FACETS_OPEN 2      /* the first ones, on a page without filters */

static const char *const ACTION_FORMATS[] = {"csv", "xlsx", "ods", "json", NULL};

/* Dimensions whose values are words of the program, not of the pact. */
static bool own_words(Str param) {
  return str_eq(param, S("kind")) || str_eq(param, S("form")) || str_eq(param, S("level")) || str_eq(param, S("status")) ||
         str_eq(param, S("missing"));
}

static void dress_facet(Request *req, Val *facet, bool open) {
  Arena *arena = req_arena(req);
  Val *values = val_child(facet, "values");
  Str param = val_text(facet, "param");
  bool all = str_eq(req_str(req, "more"), param);
  for (size_t i = 0; i < val_count(values); i++) {
    Val *value = val_item(values, i);
    bool none = str_eq(val_text(value, "code"), S("none"));
    val_set_bool(arena, value, "dutch", !none && !own_words(param));
    Str code = val_text(value, "code");  /* the number of a goal is how people call it */
    if (str_eq(param, S("goal")) && !none && !str_ends(code, S("-direct")))
      val_set_str(arena, value, "label", arena_printf(arena, STR_FMT " " STR_FMT, STR_ARG(code), STR_ARG(val_text(value, "label"))));
  }
  val_set_bool(arena, facet, "open", open || all || val_number(facet, "selected") > 0);
  if (val_count(values) <= (all ? FACET_ALL : FACET_SHOWN + 2)) return;
  facet_cut(req_arena(req), facet, all ? FACET_ALL : FACET_SHOWN);
  if (!all) val_set_str(arena, facet, "more_href", req_link_set(req, "more", param));
}

/* Whether page numbers were left out between this one and the one before it. */
static void dress_pager(Request *req, Val *root, Val *search) {
  Arena *arena = req_arena(req);
  Val *pager = val_child(search, "pager"), *pages = val_child(pager, "pages");
  Str previous = val_text(pager, "previous"), next = val_text(pager, "next");
  if (val_count(pages) < 2) val_set_null(arena, pager, "pages");
  if (previous.ptr) val_set_str(arena, root, "previous_href", page_href(req, "/acties", previous));
  if (next.ptr) val_set_str(arena, root, "next_href", page_href(req, "/acties", next));
}

Err page_actions(Request *req, Response *res) {
  Val *root, *search;
  ActionQuery query;
  Arena *arena = req_arena(req);
  TRY(action_params(req, &query));
  TRY(page_begin(req, "actions", true, &root));
  TRY(action_search_val(req_store(req), req_index(req), &query, arena, &search, req_info(req)));
  page_hrefs(req, search, "/acties");
  Val *facets = val_child(search, "facets");
  bool filtered = val_count(val_child(search, "chosen")) > 0;
  for (size_t i = 0; i < val_count(facets); i++) dress_facet(req, val_item(facets, i), !filtered && i < FACETS_OPEN);
  dress_pager(req, root, search);
  val_set(arena, root, "search", search);
  val_set_bool(arena, root, "narrowed", val_number(search, "total") != val_number(search, "all"));
  val_set_str(arena, root, "first_page_href", req_link_set(req, "page", STR_NONE));
  val_set_str(arena, root, "without_q", req_link_set(req, "q", STR_NONE));
  val_set_str(arena, root, "sort", req_str(req, "sort"));
  val_set_str(arena, root, "order", req_str(req, "order"));
  val_set_str(arena, root, "year", req_str(req, "year"));
  page_downloads(req, root, "downloads", "/acties", ACTION_FORMATS);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Acties"));
  return res_page(req, res, "actions.html", root);
}
