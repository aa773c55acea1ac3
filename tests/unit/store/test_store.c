/* SPDX-License-Identifier: EUPL-1.2 */
/* The store over SQLite: what it refuses, what it keeps, and that no failed allocation harms it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/embed.h"
#include "base/mem.h"
#include "store/internal.h"
#include "store/vals.h"

static char folder[64];

static int make_folder(void **state) {
  (void)state;
  strcpy(folder, "/tmp/pw-store-XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  char command[128];
  (void)state;
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command) == 0 ? 0 : -1;
}

static const char *path_of(const char *name) {
  static char path[160];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static Store *must_open(const char *url, StoreMode mode) {
  ErrInfo info = ERRINFO_INIT;
  Store *store = NULL;
  if (store_open(&store, url, mode, &info) != ERR_OK) fail_msg("%s", info.message);
  return store;
}

static void must_exec(const char *path, const char *sql) {
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static const Str SOURCE_COLUMNS[] = {{"code", 4}, {"title", 5}, {"kind", 4}, {"verified", 8}, {"seq", 3}};

static Err insert_source(Store *store, Str code, int64_t seq, ErrInfo *info) {
  return store_insert(store, S("source"), SOURCE_COLUMNS, ARGS(ARG_STR(code), ARG_STR(S("T")), ARG_STR(S("document")), ARG_INT(1), ARG_INT(seq)), info);
}

static int64_t count_sources(Store *store) {
  int64_t count = -1;
  Arena arena;
  ErrInfo info = ERRINFO_INIT;
  Val *list;
  arena_init(&arena, 0);
  assert_int_equal(vals_list(&(Vals){store, &arena, &info}, "sources", NO_ARGS, &list), ERR_OK);
  count = (int64_t)list->as.list.count;
  arena_clear(&arena);
  return count;
}

/* --- opening --- */

static void test_absent(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store = (Store *)1;
  assert_int_equal(store_open(&store, path_of("absent.db"), STORE_READ, &info), ERR_NOT_FOUND);
  assert_null(store);
  assert_non_null(strstr(info.message, "absent.db"));
  assert_int_equal(access(path_of("absent.db"), F_OK), -1);
  assert_int_equal(store_open(&store, path_of("absent.db"), STORE_WRITE, &info), ERR_NOT_FOUND);
}

static void test_create_and_reopen(void **state) {
  (void)state;
  const char *path = path_of("new.db");
  store_close(must_open(path, STORE_CREATE));
  store_close(must_open(path, STORE_CREATE));
  store_close(must_open(path, STORE_WRITE));
  store_close(must_open(path, STORE_READ));
  assert_true(store_layout_version() >= 1);
}

static void test_not_a_database(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  FILE *file = fopen(path_of("text.db"), "w");
  for (int i = 0; i < 200; i++) fputs("this is a text and not a database\n", file);
  fclose(file);
  assert_int_equal(store_open(&store, path_of("text.db"), STORE_READ, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "not a database"));
  assert_int_equal(store_open(&store, path_of("text.db"), STORE_CREATE, &info), ERR_DATABASE);
  assert_int_equal(store_open(&store, folder, STORE_READ, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "directory"));
}

static void test_other_program(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  must_exec(path_of("other.db"), "CREATE TABLE theirs (x)");
  assert_int_equal(store_open(&store, path_of("other.db"), STORE_CREATE, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "not one of this program"));
  assert_int_equal(store_open(&store, path_of("other.db"), STORE_READ, &info), ERR_DATABASE);
}

static void test_newer(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  const char *path = path_of("newer.db");
  store_close(must_open(path, STORE_CREATE));
  must_exec(path, "INSERT INTO schema_migration VALUES (9000, '9000_future', 'x')");
  const StoreMode modes[] = {STORE_READ, STORE_WRITE, STORE_CREATE};
  for (int m = 0; m < 3; m++) {
    assert_int_equal(store_open(&store, path, modes[m], &info), ERR_VERSION);
    assert_non_null(strstr(info.message, "newer program"));
    assert_non_null(strstr(info.message, "9000"));
  }
}

static void test_changed_migration(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  const char *path = path_of("changed.db");
  store_close(must_open(path, STORE_CREATE));
  must_exec(path, "UPDATE schema_migration SET checksum = 'ffff' WHERE number = 1");
  assert_int_equal(store_open(&store, path, STORE_READ, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "checksum"));
}

static void test_older(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  const char *path = path_of("older.db");
  must_exec(path, "CREATE TABLE schema_migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)");
  assert_int_equal(store_open(&store, path, STORE_READ, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "migrate"));
  store_close(must_open(path, STORE_CREATE));
  store_close(must_open(path, STORE_READ));
}

/* A database that has had the first migration only. */
static void make_first_layout(const char *path) {
  size_t first, count = embed_prefix(S("sql/migrations/0001_"), &first);
  char row[200];
  assert_int_equal(count, 1);
  must_exec(path, "CREATE TABLE schema_migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)");
  must_exec(path, embed_at(first)->bytes.ptr);
  snprintf(row, sizeof row, "INSERT INTO schema_migration VALUES (1, '0001_pact', '%s')", embed_at(first)->tag);
  must_exec(path, row);
  must_exec(path, "INSERT INTO source (code, title, kind, verified, seq) VALUES ('kept', 'K', 'document', 1, 1)");
}

static int64_t layout_of(const char *path) {
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "SELECT max(number) FROM schema_migration", -1, &stmt, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
  int64_t layout = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return layout;
}

/* Later migrations come on top, and what was there stays. */
static void test_upgrade(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  const char *path = path_of("upgrade.db");
  if (store_layout_version() < 2) skip();
  make_first_layout(path);
  assert_int_equal(store_open(&store, path, STORE_WRITE, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "older layout (1,"));
  assert_int_equal(layout_of(path), 1);
  store = must_open(path, STORE_CREATE);
  assert_int_equal(count_sources(store), 1);
  store_close(store);
  assert_int_equal(layout_of(path), store_layout_version());
  store_close(must_open(path, STORE_READ));
}

/* A migration that fails halfway changes nothing at all. */
static void test_failed_upgrade(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  const char *path = path_of("stuck.db");
  if (store_layout_version() < 2) skip();
  make_first_layout(path);
  must_exec(path, "CREATE TABLE indicator (theirs TEXT)");
  assert_int_equal(store_open(&store, path, STORE_CREATE, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "migration 0002_"));
  assert_int_equal(layout_of(path), 1);
  must_exec(path, "DROP TABLE indicator");
  store_close(must_open(path, STORE_CREATE));
  assert_int_equal(layout_of(path), store_layout_version());
}

static void test_unreadable(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  const char *path = path_of("secret.db");
  store_close(must_open(path, STORE_CREATE));
  assert_int_equal(chmod(path, 0), 0);
  if (geteuid() == 0) {
    /* root reads everything; a directory that is not there is the nearest */
    assert_int_equal(store_open(&store, path_of("no/where.db"), STORE_CREATE, &info), ERR_DATABASE);
  } else {
    assert_int_equal(store_open(&store, path, STORE_READ, &info), ERR_PERMISSION);
  }
  assert_null(store);
}

static void test_no_driver(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  assert_int_equal(store_open(&store, "postgresql://host/db", STORE_READ, &info), ERR_UNSUPPORTED);
}

/* --- transactions, locks, disks --- */

static void test_rollback(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store = must_open(":memory:", STORE_CREATE);
  assert_int_equal(store_begin(store, &info), ERR_OK);
  assert_int_equal(insert_source(store, S("a"), 1, &info), ERR_OK);
  store_rollback(store);
  assert_int_equal(count_sources(store), 0);
  assert_int_equal(store_begin(store, &info), ERR_OK);
  assert_int_equal(insert_source(store, S("a"), 1, &info), ERR_OK);
  assert_int_equal(store_commit(store, &info), ERR_OK);
  assert_int_equal(count_sources(store), 1);
  store_close(store);
}

static void test_constraints(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Store *store = must_open(":memory:", STORE_CREATE);
  const Str columns[] = {S("code"), S("title"), S("source"), S("seq")};
  assert_int_equal(insert_source(store, S("a"), 1, &info), ERR_OK);
  assert_int_equal(insert_source(store, S("a"), 2, &info), ERR_CONFLICT);
  /* a foreign key waits for the commit, which then changes nothing */
  assert_int_equal(store_begin(store, &info), ERR_OK);
  assert_int_equal(store_insert(store, S("education_sector"), columns, ARGS(ARG_STR(S("X")), ARG_STR(S("X")), ARG_STR(S("nobody")), ARG_INT(1)), &info), ERR_OK);
  assert_int_equal(insert_source(store, S("b"), 2, &info), ERR_OK);
  assert_int_equal(store_commit(store, &info), ERR_CONFLICT);
  assert_int_equal(count_sources(store), 1);
  assert_int_equal(store_begin(store, &info), ERR_OK);
  assert_int_equal(store_commit(store, &info), ERR_OK);
  store_close(store);
}

static void test_read_only(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  const char *path = path_of("readonly.db");
  store_close(must_open(path, STORE_CREATE));
  Store *store = must_open(path, STORE_READ);
  assert_int_equal(insert_source(store, S("a"), 1, &info), ERR_PERMISSION);
  store_close(store);
}

static void test_locked(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  const char *path = path_of("locked.db");
  Store *writer = must_open(path, STORE_CREATE), *second = must_open(path, STORE_WRITE), *reader = must_open(path, STORE_READ);
  assert_int_equal(store_begin(writer, &info), ERR_OK);
  assert_int_equal(insert_source(writer, S("a"), 1, &info), ERR_OK);
  /* readers go on, and see the state before */
  assert_int_equal(store_begin(reader, &info), ERR_OK);
  assert_int_equal(count_sources(reader), 0);
  /* a second writer is told */
  assert_int_equal(store_begin(second, &info), ERR_BUSY);
  assert_non_null(strstr(info.message, "in use"));
  assert_int_equal(store_commit(writer, &info), ERR_OK);
  assert_int_equal(count_sources(reader), 0);
  store_rollback(reader);
  assert_int_equal(count_sources(reader), 1);
  assert_int_equal(store_begin(second, &info), ERR_OK);
  store_rollback(second);
  store_close(reader);
  store_close(second);
  store_close(writer);
}

static void test_locked_when_opening(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  const char *path = path_of("exclusive.db");
  sqlite3 *db = NULL;
  Store *store = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (x); BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(store_open(&store, path, STORE_READ, &info), ERR_BUSY);
  assert_null(store);
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close(db);
}

/* Fills the database until it refuses; nothing of it may stay. */
static void fill_until_refused(Store *store, const char *expected) {
  ErrInfo info = ERRINFO_INIT;
  Err err = ERR_OK;
  char *big = malloc(100000);
  assert_non_null(big);
  memset(big, 'x', 100000);
  assert_int_equal(store_begin(store, &info), ERR_OK);
  for (int i = 0; i < 200 && err == ERR_OK; i++) {
    char code[16];
    snprintf(code, sizeof code, "s%d", i);
    const Arg args[] = {ARG_STR(str_from(code)), ARG_STR(((Str){big, 100000})), ARG_STR(S("document")), ARG_INT(1), ARG_INT(i)};
    err = store_insert(store, S("source"), SOURCE_COLUMNS, args, 5, &info);
  }
  if (err == ERR_OK) err = store_commit(store, &info);
  else store_rollback(store);
  free(big);
  assert_int_equal(err, ERR_IO);
  if (!strstr(info.message, expected)) fail_msg("%s", info.message);
  assert_int_equal(count_sources(store), 0);
}

/* A page limit gives the same SQLITE_FULL as a full disk; the first member of a connection is SQLite's own. */
static void test_full_disk(void **state) {
  (void)state;
  Store *store = must_open(path_of("full.db"), STORE_CREATE);
  sqlite3 *db = *(sqlite3 **)store->conn;
  assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count = 300", NULL, NULL, NULL), SQLITE_OK);
  fill_until_refused(store, "full");
  store_close(store);
}

/* A write that the system refuses in the middle. */
static void test_refused_write(void **state) {
  (void)state;
  struct rlimit old, small = {.rlim_cur = 600000, .rlim_max = RLIM_INFINITY};
  Store *store = must_open(path_of("small.db"), STORE_CREATE);
  sqlite3_exec(*(sqlite3 **)store->conn, "PRAGMA cache_size = 10", NULL, NULL, NULL);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  small.rlim_max = old.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  fill_until_refused(store, "failed");
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
  store_close(store);
  store_close(must_open(path_of("small.db"), STORE_READ));
}

/* --- queries --- */

static void test_unknown_query(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Rows *rows = (Rows *)1;
  Store *store = must_open(":memory:", STORE_CREATE);
  assert_int_equal(store_query(store, "no_such_query", NO_ARGS, &rows, &info), ERR_DATABASE);
  assert_null(rows);
  assert_int_equal(store_query(store, "assumptions", NO_ARGS, &rows, &info), ERR_DATABASE);
  assert_non_null(strstr(info.message, "takes 2"));
  store_close(store);
}

/* $n goes by its number, not by where it first stands: package_export's insert names them in order, assumptions twice. */
static void test_values(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Rows *rows;
  bool more;
  Store *store = must_open(":memory:", STORE_CREATE);
  assert_int_equal(store_exec(store, "package_remember", ARGS(ARG_STR(S("name")), ARG_STR(S("")), ARG_STR(S("2026"))), NULL, &info), ERR_OK);
  assert_int_equal(store_query(store, "package_descriptor", NO_ARGS, &rows, &info), ERR_OK);
  assert_int_equal(rows_columns(rows), 3);
  assert_string_equal(rows_name(rows, 1), "descriptor");
  assert_int_equal(rows_next(rows, &more, &info), ERR_OK);
  assert_true(more);
  assert_true(str_eq(rows_str(rows, 0), S("name")));
  assert_non_null(rows_str(rows, 1).ptr);  /* "" is not NULL */
  assert_int_equal(rows_str(rows, 1).len, 0);
  assert_false(rows_null(rows, 1));
  assert_int_equal(rows_next(rows, &more, &info), ERR_OK);
  assert_false(more);
  assert_true(rows_null(rows, 0));
  rows_close(rows);
  store_close(store);
}

/* Counts rows up to the third, at which it fails. */
static Err take_two(void *context, const Rows *rows) {
  int *seen = context;
  assert_int_equal(rows_day(rows, 4), day_from_civil(2013, 11, 10 + *seen));  /* published_on */
  assert_int_equal(rows_day(rows, 0), DAY_NONE);                               /* a code is no day */
  assert_int_equal(rows_day(rows, 9), DAY_NONE);                               /* NULL is none */
  return ++*seen == 2 ? ERR_LIMIT : ERR_OK;
}

static void test_each(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  int seen = 0;
  Store *store = must_open(":memory:", STORE_CREATE);
  assert_int_equal(store_each(store, "sources", NO_ARGS, take_two, &seen, &info), ERR_OK);
  assert_int_equal(seen, 0);
  for (int i = 0; i < 3; i++) {
    char code[4] = {(char)('a' + i), 0}, day[DAY_TEXT];
    const Str columns[] = {S("code"), S("title"), S("kind"), S("published_on"), S("verified"), S("seq")};
    day_format_iso(day_from_civil(2013, 11, 10 + i), day);
    const Arg args[] = {ARG_STR(str_from(code)), ARG_STR(S("t")), ARG_STR(S("document")), ARG_STR(str_from(day)), ARG_INT(1), ARG_INT(i + 1)};
    assert_int_equal(store_insert(store, S("source"), columns, args, 6, &info), ERR_OK);
  }
  assert_int_equal(store_each(store, "sources", NO_ARGS, take_two, &seen, &info), ERR_LIMIT);
  assert_int_equal(seen, 2);
  store_close(store);  /* no statement was left open */
}

/* The same query inside itself, as a page may do. */
static void test_nested(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Rows *outer, *inner;
  bool more;
  int seen = 0;
  Store *store = must_open(":memory:", STORE_CREATE);
  for (int i = 0; i < 3; i++) {
    char code[4] = {(char)('a' + i), 0};
    assert_int_equal(insert_source(store, str_from(code), i, &info), ERR_OK);
  }
  for (int round = 0; round < 2; round++) {
    assert_int_equal(store_query(store, "sources", NO_ARGS, &outer, &info), ERR_OK);
    while (rows_next(outer, &more, &info) == ERR_OK && more) {
      assert_int_equal(store_query(store, "sources", NO_ARGS, &inner, &info), ERR_OK);
      while (rows_next(inner, &more, &info) == ERR_OK && more) seen++;
      rows_close(inner);
    }
    rows_close(outer);
  }
  assert_int_equal(seen, 18);
  store_close(store);
}

static void test_names(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  Rows *rows;
  const Str *columns;
  size_t count;
  Store *store = must_open(":memory:", STORE_CREATE);
  const Str bad[] = {S("code; DROP TABLE source"), S("Code"), S(""), S("1a")};
  for (int i = 0; i < 4; i++) {
    assert_int_equal(store_insert(store, S("source"), &bad[i], ARGS(ARG_NULL), &info), ERR_INPUT);
    assert_int_equal(store_table(store, S("source"), SOURCE_COLUMNS, 1, bad[i], &rows, &info), ERR_INPUT);
    assert_int_equal(store_columns(store, bad[i], &columns, &count, &info), ERR_INPUT);
  }
  assert_int_equal(store_columns(store, S("no_such_table"), &columns, &count, &info), ERR_OK);
  assert_int_equal(count, 0);
  assert_int_equal(store_columns(store, S("source"), &columns, &count, &info), ERR_OK);
  assert_true(count >= 9);
  assert_true(str_eq(columns[0], S("code")));
  store_close(store);
}

static void test_data_version(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  int64_t first, second, third, fourth;
  const char *path = path_of("version.db");
  Store *a = must_open(path, STORE_CREATE), *b = must_open(path, STORE_READ);
  assert_int_equal(store_data_version(a, &first, &info), ERR_OK);
  assert_int_equal(store_data_version(a, &second, &info), ERR_OK);
  assert_true(first == second);
  assert_int_equal(store_data_version(b, &third, &info), ERR_OK);
  assert_int_equal(insert_source(a, S("a"), 1, &info), ERR_OK);
  assert_int_equal(store_data_version(a, &second, &info), ERR_OK);
  assert_true(first != second);
  assert_int_equal(store_data_version(b, &fourth, &info), ERR_OK);
  assert_true(third != fourth);
  store_close(b);
  store_close(a);
}

/* --- memory --- */

/* SQLite's own memory through mem_*, so that its allocations can be made to fail as well. The size stands in front. */
static void *sq_malloc(int size) {
  max_align_t *block = mem_alloc((size_t)size + sizeof(max_align_t));
  if (!block) return NULL;
  *(size_t *)(void *)block = (size_t)size;
  return block + 1;
}
static void sq_free(void *ptr) { if (ptr) mem_free((max_align_t *)ptr - 1); }
static int sq_size(void *ptr) { return ptr ? (int)*(size_t *)(void *)((max_align_t *)ptr - 1) : 0; }
static void *sq_realloc(void *ptr, int size) {
  max_align_t *block = mem_realloc((max_align_t *)ptr - 1, (size_t)size + sizeof(max_align_t));
  if (!block) return NULL;
  *(size_t *)(void *)block = (size_t)size;
  return block + 1;
}
static int sq_roundup(int size) { return (size + 15) & ~15; }
static int sq_init(void *data) { (void)data; return SQLITE_OK; }
static void sq_shutdown(void *data) { (void)data; }

static Err round_trip(void) {
  ErrInfo info = ERRINFO_INIT;
  Arena arena;
  Store *store = NULL;
  Val *list = NULL;
  arena_init(&arena, 0);
  Err err = store_open(&store, ":memory:", STORE_CREATE, &info);
  if (err == ERR_OK) err = store_begin(store, &info);
  if (err == ERR_OK) err = insert_source(store, S("a"), 1, &info);
  if (err == ERR_OK) err = insert_source(store, S("b"), 2, &info);
  if (err == ERR_OK) err = store_commit(store, &info);
  if (err == ERR_OK) err = vals_list(&(Vals){store, &arena, &info}, "sources", NO_ARGS, &list);
  if (err == ERR_OK) assert_int_equal(list->as.list.count, 2);
  store_close(store);
  arena_clear(&arena);
  return err;
}

/* Every allocation of opening, migrating, writing and reading fails once; the store says so and leaks nothing (the address
 * sanitizer looks). SQLite may do without some memory, so success is an answer too. */
static void test_memory(void **state) {
  (void)state;
  size_t failed = 0;
  (void)mem_count();
  assert_int_equal(round_trip(), ERR_OK);
  size_t all = mem_count();
  assert_true(all > 100);
  size_t stride = all > 1000 ? all / 500 : 1;
  for (size_t n = 1; n <= all; n += n < 200 ? 1 : stride) {
    mem_fail_at(n, 0);
    Err err = round_trip();
    mem_fail_at(0, 0);
    if (err != ERR_OK && err != ERR_MEMORY) fail_msg("allocation %zu: %s", n, err_name(err));
    failed += err == ERR_MEMORY;
  }
  assert_true(failed > 50);
  assert_int_equal(round_trip(), ERR_OK);
}

int main(void) {
  static const sqlite3_mem_methods methods = {sq_malloc, sq_free, sq_realloc, sq_size, sq_roundup, sq_init, sq_shutdown, NULL};
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_absent), cmocka_unit_test(test_create_and_reopen), cmocka_unit_test(test_not_a_database),
    cmocka_unit_test(test_other_program), cmocka_unit_test(test_newer), cmocka_unit_test(test_changed_migration),
    cmocka_unit_test(test_older), cmocka_unit_test(test_upgrade), cmocka_unit_test(test_failed_upgrade), cmocka_unit_test(test_unreadable), cmocka_unit_test(test_no_driver),
    cmocka_unit_test(test_rollback), cmocka_unit_test(test_constraints), cmocka_unit_test(test_read_only),
    cmocka_unit_test(test_locked), cmocka_unit_test(test_locked_when_opening), cmocka_unit_test(test_full_disk), cmocka_unit_test(test_refused_write),
    cmocka_unit_test(test_unknown_query), cmocka_unit_test(test_values), cmocka_unit_test(test_each), cmocka_unit_test(test_nested),
    cmocka_unit_test(test_names), cmocka_unit_test(test_data_version), cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
