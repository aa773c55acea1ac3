/* SPDX-License-Identifier: EUPL-1.2 */
/* The matrix: by hand on a small pact, and the rules that every matrix keeps on random ones. */
#include "fixture.h"

#include "action/matrix.h"
#include "action/white.h"
#include "pact/goal.h"

typedef struct Case {
  Fixture fixture;
  Store *store;
  ActionIndex *index;
  Arena arena;
} Case;

static void open_index(Case *c) {
  ErrInfo info = ERRINFO_INIT;
  assert_ok(store_open(&c->store, c->fixture.path, STORE_READ, &info));
  assert_ok(action_index_new(&c->index, c->store, &info));
  arena_init(&c->arena, 0);
}

static void close_case(Case *c) {
  action_index_release(c->index);
  store_close(c->store);
  arena_clear(&c->arena);
  fixture_close(&c->fixture);
}

static const Val *in_list(const Val *list, const char *key, const char *code) {
  for (size_t i = 0; i < list->as.list.count; i++)
    if (str_eq(val_get(list->as.list.items[i], str_from(key))->as.text, str_from(code))) return list->as.list.items[i];
  fail_msg("no %s = %s", key, code);
  return NULL;
}

static int64_t number(const Val *map, const char *key) { return val_get(map, str_from(key))->as.integer; }
static const Val *list_of(const Val *map, const char *key) {
  const Val *list = val_get(map, str_from(key));
  assert_int_equal(list->kind, VAL_LIST);
  return list;
}

/* Actions in the cell of a row under a column. */
static int64_t cell(const Val *matrix, const Val *row, const char *column) {
  const Val *columns = list_of(matrix, "columns"), *cells = list_of(row, "cells");
  assert_int_equal(columns->as.list.count, cells->as.list.count);
  for (size_t i = 0; i < columns->as.list.count; i++)
    if (str_eq(val_get(columns->as.list.items[i], S("key"))->as.text, str_from(column)))
      return number(cells->as.list.items[i], "actions");
  fail_msg("no column %s", column);
  return -1;
}

static void by_hand(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  Fixture *f = &c.fixture;
  fixture_action(f, "A-1", "Alles", "kiezen", NULL, "1a 1c 2", "LD01");
  fixture_action(f, "A-2", "Twee gemeenten", "kiezen", NULL, "1", "GM0003 GM0010");
  fixture_action(f, "A-3", "Provincie en gemeente", "kiezen", NULL, "1a", "PV20 GM0014");
  fixture_action(f, "A-4", "Gedeeld", "leren", NULL, "4", "GM0140");
  fixture_action(f, "A-5", "Niets ingevuld", NULL, NULL, "", "");
  fixture_sql(f, "UPDATE action SET participants = 30, cost_cents = 1000 WHERE code = 'A-1'");
  open_index(&c);
  ErrInfo info = ERRINFO_INIT;
  Val *m = NULL;
  assert_ok(action_matrix(c.index, (MatrixOptions){.subgoals = true, .municipalities = true}, &c.arena, &m, &info));
  const Val *kiezen = in_list(list_of(m, "lines"), "code", "kiezen"), *goal1 = in_list(list_of(kiezen, "rows"), "goal", "1");
  assert_int_equal(number(kiezen, "unique"), 3);
  assert_int_equal(number(kiezen, "counted"), 4);   /* A-1 in goals 1 and 2 */
  assert_int_equal(cell(m, goal1, "LD01"), 1);      /* once, though it names 1a and 1c */
  assert_int_equal(cell(m, goal1, "PV20"), 1);
  assert_int_equal(cell(m, goal1, "PV20-local"), 2);
  assert_int_equal(cell(m, in_list(list_of(goal1, "subgoals"), "goal", "1a"), "PV20-local"), 1);
  assert_int_equal(cell(m, in_list(list_of(goal1, "subgoals"), "goal", "1-direct"), "PV20-local"), 1);
  const Val *groningen = in_list(list_of(kiezen, "provinces"), "code", "PV20");
  assert_int_equal(number(groningen, "province"), 1);
  assert_int_equal(number(groningen, "local"), 2);
  assert_int_equal(number(groningen, "unique"), 2);
  const Val *local = NULL, *columns = list_of(m, "columns");
  for (size_t i = 0; i < columns->as.list.count; i++)
    if (str_eq(val_get(columns->as.list.items[i], S("key"))->as.text, S("PV20-local")))
      local = list_of(list_of(goal1, "cells")->as.list.items[i], "municipalities");
  assert_int_equal(local->as.list.count, 2);        /* Groningen, Eemsdelta: Appingedam and Delfzijl are gone in 2021 */
  assert_int_equal(number(local->as.list.items[0], "actions"), 1);
  assert_int_equal(number(local->as.list.items[1], "actions"), 1);
  assert_int_equal(number(goal1->as.map.count ? val_get(goal1, S("total")) : NULL, "participants"), 30);
  const Val *leren = in_list(list_of(m, "lines"), "code", "leren");
  assert_int_equal(cell(m, in_list(list_of(leren, "rows"), "goal", "4"), "PV21-local"), 1);  /* once, though divided */
  const Val *none = in_list(list_of(m, "lines"), "code", "none");
  assert_int_equal(cell(m, in_list(list_of(none, "rows"), "goal", "none"), "none"), 1);
  assert_int_equal(number(val_get(m, S("total")), "unique"), 5);
  assert_int_equal(number(val_get(m, S("total")), "counted"), 6);
  assert_int_equal(number(val_get(m, S("published_total")), "published"), 216);
  assert_int_equal(number(val_get(m, S("published_total")), "difference"), 5 - 216);
  assert_int_equal(number(in_list(list_of(m, "published"), "line", "werken"), "registered"), 0);
  const Val *spot = in_list(list_of(m, "white_spots"), "goal", "2");
  assert_int_equal(number(spot, "north"), 1);
  close_case(&c);
}

static void goal_has(const Val *goal, int64_t all, int64_t own) {
  assert_int_equal(number(goal, "actions"), all);
  assert_int_equal(number(goal, "own_actions"), own);
}

/* An action counts once in a goal, whatever the number of its sub-goals it serves. */
static void goals_counted(void **state) {
  Case c;
  Val *goals, *one;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  fixture_open(&c.fixture);
  fixture_action(&c.fixture, "A-1", "Alles", "kiezen", NULL, "1a 1c 2", "LD01");
  fixture_action(&c.fixture, "A-2", "Het doel zelf", "kiezen", NULL, "1", "GM0003");
  fixture_action(&c.fixture, "A-3", "Ook een subdoel", "kiezen", NULL, "1 1a", "PV20");
  open_index(&c);
  assert_ok(goal_list(c.store, &c.arena, &goals, &info));
  action_count_goals(c.index, goals, &c.arena);
  const Val *first = in_list(goals, "code", "1");
  goal_has(first, 3, 2);
  goal_has(in_list(list_of(first, "subgoals"), "code", "1a"), 2, 2);
  goal_has(in_list(list_of(first, "subgoals"), "code", "1c"), 1, 1);
  goal_has(in_list(goals, "code", "2"), 1, 1);
  goal_has(in_list(goals, "code", "4"), 0, 0);
  assert_ok(goal_detail(c.store, S("1"), &c.arena, &one, &info));
  action_count_goals(c.index, one, &c.arena);
  goal_has(one, 3, 2);
  goal_has(in_list(list_of(one, "subgoals"), "code", "1a"), 2, 2);
  close_case(&c);
}

/* ---- Rules of every matrix ---- */

static int64_t counted_by(Case *c, Str address) {
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  action_query_init(&query);
  Str part;
  while (address.len && str_cut(&address, '&', &part)) {
    Str name = STR_NONE;
    str_cut(&part, '=', &name);
    assert_ok(action_query_set(&query, name, part, &info));
  }
  size_t count = 0;
  assert_ok(action_count(c->index, &query, &count, &info));
  return (int64_t)count;
}

/* Opening a cell gives what it counts. Every map with a query and a number of actions, wherever it stands. */
static size_t check_queries(Case *c, const Val *value) {
  size_t checked = 0;
  if (value->kind == VAL_LIST)
    for (size_t i = 0; i < value->as.list.count; i++) checked += check_queries(c, value->as.list.items[i]);
  if (value->kind != VAL_MAP) return checked;
  const Val *query = val_get(value, S("query")), *actions = val_get(value, S("actions")), *unique = val_get(value, S("unique"));
  if (query->kind == VAL_STR && actions->kind == VAL_INT) {
    assert_int_equal(counted_by(c, query->as.text), actions->as.integer);
    checked++;
  }
  if (query->kind == VAL_STR && unique->kind == VAL_INT) assert_int_equal(counted_by(c, query->as.text), unique->as.integer);
  for (size_t i = 0; i < value->as.map.count; i++) checked += check_queries(c, value->as.map.items[i].value);
  return checked;
}

static void check_row(const Val *row, int64_t all) {
  int64_t sum = 0, total = number(val_get(row, S("total")), "actions");
  const Val *cells = list_of(row, "cells");
  for (size_t i = 0; i < cells->as.list.count; i++) {
    int64_t actions = number(cells->as.list.items[i], "actions");
    assert_true(actions <= total);
    sum += actions;
  }
  assert_true(sum >= total && total <= all);  /* every action stands in at least one column */
}

static void check_line(const Val *line) {
  int64_t counted = 0, unique = number(line, "unique");
  const Val *rows = list_of(line, "rows");
  for (size_t i = 0; i < rows->as.list.count; i++) {
    check_row(rows->as.list.items[i], unique);
    counted += number(val_get(rows->as.list.items[i], S("total")), "actions");
  }
  assert_int_equal(counted, number(line, "counted"));
  assert_true(counted >= unique);
  const Val *provinces = list_of(line, "provinces");
  for (size_t i = 0; i < provinces->as.list.count; i++) {
    const Val *p = provinces->as.list.items[i];
    assert_true(number(p, "unique") <= number(p, "province") + number(p, "local"));
    assert_true(number(p, "unique") >= number(p, "province") && number(p, "unique") >= number(p, "local"));
  }
}

/* Goal by province: as many as the filters of the list find, and a white spot exactly where there are none. */
static void check_coverage(Case *c, int year) {
  ErrInfo info = ERRINFO_INIT;
  Val *coverage, *one;
  size_t white = 0;
  assert_ok(action_coverage(c->index, year, STR_NONE, &c->arena, &coverage, &info));
  const Val *goals = list_of(coverage, "goals");
  assert_int_equal(goals->as.list.count, 7);   /* 1, 1a, 1c, 2, 4, 6, 6b */
  for (size_t g = 0; g < goals->as.list.count; g++) {
    const Val *goal = goals->as.list.items[g], *cells = list_of(goal, "cells");
    Str code = val_get(goal, S("goal"))->as.text;
    assert_int_equal(cells->as.list.count, 2);
    for (size_t i = 0; i < 2; i++) {
      const Val *cell = cells->as.list.items[i];
      Str region = val_get(cell, S("region"))->as.text;
      Str address = arena_printf(&c->arena, "goal=" STR_FMT "&reach=" STR_FMT "&reach=" STR_FMT "-local&year=%d", STR_ARG(code), STR_ARG(region), STR_ARG(region), year ? year : 2021);
      assert_int_equal(number(cell, "own"), counted_by(c, address));
      white += number(cell, "own") == 0;
    }
    Str north = arena_printf(&c->arena, "goal=" STR_FMT "&reach=LD01&year=%d", STR_ARG(code), year ? year : 2021);
    assert_int_equal(number(goal, "north"), counted_by(c, north));
  }
  assert_int_equal(list_of(coverage, "white_spots")->as.list.count, white);
  assert_ok(action_coverage(c->index, year, S("1c"), &c->arena, &one, &info));
  assert_int_equal(list_of(one, "goals")->as.list.count, 1);
}

static void adds_up(void **state) {
  (void)state;
  static const int years[] = {0, 2013, 2018};
  for (unsigned seed = 1; seed <= 6; seed++) {
    Case c;
    fixture_open(&c.fixture);
    c.fixture.state = seed * 77;
    fixture_random_actions(&c.fixture, seed * 40);
    open_index(&c);
    ErrInfo info = ERRINFO_INIT;
    Val *m = NULL;
    assert_ok(action_matrix(c.index, (MatrixOptions){years[seed % 3], true, true}, &c.arena, &m, &info));
    int64_t unique = 0;
    const Val *lines = list_of(m, "lines");
    for (size_t i = 0; i < lines->as.list.count; i++) {
      check_line(lines->as.list.items[i]);
      unique += number(lines->as.list.items[i], "unique");
    }
    check_line(val_get(m, S("total")));
    assert_int_equal(unique, seed * 40);                                   /* every action has one line, or none */
    assert_int_equal(number(val_get(m, S("total")), "unique"), seed * 40);
    assert_true(check_queries(&c, m) > 300);
    check_coverage(&c, years[seed % 3]);
    Buf text;
    buf_init(&text, 0);
    assert_ok(matrix_write_text(m, &text));
    assert_ok(matrix_write_csv(m, &text));
    assert_ok(matrix_write_json(m, &text));
    buf_clear(&text);
    close_case(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(goals_counted), cmocka_unit_test(adds_up)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
