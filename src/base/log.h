/* SPDX-License-Identifier: EUPL-1.2 */
/* Log lines on standard error: time in UTC, level, text; one write per line, safe from several threads. */
#ifndef PW_BASE_LOG_H
#define PW_BASE_LOG_H

#include "base/err.h"

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

void log_level_set(LogLevel lowest);   /* default LOG_INFO */
void log_line(LogLevel level, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
