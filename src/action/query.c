/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/query.h"

#include <string.h>

#include "base/text.h"

static const struct { const char *param, *label; } dims[] = {
#define DIMENSION(NAME, param, label) {#param, label},
#include "action/dimensions.def"
#undef DIMENSION
};

static const struct { const char *param, *label; bool descending; } sorts[] = {
    {"", "", false},
#define SORT(NAME, param, label, descending) {#param, label, descending},
#include "action/sorts.def"
#undef SORT
};

static const struct { const char *code, *label; } facts[] = {
#define FACT(NAME, code, label) {#code, label},
#include "action/facts.def"
#undef FACT
};

Str action_dim_param(ActionDim dim) { return str_from(dims[dim].param); }
Str action_dim_label(ActionDim dim) { return str_from(dims[dim].label); }
Str action_sort_param(ActionSort sort) { return str_from(sorts[sort].param); }
Str action_sort_label(ActionSort sort) { return str_from(sorts[sort].label); }
bool action_sort_descending(ActionSort sort) { return sorts[sort].descending; }
Str action_fact_code(ActionFact fact) { return str_from(facts[fact].code); }
Str action_fact_label(ActionFact fact) { return str_from(facts[fact].label); }

int action_dim_of(Str param) {
  for (int i = 0; i < ACTION_DIM_COUNT; i++)
    if (str_eq(param, str_from(dims[i].param))) return i;
  return -1;
}

int action_sort_of(Str param) {
  for (int i = 1; i < ACTION_SORT_COUNT; i++)
    if (str_eq(param, str_from(sorts[i].param))) return i;
  return -1;
}

void action_query_init(ActionQuery *query) {
  /* the values are left as they are: they are 14 kB, and the matrix makes a query for each of its cells */
  for (int i = 0; i < ACTION_DIM_COUNT; i++) query->filters[i].count = 0;
  query->text = STR_NONE;
  query->sort = ACTION_SORT_DEFAULT;
  query->direction = query->year = 0;
  query->page = 1;
  query->page_size = ACTION_PAGE_SIZE;
}

static size_t position(const ActionFilter *filter, Str value) {
  for (size_t i = 0; i < filter->count; i++)
    if (str_eq(filter->values[i], value)) return i;
  return STR_NPOS;
}

Err action_query_add(ActionQuery *query, ActionDim dim, Str value, ErrInfo *info) {
  ActionFilter *filter = &query->filters[dim];
  if (position(filter, value) != STR_NPOS) return ERR_OK;
  if (filter->count == ACTION_FILTER_MAX) {
    err_at(info, NULL, NULL, 0, dims[dim].param);
    return err_set(info, ERR_LIMIT, "more than %d values chosen", ACTION_FILTER_MAX);
  }
  filter->values[filter->count++] = value;
  return ERR_OK;
}

void action_query_remove(ActionQuery *query, ActionDim dim, Str value) {
  ActionFilter *filter = &query->filters[dim];
  size_t at = position(filter, value);
  if (at == STR_NPOS) return;
  for (size_t i = at + 1; i < filter->count; i++) filter->values[i - 1] = filter->values[i];
  filter->count--;
}

static Err set_number(int64_t *out, Str value, int64_t low, int64_t high, ErrInfo *info) {
  int64_t number;
  if (!str_to_int(value, &number) || number < low || number > high)
    return err_set(info, ERR_USAGE, "\"" STR_FMT "\" is not a whole number from %lld to %lld",
                   STR_ARG(str_slice(value, 0, 60)), (long long)low, (long long)high);
  *out = number;
  return ERR_OK;
}

static Err set_sort(ActionQuery *query, Str value, ErrInfo *info) {
  int sort = action_sort_of(value);
  if (sort < 0) return err_set(info, ERR_USAGE, "\"" STR_FMT "\" is not an order; one of relevance, code, title, line, "
                               "period, completeness was expected", STR_ARG(str_slice(value, 0, 60)));
  query->sort = (ActionSort)sort;
  return ERR_OK;
}

static Err set_direction(ActionQuery *query, Str value, ErrInfo *info) {
  if (str_eq(value, S("asc"))) query->direction = 1;
  else if (str_eq(value, S("desc"))) query->direction = -1;
  else return err_set(info, ERR_USAGE, "\"" STR_FMT "\" is not a direction; asc or desc was expected",
                      STR_ARG(str_slice(value, 0, 60)));
  return ERR_OK;
}

Err action_query_set(ActionQuery *query, Str name, Str value, ErrInfo *info) {
  char column[64];
  size_t len = name.len < sizeof column - 1 ? name.len : sizeof column - 1;
  if (len) memcpy(column, name.ptr, len);
  column[len] = '\0';
  err_at(info, NULL, NULL, 0, column);
  value = str_trim(value);
  int dim = action_dim_of(name);
  bool known = dim >= 0 || str_eq(name, S("q")) || str_eq(name, S("sort")) || str_eq(name, S("order")) ||
               str_eq(name, S("page")) || str_eq(name, S("size")) || str_eq(name, S("year"));
  if (!known) return err_set(info, ERR_USAGE, "there is no such filter");
  if (value.len == 0) return ERR_OK;
  if (dim >= 0) return action_query_add(query, (ActionDim)dim, value, info);
  if (str_eq(name, S("sort"))) return set_sort(query, value, info);
  if (str_eq(name, S("order"))) return set_direction(query, value, info);
  if (str_eq(name, S("page"))) return set_number(&query->page, value, 1, 1000000000, info);
  if (str_eq(name, S("size"))) return set_number(&query->page_size, value, 1, ACTION_PAGE_SIZE_MAX, info);
  if (str_eq(name, S("year"))) {
    int64_t year = 0;
    TRY(set_number(&year, value, 1800, 2200, info));
    query->year = (int)year;
    return ERR_OK;
  }
  if (value.len > ACTION_TEXT_MAX) return err_set(info, ERR_USAGE, "longer than %d bytes", ACTION_TEXT_MAX);
  query->text = value;
  return ERR_OK;
}

static void put(Buf *out, bool *first, const char *name, Str value) {
  if (!*first) buf_char(out, '&');
  *first = false;
  buf_cstr(out, name);
  buf_char(out, '=');
  text_escape_url(out, value);
}

static void put_int(Buf *out, bool *first, const char *name, int64_t value) {
  if (!*first) buf_char(out, '&');
  *first = false;
  buf_printf(out, "%s=%lld", name, (long long)value);
}

/* Values of one dimension in byte order, so that the order of clicking does not make another address. */
static void put_filter(Buf *out, bool *first, const char *name, const ActionFilter *filter) {
  Str last = STR_NONE;
  for (size_t n = 0; n < filter->count; n++) {
    Str next = STR_NONE;
    for (size_t i = 0; i < filter->count; i++) {
      Str value = filter->values[i];
      if (last.ptr && str_cmp(value, last) <= 0) continue;
      if (!next.ptr || str_cmp(value, next) < 0) next = value;
    }
    if (!next.ptr) return;
    put(out, first, name, next);
    last = next;
  }
}

void action_query_url(const ActionQuery *query, bool with_page, Buf *out) {
  bool first = true;
  if (query->text.len) put(out, &first, "q", query->text);
  for (int i = 0; i < ACTION_DIM_COUNT; i++) put_filter(out, &first, dims[i].param, &query->filters[i]);
  if (query->year) put_int(out, &first, "year", query->year);
  if (query->sort != ACTION_SORT_DEFAULT) put(out, &first, "sort", action_sort_param(query->sort));
  if (query->direction) put(out, &first, "order", query->direction > 0 ? S("asc") : S("desc"));
  if (query->page_size != ACTION_PAGE_SIZE) put_int(out, &first, "size", query->page_size);
  if (with_page && query->page > 1) put_int(out, &first, "page", query->page);
}
