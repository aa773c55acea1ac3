/* SPDX-License-Identifier: EUPL-1.2 */
/* The action matrix: action line x goal x reach, as figure 2 of the pact. An action counts once in a total of unique
 * actions, and once for every goal it serves in a total counted per goal; both are given and named. */
#ifndef PW_ACTION_MATRIX_H
#define PW_ACTION_MATRIX_H

#include "action/index.h"

typedef struct MatrixOptions {
  int year;         /* division into municipalities as of 1 January; 0: the latest known */
  bool subgoals;    /* rows for sub-goals under their goal */
  bool municipalities;  /* columns' local parts opened per municipality */
} MatrixOptions;

/* The matrix as a value:
 *   year, division (first year of the division used), years [{year, current}: the years with a division of their own], all (actions registered),
 *   columns [{key (value of filter reach), label, region, region_label, query, kind: landsdeel|province|local|other|none, province (code, for local and
 *     province), municipalities [{code, label}] (for local, when asked)}]
 *   lines [{code ("none" for actions without a line), label, query,
 *     rows [{goal ("none": no goal), label, own (the pact places this goal under this line), query,
 *        cells [FIGURES + query, one per column; for local columns also municipalities [FIGURES + query]],
 *        total FIGURES: the row over all columns, subgoals [{goal, label, cells, total, query}] (the last is "1-direct":
 *        actions that name the goal but none of its sub-goals)}],
 *     cells [per column, unique over the goals], figures FIGURES, unique, counted (sum over goals, "none" included), provinces [see below]}]
 *   total {rows, cells, figures, unique, counted, provinces [{code, label, province, local, unique, query}: per province the actions with
 *     provincial reach, with local reach, and with either, each unique]}
 *   published [{line, label, published, registered, difference, source}] and published_total {...}: what the pact printed
 *     in 2013 beside what is registered,
 *   white_spots [{goal, goal_label, region, region_label, north (actions for the whole North that cover it), query}]: goal x
 *     province without any action of its own.
 * FIGURES: {actions (unique), participants, participants_known, cost_cents, cost_known (actions the sum is based on)}.
 * Every query is address text for /acties: opening it gives exactly the counted actions. */
Err action_matrix(const ActionIndex *index, MatrixOptions options, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* The same value written out: a table for a terminal, CSV (one record per cell), JSON. */
Err matrix_write_text(const Val *matrix, Buf *out) MUST_CHECK;
Err matrix_write_csv(const Val *matrix, Buf *out) MUST_CHECK;
Err matrix_write_json(const Val *matrix, Buf *out) MUST_CHECK;

#endif
