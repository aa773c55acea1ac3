/* SPDX-License-Identifier: EUPL-1.2 */
/* Periods as the measurements write them. */
#include <stdio.h>

#include "official/dataset.h"

const char *official_period_kind_name(OfficialPeriodKind kind) {
  static const char *const names[] = {"calendar_year", "school_year", "quarter", "reference_date"};
  return names[kind];
}

/* Exactly that many digits at the front of *text. */
static bool take_digits(Str *text, size_t digits, int *value) {
  *value = 0;
  if (text->len < digits) return false;
  for (size_t i = 0; i < digits; i++) {
    if (text->ptr[i] < '0' || text->ptr[i] > '9') return false;
    *value = *value * 10 + (text->ptr[i] - '0');
  }
  *text = str_slice(*text, digits, text->len);
  return true;
}

bool official_period(Str text, OfficialPeriodKind *kind, Day *last) {
  int year, part;
  if (day_parse_iso(text, last)) {
    *kind = OFFICIAL_REFERENCE_DATE;
    return true;
  }
  if (!take_digits(&text, 4, &year) || year < 1800 || year > 2200) return false;
  if (text.len == 0) {
    *kind = OFFICIAL_CALENDAR_YEAR;
    *last = day_from_civil(year, 12, 31);
    return true;
  }
  char mark = text.ptr[0];
  text = str_slice(text, 1, text.len);
  if (mark == '/' && take_digits(&text, 2, &part) && text.len == 0 && part == (year + 1) % 100) {
    *kind = OFFICIAL_SCHOOL_YEAR;
    *last = day_from_civil(year + 1, 7, 31);
    return true;
  }
  if (mark != 'Q' || !take_digits(&text, 1, &part) || text.len || part < 1 || part > 4) return false;
  *kind = OFFICIAL_QUARTER;
  *last = part == 4 ? day_from_civil(year, 12, 31) : day_from_civil(year, part * 3 + 1, 1) - 1;
  return true;
}

void official_note_period(OfficialReport *report, Str period) {
  if (!report->first_period[0] || str_cmp(period, str_from(report->first_period)) < 0)
    snprintf(report->first_period, sizeof report->first_period, STR_FMT, STR_ARG(period));
  if (str_cmp(period, str_from(report->last_period)) > 0)
    snprintf(report->last_period, sizeof report->last_period, STR_FMT, STR_ARG(period));
}
