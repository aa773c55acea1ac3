/* SPDX-License-Identifier: EUPL-1.2 */
/* The named queries of sql/queries, and the whole-table statements made for packages. */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "store/internal.h"

Query *query_make(Store *store, Str name, Str sql) {
  Query *query = ARENA_NEW(&store->arena, Query);
  if (query) *query = (Query){.name = name, .sql = sql};
  return query;
}

/* "goal_by_code (sqlite)" -> name and driver; driver is empty when there is none. */
static void split_head(Str head, Str *name, Str *driver) {
  size_t open = str_find_char(head, '(');
  *name = str_trim(str_slice(head, 0, open));
  *driver = S("");
  if (open == STR_NPOS) return;
  Str rest = str_slice(head, open + 1, head.len);
  *driver = str_trim(str_slice(rest, 0, str_find_char(rest, ')')));
}

static Err add_query(Store *store, Str head, Str sql, Str file, ErrInfo *info) {
  Str name, driver;
  void *before = NULL;
  split_head(head, &name, &driver);
  if (driver.len > 0 && !str_eq(driver, str_from(store->driver->name))) return ERR_OK;
  bool known = map_get(&store->queries, name, &before);
  if (known && driver.len == 0) {
    /* Either the same name twice, or the driver's own query stands earlier in the files. */
    assert(((Query *)before)->parameters == SIZE_MAX && "two queries of one name");
    return ERR_OK;
  }
  Query *query = query_make(store, name, sql);
  if (!query || map_set(&store->queries, name, query) != ERR_OK)
    return err_set(info, ERR_MEMORY, "out of memory while reading the queries of '" STR_FMT "'", STR_ARG(file));
  query->parameters = driver.len > 0 ? SIZE_MAX : 0;
  return ERR_OK;
}

static Err load_file(Store *store, const EmbeddedFile *file, ErrInfo *info) {
  Str text = file->bytes;
  size_t at = str_find(text, S("-- name:"));
  while (at != STR_NPOS) {
    Str rest = str_slice(text, at + sizeof "-- name:" - 1, text.len);
    size_t line_end = str_find_char(rest, '\n');
    Str head = str_trim(str_slice(rest, 0, line_end));
    Str body = line_end == STR_NPOS ? S("") : str_slice(rest, line_end + 1, rest.len);
    size_t next = str_find(body, S("-- name:"));
    TRY(add_query(store, head, str_slice(body, 0, next), file->path, info));
    if (next == STR_NPOS) break;
    text = str_slice(body, next, body.len);
    at = 0;
  }
  return ERR_OK;
}

Err queries_load(Store *store, ErrInfo *info) {
  size_t first, count = embed_prefix(S("sql/queries/"), &first);
  for (size_t i = 0; i < count; i++)
    if (str_ends(embed_at(first + i)->path, S(".sql"))) TRY(load_file(store, embed_at(first + i), info));
  return ERR_OK;
}

/* --- whole tables --- */

static bool is_identifier(Str s) {
  if (s.len == 0 || s.len > 63 || s.ptr[0] < 'a' || s.ptr[0] > 'z') return false;
  for (size_t i = 1; i < s.len; i++) {
    char c = s.ptr[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

static Err check_names(Str table, const Str *columns, size_t count, ErrInfo *info) {
  if (!is_identifier(table)) return err_set(info, ERR_INPUT, "'" STR_FMT "' is not a name of a table", STR_ARG(table));
  for (size_t i = 0; i < count; i++)
    if (!is_identifier(columns[i])) return err_set(info, ERR_INPUT, "'" STR_FMT "' is not a name of a column", STR_ARG(columns[i]));
  return ERR_OK;
}

static Err read_columns(Store *store, Table *table, ErrInfo *info) {
  size_t cap = 0;
  bool more = true;
  Rows *rows = NULL;
  Err err = store_query(store, " columns", ARGS(ARG_STR(table->name)), &rows, info);
  while (err == ERR_OK && (err = rows_next(rows, &more, info)) == ERR_OK && more) {
    if (table->columns_count == cap) {
      Str *grown = arena_grow(&store->arena, table->columns, cap * sizeof(Str), (cap + 32) * sizeof(Str));
      if (!grown) { err = err_set(info, ERR_MEMORY, "out of memory"); break; }
      table->columns = grown;
      cap += 32;
    }
    Str name = arena_str(&store->arena, rows_str(rows, 0));
    if (!name.ptr) err = err_set(info, ERR_MEMORY, "out of memory");
    else table->columns[table->columns_count++] = name;
  }
  rows_close(rows);
  return err;
}

static Err table_of(Store *store, Str name, Table **out, ErrInfo *info) {
  void *found = NULL;
  if (map_get(&store->tables, name, &found)) { *out = found; return ERR_OK; }
  TRY(check_names(name, NULL, 0, info));
  Table *table = ARENA_NEW(&store->arena, Table);
  Str own = arena_str(&store->arena, name);
  if (!table || !own.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  table->name = own;
  TRY(read_columns(store, table, info));
  if (map_set(&store->tables, own, table) != ERR_OK) return err_set(info, ERR_MEMORY, "out of memory");
  *out = table;
  return ERR_OK;
}

Err store_columns(Store *store, Str name, const Str **columns, size_t *count, ErrInfo *info) {
  Table *table = NULL;
  TRY(table_of(store, name, &table, info));
  *columns = table->columns;
  *count = table->columns_count;
  return ERR_OK;
}

static bool same_columns(const Table *table, const Str *columns, size_t count) {
  if (!table->insert || table->insert_count != count) return false;
  for (size_t i = 0; i < count; i++)
    if (!str_eq(table->insert_columns[i], columns[i])) return false;
  return true;
}

static Err make_insert(Store *store, Table *table, const Str *columns, size_t count, ErrInfo *info) {
  Buf sql;
  TRY(check_names(table->name, columns, count, info));
  buf_init(&sql, 0);
  buf_printf(&sql, "INSERT INTO " STR_FMT " (", STR_ARG(table->name));
  for (size_t i = 0; i < count; i++) buf_printf(&sql, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(columns[i]));
  buf_cstr(&sql, ") VALUES (");
  for (size_t i = 0; i < count; i++) buf_printf(&sql, "%s$%zu", i > 0 ? ", " : "", i + 1);
  buf_cstr(&sql, ")");
  Str text = buf_err(&sql) == ERR_OK ? arena_str(&store->arena, buf_view(&sql)) : STR_NONE;
  buf_clear(&sql);
  Str *own = ARENA_ARRAY(&store->arena, Str, count);
  Query *query = text.ptr && own ? query_make(store, table->name, text) : NULL;
  if (!query) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < count; i++) {
    own[i] = arena_str(&store->arena, columns[i]);
    if (!own[i].ptr) return err_set(info, ERR_MEMORY, "out of memory");
  }
  table->insert = query;
  table->insert_columns = own;
  table->insert_count = count;
  return ERR_OK;
}

Err store_insert(Store *store, Str name, const Str *columns, const Arg *args, size_t count, ErrInfo *info) {
  Table *table = NULL;
  Rows *rows = NULL;
  bool more;
  TRY(table_of(store, name, &table, info));
  if (!same_columns(table, columns, count)) TRY(make_insert(store, table, columns, count, info));
  Err err = query_start(store, table->insert, args, count, &rows, info);
  if (err == ERR_OK) err = rows_next(rows, &more, info);
  rows_close(rows);
  return err;
}

Err store_table(Store *store, Str name, const Str *columns, size_t count, Str order, Rows **rows, ErrInfo *info) {
  Buf sql;
  *rows = NULL;
  TRY(check_names(name, columns, count, info));
  TRY(check_names(order, NULL, 0, info));
  buf_init(&sql, 0);
  buf_cstr(&sql, "SELECT ");
  for (size_t i = 0; i < count; i++) buf_printf(&sql, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(columns[i]));
  buf_printf(&sql, " FROM " STR_FMT " ORDER BY " STR_FMT, STR_ARG(name), STR_ARG(order));
  Str text = buf_err(&sql) == ERR_OK ? arena_str(&store->arena, buf_view(&sql)) : STR_NONE;
  buf_clear(&sql);
  Query *query = text.ptr ? query_make(store, S("(whole table)"), text) : NULL;
  if (!query) return err_set(info, ERR_MEMORY, "out of memory");
  return query_start(store, query, NULL, 0, rows, info);
}
