/* SPDX-License-Identifier: EUPL-1.2 */
/* How goals stand by their indicators, arranged for pages. */
#ifndef PW_WEB_PAGES_STANDING_H
#define PW_WEB_PAGES_STANDING_H

#include "web/web.h"

/* Gives every goal of the list, and its sub-goals, course (code), course_label (Dutch), determined and total (indicators), where
 * it has indicators. *determined and *total get the number of goals and sub-goals whose course can be determined, and that
 * have indicators. */
Err standing_mark_goals(Request *req, Val *goals, int64_t *determined, int64_t *total) MUST_CHECK;

/* The indicators of a goal as root's lists
 *   indicators [{title, definition, unit, proxy (stands in for another), needed, measured (there are figures),
 *     reason_text (when there are none), rows [{region {code, label}, target, baseline, used {period, value}, latest {period,
 *     value, quality}, course, label, reason_text}]}]: those with a target, by the current edition;
 *   context [{title, unit, region {code, label}, period, value, quality, source}]: the newest figure of the others. */
Err standing_of_goal(Request *req, Str goal, Val *root) MUST_CHECK;

#endif
