/* SPDX-License-Identifier: EUPL-1.2 */
/* The regions side by side, the overview of all indicators, the list of charts, and lack of memory. What the chart of one
 * region draws is in test_chart.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "chart/chart.h"
#include "chart/internal.h"
#include "../pact/shipped.h"

/* Figures of goal 1d, which wants 30% (the pact) or 40% (the agenda) at the end of 2020, of the North and two provinces. */
static const char FIGURES[] =
    "DELETE FROM measurement;"
    "INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, low, high, complete, quality, leading, "
    "known_from, source, seq) SELECT '1d-instroom', column1, 1, 'calendar_year', column2, column2 || '-12-31', column3, column4, column5, "
    "column6, 1, 'final', 1, (column2 + 1) || '-02-01', 'pact-2013', 200000 + row_number() OVER () FROM (VALUES "
    "('LD01', 2013, 'value', 20, NULL, NULL), ('LD01', 2015, 'value', 26, 25.5, 26.5),"
    "('PV20', 2013, 'value', 22, NULL, NULL), ('PV20', 2015, 'value', 18, NULL, NULL),"
    "('PV21', 2013, 'missing', NULL, NULL, NULL), ('PV21', 2015, 'suppressed', NULL, 21, 24))";

static int start(void **state) {
  Shipped *s = *state = calloc(1, sizeof *s);
  if (!s || shipped_open(s) != 0) return -1;
  shipped_change(s, "regions", "INSERT OR IGNORE INTO indicator_region (indicator, region, source, seq) SELECT '1d-instroom', code, 'redactie', 300000 + rowid FROM region WHERE code IN ('PV20', 'PV21')");
  shipped_change(s, "figures", FIGURES);
  return 0;
}

static int stop(void **state) {
  shipped_close(*state);
  free(*state);
  return 0;
}

static Err ask(Shipped *s, const char *id, const char *edition, Chart *chart) {
  Day as_of;
  if (!day_parse_iso(S("2016-06-01"), &as_of)) return ERR_INPUT;
  ChartAsk ask = {.chart = str_from(id), .lang = view_lang(S("nl")), .as_of = as_of, .edition = edition ? str_from(edition) : STR_NONE};
  return chart_build(&ask, s->store, &s->arena, chart, &s->info);
}

static Chart built(Shipped *s, const char *id) {
  Chart chart;
  assert_int_equal(ask(s, id, NULL, &chart), ERR_OK);
  return chart;
}

static const Val *base_of(const Chart *c) { return val_get(c->option, S("baseOption")); }

/* The options for wide and for narrow drawings. */
static const Val *sized(const Chart *c, bool narrow) {
  const Val *media = val_get(c->option, S("media"));
  assert_int_equal(items(media), 2);
  const Val *rule = item(media, narrow ? 0 : 1);
  assert_true(val_get(rule, S("query"))->kind == (narrow ? VAL_MAP : VAL_NULL));
  return val_get(rule, S("option"));
}

static const Val *named(const Chart *c, const char *name, size_t which) {
  const Val *all = val_get(base_of(c), S("series"));
  for (size_t i = 0; i < items(all); i++)
    if (str_eq(text_at(item(all, i), "name"), str_from(name)) && which-- == 0) return item(all, i);
  fail_msg("no series '%s'", name);
  return NULL;
}

static double at(const Val *series, size_t point, size_t dim) {
  const Val *value = val_get(item(val_get(series, S("data")), point), S("value"));
  return item(value, dim)->as.number;
}

static void text_is(Str text, const char *expected) {
  if (!str_eq(text, str_from(expected))) fail_msg("'" STR_FMT "', expected '%s'", STR_ARG(text), expected);
}

static void says(const Chart *c, const char *text) {
  if (str_find(c->description, str_from(text)) == STR_NPOS) fail_msg("'%s' is not in: " STR_FMT, text, STR_ARG(c->description));
}

static void cell_is(const Chart *c, size_t row, size_t column, const char *expected) {
  text_is(text_at(item(item(c->rows, row), column), "text"), expected);
}

static void test_regions(void **state) {
  Chart c = built(*state, "provincies-1d-instroom");
  text_is(c.title, "Keuze voor een technische beroepsopleiding: de gebieden naast elkaar");
  const Val *heads = val_get(sized(&c, false), S("title"));
  assert_int_equal(items(heads), items(val_get(sized(&c, true), S("title"))));
  text_is(text_at(item(heads, 0), "text"), "Noord-Nederland");
  text_is(text_at(item(heads, 0), "subtext"), "op koers");       /* p = 0.6, q = 730/2557 */
  size_t found = 0;
  for (size_t i = 0; i < items(heads); i++) {
    if (str_eq(text_at(item(heads, i), "text"), S("Groningen"))) text_is(text_at(item(heads, i), "subtext"), "verslechtert"), found++;
    if (str_eq(text_at(item(heads, i), "text"), S("Fryslân"))) text_is(text_at(item(heads, i), "subtext"), "niet te bepalen"), found++;
  }
  assert_int_equal(found, 2);
  /* one scale for all, with the target of the older edition on it */
  const Val *axes = val_get(base_of(&c), S("yAxis"));
  for (size_t i = 0; i < items(axes); i++) {
    if (!str_eq(text_at(item(axes, i), "type"), S("value"))) continue;
    assert_true(number_at(item(axes, i), "min") <= 18 && number_at(item(axes, i), "max") >= 40);
    assert_true(fabs(number_at(item(axes, i), "min") - number_at(item(axes, 0), "min")) < 1e-9);
  }
  assert_true(fabs(at(named(&c, "Gemeten", 0), 1, 1) - 26) < 1e-9);
  assert_true(fabs(at(named(&c, "Gemeten", 1), 1, 1) - 18) < 1e-9);
  const Val *hidden = named(&c, "Afgeschermd: alleen grenzen bekend", 0);
  assert_true(fabs(at(hidden, 0, 1) - 21) < 1e-9 && fabs(at(hidden, 0, 2) - 24) < 1e-9);
  says(&c, "Groningen: 18% in 2015. Oordeel: verslechtert; −50% van de weg is afgelegd, 29% was nodig.");
  says(&c, "Fryslân: afgeschermd, tussen 21% en 24% in 2015.");
  assert_true(c.narrow_height > c.wide_height);
}

/* Each figure and target of every region is a row; what has no number has none in the file either. */
static void test_region_rows(void **state) {
  Chart c = built(*state, "provincies-1d-instroom");
  size_t missing = 0, suppressed = 0;
  assert_int_equal(items(c.columns), 12);
  for (size_t i = 0; i < items(c.rows); i++) {
    const Val *row = item(c.rows, i);
    assert_int_equal(items(row), 12);
    if (str_eq(text_at(item(row, 8), "text"), S("ontbreekt"))) missing++;
    if (!str_eq(text_at(item(row, 8), "text"), S("afgeschermd"))) continue;
    suppressed++;
    text_is(text_at(item(row, 3), "text"), "afgeschermd, tussen 21% en 24%");
    assert_int_equal(val_get(item(row, 3), S("value"))->kind, VAL_NULL);
    assert_true(fabs(number_at(item(row, 4), "value") - 21) < 1e-9);
  }
  assert_int_equal(missing, 1);
  assert_int_equal(suppressed, 1);
  cell_is(&c, 0, 0, "Noord-Nederland");
  cell_is(&c, 0, 2, "2013");
  cell_is(&c, 0, 3, "20%");
  cell_is(&c, 1, 3, "26%");
  cell_is(&c, 1, 5, "26,5%");
}

static void test_outlook(void **state) {
  Chart c = built(*state, "halen");
  const Val *bars = named(&c, "Afgelegd deel van de weg, Noorden", 0), *needed = named(&c, "Nodig op dat moment", 0);
  assert_int_equal(items(val_get(bars, S("data"))), 1);   /* no other indicator has figures */
  assert_true(fabs(at(bars, 0, 0) - 60) < 1e-6);          /* (26 - 20) / (30 - 20) */
  assert_true(fabs(at(needed, 0, 0) - 100 * 730.0 / 2557) < 1e-6);
  const Val *groningen = named(&c, "Groningen", 0);
  assert_true(fabs(at(groningen, 0, 0) + 25) < 1e-6);     /* -50%: cut at the end of the scale */
  says(&c, "16 streefwaarden");
  size_t rows = 0;
  for (size_t i = 0; i < items(c.rows); i++) {
    const Val *row = item(c.rows, i);
    if (!str_eq(text_at(item(row, 1), "text"), S("Keuze voor een technische beroepsopleiding"))) continue;
    if (str_eq(text_at(item(row, 2), "text"), S("Groningen")) && str_eq(text_at(item(row, 3), "text"), S("Techniekpact (november 2013)"))) {
      text_is(text_at(item(row, 8), "text"), "−50%");
      assert_true(fabs(number_at(item(row, 8), "value") + 0.5) < 1e-9);   /* not cut */
      text_is(text_at(item(row, 10), "text"), "verslechtert");
      rows++;
    }
  }
  assert_int_equal(rows, 1);
}

/* Beyond 80 rows the drawing stops, the table does not. */
static void test_many(void **state) {
  Shipped *s = *state;
  char sql[2048];
  shipped_change(s, "indicators",
    "CREATE TEMP TABLE many AS WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 90) SELECT i, printf('1d-m%02d', i) AS code FROM n");
  static const char *const tables[] = {"indicator", "indicator_definition", "indicator_target", "indicator_region", "measurement"};
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
    const char *key = t == 0 ? "code" : "indicator";
    snprintf(sql, sizeof sql,
             "CREATE TEMP TABLE copy AS SELECT m.code AS new_code, m.i AS i, x.* FROM many m, %s x WHERE x.%s = '1d-instroom';"
             "UPDATE copy SET %s = new_code, seq = 1000000 * i + seq;"
             "ALTER TABLE copy DROP COLUMN new_code; ALTER TABLE copy DROP COLUMN i; INSERT INTO %s SELECT * FROM copy; DROP TABLE copy;",
             tables[t], key, key, tables[t]);
    shipped_change(s, tables[t], sql);
  }
  Chart c = built(s, "halen");
  assert_int_equal(items(val_get(named(&c, "Nodig op dat moment", 0), S("data"))), 80);
  assert_true(items(c.rows) > 90);
  says(&c, "Getekend zijn de eerste 80 indicatoren; alle staan in de tabel.");
}

static void test_identifiers(void **state) {
  static const char *const unknown[] = {"", "koers", "koers-", "halen-1d-instroom", "halen2", "provincies-1d-instroom-PV20", "koers-1d-instroom-PV99",
                                        "koers-bestaat-niet", "Koers-1d-instroom"};
  Shipped *s = *state;
  Chart c;
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
    if (ask(s, unknown[i], NULL, &c) != ERR_NOT_FOUND) fail_msg("'%s' is a chart", unknown[i]);
  assert_int_equal(ask(s, "koers-1d-instroom", "nope", &c), ERR_NOT_FOUND);
  c = built(s, "koers-1d-instroom-PV20");
  text_is(c.title, "Keuze voor een technische beroepsopleiding, Groningen");
  text_is(c.page, "/doelen/1d");
}

/* Every chart of the list can be built. */
static void test_list(void **state) {
  Shipped *s = *state;
  Val *list;
  size_t overviews = 0;
  assert_int_equal(chart_list(s->store, view_lang(S("nl")), &s->arena, &list, &s->info), ERR_OK);
  assert_true(items(list) > 20);
  for (size_t i = 0; i < items(list); i++) {
    Chart c = built(s, arena_zstr(&s->arena, text_at(item(list, i), "id")));
    text_is(c.page, arena_zstr(&s->arena, text_at(item(list, i), "page")));
    assert_true(c.description.len > 0 && items(c.columns) > 0);
    overviews += str_eq(text_at(item(list, i), "kind"), S("halen"));
  }
  assert_int_equal(overviews, 1);
}

/* All of a chart as one text. */
static char *whole(const Chart *c) {
  Buf out;
  JsonWriter w;
  size_t len;
  buf_init(&out, 0);
  jw_init(&w, &out, 0);
  jw_array(&w);
  jw_str(&w, c->title);
  jw_str(&w, c->description);
  jw_str(&w, c->source);
  val_json(&w, c->option);
  val_json(&w, c->rows);
  jw_array_end(&w);
  assert_int_equal(buf_err(&out), ERR_OK);
  return buf_take(&out, &len);
}

/* Every allocation fails once: the answer is lack of memory or the whole chart, never a part of it. */
static void test_memory(void **state) {
  static const char *const ids[] = {"koers-1d-instroom", "provincies-1d-instroom", "halen"};
  Shipped *s = *state;
  for (size_t k = 0; k < 3; k++) {
    Chart c = built(s, ids[k]);
    char *expected = whole(&c);
    size_t failed = 0, n = 1;
    Err err = ERR_MEMORY;
    for (; err != ERR_OK && n < 20000; n++) {
      arena_clear(&s->arena);
      arena_init(&s->arena, 0);
      mem_fail_at(n, 0);
      err = ask(s, ids[k], NULL, &c);
      mem_fail_at(0, 0);
      if (err == ERR_OK) {
        char *found = whole(&c);
        if (strcmp(found, expected)) fail_msg("%s: allocation %zu failed, and this was made: %s", ids[k], n, found);
        mem_free(found);
      } else if (err != ERR_MEMORY) fail_msg("%s: allocation %zu: %s: %s", ids[k], n, err_name(err), s->info.message);
      failed += err != ERR_OK;
    }
    assert_true(failed > 3 && n < 20000);
    mem_free(expected);
  }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
  const struct CMUnitTest tests[] = {TEST(test_regions), TEST(test_region_rows), TEST(test_outlook), TEST(test_many), TEST(test_identifiers),
                                     TEST(test_list), TEST(test_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
