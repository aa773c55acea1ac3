/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void jw_init(JsonWriter *w, Buf *out, int indent) {
  memset(w, 0, sizeof *w);
  w->out = out;
  w->indent = indent;
}

static void new_line(JsonWriter *w) {
  if (!w->indent) return;
  buf_char(w->out, '\n');
  for (int i = 0; i < w->indent * w->depth; i++) buf_char(w->out, ' ');
}

/* What goes before a value: nothing after a key, else a comma where a member came before. */
static void before_value(JsonWriter *w) {
  if (w->after_key) {
    w->after_key = 0;
    return;
  }
  if (w->depth == 0) return;
  if (w->count[w->depth - 1]) buf_char(w->out, ',');
  w->count[w->depth - 1] = 1;
  new_line(w);
}

static void open_level(JsonWriter *w, char c) {
  before_value(w);
  buf_char(w->out, c);
  assert(w->depth < JSON_DEPTH_MAX);
  w->count[w->depth++] = 0;
}

static void close_level(JsonWriter *w, char c) {
  assert(w->depth > 0);
  int had = w->count[--w->depth];
  if (had) new_line(w);
  buf_char(w->out, c);
}

void jw_object(JsonWriter *w) { open_level(w, '{'); }
void jw_object_end(JsonWriter *w) { close_level(w, '}'); }
void jw_array(JsonWriter *w) { open_level(w, '['); }
void jw_array_end(JsonWriter *w) { close_level(w, ']'); }

void jw_key(JsonWriter *w, Str key) {
  before_value(w);
  json_escape(w->out, key);
  buf_cstr(w->out, w->indent ? ": " : ":");
  w->after_key = 1;
}

void jw_str(JsonWriter *w, Str text) {
  before_value(w);
  if (text.ptr) json_escape(w->out, text);
  else buf_cstr(w->out, "null");
}

void jw_int(JsonWriter *w, int64_t value) {
  before_value(w);
  buf_int(w->out, value);
}

void jw_double(JsonWriter *w, double value) {
  before_value(w);
  if (isfinite(value)) buf_double(w->out, value);
  else buf_cstr(w->out, "null");
}

void jw_bool(JsonWriter *w, bool value) {
  before_value(w);
  buf_cstr(w->out, value ? "true" : "false");
}

void jw_null(JsonWriter *w) {
  before_value(w);
  buf_cstr(w->out, "null");
}

void jw_raw(JsonWriter *w, Str json) {
  before_value(w);
  buf_str(w->out, json);
}

/* The escape of the byte (or of U+2028/9 beginning) at p, and how many bytes it stands for; NULL for none. */
static const char *escape_at(const char *p, size_t left, size_t *bytes, char hex[8]) {
  static const char digits[] = "0123456789abcdef";
  unsigned char c = (unsigned char)*p;
  *bytes = 1;
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7F) {
    memcpy(hex, "\\u00", 4);
    hex[4] = digits[c >> 4];
    hex[5] = digits[c & 15];
    hex[6] = '\0';
    return hex;
  }
  if (c == 0xE2 && left > 2 && (unsigned char)p[1] == 0x80 && ((unsigned char)p[2] & 0xFE) == 0xA8) {
    *bytes = 3;
    return (unsigned char)p[2] == 0xA8 ? "\\u2028" : "\\u2029";
  }
  return NULL;
}

void json_escape(Buf *out, Str text) {
  buf_char(out, '"');
  size_t start = 0;
  for (size_t i = 0; i < text.len;) {
    size_t bytes;
    char hex[8];
    const char *escape = escape_at(text.ptr + i, text.len - i, &bytes, hex);
    if (escape) {
      buf_put(out, text.ptr + start, i - start);
      buf_cstr(out, escape);
      start = i + bytes;
    }
    i += bytes;
  }
  if (text.len > start) buf_put(out, text.ptr + start, text.len - start);
  buf_char(out, '"');
}
