/* SPDX-License-Identifier: EUPL-1.2 */
/* What charts draw: the cases of tests/table/chart.txt, and what they cannot say. */
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

#include "base/file.h"
#include "chart/chart.h"
#include "chart/internal.h"
#include "../pact/shipped.h"

typedef struct Setting {
  Shipped pact;
  char name[160];        /* of the case */
  char indicator[64];
  Day as_of;
  int seq;
  Chart chart;
  bool built;
} Setting;

static int start(void **state) {
  Setting *s = *state = calloc(1, sizeof *s);
  return s ? shipped_open(&s->pact) : -1;
}

static int stop(void **state) {
  Setting *s = *state;
  shipped_close(&s->pact);
  free(s);
  return 0;
}

static void change(Setting *s, const char *format, ...) {
  char sql[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(sql, sizeof sql, format, args);
  va_end(args);
  shipped_change(&s->pact, s->name, sql);
}

static Day to_day(Setting *s, const char *text) {
  Day d;
  if (!day_parse_iso(str_from(text), &d)) fail_msg("%s: '%s' is no day", s->name, text);
  return d;
}

/* --- figures --- */

typedef struct Given {
  const char *state, *region, *quality, *source;
  int year, definition;
  double value, low, high;
  bool leading, complete;
  char known[11], superseded[11];
} Given;

static void number_text(double value, char out[32]) {
  if (isnan(value)) snprintf(out, 32, "NULL");
  else snprintf(out, 32, "%.17g", value);
}

static void put(Setting *s, const Given *g) {
  char value[32], low[32], high[32], known[32], gone[32] = "NULL";
  number_text(g->value, value);
  number_text(g->low, low);
  number_text(g->high, high);
  snprintf(known, sizeof known, "%s", g->known);
  if (!known[0]) snprintf(known, sizeof known, "%d-02-01", g->year + 1);
  if (g->superseded[0]) snprintf(gone, sizeof gone, "'%s'", g->superseded);
  change(s, "INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, low, high, complete, quality, "
            "leading, known_from, superseded_on, source, seq) VALUES ('%s', '%s', %d, 'calendar_year', '%d', '%d-12-31', '%s', %s, %s, %s, "
            "%d, '%s', %d, '%s', %s, '%s', %d)",
         s->indicator, g->region, g->definition, g->year, g->year, g->state, value, low, high, g->complete, g->quality, g->leading, known,
         gone, g->source, 100000 + s->seq++);
}

static Given given(const char *state, int year) {
  return (Given){.state = state, .region = "LD01", .quality = "final", .source = "pact-2013", .year = year, .definition = 1, .value = NAN,
                 .low = NAN, .high = NAN, .leading = true, .complete = true};
}

/* The words behind "in YEAR". */
static void options(Setting *s, Given *g, char *rest) {
  for (char *word = strtok_r(rest, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
    if (!strcmp(word, "between")) {
      g->low = atof(strtok_r(NULL, " ", &rest));
      g->high = atof(strtok_r(NULL, " ", &rest));
    } else if (!strcmp(word, "definition")) g->definition = atoi(strtok_r(NULL, " ", &rest));
    else if (!strcmp(word, "provisional")) g->quality = "provisional";
    else if (!strcmp(word, "incomplete")) g->complete = false;
    else if (!strcmp(word, "other-source")) {
      g->leading = false;
      g->source = "agenda-2013";
    } else if (!strcmp(word, "known")) snprintf(g->known, sizeof g->known, "%s", strtok_r(NULL, " ", &rest));
    else if (!strcmp(word, "superseded")) snprintf(g->superseded, sizeof g->superseded, "%s", strtok_r(NULL, " ", &rest));
    else fail_msg("%s: what is '%s'?", s->name, word);
  }
}

static void figure(Setting *s, const char *state, char *rest) {
  Given g = given(state, 0);
  char *in = strstr(rest, "in ");
  if (!in) fail_msg("%s: '%s' has no year", s->name, rest);
  if (!strcmp(state, "value")) g.value = atof(rest);
  if (!strcmp(state, "suppressed")) sscanf(rest, "%lf %lf", &g.low, &g.high);
  g.year = atoi(in + 3);
  char *more = strchr(in + 3, ' ');
  if (more) options(s, &g, more);
  put(s, &g);
}

static void target(Setting *s, const char *rest) {
  char edition[64];
  int number, year;
  double value;
  if (sscanf(rest, "%63s %d %lf %d", edition, &number, &value, &year) != 4) fail_msg("%s: target '%s'", s->name, rest);
  change(s, "INSERT OR REPLACE INTO goal_target SELECT goal, edition, %d, label, kind, comparator, %.17g, unit, population, part_of, "
            "baseline_value, baseline_year, %d, quote, source, source_section, %d FROM goal_target WHERE goal = (SELECT goal FROM indicator WHERE code = '%s') "
            "AND edition = '%s' AND number = 1",
         number, value, year, 100000 + s->seq++, s->indicator, edition);
  change(s, "INSERT OR REPLACE INTO indicator_target SELECT indicator, edition, goal, %d, source, source_section, %d FROM indicator_target "
            "WHERE indicator = '%s' AND edition = '%s' AND number = 1",
         number, 100000 + s->seq++, s->indicator, edition);
}

/* --- what is drawn --- */

static void build(Setting *s, const char *id, const char *lang) {
  ChartAsk ask = {.chart = str_from(id), .lang = view_lang(str_from(lang)), .as_of = s->as_of};
  Err err = chart_build(&ask, s->pact.store, &s->pact.arena, &s->chart, &s->pact.info);
  if (err != ERR_OK) fail_msg("%s: %s", s->name, s->pact.info.message);
  s->built = true;
}

static const Val *base_of(const Chart *c) { return c->option ? val_get(c->option, S("baseOption")) : &VAL_NOTHING; }

static const Val *series_of(Setting *s, const char *name, size_t which) {
  const Val *all = val_get(base_of(&s->chart), S("series"));
  for (size_t i = 0; i < items(all); i++)
    if (str_eq(text_at(item(all, i), "name"), str_from(name)) && which-- == 0) return item(all, i);
  return NULL;
}

static void add_point(Buf *out, const Val *point) {
  const Val *value = val_get(point, S("value"));
  char day[DAY_TEXT];
  double x = item(value, 0)->as.number / 86400000.0;
  assert_true(fabs(x - round(x)) < 1e-9);  /* whole days */
  day_format_iso((Day)round(x), day);
  if (out->len) buf_cstr(out, " | ");
  buf_printf(out, "%s ", day);
  if (item(value, 1)->kind == VAL_NULL) buf_cstr(out, "gap");
  else buf_printf(out, "%.10g", item(value, 1)->as.number);
  if (items(value) > 2) buf_printf(out, "..%.10g", item(value, 2)->as.number);
}

static void draws(Setting *s, const char *name, const char *expected) {
  const Val *series = series_of(s, name, 0);
  if (!series) fail_msg("%s: no series '%s'", s->name, name);
  const Val *data = val_get(series, S("data"));
  Buf found;
  buf_init(&found, 0);
  for (size_t i = 0; i < items(data); i++) add_point(&found, item(data, i));
  if (strcmp(buf_zstr(&found), expected)) fail_msg("%s: '%s' draws %s, expected %s", s->name, name, buf_zstr(&found), expected);
  buf_clear(&found);
}

static void says(Setting *s, const char *text, bool wanted) {
  if ((str_find(s->chart.description, str_from(text)) != STR_NPOS) != wanted)
    fail_msg("%s: '%s' is %sin: " STR_FMT, s->name, text, wanted ? "not " : "", STR_ARG(s->chart.description));
}

static void expect(Setting *s, char *word, char *rest) {
  char id[96];
  snprintf(id, sizeof id, "koers-%s", s->indicator);
  if (!s->built) build(s, id, "nl");
  if (!strcmp(word, "draws")) {
    char *points = NULL;
    for (char *at = rest; (at = strstr(at, ": ")) != NULL; at += 2) points = at;  /* names have a colon too */
    if (!points) fail_msg("%s: draws '%s'", s->name, rest);
    *points = 0;
    draws(s, rest, points + 2);
  } else if (!strcmp(word, "lacks")) {
    if (series_of(s, rest, 0)) fail_msg("%s: there is a series '%s'", s->name, rest);
  } else if (!strcmp(word, "says")) {
    says(s, rest, true);
  } else if (!strcmp(word, "says-not")) {
    says(s, rest, false);
  } else if (!strcmp(word, "nothing")) {
    assert_null(s->chart.option);
  } else {
    fail_msg("%s: what is '%s'?", s->name, word);
  }
}

static void begin_case(Setting *s, const char *name) {
  if (s->name[0]) store_rollback(s->pact.store);
  arena_clear(&s->pact.arena);
  snprintf(s->name, sizeof s->name, "%s", name);
  s->built = false;
  assert_int_equal(store_begin(s->pact.store, &s->pact.info), ERR_OK);
  change(s, "DELETE FROM measurement");
}

static void test_cases(void **state) {
  Setting *s = *state;
  Buf text;
  size_t cases = 0;
  buf_init(&text, 0);
  assert_int_equal(file_read(&text, "tests/table/chart.txt", 0, NULL), ERR_OK);
  Str rest = buf_view(&text), line;
  while (str_cut(&rest, '\n', &line)) {
    char copy[512], *words = copy;
    snprintf(copy, sizeof copy, STR_FMT, STR_ARG(line));
    if (!copy[0] || copy[0] == '#') continue;
    char *word = strsep(&words, " "), empty[] = "";
    char *more = words ? words : empty;
    if (!strcmp(word, "case")) {
      begin_case(s, more);
      cases++;
    } else if (!strcmp(word, "indicator")) snprintf(s->indicator, sizeof s->indicator, "%s", more);
    else if (!strcmp(word, "as-of")) s->as_of = to_day(s, more);
    else if (!strcmp(word, "target")) target(s, more);
    else if (!strcmp(word, "value") || !strcmp(word, "suppressed") || !strcmp(word, "missing") || !strcmp(word, "not_applicable") ||
             !strcmp(word, "not_yet_due")) figure(s, word, more);
    else expect(s, word, more);
  }
  assert_true(cases >= 20);
  store_rollback(s->pact.store);
  s->name[0] = 0;
  buf_clear(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
  return cmocka_run_group_tests(tests, start, stop);
}
