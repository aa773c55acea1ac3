/* SPDX-License-Identifier: EUPL-1.2 */
/* Routing, parameters, the canonical query and links, on a table of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "action/query.h"
#include "web/params.h"
#include "web/request.h"

static Err nothing(Request *req, Response *res) {
  (void)req;
  (void)res;
  return ERR_OK;
}

#define ROW(method, pattern, kind, params) \
  {method, pattern, PERM_PUBLIC, CSRF_NONE, NEEDS_NOTHING, kind, params, nothing, "nothing", NULL, "test"}

static const Route rows[] = {
  ROW(METHOD_GET, "/", KIND_PAGE, NO_PARAMS),
  ROW(METHOD_GET, "/acties", KIND_PAGE,
      PARAMS(QUERY_TEXT("q", 20, "words"), QUERY_CODES("goal", 8, 3, "goals"), QUERY_ENUM("order", "asc|desc", "asc", "order"),
             QUERY_DATE("since", "day"), QUERY_INT("page", 1, 1000, "1", "page"), QUERY_INT("size", 1, 100, "25", "size"))),
  ROW(METHOD_GET, "/acties/nieuw", KIND_PAGE, NO_PARAMS),
  ROW(METHOD_GET, "/acties/{action}", KIND_PAGE, PARAMS(PATH_CODE("action", 8, "code"))),
  ROW(METHOD_POST, "/acties/{action}", KIND_PAGE, PARAMS(PATH_CODE("action", 8, "code"))),
  ROW(METHOD_GET, "/acties/{action}/doelen/{goal}", KIND_PAGE, PARAMS(PATH_CODE("action", 8, "code"), PATH_CODE("goal", 4, "code"))),
  ROW(METHOD_GET, "/assets/{path}", KIND_ASSET, PARAMS(PATH_REST("path", 40, "file"))),
  ROW(METHOD_GET, "/api/v1/acts", KIND_API, PARAMS(QUERY_CODES("goal", 8, 3, "goals"), QUERY_INT("page", 1, 1000, "1", "page"))),
};
static const RouteTable table = {rows, sizeof rows / sizeof rows[0]};

static Arena arena;

static Err parse(Request *req, const char *path, const char *query) {
  RouteMatch match;
  arena_clear(&arena);
  memset(req, 0, sizeof *req);
  route_match(&table, METHOD_GET, str_from(path), &match);
  assert_non_null(match.route);
  req->route = match.route;
  req->arena = &arena;
  req->path = str_from(path);
  req->prefix = S("/en");
  return request_params(req, &match, str_from(query));
}

static const char *pattern_of(WebMethod method, const char *path) {
  RouteMatch match;
  route_match(&table, method, str_from(path), &match);
  return match.route ? match.route->pattern : match.other_method ? "405" : "404";
}

static void test_match(void **state) {
  (void)state;
  assert_string_equal(pattern_of(METHOD_GET, "/"), "/");
  assert_string_equal(pattern_of(METHOD_GET, "/acties"), "/acties");
  assert_string_equal(pattern_of(METHOD_GET, "/acties/nieuw"), "/acties/nieuw");
  assert_string_equal(pattern_of(METHOD_GET, "/acties/nn-1"), "/acties/{action}");
  assert_string_equal(pattern_of(METHOD_POST, "/acties/nn-1"), "/acties/{action}");
  assert_string_equal(pattern_of(METHOD_POST, "/acties/nieuw"), "/acties/{action}");
  assert_string_equal(pattern_of(METHOD_POST, "/acties"), "405");
  assert_string_equal(pattern_of(METHOD_GET, "/acties/a/doelen/1c"), "/acties/{action}/doelen/{goal}");
  assert_string_equal(pattern_of(METHOD_GET, "/acties/a/doelen"), "404");
  assert_string_equal(pattern_of(METHOD_GET, "/acties/"), "404");
  assert_string_equal(pattern_of(METHOD_GET, "/Acties"), "404");
  assert_string_equal(pattern_of(METHOD_GET, "/actie"), "404");
  assert_string_equal(pattern_of(METHOD_GET, ""), "404");
  assert_string_equal(pattern_of(METHOD_GET, "/assets/a/b/c.css"), "/assets/{path}");
  assert_string_equal(pattern_of(METHOD_GET, "/assets/"), "404");
}

static void test_values(void **state) {
  Request req;
  (void)state;
  assert_int_equal(parse(&req, "/acties", "q=+caf%C3%A9+&goal=1c&goal=2,1c,3&since=2013-11-15&page=7"), ERR_OK);
  assert_true(str_eq(req_str(&req, "q"), S("caf\xc3\xa9")));
  assert_int_equal(req_count(&req, "goal"), 3);
  assert_true(str_eq(req_at(&req, "goal", 0), S("1c")));
  assert_true(str_eq(req_at(&req, "goal", 2), S("3")));
  assert_null(req_at(&req, "goal", 3).ptr);
  assert_int_equal(req_int(&req, "page"), 7);
  assert_int_equal(req_int(&req, "size"), 25);
  assert_false(req_has(&req, "size"));
  assert_true(str_eq(req_str(&req, "order"), S("asc")));
  assert_int_equal(req_date(&req, "since"), day_from_civil(2013, 11, 15));
  assert_int_equal(parse(&req, "/acties", ""), ERR_OK);
  assert_null(req_str(&req, "q").ptr);
  assert_int_equal(req_date(&req, "since"), DAY_NONE);
  assert_int_equal(parse(&req, "/acties/nn-1", ""), ERR_OK);
  assert_true(str_eq(req_str(&req, "action"), S("nn-1")));
  assert_null(req.misuse);
}

/* Asking for what the route does not declare gives nothing and marks the request as our mistake. */
static void test_undeclared(void **state) {
  Request req;
  (void)state;
  assert_int_equal(parse(&req, "/acties/nn-1", "q=geheim"), ERR_OK);
  assert_null(req_str(&req, "q").ptr);
  assert_string_equal(req.misuse, "q");
  assert_int_equal(parse(&req, "/acties", ""), ERR_OK);
  assert_int_equal(req_count(&req, "nothere"), 0);
  assert_string_equal(req.misuse, "nothere");
  assert_int_equal(parse(&req, "/acties", ""), ERR_OK);
  assert_null(req_link_set(&req, "nothere", S("1")).ptr);
  assert_string_equal(req.misuse, "nothere");
}

static void refused(const char *path, const char *query, const char *column) {
  Request req;
  Err err = parse(&req, path, query);
  if (err != ERR_USAGE) print_error("%s?%s\n", path, query);
  assert_int_equal(err, ERR_USAGE);
  assert_string_equal(req.info.column, column);
  assert_true(req.info.message[0] != '\0');
}

static void test_refused(void **state) {
  Request req;
  (void)state;
  refused("/acties", "page=0", "page");
  refused("/acties", "page=1001", "page");
  refused("/acties", "page=x", "page");
  refused("/acties", "page=1&page=2", "page");
  refused("/acties", "page=99999999999999999999999", "page");
  refused("/acties", "goal=1,2,3,4", "goal");
  refused("/acties", "goal=%3Cscript%3E", "goal");
  refused("/acties", "goal=123456789", "goal");
  refused("/acties", "q=123456789012345678901", "q");
  refused("/acties", "q=a&q=b", "q");
  refused("/acties", "order=up", "order");
  refused("/acties", "since=2013-02-30", "since");
  refused("/acties", "q=%zz", "");
  refused("/acties", "q=%00", "");
  refused("/acties", "q=%ff", "");
  refused("/api/v1/acts", "gaol=1c", "gaol");
  refused("/api/v1/acts", "GOAL=1c", "GOAL");
  /* a code that cannot exist is an item that does not exist */
  assert_int_equal(parse(&req, "/acties/123456789", ""), ERR_NOT_FOUND);
  assert_int_equal(parse(&req, "/acties/a%20b", ""), ERR_NOT_FOUND);
  /* a page leaves strange parameters alone */
  assert_int_equal(parse(&req, "/acties", "utm_source=nieuwsbrief&goal=1"), ERR_OK);
  assert_true(str_eq(req_query(&req), S("goal=1")));
}

static void test_too_many_pairs(void **state) {
  Request req;
  Buf text;
  (void)state;
  buf_init(&text, 0);
  for (int i = 0; i < QUERY_PAIRS_MAX + 1; i++) buf_cstr(&text, "x=1&");
  assert_int_equal(parse(&req, "/acties", buf_zstr(&text)), ERR_USAGE);
  buf_clear(&text);
}

static void canonical(const char *query, const char *expected) {
  Request req;
  assert_int_equal(parse(&req, "/acties", query), ERR_OK);
  if (!str_eq(req_query(&req), str_from(expected))) print_error("%s: " STR_FMT "\n", query, STR_ARG(req_query(&req)));
  assert_true(str_eq(req_query(&req), str_from(expected)));
}

static void test_canonical(void **state) {
  (void)state;
  canonical("", "");
  canonical("&&&", "");
  canonical("q=&goal=&page=1&size=25&order=asc", "");
  canonical("page=2&goal=2&q=a+b&goal=1", "q=a%20b&goal=2&goal=1&page=2");
  canonical("goal=2%2C1", "goal=2&goal=1");
  canonical("order=desc", "order=desc");
  canonical("q=%26%3d%23", "q=%26%3D%23");
}

static void link_is(Str got, const char *expected) {
  if (!str_eq(got, str_from(expected))) print_error(STR_FMT " is not %s\n", STR_ARG(got), expected);
  assert_true(str_eq(got, str_from(expected)));
}

static void test_links(void **state) {
  Request req;
  (void)state;
  assert_int_equal(parse(&req, "/acties", "q=a%26b&goal=1&goal=2&page=3&size=50"), ERR_OK);
  link_is(req_link_set(&req, "page", S("4")), "/en/acties?q=a%26b&goal=1&goal=2&page=4&size=50");
  link_is(req_link_set(&req, "page", S("1")), "/en/acties?q=a%26b&goal=1&goal=2&size=50");
  link_is(req_link_set(&req, "q", STR_NONE), "/en/acties?goal=1&goal=2&size=50");
  link_is(req_link_add(&req, "goal", S("3")), "/en/acties?q=a%26b&goal=1&goal=2&goal=3&size=50");
  link_is(req_link_add(&req, "goal", S("2")), "/en/acties?q=a%26b&goal=1&goal=2&size=50");
  link_is(req_link_without(&req, "goal", S("1")), "/en/acties?q=a%26b&goal=2&size=50");
  link_is(req_link_set(&req, "goal", STR_NONE), "/en/acties?q=a%26b&size=50");
  link_is(req_link_to(&req, S("/acties.csv")), "/en/acties.csv?q=a%26b&goal=1&goal=2");
  link_is(req_link_to(&req, S("/api/v1/actions")), "/api/v1/actions?q=a%26b&goal=1&goal=2");
  assert_null(req.misuse);
}

/* The filters that pages and API share are those the list of actions knows. */
static void test_action_params(void **state) {
  static const ParamSpec filters[] = {PARAMS_ACTION_FILTERS, PARAMS_ACTION_ORDER, PARAMS_PAGING};
  static const char *const dims[] = {
#define DIMENSION(NAME, param, label) #param,
#include "action/dimensions.def"
#undef DIMENSION
  };
  (void)state;
  for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) {
    bool declared = false;
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) declared = declared || strcmp(filters[i].name, dims[d]) == 0;
    if (!declared) print_error("dimension %s is not a parameter\n", dims[d]);
    assert_true(declared);
  }
  static const char sorts[] = ""
#define SORT(NAME, param, label, descending) "|" #param
#include "action/sorts.def"
#undef SORT
  ;
  for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
    if (strcmp(filters[i].name, "sort") == 0) assert_string_equal(filters[i].choices, sorts + 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_match), cmocka_unit_test(test_values), cmocka_unit_test(test_undeclared), cmocka_unit_test(test_refused),
    cmocka_unit_test(test_too_many_pairs), cmocka_unit_test(test_canonical), cmocka_unit_test(test_links), cmocka_unit_test(test_action_params)};
  arena_init(&arena, 0);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_clear(&arena);
  return failed;
}
