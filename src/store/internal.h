/* SPDX-License-Identifier: EUPL-1.2 */
/* What store.c, queries.c and migrate.c share. */
#ifndef PW_STORE_INTERNAL_H
#define PW_STORE_INTERNAL_H

#include "base/map.h"
#include "store/driver.h"

typedef struct Query Query;

/* A statement that runs, or waits on its query's list to run again. */
struct Rows {
  Store *store;
  Query *query;
  void *stmt;
  Rows *next_idle;
  Rows *next_all;  /* of the store */
  bool has_row;
};

struct Query {
  Str name;            /* as in the file, for messages */
  Str sql;
  size_t parameters;   /* known once prepared */
  Rows *idle;          /* prepared and not in use */
};

typedef struct Table {
  Str name;
  Str *columns;
  size_t columns_count;
  Query *insert;       /* the last insert, kept while the columns stay the same */
  Str *insert_columns; /* our copy: callers may use their arrays again */
  size_t insert_count;
} Table;

struct Store {
  const StoreDriver *driver;
  void *conn;
  StoreMode mode;
  bool in_transaction;
  Arena arena;         /* queries, tables, names: as long as the store */
  Map queries;         /* name -> Query */
  Map tables;          /* name -> Table */
  Rows *all;
};

/* Reads the embedded sql/queries. A query headed "name (driver)" goes before one headed "name". */
Err queries_load(Store *store, ErrInfo *info) MUST_CHECK;
/* A query of our own text; lives as long as the store. NULL when out of memory. */
Query *query_make(Store *store, Str name, Str sql);
/* Runs a query, see store_query. */
Err query_start(Store *store, Query *query, const Arg *args, size_t count, Rows **rows, ErrInfo *info) MUST_CHECK;
/* Runs SQL that gives one integer; 0 when it gives no row. */
Err query_one_int(Store *store, const char *sql, int64_t *value, ErrInfo *info) MUST_CHECK;

/* Checks the database's layout against the migrations in the program; with STORE_CREATE applies those that are new. */
Err migrate(Store *store, ErrInfo *info) MUST_CHECK;

#endif
