/* SPDX-License-Identifier: EUPL-1.2 */
/* A small made-up pact in a database file, and as many random actions as a test wants. Written with SQLite directly, so
 * that what is tested is not also what prepares the test. */
#ifndef PW_TEST_ACTION_FIXTURE_H
#define PW_TEST_ACTION_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "action/index.h"

#define assert_ok(call) do { \
    ErrInfo *shown_ = &info; err_reset(shown_); \
    if ((call) != ERR_OK) { fail_msg("%s: %s", #call, info.message); } } while (0)
#define assert_str(s, expected) do { Str s_ = (s); \
    if (!str_eq(s_, str_from(expected))) fail_msg("%s: found \"" STR_FMT "\", expected \"%s\"", #s, STR_ARG(s_), expected); } while (0)

static const char *const FIXTURE_SQL =
    "PRAGMA foreign_keys = OFF; BEGIN;"
    "INSERT INTO source(code,title,kind,verified,seq) VALUES('doc','Document','document',1,1);"
    "INSERT INTO action_line(code,number,title,body,source,seq) VALUES('kiezen',1,'Kiezen voor techniek','x','doc',1),"
    "('leren',2,'Leren in de techniek','x','doc',2),('werken',3,'Werken in de techniek','x','doc',3);"
    "INSERT INTO goal(code,parent,action_line,number,letter,label,source,seq) VALUES"
    "('1',NULL,'kiezen',1,NULL,'Interesse in techniek','doc',1),('1a','1','kiezen',1,'a','Groep 7 en 8','doc',2),"
    "('1c','1','kiezen',1,'c','VMBO','doc',3),('2',NULL,'kiezen',2,NULL,'Alsnog kiezen','doc',4),"
    "('4',NULL,'leren',4,NULL,'Keuzevast','doc',5),('6',NULL,'werken',6,NULL,'Weer aan het werk','doc',6),"
    "('6b','6','werken',6,'b','Langdurig','doc',7);"
    "INSERT INTO region(code,kind,name,valid_from,valid_to,verified,source,seq) VALUES"
    "('LD01','landsdeel','Noord-Nederland',NULL,NULL,1,'doc',1),('PV20','province','Groningen',NULL,NULL,1,'doc',2),"
    "('PV21','province','Fryslân',NULL,NULL,1,'doc',3),('CR01','corop','Oost-Groningen',NULL,NULL,1,'doc',4),"
    "('GM0003','municipality','Appingedam',NULL,'2020-12-31',1,'doc',5),"
    "('GM0010','municipality','Delfzijl',NULL,'2020-12-31',1,'doc',6),"
    "('GM0014','municipality','Groningen',NULL,NULL,1,'doc',7),"
    "('GM0140','municipality','Littenseradiel',NULL,'2017-12-31',1,'doc',8),"
    "('GM0080','municipality','Leeuwarden',NULL,NULL,1,'doc',9),"
    "('GM1900','municipality','Súdwest-Fryslân',NULL,NULL,1,'doc',10),"
    "('GM1979','municipality','Eemsdelta','2021-01-01',NULL,1,'doc',11);"
    "INSERT INTO region_name(region,name,kind,source,seq) VALUES('PV21','Friesland','variant','doc',1),"
    "('LD01','Noorden','variant','doc',2),('GM0080','LEEUWARDEN','upper','doc',3);"
    "INSERT INTO region_membership(region,part_of,verified,source,seq) VALUES('PV20','LD01',1,'doc',1),('PV21','LD01',1,'doc',2),"
    "('GM0003','PV20',1,'doc',3),('GM0010','PV20',1,'doc',4),('GM0014','PV20',1,'doc',5),('GM1979','PV20',1,'doc',6),"
    "('GM0140','PV21',1,'doc',7),('GM0080','PV21',1,'doc',8),('GM1900','PV21',1,'doc',9),('GM0003','CR01',1,'doc',10);"
    "INSERT INTO region_change(changed_on,from_region,to_region,kind,verified,source,seq) VALUES"
    "('2018-01-01','GM0140','GM0080','split',1,'doc',1),('2018-01-01','GM0140','GM1900','split',1,'doc',2),"
    "('2021-01-01','GM0003','GM1979','merger',1,'doc',3),('2021-01-01','GM0010','GM1979','merger',1,'doc',4),"
    "('2017-01-01','GM0010','GM0014','boundary',1,'doc',5);"
    "INSERT INTO education_sector(code,title,source,seq) VALUES('PO','Primair onderwijs','doc',1),('VMBO','Vmbo','doc',2),"
    "('MBO','Mbo','doc',3),('HBO','Hbo','doc',4);"
    "INSERT INTO technical_sector(code,title,source,seq) VALUES('bouw','Bouw','doc',1),('metaal','Metaal','doc',2);"
    "INSERT INTO audience(code,title,source,seq) VALUES('leerlingen','Leerlingen','doc',1),('ouders','Ouders','doc',2);"
    "INSERT INTO organisation_type(code,title,side,source,seq) VALUES('school','School','education','doc',1);"
    "INSERT INTO organisation(code,name,short_name,organisation_type,source,seq) VALUES"
    "('noorderpoort','Noorderpoort College','Noorderpoort','school','doc',1),('uwv','UWV',NULL,'school','doc',2),"
    "('hanze','Hanzehogeschool Groningen',NULL,'school','doc',3);"
    "INSERT INTO organisation_name(organisation,name,kind,source,seq) VALUES('hanze','Hanze','variant','doc',1);"
    "INSERT INTO published_total(code,as_of,measure,action_line,value,quote,source,seq) VALUES"
    "('all','2013-10-31','actions',NULL,216,'q','doc',1),('k','2013-10-31','actions','kiezen',130,'q','doc',2),"
    "('l','2013-10-31','actions','leren',70,'q','doc',3),('w','2013-10-31','actions','werken',16,'q','doc',4);"
    "COMMIT;";

typedef struct Fixture {
  char path[64];
  sqlite3 *db;
  uint64_t state;  /* of the random numbers */
} Fixture;

static inline void fixture_sql(Fixture *f, const char *sql) {
  char *message = NULL;
  if (sqlite3_exec(f->db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s: %s", sql, message);
}

static inline void fixture_open(Fixture *f) {
  ErrInfo info = ERRINFO_INIT;
  strcpy(f->path, "/tmp/pw-action-XXXXXX");
  int fd = mkstemp(f->path);
  assert_true(fd >= 0);
  close(fd);
  unlink(f->path);
  f->state = 1;
  Store *store = NULL;
  assert_ok(store_open(&store, f->path, STORE_CREATE, &info));
  store_close(store);
  assert_int_equal(sqlite3_open(f->path, &f->db), SQLITE_OK);
  fixture_sql(f, FIXTURE_SQL);
}

static inline void fixture_close(Fixture *f) {
  char side[80];
  sqlite3_close(f->db);
  unlink(f->path);
  snprintf(side, sizeof side, "%s-wal", f->path);
  unlink(side);
  snprintf(side, sizeof side, "%s-shm", f->path);
  unlink(side);
}

static inline unsigned fixture_random(Fixture *f, unsigned below) {
  f->state = f->state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(f->state >> 33) % below;
}

/* An action: columns title, line, owner (NULL allowed), goals and regions parted by spaces. */
static inline void fixture_action(Fixture *f, const char *code, const char *title, const char *line, const char *owner,
                                  const char *goals, const char *regions) {
  static const char *const links[2] = {"INSERT INTO action_goal(action,goal,source,seq) VALUES(?1,?2,'doc',1)",
                                       "INSERT INTO action_region(action,region,source,seq) VALUES(?1,?2,'doc',1)"};
  sqlite3_stmt *stmt;
  sqlite3_prepare_v2(f->db, "INSERT INTO action(code,title,line,owner,source,seq) VALUES(?1,?2,?3,?4,'doc',"
                     "(SELECT COALESCE(MAX(seq),0)+1 FROM action))", -1, &stmt, NULL);
  const char *values[4] = {code, title, line, owner};
  for (int i = 0; i < 4; i++) sqlite3_bind_text(stmt, i + 1, values[i], -1, SQLITE_STATIC);
  assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
  sqlite3_finalize(stmt);
  const char *lists[2] = {goals, regions};
  for (int i = 0; i < 2; i++) {
    char copy[256], *save = NULL;
    snprintf(copy, sizeof copy, "%s", lists[i]);
    for (char *part = strtok_r(copy, " ", &save); part; part = strtok_r(NULL, " ", &save)) {
      sqlite3_prepare_v2(f->db, links[i], -1, &stmt, NULL);
      sqlite3_bind_text(stmt, 1, code, -1, SQLITE_STATIC);
      sqlite3_bind_text(stmt, 2, part, -1, SQLITE_STATIC);
      assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
      sqlite3_finalize(stmt);
    }
  }
}

/* `count` random actions: any mixture of lines, goals and reach, also none of them. */
static inline void fixture_random_actions(Fixture *f, unsigned count) {
  static const char *const lines[] = {"kiezen", "leren", "werken", NULL};
  static const char *const goals[] = {"1", "1a", "1c", "2", "4", "6", "6b"};
  static const char *const regions[] = {"LD01", "PV20", "PV21", "CR01", "GM0003", "GM0010", "GM0014", "GM0140", "GM0080", "GM1979"};
  static const char *const owners[] = {"noorderpoort", "uwv", "hanze", NULL};
  static const char *const words[] = {"Techniekdag", "voor", "meisjes", "open", "bedrijven", "bètalessen", "lassen", "jongeren"};
  fixture_sql(f, "BEGIN");
  for (unsigned i = 0; i < count; i++) {
    char code[16], title[128], goal[64] = "", region[64] = "";
    snprintf(code, sizeof code, "R-%u", i + 1);
    snprintf(title, sizeof title, "%s %s %s %u", words[fixture_random(f, 8)], words[fixture_random(f, 8)],
             words[fixture_random(f, 8)], i);
    for (unsigned g = 0; g < 7; g++)
      if (fixture_random(f, 5) == 0) snprintf(goal + strlen(goal), sizeof goal - strlen(goal), "%s ", goals[g]);
    for (unsigned r = 0; r < 10; r++)
      if (fixture_random(f, 6) == 0) snprintf(region + strlen(region), sizeof region - strlen(region), "%s ", regions[r]);
    fixture_action(f, code, title, lines[fixture_random(f, 4)], owners[fixture_random(f, 4)], goal, region);
  }
  fixture_sql(f, "COMMIT");
}

#endif
