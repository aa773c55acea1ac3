/* SPDX-License-Identifier: EUPL-1.2 */
/* Figures as lists, and where sources disagree. Conventions of the values: pact/pact.h. */
#ifndef PW_PACT_MEASUREMENT_H
#define PW_PACT_MEASUREMENT_H

#include "pact/indicator.h"

/* Every figure ever entered of the query's goal, indicator and region, superseded ones too, as of its day: `limit` of them from
 * number `offset` on, by indicator, region, day and when they became known. An item is as in values of indicator_list, with
 * indicator and region (codes), and difference: how far it lies from the leading figure of its period (null when it leads).
 * *total gets how many there are in all. */
Err measurement_page(Store *store, const IndicatorQuery *query, int64_t limit, int64_t offset, Arena *arena, Val **out, int64_t *total,
                     ErrInfo *info) MUST_CHECK;

/* Where figures of one indicator, region, period and definition that hold as of the day have different values:
 * [{indicator {code, label}, goal (code or null), unit, region {code, label}, period, leading_reason (null: nobody said why),
 *   figures [{value, leading, quality, known_from, source {code, label, section}, difference (from the leading figure, in the
 *   unit; null for it and where none leads), percent (the same as part of the leading figure; null when that is zero)}],
 *   spread (the largest less the smallest value)}], in order of indicators; the leading figure first. */
Err measurement_disagreements(Store *store, Day as_of, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
