/* SPDX-License-Identifier: EUPL-1.2 */
#include "view/escape.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* Bytes of the well-formed UTF-8 sequence at p (Unicode 3.9, table 3-7), 0 when there is none. */
static size_t sequence(const unsigned char *p, size_t left) {
  if (p[0] < 0x80) return 1;
  size_t len = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
  if (!len || left < len) return 0;
  for (size_t i = 1; i < len; i++)
    if ((p[i] & 0xC0) != 0x80) return 0;
  if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F)) return 0;
  if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)) return 0;
  return len;
}

/* What the character at p is written as in HTML; NULL for itself. */
static const char *html_escape(const unsigned char *p, size_t len) {
  switch (*p) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t':
    case '\n':
    case '\r': return NULL;
    default: break;
  }
  if (len == 0 || *p < 0x20 || *p == 0x7F) return REPLACEMENT;
  if (len == 2 && p[0] == 0xC2 && p[1] < 0xA0) return REPLACEMENT;  /* C1 controls */
  return NULL;
}

void escape_text(Buf *out, Str s) {
  size_t start = 0;
  for (size_t i = 0; i < s.len;) {
    const unsigned char *p = (const unsigned char *)s.ptr + i;
    size_t len = sequence(p, s.len - i);
    const char *escaped = html_escape(p, len);
    size_t step = len ? len : 1;
    if (escaped) {
      buf_put(out, s.ptr + start, i - start);
      buf_cstr(out, escaped);
      start = i + step;
    }
    i += step;
  }
  if (s.len > start) buf_put(out, s.ptr + start, s.len - start);
}

static void percent(Buf *out, unsigned char c) {
  static const char digits[] = "0123456789ABCDEF";
  char encoded[3] = {'%', digits[c >> 4], digits[c & 15]};
  buf_put(out, encoded, 3);
}

static bool is_alnum(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

void escape_url_value(Buf *out, Str s) {
  for (size_t i = 0; i < s.len; i++) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (is_alnum(c) || strchr("-._~", c) != NULL) {
      if (c) buf_char(out, (char)c);
      else percent(out, c);
    } else {
      percent(out, c);
    }
  }
}

/* Reserved and unreserved characters stay, as does a % that begins an encoded byte; & is written for HTML. */
void escape_url_part(Buf *out, Str s) {
  for (size_t i = 0; i < s.len; i++) {
    unsigned char c = (unsigned char)s.ptr[i];
    bool encoded = c == '%' && i + 2 < s.len && is_hex(s.ptr[i + 1]) && is_hex(s.ptr[i + 2]);
    if (c == '&') buf_cstr(out, "&amp;");
    else if (encoded || is_alnum(c) || (c && strchr("-._~:/?#[]@!$()*+,;=", c))) buf_char(out, (char)c);
    else percent(out, c);
  }
}

/* Whether the URL has no scheme, or one that is allowed. */
static bool scheme_allowed(Str s) {
  static const char *const allowed[] = {"http", "https", "mailto", "tel"};
  size_t end = 0;
  while (end < s.len && !strchr(":/?#", s.ptr[end])) end++;
  if (end == s.len || s.ptr[end] != ':') return true;
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (str_eq_nocase(str_slice(s, 0, end), str_from(allowed[i]))) return true;
  return false;
}

void escape_url(Buf *out, Str s) {
  s = str_trim(s);
  if (scheme_allowed(s)) escape_url_part(out, s);
  else buf_char(out, '#');
}
