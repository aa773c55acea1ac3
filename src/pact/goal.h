/* SPDX-License-Identifier: EUPL-1.2 */
/* Goals in both editions. Conventions of the values: pact/pact.h. */
#ifndef PW_PACT_GOAL_H
#define PW_PACT_GOAL_H

#include "base/val.h"
#include "store/store.h"

/* The goals, each with its sub-goals: [{code, number, letter (null for a goal), label, title (of the current edition,
 * else the newest that has one, else the label), text (body in the current edition, else the newest), line {code, label,
 * number}, parent (code or null), differs (the editions' texts or targets are not the same, also of its sub-goals),
 * own_differs (the same without the sub-goals), actions, own_actions (null until action_count_goals of action/white.h fills
 * them in), targets [target] of the newest edition that has any, subgoals [the same map,
 * without subgoals]}].
 *
 * A target: {number, label, kind, comparator, value, value_text ("40%", "16", "400", "-50%", "x 2"), unit, population,
 * part_of (number or null), baseline_value, baseline_year, target_year, quote, source}. */
Err goal_list(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* One goal, whatever case its code is written in ("1C" finds 1c): code, number, letter, label, title, parent {code, label}
 * or null, line {code, label, number}, source, actions, own_actions (null, as in goal_list),
 *   previous, next {code, label} in the order of the package among goals of the same level, or null,
 *   subgoals [as in goal_list],
 *   editions [{code, title, short_title, adopted_on, is_current, present (the edition has this goal), goal_title, body,
 *     paragraphs [{text, item (true for a list item, its bullet removed)}], targets [target], source}] oldest first,
 *   differs, title_differs, text_differs, targets_differ (between the two newest editions that have the goal),
 *   diff null when there are not two, else {from {code, label (short title)}, to {code, label},
 *     title [token], paragraphs [{item, tokens [token]}]}: the words of both texts; a token is {op, text} with op
 *     "same", "old" (only in from) or "new" (only in to); reading same and old gives the older text, same and new the newer,
 *   target_rows [{label, differs, cells [{edition (code), label (short title), present, target}]}]: the targets of the
 *     editions beside each other, cells in the order of editions,
 *   choice_moments [{code, label, number, line {code, label}, from_stage, to_stage, direction, basis, reasoning}],
 *   frameworks [{code (of the item), label (title, null for an open slot), number, status, framework {code, label},
 *     basis (stated | read), reasoning, source}],
 *   assumptions [as pact_assumptions] about the goal, its texts and its targets.
 * ERR_NOT_FOUND when there is no such goal. */
Err goal_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Whether a goal is that one or a sub-goal of it: 1c lies within 1, and 10 does not. */
bool goal_within(Str code, Str goal);

#endif
