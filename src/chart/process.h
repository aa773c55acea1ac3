/* SPDX-License-Identifier: EUPL-1.2 */
/* The drawing process from the server's side (draw.h is the other). */
#ifndef PW_CHART_PROCESS_H
#define PW_CHART_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

typedef struct ChartProcess {
  pid_t pid;   /* 0: none */
  int fd;      /* our end of the socket */
} ChartProcess;

typedef enum ChartWork { CHART_WORK_SVG, CHART_WORK_PNG } ChartWork;

/* Starts `program` for that work with its number (bytes of memory, percent). It gets one socket and standard error,
 * nothing else of ours: no file, no signal mask, no environment, no terminal's signals. ERR_BUSY when it cannot be started. */
Err chart_process_start(ChartProcess *process, const char *program, ChartWork work, size_t number, ErrInfo *info) MUST_CHECK;
/* Kills it and waits for it, so that nothing of it is left. Gives its exit code, -1 when it was killed or there is none. */
int chart_process_end(ChartProcess *process);
/* Whether it ended by itself; then it is cleared away. */
bool chart_process_gone(ChartProcess *process);

/* Draws one chart. ERR_INPUT with what is wrong with the option, ERR_MEMORY turned into ERR_LIMIT; ERR_LIMIT at the
 * deadline (clock of chart_clock_ms), ERR_IO when the process failed. After anything but ERR_OK and ERR_INPUT the process
 * is of no more use: end it. */
Err chart_process_draw(ChartProcess *process, Str option, unsigned width, unsigned height, int64_t deadline_ms, Buf *svg,
                       ErrInfo *info) MUST_CHECK;
/* Sends all of `in`, then takes what comes until the process closes, at most the limit of `out`. Errors as above. */
Err chart_process_filter(ChartProcess *process, Str in, int64_t deadline_ms, Buf *out, ErrInfo *info) MUST_CHECK;

int64_t chart_clock_ms(void);  /* monotonic */

#endif
