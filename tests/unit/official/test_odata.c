/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers of CBS's open data services: both versions, every file cut off everywhere, what is wrong told with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "official/derive.h"
#include "official/odata.h"

#define META3(entity) "{\"odata.metadata\":\"https://opendata.cbs.nl/ODataApi/OData/03759NED/$metadata#Cbs.OData.WebAPI." entity "\",\"value\":["
#define META4(entity) "{\"@odata.context\":\"https://datasets.cbs.nl/odata/v1/CBS/85984NED/$metadata#" entity "\",\"value\":["

/* Codes padded as CBS pads them; a number that is not there is null. */
#define TYPED META3("TypedDataSet") \
  "{\"ID\":0,\"Geslacht\":\"T001038\",\"Leeftijd\":\"70300  \",\"RegioS\":\"GM0014\",\"Perioden\":\"2020JJ00\",\"Bevolking_1\":120,\"Gemiddeld_2\":119.5}," \
  "{\"ID\":1,\"Geslacht\":\"3000   \",\"Leeftijd\":\"70300  \",\"RegioS\":\"GM0014\",\"Perioden\":\"2020JJ00\",\"Bevolking_1\":60,\"Gemiddeld_2\":null}," \
  "{\"ID\":2,\"Geslacht\":\"T001038\",\"Leeftijd\":\"70300  \",\"RegioS\":\"PV20  \",\"Perioden\":\"2020MM03\",\"Bevolking_1\":7,\"Gemiddeld_2\":7}]}"
#define AGES META3("Leeftijd") "{\"Key\":\"70300  \",\"Title\":\"10 tot 15 jaar \"},{\"Key\":\"10000\",\"Title\":\"Totaal\"}]}"
#define UNTYPED META3("UntypedDataSet") \
  "{\"ID\":0,\"Perioden\":\"2019KW04\",\"Prijs_1\":\"   183.3\",\"Aantal_2\":\"       .\"},{\"ID\":1,\"Perioden\":\"2020SJ00\",\"Prijs_1\":\"  -38.5\",\"Aantal_2\":\"\"}]}"
#define OBSERVED META4("Observations") \
  "{\"Id\":0,\"Measure\":\"M004200_2\",\"ValueAttribute\":\"None\",\"Value\":12.0,\"RegioS\":\"GM0014\",\"Perioden\":\"2024JJ00\"}," \
  "{\"Id\":1,\"Measure\":\"M004200_2\",\"ValueAttribute\":\"Impossible\",\"Value\":null,\"RegioS\":\"GM0037\",\"Perioden\":\"2024JJ00\"}," \
  "{\"Id\":2,\"Measure\":\"M004201\",\"ValueAttribute\":null,\"Value\":3,\"RegioS\":\"NL01\",\"Perioden\":\"2024JJ00\"}]}"
#define MEASURES META4("MeasureCodes(Identifier,Title,Unit)") "{\"Identifier\":\"M004200_2\",\"Title\":\"A\",\"Unit\":\"aantal\"},{\"Identifier\":\"M004201\",\"Title\":\"B\"}]}"
#define PERIODS META4("PeriodenCodes") "{\"Identifier\":\"2024JJ00\",\"Title\":\"2024*\",\"Status\":\"Voorlopig\"}]}"

/* What is handed out, as text: "measure region period value" per fact. */
typedef struct Heard { char text[2000]; const Dataset *dataset; } Heard;

static Err hear(void *context, const OfficialFact *fact) {
  Heard *h = context;
  size_t used = strlen(h->text);
  snprintf(h->text + used, sizeof h->text - used, STR_FMT " " STR_FMT " " STR_FMT " ", STR_ARG(fact->measure), STR_ARG(fact->fields[0]), STR_ARG(fact->period));
  used = strlen(h->text);
  if (fact->state == COUNT_EMPTY) snprintf(h->text + used, sizeof h->text - used, "none\n");
  else snprintf(h->text + used, sizeof h->text - used, "%g%s\n", fact->low, fact->provisional ? "*" : "");
  return ERR_OK;
}

static OfficialReport report;
static ErrInfo info;

/* Opens and reads; the facts heard in *heard. */
static Err run(const Str *files, size_t count, Heard *heard) {
  static const char *const names[] = {"a.json", "b.json", "c.json", "d.json"};
  OdataSource sources[4];
  OdataTable *table;
  Arena arena;
  arena_init(&arena, 0);
  err_reset(&info);
  *heard = (Heard){0};
  for (size_t i = 0; i < count; i++) sources[i] = (OdataSource){names[i], files[i]};
  Err err = odata_open(&table, &arena, sources, count, &info);
  if (err == ERR_OK) err = odata_read(table, hear, heard, &report, &info);
  arena_clear(&arena);
  return err;
}

#define FILES(...) ((const Str[]){__VA_ARGS__}), (sizeof((const Str[]){__VA_ARGS__}) / sizeof(Str))
static void gives(const char *expected, const Str *files, size_t count) {
  Heard heard;
  if (run(files, count, &heard) != ERR_OK) fail_msg("%s", info.message);
  assert_string_equal(heard.text, expected);
}

static void refuses(Err code, const char *message, const char *file, long row, const Str *files, size_t count) {
  Heard heard;
  Err err = run(files, count, &heard);
  if (err != code || !strstr(info.message, message) || strcmp(info.file, file) != 0 || info.row != row)
    fail_msg("%s in '%s' row %ld: %s", err_name(err), info.file, info.row, info.message);
}
#define GIVES(expected, ...) gives(expected, FILES(__VA_ARGS__))
#define REFUSES(code, message, file, row, ...) refuses(code, message, file, row, FILES(__VA_ARGS__))

static void version_three(void **state) {
  (void)state;
  GIVES("Bevolking_1 GM0014 2020 120\nGemiddeld_2 GM0014 2020 119.5\nBevolking_1 GM0014 2020 60\nGemiddeld_2 GM0014 2020 none\n", S(AGES), S(TYPED));
  assert_int_equal(report.rows, 3);
  assert_int_equal(report.facts, 3);
  assert_int_equal(report.missing, 1);
  assert_int_equal(report.other_periods, 2);
  GIVES("Prijs_1 NL01 2019Q4 183.3\nAantal_2 NL01 2019Q4 none\nPrijs_1 NL01 2020/21 -38.5\nAantal_2 NL01 2020/21 none\n", S(UNTYPED));
  assert_string_equal(report.first_period, "2019Q4");
}

/* As a shell of Windows saves it: two bytes a letter, in either order, with a mark. */
static void two_bytes_a_letter(void **state) {
  (void)state;
  static const char text[] = UNTYPED;
  static char wide[2][2 * sizeof text];
  for (int big = 0; big < 2; big++) {
    memcpy(wide[big], big ? "\xFE\xFF" : "\xFF\xFE", 2);
    for (size_t i = 0; i + 1 < sizeof text; i++) {
      wide[big][2 + 2 * i + (size_t)big] = text[i];
      wide[big][2 + 2 * i + (size_t)!big] = '\0';
    }
    GIVES("Prijs_1 NL01 2019Q4 183.3\nAantal_2 NL01 2019Q4 none\nPrijs_1 NL01 2020/21 -38.5\nAantal_2 NL01 2020/21 none\n", ((Str){wide[big], 2 * sizeof text}));
    REFUSES(ERR_INPUT, "", "a.json", 0, ((Str){wide[big], 2 * sizeof text - 1}));
  }
}

static void version_four(void **state) {
  (void)state;
  GIVES("M004200_2 GM0014 2024 12*\nM004200_2 GM0037 2024 none\nM004201 NL01 2024 3*\n", S(OBSERVED), S(PERIODS), S(MEASURES));
  assert_int_equal(report.missing, 1);
  assert_string_equal(report.reasons[0].name, "Impossible");
  assert_int_equal(report.reasons[0].count, 1);
}

static void periods(void **state) {
  (void)state;
  static const struct { const char *code, *text; } known[] = {{"2020JJ00", "2020"}, {"2020SJ00", "2020/21"}, {"1999SJ00", "1999/00"},
                                                            {"2020KW01", "2020Q1"}, {" 2020KW04 ", "2020Q4"}};
  static const char *const other[] = {"2020MM03", "2020W101", "2020X000", "2020KW05", "2020JJ01"}, *const none[] = {"", "2020", "2020JJ0", "20x0JJ00", "2020jj00", "2020JJ000"};
  char text[16];
  bool is;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    assert_true(odata_period(str_from(known[i].code), text, &is) && is);
    assert_string_equal(text, known[i].text);
  }
  for (size_t i = 0; i < sizeof other / sizeof *other; i++) assert_true(odata_period(str_from(other[i]), text, &is) && !is);
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_false(odata_period(str_from(none[i]), text, &is));
}

/* The dataset's fields: codes always, titles where the list is given. */
static void fields(void **state) {
  (void)state;
  OdataSource sources[] = {{"a.json", S(TYPED)}, {"b.json", S(AGES)}};
  OdataTable *table;
  Arena arena;
  arena_init(&arena, 0);
  assert_int_equal(odata_open(&table, &arena, sources, 2, NULL), ERR_OK);
  const Dataset *d = odata_dataset(table);
  assert_string_equal(dataset_code(d), "cbs-03759ned");
  assert_true(dataset_field(d, S("Leeftijd.title")) > 0);
  assert_true(dataset_field(d, S("Geslacht")) > 0);
  assert_int_equal(dataset_field(d, S("Geslacht.title")), -1);
  assert_int_equal(dataset_field(d, S("Bevolking_1")), -1);
  arena_clear(&arena);
}

#define ROW(region, value) "{\"RegioS\":\"" region "\",\"Perioden\":\"2020JJ00\",\"A_1\":" value "}"
#define NEXT(skip) "],\"odata.nextLink\":\"https://opendata.cbs.nl/ODataFeed/odata/03759NED/TypedDataSet?$skip=" skip "\"}"
#define PAGE1 META3("TypedDataSet") ROW("GM0014", "1") "," ROW("GM0037", "2") NEXT("2")
#define PAGE2 META3("TypedDataSet") ROW("PV20", "3") NEXT("3")
#define PAGE3 META3("TypedDataSet") ROW("NL01", "4") "]}"

static void pages(void **state) {
  (void)state;
  GIVES("A_1 NL01 2020 4\nA_1 GM0014 2020 1\nA_1 GM0037 2020 2\nA_1 PV20 2020 3\n", S(PAGE3), S(PAGE1), S(PAGE2));
  REFUSES(ERR_INPUT, "goes on at https://opendata.cbs.nl/ODataFeed/odata/03759NED/TypedDataSet?$skip=3, and that page is not among the files", "b.json", 0, S(PAGE1), S(PAGE2));
  REFUSES(ERR_INPUT, "begins at record 1 is not among the files (this one has the records from 3 to 3)", "a.json", 0, S(PAGE2), S(PAGE3));
  REFUSES(ERR_INPUT, "the same page as a.json", "b.json", 0, S(PAGE1), S(PAGE1), S(PAGE3));
  REFUSES(ERR_INPUT, "expected one last page", "c.json", 0, S(PAGE1), S(PAGE3), S(PAGE3));
  REFUSES(ERR_INPUT, "a record with the same codes came before", "b.json", 1, S(PAGE3), S(PAGE3));
}

/* A last page alone says at which record of the table it begins; one that follows others does not need to. */
static void a_last_page_alone(void **state) {
  (void)state;
#define NUMBERED(id, region) "{\"ID\":" id ",\"RegioS\":\"" region "\",\"Perioden\":\"2020JJ00\",\"A_1\":1}"
#define OBSERVATION(id) META4("Observations") "{\"Id\":" id ",\"Measure\":\"M1\",\"Value\":1,\"Perioden\":\"2020JJ00\"}]}"
  static const struct { Str file; int64_t first; } cases[] = {
      {S(META3("TypedDataSet") NUMBERED("5001", "GM0014") "," NUMBERED("5000", "GM0037") "]}"), 5000}, {S(META3("TypedDataSet") NUMBERED("0", "GM0014") "]}"), 0},
      {S(META3("TypedDataSet") NUMBERED("\" 7 \"", "GM0014") "]}"), 7}, {S(META3("TypedDataSet") NUMBERED("-7", "GM0014") "]}"), 0}, {S(TYPED), 0}, {S(PAGE3), 0},
      {S(OBSERVATION("100000")), 100000}, {S(OBSERVATION("1")), 0}, {S(OBSERVATION("0")), 0}, {S(OBSERVATION("null")), 0}};
  Heard heard;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (run(&cases[i].file, 1, &heard) != ERR_OK) fail_msg("case %zu: %s", i, info.message);
    if (report.first_id != cases[i].first) fail_msg("case %zu: %lld", i, (long long)report.first_id);
  }
  /* a selection in two pages, of which the first begins at its own first record */
  const Str both[] = {S(META3("TypedDataSet") NUMBERED("900", "GM0014") NEXT("1")), S(META3("TypedDataSet") NUMBERED("950", "GM0037") "]}")};
  assert_int_equal(run(both, 2, &heard), ERR_OK);
  assert_int_equal(report.first_id, 0);
}

static void wrong_answers(void **state) {
  (void)state;
  REFUSES(ERR_INPUT, "the code '70400' is not in the list of Leeftijd", "a.json", 1,
          S(META3("TypedDataSet") "{\"Leeftijd\":\"70400  \",\"Perioden\":\"2020JJ00\",\"A_1\":1}]}"), S(AGES));
  REFUSES(ERR_INPUT, "the code '1' a second time in the list of Leeftijd", "a.json", 2, S(META3("Leeftijd") "{\"Key\":\"1\"},{\"Key\":\"1  \"}]}"), S(TYPED));
  REFUSES(ERR_INPUT, "an entry without a code", "a.json", 1, S(META3("Leeftijd") "{\"Key\":1}]}"));
  REFUSES(ERR_INPUT, "of table 85984NED, the files before it of 03759NED", "b.json", 0, S(TYPED), S(MEASURES));
  REFUSES(ERR_INPUT, "UntypedDataSet, besides TypedDataSet", "b.json", 0, S(TYPED), S(UNTYPED));
  REFUSES(ERR_INPUT, "no records of TypedDataSet", "", 0, S(AGES));
  REFUSES(ERR_INPUT, "expected odata.metadata or @odata.context", "a.json", 0, S("{\"value\":[]}"));
  REFUSES(ERR_INPUT, "expected a JSON object", "a.json", 0, S("[]"));
  REFUSES(ERR_INPUT, "no list of records", "a.json", 0, S("{\"odata.metadata\":\"x/1NED/$metadata#Cbs.OData.WebAPI.TypedDataSet\"}"));
  REFUSES(ERR_INPUT, "'duizend' is no number", "a.json", 1, S(META3("TypedDataSet") ROW("GM0014", "\"duizend\"") "]}"));
  REFUSES(ERR_INPUT, "the record lacks this field", "a.json", 2, S(META3("TypedDataSet") ROW("GM0014", "1") ",{\"RegioS\":\"GM0037\",\"Perioden\":\"2020JJ00\"}]}"));
  REFUSES(ERR_INPUT, "'2020' is no code of a period", "a.json", 2, S(META3("TypedDataSet") ROW("GM0014", "1") ",{\"RegioS\":\"GM0037\",\"Perioden\":\"2020\",\"A_1\":1}]}"));
  REFUSES(ERR_INPUT, "no dimension of periods", "", 0, S(META3("TypedDataSet") "{\"RegioS\":\"GM0014\",\"A_1\":1}]}"));
  REFUSES(ERR_INPUT, "no code; expected a text", "a.json", 1, S(META4("Observations") "{\"Measure\":null,\"Value\":1,\"Perioden\":\"2020JJ00\"}]}"));
  REFUSES(ERR_INPUT, "an empty code", "a.json", 1, S(META4("Observations") "{\"Measure\":\" \",\"Value\":1,\"Perioden\":\"2020JJ00\"}]}"));
  REFUSES(ERR_INPUT, "an empty code", "a.json", 1, S(META3("TypedDataSet") ROW("", "1") "]}"));
  REFUSES(ERR_UNSUPPORTED, "are postcodes", "", 0, S(META3("TypedDataSet") "{\"Postcode\":\"PC9711\",\"Perioden\":\"2020JJ00\",\"A_1\":1}]}"));
}

/* Whatever is cut off the end of a file, the table is refused: there is no shorter answer that is whole. */
static void cut_at_every_byte(void **state) {
  (void)state;
  const Str sets[][3] = {{S(TYPED), S(AGES), S(AGES)}, {S(UNTYPED), S(UNTYPED), S(UNTYPED)}, {S(OBSERVED), S(PERIODS), S(MEASURES)}, {S(PAGE1), S(PAGE2), S(PAGE3)}};
  const size_t counts[] = {2, 1, 3, 3};
  Heard heard;
  for (size_t s = 0; s < sizeof counts / sizeof *counts; s++)
    for (size_t f = 0; f < counts[s]; f++)
      for (size_t length = 0; length < sets[s][f].len; length++) {
        Str files[3] = {sets[s][0], sets[s][1], sets[s][2]};
        files[f] = str_slice(files[f], 0, length);
        Err err = run(files, counts[s], &heard);
        if (err != ERR_INPUT || heard.text[0] || info.file[0] != "abc"[f]) fail_msg("set %zu, file %zu cut at %zu: %s in %s, heard %s", s, f, length, err_name(err), info.file, heard.text);
      }
}

/* Every allocation fails once, those of jansson too: an error, and nothing is left behind. jansson cannot always tell lack of
 * memory from a text that ends, and calls it the latter. */
static void no_memory(void **state) {
  (void)state;
  Heard heard;
  Err err = ERR_MEMORY;
  size_t n = 1;
  json_set_alloc_funcs(mem_alloc, mem_free);
  for (; err != ERR_OK && n < 20000; n++) {
    mem_fail_at(n, 1);
    err = run(FILES(S(OBSERVED), S(PERIODS), S(MEASURES)), &heard);
    mem_fail_at(0, 0);
    if (err != ERR_OK && err != ERR_MEMORY && !strstr(info.message, "no whole JSON")) fail_msg("allocation %zu: %s: %s", n, err_name(err), info.message);
  }
  json_set_alloc_funcs(malloc, free);
  assert_int_equal(err, ERR_OK);
  assert_true(n > 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(version_three), cmocka_unit_test(two_bytes_a_letter), cmocka_unit_test(version_four), cmocka_unit_test(periods), cmocka_unit_test(fields),
                                     cmocka_unit_test(pages), cmocka_unit_test(a_last_page_alone), cmocka_unit_test(wrong_answers), cmocka_unit_test(cut_at_every_byte), cmocka_unit_test(no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
