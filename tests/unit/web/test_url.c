/* SPDX-License-Identifier: EUPL-1.2 */
/* What comes from the wire: escapes, paths, languages, header values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/url.h"

static void check_decode(const char *raw, bool plus, Err expected, const char *text) {
  Arena arena;
  Str out = STR_NONE;
  arena_init(&arena, 0);
  Err err = url_decode(&arena, str_from(raw), plus, &out);
  if (err != expected) print_error("%s\n", raw);
  assert_int_equal(err, expected);
  if (err == ERR_OK) assert_true(str_eq(out, str_from(text)));
  arena_clear(&arena);
}

static void test_decode(void **state) {
  (void)state;
  check_decode("plain", false, ERR_OK, "plain");
  check_decode("", false, ERR_OK, "");
  check_decode("a%20b+c", true, ERR_OK, "a b c");
  check_decode("a%20b+c", false, ERR_OK, "a b+c");
  check_decode("caf%C3%A9", true, ERR_OK, "caf\xc3\xa9");
  check_decode("%c3%a9", true, ERR_OK, "\xc3\xa9");
  check_decode("%", true, ERR_USAGE, NULL);
  check_decode("%4", true, ERR_USAGE, NULL);
  check_decode("%zz", true, ERR_USAGE, NULL);
  check_decode("%00", true, ERR_USAGE, NULL);
  check_decode("a%0Ab", true, ERR_USAGE, NULL);
  check_decode("%7f", true, ERR_USAGE, NULL);
  check_decode("%ff", true, ERR_USAGE, NULL);         /* not UTF-8 */
  check_decode("%c0%af", true, ERR_USAGE, NULL);      /* overlong slash */
  check_decode("%ed%a0%80", true, ERR_USAGE, NULL);   /* surrogate */
  check_decode("\xe9", true, ERR_USAGE, NULL);        /* bare latin-1 */
}

static void test_path_sane(void **state) {
  static const char *const good[] = {"/", "/doelen", "/doelen/", "/doelen/1c", "/acties/a%20b", "/assets/a.b/c..d.css", "/caf%C3%A9", "/..."};
  static const char *const bad[] = {"", "doelen", "//", "//evil.example/", "/a//b", "/.", "/..", "/../etc/passwd", "/a/../b", "/a/..", "/a/./b",
                                    "/%2e%2e/etc", "/%2E%2e", "/.%2e/x", "/a%2fb", "/a%5cb", "/a\\b", "/a%00b", "/a%0d%0aSet-Cookie:x", "/a%", "/a%4",
                                    "/a b", "/a\tb", "/a\x80", "*", "http://x/"};
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    if (!url_path_sane(str_from(good[i]))) print_error("%s\n", good[i]);
    assert_true(url_path_sane(str_from(good[i])));
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (url_path_sane(str_from(bad[i]))) print_error("%s\n", bad[i]);
    assert_false(url_path_sane(str_from(bad[i])));
  }
}

static void check_language(const char *path, const char *code, const char *prefix, const char *rest) {
  Str got_code, got_prefix, got_rest;
  url_language(str_from(path), &got_code, &got_prefix, &got_rest);
  assert_true(str_eq(got_code, str_from(code)));
  assert_true(str_eq(got_prefix, str_from(prefix)));
  assert_true(str_eq(got_rest, str_from(rest)));
}

static void test_language(void **state) {
  (void)state;
  check_language("/doelen", "nl", "", "/doelen");
  check_language("/", "nl", "", "/");
  check_language("/en/doelen", "en", "/en", "/doelen");
  check_language("/de/doelen/1c", "de", "/de", "/doelen/1c");
  check_language("/en", "en", "/en", "/");
  check_language("/en/", "en", "/en", "/");
  check_language("/energie", "nl", "", "/energie");
  check_language("/fr/doelen", "nl", "", "/fr/doelen");
  check_language("/nl/doelen", "nl", "", "/nl/doelen");
  check_language("/EN/doelen", "nl", "", "/EN/doelen");
}

static void test_gzip(void **state) {
  (void)state;
  assert_true(http_accepts_gzip(S("gzip")));
  assert_true(http_accepts_gzip(S("gzip, deflate, br")));
  assert_true(http_accepts_gzip(S("br;q=1.0, gzip;q=0.8, *;q=0.1")));
  assert_true(http_accepts_gzip(S("*")));
  assert_true(http_accepts_gzip(S("GZIP")));
  assert_false(http_accepts_gzip(S("")));
  assert_false(http_accepts_gzip(STR_NONE));
  assert_false(http_accepts_gzip(S("br, deflate")));
  assert_false(http_accepts_gzip(S("gzip;q=0")));
  assert_false(http_accepts_gzip(S("gzip; q=0.0, br")));
  assert_false(http_accepts_gzip(S("*, gzip;q=0")));
  assert_false(http_accepts_gzip(S("identity")));
  assert_false(http_accepts_gzip(S("gzipped")));
  assert_false(http_accepts_gzip(S("gzip;q=nan")));
}

static void test_etag(void **state) {
  Str tag = S("\"abc\"");
  (void)state;
  assert_true(http_etag_matches(S("\"abc\""), tag));
  assert_true(http_etag_matches(S("W/\"abc\""), tag));
  assert_true(http_etag_matches(S("\"x\", \"abc\""), tag));
  assert_true(http_etag_matches(S("*"), tag));
  assert_false(http_etag_matches(S("\"abcd\""), tag));
  assert_false(http_etag_matches(S("abc"), tag));
  assert_false(http_etag_matches(S(""), tag));
  assert_false(http_etag_matches(STR_NONE, tag));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_decode), cmocka_unit_test(test_path_sane), cmocka_unit_test(test_language),
                                     cmocka_unit_test(test_gzip), cmocka_unit_test(test_etag)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
