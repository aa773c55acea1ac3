/* SPDX-License-Identifier: EUPL-1.2 */
/* Territories through time, on the shipped regions and on a small world of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "pact/package.h"
#include "places/region.h"
#include "store/internal.h"
#include "store/vals.h"

typedef struct Setting {
  Store *store;
  Arena arena;
  ErrInfo info;
  RegionMap *map;
} Setting;

static int open_store(Setting *s, bool shipped) {
  PackageReport report = {0};
  arena_init(&s->arena, 0);
  Err err = store_open(&s->store, ":memory:", STORE_CREATE, &s->info);
  if (err == ERR_OK) err = store_begin(s->store, &s->info);
  if (err == ERR_OK && shipped) err = package_load(s->store, NULL, &s->arena, &report, &s->info);
  if (err == ERR_OK) err = store_commit(s->store, &s->info);
  if (err == ERR_OK) err = region_map_load(s->store, &s->arena, &s->map, &s->info);
  if (err != ERR_OK) print_error("%s\n", s->info.message);
  return err == ERR_OK ? 0 : -1;
}

static int start(void **state) {
  Setting *s = calloc(1, sizeof *s);
  *state = s;
  return s ? open_store(s, true) : -1;
}

/* A..D are merged into M in 2015; E is split over M (by 0.25) and F (0.75) in 2018; M and F go up in N in 2020; G gives an
 * unknown part to F in 2016 and lives on; H ends in 2016 and goes to F and M in unknown parts. */
static const char WORLD[] =
  "INSERT INTO source (code, title, kind, verified, seq) VALUES ('s', 'S', 'document', 1, 1);"
  "INSERT INTO region (code, kind, name, valid_from, valid_to, verified, source, seq) VALUES"
  " ('L', 'landsdeel', 'L', NULL, NULL, 1, 's', 1), ('P', 'province', 'P', NULL, NULL, 1, 's', 2), ('Q', 'province', 'Q', NULL, NULL, 1, 's', 3),"
  " ('A', 'municipality', 'A', NULL, '2014-12-31', 1, 's', 4), ('D', 'municipality', 'D', NULL, '2014-12-31', 1, 's', 5),"
  " ('M', 'municipality', 'M', '2015-01-01', '2019-12-31', 1, 's', 6), ('E', 'municipality', 'E', NULL, '2017-12-31', 1, 's', 7),"
  " ('F', 'municipality', 'F', NULL, '2019-12-31', 1, 's', 8), ('N', 'municipality', 'N', '2020-01-01', NULL, 1, 's', 9),"
  " ('G', 'municipality', 'G', NULL, NULL, 1, 's', 10), ('H', 'municipality', 'H', NULL, '2015-12-31', 1, 's', 11),"
  " ('X', 'municipality', 'X', NULL, '2015-12-31', 1, 's', 12);"
  "INSERT INTO region_membership (region, part_of, valid_from, valid_to, verified, source, seq) VALUES"
  " ('P', 'L', NULL, NULL, 1, 's', 1), ('Q', 'L', NULL, NULL, 1, 's', 2), ('A', 'P', NULL, '2014-12-31', 1, 's', 3),"
  " ('M', 'P', NULL, NULL, 1, 's', 4), ('F', 'Q', NULL, NULL, 1, 's', 5), ('E', 'P', NULL, NULL, 1, 's', 6), ('N', 'Q', NULL, NULL, 1, 's', 7);"
  "INSERT INTO region_change (changed_on, from_region, to_region, weight, kind, verified, source, seq) VALUES"
  " ('2015-01-01', 'A', 'M', 1, 'merger', 1, 's', 1), ('2015-01-01', 'D', 'M', 1, 'merger', 0, 's', 2),"
  " ('2018-01-01', 'E', 'M', 0.25, 'split', 1, 's', 3), ('2018-01-01', 'E', 'F', 0.75, 'split', 1, 's', 4),"
  " ('2020-01-01', 'M', 'N', 1, 'merger', 1, 's', 5), ('2020-01-01', 'F', 'N', 1, 'merger', 1, 's', 6),"
  " ('2016-01-01', 'G', 'F', NULL, 'boundary', 1, 's', 7), ('2016-01-01', 'H', 'F', NULL, 'split', 1, 's', 8),"
  " ('2016-01-01', 'H', 'M', NULL, 'split', 1, 's', 9);";

static int start_world(void **state) {
  Setting *s = calloc(1, sizeof *s);
  *state = s;
  if (!s || open_store(s, false) != 0) return -1;
  char *why = NULL;
  if (sqlite3_exec(*(sqlite3 **)s->store->conn, WORLD, NULL, NULL, &why) != SQLITE_OK) { print_error("%s\n", why); return -1; }
  return region_map_load(s->store, &s->arena, &s->map, &s->info) == ERR_OK ? 0 : -1;
}

static int stop(void **state) {
  Setting *s = *state;
  store_close(s->store);
  arena_clear(&s->arena);
  free(s);
  return 0;
}

/* "CODE weight[~] CODE weight" with two decimals; ~ marks an estimate. */
static void expect(Setting *s, const char *code, const char *day_text, int kind, const char *expected) {
  RegionShare *shares;
  size_t count;
  Day day;
  Buf text;
  const Region *region = region_find(s->map, str_from(code));
  assert_non_null(region);
  assert_true(day_parse_iso(str_from(day_text), &day));
  if (kind < 0) assert_int_equal(region_on(s->map, region, day, &s->arena, &shares, &count), ERR_OK);
  else assert_int_equal(region_within(s->map, region, (RegionKind)kind, day, &s->arena, &shares, &count), ERR_OK);
  buf_init(&text, 0);
  for (size_t i = 0; i < count; i++)
    buf_printf(&text, "%s" STR_FMT " %.2f%s", i ? ", " : "", STR_ARG(shares[i].region->code), shares[i].weight, shares[i].estimated ? "~" : "");
  if (!str_eq(buf_view(&text), str_from(expected))) fail_msg("%s on %s: '%s', expected '%s'", code, day_text, buf_zstr(&text), expected);
  buf_clear(&text);
}

static void test_forward(void **state) {
  Setting *s = *state;
  expect(s, "A", "2014-12-31", -1, "A 1.00");
  expect(s, "A", "2015-01-01", -1, "M 1.00");
  expect(s, "D", "2016-01-01", -1, "M 1.00~");
  expect(s, "E", "2017-12-31", -1, "E 1.00");
  expect(s, "E", "2018-01-01", -1, "F 0.75, M 0.25");
  expect(s, "E", "2021-01-01", -1, "N 1.00");
  expect(s, "A", "2026-11-23", -1, "N 1.00");
  expect(s, "G", "2026-11-23", -1, "G 1.00");
  expect(s, "H", "2016-06-01", -1, "F 0.50~, M 0.50~");
  expect(s, "H", "2020-06-01", -1, "N 1.00~");
  /* ended, and nobody knows in what */
  expect(s, "X", "2020-01-01", -1, "");
  expect(s, "P", "1990-01-01", -1, "P 1.00");
}

/* From its last day on: what Slochteren gave to Groningen before it ended counts no more. */
static void test_succeeded(void **state) {
  Setting *s = *state;
  RegionShare *shares;
  size_t count;
  const Region *slochteren = region_find(s->map, S("GM0040"));
  static const struct { int year; const char *code; } days[] = {{2016, "GM0040"}, {2017, "GM0040"}, {2018, "GM1952"}, {2026, "GM1952"}};
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    assert_int_equal(region_succeeded(s->map, slochteren, day_from_civil(days[i].year, 7, 31), &s->arena, &shares, &count), ERR_OK);
    assert_int_equal(count, 1);
    assert_true(str_eq(shares[0].region->code, str_from(days[i].code)) && fabs(shares[0].weight - 1) < 1e-9);
  }
  expect(s, "GM0040", "2018-07-31", -1, "GM1952 0.96, GM0014 0.04");  /* its territory of 2013 */
}

static void test_backward(void **state) {
  Setting *s = *state;
  expect(s, "M", "2014-06-01", -1, "A 1.00, D 1.00~");
  expect(s, "N", "2019-06-01", -1, "F 1.00, M 1.00");
  expect(s, "N", "2017-06-01", -1, "E 1.00, F 1.00, M 1.00");
}

static void test_within(void **state) {
  Setting *s = *state;
  expect(s, "E", "2016-01-01", REGION_PROVINCE, "P 1.00");
  expect(s, "E", "2018-01-01", REGION_PROVINCE, "Q 0.75, P 0.25");
  expect(s, "E", "2021-01-01", REGION_PROVINCE, "Q 1.00");
  expect(s, "E", "2021-01-01", REGION_LANDSDEEL, "L 1.00");
  expect(s, "P", "2021-01-01", REGION_LANDSDEEL, "L 1.00");
  expect(s, "P", "2021-01-01", REGION_PROVINCE, "P 1.00");
  expect(s, "A", "2014-01-01", REGION_COROP, "");
}

/* Every municipality of 2013 has one territory on every first of January since, and lies in a northern province. */
static void test_shipped_whole(void **state) {
  Setting *s = *state;
  size_t municipalities = 0;
  Day start_day = day_from_civil(2013, 1, 1);
  for (size_t i = 0; i < region_count(s->map); i++) {
    const Region *region = region_at(s->map, i);
    if (region->kind != REGION_MUNICIPALITY || !region_exists_on(region, start_day)) continue;
    municipalities++;
    for (int year = 2013; year <= 2026; year++) {
      RegionShare *shares;
      size_t count;
      double total = 0, provinces = 0;
      Day day = day_from_civil(year, 1, 1);
      assert_int_equal(region_on(s->map, region, day, &s->arena, &shares, &count), ERR_OK);
      for (size_t k = 0; k < count; k++) {
        total += shares[k].weight;
        assert_true(region_exists_on(shares[k].region, day));
      }
      if (fabs(total - 1) > 0.01) fail_msg(STR_FMT " in %d: %f", STR_ARG(region->name), year, total);
      assert_int_equal(region_within(s->map, region, REGION_PROVINCE, day, &s->arena, &shares, &count), ERR_OK);
      for (size_t k = 0; k < count; k++) provinces += shares[k].weight;
      if (fabs(provinces - 1) > 0.01) fail_msg(STR_FMT " in %d: provinces %f", STR_ARG(region->name), year, provinces);
    }
  }
  assert_int_equal(municipalities, 62);
}

/* Littenseradiel was split over three municipalities in 2018. */
static void test_littenseradiel(void **state) {
  Setting *s = *state;
  RegionShare *shares;
  size_t count;
  assert_int_equal(region_on(s->map, region_find(s->map, S("GM0140")), day_from_civil(2018, 1, 1), &s->arena, &shares, &count), ERR_OK);
  assert_int_equal(count, 3);
  assert_true(shares[0].weight >= shares[1].weight && shares[1].weight >= shares[2].weight);
  expect(s, "GM0140", "2026-01-01", REGION_PROVINCE, "PV21 1.00");
  Val *v;
  assert_int_equal(region_detail(s->store, S("GM0140"), 2026, &s->arena, &v, &s->info), ERR_OK);
  assert_int_equal(val_get(v, S("after"))->as.list.count, 3);
  assert_int_equal(val_get(v, S("now"))->as.list.count, 3);
  assert_false(val_get(v, S("exists"))->as.boolean);
  assert_int_equal(region_detail(s->store, S("GM0140"), 2014, &s->arena, &v, &s->info), ERR_OK);
  assert_true(val_get(v, S("exists"))->as.boolean);
}

static const Val *child(const Val *list, const char *code) {
  for (size_t i = 0; i < list->as.list.count; i++)
    if (str_eq(vals_text(list->as.list.items[i], "code"), str_from(code))) return val_get(list->as.list.items[i], S("children"));
  fail_msg("no %s", code);
  return NULL;
}

/* 12 municipalities in Drenthe through all of it; 62 in the North in 2013, 40 in 2021 and since. */
static void test_tree(void **state) {
  Setting *s = *state;
  static const struct { int year; size_t groningen, fryslan, drenthe; } cases[] = {{2013, 23, 27, 12}, {2021, 10, 18, 12}, {2026, 10, 18, 12}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Val *v;
    assert_int_equal(region_tree(s->store, cases[i].year, &s->arena, &v, &s->info), ERR_OK);
    const Val *provinces = child(val_get(v, S("roots")), "LD01");
    assert_int_equal(provinces->as.list.count, 3);
    assert_int_equal(child(provinces, "PV20")->as.list.count, cases[i].groningen);
    assert_int_equal(child(provinces, "PV21")->as.list.count, cases[i].fryslan);
    assert_int_equal(child(provinces, "PV22")->as.list.count, cases[i].drenthe);
    assert_int_equal(val_get(v, S("groupings"))->as.list.count, 4);
  }
  Val *v;
  assert_int_equal(region_tree(s->store, 0, &s->arena, &v, &s->info), ERR_INPUT);
  assert_int_equal(region_tree(s->store, 123456, &s->arena, &v, &s->info), ERR_INPUT);
  assert_int_equal(region_detail(s->store, S("GM9999"), 2020, &s->arena, &v, &s->info), ERR_NOT_FOUND);
  assert_int_equal(region_changes(s->store, &s->arena, &v, &s->info), ERR_OK);
  assert_true(v->as.list.count >= 39);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_forward, start_world, stop), cmocka_unit_test_setup_teardown(test_backward, start_world, stop),
    cmocka_unit_test_setup_teardown(test_within, start_world, stop), cmocka_unit_test_setup_teardown(test_shipped_whole, start, stop),
    cmocka_unit_test_setup_teardown(test_succeeded, start, stop), cmocka_unit_test_setup_teardown(test_littenseradiel, start, stop),
    cmocka_unit_test_setup_teardown(test_tree, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
