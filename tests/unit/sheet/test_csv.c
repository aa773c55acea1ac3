/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/sheet/support.h"

static void check(Str bytes, const char *expected) {
  assert_string_equal(reading(bytes, NULL), expected);
}

static void test_delimiters_and_line_ends(void **state) {
  (void)state;
  check(S("code,titel\n1A,Eén\n"), "[]\n1: T<code> T<titel>\n2: T<1A> T<Eén>\n");
  check(S("code;titel\r\n1A;\"a; \"\"b\"\"\"\r\n"), "[]\n1: T<code> T<titel>\n2: T<1A> T<a; \"b\">\n");
  check(S("code\ttitel\r1A\tb\r"), "[]\n1: T<code> T<titel>\n2: T<1A> T<b>\n");
  check(S("sep=;\r\na;b,c\r\n"), "[]\n1: T<a> T<b,c>\n");
  check(S("een kolom\n\nnog een\n"), "[]\n1: T<een kolom>\n3: T<nog een>\n");
  check(S("a;b;;;\n;;;;\n;c;;;"), "[]\n1: T<a> T<b>\n3: _ T<c>\n");
  check(S("\"twee\nregels\",x\ny,z"), "[]\n1: T<twee\nregels> T<x>\n2: T<y> T<z>\n");
}

static void test_encodings(void **state) {
  (void)state;
  const char *expected = "[]\n1: T<Súdwest-Fryslân> T<€>\n";
  check(S("\xef\xbb\xbfSúdwest-Fryslân;€\n"), expected);
  check(S("S\xfa" "dwest-Frysl\xe2n;\x80\n"), expected);
  check(S("\xff\xfeS\0\xfa\0d\0w\0e\0s\0t\0-\0F\0r\0y\0s\0l\0\xe2\0n\0;\0\xac\x20\n\0"), expected);
  check(S("\xfe\xff\0S\0\xfa\0d\0w\0e\0s\0t\0-\0F\0r\0y\0s\0l\0\xe2\0n\0;\x20\xac\0\n"), expected);
  check(S("S\0\xfa\0d\0w\0e\0s\0t\0-\0F\0r\0y\0s\0l\0\xe2\0n\0;\0\xac\x20\n\0"), expected);
}

static void test_how_it_was_understood(void **state) {
  (void)state;
  Sheet *sheet;
  assert_int_equal(sheet_open_bytes(&sheet, S("a;b\nc\xe9;d\n"), "x.xlsx", NULL, NULL), ERR_OK);
  assert_int_equal(sheet_format(sheet), SHEET_CSV);
  assert_int_equal(sheet_csv_delimiter(sheet), ';');
  assert_string_equal(sheet_csv_encoding(sheet), "windows-1252");
  assert_int_equal(sheet_count(sheet), 1);
  sheet_close(sheet);
}

/* A character that lies across the border of two chunks, in every encoding and at every offset. */
static void test_chunk_borders(void **state) {
  (void)state;
  for (size_t shift = 0; shift < 8; shift++) {
    Buf file;
    buf_init(&file, 0);
    for (size_t i = 0; i < 65530 + shift; i++) buf_char(&file, i % 80 == 79 ? '\n' : 'x');
    buf_cstr(&file, "\né€😀,einde\n");
    Sheet *sheet;
    const SheetCell *cells;
    size_t count, last = 0;
    long row;
    Str seen = STR_NONE;
    char kept[64] = "";
    assert_int_equal(sheet_open_bytes(&sheet, buf_view(&file), "x", NULL, NULL), ERR_OK);
    assert_string_equal(sheet_csv_encoding(sheet), "UTF-8");
    while (sheet_next(sheet, &cells, &count, &row, NULL) == ERR_OK && count > 0) {
      last = count;
      seen = cells[0].text;
      if (count == 2) snprintf(kept, sizeof kept, STR_FMT, STR_ARG(seen));
    }
    assert_int_equal(last, 2);
    assert_string_equal(kept, "é€😀");
    sheet_close(sheet);
    buf_clear(&file);
  }
}

static void test_long_lines_keep_their_line_numbers(void **state) {
  (void)state;
  Sheet *sheet;
  const SheetCell *cells;
  size_t count;
  long row;
  assert_int_equal(sheet_open_bytes(&sheet, S("a,\"1\n2\n3\"\nb,c\n"), "x", NULL, NULL), ERR_OK);
  assert_int_equal(sheet_next(sheet, &cells, &count, &row, NULL), ERR_OK);
  assert_int_equal(sheet_next(sheet, &cells, &count, &row, NULL), ERR_OK);
  assert_int_equal(row, 2);
  assert_int_equal(sheet_line(sheet), 4);
  assert_int_equal(sheet_next(sheet, &cells, &count, &row, NULL), ERR_OK);
  assert_int_equal(count, 0);
  assert_int_equal(sheet_select(sheet, 0, NULL), ERR_OK);   /* and again from the top */
  assert_int_equal(sheet_next(sheet, &cells, &count, &row, NULL), ERR_OK);
  assert_int_equal(row, 1);
  sheet_close(sheet);
}

static void test_refused(void **state) {
  (void)state;
  assert_contains(reading(S(""), NULL), "ERROR input proef: the file is empty");
  assert_contains(reading(S("a,b\n\"c,d\n"), NULL), "ERROR input");
  assert_contains(reading(S("a,b\nc\0,d\n"), NULL), "ERROR input");
  assert_contains(reading(S("a\nÉén\nTwée\nFryslân\nfout\xe9\n"), NULL), "line 5 is not UTF-8");
  assert_contains(reading(S("\xff\xfe" "a\0b"), NULL), "ERROR input");
  assert_contains(reading(S("%PDF-1.7 ..."), NULL), "ERROR unsupported proef: this is a PDF");
  assert_contains(reading(S("  <!DOCTYPE html><html>"), NULL), "ERROR unsupported proef: this is a web page");
  assert_contains(reading(S("<?xml version=\"1.0\"?><Workbook/>"), NULL), "ERROR unsupported proef: this is an XML file");
  assert_contains(reading(S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook"), NULL), "save it as .xlsx");
  assert_contains(reading(S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), NULL),
                  "protected with a password");
}

static void test_limits(void **state) {
  (void)state;
  SheetLimits few = {.rows = 2, .columns = 3, .cell_bytes = 10, .row_bytes = 15, .file_bytes = 100};
  assert_contains(reading(S("a\nb\nc\n"), &few), "ERROR limit proef: the file has more rows than the limit of 2");
  assert_contains(reading(S("a,b,c,d\n"), &few), "ERROR limit");
  assert_contains(reading(S("12345678901\n"), &few), "ERROR limit");
  assert_contains(reading(S("1234567890,1234567890\n"), &few), "ERROR limit");
  SheetLimits small = {.file_bytes = 3};
  assert_contains(reading(S("abcd"), &small), "ERROR limit proef: the file is 4 bytes, more than the limit of 3 bytes");
  SheetLimits cells = {.cells = 3};
  assert_contains(reading(S("a,b\nc,d\n"), &cells), "more cells than the limit of 3");
}

/* The documented rule, and that reading undoes exactly what writing did. */
static void test_formulas_are_made_harmless(void **state) {
  (void)state;
  static const struct { const char *text, *csv; } CASES[] = {
    {"=1+1", "'=1+1"}, {"+31 50 123", "'+31 50 123"}, {"-5", "'-5"}, {"@naam", "'@naam"}, {"\ttab", "'\ttab"},
    {"\rcr", "'\rcr"}, {"\nlf", "'\nlf"}, {"＝1", "'＝1"}, {"'=x", "''=x"}, {"''=x", "'''=x"}, {"'s avonds", "'s avonds"},
    {"gewoon", "gewoon"}, {"", ""}, {"'", "'"}, {"1=1", "1=1"}, {" =1", " =1"}, {"'", "'"}, {"é", "é"},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    Buf out;
    buf_init(&out, 0);
    sheet_csv_neutral(&out, str_from(CASES[i].text));
    buf_char(&out, 0);
    assert_string_equal(out.ptr, CASES[i].csv);
    out.len -= 1;
    assert_true(str_eq(sheet_csv_restore(buf_view(&out)), str_from(CASES[i].text)));
    buf_clear(&out);
  }
  check(S("'=1;''=2;'s;'-\n"), "[]\n1: T<=1> T<'=2> T<'s> T<->\n");
  SheetLimits literal = {.csv_literal = true};
  assert_string_equal(reading(S("'=1;''=2\n"), &literal), "[]\n1: T<'=1> T<''=2>\n");
}

/* Cut off anywhere: a shorter table or an error, never more. The sanitizers watch. */
static void test_truncated_everywhere(void **state) {
  (void)state;
  Str file = S("\xff\xfe" "a\0;\0\"\0b\0\n\0c\0\"\0\"\0\"\0\n\0\x3d\xd8\x00\xde\n\0");
  for (size_t n = 0; n <= file.len; n++) {
    char *copy = malloc(n ? n : 1);   /* so that reading beyond the end is seen */
    memcpy(copy, file.ptr, n);
    reading((Str){copy, n}, NULL);
    free(copy);
  }
  assert_string_equal(reading(file, NULL), "[]\n1: T<a> T<b\nc\">\n2: T<😀>\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_delimiters_and_line_ends), cmocka_unit_test(test_encodings),
    cmocka_unit_test(test_how_it_was_understood), cmocka_unit_test(test_chunk_borders),
    cmocka_unit_test(test_long_lines_keep_their_line_numbers), cmocka_unit_test(test_refused),
    cmocka_unit_test(test_limits), cmocka_unit_test(test_formulas_are_made_harmless),
    cmocka_unit_test(test_truncated_everywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
