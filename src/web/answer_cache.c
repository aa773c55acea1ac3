/* SPDX-License-Identifier: EUPL-1.2 */
/* A hash table of chains and a list in order of use, under one lock: a lookup holds it for less than a microsecond. */
#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "web/answer.h"

#define BUCKETS 1024           /* a power of two */
#define ENTRY_OVERHEAD 1024    /* headers and bookkeeping, so that many tiny answers count too */

typedef struct Entry Entry;
struct Entry {
  Entry *chain;          /* next in the bucket */
  Entry *newer, *older;  /* in order of use */
  uint64_t hash;
  size_t cost;           /* bytes charged */
  Answer *answer;        /* one reference */
  size_t key_len;
  char key[];
};

struct AnswerCache {
  pthread_mutex_t lock;
  Entry *buckets[BUCKETS];
  Entry *newest, *oldest;
  size_t bytes, max_bytes, entries;
  uint64_t epoch, hits, misses;
};

Err answer_cache_new(AnswerCache **out, size_t max_bytes) {
  AnswerCache *cache = mem_alloc0(1, sizeof *cache);
  *out = NULL;
  if (!cache) return ERR_MEMORY;
  if (pthread_mutex_init(&cache->lock, NULL) != 0) {
    mem_free(cache);
    return ERR_MEMORY;
  }
  cache->max_bytes = max_bytes;
  *out = cache;
  return ERR_OK;
}

static void unlink_use(AnswerCache *cache, Entry *entry) {
  if (entry->newer) entry->newer->older = entry->older; else cache->newest = entry->older;
  if (entry->older) entry->older->newer = entry->newer; else cache->oldest = entry->newer;
}

static void link_newest(AnswerCache *cache, Entry *entry) {
  entry->newer = NULL;
  entry->older = cache->newest;
  if (cache->newest) cache->newest->newer = entry; else cache->oldest = entry;
  cache->newest = entry;
}

static void remove_entry(AnswerCache *cache, Entry *entry) {
  Entry **place = &cache->buckets[entry->hash & (BUCKETS - 1)];
  while (*place != entry) place = &(*place)->chain;
  *place = entry->chain;
  unlink_use(cache, entry);
  cache->bytes -= entry->cost;
  cache->entries--;
  answer_release(entry->answer);
  mem_free(entry);
}

static void empty(AnswerCache *cache) {
  while (cache->oldest) remove_entry(cache, cache->oldest);
}

void answer_cache_free(AnswerCache *cache) {
  if (!cache) return;
  empty(cache);
  pthread_mutex_destroy(&cache->lock);
  mem_free(cache);
}

static Entry *find(const AnswerCache *cache, Str key, uint64_t hash) {
  for (Entry *entry = cache->buckets[hash & (BUCKETS - 1)]; entry; entry = entry->chain)
    if (entry->hash == hash && str_eq((Str){entry->key, entry->key_len}, key)) return entry;
  return NULL;
}

/* False when the caller's view of the data is older than the contents. */
static bool at_epoch(AnswerCache *cache, uint64_t epoch) {
  if (epoch > cache->epoch) {
    empty(cache);
    cache->epoch = epoch;
  }
  return epoch == cache->epoch;
}

Answer *answer_cache_get(AnswerCache *cache, Str key, uint64_t epoch) {
  Answer *answer = NULL;
  if (cache->max_bytes == 0) return NULL;
  uint64_t hash = str_hash(key);
  pthread_mutex_lock(&cache->lock);
  Entry *entry = at_epoch(cache, epoch) ? find(cache, key, hash) : NULL;
  if (entry) {
    unlink_use(cache, entry);
    link_newest(cache, entry);
    answer = answer_retain(entry->answer);
    cache->hits++;
  } else {
    cache->misses++;
  }
  pthread_mutex_unlock(&cache->lock);
  return answer;
}

void answer_cache_put(AnswerCache *cache, Str key, uint64_t epoch, Answer *answer) {
  size_t cost = answer->bytes + key.len + ENTRY_OVERHEAD;
  /* one answer may not push out everything else */
  if (cost > cache->max_bytes / 4) return;
  Entry *entry = mem_alloc(sizeof *entry + key.len);
  if (!entry) return;
  *entry = (Entry){.hash = str_hash(key), .cost = cost, .answer = answer_retain(answer), .key_len = key.len};
  memcpy(entry->key, key.ptr, key.len);
  pthread_mutex_lock(&cache->lock);
  if (at_epoch(cache, epoch) && !find(cache, key, entry->hash)) {
    while (cache->bytes + cost > cache->max_bytes) remove_entry(cache, cache->oldest);
    entry->chain = cache->buckets[entry->hash & (BUCKETS - 1)];
    cache->buckets[entry->hash & (BUCKETS - 1)] = entry;
    link_newest(cache, entry);
    cache->bytes += cost;
    cache->entries++;
    entry = NULL;
  }
  pthread_mutex_unlock(&cache->lock);
  if (entry) {
    answer_release(entry->answer);
    mem_free(entry);
  }
}

CacheFigures answer_cache_figures(AnswerCache *cache) {
  pthread_mutex_lock(&cache->lock);
  CacheFigures figures = {cache->hits, cache->misses, cache->entries, cache->bytes};
  pthread_mutex_unlock(&cache->lock);
  return figures;
}
