/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/sheet/support.h"

static const char STYLES[] =
  "<styleSheet " MAIN_NS "><numFmts count=\"2\"><numFmt numFmtId=\"165\" formatCode=\"[$-413]d\\ mmmm\\ yyyy;@\"/>"
  "<numFmt numFmtId=\"164\" formatCode=\"0000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
  "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"165\"/><xf numFmtId=\"164\"/><xf numFmtId=\"20\"/></cellXfs>"
  "<dxfs><dxf><numFmt numFmtId=\"166\" formatCode=\"yyyy\"/></dxf></dxfs></styleSheet>";

static void rows_are(const char *rows, const char *shared, const char *expected) {
  assert_string_equal(reading_of(xlsx_bytes(rows, shared, STYLES)), expected);
}

static void test_kinds(void **state) {
  (void)state;
  rows_are(SHEET_XML("<row r=\"1\"><c r=\"A1\"><v>5</v></c><c r=\"B1\" t=\"n\"><v>0.1</v></c><c r=\"C1\" t=\"b\"><v>1</v></c>"
                     "<c r=\"D1\" t=\"e\"><v>#N/A</v></c><c r=\"E1\" s=\"1\"><v>41593</v></c><c r=\"F1\" s=\"2\"><v>41593.5</v></c>"
                     "<c r=\"G1\" s=\"3\"><v>12</v></c><c r=\"H1\" s=\"4\"><v>0.5</v></c><c r=\"I1\" t=\"d\"><v>2013-11-15</v></c>"
                     "<c r=\"J1\" t=\"inlineStr\"><is><t>een</t></is></c><c r=\"K1\" t=\"str\"><f>A1&amp;\"x\"</f><v>5x</v></c>"
                     "<c r=\"L1\"><f>A1*2</f><v>10</v></c><c r=\"M1\"><f>A1*3</f></c><c r=\"N1\" t=\"b\"><v>0</v></c></row>"),
           NULL,
           "[Blad1]\n1: N<5> N<0.1> B<true> !<#N/A> D<2013-11-15> D<2013-11-15T12:00:00> N<0012> t<12:00:00> D<2013-11-15> "
           "T<een> =T<5x> =N<10> =!<#UNCALCULATED> B<false>\n");
}

static void test_shared_strings(void **state) {
  (void)state;
  rows_are(SHEET_XML("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c>"
                     "<c r=\"D1\" t=\"s\"><v>3</v></c><c r=\"E1\" t=\"s\"><v>4</v></c></row>"),
           "<sst " MAIN_NS "><si><t xml:space=\"preserve\"> een </t></si><si><r><rPr><b/></rPr><t>rijke</t></r><r><t> tekst</t></r></si>"
           "<si><t>漢字</t><rPh sb=\"0\" eb=\"2\"><t>かんじ</t></rPh></si><si><t/></si><si><t>a_x000D_b_x005F_x0041_ &amp; _xyz</t></si></sst>",
           "[Blad1]\n1: T< een > T<rijke tekst> T<漢字> _ T<a\rb_x0041_ & _xyz>\n");
}

static void test_sparse(void **state) {
  (void)state;
  rows_are(SHEET_XML("<row r=\"3\"><c r=\"C3\"><v>1</v></c></row><row r=\"4\"/><row r=\"5\"><c r=\"A5\"/></row>"
                     "<row><c><v>6</v></c><c><v>7</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/><c r=\"XFE1048576\"/></row>"),
           NULL, "[Blad1]\n3: _ _ N<1>\n6: N<6> N<7>\nERROR limit proef: sheet Blad1: row 1048576: column XFE: the cell is beyond "
                 "the limit of 16384 columns\n");
}

static void test_workbook(void **state) {
  (void)state;
  const Part parts[] = {
    {"_rels/.rels", RELS(REL("a", "officeDocument", "/boek/hoofd.xml"))},
    {"boek/hoofd.xml", "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
                       "xmlns:q=\"http://purl.oclc.org/ooxml/officeDocument/relationships\"><x:workbookPr date1904=\"true\"/><x:sheets>"
                       "<x:sheet name=\"Verborgen\" sheetId=\"1\" state=\"hidden\" q:id=\"r1\"/><x:sheet name=\"Grafiek\" q:id=\"r3\"/>"
                       "<x:sheet name=\"Acties &amp; doelen\" sheetId=\"9\" q:id=\"r2\"/></x:sheets></x:workbook>"},
    {"boek/_rels/hoofd.xml.rels",
     RELS("<Relationship Id=\"r1\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet\" Target=\"/blad%201.xml\"/>"
          REL("r2", "worksheet", "..\\b/./blad.xml") REL("r3", "chartsheet", "c.xml") REL("r4", "styles", "s.xml"))},
    {"blad 1.xml", "<worksheet xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><sheetData><row><c t=\"inlineStr\"><is><t>v</t></is></c></row>"
                   "</sheetData></worksheet>"},
    {"B\\Blad.xml", "<z:worksheet xmlns:z=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><z:sheetData><z:row r=\"1\"><z:c r=\"A1\" s=\"1\">"
                    "<z:v>40131</z:v></z:c></z:row></z:sheetData><z:mergeCells><z:mergeCell ref=\"A1:B2\"/></z:mergeCells></z:worksheet>"},
    {"boek/s.xml", STYLES},
  };
  Str bytes = zip_bytes(parts, 6);
  assert_string_equal(reading(bytes, NULL), "[Verborgen hidden]\n1: T<v>\n[Acties & doelen]\n1: D<2013-11-15>\n");
  Sheet *sheet;
  size_t at = 9;
  assert_int_equal(sheet_open_bytes(&sheet, bytes, "x", NULL, NULL), ERR_OK);
  assert_int_equal(sheet_selected(sheet), 1);   /* the first that is not hidden */
  assert_true(sheet_find(sheet, S("acties & DOELEN"), &at));
  assert_int_equal(at, 1);
  assert_false(sheet_find(sheet, S("Grafiek"), &at));
  assert_int_equal(sheet_select(sheet, 2, NULL), ERR_NOT_FOUND);
  sheet_close(sheet);
  free((void *)(uintptr_t)bytes.ptr);
}

/* Elements of other vocabularies with our names are not ours. */
static void test_foreign_elements(void **state) {
  (void)state;
  rows_are("<worksheet " MAIN_NS " xmlns:o=\"urn:o\"><o:sheetData><row r=\"1\"/></o:sheetData><sheetData><row r=\"1\"><o:row/><o:c/><c r=\"A1\"><o:v>9</o:v>"
           "<v>1</v><extLst><ext><v>8</v></ext></extLst></c></row></sheetData><extLst><sheetData><row r=\"1\"/></sheetData></extLst></worksheet>",
           NULL, "[Blad1]\n1: N<1>\n");
}

static void row_fails(const char *rows, const char *expected) {
  assert_contains(reading_of(xlsx_bytes(rows, "<sst " MAIN_NS "><si><t>a</t></si><si><t>b</t></si></sst>", STYLES)), expected);
}

static void test_contradictions(void **state) {
  (void)state;
  row_fails(SHEET_XML("<row r=\"2\"/><row r=\"2\"/>"), "ERROR input proef: sheet Blad1: the file is damaged: row 2 comes after row 2");
  row_fails(SHEET_XML("<row r=\"0\"/>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"-1\"/>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"9999999999999999999\"/>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1048577\"/>"), "ERROR limit");
  row_fails(SHEET_XML("<row r=\"1\"><c r=\"A2\"/></row>"), "a cell in row 1 says it is");
  row_fails(SHEET_XML("<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c r=\"A1\"/><c r=\"A1\"/></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c r=\"11\"/></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c r=\"AAAAAAAA1\"/></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"s\"><v>2</v></c></row>"), "row 1: column A: the file is damaged: the cell refers to text \"2\", there are 2");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"s\"><v>-1</v></c></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"s\"><v>1e0</v></c></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c><v>vijf</v></c></row>"), "\"vijf\" is not a number");
  row_fails(SHEET_XML("<row r=\"1\"><c><v>nan</v></c></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"b\"><v>2</v></c></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"d\"><v>morgen</v></c></row>"), "ERROR input");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"zz\"><v>1</v></c></row>"), "unknown type");
  row_fails(SHEET_XML("<row r=\"1\"><c t=\"inlineStr\"><is><t>_x0000_</t></is></c></row>"), "NUL");
  assert_contains(reading_of(xlsx_bytes(SHEET_XML(""), "<sst " MAIN_NS "><si/><si><t>_xD800_</t></si></sst>", NULL)),
                  "shared string 1 holds a NUL byte or half a character");
  row_fails(SHEET_XML("<row r=\"1\"><c s=\"99\"><v>1</v></c></row></sheetData"), "is damaged at line 1");
  row_fails("<html/>", "is not a sheet");
  row_fails("<worksheet><sheetData/></worksheet>", "is not a sheet");
}

static void test_missing_parts(void **state) {
  (void)state;
  const Part all[] = {
    {"_rels/.rels", RELS(REL("rId1", "officeDocument", "xl/workbook.xml"))},
    {"xl/workbook.xml", "<workbook " MAIN_NS " " REL_NS "><sheets><sheet name=\"B\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels", RELS(REL("r1", "worksheet", "s.xml") REL("r2", "sharedStrings", "ss.xml") REL("r3", "styles", "st.xml"))},
    {"xl/s.xml", SHEET_XML("<row><c t=\"s\"><v>0</v></c></row>")},
    {"xl/ss.xml", "<sst " MAIN_NS "><si><t>a</t></si></sst>"},
    {"xl/st.xml", STYLES},
  };
  assert_string_equal(reading_of(zip_bytes(all, 6)), "[B]\n1: T<a>\n");
  for (size_t without = 1; without < 6; without++) {
    Part some[5];
    for (size_t i = 0, n = 0; i < 6; i++)
      if (i != without) some[n++] = all[i];
    assert_contains(reading_of(zip_bytes(some, 5)), "ERROR input");
  }
  assert_contains(reading_of(zip_bytes(all + 4, 2)), "ERROR unsupported proef: this is a zip file, but not a spreadsheet");
  const Part word[] = {{"_rels/.rels", RELS("")}, {"word/document.xml", "<w/>"}};
  assert_contains(reading_of(zip_bytes(word, 2)), "this is a Word document");
  const Part binary[] = {{"_rels/.rels", RELS("")}, {"xl/workbook.bin", "x"}};
  assert_contains(reading_of(zip_bytes(binary, 2)), ".xlsb");
  const Part climbs[] = {{"_rels/.rels", RELS(REL("a", "officeDocument", "../../etc/passwd"))}, {"xl/workbook.xml", "<x/>"}};
  assert_contains(reading_of(zip_bytes(climbs, 2)), "refers to a part outside itself");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_kinds), cmocka_unit_test(test_shared_strings), cmocka_unit_test(test_sparse),
    cmocka_unit_test(test_workbook), cmocka_unit_test(test_foreign_elements), cmocka_unit_test(test_contradictions),
    cmocka_unit_test(test_missing_parts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
