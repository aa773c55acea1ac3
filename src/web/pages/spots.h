/* SPDX-License-Identifier: EUPL-1.2 */
/* White spots: a goal and a province without any action of its own (provincial or local reach). */
#ifndef PW_WEB_PAGES_SPOTS_H
#define PW_WEB_PAGES_SPOTS_H

#include "web/web.h"

/* For each goal of the list and each province without an action of its own: [{goal, goal_label, region, region_label, north:
 * actions for the whole region of the pact that cover it too}], in the order of goals and provinces. */
Err white_spots(Request *req, const Val *goals, Val **out) MUST_CHECK;

#endif
