/* SPDX-License-Identifier: EUPL-1.2 */
/* What a page adds to indicators: how a course was worked out, and where every figure comes from. */
#ifndef PW_WEB_PAGES_MEASURED_H
#define PW_WEB_PAGES_MEASURED_H

#include "web/web.h"

/* Sets as_of (ISO), ahead (true when that day is still to come) and hindsight for part/judged.html and part/as_of.html. */
void measured_set_as_of(Request *req, Val *root);
/* The address of another page that takes asOf, with the day, and the hindsight, of this one when a day was chosen. */
Str measured_href(Request *req, const char *path);
/* Gives each goal of the list, and its sub-goals, the address of its page as member href; `goal` may be NULL. */
void measured_goal_href(Request *req, Val *goal);
void measured_goal_hrefs(Request *req, const Val *goals);

/* Gives a figure (value, low, high; may be NULL) has_value and interval: whether it is a number, and whether it has bounds. */
void measured_figure(Arena *arena, Val *figure);

/* Gives `item` what part/measured.html shows of `indicator` (as indicator_list has it; its regions are shared and added
 * to): regions, definitions, numerator, denominator, supplier, publication, expected_month, margin, figures (how many that were not replaced), past_figures and
 * judged (whether a course rests on a figure). Each course gets has_baseline, has_target, has_required, rule (Dutch
 * sentence that decided), formula_p and formula_q where they have meaning; each figure and each used one interval. A figure
 * also has past (replaced by the day) with now (the one that holds; may be absent), contested (another source gives the same
 * figure), differs and difference (from the leading one, in the unit), freshness_label (the newest only). */
void measured_add(Request *req, const Val *indicator, Val *item);

/* How many of the goals (marked by standing_mark_goals) have each course, as root's list answer [{course, label, count}],
 * the gravest first. */
void measured_answer(Request *req, const Val *goals, Val *root);

#endif
