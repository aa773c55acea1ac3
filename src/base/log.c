/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static atomic_int lowest_level = LOG_INFO;

void log_level_set(LogLevel lowest) { atomic_store(&lowest_level, (int)lowest); }

void log_line(LogLevel level, const char *format, ...) {
  static const char *const names[] = {"debug", "info", "warning", "error"};
  if ((int)level < atomic_load(&lowest_level)) return;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  struct tm utc;
  gmtime_r(&now.tv_sec, &utc);
  char line[2048];
  size_t len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
  len += (size_t)snprintf(line + len, sizeof line - len, ".%03ldZ %s ", now.tv_nsec / 1000000, names[level]);
  va_list args;
  va_start(args, format);
  int more = vsnprintf(line + len, sizeof line - len - 1, format, args);
  va_end(args);
  if (more > 0) len += (size_t)more < sizeof line - len - 1 ? (size_t)more : sizeof line - len - 2;
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)line[i] < ' ') line[i] = ' ';  /* a value with a line break must not forge a second line */
  line[len++] = '\n';
  ssize_t written = write(STDERR_FILENO, line, len);
  (void)written;  /* nowhere to report that reporting failed */
}
