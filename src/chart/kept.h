/* SPDX-License-Identifier: EUPL-1.2 */
/* The pictures a renderer keeps, by what they were made from; also those being made, so that one thread makes what several
 * want. Not locked: the renderer's lock is held around every call. */
#ifndef PW_CHART_KEPT_H
#define PW_CHART_KEPT_H

#include <stdbool.h>

#include "base/buf.h"

typedef enum KeptState { KEPT_MAKING, KEPT_READY, KEPT_FAILED } KeptState;

typedef struct Kept Kept;
struct Kept {
  Kept *next;
  KeptState state;
  unsigned users;         /* threads that look at it: it stays until they are done */
  uint64_t hash, used;    /* of the key; when last used, counted */
  int64_t until_ms;       /* KEPT_FAILED: when it may be tried again */
  char *bytes;            /* KEPT_READY, owned */
  size_t len;
  ErrInfo why;            /* KEPT_FAILED */
  size_t key_len;
  char key[];
};

typedef struct KeptTable {
  Kept *first;
  size_t count, bytes, max_bytes;  /* bytes of pictures and keys */
  uint64_t uses;
} KeptTable;

void kept_clear(KeptTable *table);
/* The entry of that key, NULL when there is none or its failure is over. */
Kept *kept_find(KeptTable *table, Str key, int64_t now_ms);
/* A new entry being made; NULL when out of memory. */
Kept *kept_add(KeptTable *table, Str key);
/* The picture is there; takes over `bytes` (mem_alloc). */
void kept_ready(KeptTable *table, Kept *entry, char *bytes, size_t len);
/* It could not be made; until_ms in the past: to be tried again at once. */
void kept_failed(Kept *entry, const ErrInfo *why, int64_t until_ms);
/* Removes what is over the limit and used by nobody, least recently used first. */
void kept_trim(KeptTable *table, int64_t now_ms);

#endif
