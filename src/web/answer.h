/* SPDX-License-Identifier: EUPL-1.2 */
/* A finished answer, ready to be sent any number of times and from several threads; and the cache that keeps such. */
#ifndef PW_WEB_ANSWER_H
#define PW_WEB_ANSWER_H

#include <stdatomic.h>

#include "web/request.h"

struct MHD_Response;

#define ETAG_TEXT 40

typedef struct Answer {
  atomic_int refs;
  int status;
  struct MHD_Response *mhd;   /* owned */
  size_t bytes;               /* of the body as sent */
  char etag[ETAG_TEXT];       /* with quotes; "" when there is none */
  Reach reach;
} Answer;

/* What of the request the form of the answer depends on. */
typedef struct AnswerForm {
  RouteKind kind;
  bool gzip;      /* the client takes it */
  bool secure;    /* came over TLS through the trusted proxy: tell the browser to keep to it */
  Str lang;       /* for Content-Language of pages */
} AnswerForm;

/* Makes the answer of a response: security headers, entity tag, compression. Takes the body out of res->body when it is
 * large. The caller owns one reference. ERR_MEMORY. */
Err answer_new(Answer **out, Response *res, const AnswerForm *form) MUST_CHECK;
Answer *answer_retain(Answer *answer);
void answer_release(Answer *answer);  /* NULL is allowed */
/* "304 Not Modified" with the tag of `answer`. NULL when out of memory. */
Answer *answer_not_modified(const Answer *answer, const AnswerForm *form);

/* The name of a status, "Not Found". */
const char *status_reason(int status);

/* Answers by key, bounded by bytes; the least recently used goes first. Everything in it belongs to one epoch (state of
 * the data): a newer epoch empties it. Safe from any thread. */
typedef struct AnswerCache AnswerCache;
Err answer_cache_new(AnswerCache **out, size_t max_bytes) MUST_CHECK;  /* max_bytes 0: keeps nothing */
void answer_cache_free(AnswerCache *cache);
/* A reference for the caller, or NULL. */
Answer *answer_cache_get(AnswerCache *cache, Str key, uint64_t epoch);
/* Keeps the answer (adds a reference) when it fits; failure to do so is no error. */
void answer_cache_put(AnswerCache *cache, Str key, uint64_t epoch, Answer *answer);

typedef struct CacheFigures { uint64_t hits, misses, entries, bytes; } CacheFigures;
CacheFigures answer_cache_figures(AnswerCache *cache);

#endif
