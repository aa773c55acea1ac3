/* SPDX-License-Identifier: EUPL-1.2 */
/* The store over its driver: connections, transactions, named statements. */
#include "store/store.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "store/internal.h"

static const StoreDriver *const DRIVERS[] = {&SQLITE_DRIVER};

static const StoreDriver *driver_for(const char *url) {
  for (size_t i = 0; i < sizeof DRIVERS / sizeof *DRIVERS; i++)
    if (DRIVERS[i]->handles(url)) return DRIVERS[i];
  return NULL;
}

static Err setup(Store *store, const char *url, ErrInfo *info) {
  TRY(queries_load(store, info));
  /* A name with a space in front cannot come from a file. */
  Query *columns = query_make(store, S(" columns"), str_from(store->driver->columns_sql));
  if (!columns || map_set(&store->queries, columns->name, columns) != ERR_OK)
    return err_set(info, ERR_MEMORY, "out of memory");
  TRY(store->driver->open(&store->conn, url, store->mode, info));
  return migrate(store, info);
}

Err store_open(Store **out, const char *url, StoreMode mode, ErrInfo *info) {
  *out = NULL;
  const StoreDriver *driver = driver_for(url);
  if (!driver) return err_set(info, ERR_UNSUPPORTED, "there is no driver for the database '%s': a file name is expected", url);
  Store *store = mem_alloc0(1, sizeof *store);
  if (!store) return err_set(info, ERR_MEMORY, "out of memory");
  store->driver = driver;
  store->mode = mode;
  arena_init(&store->arena, 0);
  map_init(&store->queries, &store->arena);
  map_init(&store->tables, &store->arena);
  Err err = setup(store, url, info);
  if (err != ERR_OK) {
    if (info && !info->file[0]) err_at(info, url, NULL, 0, NULL);
    store_close(store);
    return err;
  }
  *out = store;
  return ERR_OK;
}

void store_close(Store *store) {
  if (!store) return;
  store_rollback(store);
  for (Rows *rows = store->all, *next; rows; rows = next) {
    next = rows->next_all;
    store->driver->finalize(rows->stmt);
    mem_free(rows);
  }
  if (store->conn) store->driver->close(store->conn);
  arena_clear(&store->arena);
  mem_free(store);
}

Err store_begin(Store *store, ErrInfo *info) {
  assert(!store->in_transaction);
  TRY(store->driver->begin(store->conn, store->mode, info));
  store->in_transaction = true;
  return ERR_OK;
}

Err store_commit(Store *store, ErrInfo *info) {
  assert(store->in_transaction);
  Err err = store->driver->commit(store->conn, info);
  /* A commit that was refused leaves the transaction open; nobody can do anything with it but end it. */
  if (err != ERR_OK) store->driver->rollback(store->conn);
  store->in_transaction = false;
  return err;
}

void store_rollback(Store *store) {
  if (store->conn) store->driver->rollback(store->conn);
  store->in_transaction = false;
}

/* An idle statement of the query, or a new one: the same query may run inside itself. */
static Err rows_get(Store *store, Query *query, Rows **out, ErrInfo *info) {
  if (query->idle) {
    *out = query->idle;
    query->idle = (*out)->next_idle;
    return ERR_OK;
  }
  Rows *rows = mem_alloc0(1, sizeof *rows);
  if (!rows) return err_set(info, ERR_MEMORY, "out of memory");
  Err err = store->driver->prepare(store->conn, query->sql, &rows->stmt, &query->parameters, info);
  if (err != ERR_OK) {
    mem_free(rows);
    return err;
  }
  rows->store = store;
  rows->query = query;
  rows->next_all = store->all;
  store->all = rows;
  *out = rows;
  return ERR_OK;
}

Err query_start(Store *store, Query *query, const Arg *args, size_t count, Rows **out, ErrInfo *info) {
  Rows *rows = NULL;
  *out = NULL;
  TRY(rows_get(store, query, &rows, info));
  Err err = ERR_OK;
  if (query->parameters != count)
    err = err_set(info, ERR_DATABASE, "query '" STR_FMT "' takes %zu values and was given %zu", STR_ARG(query->name),
                  query->parameters, count);
  if (err == ERR_OK) err = store->driver->bind(rows->stmt, args, count, info);
  if (err != ERR_OK) {
    rows_close(rows);
    return err;
  }
  *out = rows;
  return ERR_OK;
}

Err query_one_int(Store *store, const char *sql, int64_t *value, ErrInfo *info) {
  void *stmt = NULL;
  size_t parameters;
  bool more = false;
  *value = 0;
  TRY(store->driver->prepare(store->conn, str_from(sql), &stmt, &parameters, info));
  Err err = store->driver->step(stmt, &more, info);
  if (err == ERR_OK && more) *value = store->driver->as_int(stmt, 0);
  store->driver->finalize(stmt);
  return err;
}

static Err query_find(Store *store, const char *name, Query **out, ErrInfo *info) {
  void *found = NULL;
  if (!map_get(&store->queries, str_from(name), &found))
    return err_set(info, ERR_DATABASE, "there is no query '%s' in sql/queries", name);
  *out = found;
  return ERR_OK;
}

Err store_query(Store *store, const char *name, const Arg *args, size_t count, Rows **rows, ErrInfo *info) {
  Query *query = NULL;
  *rows = NULL;
  TRY(query_find(store, name, &query, info));
  return query_start(store, query, args, count, rows, info);
}

Err store_exec(Store *store, const char *name, const Arg *args, size_t count, int64_t *changed, ErrInfo *info) {
  Rows *rows = NULL;
  bool more = true;
  TRY(store_query(store, name, args, count, &rows, info));
  Err err = ERR_OK;
  while (err == ERR_OK && more) err = rows_next(rows, &more, info);
  if (err == ERR_OK && changed) *changed = store->driver->changed(store->conn);
  rows_close(rows);
  return err;
}

Err rows_next(Rows *rows, bool *more, ErrInfo *info) {
  Err err = rows->store->driver->step(rows->stmt, more, info);
  rows->has_row = err == ERR_OK && *more;
  return err;
}

void rows_close(Rows *rows) {
  if (!rows) return;
  rows->store->driver->reset(rows->stmt);
  rows->has_row = false;
  rows->next_idle = rows->query->idle;
  rows->query->idle = rows;
}

int rows_columns(const Rows *rows) {
  return rows->store->driver->columns(rows->stmt);
}

const char *rows_name(const Rows *rows, int column) {
  return rows->store->driver->column_name(rows->stmt, column);
}

bool rows_null(const Rows *rows, int column) {
  return !rows->has_row || rows->store->driver->is_null(rows->stmt, column);
}

int64_t rows_int(const Rows *rows, int column) {
  return rows->has_row ? rows->store->driver->as_int(rows->stmt, column) : 0;
}

double rows_double(const Rows *rows, int column) {
  return rows->has_row ? rows->store->driver->as_double(rows->stmt, column) : 0;
}

Day rows_day(const Rows *rows, int column) {
  Day day;
  return !rows_null(rows, column) && day_parse_iso(rows_str(rows, column), &day) ? day : DAY_NONE;
}

Err store_each(Store *store, const char *name, const Arg *args, size_t count, StoreTake take, void *context, ErrInfo *info) {
  Rows *rows;
  bool more = true;
  TRY(store_query(store, name, args, count, &rows, info));
  Err err;
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more)
    if ((err = take(context, rows)) != ERR_OK) break;
  rows_close(rows);
  return err;
}

Str rows_str(const Rows *rows, int column) {
  return rows_null(rows, column) ? STR_NONE : rows->store->driver->as_str(rows->stmt, column);
}

void store_patience(Store *store, int ms) { store->driver->patience(store->conn, ms); }

Err store_data_version(Store *store, int64_t *version, ErrInfo *info) {
  return store->driver->data_version(store->conn, version, info);
}
