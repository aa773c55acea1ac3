/* SPDX-License-Identifier: EUPL-1.2 */
/* Errors, arenas, buffers, maps, values, JSON, days and files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/day.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/val.h"

static void error_places(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  err_at(&info, "lijst.xlsx", "Blad1", 12, "doel");
  assert_int_equal(err_set(&info, ERR_INPUT, "found %s", "9.Z"), ERR_INPUT);
  char text[200];
  err_format(&info, text, sizeof text);
  assert_string_equal(text, "lijst.xlsx: sheet Blad1: row 12: column doel: found 9.Z");
  err_format(&info, text, 8);
  assert_int_equal(strlen(text), 7);
  char name[400];
  memset(name, 'x', 254);
  memcpy(name + 254, "\xC3\xA9", 3);  /* the cut falls within a letter: no half of it stays */
  err_at(&info, name, NULL, 0, NULL);
  assert_int_equal(strlen(info.file), 254);
  assert_int_equal(err_exit_code(ERR_OK), 0);
  for (int code = 1; code < ERR_COUNT; code++) {
    assert_true(err_exit_code((Err)code) > 0);
    for (int other = 1; other < code; other++) assert_int_not_equal(err_exit_code((Err)code), err_exit_code((Err)other));
  }
}

static void arena_limits(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 10000);
  assert_non_null(arena_alloc(&arena, 9000));
  assert_false(arena.failed);
  assert_null(arena_alloc(&arena, 2000));
  assert_null(arena_alloc0(&arena, SIZE_MAX / 2, 4));
  assert_true(arena.failed);
  arena_reset(&arena);
  assert_false(arena.failed);
  char *again = arena_alloc(&arena, 100);
  assert_non_null(again);
  assert_int_equal((uintptr_t)again % 16, 0);
  assert_true(str_eq(arena_printf(&arena, "%d-%s", 5, "x"), S("5-x")));
  arena_clear(&arena);
}

static void map_of_many(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  Map map;
  map_init(&map, &arena);
  for (size_t i = 0; i < 5000; i++) assert_int_equal(map_set_index(&map, arena_printf(&arena, "key %zu", i), i), ERR_OK);
  size_t at = 0;
  for (size_t i = 0; i < 5000; i++) {
    assert_true(map_get_index(&map, arena_printf(&arena, "key %zu", i), &at));
    assert_int_equal(at, i);
  }
  assert_false(map_get(&map, S("key 5000"), NULL));
  assert_int_equal(map_set_index(&map, S("key 3"), 77), ERR_OK);
  assert_true(map_get_index(&map, S("key 3"), &at) && at == 77);
  assert_int_equal(map.count, 5000);
  arena_clear(&arena);
}

static void values_as_json(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  Val *root = val_map(&arena);
  val_set_str(&arena, root, "t", S("</script>\"\\\n\x01\xE2\x80\xA8"));
  val_set_int(&arena, root, "n", -3);
  val_set_double(&arena, root, "d", 0.1);
  val_set_double(&arena, root, "nan", NAN);
  val_set_null(&arena, root, "nothing");
  val_push_str(&arena, val_set_list(&arena, root, "list"), S("x"));
  val_set_bool(&arena, val_set_map(&arena, root, "m"), "yes", true);
  val_set_int(&arena, root, "n", 4);  /* replaces */
  Buf out;
  buf_init(&out, 0);
  JsonWriter w;
  jw_init(&w, &out, 0);
  val_json(&w, root);
  assert_string_equal(buf_zstr(&out),
                      "{\"t\":\"\\u003c/script\\u003e\\\"\\\\\\n\\u0001\\u2028\",\"n\":4,\"d\":0.1,\"nan\":null,"
                      "\"nothing\":null,\"list\":[\"x\"],\"m\":{\"yes\":true}}");
  json_error_t wrong;
  json_t *read = json_loadb(out.ptr, out.len, 0, &wrong);
  assert_non_null(read);
  assert_string_equal(json_string_value(json_object_get(read, "t")), "</script>\"\\\n\x01\xE2\x80\xA8");
  json_decref(read);
  assert_false(val_truth(val_get(root, S("absent"))));
  assert_false(val_truth(val_get(root, S("nothing"))));
  assert_true(val_truth(val_get(val_get(root, S("m")), S("yes"))));
  buf_clear(&out);
  arena_clear(&arena);
}

static void values_in_order_of_a_text(void **state) {
  (void)state;
  static const char *const given[] = {"Zwolle", "Súdwest", "de Wolden", "Sudwest 2", "Assen", "SUDWEST"};
  static const char *const wanted[] = {"Assen", "de Wolden", "Súdwest", "SUDWEST", "Sudwest 2", "Zwolle"};
  Arena arena;
  arena_init(&arena, 0);
  Val *list = val_list(&arena);
  for (size_t i = 0; i < 6; i++) val_set_str(&arena, val_push_map(&arena, list), "name", str_from(given[i]));
  val_push_map(&arena, list);  /* without a name: first */
  assert_true(val_sort(&arena, list, "name"));
  assert_int_equal(val_get(list->as.list.items[0], S("name"))->kind, VAL_NULL);
  for (size_t i = 0; i < 6; i++) assert_true(str_eq(val_get(list->as.list.items[i + 1], S("name"))->as.text, str_from(wanted[i])));
  Arena small;
  arena_init(&small, 1);
  assert_false(val_sort(&small, list, "name"));
  assert_true(val_sort(&small, NULL, "name") && val_sort(&small, val_list(NULL), "name"));
  arena_clear(&small);
  arena_clear(&arena);
}

static void doubles_read_back(void **state) {
  (void)state;
  const double values[] = {0.1, 1.0 / 3, 62872.99157372108, 1e300, -5e-324, 3, 123456789012345678.0};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    Buf out;
    buf_init(&out, 0);
    buf_double(&out, values[i]);
    double again;
    assert_true(str_to_double(buf_view(&out), &again));
    assert_memory_equal(&again, &values[i], sizeof again);
    buf_clear(&out);
  }
}

static void buffer_limits(void **state) {
  (void)state;
  Buf buf;
  buf_init(&buf, 4);
  buf_cstr(&buf, "abcd");
  assert_int_equal(buf_err(&buf), ERR_OK);
  buf_char(&buf, 'e');
  assert_int_equal(buf_err(&buf), ERR_LIMIT);
  assert_null(buf_zstr(&buf));
  buf_clear(&buf);
  buf_init(&buf, 0);
  mem_fail_at(1, 0);
  buf_cstr(&buf, "x");
  assert_int_equal(buf_err(&buf), ERR_MEMORY);
  buf_clear(&buf);
}

static void days(void **state) {
  (void)state;
  assert_int_equal(day_from_civil(1970, 1, 1), 0);
  assert_int_equal(day_from_civil(2013, 11, 15), 16024);
  assert_int_equal(day_from_civil(2013, 2, 29), DAY_NONE);
  for (Day d = day_from_civil(1, 1, 1); d <= day_from_civil(2400, 12, 31); d += 13) {
    int y, m, day;
    day_to_civil(d, &y, &m, &day);
    assert_int_equal(day_from_civil(y, m, day), d);
  }
  Day d = 0;
  const char *same[] = {"2013-11-15", "15-11-2013", "15/11/2013", "15 november 2013", " 15 Nov 2013 ", "15.11.2013"};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    d = 0;
    assert_true(day_parse_any(str_from(same[i]), &d));
    assert_int_equal(d, 16024);
  }
  const char *wrong[] = {"15-11-13", "32-1-2013", "15-11/2013", "november 2013", "15 brumaire 2013", "", "2013-1-5", "15-11-2013 x"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(day_parse_any(str_from(wrong[i]), &d));
  char text[DAY_TEXT];
  day_format_iso(16024, text);
  assert_string_equal(text, "2013-11-15");
}

static void files(void **state) {
  (void)state;
  char directory[] = "/tmp/pactwijzer-test-XXXXXX";
  assert_non_null(mkdtemp(directory));
  char deep[200], path[250];
  snprintf(deep, sizeof deep, "%s/a/b", directory);
  assert_int_equal(file_make_dirs(deep, NULL), ERR_OK);
  snprintf(path, sizeof path, "%s/x.txt", deep);
  assert_int_equal(file_write(path, S("hello\n"), NULL), ERR_OK);
  Buf out;
  buf_init(&out, 0);
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(file_read(&out, path, 0, &info), ERR_OK);
  assert_true(str_eq(buf_view(&out), S("hello\n")));
  buf_reset(&out);
  assert_int_equal(file_read(&out, path, 3, &info), ERR_LIMIT);
  assert_int_equal(file_read(&out, deep, 0, &info), ERR_IO);
  assert_int_equal(file_make_dirs(path, &info), ERR_CONFLICT);
  unlink(path);
  assert_int_equal(file_read(&out, path, 0, &info), ERR_NOT_FOUND);
  assert_string_equal(info.file, path);
  buf_clear(&out);
  rmdir(deep);
  deep[strlen(deep) - 2] = '\0';
  rmdir(deep);
  rmdir(directory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(error_places),   cmocka_unit_test(arena_limits),      cmocka_unit_test(map_of_many),
      cmocka_unit_test(values_as_json), cmocka_unit_test(values_in_order_of_a_text),
      cmocka_unit_test(doubles_read_back), cmocka_unit_test(buffer_limits),
      cmocka_unit_test(days),           cmocka_unit_test(files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
