/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files into measurements, on the shipped pact: what must hold of any file, over random ones; names and divisions of
 * other years; every allocation failing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "monitor/monitor.h"
#include "pact/package.h"
#include "store/internal.h"

#define FIRST_DAY 22000  /* an arbitrary day, 2030-03-27 */

static Store *store;
static Arena arena;
static ErrInfo info;
static MonitorReport report;
static bool partial;   /* of the options of the next import */
static char absent[2000];  /* what the last one named as such */

static void sql(const char *text) {
  char *why = NULL;
  if (sqlite3_exec(*(sqlite3 **)store->conn, text, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", text, why);
}

/* The first column of all rows, with a line each. */
static void ask(Buf *out, const char *text) {
  sqlite3_stmt *statement;
  assert_int_equal(sqlite3_prepare_v2(*(sqlite3 **)store->conn, text, -1, &statement, NULL), SQLITE_OK);
  buf_init(out, 0);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const unsigned char *value = sqlite3_column_text(statement, 0);
    buf_printf(out, "%s\n", value ? (const char *)value : "-");
  }
  sqlite3_finalize(statement);
}

static void gives(const char *text, const char *expected) {
  Buf found;
  ask(&found, text);
  if (!str_eq(buf_view(&found), str_from(expected))) fail_msg("%s gives\n%s", text, buf_zstr(&found));
  buf_clear(&found);
}

static double number(const char *format, ...) {
  char text[600];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  Buf found;
  ask(&found, text);
  const char *value = buf_zstr(&found);
  double result = value && *value && *value != '-' ? strtod(value, NULL) : NAN;
  buf_clear(&found);
  return result;
}

static int start(void **state) {
  (void)state;
  PackageReport loaded = {0};
  arena_init(&arena, 0);
  Err err = store_open(&store, ":memory:", STORE_CREATE, &info);
  if (err == ERR_OK) err = store_begin(store, &info);
  if (err == ERR_OK) err = package_load(store, NULL, &arena, &loaded, &info);
  if (err == ERR_OK) err = store_commit(store, &info);
  return err == ERR_OK ? 0 : -1;
}

static int stop(void **state) {
  (void)state;
  store_close(store);
  arena_clear(&arena);
  return 0;
}

/* Each test begins without figures. */
static int empty(void **state) {
  (void)state;
  sql("DELETE FROM measurement");
  return 0;
}

static Err import_on(const char *dataset, Str text, Day today) {
  char path[] = "/tmp/pactwijzer-import-XXXXXX";
  int fd = mkstemp(path);
  Arena work;
  arena_init(&work, 0);
  err_reset(&info);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text.ptr, text.len), (ssize_t)text.len);
  close(fd);
  MonitorOptions options = {.today = today, .partial = partial};
  Err err = store_begin(store, &info);
  if (err == ERR_OK) {
    err = monitor_import(store, dataset_by_code(str_from(dataset)), path, &options, &work, &report, &info);
    if (err == ERR_OK) err = store_commit(store, &info);
    else store_rollback(store);
  }
  absent[0] = '\0';
  for (size_t i = 0, used = 0; i < report.absent_count && i < MONITOR_ABSENT && used < sizeof absent; i++)
    used += (size_t)snprintf(absent + used, sizeof absent - used, "|" STR_FMT "|", STR_ARG(report.absent[i]));
  unlink(path);
  arena_clear(&work);
  return err;
}

static void imports(const char *dataset, Str text, Day today) {
  if (import_on(dataset, text, today) != ERR_OK) fail_msg("%s row %ld: %s", info.file, info.row, info.message);
}

/* --- random files: a small generator of our own, the same everywhere --- */

static uint64_t seed;
static unsigned draw(unsigned below) {
  seed = seed * 6364136223846793005ull + 1442695040888963407ull;
  return (unsigned)(seed >> 33) % below;
}

#define PC4_HEAD "JAAR;PROVINCIE;GEMEENTE;PC4;LEEFTIJD;INWONERS\n"
static const struct { const char *name, *code, *province; } places[] = {
    {"Groningen", "GM0014", "PV20"}, {"OLDAMBT", "GM1895", "PV20"}, {"leeuwarden", "GM0080", "PV21"}, {"Sudwest-Fryslan", "GM1900", "PV21"},
    {"Emmen", "GM0114", "PV22"}, {"Hoogeveen ", "GM0118", "PV22"}, {"Utrecht", NULL, NULL}, {"Zwolle", NULL, NULL}};
enum { PLACES = sizeof places / sizeof *places };

/* A share of a region is the share of the sums, with the bounds that <5 leaves; so for provinces, the North, the country. */
static void shares_are_shares_of_sums(void **state) {
  (void)state;
  for (seed = 1; seed <= 40; seed += 2) {
    uint64_t first = seed;
    double above[3][PLACES] = {{0}}, rest[3][PLACES] = {{0}};  /* low, middle, high */
    Buf text;
    buf_init(&text, 0);
    buf_printf(&text, "INSTELLINGSCODE;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN SCHOOLJAAR 2030-2031 - TOTAAL\n");
    for (unsigned row = 0, rows = 1 + draw(60); row < rows; row++) {
      unsigned place = draw(PLACES), count = draw(9), technical = draw(2);
      bool suppressed = count > 0 && count < 5;
      buf_printf(&text, "00AA;%s;VMBO;%s;%s%u\n", places[place].name, technical ? "VMBO B - techniek" : "VMBO K - economie", suppressed ? "<" : "", suppressed ? 5 : count);
      double bounds[3] = {suppressed ? 1 : count, suppressed ? 2.5 : count, suppressed ? 4 : count};
      for (int b = 0; b < 3; b++) (technical ? above : rest)[b][place] += bounds[b];
    }
    imports("duo-exams", buf_view(&text), FIRST_DAY);
    buf_clear(&text);
    static const char *const regions[] = {"NL", "LD01", "PV20", "PV21", "PV22"};
    for (size_t r = 0; r < 5; r++) {
      double a[3] = {0}, o[3] = {0};
      for (size_t p = 0; p < PLACES; p++) {
        bool inside = r == 0 || (places[p].code && (r == 1 || strcmp(places[p].province, regions[r]) == 0));
        for (int b = 0; inside && b < 3; b++) a[b] += above[b][p], o[b] += rest[b][p];
      }
      const char *query = "SELECT %s FROM measurement WHERE indicator = '1c-examen' AND region = '%s'";
      double value = number(query, "value", regions[r]), low = number(query, "COALESCE(low, value)", regions[r]), high = number(query, "COALESCE(high, value)", regions[r]);
      bool close = a[1] + o[1] > 0 ? fabs(value - 100 * a[1] / (a[1] + o[1])) < 1e-5 && fabs(low - 100 * a[0] / (a[0] + o[2] > 0 ? a[0] + o[2] : 1)) < 1e-5 &&
                                       fabs(high - 100 * a[2] / (a[2] + o[0] > 0 ? a[2] + o[0] : 1)) < 1e-5 : isnan(value);
      if (!close) fail_msg("seed %llu, %s: %g in %g..%g for %g of %g", (unsigned long long)first, regions[r], value, low, high, a[1], a[1] + o[1]);
    }
    sql("DELETE FROM measurement");
    seed = first;
  }
}

static void pc4_text(Buf *text, unsigned year, const unsigned values[2]) {
  buf_init(text, 0);
  buf_printf(text, PC4_HEAD);
  for (int i = 0; i < 2; i++)
    if (values[i]) buf_printf(text, "%u;Groningen;%s;97%02d;10-14;%u\n", year, i ? "Oldambt" : "Groningen", i, values[i]);
}

/* Whatever is imported on whichever day: as of each day the figures are those last imported by then, and each exactly once. */
static void nothing_known_is_lost(void **state) {
  (void)state;
  enum { DAYS = 12, YEARS = 3 };
  for (unsigned round = 0; round < 12; round++) {
    unsigned known[DAYS][YEARS][2] = {{{0}}};
    seed = 100 + round;
    for (unsigned day = 0; day < DAYS; day++) {
      unsigned year = draw(YEARS), values[2] = {draw(3) ? draw(4) * 10 : 0, 10 + draw(2) * 10};
      if (day) memcpy(known[day], known[day - 1], sizeof known[day]);
      Buf text;
      pc4_text(&text, 2031 + year, values);
      imports("cbs-pc4", buf_view(&text), FIRST_DAY + (Day)day);
      buf_clear(&text);
      for (int i = 0; i < 2; i++)
        if (values[i]) known[day][year][i] = values[i];  /* what a file does not have it does not take back */
    }
    for (unsigned day = 0; day < DAYS; day++)
      for (unsigned year = 0; year < YEARS; year++)
        for (int i = 0; i < 2; i++) {
          char as_of[DAY_TEXT];
          day_format_iso(FIRST_DAY + (Day)day, as_of);
          const char *where = "FROM measurement WHERE indicator = 'bevolking-10-19' AND region = '%s' AND period = '%u-01-01' AND known_from <= '%s' AND (superseded_on IS NULL OR superseded_on > '%s')";
          char query[300];
          snprintf(query, sizeof query, "SELECT %%s %s", where);
          double count = number(query, "COUNT(*)", i ? "GM1895" : "GM0014", 2031 + year, as_of, as_of);
          double value = number(query, "value", i ? "GM1895" : "GM0014", 2031 + year, as_of, as_of);
          unsigned expected = known[day][year][i];
          if (count != (expected ? 1 : 0) || (expected && value != expected))
            fail_msg("round %u, day %u, year %u, place %d: %g figures, %g; expected %u", round, day, year, i, count, value, expected);
        }
    sql("DELETE FROM measurement");
  }
}

#define EVERYTHING "SELECT indicator || region || period || value || complete || COALESCE(limits, '') || quality || method FROM measurement ORDER BY indicator, region, period"

/* Files of different years give the same in any order. */
static void the_order_of_files_does_not_matter(void **state) {
  (void)state;
  Buf first = {0};
  for (unsigned round = 0; round < 6; round++) {
    unsigned order[4] = {0, 1, 2, 3};
    seed = 500 + round;
    for (unsigned i = 3; i > 0 && round; i--) {
      unsigned j = draw(i + 1), kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    for (unsigned i = 0; i < 4; i++) {
      Buf text;
      pc4_text(&text, 2031 + order[i], (const unsigned[]){10 * (order[i] + 1), 7});
      imports("cbs-pc4", buf_view(&text), FIRST_DAY);
      buf_clear(&text);
    }
    Buf now;
    ask(&now, EVERYTHING);
    assert_true(now.len > 200);
    if (round == 0) first = now;
    else {
      assert_true(str_eq(buf_view(&first), buf_view(&now)));
      buf_clear(&now);
    }
    sql("DELETE FROM measurement");
  }
  buf_clear(&first);
}

/* --- names and divisions of other years --- */


static void a_municipality_that_was_split(void **state) {
  (void)state;
  /* 829, 1436 and 2376 of its 4641 addresses went to Waadhoeke, Leeuwarden and Súdwest-Fryslân in 2018: 0.1786, 0.3094, 0.512 in the pact */
  imports("cbs-pc4", S(PC4_HEAD "2019;Fryslan;LITTENSERADIEL ;8730;10-14;4641\n"), FIRST_DAY);
  gives("SELECT region || ' ' || ROUND(value, 3) || ' ' || quality || ' ' || complete FROM measurement WHERE indicator = 'bevolking-10-19' ORDER BY region",
        "GM0080 1435.925 estimate 1\nGM1900 2376.192 estimate 1\nGM1949 828.883 estimate 1\nLD01 4641.0 final 0\nPV21 4641.0 final 0\n");
  gives("SELECT limits FROM measurement WHERE indicator = 'bevolking-10-19' AND region = 'GM0080'",
        "Gemeenten die toen niet meer bestonden zijn naar adressen verdeeld over hun opvolgers.\n");
  sql("DELETE FROM measurement");
  /* in its own time it is itself */
  imports("cbs-pc4", S(PC4_HEAD "2017;Friesland;Littenseradiel;8730;10-14;4641\n"), FIRST_DAY);
  gives("SELECT region || ' ' || value || ' ' || quality FROM measurement WHERE indicator = 'bevolking-10-19' AND region LIKE 'GM%'", "GM0140 4641.0 final\n");
}

/* Slochteren gave a corner to Groningen in 2017 and went up in Midden-Groningen in 2018: a file that still names it in a later year
 * is of the division after the first and before the second, and all of it is Midden-Groningen's. */
static void a_border_moved_before_the_merger(void **state) {
  (void)state;
  imports("cbs-pc4", S(PC4_HEAD "2019;Groningen;Slochteren;9621;10-14;1000\n"), FIRST_DAY);
  gives("SELECT region || ' ' || value || ' ' || quality FROM measurement WHERE indicator = 'bevolking-10-19' AND region LIKE 'GM%'", "GM1952 1000.0 final\n");
}

/* Adds up with the rows of the municipality that it came to, and shares stay shares of sums. */
static void a_merged_one_beside_its_successor(void **state) {
  (void)state;
  imports("cbs-pc4", S(PC4_HEAD "2019;Friesland;Waadhoeke;8801;10-14;100\n2019;Friesland;Waadhoeke;8801;30-34;100\n"
                       "2019;Friesland;Franekeradeel;8802;10-14;50\n2019;Friesland;FRANEKERADEEL;8802;30-34;250\n"), FIRST_DAY);
  gives("SELECT region || ' ' || value || ' ' || numerator || ' ' || denominator FROM measurement WHERE indicator = 'aandeel-0-24' AND region IN ('GM1949', 'GM0070', 'PV21') ORDER BY region",
        "GM1949 30.0 150.0 500.0\nPV21 30.0 150.0 500.0\n");
}

/* Case, accents, spaces, what registers put behind a name; and a name that says another province is another place. */
static void names_as_files_write_them(void **state) {
  (void)state;
  imports("cbs-pc4", S(PC4_HEAD "2020;Groningen;\xC2\xA0groningen  (Gemeente);9711;10-14;1\n2020;Friesland;S\xC3\x9A" "DWEST-FRYSLAN;8601;10-14;2\n"
                       "2020;Fryslan;su\xCC\x81" "dwest-Fryslan (Fr.);8602;10-14;4\n2020;Drenthe;DE  WOLDEN (Dr);7921;10-14;8\n"
                       "2020;Drenthe;Emmen (Drenthe);7811;10-14;16\n2020;Gelderland;Emmen (Gld.);7812;10-14;32\n2020;Drenthe;Emmen (Luzern);7813;10-14;64\n"), FIRST_DAY);
  gives("SELECT region || ' ' || value FROM measurement WHERE indicator = 'bevolking-10-19' AND region LIKE 'GM%' ORDER BY region",
        "GM0014 1.0\nGM0114 16.0\nGM1690 8.0\nGM1900 6.0\n");
  assert_int_equal(report.areas_elsewhere, 2);
}

/* Hyphens, dashes, points and spaces differ between registers; a name that differs in a letter is another name. */
static void names_with_other_signs(void **state) {
  (void)state;
  imports("cbs-pc4", S(PC4_HEAD "2020;Friesland;Sudwest Fryslan;8601;10-14;1\n2020;Friesland;S\xC3\xBA" "dwest\xE2\x80\x93" "Frysl\xC3\xA2n;8602;10-14;2\n"
                       "2020;Drenthe;Borger - Odoorn;9531;10-14;4\n2020;Drenthe;DEWOLDEN;7921;10-14;8\n2020;Groningen;Gronigen;9711;10-14;16\n"
                       "2020;Drenthe;Borger Odoorn (Dr.);9532;10-14;32\n"), FIRST_DAY);
  gives("SELECT region || ' ' || value FROM measurement WHERE indicator = 'bevolking-10-19' AND region LIKE 'GM%' ORDER BY region",
        "GM1681 36.0\nGM1690 8.0\nGM1900 3.0\n");
  assert_int_equal(report.areas_elsewhere, 1);
}

#define EXAM_HEAD "INSTELLINGSCODE;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2030-2031 - TOTAAL;EXAMENKANDIDATEN 2031-2032 - TOTAAL\n"
#define EXAM_ROW(place, older, newer) "00AA;" place ";VMBO;VMBO B - techniek;" older ";" newer "\n"

static bool is_absent(const char *name) { return strstr(absent, name) != NULL; }

/* A newer edition that has nothing of a municipality of which there were figures is cut off, or writes its name otherwise. */
static void an_edition_that_lacks_a_municipality(void **state) {
  (void)state;
  imports("duo-exams", S(EXAM_HEAD EXAM_ROW("Emmen", "5", "6") EXAM_ROW("Groningen", "7", "8")), FIRST_DAY);
  assert_int_equal(report.absent_count, 38);
  assert_true(is_absent("|Assen|") && !is_absent("|Emmen|") && !is_absent("|Haren|"));  /* Haren had ended */
  Buf before, after;
  ask(&before, "SELECT * FROM measurement");
  static const char *const lacking[] = {EXAM_HEAD EXAM_ROW("Emmen", "5", "6"), EXAM_HEAD EXAM_ROW("Emmen", "5", "6") EXAM_ROW("Gronigen", "7", "8"),
                                        EXAM_HEAD EXAM_ROW("Emmen", "5", "6") EXAM_ROW("Groningen", "7", "")};
  static const size_t lost[] = {4, 4, 2};  /* of the city and its province, of two years; of one */
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(import_on("duo-exams", str_from(lacking[i]), FIRST_DAY + 1), ERR_INPUT);
    assert_non_null(strstr(info.message, "(Groningen, Groningen) came from this dataset before"));
    assert_true(info.file[0] != '\0');
    assert_int_equal(report.lost, lost[i]);
  }
  ask(&after, "SELECT * FROM measurement");
  assert_true(str_eq(buf_view(&before), buf_view(&after)));
  buf_clear(&before);
  buf_clear(&after);
  partial = true;
  imports("duo-exams", S(EXAM_HEAD EXAM_ROW("Emmen", "5", "9")), FIRST_DAY + 1);
  partial = false;
  assert_int_equal(report.lost, 4);
  gives("SELECT region || ' ' || numerator FROM measurement WHERE indicator = '1c-examen' AND period = '2031/32' AND superseded_on IS NULL ORDER BY region",
        "GM0014 8.0\nGM0114 9.0\nLD01 9.0\nNL 9.0\nPV20 8.0\nPV22 9.0\n");
  /* another year lacks nothing */
  imports("duo-exams", S("INSTELLINGSCODE;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2032-2033 - TOTAAL\n00AA;Emmen;VMBO;VMBO B - techniek;5\n"), FIRST_DAY + 2);
  assert_int_equal(report.lost, 0);
}

/* A municipality that has ended by the division of the newer edition has its figures no more. */
static void an_edition_of_a_later_division(void **state) {
  (void)state;
#define HAREN_HEAD "INSTELLINGSCODE;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2017-2018 - TOTAAL"
  imports("duo-exams", S(HAREN_HEAD "\n00AA;Haren;VMBO;VMBO B - techniek;5\n00BB;Groningen;VMBO;VMBO B - zorg;5\n"), FIRST_DAY);
  imports("duo-exams", S(HAREN_HEAD ";EXAMENKANDIDATEN 2018-2019 - TOTAAL\n00AA;Groningen;VMBO;VMBO B - techniek;5;6\n00BB;Groningen;VMBO;VMBO B - zorg;5;5\n"), FIRST_DAY);
  assert_int_equal(report.lost, 0);
}

/* Every allocation fails once, in turn: an error of memory, and no figure has come. */
static void no_memory(void **state) {
  (void)state;
  Str text = S(PC4_HEAD "2019;Friesland;Littenseradiel;8730;10-14;46\n2019;Friesland;;8731;10-14;1\n");
  Err err = ERR_MEMORY;
  size_t n = 1;
  for (; err != ERR_OK && n < 200000; n += 1 + n / 12) {
    mem_fail_at(n, 1);
    err = import_on("cbs-pc4", text, FIRST_DAY);
    mem_fail_at(0, 0);
    if (err != ERR_OK && err != ERR_MEMORY) fail_msg("allocation %zu: %s: %s", n, err_name(err), info.message);
    if (err != ERR_OK) gives("SELECT COUNT(*) FROM measurement", "0\n");
  }
  assert_int_equal(err, ERR_OK);
  assert_true(n > 30);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(shares_are_shares_of_sums, empty), cmocka_unit_test_setup(nothing_known_is_lost, empty),
      cmocka_unit_test_setup(the_order_of_files_does_not_matter, empty), cmocka_unit_test_setup(a_municipality_that_was_split, empty),
      cmocka_unit_test_setup(a_merged_one_beside_its_successor, empty), cmocka_unit_test_setup(a_border_moved_before_the_merger, empty), cmocka_unit_test_setup(names_as_files_write_them, empty), cmocka_unit_test_setup(names_with_other_signs, empty),
      cmocka_unit_test_setup(an_edition_that_lacks_a_municipality, empty), cmocka_unit_test_setup(an_edition_of_a_later_division, empty),
      cmocka_unit_test_setup(no_memory, empty)};
  return cmocka_run_group_tests(tests, start, stop);
}
