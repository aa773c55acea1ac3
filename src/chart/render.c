/* SPDX-License-Identifier: EUPL-1.2 */
/* The renderer: which process draws what, who waits for whom, what is kept. */
#include "chart/render.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "chart/draw.h"
#include "chart/kept.h"
#include "chart/process.h"

#define PROCESSES_MAX 16
#define LOOK_MS 500   /* how often idle processes are looked at */

typedef struct Slot {
  ChartProcess process;
  bool busy;
  unsigned drawn;
  int64_t idle_since_ms;
} Slot;

struct ChartRenderer {
  ChartRenderConfig config;
  pthread_mutex_t lock;
  pthread_cond_t changed;   /* an entry was finished, a process became free, or the renderer ends */
  KeptTable kept;
  Slot slots[PROCESSES_MAX];
  unsigned rasterising;     /* processes that make a PNG */
  ChartRenderFigures figures;
  pthread_t keeper;
  bool keeper_runs, ending;
};

/* What is to be made. */
typedef struct Job {
  ChartWork work;
  unsigned width, height;   /* CHART_WORK_PNG: width is the percentage */
  Str payload;
} Job;

ChartRenderConfig chart_render_standard(void) {
  return (ChartRenderConfig){.program = "/proc/self/exe", .processes = 2, .charts_each = 500, .idle_ms = 10000, .draw_ms = 10000,
                             .retry_ms = 30000, .memory_bytes = 96u << 20, .cache_bytes = 4u << 20};
}

Err chart_renderer_new(ChartRenderer **out, const ChartRenderConfig *config) {
  pthread_condattr_t clock;
  *out = NULL;
  ChartRenderer *renderer = mem_alloc0(1, sizeof *renderer);
  if (!renderer) return ERR_MEMORY;
  renderer->config = *config;
  if (renderer->config.processes > PROCESSES_MAX) renderer->config.processes = PROCESSES_MAX;
  renderer->kept.max_bytes = config->cache_bytes;
  for (size_t i = 0; i < PROCESSES_MAX; i++) renderer->slots[i].process.fd = -1;
  pthread_mutex_init(&renderer->lock, NULL);
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&renderer->changed, &clock);
  pthread_condattr_destroy(&clock);
  *out = renderer;
  return ERR_OK;
}

void chart_renderer_free(ChartRenderer *renderer) {
  if (!renderer) return;
  pthread_mutex_lock(&renderer->lock);
  renderer->ending = true;
  pthread_cond_broadcast(&renderer->changed);
  pthread_mutex_unlock(&renderer->lock);
  if (renderer->keeper_runs) pthread_join(renderer->keeper, NULL);
  for (size_t i = 0; i < PROCESSES_MAX; i++) chart_process_end(&renderer->slots[i].process);
  kept_clear(&renderer->kept);
  pthread_cond_destroy(&renderer->changed);
  pthread_mutex_destroy(&renderer->lock);
  mem_free(renderer);
}

/* Waits for a change, at most until then; false when the time is up. The lock is held. */
static bool wait_until(ChartRenderer *renderer, int64_t until_ms) {
  struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
  return pthread_cond_timedwait(&renderer->changed, &renderer->lock, &until) == 0;
}

/* --- processes --- */

/* A busy place belongs to the thread that draws in it; only of the others the process may be looked at. */
static bool in_use(const Slot *slot) { return slot->busy || slot->process.pid != 0; }

/* Ends processes that had nothing to do for long, and clears away those that ended by themselves. */
static void tidy_slots(ChartRenderer *renderer, int64_t now_ms) {
  for (size_t i = 0; i < renderer->config.processes; i++) {
    Slot *slot = &renderer->slots[i];
    if (slot->busy || !slot->process.pid || chart_process_gone(&slot->process)) continue;
    if (now_ms - slot->idle_since_ms >= (int64_t)renderer->config.idle_ms) chart_process_end(&slot->process);
  }
}

static void *keep(void *context) {
  ChartRenderer *renderer = context;
  pthread_mutex_lock(&renderer->lock);
  while (!renderer->ending) {
    bool any = false;
    tidy_slots(renderer, chart_clock_ms());
    for (size_t i = 0; i < renderer->config.processes; i++) any = any || in_use(&renderer->slots[i]);
    if (any) wait_until(renderer, chart_clock_ms() + LOOK_MS);
    else pthread_cond_wait(&renderer->changed, &renderer->lock);
  }
  pthread_mutex_unlock(&renderer->lock);
  return NULL;
}

static Err start_keeper(ChartRenderer *renderer, ErrInfo *info) {
  if (renderer->keeper_runs) return ERR_OK;
  if (pthread_create(&renderer->keeper, NULL, keep, renderer) != 0)
    return err_set(info, ERR_BUSY, "the thread that watches over drawing cannot be started");
  renderer->keeper_runs = true;
  return ERR_OK;
}

/* A free place, one with a process that has drawn before if there is; NULL when all are in use. */
static Slot *free_slot(ChartRenderer *renderer) {
  Slot *found = NULL;
  for (size_t i = 0; i < renderer->config.processes; i++) {
    Slot *slot = &renderer->slots[i];
    if (!slot->busy && (!found || (in_use(slot) && !in_use(found)))) found = slot;
  }
  return found;
}

static Err take_slot(ChartRenderer *renderer, int64_t deadline_ms, Slot **out, ErrInfo *info) {
  Err err = ERR_OK;
  pthread_mutex_lock(&renderer->lock);
  err = start_keeper(renderer, info);
  while (err == ERR_OK && !(*out = free_slot(renderer)))
    if (!wait_until(renderer, deadline_ms)) err = err_set(info, ERR_BUSY, "too many charts are being drawn now; try again");
  if (err == ERR_OK) (*out)->busy = true;
  pthread_mutex_unlock(&renderer->lock);
  return err;
}

static void give_slot(ChartRenderer *renderer, Slot *slot, bool usable) {
  /* no other thread looks at the process of a busy slot */
  if (!usable || slot->drawn >= renderer->config.charts_each) chart_process_end(&slot->process);
  pthread_mutex_lock(&renderer->lock);
  slot->busy = false;
  slot->idle_since_ms = chart_clock_ms();
  pthread_cond_broadcast(&renderer->changed);
  pthread_mutex_unlock(&renderer->lock);
}

static Err start_process(ChartRenderer *renderer, ChartProcess *process, ChartWork work, size_t number, ErrInfo *info) {
  TRY(chart_process_start(process, renderer->config.program, work, number, info));
  pthread_mutex_lock(&renderer->lock);
  renderer->figures.processes_started++;
  pthread_mutex_unlock(&renderer->lock);
  return ERR_OK;
}

/* --- drawing --- */

static Err draw_once(ChartRenderer *renderer, Slot *slot, const Job *job, int64_t deadline_ms, Buf *out, ErrInfo *info) {
  if (!slot->process.pid) {
    slot->drawn = 0;
    TRY(start_process(renderer, &slot->process, CHART_WORK_SVG, renderer->config.memory_bytes, info));
  }
  slot->drawn++;
  return chart_process_draw(&slot->process, job->payload, job->width, job->height, deadline_ms, out, info);
}

static Err draw(ChartRenderer *renderer, const Job *job, Buf *out, ErrInfo *info) {
  int64_t deadline_ms = chart_clock_ms() + renderer->config.draw_ms;
  Slot *slot = NULL;
  TRY(take_slot(renderer, deadline_ms, &slot, info));
  bool used_before = slot->process.pid != 0;
  Err err = draw_once(renderer, slot, job, deadline_ms, out, info);
  if (err == ERR_IO && used_before) {
    /* something ended it while it waited (the system, short of memory): that is not this chart's fault */
    chart_process_end(&slot->process);
    buf_reset(out);
    err_reset(info);
    err = draw_once(renderer, slot, job, deadline_ms, out, info);
  }
  give_slot(renderer, slot, err == ERR_OK || err == ERR_INPUT);
  if (err == ERR_OK && (!str_starts(buf_view(out), S("<svg ")) || !text_utf8_valid(buf_view(out))))
    err = err_set(info, ERR_INPUT, "the chart cannot be drawn: what was drawn is not an SVG document");
  return err;
}

static Err take_turn(ChartRenderer *renderer, int64_t deadline_ms, ErrInfo *info) {
  Err err = ERR_OK;
  pthread_mutex_lock(&renderer->lock);
  while (err == ERR_OK && renderer->rasterising >= renderer->config.processes)
    if (!wait_until(renderer, deadline_ms)) err = err_set(info, ERR_BUSY, "too many charts are being drawn now; try again");
  if (err == ERR_OK) renderer->rasterising++;
  pthread_mutex_unlock(&renderer->lock);
  return err;
}

static void give_turn(ChartRenderer *renderer) {
  pthread_mutex_lock(&renderer->lock);
  renderer->rasterising--;
  pthread_cond_broadcast(&renderer->changed);
  pthread_mutex_unlock(&renderer->lock);
}

static Err rasterise(ChartRenderer *renderer, const Job *job, Buf *out, ErrInfo *info) {
  int64_t deadline_ms = chart_clock_ms() + renderer->config.draw_ms;
  ChartProcess process = {0, -1};
  TRY(take_turn(renderer, deadline_ms, info));
  Err err = start_process(renderer, &process, CHART_WORK_PNG, job->width, info);
  if (err == ERR_OK) err = chart_process_filter(&process, job->payload, deadline_ms, out, info);
  int code = chart_process_end(&process);
  give_turn(renderer);
  if (code == CHART_NO_RASTERISER)
    return err_set(info, ERR_UNSUPPORTED, "this server cannot make PNG: it has no rsvg-convert (Debian package librsvg2-bin)");
  if (err == ERR_OK && (code != 0 || !str_starts(buf_view(out), S("\x89PNG"))))
    err = err_set(info, ERR_IO, "rsvg-convert failed");
  return err;
}

/* --- one maker for each picture --- */

static Err make(ChartRenderer *renderer, const Job *job, Buf *out, ErrInfo *info) {
  return job->work == CHART_WORK_PNG ? rasterise(renderer, job, out, info) : draw(renderer, job, out, info);
}

/* How long a failure is believed: what lies in the chart does not change, what lies in the machine may pass at once. */
static int64_t believed_ms(const ChartRenderer *renderer, Err err) {
  return err == ERR_INPUT || err == ERR_LIMIT || err == ERR_IO ? renderer->config.retry_ms : 0;
}

/* Makes the picture of an entry that this thread added; the lock is held, but not while it is made. */
static void fill(ChartRenderer *renderer, Kept *entry, const Job *job) {
  ErrInfo info = ERRINFO_INIT;
  Buf out;
  size_t len = 0;
  buf_init(&out, job->work == CHART_WORK_PNG ? CHART_PNG_MAX : CHART_SVG_MAX);
  pthread_mutex_unlock(&renderer->lock);
  Err err = make(renderer, job, &out, &info);
  if (err == ERR_OK) err = buf_err(&out);
  if (err != ERR_OK && info.code == ERR_OK) err_set(&info, err, "the chart cannot be drawn: %s", err_meaning(err));
  pthread_mutex_lock(&renderer->lock);
  char *bytes = err == ERR_OK ? buf_take(&out, &len) : NULL;
  if (err == ERR_OK) {
    renderer->figures.drawn++;
    kept_ready(&renderer->kept, entry, bytes, len);
  } else {
    renderer->figures.failures++;
    kept_failed(entry, &info, chart_clock_ms() + believed_ms(renderer, err));
  }
  buf_clear(&out);
  pthread_cond_broadcast(&renderer->changed);
}

static Err answer(const Kept *entry, Buf *out, ErrInfo *info) {
  if (entry->state == KEPT_READY) {
    buf_put(out, entry->bytes, entry->len);
    return buf_err(out);
  }
  if (info) *info = entry->why;
  return entry->why.code;
}

static Err picture(ChartRenderer *renderer, Str key, const Job *job, Buf *out, ErrInfo *info) {
  pthread_mutex_lock(&renderer->lock);
  Kept *entry = kept_find(&renderer->kept, key, chart_clock_ms());
  if (entry) {
    entry->users++;
    if (entry->state == KEPT_READY) renderer->figures.kept_hits++;
    /* whoever makes it finishes by its own deadline */
    while (entry->state == KEPT_MAKING) pthread_cond_wait(&renderer->changed, &renderer->lock);
  } else {
    entry = kept_add(&renderer->kept, key);
    if (!entry) {
      pthread_mutex_unlock(&renderer->lock);
      return ERR_MEMORY;
    }
    entry->users++;
    fill(renderer, entry, job);
  }
  Err err = answer(entry, out, info);
  entry->users--;
  kept_trim(&renderer->kept, chart_clock_ms());
  pthread_mutex_unlock(&renderer->lock);
  return err;
}

static Err make_or_find(ChartRenderer *renderer, const Job *job, Buf *out, ErrInfo *info) {
  Buf key;
  buf_init(&key, 0);
  buf_printf(&key, "%d %u %u ", (int)job->work, job->width, job->height);
  buf_str(&key, job->payload);
  Err err = buf_err(&key);
  if (err == ERR_OK) err = picture(renderer, buf_view(&key), job, out, info);
  buf_clear(&key);
  return err;
}

/* --- documents --- */

/* Writes `drawn` with a role, a title and a description as its first children. The id are those of one document: an SVG
 * that is written into a page instead of being shown as an image would need others. */
static void write_document(Buf *out, Str drawn, Str title, Str description) {
  buf_cstr(out, "<svg role=\"img\" aria-labelledby=\"c-title");
  if (description.len) buf_cstr(out, " c-desc");
  buf_cstr(out, "\" ");
  drawn = str_slice(drawn, 5, drawn.len);
  size_t end = str_find_char(drawn, '>');
  buf_str(out, str_slice(drawn, 0, end + 1));
  buf_cstr(out, "\n<title id=\"c-title\">");
  text_escape_html(out, title);
  buf_cstr(out, "</title>\n");
  if (description.len) {
    buf_cstr(out, "<desc id=\"c-desc\">");
    text_escape_html(out, description);
    buf_cstr(out, "</desc>\n");
  }
  buf_str(out, str_trim(str_slice(drawn, end + 1, drawn.len)));
  buf_char(out, '\n');
}

Err chart_render_svg(ChartRenderer *renderer, Str option, unsigned width, unsigned height, Str title, Str description,
                     Buf *svg, ErrInfo *info) {
  if (option.len > CHART_OPTION_MAX)
    return err_set(info, ERR_LIMIT, "the option of the chart has %zu bytes; at most %u are drawn", option.len, CHART_OPTION_MAX);
  if (width < CHART_SIDE_MIN || width > CHART_SIDE_MAX || height < CHART_SIDE_MIN || height > CHART_SIDE_MAX)
    return err_set(info, ERR_LIMIT, "a chart of %u by %u px: sides of %d to %d px can be drawn", width, height, CHART_SIDE_MIN,
                   CHART_SIDE_MAX);
  Job job = {CHART_WORK_SVG, width, height, option};
  Buf drawn;
  buf_init(&drawn, CHART_SVG_MAX);
  Err err = make_or_find(renderer, &job, &drawn, info);
  if (err == ERR_OK) write_document(svg, buf_view(&drawn), title, description);
  buf_clear(&drawn);
  return err == ERR_OK ? buf_err(svg) : err;
}

Err chart_render_png(ChartRenderer *renderer, Str svg, unsigned percent, Buf *png, ErrInfo *info) {
  if (percent < 100 || percent > 400) return err_set(info, ERR_LIMIT, "a PNG of %u percent: 100 to 400 can be made", percent);
  if (svg.len > CHART_SVG_MAX) return err_set(info, ERR_LIMIT, "the picture has %zu bytes; at most %u are taken", svg.len, CHART_SVG_MAX);
  Job job = {CHART_WORK_PNG, percent, 0, svg};
  return make_or_find(renderer, &job, png, info);
}

ChartRenderFigures chart_render_figures(ChartRenderer *renderer) {
  pthread_mutex_lock(&renderer->lock);
  ChartRenderFigures figures = renderer->figures;
  figures.kept = renderer->kept.count;
  figures.kept_bytes = renderer->kept.bytes;
  for (size_t i = 0; i < renderer->config.processes; i++) figures.processes += in_use(&renderer->slots[i]);
  pthread_mutex_unlock(&renderer->lock);
  return figures;
}
