/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "action/actions.h"
#include "action/white.h"
#include "pact/pact.h"
#include "web/pages/pages.h"

#define PAGES_AROUND 3   /* pages linked on either side of the one shown */

/* --- trees --- */

Str val_text(const Val *map, const char *key) {
  const Val *v = map ? val_get(map, str_from(key)) : &VAL_NOTHING;
  return v->kind == VAL_STR ? v->as.text : STR_NONE;
}

int64_t val_number(const Val *map, const char *key) {
  const Val *v = map ? val_get(map, str_from(key)) : &VAL_NOTHING;
  return v->kind == VAL_INT ? v->as.integer : v->kind == VAL_DOUBLE ? (int64_t)v->as.number : 0;
}

bool val_flag(const Val *map, const char *key) { return map && val_truth(val_get(map, str_from(key))); }

Val *val_child(const Val *map, const char *key) {
  Str name = str_from(key);
  if (!map || map->kind != VAL_MAP) return NULL;
  for (size_t i = 0; i < map->as.map.count; i++) {
    Val *value = map->as.map.items[i].value;
    if (str_eq(map->as.map.items[i].key, name)) return value->kind == VAL_MAP || value->kind == VAL_LIST ? value : NULL;
  }
  return NULL;
}

size_t val_count(const Val *list) { return list && list->kind == VAL_LIST ? list->as.list.count : 0; }

Val *val_item(const Val *list, size_t index) { return index < val_count(list) ? list->as.list.items[index] : NULL; }

/* --- the frame of a page --- */

static void set_pact(Arena *arena, Val *root, Val *pact) {
  Str loaded = val_text(val_child(pact, "package"), "loaded_at");
  val_set_str(arena, pact, "data_date", str_slice(loaded, 0, 10));
  val_set(arena, root, "pact", pact);
}

Err page_begin(Request *req, const char *section, bool itself, Val **root) {
  Val *pact;
  Arena *arena = req_arena(req);
  *root = val_map(arena);
  TRY(pact_title(req_store(req), arena, &pact, req_info(req)));
  set_pact(arena, *root, pact);
  val_set_str(arena, *root, "section", str_from(section));
  val_set_str(arena, *root, "current", itself ? S("page") : S("true"));
  return ERR_OK;
}

Err page_whole_pact(Request *req, Val *root) {
  Val *pact;
  TRY(pact_overview(req_store(req), req_arena(req), &pact, req_info(req)));
  set_pact(req_arena(req), root, pact);
  return ERR_OK;
}

void page_count_goals(Request *req, Val *goals, Val *root) {
  if (req_index(req)) action_count_goals(req_index(req), goals, req_arena(req));
  else val_set_bool(req_arena(req), root, "counting", true);
}

void page_crumb(Request *req, Val *root, const char *path, Str label) {
  Arena *arena = req_arena(req);
  Val *crumbs = val_child(root, "crumbs");
  if (!crumbs) crumbs = val_set_list(arena, root, "crumbs");
  Val *crumb = val_push_map(arena, crumbs);
  val_set_str(arena, crumb, "label", label);
  if (path) val_set_str(arena, crumb, "href", page_href(req, path, STR_NONE));
}

Str page_href(Request *req, const char *path, Str query) {
  return arena_printf(req_arena(req), STR_FMT "%s%s" STR_FMT, STR_ARG(req_prefix(req)), path, query.len ? "?" : "",
                      STR_ARG(query));
}

void page_hrefs(Request *req, Val *tree, const char *path) {
  if (!tree) return;
  for (size_t i = 0; tree->kind == VAL_LIST && i < tree->as.list.count; i++) page_hrefs(req, tree->as.list.items[i], path);
  if (tree->kind != VAL_MAP) return;
  for (size_t i = 0; i < tree->as.map.count; i++) page_hrefs(req, tree->as.map.items[i].value, path);
  const Val *query = val_get(tree, S("query"));
  if (query->kind == VAL_STR) val_set_str(req_arena(req), tree, "href", page_href(req, path, query->as.text));
}

void page_downloads(Request *req, Val *root, const char *key, const char *path, const char *const *formats) {
  Arena *arena = req_arena(req);
  Val *list = val_set_list(arena, root, key);
  for (; *formats; formats++) {
    Val *item = val_push_map(arena, list);
    char *label = arena_zstr(arena, str_from(*formats));
    for (char *c = label; c && *c; c++)
      if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    val_set_str(arena, item, "label", str_from(label));
    val_set_str(arena, item, "href", req_link_to(req, arena_printf(arena, "%s.%s", path, *formats)));
  }
}

void page_pager(Request *req, Val *root, int64_t pages, int64_t page) {
  Arena *arena = req_arena(req);
  if (pages < 2) return;
  Val *pager = val_set_list(arena, root, "pager");
  int64_t before = 0;
  for (int64_t n = 1; n <= pages; n++) {
    if (n != 1 && n != pages && (n < page - PAGES_AROUND || n > page + PAGES_AROUND)) continue;
    Val *item = val_push_map(arena, pager);
    val_set_int(arena, item, "number", n);
    val_set_bool(arena, item, "current", n == page);
    val_set_bool(arena, item, "gap", n > before + 1);
    val_set_str(arena, item, "href", req_link_set(req, "page", arena_printf(arena, "%lld", (long long)n)));
    before = n;
  }
}

/* --- words for codes --- */

static const struct { const char *list, *code, *text; } labels[] = {
#define LABEL(list, code, text) {list, code, text},
#include "web/pages/labels.def"
#undef LABEL
};

size_t label_count(void) { return sizeof labels / sizeof labels[0]; }
const char *label_at(size_t index) { return labels[index].text; }

Str label_of(const char *list, Str code) {
  for (size_t i = 0; i < label_count(); i++)
    if (!strcmp(labels[i].list, list) && str_eq(str_from(labels[i].code), code)) return str_from(labels[i].text);
  return code;
}

void label_each(Arena *arena, const Val *list, const char *names, const char *code_key, const char *key) {
  for (size_t i = 0; i < val_count(list); i++) {
    Val *item = val_item(list, i);
    val_set_str(arena, item, key, label_of(names, val_text(item, code_key)));
  }
}

void page_once_each(Request *req, Val *owner) {
  const Val *all = val_child(owner, "assumptions");
  Val *kept = val_list(req_arena(req));
  for (size_t i = 0; i < val_count(all); i++) {
    bool seen = false;
    for (size_t k = 0; k < val_count(kept); k++)
      seen = seen || str_eq(val_text(val_item(kept, k), "statement"), val_text(val_item(all, i), "statement"));
    if (!seen) val_push(req_arena(req), kept, val_item(all, i));
  }
  val_set(req_arena(req), owner, "assumptions", kept);
}

/* --- actions --- */

Err page_actions_of(Request *req, Val *root, ActionDim dim, Str value, int limit) {
  ActionQuery query;
  ActionResult found;
  Val *rows;
  Arena *arena = req_arena(req);
  action_query_init(&query);
  query.page_size = limit;
  TRY(action_query_add(&query, dim, value, req_info(req)));
  TRY(action_search(req_index(req), &query, arena, &found, req_info(req)));
  TRY(action_rows(req_store(req), req_index(req), found.ids, found.count, arena, &rows, req_info(req)));
  val_set(arena, root, "actions", rows);
  val_set_int(arena, root, "action_total", (int64_t)found.total);
  return ERR_OK;
}
