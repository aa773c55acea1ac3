/* SPDX-License-Identifier: EUPL-1.2 */
/* The drawing process: limits, Duktape with ECharts in it, requests one after the other. */
#include "chart/draw.h"

#include <duktape.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/embed.h"
#include "chart/render.h"

#define SOCKET_FD 0
#define ORPHAN_MS 120000             /* no request for so long: the server that ends us first is not there any more */
#define SVG_ADDRESS_BYTES (1u << 30) /* of address space; the engine's own limit comes first */
#define PNG_ADDRESS_BYTES (2ul << 30)
#define SVG_CPU_S 120                /* for all charts of a process; a single one is cut by the server */
#define PNG_CPU_S 10

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1                  /* shadow memory takes terabytes of address space */
#else
#define SANITIZED 0
#endif

/* --- limits --- */

static void limit(__rlimit_resource_t what, rlim_t most) {
  struct rlimit now = {0, 0};
  if (getrlimit(what, &now) != 0) return;
  if (now.rlim_max != RLIM_INFINITY && most > now.rlim_max) most = now.rlim_max;
  now.rlim_cur = now.rlim_max = most;
  if (setrlimit(what, &now) != 0) fprintf(stderr, "draw-chart: a limit cannot be set: %s\n", strerror(errno));
}

static void set_limits(size_t address_bytes, unsigned cpu_s) {
  if (!SANITIZED) limit(RLIMIT_AS, address_bytes);
  limit(RLIMIT_CPU, cpu_s);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 64);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* --- the engine's memory: counted, so that a chart that wants too much gets an error and not the machine --- */

typedef struct Pool { size_t used, most; } Pool;
typedef union Block { size_t size; max_align_t align; } Block;

static void *pool_realloc(void *context, void *ptr, duk_size_t size) {
  Pool *pool = context;
  Block *old = ptr ? (Block *)ptr - 1 : NULL;
  size_t before = old ? old->size : 0;
  if (size == 0) {
    pool->used -= before;
    free(old);
    return NULL;
  }
  if (size > pool->most || pool->used - before > pool->most - size) return NULL;
  Block *block = realloc(old, sizeof *block + size);
  if (!block) return NULL;
  block->size = size;
  pool->used += size - before;
  return block + 1;
}

static void *pool_alloc(void *context, duk_size_t size) { return pool_realloc(context, NULL, size); }
static void pool_free(void *context, void *ptr) { pool_realloc(context, ptr, 0); }

/* The engine cannot go on, and this must not return; there is nothing to save. */
static void engine_fatal(void *context, const char *message) {
  (void)context;
  fprintf(stderr, "draw-chart: %s\n", message ? message : "the engine failed");
  for (;;) raise(SIGKILL);
}

/* --- scripts --- */

static const char *const SCRIPTS[] = {"assets/js/chart-draw.js", "assets/vendor/echarts.js", "assets/js/chart-common.js"};

static bool load_script(duk_context *engine, const char *path) {
  EmbeddedFile file;
  if (!embed_find(str_from(path), &file)) return false;
  duk_push_string(engine, path);
  if (duk_pcompile_lstring_filename(engine, 0, file.bytes.ptr, file.bytes.len) == 0 && duk_pcall(engine, 0) == 0) {
    duk_pop(engine);
    return true;
  }
  fprintf(stderr, "draw-chart: %s: %s\n", path, duk_safe_to_string(engine, -1));
  return false;
}

static duk_context *engine_new(Pool *pool) {
  duk_context *engine = duk_create_heap(pool_alloc, pool_realloc, pool_free, pool, engine_fatal);
  for (size_t i = 0; engine && i < sizeof SCRIPTS / sizeof *SCRIPTS; i++)
    if (!load_script(engine, SCRIPTS[i])) return NULL;
  return engine;
}

/* --- requests --- */

static bool read_all(void *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    struct pollfd wait = {.fd = SOCKET_FD, .events = POLLIN};
    if (poll(&wait, 1, ORPHAN_MS) <= 0 && errno != EINTR) return false;
    ssize_t got = recv(SOCKET_FD, (char *)bytes + done, size - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += (size_t)got;
  }
  return true;
}

static bool send_all(const void *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t sent = send(SOCKET_FD, (const char *)bytes + done, size - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    done += (size_t)sent;
  }
  return true;
}

/* Leaves the SVG, or what is wrong, on the engine's stack. */
static DrawStatus draw(duk_context *engine, const Pool *pool, const DrawRequest *request, const char *option) {
  duk_get_global_string(engine, "drawChart");
  duk_push_lstring(engine, option, request->length);
  duk_push_uint(engine, request->width);
  duk_push_uint(engine, request->height);
  if (duk_pcall(engine, 3) == 0) return DRAW_DONE;
  bool refused = strstr(duk_safe_to_string(engine, -1), "alloc failed") != NULL;
  if (refused || pool->used > pool->most - pool->most / 8) return DRAW_NO_MEMORY;
  return DRAW_BAD_OPTION;
}

static bool serve_one(duk_context *engine, const Pool *pool, char *option) {
  DrawRequest request;
  duk_size_t length = 0;
  if (!read_all(&request, sizeof request) || request.magic != DRAW_MAGIC || request.length > CHART_OPTION_MAX) return false;
  if (!read_all(option, request.length)) return false;
  DrawStatus status = draw(engine, pool, &request, option);
  const char *text = duk_get_lstring(engine, -1, &length);
  if (!text || length > CHART_SVG_MAX) length = 0;
  DrawReply reply = {DRAW_MAGIC, status, (uint32_t)length};
  bool sent = send_all(&reply, sizeof reply) && send_all(text, length);
  duk_pop(engine);
  duk_gc(engine, 0);
  /* after a lack of memory nobody knows what state the scripts are in: the next chart gets a new process */
  return sent && status != DRAW_NO_MEMORY;
}

static int draw_svgs(size_t memory_bytes) {
  Pool pool = {0, memory_bytes};
  set_limits(SVG_ADDRESS_BYTES, SVG_CPU_S);
  duk_context *engine = engine_new(&pool);
  char *option = malloc(CHART_OPTION_MAX);
  if (!engine || !option) return 70;
  while (serve_one(engine, &pool, option)) continue;
  return 0;
}

static int become_rasteriser(int64_t percent) {
  char zoom[32];
  snprintf(zoom, sizeof zoom, "--zoom=%.2f", (double)percent / 100);
  char *const arguments[] = {(char *)(uintptr_t)"rsvg-convert", zoom, (char *)(uintptr_t)"--format=png", NULL};
  set_limits(PNG_ADDRESS_BYTES, PNG_CPU_S);
  /* what it says of a bad picture is of no use in the server's log */
  if (!freopen("/dev/null", "we", stderr)) return CHART_NO_RASTERISER;
  execvp(arguments[0], arguments);
  return CHART_NO_RASTERISER;
}

int chart_draw_main(int argc, char **argv) {
  int type = 0;
  int64_t number = 0;
  socklen_t size = sizeof type;
  if (argc != 4 || !str_to_int(str_from(argv[3]), &number) || number < 1 ||
      getsockopt(SOCKET_FD, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    fprintf(stderr, "%s: the server calls this itself to draw its charts\n", CHART_DRAW_COMMAND);
    return CHART_BAD_CALL;
  }
  return strcmp(argv[2], "png") == 0 ? become_rasteriser(number) : draw_svgs((size_t)number);
}
