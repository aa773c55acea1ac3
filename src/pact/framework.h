/* SPDX-License-Identifier: EUPL-1.2 */
/* Frameworks made elsewhere that goals and actions are mapped on. Conventions of the values: pact/pact.h. */
#ifndef PW_PACT_FRAMEWORK_H
#define PW_PACT_FRAMEWORK_H

#include "base/val.h"
#include "store/store.h"

/* [{code, title, publisher, adopted_on, year, note, source, items, known, open (counts of items), linked (items that a
 * goal, an action or a focal action answers to)}]. */
Err framework_list(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* One framework: the members of the list, and item_list [{code, number, status (known | open), title (null when open),
 * quote, note, source, goals [{code, label, basis (stated | read), reasoning}], actions [{code, label, basis, reasoning}],
 * focal_actions [{code, label, basis, reasoning}], linked (bool)}] by number. ERR_NOT_FOUND when there is no such code. */
Err framework_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
