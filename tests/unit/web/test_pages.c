/* SPDX-License-Identifier: EUPL-1.2 */
/* What pages do with values before they are shown: words for codes and their translations, filters cut to size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "web/pages/pages.h"

/* Every Dutch word of the program's own tables must be among the messages to translate. */
static const char *const TABLES[] = {
#define DIMENSION(NAME, param, label) label,
#include "action/dimensions.def"
#undef DIMENSION
#define FACT(NAME, code, label) label,
#include "action/facts.def"
#undef FACT
#define SORT(NAME, param, label, descending) label,
#include "action/sorts.def"
#undef SORT
#define CHOICE(DIM, code, label) label,
#include "action/choices.def"
#undef CHOICE
#define COURSE(NAME, code, label) label,
#include "pact/courses.def"
#undef COURSE
#define REASON(NAME, code, label) label,
#include "pact/course_reasons.def"
#undef REASON
#define REASON(NAME, code, weight, label) label,
#include "action/coherence.def"
#undef REASON
#define TERM(list, code, label) label,
#include "action/coherence_terms.def"
#undef TERM
};

static void test_tables_are_labels(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
    bool found = TABLES[i][0] == '\0';
    for (size_t l = 0; l < label_count() && !found; l++) found = !strcmp(TABLES[i], label_at(l));
    if (!found) print_error("not in labels.def: %s\n", TABLES[i]);
    assert_true(found);
  }
}

/* A word that is the same in another language is translated by itself: the catalogue must have it. */
static void test_labels_are_translated(void **state) {
  (void)state;
  for (int n = 1; n < VIEW_LANG_COUNT; n++)
    for (size_t l = 0; l < label_count(); l++) {
      Str word = view_tr(view_lang_at((size_t)n), label_at(l));
      bool own = word.ptr != label_at(l);  /* the catalogue's text, not the source's */
      if (!own) print_error("%s: no translation of %s\n", n == 1 ? "en" : "de", label_at(l));
      assert_true(own && word.len > 0);
    }
}

static void test_label_of(void **state) {
  (void)state;
  assert_true(str_eq(label_of("kind", S("province")), S("Provincie")));
  assert_true(str_eq(label_of("kinds", S("province")), S("Provincies")));
  assert_true(str_eq(label_of("kind", S("unknown")), S("unknown")));
  assert_true(str_eq(label_of("nothing", S("province")), S("province")));
}

static Val *facet_of(Arena *arena, const int *counts, size_t count, size_t selected) {
  Val *facet = val_map(arena), *values = val_set_list(arena, facet, "values");
  for (size_t i = 0; i < count; i++) {
    Val *value = val_push_map(arena, values);
    val_set_int(arena, value, "count", counts[i]);
    val_set_int(arena, value, "place", (int64_t)i);
    val_set_bool(arena, value, "selected", i == selected);
  }
  return facet;
}

static void check_cut(const int *counts, size_t count, size_t selected, size_t limit, const char *expected) {
  Arena arena;
  char got[64] = "";
  arena_init(&arena, 0);
  Val *facet = facet_of(&arena, counts, count, selected);
  facet_cut(&arena, facet, limit);
  const Val *values = val_child(facet, "values");
  for (size_t i = 0; i < val_count(values); i++) {
    size_t len = strlen(got);
    snprintf(got + len, sizeof got - len, "%lld ", (long long)val_number(val_item(values, i), "place"));
  }
  assert_string_equal(got, expected);
  assert_int_equal(val_number(facet, "more"), count);
  arena_clear(&arena);
}

static void test_facet_cut(void **state) {
  static const int counts[] = {1, 9, 3, 9, 0, 4};
  static const int equal[] = {2, 2, 2, 2};
  (void)state;
  check_cut(counts, 6, 99, 2, "1 3 ");          /* the largest, in their own order */
  check_cut(counts, 6, 99, 3, "1 3 5 ");
  check_cut(counts, 6, 4, 2, "1 3 4 ");         /* and the chosen one, however small */
  check_cut(counts, 6, 1, 2, "1 3 ");           /* which counts once */
  check_cut(counts, 6, 99, 6, "0 1 2 3 4 5 ");
  check_cut(counts, 6, 99, 50, "0 1 2 3 4 5 ");
  check_cut(equal, 4, 99, 2, "0 1 ");           /* equal ones: no more than the limit */
  check_cut(equal, 0, 99, 2, "");
}

static void test_trees(void **state) {
  Arena arena;
  (void)state;
  arena_init(&arena, 0);
  Val *map = val_map(&arena);
  val_set_int(&arena, map, "n", 7);
  val_set_double(&arena, map, "d", 2.5);
  val_set_str(&arena, map, "s", S("text"));
  val_push_str(&arena, val_set_list(&arena, map, "l"), S("x"));
  assert_int_equal(val_number(map, "n"), 7);
  assert_int_equal(val_number(map, "d"), 2);
  assert_int_equal(val_number(map, "s"), 0);
  assert_int_equal(val_number(NULL, "n"), 0);
  assert_true(str_eq(val_text(map, "s"), S("text")));
  assert_null(val_text(map, "n").ptr);
  assert_null(val_text(NULL, "s").ptr);
  assert_null(val_child(map, "s"));
  assert_null(val_child(NULL, "l"));
  assert_int_equal(val_count(val_child(map, "l")), 1);
  assert_int_equal(val_count(NULL), 0);
  assert_null(val_item(val_child(map, "l"), 1));
  assert_true(val_flag(map, "s") && !val_flag(map, "absent") && !val_flag(NULL, "s"));
  arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tables_are_labels), cmocka_unit_test(test_labels_are_translated), cmocka_unit_test(test_label_of),
    cmocka_unit_test(test_facet_cut), cmocka_unit_test(test_trees),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
