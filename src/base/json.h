/* SPDX-License-Identifier: EUPL-1.2 */
/* Streaming JSON writer over a Buf. Reading is done by jansson where it is needed. */
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

void json_init(JsonWriter *w, Buf *out, int indent);
void json_object(JsonWriter *w);
void json_object_end(JsonWriter *w);
void json_array(JsonWriter *w);
void json_array_end(JsonWriter *w);
void json_key(JsonWriter *w, Str key);
void json_str(JsonWriter *w, Str text);      /* ptr NULL writes null */
void json_int(JsonWriter *w, int64_t value);
void json_double(JsonWriter *w, double value);  /* not finite: null */
void json_bool(JsonWriter *w, bool value);
void json_null(JsonWriter *w);
void json_raw(JsonWriter *w, Str json);      /* text that is JSON already */
/* One text as a JSON string, escaped so that it is also safe inside an HTML script element (< > & U+2028 U+2029). */
void json_escape(Buf *out, Str text);

#endif
