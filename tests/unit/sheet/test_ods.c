/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/sheet/support.h"

#define TABLE(rows) ODS_XML("", "<table:table table:name=\"Blad1\">" rows "</table:table>")
#define ROW(cells) "<table:table-row>" cells "</table:table-row>"
#define TEXT(text) "<table:table-cell office:value-type=\"string\"><text:p>" text "</text:p></table:table-cell>"

static void table_is(const char *content, const char *expected) {
  assert_string_equal(reading_of(ods_bytes(content)), expected);
}

static void test_kinds(void **state) {
  (void)state;
  table_is(TABLE(ROW(TEXT("een") "<table:table-cell office:value-type=\"float\" office:value=\"3\"><text:p>3,00</text:p></table:table-cell>"
                     "<table:table-cell office:value-type=\"percentage\" office:value=\"0.4\"><text:p>40%</text:p></table:table-cell>"
                     "<table:table-cell office:value-type=\"currency\" office:value=\"1250.5\"><text:p>€ 1.250,50</text:p></table:table-cell>"
                     "<table:table-cell office:value-type=\"date\" office:date-value=\"2013-11-15\"><text:p>15-11-13</text:p></table:table-cell>"
                     "<table:table-cell office:value-type=\"date\" office:date-value=\"2013-11-15T13:30:00\"/>"
                     "<table:table-cell office:value-type=\"time\" office:time-value=\"PT13H30M00S\"/>"
                     "<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>WAAR</text:p></table:table-cell>"
                     "<table:table-cell office:value-type=\"float\" office:value=\"12\"><text:p>0012</text:p></table:table-cell>"
                     "<table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#DIV/0!</text:p></table:table-cell>"
                     "<table:table-cell table:formula=\"of:=1+1\" office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell>"
                     "<table:table-cell office:value-type=\"string\" office:string-value=\"waarde\"><text:p>getoond</text:p></table:table-cell>"
                     "<table:table-cell><text:p>zonder type</text:p></table:table-cell>")),
           "[Blad1]\n1: T<een> N<3> N<0.4> N<1250.5> D<2013-11-15> D<2013-11-15T13:30:00> t<13:30:00> B<true> N<0012> =!<#DIV/0!> =N<2> "
           "T<waarde> T<zonder type>\n");
}

static void test_texts(void **state) {
  (void)state;
  table_is(TABLE(ROW("<table:table-cell office:value-type=\"string\"><text:p>een</text:p><text:p/><text:p>drie</text:p></table:table-cell>"
                     TEXT("\n  a \n\t b \n ") TEXT(" a  b ") TEXT("<text:s/>a<text:s text:c=\"3\"/>b<text:tab/>c<text:line-break/>d<text:s/>")
                     TEXT("x<text:span>y<text:span> z</text:span></text:span> <text:a>w</text:a>")
                     "<table:table-cell office:value-type=\"string\"><office:annotation><dc:creator>wie</dc:creator><text:p>opmerking</text:p></office:annotation>"
                     "<text:p>tekst<office:annotation><text:p>nog een</text:p></office:annotation></text:p>"
                     "<draw:frame><draw:text-box><text:p>vak</text:p></draw:text-box></draw:frame></table:table-cell>"
                     TEXT("noot<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>"))),
           "[Blad1]\n1: T<een\n\ndrie> T<a b> T< a  b > T< a   b\tc\nd > T<xy z w> T<tekst> T<noot>\n");
}

static void test_repeats(void **state) {
  (void)state;
  table_is(TABLE("<table:table-column table:number-columns-repeated=\"16384\"/>"
                 "<table:table-row table:number-rows-repeated=\"2\">" TEXT("a") "<table:table-cell table:number-columns-repeated=\"2\"/>"
                 "<table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"7\"/>"
                 "<table:table-cell table:number-columns-repeated=\"16379\"/></table:table-row>"
                 "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
                 ROW("<table:covered-table-cell table:number-columns-repeated=\"2\"><text:p>bedekt</text:p></table:covered-table-cell>" TEXT("z"))
                 "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"),
           "[Blad1]\n1: T<a> _ _ N<7> N<7>\n2: T<a> _ _ N<7> N<7>\n6: _ _ T<z>\n");
}

static void test_groups_and_sheets(void **state) {
  (void)state;
  table_is(ODS_XML("<style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties table:display=\"true\"/></style:style>"
                   "<style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>",
                   "<table:tracked-changes><table:deletion><table:cell-content-deletion><table:change-track-table-cell><text:p>weg</text:p>"
                   "</table:change-track-table-cell></table:cell-content-deletion></table:deletion></table:tracked-changes>"
                   "<table:table table:name=\"Eén\" table:style-name=\"ta1\"><table:shapes><table:table table:name=\"in een grafiek\">" ROW(TEXT("x"))
                   "</table:table></table:shapes><table:table-header-rows>" ROW(TEXT("kop")) "</table:table-header-rows><table:table-row-group><table:table-rows>"
                   ROW("<table:table-cell><table:table table:name=\"binnen\">" ROW(TEXT("nee")) "</table:table><text:p>ja</text:p></table:table-cell>")
                   "</table:table-rows></table:table-row-group></table:table>"
                   "<table:table table:name=\"Twee\" table:style-name=\"ta2\">" ROW(TEXT("t")) "</table:table><table:table table:name=\"Leeg\"/>"
                   "<table:named-expressions/>"),
           "[Eén]\n1: T<kop>\n2: T<ja>\n[Twee hidden]\n1: T<t>\n[Leeg]\n");
}

static void fails(const char *content, const char *expected) {
  assert_contains(reading_of(ods_bytes(content)), expected);
}

static void test_contradictions(void **state) {
  (void)state;
  fails(TABLE("<table:table-row table:number-rows-repeated=\"1048577\">" TEXT("a") "</table:table-row>"), "ERROR limit");
  fails(TABLE("<table:table-row table:number-rows-repeated=\"0\"/>"), "ERROR input");
  fails(TABLE("<table:table-row table:number-rows-repeated=\"99999999999999999999\"/>"), "ERROR input");
  fails(TABLE(ROW("<table:table-cell table:number-columns-repeated=\"-1\"/>")), "ERROR input");
  fails(TABLE(ROW("<table:table-cell table:number-columns-repeated=\"2000000000\"/>" TEXT("a"))), "ERROR limit");
  fails(TABLE(ROW("<table:table-cell table:number-columns-repeated=\"16385\"><text:p>a</text:p></table:table-cell>")), "ERROR limit");
  fails(TABLE(ROW("<table:table-cell office:value-type=\"float\" office:value=\"vijf\"/>")), "row 1: column A: the file is damaged");
  fails(TABLE(ROW("<table:table-cell office:value-type=\"date\" office:date-value=\"2013-13-15\"/>")), "ERROR input");
  fails(TABLE(ROW("<table:table-cell office:value-type=\"time\"/>")), "ERROR input");
  fails(TABLE(ROW(TEXT("<text:s text:c=\"2000000000\"/>"))), "ERROR limit");
  fails("<x/>", "is not the content of a document");
  fails("<office:document-content " ODS_NS "><office:body><office:text/></office:body></office:document-content>", "ERROR unsupported");
  fails(ODS_XML("", ""), "no sheet with cells");
}

/* A small file that asks for the work of a large one. */
static void test_multiplied_cells(void **state) {
  (void)state;
  Str bytes = ods_bytes(TABLE("<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell "
                              "table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"7\"/></table:table-row>"));
  Sheet *sheet;
  const SheetCell *cells;
  size_t count;
  long row, rows = 0;
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(sheet_open_bytes(&sheet, bytes, "x", NULL, &info), ERR_OK);
  Err err;
  while ((err = sheet_next(sheet, &cells, &count, &row, &info)) == ERR_OK && count == 16384) rows = row;
  assert_int_equal(err, ERR_LIMIT);
  assert_int_equal(rows, 50000000 / 16384);
  assert_string_equal(info.message, "the sheet has more cells than the limit of 50000000");
  assert_int_equal(sheet_next(sheet, &cells, &count, &row, &info), ERR_LIMIT);   /* and it stays an error */
  assert_int_equal(count, 0);
  sheet_close(sheet);
  free((void *)(uintptr_t)bytes.ptr);
}

static void test_kinds_of_document(void **state) {
  (void)state;
  const Part text[] = {{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<x/>"}};
  assert_contains(reading_of(zip_bytes(text, 2)), "ERROR unsupported proef: this is an OpenDocument file of another kind");
  const Part old[] = {{"mimetype", "application/vnd.sun.xml.calc"}, {"content.xml", "<x/>"}};
  assert_contains(reading_of(zip_bytes(old, 2)), "(.sxc)");
  const Part secret[] = {
    {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "\x12\x34"},
    {"META-INF/manifest.xml", "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><m:file-entry m:full-path=\"content.xml\">"
                              "<m:encryption-data/></m:file-entry></m:manifest>"}};
  assert_contains(reading_of(zip_bytes(secret, 3)), "protected with a password");
  const Part bare[] = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"x", "y"}};
  assert_contains(reading_of(zip_bytes(bare, 2)), "part content.xml is missing");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_kinds), cmocka_unit_test(test_texts), cmocka_unit_test(test_repeats),
    cmocka_unit_test(test_groups_and_sheets), cmocka_unit_test(test_contradictions), cmocka_unit_test(test_multiplied_cells),
    cmocka_unit_test(test_kinds_of_document),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
