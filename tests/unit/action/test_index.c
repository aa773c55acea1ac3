/* SPDX-License-Identifier: EUPL-1.2 */
/* The snapshot of actions: filters, words, counts and orders, by hand and against SQL on random pacts. */
#include "fixture.h"

#include "action/actions.h"
#include "base/log.h"

typedef struct Case {
  Fixture fixture;
  Store *store;
  ActionIndex *index;
  Arena arena;
} Case;

static void open_index(Case *c) {
  ErrInfo info = ERRINFO_INIT;
  assert_ok(store_open(&c->store, c->fixture.path, STORE_READ, &info));
  assert_ok(action_index_new(&c->index, c->store, &info));
  arena_init(&c->arena, 0);
}

static void close_case(Case *c) {
  action_index_release(c->index);
  store_close(c->store);
  arena_clear(&c->arena);
  fixture_close(&c->fixture);
}

static void setup(Case *c) {
  fixture_open(&c->fixture);
  Fixture *f = &c->fixture;
  fixture_action(f, "A-2", "Girlsday: meisjes kiezen techniek", "kiezen", "uwv", "1a", "LD01");
  fixture_action(f, "A-10", "Techniekdagen voor jongeren", "kiezen", "noorderpoort", "1a 2", "PV20 GM0003");
  fixture_action(f, "A-1", "Lassen in de bètales", "leren", NULL, "1", "GM0140");
  fixture_action(f, "A-3", "Omscholing tot lasser", NULL, "hanze", "", "GM1979");
  fixture_action(f, "A-4", "Overleg", "werken", "uwv", "6b", "");
  fixture_sql(f, "INSERT INTO action_education_sector(action,education_sector,source,seq) VALUES('A-1','VMBO','doc',1),('A-2','PO','doc',2)");
  fixture_sql(f, "UPDATE action SET description='Met jongens en meisjes in het bedrijf', kind='activity', status='running' WHERE code='A-10'");
  open_index(c);
}

/* The codes a query gives, in order, parted by spaces. */
static const char *found(Case *c, const char *address, char *out) {
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  ActionResult result;
  action_query_init(&query);
  Str rest = str_from(address), part;
  while (rest.len && str_cut(&rest, '&', &part)) {
    Str name = part, value = part;
    str_cut(&value, '=', &name);
    assert_ok(action_query_set(&query, name, value, &info));
  }
  assert_ok(action_search(c->index, &query, &c->arena, &result, &info));
  out[0] = '\0';
  for (size_t i = 0; i < result.count; i++) {
    Str code = action_index_code(c->index, result.ids[i]);
    snprintf(out + strlen(out), 200 - strlen(out), "%s" STR_FMT, i ? " " : "", STR_ARG(code));
  }
  return out;
}

#define assert_found(c, address, codes) do { char out_[200]; assert_string_equal(found(c, address, out_), codes); } while (0)

static void filters(void **state) {
  Case c;
  (void)state;
  setup(&c);
  assert_found(&c, "", "A-1 A-2 A-3 A-4 A-10");
  assert_found(&c, "line=kiezen", "A-2 A-10");
  assert_found(&c, "line=kiezen&line=werken", "A-2 A-4 A-10");
  assert_found(&c, "line=none", "A-3");
  assert_found(&c, "goal=1", "A-1 A-2 A-10");
  assert_found(&c, "goal=1-direct", "A-1");
  assert_found(&c, "goal=1a&line=kiezen&owner=uwv", "A-2");
  assert_found(&c, "goal=none", "A-3");
  assert_found(&c, "education=PO", "A-2");
  assert_found(&c, "status=running", "A-10");
  assert_found(&c, "missing=owner", "A-1");
  assert_found(&c, "missing=goals&missing=regions", "A-3 A-4");
  close_case(&c);
}

static void regions_by_year(void **state) {
  Case c;
  (void)state;
  setup(&c);
  assert_int_equal(action_index_latest_year(c.index), 2021);
  assert_found(&c, "region=LD01", "A-1 A-2 A-3 A-10");
  assert_found(&c, "region=PV20", "A-3 A-10");
  assert_found(&c, "region=PV21", "A-1");
  assert_found(&c, "region=GM1979", "A-3 A-10");               /* Appingedam went up in Eemsdelta */
  assert_found(&c, "region=GM0003&year=2013", "A-3 A-10");     /* and Eemsdelta was Appingedam among others */
  assert_found(&c, "region=GM0010&year=2013", "A-3");
  assert_found(&c, "region=GM0080", "A-1");                    /* Littenseradiel was divided */
  assert_found(&c, "region=GM1900", "A-1");
  assert_found(&c, "region=GM0080&year=2013", "");
  assert_found(&c, "region=GM0140&year=2017", "A-1");
  assert_found(&c, "reach=LD01", "A-2");
  assert_found(&c, "reach=PV20", "A-10");
  assert_found(&c, "reach=PV20-local", "A-3 A-10");
  assert_found(&c, "reach=none", "A-4");
  assert_found(&c, "region=CR01&year=2013", "A-3 A-10");
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  ActionResult result;
  action_query_init(&query);
  assert_ok(action_query_set(&query, S("region"), S("GM0003"), &info));
  assert_int_equal(action_search(c.index, &query, &c.arena, &result, &info), ERR_USAGE);  /* not a municipality of 2021 */
  assert_string_equal(info.column, "region");
  close_case(&c);
}

static void words(void **state) {
  Case c;
  (void)state;
  setup(&c);
  assert_found(&c, "q=meisje", "A-2 A-10");          /* stem; in the title before the description */
  assert_found(&c, "q=MEISJES jongen", "A-10");
  assert_found(&c, "q=betales", "A-1");              /* without diacritics */
  assert_found(&c, "q=bètalessen", "A-1");
  assert_found(&c, "q=techniekd", "A-10");           /* the last word may be a beginning */
  assert_found(&c, "q=techniekd jongeren", "");
  assert_found(&c, "q=noorderpoort", "A-10");        /* the owner's name */
  assert_found(&c, "q=eemsdelta", "A-3");            /* the reach's name */
  assert_found(&c, "q=\"A-3\"", "A-3");
  assert_found(&c, "q=a-10", "A-10");
  assert_found(&c, "q=de het een", "A-1 A-2 A-3 A-4 A-10");
  assert_found(&c, "q=xyzzy", "");
  assert_found(&c, "q=\"\"", "A-1 A-2 A-3 A-4 A-10");
  assert_found(&c, "q=lassen&line=leren", "A-1");
  assert_found(&c, "q=lass&line=none", "A-3");
  close_case(&c);
}

static void orders_and_pages(void **state) {
  Case c;
  (void)state;
  setup(&c);
  assert_found(&c, "sort=title", "A-2 A-1 A-3 A-4 A-10");
  assert_found(&c, "sort=title&order=desc", "A-10 A-4 A-3 A-1 A-2");
  assert_found(&c, "sort=line", "A-2 A-10 A-1 A-4 A-3");
  assert_found(&c, "size=2", "A-1 A-2");
  assert_found(&c, "size=2&page=3", "A-10");
  assert_found(&c, "size=2&page=4", "");
  assert_found(&c, "q=meisjes&size=1&page=2", "A-10");
  close_case(&c);
}

static size_t facet_count(const ActionResult *result, ActionDim dim, const char *code) {
  for (size_t i = 0; i < result->facets[dim].count; i++)
    if (str_eq(result->facets[dim].values[i].code, str_from(code))) return result->facets[dim].values[i].count;
  return 9999;
}

static void facets(void **state) {
  Case c;
  (void)state;
  setup(&c);
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  ActionResult result;
  action_query_init(&query);
  assert_ok(action_query_set(&query, S("line"), S("kiezen"), &info));
  assert_ok(action_search(c.index, &query, &c.arena, &result, &info));
  assert_int_equal(result.total, 2);
  assert_int_equal(facet_count(&result, ACTION_DIM_LINE, "leren"), 1);    /* own choice does not restrict own counts */
  assert_int_equal(facet_count(&result, ACTION_DIM_LINE, "none"), 1);
  assert_int_equal(facet_count(&result, ACTION_DIM_GOAL, "1a"), 2);
  assert_int_equal(facet_count(&result, ACTION_DIM_GOAL, "4"), 0);        /* shown as a white spot */
  assert_int_equal(facet_count(&result, ACTION_DIM_OWNER, "hanze"), 9999);/* left out */
  assert_int_equal(facet_count(&result, ACTION_DIM_REGION, "PV20"), 1);
  assert_int_equal(facet_count(&result, ACTION_DIM_REGION, "GM1979"), 1);
  close_case(&c);
}

static void canonical_address(void **state) {
  (void)state;
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  Buf buf;
  buf_init(&buf, 0);
  action_query_init(&query);
  action_query_url(&query, true, &buf);
  assert_int_equal(buf.len, 0);
  assert_ok(action_query_set(&query, S("goal"), S("2"), &info));
  assert_ok(action_query_set(&query, S("goal"), S("1c"), &info));
  assert_ok(action_query_set(&query, S("goal"), S("2"), &info));
  assert_ok(action_query_set(&query, S("q"), S("a&b é"), &info));
  assert_ok(action_query_set(&query, S("page"), S("3"), &info));
  action_query_url(&query, true, &buf);
  assert_str(buf_view(&buf), "q=a%26b%20%C3%A9&goal=1c&goal=2&page=3");
  assert_int_equal(action_query_set(&query, S("page"), S("0"), &info), ERR_USAGE);
  assert_int_equal(action_query_set(&query, S("size"), S("1001"), &info), ERR_USAGE);
  assert_int_equal(action_query_set(&query, S("nonsense"), S("1"), &info), ERR_USAGE);
  assert_int_equal(action_query_set(&query, S("sort"), S("sideways"), &info), ERR_USAGE);
  buf_clear(&buf);
}

static void values(void **state) {
  Case c;
  (void)state;
  setup(&c);
  ErrInfo info = ERRINFO_INIT;
  Val *detail = NULL, *search = NULL;
  assert_ok(action_detail(c.store, c.index, S("A-10"), &c.arena, &detail, &info));
  assert_str(val_get(detail, S("title"))->as.text, "Techniekdagen voor jongeren");
  assert_str(val_get(val_get(detail, S("owner")), S("label"))->as.text, "Noorderpoort");
  assert_int_equal(val_get(detail, S("goals"))->as.list.count, 2);
  assert_int_equal(val_get(detail, S("quality"))->kind, VAL_NULL);
  assert_int_equal(action_detail(c.store, c.index, S("Z"), &c.arena, &detail, &info), ERR_NOT_FOUND);
  ActionQuery query;
  action_query_init(&query);
  query.page_size = 2;
  query.page = 2;
  assert_ok(action_search_val(c.store, c.index, &query, &c.arena, &search, &info));
  assert_int_equal(val_get(search, S("total"))->as.integer, 5);
  assert_int_equal(val_get(search, S("first"))->as.integer, 3);
  assert_str(val_get(val_get(search, S("pager")), S("next"))->as.text, "size=2&page=3");
  assert_str(val_get(val_get(search, S("pager")), S("previous"))->as.text, "size=2");
  assert_int_equal(val_get(search, S("actions"))->as.list.count, 2);
  close_case(&c);
}

static void empty_pact(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  open_index(&c);
  assert_found(&c, "", "");
  assert_found(&c, "q=iets&line=kiezen", "");
  assert_found(&c, "sort=title&page=2", "");
  close_case(&c);
}

static void notices_changes(void **state) {
  Case c;
  (void)state;
  setup(&c);
  ErrInfo info = ERRINFO_INIT;
  bool fresh = false;
  ActionCache *cache = NULL;
  assert_ok(action_index_fresh(c.index, c.store, &fresh, &info));
  assert_true(fresh);
  assert_ok(action_cache_new(&cache, c.fixture.path, 0, &info));
  fixture_action(&c.fixture, "A-11", "Nieuw", NULL, NULL, "", "");
  assert_ok(action_index_fresh(c.index, c.store, &fresh, &info));
  assert_false(fresh);
  ActionIndex *index = action_cache_get(cache);
  assert_int_equal(action_index_count(index), 6);
  action_cache_free(cache);
  assert_int_equal(action_index_count(index), 6);  /* a reference outlives the cache */
  action_index_release(index);
  close_case(&c);
}

/* Every count of every filter on a random pact, against SQL that knows nothing of the snapshot. */
static size_t sql_count(Fixture *f, const char *sql, const char *value) {
  sqlite3_stmt *stmt;
  assert_int_equal(sqlite3_prepare_v2(f->db, sql, -1, &stmt, NULL), SQLITE_OK);
  sqlite3_bind_text(stmt, 1, value, -1, SQLITE_TRANSIENT);
  assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
  size_t count = (size_t)sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  return count;
}

static void against_sql(void **state) {
  static const struct { ActionDim dim; const char *sql; } dims[] = {
      {ACTION_DIM_LINE, "SELECT count(*) FROM action WHERE line IS ?1 OR (?1='none' AND line IS NULL)"},
      {ACTION_DIM_OWNER, "SELECT count(*) FROM action WHERE owner IS ?1 OR (?1='none' AND owner IS NULL)"},
      {ACTION_DIM_GOAL, "SELECT count(*) FROM action a WHERE CASE WHEN ?1='none' THEN NOT EXISTS(SELECT 1 FROM action_goal WHERE action=a.code)"
                        " ELSE EXISTS(SELECT 1 FROM action_goal l JOIN goal g ON g.code=l.goal WHERE l.action=a.code AND"
                        " (g.code=?1 OR g.parent=?1 OR g.code||'-direct'=?1)) END"}};
  for (unsigned seed = 1; seed <= 4; seed++) {
    Case c;
    (void)state;
    fixture_open(&c.fixture);
    c.fixture.state = seed;
    fixture_random_actions(&c.fixture, seed == 4 ? 700 : 63 + seed);  /* around the width of a word, and both kinds of set */
    open_index(&c);
    ErrInfo info = ERRINFO_INIT;
    ActionQuery query;
    ActionResult result;
    action_query_init(&query);
    assert_ok(action_search(c.index, &query, &c.arena, &result, &info));
    for (size_t d = 0; d < 3; d++)
      for (size_t i = 0; i < result.facets[dims[d].dim].count; i++) {
        const ActionFacetValue *value = &result.facets[dims[d].dim].values[i];
        char code[32];
        size_t count;
        snprintf(code, sizeof code, STR_FMT, STR_ARG(value->code));
        assert_int_equal(value->count, sql_count(&c.fixture, dims[d].sql, code));
        ActionQuery one;
        action_query_init(&one);
        assert_ok(action_query_add(&one, dims[d].dim, value->code, &info));
        assert_ok(action_count(c.index, &one, &count, &info));
        assert_int_equal(count, value->count);
      }
    close_case(&c);
  }
}

/* Relevance gives every match once, whatever the page size. */
static void pages_of_relevance(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  fixture_random_actions(&c.fixture, 500);
  open_index(&c);
  ErrInfo info = ERRINFO_INIT;
  ActionQuery query;
  ActionResult whole, part;
  action_query_init(&query);
  query.text = S("techniekdag");
  query.page_size = 1000;
  assert_ok(action_search(c.index, &query, &c.arena, &whole, &info));
  assert_true(whole.total > 50);
  query.page_size = 7;
  size_t at = 0;
  for (query.page = 1; query.page <= (int64_t)(whole.total + 6) / 7; query.page++) {
    assert_ok(action_search(c.index, &query, &c.arena, &part, &info));
    for (size_t i = 0; i < part.count; i++) assert_int_equal(part.ids[i], whole.ids[at++]);
  }
  assert_int_equal(at, whole.total);
  close_case(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(filters), cmocka_unit_test(regions_by_year), cmocka_unit_test(words),
      cmocka_unit_test(orders_and_pages), cmocka_unit_test(facets), cmocka_unit_test(canonical_address),
      cmocka_unit_test(values), cmocka_unit_test(empty_pact), cmocka_unit_test(notices_changes),
      cmocka_unit_test(against_sql), cmocka_unit_test(pages_of_relevance),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
