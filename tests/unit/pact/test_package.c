/* SPDX-License-Identifier: EUPL-1.2 */
/* Packages in and out: the shipped one byte for byte, and everything that can be wrong with somebody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/mem.h"
#include "pact/package.h"

static char folder[64];

typedef struct Setting {
  Store *store;
  Arena arena;
  PackageReport report;
  ErrInfo info;
} Setting;

static int start(void **state) {
  Setting *s = calloc(1, sizeof *s);
  strcpy(folder, "/tmp/pw-package-XXXXXX");
  if (!s || !mkdtemp(folder)) return -1;
  arena_init(&s->arena, 0);
  if (store_open(&s->store, ":memory:", STORE_CREATE, &s->info) != ERR_OK) return -1;
  *state = s;
  return 0;
}

static int stop(void **state) {
  Setting *s = *state;
  char command[128];
  store_close(s->store);
  arena_clear(&s->arena);
  free(s);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command) == 0 ? 0 : -1;
}

static const char *in_folder(const char *name) {
  static char path[2][200];
  static int which;
  which = !which;
  snprintf(path[which], sizeof path[which], "%s/%s", folder, name);
  return path[which];
}

static void put(const char *name, const char *text) {
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(file_write(in_folder(name), str_from(text), &info), ERR_OK);
}

static Err load(Setting *s, const char *directory) {
  err_reset(&s->info);
  arena_clear(&s->arena);
  assert_int_equal(store_begin(s->store, &s->info), ERR_OK);
  Err err = package_load(s->store, directory, &s->arena, &s->report, &s->info);
  if (err == ERR_OK) err = store_commit(s->store, &s->info);
  else store_rollback(s->store);
  return err;
}

static void assert_empty(Setting *s) {
  Rows *rows;
  bool more;
  assert_int_equal(store_query(s->store, "sources", NO_ARGS, &rows, &s->info), ERR_OK);
  assert_int_equal(rows_next(rows, &more, &s->info), ERR_OK);
  assert_false(more);
  rows_close(rows);
}

/* Files of a directory against those inside the program. */
static void assert_shipped(const char *directory) {
  size_t first, count = embed_prefix(S("pacts/noord/"), &first), compared = 0;
  Buf text;
  ErrInfo info = ERRINFO_INIT;
  char path[300];
  buf_init(&text, 0);
  for (size_t i = 0; i < count; i++) {
    const EmbeddedFile *file = embed_at(first + i);
    if (!str_ends(file->path, S(".csv")) && !str_ends(file->path, S(".json"))) continue;
    snprintf(path, sizeof path, "%s/" STR_FMT, directory, STR_ARG(str_slice(file->path, 12, STR_NPOS)));
    buf_reset(&text);
    assert_int_equal(file_read(&text, path, 0, &info), ERR_OK);
    if (!str_eq(buf_view(&text), file->bytes)) fail_msg("%s differs", path);
    compared++;
  }
  buf_clear(&text);
  assert_true(compared >= 39);
}

static void test_shipped(void **state) {
  Setting *s = *state, again = {0};
  size_t rows;
  assert_int_equal(load(s, NULL), ERR_OK);
  assert_true(s->report.rows > 1000);
  assert_int_equal(s->report.total, 0);
  assert_int_equal(package_export(s->store, in_folder("out"), &rows, &s->info), ERR_OK);
  assert_int_equal(rows, s->report.rows);
  assert_shipped(in_folder("out"));
  /* what was exported loads into a fresh database, and comes out the same again */
  arena_init(&again.arena, 0);
  assert_int_equal(store_open(&again.store, ":memory:", STORE_CREATE, &again.info), ERR_OK);
  assert_int_equal(load(&again, in_folder("out")), ERR_OK);
  assert_int_equal(package_export(again.store, in_folder("out2"), &rows, &again.info), ERR_OK);
  assert_shipped(in_folder("out2"));
  store_close(again.store);
  arena_clear(&again.arena);
}

static void test_twice(void **state) {
  Setting *s = *state;
  assert_int_equal(load(s, NULL), ERR_OK);
  assert_int_equal(load(s, NULL), ERR_CONFLICT);
  assert_non_null(strstr(s->info.message, "already"));
}

static void test_export_targets(void **state) {
  Setting *s = *state;
  size_t rows;
  Buf text;
  assert_int_equal(package_export(s->store, in_folder("out"), &rows, &s->info), ERR_NOT_FOUND);
  assert_int_equal(load(s, NULL), ERR_OK);
  put("file", "x");
  assert_int_equal(package_export(s->store, in_folder("file"), &rows, &s->info), ERR_CONFLICT);
  assert_int_equal(package_export(s->store, folder, &rows, &s->info), ERR_CONFLICT);
  assert_int_equal(mkdir(in_folder("empty"), 0755), 0);
  assert_int_equal(package_export(s->store, in_folder("empty"), &rows, &s->info), ERR_OK);
  buf_init(&text, 0);
  assert_int_equal(package_export_file(s->store, S("action_line.csv"), &text, &s->info), ERR_OK);
  assert_true(str_starts(buf_view(&text), S("code,number,title,")));
  assert_int_equal(package_export_file(s->store, S("../action_line.csv"), &text, &s->info), ERR_NOT_FOUND);
  buf_clear(&text);
}

/* --- a small package of our own, of tables the program has --- */

#define HEAD "{\"name\": \"test\", \"resources\": ["
#define SOURCE_FIELDS \
  "{\"name\": \"code\", \"type\": \"string\", \"constraints\": {\"required\": true, \"unique\": true, \"pattern\": \"[a-z]+\", \"maxLength\": 5}}," \
  "{\"name\": \"title\", \"type\": \"string\", \"constraints\": {\"required\": true}}," \
  "{\"name\": \"kind\", \"type\": \"string\", \"constraints\": {\"required\": true, \"enum\": [\"document\", \"website\"]}}," \
  "{\"name\": \"published_on\", \"type\": \"date\", \"constraints\": {\"minimum\": \"2000-01-01\"}}," \
  "{\"name\": \"verified\", \"type\": \"boolean\", \"trueValues\": [\"ja\"], \"falseValues\": [\"nee\"], \"constraints\": {\"required\": true}}"
#define SOURCE_RESOURCE \
  "{\"name\": \"source\", \"path\": \"source.csv\", \"schema\": {\"fields\": [" SOURCE_FIELDS "], \"primaryKey\": \"code\"}}"
#define LINE_RESOURCE \
  "{\"name\": \"action_line\", \"path\": \"line.csv\", \"schema\": {\"fields\": [{\"name\": \"code\"}," \
  "{\"name\": \"number\", \"type\": \"integer\", \"constraints\": {\"minimum\": 1, \"maximum\": 9}}, {\"name\": \"title\"}, {\"name\": \"body\"}," \
  "{\"name\": \"source\"}], \"primaryKey\": [\"code\"], \"foreignKeys\": [{\"fields\": \"source\", " \
  "\"reference\": {\"resource\": \"source\", \"fields\": \"code\"}}]}}"
#define GOOD HEAD SOURCE_RESOURCE ", " LINE_RESOURCE "]}"
#define SOURCE_HEAD "code,title,kind,published_on,verified\n"

static void good_package(void) {
  put("datapackage.json", GOOD);
  put("source.csv", SOURCE_HEAD "doc,\"Een, twee\",document,2013-11-15,ja\nweb,Web,website,,nee\n");
  put("line.csv", "code,number,title,body,source\nkiezen,1,Kiezen,\"regel 1\nregel \"\"2\"\"\",doc\n");
}

static void test_other_package(void **state) {
  Setting *s = *state;
  size_t rows;
  Buf before, after;
  good_package();
  assert_int_equal(load(s, folder), ERR_OK);
  assert_int_equal(s->report.rows, 3);
  assert_int_equal(s->report.resources, 2);
  char out[100];
  snprintf(out, sizeof out, "%s/out", folder);
  assert_int_equal(package_export(s->store, out, &rows, &s->info), ERR_OK);
  static const char *const names[] = {"source.csv", "line.csv", "datapackage.json"};
  for (int i = 0; i < 3; i++) {
    char path[140];
    snprintf(path, sizeof path, "out/%s", names[i]);
    buf_init(&before, 0);
    buf_init(&after, 0);
    assert_int_equal(file_read(&before, in_folder(names[i]), 0, &s->info), ERR_OK);
    assert_int_equal(file_read(&after, in_folder(path), 0, &s->info), ERR_OK);
    if (!str_eq(buf_view(&before), buf_view(&after))) fail_msg("%s differs", names[i]);
    buf_clear(&before);
    buf_clear(&after);
  }
}

/* Loads, expects that many problems, the first of them at that place, and that nothing stayed. */
static void expect_problem(Setting *s, size_t total, long row, const char *column, const char *expected) {
  assert_int_equal(load(s, folder), ERR_INPUT);
  if (s->report.total != total)
    for (size_t i = 0; i < s->report.count; i++) {
      Str text = package_problem_text(&s->report.problems[i], &s->arena);
      print_error(STR_FMT "\n", STR_ARG(text));
    }
  assert_int_equal(s->report.total, total);
  const PackageProblem *p = &s->report.problems[0];
  assert_int_equal(p->row, row);
  if (column) assert_true(str_eq(p->column, str_from(column)));
  if (str_find(p->expected, str_from(expected)) == STR_NPOS) fail_msg(STR_FMT, STR_ARG(p->expected));
  assert_empty(s);
}

static void test_cells(void **state) {
  Setting *s = *state;
  static const struct { const char *row; size_t total; const char *column, *expected; } cases[] = {
    {",Titel,document,,ja\n", 1, "code", "required"},
    {"Doc,Titel,document,,ja\n", 1, "code", "of the form [a-z]+"},
    {"docdoc,Titel,document,,ja\n", 1, "code", "at most 5 characters"},
    {"doc,Titel,boek,,ja\n", 1, "kind", "one of document, website"},
    {"doc,Titel,document,15-11-2013,ja\n", 1, "published_on", "a date such as 2013-11-15"},
    {"doc,Titel,document,2013-02-30,ja\n", 1, "published_on", "a date"},
    {"doc,Titel,document,1999-12-31,ja\n", 1, "published_on", "at least 2000-01-01"},
    {"doc,Titel,document,,true\n", 1, "verified", "true or false"},
    {"DOC,,boek,gisteren,\n", 5, "code", "of the form"},
    {"doc,Titel,document,ja\n", 1, NULL, "5 cells, as in the heading, and not 4"},
    {"doc,Titel,document,,ja\ndoc,Ander,website,,nee\n", 1, "code", "row 2 has it too"},
    {"doc,\"Titel,document,,ja\n", 1, NULL, "comma separated"},
    {"doc,\xff\xfe,document,,ja\n", 1, NULL, "UTF-8"},
  };
  put("datapackage.json", HEAD SOURCE_RESOURCE "]}");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[300];
    long row = strstr(cases[i].expected, "row 2") ? 3 : 2;
    snprintf(text, sizeof text, SOURCE_HEAD "%s", cases[i].row);
    put("source.csv", text);
    if (strstr(cases[i].expected, "comma")) row = 2;
    expect_problem(s, cases[i].total, row, cases[i].column, cases[i].expected);
  }
}

static void test_numbers_and_keys(void **state) {
  Setting *s = *state;
  good_package();
  put("line.csv", "code,number,title,body,source\nkiezen,1.5,K,b,doc\n");
  expect_problem(s, 1, 2, "number", "a whole number");
  put("line.csv", "code,number,title,body,source\nkiezen,0,K,b,doc\nleren,10,L,b,doc\n");
  expect_problem(s, 2, 2, "number", "at least 1");
  put("line.csv", "code,number,title,body,source\nkiezen,1,K,b,niemand\n");
  expect_problem(s, 1, 2, "source", "stands in source.csv, column code");
  put("line.csv", "code,number,title,body,source\n,1,K,b,doc\n");
  expect_problem(s, 1, 2, "code", "primary key");
  assert_true(str_eq(package_problem_text(&s->report.problems[0], &s->arena),
                     S("line.csv: row 2: column code: nothing found, expected a value: it is part of the primary key")));
}

static void test_heading(void **state) {
  Setting *s = *state;
  good_package();
  put("line.csv", "code,nummer,title,body,source\nkiezen,1,K,b,doc\n");
  expect_problem(s, 1, 1, NULL, "the heading number in place 2");
  put("line.csv", "code,number,title,body,source,extra\n");
  expect_problem(s, 1, 1, NULL, "no further column");
  put("line.csv", "code,number,title,body\n");
  expect_problem(s, 1, 1, "source", "this column");
  assert_int_equal(unlink(in_folder("line.csv")), 0);
  expect_problem(s, 1, 0, NULL, "this file");
}

static void test_many_problems(void **state) {
  Setting *s = *state;
  Buf text;
  good_package();
  buf_init(&text, 0);
  buf_cstr(&text, SOURCE_HEAD);
  for (int i = 0; i < 500; i++) buf_cstr(&text, "DOC,,boek,x,y\n");
  put("source.csv", buf_zstr(&text));
  buf_clear(&text);
  assert_int_equal(load(s, folder), ERR_INPUT);
  assert_int_equal(s->report.count, PACKAGE_PROBLEMS_MAX);
  assert_true(s->report.total > 2500);
  assert_non_null(strstr(s->info.message, "more problems; nothing was loaded"));
  assert_empty(s);
}

/* --- descriptors --- */

static void expect_descriptor(Setting *s, const char *descriptor, Err expected, const char *words) {
  good_package();
  put("datapackage.json", descriptor);
  Err err = load(s, folder);
  if (err != expected || !strstr(s->info.message, words)) fail_msg("%s: %s: %s", descriptor, err_name(err), s->info.message);
  assert_empty(s);
}

static void test_descriptors(void **state) {
  Setting *s = *state;
#define ONE(fields) HEAD "{\"name\": \"source\", \"path\": \"source.csv\", \"schema\": {\"fields\": [" fields "]}}]}"
  expect_descriptor(s, "", ERR_INPUT, "not JSON");
  expect_descriptor(s, "{\"name\": \"x\", \"name\": \"y\"}", ERR_INPUT, "not JSON");
  expect_descriptor(s, "[]", ERR_INPUT, "object");
  expect_descriptor(s, "{\"resources\": []}", ERR_INPUT, "'name'");
  expect_descriptor(s, "{\"name\": \"x\", \"resources\": []}", ERR_INPUT, "no resources");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"../source.csv\"}]}", ERR_INPUT, "path is not allowed");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"/etc/passwd\"}]}", ERR_INPUT, "path is not allowed");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"https://a.b/c.csv\"}]}", ERR_INPUT, "path is not allowed");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"a//b.csv\"}]}", ERR_INPUT, "path is not allowed");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": [\"a.csv\", \"b.csv\"]}]}", ERR_INPUT, "'path' must be a text");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"source.csv\"}]}", ERR_UNSUPPORTED, "schema");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"source.csv\", \"encoding\": \"latin1\", \"schema\": {}}]}", ERR_UNSUPPORTED, "utf-8");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"source.csv\", \"dialect\": {\"delimiter\": \";\"}, \"schema\": {}}]}", ERR_UNSUPPORTED, "commas");
  expect_descriptor(s, ONE("{\"name\": \"code\"}, {\"name\": \"code\"}"), ERR_INPUT, "same name");
  expect_descriptor(s, ONE("{\"name\": \"code\", \"type\": \"geojson\"}"), ERR_UNSUPPORTED, "type must be");
  expect_descriptor(s, ONE("{\"name\": \"code\", \"format\": \"email\"}"), ERR_UNSUPPORTED, "format");
  expect_descriptor(s, ONE("{\"name\": \"code\", \"constraints\": {\"jsonSchema\": {}}}"), ERR_UNSUPPORTED, "'jsonSchema'");
  expect_descriptor(s, ONE("{\"name\": \"code\", \"constraints\": {\"pattern\": \"\\\\d+\"}}"), ERR_UNSUPPORTED, "pattern");
  expect_descriptor(s, ONE("{\"name\": \"code\", \"constraints\": {\"pattern\": \"(a\"}}"), ERR_INPUT, "malformed");
  expect_descriptor(s, ONE("{\"name\": \"code\", \"constraints\": {\"minimum\": \"x\"}}"), ERR_INPUT, "type");
  expect_descriptor(s, HEAD "{\"name\": \"source\", \"path\": \"source.csv\", \"schema\": {\"fields\": [" SOURCE_FIELDS "], \"primaryKey\": \"id\"}}]}", ERR_INPUT, "key");
  expect_descriptor(s, HEAD SOURCE_RESOURCE ", " SOURCE_RESOURCE "]}", ERR_INPUT, "same name or path");
  expect_descriptor(s, HEAD LINE_RESOURCE "]}", ERR_INPUT, "not in the package");
#undef ONE
}

/* A resource or field that the program has no place for is refused, not dropped. */
static void test_unknown_tables(void **state) {
  Setting *s = *state;
  put("datapackage.json", HEAD "{\"name\": \"sqlite_schema\", \"path\": \"a.csv\", \"schema\": {\"fields\": [{\"name\": \"a\"}]}}]}");
  put("a.csv", "a\n1\n");
  assert_int_equal(load(s, folder), ERR_UNSUPPORTED);
  put("datapackage.json", HEAD "{\"name\": \"source\", \"path\": \"a.csv\", \"schema\": {\"fields\": [{\"name\": \"a\"}]}}]}");
  assert_int_equal(load(s, folder), ERR_UNSUPPORTED);
  put("datapackage.json", HEAD "{\"name\": \"source; --\", \"path\": \"a.csv\", \"schema\": {\"fields\": [{\"name\": \"a\"}]}}]}");
  assert_int_equal(load(s, folder), ERR_INPUT);
  put("datapackage.json", HEAD "{\"name\": \"source\", \"path\": \"a.csv\", \"schema\": {\"fields\": [{\"name\": \"seq\", \"type\": \"integer\"}]}}]}");
  put("a.csv", "seq\n1\n");
  assert_int_equal(load(s, folder), ERR_UNSUPPORTED);
}

/* The tables' own rules hold also where a descriptor leaves them out; the place is named. */
static void test_laxer_schema(void **state) {
  Setting *s = *state;
  put("datapackage.json", HEAD "{\"name\": \"source\", \"path\": \"a.csv\", \"schema\": {\"fields\": [{\"name\": \"code\"}, {\"name\": \"title\"}, "
      "{\"name\": \"kind\"}, {\"name\": \"verified\", \"type\": \"boolean\"}]}}]}");
  put("a.csv", "code,title,kind,verified\na,A,document,true\nb,B,boek,true\n");
  assert_int_equal(load(s, folder), ERR_CONFLICT);
  assert_string_equal(s->info.file, "a.csv");
  assert_int_equal(s->info.row, 3);
  assert_empty(s);
}

static void test_links_and_sizes(void **state) {
  Setting *s = *state;
  good_package();
  put("elsewhere.csv", SOURCE_HEAD "doc,Titel,document,,ja\n");
  assert_int_equal(unlink(in_folder("source.csv")), 0);
  assert_int_equal(symlink("elsewhere.csv", in_folder("source.csv")), 0);
  assert_int_equal(load(s, folder), ERR_INPUT);
  assert_non_null(strstr(s->info.message, "link"));
  assert_int_equal(unlink(in_folder("source.csv")), 0);
  assert_int_equal(mkdir(in_folder("source.csv"), 0755), 0);
  assert_int_equal(load(s, folder), ERR_INPUT);
  assert_int_equal(rmdir(in_folder("source.csv")), 0);
  assert_int_equal(mkfifo(in_folder("source.csv"), 0644), 0);
  assert_int_equal(load(s, folder), ERR_INPUT);
  assert_int_equal(unlink(in_folder("source.csv")), 0);
  put("source.csv", "");
  assert_int_equal(truncate(in_folder("source.csv"), (64 << 20) + 1), 0);
  assert_int_equal(load(s, folder), ERR_LIMIT);
  assert_string_equal(s->info.file, "source.csv");
  assert_empty(s);
  assert_int_equal(load(s, in_folder("absent")), ERR_NOT_FOUND);
  assert_int_equal(load(s, in_folder("elsewhere.csv")), ERR_INPUT);
  assert_empty(s);
}

/* Every allocation of our own fails once: an error, nothing loaded, nothing leaked. */
static void test_memory(void **state) {
  Setting *s = *state;
  size_t failed = 0;
  good_package();
  for (size_t n = 1; n < 400; n++) {
    err_reset(&s->info);
    arena_clear(&s->arena);
    assert_int_equal(store_begin(s->store, &s->info), ERR_OK);
    mem_fail_at(n, 0);
    Err err = package_load(s->store, folder, &s->arena, &s->report, &s->info);
    mem_fail_at(0, 0);
    store_rollback(s->store);
    if (err != ERR_OK && err != ERR_MEMORY) fail_msg("allocation %zu: %s %s", n, err_name(err), s->info.message);
    failed += err == ERR_MEMORY;
    assert_empty(s);
    if (err == ERR_OK) break;
  }
  assert_true(failed > 10);
  assert_int_equal(load(s, folder), ERR_OK);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
  const struct CMUnitTest tests[] = {
    TEST(test_shipped), TEST(test_twice), TEST(test_export_targets), TEST(test_other_package), TEST(test_cells),
    TEST(test_numbers_and_keys), TEST(test_heading), TEST(test_many_problems), TEST(test_descriptors), TEST(test_unknown_tables),
    TEST(test_laxer_schema), TEST(test_links_and_sizes), TEST(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
