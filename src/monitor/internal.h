/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside of src/monitor: an import under way. import.c reads the rules and stores the figures, sums.c adds them up by region. */
#ifndef PW_MONITOR_INTERNAL_H
#define PW_MONITOR_INTERNAL_H

#include "base/map.h"
#include "monitor/monitor.h"
#include "places/region.h"

/* What the table of derivations says of an indicator by one version of its definition, besides its conditions. */
typedef struct Rule {
  Str indicator, source;
  int64_t definition;
  bool share, proxy;
} Rule;

/* A version of an indicator's definition, and since when it holds. */
typedef struct Definition {
  int64_t version;
  Day valid_from;        /* DAY_NONE: always did */
  struct Definition *next;
} Definition;

/* Where an institution was, and since when. */
typedef struct Seat {
  Str municipality;
  Day from;
  struct Seat *next;     /* earlier ones */
} Seat;

/* What the file says of an indicator, a region and a period. */
typedef struct Sum {
  const Rule *rule;
  const Region *region;  /* NULL: the country */
  Str region_code, period;
  Day day;               /* last of the period */
  DeriveSums sums;
  bool direct;           /* the file has this level itself: nothing is added up to it */
  bool estimated;        /* a municipality that no longer existed was divided by addresses */
  size_t lacking, parts; /* regions below it that the file lacks, of how many */
} Sum;

typedef struct Import {
  Store *store;
  const Dataset *dataset;
  const MonitorOptions *options;
  Arena *arena;
  MonitorReport *report;
  ErrInfo *info;
  Derive *derive;
  RegionMap *regions;
  Map rules;        /* indicator, with its version but the first -> Rule */
  Map definitions;  /* indicator -> list of Definition */
  Map spellings;    /* import_spelling of a name -> list of Region codes: names came back after mergers */
  Map sums;         /* "indicator|region|period" -> Sum */
  Sum **order;      /* in order of first appearance */
  size_t count, cap;
  Map institutions; /* code -> list of Seat */
  Map areas;        /* folded names counted already */
  Map cells;        /* indicator -> most numbers that make up one of its figures, in tables with several levels */
  Map covered;      /* "indicator|period|municipality" -> double *, the part of it that the file has */
} Import;

/* A name of a region; several may have had it. */
typedef struct Spelling {
  Str code;
  struct Spelling *next;
} Spelling;

/* A name as it is compared: without case, accents, spaces, hyphens and points, but for what stands between brackets. In the arena;
 * ptr NULL: no memory. */
Str import_spelling(Import *m, Str name);
/* Adds up all results of m->derive into m->order, by the division of each period. ERR_MEMORY; ERR_INPUT: a period that is none. */
Err sums_add_up(Import *m) MUST_CHECK;
/* Once the sums are there: notes the regions of the pact for which no row of a file of the whole country counts, and refuses one that lacks figures that
 * the dataset gave before (ERR_INPUT), unless the options take it. */
Err absent_check(Import *m) MUST_CHECK;
/* The rules, regions and names for m->dataset; then, once m->derive has the facts, the figures. Errors as of monitor_import. */
Err import_prepare(Import *m) MUST_CHECK;
Err import_store(Import *m) MUST_CHECK;
/* The version of an indicator's definition that holds on a day: the last that had begun. */
int64_t definition_on(const Import *m, Str indicator, Day day);
static inline Err import_memory(Import *m) { return err_set(m->info, ERR_MEMORY, "out of memory"); }

#endif
