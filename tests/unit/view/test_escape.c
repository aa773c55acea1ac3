/* SPDX-License-Identifier: EUPL-1.2 */
/* What hostile values become in each kind of place, through compiled templates. */
#include "unit/view/view_test.h"
#include "ttmpl_all.h"

/* A page with member v; the bytes may hold NUL. */
static void check(const char *page, Str value, const char *expected) {
  Arena arena;
  arena_init(&arena, 0);
  Val *root = val_map(&arena);
  val_set_str(&arena, root, "v", value);
  assert_render(page, root, "en", expected);
  arena_clear(&arena);
}

static void test_text(void **state) {
  (void)state;
  check("text.html", S("</script><b>&amp;'\""), "<p>&lt;/script&gt;&lt;b&gt;&amp;amp;&#39;&quot;</p>\n");
  check("text.html", S("a\0b\x01\x7F\t\n"), "<p>a\xEF\xBF\xBD"
                                           "b\xEF\xBF\xBD\xEF\xBF\xBD\t\n</p>\n");
  check("text.html", S("\xFFx\xC3"), "<p>\xEF\xBF\xBDx\xEF\xBF\xBD</p>\n");
  check("text.html", S("\xC0\xBCscript>"), "<p>\xEF\xBF\xBD\xEF\xBF\xBDscript&gt;</p>\n");
  check("text.html", S("\xED\xA0\x80\xF5\x80"), "<p>\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD</p>\n");
  check("text.html", S("\xC2\x85"), "<p>\xEF\xBF\xBD</p>\n");
  check("text.html", S("Fryslân \u2028 \U0001F600"), "<p>Fryslân \u2028 \U0001F600</p>\n");
  check("rcdata.html", S("</textarea><script>"), "<textarea>&lt;/textarea&gt;&lt;script&gt;</textarea>");
  check("raw.html", S("<b>&"), "<div><b>&</div>");
}

static void test_attribute(void **state) {
  (void)state;
  check("attr.html", S("\" onload=\"alert(1)"), "<a title=\"&quot; onload=&quot;alert(1)\">");
  check("attr_single.html", S("' onload='x"), "<a title='&#39; onload=&#39;x'>");
  check("attr.html", S(""), "<a title=\"\">");
}

static void test_url_scheme(void **state) {
  (void)state;
  static const char *const blocked[] = {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " \n javascript:x", "java\tscript:x",
                                        "java\nscript:x", "data:text/html,<script>", "vbscript:x", "\x01javascript:x",
                                        ":alert(1)", "blob:x", "javascript\xC2\xA0:x", "file:///etc/passwd"};
  for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++) check("url.html", str_from(blocked[i]), "<a href=\"#\">");
  check("url.html", S("https://example.org/a?b=c&d=e#f"), "<a href=\"https://example.org/a?b=c&amp;d=e#f\">");
  check("url.html", S("HTTP://example.org"), "<a href=\"HTTP://example.org\">");
  check("url.html", S("mailto:a@b.nl"), "<a href=\"mailto:a@b.nl\">");
  check("url.html", S("/doelen/1c"), "<a href=\"/doelen/1c\">");
  check("url.html", S("?a=b:c"), "<a href=\"?a=b:c\">");
  check("url.html", S("a/b:c"), "<a href=\"a/b:c\">");
  check("url.html", S("\" onclick=\"x"), "<a href=\"%22%20onclick=%22x\">");
  check("url_two.html", S("script:alert(1)"), "<a href=\"/en#\">");
  check("url_two.html", S("/doelen"), "<a href=\"/en/doelen\">");
}

static void test_url_parts(void **state) {
  (void)state;
  check("url_path.html", S("a b/ü<'\">"), "<a href=\"/x/a%20b/%C3%BC%3C%27%22%3E\">");
  check("url_path.html", S("100%25 50%"), "<a href=\"/x/100%25%2050%25\">");
  check("url_path.html", S("javascript:x"), "<a href=\"/x/javascript:x\">");
  check("url_query.html", S("R&D=1+1#?é"),
        "<a href=\"/x?q=R%26D%3D1%2B1%23%3F%C3%A9&amp;r=R%26D%3D1%2B1%23%3F%C3%A9#R&amp;D=1+1#?%C3%A9\">");
  check("url_query.html", S("a\0b"), "<a href=\"/x?q=a%00b&amp;r=a%00b#a%00b\">");
}

static void test_json(void **state) {
  (void)state;
  check("json.html", S("</script><!--"),
        "<script type=\"application/json\">{\"a\": \"\\u003c/script\\u003e\\u003c!--\", \"b\": "
        "[\"\\u003c/script\\u003e\\u003c!--\", null]}</script>");
  check("json.html", S("A\"\\\u2028\u2029&'"),
        "<script type=\"application/json\">{\"a\": \"A\\\"\\\\\\u2028\\u2029\\u0026'\", \"b\": "
        "[\"a\\\"\\\\\\u2028\\u2029\\u0026'\", null]}</script>");
  check("json.html", S("\0\x1F"), "<script type=\"application/json\">{\"a\": \"\\u0000\\u001f\", \"b\": "
                                  "[\"\\u0000\\u001f\", null]}</script>");
}

static void test_other_kinds(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  Val *root = val_map(&arena);
  val_set_int(&arena, root, "v", -1200);
  assert_render("text.html", root, "nl", "<p>-1200</p>\n");
  assert_render("json.html", root, "nl", "<script type=\"application/json\">{\"a\": -1200, \"b\": [-1200, null]}</script>");
  val_set_double(&arena, root, "v", 0.25);
  assert_render("text.html", root, "nl", "<p>0.25</p>\n");
  val_set_bool(&arena, root, "v", false);
  assert_render("attr.html", root, "nl", "<a title=\"false\">");
  val_set_null(&arena, root, "v");
  assert_render("text.html", root, "nl", "<p></p>\n");
  val_set_list(&arena, root, "v");
  assert_render("text.html", root, "nl", "<p></p>\n");
  assert_render("text.html", NULL, "nl", "<p></p>\n");
  arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_text), cmocka_unit_test(test_attribute), cmocka_unit_test(test_url_scheme),
      cmocka_unit_test(test_url_parts), cmocka_unit_test(test_json), cmocka_unit_test(test_other_kinds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
