/* SPDX-License-Identifier: EUPL-1.2 */
/* Figures without a goal, such as the population, of one region. Conventions of the values: pact/pact.h. */
#ifndef PW_PACT_CONTEXT_H
#define PW_PACT_CONTEXT_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

/* The indicators that belong to no goal and are to be measured in the region, or were measured there:
 * [{code, title, definition, unit, aggregation, to_measure (the pact asks for it there: it has a chart),
 *   figures [{period, day, state, value, complete, quality, definition (version), known_from, method, limits, reason, address, edition,
 *     source {code, label, section}, change, change_percent (from the one before it when both are numbers of one version of
 *     the definition, in the unit and as a percentage of it; null otherwise), compared (bool: there is a change)}] the leading ones known on the day, by day;
 *     empty: nobody gave one,
 *   parts [{period, region {code, label}, value, complete}] the figures of the newest period of the regions that lie directly in
 *     it (provinces of a landsdeel, municipalities of a province; value null where there is none), empty when none has one,
 *   parts_sum what they add up to when values are added (aggregation sum) and every part has a complete number, else null,
 *   sum_agrees (bool): that is the newest figure}].
 * An unknown region has none. */
Err context_of_region(Store *store, Str region, Day as_of, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Landsdelen and provinces of which there are such figures: [{code, label, kind}]. */
Err context_regions(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
