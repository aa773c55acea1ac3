/* SPDX-License-Identifier: EUPL-1.2 */
/* Actions as values for pages, the API and the command line. */
#ifndef PW_ACTION_ACTIONS_H
#define PW_ACTION_ACTIONS_H

#include "action/index.h"

/* The rows of these actions as a list, in the same order. Each row:
 *   code, title, description, line {code, label}, kind {code, label}, form {..}, level {..}, status {..}, owner {code, label}
 *   (an empty one is null), goals [{code, label}], regions [{code, label}], education [{..}], technical [{..}],
 *   audience [{..}], partners [{..}], period_start, period_end (ISO or null), recurrence, missing [{code, label}],
 *   completeness (0..1). Contact data is never in it. */
Err action_rows(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, Arena *arena, Val **out,
                ErrInfo *info) MUST_CHECK;

/* The same with every text and figure of the row itself (for downloads): cost_cents, participants, quality, yield, evidence,
 * confirmed_on, source {code}, source_section, focal_action. */
Err action_rows_full(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, Arena *arena, Val **out,
                     ErrInfo *info) MUST_CHECK;

/* A search as one value for a page or the API:
 *   total, all, page, pages, page_size, first, last (1-based positions on the whole list), sort, descending, q, year,
 *   query (the canonical address text without page), actions (as action_rows),
 *   sorts [{param, label, selected, query}],
 *   facets [{param, label, selected (how many), values [{code, label, parent, level (0 or 1), count, selected, query}],
 *     more (values left out: of a list of more than a hundred only the thirty with most actions are offered)}]
 *     where query is the address text with that value switched on or off (page left out),
 *   chosen [{param, label, code, value_label, query}]: the active filters, query is the address without that one,
 *   pager {previous, next: address text or null, pages: [{number, query, current}] (at most 9 around the current)}. */
Err action_search_val(Store *store, const ActionIndex *index, const ActionQuery *query, Arena *arena, Val **out,
                      ErrInfo *info) MUST_CHECK;

/* One action with everything known: the fields of a row, and cost_cents, participants, quality, yield, evidence,
 * confirmed_on, source {code, label}, source_section, goals [{code, label, direction, strength, reasoning, evidence,
 * confidence}], partners [{code, label, role}], assumptions [{code, kind, resource, field, statement, source}]. ERR_NOT_FOUND when there is no such code. */
Err action_detail(Store *store, const ActionIndex *index, Str code, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
