/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers and days as spreadsheets store them. Excel counts days from 1900-01-01 = 1 and, as Lotus 1-2-3 did, has a 29 February
 * 1900 (number 60) that never was; files made on old Macs count from 1904-01-01 = 0 (ECMA-376 part 1, 18.17.4.1). */
#include <math.h>
#include <string.h>

#include "sheet/internal.h"

#define DAYS_1970 25569      /* 1970-01-01 in the 1900 system */
#define DAYS_1970_1904 24107 /* and in the 1904 system */
#define LAST_SERIAL 2958465  /* 9999-12-31 in the 1900 system */
#define DAY_SECONDS 86400
#define WHOLE_MAX 9007199254740992.0

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Skips what is text in a format code; gives the index after it, or `i` when there is none at i. */
static size_t skip_literal(Str code, size_t i) {
  char c = code.ptr[i];
  if (c == '"') {
    size_t end = str_find_char(str_slice(code, i + 1, code.len), '"');
    return end == STR_NPOS ? code.len : i + end + 2;
  }
  if (c == '\\' || c == '_' || c == '*') return i + 2;
  Str rest = str_slice(code, i, code.len);
  if (str_eq_nocase(str_slice(rest, 0, 5), S("AM/PM"))) return i + 5;
  if (str_eq_nocase(str_slice(rest, 0, 3), S("A/P"))) return i + 3;
  if (str_eq_nocase(str_slice(rest, 0, 7), S("General"))) return i + 7;
  return i;
}

static size_t skip_bracket(Str code, size_t i, NumberFormat *format) {
  size_t len = str_find_char(str_slice(code, i, code.len), ']');
  if (len == STR_NPOS) return code.len;
  Str inside = str_slice(code, i + 1, i + len);
  bool elapsed = inside.len > 0;
  for (size_t k = 0; k < inside.len; k++)
    elapsed = elapsed && (inside.ptr[k] | 32) == (inside.ptr[0] | 32) && strchr("hmsHMS", inside.ptr[k]);
  if (elapsed) format->elapsed = format->time = true;
  return i + len + 1;
}

/* Only the first section counts: it is for positive numbers, and days are. */
NumberFormat format_parse(Str code) {
  NumberFormat format = {0};
  bool month = false;
  size_t zeros = 0, used = 0;
  for (size_t i = 0; i < code.len && code.ptr[i] != ';';) {
    size_t after = code.ptr[i] == '[' ? skip_bracket(code, i, &format) : skip_literal(code, i);
    if (after > i) {
      used += 1;
      i = after;
      continue;
    }
    char c = code.ptr[i++];
    used += 1;
    zeros += c == '0';
    switch (c | 32) {
      case 'y': case 'd': format.date = true; break;
      case 'h': case 's': format.time = true; break;
      case 'm': month = true; break;
      default: break;
    }
  }
  if (month && !format.time) format.date = true;
  if (zeros == used && zeros > 1 && zeros <= 20) format.pad = (unsigned char)zeros;
  return format;
}

NumberFormat format_builtin(long id) {
  static const struct { short from, to; bool date, time, elapsed; } BUILTIN[] = {
    {14, 17, true, false, false}, {18, 21, false, true, false}, {22, 22, true, true, false},
    {27, 31, true, false, false}, {32, 33, false, true, false}, {36, 36, true, false, false},
    {45, 45, false, true, false}, {46, 46, false, true, true}, {47, 47, false, true, false},
    {50, 54, true, false, false}, {55, 56, false, true, false}, {57, 58, true, false, false},
  };
  for (size_t i = 0; i < sizeof BUILTIN / sizeof *BUILTIN; i++)
    if (id >= BUILTIN[i].from && id <= BUILTIN[i].to)
      return (NumberFormat){BUILTIN[i].date, BUILTIN[i].time, BUILTIN[i].elapsed, 0};
  return (NumberFormat){0};
}

static void number_text(Buf *text, double number) {
  if (number == 0) buf_char(text, '0');   /* not "-0" */
  else if (fabs(number) <= WHOLE_MAX && number == floor(number)) buf_int(text, (int64_t)number);
  else buf_double(text, number);
}

void value_number(SheetCell *cell, Buf *text, double number) {
  cell->kind = SHEET_NUMBER;
  cell->number = number;
  number_text(text, number);
}

static void clock_text(Buf *text, int64_t seconds) {
  buf_printf(text, "%02lld:%02d:%02d", (long long)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void set_date(SheetCell *cell, Buf *text, Day day, int seconds) {
  char iso[DAY_TEXT];
  day_format_iso(day, iso);
  cell->kind = SHEET_DATE;
  cell->day = day;
  cell->number = (double)seconds / DAY_SECONDS;
  buf_cstr(text, iso);
  if (seconds == 0) return;
  buf_char(text, 'T');
  clock_text(text, seconds);
}

void value_serial(SheetCell *cell, Buf *text, double serial, NumberFormat format, bool from_1904) {
  double last = from_1904 ? LAST_SERIAL - (DAYS_1970 - DAYS_1970_1904) : LAST_SERIAL;
  bool day_or_time = (format.date || format.time) && serial >= 0 && serial < last + 1;
  if (!day_or_time) {
    cell->kind = SHEET_NUMBER;
    cell->number = serial;
    bool padded = format.pad && serial >= 0 && serial < WHOLE_MAX && serial == floor(serial);
    if (padded) buf_printf(text, "%0*lld", format.pad, (long long)serial);
    else number_text(text, serial);
    return;
  }
  int64_t whole = (int64_t)floor(serial);
  int64_t seconds = llround((serial - (double)whole) * DAY_SECONDS);   /* programs store 13:30 as 0.56249999... */
  if (seconds == DAY_SECONDS) {
    whole += 1;
    seconds = 0;
  }
  bool time_only = !format.date || (!from_1904 && whole < 1);
  if (time_only) {
    cell->kind = SHEET_TIME;
    cell->number = serial;
    clock_text(text, format.elapsed ? whole * DAY_SECONDS + seconds : seconds);
    return;
  }
  int64_t before = from_1904 ? DAYS_1970_1904 : whole < 60 ? DAYS_1970 - 1 : DAYS_1970;
  set_date(cell, text, (Day)(whole - before), (int)seconds);
}

double value_excel_serial(Day day) {
  int64_t serial = (int64_t)day + DAYS_1970;
  return (double)(serial > 60 ? serial : serial - 1);
}

/* Reads exactly two digits. */
static bool two_digits(Str s, size_t at, int *out) {
  if (at + 2 > s.len || !is_digit(s.ptr[at]) || !is_digit(s.ptr[at + 1])) return false;
  *out = (s.ptr[at] - '0') * 10 + (s.ptr[at + 1] - '0');
  return true;
}

bool value_iso(SheetCell *cell, Buf *text, Str iso) {
  Day day;
  if (!day_parse_iso(str_slice(iso, 0, 10), &day)) return false;
  int h = 0, m = 0, s = 0;
  if (iso.len > 10) {
    Str time = str_slice(iso, 11, iso.len);
    if (iso.ptr[10] != 'T' && iso.ptr[10] != ' ') return false;
    if (time.len < 5 || time.ptr[2] != ':' || !two_digits(time, 0, &h) || !two_digits(time, 3, &m)) return false;
    if (time.len > 5 && (time.ptr[5] != ':' || !two_digits(time, 6, &s))) return false;
    for (size_t i = 8; i < time.len; i++)   /* a fraction of a second or a zone: not kept */
      if (!is_digit(time.ptr[i]) && !strchr(".,Z+-:", time.ptr[i])) return false;
    if (h > 24 || m > 59 || s > 60) return false;
  }
  int64_t seconds = h * 3600 + m * 60 + s;
  if (seconds >= DAY_SECONDS) {
    day += 1;
    seconds -= DAY_SECONDS;
  }
  set_date(cell, text, day, (int)seconds);
  return true;
}

bool value_duration(SheetCell *cell, Buf *text, Str iso) {
  bool negative = str_starts(iso, S("-"));
  if (negative) iso = str_slice(iso, 1, iso.len);
  if (!str_starts(iso, S("PT"))) return false;
  double seconds = 0;
  size_t from = 2;
  for (size_t i = 2; i < iso.len; i++) {
    double unit = iso.ptr[i] == 'H' ? 3600 : iso.ptr[i] == 'M' ? 60 : iso.ptr[i] == 'S' ? 1 : 0;
    if (unit == 0) continue;
    double value;
    if (i - from > 15 || !str_to_double(str_slice(iso, from, i), &value) || value < 0) return false;
    seconds += value * unit;
    from = i + 1;
  }
  if (from != iso.len || from == 2 || seconds > 1e12) return false;
  cell->kind = SHEET_TIME;
  cell->number = (negative ? -seconds : seconds) / DAY_SECONDS;
  if (negative) buf_char(text, '-');
  clock_text(text, llround(seconds));
  return true;
}
