/* SPDX-License-Identifier: EUPL-1.2 */
/* Many members: blocks are taken by threads in rising order and handed over in the same order, so that whoever
 * receives them needs no locks and sums in a fixed order. A block that is finished before its turn waits in a ring, and
 * its thread goes on; whoever finishes the next one hands over all that follow it. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "flow/run.h"

#define THREADS_MAX 256
#define RING_PER_THREAD 8
#define RING_BYTES ((size_t)64 << 20)   /* of waiting blocks; however large they are, each thread has one */

typedef struct Crew {
  const FlowProgram *p;
  const FlowEnsemble *e;
  const KernelSet *set;
  unsigned width;
  size_t blocks, ring;        /* ring: blocks that may wait */
  pthread_mutex_t lock;
  pthread_cond_t room;        /* the ring moved on, or the limit came down */
  /* under the lock */
  size_t taken, delivered;
  size_t limit;               /* the lowest block that failed: it and what follows is not handed over */
  double **ready;             /* finished block b at b % ring */
  double **spare;
  size_t spare_count;
  bool delivering;
  Err err;                    /* of block `limit` */
  ErrInfo info;
} Crew;

typedef struct Worker { Crew *crew; Machine machine; double *set, *out; pthread_t thread; bool started; } Worker;

/* Blocks are taken in rising order and each that was taken is finished, so the lowest one that fails is the same for any
 * number of threads. */
static void give_up(Crew *c, size_t block, Err err, const ErrInfo *info) {
  pthread_mutex_lock(&c->lock);
  if (block < c->limit) {
    c->limit = block;
    c->err = err;
    c->info = *info;
  }
  pthread_cond_broadcast(&c->room);
  pthread_mutex_unlock(&c->lock);
}

static bool take(Crew *c, size_t *block) {
  pthread_mutex_lock(&c->lock);
  bool more = c->taken < c->blocks && c->taken < c->limit;
  if (more) *block = c->taken++;
  pthread_mutex_unlock(&c->lock);
  return more;
}

static size_t members_of(const Crew *c, size_t block) {
  size_t left = c->e->members - block * c->width;
  return left < c->width ? left : c->width;
}

/* The lanes of the last block beyond the last member repeat that one; nobody sees them. */
static Err draw_block(Worker *w, size_t first, size_t count) {
  const FlowEnsemble *e = w->crew->e;
  size_t inputs = w->crew->p->set_count;
  for (size_t k = 0; k < w->crew->width; k++) {
    double *to = w->set + k * inputs;
    size_t member = first + (k < count ? k : count - 1);
    if (e->draw) TRY(e->draw(e->draw_context, member, to));
    else if (e->set) memcpy(to, e->set, inputs * sizeof *to);
    else memset(to, 0, inputs * sizeof *to);
  }
  return ERR_OK;
}

static Err hand_over(const Crew *c, size_t block, const double *values) {
  const FlowControl *control = c->e->control;
  FlowBlock b = {block * c->width, members_of(c, block), c->width, c->p->rows, c->p->column_count, values};
  if (c->e->sink) TRY(c->e->sink(c->e->sink_context, &b));
  if (control && control->progress) control->progress(control->context, (double)(block + 1) / (double)c->blocks);
  return ERR_OK;
}

/* Hands over what is finished and next. Under the lock, which is released while somebody else's code runs. */
static void deliver_ready(Crew *c) {
  c->delivering = true;
  while (c->delivered < c->limit && c->delivered < c->blocks && c->ready[c->delivered % c->ring]) {
    size_t block = c->delivered;
    double *values = c->ready[block % c->ring];
    ErrInfo info = ERRINFO_INIT;
    pthread_mutex_unlock(&c->lock);
    Err err = hand_over(c, block, values);
    if (err != ERR_OK) {
      err_set(&info, err, "members %zu and on could not be handed over", block * c->width);
      give_up(c, block, err, &info);
    }
    pthread_mutex_lock(&c->lock);
    if (err != ERR_OK) break;
    c->ready[block % c->ring] = NULL;
    c->spare[c->spare_count++] = values;
    c->delivered++;
    pthread_cond_broadcast(&c->room);
  }
  c->delivering = false;
}

/* Puts a finished block in the ring. There is a spare buffer then: the ring is one short of full or was moved on. */
static void deliver(Worker *w, size_t block) {
  Crew *c = w->crew;
  pthread_mutex_lock(&c->lock);
  while (block < c->limit && block >= c->delivered + c->ring) pthread_cond_wait(&c->room, &c->lock);
  if (block < c->limit) {
    c->ready[block % c->ring] = w->out;
    w->out = c->spare[--c->spare_count];
    if (!c->delivering) deliver_ready(c);
  }
  pthread_mutex_unlock(&c->lock);
}

static Err compute(Worker *w, size_t block, ErrInfo *info) {
  Crew *c = w->crew;
  size_t first = block * c->width;
  w->machine.first_member = first;
  w->machine.seed = c->e->seed;
  BlockRun run = {.set = w->set, .out = w->out, .control = c->e->control};
  Err err = draw_block(w, first, members_of(c, block));
  if (err != ERR_OK) return err_set(info, err, "the values of members %zu and on could not be drawn", first);
  return machine_run(&w->machine, &run, info);
}

static void *work(void *context) {
  Worker *w = context;
  size_t block;
  while (take(w->crew, &block)) {
    ErrInfo info = ERRINFO_INIT;
    Err err = compute(w, block, &info);
    if (err == ERR_OK) deliver(w, block);
    else give_up(w->crew, block, err, &info);
  }
  return NULL;
}

static size_t block_values(const Crew *c) { return (c->p->rows * c->p->column_count + 1) * c->width; }

static double *new_buffer(const Crew *c) {
  if (c->p->rows * c->p->column_count > c->p->model->limits.memory_bytes / sizeof(double) / c->width) return NULL;
  return mem_alloc(block_values(c) * sizeof(double));
}

/* Beyond one block for each thread the ring is only as large as is cheap. */
static Err ring_init(Crew *c, unsigned threads, ErrInfo *info) {
  size_t cheap = RING_BYTES / sizeof(double) / block_values(c);
  c->ring = (size_t)threads * RING_PER_THREAD;
  if (threads == 1) c->ring = 1;
  else if (c->ring > cheap) c->ring = cheap > threads ? cheap : threads;
  c->ready = mem_alloc0(c->ring, sizeof *c->ready);
  c->spare = mem_alloc0(c->ring + threads, sizeof *c->spare);
  while (c->ready && c->spare && c->spare_count < c->ring && (c->spare[c->spare_count] = new_buffer(c))) c->spare_count++;
  if (c->spare_count == c->ring) return ERR_OK;
  return err_set(info, ERR_MEMORY, "out of memory for %zu blocks of %u members", c->ring, c->width);
}

static void ring_clear(Crew *c) {
  for (size_t i = 0; c->ready && i < c->ring; i++) mem_free(c->ready[i]);
  for (size_t i = 0; i < c->spare_count; i++) mem_free(c->spare[i]);
  mem_free(c->ready);
  mem_free(c->spare);
}

static Err worker_init(Worker *w, Crew *c, ErrInfo *info) {
  size_t inputs = c->p->set_count * c->width;
  w->crew = c;
  TRY(machine_init(&w->machine, c->p, c->width, c->set, info));
  w->set = mem_alloc((inputs + 1) * sizeof *w->set);
  w->out = new_buffer(c);
  if (w->set && w->out) return ERR_OK;
  return err_set(info, ERR_MEMORY, "out of memory for %zu values of %u members", c->p->rows * c->p->column_count, c->width);
}

static void worker_clear(Worker *w) {
  machine_clear(&w->machine);
  mem_free(w->set);
  mem_free(w->out);
}

static unsigned thread_count(const FlowEnsemble *e, size_t blocks) {
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  size_t n = e->threads ? e->threads : online > 0 ? (size_t)online : 1;
  if (n > THREADS_MAX) n = THREADS_MAX;
  return (unsigned)(n > blocks ? blocks : n);
}

/* The first worker is the calling thread itself; one that cannot be started is done without. */
static Err run_crew(Crew *c, Worker *workers, unsigned threads, ErrInfo *info) {
  TRY(ring_init(c, threads, info));
  for (unsigned i = 0; i < threads; i++) {
    Err err = worker_init(&workers[i], c, info);
    if (err != ERR_OK) return err;
  }
  for (unsigned i = 1; i < threads; i++)
    workers[i].started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
  work(&workers[0]);
  for (unsigned i = 1; i < threads; i++)
    if (workers[i].started) pthread_join(workers[i].thread, NULL);
  if (c->err != ERR_OK) {
    char file[sizeof info->file];
    memcpy(file, info->file, sizeof file);
    *info = c->info;
    if (!info->file[0]) memcpy(info->file, file, sizeof file);
  }
  return c->err;
}

Err flow_ensemble(const FlowProgram *p, const FlowEnsemble *e, size_t *done, ErrInfo *info) {
  ErrInfo own = ERRINFO_INIT;
  if (!info) info = &own;
  if (done) *done = 0;
  if (e->members == 0) return ERR_OK;
  Crew c = {.p = p, .e = e, .set = kernels_best(), .limit = SIZE_MAX};
  c.width = e->width == 1 || e->width == 4 || e->width == 8 ? e->width : e->members < 4 ? 1 : 8;
  c.blocks = (e->members + c.width - 1) / c.width;
  unsigned threads = thread_count(e, c.blocks);
  Worker *workers = mem_alloc0(threads, sizeof *workers);
  if (!workers) return err_set(info, ERR_MEMORY, "out of memory for %u threads", threads);
  pthread_mutex_init(&c.lock, NULL);
  pthread_cond_init(&c.room, NULL);
  Err err = run_crew(&c, workers, threads, info);
  if (done) {
    size_t members = c.delivered * c.width;
    *done = members < e->members ? members : e->members;
  }
  for (unsigned i = 0; i < threads; i++)
    if (workers[i].crew) worker_clear(&workers[i]);
  mem_free(workers);
  ring_clear(&c);
  pthread_cond_destroy(&c.room);
  pthread_mutex_destroy(&c.lock);
  return err;
}
