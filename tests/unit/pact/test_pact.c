/* SPDX-License-Identifier: EUPL-1.2 */
/* What is asked of the shipped pact, and of small changes to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "base/mem.h"
#include "pact/check.h"
#include "pact/diff.h"
#include "pact/framework.h"
#include "pact/goal.h"
#include "pact/organisation.h"
#include "pact/package.h"
#include "pact/pact.h"
#include "pact/paragraphs.h"
#include "store/vals.h"
#include "shipped.h"

typedef Shipped Setting;

static int start(void **state) {
  Setting *s = *state = calloc(1, sizeof *s);
  return s ? shipped_open(s) : -1;
}

static int stop(void **state) {
  shipped_close(*state);
  free(*state);
  return 0;
}

static void change(Setting *s, const char *sql) { shipped_change(s, "change", sql); }

/* Walks a path of members and indexes: "editions.0.code". */
static const Val *at(const Val *v, const char *path) {
  Str rest = str_from(path), part;
  int64_t index;
  while (str_cut(&rest, '.', &part)) {
    if (v->kind == VAL_LIST && str_to_int(part, &index)) v = (size_t)index < v->as.list.count ? v->as.list.items[index] : &VAL_NOTHING;
    else v = val_get(v, part);
  }
  return v;
}

static size_t length(const Val *v, const char *path) {
  const Val *list = at(v, path);
  assert_int_equal(list->kind, VAL_LIST);
  return list->as.list.count;
}

static void is_text(const Val *v, const char *path, const char *expected) {
  const Val *text = at(v, path);
  if (text->kind != VAL_STR || !str_eq(text->as.text, str_from(expected)))
    fail_msg("%s is '" STR_FMT "', expected '%s'", path, STR_ARG(text->kind == VAL_STR ? text->as.text : S("(no text)")), expected);
}

static void is_int(const Val *v, const char *path, int64_t expected) {
  const Val *number = at(v, path);
  assert_int_equal(number->kind, VAL_INT);
  if (number->as.integer != expected) fail_msg("%s is %lld, expected %lld", path, (long long)number->as.integer, (long long)expected);
}

static bool is_true(const Val *v, const char *path) {
  assert_int_equal(at(v, path)->kind, VAL_BOOL);
  return at(v, path)->as.boolean;
}

/* The item of a list whose member `key` is that text. */
static const Val *with(const Val *list, const char *key, const char *text) {
  for (size_t i = 0; i < list->as.list.count; i++)
    if (str_eq(vals_text(list->as.list.items[i], key), str_from(text))) return list->as.list.items[i];
  fail_msg("nothing with %s '%s'", key, text);
  return NULL;
}

static Val *goal(Setting *s, const char *code) {
  Val *v = NULL;
  if (goal_detail(s->store, str_from(code), &s->arena, &v, &s->info) != ERR_OK) fail_msg("%s", s->info.message);
  return v;
}

static void test_overview(void **state) {
  Setting *s = *state;
  Val *v;
  assert_int_equal(pact_overview(s->store, &s->arena, &v, &s->info), ERR_OK);
  is_text(v, "title", "Techniekpact Noord-Nederland");
  is_text(v, "region.label", "Noord-Nederland");
  is_text(v, "editions.0.adopted_on", "2013-04-25");
  is_text(v, "editions.1.adopted_on", "2013-11-15");
  assert_int_equal(length(v, "lines"), 3);
  is_text(v, "lines.0.code", "kiezen");
  is_text(v, "lines.0.goals.0.code", "1");
  is_int(v, "counts.goals", 8);
  is_int(v, "counts.framework_items", 34);
  is_int(v, "counts.framework_items_open", 19);
  const Val *published = at(v, "published");
  is_int(with(published, "code", "acties-totaal"), "value", 216);
  is_int(with(published, "code", "acties-kiezen"), "value", 130);
  is_int(with(published, "code", "acties-leren"), "value", 70);
  is_int(with(published, "code", "acties-werken"), "value", 16);
  is_int(with(published, "code", "acties-totaal"), "registered", at(v, "counts.actions")->as.integer);
  assert_int_equal(at(with(published, "code", "acties-totaal"), "line")->kind, VAL_NULL);
}

static void test_empty(void **state) {
  (void)state;
  Arena arena;
  ErrInfo info = ERRINFO_INIT;
  Store *store;
  Val *v;
  arena_init(&arena, 0);
  assert_int_equal(store_open(&store, ":memory:", STORE_CREATE, &info), ERR_OK);
  assert_int_equal(pact_overview(store, &arena, &v, &info), ERR_NOT_FOUND);
  assert_int_equal(goal_list(store, &arena, &v, &info), ERR_OK);
  assert_int_equal(v->as.list.count, 0);
  assert_int_equal(goal_detail(store, S("1"), &arena, &v, &info), ERR_NOT_FOUND);
  assert_int_equal(framework_detail(store, S("x"), &arena, &v, &info), ERR_NOT_FOUND);
  assert_int_equal(framework_detail(store, STR_NONE, &arena, &v, &info), ERR_NOT_FOUND);
  assert_int_equal(organisation_detail(store, S("x"), &arena, &v, &info), ERR_NOT_FOUND);
  CheckFilter all = {0};
  assert_int_equal(check_run(store, &all, &arena, &v, &info), ERR_OK);
  is_int(v, "total", 0);
  store_close(store);
  arena_clear(&arena);
}

/* 1d: 40% in the agenda, 30% in the pact. */
static void test_goal_1d(void **state) {
  Setting *s = *state;
  Val *v = goal(s, "1D");
  is_text(v, "code", "1d");
  is_text(v, "parent.code", "1");
  is_text(v, "previous.code", "1c");
  is_text(v, "next.code", "1e");
  is_text(v, "editions.0.targets.0.value_text", "40%");
  is_text(v, "editions.1.targets.0.value_text", "30%");
  assert_true(is_true(v, "differs"));
  assert_true(is_true(v, "targets_differ"));
  assert_int_equal(length(v, "target_rows"), 1);
  assert_true(is_true(v, "target_rows.0.differs"));
  is_text(v, "target_rows.0.cells.0.target.value_text", "40%");
  is_text(v, "target_rows.0.cells.1.target.value_text", "30%");
  assert_int_equal(length(v, "diff.paragraphs"), 1);
  is_text(v, "diff.paragraphs.0.tokens.0.op", "same");
  is_text(v, "diff.paragraphs.0.tokens.1.op", "old");
  is_text(v, "diff.paragraphs.0.tokens.1.text", "40%");
  is_text(v, "diff.paragraphs.0.tokens.2.op", "new");
  is_text(v, "diff.paragraphs.0.tokens.2.text", "30%");
  assert_true(length(v, "assumptions") >= 1);
}

/* 7: the agenda speaks of workers who are not bbl, the pact of bbl'ers. */
static void test_goal_7(void **state) {
  Setting *s = *state;
  Val *v = goal(s, "7");
  assert_true(is_true(v, "differs"));
  assert_true(is_true(v, "targets_differ"));
  assert_true(is_true(v, "editions.0.present"));
  assert_true(is_true(v, "editions.1.present"));
  assert_int_equal(length(v, "target_rows"), 2);
  assert_true(is_true(v, "target_rows.0.differs"));
  assert_false(is_true(v, "target_rows.1.differs"));
  is_text(v, "target_rows.0.cells.0.target.value_text", "-50%");
  assert_true(is_true(v, "editions.0.paragraphs.2.item"));
  assert_int_equal(at(v, "previous.code")->as.text.ptr[0], '6');
}

static void test_goal_1c(void **state) {
  Setting *s = *state;
  Val *v = goal(s, "1c");
  is_text(v, "targets.0.value_text", "30%");
  assert_false(is_true(v, "targets_differ"));
  assert_true(length(v, "choice_moments") >= 1);
  assert_int_equal(goal_detail(s->store, S("9z"), &s->arena, &v, &s->info), ERR_NOT_FOUND);
  assert_int_equal(goal_detail(s->store, S(""), &s->arena, &v, &s->info), ERR_NOT_FOUND);
}

/* Reading same and old gives the older text, same and new the newer, for every goal of the pact. */
static void test_diff_rebuilds(void **state) {
  Setting *s = *state;
  Val *list;
  size_t compared = 0;
  assert_int_equal(goal_list(s->store, &s->arena, &list, &s->info), ERR_OK);
  for (size_t g = 0; g < list->as.list.count; g++) {
    Val *v = goal(s, at(list->as.list.items[g], "code")->as.text.ptr);
    if (at(v, "diff")->kind == VAL_NULL) continue;
    for (int side = 0; side < 2; side++) {
      Buf built, original;
      buf_init(&built, 0);
      buf_init(&original, 0);
      const Val *paragraphs = at(v, "diff.paragraphs");
      for (size_t p = 0; p < paragraphs->as.list.count; p++) {
        const Val *tokens = at(paragraphs->as.list.items[p], "tokens");
        for (size_t t = 0; t < tokens->as.list.count; t++) {
          Str op = vals_text(tokens->as.list.items[t], "op");
          if (!str_eq(op, S("same")) && !str_eq(op, side ? S("new") : S("old"))) continue;
          buf_str(&built, vals_text(tokens->as.list.items[t], "text"));
          buf_char(&built, ' ');
        }
      }
      Str body = at(v, side ? "editions.1.body" : "editions.0.body")->as.text;
      Paragraph p;
      while (paragraph_next(&body, &p)) {
        Str word;
        while (str_cut(&p.text, ' ', &word))
          if (word.len > 0) buf_printf(&original, STR_FMT " ", STR_ARG(word));
      }
      if (!str_eq(buf_view(&built), buf_view(&original))) fail_msg("'%s' is not '%s'", buf_zstr(&built), buf_zstr(&original));
      buf_clear(&built);
      buf_clear(&original);
    }
    compared++;
  }
  assert_true(compared >= 5);
}

static void check_diff(Setting *s, const char *from, const char *to, const char *expected) {
  Val *list;
  Buf text;
  buf_init(&text, 0);
  assert_int_equal(diff_words(str_from(from), str_from(to), &s->arena, &list), ERR_OK);
  for (size_t i = 0; i < list->as.list.count; i++)
    buf_printf(&text, "%c[" STR_FMT "]", vals_text(list->as.list.items[i], "op").ptr[0], STR_ARG(vals_text(list->as.list.items[i], "text")));
  if (!str_eq(buf_view(&text), str_from(expected))) fail_msg("%s / %s gives %s, expected %s", from, to, buf_zstr(&text), expected);
  buf_clear(&text);
}

static void test_diff(void **state) {
  Setting *s = *state;
  check_diff(s, "", "", "");
  check_diff(s, "a b", "a b", "s[a b]");
  check_diff(s, "", "a b", "n[a b]");
  check_diff(s, "a b", "", "o[a b]");
  check_diff(s, "a b c", "a x c", "s[a]o[b]n[x]s[c]");
  check_diff(s, "a b c d", "b d", "o[a]s[b]o[c]s[d]");
  check_diff(s, "x  a", "x a", "s[x a]");
  /* the longest part in common, not the first */
  check_diff(s, "c a b", "a b c", "o[c]s[a b]n[c]");
  Buf big, other;
  Val *list;
  buf_init(&big, 0);
  buf_init(&other, 0);
  for (int i = 0; i < 4000; i++) {
    buf_printf(&big, "w%d ", i);
    buf_printf(&other, "w%d ", i * 2);
  }
  assert_int_equal(diff_words(buf_view(&big), buf_view(&other), &s->arena, &list), ERR_OK);
  assert_true(list->as.list.count <= 4);
  buf_clear(&big);
  buf_clear(&other);
}

static void test_goal_list(void **state) {
  Setting *s = *state;
  Val *v;
  assert_int_equal(goal_list(s->store, &s->arena, &v, &s->info), ERR_OK);
  assert_int_equal(v->as.list.count, 8);
  const Val *one = with(v, "code", "1");
  assert_int_equal(length(one, "subgoals"), 5);
  /* actions are counted elsewhere; until then the number is not known, which is not zero */
  assert_int_equal(at(one, "actions")->kind, VAL_NULL);
  assert_int_equal(at(with(at(one, "subgoals"), "code", "1a"), "own_actions")->kind, VAL_NULL);
  assert_true(is_true(one, "differs"));
  assert_true(is_true(with(at(one, "subgoals"), "code", "1d"), "own_differs"));
}

static void test_frameworks(void **state) {
  Setting *s = *state;
  Val *v;
  assert_int_equal(framework_list(s->store, &s->arena, &v, &s->info), ERR_OK);
  assert_int_equal(v->as.list.count, 2);
  assert_int_equal(framework_detail(s->store, S("nationaal-techniekpact"), &s->arena, &v, &s->info), ERR_OK);
  assert_int_equal(length(v, "item_list"), 22);
  is_int(v, "known", 3);
  for (int number = 1; number <= 22; number++) {
    const Val *item = at(v, "item_list")->as.list.items[number - 1];
    bool known = number == 1 || number == 21 || number == 22;
    is_int(item, "number", number);
    is_text(item, "status", known ? "known" : "open");
    assert_int_equal(at(item, "title")->kind, known ? VAL_STR : VAL_NULL);
  }
}

static void test_organisations(void **state) {
  Setting *s = *state;
  Val *list, *v;
  assert_int_equal(organisation_list(s->store, &s->arena, &list, &s->info), ERR_OK);
  assert_true(list->as.list.count >= 50);
  size_t succeeded = 0;
  for (size_t i = 0; i < list->as.list.count; i++) {
    if (!is_true(list->as.list.items[i], "succeeded")) continue;
    succeeded++;
    assert_int_equal(organisation_detail(s->store, vals_text(list->as.list.items[i], "code"), &s->arena, &v, &s->info), ERR_OK);
    assert_true(length(v, "successors") >= 1);
    Str next = at(v, "successors.0.code")->as.text;
    Str own = vals_text(v, "code");
    assert_int_equal(organisation_detail(s->store, next, &s->arena, &v, &s->info), ERR_OK);
    with(at(v, "predecessors"), "code", own.ptr);
  }
  assert_true(succeeded >= 3);
}

static void test_programme_lines(void **state) {
  Setting *s = *state;
  Val *v;
  assert_int_equal(pact_programme_lines(s->store, &s->arena, &v, &s->info), ERR_OK);
  is_text(v, "0.kind", "programme_line");
  is_text(v, "0.focal_actions.0.code", "SP1");
  assert_true(length(v, "0.paragraphs") >= 1);
  assert_int_equal(pact_choice_moments(s->store, &s->arena, &v, &s->info), ERR_OK);
  assert_true(v->as.list.count >= 20);
  assert_int_equal(pact_sources(s->store, &s->arena, &v, &s->info), ERR_OK);
  assert_true(at(with(v, "code", "pact-2013"), "rows")->as.integer > 300);
  assert_int_equal(pact_code_list(s->store, S("audience"), &s->arena, &v, &s->info), ERR_OK);
  is_text(v, "0.code", "leerlingen");
  assert_int_equal(pact_code_list(s->store, S("source"), &s->arena, &v, &s->info), ERR_NOT_FOUND);
}

/* Every table with a source is counted, also those that came later. */
static void test_citations(void **state) {
  Setting *s = *state;
  sqlite3 *db = *(sqlite3 **)s->store->conn;
  sqlite3_stmt *tables, *count;
  Val *v;
  int64_t stored = 0, counted = 0;
  static const char sql[] = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'source' WHERE m.type = 'table'";
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &tables, NULL), SQLITE_OK);
  while (sqlite3_step(tables) == SQLITE_ROW) {
    char text[200];
    snprintf(text, sizeof text, "SELECT count(source) FROM %s", (const char *)sqlite3_column_text(tables, 0));
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &count, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(count), SQLITE_ROW);
    stored += sqlite3_column_int64(count, 0);
    sqlite3_finalize(count);
  }
  sqlite3_finalize(tables);
  assert_int_equal(pact_sources(s->store, &s->arena, &v, &s->info), ERR_OK);
  for (size_t i = 0; i < v->as.list.count; i++) counted += vals_number(v->as.list.items[i], "rows");
  assert_true(stored > 1000);
  assert_int_equal(counted, stored);
  /* per table they add up to the same for every source */
  Val *by_table;
  assert_int_equal(pact_source_list(s->store, &s->arena, &by_table, &s->info), ERR_OK);
  assert_int_equal(val_get(by_table->as.list.items[0], S("rows"))->kind, VAL_NULL);
  assert_int_equal(pact_source_tables(s->store, &s->arena, by_table, &s->info), ERR_OK);
  assert_int_equal(by_table->as.list.count, v->as.list.count);
  for (size_t i = 0; i < v->as.list.count; i++)
    assert_int_equal(vals_number(by_table->as.list.items[i], "rows"), vals_number(v->as.list.items[i], "rows"));
}

/* --- check --- */

static int64_t count_of(Setting *s, const char *rule) {
  Val *v;
  CheckFilter all = {0};
  assert_int_equal(check_run(s->store, &all, &s->arena, &v, &s->info), ERR_OK);
  const Val *rules = at(v, "by_check");
  for (size_t i = 0; i < rules->as.list.count; i++)
    if (str_eq(vals_text(rules->as.list.items[i], "check"), str_from(rule))) return vals_number(rules->as.list.items[i], "count");
  return 0;
}

/* Each rule finds nothing, or what is known, in the shipped pact, and one more after a change that breaks it. */
static void test_check_rules(void **state) {
  Setting *s = *state;
  static const struct { const char *rule, *sql; int64_t more; } cases[] = {
    {"action-description", "UPDATE action SET description = NULL WHERE seq = 1", 1},
    {"action-goals", "INSERT INTO action (code, title, source, seq) VALUES ('bare', 'B', 'pact-2013', 999)", 1},
    {"period-order", "UPDATE action SET period_start = '2014-01-01', period_end = '2013-01-01' WHERE seq = 1", 1},
    {"goal-line", "UPDATE action SET line = 'kiezen' WHERE seq = 1; INSERT INTO action_goal (action, goal, source, seq) "
      "SELECT code, '8', 'pact-2013', 999 FROM action WHERE seq = 1", 1},
    {"region-period", "UPDATE action SET period_start = '2020-01-01', period_end = '2020-12-31' WHERE seq = 1; "
      "INSERT INTO action_region (action, region, source, seq) SELECT code, 'GM0140', 'pact-2013', 999 FROM action WHERE seq = 1", 1},
    {"owner-period", "UPDATE organisation SET valid_to = '2012-12-31' WHERE code = 'alfa-college'; UPDATE action SET "
      "owner = 'alfa-college', period_start = '2014-01-01', period_end = NULL WHERE seq = 2", 1},
    {"kind-form", "UPDATE action SET kind = 'activity', form = 'project' WHERE seq = 3", 1},
    {"once-recurs", "UPDATE action SET kind = 'activity', form = 'once', recurrence = 'yearly' WHERE seq = 4", 1},
    {"editions-targets", "UPDATE goal_target SET value = 31 WHERE goal = '1c' AND edition = 'pact-2013'", 2},
    {"published-total", "UPDATE published_total SET value = (SELECT count(*) FROM action) WHERE code = 'acties-totaal'", -1},
    {"change-weights", "UPDATE region_change SET weight = 0.5 WHERE from_region = 'GM0051'", 1},
    {"unverified-source", "UPDATE source SET verified = 0 WHERE code = 'pact-2013'", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t before = count_of(s, cases[i].rule);
    change(s, cases[i].sql);
    int64_t after = count_of(s, cases[i].rule);
    if (after != before + cases[i].more)
      fail_msg("%s: %lld, then %lld", cases[i].rule, (long long)before, (long long)after);
  }
}

static void test_check_filters(void **state) {
  Setting *s = *state;
  Val *all, *some;
  CheckFilter filter = {0};
  assert_int_equal(check_run(s->store, &filter, &s->arena, &all, &s->info), ERR_OK);
  is_int(all, "total", (int64_t)length(all, "findings"));
  assert_int_equal(at(all, "missing")->as.integer + at(all, "inconsistent")->as.integer + at(all, "assumed")->as.integer, at(all, "total")->as.integer);
  filter.kind = S("assumed");
  assert_int_equal(check_run(s->store, &filter, &s->arena, &some, &s->info), ERR_OK);
  is_int(some, "total", at(all, "assumed")->as.integer);
  is_int(some, "missing", 0);
  filter = (CheckFilter){.owner = S("alfa-college")};
  assert_int_equal(check_run(s->store, &filter, &s->arena, &some, &s->info), ERR_OK);
  const Val *findings = at(some, "findings");
  assert_true(findings->as.list.count > 0);
  for (size_t i = 0; i < findings->as.list.count; i++) is_text(findings->as.list.items[i], "owner.code", "alfa-college");
  filter = (CheckFilter){.owner = S("-")};
  assert_int_equal(check_run(s->store, &filter, &s->arena, &some, &s->info), ERR_OK);
  findings = at(some, "findings");
  assert_true(findings->as.list.count > 0);
  for (size_t i = 0; i < findings->as.list.count; i++) assert_int_equal(at(findings->as.list.items[i], "owner")->kind, VAL_NULL);
  filter = (CheckFilter){.code = S("techniektoernooi")};
  assert_int_equal(check_run(s->store, &filter, &s->arena, &some, &s->info), ERR_OK);
  findings = at(some, "findings");
  assert_true(findings->as.list.count > 5);
  for (size_t i = 0; i < findings->as.list.count; i++)
    assert_true(str_starts(vals_text(findings->as.list.items[i], "code"), S("techniektoernooi")));
  /* recorded gaps speak about any resource, so an unknown code finds nothing and fails nothing */
  filter = (CheckFilter){.code = S("nothing")};
  assert_int_equal(check_run(s->store, &filter, &s->arena, &some, &s->info), ERR_OK);
  is_int(some, "total", 0);
}

/* The facts of the check and of the registry's own completeness are the same, in the same order. */
static void test_facts_agree(void **state) {
  (void)state;
  static const char *const check[] = {
#define FACT(code, text, message) code,
#define CHECK(...)
#include "pact/checks.def"
#undef FACT
#undef CHECK
  };
  static const char *const registry[] = {
#define FACT(NAME, code, label) #code,
#include "action/facts.def"
#undef FACT
  };
  assert_int_equal(sizeof check, sizeof registry);
  for (size_t i = 0; i < sizeof check / sizeof *check; i++) assert_string_equal(check[i], registry[i]);
}

/* Every allocation of a goal's page fails once. */
static void test_memory(void **state) {
  Setting *s = *state;
  size_t failed = 0, n = 1;
  for (; n < 3000; n++) {
    Val *v = NULL;
    Arena arena;
    arena_init(&arena, 0);
    mem_fail_at(n, 0);
    Err err = goal_detail(s->store, S("7"), &arena, &v, &s->info);
    mem_fail_at(0, 0);
    if (err == ERR_OK) is_text(v, "target_rows.0.cells.0.target.value_text", "-50%");
    if (err == ERR_OK) assert_false(arena.failed);
    arena_clear(&arena);
    if (err == ERR_OK) break;
    assert_int_equal(err, ERR_MEMORY);
    failed++;
  }
  assert_true(failed > 3);
  assert_true(n < 3000);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
  const struct CMUnitTest tests[] = {
    TEST(test_overview), cmocka_unit_test(test_empty), TEST(test_goal_1d), TEST(test_goal_7), TEST(test_goal_1c),
    TEST(test_diff_rebuilds), TEST(test_diff), TEST(test_goal_list), TEST(test_frameworks), TEST(test_organisations),
    TEST(test_programme_lines), TEST(test_citations), TEST(test_check_rules), TEST(test_check_filters), cmocka_unit_test(test_facts_agree),
    TEST(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
