/* SPDX-License-Identifier: EUPL-1.2 */
/* What a database must be able to do for store.c. A second database is a second table of these functions and a row in
 * drivers.def; domain code never sees it. */
#ifndef PW_STORE_DRIVER_H
#define PW_STORE_DRIVER_H

#include "store/store.h"

typedef struct StoreDriver {
  const char *name;                   /* as in `-- name: x (name)` and in NNNN_x.name.sql */
  bool (*handles)(const char *url);   /* the first driver that says yes is used */

  /* Opens a connection with foreign keys enforced. STORE_CREATE makes the database when it is absent. */
  Err (*open)(void **conn, const char *url, StoreMode mode, ErrInfo *info);
  void (*close)(void *conn);          /* every statement has been freed before */

  /* Runs SQL without values and results: several statements parted by semicolons. NUL-terminated. */
  Err (*script)(void *conn, const char *sql, ErrInfo *info);
  Err (*begin)(void *conn, StoreMode mode, ErrInfo *info);
  Err (*commit)(void *conn, ErrInfo *info);
  void (*rollback)(void *conn);       /* no error when no transaction is open */

  /* A statement to be run many times; *parameters gets the highest $n in it. */
  Err (*prepare)(void *conn, Str sql, void **stmt, size_t *parameters, ErrInfo *info);
  void (*finalize)(void *stmt);
  Err (*bind)(void *stmt, const Arg *args, size_t count, ErrInfo *info);
  Err (*step)(void *stmt, bool *more, ErrInfo *info);
  void (*reset)(void *stmt);          /* ready to be bound again; forgets borrowed values */
  int64_t (*changed)(void *conn);     /* rows touched by the last statement */

  int (*columns)(void *stmt);
  const char *(*column_name)(void *stmt, int column);
  bool (*is_null)(void *stmt, int column);
  int64_t (*as_int)(void *stmt, int column);
  double (*as_double)(void *stmt, int column);
  Str (*as_str)(void *stmt, int column);

  void (*patience)(void *conn, int ms);   /* how long a statement waits for somebody else's lock */
  Err (*data_version)(void *conn, int64_t *version, ErrInfo *info);
  const char *has_tables_sql;         /* one integer: how many tables the database holds */
  const char *columns_sql;            /* the column names of table $1, in order, as text */
} StoreDriver;

extern const StoreDriver SQLITE_DRIVER;

#endif
