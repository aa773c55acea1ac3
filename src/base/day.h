/* SPDX-License-Identifier: EUPL-1.2 */
/* Calendar days of the proleptic Gregorian calendar, without time or zone. */
#ifndef PW_BASE_DAY_H
#define PW_BASE_DAY_H

#include "base/str.h"

typedef int32_t Day;              /* days since 1970-01-01 */
#define DAY_NONE INT32_MIN

Day day_from_civil(int year, int month, int day);   /* DAY_NONE when there is no such day; years 1 to 9999 */
void day_to_civil(Day d, int *year, int *month, int *day);
/* "2013-11-15"; false on anything else. */
bool day_parse_iso(Str s, Day *out);
/* ISO, "15-11-2013", "15/11/2013", "15-11-13" is refused (century unknown), "15 november 2013" (Dutch or English). */
bool day_parse_any(Str s, Day *out);
#define DAY_TEXT 11
void day_format_iso(Day d, char out[DAY_TEXT]);     /* "" for DAY_NONE */
int day_year(Day d);

#endif
