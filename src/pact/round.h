/* SPDX-License-Identifier: EUPL-1.2 */
/* The monitoring round: which figures are there, how old they are, which are due, from whom and since when.
 *
 * A figure is expected in one month of the year (expected_month of the indicator): that of a period that ends on day d by
 * the last day of the first such month that ends after d. The next period after the newest figure is the one that is due. */
#ifndef PW_PACT_ROUND_H
#define PW_PACT_ROUND_H

#include "pact/indicator.h"

typedef enum Freshness {
#define FRESHNESS(NAME, code, label) FRESH_##NAME,
#include "pact/freshness.def"
#undef FRESHNESS
  FRESH_COUNT
} Freshness;

const char *freshness_code(Freshness freshness);
const char *freshness_label(Freshness freshness);  /* Dutch, a translation key */

typedef enum PeriodKind { PERIOD_CALENDAR_YEAR, PERIOD_SCHOOL_YEAR, PERIOD_QUARTER, PERIOD_REFERENCE_DATE } PeriodKind;

/* Last day on which the figure of a period that ends on `end` is in time; month 1 to 12. DAY_NONE past the year 9999. */
Day round_expected_by(Day end, int month);
/* The end of the next period: a year later, of a quarter three months later. */
Day round_next_end(Day end, PeriodKind kind);
/* The period that ends on `end` as it is written: 2019, 2019/20, 2016Q4, 2019-10-01. */
enum { PERIOD_TEXT = 16 };
void round_period(Day end, PeriodKind kind, char out[PERIOD_TEXT]);

/* As indicator_list, in which each region also has round {freshness, label (Dutch), newest {period, day} or null, age_days
 * (null without), due_period (null when it cannot be named), due_since (first day it is late) or null, due_count}, and each
 * indicator freshness and freshness_label: the first of overdue, never, not-arranged, fresh that holds for one of its
 * regions. Of an indicator without any figure the year in which the pact begins is the first that is due. */
Err indicator_round(Store *store, const IndicatorQuery *query, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
