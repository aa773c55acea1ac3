/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/url.h"

#include "base/text.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* The byte at s[*i], escapes resolved; moves *i behind it. -1: a broken escape. */
static int next_byte(Str s, size_t *i) {
  unsigned char c = (unsigned char)s.ptr[(*i)++];
  if (c != '%') return c;
  if (*i + 2 > s.len) return -1;
  int high = hex_digit(s.ptr[*i]), low = hex_digit(s.ptr[*i + 1]);
  if (high < 0 || low < 0) return -1;
  *i += 2;
  return high * 16 + low;
}

Err url_decode(Arena *arena, Str raw, bool plus, Str *out) {
  char *text = arena_alloc(arena, raw.len + 1);
  if (!text) return ERR_MEMORY;
  size_t len = 0;
  for (size_t i = 0; i < raw.len;) {
    int c = plus && raw.ptr[i] == '+' ? (i++, ' ') : next_byte(raw, &i);
    if (c < 0x20 || c == 0x7f) return ERR_USAGE;
    text[len++] = (char)c;
  }
  text[len] = '\0';
  *out = (Str){text, len};
  return text_utf8_valid(*out) ? ERR_OK : ERR_USAGE;
}

static bool segment_sane(Str segment) {
  size_t dots = 0, count = 0;
  for (size_t i = 0; i < segment.len;) {
    if ((unsigned char)segment.ptr[i] <= 0x20 || (unsigned char)segment.ptr[i] >= 0x7f) return false;
    int c = next_byte(segment, &i);
    if (c < 0x20 || c == 0x7f || c == '/' || c == '\\') return false;
    if (c == '.') dots++;
    count++;
  }
  return !(dots == count && dots <= 2);  /* also the empty one */
}

bool url_path_sane(Str raw) {
  if (raw.len == 0 || raw.ptr[0] != '/') return false;
  if (raw.len == 1) return true;
  Str rest = str_slice(raw, 1, raw.len), segment;
  while (str_cut(&rest, '/', &segment)) {
    bool last = rest.ptr == NULL;
    if (last && segment.len == 0) return true;  /* a slash at the end is redirected later */
    if (!segment_sane(segment)) return false;
  }
  return true;
}

void url_language(Str path, Str *code, Str *prefix, Str *rest) {
  static const char *const codes[] = {"en", "de"};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    if (path.len < 3 || !str_eq(str_slice(path, 1, 3), str_from(codes[i]))) continue;
    if (path.len > 3 && path.ptr[3] != '/') continue;
    *code = str_from(codes[i]);
    *prefix = str_slice(path, 0, 3);
    *rest = path.len == 3 ? S("/") : str_slice(path, 3, path.len);
    return;
  }
  *code = S("nl");
  *prefix = S("");
  *rest = path;
}

/* The weight in "gzip;q=0.5"; 1 when there is none. Only zero or not zero matters to us. */
static bool weight_positive(Str parameters) {
  Str part;
  while (str_cut(&parameters, ';', &part)) {
    part = str_trim(part);
    if (part.len < 2 || (part.ptr[0] != 'q' && part.ptr[0] != 'Q') || part.ptr[1] != '=') continue;
    double weight;
    return str_to_double(str_trim(str_slice(part, 2, part.len)), &weight) && weight > 0;
  }
  return true;
}

bool http_accepts_gzip(Str header) {
  Str item, name;
  bool any = false;
  while (str_cut(&header, ',', &item)) {
    Str parameters = item;
    if (!str_cut(&parameters, ';', &name)) continue;
    name = str_trim(name);
    bool positive = parameters.ptr ? weight_positive(parameters) : true;
    if (str_eq_nocase(name, S("gzip")) || str_eq_nocase(name, S("x-gzip"))) return positive;
    if (str_eq(name, S("*"))) any = positive;
  }
  return any;
}

bool http_etag_matches(Str header, Str etag) {
  Str item;
  while (str_cut(&header, ',', &item)) {
    item = str_trim(item);
    if (str_eq(item, S("*"))) return true;
    if (str_starts(item, S("W/"))) item = str_slice(item, 2, item.len);
    if (str_eq(item, etag)) return true;
  }
  return false;
}
