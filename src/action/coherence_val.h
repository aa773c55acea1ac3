/* SPDX-License-Identifier: EUPL-1.2 */
/* Coherence as values for pages, the API and the command line. */
#ifndef PW_ACTION_COHERENCE_VAL_H
#define PW_ACTION_COHERENCE_VAL_H

#include "action/coherence.h"
#include "sheet/sheet.h"

#define COHERENCE_DECISIONS "open|decided|merge|align|stop|keep|all"

typedef struct CoherenceQuery {
  Str line, region;   /* only pairs with an action of it; ptr NULL: all. As in the filters of actions, "none" included */
  Str decision;       /* one of COHERENCE_DECISIONS; ptr NULL: open */
  int64_t page, size; /* page from 1 */
  Str goal;           /* as line and region */
} CoherenceQuery;

/* The Dutch word (a translation key) of a kind of pair ("kind"), how alike two are ("likeness": very_strong from 85 points,
 * strong from 75, clear from 65, some from 50, little) or what was decided ("decision"): coherence_terms.def. The code itself
 * when there is none. */
Str coherence_term(const char *list, Str code);

/* PAIR: {key ("a..b"), kind, kind_label, likeness, likeness_label (coherence_term), points (0..100), known (points of the facts that both tell), action ACTION, other ACTION,
 *   reasons [{code, label (Dutch), weight, alike (0..100, null when one of the two does not tell), points, shared (texts: words,
 *   goals, audiences ... that both have)}] (most points first), decision (as decision_list has it) or null}
 * ACTION: a row of action_rows. */

/* The pairs a query asks for: candidates (open), or those that were decided about, candidate or not.
 *   {total (pairs of this filter), open, decided (numbers without the filter of decision), found, complete (see CoherenceList),
 *    pages, pairs [PAIR]}. ERR_USAGE with info->column for an unknown value. */
Err coherence_list_val(Store *store, const ActionIndex *index, const CoherenceQuery *query, Arena *arena, Val **out,
                       ErrInfo *info) MUST_CHECK;
/* Two actions beside each other: PAIR, and decisions [every decision about the two, the one that holds first]. ERR_NOT_FOUND:
 * one of them is not there; ERR_USAGE: the same one twice. */
Err coherence_pair_val(Store *store, const ActionIndex *index, Str one, Str other, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;
/* The at most `most` actions most like this one, as a list of PAIR. ERR_NOT_FOUND. */
Err coherence_near_val(Store *store, const ActionIndex *index, Str code, size_t most, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Writes all pairs of a query (its page and size do not matter) to `path`: a heading and a row per pair, in the order of
 * coherence_list_val. Errors as there, and ERR_IO. */
Err coherence_export(Store *store, const ActionIndex *index, const CoherenceQuery *query, SheetFormat format, const char *path,
                     Arena *arena, ErrInfo *info) MUST_CHECK;

#define COHERENCE_COST_GROUP 5     /* actions of a line that tell cost and participants, before they are compared */
#define COHERENCE_COST_TIMES 3     /* so many times the median of the line is much money */

/* What the registry tells about confirmation, money and yield:
 *   {confirmed, unconfirmed, first, last (days of confirmation), priced (actions with cost and participants), with_yield,
 *    oldest [{code, label, since (date of the source), source {..}, owner {..} or null}] (never confirmed, at most `most`),
 *    dear [{code, label, line, line_label, cost_cents, participants, each_cents, median_cents, yield}] (dearest first),
 *    compared (actions in lines with enough of them to compare)}. */
Err coherence_health_val(Store *store, size_t most, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
