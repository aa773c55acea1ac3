/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/day.h"

#include <stdio.h>
#include <string.h>

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days from civil and back, eras of 400 years. */
static int32_t days_from_civil(int y, int m, int d) {
  y -= m <= 2;
  int era = (y >= 0 ? y : y - 399) / 400;
  int yoe = y - era * 400;
  int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

static int days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

Day day_from_civil(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return DAY_NONE;
  return days_from_civil(year, month, day);
}

void day_to_civil(Day date, int *year, int *month, int *day) {
  int z = date + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int doe = z - era * 146097;
  int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int mp = (5 * doy + 2) / 153;
  *day = doy - (153 * mp + 2) / 5 + 1;
  *month = mp < 10 ? mp + 3 : mp - 9;
  *year = yoe + era * 400 + (*month <= 2);
}

/* `least` to `most` digits off the front of *s. */
static bool take_number(Str *s, size_t least, size_t most, int *out) {
  size_t n = 0;
  int value = 0;
  while (n < s->len && n < most && s->ptr[n] >= '0' && s->ptr[n] <= '9') value = value * 10 + (s->ptr[n++] - '0');
  if (n < least || (n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9')) return false;
  *s = str_slice(*s, n, s->len);
  *out = value;
  return true;
}

static bool take_char(Str *s, const char *any, char *taken) {
  if (!s->len || !s->ptr[0] || !strchr(any, s->ptr[0])) return false;
  if (taken) *taken = s->ptr[0];
  *s = str_slice(*s, 1, s->len);
  return true;
}

static bool finish(Day day, Day *out) {
  if (day == DAY_NONE) return false;
  *out = day;
  return true;
}

bool day_parse_iso(Str s, Day *out) {
  int y, m, d;
  if (s.len != 10 || !take_number(&s, 4, 4, &y) || !take_char(&s, "-", NULL) || !take_number(&s, 2, 2, &m) ||
      !take_char(&s, "-", NULL) || !take_number(&s, 2, 2, &d))
    return false;
  return finish(day_from_civil(y, m, d), out);
}

static int month_by_name(Str name) {
  static const char *const names[12][4] = {
      {"januari", "january", "jan", "jan."},     {"februari", "february", "feb", "feb."},
      {"maart", "march", "mrt", "mar"},          {"april", "apr", "apr.", "april"},
      {"mei", "may", "mei", "may"},              {"juni", "june", "jun", "jun."},
      {"juli", "july", "jul", "jul."},           {"augustus", "august", "aug", "aug."},
      {"september", "sep", "sept", "sep."},      {"oktober", "october", "okt", "oct"},
      {"november", "nov", "nov.", "november"},   {"december", "dec", "dec.", "december"}};
  for (int m = 0; m < 12; m++)
    for (int v = 0; v < 4; v++)
      if (str_eq_nocase(name, str_from(names[m][v]))) return m + 1;
  return 0;
}

bool day_parse_any(Str s, Day *out) {
  s = str_trim(s);
  if (day_parse_iso(s, out)) return true;
  int y, m, d;
  if (!take_number(&s, 1, 2, &d)) return false;
  char first, second;
  if (take_char(&s, "-/.", &first)) {
    if (!take_number(&s, 1, 2, &m) || !take_char(&s, "-/.", &second) || first != second || !take_number(&s, 4, 4, &y) ||
        s.len)
      return false;
    return finish(day_from_civil(y, m, d), out);
  }
  s = str_trim(s);
  size_t space = str_find_char(s, ' ');
  if (space == STR_NPOS) return false;
  m = month_by_name(str_slice(s, 0, space));
  s = str_trim(str_slice(s, space, s.len));
  if (!m || !take_number(&s, 4, 4, &y) || s.len) return false;
  return finish(day_from_civil(y, m, d), out);
}

void day_format_iso(Day date, char out[DAY_TEXT]) {
  out[0] = '\0';
  if (date == DAY_NONE) return;
  int y, m, d;
  day_to_civil(date, &y, &m, &d);
  if (y < 0 || y > 9999) return;
  snprintf(out, DAY_TEXT, "%04u-%02u-%02u", (unsigned)y % 10000u, (unsigned)m % 100u, (unsigned)d % 100u);
}

int day_year(Day date) {
  int y, m, d;
  day_to_civil(date, &y, &m, &d);
  return y;
}
