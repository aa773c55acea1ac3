/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/name.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Quotation marks off and escapes resolved into a fresh buffer of the same size; "\n" becomes a space. */
static Str unquote(Arena *arena, Str name) {
  Str s = str_trim(name);
  if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"') s = str_slice(s, 1, s.len - 1);
  char *out = arena_alloc(arena, s.len + 1);
  if (!out) return STR_NONE;
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (c == '\\' && i + 1 < s.len && (s.ptr[i + 1] == 'n' || s.ptr[i + 1] == '"' || s.ptr[i + 1] == '\\')) {
      i++;
      out[n++] = s.ptr[i] == 'n' ? ' ' : s.ptr[i];
    } else if (c == 0xC2 && i + 1 < s.len && (unsigned char)s.ptr[i + 1] == 0xA0) {
      i++;
      out[n++] = ' ';
    } else {
      out[n++] = c < 0x20 ? ' ' : (char)c;
    }
  }
  out[n] = 0;
  return (Str){out, n};
}

Str flow_display(Arena *arena, Str name) { return unquote(arena, name); }

static Str squeeze(char *p, size_t len) {
  size_t n = 0;
  for (size_t i = 0; i < len; i++) {
    char c = p[i] == ' ' ? '_' : p[i];
    if (c == '_' && (n == 0 || p[n - 1] == '_')) continue;
    p[n++] = c;
  }
  while (n > 0 && p[n - 1] == '_') n--;
  return (Str){p, n};
}

Str flow_canon(Arena *arena, Str name) {
  Str s = unquote(arena, name);
  if (!s.ptr) return s;
  char *p = (char *)(uintptr_t)s.ptr;   /* our own copy */
  bool ascii = true;
  for (size_t i = 0; i < s.len; i++) {
    if ((unsigned char)p[i] >= 0x80) ascii = false;
    else if (p[i] >= 'A' && p[i] <= 'Z') p[i] = (char)(p[i] + 32);
  }
  if (!ascii) {
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)p, (utf8proc_ssize_t)s.len, &folded,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (n >= 0) {
      s = arena_str(arena, (Str){(const char *)folded, (size_t)n});
      free(folded);
      if (!s.ptr) return s;
      p = (char *)(uintptr_t)s.ptr;
    } else if (n == UTF8PROC_ERROR_NOMEM) {
      return STR_NONE;
    }   /* otherwise not valid UTF-8: compared byte by byte */
  }
  return squeeze(p, s.len);
}

Str flow_canon_path(Arena *arena, Str name) {
  name = str_trim(name);
  if (str_find_char(name, '"') == STR_NPOS) return flow_canon(arena, name);
  Str path = S("");
  size_t from = 0;
  bool quoted = false;
  for (size_t i = 0; i <= name.len; i++) {
    if (i < name.len && name.ptr[i] == '\\' && quoted) { i++; continue; }
    if (i < name.len && name.ptr[i] == '"') quoted = !quoted;
    if (i < name.len && (name.ptr[i] != '.' || quoted)) continue;
    Str part = flow_canon(arena, str_slice(name, from, i));
    if (part.ptr) part = from ? arena_printf(arena, STR_FMT "." STR_FMT, STR_ARG(path), STR_ARG(part)) : part;
    if (!part.ptr) return part;
    path = part;
    from = i + 1;
  }
  return path;
}
