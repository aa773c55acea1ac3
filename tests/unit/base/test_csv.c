/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV: records, quotes, line ends, limits, failing memory, sources that give a byte at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/csv.h"

/* Reads all of `text` and writes it as cells joined by | and records by newline. */
static Err read_joined(CsvReader *reader, Buf *out, ErrInfo *info) {
  for (;;) {
    const Str *cells;
    size_t count;
    TRY(csv_next(reader, &cells, &count, info));
    if (count == 0) return buf_err(out);
    for (size_t i = 0; i < count; i++) {
      if (i) buf_char(out, '|');
      buf_str(out, cells[i]);
    }
    buf_char(out, '\n');
  }
}

static Err joined(Str text, char delimiter, Buf *out, ErrInfo *info) {
  CsvReader *reader;
  TRY(csv_new_text(&reader, text, (CsvOptions){.delimiter = delimiter}, info));
  Err err = read_joined(reader, out, info);
  csv_free(reader);
  return err;
}

static void expect(Str text, char delimiter, Str expected) {
  Buf out;
  buf_init(&out, 0);
  assert_int_equal(joined(text, delimiter, &out, NULL), ERR_OK);
  assert_true(str_eq(buf_view(&out), expected));
  buf_clear(&out);
}

static void records(void **state) {
  (void)state;
  expect(S("a,b\nc,d\n"), ',', S("a|b\nc|d\n"));
  expect(S("a;b\r\nc;d"), ';', S("a|b\nc|d\n"));
  expect(S("a\rb\r"), ',', S("a\nb\n"));
  expect(S("a,\n\n,b"), ',', S("a|\n\n|b\n"));
  expect(S(""), ',', S(""));
  expect(S("\"a,\"\"b\"\"\nc\",d\n"), ',', S("a,\"b\"\nc|d\n"));
  expect(S("x\"y,\"\"\n"), ',', S("x\"y|\n"));
}

static void wrong_input(void **state) {
  (void)state;
  Buf out;
  buf_init(&out, 0);
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(joined(S("a,b\nc,\"d\ne\n"), ',', &out, &info), ERR_INPUT);
  assert_int_equal(info.row, 2);
  assert_int_equal(joined(S("\"a\"b\n"), ',', &out, &info), ERR_INPUT);
  assert_int_equal(info.row, 1);
  assert_int_equal(joined(S("a\n\nb\0c\n"), ',', &out, &info), ERR_INPUT);
  assert_int_equal(info.row, 3);
  buf_clear(&out);
}

static void limits(void **state) {
  (void)state;
  CsvReader *reader;
  const Str *cells;
  size_t count;
  assert_int_equal(csv_new_text(&reader, S("1,2,3\n"), (CsvOptions){.delimiter = ',', .max_cells = 2}, NULL), ERR_OK);
  assert_int_equal(csv_next(reader, &cells, &count, NULL), ERR_LIMIT);
  csv_free(reader);
  assert_int_equal(csv_new_text(&reader, S("123\n1234\n"), (CsvOptions){.delimiter = ',', .max_cell_bytes = 3}, NULL), ERR_OK);
  assert_int_equal(csv_next(reader, &cells, &count, NULL), ERR_OK);
  assert_int_equal(csv_next(reader, &cells, &count, NULL), ERR_LIMIT);
  csv_free(reader);
}

static long one_byte(void *context, char *dst, size_t size) {
  Str *left = context;
  if (!left->len || !size) return 0;
  *dst = left->ptr[0];
  *left = str_slice(*left, 1, left->len);
  return 1;
}

static void byte_by_byte(void **state) {
  (void)state;
  Str text = S("a,\"b\r\n\"\"c\"\r\nd\n");
  CsvReader *reader;
  Buf out;
  buf_init(&out, 0);
  assert_int_equal(csv_new(&reader, one_byte, &text, (CsvOptions){.delimiter = ','}, NULL), ERR_OK);
  assert_int_equal(read_joined(reader, &out, NULL), ERR_OK);
  assert_true(str_eq(buf_view(&out), S("a|b\r\n\"c\nd\n")));
  csv_free(reader);
  buf_clear(&out);
}

static void guessing(void **state) {
  (void)state;
  assert_int_equal(csv_guess_delimiter(S("a;b;c\n1,5;2;3\n1;2,5;3\n")), ';');
  assert_int_equal(csv_guess_delimiter(S("a\tb\n1\t2\n")), '\t');
  assert_int_equal(csv_guess_delimiter(S("actie,doel\n\"x; y\",1.A\n")), ',');
  assert_int_equal(csv_guess_delimiter(S("one column\nonly\n")), ',');
}

static void written_and_read_back(void **state) {
  (void)state;
  const Str cells[] = {S("plain"), S("a,b"), S("say \"x\""), S("two\nlines"), S(" edge"), S("")};
  Buf text, out;
  buf_init(&text, 0);
  buf_init(&out, 0);
  csv_write_record(&text, cells, 6, ',', "\n");
  assert_true(str_eq(buf_view(&text), S("plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" edge\",\n")));
  assert_int_equal(joined(buf_view(&text), ',', &out, NULL), ERR_OK);
  assert_true(str_eq(buf_view(&out), S("plain|a,b|say \"x\"|two\nlines| edge|\n")));
  buf_clear(&text);
  buf_clear(&out);
}

static void every_allocation_failing(void **state) {
  (void)state;
  for (size_t n = 1;; n++) {
    Buf out;
    buf_init(&out, 0);
    mem_fail_at(n, 0);
    Err err = joined(S("a,b,c\n\"long cell with some text in it\",2,3\n"), ',', &out, NULL);
    mem_fail_at(0, 0);
    buf_clear(&out);
    if (err == ERR_OK) {
      assert_true(n > 3);
      return;
    }
    assert_int_equal(err, ERR_MEMORY);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records),      cmocka_unit_test(wrong_input), cmocka_unit_test(limits),
      cmocka_unit_test(byte_by_byte), cmocka_unit_test(guessing),    cmocka_unit_test(written_and_read_back),
      cmocka_unit_test(every_allocation_failing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
