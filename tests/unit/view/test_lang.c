/* SPDX-License-Identifier: EUPL-1.2 */
/* Languages: numbers, dates, money, messages and the reader of compiled translations. */
#include "unit/view/view_test.h"

#include <stdlib.h>

#include "view/lang.h"
#include "ttmpl_all.h"

static void check_number(const char *lang, double value, int decimals, const char *expected) {
  Buf out;
  buf_init(&out, 0);
  view_number(&out, view_lang(str_from(lang)), value, decimals);
  assert_string_equal(buf_zstr(&out), expected);
  buf_clear(&out);
}

static void test_numbers(void **state) {
  (void)state;
  check_number("nl", 0, 0, "0");
  check_number("nl", 999, 0, "999");
  check_number("nl", 1000, 0, "1.000");
  check_number("nl", 1234567.891, 2, "1.234.567,89");
  check_number("en", 1234567.891, 2, "1,234,567.89");
  check_number("de", -1234.5, 1, "\u22121.234,5");
  check_number("nl", -0.001, 1, "0,0");
  check_number("nl", 0.0 / 0.0, 1, "\u2013");
  check_number("nl", 1e15, 0, "1.000.000.000.000.000");
  Buf out;
  buf_init(&out, 0);
  view_integer(&out, view_lang(S("en")), INT64_MIN);
  assert_string_equal(buf_zstr(&out), "\u22129,223,372,036,854,775,808");
  buf_clear(&out);
}

static void check_money(const char *lang, int64_t cents, const char *expected) {
  Buf out;
  buf_init(&out, 0);
  view_money(&out, view_lang(str_from(lang)), cents);
  assert_string_equal(buf_zstr(&out), expected);
  buf_clear(&out);
}

static void test_money(void **state) {
  (void)state;
  check_money("nl", 0, "€\u00A00");
  check_money("nl", 123450, "€\u00A01.234,50");
  check_money("en", 123405, "€1,234.05");
  check_money("de", -100000000, "\u22121.000.000\u00A0€");
  check_money("nl", INT64_MIN, "\u2212€\u00A092.233.720.368.547.758,08");
}

static void check_date(const char *lang, const char *iso, const char *expected) {
  Buf out;
  buf_init(&out, 0);
  view_date(&out, view_lang(str_from(lang)), str_from(iso));
  assert_string_equal(buf_zstr(&out), expected);
  buf_clear(&out);
}

static void test_dates(void **state) {
  (void)state;
  check_date("nl", "2013-11-15", "15 november 2013");
  check_date("en", "2013-11-15", "15 November 2013");
  check_date("de", "2013-03-01", "1. März 2013");
  check_date("nl", "2013-11", "november 2013");
  check_date("nl", "2013", "2013");
  check_date("nl", "2026-11-23T20:15:00Z", "23 november 2026");
  check_date("nl", "2013-02-30", "2013-02-30");
  check_date("nl", "2013-13", "2013-13");
  check_date("nl", "voorjaar", "voorjaar");
  check_date("nl", "", "");
  static const char *const months[VIEW_LANG_COUNT][2] = {{"januari", "december"}, {"January", "December"}, {"Januar", "Dezember"}};
  for (size_t i = 0; i < VIEW_LANG_COUNT; i++) {
    assert_true(str_eq(lang_month(view_lang_at(i), 1), str_from(months[i][0])));
    assert_true(str_eq(lang_month(view_lang_at(i), 12), str_from(months[i][1])));
  }
}

static void test_languages(void **state) {
  (void)state;
  assert_null(view_lang(S("fr")));
  assert_null(view_lang(S("")));
  assert_true(str_eq(view_lang_code(view_lang_at(0)), S("nl")));
  assert_int_equal(view_lang_prefix(view_lang(S("nl"))).len, 0);
  assert_true(str_eq(view_lang_prefix(view_lang(S("en"))), S("/en")));
  assert_true(str_eq(view_lang_name(view_lang(S("de"))), S("Deutsch")));
}

static void test_fill(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  Val *args = val_map(&arena);
  val_set_str(&arena, args, "a", S("%{b}"));
  val_set_int(&arena, args, "b", 2);
  assert_true(str_eq(view_fill(&arena, S("%{a} en %{b}%{c}%{"), args), S("%{b} en 2%{c}%{")));
  assert_true(str_eq(view_fill(&arena, S("niets"), NULL), S("niets")));
  arena_clear(&arena);
}

static void test_messages_in_the_source_language(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  Val *root = val_map(&arena);
  val_set_int(&arena, root, "n", 1);
  val_set_str(&arena, root, "v", S("<x>"));
  assert_render("messages.html", root, "nl", "Doelen|1 van &lt;x&gt;|1 actie|één ding van &lt;x&gt;\n");
  val_set_int(&arena, root, "n", 2016);
  assert_render("messages.html", root, "nl", "Doelen|2.016 van &lt;x&gt;|2.016 acties|2.016 dingen van &lt;x&gt;\n");
  val_set_int(&arena, root, "n", 0);
  assert_render("messages.html", root, "nl", "Doelen|0 van &lt;x&gt;|0 acties|0 dingen van &lt;x&gt;\n");
  assert_true(str_eq(view_tr(view_lang(S("nl")), "Doelen"), S("Doelen")));
  assert_true(str_eq(view_tr(view_lang(S("de")), "gibt es nicht"), S("gibt es nicht")));
  assert_true(str_eq(view_trn(view_lang(S("en")), "zz one", "zz many", 1), S("zz one")));
  assert_true(str_eq(view_trn(view_lang(S("en")), "zz one", "zz many", 2), S("zz many")));
  arena_clear(&arena);
}

/* msgids: "" (header), "actie\0acties", "doel" -> "", "zin" -> "sentence" */
static const char MO[] =
    "\xde\x12\x04\x95\0\0\0\0\4\0\0\0\x1c\0\0\0\x3c\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\x5c\0\0\0\x0c\0\0\0\x5d\0\0\0\4\0\0\0\x6a\0\0\0\3\0\0\0\x6f\0\0\0"
    "\1\0\0\0\x73\0\0\0\x0e\0\0\0\x75\0\0\0\0\0\0\0\x84\0\0\0\x8\0\0\0\x85\0\0\0"
    "\0" "actie\0acties\0" "doel\0" "zin\0" "h\0" "action\0actions\0" "\0" "sentence";

static void test_mo_reader(void **state) {
  (void)state;
  MoFile mo;
  Str found, bytes = {MO, sizeof MO};
  assert_true(mo_open(&mo, bytes));
  assert_true(mo_find(&mo, S("zin"), &found));
  assert_true(str_eq(found, S("sentence")));
  assert_false(mo_find(&mo, S("doel"), &found));
  assert_false(mo_find(&mo, S(""), &found));
  assert_false(mo_find(&mo, S("acties"), &found));
  assert_false(mo_find(&mo, S("zzz"), &found));
  assert_true(str_eq(lang_plural(&mo, S("actie"), S("acties"), true), S("action")));
  assert_true(str_eq(lang_plural(&mo, S("actie"), S("acties"), false), S("actions")));
  assert_true(str_eq(lang_plural(&mo, S("a"), S("b"), false), S("b")));
  assert_true(str_eq(lang_translate(&mo, S("doel")), S("doel")));
}

/* Whatever is cut off or changed, reading stays inside the bytes (the sanitizer watches a copy of the exact size). */
static void test_mo_damage(void **state) {
  (void)state;
  size_t accepted = 0;
  for (size_t len = 0; len < sizeof MO; len++) {
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, MO, len);
    MoFile mo;
    assert_false(mo_open(&mo, (Str){copy, len}));
    free(copy);
  }
  for (size_t i = 0; i < sizeof MO; i++)
    for (int flip = 1; flip < 256; flip <<= 1) {
      char *copy = malloc(sizeof MO);
      assert_non_null(copy);
      memcpy(copy, MO, sizeof MO);
      copy[i] = (char)(copy[i] ^ flip);
      MoFile mo;
      Str found;
      if (mo_open(&mo, (Str){copy, sizeof MO})) {
        mo_find(&mo, S("zin"), &found);
        lang_plural(&mo, S("actie"), S("acties"), false);
        accepted++;
      }
      free(copy);
    }
  assert_true(accepted > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers), cmocka_unit_test(test_money), cmocka_unit_test(test_dates),
      cmocka_unit_test(test_languages), cmocka_unit_test(test_fill), cmocka_unit_test(test_messages_in_the_source_language),
      cmocka_unit_test(test_mo_reader), cmocka_unit_test(test_mo_damage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
