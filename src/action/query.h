/* SPDX-License-Identifier: EUPL-1.2 */
/* What can be asked of the list of actions: filters, words, order, page. One form for pages, API, command line. */
#ifndef PW_ACTION_QUERY_H
#define PW_ACTION_QUERY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/val.h"

typedef enum ActionDim {
#define DIMENSION(NAME, param, label) ACTION_DIM_##NAME,
#include "action/dimensions.def"
#undef DIMENSION
  ACTION_DIM_COUNT
} ActionDim;

/* Values of the dimensions, beside the codes of the pact's own lists (action_line, goal, region, organisation, ...):
 *   goal    "1" is the goal with all its sub-goals, "1c" the sub-goal, "1-direct" actions that name the goal itself;
 *   region  rolled up: "PV22" is every action with reach in that province, its municipalities included; "LD01" all of the
 *           North; a municipality of the query's year takes the actions of those that merged into it;
 *   reach   as registered: "LD01", "PV22" (the province as a whole), "PV22-local" (one or more of its municipalities),
 *           a municipality of the query's year, "other" (any other kind of region);
 *   missing codes of facts.def;
 *   every dimension: "none". */

typedef enum ActionSort {
  ACTION_SORT_DEFAULT,  /* relevance when there are words, else code */
#define SORT(NAME, param, label, descending) ACTION_SORT_##NAME,
#include "action/sorts.def"
#undef SORT
  ACTION_SORT_COUNT
} ActionSort;

typedef enum ActionFact {
#define FACT(NAME, code, label) ACTION_FACT_##NAME,
#include "action/facts.def"
#undef FACT
  ACTION_FACT_COUNT
} ActionFact;

#define ACTION_PAGE_SIZE 25
#define ACTION_PAGE_SIZE_MAX 1000
#define ACTION_FILTER_MAX 64   /* values chosen in one dimension */
#define ACTION_TEXT_MAX 500    /* bytes of search words */

typedef struct ActionFilter {
  Str values[ACTION_FILTER_MAX];  /* borrowed codes, "none" for actions without a value */
  size_t count;
} ActionFilter;

typedef struct ActionQuery {
  ActionFilter filters[ACTION_DIM_COUNT];
  Str text;          /* words, all of them must occur; "quoted" is a code; borrowed */
  ActionSort sort;
  int direction;     /* 0: as the order's default, 1 ascending, -1 descending */
  int64_t page;      /* 1-based; beyond the last page gives an empty page */
  int64_t page_size; /* 1..ACTION_PAGE_SIZE_MAX */
  int year;          /* division into municipalities as of 1 January; 0: the latest known */
} ActionQuery;

/* Everything, in the default order, first page of 25. */
void action_query_init(ActionQuery *query);
/* Adds a value to a dimension; the same value twice counts once. ERR_LIMIT over ACTION_FILTER_MAX. Whether the value
 * exists is for the search to say. Text is borrowed. */
Err action_query_add(ActionQuery *query, ActionDim dim, Str value, ErrInfo *info) MUST_CHECK;
/* Takes a value away again; no matter when it is not there. */
void action_query_remove(ActionQuery *query, ActionDim dim, Str value);
/* Takes one parameter of an address by name (a dimension's, q, sort, order, page, size, year) with its text.
 * An empty value is "not asked". ERR_USAGE: unknown name, not a number, out of range; info->column is the name. */
Err action_query_set(ActionQuery *query, Str name, Str value, ErrInfo *info) MUST_CHECK;
/* Appends the query as "goal=1c&line=kiezen&q=...", percent-encoded, parameters that have their default left out, in a
 * fixed order: equal queries give equal text. `with_page` false leaves the page number out. */
void action_query_url(const ActionQuery *query, bool with_page, Buf *out);

/* Table lookups; -1 when there is none of that name. */
int action_dim_of(Str param);
int action_sort_of(Str param);
Str action_dim_param(ActionDim dim);
Str action_dim_label(ActionDim dim);    /* Dutch, a translation key */
Str action_sort_param(ActionSort sort);
Str action_sort_label(ActionSort sort);
bool action_sort_descending(ActionSort sort);  /* when no direction is asked */
Str action_fact_code(ActionFact fact);
Str action_fact_label(ActionFact fact);

#endif
