/* SPDX-License-Identifier: EUPL-1.2 */
/* What goals have: how many actions, and their white spots: a goal and a province without any action of its own (provincial
 * or local reach). */
#ifndef PW_ACTION_WHITE_H
#define PW_ACTION_WHITE_H

#include "action/index.h"

/* Which goals have actions where, for municipalities as of 1 January of `year` (0: the latest known); `goal` one goal or
 * sub-goal, ptr NULL for all.
 *   columns [{code, label}]: the provinces,
 *   goals [{goal, label, parent (of a sub-goal, else null), north (actions for the whole of a landsdeel, which cover the provinces too),
 *     cells [{region, region_label, own (actions of that province itself, its municipalities included), query}]}],
 *   white_spots [{goal, goal_label, parent, region, region_label, north, query}]: the cells where own is 0.
 * Every query is address text for /acties that gives the counted actions. Answered from the snapshot, in well under a
 * millisecond at 100,000 actions. ERR_MEMORY. */
Err action_coverage(const ActionIndex *index, int year, Str goal, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Fills in the counts of goals as goal_list and goal_detail (pact/goal.h) give them, a list of them or one, and of their
 * subgoals: actions (registered for the goal itself or one of its sub-goals, each once) and own_actions (for this code
 * alone). Ready numbers of the snapshot: nothing is counted again. A goal that the snapshot does not know has none. */
void action_count_goals(const ActionIndex *index, Val *goals, Arena *arena);

#endif
