/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files and a supplier's list into the shipped pact, cut off at every byte and short of memory: each time wholly or not at
 * all. Made-up files of each shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "monitor/monitor.h"
#include "monitor/places.h"
#include "monitor/supply.h"
#include "pact/package.h"
#include "store/internal.h"

static Store *store;
static ErrInfo info;
static MonitorReport report;
static PlacesReport places_report;

typedef struct File {
  const char *dataset, *text, *indicator, *period;  /* the figures looked at; no indicator: places of education, and which register */
  size_t rows;   /* of those regions with a figure when the whole file went in */
  const char *told;  /* the period of a file that does not tell it */
} File;

/* The pact counts neither students by sex nor entrants: derivations for those two shapes. */
static const char DERIVATIONS[] =
    "INSERT INTO derivation (indicator, dataset, definition, part, field, match, source, source_section, seq) VALUES"
    " ('havo-n', 'duo-mbo', 1, 'numerator', 'measure', 'participants', 'redactie', '', 9001), ('havo-n', 'duo-mbo', 1, 'numerator', 'main_group', 'Bouw en infra', 'redactie', '', 9002),"
    " ('havo-n', 'duo-mbo', 1, 'denominator', 'measure', 'participants', 'redactie', '', 9003),"
    " ('vwo-n', 'duo-mbo', 1, 'numerator', 'measure', 'entrants', 'redactie', '', 9004), ('vwo-n', 'duo-mbo', 1, 'numerator', 'main_group', 'Bouw en infra', 'redactie', '', 9005),"
    " ('vwo-n', 'duo-mbo', 1, 'denominator', 'measure', 'entrants', 'redactie', '', 9006)";

static const File files[] = {
    {"duo-exams", "INSTELLINGSCODE;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2030-2031 - TOTAAL\r\n"
                  "00AA;EMMEN;VMBO;VMBO B - techniek;20\r\n00BB;GRONINGEN;VMBO;VMBO K - zorg;<5\r\n", "1c-examen", "2030/31", 6, NULL},
    {"duo-vo", "BRIN NUMMER;PROVINCIE VESTIGING;ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR;VMBO SECTOR;OPLEIDINGSNAAM;LEER- OF VERBLIJFSJAAR 3 - MAN;LEER- OF VERBLIJFSJAAR 3 - VROUW\n"
               "00AA;Drenthe;VMBO BL lj 3-4;Techniek;Produceren, installeren en energie;12;0\n00BB;Groningen;VMBO KL lj 3-4;Zorg;Zorg en welzijn;<5;0\n", "1c-sectorkeuze", "2030/31", 4, "2030/31"},
    {"duo-vo", "SCHOOLJAAR,BRIN NUMMER,PROVINCIE VESTIGING,ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR,VMBO SECTOR,OPLEIDINGSNAAM,LEERJAAR,AANTAL LEERLINGEN\n"
               "2030,00AA,Drenthe,VMBO BL lj 3-4,,Bouwen Wonen en Interieur,3,12\n2030,00BB,Groningen,VMBO KL lj 3-4,,Zorg en welzijn,3,<5\n", "1c-sectorkeuze", "2030/31", 4, NULL},
    {"duo-mbo", "INSTELLINGSCODE;LEERWEG;ERKENDE OPLEIDING NAAM;HOOFDGROEP NAAM;DIPMAN2031;DIPVROUW2031\n99ZZ;BBL;a;Bouw en infra;3;-1\n99ZZ;BBL;b;Entree;8;8\n", "mbo-diploma", "2030/31", 1, NULL},
    {"duo-mbo", "INSTELLINGSCODE;GEMEENTE INSTELLING;LEERWEG;NIVEAU;ERKENDE OPLEIDING NAAM;HOOFDGROEP NAAM;MAN2031;VROUW2031\r\n"
                "99ZZ;EMMEN;BBL;4;a;Bouw en infra;30;-1\r\n99YY;GRONINGEN;BOLVT;2;b;Handel;8;\"<5\"\r\n", "havo-n", "2031/32", 6, NULL},
    {"duo-mbo", "PROVINCIE INSTELLING;HOOFDGROEP NAAM;INSTELLINGSCODE;GEMEENTE INSTELLING;BEROEPSOPLEIDING NAAM;LEERWEG;VERBLIJFSJAAR IN MBO;JAAR_2031\n"
                "Drenthe;Bouw en infra;99ZZ;EMMEN;a;BBL;1;30\nGroningen;Handel;99YY;;b;BOLVT;1;-1\n", "mbo-instroom", "2031/32", 5, NULL},
    {"duo-mbo", "VOOROPLEIDING VO;INSTELLINGSCODE;GEMEENTE INSTELLING;HOOFDGROEP NAAM;NIVEAU;LEERWEG;BEROEPSOPLEIDING NAAM;TOTAAL MBO;INSTROOM MBO;INSTROOM OPLEIDING\n"
                "havo diploma;99ZZ;EMMEN;Bouw en infra;4;BOLVT;Monteur;9;6;7\nvmbo;99YY;GRONINGEN;Handel;4;BOLVT;Verkoper;9;<5;1.007\n", "vwo-n", "2030/31", 6, "2030/31"},
    {"cbs-pc4", "JAAR;PROVINCIE;GEMEENTE;PC4;LEEFTIJD;INWONERS\n2031;Groningen;Groningen;9711;10-14;100\n2031;Drenthe;Emmen;7811;15-19;40\n", "bevolking-10-19", "2031-01-01", 5, NULL},
    {"duo-places", "BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;GEMEENTENUMMER;GEMEENTENAAM;COROPGEBIED CODE\n"
                   "99AA;00;School Een;14;GRONINGEN;1\n99BB;99BB01;School Twee;0114;EMMEN;8\n", NULL, "primary", 2, NULL},
    {"duo-places", "PROVINCIE,BEVOEGD GEZAG NUMMER,INSTELLINGSCODE,INSTELLINGSNAAM,STRAATNAAM,POSTCODE,GEMEENTENUMMER,GEMEENTENAAM,INTERNETADRES\r\n"
                   "Drenthe,12345,99ZZ,\"College Z, Emmen\",Weg,7811 AA,0114,EMMEN,www.z.nl\r\nGroningen,,99YY,College Y,,,14,GRONINGEN,\r\n", NULL, "vocational", 2, NULL},
    {"supply", "Indicator;Gebied;Periode;Teller;Noemer;Waarde;Kwaliteit;Toestand;Reden;Dataset;Opgehaald op\r\n"
               "1c-sectorkeuze;LD01;2013/14;2400;10000;24,0;voorlopig;;;Telling;2026-11-01\r\n1c-sectorkeuze;PV20;2013/14;<5;50;;;;;Telling;\r\n"
               "1c-sectorkeuze;PV22;2013/14;;;;;ontbreekt;Nog niet;Telling;\r\n", "1c-sectorkeuze", "2013/14", 3, NULL},
};
enum { FILES = sizeof files / sizeof *files };

static size_t count_rows(const File *f) {
  Rows *rows;
  bool more;
  size_t count = 0;
  if (!f->indicator) {
    assert_int_equal(store_query(store, "places_current", ARGS(ARG_STR(str_from(f->period))), &rows, &info), ERR_OK);
    while (rows_next(rows, &more, &info) == ERR_OK && more) count++;
    rows_close(rows);
    return count;
  }
  static const char *const regions[] = {"NL", "LD01", "PV20", "PV22", "GM0014", "GM0114"};
  const Dataset *dataset = dataset_by_code(str_from(f->dataset));
  for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
    assert_int_equal(store_query(store, "measurement_current", ARGS(ARG_STR(str_from(f->indicator)), ARG_STR(str_from(regions[i])), ARG_STR(str_from(f->period)), ARG_STR(dataset ? str_from(dataset_title(dataset)) : S("Telling"))), &rows, &info), ERR_OK);
    count += rows_next(rows, &more, &info) == ERR_OK && more;
    rows_close(rows);
  }
  return count;
}

/* One import in a transaction of its own that is undone at the end; *rows what it had written. */
static Err import(const File *f, const char *path, size_t *rows) {
  Arena arena;
  arena_init(&arena, 0);
  err_reset(&info);
  assert_int_equal(store_begin(store, &info), ERR_OK);
  Err err;
  const Dataset *dataset = dataset_by_code(str_from(f->dataset));
  if (!dataset) {
    Val *told;
    SupplyOptions options = {.by = S("Redactie"), .today = day_from_civil(2031, 9, 1)};
    err = supply_import(store, path, &options, &arena, &told, &info);
  } else if (f->indicator) {
    MonitorOptions options = {.today = day_from_civil(2031, 9, 1), .period = str_from(f->told)};
    if (str_starts(str_from(f->dataset), S("cbs"))) err = monitor_import_cbs(store, &path, 1, &options, &arena, &dataset, &report, &info);
    else err = monitor_import(store, dataset, path, &options, &arena, &report, &info);
  } else {
    PlacesOptions options = {.kind = str_from(f->period), .edition = day_from_civil(2013, 10, 1), .source = S("duo-bo-2013"), .today = day_from_civil(2031, 9, 1)};
    err = places_import(store, path, &options, &arena, &places_report, &info);
  }
  *rows = err == ERR_OK ? count_rows(f) : 0;
  store_rollback(store);
  arena_clear(&arena);
  return err;
}

static void write_file(char path[64], Str bytes) {
  snprintf(path, 64, "/tmp/pactwijzer-import-XXXXXX");
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  assert_int_equal(file_write(path, bytes, NULL), ERR_OK);
}

static void whole_files(void **state) {
  (void)state;
  for (size_t i = 0; i < FILES; i++) {
    char path[64];
    size_t rows;
    write_file(path, str_from(files[i].text));
    if (import(&files[i], path, &rows) != ERR_OK) fail_msg("%s: %s", files[i].dataset, info.message);
    assert_int_equal(rows, files[i].rows);
    assert_int_equal(count_rows(&files[i]), 0);
    unlink(path);
  }
}

static void cut_off_at_every_byte(void **state) {
  (void)state;
  for (size_t i = 0; i < FILES; i++)
    for (size_t n = 0, whole = strlen(files[i].text), last = 0; n <= whole; n++) {
      char path[64];
      size_t rows;
      write_file(path, (Str){files[i].text, n});
      Err err = import(&files[i], path, &rows);
      unlink(path);
      if (err != ERR_OK && (err != ERR_INPUT || !info.message[0])) fail_msg("%s cut at %zu: %s: %s", files[i].dataset, n, err_name(err), info.message);
      if (err == ERR_OK && rows < last) fail_msg("%s cut at %zu: %zu figures, a shorter file gave %zu", files[i].dataset, n, rows, last);   /* never less than a shorter file gave */
      if (err == ERR_OK) last = rows;
      if (n == whole) assert_int_equal(rows, files[i].rows);
    }
}

/* Every allocation in turn fails: it is told as such, and nothing is taken for something else; the next import goes well. */
static void short_of_memory(void **state) {
  (void)state;
  for (size_t i = 0; i < FILES; i++) {
    char path[64];
    size_t rows;
    write_file(path, str_from(files[i].text));
    mem_count();
    assert_int_equal(import(&files[i], path, &rows), ERR_OK);
    size_t all = mem_count(), failed = 0;
    for (size_t n = 1; n <= all; n++) {
      mem_fail_at(n, 0);
      Err err = import(&files[i], path, &rows);
      mem_fail_at(0, 0);
      if (err != ERR_OK && err != ERR_MEMORY) fail_msg("%s, allocation %zu: %s: %s", files[i].dataset, n, err_name(err), info.message);
      if (err == ERR_OK && rows != files[i].rows) fail_msg("%s, allocation %zu: %zu figures", files[i].dataset, n, rows);
      failed += err == ERR_MEMORY;
    }
    assert_true(failed > 20);
    assert_int_equal(import(&files[i], path, &rows), ERR_OK);
    assert_int_equal(rows, files[i].rows);
    unlink(path);
  }
}

static int start(void **state) {
  (void)state;
  Arena arena;
  PackageReport loaded = {0};
  arena_init(&arena, 0);
  Err err = store_open(&store, ":memory:", STORE_CREATE, &info);
  if (err == ERR_OK) err = store_begin(store, &info);
  if (err == ERR_OK) err = package_load(store, NULL, &arena, &loaded, &info);
  if (err == ERR_OK) err = store_commit(store, &info);
  arena_clear(&arena);
  if (err == ERR_OK && sqlite3_exec(*(sqlite3 **)store->conn, DERIVATIONS, NULL, NULL, NULL) != SQLITE_OK) return -1;
  return err == ERR_OK ? 0 : -1;
}

static int stop(void **state) {
  (void)state;
  store_close(store);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(whole_files), cmocka_unit_test(cut_off_at_every_byte), cmocka_unit_test(short_of_memory)};
  return cmocka_run_group_tests(tests, start, stop);
}
