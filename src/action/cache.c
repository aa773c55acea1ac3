/* SPDX-License-Identifier: EUPL-1.2 */
#include <pthread.h>
#include <time.h>

#include "action/index.h"
#include "base/log.h"
#include "base/mem.h"

struct ActionCache {
  pthread_mutex_t lock;      /* guards current and checked_ms; never held during a rebuild */
  pthread_mutex_t building;  /* held by the one caller that looks and rebuilds; guards store */
  ActionIndex *current;
  Store *store;
  int64_t checked_ms, max_age_ms;
};

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

Err action_cache_new(ActionCache **out, const char *url, long max_age_ms, ErrInfo *info) {
  *out = NULL;
  ActionCache *cache = mem_alloc0(1, sizeof *cache);
  if (!cache) return err_set(info, ERR_MEMORY, "out of memory");
  cache->max_age_ms = max_age_ms;
  Err err = store_open(&cache->store, url, STORE_READ, info);
  if (err == ERR_OK) err = action_index_new(&cache->current, cache->store, info);
  if (err) {
    store_close(cache->store);
    mem_free(cache);
    return err;
  }
  pthread_mutex_init(&cache->lock, NULL);
  pthread_mutex_init(&cache->building, NULL);
  cache->checked_ms = now_ms();
  *out = cache;
  return ERR_OK;
}

void action_cache_free(ActionCache *cache) {
  if (!cache) return;
  action_index_release(cache->current);
  store_close(cache->store);
  pthread_mutex_destroy(&cache->lock);
  pthread_mutex_destroy(&cache->building);
  mem_free(cache);
}

/* A new snapshot when the store has changed; NULL when it has not, or when that failed. */
static ActionIndex *rebuilt(ActionCache *cache, const ActionIndex *current) {
  ErrInfo info = ERRINFO_INIT;
  bool fresh = true;
  ActionIndex *index = NULL;
  Err err = action_index_fresh(current, cache->store, &fresh, &info);
  if (err == ERR_OK && !fresh) err = action_index_new(&index, cache->store, &info);
  if (err) log_line(LOG_ERROR, "the actions could not be read again, the older ones stay in use: %s", info.message);
  return index;
}

ActionIndex *action_cache_get(ActionCache *cache) {
  pthread_mutex_lock(&cache->lock);
  bool due = now_ms() - cache->checked_ms >= cache->max_age_ms;
  ActionIndex *index = action_index_retain(cache->current);
  pthread_mutex_unlock(&cache->lock);
  if (!due || pthread_mutex_trylock(&cache->building) != 0) return index;
  ActionIndex *newer = rebuilt(cache, index);
  pthread_mutex_lock(&cache->lock);
  cache->checked_ms = now_ms();
  if (newer) {
    action_index_release(cache->current);
    cache->current = newer;
    action_index_release(index);
    index = action_index_retain(newer);
  }
  pthread_mutex_unlock(&cache->lock);
  pthread_mutex_unlock(&cache->building);
  return index;
}
