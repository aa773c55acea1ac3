/* SPDX-License-Identifier: EUPL-1.2 */
/* Many members: blocks are taken by threads in rising order and handed over in the same order, so that whoever
 * receives them needs no locks and sums in a fixed order. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "flow/run.h"

#define THREADS_MAX 256

typedef struct Crew {
  const FlowProgram *p;
  const FlowEnsemble *e;
  const KernelSet *set;
  unsigned width;
  size_t blocks;
  pthread_mutex_t lock;
  pthread_cond_t turn;
  size_t taken, delivered;    /* blocks; under the lock */
  bool stop;
  Err err;
  ErrInfo info;
} Crew;

typedef struct Worker { Crew *crew; Machine machine; double *set, *out; pthread_t thread; bool started; } Worker;

static void give_up(Crew *c, Err err, const ErrInfo *info) {
  pthread_mutex_lock(&c->lock);
  if (!c->stop) { c->err = err; c->info = *info; }
  c->stop = true;
  pthread_cond_broadcast(&c->turn);
  pthread_mutex_unlock(&c->lock);
}

static bool take(Crew *c, size_t *block) {
  pthread_mutex_lock(&c->lock);
  bool more = !c->stop && c->taken < c->blocks;
  if (more) *block = c->taken++;
  pthread_mutex_unlock(&c->lock);
  return more;
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

static Err deliver(Worker *w, size_t block, size_t first, size_t count) {
  Crew *c = w->crew;
  FlowBlock b = {first, count, c->width, c->p->rows, c->p->column_count, w->out};
  Err err = ERR_OK;
  pthread_mutex_lock(&c->lock);
  while (!c->stop && c->delivered != block) pthread_cond_wait(&c->turn, &c->lock);
  bool stop = c->stop;
  pthread_mutex_unlock(&c->lock);
  if (stop) return ERR_CANCELLED;
  if (c->e->sink) err = c->e->sink(c->e->sink_context, &b);
  const FlowControl *control = c->e->control;
  if (err == ERR_OK && control && control->progress)
    control->progress(control->context, (double)(block + 1) / (double)c->blocks);
  pthread_mutex_lock(&c->lock);
  if (err == ERR_OK) c->delivered = block + 1;
  pthread_cond_broadcast(&c->turn);
  pthread_mutex_unlock(&c->lock);
  return err;
}

static void *work(void *context) {
  Worker *w = context;
  Crew *c = w->crew;
  size_t block;
  while (take(c, &block)) {
    ErrInfo info = ERRINFO_INIT;
    size_t first = block * c->width, count = c->e->members - first < c->width ? c->e->members - first : c->width;
    w->machine.first_member = first;
    w->machine.seed = c->e->seed;
    BlockRun run = {.set = w->set, .out = w->out, .control = c->e->control};
    Err err = draw_block(w, first, count);
    if (err != ERR_OK) err_set(&info, err, "the values of members %zu and on could not be drawn", first);
    if (err == ERR_OK) err = machine_run(&w->machine, &run, &info);
    if (err == ERR_OK) err = deliver(w, block, first, count);
    if (err != ERR_OK && info.code == ERR_OK) err_set(&info, err, "members could not be handed over");
    if (err != ERR_OK) { give_up(c, err, &info); break; }
  }
  return NULL;
}

static Err worker_init(Worker *w, Crew *c, ErrInfo *info) {
  size_t inputs = c->p->set_count * c->width, values = c->p->rows * c->p->column_count;
  w->crew = c;
  TRY(machine_init(&w->machine, c->p, c->width, c->set, info));
  w->set = mem_alloc((inputs + 1) * sizeof *w->set);
  if (values <= c->p->model->limits.memory_bytes / sizeof(double) / c->width)
    w->out = mem_alloc((values + 1) * c->width * sizeof *w->out);
  if (w->set && w->out) return ERR_OK;
  return err_set(info, ERR_MEMORY, "out of memory for %zu values of %u members", values, c->width);
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
  Crew c = {.p = p, .e = e, .set = kernels_best()};
  c.width = e->width == 1 || e->width == 4 || e->width == 8 ? e->width : e->members < 4 ? 1 : 8;
  c.blocks = (e->members + c.width - 1) / c.width;
  unsigned threads = thread_count(e, c.blocks);
  Worker *workers = mem_alloc0(threads, sizeof *workers);
  if (!workers) return err_set(info, ERR_MEMORY, "out of memory for %u threads", threads);
  pthread_mutex_init(&c.lock, NULL);
  pthread_cond_init(&c.turn, NULL);
  Err err = run_crew(&c, workers, threads, info);
  if (done) {
    size_t members = c.delivered * c.width;
    *done = members < e->members ? members : e->members;
  }
  for (unsigned i = 0; i < threads; i++)
    if (workers[i].crew) worker_clear(&workers[i]);
  mem_free(workers);
  pthread_cond_destroy(&c.turn);
  pthread_mutex_destroy(&c.lock);
  return err;
}
