/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads the plain-text cases of tests/table/action_*.txt: what people write in cells, and what is made of it. */
#include "fixture.h"

#include "action/cells.h"
#include "base/file.h"

typedef bool (*Check)(Arena *arena, Str cell, Str kind, Buf *found);

static Str unescaped(Arena *arena, Str text) {
  char *out = arena_alloc(arena, text.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] == '\\' && i + 1 < text.len && text.ptr[i + 1] == 'n') out[n++] = '\n', i++;
    else out[n++] = text.ptr[i];
  return (Str){out, n};
}

static bool goals(Arena *arena, Str cell, Str kind, Buf *found) {
  CellList list;
  Str bad;
  (void)kind;
  if (!cell_goals(arena, cell, &list, &bad)) {
    buf_printf(found, "! " STR_FMT, STR_ARG(bad));
    return true;
  }
  for (size_t i = 0; i < list.count; i++) buf_printf(found, "%s" STR_FMT, i ? " " : "", STR_ARG(list.items[i]));
  return true;
}

static void put_day(Buf *found, Day day) {
  char text[DAY_TEXT];
  day_format_iso(day, text);
  buf_cstr(found, day == DAY_NONE ? "-" : text);
}

static bool cells(Arena *arena, Str cell, Str kind, Buf *found) {
  int64_t number;
  Day start, end;
  (void)arena;
  if (str_eq(kind, S("money")) && cell_money(cell, &number)) buf_int(found, number);
  else if (str_eq(kind, S("count")) && cell_count(cell, &number)) buf_int(found, number);
  else if (str_eq(kind, S("period")) && cell_period(cell, &start, &end)) {
    put_day(found, start);
    buf_char(found, ' ');
    put_day(found, end);
  } else buf_char(found, '!');
  return true;
}

/* Every case of a file; "kind: " before the cell when `kinds`. */
static void run_file(const char *path, bool kinds, Check check) {
  Buf file, found;
  Arena arena;
  ErrInfo info = ERRINFO_INIT;
  size_t cases = 0, failures = 0;
  buf_init(&file, 0);
  buf_init(&found, 0);
  arena_init(&arena, 0);
  assert_ok(file_read(&file, path, 0, &info));
  Str rest = buf_view(&file), line;
  while (str_cut(&rest, '\n', &line)) {
    size_t arrow = str_find(line, S(" => "));
    if (arrow == STR_NPOS || str_starts(line, S("#"))) continue;
    Str cell = str_slice(line, 0, arrow), expected = str_slice(line, arrow + 4, line.len), kind = STR_NONE;
    if (kinds) {
      str_cut(&cell, ':', &kind);
      cell = str_trim(cell);
    }
    buf_reset(&found);
    assert_true(check(&arena, unescaped(&arena, cell), kind, &found));
    cases++;
    if (!str_eq(buf_view(&found), expected)) {
      print_error("%s: " STR_FMT ": found \"" STR_FMT "\"\n", path, STR_ARG(line), STR_ARG(buf_view(&found)));
      failures++;
    }
  }
  assert_true(cases > 20);
  buf_clear(&file);
  buf_clear(&found);
  arena_clear(&arena);
  assert_int_equal(failures, 0);
}

static void goal_writings(void **state) {
  (void)state;
  run_file("tests/table/action_goals.txt", false, goals);
}

static void amounts_and_periods(void **state) {
  (void)state;
  run_file("tests/table/action_cells.txt", true, cells);
}

static bool known(void *context, Str part, Str *code) {
  static const char *const names[] = {"Aa en Hunze", "Emmen", "Assen", "VNO-NCW Noord en MKB Nederland Noord", "Groningen"};
  (void)context;
  for (size_t i = 0; i < 5; i++)
    if (str_eq_nocase(part, str_from(names[i]))) {
      *code = str_from(names[i]);
      return true;
    }
  return false;
}

static void values_in_a_row(void **state) {
  (void)state;
  static const struct { const char *cell; size_t found, unknown; } cases[] = {
      {"Aa en Hunze en Emmen", 2, 0}, {"Emmen, Assen & Groningen", 3, 0}, {"Emmen;Assen\nGroningen/Aa en Hunze", 4, 0},
      {"VNO-NCW Noord en MKB Nederland Noord en Emmen", 2, 0}, {"Emmen, Emmen", 1, 0}, {"Emmen, Atlantis en Assen", 2, 1}, {"", 0, 0},
      {" , ;", 0, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CellList found, unknown;
    cell_values(str_from(cases[i].cell), known, NULL, &found, &unknown);
    assert_int_equal(found.count, cases[i].found);
    assert_int_equal(unknown.count, cases[i].unknown);
  }
}

static void names(void **state) {
  (void)state;
  Arena arena;
  arena_init(&arena, 0);
  assert_str(cell_name(&arena, S("  S\xC3\xBA""dwest\xE2\x80\x93""Frysl\xC3\xA2n ")), "sudwest fryslan");
  assert_str(cell_name(&arena, S("AA EN HUNZE")), "aa en hunze");
  assert_str(cell_name(&arena, S("\xE2\x80\x98t Zandt")), "t zandt");
  assert_str(cell_name(&arena, S("Doelstelling(en):")), "doelstelling en");
  assert_true(cell_is_blank(cell_name(&arena, S("n.v.t."))));
  assert_true(cell_is_blank(cell_name(&arena, S(" - "))));
  assert_false(cell_is_blank(S("0")));
  arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(goal_writings), cmocka_unit_test(amounts_and_periods),
                                     cmocka_unit_test(values_in_a_row), cmocka_unit_test(names)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
