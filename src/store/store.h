/* SPDX-License-Identifier: EUPL-1.2 */
/* The thin layer over the database. Queries are named and live in sql/queries/NAME.sql, each headed
 *   -- name: goal_by_code
 *   -- a line that says what it gives
 * with values bound as $1, $2 ... and never concatenated. A query that a dialect must say otherwise has a second one,
 * headed `-- name: goal_by_code (postgresql)`. SQLite is the driver today; nothing here is peculiar to it, so that
 * PostgreSQL is a second driver (store/driver.h). A Store belongs to one thread at a time. */
#ifndef PW_STORE_STORE_H
#define PW_STORE_STORE_H

#include "base/day.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Store Store;
typedef struct Rows Rows;

typedef enum StoreMode {
  STORE_READ,    /* the database must exist and be of this program's version; nothing can be changed */
  STORE_WRITE,   /* the same, and it may be changed */
  STORE_CREATE   /* made when absent, migrated when older */
} StoreMode;

typedef enum ArgKind { ARG_KIND_NULL, ARG_KIND_INT, ARG_KIND_DOUBLE, ARG_KIND_STR } ArgKind;

/* One bound value; $1 of a query is args[0]. Texts are borrowed during the call, for a query until rows_close. */
typedef struct Arg {
  ArgKind kind;
  union { int64_t integer; double number; Str text; } as;
} Arg;

#define ARG_NULL ((Arg){.kind = ARG_KIND_NULL})
#define ARG_INT(v) ((Arg){.kind = ARG_KIND_INT, .as.integer = (v)})
#define ARG_DOUBLE(v) ((Arg){.kind = ARG_KIND_DOUBLE, .as.number = (v)})
#define ARG_STR(v) arg_str(v)
static inline Arg arg_str(Str s) {  /* a Str without pointer is bound as NULL */
  return s.ptr ? (Arg){.kind = ARG_KIND_STR, .as.text = s} : (Arg){.kind = ARG_KIND_NULL};
}
/* An argument list in place: store_query(store, "goal_by_code", ARGS(ARG_STR(code)), &rows, info) */
#define ARGS(...) ((const Arg[]){__VA_ARGS__}), (sizeof((const Arg[]){__VA_ARGS__}) / sizeof(Arg))
#define NO_ARGS NULL, 0

/* Opens `url`: a file name (SQLite) or ":memory:". ERR_NOT_FOUND, ERR_BUSY (locked for longer than the store waits),
 * ERR_VERSION (made by a newer program), ERR_DATABASE (not a database, of another program, or of an older layout and not
 * opened with STORE_CREATE), ERR_PERMISSION, ERR_IO, ERR_UNSUPPORTED (no driver for such a url). On failure *out is NULL. */
Err store_open(Store **out, const char *url, StoreMode mode, ErrInfo *info) MUST_CHECK;
void store_close(Store *store);  /* NULL is allowed; rolls back an open transaction */
/* Number of the newest migration this program carries: the version of its database layout. */
int store_layout_version(void);

/* The caller of domain functions opens the transaction; domain functions never commit. A store opened for writing takes
 * the write lock at once (ERR_BUSY after the wait), so that a transaction never fails halfway for lack of it. A store
 * opened for reading sees one unchanging state until it commits or rolls back. */
Err store_begin(Store *store, ErrInfo *info) MUST_CHECK;
Err store_commit(Store *store, ErrInfo *info) MUST_CHECK;
void store_rollback(Store *store);

/* Runs a named statement; *changed (may be NULL) gets the number of rows it touched. An unknown name or a wrong number
 * of arguments is our mistake: ERR_DATABASE and an assert in debug builds. A full disk is ERR_IO, a lock ERR_BUSY,
 * a broken constraint ERR_CONFLICT. */
Err store_exec(Store *store, const char *name, const Arg *args, size_t count, int64_t *changed, ErrInfo *info) MUST_CHECK;

/* Starts a named query. Rows are read with rows_next until *more is false; always rows_close. */
Err store_query(Store *store, const char *name, const Arg *args, size_t count, Rows **rows, ErrInfo *info) MUST_CHECK;
Err rows_next(Rows *rows, bool *more, ErrInfo *info) MUST_CHECK;
void rows_close(Rows *rows);  /* NULL is allowed */
int rows_columns(const Rows *rows);
const char *rows_name(const Rows *rows, int column);  /* the column's name in the query */
bool rows_null(const Rows *rows, int column);
int64_t rows_int(const Rows *rows, int column);       /* 0 for NULL */
double rows_double(const Rows *rows, int column);
Day rows_day(const Rows *rows, int column);           /* DAY_NONE for NULL and for what is no day */
Str rows_str(const Rows *rows, int column);           /* borrowed until rows_next; STR_NONE for NULL, never for "" */

/* How long each statement waits from now on for another program's lock before it is ERR_BUSY; at first 3 seconds. A server
 * asks for less, so that a locked database does not keep its threads. */
void store_patience(Store *store, int ms);

/* Runs a named query and hands each of its rows to `take`, until there are no more or it fails. */
typedef Err (*StoreTake)(void *context, const Rows *rows);
Err store_each(Store *store, const char *name, const Arg *args, size_t count, StoreTake take, void *context, ErrInfo *info) MUST_CHECK;

/* A number that differs whenever another connection or this one committed a change since it was last asked. Cheap. */
Err store_data_version(Store *store, int64_t *version, ErrInfo *info) MUST_CHECK;

/* --- whole tables by name, for loading and exporting packages. Names must be [a-z][a-z0-9_]* (else ERR_INPUT), so that
 * they can stand in the text of a statement; values are bound. --- */

/* The columns of a table in their order; *count is 0 when there is no such table. Names are borrowed from the store. */
Err store_columns(Store *store, Str table, const Str **columns, size_t *count, ErrInfo *info) MUST_CHECK;
/* Inserts one row; the statement is kept, so rows of one table one after another are cheap. */
Err store_insert(Store *store, Str table, const Str *columns, const Arg *args, size_t count, ErrInfo *info) MUST_CHECK;
/* Starts reading those columns of all rows, in the order of column `order`. */
Err store_table(Store *store, Str table, const Str *columns, size_t count, Str order, Rows **rows, ErrInfo *info) MUST_CHECK;

#endif
