/* SPDX-License-Identifier: EUPL-1.2 */
/* The cache of answers: what it finds, when it forgets, what it may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "web/answer.h"

static Answer *answer_of(const char *text, size_t pad, bool gzip) {
  Buf body;
  Answer *answer = NULL;
  AnswerForm form = {KIND_PAGE, gzip, false, S("nl")};
  buf_init(&body, 0);
  buf_cstr(&body, text);
  for (size_t i = 0; i < pad; i++) buf_char(&body, (char)('a' + i % 7));
  Response res = {.status = 200, .body_kind = BODY_BUFFER, .body = &body, .content_type = "text/html; charset=utf-8"};
  assert_int_equal(answer_new(&answer, &res, &form), ERR_OK);
  buf_clear(&body);
  return answer;
}

static void test_get_put(void **state) {
  AnswerCache *cache;
  (void)state;
  assert_int_equal(answer_cache_new(&cache, 1 << 20), ERR_OK);
  Answer *a = answer_of("a", 0, false), *b = answer_of("b", 0, false);
  assert_null(answer_cache_get(cache, S("/a"), 1));
  answer_cache_put(cache, S("/a"), 1, a);
  answer_cache_put(cache, S("/b"), 1, b);
  Answer *got = answer_cache_get(cache, S("/a"), 1);
  assert_ptr_equal(got, a);
  answer_release(got);
  assert_null(answer_cache_get(cache, S("/A"), 1));
  /* an older view of the data finds nothing and puts nothing; a newer one empties the cache */
  assert_null(answer_cache_get(cache, S("/a"), 0));
  got = answer_cache_get(cache, S("/a"), 1);
  assert_non_null(got);
  answer_release(got);
  assert_null(answer_cache_get(cache, S("/a"), 2));
  assert_null(answer_cache_get(cache, S("/b"), 2));
  answer_cache_put(cache, S("/a"), 1, a);
  assert_null(answer_cache_get(cache, S("/a"), 2));
  assert_int_equal(answer_cache_figures(cache).entries, 0);
  assert_int_equal(answer_cache_figures(cache).bytes, 0);
  assert_int_equal(answer_cache_figures(cache).hits, 2);
  answer_release(a);
  answer_release(b);
  answer_cache_free(cache);
}

static void test_bounded(void **state) {
  AnswerCache *cache;
  char key[16];
  (void)state;
  assert_int_equal(answer_cache_new(&cache, 100000), ERR_OK);
  Answer *first = answer_of("first", 5000, false);
  answer_cache_put(cache, S("first"), 1, first);
  for (int i = 0; i < 100; i++) {
    Answer *answer = answer_of("x", 5000, false), *kept = answer_cache_get(cache, S("first"), 1);
    assert_ptr_equal(kept, first);  /* used all the time, so never the one that goes */
    answer_release(kept);
    snprintf(key, sizeof key, "k%d", i);
    answer_cache_put(cache, str_from(key), 1, answer);
    answer_release(answer);
    assert_true(answer_cache_figures(cache).bytes <= 100000);
  }
  assert_true(answer_cache_figures(cache).entries > 10);
  assert_null(answer_cache_get(cache, S("k0"), 1));
  Answer *last = answer_cache_get(cache, S("k99"), 1);
  assert_non_null(last);
  answer_release(last);
  Answer *large = answer_of("large", 30000, false);
  answer_cache_put(cache, S("large"), 1, large);  /* more than a quarter: not kept */
  assert_null(answer_cache_get(cache, S("large"), 1));
  answer_release(large);
  answer_release(first);
  answer_cache_free(cache);
}

static void test_off(void **state) {
  AnswerCache *cache;
  (void)state;
  assert_int_equal(answer_cache_new(&cache, 0), ERR_OK);
  Answer *a = answer_of("a", 0, false);
  answer_cache_put(cache, S("/a"), 1, a);
  assert_null(answer_cache_get(cache, S("/a"), 1));
  answer_release(a);
  answer_cache_free(cache);
}

static void test_tags(void **state) {
  (void)state;
  Answer *a = answer_of("a", 5000, false), *same = answer_of("a", 5000, false), *other = answer_of("b", 5000, false), *packed = answer_of("a", 5000, true);
  assert_string_equal(a->etag, same->etag);
  assert_string_not_equal(a->etag, other->etag);
  assert_string_not_equal(a->etag, packed->etag);
  assert_int_equal(a->bytes, 5001);
  assert_true(packed->bytes < 500);
  answer_release(a);
  answer_release(same);
  answer_release(other);
  answer_release(packed);
}

/* Each allocation on the way to an answer fails once: an error, and nothing leaks (the sanitizer watches). */
static void test_no_memory(void **state) {
  (void)state;
  Buf body;
  AnswerForm form = {KIND_PAGE, true, false, S("nl")};
  buf_init(&body, 0);
  for (int i = 0; i < 5000; i++) buf_char(&body, 'x');
  int failures = 0;
  for (size_t n = 1; n < 20; n++) {
    Answer *answer;
    Response res = {.status = 200, .body_kind = BODY_BUFFER, .body = &body, .content_type = "text/html"};
    mem_fail_at(n, 0);
    Err err = answer_new(&answer, &res, &form);
    mem_fail_at(0, 0);
    if (err != ERR_OK) failures++;
    else answer_release(answer);
  }
  assert_true(failures >= 1);
  buf_clear(&body);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_get_put), cmocka_unit_test(test_bounded), cmocka_unit_test(test_off),
                                     cmocka_unit_test(test_tags), cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
