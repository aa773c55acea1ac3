/* SPDX-License-Identifier: EUPL-1.2 */
#include "chart/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "chart/draw.h"
#include "chart/render.h"

int64_t chart_clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- starting and ending --- */

/* Our signals are blocked in every thread of the server; the child starts with none blocked and in a group of its own, so
 * that Ctrl-C in a terminal reaches the server alone. */
static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGINT);
  sigaddset(&usual, SIGTERM);
  int failed = posix_spawnattr_setsigmask(attributes, &none);
  if (!failed) failed = posix_spawnattr_setsigdefault(attributes, &usual);
  if (!failed) failed = posix_spawnattr_setpgroup(attributes, 0);
  if (!failed) failed = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  return failed;
}

/* Everything of ours is close-on-exec already; closefrom is for what a library may have forgotten. */
static int set_files(posix_spawn_file_actions_t *files, int end) {
  int failed = posix_spawn_file_actions_adddup2(files, end, STDIN_FILENO);
  if (!failed) failed = posix_spawn_file_actions_adddup2(files, STDIN_FILENO, STDOUT_FILENO);
  if (!failed) failed = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
  return failed;
}

static int spawn(pid_t *pid, const char *program, ChartWork work, size_t number, int end) {
  char text[24];
  snprintf(text, sizeof text, "%zu", number);
  char *const arguments[] = {(char *)(uintptr_t)"pactwijzer", (char *)(uintptr_t)CHART_DRAW_COMMAND,
                             (char *)(uintptr_t)(work == CHART_WORK_PNG ? "png" : "svg"), text, NULL};
  char *const environment[] = {(char *)(uintptr_t)"PATH=/usr/local/bin:/usr/bin:/bin", (char *)(uintptr_t)"LC_ALL=C.UTF-8", NULL};
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
  int failed = posix_spawnattr_init(&attributes);
  if (failed) return failed;
  failed = posix_spawn_file_actions_init(&files);
  if (!failed) {
    failed = set_attributes(&attributes);
    if (!failed) failed = set_files(&files, end);
    if (!failed) failed = posix_spawn(pid, program, &files, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&files);
  }
  posix_spawnattr_destroy(&attributes);
  return failed;
}

Err chart_process_start(ChartProcess *process, const char *program, ChartWork work, size_t number, ErrInfo *info) {
  int ends[2];
  *process = (ChartProcess){0, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return err_set(info, ERR_BUSY, "the process that draws charts cannot be started: %s", strerror(errno));
  int failed = spawn(&process->pid, program, work, number, ends[1]);
  close(ends[1]);
  if (!failed && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) {
    process->fd = ends[0];
    return ERR_OK;
  }
  close(ends[0]);
  if (!failed) chart_process_end(process);
  process->pid = 0;
  return err_set(info, ERR_BUSY, "the process that draws charts cannot be started: %s", strerror(failed ? failed : errno));
}

static int reap(ChartProcess *process, int options, bool *gone) {
  int status = 0;
  pid_t got;
  do got = waitpid(process->pid, &status, options); while (got < 0 && errno == EINTR);
  *gone = got != 0;  /* also when somebody else waited for it */
  if (!*gone) return -1;
  process->pid = 0;
  if (process->fd >= 0) close(process->fd);
  process->fd = -1;
  return got > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int chart_process_end(ChartProcess *process) {
  bool gone;
  if (process->pid == 0) return -1;
  kill(process->pid, SIGKILL);  /* has no effect on one that has ended, whose exit code is then still there */
  return reap(process, 0, &gone);
}

bool chart_process_gone(ChartProcess *process) {
  bool gone = true;
  if (process->pid) reap(process, WNOHANG, &gone);
  return gone;
}

/* --- talking --- */

static Err failed_talk(ErrInfo *info) { return err_set(info, ERR_IO, "the process that draws charts ended before its time"); }

/* Waits until the socket can be read from or written to. */
static Err wait_for(const ChartProcess *process, short events, int64_t deadline_ms, ErrInfo *info) {
  for (;;) {
    int64_t left = deadline_ms - chart_clock_ms();
    struct pollfd wait = {.fd = process->fd, .events = events};
    if (left <= 0) return err_set(info, ERR_LIMIT, "drawing the chart took too long and was ended");
    int ready = poll(&wait, 1, left > 60000 ? 60000 : (int)left);
    if (ready > 0) return ERR_OK;
    if (ready < 0 && errno != EINTR) return failed_talk(info);
  }
}

static Err send_all(const ChartProcess *process, Str bytes, int64_t deadline_ms, ErrInfo *info) {
  while (bytes.len > 0) {
    ssize_t sent = send(process->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    if (sent >= 0) bytes = str_slice(bytes, (size_t)sent, bytes.len);
    else if (errno == EAGAIN) TRY(wait_for(process, POLLOUT, deadline_ms, info));
    else if (errno != EINTR) return failed_talk(info);
  }
  return ERR_OK;
}

/* Some bytes, at least one; *got 0 at the end. */
static Err take_some(const ChartProcess *process, void *bytes, size_t size, int64_t deadline_ms, size_t *got, ErrInfo *info) {
  for (;;) {
    ssize_t count = recv(process->fd, bytes, size, 0);
    if (count >= 0) {
      *got = (size_t)count;
      return ERR_OK;
    }
    if (errno == EAGAIN) TRY(wait_for(process, POLLIN, deadline_ms, info));
    else if (errno != EINTR) return failed_talk(info);
  }
}

/* Exactly `size` bytes, to `bytes` or, when that is NULL, to `out`. */
static Err take_all(const ChartProcess *process, void *bytes, Buf *out, size_t size, int64_t deadline_ms, ErrInfo *info) {
  char part[16384];
  for (size_t done = 0, got = 0; done < size; done += got) {
    size_t want = bytes || size - done < sizeof part ? size - done : sizeof part;
    TRY(take_some(process, bytes ? (char *)bytes + done : part, want, deadline_ms, &got, info));
    if (got == 0) return failed_talk(info);
    if (!bytes) buf_put(out, part, got);
  }
  return bytes ? ERR_OK : buf_err(out);
}

static Err take_reply(const ChartProcess *process, const DrawReply *reply, int64_t deadline_ms, Buf *svg, ErrInfo *info) {
  char message[400];
  if (reply->status == DRAW_DONE) return take_all(process, NULL, svg, reply->length, deadline_ms, info);
  if (reply->status == DRAW_NO_MEMORY) return err_set(info, ERR_LIMIT, "drawing the chart needs more memory than it may have");
  Buf text;
  buf_init(&text, CHART_SVG_MAX);
  Err err = take_all(process, NULL, &text, reply->length, deadline_ms, info);
  snprintf(message, sizeof message, STR_FMT, STR_ARG(buf_view(&text)));
  buf_clear(&text);
  return err == ERR_OK ? err_set(info, ERR_INPUT, "the chart cannot be drawn: %s", message) : err;
}

Err chart_process_draw(ChartProcess *process, Str option, unsigned width, unsigned height, int64_t deadline_ms, Buf *svg,
                       ErrInfo *info) {
  DrawRequest request = {DRAW_MAGIC, width, height, (uint32_t)option.len};
  DrawReply reply;
  TRY(send_all(process, (Str){(const char *)&request, sizeof request}, deadline_ms, info));
  TRY(send_all(process, option, deadline_ms, info));
  TRY(take_all(process, &reply, NULL, sizeof reply, deadline_ms, info));
  if (reply.magic != DRAW_MAGIC || reply.length > CHART_SVG_MAX) return failed_talk(info);
  return take_reply(process, &reply, deadline_ms, svg, info);
}

Err chart_process_filter(ChartProcess *process, Str in, int64_t deadline_ms, Buf *out, ErrInfo *info) {
  char part[16384];
  size_t got = 0;
  TRY(send_all(process, in, deadline_ms, info));
  if (shutdown(process->fd, SHUT_WR) != 0) return failed_talk(info);
  do {
    TRY(take_some(process, part, sizeof part, deadline_ms, &got, info));
    buf_put(out, part, got);
    TRY(buf_err(out));
  } while (got > 0);
  return ERR_OK;
}
