/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbered, forward-only migrations. The database keeps which ones it had and the checksum of each, so that a layout
 * of a newer program, or a migration changed after the fact, is seen before anything is read. */
#include <string.h>

#include "base/embed.h"
#include "store/internal.h"

static const char TABLE_SQL[] =
  "CREATE TABLE schema_migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";

#define INSERT_SQL "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)"

typedef struct Migration {
  int number;
  Str name;      /* "0001_pact" */
  const EmbeddedFile *file;
} Migration;

/* Reads "sql/migrations/0001_pact.sql"; false for anything else. "0002_x.postgresql.sql" is of that driver only. */
static bool migration_of(const EmbeddedFile *file, const char *driver, Migration *out) {
  Str name = str_slice(file->path, sizeof "sql/migrations/" - 1, file->path.len);
  int64_t number = 0;
  if (!str_ends(name, S(".sql")) || !str_to_int(str_slice(name, 0, 4), &number) || name.len < 10 || name.ptr[4] != '_') return false;
  name = str_slice(name, 0, name.len - 4);
  size_t dot = str_find_char(name, '.');
  if (dot != STR_NPOS && !str_eq(str_slice(name, dot + 1, name.len), str_from(driver))) return false;
  *out = (Migration){(int)number, str_slice(name, 0, dot), file};
  return true;
}

int store_layout_version(void) {
  size_t first, count = embed_prefix(S("sql/migrations/"), &first);
  int version = 0;
  Migration m;
  for (size_t i = 0; i < count; i++)
    if (migration_of(embed_at(first + i), "sqlite", &m) && m.number > version) version = m.number;
  return version;
}

static Err apply_statements(Store *store, const Migration *m, ErrInfo *info) {
  const StoreDriver *d = store->driver;
  TRY(d->script(store->conn, m->file->bytes.ptr, info));  /* embedded files end in a NUL byte */
  Query *query = query_make(store, S("(migration)"), S(INSERT_SQL));
  if (!query) return err_set(info, ERR_MEMORY, "out of memory");
  Rows *rows = NULL;
  bool more;
  Err err = query_start(store, query, ARGS(ARG_INT(m->number), ARG_STR(m->name), ARG_STR(str_from(m->file->tag))), &rows, info);
  if (err == ERR_OK) err = rows_next(rows, &more, info);
  rows_close(rows);
  return err;
}

static Err apply(Store *store, const Migration *m, ErrInfo *info) {
  char why[512] = "";
  Err err = apply_statements(store, m, info);
  if (err != ERR_OK && info) {
    memcpy(why, info->message, sizeof why - 1);
    err_set(info, err, "migration " STR_FMT " failed: %s", STR_ARG(m->name), why);
  }
  return err;
}

/* One applied migration against the program's own of that number. */
static Err check_applied(int number, Str checksum, const Migration *own, ErrInfo *info) {
  if (!own)
    return err_set(info, ERR_VERSION,
                   "the database was made by a newer program: its layout is %d, this program knows layouts up to %d; "
                   "use the newer program", number, store_layout_version());
  if (!str_eq(checksum, str_from(own->file->tag)))
    return err_set(info, ERR_DATABASE,
                   "the database was made by another build of this program: migration " STR_FMT " has checksum " STR_FMT
                   ", expected %s; export it with that build and load it anew", STR_ARG(own->name), STR_ARG(checksum), own->file->tag);
  return ERR_OK;
}

/* Reads what was applied; *highest gets the last number. */
static Err check_all(Store *store, const Migration *own, size_t count, int *highest, ErrInfo *info) {
  Rows *rows = NULL;
  bool more = true;
  Query *query = query_make(store, S("(migrations)"), S("SELECT number, checksum FROM schema_migration ORDER BY number DESC"));
  if (!query) return err_set(info, ERR_MEMORY, "out of memory");
  *highest = 0;
  Err err = query_start(store, query, NULL, 0, &rows, info);
  while (err == ERR_OK && (err = rows_next(rows, &more, info)) == ERR_OK && more) {
    int number = (int)rows_int(rows, 0);
    const Migration *m = NULL;
    for (size_t i = 0; i < count; i++)
      if (own[i].number == number) m = &own[i];
    if (number > *highest) *highest = number;
    err = check_applied(number, rows_str(rows, 1), m, info);
  }
  rows_close(rows);
  return err;
}

/* Everything that must be decided under one lock: two programs may start on an absent database at once. */
static Err bring_up(Store *store, const Migration *own, size_t count, ErrInfo *info) {
  int64_t tables = 0;
  const Str *columns = NULL;
  size_t columns_count = 0;
  int highest = 0;
  TRY(store_columns(store, S("schema_migration"), &columns, &columns_count, info));
  if (columns_count == 0) {
    TRY(query_one_int(store, store->driver->has_tables_sql, &tables, info));
    if (tables > 0 || store->mode != STORE_CREATE)
      return err_set(info, ERR_DATABASE, "the file is a database, but not one of this program");
    TRY(store->driver->script(store->conn, TABLE_SQL, info));
  } else {
    TRY(check_all(store, own, count, &highest, info));
  }
  if (count > 0 && highest < own[count - 1].number && store->mode != STORE_CREATE)
    return err_set(info, ERR_DATABASE, "the database is of an older layout (%d, this program has %d); 'pactwijzer migrate' brings "
                   "it up to date", highest, own[count - 1].number);
  for (size_t i = 0; i < count; i++)
    if (own[i].number > highest) TRY(apply(store, &own[i], info));
  return ERR_OK;
}

Err migrate(Store *store, ErrInfo *info) {
  size_t first, files = embed_prefix(S("sql/migrations/"), &first), count = 0;
  Migration *own = ARENA_ARRAY(&store->arena, Migration, files + 1);
  if (!own) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < files; i++)
    if (migration_of(embed_at(first + i), store->driver->name, &own[count])) count++;
  /* Only who may migrate needs the write lock. */
  TRY(store->driver->begin(store->conn, store->mode == STORE_CREATE ? STORE_CREATE : STORE_READ, info));
  Err err = bring_up(store, own, count, info);
  if (err == ERR_OK) err = store->driver->commit(store->conn, info);
  if (err != ERR_OK) store->driver->rollback(store->conn);
  return err;
}
