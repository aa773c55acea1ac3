/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/conns.h"

#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"

#define LOOK_EVERY_MS 200

struct Conns {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  pthread_t thread;
  Conn *first;
  size_t count;
  uint64_t cut;
  bool stop, cut_idle;
};

int64_t clock_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_ms(void) { return clock_micros() / 1000; }

/* Shutting the socket down is enough: the server sees the end and closes it. The lock is held, so that the descriptor
 * cannot have been closed and given to another connection meanwhile (conns_remove waits). */
static void cut_late(Conns *conns) {
  int64_t now = clock_ms();
  for (Conn *conn = conns->first; conn; conn = conn->next) {
    bool late = atomic_load(&conn->deadline_ms) <= now;
    if (!late && !(conns->cut_idle && atomic_load(&conn->idle))) continue;
    shutdown(conn->fd, SHUT_RDWR);
    atomic_store(&conn->deadline_ms, DEADLINE_NONE);
    if (late) conns->cut++;
  }
}

static void *run(void *context) {
  Conns *conns = context;
  pthread_mutex_lock(&conns->lock);
  while (!conns->stop) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_EVERY_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) { until.tv_sec++; until.tv_nsec -= 1000000000L; }
    pthread_cond_timedwait(&conns->wake, &conns->lock, &until);
    cut_late(conns);
  }
  pthread_mutex_unlock(&conns->lock);
  return NULL;
}

Err conns_new(Conns **out) {
  pthread_condattr_t attr;
  Conns *conns = mem_alloc0(1, sizeof *conns);
  *out = NULL;
  if (!conns) return ERR_MEMORY;
  pthread_mutex_init(&conns->lock, NULL);
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&conns->wake, &attr);
  pthread_condattr_destroy(&attr);
  if (pthread_create(&conns->thread, NULL, run, conns) != 0) {
    pthread_cond_destroy(&conns->wake);
    pthread_mutex_destroy(&conns->lock);
    mem_free(conns);
    return ERR_MEMORY;
  }
  *out = conns;
  return ERR_OK;
}

void conns_free(Conns *conns) {
  if (!conns) return;
  pthread_mutex_lock(&conns->lock);
  conns->stop = true;
  pthread_cond_signal(&conns->wake);
  pthread_mutex_unlock(&conns->lock);
  pthread_join(conns->thread, NULL);
  pthread_cond_destroy(&conns->wake);
  pthread_mutex_destroy(&conns->lock);
  mem_free(conns);
}

Conn *conns_add(Conns *conns, int fd) {
  Conn *conn = mem_alloc0(1, sizeof *conn);
  if (!conn) return NULL;
  conn->fd = fd;
  atomic_init(&conn->deadline_ms, DEADLINE_NONE);
  atomic_init(&conn->idle, true);
  pthread_mutex_lock(&conns->lock);
  conn->next = conns->first;
  if (conns->first) conns->first->prev = conn;
  conns->first = conn;
  conns->count++;
  pthread_mutex_unlock(&conns->lock);
  return conn;
}

void conns_remove(Conns *conns, Conn *conn) {
  if (!conn) return;
  pthread_mutex_lock(&conns->lock);
  if (conn->prev) conn->prev->next = conn->next; else conns->first = conn->next;
  if (conn->next) conn->next->prev = conn->prev;
  conns->count--;
  pthread_mutex_unlock(&conns->lock);
  mem_free(conn);
}

void conn_stage(Conn *conn, bool idle, int64_t ms) {
  if (!conn) return;
  atomic_store(&conn->idle, idle);
  atomic_store(&conn->deadline_ms, ms ? clock_ms() + ms : DEADLINE_NONE);
}

void conns_cut_idle(Conns *conns) {
  pthread_mutex_lock(&conns->lock);
  conns->cut_idle = true;
  pthread_cond_signal(&conns->wake);
  pthread_mutex_unlock(&conns->lock);
}

size_t conns_count(Conns *conns) {
  pthread_mutex_lock(&conns->lock);
  size_t count = conns->count;
  pthread_mutex_unlock(&conns->lock);
  return count;
}

uint64_t conns_cut_count(Conns *conns) {
  pthread_mutex_lock(&conns->lock);
  uint64_t cut = conns->cut;
  pthread_mutex_unlock(&conns->lock);
  return cut;
}
