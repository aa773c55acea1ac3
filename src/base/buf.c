/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/buf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void buf_init(Buf *buf, size_t limit) {
  *buf = (Buf){.limit = limit};
}

void buf_clear(Buf *buf) {
  mem_free(buf->ptr);
  buf_init(buf, buf->limit);
}

void buf_reset(Buf *buf) {
  buf->len = 0;
  buf->err = ERR_OK;
}

/* Room for `more` bytes and a terminating NUL. */
static bool reserve(Buf *buf, size_t more) {
  if (buf->err) return false;
  if (buf->limit && (more > buf->limit || buf->len > buf->limit - more)) {
    buf->err = ERR_LIMIT;
    return false;
  }
  if (more >= SIZE_MAX / 4 - buf->len) {
    buf->err = ERR_MEMORY;
    return false;
  }
  size_t need = buf->len + more + 1;
  if (need <= buf->cap) return true;
  size_t cap = buf->cap < 256 ? 256 : buf->cap * 2;
  if (cap < need) cap = need;
  char *moved = mem_realloc(buf->ptr, cap);
  if (!moved) {
    buf->err = ERR_MEMORY;
    return false;
  }
  buf->ptr = moved;
  buf->cap = cap;
  return true;
}

void buf_put(Buf *buf, const void *bytes, size_t len) {
  if (len == 0 || !reserve(buf, len)) return;
  memcpy(buf->ptr + buf->len, bytes, len);
  buf->len += len;
}

void buf_str(Buf *buf, Str s) { buf_put(buf, s.ptr, s.len); }
void buf_cstr(Buf *buf, const char *text) { buf_put(buf, text, strlen(text)); }

void buf_char(Buf *buf, char c) {
  if (!reserve(buf, 1)) return;
  buf->ptr[buf->len++] = c;
}

void buf_int(Buf *buf, int64_t value) {
  char text[24];
  int len = snprintf(text, sizeof text, "%lld", (long long)value);
  buf_put(buf, text, (size_t)len);
}

void buf_double(Buf *buf, double value) {
  if (isnan(value)) {
    buf_cstr(buf, "nan");
    return;
  }
  if (isinf(value)) {
    buf_cstr(buf, value < 0 ? "-inf" : "inf");
    return;
  }
  char text[40];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    double again;
    if (str_to_double(str_from(text), &again) && again == value) break;
  }
  buf_cstr(buf, text);
}

void buf_vprintf(Buf *buf, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  if (len < 0) buf->err = buf->err ? buf->err : ERR_MEMORY;
  else if (reserve(buf, (size_t)len)) {
    vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
    buf->len += (size_t)len;
  }
  va_end(again);
}

void buf_printf(Buf *buf, const char *format, ...) {
  va_list args;
  va_start(args, format);
  buf_vprintf(buf, format, args);
  va_end(args);
}

Err buf_err(const Buf *buf) { return buf->err; }

Str buf_view(const Buf *buf) { return (Str){buf->ptr ? buf->ptr : "", buf->len}; }

char *buf_zstr(Buf *buf) {
  if (!reserve(buf, 0)) return NULL;
  buf->ptr[buf->len] = '\0';
  return buf->ptr;
}

char *buf_take(Buf *buf, size_t *len) {
  char *bytes = buf_zstr(buf);
  if (!bytes) return NULL;
  if (len) *len = buf->len;
  *buf = (Buf){.limit = buf->limit};
  return bytes;
}
