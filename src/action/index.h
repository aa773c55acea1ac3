/* SPDX-License-Identifier: EUPL-1.2 */
/* A snapshot of all actions in memory, made for searching, filtering, counting and sorting. The rows of a page come from
 * the store; everything that grows with the number of actions is answered here. Immutable after building and counted by
 * reference, so that any number of threads may read one. docs/action-index.md says how it is made and why. */
#ifndef PW_ACTION_INDEX_H
#define PW_ACTION_INDEX_H

#include "action/query.h"
#include "store/store.h"

typedef struct ActionIndex ActionIndex;

/* Builds a snapshot of the store's actions; the caller owns one reference. ERR_MEMORY, ERR_DATABASE. */
Err action_index_new(ActionIndex **out, Store *store, ErrInfo *info) MUST_CHECK;
ActionIndex *action_index_retain(ActionIndex *index);
void action_index_release(ActionIndex *index);  /* NULL is allowed; the last one frees */
/* Whether the snapshot still is what the store holds. Ask with the store it was built from. */
Err action_index_fresh(const ActionIndex *index, Store *store, bool *fresh, ErrInfo *info) MUST_CHECK;

/* A place that always has a recent snapshot, for servers: safe from any thread. It opens its own connection to `url` and
 * looks for changes at most once in `max_age_ms`; a rebuild happens in one caller while the others go on with the old
 * snapshot. If a rebuild fails the old snapshot stays and the failure is logged. */
typedef struct ActionCache ActionCache;
Err action_cache_new(ActionCache **out, const char *url, long max_age_ms, ErrInfo *info) MUST_CHECK;
void action_cache_free(ActionCache *cache);
/* A reference to the current snapshot: the caller releases it. Never NULL after a successful action_cache_new. */
ActionIndex *action_cache_get(ActionCache *cache);

size_t action_index_count(const ActionIndex *index);   /* all actions */
/* Number that differs between snapshots: for ETags and caches of pages. */
uint64_t action_index_version(const ActionIndex *index);
/* Bytes of memory the snapshot holds. */
size_t action_index_bytes(const ActionIndex *index);
/* The latest year for which the division into municipalities is known to have changed (2021 for the shipped pact). */
int action_index_latest_year(const ActionIndex *index);

typedef struct ActionFacetValue {
  Str code;          /* as in a filter; borrowed from the index */
  Str label;         /* Dutch: a name from the pact, or a translation key for fixed lists */
  Str parent;        /* code of the value it lies within (goal of a sub-goal, province of a municipality) or STR_NONE */
  size_t count;      /* actions, given the words and the filters of the other dimensions */
  bool selected;
} ActionFacetValue;

typedef struct ActionFacet {
  ActionDim dim;
  const ActionFacetValue *values;  /* in the pact's own order; "none" last; values without any action left out,
                                      unless selected or of a dimension that shows white spots (line, goal, region) */
  size_t count;
} ActionFacet;

typedef struct ActionResult {
  size_t total;          /* actions that match */
  size_t all;            /* actions in the snapshot */
  size_t pages;          /* 0 when nothing matches */
  const uint32_t *ids;   /* this page's actions, in order; positions in the snapshot; in the arena */
  size_t count;
  ActionFacet facets[ACTION_DIM_COUNT];
} ActionResult;

/* Answers a query; everything in *out lives in the arena or the index. An unknown value of a dimension is ERR_USAGE with
 * the parameter in info->column (a filter that silently matches nothing would look like an empty pact). */
Err action_search(const ActionIndex *index, const ActionQuery *query, Arena *arena, ActionResult *out, ErrInfo *info) MUST_CHECK;
/* The same without page and facets: only how many match. */
Err action_count(const ActionIndex *index, const ActionQuery *query, size_t *count, ErrInfo *info) MUST_CHECK;
/* Every matching action in order, without paging (for downloads): ids in the arena. */
Err action_search_all(const ActionIndex *index, const ActionQuery *query, Arena *arena, const uint32_t **ids, size_t *count,
                      ErrInfo *info) MUST_CHECK;

Str action_index_code(const ActionIndex *index, uint32_t id);   /* the action's code */
bool action_index_find(const ActionIndex *index, Str code, uint32_t *id);

#endif
