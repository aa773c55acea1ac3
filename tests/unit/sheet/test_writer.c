/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/sheet/support.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int make_folder(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/pw-sheet-XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  return rmdir(folder);   /* fails when a file was left behind */
}

static size_t files_in_folder(void) {
  size_t count = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *e; (e = readdir(dir));) count += e->d_name[0] != '.';
  closedir(dir);
  return count;
}

static const char *path_of(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static const char *const TEXTS[] = {
  "gewoon", "=1+1", "+31 50", "-5", "@naam", "'=x", "'s avonds", " spaties  in  en om ", "twee\nregels\n", "tab\ttab", "\ttab", "a\"b\"",
  "<b>&amp;</b>", "é€😀漢字", "_x000D_", "_x005F_x", "a;b,c", "2013-11-15", "0012", "1e5", "TRUE", "\n", "  ",
};
enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

static Err write_rows(SheetWriter *w, ErrInfo *info) {
  Str headings[] = {S("Code"), S("=Titel"), S("Een heel lange kop van een kolom")};
  TRY(sheet_writer_sheet(w, S("Acties [1]/2"), info));
  TRY(sheet_write_heading(w, headings, 3, info));
  for (size_t i = 0; i < TEXT_COUNT; i++) {
    SheetCell cells[] = {sheet_cell_text(str_from(TEXTS[i])), sheet_cell_empty(), sheet_cell_number((double)i * 1.25 - 5),
                         sheet_cell_date(day_from_civil(2013, 11, (int)i + 1)), sheet_cell_boolean(i % 2)};
    TRY(sheet_write_row(w, cells, 5, info));
  }
  return ERR_OK;
}

static Err write_file(SheetFormat format, const char *path, const SheetWriteOptions *options, ErrInfo *info) {
  SheetWriter *w;
  TRY(sheet_writer_new(&w, format, path, options, info));
  Err err = write_rows(w, info);
  if (err == ERR_OK) err = sheet_writer_finish(w, info);
  sheet_writer_free(w);
  return err;
}

static void check_cell(const SheetCell *cell, SheetKind kind, const char *text) {
  assert_int_equal(cell->kind, kind);
  assert_true(str_eq(cell->text, str_from(text)));
}

static void read_back(SheetFormat format, const char *path) {
  Sheet *sheet;
  const SheetCell *c;
  size_t count;
  long row;
  bool csv = format == SHEET_CSV;
  assert_int_equal(sheet_open(&sheet, path, NULL, NULL), ERR_OK);
  assert_int_equal(sheet_format(sheet), format);
  assert_true(str_eq(sheet_name(sheet, 0), csv ? S("") : S("Acties _1__2")));
  assert_int_equal(sheet_next(sheet, &c, &count, &row, NULL), ERR_OK);
  assert_int_equal(count, 3);
  check_cell(&c[1], SHEET_TEXT, "=Titel");
  for (size_t i = 0; i < TEXT_COUNT; i++) {
    char number[32], day[16];
    assert_int_equal(sheet_next(sheet, &c, &count, &row, NULL), ERR_OK);
    assert_int_equal(row, i + 2);
    assert_int_equal(count, 5);
    check_cell(&c[0], SHEET_TEXT, TEXTS[i]);
    assert_int_equal(c[1].kind, SHEET_EMPTY);
    snprintf(number, sizeof number, "%.10g", (double)i * 1.25 - 5);
    snprintf(day, sizeof day, "2013-11-%02zu", i + 1);
    check_cell(&c[2], csv ? SHEET_TEXT : SHEET_NUMBER, number);
    check_cell(&c[3], csv ? SHEET_TEXT : SHEET_DATE, day);
    check_cell(&c[4], csv ? SHEET_TEXT : SHEET_BOOLEAN, i % 2 ? "true" : "false");
    if (!csv) assert_int_equal(c[3].day, day_from_civil(2013, 11, (int)i + 1));
    for (size_t k = 0; k < count; k++) assert_false(c[k].formula);
  }
  assert_int_equal(sheet_next(sheet, &c, &count, &row, NULL), ERR_OK);
  assert_int_equal(count, 0);
  sheet_close(sheet);
}

static void test_round_trip(void **state) {
  (void)state;
  const SheetWriteOptions excel = {.delimiter = ';', .bom = true, .title = "Acties & doelen"};
  for (int format = SHEET_CSV; format <= SHEET_ODS; format++)
    for (int i = 0; i < 2; i++) {
      const char *path = path_of("lijst");
      assert_int_equal(write_file((SheetFormat)format, path, i ? &excel : NULL, NULL), ERR_OK);
      read_back((SheetFormat)format, path);
      assert_int_equal(unlink(path), 0);
      assert_int_equal(files_in_folder(), 0);
    }
}

static Str file_bytes(const char *path) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  char *bytes = malloc(1 << 20);
  size_t len = fread(bytes, 1, 1 << 20, f);
  fclose(f);
  return (Str){bytes, len};
}

static void test_equal_content_gives_equal_bytes(void **state) {
  (void)state;
  for (int format = SHEET_CSV; format <= SHEET_ODS; format++) {
    const char *path = path_of("lijst");
    assert_int_equal(write_file((SheetFormat)format, path, NULL, NULL), ERR_OK);
    Str first = file_bytes(path);
    assert_int_equal(write_file((SheetFormat)format, path, NULL, NULL), ERR_OK);
    Str second = file_bytes(path);
    assert_true(str_eq(first, second));
    free((void *)(uintptr_t)first.ptr);
    free((void *)(uintptr_t)second.ptr);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(st.st_mode & 0777, 0666 & ~mask);
    unlink(path);
  }
}

/* What was there stays there until the new file is complete. */
static void test_all_or_nothing(void **state) {
  (void)state;
  for (int format = SHEET_CSV; format <= SHEET_ODS; format++) {
    const char *path = path_of("lijst");
    FILE *f = fopen(path, "w");
    fputs("oud", f);
    fclose(f);
    SheetWriter *w;
    ErrInfo info = ERRINFO_INIT;
    assert_int_equal(sheet_writer_new(&w, (SheetFormat)format, path, NULL, &info), ERR_OK);
    assert_int_equal(write_rows(w, &info), ERR_OK);
    SheetCell bad[] = {sheet_cell_text(S("goed")), sheet_cell_text(S("fout\xff"))};
    assert_int_equal(sheet_write_row(w, bad, 2, &info), ERR_INPUT);
    assert_string_equal(info.column, "B");
    assert_int_equal(info.row, TEXT_COUNT + 2);
    assert_int_equal(sheet_writer_finish(w, &info), ERR_IO);   /* a failed writer does not finish */
    sheet_writer_free(w);
    Str bytes = file_bytes(path);
    assert_true(str_eq(bytes, S("oud")));
    free((void *)(uintptr_t)bytes.ptr);
    assert_int_equal(files_in_folder(), 1);
    unlink(path);
    assert_int_equal(sheet_writer_new(&w, (SheetFormat)format, "/nergens/lijst", NULL, &info), ERR_IO);
    assert_null(w);
  }
}

static void test_several_sheets(void **state) {
  (void)state;
  for (int format = SHEET_XLSX; format <= SHEET_ODS; format++) {
    const char *path = path_of("lijst");
    SheetWriter *w;
    assert_int_equal(sheet_writer_new(&w, (SheetFormat)format, path, NULL, NULL), ERR_OK);
    assert_int_equal(sheet_writer_sheet(w, S("Blad"), NULL), ERR_OK);
    assert_int_equal(sheet_writer_sheet(w, S("blad"), NULL), ERR_OK);
    SheetCell cell = sheet_cell_text(S("x"));
    assert_int_equal(sheet_write_row(w, &cell, 1, NULL), ERR_OK);
    assert_int_equal(sheet_write_row(w, NULL, 0, NULL), ERR_OK);
    assert_int_equal(sheet_write_row(w, &cell, 1, NULL), ERR_OK);
    Str heading = S("te laat");
    assert_int_equal(sheet_write_heading(w, &heading, 1, NULL), ERR_USAGE);
    assert_int_equal(sheet_writer_sheet(w, S("Een naam van meer dan eenendertig tekens é"), NULL), ERR_OK);
    assert_int_equal(sheet_writer_sheet(w, S("Een naam van meer dan eenendertig tekens è"), NULL), ERR_OK);
    assert_int_equal(sheet_writer_sheet(w, S("'geciteerd'"), NULL), ERR_OK);
    assert_int_equal(sheet_writer_sheet(w, S("  "), NULL), ERR_OK);
    assert_int_equal(sheet_writer_finish(w, NULL), ERR_OK);
    sheet_writer_free(w);
    Str bytes = file_bytes(path);
    assert_string_equal(reading_of(bytes), "[Blad]\n[blad (2)]\n1: T<x>\n3: T<x>\n[Een naam van meer dan eenendert]\n"
                                           "[Een naam van meer dan eenen (2)]\n[_geciteerd_]\n[Sheet]\n");
    unlink(path);
  }
}

static void test_limits_of_the_formats(void **state) {
  (void)state;
  SheetWriter *w;
  ErrInfo info = ERRINFO_INIT;
  Buf text;
  buf_init(&text, 0);
  for (int i = 0; i < 32768; i++) buf_char(&text, 'x');
  SheetCell cell = sheet_cell_text(str_slice(buf_view(&text), 0, 32767));
  assert_int_equal(sheet_writer_new(&w, SHEET_XLSX, path_of("l"), NULL, &info), ERR_OK);
  assert_int_equal(sheet_write_row(w, &cell, 1, &info), ERR_OK);
  cell = sheet_cell_text(buf_view(&text));
  assert_int_equal(sheet_write_row(w, &cell, 1, &info), ERR_LIMIT);
  assert_int_equal(info.row, 2);
  assert_string_equal(info.column, "A");
  sheet_writer_free(w);
  SheetCell *wide = calloc(16385, sizeof *wide);
  assert_int_equal(sheet_writer_new(&w, SHEET_ODS, path_of("l"), NULL, &info), ERR_OK);
  assert_int_equal(sheet_write_row(w, wide, 16385, &info), ERR_LIMIT);
  sheet_writer_free(w);
  free(wide);
  buf_clear(&text);
}

/* What a format cannot hold exactly, as documented. */
static void test_what_is_lost(void **state) {
  (void)state;
  static const struct { SheetFormat format; const char *expected; } CASES[] = {
    {SHEET_CSV, "[]\n1: T<a\x01" "b> T<c\r\nd> _ T<1850-01-01> T<13:30:00>\n"},
    {SHEET_XLSX, "[Sheet1]\n1: T<a\x01" "b> T<c\r\nd> _ T<1850-01-01> T<13:30:00>\n"},
    {SHEET_ODS, "[Sheet]\n1: T<a\xef\xbf\xbd" "b> T<c\nd> _ D<1850-01-01> T<13:30:00>\n"},
  };
  for (size_t i = 0; i < 3; i++) {
    SheetWriter *w;
    SheetCell time = sheet_cell_text(S("13:30:00"));
    time.kind = SHEET_TIME;
    SheetCell cells[] = {sheet_cell_text(S("a\x01" "b")), sheet_cell_text(S("c\r\nd")), sheet_cell_number((double)NAN),
                         sheet_cell_date(day_from_civil(1850, 1, 1)), time};
    assert_int_equal(sheet_writer_new(&w, CASES[i].format, path_of("l"), NULL, NULL), ERR_OK);
    assert_int_equal(sheet_writer_sheet(w, i == 1 ? S("Sheet1") : S(""), NULL), ERR_OK);
    assert_int_equal(sheet_write_row(w, cells, 5, NULL), ERR_OK);
    assert_int_equal(sheet_writer_finish(w, NULL), ERR_OK);
    sheet_writer_free(w);
    assert_string_equal(reading_of(file_bytes(path_of("l"))), CASES[i].expected);
    unlink(path_of("l"));
  }
}

static void test_no_memory(void **state) {
  (void)state;
  for (int format = SHEET_CSV; format <= SHEET_ODS; format++) {
    for (size_t n = 1;; n++) {
      assert_true(n < 1000);
      ErrInfo info = ERRINFO_INIT;
      const SheetWriteOptions options = {.title = "titel"};
      mem_fail_at(n, 0);
      Err err = write_file((SheetFormat)format, path_of("l"), &options, &info);
      mem_fail_at(0, 0);
      if (err == ERR_OK) break;
      assert_int_equal(err, ERR_MEMORY);
      assert_int_equal(files_in_folder(), 0);
    }
    unlink(path_of("l"));
  }
}

/* A folder that takes no files. */
static void test_unwritable_folder(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  SheetWriter *w;
  assert_int_equal(sheet_writer_new(&w, SHEET_CSV, "/proc/lijst.csv", NULL, &info), ERR_IO);
  assert_string_equal(info.file, "lijst.csv");
  assert_contains(info.message, "cannot be written");
}

/* Files may not grow beyond `limit` bytes: what a full disk does to every write, including those of the libraries to files of
 * their own. The old file stays, nothing is left beside it, and success is only reported of a file that is whole. */
static void test_full_disk(void **state) {
  (void)state;
  struct rlimit before;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  for (int format = SHEET_CSV; format <= SHEET_ODS; format++)
    for (rlim_t limit = 100; limit < 200000; limit = limit * 5 / 3) {
      const char *path = path_of("lijst");
      FILE *f = fopen(path, "w");
      fputs("oud", f);
      fclose(f);
      struct rlimit small = {limit, before.rlim_max};
      ErrInfo info = ERRINFO_INIT;
      SheetWriter *w = NULL;
      setrlimit(RLIMIT_FSIZE, &small);
      Err err = sheet_writer_new(&w, (SheetFormat)format, path, NULL, &info);
      SheetCell cells[4];
      for (int i = 0; i < 4; i++) cells[i] = sheet_cell_text(S("Een tekst die steeds dezelfde is"));
      for (int r = 0; err == ERR_OK && r < 500; r++) err = sheet_write_row(w, cells, 4, &info);
      if (err == ERR_OK) err = sheet_writer_finish(w, &info);
      sheet_writer_free(w);
      setrlimit(RLIMIT_FSIZE, &before);
      Str bytes = file_bytes(path);
      if (err == ERR_OK) {
        const char *text = reading(bytes, NULL);
        assert_contains(text, "\n500: T<Een");
        assert_null(strstr(text, "ERROR"));
      } else {
        assert_int_equal(err, ERR_IO);
        assert_true(str_eq(bytes, S("oud")));
      }
      free((void *)(uintptr_t)bytes.ptr);
      assert_int_equal(files_in_folder(), 1);
      unlink(path);
    }
  signal(SIGXFSZ, handler);
}

static Err write_form_file(SheetFormat format, const char *path) {
  static const char *const words[] = {"waarde", "zegt \"niets\""};
  static const SheetColumn columns[] = {{.heading = {"Code", 4}, .locked = true, .note = "Niet wijzigen."}, {.heading = {"Waarde", 6}},
                                        {.heading = {"Toestand", 8}, .choices = words, .choice_count = 2}};
  SheetWriter *w;
  const SheetCell cells[] = {sheet_cell_text(S("a")), sheet_cell_number(2.5), sheet_cell_empty(), sheet_cell_date(15000)};
  TRY(sheet_writer_new(&w, format, path, NULL, NULL));
  Err err = sheet_write_form(w, S("Cijfers"), columns, 3, NULL);
  if (err == ERR_OK) err = sheet_write_row(w, cells, 4, NULL);
  if (err == ERR_OK) assert_int_equal(sheet_write_form(w, S("Twee"), columns, 3, NULL), ERR_USAGE);
  if (err == ERR_OK && format != SHEET_CSV) err = sheet_writer_sheet(w, S("Toelichting"), NULL);
  if (err == ERR_OK && format != SHEET_CSV) err = sheet_write_row(w, cells, 2, NULL);
  if (err == ERR_OK) err = sheet_writer_finish(w, NULL);
  sheet_writer_free(w);
  return err;
}

static void test_form(void **state) {
  (void)state;
  static const struct { SheetFormat format; const char *name; } files[] = {{SHEET_CSV, "f.csv"}, {SHEET_XLSX, "f.xlsx"}, {SHEET_ODS, "f.ods"}};
  for (size_t i = 0; i < 3; i++) {
    Sheet *sheet;
    const SheetCell *c;
    size_t count;
    long row;
    const char *path = path_of(files[i].name);
    assert_int_equal(write_form_file(files[i].format, path), ERR_OK);
    assert_int_equal(sheet_open(&sheet, path, NULL, NULL), ERR_OK);
    assert_int_equal(sheet_count(sheet), files[i].format == SHEET_CSV ? 1 : 2);
    assert_int_equal(sheet_next(sheet, &c, &count, &row, NULL), ERR_OK);
    assert_int_equal(count, 3);
    check_cell(&c[2], SHEET_TEXT, "Toestand");
    assert_int_equal(sheet_next(sheet, &c, &count, &row, NULL), ERR_OK);
    assert_int_equal(count, 4);
    check_cell(&c[0], SHEET_TEXT, "a");
    assert_true(str_eq(c[1].text, S("2.5")));
    check_cell(&c[2], SHEET_EMPTY, "");
    assert_true(str_eq(c[3].text, S("2011-01-26")));
    assert_int_equal(sheet_next(sheet, &c, &count, &row, NULL), ERR_OK);
    assert_int_equal(count, 0);   /* the validation of whole columns makes no rows */
    sheet_close(sheet);
    unlink(path);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_form),
    cmocka_unit_test(test_round_trip), cmocka_unit_test(test_equal_content_gives_equal_bytes),
    cmocka_unit_test(test_all_or_nothing), cmocka_unit_test(test_several_sheets),
    cmocka_unit_test(test_limits_of_the_formats), cmocka_unit_test(test_what_is_lost), cmocka_unit_test(test_no_memory),
    cmocka_unit_test(test_unwritable_folder), cmocka_unit_test(test_full_disk),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
