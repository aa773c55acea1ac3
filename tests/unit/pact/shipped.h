/* SPDX-License-Identifier: EUPL-1.2 */
/* The shipped pact in a database in memory, for tests. Include after cmocka.h and sqlite3.h. */
#ifndef PW_TEST_PACT_SHIPPED_H
#define PW_TEST_PACT_SHIPPED_H

#include "pact/package.h"
#include "store/internal.h"

typedef struct Shipped {
  Store *store;
  Arena arena;
  ErrInfo info;
} Shipped;

/* 0, or -1 with the reason on the terminal. */
static inline int shipped_open(Shipped *s) {
  PackageReport report = {0};
  arena_init(&s->arena, 0);
  Err err = store_open(&s->store, ":memory:", STORE_CREATE, &s->info);
  if (err == ERR_OK) err = store_begin(s->store, &s->info);
  if (err == ERR_OK) err = package_load(s->store, NULL, &s->arena, &report, &s->info);
  if (err == ERR_OK) err = store_commit(s->store, &s->info);
  if (err != ERR_OK) print_error("%s: %s\n", s->info.file, s->info.message);
  return err == ERR_OK ? 0 : -1;
}

static inline void shipped_close(Shipped *s) {
  store_close(s->store);
  arena_clear(&s->arena);
}

/* Runs SQL past the store; fails the test `name` with what the database says. */
static inline void shipped_change(Shipped *s, const char *name, const char *sql) {
  char *why = NULL;
  if (sqlite3_exec(*(sqlite3 **)s->store->conn, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s in %s", name, why, sql);
}

#endif
