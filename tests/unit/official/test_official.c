/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files: counts, headings of several years, bounds, and the published exam file when it is at hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "official/derive.h"

#define NEAR(value, expected, tolerance) assert_true(fabs((value) - (expected)) <= (tolerance))

static Arena arena;

static void counts(void **state) {
  (void)state;
  static const struct { const char *text; CountState state; double low, high; } right[] = {
      {"12", COUNT_VALUE, 12, 12}, {" 0 ", COUNT_VALUE, 0, 0},      {"<5", COUNT_SUPPRESSED, 1, 4}, {"", COUNT_EMPTY, 0, 0},
      {"-", COUNT_EMPTY, 0, 0},    {"1.234", COUNT_VALUE, 1234, 1234}, {"12 345", COUNT_VALUE, 12345, 12345}, {"1.234.567", COUNT_VALUE, 1234567, 1234567},
      /* a no-break space, a narrow one, a thin one; decimals that say nothing */
      {"1\xC2\xA0" "234", COUNT_VALUE, 1234, 1234}, {"\xC2\xA0" "1\xE2\x80\xAF" "234\xE2\x80\xAF" "567", COUNT_VALUE, 1234567, 1234567},
      {"12\xE2\x80\x89", COUNT_VALUE, 12, 12}, {"<\xC2\xA0" "5", COUNT_SUPPRESSED, 1, 4}, {"10.0", COUNT_VALUE, 10, 10}, {"10,00", COUNT_VALUE, 10, 10},
      {"1.234,0", COUNT_VALUE, 1234, 1234}, {"0012", COUNT_VALUE, 12, 12}, {"1000000000", COUNT_VALUE, 1e9, 1e9}};
  CountState kind;
  double low, high;
  for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
    assert_true(official_count(str_from(right[i].text), &kind, &low, &high));
    assert_int_equal(kind, right[i].state);
    NEAR(low, right[i].low, 0);
    NEAR(high, right[i].high, 0);
  }
  const char *wrong[] = {"-3", "1.5", "1.23", "12.3456", "<4", "x", "+3", "1,5", "1e3", "1..2",
                         "1.5.0", "1.234.0", ",0", ".0", "1,0000", "1'234", "1 234.567", "< 10", "<5<", "1000000001", "99999999999999999999", "\xE2\x80\x93",
                         "1\xC2\xA0" "23", "1\xC2"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(official_count(str_from(wrong[i]), &kind, &low, &high));
}

/* A file of our own that has what the real ones have: quotes, ;, CRLF, "<5", a total that does not add up. */
static const char exams[] =
    "\"INSTELLINGSCODE\";\"GEMEENTENAAM\";\"ONDERWIJSTYPE VO\";\"OPLEIDINGSNAAM \";"
    "\"EXAMENKANDIDATEN SCHOOLJAAR 2019-2020 - MAN\";\"EXAMENKANDIDATEN SCHOOLJAAR 2019-2020 - VROUW\";"
    "\"EXAMENKANDIDATEN SCHOOLJAAR 2019-2020 - TOTAAL\";\"SLAAGPERC SCHOOLJAAR 2019-2020 - TOTAAL\"\r\n"
    "\"00AA\";\"EMMEN\";\"VMBO\";\"VMBO B - techniek\";\"10\";\"<5\";\"12\";\"99,5\"\r\n"
    "\"00AA\";\"EMMEN\";\"VMBO\";\"VMBO K - economie\";\"10\";\"20\";\"30\";\"100\"\r\n"
    "\"00AA\";\"EMMEN\";\"VMBO\";\"VMBO K - techniek\";\"7\";\"0\";\"8\";\"\"\r\n"
    "\"00BB\";\"S\xC3\x9A" "DWEST-FRYSL\xC3\x82N\";\"VMBO\";\"VMBO B - zorg en welzijn\";\"\";\"\";\"<5\";\"\"\r\n"
    "\"00BB\";\"S\xC3\x9A" "DWEST-FRYSL\xC3\x82N\";\"HAVO\";\"HAVO - N&T\";\"9\";\"6\";\"15\";\"\"\r\n";

static void write_file(char path[64], Str bytes) {
  snprintf(path, 64, "/tmp/pactwijzer-official-XXXXXX");
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  assert_int_equal(file_write(path, bytes, NULL), ERR_OK);
}

static Derive *technical_share(void) {
  Derive *d;
  const Dataset *dataset = dataset_by_code(S("duo-exams"));
  assert_non_null(dataset);
  assert_int_equal(derive_new(&d, &arena, dataset, S("municipality"), NULL), ERR_OK);
  for (int part = 0; part < 2; part++) {
    assert_int_equal(derive_rule(d, S("vmbo-bk-techniek"), (DerivePart)part, S("measure"), S("candidates"), NULL), ERR_OK);
    assert_int_equal(derive_rule(d, S("vmbo-bk-techniek"), (DerivePart)part, S("sex"), S("total"), NULL), ERR_OK);
  }
  assert_int_equal(derive_rule(d, S("vmbo-bk-techniek"), DERIVE_NUMERATOR, S("programme"), S("VMBO B - techniek|VMBO K - techniek"), NULL), ERR_OK);
  assert_int_equal(derive_rule(d, S("vmbo-bk-techniek"), DERIVE_DENOMINATOR, S("programme"), S("VMBO B - *|VMBO K - *"), NULL), ERR_OK);
  assert_int_equal(derive_check(d, NULL), ERR_OK);
  return d;
}

static void a_small_file_by_hand(void **state) {
  (void)state;
  char path[64];
  write_file(path, str_from(exams));
  Derive *d = technical_share();
  static OfficialReport report;
  assert_int_equal(official_read(dataset_by_code(S("duo-exams")), path, NULL, derive_take, d, &report, NULL), ERR_OK);
  unlink(path);
  assert_int_equal(report.rows, 5);
  assert_int_equal(report.suppressed, 2);
  assert_string_equal(report.first_period, "2019/20");
  assert_int_equal(report.totals[0].checked, 3);  /* the first row's women are not visible */
  assert_int_equal(report.totals[0].wrong, 1);
  assert_int_equal(report.mismatches[0].row, 4);
  NEAR(report.mismatches[0].total, 8, 0);
  assert_int_equal(derive_count(d), 2);
  const DeriveResult *emmen = derive_at(d, 0), *sneek = derive_at(d, 1);
  assert_true(str_eq(emmen->area, S("EMMEN")) && str_eq(emmen->period, S("2019/20")));
  NEAR(emmen->sums.numerator.middle, 20, 0);
  NEAR(emmen->sums.denominator.middle, 50, 0);
  Bounded share;
  assert_true(derive_share(&emmen->sums, &share));
  NEAR(share.middle, 0.4, 1e-15);
  NEAR(share.low, 0.4, 1e-15);
  NEAR(sneek->sums.denominator.low, 1, 0);
  NEAR(sneek->sums.denominator.high, 4, 0);
  DeriveSums both = emmen->sums;
  derive_add(&both, &sneek->sums);
  assert_true(derive_share(&both, &share));
  NEAR(share.low, 20.0 / 54, 1e-15);
  NEAR(share.middle, 20.0 / 52.5, 1e-15);
  NEAR(share.high, 20.0 / 51, 1e-15);
}

static DeriveSums sums_of(Bounded numerator, Bounded rest, Bounded denominator) {
  return (DeriveSums){.numerator = numerator, .rest = rest, .denominator = denominator};
}

/* Every value that each suppressed number can have, against the bounds: numbers that count above, below, or both. */
static void the_bounds_of_a_share(void **state) {
  (void)state;
  static const double exact[][3] = {{10, 0, 30}, {0, 40, 100}, {0, 7, 9}, {3, 2, 1}, {0, 0, 0}, {0, 0, 12}};  /* both, above alone, below alone */
  for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
    for (unsigned hidden = 0; hidden < 8; hidden++) {
      double least = INFINITY, most = -INFINITY;
      Bounded part[3], share;
      for (unsigned v = 0; v < 64; v++) {
        double n[3];
        for (unsigned p = 0; p < 3; p++) n[p] = exact[i][p] + (hidden >> p & 1 ? 1 + (v >> 2 * p & 3) : 0);
        double value = n[0] + n[2] > 0 ? (n[0] + n[1]) / (n[0] + n[2]) : 0;
        least = fmin(least, value);
        most = fmax(most, value);
      }
      for (unsigned p = 0; p < 3; p++) {
        double more = hidden >> p & 1;
        part[p] = (Bounded){exact[i][p] + more, exact[i][p] + 2.5 * more, exact[i][p] + 4 * more};
      }
      DeriveSums sums = sums_of(part[0], part[2], part[0]), above = sums_of(part[1], (Bounded){0}, (Bounded){0}), below = sums_of((Bounded){0}, (Bounded){0}, part[2]);
      derive_add(&sums, &above);
      derive_add(&sums, &below);
      if (!derive_share(&sums, &share)) continue;
      if (fabs(share.low - least) > 1e-12 || fabs(share.high - most) > 1e-12) fail_msg("case %zu, hidden %u: %g..%g, is %g..%g", i, hidden, share.low, share.high, least, most);
      assert_true(share.low <= share.middle && share.middle <= share.high);
    }
}

static OfficialReport read_report;   /* of the last one */

static void reads(Str text, Err expected, const char *message, long row) {
  char path[64];
  write_file(path, text);
  Derive *d = technical_share();
  ErrInfo info = ERRINFO_INIT;
  Err err = official_read(dataset_by_code(S("duo-exams")), path, NULL, derive_take, d, &read_report, &info);
  unlink(path);
  if (err != expected || (message && !strstr(info.message, message))) fail_msg("%s: %s", err_name(err), info.message);
  if (row) assert_int_equal(info.row, row);
  if (err != ERR_OK) assert_string_equal(info.file, strrchr(path, '/') + 1);
}

static void wrong_files(void **state) {
  (void)state;
  reads(S("BRIN NUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO\r\n1;2;3\r\n"), ERR_INPUT, "'OPLEIDINGSNAAM'", 0);
  reads(S("BRIN NUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2012 - TOTAAL\r\na;b;c;d;veel\r\n"), ERR_INPUT, "'veel'", 2);
  reads(S("BRIN NUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2013 - TOTAAL\r\na;b;c;d;1\r\n"), ERR_INPUT, "EXAMENKANDIDATEN", 0);
  reads(S("BRIN NUMMER;GEMEENTENAAM;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;X\r\n"), ERR_INPUT, "second column", 1);
  reads(S("BRIN NUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2012 - TOTAAL;EXAMENKANDIDATEN SCHOOLJAAR 2011-2012 - TOTAAL\r\n"),
        ERR_INPUT, "same numbers", 1);
  reads(S("BRIN NUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2012 - MAN;EXAMENKANDIDATEN 2012-2013 - VROUW\r\n1;2;3;4;5;6\r\n"),
        ERR_INPUT, "no column beside 'EXAMENKANDIDATEN 2011-2012 - MAN' for the same numbers of the other sex", 1);
  reads(S(""), ERR_INPUT, NULL, 0);
  reads(S("BRIN NUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2012 - TOTAAL\r\n\r\n"), ERR_INPUT, "headings and no rows", 0);
}

/* A site, programme and type twice would count twice; a file that does not tell them all may have rows that look alike. */
static void the_same_row_twice(void **state) {
  (void)state;
  const char *row = "00AA;00;EMMEN;VMBO;1;VMBO B - techniek;5\n", *head = "BRIN NUMMER;VESTIGINGSNUMMER;GEMEENTENAAM;ONDERWIJSTYPE VO;INSPECTIECODE;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2012 - TOTAAL\n";
  reads(arena_printf(&arena, "%s%s00AA;01;EMMEN;VMBO;1;VMBO B - techniek;5\n", head, row), ERR_OK, NULL, 0);
  reads(arena_printf(&arena, "%s%s00BB;00;EMMEN;VMBO;1;VMBO B - techniek;5\n%s", head, row, row), ERR_INPUT, "a second row for 00AA, 00, VMBO, 1, VMBO B - techniek; the first is row 2", 4);
  /* without a key, or one that is not all there, the same row is told */
  reads(arena_printf(&arena, "%s%s%s", "BRIN NUMMER;AFDELING;GEMEENTENAAM;ONDERWIJSTYPE VO;INSPECTIECODE;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2011-2012 - TOTAAL\n", row, row), ERR_OK, NULL, 0);
  assert_true(read_report.same_rows == 1 && read_report.same_row == 3 && read_report.same_as == 2);
}

static void cut_off_at_every_byte(void **state) {
  (void)state;
  for (size_t n = 0; n < sizeof exams; n++) {
    char path[64];
    write_file(path, (Str){exams, n});
    Derive *d = technical_share();
    static OfficialReport report;
    ErrInfo info = ERRINFO_INIT;
    Err err = official_read(dataset_by_code(S("duo-exams")), path, NULL, derive_take, d, &report, &info);
    assert_true(err == ERR_OK || err == ERR_INPUT);
    if (err != ERR_OK) assert_true(info.message[0] != '\0');
    unlink(path);
    arena_clear(&arena);
  }
}

static void older_headings(void **state) {
  (void)state;
  const char text[] =
      "BRIN NUMMER;VESTIGINGSNUMMER;PROVINCIE VESTIGING;ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR;VMBO SECTOR;OPLEIDINGSNAAM;"
      "LEER- OF VERBLIJFSJAAR 3 - MAN;LEER- OF VERBLIJFSJAAR 3 - VROUW\r\n00AA;00;Drenthe;VMBO BL;techniek;Bouw;4;<5\r\n";
  char path[64];
  write_file(path, str_from(text));
  Derive *d;
  const Dataset *dataset = dataset_by_code(S("duo-vo"));
  assert_int_equal(derive_new(&d, &arena, dataset, S("province"), NULL), ERR_OK);
  assert_int_equal(derive_rule(d, S("x"), DERIVE_NUMERATOR, S("grade"), S("3"), NULL), ERR_OK);
  static OfficialReport report;
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(official_read(dataset, path, NULL, derive_take, d, &report, &info), ERR_INPUT);
  assert_non_null(strstr(info.message, "school year"));
  OfficialOptions options = {.period = S("2012/13")};
  assert_int_equal(official_read(dataset, path, &options, derive_take, d, &report, &info), ERR_OK);
  assert_int_equal(derive_count(d), 1);
  assert_true(str_eq(derive_at(d, 0)->period, S("2012/13")));
  NEAR(derive_at(d, 0)->sums.numerator.middle, 6.5, 0);
  unlink(path);
}

static const char *shared_file(char path[512], const char *name) {
  const char *shared = getenv("PW_SHARED");
  snprintf(path, 512, "%s/data/%s", shared ? shared : "../shared", name);
  return access(path, R_OK) == 0 ? path : NULL;
}

/* The province of each of the North's municipalities in the file, from the list of 2013 and the names made since. */
static int province_of(Str municipality) {
  static Str list;
  static Buf text;
  static const char *const since[] = {"EEMSDELTA", "HET HOGELAND", "MIDDEN-GRONINGEN", "WESTERKWARTIER", "WESTERWOLDE", "",
                                      "DE FRYSKE MARREN", "WAADHOEKE", "NOARDEAST-FRYSLAN", "", ""};
  char path[512];
  if (!list.ptr) {
    buf_init(&text, 0);
    assert_int_equal(file_read(&text, shared_file(path, "regio/gemeenten_noord_2013.csv"), 0, NULL), ERR_OK);
    list = buf_view(&text);
  }
  Str wanted = text_folded(&arena, municipality), rest = list, line;
  for (size_t i = 0, province = 0; province < 3; i++) {
    if (since[i][0] == '\0') province++;
    else if (str_eq_nocase(wanted, str_from(since[i]))) return (int)province;
  }
  while (str_cut(&rest, '\n', &line)) {
    Str code, name, real, province;
    if (!str_cut(&line, ';', &code) || !str_cut(&line, ';', &name) || !str_cut(&line, ';', &real) || !str_cut(&line, ';', &province)) continue;
    if (str_eq(wanted, text_folded(&arena, name)))
      return str_eq(province, S("Groningen")) ? 0 : str_eq(province, S("Friesland")) ? 1 : str_eq(province, S("Drenthe")) ? 2 : -1;
  }
  return -1;
}

static void the_published_exam_file(void **state) {
  (void)state;
  char path[512];
  if (!shared_file(path, "duo/duo_examenkandidaten_vo_per_vestiging_profiel_2019-2024.csv")) {
    print_message("SKIPPED: the published file is not at hand\n");
    skip();
  }
  Derive *d = technical_share();
  static OfficialReport report;
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(official_read(dataset_by_code(S("duo-exams")), path, NULL, derive_take, d, &report, &info), ERR_OK);
  assert_int_equal(report.rows, 12782);
  assert_int_equal(report.totals[0].checked, 33582);
  assert_int_equal(report.totals[0].wrong, 28);
  assert_int_equal(report.totals[1].checked, 32660);
  assert_int_equal(report.totals[1].wrong, 26);
  static const char *const periods[5] = {"2019/20", "2020/21", "2021/22", "2022/23", "2023/24"};
  static const double north[5] = {24.3, 23.5, 23.0, 23.0, 23.5}, provinces[3] = {32.1, 24.0, 17.0};
  DeriveSums sums[5][4] = {0};
  for (size_t i = 0; i < derive_count(d); i++) {
    const DeriveResult *r = derive_at(d, i);
    int province = province_of(r->area), year = 0;
    while (year < 5 && !str_eq(r->period, str_from(periods[year]))) year++;
    assert_true(year < 5);
    if (province < 0) continue;
    derive_add(&sums[year][province], &r->sums);
    derive_add(&sums[year][3], &r->sums);
  }
  Bounded share;
  for (int year = 0; year < 5; year++) {
    assert_true(derive_share(&sums[year][3], &share));
    NEAR(100 * share.middle, north[year], 0.06);
    assert_true(share.low < share.middle && share.middle < share.high && share.high - share.low < 0.03);
  }
  for (int p = 0; p < 3; p++) {
    assert_true(derive_share(&sums[0][p], &share));
    NEAR(100 * share.middle, provinces[p], 0.06);
  }
}

static int clear(void **state) {
  (void)state;
  arena_clear(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(counts, clear),         cmocka_unit_test_teardown(a_small_file_by_hand, clear),
      cmocka_unit_test_teardown(the_bounds_of_a_share, clear), cmocka_unit_test_teardown(wrong_files, clear),    cmocka_unit_test_teardown(the_same_row_twice, clear),
      cmocka_unit_test_teardown(cut_off_at_every_byte, clear),
      cmocka_unit_test_teardown(older_headings, clear), cmocka_unit_test_teardown(the_published_exam_file, clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
