/* SPDX-License-Identifier: EUPL-1.2 */
/* Models as the makers of other software write them: Vensim and its translators, Stella, sdCloud. The oddities are those
 * of published files (SDXorg test-models, MIT licence); the models are our own, the values worked by hand unless said. */
#include "flow_model.h"

#include <stdlib.h>
#include <unistd.h>

#define VENSIM "<header><vendor>Ventana Systems, Inc.</vendor></header>"
#define FILE_OF(head, dims, vars) "<xmile version=\"1.0\">" head "<sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>" dims \
  "<model><variables>" vars "</variables></model></xmile>"

/* "1, 2, 3" and as many equations as elements; rows end in semicolons. */
static void lists(void **state) {
  (void)state;
  EXPECT(MODEL("<aux name=\"a\">" OVER("D") "<eqn>1, 2, 3</eqn></aux>" AUX("r", "MIN(a[D]) + 10*MAX(a[D])")), "r", 31);
#define MATRIX "<aux name=\"m\"><dimensions><dim name=\"D\"/><dim name=\"Part\"/></dimensions><eqn>1,MAX(2, 0);\n3,4; {last} 5,6;</eqn></aux>"
  EXPECT(MODEL(MATRIX), "m[A, C]", 2);
  EXPECT(MODEL(MATRIX), "m[C, B]", 5);
  EXPECT(MODEL("<aux name=\"a\">" OVER("Part") "<eqn>TIME+1</eqn><eqn>-TIME\t</eqn></aux>"), "a[C]", 0, -1, -2, -3, -4);
  EXPECT(MODEL("<stock name=\"s\">" OVER("Part") "<eqn>7,8</eqn></stock>"), "s[C]", 8);
  refuse(MODEL("<aux name=\"a\">" OVER("D") "<eqn>1, 2</eqn></aux>"), ERR_INPUT, "2 parts, expected 3");
  refuse(MODEL("<aux name=\"a\">" OVER("D") "<eqn>1</eqn><eqn>2</eqn></aux>"), ERR_INPUT, "2 parts, expected 3");
}

/* A note where an equation is to come; what is connected needs none, what is not has none. */
static void notes(void **state) {
  (void)state;
#define HARES(connect) HEAD("") "<model><variables><module name=\"m\">" connect "</module>" AUX("area", "8") "</variables></model>" \
  "<model name=\"m\"><variables><stock name=\"area\" access=\"input\"><eqn>{Enter equation for use when not hooked up}</eqn>" \
  "<non_negative/></stock>" AUX("half", "area/2") "</variables></model></xmile>"
  EXPECT(HARES("<connect to=\"m.area\" from=\".area\"/><connect2 to=\"m.area\" from=\"area\"/>"), "m.half", 4);
  refuse(HARES(""), ERR_INPUT, "no equation");
  EXPECT(MODEL(AUX("a", "{one} 2 {three}")), "a", 2);
}

/* Names that are words of the language, functions taken for tables. */
static void names(void **state) {
  (void)state;
  EXPECT(MODEL(AUX("mod", "5") AUX("or", "7") AUX("r", "mod + or*MOD(7, 3) MOD 4")), "r", 5 + (7 * 1) % 4);
  EXPECT(MODEL(AUX("r", "LOOKUP(COSH, 0) + LOOKUP(INT, 2.5)")), "r", 3);
  EXPECT(MODEL("<aux name=\"a\">" OVER("D") "<eqn>D*10</eqn></aux>" AUX("r", "LOOKUP(VMIN, a[*]) + LOOKUP(VMAX, a)")), "r", 40);
  EXPECT(MODEL("<aux name=\"exp\"><eqn>0+0</eqn><gf><xpts>0,4</xpts><ypts>0,8</ypts></gf></aux>" AUX("r", "LOOKUP(exp, TIME)")), "r", 0, 2, 4, 6, 8);
  EXPECT(MODEL("<flow name=\"Flow w/ a (function call!), and more\"><eqn>4</eqn></flow><stock name=\"Stock with \\n a line\"><eqn>1</eqn>"
               "<inflow>Flow_w/_a_(function_call!),_and_more</inflow></stock>" AUX("r", "Stock_with_a_line")), "r", 1, 5, 9, 13, 17);
  /* quoted names with dots and slashes, in modules and their connections */
#define QUOTED HEAD("") "<model><variables><module name=\"a\"/><module name=\"b\"><connect to='b.\"ghost of/out\"' from='a.\"module/out\"'/></module>" \
  "<aux name=\"v 1.5\"><eqn>2</eqn></aux>" AUX("r", "b.\"ghost_of/out\" + a.\"v 1.6\" + \"v 1.5\"") "</variables></model><model name=\"a\"><variables>" \
  AUX("module/out", "TIME*3") AUX("v 1.6", "100") "</variables></model><model name=\"b\"><variables><aux name=\"ghost of/out\" access=\"input\">" \
  "<eqn>{none}</eqn></aux></variables></model></xmile>"
  EXPECT(QUOTED, "r", 102, 105, 108);
  EXPECT(MODEL(AUX("DT", "DT") AUX("Time", "Time + 0") AUX("r", "Time*10 + dt")), "r", 1, 11, 21, 31, 41);
  EXPECT(MODEL(AUX("größe ÄÖ", "3") AUX("r", "GRÖSSE_äö")), "r", 3);
}

/* A flow that several non-negative stocks share can not have the limits of all: each stock then stays at 0 by itself
 * (the published output of non_negative_all and non_negative_stocks). */
static void floors(void **state) {
  (void)state;
#define SHARED MODEL("<flow name=\"f\"><eqn>4</eqn></flow><stock name=\"a\"><eqn>10</eqn><outflow>f</outflow><non_negative/></stock>" \
  "<stock name=\"b\"><eqn>10</eqn><outflow>f</outflow></stock>" \
  "<flow name=\"g\"><eqn>TIME*6 - 12</eqn></flow><stock name=\"c\"><eqn>10</eqn><inflow>g</inflow><non_negative/></stock>")
  EXPECT_LOOSE(SHARED, "f", 4, 4, 4, 4, 4);
  EXPECT_LOOSE(SHARED, "a", 10, 6, 2, 0, 0);
  EXPECT_LOOSE(SHARED, "b", 10, 6, 2, -2, -6);
  EXPECT_LOOSE(SHARED, "g", -12, -6, 0, 6, 12);
  EXPECT_LOOSE(SHARED, "c", 10, 0, 0, 0, 6);
}

/* Vensim's DELAY N: the published output of "delays" (order 2, initial value 6; input -1, from 5 on 4; delay time 4, from
 * 15 on 6) shows that a new time reaches the second stage a step after the first, and that the order stays what it was. */
static void vensim_delays(void **state) {
  (void)state;
#define DELAYS "<xmile version=\"1.0\">" VENSIM "<sim_specs><start>0</start><stop>20</stop><dt>1</dt></sim_specs><model><variables>" \
  AUX("input", "-1+step(5, 5)") AUX("T", "4+step(2, 15)") AUX("n", "2+step(1, 10)") AUX("out", "DELAYN(input, T, n, 6)") \
  "</variables></model></xmile>"
  const double published[] = {6, 6, 4.25, 2.5, 1.1875, 0.3125, -0.234375, 0.6875, 1.74609, 2.57422, 3.1377, 3.49414, 3.70972, 3.83618,
                              3.90875, 3.94971, 2.20442, 2.50596, 2.80598, 3.07199, 3.29333};
  double got[21];
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(run_text(DELAYS, "out", 0, got, 21, &info), ERR_OK);
  for (size_t i = 0; i < 21; i++) assert_true(fabs(got[i] - published[i]) < 1e-5 * fmax(1, fabs(published[i])));
  /* no more stages than steps: of three stages in 1.25 with dt 0.5 two are left ("delay_pipeline") */
  const char *third = "<xmile version=\"1.0\">" VENSIM "<sim_specs><start>0</start><stop>2</stop><dt>0.5</dt></sim_specs><model><variables>"
                      AUX("out", "DELAYN(-1, 1.25, 3, 6)") "</variables></model></xmile>";
  const double two[] = {6, 6, 1.52, -0.272, -0.8096};
  assert_int_equal(run_text(third, "out", 0, got, 5, &info), ERR_OK);
  for (size_t i = 0; i < 5; i++) assert_true(fabs(got[i] - two[i]) < 1e-12);
}

/* An equation over one dimension may feed a stock over another one with the same elements (subscript_switching). */
static void aliases(void **state) {
  (void)state;
#define CATS "<dimensions><dim name=\"Cats\"><elem name=\"c1\"/><elem name=\"c2\"/></dim><dim name=\"dummy\"><elem name=\"c1\"/>" \
  "<elem name=\"c2\"/></dim></dimensions>"
#define SWITCH FILE_OF(VENSIM, CATS, "<aux name=\"M\"><dimensions><dim name=\"Cats\"/><dim name=\"Cats\"/></dimensions><eqn>0,3;1,0;</eqn></aux>" \
  "<stock name=\"S\">" OVER("Cats") "<eqn>1,0</eqn><inflow>In</inflow><outflow>Out</outflow></stock>" \
  "<flow name=\"Out\">" OVER("Cats") "<eqn>0.1*SUM(M[Cats, *:dummy]*S[Cats])</eqn></flow>" \
  "<flow name=\"In\">" OVER("dummy") "<eqn>0.1*SUM(M[*, dummy]*S[*])</eqn></flow>")
  /* out: 0.3 and 0; in: what the other lost; then 0.3*0.7 out of c1 and 0.1*0.3 out of c2 */
  EXPECT(SWITCH, "S[c1]", 1, 0.7, 0.7 - 0.21 + 0.03);
  EXPECT(SWITCH, "S[c2]", 0, 0.3, 0.3 + 0.21 - 0.03);
}

/* <init_eqn>: the capacity starts at 100 and then follows use, which needs the capacity at the start (active_initial). */
static void initial_equations(void **state) {
  (void)state;
#define ACTIVE AUX("target", "use*2") "<aux name=\"capacity\"><eqn>target/4</eqn><init_eqn>100</init_eqn></aux>" \
  "<stock name=\"stock\"><eqn>capacity + 1</eqn><inflow>in</inflow></stock><flow name=\"in\"><eqn>1</eqn></flow>" AUX("use", "stock")
  EXPECT(MODEL(ACTIVE), "stock", 101, 102, 103);
  EXPECT(MODEL(ACTIVE), "capacity", 50.5, 51, 51.5);
  EXPECT(MODEL(ACTIVE AUX("r", "INIT(capacity)")), "r", 100, 100);
  EXPECT(MODEL("<aux name=\"c\"><eqn>3</eqn><init_eqn>8</init_eqn></aux><stock name=\"s\"><eqn>c</eqn></stock>" AUX("r", "s + 10*c")), "r", 38, 38);
  EXPECT(MODEL("<aux name=\"c\"><eqn>TIME</eqn><init_eqn>2</init_eqn><gf><xpts>0,4</xpts><ypts>0,8</ypts></gf></aux><stock name=\"s\">"
               "<eqn>c</eqn></stock>" AUX("r", "s + 10*c")), "r", 2, 22, 42);
  EXPECT(MODEL("<aux name=\"c\">" OVER("D") "<element subscript=\"A\"><eqn>1</eqn><init_eqn>5</init_eqn></element><eqn>s*2</eqn>"
               "<init_eqn>7</init_eqn></aux><stock name=\"s\">" OVER("D") "<eqn>c</eqn></stock>" AUX("r", "SUM(s)*100 + SUM(c)")), "r", 1929);
  refuse(MODEL("<aux name=\"c\"><eqn>c + 1</eqn><init_eqn>8</init_eqn></aux>"), ERR_INPUT, "circular");
}

/* A macro as translators write it: named like its result, with a flow for the parameter that flows into a stock. */
static void macros_of_translators(void **state) {
  (void)state;
#define MACRO_FILE(call, flow) HEAD("") "<model><variables>" AUX("macro input", "5") AUX("r", call) "</variables></model>" \
  "<macro name=\"EXPRESSION MACRO\"><eqn>EXPRESSION MACRO</eqn><parm>input</parm><parm>parameter</parm><variables>" flow \
  "<stock name=\"EXPRESSION MACRO\"><inflow>input</inflow><eqn>parameter</eqn></stock></variables></macro></xmile>"
  EXPECT(MACRO_FILE("EXPRESSION_MACRO(macro_input, 1.5)", "<flow name=\"input\"/>"), "r", 1.5, 6.5, 11.5);
  EXPECT(MACRO_FILE("EXPRESSION MACRO(macro input, 1)", "<flow name=\"input\"><non_negative/></flow>"), "r", 1, 6, 11);
  /* the limits of the macro leave the caller's variable alone */
  EXPECT(MACRO_FILE("EXPRESSION_MACRO(macro_input - 8, 1) + 0*macro_input", "<flow name=\"input\"><non_negative/></flow>"), "r", 1, -2, -5);
}

static void put(const char *folder, const char *name, const char *text) {
  char path[200];
  snprintf(path, sizeof path, "%.100s/%.60s", folder, name);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0);
  assert_int_equal(fclose(f), 0);
}

/* Runs `name` of the folder; the last value of `column`. */
static Err last_of(const char *folder, const char *name, const char *column, double *out, ErrInfo *info) {
  char path[200];
  FlowModel *model = NULL;
  FlowProgram *program = NULL;
  FlowResult *result = NULL;
  Str save = str_from(column);
  FlowSpec spec = FLOW_SPEC_INIT;
  spec.save = &save;
  spec.save_count = 1;
  FlowRun run = {0};
  snprintf(path, sizeof path, "%.100s/%.60s", folder, name);
  Err err = flow_open(&model, path, NULL, info);
  if (err == ERR_OK) err = flow_compile(&program, model, &spec, info);
  if (err == ERR_OK) err = flow_run(&result, program, &run, info);
  if (err == ERR_OK) *out = flow_result_get(result, flow_row_count(program) - 1, 0);
  flow_result_free(result);
  flow_program_free(program);
  flow_close(model);
  return err;
}

/* Models in several files: a model and a module by resource, a library of macros by include, dimensions of both. */
static void several_files(void **state) {
  (void)state;
  char folder[] = "/tmp/pw-flow-XXXXXX", command[100];
  double got = 0;
  ErrInfo info = ERRINFO_INIT;
  assert_non_null(mkdtemp(folder));
#define LIBRARY(vars, more) "<xmile><dimensions><dim name=\"D\"><elem name=\"A\"/><elem name=\"B\"/></dim><dim name=\"E\" size=\"2\"/></dimensions>" \
  "<model><variables>" vars "</variables></model>" more "</xmile>"
#define MAIN(header, models, vars) "<xmile><header>" header "</header><sim_specs><start>0</start><stop>4</stop></sim_specs>" \
  "<dimensions><dim name=\"D\"><elem name=\"A\"/><elem name=\"B\"/></dim></dimensions><model><variables>" vars "</variables></model>" models "</xmile>"
  put(folder, "school.xmile", LIBRARY("<stock name=\"pupils\">" OVER("D") "<eqn>D</eqn><inflow>in</inflow></stock><flow name=\"in\">" OVER("D")
      "<eqn>pace*D</eqn></flow><aux name=\"pace\" access=\"input\"><eqn>9</eqn></aux><module name=\"yard\"/>",
      "<model name=\"yard\"><variables>" AUX("size", "7") "</variables></model>"));
  put(folder, "macros.xmile", "<xmile><macro name=\"TWICE\"><parm>y</parm><eqn>2*y</eqn></macro></xmile>");
  put(folder, "main.xmile", MAIN("<includes><include resource=\"macros.xmile\"/></includes>", "<model name=\"school\" resource=\"school.xmile\"/>",
      AUX("pace", "3") "<module name=\"school\"><connect to=\"pace\" from=\".pace\"/></module>" AUX("r", "SUM(school.pupils) + TWICE(school.yard.size)")));
  put(folder, "module.xmile", MAIN("", "", "<module name=\"firm\" resource=\"school.xmile\"/>" AUX("r", "firm.pupils[B]")));
  assert_int_equal(last_of(folder, "main.xmile", "r", &got, &info), ERR_OK);
  assert_true(got == 3 + 4*3*3 + 14);
  assert_int_equal(last_of(folder, "module.xmile", "r", &got, &info), ERR_OK);
  assert_true(got == 2 + 4*9*2);
  /* every n-th allocation fails: an error, and nothing leaks */
  Err err = ERR_MEMORY;
  for (size_t n = 1; err != ERR_OK && n < 100000; n++) {
    mem_fail_at(n, 1);
    err = last_of(folder, "main.xmile", "r", &got, &info);
    mem_fail_at(0, 0);
    assert_true(err == ERR_OK || err == ERR_MEMORY);
  }
  assert_int_equal(err, ERR_OK);
  /* an error in another file names that file */
  put(folder, "school.xmile", "<xmile>\n<model><variables>\n" AUX("a", "nosuch") "</variables></model></xmile>");
  assert_int_equal(last_of(folder, "module.xmile", "firm.a", &got, &info), ERR_INPUT);
  assert_non_null(strstr(info.file, "school.xmile"));
  assert_int_equal(info.row, 3);
  put(folder, "school.xmile", "<xmile>\n<model>");
  assert_int_equal(last_of(folder, "module.xmile", "r", &got, &info), ERR_INPUT);
  assert_non_null(strstr(info.file, "school.xmile"));
  /* other elements under the same name; a file that includes itself; one that is not there; names that lead away */
  put(folder, "school.xmile", "<xmile><dimensions><dim name=\"D\"><elem name=\"A\"/></dim></dimensions><model/></xmile>");
  assert_int_equal(last_of(folder, "module.xmile", "r", &got, &info), ERR_INPUT);
  assert_non_null(strstr(info.message, "other elements"));
  put(folder, "school.xmile", "<xmile><model><variables><module name=\"x\" resource=\"again.xmile\"/></variables></model></xmile>");
  put(folder, "again.xmile", "<xmile><model><variables><module name=\"x2\" resource=\"school.xmile\"/></variables></model></xmile>");
  assert_int_not_equal(last_of(folder, "module.xmile", "r", &got, &info), ERR_OK);
  const char *const away[] = {"../x.xmile", "/etc/passwd", "http://host/x", "a/../../x", ""};
  for (size_t i = 0; i < sizeof away / sizeof away[0]; i++) {
    char text[600];
    snprintf(text, sizeof text, MAIN("", "<model name=\"m\" resource=\"%s\"/>", AUX("r", "1")), away[i]);
    put(folder, "main.xmile", text);
    assert_int_equal(last_of(folder, "main.xmile", "r", &got, &info), ERR_INPUT);
    assert_non_null(strstr(info.message, "in the folder of this one"));
  }
  put(folder, "main.xmile", MAIN("", "<model name=\"m\" resource=\"nowhere.xmile\"/>", AUX("r", "1")));
  assert_int_not_equal(last_of(folder, "main.xmile", "r", &got, &info), ERR_OK);
  refuse(MAIN("", "<model name=\"m\" resource=\"school.xmile\"/>", AUX("r", "1")), ERR_UNSUPPORTED, "did not come from a folder");
  snprintf(command, sizeof command, "rm -rf %.60s", folder);
  assert_int_equal(system(command), 0);
}

/* Rows are kept as often as the file says, unless that does not fit. */
static void kept_rows(void **state) {
  (void)state;
#define SAVED "<xmile version=\"1.0\">" VENSIM "<sim_specs isee:save_interval=\"2\"><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs>" \
  "<model><variables>" AUX("r", "TIME") "</variables></model></xmile>"
  EXPECT(SAVED, "r", 0, 2, 4);
  EXPECT(SAVED, "SAVEPER", 2, 2, 2);
  double got[3];
  ErrInfo info = ERRINFO_INIT;
  assert_int_equal(run_text(SAVED, "r", 0.75, got, 3, &info), ERR_OK);
  assert_true(got[2] == 1.5);
}

#define DIM_RS "<dimensions><dim name=\"S\"><elem name=\"South\"/></dim><dim name=\"R\"><elem name=\"North\"/><elem name=\"South\"/></dim></dimensions>"
#define OVER_R "<dimensions><dim name=\"R\"/></dimensions>"
#define ELEMENT(sub, eqn) "<element subscript=\"" sub "\"><eqn>" eqn "</eqn></element>"

/* Exceptions that a translator has written out: the first equation of an element is the exception. Elsewhere the last one
 * counts. What Vensim leaves undefined is not a number; elsewhere it is refused. */
static void elements_of_translators(void **state) {
  (void)state;
#define TWICE(head) FILE_OF(head, DIM_RS, "<aux name=\"a\">" OVER_R ELEMENT("South", "9") ELEMENT("North", "1") ELEMENT("South", "8") "</aux>")
  EXPECT(TWICE(VENSIM), "a[South]", 9);
  EXPECT(TWICE(""), "a[South]", 8);
#define HALF(head) FILE_OF(head, DIM_RS, "<aux name=\"a\">" OVER_R ELEMENT("South", "9") "</aux>" AUX("r", "a[South] + 1"))
  EXPECT(HALF(VENSIM), "a[North]", (double)NAN);
  EXPECT(HALF(VENSIM), "r", 10);
  refuse(HALF(""), ERR_INPUT, "element [North] has no equation");
  /* an element by itself is its place: in a dimension of the equation; in Vensim's files in the largest that has it */
#define ALONE(head) FILE_OF(head, DIM_RS, "<aux name=\"a\">" OVER_R "<eqn>IF R = South THEN 5 ELSE 6</eqn></aux>" AUX("out", "10*a[North] + a[South]"))
  EXPECT(ALONE(""), "out", 65);
  EXPECT(FILE_OF(VENSIM, DIM_RS, AUX("r", "10*South + S.South")), "r", 21);
  refuse(FILE_OF("", DIM_RS, AUX("r", "South")), ERR_INPUT, "undefined variable");
}

/* The file as Vensim itself writes it: notes within the settings, the flows of a stock as one equation, its own interval. */
static void vensim_export(void **state) {
  (void)state;
#define EXPORT "<xmile version=\"1.0\" xmlns:vensim=\"http://www.vensim.com/XMILE\"><header><product version=\"1.0\">Vensim</product></header>" \
  "<sim_specs method=\"euler\"><start>0<doc>from 1</doc></start><stop>4<doc>till 9</doc></stop><dt>1<doc>1/8 is better</doc></dt>" \
  "<vensim:saveper>%s<doc>rows</doc></vensim:saveper></sim_specs><model><variables><stock name=\"P\"><eqn>1</eqn>" \
  "<vensim:netflow>P*INTEGER(-k)</vensim:netflow></stock><aux name=\"k\"><eqn>-1.5</eqn></aux><aux name=\"TIME_STEP\"><eqn>DT</eqn></aux>" \
  "</variables></model></xmile>"
  char text[1200];
  snprintf(text, sizeof text, EXPORT, "2");
  EXPECT(text, "P", 1, 4, 16);
  snprintf(text, sizeof text, EXPORT, "TIME_STEP");
  EXPECT(text, "P", 1, 2, 4, 8, 16);
  EXPECT(FILE_OF("<header><product>Vensim</product></header>", "", AUX("r", "INT(-1.5)")), "r", -1);
}

/* Connections that only stand there as Stella's second form; where both stand, the first counts. */
static void second_form_of_connections(void **state) {
  (void)state;
#define OPEN_FILE(vars) HEAD("") "<model><variables>" vars "</variables></model>"
#define LINKED(connects) OPEN_FILE("<module name=\"m\">" connects "</module>" AUX("a", "TIME*3") AUX("b", "7") AUX("r", "m.k")) \
  "<model name=\"m\"><variables><aux name=\"k\" access=\"input\"><eqn>{none}</eqn></aux></variables></model></xmile>"
  EXPECT(LINKED("<connect2 to=\"m.k\" from=\"a\"/>"), "r", 0, 3, 6);
  EXPECT(LINKED("<connect2 to=\"m.k\" from=\"a\"/><connect to=\"m.k\" from=\"b\"/>"), "r", 7);
  refuse(LINKED("<connect2 to=\"m.k\"/>"), ERR_INPUT, "both to and from");
  /* a macro by the name of its namespace, and without */
#define SPACED(call) OPEN_FILE(AUX("r", call)) "<macro name=\"Next\" namespace=\"My\"><parm>x</parm><eqn>x + 1</eqn></macro></xmile>"
  EXPECT(SPACED("my.next(TIME) + 10*NEXT(2)"), "r", 31, 32, 33);
  refuse(SPACED("your.next(TIME)"), ERR_INPUT, "unknown function");
}

/* A module may repeat the settings of the whole model, not change them. */
static void repeated_settings(void **state) {
  (void)state;
#define INNER(specs) "<xmile version=\"1.0\"><sim_specs><start>0</start><stop>4</stop><dt>0.5</dt></sim_specs><model><variables><module name=\"m\"/>" \
  AUX("r", "m.a") "</variables></model><model name=\"m\">" specs "<variables>" AUX("a", "TIME") "</variables></model></xmile>"
  EXPECT(INNER("<sim_specs><start>0</start><stop>4</stop><dt reciprocal=\"true\">2</dt></sim_specs>"), "r", 0, 0.5, 1);
  refuse(INNER("<sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>"), ERR_UNSUPPORTED, "own simulation specifications");
  refuse(INNER("<sim_specs><start>0</start><stop>4</stop><dt>no</dt></sim_specs>"), ERR_INPUT, "expected a number");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lists), cmocka_unit_test(notes), cmocka_unit_test(names), cmocka_unit_test(floors), cmocka_unit_test(vensim_delays),
    cmocka_unit_test(aliases), cmocka_unit_test(initial_equations), cmocka_unit_test(macros_of_translators), cmocka_unit_test(several_files), cmocka_unit_test(kept_rows),
    cmocka_unit_test(elements_of_translators), cmocka_unit_test(vensim_export), cmocka_unit_test(second_form_of_connections), cmocka_unit_test(repeated_settings)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
