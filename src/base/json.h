/* SPDX-License-Identifier: EUPL-1.2 */
/* Streaming JSON writer over a Buf. Reading is done by jansson where it is needed; hence jw_ and not json_, which is
 * jansson's. */
#ifndef PW_BASE_JSON_H
#define PW_BASE_JSON_H

#include "base/buf.h"

#define JSON_DEPTH_MAX 32

typedef struct JsonWriter {
  Buf *out;                      /* borrowed */
  int depth;
  int indent;                    /* spaces per level, 0 for compact */
  unsigned char count[JSON_DEPTH_MAX];  /* 0: nothing written at this level, 1: a member before */
  unsigned char after_key;
} JsonWriter;

void jw_init(JsonWriter *w, Buf *out, int indent);
void jw_object(JsonWriter *w);
void jw_object_end(JsonWriter *w);
void jw_array(JsonWriter *w);
void jw_array_end(JsonWriter *w);
void jw_key(JsonWriter *w, Str key);
void jw_str(JsonWriter *w, Str text);      /* ptr NULL writes null */
void jw_int(JsonWriter *w, int64_t value);
void jw_double(JsonWriter *w, double value);  /* not finite: null */
void jw_bool(JsonWriter *w, bool value);
void jw_null(JsonWriter *w);
void jw_raw(JsonWriter *w, Str json);      /* text that is JSON already */
/* One text as a JSON string, escaped so that it is also safe inside an HTML script element (< > & U+2028 U+2029). */
void json_escape(Buf *out, Str text);

#endif
