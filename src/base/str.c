/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/str.h"

#include <locale.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

Str str_from(const char *zero_terminated) {
  return zero_terminated ? (Str){zero_terminated, strlen(zero_terminated)} : STR_NONE;
}

Str str_slice(Str s, size_t from, size_t to) {
  if (to > s.len) to = s.len;
  if (from > to) from = to;
  return (Str){s.ptr ? s.ptr + from : NULL, to - from};
}

bool str_eq(Str a, Str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(Str a, Str b) {
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++)
    if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
  return true;
}

int str_cmp(Str a, Str b) {
  size_t shared = a.len < b.len ? a.len : b.len;
  int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
  if (order) return order < 0 ? -1 : 1;
  return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

bool str_starts(Str s, Str prefix) {
  return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(Str s, Str suffix) {
  return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(Str s, Str needle) {
  if (needle.len == 0) return 0;
  if (s.len < needle.len) return STR_NPOS;
  const char *found = memmem(s.ptr, s.len, needle.ptr, needle.len);
  return found ? (size_t)(found - s.ptr) : STR_NPOS;
}

size_t str_find_char(Str s, char c) {
  const char *found = s.len ? memchr(s.ptr, c, s.len) : NULL;
  return found ? (size_t)(found - s.ptr) : STR_NPOS;
}

/* Bytes of white space at p: 1 for ASCII, 2 for U+00A0, 0 for none. */
static size_t space_at(const char *p, size_t left) {
  if (left && (*p == ' ' || (*p >= '\t' && *p <= '\r'))) return 1;
  if (left > 1 && (unsigned char)p[0] == 0xC2 && (unsigned char)p[1] == 0xA0) return 2;
  return 0;
}

Str str_trim(Str s) {
  size_t n;
  while ((n = space_at(s.ptr, s.len)) > 0) s = str_slice(s, n, s.len);
  for (;;) {
    if (s.len && space_at(s.ptr + s.len - 1, 1)) s.len -= 1;
    else if (s.len > 1 && space_at(s.ptr + s.len - 2, 2) == 2) s.len -= 2;
    else return s;
  }
}

bool str_cut(Str *rest, char sep, Str *part) {
  if (!rest->ptr) return false;
  size_t at = str_find_char(*rest, sep);
  if (at == STR_NPOS) {
    *part = *rest;
    *rest = STR_NONE;
  } else {
    *part = str_slice(*rest, 0, at);
    *rest = str_slice(*rest, at + 1, rest->len);
  }
  return true;
}

uint64_t str_hash(Str s) {
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < s.len; i++) {
    hash ^= (unsigned char)s.ptr[i];
    hash *= 1099511628211u;
  }
  return hash;
}

bool str_digits(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
  return true;
}

bool str_to_int(Str s, int64_t *out) {
  bool negative = s.len && s.ptr[0] == '-';
  size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
  if (i == s.len) return false;
  int64_t value = 0;  /* built up negative: INT64_MIN has no positive twin */
  for (; i < s.len; i++) {
    if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    int digit = s.ptr[i] - '0';
    if (value < (INT64_MIN + digit) / 10) return false;
    value = value * 10 - digit;
  }
  if (!negative && value == INT64_MIN) return false;
  *out = negative ? value : -value;
  return true;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or after the point. */
static bool is_decimal(Str s) {
  size_t i = 0, digits = 0;
  if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-')) i++;
  for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) digits++;
  if (i < s.len && s.ptr[i] == '.')
    for (i++; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) digits++;
  if (digits == 0) return false;
  if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
    i++;
    if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-')) i++;
    size_t first = i;
    while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9') i++;
    if (i == first) return false;
  }
  return i == s.len;
}

/* The C locale, made once and kept: strtod must not follow LC_NUMERIC. glibc's "C" cannot fail to be made. */
static locale_t c_locale(void) {
  static _Atomic(locale_t) made;
  locale_t mine = atomic_load(&made);
  if (mine) return mine;
  mine = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  locale_t none = (locale_t)0;
  if (atomic_compare_exchange_strong(&made, &none, mine)) return mine;
  freelocale(mine);
  return none;
}

bool str_to_double(Str s, double *out) {
  char text[512];
  if (s.len >= sizeof text || !is_decimal(s)) return false;
  memcpy(text, s.ptr, s.len);
  text[s.len] = '\0';
  double value = strtod_l(text, NULL, c_locale());
  if (!isfinite(value)) return false;
  *out = value;
  return true;
}
