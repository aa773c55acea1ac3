/* SPDX-License-Identifier: EUPL-1.2 */
/* Layouts, loops, conditions, includes and filters, through compiled templates. */
#include "unit/view/view_test.h"
#include "ttmpl_all.h"

#include "base/mem.h"

static Arena arena;

static int set_up(void **state) {
  (void)state;
  arena_init(&arena, 0);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  arena_clear(&arena);
  return 0;
}

static Val *names(Val *map, const char *key, const char *const *texts) {
  Val *list = val_set_list(&arena, map, key);
  for (; *texts; texts++) val_set_str(&arena, val_push_map(&arena, list), "name", str_from(*texts));
  return list;
}

static Val *page_root(void) {
  Val *root = val_map(&arena);
  val_set_str(&arena, root, "who", S("<Wij>"));
  val_set_str(&arena, root, "version", S("1 2"));
  names(root, "list", (const char *const[]){"a", "b", NULL});
  return root;
}

static const char PAGE[] =
    "<!doctype html>\n<html lang=\"de\">\n<head>\n<title>Over &lt;Wij&gt; - test</title>\n"
    "<style>h1 > b { color: red }</style>\n<script src=\"/a.js?v=1%202\" defer></script>\n</head>\n"
    "<body class=\"page &lt;Wij&gt;\">\n<h1>Over &lt;Wij&gt;</h1>\n"
    "<p title=\"&lt;Wij&gt;\" data-x='&lt;Wij&gt;'>&lt;Wij&gt;</p>\n<ul>\n"
    "  <li class=\"first\">1/2 a;</li>\n  <li>2/2 b</li>\n</ul>\n<i>leeg</i>\n"
    "<nav aria-label=\"vast\">&lt;Wij&gt;&lt;Wij&gt;</nav>\n<nav aria-label=\"geen\">&lt;Wij&gt;</nav>\n"
    "</body>\n</html>\n";

static void test_layout_and_blocks(void **state) {
  (void)state;
  assert_render("page.html", page_root(), "de", PAGE);
}

static void test_attributes_by_branches(void **state) {
  (void)state;
  Val *root = val_map(&arena);
  assert_render("attributes.html", root, "nl",
                "<input name=\"n\" disabled>\n<option value=\"1\" >x</option>\n<a href=\"/doelen?page=\">y</a>\n<tr class=\"r\">\n");
  val_set_bool(&arena, root, "a", true);
  val_set_str(&arena, root, "b", S("\""));
  val_set_int(&arena, root, "n", 2);
  names(root, "list", (const char *const[]){"R&D", NULL});
  assert_render("attributes.html", root, "nl",
                "<input checked name=\"n\" value=\"&quot;\">\n<option value=\"1\" selected>x</option>\n"
                "<a href=\"/en/doelen?x=R%26D&amp;page=2\">y</a>\n<tr class=\"r R&amp;D\">\n");
}

static void test_conditions(void **state) {
  (void)state;
  Val *root = val_map(&arena);
  assert_render("conditions.html", root, "nl", "not3|-\n");
  val_set_str(&arena, root, "b", S("twee"));
  val_set_int(&arena, root, "n", 3);
  assert_render("conditions.html", root, "nl", "B2|ge-leP=\n");
  val_set_str(&arena, root, "b", S("drie"));
  val_set_double(&arena, root, "n", 3.5);
  assert_render("conditions.html", root, "nl", "else|gtge-P\n");
  val_set_bool(&arena, root, "a", true);
  val_set_str(&arena, root, "c", S("x"));
  val_set_str(&arena, root, "n", S("2.5"));
  assert_render("conditions.html", root, "nl", "A|ltle\n");
}

static void test_nested_loops_and_maps(void **state) {
  (void)state;
  Val *root = val_map(&arena), *rows = val_set_list(&arena, root, "rows");
  for (int i = 0; i < 2; i++) {
    Val *row = val_list(&arena);
    val_push(&arena, rows, row);
    val_push_str(&arena, row, S("x"));
    val_push_str(&arena, row, i ? S("z") : S("y"));
  }
  val_push(&arena, rows, val_list(&arena));
  Val *map = val_set_map(&arena, root, "map");
  val_set_int(&arena, map, "k", 1);
  val_set_str(&arena, map, "l", S("&"));
  assert_render("nested.html", root, "nl", "x,y;x,z;\nk=1 l=&amp; \n");
}

static void test_recursion(void **state) {
  (void)state;
  Val *root = val_map(&arena);
  Val *items = names(root, "items", (const char *const[]){"a", "b", NULL});
  names(items->as.list.items[0], "items", (const char *const[]){"a1", NULL});
  assert_render("self.html", root, "nl", "<ul><li>a<ul><li>a1</li></ul>\n</li><li>b</li></ul>\n");
  Buf out;
  buf_init(&out, 0);
  assert_int_equal(render_err("endless.html", root, "nl", &out), ERR_LIMIT);
  buf_clear(&out);
}

static void check_filters(const Val *v, const char *lang, const char *expected) {
  Val *root = val_map(&arena);
  Val *copy = ARENA_NEW(&arena, Val);
  *copy = *v;
  val_set(&arena, root, "v", copy);
  assert_render("filters.html", root, lang, expected);
}

/* number|number(1)|percent|percent(0)|money|date|month|count|join|default|lower|capital|slug|link|tr|urlencode */
static void test_filters(void **state) {
  (void)state;
  Val v = {.kind = VAL_INT, .as.integer = 1234567};
  check_filters(&v, "nl", "1.234.567|1.234.567,0|123.456.700%|123.456.700%|€\u00A012.345,67|1234567|1234567|0|1234567|1234567|"
                          "1234567|1234567|1234567|1234567|1234567|1234567\n");
  check_filters(&v, "en", "1,234,567|1,234,567.0|123,456,700%|123,456,700%|€12,345.67|1234567|1234567|0|1234567|1234567|"
                          "1234567|1234567|1234567|1234567|1234567|1234567\n");
  v = (Val){.kind = VAL_DOUBLE, .as.number = -0.4251};
  check_filters(&v, "de", "\u22120,43|\u22120,4|\u221242,5\u00A0%|\u221243\u00A0%|0\u00A0€|-0.4251|-0.4251|0|-0.4251|-0.4251|"
                          "-0.4251|-0.4251|0-4251|-0.4251|-0.4251|-0.4251\n");
  v = (Val){.kind = VAL_STR, .as.text = S("2013-11-15")};
  check_filters(&v, "nl", "2013-11-15|2013-11-15|2013-11-15|2013-11-15|2013-11-15|15 november 2013|november 2013|10|2013-11-15|"
                          "2013-11-15|2013-11-15|2013-11-15|2013-11-15|2013-11-15|2013-11-15|2013-11-15\n");
  v = (Val){.kind = VAL_STR, .as.text = S("Één & TWEE")};
  check_filters(&v, "nl", "Één &amp; TWEE|Één &amp; TWEE|Één &amp; TWEE|Één &amp; TWEE|Één &amp; TWEE|Één &amp; TWEE|Één &amp; TWEE|10|"
                          "Één &amp; TWEE|Één &amp; TWEE|één &amp; twee|Één &amp; TWEE|een-twee|Één &amp; TWEE|Één &amp; TWEE|"
                          "%C3%89%C3%A9n%20%26%20TWEE\n");
  v = (Val){.kind = VAL_STR, .as.text = S("/acties")};
  check_filters(&v, "de", "/acties|/acties|/acties|/acties|/acties|/acties|/acties|7|/acties|/acties|/acties|/acties|acties|"
                          "/de/acties|/acties|%2Facties\n");
  check_filters(&VAL_NOTHING, "nl", "|||||||0||-||||||\n");
  Val *list = val_list(&arena);
  val_push_str(&arena, list, S("a"));
  val_push_str(&arena, list, S("<b>"));
  check_filters(list, "nl", "|||||||2|a en &lt;b&gt;|||||||\n");
}

/* One part in three places of the HTML is three functions, each with the escape of its place. */
static void test_include_in_other_places(void **state) {
  (void)state;
  Val *root = val_map(&arena);
  val_set_str(&arena, root, "v", S("a&b c"));
  assert_render("places.html", root, "nl", "<p class=\"wa&amp;b c\"><a href=\"/x?q=wa%26b%20c\">wa&amp;b c</a></p>");
}

/* Every allocation in turn fails: the result is ERR_MEMORY or the right page, never something else. */
static void test_out_of_memory(void **state) {
  (void)state;
  Val *root = page_root();
  Err err = ERR_MEMORY;
  size_t n = 0;
  while (err == ERR_MEMORY) {
    Buf out;
    buf_init(&out, 0);
    mem_fail_at(++n, 0);
    err = render_err("page.html", root, "de", &out);
    mem_fail_at(0, 0);
    if (err == ERR_OK) assert_string_equal(buf_zstr(&out), PAGE);
    else assert_int_equal(err, ERR_MEMORY);
    buf_clear(&out);
    assert_true(n < 1000);
  }
  assert_true(n > 3);
}

static void test_limit_of_the_buffer(void **state) {
  (void)state;
  Buf out;
  buf_init(&out, 100);
  assert_int_equal(render_err("page.html", page_root(), "de", &out), ERR_LIMIT);
  buf_clear(&out);
}

static void test_unknown_page(void **state) {
  (void)state;
  Buf out;
  ErrInfo info = ERRINFO_INIT;
  buf_init(&out, 0);
  assert_int_equal(view_render("no-such.html", NULL, view_lang_at(0), &out, &info), ERR_NOT_FOUND);
  assert_non_null(strstr(info.message, "no-such.html"));
  assert_false(view_has("no-such.html"));
  buf_clear(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      CASE(test_layout_and_blocks), CASE(test_attributes_by_branches), CASE(test_conditions),
      CASE(test_nested_loops_and_maps), CASE(test_recursion), CASE(test_filters), CASE(test_include_in_other_places), CASE(test_out_of_memory),
      CASE(test_limit_of_the_buffer), CASE(test_unknown_page),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
