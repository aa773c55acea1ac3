/* SPDX-License-Identifier: EUPL-1.2 */
/* Files made to hurt, and files cut off or changed at every byte. The sanitizers watch. */
#include "unit/sheet/support.h"

static const char ROWS[] = SHEET_XML("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>2</v></c></row>");
static const char SHARED[] = "<sst " MAIN_NS "><si><t>een</t></si></sst>";

static char *bytes_of(Str s) {
  return (char *)(uintptr_t)s.ptr;
}

/* Replaces every occurrence; both texts have the same length. */
static Str patched(Str bytes, const char *from, const char *to) {
  size_t len = strlen(from), hits = 0;
  assert_int_equal(len, strlen(to));
  for (size_t i = 0; i + len <= bytes.len; i++)
    if (memcmp(bytes.ptr + i, from, len) == 0) {
      memcpy(bytes_of(bytes) + i, to, len);
      hits++;
    }
  assert_int_equal(hits, 2);   /* in the part's own header and in the list */
  return bytes;
}

/* Offset of the n-th entry in the list of contents. */
static size_t entry_at(Str bytes, size_t n) {
  for (size_t i = 0; i + 4 <= bytes.len; i++)
    if (memcmp(bytes.ptr + i, "PK\1\2", 4) == 0 && n-- == 0) return i;
  fail_msg("no such entry");
  return 0;
}

static Str three_parts(void) {
  const Part parts[] = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"xx/aaaa.xml", "<a>een twee drie</a>"},
                        {"xx/aaab.xml", "<b>vier vijf zes</b>"}};
  return zip_bytes(parts, 3);
}

static void test_names(void **state) {
  (void)state;
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "xx/aaaa.xml")), "holds the part \"xx/aaaa.xml\" twice");
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "xx\\AAAA.xml")), "twice");
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "../aaab.xml")), "dangerous name");
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "..\\aaab.xml")), "dangerous name");
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "/x/aaab.xml")), "dangerous name");
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "C:/aaab.xml")), "dangerous name");
  assert_contains(reading_of(patched(three_parts(), "xx/aaab.xml", "x/\n/aab.xml")), "whose name is not a name");
}

static void test_overlap(void **state) {
  (void)state;
  Str bytes = three_parts();
  memcpy(bytes_of(bytes) + entry_at(bytes, 2) + 42, bytes.ptr + entry_at(bytes, 1) + 42, 4);
  assert_contains(reading_of(bytes), "parts of the zip overlap");
  bytes = three_parts();
  memset(bytes_of(bytes) + entry_at(bytes, 2) + 42, 0x7f, 4);
  assert_contains(reading_of(bytes), "lie outside the file");
}

static void test_encrypted(void **state) {
  (void)state;
  Str bytes = three_parts();
  bytes_of(bytes)[entry_at(bytes, 1) + 8] |= 1;
  assert_contains(reading_of(bytes), "ERROR unsupported proef: the file is protected with a password");
}

static void test_checksum(void **state) {
  (void)state;
  Str bytes = xlsx_bytes(ROWS, SHARED, NULL);
  size_t entry = entry_at(bytes, 3), local = 0;
  memcpy(&local, bytes.ptr + entry + 42, 4);   /* little-endian, as the machines we run on */
  memset(bytes_of(bytes) + entry + 16, 0x55, 4);
  memset(bytes_of(bytes) + local + 14, 0x55, 4);
  assert_contains(reading_of(bytes), "the checksum of part xl/worksheets/sheet1.xml is wrong");
}

static void test_too_many(void **state) {
  (void)state;
  SheetLimits limits = {.parts = 2};
  Str bytes = three_parts();
  assert_contains(reading(bytes, &limits), "ERROR limit proef: the zip holds 3 parts, more than the limit of 2");
  /* The list says there are 65,534 parts: refused before room for them is made. */
  size_t end = bytes.len - 22;
  memcpy(bytes_of(bytes) + end + 8, "\xfe\xff\xfe\xff", 4);
  assert_contains(reading_of(bytes), "the zip holds 65534 parts");
}

static Buf sheet_with(const char *before, const char *repeated, size_t times, const char *after) {
  Buf xml;
  buf_init(&xml, 0);
  buf_cstr(&xml, "<worksheet " MAIN_NS "><sheetData>");
  buf_cstr(&xml, before);
  for (size_t i = 0; i < times; i++) buf_cstr(&xml, repeated);
  buf_cstr(&xml, after);
  buf_cstr(&xml, "</sheetData></worksheet>");
  return xml;
}

static void big_sheet_gives(Buf xml, const SheetLimits *limits, const char *expected) {
  Str bytes = xlsx_bytes(buf_zstr(&xml), NULL, NULL);
  assert_contains(reading(bytes, limits), expected);
  free(bytes_of(bytes));
  buf_clear(&xml);
}

static void test_bombs(void **state) {
  (void)state;
  const char *spaces = "                                                                                                    ";
  big_sheet_gives(sheet_with("", spaces, 100000, ""), NULL, "unpacks to more than 300 times its size");
  SheetLimits total = {.uncompressed_bytes = 100000};
  big_sheet_gives(sheet_with("", spaces, 2000, ""), &total, "part xl/worksheets/sheet1.xml unpacks to 200 kB, more than the limit of 100 kB");
  total.uncompressed_bytes = 200;
  assert_contains(reading_of(three_parts()), "ERROR");
  SheetLimits loose = {.ratio = 5000};
  big_sheet_gives(sheet_with("<row><c t=\"inlineStr\"><is><t>", spaces, 20000, "</t></is></c></row>"), &loose,
                  "row 1: column A: the text is longer than the limit of 1048576 bytes");
  big_sheet_gives(sheet_with("<row><c><v>", "11111111111111111111", 100, "</v></c></row>"), NULL, "longer than any number");
  big_sheet_gives(sheet_with("", "<row>", 70, ""), NULL, "nests elements deeper than the limit of 64");
  big_sheet_gives(sheet_with("<row r=\"", spaces, 30000, "\"/>"), &loose, "has a single tag of more than");
  big_sheet_gives(sheet_with("<!--", spaces, 30000, "-->"), &loose, "has a single tag of more than");
  SheetLimits quick = {.time_ms = 1, .ratio = 5000};
  /* on a busy machine a millisecond is over before the sheet is reached, which is then not named */
  big_sheet_gives(sheet_with("", "<row><c><v>1</v></c></row>", 500000, ""), &quick, "reading takes longer than the limit of 1 ms");
}

static void test_entities(void **state) {
  (void)state;
  const char *dtd = "<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;&l;&l;&l;&l;&l;\">]>";
  Buf xml;
  buf_init(&xml, 0);
  buf_printf(&xml, "%s<worksheet " MAIN_NS "><sheetData><row><c t=\"str\"><v>&m;</v></c></row></sheetData></worksheet>", dtd);
  assert_contains(reading_of(xlsx_bytes(buf_zstr(&xml), NULL, NULL)), "ERROR input proef: sheet Blad1: part xl/worksheets/sheet1.xml "
                                                                     "declares a document type");
  buf_reset(&xml);
  buf_printf(&xml, "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" ODS_XML("", ""));
  assert_contains(reading_of(ods_bytes(buf_zstr(&xml))), "declares a document type");
  buf_clear(&xml);
  assert_contains(reading_of(xlsx_bytes(SHEET_XML("<row><c t=\"str\"><v>&undefined;</v></c></row>"), NULL, NULL)), "undefined entity");
}

/* expat keeps every name it has seen: half a million different ones are half a gigabyte in a real file's clothes. */
static void test_names_without_end(void **state) {
  (void)state;
  Buf xml;
  buf_init(&xml, 0);
  buf_cstr(&xml, "<worksheet " MAIN_NS "><sheetData>");
  for (int i = 0; i < 700000; i++) buf_printf(&xml, "<a%d/>", i);
  buf_cstr(&xml, "</sheetData></worksheet>");
  Str bytes = xlsx_bytes(buf_zstr(&xml), NULL, NULL);
  assert_contains(reading(bytes, NULL), "needs more memory than a real table does");
  free(bytes_of(bytes));
  buf_clear(&xml);
}

static void cut_everywhere(Str bytes) {
  for (size_t n = 0; n < bytes.len; n++) {
    char *copy = malloc(n ? n : 1);   /* so that reading beyond the end is seen */
    memcpy(copy, bytes.ptr, n);
    const char *text = reading((Str){copy, n}, NULL);
    /* "P" and "PK" are a fine CSV; all longer ones are a broken zip. */
    if (n >= 4) assert_contains(text, "ERROR input proef: the file is damaged or cut off");
    free(copy);
  }
}

static void change_everywhere(Str bytes) {
  for (size_t n = 0; n < bytes.len; n++)
    for (int mask = 1; mask < 256; mask <<= 3) {
      bytes_of(bytes)[n] = (char)(bytes.ptr[n] ^ mask);
      assert_true(strlen(reading(bytes, NULL)) > 0);
      bytes_of(bytes)[n] = (char)(bytes.ptr[n] ^ mask);
    }
}

static void test_cut_and_changed_xlsx(void **state) {
  (void)state;
  Str bytes = xlsx_bytes(ROWS, SHARED, "<styleSheet " MAIN_NS "><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>");
  assert_string_equal(reading(bytes, NULL), "[Blad1]\n1: T<een> D<1900-01-02>\n");
  cut_everywhere(bytes);
  change_everywhere(bytes);
  free(bytes_of(bytes));
}

static void test_cut_and_changed_ods(void **state) {
  (void)state;
  Str bytes = ods_bytes(ODS_XML("", "<table:table table:name=\"b\"><table:table-row><table:table-cell><text:p>een<text:s/></text:p></table:table-cell>"
                                "</table:table-row></table:table>"));
  assert_string_equal(reading(bytes, NULL), "[b]\n1: T<een >\n");
  cut_everywhere(bytes);
  change_everywhere(bytes);
  free(bytes_of(bytes));
}

static void test_not_files(void **state) {
  (void)state;
  Sheet *sheet;
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(sheet_open(&sheet, "/nergens/lijst.xlsx", NULL, &info), ERR_NOT_FOUND);
  assert_string_equal(info.file, "lijst.xlsx");
  assert_null(sheet);
  assert_int_equal(sheet_open(&sheet, "/", NULL, &info), ERR_INPUT);
  assert_int_equal(sheet_open(&sheet, "/dev/null", NULL, &info), ERR_INPUT);
}

/* The n-th allocation fails, for every n: an error, nothing leaked, and in the end success. */
static void fail_each_allocation(Str bytes) {
  char expected[4096] = "";
  const char *right = reading(bytes, NULL);
  assert_true(strlen(right) < sizeof expected);
  memcpy(expected, right, strlen(right));
  for (size_t n = 1;; n++) {
    assert_true(n < 5000);
    Sheet *sheet = NULL;
    ErrInfo info = ERRINFO_INIT;
    Buf out;
    buf_init(&out, 0);
    buf_put(&out, expected, sizeof expected);   /* grown beforehand: only the reader's allocations fail */
    buf_reset(&out);
    mem_fail_at(n, 0);
    Err err = sheet_open_bytes(&sheet, bytes, "proef", NULL, &info);
    if (err == ERR_OK) err = read_all(sheet, &out, &info);
    mem_fail_at(0, 0);
    if (err != ERR_OK && err != ERR_MEMORY) fail_msg("allocation %zu: %s", n, info.message);
    if (err != ERR_OK && !info.message[0]) fail_msg("allocation %zu: an error without a message", n);
    bool same = err == ERR_OK && strcmp(buf_zstr(&out), expected) == 0;
    sheet_close(sheet);
    buf_clear(&out);
    if (err == ERR_OK) {
      assert_true(same);
      break;
    }
  }
}

static void test_no_memory(void **state) {
  (void)state;
  Str xlsx = xlsx_bytes(ROWS, SHARED, "<styleSheet " MAIN_NS "><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\"/></numFmts>"
                                      "<cellXfs><xf numFmtId=\"164\"/></cellXfs></styleSheet>");
  Str ods = ods_bytes(ODS_XML("<style:style style:name=\"t\"><style:table-properties table:display=\"false\"/></style:style>",
                              "<table:table table:name=\"b\" table:style-name=\"t\"><table:table-row><table:table-cell><text:p>een</text:p></table:table-cell>"
                              "</table:table-row></table:table>"));
  fail_each_allocation(xlsx);
  fail_each_allocation(ods);
  fail_each_allocation(S("code;titel\n'=1;\xe9\xe9n\n"));
  free(bytes_of(xlsx));
  free(bytes_of(ods));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names), cmocka_unit_test(test_overlap), cmocka_unit_test(test_encrypted),
    cmocka_unit_test(test_checksum), cmocka_unit_test(test_too_many), cmocka_unit_test(test_bombs),
    cmocka_unit_test(test_entities), cmocka_unit_test(test_names_without_end), cmocka_unit_test(test_cut_and_changed_xlsx),
    cmocka_unit_test(test_cut_and_changed_ods), cmocka_unit_test(test_not_files), cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
