/* SPDX-License-Identifier: EUPL-1.2 */
/* The program's own table of routes: what every row must keep to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "web/api/api.h"
#include "web/request.h"
#include "web/url.h"

static void fail_row(const Route *route, const char *what) {
  print_error("%s: %s\n", route->pattern, what);
  fail();
}

/* Whether the pattern has a segment {name}, perhaps with a suffix. */
static bool in_pattern(const char *pattern, const char *name) {
  Str rest = str_from(pattern), segment;
  while (str_cut(&rest, '/', &segment))
    if (segment.len > 2 && segment.ptr[0] == '{' && str_eq(str_slice(segment, 1, str_find_char(segment, '}')), str_from(name))) return true;
  return false;
}

static size_t braces(const char *pattern) {
  size_t count = 0;
  for (const char *c = pattern; *c; c++) count += *c == '{';
  return count;
}

static void test_rows(void **state) {
  (void)state;
  assert_true(WEB_ROUTES.count > 30);
  for (size_t i = 0; i < WEB_ROUTES.count; i++) {
    const Route *route = &WEB_ROUTES.routes[i];
    size_t path_params = 0;
    if (!url_path_sane(str_from(route->pattern)) && !strchr(route->pattern, '{')) fail_row(route, "not a path");
    if (route->pattern[1] && route->pattern[strlen(route->pattern) - 1] == '/') fail_row(route, "slash at the end");
    if (!route->handler || !route->summary[0]) fail_row(route, "no handler or summary");
    if (route->permission != PERM_PUBLIC && route->permission != PERM_OPERATOR) fail_row(route, "no permission");
    if (route->method == METHOD_POST && route->csrf != CSRF_CHECK) fail_row(route, "changes something without CSRF check");
    if (route->param_count > ROUTE_PARAMS_MAX) fail_row(route, "too many parameters");
    if ((route->kind == KIND_API) != (strncmp(route->pattern, "/api/", 5) == 0)) fail_row(route, "API outside /api or reverse");
    for (size_t j = 0; j < route->param_count; j++) path_params += route->params[j].where == IN_PATH;
    if (path_params != braces(route->pattern)) fail_row(route, "path parameters and pattern differ");
    for (size_t j = i + 1; j < WEB_ROUTES.count; j++)
      if (WEB_ROUTES.routes[j].method == route->method && strcmp(WEB_ROUTES.routes[j].pattern, route->pattern) == 0) fail_row(route, "twice");
  }
}

static void check_param(const Route *route, size_t index) {
  const ParamSpec *spec = &route->params[index];
  Str rest = str_from(spec->choices), choice;
  bool standard_is_choice = !spec->standard || spec->type != PARAM_ENUM;
  if (!spec->help[0] || spec->max_len == 0 || spec->max_values == 0) fail_row(route, spec->name);
  if (spec->where == IN_PATH && !in_pattern(route->pattern, spec->name)) fail_row(route, spec->name);
  if ((spec->type == PARAM_ENUM) != (spec->choices != NULL)) fail_row(route, spec->name);
  if (spec->type == PARAM_INT && spec->min > spec->max) fail_row(route, spec->name);
  for (const char *c = spec->name; *c; c++)
    if (*c == '_' || *c == '-') fail_row(route, "parameter is not camelCase");
  while (str_cut(&rest, '|', &choice)) standard_is_choice = standard_is_choice || str_eq(choice, str_from(spec->standard));
  if (!standard_is_choice) fail_row(route, spec->name);
  for (size_t j = index + 1; j < route->param_count; j++)
    if (strcmp(route->params[j].name, spec->name) == 0) fail_row(route, "parameter declared twice");
}

static void test_params(void **state) {
  (void)state;
  for (size_t i = 0; i < WEB_ROUTES.count; i++)
    for (size_t j = 0; j < WEB_ROUTES.routes[i].param_count; j++) check_param(&WEB_ROUTES.routes[i], j);
}

/* Every pattern leads to its own row when asked for with any values. */
static void test_reachable(void **state) {
  (void)state;
  for (size_t i = 0; i < WEB_ROUTES.count; i++) {
    char path[200];
    size_t len = 0;
    bool inside = false;
    for (const char *c = WEB_ROUTES.routes[i].pattern; *c; c++) {
      if (*c == '{') inside = true;
      if (!inside || *c == '}') path[len++] = *c == '}' ? 'x' : *c;
      if (*c == '}') inside = false;
    }
    RouteMatch match;
    route_match(&WEB_ROUTES, WEB_ROUTES.routes[i].method, (Str){path, len}, &match);
    assert_ptr_equal(match.route, &WEB_ROUTES.routes[i]);
  }
}

static void test_schemas(void **state) {
  (void)state;
  for (size_t i = 0; i < WEB_ROUTES.count; i++) {
    const Route *route = &WEB_ROUTES.routes[i];
    Str name = str_from(route->schema);
    if (!name.len) continue;
    bool list = str_ends(name, S("[]"));
    SchemaId schema = schema_find(list ? str_slice(name, 0, name.len - 2) : name);
    if (schema == SCHEMA_ROWS) fail_row(route, "unknown schema");
    if (list && (!route_param(route, S("page")) || !route_param(route, S("size")))) fail_row(route, "a list without paging");
  }
  for (size_t i = 0; i < SCHEMA_ROWS; i++) {
    const SchemaRow *row = &SCHEMA_TABLE[i];
    if (row->kind == ROW_PART || row->kind == ROW_LIST) assert_int_equal(SCHEMA_TABLE[row->part].kind, ROW_SCHEMA);
    assert_true(row->description[0] != '\0');
    /* contact details stay inside, whatever a value holds */
    if (row->kind != ROW_SCHEMA) assert_null(strstr(row->key, "contact"));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_params), cmocka_unit_test(test_reachable),
                                     cmocka_unit_test(test_schemas)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
