/* SPDX-License-Identifier: EUPL-1.2 */
/* Errors are values: a function that can fail returns Err and fills an ErrInfo with the particulars. */
#ifndef PW_BASE_ERR_H
#define PW_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

typedef enum Err {
#define ERROR(NAME, name, exit_code, http_status, meaning) ERR_##NAME,
#include "base/errors.def"
#undef ERROR
  ERR_COUNT
} Err;

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

/* The particulars of one failure. Zero-initialise with ERRINFO_INIT; may be reused after err_reset. */
typedef struct ErrInfo {
  Err code;            /* ERR_OK while nothing failed */
  char file[256];      /* file the failure is about, "" when none */
  char sheet[64];      /* sheet of a workbook, "" when none */
  long row;            /* 1-based line or row in that file, 0 when none */
  char column[128];    /* heading, variable or field, "" when none */
  char message[1024];  /* one sentence: what was found and what was expected */
} ErrInfo;

#define ERRINFO_INIT {ERR_OK, "", "", 0, "", ""}

/* Sets code and message (printf format; cut at the size of the field). `info` may be NULL. Returns `code`,
 * so that a caller can write `return err_set(info, ERR_INPUT, "...")`. Place fields are left as they are. */
Err err_set(ErrInfo *info, Err code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Sets the place of the failure; NULL strings and row 0 leave that part as it is. `info` may be NULL. */
void err_at(ErrInfo *info, const char *file, const char *sheet, long row, const char *column);

/* Back to "nothing failed". */
void err_reset(ErrInfo *info);

/* Writes "file: sheet S: row R: column C: message" into out (at most size bytes, always terminated). */
void err_format(const ErrInfo *info, char *out, size_t size);

/* The stable lower-case name of a code ("not-found"), its exit code, its HTTP status and its meaning. */
const char *err_name(Err code);
int err_exit_code(Err code);
int err_http_status(Err code);
const char *err_meaning(Err code);

/* Propagates a failure to the caller of the enclosing function. Only where nothing must be released. */
#define TRY(expr) do { Err try_err_ = (expr); if (try_err_ != ERR_OK) return try_err_; } while (0)
/* The same where there is an `out:` label and an `Err err` variable. */
#define TRY_OUT(expr) do { err = (expr); if (err != ERR_OK) goto out; } while (0)

#endif
