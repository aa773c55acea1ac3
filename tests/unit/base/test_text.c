/* SPDX-License-Identifier: EUPL-1.2 */
/* Text, encodings, folding, numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"

static void cut_and_trim(void **state) {
  (void)state;
  Str rest = S("1.A, 2 ,,6.B"), part;
  const char *expected[] = {"1.A", "2", "", "6.B"};
  for (int i = 0; i < 4; i++) {
    assert_true(str_cut(&rest, ',', &part));
    assert_true(str_eq(str_trim(part), str_from(expected[i])));
  }
  assert_false(str_cut(&rest, ',', &part));
  assert_true(str_eq(str_trim(S(" \t\xC2\xA0x y\xC2\xA0\r\n")), S("x y")));
  assert_int_equal(str_trim(S(" \xC2\xA0 ")).len, 0);
  assert_int_equal(str_trim(STR_NONE).len, 0);
}

static void integers(void **state) {
  (void)state;
  int64_t n = 7;
  assert_true(str_to_int(S("-9223372036854775808"), &n));
  assert_true(n == INT64_MIN);
  assert_true(str_to_int(S("9223372036854775807"), &n));
  assert_true(n == INT64_MAX);
  n = 7;
  const char *wrong[] = {"", "-", "+", "9223372036854775808", "-9223372036854775809", " 1", "1 ", "1.0", "0x1", "1e3"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(str_to_int(str_from(wrong[i]), &n));
  assert_true(str_digits(S("0190")) && str_digits(S("")) && str_digits(STR_NONE));
  assert_false(str_digits(S("-1")) || str_digits(S("1 ")) || str_digits(S("1a")) || str_digits(S("\xd9\xa1")));
  assert_int_equal(n, 7);
}

static void decimals(void **state) {
  (void)state;
  double x = 7;
  assert_true(str_to_double(S("-0.25e1"), &x));
  assert_true(x == -2.5);
  assert_true(str_to_double(S(".5"), &x) && x == 0.5);
  assert_true(str_to_double(S("5."), &x) && x == 5.0);
  x = 7;
  const char *wrong[] = {"", ".", "e5", "1e", "1,5", "inf", "nan", "0x10", "1e999", "1 ", "--1"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(str_to_double(str_from(wrong[i]), &x));
  assert_true(x == 7);
}

static void utf8_borders(void **state) {
  (void)state;
  assert_true(text_utf8_valid(S("Súdwest-Fryslân \xF0\x9F\x8C\x8D")));
  assert_int_equal(text_utf8_bad(S("ab\xC0\xAF")), 2);         /* overlong */
  assert_int_equal(text_utf8_bad(S("\xED\xA0\x80")), 0);       /* surrogate */
  assert_int_equal(text_utf8_bad(S("x\xF4\x90\x80\x80")), 1);  /* beyond U+10FFFF */
  assert_int_equal(text_utf8_bad(S("abc\xE2\x82")), 3);        /* cut off */
}

static TextEncoding detect(Str s, size_t expected_bom) {
  size_t bom;
  TextEncoding encoding = text_detect(s, &bom);
  assert_int_equal(bom, expected_bom);
  return encoding;
}

static void detection(void **state) {
  (void)state;
  assert_int_equal(detect(S("\xEF\xBB\xBF" "a"), 3), TEXT_UTF8);
  assert_int_equal(detect(S("\xFF\xFE" "a\0"), 2), TEXT_UTF16LE);
  assert_int_equal(detect(S("\xFE\xFF\0a"), 2), TEXT_UTF16BE);
  assert_int_equal(detect(S("a\0c\0t\0i\0e\0"), 0), TEXT_UTF16LE);
  assert_int_equal(detect(S("\0a\0c\0t\0i"), 0), TEXT_UTF16BE);
  assert_int_equal(detect(S("Frysl\xC3\xA2n"), 0), TEXT_UTF8);
  assert_int_equal(detect(S("Frysl\xC3"), 0), TEXT_UTF8);      /* the sample stops within a letter */
  assert_int_equal(detect(S("Frysl\xE2n"), 0), TEXT_WINDOWS_1252);
  assert_int_equal(detect(S(""), 0), TEXT_UTF8);
}

static void conversion(void **state) {
  (void)state;
  Buf out;
  buf_init(&out, 0);
  assert_int_equal(text_to_utf8(&out, S("Frysl\xE2n \x80 5 \x81"), TEXT_WINDOWS_1252, NULL), ERR_OK);
  assert_true(str_eq(buf_view(&out), S("Fryslân € 5 \xC2\x81")));
  buf_reset(&out);
  assert_int_equal(text_to_utf8(&out, S("\xE2\0\x3D\xD8\x0D\xDE"), TEXT_UTF16LE, NULL), ERR_OK);
  assert_true(str_eq(buf_view(&out), S("â\xF0\x9F\x98\x8D")));
  ErrInfo info = ERRINFO_INIT;
  buf_reset(&out);
  assert_int_equal(text_to_utf8(&out, S("\x3D\xD8"), TEXT_UTF16LE, &info), ERR_INPUT);  /* half a pair */
  assert_int_equal(text_to_utf8(&out, S("ab\xFF"), TEXT_UTF8, &info), ERR_INPUT);
  assert_non_null(strstr(info.message, "byte 3"));
  buf_clear(&out);
}

static void folding(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  assert_true(str_eq(text_folded(&arena, S("  Súdwest-\t FRYSLÂN ")), S("sudwest- fryslan")));
  assert_true(str_eq(text_folded(&arena, S("Bètatechniek \xC2\xA0 Ĳssel")), S("betatechniek ijssel")));
  assert_true(str_eq(text_folded(&arena, S("")), S("")));
  arena_clear(&arena);
}

static void escaping(void **state) {
  (void)state;
  Buf out;
  buf_init(&out, 0);
  text_escape_html(&out, S("<a href=\"x\">O'Neill & zn</a>"));
  assert_true(str_eq(buf_view(&out), S("&lt;a href=&quot;x&quot;&gt;O&#39;Neill &amp; zn&lt;/a&gt;")));
  buf_reset(&out);
  text_escape_url(&out, S("1.A & bèta/~_"));
  assert_true(str_eq(buf_view(&out), S("1.A%20%26%20b%C3%A8ta%2F~_")));
  buf_clear(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cut_and_trim), cmocka_unit_test(integers),   cmocka_unit_test(decimals),
      cmocka_unit_test(utf8_borders), cmocka_unit_test(detection),  cmocka_unit_test(conversion),
      cmocka_unit_test(folding),      cmocka_unit_test(escaping),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
