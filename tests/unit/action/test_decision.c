/* SPDX-License-Identifier: EUPL-1.2 */
/* Decisions about pairs, and the list of pairs they take out of. */
#include "fixture.h"

#include "action/coherence_val.h"
#include "action/decision.h"
#include "base/embed.h"
#include "store/vals.h"

#define TODAY day_from_civil(2015, 3, 2)

typedef struct Case {
  Fixture fixture;
  Store *store;
  Arena arena;
} Case;

static void open_case(Case *c) {
  ErrInfo info = ERRINFO_INIT;
  fixture_open(&c->fixture);
  Fixture *f = &c->fixture;
  fixture_action(f, "A", "Robotwedstrijd scholieren", "kiezen", "noorderpoort", "1c", "GM0014");
  fixture_action(f, "B", "Robotwedstrijd voor scholieren", "kiezen", "uwv", "1c", "PV20");
  fixture_action(f, "C", "Robotwedstrijd scholieren", "leren", "hanze", "", "PV21");
  fixture_sql(f, "INSERT INTO source(code,title,kind,verified,seq) VALUES('eigen','Eigen lezing','editors',1,2)");
  EmbeddedFile file;
  assert_true(embed_find(S("pacts/noord/datapackage.json"), &file));
  sqlite3_stmt *stmt;
  sqlite3_prepare_v2(f->db, "INSERT INTO pact_package(name,descriptor,loaded_at) VALUES('t',?1,'2015-01-01')", -1, &stmt, NULL);
  sqlite3_bind_text(stmt, 1, file.bytes.ptr, (int)file.bytes.len, SQLITE_STATIC);
  assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
  sqlite3_finalize(stmt);
  arena_init(&c->arena, 0);
  assert_ok(store_open(&c->store, f->path, STORE_WRITE, &info));
  assert_ok(store_begin(c->store, &info));
}

static void close_case(Case *c) {
  store_close(c->store);
  arena_clear(&c->arena);
  fixture_close(&c->fixture);
}

static DecisionNew decision(const char *one, const char *other, const char *what) {
  return (DecisionNew){.action = str_from(one), .other = str_from(other), .decision = str_from(what), .by = S("Coordinatiegroep"),
                       .reason = S("Andere opzet."), .on = DAY_NONE, .today = TODAY};
}

/* Whatever a list of two actions says first. */
static const Val *listed(Case *c, const char *one, const char *other, bool all, size_t count) {
  ErrInfo info = ERRINFO_INIT;
  Val *list;
  assert_ok(decision_list(c->store, one ? str_from(one) : STR_NONE, other ? str_from(other) : STR_NONE, all, &c->arena, &list, &info));
  assert_int_equal(list->as.list.count, count);
  return count ? list->as.list.items[0] : NULL;
}

static void recorded_superseded_withdrawn(void **state) {
  Case c;
  Str code;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  open_case(&c);
  DecisionNew keep = decision("B", "A", "keep"), merge = decision("A", "B", "merge");
  merge.on = day_from_civil(2015, 2, 1);
  merge.source = S("doc");
  assert_ok(decision_record(c.store, &keep, &c.arena, &code, &info));
  assert_str(code, "CD001");
  const Val *d = listed(&c, "B", "A", false, 1);
  assert_str(vals_text(val_get(d, S("action")), "code"), "A");   /* by code, whichever order it was given in */
  assert_str(vals_text(val_get(d, S("other")), "code"), "B");
  assert_str(vals_text(d, "decided_on"), "2015-03-02");
  assert_str(vals_text(val_get(d, S("source")), "code"), "eigen");
  assert_true(val_get(d, S("changed"))->kind == VAL_BOOL && !val_truth(val_get(d, S("changed"))));
  assert_int_equal(decision_record(c.store, &keep, &c.arena, &code, &info), ERR_CONFLICT);
  assert_int_equal(decision_record(c.store, &merge, &c.arena, &code, &info), ERR_CONFLICT);  /* decided before what holds */
  listed(&c, "A", "B", true, 1);
  merge.on = TODAY;
  assert_ok(decision_record(c.store, &merge, &c.arena, &code, &info));
  assert_str(code, "CD002");
  d = listed(&c, "A", "B", false, 1);
  assert_str(vals_text(d, "decision"), "merge");
  assert_str(vals_text(d, "decided_on"), "2015-03-02");
  d = listed(&c, "A", "B", true, 2);
  assert_str(vals_text(d, "decision"), "merge");                 /* what holds comes first */
  listed(&c, NULL, NULL, true, 2);
  assert_ok(decision_withdraw(c.store, S("B"), S("A"), TODAY, &info));
  listed(&c, "A", "B", false, 0);
  listed(&c, "A", "B", true, 2);
  assert_int_equal(decision_withdraw(c.store, S("B"), S("A"), TODAY, &info), ERR_NOT_FOUND);
  assert_ok(decision_record(c.store, &merge, &c.arena, &code, &info));   /* after withdrawal it may be said again */
  close_case(&c);
}

static void changes_are_told(void **state) {
  static const char *const changes[] = {
      "UPDATE action SET description = 'Nu anders' WHERE code = 'A'", "UPDATE action SET owner = 'hanze' WHERE code = 'B'",
      "DELETE FROM action_goal WHERE action = 'B'", "INSERT INTO action_partner(action,organisation,source,seq) VALUES('A','uwv','doc',1)"};
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    Case c;
    Str code;
    ErrInfo info = ERRINFO_INIT;
    (void)state;
    open_case(&c);
    DecisionNew keep = decision("A", "B", "keep");
    assert_ok(decision_record(c.store, &keep, &c.arena, &code, &info));
    assert_ok(store_commit(c.store, &info));
    fixture_sql(&c.fixture, "UPDATE action SET confirmed_on = '2015-04-01', quality = 'goed' WHERE code = 'B'");
    const Val *d = listed(&c, "A", "B", false, 1);
    assert_false(val_truth(val_get(d, S("changed"))));             /* a confirmation changes nothing */
    assert_str(vals_text(d, "confirmed_since"), "2015-04-01");
    fixture_sql(&c.fixture, changes[i]);
    assert_true(val_truth(val_get(listed(&c, "A", "B", false, 1), S("changed"))));
    fixture_sql(&c.fixture, "UPDATE coherence_decision SET content = NULL");
    assert_true(val_get(listed(&c, "A", "B", false, 1), S("changed"))->kind == VAL_NULL);
    close_case(&c);
  }
}

static void refused(void **state) {
  Case c;
  Str code;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  open_case(&c);
  struct { DecisionNew new; Err err; const char *says; } wrong[] = {
      {decision("A", "A", "keep"), ERR_INPUT, "two different actions"}, {decision("A", "X", "keep"), ERR_NOT_FOUND, "no action 'X'"},
      {decision("A", "B", "drop"), ERR_INPUT, "merge|align|stop|keep"}, {decision("A", "B", "keep"), ERR_INPUT, "contact data"},
      {decision("A", "B", "keep"), ERR_INPUT, "contact data"},          {decision("A", "B", "keep"), ERR_INPUT, "decided by"},
      {decision("A", "B", "keep"), ERR_INPUT, "reason"},                {decision("A", "B", "keep"), ERR_INPUT, "still to come"},
      {decision("A", "B", "keep"), ERR_NOT_FOUND, "no source 'x'"}};
  wrong[3].new.by = S("j.jansen@example.org");
  wrong[4].new.by = S("Secretaris, 050 123 45 67");
  wrong[5].new.by = S("  ");
  wrong[6].new.reason = S("");
  wrong[7].new.on = TODAY + 1;
  wrong[8].new.source = S("x");
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    err_reset(&info);
    Err err = decision_record(c.store, &wrong[i].new, &c.arena, &code, &info);
    if (err != wrong[i].err || !strstr(info.message, wrong[i].says)) fail_msg("%zu: %s", i, info.message);
  }
  listed(&c, NULL, NULL, true, 0);
  assert_ok(store_commit(c.store, &info));
  fixture_sql(&c.fixture, "UPDATE pact_package SET descriptor = replace(descriptor, '\"coherence_decision.csv\"', '\"other.csv\"')");
  DecisionNew keep = decision("A", "B", "keep");
  assert_int_equal(decision_record(c.store, &keep, &c.arena, &code, &info), ERR_UNSUPPORTED);
  close_case(&c);
}

/* What is decided leaves the open list and stays visible; a decision about a pair that is no candidate is shown too. */
static void list_and_filters(void **state) {
  static const struct { const char *decision, *line, *region, *goal; int64_t total, open, decided; } asked[] = {
      {NULL, NULL, NULL, NULL, 0, 0, 2}, {"decided", NULL, NULL, NULL, 2, 0, 2}, {"keep", NULL, NULL, NULL, 1, 0, 2}, {"align", NULL, NULL, NULL, 1, 0, 2},
      {"merge", NULL, NULL, NULL, 0, 0, 2}, {"all", NULL, NULL, NULL, 2, 0, 2}, {"decided", "leren", NULL, NULL, 1, 0, 1}, {"decided", "werken", NULL, NULL, 0, 0, 0},
      {"decided", NULL, "PV21", NULL, 1, 0, 1}, {"all", "kiezen", "GM0014", NULL, 2, 0, 2},
      {"decided", NULL, NULL, "1c", 2, 0, 2}, {"decided", NULL, NULL, "2", 0, 0, 0}};
  Case c;
  Str code;
  Val *found;
  ActionIndex *index;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  open_case(&c);
  assert_ok(action_index_new(&index, c.store, &info));
  CoherenceQuery query = {.page = 1, .size = 25};
  assert_ok(coherence_list_val(c.store, index, &query, &c.arena, &found, &info));
  assert_int_equal(vals_number(found, "total"), 1);
  const Val *pair = val_get(found, S("pairs"))->as.list.items[0];
  assert_str(vals_text(pair, "key"), "A..B");
  assert_str(vals_text(pair, "kind"), "doubling");
  assert_str(vals_text(pair, "kind_label"), "mogelijke dubbeling");
  assert_str(vals_text(pair, "likeness"), vals_number(pair, "points") >= 85 ? "very_strong" : vals_number(pair, "points") >= 75 ? "strong" : "clear");
  assert_true(val_get(pair, S("decision"))->kind == VAL_NULL);
  const Val *title = val_get(pair, S("reasons"))->as.list.items[0];
  assert_str(vals_text(title, "code"), "title");
  assert_int_equal(vals_number(title, "alike"), 100);
  assert_int_equal(val_get(title, S("shared"))->as.list.count, 2);   /* robotwedstrijd, scholieren */
  assert_str(val_get(title, S("shared"))->as.list.items[1]->as.text, "scholieren");
  DecisionNew keep = decision("A", "B", "keep"), align = decision("C", "A", "align");
  assert_ok(decision_record(c.store, &keep, &c.arena, &code, &info));
  assert_ok(decision_record(c.store, &align, &c.arena, &code, &info));
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    query = (CoherenceQuery){.line = str_from(asked[i].line), .region = str_from(asked[i].region), .goal = str_from(asked[i].goal),
                             .decision = str_from(asked[i].decision), .page = 1, .size = 25};
    assert_ok(coherence_list_val(c.store, index, &query, &c.arena, &found, &info));
    if (vals_number(found, "total") != asked[i].total || vals_number(found, "open") != asked[i].open || vals_number(found, "decided") != asked[i].decided)
      fail_msg("question %zu: total %d, open %d, decided %d", i, (int)vals_number(found, "total"), (int)vals_number(found, "open"), (int)vals_number(found, "decided"));
  }
  query = (CoherenceQuery){.region = S("GM9999"), .page = 1, .size = 25};
  assert_int_equal(coherence_list_val(c.store, index, &query, &c.arena, &found, &info), ERR_USAGE);
  assert_int_equal(coherence_pair_val(c.store, index, S("A"), S("nergens"), &c.arena, &found, &info), ERR_NOT_FOUND);
  assert_int_equal(coherence_pair_val(c.store, index, S("A"), S("A"), &c.arena, &found, &info), ERR_USAGE);
  action_index_release(index);
  close_case(&c);
}

static void health(void **state) {
  Case c;
  Val *health;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  open_case(&c);
  assert_ok(coherence_health_val(c.store, 10, &c.arena, &health, &info));
  assert_int_equal(vals_number(health, "unconfirmed"), 3);
  assert_int_equal(vals_number(health, "priced"), 0);
  assert_int_equal(vals_number(health, "compared"), 0);
  assert_int_equal(val_get(health, S("dear"))->as.list.count, 0);
  assert_ok(store_commit(c.store, &info));
  fixture_sql(&c.fixture, "UPDATE action SET confirmed_on = '2014-01-01' WHERE code = 'A';"
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) INSERT INTO action(code,title,line,cost_cents,"
              "participants,source,seq) SELECT 'K' || i, 'Kosten', 'werken', 10000 * i * i, 10, 'doc', 10 + i FROM n;"
              "UPDATE action SET cost_cents = 900000, participants = 1 WHERE code = 'B'");
  assert_ok(coherence_health_val(c.store, 10, &c.arena, &health, &info));
  assert_int_equal(vals_number(health, "confirmed"), 1);
  assert_int_equal(vals_number(health, "priced"), 6);
  assert_int_equal(vals_number(health, "compared"), 5);            /* B stands alone in its line */
  const Val *dear = val_get(health, S("dear"));
  assert_int_equal(dear->as.list.count, 0);                        /* 10, 40, 90, 160, 250: no three times 90 */
  fixture_sql(&c.fixture, "UPDATE action SET cost_cents = 270000 WHERE code = 'K5'");
  assert_ok(coherence_health_val(c.store, 10, &c.arena, &health, &info));
  dear = val_get(health, S("dear"));
  assert_int_equal(dear->as.list.count, 1);
  assert_str(vals_text(dear->as.list.items[0], "code"), "K5");
  assert_int_equal(vals_number(dear->as.list.items[0], "each_cents"), 27000);
  assert_int_equal(vals_number(dear->as.list.items[0], "median_cents"), 9000);
  close_case(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(recorded_superseded_withdrawn), cmocka_unit_test(changes_are_told),
                                     cmocka_unit_test(refused), cmocka_unit_test(list_and_filters), cmocka_unit_test(health)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
