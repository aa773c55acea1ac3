/* SPDX-License-Identifier: EUPL-1.2 */
/* What suppliers write in cells: numbers of two notations, "<5", words. */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "monitor/supply_cells.h"

typedef struct Number { const char *text; double count, percent; } Number;  /* -1: refused */

static void test_numbers(void **state) {
  (void)state;
  static const Number cases[] = {
      {"0", 0, 0}, {"24", 24, 24}, {" 24 ", 24, 24}, {"24,3", 24.3, 24.3}, {"24.3", 24.3, 24.3}, {"24,3%", -1, 24.3}, {"24.3 %", -1, 24.3},
      {"1.250", 1250, 1.25}, {"1,250", 1250, 1.25}, {"24,317", 24317, 24.317}, {"0,250", 0.25, 0.25}, {"1.250,5", 1250.5, 1250.5},
      {"1,250.5", 1250.5, 1250.5}, {"12.500.000", 12500000, 12500000}, {"12 500", 12500, 12500}, {"1250,75", 1250.75, 1250.75},
      {"12\xC2\xA0" "500", 12500, 12500}, {"\xE2\x80\xAF" "12\xE2\x80\x89" "500", 12500, 12500}, {"24\xC2\xA0%", -1, 24}, {"24\xC2\xA0" "3", -1, -1}, {"-0", 0, 0},
      {"", -1, -1}, {"-", -1, -1}, {"%", -1, -1}, {"circa 24", -1, -1}, {"24,", -1, -1}, {",5", -1, -1}, {"1.2.3", -1, -1}, {"1.25.000", -1, -1},
      {"1,5.000", -1, -1}, {"1.250,5,5", -1, -1}, {"1e5", -1, -1}, {"0x10", -1, -1}, {"nan", -1, -1}, {"<5", -1, -1}, {"2 4", -1, -1},
      {"99999999999999999999999999999999999999999", -1, -1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int percent = 0; percent < 2; percent++) {
      double found = -1, expected = percent ? cases[i].percent : cases[i].count;
      bool read = supply_number(str_from(cases[i].text), percent, &found);
      if (read != (expected >= 0)) fail_msg("\"%s\" (%d) is %sread", cases[i].text, percent, read ? "" : "not ");
      if (read) assert_true(found >= expected - 1e-9 && found <= expected + 1e-9);
    }
  double negative = 0;
  assert_true(supply_number(S("-0,0"), true, &negative) && !signbit(negative));
  assert_true(supply_number(S("-5,5"), false, &negative));
  assert_true(negative < -5.4 && negative > -5.6);
}

static void test_suppressed(void **state) {
  (void)state;
  assert_true(supply_suppressed(S("<5")));
  assert_true(supply_suppressed(S(" < 5 ")));
  assert_true(supply_suppressed(S("<\xC2\xA0" "5")));
  assert_false(supply_suppressed(S("5")));
  assert_false(supply_suppressed(S("<10")));
  assert_false(supply_suppressed(S("<")));
  assert_false(supply_suppressed(S("")));
}

static void test_words(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  assert_string_equal(supply_code(&arena, SUPPLY_LIST_STATE, S("Niet van  Toepassing")), "not_applicable");
  assert_string_equal(supply_code(&arena, SUPPLY_LIST_STATE, S("n.v.t.")), "not_applicable");
  assert_string_equal(supply_code(&arena, SUPPLY_LIST_QUALITY, S("VOORLOPIG")), "provisional");
  assert_null(supply_code(&arena, SUPPLY_LIST_QUALITY, S("ontbreekt")));
  assert_null(supply_code(&arena, SUPPLY_LIST_STATE, S("")));
  assert_string_equal(supply_word(SUPPLY_LIST_STATE, S("not_yet_due")), "nog niet verwacht");
  assert_null(supply_word(SUPPLY_LIST_STATE, S("soon")));
  /* every word we write is read back as its code */
  static const char *const states[] = {"value", "suppressed", "not_applicable", "missing", "not_yet_due"};
  for (size_t i = 0; i < 5; i++)
    assert_string_equal(supply_code(&arena, SUPPLY_LIST_STATE, str_from(supply_word(SUPPLY_LIST_STATE, str_from(states[i])))), states[i]);
  arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers), cmocka_unit_test(test_suppressed), cmocka_unit_test(test_words)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
