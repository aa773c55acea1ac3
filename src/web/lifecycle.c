/* SPDX-License-Identifier: EUPL-1.2 */
/* Starting, waiting for a signal, stopping: quiesce, drain, stop. */
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "web/exchange.h"

WebConfig web_config_standard(void) {
  return (WebConfig){
    .address = "127.0.0.1", .port = 8080, .threads = 2, .cache_bytes = 16u << 20, .log = WEB_LOG_ALL,
    .charts = chart_render_standard(),
    .limits = {.target_bytes = 4096, .memory_bytes = 24576, .body_bytes = 65536, .connections = 512, .per_address = 128,
               .header_ms = 10000, .body_ms = 20000, .send_ms = 30000, .send_bytes_per_ms = 16,
               .drain_ms = 10000, .arena_bytes = 128u << 20}};
}

/* --- the listening socket: our own, so that what is wrong with it can be said --- */

static Err bind_error(const WebConfig *config, int number, ErrInfo *info) {
  if (number == EADDRINUSE)
    return err_set(info, ERR_BUSY, "port %d on %s is in use by another program; choose another with --port", config->port, config->address);
  if (number == EACCES)
    return err_set(info, ERR_PERMISSION, "no permission to use port %d on %s; ports below 1024 need it", config->port, config->address);
  if (number == EADDRNOTAVAIL)
    return err_set(info, ERR_USAGE, "%s is not an address of this machine", config->address);
  return err_set(info, ERR_IO, "cannot listen on %s port %d: %s", config->address, config->port, strerror(number));
}

static Err bind_to(const WebConfig *config, const struct addrinfo *where, int *out, ErrInfo *info) {
  int on = 1, fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return bind_error(config, errno, info);
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || bind(fd, where->ai_addr, where->ai_addrlen) != 0 ||
      listen(fd, SOMAXCONN) != 0) {
    int number = errno;
    close(fd);
    return bind_error(config, number, info);
  }
  *out = fd;
  return ERR_OK;
}

static Err listen_on(WebServer *server, ErrInfo *info) {
  const WebConfig *config = &server->config;
  struct addrinfo want = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found = NULL;
  char port[16];
  snprintf(port, sizeof port, "%d", config->port);
  if (getaddrinfo(config->address, port, &want, &found) != 0)
    return err_set(info, ERR_USAGE, "\"%s\" is not a numeric IPv4 or IPv6 address", config->address);
  Err err = bind_to(config, found, &server->listen_fd, info);
  freeaddrinfo(found);
  if (err != ERR_OK) return err;
  struct sockaddr_storage bound;
  socklen_t len = sizeof bound;
  char service[16];
  if (getsockname(server->listen_fd, (struct sockaddr *)&bound, &len) != 0 ||
      getnameinfo((struct sockaddr *)&bound, len, NULL, 0, service, sizeof service, NI_NUMERICSERV) != 0)
    return err_set(info, ERR_IO, "cannot tell which port was given");
  int64_t number = 0;
  server->port = str_to_int(str_from(service), &number) ? (int)number : 0;
  return ERR_OK;
}

/* --- starting --- */

static void daemon_log(void *context, const char *format, va_list args) {
  char text[512];
  (void)context;
  vsnprintf(text, sizeof text, format, args);
  log_line(LOG_DEBUG, "http: %s", text);
}

static Err start_daemon(WebServer *server, ErrInfo *info) {
  const WebLimits *limits = &server->config.limits;
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_ITC;
  unsigned timeout = (unsigned)((limits->send_ms > limits->header_ms ? limits->send_ms : limits->header_ms) / 1000 + 1);
  struct MHD_OptionItem options[] = {
    {MHD_OPTION_CONNECTION_LIMIT, limits->connections, NULL},
    {MHD_OPTION_PER_IP_CONNECTION_LIMIT, server->config.trusted_proxy ? 0 : limits->per_address, NULL},
    {MHD_OPTION_CONNECTION_TIMEOUT, timeout, NULL},
    {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)limits->memory_bytes, NULL},
    {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
    {MHD_OPTION_LISTEN_SOCKET, server->listen_fd, NULL},
    {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)server_connection, server},
    {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)server_completed, server},
    {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)server_target, server},
    {server->config.threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, server->config.threads, NULL},
    {MHD_OPTION_END, 0, NULL}};
  server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, server_request, server, MHD_OPTION_EXTERNAL_LOGGER, daemon_log, NULL,
                                    MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  return server->daemon ? ERR_OK : err_set(info, ERR_IO, "the HTTP server cannot be started");
}

static Err make_workers(WebServer *server) {
  server->workers = mem_alloc0(server->config.threads, sizeof *server->workers);
  if (!server->workers) return ERR_MEMORY;
  for (unsigned i = 0; i < server->config.threads; i++) {
    Worker *worker = &server->workers[i];
    arena_init(&worker->arena, server->config.limits.arena_bytes);
    buf_init(&worker->body, WEB_BODY_MAX);
    buf_init(&worker->key, 65536);
    worker->next = server->idle;
    server->idle = worker;
  }
  return ERR_OK;
}

static void release(WebServer *server) {
  if (server->workers) {
    for (unsigned i = 0; i < server->config.threads; i++) {
      store_close(server->workers[i].store);
      arena_clear(&server->workers[i].arena);
      buf_clear(&server->workers[i].body);
      buf_clear(&server->workers[i].key);
    }
    mem_free(server->workers);
  }
  conns_free(server->conns);
  metrics_free(server->metrics);
  answer_cache_free(server->cache);
  chart_renderer_free(server->charts);
  if (server->listen_fd >= 0) close(server->listen_fd);
  pthread_cond_destroy(&server->data_wake);
  pthread_cond_destroy(&server->pool_wake);
  pthread_mutex_destroy(&server->data_lock);
  pthread_mutex_destroy(&server->pool_lock);
  mem_free(server);
}

static Err start_parts(WebServer *server, ErrInfo *info) {
  TRY(make_workers(server));
  TRY(conns_new(&server->conns));
  TRY(metrics_new(&server->metrics, &server->config.table));
  TRY(answer_cache_new(&server->cache, server->config.cache_bytes));
  TRY(chart_renderer_new(&server->charts, &server->config.charts));
  TRY(listen_on(server, info));
  TRY(data_start(server, info));
  return start_daemon(server, info);
}

Err web_start(WebServer **out, const WebConfig *config, ErrInfo *info) {
  *out = NULL;
  if (config->threads < 1 || config->threads > 64) return err_set(info, ERR_USAGE, "threads: expected 1 to 64");
  WebServer *server = mem_alloc0(1, sizeof *server);
  if (!server) return err_set(info, ERR_MEMORY, "out of memory");
  server->config = *config;
  server->listen_fd = -1;
  server->epoch = 1;
  atomic_init(&server->in_flight, 0);
  atomic_init(&server->draining, false);
  pthread_mutex_init(&server->data_lock, NULL);
  pthread_mutex_init(&server->pool_lock, NULL);
  pthread_cond_init(&server->data_wake, NULL);
  pthread_cond_init(&server->pool_wake, NULL);
  Err err = start_parts(server, info);
  if (err != ERR_OK) {
    if (err == ERR_MEMORY && info && !info->message[0]) err = err_set(info, ERR_MEMORY, "out of memory");
    data_stop(server);
    release(server);
    return err;
  }
  *out = server;
  return ERR_OK;
}

int web_port(const WebServer *server) { return server->port; }

/* --- stopping --- */

static void sleep_ms(long ms) {
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

/* Whether all requests ended in time. A second signal (blocked in all threads) ends the waiting. */
static bool drain(WebServer *server) {
  int64_t until = clock_ms() + server->config.limits.drain_ms;
  sigset_t pending;
  while (atomic_load(&server->in_flight) > 0 && clock_ms() < until) {
    if (sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT))) break;
    sleep_ms(10);
  }
  return atomic_load(&server->in_flight) == 0;
}

bool web_stop(WebServer *server) {
  if (!server) return true;
  atomic_store(&server->draining, true);
  MHD_quiesce_daemon(server->daemon);
  close(server->listen_fd);  /* who comes now is refused at once instead of left in the queue */
  server->listen_fd = -1;
  conns_cut_idle(server->conns);
  bool clean = drain(server);
  pthread_mutex_lock(&server->data_lock);
  server->stopping = true;
  server_resume_waiting(server);
  pthread_mutex_unlock(&server->data_lock);
  MHD_stop_daemon(server->daemon);
  data_stop(server);
  release(server);
  return clean;
}

/* glibc raises the size from which memory goes back to the system with every large block that is freed, so that after a
 * rebuild of the index or one large page some 10 MB stay without use. A limit that is set stays. */
#define KEEP_FREE_BYTES (64 * 1024)

Err web_serve(const WebConfig *config, void (*started)(void *context, int port), void *context, ErrInfo *info) {
  WebServer *server;
  sigset_t signals, before;
  int got = 0;
  /* blocked before any thread is made, so that only sigwait below sees them */
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  signal(SIGPIPE, SIG_IGN);
  mallopt(M_TRIM_THRESHOLD, KEEP_FREE_BYTES);
  Err err = web_start(&server, config, info);
  if (err == ERR_OK) {
    if (started) started(context, web_port(server));
    sigwait(&signals, &got);
    log_line(LOG_INFO, "stopping: waiting for requests under way");
    if (!web_stop(server)) log_line(LOG_WARN, "stopped with requests cut off");
    else log_line(LOG_INFO, "stopped");
  }
  /* a second signal has had its effect (drain); it must not end the process with another code now */
  struct timespec none = {0, 0};
  while (err == ERR_OK && sigtimedwait(&signals, NULL, &none) > 0) continue;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return err;
}
