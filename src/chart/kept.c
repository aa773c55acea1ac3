/* SPDX-License-Identifier: EUPL-1.2 */
/* A list: there are at most some hundreds of pictures, and comparing hashes costs nothing beside drawing. */
#include "chart/kept.h"

#include <string.h>

#include "base/mem.h"

#define ENTRIES_MAX 1000  /* failures have few bytes; they are bounded by number */

static void remove_at(KeptTable *table, Kept **place) {
  Kept *entry = *place;
  *place = entry->next;
  table->bytes -= entry->len + entry->key_len;
  table->count--;
  mem_free(entry->bytes);
  mem_free(entry);
}

void kept_clear(KeptTable *table) {
  while (table->first) remove_at(table, &table->first);
}

Kept *kept_find(KeptTable *table, Str key, int64_t now_ms) {
  uint64_t hash = str_hash(key);
  for (Kept **place = &table->first; *place; place = &(*place)->next) {
    Kept *entry = *place;
    if (entry->hash != hash || !str_eq((Str){entry->key, entry->key_len}, key)) continue;
    entry->used = ++table->uses;
    if (entry->state != KEPT_FAILED || now_ms < entry->until_ms || entry->users > 0) return entry;
    remove_at(table, place);
    return NULL;
  }
  return NULL;
}

Kept *kept_add(KeptTable *table, Str key) {
  Kept *entry = mem_alloc(sizeof *entry + key.len);
  if (!entry) return NULL;
  *entry = (Kept){.next = table->first, .state = KEPT_MAKING, .hash = str_hash(key), .used = ++table->uses, .key_len = key.len};
  memcpy(entry->key, key.ptr, key.len);
  table->first = entry;
  table->count++;
  table->bytes += key.len;
  return entry;
}

void kept_ready(KeptTable *table, Kept *entry, char *bytes, size_t len) {
  entry->state = KEPT_READY;
  entry->bytes = bytes;
  entry->len = len;
  table->bytes += len;
}

void kept_failed(Kept *entry, const ErrInfo *why, int64_t until_ms) {
  entry->state = KEPT_FAILED;
  entry->why = *why;
  entry->until_ms = until_ms;
}

static Kept **oldest_free(KeptTable *table) {
  Kept **oldest = NULL;
  for (Kept **place = &table->first; *place; place = &(*place)->next)
    if ((*place)->users == 0 && (*place)->state != KEPT_MAKING && (!oldest || (*place)->used < (*oldest)->used)) oldest = place;
  return oldest;
}

void kept_trim(KeptTable *table, int64_t now_ms) {
  for (Kept **place = &table->first; *place;) {
    bool over = (*place)->state == KEPT_FAILED && (*place)->users == 0 && now_ms >= (*place)->until_ms;
    if (over) remove_at(table, place);
    else place = &(*place)->next;
  }
  while (table->bytes > table->max_bytes || table->count > ENTRIES_MAX) {
    Kept **place = oldest_free(table);
    if (!place) return;
    remove_at(table, place);
  }
}
