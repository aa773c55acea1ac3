/* SPDX-License-Identifier: EUPL-1.2 */
/* Every official file by the headings of each generation, in the ways files really come: made up for these tests, no figure is
 * anybody's. What the headings were verified against is in docs/official-files.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "official/derive.h"

typedef struct Seen {
  Buf text;   /* "measure period sex grade low-high" of each fact, a line each */
} Seen;

static OfficialReport report;
static ErrInfo info;

static Err note(void *context, const OfficialFact *f) {
  Seen *seen = context;
  buf_printf(&seen->text, "%ld " STR_FMT " " STR_FMT " " STR_FMT " %d %g-%g\n", f->row, STR_ARG(f->measure), STR_ARG(f->period),
             STR_ARG(f->sex.len ? f->sex : S("none")), f->grade, f->low, f->high);
  return buf_err(&seen->text);
}

/* Reads bytes as a file of the dataset; what was handed out, in `seen`. */
static Err read_bytes(const char *dataset, Str bytes, const char *period, Seen *seen) {
  Sheet *sheet;
  OfficialOptions options = {.period = str_from(period)};
  buf_init(&seen->text, 0);
  err_reset(&info);
  Err err = sheet_open_bytes(&sheet, bytes, "made-up.csv", NULL, &info);
  if (err != ERR_OK) return err;
  err = official_read_sheet(dataset_by_code(str_from(dataset)), sheet, &options, note, seen, &report, &info);
  sheet_close(sheet);
  return err;
}

static void gives(const char *dataset, Str bytes, const char *period, const char *expected) {
  Seen seen;
  if (read_bytes(dataset, bytes, period, &seen) != ERR_OK) fail_msg("%s: row %ld, %s: %s", dataset, info.row, info.column, info.message);
  assert_string_equal(seen.text.ptr ? buf_zstr(&seen.text) : "", expected);
  buf_clear(&seen.text);
}

static void refuses(const char *dataset, Str bytes, const char *words, long row, const char *column) {
  Seen seen;
  Err err = read_bytes(dataset, bytes, NULL, &seen);
  buf_clear(&seen.text);
  if (err != ERR_INPUT || !strstr(info.message, words)) fail_msg("%s: %s, expected words '%s'", err_name(err), info.message, words);
  assert_int_equal(info.row, row);
  if (column && !strstr(info.column, column)) fail_msg("column %s, expected %s", info.column, column);
}

static void pupils_of_each_generation(void **state) {
  (void)state;
  gives("duo-vo", S("BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;PLAATSNAAM VESTIGING;PROVINCIE VESTIGING;"
                    "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR;LWOO INDICATIE;VMBO SECTOR;AFDELING;ELEMENTCODE;OPLEIDINGSNAAM;"
                    "LEER- OF VERBLIJFSJAAR 1 - MAN;LEER- OF VERBLIJFSJAAR 1 - VROUW;LEER- OF VERBLIJFSJAAR 3 - MAN;LEER- OF VERBLIJFSJAAR 3 - VROUW\r\n"
                    "00AA;00;School A;EMMEN;Drenthe;VMBO BL lj 3-4;N;Techniek;Bouwtechniek;0001;Bouw;;0;12;<5\r\n"),
        "2012/13", "2 pupils 2012/13 female 1 0-0\n2 pupils 2012/13 male 3 12-12\n2 pupils 2012/13 female 3 1-4\n");
  gives("duo-vo", S("instelling;vestigingsnummer;instellingsnaam vestiging;plaatsnaam vestiging;provincie vestiging;"
                    "samenwerkingsverband passend onderwijs vo;onderwijstype vo en leer- of verblijfsjaar;vmbo sector;afdeling;"
                    "erkende opleidingscode;opleidingsnaam;leerjaar1 man;leerjaar1 vrouw;leerjaar6 man;leerjaar6 vrouw\n"
                    "00AA;00AA00;School A;EMMEN;Drenthe;SWV;VWO;;;0002;vwo;7;8;<5;1.234\n"),
        "2023/24", "2 pupils 2023/24 male 1 7-7\n2 pupils 2023/24 female 1 8-8\n2 pupils 2023/24 male 6 1-4\n2 pupils 2023/24 female 6 1234-1234\n");
  /* a row for each year and grade, as the data service gives them */
  gives("duo-vo", S("SCHOOLJAAR,BRIN NUMMER,PROVINCIE VESTIGING,ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR,VMBO SECTOR,AFDELING,LEERJAAR,AANTAL LEERLINGEN\n"
                    "2014,00AA,Drenthe,VMBO BL lj 3-4,Techniek,Bouwtechniek,3,41\n2015,00AA,Drenthe,VMBO BL lj 3-4,Techniek,Bouwtechniek,4,39\n"),
        NULL, "2 pupils 2014/15 none 3 41-41\n3 pupils 2015/16 none 4 39-39\n");
  assert_string_equal(report.first_period, "2014/15");
  assert_string_equal(report.last_period, "2015/16");
}

static void vocational_students(void **state) {
  (void)state;
  gives("duo-mbo", S("INSTELLINGSCODE;INSTELLINGSNAAM;SOORT INSTELLING;PLAATSNAAM INSTELLING;LEERWEG;NIVEAU;ERKENDE OPLEIDING CODE;"
                     "ERKENDE OPLEIDING NAAM;SECTORKAMER NAAM;HOOFDGROEP NAAM;MAN2021;VROUW2021;MAN2025;VROUW2025\r\n"
                     "99ZZ;College Z;ROC;ASSEN;BOLVT;4;25001;Monteur;Techniek en gebouwde omgeving;Bouw en infra;40;-1;0;<5\r\n"),
        NULL, "2 participants 2021/22 male 0 40-40\n2 participants 2021/22 female 0 1-4\n2 participants 2025/26 male 0 0-0\n2 participants 2025/26 female 0 1-4\n");
  gives("duo-mbo", S("PROVINCIE INSTELLING;SECTORKAMER NAAM;HOOFDGROEP NAAM;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;INSTELLINGSNAAM;GEMEENTENUMMER INSTELLING;"
                     "GEMEENTE INSTELLING;BEROEPSOPLEIDING CODE;BEROEPSOPLEIDING NAAM;LEERWEG;VERBLIJFSJAAR IN MBO;JAAR_2021;JAAR_2022\n"
                     "Drenthe;Handel;Bouw en infra;1;99ZZ;College Z;0106;ASSEN;bo1;Monteur;BBL;1;5;-1\n"),
        NULL, "2 students 2021/22 none 0 5-5\n2 students 2022/23 none 0 1-4\n");
  gives("duo-mbo", S("VOOROPLEIDING VO;VOOROPLEIDING MBO;INDICATIE KLEINE OPLEIDING;INSTELLINGSCODE;INSTELLINGSNAAM;HOOFDGROEP CODE;HOOFDGROEP NAAM;NIVEAU;"
                     "LEERWEG;BEROEPSOPLEIDING CODE;BEROEPSOPLEIDING NAAM;TOTAAL MBO;INSTROOM MBO;INSTROOM OPLEIDING\n"
                     "havo diploma;mbo niveau 1 diploma;N;99ZZ;College Z;hg001;Bouw en infra;4;BOLVT;bo1;Monteur;9;6;7\n"),
        "2025/26", "2 enrolled 2025/26 none 0 9-9\n2 entrants 2025/26 none 0 6-6\n2 programme_entrants 2025/26 none 0 7-7\n");
}

/* The year in DIPMAN2018 is the one in which the school year ended; older files have totals, that may not add up. */
static void vocational_diplomas(void **state) {
  (void)state;
  gives("duo-mbo", S("BRIN NUMMER;INSTELLINGSNAAM;PLAATSNAAM;BRIN NUMMER KENNISCENTRUM;NAAM KENNISCENTRUM;MBO SECTOR;SECTORUNIT SBB;TYPE MBO;"
                     "KWALIFICATIE CODE;KWALIFICATIE NAAM;KWALIFICATIENIVEAU;DIPMAN2018;DIPVRW2018;DIPTOTAAL2018\r\n"
                     "99ZZ;College Z;ASSEN;00KC;Kenniscentrum K;Techniek;Unit;BOLVT;90001;Monteur;2;10;5;15\r\n"
                     "99ZZ;College Z;ASSEN;00KC;Kenniscentrum K;Techniek;Unit;BBL;90001;Monteur;2;10;5;16\r\n"),
        NULL, "2 diplomas 2017/18 male 0 10-10\n2 diplomas 2017/18 female 0 5-5\n2 diplomas 2017/18 total 0 15-15\n"
        "3 diplomas 2017/18 male 0 10-10\n3 diplomas 2017/18 female 0 5-5\n3 diplomas 2017/18 total 0 16-16\n");
  assert_int_equal(report.measures, 1);
  assert_string_equal(report.totals[0].measure, "diplomas");
  assert_int_equal(report.totals[0].checked, 2);
  assert_int_equal(report.totals[0].wrong, 1);
  assert_int_equal(report.mismatches[0].row, 3);
  gives("duo-mbo", S("INSTELLINGSCODE;LEERWEG;ERKENDE OPLEIDING NAAM;DIPMAN2021;DIPVROUW2021\n99ZZ;OVO;Monteur;3;4\n"), NULL,
        "2 diplomas 2020/21 male 0 3-3\n2 diplomas 2020/21 female 0 4-4\n");
}

static const char plain[] =
    "INSTELLINGSCODE;GEMEENTENAAM;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;EXAMENKANDIDATEN 2019-2020 - MAN;EXAMENKANDIDATEN 2019-2020 - VROUW;"
    "EXAMENKANDIDATEN 2019-2020 - TOTAAL\n0099;TYTSJERKSTERADIEL;VMBO;VMBO B - techniek;12;<5;14\n";
static const char plain_facts[] = "2 candidates 2019/20 male 0 12-12\n2 candidates 2019/20 female 0 1-4\n2 candidates 2019/20 total 0 14-14\n";

/* The plain file with every `from` written as `to`. */
static Str written(Arena *arena, const char *from, const char *to) {
  Buf out;
  buf_init(&out, 0);
  for (Str rest = str_from(plain); rest.len;) {
    size_t at = str_find(rest, str_from(from));
    buf_str(&out, str_slice(rest, 0, at == STR_NPOS ? rest.len : at));
    if (at == STR_NPOS) break;
    buf_cstr(&out, to);
    rest = str_slice(rest, at + strlen(from), rest.len);
  }
  Str made = arena_str(arena, buf_view(&out));
  buf_clear(&out);
  assert_non_null(made.ptr);
  return made;
}

static void as_files_come(void **state) {
  (void)state;
  static const struct { const char *from, *to; } ways[] = {
      {"\n", "\r\n"}, {"\n", "\r"}, {"\n", "\n\n\n"},          /* line ends, empty lines */
      {";", ","}, {";", "\t"}, {";", "|"},                       /* another delimiter */
      {"OPLEIDINGSNAAM;", "OPLEIDINGSNAAM  ;"}, {"OPLEIDINGSNAAM;", "\"Opleidingsnaam \";"},
      {"GEMEENTENAAM", "  gemeente\xC2\xA0naam "}, {"INSTELLINGSCODE", "\xEF\xBB\xBFINSTELLINGSCODE"},
      {";12;", ";\"12\";"}, {";12;", "; 12 ;"}, {"0099", " 0099 "}, {"<5", "< 5"},
      {"TYTSJERKSTERADIEL", "S\xFA" "dwest-Frysl\xE2n"},         /* windows-1252 */
      {"TYTSJERKSTERADIEL", "S\xC3\xBA" "dwest-Frysl\xC3\xA2n"}, {"TYTSJERKSTERADIEL", "\"een;\"\"twee\"\"\n\""},
  };
  Arena arena;
  arena_init(&arena, 0);
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    Str text = written(&arena, ways[i].from, ways[i].to);
    Seen seen;
    if (strstr(ways[i].to, "gemeente")) {  /* a no-break space is a space, but "gemeente naam" is another heading */
      refuses("duo-exams", text, "no column 'GEMEENTENAAM", 0, NULL);
      continue;
    }
    if (read_bytes("duo-exams", text, NULL, &seen) != ERR_OK) fail_msg("way %zu: row %ld %s: %s", i, info.row, info.column, info.message);
    Str facts = buf_view(&seen.text);
    size_t at = str_find_char(facts, ' ');                      /* the row number differs where lines were put between */
    assert_true(str_eq(str_slice(facts, at, at + 30), str_slice(str_from(plain_facts), 1, 31)));
    assert_int_equal(report.facts, 3);
    assert_int_equal(report.suppressed, 1);
    buf_clear(&seen.text);
  }
  arena_clear(&arena);
}

static void thousands(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  gives("duo-exams", written(&arena, ";12;", ";1.234;"), NULL,
        "2 candidates 2019/20 male 0 1234-1234\n2 candidates 2019/20 female 0 1-4\n2 candidates 2019/20 total 0 14-14\n");
  static const char *const wrong[] = {";12,5;", ";12.5;", ";-1;", ";<4;", ";twaalf;", ";1e3;", ";12%;"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    refuses("duo-exams", written(&arena, ";12;", wrong[i]), "is no count; expected a whole number, '<5' or nothing", 2, "E2 (EXAMENKANDIDATEN 2019-2020 - MAN)");
  arena_clear(&arena);
}

static void damaged_files(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  refuses("duo-exams", written(&arena, "OPLEIDINGSNAAM", "OPLEIDING"), "no column 'OPLEIDINGSNAAM'; found 'INSTELLINGSCODE', 'GEMEENTENAAM'", 0, NULL);
  refuses("duo-exams", written(&arena, ";", " "), "found 'INSTELLINGSCODE GEMEENTENAAM", 0, NULL);  /* no delimiter */
  refuses("duo-exams", written(&arena, "- VROUW", "- MAN"), "claim to be the same numbers", 1, "F1");
  refuses("duo-exams", written(&arena, "ONDERWIJSTYPE VO", "GEMEENTENAAM"), "second column for municipality", 1, "C1");
  refuses("duo-exams", written(&arena, ";14\n", ";14;1\n"), "beyond the last heading; expected at most 7 cells", 2, "H2");
  refuses("duo-exams", written(&arena, ";12;", ";\"12;"), "quote", 2, NULL);
  refuses("duo-exams", (Str){"INSTELLINGSCODE;GEM\0EENTENAAM\n1;2\n", 35}, "NUL", 1, NULL);
  refuses("duo-vo", S("SCHOOLJAAR;BRIN NUMMER;PROVINCIE VESTIGING;ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR;VMBO SECTOR;AANTAL LEERLINGEN\nx;a;b;c;d;1\n"),
          "'x' is no school year", 2, "A2 (SCHOOLJAAR)");
  refuses("duo-mbo", S("INSTELLINGSCODE;LEERWEG;BEROEPSOPLEIDING NAAM;INSTROOM MBO\n99ZZ;BBL;Monteur;3\n"), "tell which one", 0, NULL);
  /* fewer cells: what is not there is empty */
  gives("duo-exams", written(&arena, ";12;<5;14\n", "\n"), NULL, "");
  assert_int_equal(report.rows, 1);
  arena_clear(&arena);
}

static void a_line_without_end(void **state) {
  (void)state;
  Buf text;
  Seen seen;
  buf_init(&text, 0);
  buf_cstr(&text, "INSTELLINGSCODE;GEMEENTENAAM\n1;\"");
  for (int i = 0; i < 3 << 20; i++) buf_char(&text, 'x');
  Err err = read_bytes("duo-exams", buf_view(&text), NULL, &seen);
  assert_true(err == ERR_LIMIT || err == ERR_INPUT);
  assert_true(info.message[0] != '\0');
  buf_clear(&seen.text);
  buf_clear(&text);
}

/* A rule on a column that a file lacks makes no figure, rather than one of nothing. */
static void a_rule_without_its_column(void **state) {
  (void)state;
  Arena arena;
  Derive *d;
  Sheet *sheet;
  Str indicator, field;
  const Dataset *mbo = dataset_by_code(S("duo-mbo"));
  arena_init(&arena, 0);
  assert_int_equal(derive_new(&d, &arena, mbo, S("municipality"), &info), ERR_OK);
  assert_int_equal(derive_area_else(d, S("province"), &info), ERR_OK);
  for (int part = 0; part < 2; part++) assert_int_equal(derive_rule(d, S("old"), (DerivePart)part, S("measure"), S("participants"), &info), ERR_OK);
  assert_int_equal(derive_rule(d, S("old"), DERIVE_NUMERATOR, S("sector"), S("techniek"), &info), ERR_OK);
  for (int part = 0; part < 2; part++) assert_int_equal(derive_rule(d, S("new"), (DerivePart)part, S("sex"), S("male|female|none"), &info), ERR_OK);
  assert_int_equal(derive_rule(d, S("new"), DERIVE_NUMERATOR, S("main_group"), S("bouw en infra"), &info), ERR_OK);
  Str text = S("INSTELLINGSCODE;PROVINCIE INSTELLING;GEMEENTE INSTELLING;LEERWEG;ERKENDE OPLEIDING NAAM;HOOFDGROEP NAAM;MAN2021;VROUW2021\n"
               "99ZZ;Drenthe;ASSEN;BBL;a;Bouw en infra;10;2\n99ZZ;Drenthe;;BBL;a;Zorg en welzijn;5;3\n99ZZ;Drenthe;ASSEN;BBL;a;Zorg en welzijn;8;0\n");
  assert_int_equal(sheet_open_bytes(&sheet, text, "made-up.csv", NULL, &info), ERR_OK);
  assert_int_equal(official_read_sheet(mbo, sheet, NULL, derive_take, d, &report, &info), ERR_OK);
  sheet_close(sheet);
  assert_true(derive_missing(d, 0, &indicator, &field));
  assert_true(str_eq(indicator, S("old")) && str_eq(field, S("sector")));
  assert_false(derive_missing(d, 1, &indicator, &field));
  assert_int_equal(derive_count(d), 2);
  const DeriveResult *assen = derive_at(d, 0), *drenthe = derive_at(d, 1);
  assert_true(str_eq(assen->area, S("ASSEN")) && assen->area_field == 0);
  assert_true(assen->sums.numerator.middle == 12 && assen->sums.denominator.middle == 20);
  assert_true(str_eq(drenthe->area, S("Drenthe")) && drenthe->area_field == 1);
  assert_true(drenthe->sums.numerator.middle == 0 && drenthe->sums.denominator.middle == 8);
  arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pupils_of_each_generation), cmocka_unit_test(vocational_students), cmocka_unit_test(vocational_diplomas),
      cmocka_unit_test(as_files_come),             cmocka_unit_test(thousands),           cmocka_unit_test(damaged_files),
      cmocka_unit_test(a_line_without_end),        cmocka_unit_test(a_rule_without_its_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
