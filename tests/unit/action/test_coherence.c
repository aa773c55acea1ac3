/* SPDX-License-Identifier: EUPL-1.2 */
/* Coherence: points by hand on small pacts, what is no doubling, and how well it does on a generated, labelled pact. */
#include "fixture.h"

#include <math.h>

#include "action/coherence.h"
#include "base/mem.h"

typedef struct Case {
  Fixture fixture;
  Store *store;
  ActionIndex *index;
  const Coherence *coherence;
  Arena arena;
} Case;

static void open_case(Case *c) {
  ErrInfo info = ERRINFO_INIT;
  assert_ok(store_open(&c->store, c->fixture.path, STORE_READ, &info));
  assert_ok(action_index_new(&c->index, c->store, &info));
  assert_ok(coherence_of(c->index, &c->coherence, &info));
  arena_init(&c->arena, 0);
}

static void close_case(Case *c) {
  action_index_release(c->index);
  store_close(c->store);
  arena_clear(&c->arena);
  fixture_close(&c->fixture);
}

static void values(Fixture *f, const char *code, const char *table, const char *column, const char *list) {
  char copy[128], sql[400], *save = NULL;
  snprintf(copy, sizeof copy, "%s", list);
  for (char *part = strtok_r(copy, " ", &save); part; part = strtok_r(NULL, " ", &save)) {
    snprintf(sql, sizeof sql, "INSERT INTO %s(action,%s,source,seq) VALUES('%s','%s','doc',1)", table, column, code, part);
    fixture_sql(f, sql);
  }
}

static void set(Fixture *f, const char *code, const char *column, const char *value) {
  char sql[800];
  snprintf(sql, sizeof sql, "UPDATE action SET %s = '%s' WHERE code = '%s'", column, value, code);
  fixture_sql(f, sql);
}

static CoherencePair compared(const Case *c, const char *one, const char *other) {
  uint32_t a, b;
  CoherencePair pair;
  assert_true(action_index_find(c->index, str_from(one), &a));
  assert_true(action_index_find(c->index, str_from(other), &b));
  coherence_compare(c->coherence, a, b, &pair);
  return pair;
}

#define assert_near(found, expected) do { double f_ = (found), e_ = (expected); \
    if (fabs(f_ - e_) > 1e-4) fail_msg("%s is %.6f, expected %.6f", #found, f_, e_); } while (0)

/* Three actions; "techniekdag" is not taken apart: dag is no word of this pact. */
static void points_by_hand(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  Fixture *f = &c.fixture;
  fixture_action(f, "A", "Techniekdag voor meisjes", "kiezen", "noorderpoort", "1c", "GM0014");
  fixture_action(f, "B", "Techniekdag meisjes VMBO", "kiezen", "uwv", "1", "PV20");
  fixture_action(f, "C", "Lassen", "kiezen", NULL, "", "");
  values(f, "A", "action_audience", "audience", "leerlingen ouders");
  values(f, "B", "action_audience", "audience", "leerlingen");
  open_case(&c);
  CoherencePair p = compared(&c, "A", "B");
  double shared = log(1 + 3.0 / 2), own = log(1 + 3.0 / 1);  /* both words in two of three actions; vmbo in one */
  double title = 2 * shared * shared / (sqrt(2 * shared * shared) * sqrt(2 * shared * shared + own * own));
  assert_near(p.part[COHERENCE_TITLE], title);
  assert_true(p.part[COHERENCE_TEXT] == COHERENCE_UNKNOWN);
  assert_near(p.part[COHERENCE_GOALS], 1.0 / 3);      /* {1, 1c} and {1, 1-direct} */
  assert_near(p.part[COHERENCE_AUDIENCE], 0.5);
  assert_near(p.part[COHERENCE_REACH], 1.0);          /* Groningen lies in Groningen */
  assert_true(p.part[COHERENCE_EDUCATION] == COHERENCE_UNKNOWN);
  assert_near(p.part[COHERENCE_ORGANISATIONS], 0.0);
  assert_near(p.score, 40 * title + 7.5 + 12.0 / 3 + 5 + 8 + 2.5 + 2 + 1.5 + 0);
  assert_int_equal(p.kind, COHERENCE_NEIGHBOUR);      /* 58 points */
  p = compared(&c, "A", "C");
  assert_near(p.part[COHERENCE_TITLE], 0.0);
  assert_true(p.part[COHERENCE_GOALS] == COHERENCE_UNKNOWN);
  assert_near(p.score, 0 + 7.5 + 6 + 5 + 4 + 2.5 + 2 + 1.5 + 1.5);
  CoherencePair back = compared(&c, "B", "A"), forth = compared(&c, "A", "B");
  assert_memory_equal(&back, &forth, sizeof back);
  close_case(&c);
}

static void text_and_facts(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  Fixture *f = &c.fixture;
  fixture_action(f, "A", "Robotkamp", "kiezen", "noorderpoort", "1a 2", "GM0003");
  fixture_action(f, "B", "Zomerweek", "kiezen", "uwv", "1a", "GM0010");
  set(f, "A", "description", "Leerlingen bouwen robots");
  set(f, "B", "description", "Leerlingen bouwen bruggen");
  set(f, "A", "period_start", "2014-01-01");
  set(f, "A", "period_end", "2014-06-30");
  set(f, "B", "period_start", "2014-06-30");
  values(f, "A", "action_education_sector", "education_sector", "VMBO MBO");
  values(f, "B", "action_education_sector", "education_sector", "VMBO MBO");
  values(f, "A", "action_partner", "organisation", "uwv");
  open_case(&c);
  CoherencePair p = compared(&c, "A", "B");
  double both = log(1 + 2.0 / 2), one = log(1 + 2.0 / 1);  /* leerling, bouw; robot, kamp (robotkamp has its parts only when both are words) */
  double text = 2 * both * both / ((2 * both * both + 2 * one * one));
  assert_near(p.part[COHERENCE_TEXT], text);
  assert_near(p.part[COHERENCE_GOALS], 2.0 / 3);           /* {1, 1a, 2} and {1, 1a} */
  assert_near(p.part[COHERENCE_REACH], 1.0);               /* both are Eemsdelta since 2021 */
  assert_near(p.part[COHERENCE_PERIOD], 1.0);              /* one day in common */
  assert_near(p.part[COHERENCE_EDUCATION], 1.0);
  assert_near(p.part[COHERENCE_ORGANISATIONS], 0.5);       /* {noorderpoort, uwv} and {uwv} */
  close_case(&c);
}

/* "TechNet kringen" and "Technetkringen": the parts of a compound are words when the pact has them. */
static void compounds(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  fixture_action(&c.fixture, "A", "TechNet kringen", NULL, NULL, "", "");
  fixture_action(&c.fixture, "B", "Technetkringen", NULL, "uwv", "", "");
  fixture_action(&c.fixture, "C", "Beroepentoernooi", NULL, NULL, "", "");
  fixture_action(&c.fixture, "D", "Toernooi beroep", NULL, NULL, "", "");
  open_case(&c);
  assert_near(compared(&c, "A", "B").part[COHERENCE_TITLE], 1.0);
  assert_near(compared(&c, "C", "D").part[COHERENCE_TITLE], 1.0);
  assert_near(compared(&c, "A", "D").part[COHERENCE_TITLE], 0.0);
  close_case(&c);
}

typedef struct Expected { const char *a, *b; CoherenceKind kind; const char *why; } Expected;

/* What a coordinator would not forgive, and what must be found. */
static void kinds(void **state) {
  static const Expected expected[] = {
      {"D1", "D2", COHERENCE_DOUBLING, "another owner, the same title"},
      {"D1", "D3", COHERENCE_DOUBLING, "the whole North covers a municipality"},
      {"S1", "S2", COHERENCE_SERIES, "2014 and 2015 of one owner"},
      {"S3", "S4", COHERENCE_SERIES, "first and second project, no owner known"},
      {"S5", "S6", COHERENCE_SERIES, "one owner in two municipalities"},
      {"S7", "S8", COHERENCE_SERIES, "one owner, the same title, another year"},
      {"N1", "N2", COHERENCE_NEIGHBOUR, "another owner in another municipality"},
      {"N3", "N4", COHERENCE_NEIGHBOUR, "for other people"},
      {"N5", "N6", COHERENCE_NEIGHBOUR, "ended before the other began"},
      {"N7", "N8", COHERENCE_NEIGHBOUR, "other sectors of education"},
      {"N9", "NA", COHERENCE_NEIGHBOUR, "another owner, other years in the title"},
      {"NB", "NC", COHERENCE_NEIGHBOUR, "places in the title, reach not registered"},
      {"ND", "NE", COHERENCE_NEIGHBOUR, "one owner, two things"},
      {"T1", "T2", COHERENCE_TWICE, "one owner, one title"}};
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  Fixture *f = &c.fixture;
  fixture_action(f, "D1", "Robotwedstrijd scholieren", "kiezen", "noorderpoort", "1c", "GM0014");
  fixture_action(f, "D2", "Robotwedstrijd voor scholieren", "kiezen", "uwv", "1c", "GM0014");
  fixture_action(f, "D3", "De robotwedstrijd voor scholieren", NULL, "hanze", "", "LD01");
  fixture_action(f, "S1", "Zomerschool chemie 2014", "kiezen", "hanze", "1", "PV20");
  fixture_action(f, "S2", "Zomerschool chemie 2015", "kiezen", "hanze", "1", "PV20");
  fixture_action(f, "S3", "Toptechniek, eerste project", "leren", NULL, "", "");
  fixture_action(f, "S4", "Toptechniek, tweede project", "leren", NULL, "", "");
  fixture_action(f, "S5", "Ouderavond beroepskeuze", "kiezen", "uwv", "1", "GM0014");
  fixture_action(f, "S6", "Ouderavond beroepskeuze", "kiezen", "uwv", "1", "GM0080");
  fixture_action(f, "S7", "Stagemarkt bouw", "leren", "uwv", "4", "PV20");
  fixture_action(f, "S8", "Stagemarkt bouw", "leren", "uwv", "4", "PV20");
  set(f, "S7", "period_end", "2014-12-31");
  set(f, "S8", "period_start", "2015-01-01");
  fixture_action(f, "N1", "Lasdemonstratie werkzoekenden", "werken", "uwv", "6", "GM0014");
  fixture_action(f, "N2", "Lasdemonstratie werkzoekenden", "werken", "hanze", "6", "GM0080");
  fixture_action(f, "N3", "Speurtocht fabriek", "kiezen", "uwv", "1", "PV20");
  fixture_action(f, "N4", "Speurtocht fabriek", "kiezen", "hanze", "1", "PV20");
  values(f, "N3", "action_audience", "audience", "ouders");
  values(f, "N4", "action_audience", "audience", "leerlingen");
  fixture_action(f, "N5", "Windmolencursus", "leren", "uwv", "4", "PV20");
  fixture_action(f, "N6", "Windmolencursus", "leren", "hanze", "4", "PV20");
  set(f, "N5", "period_end", "2014-08-31");
  set(f, "N6", "period_start", "2014-09-01");
  fixture_action(f, "N7", "Gastlessen energie", "kiezen", "uwv", "1", "PV20");
  fixture_action(f, "N8", "Gastlessen energie", "kiezen", "hanze", "1", "PV20");
  values(f, "N7", "action_education_sector", "education_sector", "PO");
  values(f, "N8", "action_education_sector", "education_sector", "HBO");
  fixture_action(f, "N9", "Kennisfestival 2013", "kiezen", "uwv", "1", "PV20");
  fixture_action(f, "NA", "Kennisfestival 2014", "kiezen", "hanze", "1", "PV20");
  fixture_action(f, "NB", "Banenmarkt Leeuwarden", "werken", "uwv", "6", "");
  fixture_action(f, "NC", "Banenmarkt Appingedam", "werken", "hanze", "6", "");
  fixture_action(f, "ND", "Bijscholing leermeesters metaal", "leren", "hanze", "4", "PV20");
  fixture_action(f, "NE", "Bijscholing leermeesters installatie", "leren", "hanze", "4", "PV20");
  fixture_action(f, "T1", "Meesterproef", "leren", "hanze", "4", "PV20");
  fixture_action(f, "T2", "Meesterproef", "leren", "hanze", "", "");
  open_case(&c);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    CoherencePair p = compared(&c, expected[i].a, expected[i].b);
    if (p.kind != expected[i].kind)
      fail_msg("%s: found " STR_FMT " with %.1f points", expected[i].why, STR_ARG(coherence_kind_code(p.kind)), (double)p.score);
  }
  CoherenceList list = coherence_candidates(c.coherence);
  assert_int_equal(list.count, 4);   /* D1 D2, D1 D3, D2 D3, T1 T2 */
  assert_int_equal(list.found, 4);
  assert_true(list.complete);
  for (size_t i = 1; i < list.count; i++) assert_true(list.pairs[i - 1].score >= list.pairs[i].score);
  close_case(&c);
}

static void empty_and_single(void **state) {
  (void)state;
  for (int actions = 0; actions < 2; actions++) {
    Case c;
    CoherencePair *near;
    size_t count;
    ErrInfo info = ERRINFO_INIT;
    fixture_open(&c.fixture);
    if (actions) fixture_action(&c.fixture, "A", "Techniekdag", NULL, NULL, "", "");
    open_case(&c);
    assert_int_equal(coherence_candidates(c.coherence).count, 0);
    assert_true(coherence_candidates(c.coherence).complete);
    if (actions) {
      assert_ok(coherence_near(c.coherence, 0, 5, &c.arena, &near, &count, &info));
      assert_int_equal(count, 0);
    }
    close_case(&c);
  }
}

static void neighbours(void **state) {
  Case c;
  CoherencePair *near;
  size_t count;
  uint32_t id;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  fixture_open(&c.fixture);
  fixture_action(&c.fixture, "A", "Robotkamp voor meisjes", "kiezen", "uwv", "1", "PV20");
  fixture_action(&c.fixture, "B", "Robotkamp", "kiezen", "hanze", "1", "PV20");
  fixture_action(&c.fixture, "C", "Lassen voor meisjes", "kiezen", "hanze", "1", "PV21");
  fixture_action(&c.fixture, "D", "Banenmarkt", "werken", "hanze", "6", "PV20");
  open_case(&c);
  assert_true(action_index_find(c.index, S("A"), &id));
  assert_ok(coherence_near(c.coherence, id, 5, &c.arena, &near, &count, &info));
  assert_int_equal(count, 2);
  assert_str(action_index_code(c.index, near[0].b), "B");
  assert_str(action_index_code(c.index, near[1].b), "C");
  assert_ok(coherence_near(c.coherence, id, 1, &c.arena, &near, &count, &info));
  assert_int_equal(count, 1);
  close_case(&c);
}

/* ---- A generated pact whose doublings are known ---- */

static const char *const things[] = {"robot", "laser", "energie", "water", "bouw", "chemie", "metaal", "windmolen", "drone", "batterij",
                                     "beton", "fiets", "schip", "zuivel", "game", "elektro", "hout", "kunststof", "satelliet", "motor"};
static const char *const forms[] = {"wedstrijd", "dag", "klas", "markt", "toernooi", "excursie", "werkplaats", "cursus", "speurtocht",
                                    "festival", "kamp", "lab", "route", "expositie", "college"};
static const char *const people[] = {"meisjes", "scholieren", "docenten", "studenten", "vaders", "instromers"};
static const char *const turns[] = {"bij bedrijven", "op school", "in de praktijk", "met vakmensen", "in de haven", "met ingenieurs"};
static const char *const regions[] = {"PV20", "PV21", "GM0014", "GM0080", "GM1979", "LD01"};
static const char *const goals[] = {"1", "1a", "1c", "2", "4", "6", "6b"};
enum { THINGS = 20, FORMS = 15, BACKGROUND = 300, VARIANTS = 9, PER_VARIANT = 12, OWNERS = 40 };

typedef struct Made { char code[16], title[160]; int thing, form, who, turn, region, goal, owner; } Made;

static void put(Fixture *f, const Made *m, const char *audience, const char *goal, const char *region) {
  char owner[16];
  snprintf(owner, sizeof owner, "o%d", m->owner);
  fixture_action(f, m->code, m->title, "kiezen", owner, goal, region);
  if (audience) values(f, m->code, "action_audience", "audience", audience);
}

/* Every background action is another thing and form, so that no two of them are the same by chance. */
static Made background(Fixture *f, int i) {
  Made m = {.thing = i / FORMS, .form = i % FORMS, .who = (int)fixture_random(f, 6), .turn = (int)fixture_random(f, 6),
            .region = (int)fixture_random(f, 6), .goal = (int)fixture_random(f, 7), .owner = i % OWNERS};
  snprintf(m.code, sizeof m.code, "B%03d", i);
  snprintf(m.title, sizeof m.title, "%s%s voor %s %s", things[m.thing], forms[m.form], people[m.who], turns[m.turn]);
  return m;
}

static const char *who_code(const Made *m) { return m->who == 4 ? "ouders" : "leerlingen"; }

/* The same action again, as another organisation would have written it. */
static void doubling(Fixture *f, const Made *of, int variant, int n) {
  Made m = *of;
  const char *thing = things[m.thing], *form = forms[m.form], *who = people[m.who], *turn = turns[m.turn];
  const char *audience = who_code(of), *goal = goals[m.goal], *region = regions[m.region];
  snprintf(m.code, sizeof m.code, "D%d-%03d", variant, n);
  m.owner = (of->owner + 1 + n % 7) % OWNERS;
  switch (variant) {
    case 0: snprintf(m.title, sizeof m.title, "%s", of->title); break;                                           /* as it is */
    case 1: snprintf(m.title, sizeof m.title, "Voor %s: %s%s", who, thing, form); break;                         /* shorter, turned round */
    case 2: snprintf(m.title, sizeof m.title, "%s %s voor %s %s", thing, form, who, turn); break;                /* compound written apart */
    case 3: snprintf(m.title, sizeof m.title, "Grote noordelijke %s%s voor %s", thing, form, who); break;        /* adorned */
    case 4: snprintf(m.title, sizeof m.title, "%s%s %s", thing, form, turn); region = "LD01"; break;             /* wider reach */
    case 5: snprintf(m.title, sizeof m.title, "%s%s voor %s", thing, form, who); audience = NULL, goal = "", region = ""; break;
    case 6: snprintf(m.title, sizeof m.title, "%s%s voor %s", thing, form, people[(m.who + 1) % 4]); break;      /* other word for whom */
    case 7: snprintf(m.title, sizeof m.title, "Actieve kennismaking: %s en %s", thing, form); break;             /* new title, parts of the word */
    default: snprintf(m.title, sizeof m.title, "Kijkje%c%c achter deuren%c%c", 'a' + n, 'a' + n, 'a' + n, 'b' + n); break; /* not one word */
  }
  put(f, &m, audience, goal, region);
}

/* What looks the same and is not. */
static void decoy(Fixture *f, const Made *of, int variant, int n) {
  Made m = *of;
  const char *region = regions[m.region], *audience = who_code(of);
  snprintf(m.code, sizeof m.code, "X%d-%03d", variant, n);
  m.owner = (of->owner + 3) % OWNERS;
  if (variant == 0) region = m.region == 1 || m.region == 3 ? "PV20" : "PV21";
  if (variant == 1) audience = of->who == 4 ? "leerlingen" : "ouders";
  if (variant == 2) m.owner = of->owner, strcat(m.title, " 2015");
  if (variant == 3) snprintf(m.title, sizeof m.title, "%sloterij voor %s %s", things[m.thing], people[m.who], turns[m.turn]);
  put(f, &m, audience, goals[m.goal], region);
}

/* The labelled pact: B... are all different, Dv-n repeats a B, Xv-n does not. */
static void labelled(Fixture *f, char of[VARIANTS][PER_VARIANT][16]) {
  fixture_sql(f, "BEGIN");
  for (int i = 0; i < OWNERS; i++) {
    char sql[200];
    snprintf(sql, sizeof sql, "INSERT INTO organisation(code,name,organisation_type,source,seq) VALUES('o%d','Gegenereerd %d','school','doc',%d)", i, i, i + 10);
    fixture_sql(f, sql);
  }
  for (int i = 0; i < BACKGROUND; i++) {
    Made m = background(f, i);
    int group = i / PER_VARIANT, n = i % PER_VARIANT;
    bool near_north = str_eq(str_from(regions[m.region]), S("LD01"));
    put(f, &m, who_code(&m), goals[m.goal], regions[m.region]);
    if (group < VARIANTS) {
      doubling(f, &m, group, n);
      strcpy(of[group][n], m.code);
    } else if (group < VARIANTS + 4 && !(near_north && group == VARIANTS)) {
      decoy(f, &m, group - VARIANTS, n);
    }
  }
  fixture_sql(f, "COMMIT");
}

static bool is_pair(const Case *c, const CoherencePair *p, char of[VARIANTS][PER_VARIANT][16], int *variant) {
  char a[32], b[32];
  int n;
  snprintf(a, sizeof a, STR_FMT, STR_ARG(action_index_code(c->index, p->a)));
  snprintf(b, sizeof b, STR_FMT, STR_ARG(action_index_code(c->index, p->b)));
  return sscanf(b, "D%d-%d", variant, &n) == 2 && strcmp(of[*variant][n], a) == 0;
}

/* The floors are a little below what was measured (docs/coherence.md); a change that lowers them has to say why. */
static void labelled_set(void **state) {
  static char of[VARIANTS][PER_VARIANT][16];
  Case c;
  int found[VARIANTS] = {0}, right = 0, all = 0;
  (void)state;
  fixture_open(&c.fixture);
  labelled(&c.fixture, of);
  open_case(&c);
  CoherenceList list = coherence_candidates(c.coherence);
  for (size_t i = 0; i < list.count; i++) {
    int variant = 0;
    bool is = is_pair(&c, &list.pairs[i], of, &variant);
    right += is;
    found[variant] += is;
    if (!is && getenv("SHOW"))
      printf("wrong: " STR_FMT " " STR_FMT " %.1f title %.2f\n", STR_ARG(action_index_code(c.index, list.pairs[i].a)),
             STR_ARG(action_index_code(c.index, list.pairs[i].b)), (double)list.pairs[i].score, (double)list.pairs[i].part[0]);
  }
  double precision = list.count ? (double)right / (double)list.count : 0, recall = (double)right / (VARIANTS * PER_VARIANT);
  printf("labelled set: %zu candidates, precision %.2f, recall %.2f; per variant of %d:", list.count, precision, recall, PER_VARIANT);
  for (int v = 0; v < VARIANTS; v++) printf(" %d", found[v]), all += found[v];
  printf("\n");
  assert_int_equal(all, right);
  if (precision < 0.8) fail_msg("precision %.2f is below 0.80", precision);
  if (recall < 0.6) fail_msg("recall %.2f is below 0.60", recall);
  assert_int_equal(found[8], 0);   /* not one word in common: this method cannot see it, and says so */
  close_case(&c);
}

/* Equal data give the same list, in the same order, whatever order the actions were registered in. */
static void deterministic(void **state) {
  static char of[VARIANTS][PER_VARIANT][16];
  Case c;
  ErrInfo info = ERRINFO_INIT;
  ActionIndex *again;
  const Coherence *second;
  (void)state;
  fixture_open(&c.fixture);
  labelled(&c.fixture, of);
  open_case(&c);
  fixture_sql(&c.fixture, "UPDATE action SET seq = 1000000 - seq");
  assert_ok(action_index_new(&again, c.store, &info));
  assert_ok(coherence_of(again, &second, &info));
  CoherenceList x = coherence_candidates(c.coherence), y = coherence_candidates(second);
  assert_int_equal(x.count, y.count);
  assert_true(x.count > 20);
  for (size_t i = 0; i < x.count; i++) {
    assert_true(str_eq(action_index_code(c.index, x.pairs[i].a), action_index_code(again, y.pairs[i].a)));
    assert_true(str_eq(action_index_code(c.index, x.pairs[i].b), action_index_code(again, y.pairs[i].b)));
  }
  action_index_release(again);
  close_case(&c);
}

/* Thousands of the same title: each is compared with a few others, and the list says that it is not whole. */
static void bounded(void **state) {
  Case c;
  (void)state;
  fixture_open(&c.fixture);
  fixture_sql(&c.fixture, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) "
              "INSERT INTO action(code,title,source,seq) SELECT 'M-' || i, 'Open dag techniek', 'doc', i FROM n");
  open_case(&c);
  CoherenceList list = coherence_candidates(c.coherence);
  assert_int_equal(list.count, COHERENCE_PAIRS_MAX);
  assert_false(list.complete);
  assert_in_range(list.found, 6000, 6000 * 8);   /* of 18 million */
  close_case(&c);
}

static void without_memory(void **state) {
  Case c;
  ErrInfo info = ERRINFO_INIT;
  (void)state;
  fixture_open(&c.fixture);
  fixture_random_actions(&c.fixture, 40);
  open_case(&c);
  for (size_t n = 1; n < 400; n++) {
    ActionIndex *index;
    const Coherence *coherence;
    assert_ok(action_index_new(&index, c.store, &info));
    mem_fail_at(n, 1);
    Err err = coherence_of(index, &coherence, &info);
    mem_fail_at(0, 0);
    assert_true(err == ERR_OK || err == ERR_MEMORY);
    if (err) assert_ok(coherence_of(index, &coherence, &info));  /* and it can be asked again */
    action_index_release(index);
    if (!err) break;
    assert_true(n < 399);
  }
  close_case(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(points_by_hand), cmocka_unit_test(text_and_facts), cmocka_unit_test(compounds), cmocka_unit_test(kinds),
      cmocka_unit_test(empty_and_single), cmocka_unit_test(neighbours), cmocka_unit_test(labelled_set),
      cmocka_unit_test(deterministic), cmocka_unit_test(bounded),
      cmocka_unit_test(without_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
