/* SPDX-License-Identifier: EUPL-1.2 */
/* Whole models with results worked by hand: arrays, modules, macros, non-negative stocks, conveyors, orders, writing. */
#include "flow_model.h"

static void arrays(void **state) {
  (void)state;
  /* a sub-range reads by name; an equation for a part, and one for the rest */
  EXPECT(MODEL("<aux name=\"a\">" OVER("D") "<eqn>D*10</eqn></aux><aux name=\"s\">" OVER("Part") "<eqn>a + 1</eqn></aux>"), "s[C]", 31);
  EXPECT(MODEL("<aux name=\"a\">" OVER("D") "<eqn>D*10</eqn></aux><aux name=\"s\">" OVER("Part") "<eqn>a[Part] + Part</eqn></aux>"), "s[C]", 32);
  EXPECT(MODEL("<aux name=\"a\">" OVER("D") "<element subscript=\"A\"><eqn>5</eqn></element><element subscript=\"Part\">"
               "<eqn>100*Part</eqn></element></aux>"), "a[C]", 200);
  EXPECT(MODEL("<aux name=\"a\">" OVER("D") "<element subscript=\"B\"><eqn>5</eqn></element><eqn>D</eqn></aux>"), "a[C]", 3);
  /* an element may depend on another one of the same variable, whatever the order */
  EXPECT(MODEL("<aux name=\"f\">" OVER("N") "<element subscript=\"4\"><eqn>f[3] + f[2]</eqn></element><element subscript=\"3\">"
               "<eqn>f[2] + f[1]</eqn></element><element subscript=\"2\"><eqn>1</eqn></element><element subscript=\"1\">"
               "<eqn>1</eqn></element></aux>"), "f[4]", 3);
  EXPECT(MODEL("<aux name=\"p\">" OVER("D") "<element subscript=\"A\"><eqn>1</eqn></element><element subscript=\"B\"><eqn>q[A]*2</eqn>"
               "</element><element subscript=\"C\"><eqn>q[B]*2</eqn></element></aux><aux name=\"q\">" OVER("D") "<eqn>p + 1</eqn></aux>"),
         "p[C]", 10);
  /* transposition three ways, positions, dimensions twice */
#define SQUARE "<aux name=\"m\"><dimensions><dim name=\"D\"/><dim name=\"D\"/></dimensions><eqn>10*@1 + @2</eqn></aux>"
#define TWO "<aux name=\"m\"><dimensions><dim name=\"D\"/><dim name=\"N\"/></dimensions><eqn>10*D + N</eqn></aux>"
  EXPECT(MODEL(TWO "<aux name=\"t\"><dimensions><dim name=\"N\"/><dim name=\"D\"/></dimensions><eqn>m</eqn></aux>"), "t[4, B]", 24);
  EXPECT(MODEL(TWO "<aux name=\"t\"><dimensions><dim name=\"N\"/><dim name=\"D\"/></dimensions><eqn>m'</eqn></aux>"), "t[4, B]", 24);
  EXPECT(MODEL(TWO "<aux name=\"t\"><dimensions><dim name=\"N\"/><dim name=\"D\"/></dimensions><eqn>m[@2, @1]</eqn></aux>"), "t[4, B]", 24);
  EXPECT(MODEL(TWO "<aux name=\"r\">" OVER("D") "<eqn>SUM(m[D, *]) - SUM(m)/12</eqn></aux>"), "r[A]", 50 - 22.5);
  EXPECT(MODEL(TWO "<aux name=\"v\">" OVER("D") "<eqn>D</eqn></aux><aux name=\"r\">" OVER("N") "<eqn>SUM(m[*, N]*v[*])</eqn></aux>"),
         "r[2]", 12 + 44 + 96);
  /* a stock per element, and a smooth per element */
  EXPECT(MODEL("<stock name=\"s\">" OVER("D") "<eqn>D</eqn><inflow>i</inflow></stock><flow name=\"i\">" OVER("D") "<eqn>D*TIME</eqn></flow>"),
         "s[C]", 3, 3, 6, 12, 21);
  EXPECT(MODEL("<aux name=\"s\">" OVER("D") "<eqn>SMTH1(D*TIME, 2)</eqn></aux>"), "s[B]", 0, 0, 1, 2.5, 4.25);
  EXPECT(MODEL("<aux name=\"s\">" OVER("D") "<element subscript=\"A\"><eqn>1</eqn></element><element subscript=\"B\"><eqn>SMTH1(2*TIME, 2)</eqn>"
               "</element><element subscript=\"C\"><eqn>PREVIOUS(SELF, 1)*2</eqn></element></aux>"), "s[C]", 2, 4, 8, 16, 32);
  EXPECT(MODEL("<aux name=\"y\">" OVER("D") "<element subscript=\"A\"><gf><xscale min=\"0\" max=\"4\"/><ypts>0,4</ypts></gf></element>"
               "<element subscript=\"B\"><gf><xscale min=\"0\" max=\"4\"/><ypts>0,8</ypts></gf></element>"
               "<element subscript=\"C\"><gf><xscale min=\"0\" max=\"4\"/><ypts>8,0</ypts></gf></element><eqn>TIME</eqn></aux>"),
         "y[C]", 8, 6, 4, 2, 0);
  refuse(MODEL("<aux name=\"a\">" OVER("D") "<element subscript=\"A\"><eqn>5</eqn></element></aux>"), ERR_INPUT, "[B] has no equation");
  refuse(MODEL("<aux name=\"a\">" OVER("Nope") "<eqn>5</eqn></aux>"), ERR_INPUT, "dimension \"Nope\" is not defined");
  refuse(MODEL("<aux name=\"a\">" OVER("D") "<element subscript=\"Z\"><eqn>5</eqn></element></aux>"), ERR_INPUT, "not an element of dimension D");
}

/* A function with a memory within an array function has a memory for every element it runs over. */
static void memories(void **state) {
  (void)state;
#define X3 "<aux name=\"x\">" OVER("D") "<eqn>D*TIME</eqn></aux>"
  /* SMTH1(k*t, 2) is k times 0, 0, 0.5, 1.25, 2.125; over 1, 2 and 3 together 6 times that */
  EXPECT(MODEL(X3 AUX("r", "SUM(SMTH1(x[*], 2))")), "r", 0, 0, 3, 7.5, 12.75);
  EXPECT(MODEL(X3 AUX("r", "SUM(SMTH1(x, 2))")), "r", 0, 0, 3, 7.5, 12.75);
  EXPECT(MODEL(X3 AUX("r", "SUM(x[*] - SMTH1(x[*], 2))")), "r", 0, 6, 9, 10.5, 11.25);
  EXPECT(MODEL(X3 AUX("r", "MAX(SMTH1(x[2:3] + x[B:C], 2))")), "r", 0, 0, 3, 7.5, 12.75);
  EXPECT(MODEL(X3 AUX("r", "MEAN(PREVIOUS(x[*:Part], -1))")), "r", -1, 0, 2.5, 5, 7.5);
  EXPECT(MODEL(X3 AUX("r", "SUM(INIT(x[*] + 1))")), "r", 3);
  EXPECT(MODEL(X3 AUX("r", "SUM(DELAY(SMTH1(x[*], 2), 1, 9))")), "r", 27, 0, 0, 3, 7.5);
  /* over one dimension within an equation over another; twice the same; a run within a run */
#define M34 "<aux name=\"m\"><dimensions><dim name=\"D\"/><dim name=\"N\"/></dimensions><eqn>TIME*(10*D + N)</eqn></aux>"
  EXPECT(MODEL(M34 "<aux name=\"r\">" OVER("N") "<eqn>SUM(SMTH1(m[*, N], 2))</eqn></aux>"), "r[4]", 0, 0, 36, 90, 153);
  EXPECT(MODEL(M34 "<aux name=\"r\">" OVER("D") "<eqn>SUM(PREVIOUS(m[D, *], 0)*m[D, *])/SUM(m[D, *]*m[D, *])</eqn></aux>"),
         "r[B]", NAN, 0, 0.5, 2.0/3, 0.75);
  EXPECT(MODEL("<aux name=\"q\"><dimensions><dim name=\"D\"/><dim name=\"D\"/></dimensions><eqn>11,12,13;21,22,23;31,32,33</eqn></aux>"
               AUX("r", "SUM(PREVIOUS(q[*, *], 0)*q[*, *])")), "r", 0, 4962);
  EXPECT(MODEL(M34 AUX("r", "SUM(PREVIOUS(SUM(m[A, *])*x[*], 0))") X3), "r", 0, 0, 300, 1200, 2700);
  EXPECT(MODEL(X3 "<aux name=\"r\">" OVER("D") "<element subscript=\"A\"><eqn>SUM(SMTH1(x[*], 2))</eqn></element><element subscript=\"Part\">"
               "<eqn>SUM(SMTH1(x[*]*Part, 2))</eqn></element></aux>"), "r[C]", 0, 0, 6, 15, 25.5);
  EXPECT(MODEL(X3 "<aux name=\"r\">" OVER("D") "<eqn>RANK(x, SMTH1(D, 3))</eqn></aux>"), "r[C]", 3, 3, 3);
}

static void modules(void **state) {
  (void)state;
#define MODULES HEAD("") "<model><variables>" AUX("rate", "0.5") \
  "<module name=\"school\"><connect to=\"pace\" from=\".rate\"/></module>" AUX("twice", "school.pupils*2") \
  "<module name=\"firm\"><connect to=\"firm.hired\" from=\"school.leaving\"/></module></variables></model>" \
  "<model name=\"school\"><variables><aux name=\"pace\" access=\"input\"><eqn>9</eqn></aux>" \
  "<stock name=\"pupils\"><eqn>64</eqn><outflow>leaving</outflow></stock><flow name=\"leaving\"><eqn>pupils*pace</eqn></flow></variables></model>" \
  "<model name=\"firm\"><variables><stock name=\"staff\"><eqn>0</eqn><inflow>hired in</inflow></stock>" \
  "<flow name=\"hired in\"><eqn>hired</eqn></flow><aux name=\"hired\" access=\"input\"><eqn>0</eqn></aux></variables></model></xmile>"
  EXPECT(MODULES, "school.pupils", 64, 32, 16, 8, 4);
  EXPECT(MODULES, "twice", 128, 64, 32, 16, 8);
  EXPECT(MODULES, "firm.staff", 0, 32, 48, 56, 60);
  refuse(HEAD("") "<model><variables><module name=\"x\"/></variables></model></xmile>", ERR_INPUT, "no model of that name");
  refuse(HEAD("") "<model><variables><module name=\"x\"/></variables></model><model name=\"x\"><variables><module name=\"x\"/></variables>"
         "</model></xmile>", ERR_LIMIT, "deeper");
}

static void macros(void **state) {
  (void)state;
#define MACROS "<macro name=\"LOGB\"><parm>v</parm><parm default=\"10\">base</parm><eqn>LN(v)/LN(base)</eqn></macro>" \
  "<macro name=\"ACC\"><parm>input</parm><parm>start</parm><eqn>total</eqn><variables><stock name=\"total\"><eqn>start</eqn>" \
  "<inflow>add</inflow></stock><flow name=\"add\"><eqn>input</eqn></flow></variables></macro>" \
  "<macro name=\"TWICE\"><parm>y</parm><eqn>ACC(y, 0) + ACC(2*y, 1)</eqn></macro>" \
  "<macro name=\"TOTAL\"><parm>arr</parm><eqn>SUM(arr)</eqn></macro>" \
  "<macro name=\"LOOP\"><parm>y</parm><eqn>LOOP(y - 1)</eqn></macro>"
#define WITH(vars) HEAD(DIMS) "<model><variables>" vars "</variables></model>" MACROS "</xmile>"
  EXPECT(WITH(AUX("r", "LOGB(8, 2)")), "r", 3);
  EXPECT(WITH(AUX("r", "LOGB(1000)")), "r", 3);
  EXPECT(WITH(AUX("r", "ACC(TIME, 5)")), "r", 5, 5, 6, 8, 11);
  EXPECT(WITH(AUX("r", "TWICE(1)")), "r", 1, 4, 7, 10, 13);
  EXPECT(WITH("<aux name=\"r\">" OVER("D") "<eqn>ACC(D, 0)</eqn></aux>"), "r[C]", 0, 3, 6, 9, 12);
  EXPECT(WITH("<aux name=\"a\">" OVER("D") "<eqn>D</eqn></aux>" AUX("r", "TOTAL(a)")), "r", 6);
  EXPECT(WITH("<aux name=\"a\">" OVER("D") "<eqn>D</eqn></aux>" AUX("r", "SUM(ACC(a[*], 1)) + SUM(a*TOTAL(a))")), "r", 39, 45, 51, 57, 63);
  refuse(WITH(AUX("r", "LOOP(3)")), ERR_UNSUPPORTED, "calls itself");
  refuse(WITH(AUX("r", "ACC(3)")), ERR_INPUT, "1 arguments, expected 2");
}

static void non_negative(void **state) {
  (void)state;
  /* 10 in stock; 4 and 8 want out each step, the first listed goes first */
#define TANK "<stock name=\"tank\"><eqn>10</eqn><outflow>first</outflow><outflow>second</outflow><non_negative/></stock>" \
  "<flow name=\"first\"><eqn>4</eqn></flow><flow name=\"second\"><eqn>8</eqn></flow>"
  EXPECT(MODEL(TANK), "tank", 10, 0, 0);
  EXPECT(MODEL(TANK), "first", 4, 0, 0);
  EXPECT(MODEL(TANK), "second", 6, 0, 0);
  EXPECT(MODEL("<flow name=\"f\"><eqn>TIME - 2</eqn><non_negative/></flow>"), "f", 0, 0, 0, 1, 2);
  EXPECT(HEAD("<behavior><flow><non_negative/></flow></behavior>") "<model><variables><flow name=\"f\"><eqn>TIME - 2</eqn></flow>"
         "</variables></model></xmile>", "f", 0, 0, 0, 1, 2);
  EXPECT(HEAD("<behavior><flow><non_negative/></flow></behavior>") "<model><variables><flow name=\"f\"><eqn>TIME - 2</eqn>"
         "<non_negative> False </non_negative></flow></variables></model></xmile>", "f", -2, -1, 0, 1, 2);
}

static void conveyors(void **state) {
  (void)state;
#define BELT(extra, flow) MODEL("<stock name=\"belt\"><eqn>0</eqn><inflow>in</inflow><outflow>out</outflow><conveyor><len>2</len>" extra \
  "</conveyor></stock><flow name=\"in\"><eqn>" flow "</eqn></flow><flow name=\"out\"/>")
  EXPECT(BELT("", "10"), "belt", 0, 10, 20, 20, 20);
  EXPECT(BELT("", "10"), "out", 0, 0, 10, 10, 10);
  EXPECT(BELT("", "PULSE(8, 1)"), "out", 0, 0, 0, 8, 0);
  EXPECT(BELT("<in_limit>3</in_limit>", "10"), "in", 3, 3, 3);
  EXPECT(BELT("<capacity>15</capacity>", "10"), "in", 10, 5, 10, 5);
  EXPECT(BELT("<arrest>TIME = 1</arrest>", "10"), "belt", 0, 10, 10, 20, 20);
  /* contents at the start lie evenly */
  EXPECT(MODEL("<stock name=\"belt\"><eqn>20</eqn><outflow>out</outflow><conveyor><len>4</len></conveyor></stock><flow name=\"out\"/>"),
         "out", 5, 5, 5, 5, 0);
  /* a leak of whole units only: 0.75 a step is let go as 0, 1, 1, 1, 0 */
  EXPECT(MODEL("<stock name=\"belt\"><eqn>0</eqn><inflow>in</inflow><outflow>out</outflow><outflow>lost</outflow><conveyor><len>1</len>"
               "</conveyor></stock><flow name=\"in\"><eqn>3</eqn></flow><flow name=\"out\"/><flow name=\"lost\"><leak>0.25</leak>"
               "<leak_integers/></flow>"), "lost", 0, 0, 1, 1, 1);
  /* a zone at the first half: 0.2 of 4 is lost in the two slats next to the inflow */
  EXPECT(MODEL("<stock name=\"belt\"><eqn>0</eqn><inflow>in</inflow><outflow>out</outflow><outflow>lost</outflow><conveyor><len>4</len>"
               "</conveyor></stock><flow name=\"in\"><eqn>PULSE(4, 0)</eqn></flow><flow name=\"out\"/><flow name=\"lost\" leak_end=\"0.5\">"
               "<leak>0.2</leak></flow>"), "lost", 0, 0.4, 0.4, 0, 0);
  refuse(MODEL("<stock name=\"q\"><eqn>0</eqn><queue/></stock>"), ERR_UNSUPPORTED, "queues");
  refuse(MODEL("<stock name=\"q\"><eqn>0</eqn><isee:oven/></stock>"), ERR_UNSUPPORTED, "ovens");
  refuse(MODEL("<stock name=\"b\"><eqn>0</eqn><outflow>o</outflow><conveyor><len>1/0</len></conveyor></stock><flow name=\"o\"/>"),
         ERR_LIMIT, "transit time is longer than 1000000 steps");
  refuse(MODEL("<stock name=\"b\"><eqn>0</eqn><outflow>o</outflow><conveyor><len>STEP(1e9, 2) + 1</len></conveyor></stock>"
               "<flow name=\"o\"/>"), ERR_LIMIT, "conveyor \"b\"");
  refuse(MODEL("<stock name=\"b\"><eqn>0</eqn><conveyor><len>1</len></conveyor></stock>"), ERR_INPUT, "no outflow at its end");
}

/* What lies on a belt, slat by slat; initial contents in parts; belts per element; discrete conveyors. */
static void belts(void **state) {
  (void)state;
#define FILLED(dt, list, attrs, more, vars) "<xmile version=\"1.0\"><sim_specs><start>0</start><stop>4</stop><dt>" dt "</dt></sim_specs>" \
  DIMS "<model><variables><stock name=\"belt\"><eqn>" list "</eqn><inflow>in</inflow><outflow>out</outflow><conveyor" attrs "><len>3</len>" more \
  "</conveyor></stock><flow name=\"in\"><eqn>0</eqn></flow><flow name=\"out\"/>" vars "</variables></model></xmile>"
  /* one part for each unit of time; the last is repeated, what is too much left out */
  EXPECT(FILLED("1", "1, 2, 3*2", "", "", ""), "out", 1, 2, 6, 0, 0);
  EXPECT(FILLED("1", "1, 2, 6", "", "", ""), "belt", 9, 8, 6, 0, 0);
  EXPECT(FILLED("1", "1, 2", "", "", ""), "out", 1, 2, 2, 0, 0);
  EXPECT(FILLED("1", "1, 2, 3, 4, 5", "", "", ""), "belt", 6, 5, 3, 0, 0);
  /* half steps: 1 leaves in the first unit of time, as 0.5 in each of its two steps, so at a rate of 1 */
  EXPECT(FILLED("0.5", "1, 2, 6", "", "", ""), "out", 1, 1, 2, 2, 6, 6, 0);
  EXPECT(FILLED("0.5", "1, 2, 6", "", "", ""), "belt", 9, 8.5, 8, 7, 6, 3, 0);
  /* as many parts as slats: one for each */
  EXPECT(FILLED("0.5", "1, 2, 3, 4, 5, 6", "", "", ""), "out", 2, 4, 6, 8, 10, 12, 0);
  /* discrete: all of a unit of time leaves in its first step, whether in parts or not */
  EXPECT(FILLED("0.5", "1, 2, 6", " discrete=\"true\"", "", ""), "out", 2, 0, 4, 0, 12, 0, 0);
  EXPECT(FILLED("0.5", "9", " discrete=\"true\"", "", ""), "out", 6, 0, 6, 0, 6, 0, 0);
  /* the inflow limit of a discrete conveyor is for a unit of time: 4 of the 10 that come in the first half, then no more */
#define LIMITED(attrs) "<xmile version=\"1.0\"><sim_specs><start>0</start><stop>2</stop><dt>0.5</dt></sim_specs><model><variables>" \
  "<stock name=\"belt\"><eqn>0</eqn><inflow>in</inflow><outflow>out</outflow><conveyor" attrs "><len>3</len><in_limit>4</in_limit></conveyor>" \
  "</stock><flow name=\"in\"><eqn>20</eqn></flow><flow name=\"out\"/></variables></model></xmile>"
  EXPECT(LIMITED(" discrete=\"true\""), "in", 8, 0, 8, 0, 8);
  EXPECT(LIMITED(""), "in", 4, 4, 4, 4, 4);
  /* slats: the first is the next to leave; array functions run over them */
  EXPECT(FILLED("1", "1, 2, 6", "", "", AUX("r", "belt[2]")), "r", 2, 6, 0, 0, 0);
  EXPECT(FILLED("1", "1, 2, 6", "", "", AUX("r", "belt[1 + TIME] + belt[9]")), "r", 1, 6, 0, 0, 0);
  EXPECT(FILLED("1", "1, 2, 6", "", "", AUX("r", "100*SIZE(belt) + 10*MAX(belt) + MIN(belt)")), "r", 361, 360);
  EXPECT(FILLED("1", "1, 2, 6", "", "", AUX("r", "MEAN(belt) + SUM(belt) + PROD(belt)")), "r", 24, 8 + 8.0/3);
  EXPECT(FILLED("1", "2, 2, 5", "", "", AUX("r", "STDDEV(belt)")), "r", sqrt(3));
  /* a leak takes of each part what it would have taken by then: linear 0.3 of 3 slats is a tenth a slat of what came in */
  EXPECT(FILLED("1", "7, 8, 9", "", "", "") , "belt", 24, 17, 9);
  EXPECT(MODEL("<stock name=\"belt\"><eqn>8, 18, 30</eqn><outflow>out</outflow><outflow>lost</outflow><conveyor><len>3</len></conveyor></stock>"
               "<flow name=\"out\"/><flow name=\"lost\"><leak>0.3</leak></flow>"), "lost", 1 + 2 + 3, 2 + 3, 3, 0, 0);
  /* per element: own length and list of contents; slats of one element */
#define PAIR(init) MODEL("<stock name=\"b\">" OVER("Part") init "<outflow>o</outflow><conveyor><len>Part + 1</len></conveyor></stock>" \
  "<flow name=\"o\">" OVER("Part") "</flow>" AUX("r", "b[C][2] + 100*b[B, 1]") AUX("s", "SUM(b)") "<aux name=\"t\">" OVER("Part") "<eqn>b[Part][1]</eqn></aux>")
  EXPECT(PAIR("<eqn>1, 2, 4</eqn>"), "o[B]", 1, 2, 0, 0);
  EXPECT(PAIR("<eqn>1, 2, 4</eqn>"), "o[C]", 1, 2, 4, 0);
  EXPECT(PAIR("<eqn>1, 2, 4</eqn>"), "r", 102, 204, 0);
  EXPECT(PAIR("<eqn>1, 2, 4</eqn>"), "s", 10, 8, 4, 0);
  EXPECT(PAIR("<eqn>6</eqn>"), "t[C]", 2, 2, 2, 0);
  /* points of a graphical function */
#define TABLE "<gf name=\"g\"><xpts>0,4,8</xpts><ypts>3,5,10</ypts></gf>"
  EXPECT(MODEL(TABLE AUX("r", "g[2] + 10*g[TIME]")), "r", 5, 35, 55, 105, 5);
  EXPECT(MODEL(TABLE AUX("r", "MEAN(g) + SIZE(g) + SUM(g) + MAX(g) - MIN(g)")), "r", 6 + 3 + 18 + 10 - 3);
  refuse(MODEL(AUX("k", "1") AUX("r", "k[2]")), ERR_INPUT, "0 dimensions, the reference gives 1");
  refuse(MODEL(AUX("k", "1") AUX("r", "SLAT(k, 2)")), ERR_INPUT, "neither a conveyor nor");
}

static void orders(void **state) {
  (void)state;
  refuse(MODEL(AUX("a", "b + 1") AUX("b", "c*2") AUX("c", "a")), ERR_INPUT, "circular definition: a -> b -> c -> a");
  refuse(MODEL(AUX("a", "a + 1")), ERR_INPUT, "a -> a");
  refuse(MODEL("<stock name=\"s\"><eqn>t</eqn></stock><stock name=\"t\"><eqn>s</eqn></stock>"), ERR_INPUT, "of initial values: s -> t -> s");
  refuse(MODEL("<aux name=\"a\">" OVER("D") "<eqn>b</eqn></aux><aux name=\"b\">" OVER("D") "<eqn>a</eqn></aux>"), ERR_INPUT, "a[A] -> b[A] -> a[A]");
  EXPECT(MODEL(AUX("z", "y + 1") AUX("y", "x*2") AUX("x", "TIME")), "z", 1, 3, 5, 7, 9);
}

static void bad_files(void **state) {
  (void)state;
#define SPECS(s) "<xmile>" s "<model><variables>" AUX("a", "1") "</variables></model></xmile>"
  refuse("", ERR_INPUT, "");
  refuse("<xmile>", ERR_INPUT, "not well-formed");
  refuse("<html/>", ERR_INPUT, "expected <xmile>");
  refuse("<!DOCTYPE xmile [<!ENTITY a \"b\">]><xmile>&a;</xmile>", ERR_INPUT, "document type");
  refuse(SPECS(""), ERR_INPUT, "sim_specs");
  refuse(SPECS("<sim_specs><start>0</start><stop>x</stop></sim_specs>"), ERR_INPUT, "expected a number");
  refuse(SPECS("<sim_specs><start>0</start><stop>4</stop><dt>0</dt></sim_specs>"), ERR_INPUT, "dt is 0");
  refuse(SPECS("<sim_specs><start>0</start><stop>4</stop><dt>-1</dt></sim_specs>"), ERR_INPUT, "dt is -1");
  refuse(SPECS("<sim_specs><start>0</start><stop>1e9</stop><dt>0.001</dt></sim_specs>"), ERR_LIMIT, "steps");
  refuse(SPECS("<sim_specs><start>5</start><stop>4</stop></sim_specs>"), ERR_INPUT, "stop at or after");
  refuse(SPECS("<sim_specs method=\"magic\"><start>0</start><stop>4</stop></sim_specs>"), ERR_INPUT, "unknown integration method");
  refuse(MODEL(AUX("a", "1") AUX("A", "2")), ERR_INPUT, "used twice");
  refuse(MODEL("<aux name=\"a\"/>"), ERR_INPUT, "no equation");
  refuse(MODEL("<stock name=\"s\"><eqn>1</eqn><inflow>nope</inflow></stock>"), ERR_INPUT, "inflow \"nope\"");
  refuse(MODEL("<aux name=\"a\"><eqn>1</eqn><gf><ypts>1,2</ypts></gf></aux>"), ERR_INPUT, "needs <xpts>");
  refuse(MODEL("<aux name=\"a\"><eqn>1</eqn><gf><xpts>1,2,3</xpts><ypts>1,2</ypts></gf></aux>"), ERR_INPUT, "3 x values and 2 y");
  refuse(MODEL("<aux name=\"a\"><eqn>1</eqn><gf><xpts>2,1</xpts><ypts>1,2</ypts></gf></aux>"), ERR_INPUT, "must rise");
}

/* Nesting, attributes and sums beyond the bounds: refused, quickly. */
static void hostile(void **state) {
  (void)state;
  Buf text;
  ErrInfo info = ERRINFO_INIT;
  FlowModel *model;
  double got[1];
  buf_init(&text, 0);
  buf_cstr(&text, "<xmile>");
  for (int i = 0; i < 100000; i++) buf_cstr(&text, "<a>");
  assert_int_equal(flow_open_text(&model, buf_view(&text), "deep", NULL, &info), ERR_LIMIT);
  buf_reset(&text);
  buf_cstr(&text, "<xmile x=\"");
  for (int i = 0; i < 100000; i++) buf_char(&text, 'y');
  buf_cstr(&text, "\"/>");
  assert_int_equal(flow_open_text(&model, buf_view(&text), "wide", NULL, &info), ERR_LIMIT);
  const char *const parts[] = {"(", "-", "1+", "NOT ", "IF 1 THEN 1 ELSE ", "ABS("};
  for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
    buf_reset(&text);
    buf_cstr(&text, HEAD("") "<model><variables><aux name=\"a\"><eqn>");
    for (int i = 0; i < 100000; i++) buf_cstr(&text, parts[k]);
    buf_cstr(&text, "1</eqn></aux></variables></model></xmile>");
    Err err = run_text(buf_zstr(&text), NULL, 0, got, 0, &info);
    assert_int_equal(err, ERR_LIMIT);
  }
  FlowLimits small = {.memory_bytes = 100000};
  assert_int_equal(flow_open_text(&model, buf_view(&text), "big", &small, &info), ERR_MEMORY);
  buf_clear(&text);
  refuse(HEAD("<dimensions><dim name=\"D\" size=\"3000\"/></dimensions>") "<model><variables><aux name=\"a\"><dimensions><dim name=\"D\"/>"
         "<dim name=\"D\"/></dimensions><eqn>1</eqn></aux></variables></model></xmile>", ERR_LIMIT, "array elements");
}

/* A long chain of variables must not become a deep recursion. */
static void long_chain(void **state) {
  (void)state;
  Buf text;
  ErrInfo info = ERRINFO_INIT;
  double got[1] = {0};
  buf_init(&text, 0);
  buf_cstr(&text, HEAD("") "<model><variables>");
  for (int i = 20000; i > 0; i--) buf_printf(&text, "<aux name=\"v%d\"><eqn>v%d + 1</eqn></aux>", i, i - 1);
  buf_cstr(&text, "<aux name=\"v0\"><eqn>TIME</eqn></aux></variables></model></xmile>");
  assert_int_equal(run_text(buf_zstr(&text), "v20000", 0, got, 1, &info), ERR_OK);
  assert_true(got[0] == 20000);
  buf_clear(&text);
}

static void written(void **state) {
  (void)state;
  const char *text = HEAD("") "<model><variables><aux name=\"a &amp; b\"><doc>One &lt; two</doc><eqn>IF 1 &lt; 2 THEN 3 ELSE 4</eqn>"
                     "<units>people/year</units><isee:note x=\"1\"/></aux></variables><views><view><aux name=\"a\" x=\"1\" y=\"2\"/></view></views>"
                     "</model></xmile>";
  FlowModel *one, *two;
  ErrInfo info = ERRINFO_INIT;
  Buf first, second;
  buf_init(&first, 0);
  buf_init(&second, 0);
  assert_int_equal(flow_open_text(&one, str_from(text), "one", NULL, &info), ERR_OK);
  assert_int_equal(flow_write(one, &first, &info), ERR_OK);
  assert_int_equal(flow_open_text(&two, buf_view(&first), "two", NULL, &info), ERR_OK);
  assert_int_equal(flow_write(two, &second, &info), ERR_OK);
  assert_true(str_eq(buf_view(&first), buf_view(&second)));
  FlowVariable v = flow_variable(two, 0);
  assert_true(str_eq(v.doc, S("One < two")) && str_eq(v.units, S("people/year")));
  assert_true(str_find(buf_view(&first), S("<isee:note x=\"1\"/>")) != STR_NPOS);
  assert_true(str_find(buf_view(&first), S("<view><aux name=\"a\" x=\"1\" y=\"2\"/></view>")) != STR_NPOS);
  flow_close(one);
  flow_close(two);
  buf_clear(&first);
  buf_clear(&second);
}

static Err keep_block(void *context, const FlowBlock *b) {
  double *all = context;
  for (size_t k = 0; k < b->count; k++)
    for (size_t i = 0; i < b->rows * b->columns; i++) all[(b->first + k) * b->rows * b->columns + i] = b->values[i * b->stride + k];
  return ERR_OK;
}
static Err spread(void *context, size_t member, double *values) {
  (void)context;
  values[0] = 0.01 * (double)member;
  return ERR_OK;
}

static const char EVERYTHING[] = WITH(
  "<stock name=\"s\">" OVER("D") "<eqn>D*100*k</eqn><inflow>i</inflow><outflow>o</outflow></stock>" AUX("k", "1")
  "<flow name=\"i\">" OVER("D") "<eqn>NORMAL(5, 1) + UNIFORM(0, 1)*D + POISSON(4) + EXPRND(2) + LOGNORMAL(3, 1)</eqn></flow>"
  "<flow name=\"o\">" OVER("D") "<eqn>s*k*EXP(-D)/(1 + SIN(TIME)^2)</eqn></flow>"
  AUX("all", "SUM(s) + MEAN(i) + STDDEV(s) + RANK(s, 2) + SMTH3(SUM(o), 3) + DELAY(MAX(s), 2) + PREVIOUS(SELF, 0)*0.1")
  AUX("m", "TWICE(all) + LOGB(all + 10000)")
  "<aux name=\"list\">" OVER("D") "<eqn>1, 2, 3</eqn></aux><aux name=\"begun\">" OVER("D") "<eqn>all/1000</eqn><init_eqn>D</init_eqn></aux>"
  AUX("lifted", "SUM(SMTH1(list[*]*s[*], 2)) + MAX(PREVIOUS(begun[A:B], 0)) + SUM(ACC(list[*], 1)) + DELAYN(TIME, 2, 1 + STEP(1, 3))")
  AUX("drawn", "NORMAL(2, 1, 3, 0, 4) + BINOMIAL(40, 0.2) + GAMMA(2) + BETA(1, 2) + TRIANGULAR(0, 1, 2) + WEIBULL(2, 1)")
  "<stock name=\"batch\"><eqn>1, 2, 3</eqn><inflow>put</inflow><outflow>take</outflow><conveyor discrete=\"true\"><len>3</len><in_limit>4</in_limit>"
  "</conveyor></stock><flow name=\"put\"><eqn>3*k</eqn></flow><flow name=\"take\"/>" AUX("slats", "batch[2] + MEAN(batch) + SIZE(batch)")
  "<stock name=\"belt\"><eqn>10</eqn><inflow>in</inflow><outflow>out</outflow><outflow>lost</outflow><conveyor><len>2 + k</len></conveyor></stock>"
  "<flow name=\"in\"><eqn>MAX(0, all/100)</eqn></flow><flow name=\"out\"/><flow name=\"lost\"><leak>0.1*k</leak></flow>");

/* The same bits for any number of threads and any width, random functions and conveyors included. */
static void same_bits(void **state) {
  (void)state;
  FlowModel *model;
  FlowProgram *program;
  ErrInfo info = ERRINFO_INIT;
  Str set = S("k");
  const FlowMethod methods[] = {FLOW_EULER, FLOW_RK2, FLOW_RK4};
  assert_int_equal(flow_open_text(&model, str_from(EVERYTHING), "everything", NULL, &info), ERR_OK);
  for (size_t q = 0; q < 3; q++) {
    FlowSpec spec = FLOW_SPEC_INIT;
    spec.set = &set;
    spec.set_count = 1;
    spec.dt = 0.25;
    spec.method = methods[q];
    if (flow_compile(&program, model, &spec, &info) != ERR_OK) { print_error("%s: %s\n", info.column, info.message); fail(); }
    enum { MEMBERS = 37 };
    size_t values = MEMBERS * flow_row_count(program) * flow_column_count(program);
    double *first = mem_alloc0(values, sizeof *first), *other = mem_alloc0(values, sizeof *other);
    const unsigned widths[] = {1, 4, 8, 8, 4}, threads[] = {1, 1, 1, 3, 2};
    for (size_t t = 0; t < 5; t++) {
      FlowEnsemble e = {.members = MEMBERS, .draw = spread, .sink = keep_block, .sink_context = t ? other : first, .seed = 99,
                        .threads = threads[t], .width = widths[t]};
      size_t done = 0;
      assert_int_equal(flow_ensemble(program, &e, &done, &info), ERR_OK);
      assert_int_equal(done, MEMBERS);
      if (t) assert_memory_equal(first, other, values * sizeof *first);
    }
    double one = 0.01 * 11;
    FlowRun run = {.set = &one, .seed = 99};
    FlowResult *result;
    assert_int_equal(flow_run(&result, program, &run, &info), ERR_OK);
    /* a run is member 0: only what does not draw is equal to member 11 */
    assert_true(flow_result_get(result, 0, 0) == first[11 * flow_row_count(program) * flow_column_count(program)]);
    flow_result_free(result);
    mem_free(first);
    mem_free(other);
    flow_program_free(program);
  }
  flow_close(model);
}

/* Every n-th allocation fails: an error, never a crash; leaks are found by the sanitizer. */
static void no_memory(void **state) {
  (void)state;
  double got[1];
  Err err = ERR_MEMORY;
  size_t n = 1;
  for (; err != ERR_OK && n < 100000; n++) {
    ErrInfo info = ERRINFO_INIT;
    mem_fail_at(n, 1);
    err = run_text(EVERYTHING, NULL, 0.5, got, 0, &info);
    mem_fail_at(0, 0);
    if (err != ERR_OK && err != ERR_MEMORY) { print_error("allocation %zu: %s\n", n, info.message); fail(); }
  }
  assert_int_equal(err, ERR_OK);
  assert_true(n > 20);
}

typedef struct Heard { size_t count; char last[600]; } Heard;
static void hear(void *context, const char *message) {
  Heard *h = context;
  h->count++;
  snprintf(h->last, sizeof h->last, "%s", message);
}

static void units_of(const char *vars, size_t wanted, const char *words) {
  char text[2000];
  FlowModel *model;
  ErrInfo info = ERRINFO_INIT;
  Heard heard = {0};
  size_t mismatches;
  snprintf(text, sizeof text, "<xmile><sim_specs time_units=\"Years\"><start>0</start><stop>1</stop></sim_specs><model_units>"
           "<unit name=\"person\"><alias>people</alias></unit></model_units><model><variables>%s</variables></model></xmile>", vars);
  assert_int_equal(flow_open_text(&model, str_from(text), "m", NULL, &info), ERR_OK);
  assert_int_equal(flow_check_units(model, hear, &heard, &mismatches, &info), ERR_OK);
  if (mismatches != wanted) print_error("%s\n", heard.last);
  assert_int_equal(mismatches, wanted);
  assert_int_equal(heard.count, wanted);
  if (wanted && !strstr(heard.last, words)) { print_error("\"%s\" lacks \"%s\"\n", heard.last, words); fail(); }
  flow_close(model);
}

static void units(void **state) {
  (void)state;
#define U(kind, name, eqn, units) "<" kind " name=\"" name "\"><eqn>" eqn "</eqn><units>" units "</units></" kind ">"
  units_of(U("aux", "a", "1", "people") U("aux", "b", "2", "person") U("aux", "c", "a + b", "People"), 0, "");
  units_of(U("aux", "a", "1", "people") U("aux", "b", "2", "year") U("aux", "c", "a + b", "people"), 1, "person and years");
  units_of(U("aux", "a", "1", "people") U("aux", "c", "a/TIME", "people/yr"), 0, "");
  units_of(U("aux", "a", "1", "people") U("aux", "c", "a*a", "people^2"), 0, "");
  units_of(U("aux", "a", "1", "people") U("aux", "c", "MAX(0, a)", "people"), 0, "");
  units_of(U("aux", "a", "1", "people") U("aux", "c", "a*a", "people"), 1, "person^2 and person");
  units_of(U("aux", "a", "1", "people") U("aux", "c", "EXP(a)", "1"), 1, "should have no unit");
  units_of(U("aux", "a", "1", "people") U("aux", "c", "SQRT(a*a)", "people"), 0, "");
  units_of("<stock name=\"s\"><eqn>1</eqn><inflow>f</inflow><units>people</units></stock>" U("flow", "f", "1", "people/year"), 0, "");
  units_of("<stock name=\"s\"><eqn>1</eqn><inflow>f</inflow><units>people</units></stock>" U("flow", "f", "1", "people/month"), 1, "inflow");
  units_of(U("aux", "a", "IF_THEN_ELSE(1)", "people"), 0, "");
  units_of(U("aux", "a", "1", "people/(year"), 1, "is not a unit");
  units_of(U("aux", "a", "1", "") U("aux", "c", "a + 1", "people"), 0, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(arrays), cmocka_unit_test(memories), cmocka_unit_test(modules), cmocka_unit_test(macros), cmocka_unit_test(non_negative),
    cmocka_unit_test(conveyors), cmocka_unit_test(belts), cmocka_unit_test(orders), cmocka_unit_test(bad_files), cmocka_unit_test(hostile),
    cmocka_unit_test(long_chain), cmocka_unit_test(written), cmocka_unit_test(units), cmocka_unit_test(same_bits), cmocka_unit_test(no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
