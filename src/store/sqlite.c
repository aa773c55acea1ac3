/* SPDX-License-Identifier: EUPL-1.2 */
/* SQLite behind store.h. One connection per Store; WAL, so that readers never wait for a writer. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/driver.h"

/* How long a statement waits for another connection before ERR_BUSY. */
enum { BUSY_WAIT_MS = 3000, PARAMETERS_MAX = 99 };

typedef struct Connection {
  sqlite3 *db;
  sqlite3_stmt *data_version;
} Connection;

typedef struct Statement {
  sqlite3 *db;          /* borrowed */
  sqlite3_stmt *stmt;
  int parameter_count;
  unsigned char argument[];  /* of SQLite's n-th parameter: the k of its name $k, less one. SQLite numbers $k by order of
                                appearance, not by k. */
} Statement;

static Err code_of(int rc) {
  switch (rc & 0xff) {
    case SQLITE_OK: case SQLITE_ROW: case SQLITE_DONE: return ERR_OK;
    case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_PROTOCOL: return ERR_BUSY;
    case SQLITE_NOMEM: return ERR_MEMORY;
    case SQLITE_READONLY: case SQLITE_PERM: case SQLITE_AUTH: return ERR_PERMISSION;
    case SQLITE_INTERRUPT: return ERR_CANCELLED;
    case SQLITE_IOERR: return rc == SQLITE_IOERR_NOMEM ? ERR_MEMORY : ERR_IO;
    case SQLITE_FULL: return ERR_IO;
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_TOOBIG: return ERR_LIMIT;
    default: return ERR_DATABASE;
  }
}

/* One sentence that says what happened, with SQLite's own words behind it. */
static Err fail(sqlite3 *db, int rc, ErrInfo *info) {
  Err code = code_of(rc);
  const char *own = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
  switch (rc & 0xff) {
    case SQLITE_FULL:
      return err_set(info, code, "the disk of the database is full; nothing was changed");
    case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_PROTOCOL:
      return err_set(info, code, "the database is in use by another program; try again");
    case SQLITE_NOTADB:
      return err_set(info, code, "the file is not a database: another file, or a damaged one");
    case SQLITE_CORRUPT:
      return err_set(info, code, "the database is damaged (%s); restore a copy of it", own);
    case SQLITE_CANTOPEN:
      return err_set(info, code, "the database cannot be opened: its directory must exist and allow the files that stand beside it "
                     "(%s)", own);
    case SQLITE_READONLY:
      return err_set(info, code, "the database may not be changed: %s", own);
    case SQLITE_IOERR:
      return err_set(info, code, "reading or writing the database failed: %s%s%s", own, errno ? ": " : "",
                     errno ? strerror(errno) : "");
    case SQLITE_NOMEM:
      return err_set(info, code, "out of memory in the database");
    default:
      return err_set(info, code, "the database says: %s", own);
  }
}

static bool handles(const char *url) {
  return strstr(url, "://") == NULL;
}

static Err exec(sqlite3 *db, const char *sql, ErrInfo *info) {
  errno = 0;
  int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK ? ERR_OK : fail(db, rc, info);
}

/* SQLite itself only says "unable to open database file"; what the file system says is more use. */
static Err check_file(const char *path, StoreMode mode, ErrInfo *info) {
  struct stat st;
  if (strcmp(path, ":memory:") == 0) return ERR_OK;
  if (stat(path, &st) != 0) {
    if (errno == ENOENT && mode == STORE_CREATE) return ERR_OK;
    if (errno == ENOENT) return err_set(info, ERR_NOT_FOUND, "there is no database '%s'", path);
    return err_set(info, errno == EACCES ? ERR_PERMISSION : ERR_IO, "the database '%s' cannot be opened: %s", path, strerror(errno));
  }
  if (!S_ISREG(st.st_mode)) return err_set(info, ERR_DATABASE, "'%s' is not a database but a directory or device", path);
  if (access(path, R_OK) != 0) return err_set(info, ERR_PERMISSION, "the database '%s' may not be read: %s", path, strerror(errno));
  if (mode != STORE_READ && access(path, W_OK) != 0)
    return err_set(info, ERR_PERMISSION, "the database '%s' may not be changed: %s", path, strerror(errno));
  return ERR_OK;
}

static void db_close(void *conn) {
  Connection *c = conn;
  if (!c) return;
  sqlite3_finalize(c->data_version);
  sqlite3_close_v2(c->db);
  mem_free(c);
}

/* A file that is no database shows at the first statement that reads it. */
static Err configure(sqlite3 *db, StoreMode mode, ErrInfo *info) {
  sqlite3_busy_timeout(db, BUSY_WAIT_MS);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  TRY(exec(db, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; SELECT count(*) FROM sqlite_schema;", info));
  if (mode == STORE_READ) return exec(db, "PRAGMA query_only = ON;", info);
  /* NORMAL in WAL loses at most the last commits in a power failure, never the database. */
  return exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", info);
}

/* Every CHECK (x IN (...)) of an INSERT makes a passing table, and each such table would by default take room for twenty
 * pages at once and touch all of it: a quarter of the processor time of an import. Asked for page by page it costs next to
 * nothing. Only possible before SQLite is first used; when something else used it already, this has no effect and no harm. */
static void configure_library(void) {
  sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

static Err db_open(void **conn, const char *url, StoreMode mode, ErrInfo *info) {
  int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == STORE_CREATE) flags |= SQLITE_OPEN_CREATE;
  TRY(check_file(url, mode, info));
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, configure_library);
  Connection *c = mem_alloc0(1, sizeof *c);
  if (!c) return err_set(info, ERR_MEMORY, "out of memory");
  int rc = sqlite3_open_v2(url, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
  Err err = rc == SQLITE_OK ? configure(c->db, mode, info) : fail(c->db, rc, info);
  if (err != ERR_OK) {
    db_close(c);
    return err;
  }
  *conn = c;
  return ERR_OK;
}

static Err script(void *conn, const char *sql, ErrInfo *info) {
  return exec(((Connection *)conn)->db, sql, info);
}

static Err begin(void *conn, StoreMode mode, ErrInfo *info) {
  return exec(((Connection *)conn)->db, mode == STORE_READ ? "BEGIN" : "BEGIN IMMEDIATE", info);
}

static Err commit(void *conn, ErrInfo *info) {
  sqlite3 *db = ((Connection *)conn)->db;
  Err err = exec(db, "COMMIT", info);
  if (err == ERR_CONFLICT) err_set(info, err, "a row names another row that is not there; nothing was changed");
  return err;
}

static void rollback(void *conn) {
  sqlite3 *db = ((Connection *)conn)->db;
  if (!sqlite3_get_autocommit(db)) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

static void finalize(void *stmt) {
  Statement *s = stmt;
  if (!s) return;
  sqlite3_finalize(s->stmt);
  mem_free(s);
}

/* Reads the k of every parameter's name. */
static Err number_parameters(Statement *s, size_t *highest, ErrInfo *info) {
  *highest = 0;
  for (int i = 0; i < s->parameter_count; i++) {
    const char *name = sqlite3_bind_parameter_name(s->stmt, i + 1);
    int64_t k = 0;
    if (!name || name[0] != '$' || !str_to_int(str_from(name + 1), &k) || k < 1 || k > PARAMETERS_MAX)
      return err_set(info, ERR_DATABASE, "parameter '%s' of a query is not $1 to $%d", name ? name : "?", PARAMETERS_MAX);
    s->argument[i] = (unsigned char)(k - 1);
    if ((size_t)k > *highest) *highest = (size_t)k;
  }
  return ERR_OK;
}

static Err prepare(void *conn, Str sql, void **stmt, size_t *parameters, ErrInfo *info) {
  sqlite3 *db = ((Connection *)conn)->db;
  sqlite3_stmt *made = NULL;
  errno = 0;
  int rc = sqlite3_prepare_v3(db, sql.ptr, (int)sql.len, SQLITE_PREPARE_PERSISTENT, &made, NULL);
  if (rc != SQLITE_OK) return fail(db, rc, info);
  if (!made) return err_set(info, ERR_DATABASE, "the query holds no statement");
  int count = sqlite3_bind_parameter_count(made);
  Statement *s = mem_alloc0(1, sizeof *s + (size_t)count);
  if (!s) {
    sqlite3_finalize(made);
    return err_set(info, ERR_MEMORY, "out of memory");
  }
  s->db = db;
  s->stmt = made;
  s->parameter_count = count;
  Err err = number_parameters(s, parameters, info);
  if (err != ERR_OK) {
    finalize(s);
    return err;
  }
  *stmt = s;
  return ERR_OK;
}

static int bind_one(sqlite3_stmt *stmt, int index, const Arg *arg) {
  switch (arg->kind) {
    case ARG_KIND_INT: return sqlite3_bind_int64(stmt, index, arg->as.integer);
    case ARG_KIND_DOUBLE: return sqlite3_bind_double(stmt, index, arg->as.number);
    case ARG_KIND_STR:
      return sqlite3_bind_text64(stmt, index, arg->as.text.ptr, arg->as.text.len, SQLITE_STATIC, SQLITE_UTF8);
    default: return sqlite3_bind_null(stmt, index);
  }
}

static Err bind(void *stmt, const Arg *args, size_t count, ErrInfo *info) {
  Statement *s = stmt;
  (void)count;
  for (int i = 0; i < s->parameter_count; i++) {
    assert(s->argument[i] < count);
    int rc = bind_one(s->stmt, i + 1, &args[s->argument[i]]);
    if (rc != SQLITE_OK) return fail(s->db, rc, info);
  }
  return ERR_OK;
}

static Err step(void *stmt, bool *more, ErrInfo *info) {
  Statement *s = stmt;
  errno = 0;
  int rc = sqlite3_step(s->stmt);
  *more = rc == SQLITE_ROW;
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? ERR_OK : fail(s->db, rc, info);
}

static void reset(void *stmt) {
  Statement *s = stmt;
  sqlite3_reset(s->stmt);
  sqlite3_clear_bindings(s->stmt);
}

static int64_t changed(void *conn) {
  return sqlite3_changes64(((Connection *)conn)->db);
}

static int columns(void *stmt) {
  return sqlite3_column_count(((Statement *)stmt)->stmt);
}

static const char *column_name(void *stmt, int column) {
  const char *name = sqlite3_column_name(((Statement *)stmt)->stmt, column);
  return name ? name : "";
}

static bool is_null(void *stmt, int column) {
  return sqlite3_column_type(((Statement *)stmt)->stmt, column) == SQLITE_NULL;
}

static int64_t as_int(void *stmt, int column) {
  return sqlite3_column_int64(((Statement *)stmt)->stmt, column);
}

static double as_double(void *stmt, int column) {
  return sqlite3_column_double(((Statement *)stmt)->stmt, column);
}

static Str as_str(void *stmt, int column) {
  sqlite3_stmt *s = ((Statement *)stmt)->stmt;
  const char *text = (const char *)sqlite3_column_text(s, column);
  if (!text) return STR_NONE;
  return (Str){text, (size_t)sqlite3_column_bytes(s, column)};
}

/* SQLite's data_version tells of commits by others, the change counter of our own; together they differ after both. */
static Err data_version(void *conn, int64_t *version, ErrInfo *info) {
  Connection *c = conn;
  if (!c->data_version) {
    int rc = sqlite3_prepare_v3(c->db, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT, &c->data_version, NULL);
    if (rc != SQLITE_OK) return fail(c->db, rc, info);
  }
  int rc = sqlite3_step(c->data_version);
  int64_t others = rc == SQLITE_ROW ? sqlite3_column_int64(c->data_version, 0) : 0;
  sqlite3_reset(c->data_version);
  if (rc != SQLITE_ROW) return fail(c->db, rc, info);
  *version = (int64_t)(((uint64_t)others << 32) + (uint64_t)sqlite3_total_changes64(c->db));
  return ERR_OK;
}

static void patience(void *conn, int ms) { sqlite3_busy_timeout(((Connection *)conn)->db, ms); }

const StoreDriver SQLITE_DRIVER = {
  .name = "sqlite", .handles = handles, .open = db_open, .close = db_close, .script = script, .begin = begin,
  .commit = commit, .rollback = rollback, .prepare = prepare, .finalize = finalize, .bind = bind, .step = step,
  .reset = reset, .changed = changed, .columns = columns, .column_name = column_name, .is_null = is_null,
  .as_int = as_int, .as_double = as_double, .as_str = as_str, .data_version = data_version, .patience = patience,
  .has_tables_sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  .columns_sql = "SELECT name FROM pragma_table_info($1) ORDER BY cid",
};
