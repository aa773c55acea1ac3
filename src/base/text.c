/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/mem.h"

size_t text_utf8_bad(Str s) {
  size_t i = 0;
  while (i < s.len) {
    if ((unsigned char)s.ptr[i] < 0x80) {
      i++;
      continue;
    }
    utf8proc_int32_t point;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + i, (utf8proc_ssize_t)(s.len - i), &point);
    if (n <= 0) return i;
    i += (size_t)n;
  }
  return STR_NPOS;
}

bool text_utf8_valid(Str s) { return text_utf8_bad(s) == STR_NPOS; }

/* A sample may stop in the middle of a sequence: at most three bytes that would need more. */
static bool valid_but_cut(Str s) {
  size_t bad = text_utf8_bad(s);
  if (bad == STR_NPOS) return true;
  size_t left = s.len - bad;
  unsigned char lead = (unsigned char)s.ptr[bad];
  size_t wanted = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (lead > 0xF4 || left >= wanted) return false;
  for (size_t i = bad + 1; i < s.len; i++)
    if (((unsigned char)s.ptr[i] & 0xC0) != 0x80) return false;
  return true;
}

/* UTF-16 without a mark: text of the Latin script has a zero in every other byte. */
static bool mostly_zero(Str s, size_t offset) {
  size_t zeros = 0, units = 0, other = 0;
  for (size_t i = 0; i + 1 < s.len && units < 512; i += 2, units++) {
    zeros += s.ptr[i + offset] == 0;
    other += s.ptr[i + 1 - offset] == 0;
  }
  return units >= 2 && other == 0 && zeros * 10 > units * 6;
}

TextEncoding text_detect(Str sample, size_t *bom_len) {
  *bom_len = 0;
  const unsigned char *p = (const unsigned char *)sample.ptr;
  if (sample.len >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF) {
    *bom_len = 3;
    return TEXT_UTF8;
  }
  if (sample.len >= 2 && p[0] == 0xFF && p[1] == 0xFE) {
    *bom_len = 2;
    return TEXT_UTF16LE;
  }
  if (sample.len >= 2 && p[0] == 0xFE && p[1] == 0xFF) {
    *bom_len = 2;
    return TEXT_UTF16BE;
  }
  if (mostly_zero(sample, 1)) return TEXT_UTF16LE;
  if (mostly_zero(sample, 0)) return TEXT_UTF16BE;
  return valid_but_cut(sample) ? TEXT_UTF8 : TEXT_WINDOWS_1252;
}

/* windows-1252 as browsers read it (WHATWG): the five unassigned bytes are the C1 controls of their number, so no
 * byte is refused. iconv refuses them, and files that passed through old programs hold them. */
static void from_windows_1252(Buf *out, Str bytes) {
  static const unsigned short high[32] = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};
  for (size_t i = 0; i < bytes.len; i++) {
    unsigned char c = (unsigned char)bytes.ptr[i];
    if (c < 0x80) {
      buf_char(out, (char)c);
      continue;
    }
    utf8proc_uint8_t encoded[4];
    utf8proc_ssize_t n = utf8proc_encode_char(c < 0xA0 ? high[c - 0x80] : c, encoded);
    buf_put(out, encoded, (size_t)n);
  }
}

static Err from_utf16(Buf *out, Str bytes, const char *name, ErrInfo *info) {
  iconv_t converter = iconv_open("UTF-8", name);
  if (converter == (iconv_t)-1) return err_set(info, ERR_UNSUPPORTED, "this system cannot convert %s", name);
  char *in = (char *)(uintptr_t)bytes.ptr;
  size_t in_left = bytes.len;
  Err err = ERR_OK;
  while (in_left && err == ERR_OK) {
    char chunk[4096];
    char *to = chunk;
    size_t to_left = sizeof chunk;
    size_t done = iconv(converter, &in, &in_left, &to, &to_left);
    int why = errno;
    buf_put(out, chunk, (size_t)(to - chunk));
    if (done == (size_t)-1 && why != E2BIG)
      err = err_set(info, ERR_INPUT, "byte %zu is not %s text", bytes.len - in_left + 1, name);
    else if (buf_err(out))
      err = err_set(info, buf_err(out), "the text does not fit in memory");
  }
  iconv_close(converter);
  return err;
}

Err text_to_utf8(Buf *out, Str bytes, TextEncoding from, ErrInfo *info) {
  switch (from) {
    case TEXT_UTF8: {
      size_t bad = text_utf8_bad(bytes);
      if (bad != STR_NPOS) return err_set(info, ERR_INPUT, "byte %zu is not UTF-8 text", bad + 1);
      buf_str(out, bytes);
      break;
    }
    case TEXT_UTF16LE: TRY(from_utf16(out, bytes, "UTF-16LE", info)); break;
    case TEXT_UTF16BE: TRY(from_utf16(out, bytes, "UTF-16BE", info)); break;
    case TEXT_WINDOWS_1252: from_windows_1252(out, bytes); break;
  }
  return buf_err(out) ? err_set(info, buf_err(out), "the text does not fit in memory") : ERR_OK;
}

static bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Appends with white space runs as one space and none at the ends of what this call adds. */
static void put_squeezed(Buf *out, Str s) {
  bool pending = false, any = false;
  for (size_t i = 0; i < s.len; i++) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (is_space(c)) {
      pending = any;
      continue;
    }
    if (pending) buf_char(out, ' ');
    pending = false;
    any = true;
    buf_char(out, (char)c);
  }
}

static bool is_ascii(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.ptr[i] >= 0x80) return false;
  return true;
}

Err text_fold(Buf *out, Str s) {
  if (s.len == 0) return buf_err(out);
  size_t start = out->len;
  if (is_ascii(s)) {
    put_squeezed(out, s);
    for (size_t i = start; i < out->len; i++)
      if (out->ptr[i] >= 'A' && out->ptr[i] <= 'Z') out->ptr[i] = (char)(out->ptr[i] + 32);
    return buf_err(out);
  }
  utf8proc_uint8_t *folded = NULL;
  utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, &folded,
                                    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD |
                                        UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
  if (n < 0) return n == UTF8PROC_ERROR_NOMEM ? ERR_MEMORY : ERR_INPUT;
  put_squeezed(out, (Str){(const char *)folded, (size_t)n});
  free(folded);
  return buf_err(out);
}

Str text_folded(Arena *arena, Str s) {
  Buf buf;
  buf_init(&buf, 0);
  Err err = text_fold(&buf, s);
  Str result = err == ERR_INPUT ? arena_str(arena, s) : err ? STR_NONE : arena_str(arena, buf_view(&buf));
  buf_clear(&buf);
  arena->failed |= !result.ptr;
  return result;
}

Str text_plain_spaces(Str s, char *out, size_t size) {
  static const char *const spaces[] = {"\xC2\xA0", "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\xAF"};
  size_t n = 0;
  if (s.len > size) return s;
  while (s.len) {
    size_t taken = 1;
    char c = s.ptr[0];
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
      if (str_starts(s, str_from(spaces[i]))) taken = strlen(spaces[i]), c = ' ';
    out[n++] = c;
    s = str_slice(s, taken, s.len);
  }
  return str_trim((Str){out, n});
}

size_t text_length(Str s) {
  size_t points = 0;
  for (size_t i = 0; i < s.len; i++) points += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
  return points;
}

void text_escape_html(Buf *out, Str s) {
  size_t start = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char *entity;
    switch (s.ptr[i]) {
      case '&': entity = "&amp;"; break;
      case '<': entity = "&lt;"; break;
      case '>': entity = "&gt;"; break;
      case '"': entity = "&quot;"; break;
      case '\'': entity = "&#39;"; break;
      default: continue;
    }
    buf_put(out, s.ptr + start, i - start);
    buf_cstr(out, entity);
    start = i + 1;
  }
  if (s.len > start) buf_put(out, s.ptr + start, s.len - start);
}

void text_escape_url(Buf *out, Str s) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < s.len; i++) {
    unsigned char c = (unsigned char)s.ptr[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c ? c : '!')) {
      buf_char(out, (char)c);
    } else {
      buf_char(out, '%');
      buf_char(out, hex[c >> 4]);
      buf_char(out, hex[c & 15]);
    }
  }
}
