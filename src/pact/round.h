/* SPDX-License-Identifier: EUPL-1.2 */
/* The monitoring round: which figures are there, how old they are, which are due, from whom and since when.
 *
 * A figure is expected in one month of the year (expected_month of the indicator): that of a period that ends on day d by
 * the last day of the first such month that ends after d. The periods after the first one that was answered, and not answered
 * themselves, are expected when they have ended and late when that day has passed. A figure, a suppressed one and "not applicable" answer a period;
 * "missing" tells why it is not there and leaves it expected. */
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

/* The end of the first period an indicator is due for when it has no figure: the calendar year in which the pact begins, the
 * school year that begins in it, its first quarter. DAY_NONE when the year is not known (0). */
Day round_first_end(int pact_year, PeriodKind kind);
/* Reads a period as it is written: 2019, 2019/20 (also 2019/2020, 2019-2020, 2019-20), 2016Q4, 2019-10-01. *end is its last
 * day; false when it is none of these, or no such school year or day. */
bool round_parse_period(Str text, PeriodKind *kind, Day *end);
/* "calendar_year" ...; PERIOD_CALENDAR_YEAR for an unknown name. */
PeriodKind round_period_kind(Str name);
const char *round_period_kind_name(PeriodKind kind);

enum { ROUND_EXPECTED_MAX = 40 };  /* periods listed as expected per region; due_count counts on */

/* As indicator_list, in which each region also has round {freshness, label (Dutch), newest {period, day, value, low, high, statement} or null, age_days
 * (null without), due_period (null when it cannot be named), due_since (first day it is late) or null, due_count,
 * expected [{period (null when it cannot be named), period_kind, day, expected_by, late, reason (why a missing one is missing,
 * null)}] the oldest first}, and each indicator freshness and freshness_label: the first of overdue, never, due, not-arranged,
 * fresh that holds for one of its regions, and due_since and due_period: the oldest among its regions, null when none is late. */
Err indicator_round(Store *store, const IndicatorQuery *query, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
