/* SPDX-License-Identifier: EUPL-1.2 */
/* What the server knows of the state of the data: whether the database changed, and the action index, which is built by
 * a thread of its own so that every other page is served at once after a start and during a rebuild. */
#include <malloc.h>
#include <time.h>

#include "action/coherence.h"
#include "base/log.h"
#include "web/server.h"

#define LOOK_EVERY_MS 500      /* at the database, when no request made us look */
#define RETRY_EVERY_MS 1000    /* after a failed build */
#define LOCK_PATIENCE_MS 200   /* for another program's lock; then 503 */
#define BUSY_PAUSE_MS 300      /* after finding a lock: answer 503 without trying again */

Err data_open(WebServer *server, Store **out, ErrInfo *info) {
  TRY(store_open(out, server->config.db_url, STORE_READ, info));
  store_patience(*out, LOCK_PATIENCE_MS);
  return ERR_OK;
}

Err data_epoch(WebServer *server, uint64_t *epoch, ErrInfo *info) {
  int64_t version = 0;
  pthread_mutex_lock(&server->data_lock);
  Err err = clock_ms() < server->busy_until_ms ? err_set(info, ERR_BUSY, "the database is in use by another program; try again") : ERR_OK;
  if (err == ERR_OK && !server->monitor) err = data_open(server, &server->monitor, info);
  if (err == ERR_OK) err = store_data_version(server->monitor, &version, info);
  if (err == ERR_OK && version != server->data_version) {
    server->data_version = version;
    server->epoch++;
    server->index_look = true;
    pthread_cond_signal(&server->data_wake);
  } else if (err == ERR_BUSY) {
    if (clock_ms() >= server->busy_until_ms) server->busy_until_ms = clock_ms() + BUSY_PAUSE_MS;
  } else if (err != ERR_OK) {
    store_close(server->monitor);
    server->monitor = NULL;
  }
  *epoch = server->epoch;
  pthread_mutex_unlock(&server->data_lock);
  return err;
}

ActionIndex *data_index(WebServer *server, bool *failed) {
  pthread_mutex_lock(&server->data_lock);
  ActionIndex *index = server->index ? action_index_retain(server->index) : NULL;
  *failed = server->index_failed;
  pthread_mutex_unlock(&server->data_lock);
  return index;
}

/* Puts a new snapshot in place; takes over the reference. */
static void publish(WebServer *server, ActionIndex *index, int64_t took_ms) {
  pthread_mutex_lock(&server->data_lock);
  ActionIndex *old = server->index;
  server->index = index;
  server->index_built_ms = took_ms;
  server->index_failed = false;
  server->epoch++;
  server_resume_waiting(server);
  pthread_mutex_unlock(&server->data_lock);
  action_index_release(old);
}

static void failed(WebServer *server, const ErrInfo *info) {
  char text[1600];
  err_format(info, text, sizeof text);
  log_line(LOG_WARN, "the action index cannot be built: %s", text);
  pthread_mutex_lock(&server->data_lock);
  server->index_failed = !server->index;
  server_resume_waiting(server);
  pthread_mutex_unlock(&server->data_lock);
}

/* Sleeps until somebody saw a change, time is up or the server stops; false when it stops. */
static bool wait_for_change(WebServer *server, long ms) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += ms % 1000 * 1000000;
  until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock(&server->data_lock);
  while (!server->index_look && !server->stopping)
    if (pthread_cond_timedwait(&server->data_wake, &server->data_lock, &until) != 0) break;
  server->index_look = false;
  bool go_on = !server->stopping;
  pthread_mutex_unlock(&server->data_lock);
  return go_on;
}

/* Compares the actions of a snapshot that is in use already, so that no request has to wait for it. This thread alone replaces
 * a snapshot, so that it is there until the end. */
static Err compare(const ActionIndex *index, ErrInfo *info) {
  const Coherence *made;
  int64_t start = clock_ms();
  TRY(coherence_of(index, &made, info));
  malloc_trim(0);
  log_line(LOG_INFO, "actions compared: %zu kB, in %lld ms", coherence_bytes(made) / 1024, (long long)(clock_ms() - start));
  return ERR_OK;
}

static Err refresh(WebServer *server, Store **store, ActionIndex **current, ErrInfo *info) {
  bool fresh = false;
  int64_t start = clock_ms();
  /* a snapshot can be compared only with the connection it was read through */
  bool reopened = !*store;
  if (reopened) TRY(store_open(store, server->config.db_url, STORE_READ, info));
  if (*current && !reopened) TRY(action_index_fresh(*current, *store, &fresh, info));
  if (fresh) return ERR_OK;
  ActionIndex *made;
  TRY(action_index_new(&made, *store, info));
  *current = made;
  publish(server, made, clock_ms() - start);
  malloc_trim(0);  /* building takes as much again as the snapshot keeps: back to the system with it */
  log_line(LOG_INFO, "action index: %zu actions, %zu kB, built in %lld ms", action_index_count(made),
           action_index_bytes(made) / 1024, (long long)(clock_ms() - start));
  return compare(made, info);
}

static void *keep_index(void *context) {
  WebServer *server = context;
  Store *store = NULL;
  ActionIndex *current = NULL;  /* the published one; its reference is the server's */
  long pause = 0;
  do {
    ErrInfo info = ERRINFO_INIT;
    Err err = refresh(server, &store, &current, &info);
    if (err != ERR_OK) {
      failed(server, &info);
      if (err != ERR_BUSY) {
        store_close(store);
        store = NULL;
      }
    }
    pause = err == ERR_OK ? LOOK_EVERY_MS : RETRY_EVERY_MS;
  } while (wait_for_change(server, pause));
  store_close(store);
  return NULL;
}

Err data_start(WebServer *server, ErrInfo *info) {
  TRY(data_open(server, &server->monitor, info));
  if (pthread_create(&server->index_thread, NULL, keep_index, server) != 0)
    return err_set(info, ERR_MEMORY, "cannot start the thread of the action index");
  server->index_running = true;
  return ERR_OK;
}

void data_stop(WebServer *server) {
  pthread_mutex_lock(&server->data_lock);
  server->stopping = true;
  pthread_cond_signal(&server->data_wake);
  pthread_mutex_unlock(&server->data_lock);
  if (server->index_running) pthread_join(server->index_thread, NULL);
  server->index_running = false;
  action_index_release(server->index);
  server->index = NULL;
  store_close(server->monitor);
  server->monitor = NULL;
}
