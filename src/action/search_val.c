/* SPDX-License-Identifier: EUPL-1.2 */
/* A search as one value: what a page of actions, the API and the command line show. */
#include "action/actions.h"
#include "action/internal.h"

#define MEMORY(info) err_set(info, ERR_MEMORY, "out of memory while searching")

/* Address text of a query, in the arena. */
static Str url(const ActionQuery *query, bool with_page, Arena *arena) {
  Buf buf;
  buf_init(&buf, 0);
  action_query_url(query, with_page, &buf);
  Str text = buf_err(&buf) ? STR_NONE : arena_str(arena, buf_view(&buf));
  buf_clear(&buf);
  return text;
}

/* The address with one value of one dimension switched. Back to the first page: the list is another. The query is changed
 * and put back: copying it for every value of every filter would cost more than the search. */
static Str switched(ActionQuery *query, ActionDim dim, Str code, bool on, Arena *arena) {
  ErrInfo info = ERRINFO_INIT;
  if (on && action_query_add(query, dim, code, &info)) return STR_NONE;
  if (!on) action_query_remove(query, dim, code);
  Str text = url(query, false, arena);
  if (on) query->filters[dim].count--;
  else if (action_query_add(query, dim, code, &info)) return STR_NONE;
  return text;
}

/* A list of thousands of organisations is no filter: beyond VALUES_SHOWN only the ones with most actions are offered. */
enum { VALUES_SHOWN = 100, LONG_LIST = 30 };

static size_t least_shown(const ActionFacet *facet, Arena *arena) {
  if (facet->count <= VALUES_SHOWN) return 0;
  size_t *most = ARENA_ARRAY(arena, size_t, LONG_LIST), filled = 0;
  for (size_t i = 0; most && i < facet->count; i++) {
    size_t at = filled < LONG_LIST ? filled++ : LONG_LIST;
    if (at == LONG_LIST && most[LONG_LIST - 1] >= facet->values[i].count) continue;
    if (at == LONG_LIST) at--;
    while (at > 0 && most[at - 1] < facet->values[i].count) {
      most[at] = most[at - 1];
      at--;
    }
    most[at] = facet->values[i].count;
  }
  return most && filled ? most[filled - 1] : 0;
}

static Val *facet_val(ActionQuery *query, const ActionFacet *facet, Arena *arena) {
  Val *map = val_map(arena);
  val_set_str(arena, map, "param", action_dim_param(facet->dim));
  val_set_str(arena, map, "label", action_dim_label(facet->dim));
  val_set_int(arena, map, "selected", (int64_t)query->filters[facet->dim].count);
  Val *values = val_set_list(arena, map, "values");
  size_t least = least_shown(facet, arena), shown = 0;
  for (size_t i = 0; i < facet->count; i++) {
    const ActionFacetValue *value = &facet->values[i];
    bool wanted = value->count > least || least == 0 || (value->count == least && shown < LONG_LIST) ||
                  value->selected || str_eq(value->code, S("none"));
    if (!wanted) continue;
    shown++;
    Val *one = val_push_map(arena, values);
    val_set_str(arena, one, "code", value->code);
    val_set_str(arena, one, "label", value->label);
    val_set_str(arena, one, "parent", value->parent);
    val_set_int(arena, one, "level", value->parent.ptr ? 1 : 0);
    val_set_int(arena, one, "count", (int64_t)value->count);
    val_set_bool(arena, one, "selected", value->selected);
    val_set_str(arena, one, "query", switched(query, facet->dim, value->code, !value->selected, arena));
  }
  val_set_int(arena, map, "more", (int64_t)(facet->count - shown));
  return map;
}

static Val *chosen_val(const ActionIndex *index, const ActionQuery *original, ActionQuery *query, Arena *arena) {
  Val *list = val_list(arena);
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) {
    const View *view = index_view(index, (ActionDim)dim, query->year);
    for (size_t i = 0; i < original->filters[dim].count; i++) {
      Str code = original->filters[dim].values[i];
      size_t at;
      Val *one = val_push_map(arena, list);
      val_set_str(arena, one, "param", action_dim_param((ActionDim)dim));
      val_set_str(arena, one, "label", action_dim_label((ActionDim)dim));
      val_set_str(arena, one, "code", code);
      val_set_str(arena, one, "value_label", map_get_index(&view->by_code, code, &at) ? view->values[at].label : code);
      val_set_str(arena, one, "query", switched(query, (ActionDim)dim, code, false, arena));
    }
  }
  return list;
}

static Val *sorts_val(const ActionQuery *query, Arena *arena) {
  Val *list = val_list(arena);
  for (int sort = 1; sort < ACTION_SORT_COUNT; sort++) {
    if (sort == ACTION_SORT_RELEVANCE && !query->text.len) continue;
    ActionQuery other = *query;
    other.sort = (ActionSort)sort;
    other.direction = 0;
    Val *one = val_push_map(arena, list);
    ActionSort now = query->sort != ACTION_SORT_DEFAULT ? query->sort
                     : query->text.len ? ACTION_SORT_RELEVANCE : ACTION_SORT_CODE;
    val_set_str(arena, one, "param", action_sort_param((ActionSort)sort));
    val_set_str(arena, one, "label", action_sort_label((ActionSort)sort));
    val_set_bool(arena, one, "selected", sort == (int)now);
    val_set_str(arena, one, "query", url(&other, false, arena));
  }
  return list;
}

static Str page_url(const ActionQuery *query, int64_t page, Arena *arena) {
  ActionQuery other = *query;
  other.page = page;
  return url(&other, true, arena);
}

static Val *pager_val(const ActionQuery *query, const ActionResult *result, Arena *arena) {
  enum { AROUND = 4 };
  Val *map = val_map(arena);
  int64_t pages = (int64_t)result->pages, page = query->page;
  val_set_str(arena, map, "previous", page > 1 && pages ? page_url(query, page - 1 < pages ? page - 1 : pages, arena) : STR_NONE);
  val_set_str(arena, map, "next", page < pages ? page_url(query, page + 1, arena) : STR_NONE);
  Val *list = val_set_list(arena, map, "pages");
  for (int64_t n = page > AROUND ? page - AROUND : 1; n <= pages && n <= page + AROUND; n++) {
    Val *one = val_push_map(arena, list);
    val_set_int(arena, one, "number", n);
    val_set_str(arena, one, "query", page_url(query, n, arena));
    val_set_bool(arena, one, "current", n == page);
  }
  return map;
}

static void set_numbers(const ActionQuery *query, const ActionResult *result, Val *map, Arena *arena) {
  int64_t first = (query->page - 1) * query->page_size;
  val_set_int(arena, map, "total", (int64_t)result->total);
  val_set_int(arena, map, "all", (int64_t)result->all);
  val_set_int(arena, map, "page", query->page);
  val_set_int(arena, map, "pages", (int64_t)result->pages);
  val_set_int(arena, map, "page_size", query->page_size);
  val_set_int(arena, map, "first", result->count ? first + 1 : 0);
  val_set_int(arena, map, "last", result->count ? first + (int64_t)result->count : 0);
}

Err action_search_val(Store *store, const ActionIndex *index, const ActionQuery *query, Arena *arena, Val **out,
                      ErrInfo *info) {
  ActionResult result;
  TRY(action_search(index, query, arena, &result, info));
  ActionQuery changing = *query;
  Val *map = val_map(arena), *rows = NULL;
  TRY(action_rows(store, index, result.ids, result.count, arena, &rows, info));
  set_numbers(query, &result, map, arena);
  val_set_str(arena, map, "q", query->text);
  val_set_int(arena, map, "year", index_division(index, query->year)->year);
  ActionSort sort = query->sort != ACTION_SORT_DEFAULT ? query->sort : query->text.len ? ACTION_SORT_RELEVANCE : ACTION_SORT_CODE;
  val_set_str(arena, map, "sort", action_sort_param(sort));
  val_set_bool(arena, map, "descending", query->direction ? query->direction < 0 : action_sort_descending(sort));
  val_set_str(arena, map, "query", url(query, false, arena));
  val_set(arena, map, "actions", rows);
  val_set(arena, map, "sorts", sorts_val(query, arena));
  Val *facets = val_set_list(arena, map, "facets");
  for (int dim = 0; dim < ACTION_DIM_COUNT; dim++) val_push(arena, facets, facet_val(&changing, &result.facets[dim], arena));
  val_set(arena, map, "chosen", chosen_val(index, query, &changing, arena));
  val_set(arena, map, "pager", pager_val(query, &result, arena));
  *out = map;
  return ERR_OK;
}
