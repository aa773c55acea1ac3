/* SPDX-License-Identifier: EUPL-1.2 */
/* Places of education among the regions of the shipped pact: which lie where, on which day, and lack of memory on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "../pact/shipped.h"
#include "base/mem.h"
#include "places/place.h"
#include "store/vals.h"

#define PLACE(kind, code, name, municipality, from, to, revision, superseded, seq) \
  "('" kind "', '" code "', substr('" code "', 1, 4), substr('" code "', 5), '" name "', '9711AA', 'TOWN', '" municipality "', '" from "', " to \
  ", '2020-01-01', " revision ", " superseded ", 'duo-bo-2013', " seq ")"

static int start(void **state) {
  Shipped *s = calloc(1, sizeof *s);
  if (!s || shipped_open(s) != 0) return -1;
  shipped_change(s, "editions", "INSERT INTO place_edition VALUES ('primary', '2013-10-01', 4, '2020-01-01', 'duo-bo-2013', 1), "
                                "('primary', '2015-10-01', 3, '2020-01-02', 'duo-bo-2013', 2)");
  shipped_change(s, "places", "INSERT INTO place (kind, code, institution, site, name, postcode, town, municipality, valid_from, valid_to, known_from, "
                              "revision, superseded_on, source, seq) VALUES "
    PLACE("primary", "99AA00", "De Wilg", "GM0009", "2013-10-01", "NULL", "1", "NULL", "1") ","
    PLACE("primary", "99BB00", "Skoalle Âldeboarn", "GM0055", "2013-10-01", "'2015-09-30'", "1", "NULL", "2") ","
    PLACE("primary", "99CC00", "Mistake", "GM0014", "2013-10-01", "NULL", "1", "'2020-01-01'", "3") ","
    PLACE("primary", "99CC00", "Corrected", "GM0014", "2013-10-01", "NULL", "2", "NULL", "4") ","
    PLACE("vocational", "99CC00", "College", "GM0106", "2013-10-01", "NULL", "1", "NULL", "5"));
  *state = s;
  return 0;
}

static int stop(void **state) {
  shipped_close(*state);
  free(*state);
  return 0;
}

static Day on(const char *text) {
  Day day;
  assert_true(day_parse_iso(str_from(text), &day));
  return day;
}

/* Codes of the places found, each followed by a space. */
static const char *codes(Shipped *s, PlaceQuery query) {
  Val *found;
  Str text = S("");
  if (query.as_of == 0) query.as_of = on("2024-01-01");
  assert_int_equal(place_find(s->store, &query, &s->arena, &found, &s->info), ERR_OK);
  const Val *places = val_get(found, S("places"));
  for (size_t i = 0; i < places->as.list.count; i++)
    text = arena_printf(&s->arena, STR_FMT STR_FMT " ", STR_ARG(text), STR_ARG(vals_text(places->as.list.items[i], "code")));
  return arena_zstr(&s->arena, text);
}

static void test_where(void **state) {
  Shipped *s = *state;
  const Day past = on("2014-06-01");
  assert_string_equal(codes(s, (PlaceQuery){.region = S("GM0014")}), "99CC00 99AA00 ");
  assert_string_equal(codes(s, (PlaceQuery){.region = S("GM0014"), .as_of = past}), "99CC00 ");
  assert_string_equal(codes(s, (PlaceQuery){.region = S("PV20"), .kind = S("vocational")}), "");
  assert_string_equal(codes(s, (PlaceQuery){.region = S("PV21"), .as_of = past}), "99BB00 ");
  assert_string_equal(codes(s, (PlaceQuery){.region = S("GM0080"), .as_of = past}), "");
  assert_string_equal(codes(s, (PlaceQuery){.words = S("aldeboarn SKOALLE"), .as_of = past}), "99BB00 ");
  assert_string_equal(codes(s, (PlaceQuery){.words = S("mistake")}), "");
}

static int64_t count_of(const Val *found, size_t kind) { return vals_number(val_get(found, S("kinds"))->as.list.items[kind], "count"); }

static void test_counts(void **state) {
  Shipped *s = *state;
  Val *found;
  assert_int_equal(place_counts(s->store, S("LD01"), on("2014-06-01"), &s->arena, &found, &s->info), ERR_OK);
  assert_int_equal(vals_number(found, "total"), 4);
  assert_int_equal(count_of(found, 0), 3);
  assert_int_equal(count_of(found, 1), 0);
  assert_int_equal(count_of(found, 2), 1);
  assert_int_equal(place_counts(s->store, S("GM1900"), on("2014-06-01"), &s->arena, &found, &s->info), ERR_OK);
  assert_int_equal(vals_number(found, "total"), 0);
  assert_int_equal(vals_number(found, "divided"), 1);
  assert_true(val_truth(val_get(found, S("recorded"))));
  assert_int_equal(place_counts(s->store, S("x"), on("2014-06-01"), &s->arena, &found, &s->info), ERR_USAGE);
}

static void test_registers(void **state) {
  Shipped *s = *state;
  Val *registers;
  assert_int_equal(place_registers(s->store, on("2015-09-30"), &s->arena, &registers, &s->info), ERR_OK);
  assert_int_equal(registers->as.list.count, 4);
  assert_true(str_eq(vals_text(registers->as.list.items[0], "day"), S("2013-10-01")));
  assert_int_equal(vals_number(registers->as.list.items[0], "places"), 4);
  assert_null(vals_text(registers->as.list.items[1], "first").ptr);
}

static void test_detail(void **state) {
  Shipped *s = *state;
  Val *place;
  assert_int_equal(place_detail(s->store, S("99CC00"), &s->arena, &place, &s->info), ERR_OK);
  const Val *states = val_get(place, S("states"));
  assert_int_equal(states->as.list.count, 3);
  assert_true(str_eq(vals_text(states->as.list.items[0], "superseded_on"), S("2020-01-01")));
  assert_int_equal(vals_number(states->as.list.items[1], "revision"), 2);
  assert_int_equal(place_detail(s->store, S("99CC01"), &s->arena, &place, &s->info), ERR_NOT_FOUND);
}

/* Every allocation on the way fails once. */
static void test_memory(void **state) {
  Shipped *s = *state;
  const PlaceQuery query = {.region = S("PV20"), .words = S("de"), .as_of = on("2024-01-01"), .page = 1, .size = 10};
  size_t failed = 0, n = 1;
  for (; n < 5000; n++) {
    Arena arena;
    Val *found = NULL;
    arena_init(&arena, 0);
    mem_fail_at(n, 0);
    Err err = place_find(s->store, &query, &arena, &found, &s->info);
    mem_fail_at(0, 0);
    if (err == ERR_OK) assert_int_equal(vals_number(found, "total"), 1);
    if (err == ERR_OK) assert_false(arena.failed);
    arena_clear(&arena);
    if (err == ERR_OK) break;
    assert_int_equal(err, ERR_MEMORY);
    failed++;
  }
  assert_true(failed > 3);
  assert_true(n < 5000);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
  const struct CMUnitTest tests[] = {TEST(test_where), TEST(test_counts), TEST(test_registers), TEST(test_detail), TEST(test_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
