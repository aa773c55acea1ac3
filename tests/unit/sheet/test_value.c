/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/sheet/support.h"

#include "sheet/internal.h"

/* Serial numbers as Excel and LibreOffice Calc show them with a date format. */
static void test_serials(void **state) {
  (void)state;
  static const struct { double serial; bool from_1904; const char *format, *text; SheetKind kind; } CASES[] = {
    {1, false, "yyyy-mm-dd", "1900-01-01", SHEET_DATE},
    {59, false, "yyyy-mm-dd", "1900-02-28", SHEET_DATE},
    {60, false, "yyyy-mm-dd", "1900-02-28", SHEET_DATE},   /* 29 February 1900 never was */
    {61, false, "yyyy-mm-dd", "1900-03-01", SHEET_DATE},
    {25569, false, "d-m-yyyy", "1970-01-01", SHEET_DATE},
    {36526, false, "dd/mm/yy", "2000-01-01", SHEET_DATE},
    {41593, false, "[$-413]d mmmm yyyy;@", "2013-11-15", SHEET_DATE},
    {43890, false, "mmm\\-yy", "2020-02-29", SHEET_DATE},
    {2958465, false, "yyyy", "9999-12-31", SHEET_DATE},
    {2958466, false, "yyyy", "2958466", SHEET_NUMBER},
    {-1, false, "yyyy", "-1", SHEET_NUMBER},
    {0, true, "yyyy-mm-dd", "1904-01-01", SHEET_DATE},
    {40131, true, "yyyy-mm-dd", "2013-11-15", SHEET_DATE},
    {41593.5625, false, "yyyy-mm-dd hh:mm", "2013-11-15T13:30:00", SHEET_DATE},
    {41593.9999999, false, "yyyy-mm-dd hh:mm", "2013-11-16", SHEET_DATE},
    {41593.56249999999, false, "d-m-yyyy h:mm", "2013-11-15T13:30:00", SHEET_DATE},
    {0.5, false, "h:mm", "12:00:00", SHEET_TIME},
    {1.5, false, "h:mm AM/PM", "12:00:00", SHEET_TIME},
    {1.5, false, "[h]:mm", "36:00:00", SHEET_TIME},
    {0, false, "h:mm", "00:00:00", SHEET_TIME},
    {12, false, "0000", "0012", SHEET_NUMBER},
    {12.5, false, "0000", "12.5", SHEET_NUMBER},
    {-12, false, "0000", "-12", SHEET_NUMBER},
    {0.4, false, "0%", "0.4", SHEET_NUMBER},
    {12, false, "General", "12", SHEET_NUMBER},
    {12, false, "General\" dagen\"", "12", SHEET_NUMBER},
    {12, false, "#,##0.00 \"dagen\"", "12", SHEET_NUMBER},
    {12, false, "[Red]0", "12", SHEET_NUMBER},
    {12, false, "0.00E+00", "12", SHEET_NUMBER},
    {12, false, "\\d0", "12", SHEET_NUMBER},
    {12, false, "_-\\y* 0", "12", SHEET_NUMBER},
    {-0.0, false, "0", "0", SHEET_NUMBER},
    {9007199254740992.0, false, "0", "9007199254740992", SHEET_NUMBER},
    {0.1, false, "", "0.1", SHEET_NUMBER},
    {1e300, false, "", "1e+300", SHEET_NUMBER},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    SheetCell cell = sheet_cell_empty();
    Buf text;
    buf_init(&text, 0);
    value_serial(&cell, &text, CASES[i].serial, format_parse(str_from(CASES[i].format)), CASES[i].from_1904);
    if (strcmp(buf_zstr(&text), CASES[i].text) != 0 || cell.kind != CASES[i].kind)
      fail_msg("%.10g as \"%s\": \"%s\", expected \"%s\"", CASES[i].serial, CASES[i].format, buf_zstr(&text), CASES[i].text);
    buf_clear(&text);
  }
}

/* Every day from 1900-03-01 to 2100 goes out and comes back. */
static void test_serials_round_trip(void **state) {
  (void)state;
  NumberFormat date = format_builtin(14);
  for (Day d = day_from_civil(1900, 1, 1); d < day_from_civil(2100, 1, 1); d++) {
    SheetCell cell = sheet_cell_empty();
    Buf text;
    buf_init(&text, 0);
    value_serial(&cell, &text, value_excel_serial(d), date, false);
    assert_int_equal(cell.day, d);
    buf_clear(&text);
  }
  assert_true(value_excel_serial(day_from_civil(1899, 12, 31)) < 1);
}

static void test_builtin_formats(void **state) {
  (void)state;
  for (long id = 0; id < 200; id++) {
    NumberFormat f = format_builtin(id);
    bool date = (id >= 14 && id <= 17) || id == 22, time = (id >= 18 && id <= 22) || (id >= 45 && id <= 47);
    if (id >= 27 && id <= 36) continue;   /* East Asian */
    if (id >= 50 && id <= 58) continue;
    assert_int_equal(f.date, date);
    assert_int_equal(f.time, time);
  }
}

static void test_iso(void **state) {
  (void)state;
  static const struct { const char *iso, *text; } CASES[] = {
    {"2013-11-15", "2013-11-15"}, {"2013-11-15T00:00:00", "2013-11-15"}, {"2013-11-15T13:30", "2013-11-15T13:30:00"},
    {"2013-11-15T13:30:05.123Z", "2013-11-15T13:30:05"}, {"2013-11-15T24:00:00", "2013-11-16"},
    {"2013-02-29", NULL}, {"2013-11-15T1:30", NULL}, {"2013-11-15X", NULL}, {"", NULL}, {"15-11-2013", NULL},
    {"2013-11-15T13:61", NULL}, {"2013-11-15T13:30:xx", NULL},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    SheetCell cell = sheet_cell_empty();
    Buf text;
    buf_init(&text, 0);
    assert_int_equal(value_iso(&cell, &text, str_from(CASES[i].iso)), CASES[i].text != NULL);
    if (CASES[i].text) assert_string_equal(buf_zstr(&text), CASES[i].text);
    buf_clear(&text);
  }
}

static void test_durations(void **state) {
  (void)state;
  static const struct { const char *iso, *text; } CASES[] = {
    {"PT13H30M00S", "13:30:00"}, {"PT36H", "36:00:00"}, {"PT90M", "01:30:00"}, {"PT00H00M01.6S", "00:00:02"},
    {"-PT1H", "-01:00:00"}, {"PT", NULL}, {"P1D", NULL}, {"PT1", NULL}, {"PTH", NULL}, {"PT1e9H2", NULL}, {"", NULL},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    SheetCell cell = sheet_cell_empty();
    Buf text;
    buf_init(&text, 0);
    assert_int_equal(value_duration(&cell, &text, str_from(CASES[i].iso)), CASES[i].text != NULL);
    if (CASES[i].text) assert_string_equal(buf_zstr(&text), CASES[i].text);
    buf_clear(&text);
  }
}

static void test_references(void **state) {
  (void)state;
  static const struct { long row; size_t column; const char *text; } CASES[] = {
    {1, 0, "A1"}, {12, 2, "C12"}, {1, 25, "Z1"}, {1, 26, "AA1"}, {1048576, 16383, "XFD1048576"}, {0, 27, "AB"}, {1, 701, "ZZ1"},
    {1, 702, "AAA1"},
  };
  char ref[SHEET_REF];
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    sheet_ref(ref, CASES[i].row, CASES[i].column);
    assert_string_equal(ref, CASES[i].text);
  }
  sheet_ref(ref, 9223372036854775807L, SIZE_MAX - 1);   /* does not overrun */
  assert_true(strlen(ref) < SHEET_REF);
}

static void test_paths(void **state) {
  (void)state;
  static const struct { const char *base, *target, *path; } CASES[] = {
    {"xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"}, {"xl/workbook.xml", "/xl/a.xml", "xl/a.xml"},
    {"xl/workbook.xml", "../a.xml", "a.xml"}, {"", "xl/workbook.xml", "xl/workbook.xml"}, {"a/b/c.xml", "../../d.xml", "d.xml"},
    {"xl/workbook.xml", "./a//b.xml", "xl/a/b.xml"}, {"xl/workbook.xml", "../../etc/passwd", NULL}, {"a.xml", "..", NULL},
  };
  Arena arena;
  arena_init(&arena, 0);
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    Str path = STR_NONE;
    Err err = package_resolve(&arena, str_from(CASES[i].base), str_from(CASES[i].target), &path, NULL);
    assert_int_equal(err, CASES[i].path ? ERR_OK : ERR_INPUT);
    if (CASES[i].path) assert_string_equal(path.ptr, CASES[i].path);
  }
  arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_serials), cmocka_unit_test(test_serials_round_trip), cmocka_unit_test(test_builtin_formats),
    cmocka_unit_test(test_iso), cmocka_unit_test(test_durations), cmocka_unit_test(test_references),
    cmocka_unit_test(test_paths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
