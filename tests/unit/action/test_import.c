/* SPDX-License-Identifier: EUPL-1.2 */
/* Importing action lists: what is written, what is refused, what stays. Files are made here, read back with SQL. */
#include "fixture.h"

#include "action/export.h"
#include "action/import.h"
#include "base/file.h"

typedef struct Case {
  Fixture fixture;
  Store *store;
  Arena arena;
  char file[80];
  Val *report;
  ErrInfo info;
} Case;

static void setup(Case *c) {
  ErrInfo info = ERRINFO_INIT;
  fixture_open(&c->fixture);
  assert_ok(store_open(&c->store, c->fixture.path, STORE_WRITE, &info));
  arena_init(&c->arena, 0);
  snprintf(c->file, sizeof c->file, "%s.csv", c->fixture.path);
}

static void teardown(Case *c) {
  store_close(c->store);
  arena_clear(&c->arena);
  unlink(c->file);
  fixture_close(&c->fixture);
}

static Err import_file(Case *c, const char *path, ImportOptions options) {
  err_reset(&c->info);
  options.today = day_from_civil(2026, 11, 23);
  options.file_name = "lijst.csv";
  assert_int_equal(store_begin(c->store, &c->info), ERR_OK);
  Err err = action_import(c->store, path, &options, &c->arena, &c->report, &c->info);
  if (err == ERR_OK) err = store_commit(c->store, &c->info);
  else store_rollback(c->store);
  return err;
}

static Err import_text(Case *c, const char *csv, ImportOptions options) {
  ErrInfo info = ERRINFO_INIT;
  assert_ok(file_write(c->file, str_from(csv), &info));
  return import_file(c, c->file, options);
}

static int64_t reported(const Case *c, const char *key) { return val_get(c->report, str_from(key))->as.integer; }

#define assert_import(c, csv, options, added, changed, unchanged) do { \
    if (import_text(c, csv, options) != ERR_OK) fail_msg("%s: %s", (c)->info.message, first_error(c)); \
    assert_int_equal(reported(c, "added"), added); assert_int_equal(reported(c, "changed"), changed); \
    assert_int_equal(reported(c, "unchanged"), unchanged); } while (0)

static const char *first_error(const Case *c) {
  static char text[900];
  const Val *errors = c->report ? val_get(c->report, S("errors")) : NULL;
  if (!errors || errors->as.list.count == 0) return "";
  const Val *error = errors->as.list.items[0];
  Str cell = val_get(error, S("cell"))->as.text, value = val_get(error, S("value"))->as.text, expected = val_get(error, S("expected"))->as.text;
  snprintf(text, sizeof text, STR_FMT " [" STR_FMT "] " STR_FMT, STR_ARG(cell), STR_ARG(value), STR_ARG(expected));
  return text;
}

/* One text from the database; "" when there is none. */
static const char *sql_text(Case *c, const char *sql) {
  static char text[2000];
  sqlite3_stmt *stmt;
  assert_int_equal(sqlite3_prepare_v2(c->fixture.db, sql, -1, &stmt, NULL), SQLITE_OK);
  text[0] = '\0';
  if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0)) snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(stmt, 0));
  sqlite3_finalize(stmt);
  return text;
}

static const ImportOptions plain = {0};

static const char *const LIST =
    "Actie;Landelijk/regionaal;doelstelling Techniekpact NN;Gemeente;Provincie;Onderwijs;Trekker;Partners;Looptijd;Kosten;Contactpersoon;E-mail\n"
    "Girlsday;landelijk;1.A, 2 en 6.B;gem. Appingedam en EEMSDELTA;;PO;Noorderpoort;UWV & Hanze;2013-2015;\"€ 1.250,50\";Jan Jansen;jan@voorbeeld.nl\n"
    "Lassen;regionaal;doel 1 c;;Friesland;VMBO / MBO;;;schooljaar 2013/2014;;;\n";

static void reads_a_list(void **state) {
  Case c;
  (void)state;
  setup(&c);
  assert_import(&c, LIST, plain, 2, 0, 0);
  assert_string_equal(sql_text(&c, "SELECT title||'|'||line||'|'||level||'|'||owner||'|'||period_start||'|'||period_end||'|'||cost_cents||'|'||source"
                                   " FROM action WHERE code='girlsday'"),
                      "Girlsday|kiezen|national|noorderpoort|2013-01-01|2015-12-31|125050|import-2026-11-23");
  assert_string_equal(sql_text(&c, "SELECT group_concat(goal,' ') FROM (SELECT goal FROM action_goal WHERE action='girlsday' ORDER BY seq)"), "1a 2 6b");
  assert_string_equal(sql_text(&c, "SELECT group_concat(region,' ') FROM (SELECT region FROM action_region WHERE action='girlsday' ORDER BY seq)"), "GM0003 GM1979");
  assert_string_equal(sql_text(&c, "SELECT group_concat(organisation,' ') FROM (SELECT organisation FROM action_partner WHERE action='girlsday' ORDER BY seq)"), "uwv hanze");
  assert_string_equal(sql_text(&c, "SELECT region FROM action_region WHERE action='lassen'"), "PV21");
  assert_string_equal(sql_text(&c, "SELECT name||' '||contact FROM action_contact"), "Jan Jansen jan@voorbeeld.nl");
  /* the line of an action for primary education is an assumption, and says so */
  assert_string_equal(sql_text(&c, "SELECT row_key||' '||field FROM assumption WHERE kind='assumption'"), "girlsday line");
  assert_string_equal(sql_text(&c, "SELECT ifnull(line,'none') FROM action WHERE code='lassen'"), "none");
  assert_import(&c, LIST, plain, 0, 0, 2);
  assert_string_equal(sql_text(&c, "SELECT count(*) FROM source"), "2");
  teardown(&c);
}

static void absent_columns_and_empty_cells(void **state) {
  Case c;
  (void)state;
  setup(&c);
  assert_import(&c, LIST, plain, 2, 0, 0);
  assert_import(&c, "Actie,Trekker,Opbrengst\nGirlsday,,veel meisjes\n", plain, 0, 1, 0);
  assert_string_equal(sql_text(&c, "SELECT owner||' '||yield||' '||cost_cents FROM action WHERE code='girlsday'"), "noorderpoort veel meisjes 125050");
  ImportOptions clear = {.clear_empty = true};
  assert_import(&c, "Code,Trekker,Gemeente,Provincie\ngirlsday,,,\n", clear, 0, 1, 0);
  assert_string_equal(sql_text(&c, "SELECT ifnull(owner,'none')||' '||(SELECT count(*) FROM action_region WHERE action='girlsday')||' '||line"
                                   " FROM action WHERE code='girlsday'"), "none 0 kiezen");
  /* a stated line takes the place of the assumed one */
  assert_import(&c, "Code,Actielijn\ngirlsday,leren\n", plain, 0, 1, 0);
  assert_string_equal(sql_text(&c, "SELECT count(*) FROM assumption"), "0");
  teardown(&c);
}

static void refuses(Case *c, const char *csv, const char *cell, const char *expected) {
  Err err = import_text(c, csv, plain);
  if (err != ERR_INPUT) fail_msg("not refused: %s", csv);
  const char *error = c->report && reported(c, "error_count") ? first_error(c) : c->info.message;
  if (!strstr(error, cell) || !strstr(error, expected)) fail_msg("%s: found \"%s\", expected \"%s\" and \"%s\"", csv, error, cell, expected);
  assert_string_equal(sql_text(c, "SELECT count(*) FROM action"), "0");
}

static void refusals(void **state) {
  Case c;
  (void)state;
  setup(&c);
  refuses(&c, "Actie,Doel\nA,9\n", "B2 [9]", "no goal \"9\"");
  refuses(&c, "Actie,Doel\nA,1.A en techniek\n", "B2", "\"techniek\" is not a goal");
  refuses(&c, "Actie,Gemeente\nA,Atlantis\n", "B2 [Atlantis]", "a municipality");
  refuses(&c, "Actie,Regio\nA,Groningen\n", "B2", "both a province and a municipality");
  refuses(&c, "Actie,Trekker\nA,Onbekend BV\n", "B2", "--add-organisations");
  refuses(&c, "Code,Actie\nX1,A\nX1,B\n", "A3 [X1]", "row 2");
  refuses(&c, "Code,Actie\nX 1,A\n", "A2", "a code of letters");
  refuses(&c, "Actie,Doel\nA,1\nA,1\n", "A3", "row 2 is about the same action");
  refuses(&c, "Actie,Doel\n,1\n", "", "the name of the action");
  refuses(&c, "Actie,Looptijd\nA,ooit\n", "B2 [ooit]", "a period such as");
  refuses(&c, "Actie,Begin,Einde\nA,2015,2013\n", "C2", "before the begin");
  refuses(&c, "Actie,Kosten\nA,-5\n", "B2 [-5]", "an amount in euros");
  refuses(&c, "Actie,Deelnemers\nA,veel\n", "B2", "a whole number");
  refuses(&c, "Actie,Status\nA,misschien\n", "B2", "gepland");
  refuses(&c, "Iets,Anders\nA,B\n", "", "no headings found");
  refuses(&c, "Actie,Titel,Doel\nA,B,1\n", "", "both mean title");
  refuses(&c, "", "", "the file is empty");
  /* everything that is wrong, at once, up to a limit; and never the person */
  Buf many;
  buf_init(&many, 0);
  buf_cstr(&many, "Actie,Doel,Contactpersoon\n");
  for (int i = 0; i < 300; i++) buf_printf(&many, "A%d,99,Piet Geheim\n", i);
  assert_int_equal(import_text(&c, buf_zstr(&many), plain), ERR_INPUT);
  assert_int_equal(reported(&c, "error_count"), 300);
  assert_int_equal(val_get(c.report, S("errors"))->as.list.count, IMPORT_ERRORS_SHOWN);
  buf_reset(&many);
  JsonWriter writer;
  jw_init(&writer, &many, 0);
  val_json(&writer, c.report);
  assert_null(strstr(buf_zstr(&many), "Geheim"));
  buf_clear(&many);
  teardown(&c);
}

static void recognises_actions(void **state) {
  Case c;
  (void)state;
  setup(&c);
  const char *same_titles = "Actie,Trekker,Gemeente\nOpen dag,UWV,\nOpen dag,Hanze,\nOpen dag,,Leeuwarden\n";
  assert_import(&c, same_titles, plain, 3, 0, 0);
  assert_import(&c, same_titles, plain, 0, 0, 3);
  assert_string_equal(sql_text(&c, "SELECT group_concat(code,' ') FROM (SELECT code FROM action ORDER BY seq)"), "open-dag open-dag-2 open-dag-3");
  assert_int_equal(import_text(&c, "Actie,Doel\nOpen dag,1\n", plain), ERR_INPUT);
  assert_non_null(strstr(first_error(&c), "more than one registered action"));
  assert_import(&c, "Actie,Trekker,Doel\nOPEN DAG!,Hanzehogeschool Groningen,1\n", plain, 0, 1, 0);
  assert_string_equal(sql_text(&c, "SELECT action FROM action_goal"), "open-dag-2");
  assert_import(&c, "Code,Actie\nopen-dag-3,Open middag\nA-7,Nieuw\n", plain, 1, 1, 0);
  assert_string_equal(sql_text(&c, "SELECT title FROM action WHERE code='open-dag-3'"), "Open middag");
  teardown(&c);
}

static void maps_and_organisations(void **state) {
  Case c;
  (void)state;
  setup(&c);
  const Str maps[] = {S("Wat=title"), S("Waarvoor?=goals"), S("Doel=")};
  ImportOptions options = {.maps = maps, .map_count = 3};
  assert_import(&c, "Overzicht 2013\n\nWat,Waarvoor?,Doel\nLassen,1.c,een mooi doel\n", options, 1, 0, 0);
  assert_string_equal(sql_text(&c, "SELECT goal FROM action_goal"), "1c");
  const Str wrong[] = {S("Wat=nonsense")};
  assert_int_equal(import_text(&c, "Wat,Doel\nA,1\n", (ImportOptions){.maps = wrong, .map_count = 1}), ERR_USAGE);
  ImportOptions add = {.add_organisations = true};
  assert_import(&c, "Actie,Trekker,Partners\nFrezen,Machinefabriek De Hoop,UWV; Gieterij Noord; Machinefabriek De Hoop\n", add, 1, 0, 0);
  assert_string_equal(sql_text(&c, "SELECT owner FROM action WHERE code='frezen'"), "machinefabriek-de-hoop");
  assert_int_equal(val_get(c.report, S("organisations_added"))->as.list.count, 2);
  assert_string_equal(sql_text(&c, "SELECT count(*) FROM action_partner WHERE action='frezen'"), "3");
  teardown(&c);
}

/* tests/table/action_headings.txt: every heading in a file of its own, beside columns that make it an action list. */
static void headings(void **state) {
  Case c;
  Buf file;
  ErrInfo info = ERRINFO_INIT;
  size_t cases = 0;
  (void)state;
  setup(&c);
  buf_init(&file, 0);
  assert_ok(file_read(&file, "tests/table/action_headings.txt", 0, &info));
  Str rest = buf_view(&file), line;
  while (str_cut(&rest, '\n', &line)) {
    size_t arrow = str_find(line, S(" => "));
    if (arrow == STR_NPOS || str_starts(line, S("#"))) continue;
    Str heading = str_slice(line, 0, arrow), expected = str_slice(line, arrow + 4, line.len);
    char csv[300];
    snprintf(csv, sizeof csv, "Code;%s" STR_FMT "\n", str_eq(expected, S("title")) ? "" : "Actie;", STR_ARG(heading));
    assert_int_equal(import_text(&c, csv, plain), ERR_OK);
    const Val *columns = val_get(c.report, S("columns")), *last = columns->as.list.items[columns->as.list.count - 1];
    Str found = val_get(last, S("field"))->as.text;
    if (columns->as.list.count == 2 && !str_eq(expected, S("title"))) found = S("-");
    if (!str_eq(found, expected)) fail_msg(STR_FMT ": found " STR_FMT, STR_ARG(line), STR_ARG(found));
    cases++;
  }
  assert_true(cases > 15);
  buf_clear(&file);
  teardown(&c);
}

/* Everything an export holds, as one text per database. */
static const char *const EVERYTHING =
    "SELECT group_concat(x,char(10)) FROM (SELECT quote(code)||quote(title)||quote(description)||quote(line)||quote(kind)||quote(form)||quote(level)"
    "||quote(period_start)||quote(period_end)||quote(recurrence)||quote(owner)||quote(status)||quote(cost_cents)||quote(participants)||quote(quality)"
    "||quote(yield)||quote(evidence)||quote(confirmed_on)||quote(source)||quote(source_section)"
    "||(SELECT ifnull(group_concat(goal),'') FROM (SELECT goal FROM action_goal WHERE action=a.code ORDER BY goal))"
    "||(SELECT ifnull(group_concat(region),'') FROM (SELECT region FROM action_region WHERE action=a.code ORDER BY region))"
    "||(SELECT ifnull(group_concat(education_sector),'') FROM (SELECT education_sector FROM action_education_sector WHERE action=a.code ORDER BY 1))"
    "||(SELECT ifnull(group_concat(organisation),'') FROM (SELECT organisation FROM action_partner WHERE action=a.code ORDER BY 1))"
    "||(SELECT count(*) FROM assumption WHERE row_key=a.code) AS x FROM action a ORDER BY code)";

static void round_trip(void **state) {
  (void)state;
  static const char *const extensions[] = {"csv", "xlsx", "ods"};
  for (int format = SHEET_CSV; format <= SHEET_ODS; format++) {
    Case c;
    char path[90], before[2000];
    setup(&c);
    assert_import(&c, LIST, plain, 2, 0, 0);
    assert_import(&c, "Code,Actie,Omschrijving,Opbrengst,Kwaliteit,Regio,Deelnemers,Bevestigd op\n"
                      "X-1,\"'=som\",\"=1+1\",\"+31\",\"-dit\n@dat\",gemeente Groningen; provincie Groningen; CR01,1200,15-11-2013\n", plain, 1, 0, 0);
    snprintf(before, sizeof before, "%s", sql_text(&c, EVERYTHING));
    snprintf(path, sizeof path, "%s.%s", c.fixture.path, extensions[format]);
    ErrInfo info = ERRINFO_INIT;
    ActionIndex *index = NULL;
    const uint32_t *ids;
    size_t count;
    ActionQuery query;
    action_query_init(&query);
    assert_ok(action_index_new(&index, c.store, &info));
    assert_ok(action_search_all(index, &query, &c.arena, &ids, &count, &info));
    assert_ok(action_export(c.store, index, ids, count, (SheetFormat)format, path, &info));
    action_index_release(index);
    if (import_file(&c, path, plain)) fail_msg("%s: %s %s", path, c.info.message, first_error(&c));
    assert_int_equal(reported(&c, "unchanged"), 3);
    fixture_sql(&c.fixture, "DELETE FROM action_goal; DELETE FROM action_region; DELETE FROM action_education_sector; DELETE FROM action_partner;"
                            "DELETE FROM assumption; DELETE FROM action_search; DELETE FROM action_contact; DELETE FROM action; DELETE FROM source WHERE code<>'doc'");
    if (import_file(&c, path, plain)) fail_msg("%s: %s %s", path, c.info.message, first_error(&c));
    assert_int_equal(reported(&c, "added"), 3);
    assert_string_equal(sql_text(&c, EVERYTHING), before);
    assert_null(strstr(before, "Jansen"));
    unlink(path);
    teardown(&c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_a_list), cmocka_unit_test(absent_columns_and_empty_cells), cmocka_unit_test(refusals),
      cmocka_unit_test(recognises_actions), cmocka_unit_test(maps_and_organisations), cmocka_unit_test(round_trip),
      cmocka_unit_test(headings)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
