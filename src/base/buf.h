/* SPDX-License-Identifier: EUPL-1.2 */
/* A growing byte buffer. Failure is sticky: write freely, check once with buf_err. */
#ifndef PW_BASE_BUF_H
#define PW_BASE_BUF_H

#include <stdarg.h>

#include "base/err.h"
#include "base/str.h"

typedef struct Buf {
  char *ptr;     /* owned */
  size_t len;    /* bytes written */
  size_t cap;    /* bytes allocated */
  size_t limit;  /* most bytes to hold; 0 is no limit */
  Err err;       /* ERR_OK, ERR_MEMORY or ERR_LIMIT; once set, writes are ignored */
} Buf;

void buf_init(Buf *buf, size_t limit);
void buf_clear(Buf *buf);                              /* frees; empty and usable again */
void buf_reset(Buf *buf);                              /* empty, memory and limit kept, error forgotten */
void buf_put(Buf *buf, const void *bytes, size_t len);
void buf_str(Buf *buf, Str s);
void buf_cstr(Buf *buf, const char *zero_terminated);
void buf_char(Buf *buf, char c);
void buf_int(Buf *buf, int64_t value);
void buf_double(Buf *buf, double value);               /* shortest text that reads back the same; "nan", "inf" */
void buf_printf(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(Buf *buf, const char *format, va_list args);
Err buf_err(const Buf *buf) MUST_CHECK;
Str buf_view(const Buf *buf);                          /* borrowed until the next write */
char *buf_zstr(Buf *buf);                              /* borrowed, NUL-terminated; NULL on error */
char *buf_take(Buf *buf, size_t *len);                 /* ownership to the caller (mem_free); buffer empty after */

#endif
