/* SPDX-License-Identifier: EUPL-1.2 */
/* How goals stand by their indicators, arranged for pages. */
#ifndef PW_WEB_PAGES_STANDING_H
#define PW_WEB_PAGES_STANDING_H

#include "web/web.h"

/* Gives every goal of the list, and its sub-goals, href, and course (code), course_label (Dutch), determined and total
 * (indicators) where it has indicators; as of the day of the page. *determined and *total get the number of goals and sub-goals whose course can be determined, and that
 * have indicators. */
Err standing_mark_goals(Request *req, const Val *all, Val *goals, int64_t *determined, int64_t *total) MUST_CHECK;
/* How all indicators stand as of the day of the page, as indicator_list has it without figures: `all` of standing_mark_goals. */
Err standing_read(Request *req, Val **all) MUST_CHECK;

/* The figure (figure_of) of the overview over `all` indicators, as root's member figure. */
Err standing_figure(Request *req, Response *res, const Val *all, Val *root) MUST_CHECK;

/* The indicators of a goal as root's lists
 *   indicators [{title, definition, unit, proxy (stands in for another), needed, measured (there are figures),
 *     reason_text (when there are none), dated (an edition has targets of several days), rows [{region {code, label}, edition,
 *     due, target, baseline, used {period, value}, latest {period, value, quality}, course, label, reason_text}] by the current
 *     edition, earlier: the same by others, and when measured: figure and, with figures of several regions, beside (figure_of: its
 *     course, its regions side by side), series [figures of the region of `figure` that held on the day, as indicator_list has
 *     them], series_region}]: those with a target;
 *   context [{title, unit, region {code, label}, national (of the country as a whole), period, value, quality_label, source {code,
 *     label, section}, address}]: the newest figure of the others,
 * and standing {course, label, determined, total, decided_by {code, label} or null} of the goal, standing_parts: the same of its
 * sub-goals that have targets, with goal {code, label}. */
Err standing_of_goal(Request *req, Response *res, Str goal, Val *root) MUST_CHECK;

#endif
