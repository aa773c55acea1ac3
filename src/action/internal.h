/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of the snapshot, shared by the files that build and read it. Not for other parts. */
#ifndef PW_ACTION_INTERNAL_H
#define PW_ACTION_INTERNAL_H

#include <stdatomic.h>

#include "action/index.h"
#include "base/map.h"

/* ---- Sets of actions (sets.c) ---- */

/* The actions that have a value: a list when few, bits when many. Which of the two is smaller decides. */
typedef struct Posting {
  uint32_t count;
  bool dense;
  union { const uint32_t *ids; const uint64_t *bits; } at;
} Posting;

/* A scratch set of bits, one per action. */
typedef struct Bits {
  uint64_t *words;
  size_t count;   /* words */
} Bits;

#define WORDS(actions) (((actions) + 63) / 64)
#define BIT_GET(words, id) (((words)[(id) >> 6] >> ((id) & 63)) & 1u)
#define BIT_SET(words, id) ((words)[(id) >> 6] |= (uint64_t)1 << ((id) & 63))

void bits_or_posting(Bits bits, const Posting *posting);
void bits_and(Bits bits, Bits other);
size_t bits_count(Bits bits);
size_t bits_count_and(Bits bits, const Posting *posting);

/* Lists of numbers per row: the numbers of row i are values[start[i] .. start[i + 1]). */
typedef struct Lists {
  uint32_t *start;   /* rows + 1 */
  uint16_t *values;
  size_t rows, total;
} Lists;

/* Pairs (row, value) as they come from the database, in any order. */
typedef struct Pairs {
  uint32_t *row;
  uint32_t *value;
  size_t count, row_cap, value_cap;
} Pairs;

Err pairs_add(Pairs *pairs, uint32_t row, uint32_t value) MUST_CHECK;
void pairs_clear(Pairs *pairs);
/* Sorts into lists per row, values in order of arrival; memory on the heap, owned by *out. */
Err lists_from_pairs(Lists *out, const Pairs *pairs, size_t rows) MUST_CHECK;
void lists_clear(Lists *lists);

/* ---- Values and what is shown of them ---- */

/* A value that an action can be registered with: a row of a code list. */
typedef struct BaseValue {
  Str code, label;
  uint32_t parent;   /* position of the parent in the same list, NO_VALUE for none */
} BaseValue;
#define NO_VALUE UINT32_MAX

typedef struct BaseList {
  BaseValue *values;
  size_t count;
  Map by_code;
} BaseList;

/* A value one can filter on; often a base value, sometimes gathered from several (a province and its municipalities). */
typedef struct ViewValue {
  Str code, label;
  Str parent;      /* code of the view value above it, or STR_NONE */
  bool always;     /* shown as a filter also when no action has it */
  Posting posting;
} ViewValue;

typedef struct View {
  ViewValue *values;   /* "none" is the last */
  size_t count;
  Map by_code;
  uint64_t *memory;    /* lists and bits of all postings, heap */
  size_t bytes;
  size_t listed, dense; /* members of all lists; postings that are bits: what counting costs */
  bool plain;          /* view value i is base value i, so the forward lists can count it */
} View;

/* Which view values a base value adds to: rows are base values. */
typedef struct Rollup {
  Pairs pairs;         /* (base value, view value) */
} Rollup;

/* ---- Regions ---- */

typedef enum RegionKind { REGION_LANDSDEEL, REGION_PROVINCE, REGION_MUNICIPALITY, REGION_OTHER } RegionKind;

typedef struct Region {
  RegionKind kind;
  Day from, to;          /* DAY_NONE: open */
} Region;

typedef struct RegionChange { Day on; uint32_t from, to; } RegionChange;  /* without boundary corrections */
typedef struct RegionPart { uint32_t region, part_of; Day from, to; } RegionPart;

typedef struct RegionTable {
  const BaseList *list;
  Region *regions;       /* as many as the list */
  RegionChange *changes;
  RegionPart *parts;
  size_t change_count, part_count;
} RegionTable;

#define REGION_PLACES 64  /* most municipalities or larger regions one region maps to */

/* The municipalities of `on` that hold the ground of `region` (itself when it exists on that day). Returns the count,
 * at most REGION_PLACES. Other kinds of region map to themselves. */
size_t region_on_day(const RegionTable *table, uint32_t region, Day on, uint32_t out[REGION_PLACES]);
/* The municipalities that lie in a grouping of them on a day, such as a labour-market region; at most REGION_PLACES. */
size_t region_municipalities(const RegionTable *table, uint32_t region, Day on, uint32_t out[REGION_PLACES]);
/* Adds to out[0..count) every larger region that the regions in it lie in on that day; returns the new count. */
size_t region_ancestors(const RegionTable *table, Day on, uint32_t out[REGION_PLACES], size_t count);
bool region_exists(const RegionTable *table, uint32_t region, Day on);

typedef struct ReachColumn {
  Str code, label;       /* as a filter value */
  uint32_t region;       /* the landsdeel or province; NO_VALUE for other and none */
  uint32_t value;        /* its place in the view of reach */
  const char *kind;      /* landsdeel, province, local, other, none */
} ReachColumn;

/* The North as divided from a year on. */
typedef struct Division {
  int year;              /* first year it holds */
  View region;           /* rolled up */
  View reach;            /* as registered */
  ReachColumn *columns;
  size_t column_count;
  Lists reach_roll;      /* per base region the values of reach it counts in */
} Division;

/* ---- Text ---- */

typedef struct Term { Str stem; uint32_t first, count; } Term;  /* postings [first, first + count) */

/* Where a word of an action stands. Title goes before text; neither: only in the name of an owner, partner or region. */
enum { OCCURS_TITLE = 1, OCCURS_TEXT = 2, OCCURS_SHIFT = 2 };

typedef struct PublishedTotal { Str line, source; int64_t value; Str as_of; } PublishedTotal;

struct ActionIndex {
  atomic_int references;
  Arena arena;             /* code lists, labels, terms, maps */
  int64_t data_version;
  uint64_t version;
  size_t count;            /* actions */

  char *code_text;         /* all codes, one after another */
  uint32_t *code_start;    /* count + 1 */
  uint32_t *code_table;    /* open addressing: id + 1, 0 is free */
  size_t code_table_size;  /* power of two */

  BaseList base[ACTION_DIM_COUNT];   /* REACH shares REGION's */
  Lists forward[ACTION_DIM_COUNT];   /* per action its base values; none for REACH */
  View view[ACTION_DIM_COUNT];       /* all but REGION and REACH */
  Lists goal_roll;                   /* per goal the values of the view of goals it counts in */
  uint32_t *goal_line;               /* per goal its line, NO_VALUE for none */
  RegionTable regions;
  Division *divisions;
  size_t division_count;

  uint32_t *order[ACTION_SORT_COUNT];  /* ids in ascending order; NULL for default and relevance */
  int64_t *cost_cents;     /* -1: not known */
  int32_t *participants;   /* -1: not known */
  Day *period_start, *period_end;  /* DAY_NONE: not known */

  Term *terms;             /* in byte order of their stems */
  size_t term_count;
  uint32_t *occurrences;   /* id << OCCURS_SHIFT, and where it stands: OCCURS_* */
  size_t occurrence_count;

  PublishedTotal *published;
  size_t published_count;

  struct CoherenceSlot *coherence;   /* what coherence.h makes when it is first asked for */
};

const View *index_view(const ActionIndex *index, ActionDim dim, int year);
const Division *index_division(const ActionIndex *index, int year);

/* The slot that coherence.c fills: NULL without memory; freed with the index. */
struct CoherenceSlot *coherence_slot_new(void);
void coherence_slot_free(struct CoherenceSlot *slot);

/* build_*.c: the steps of action_index_new, each filling its part of the index. */
typedef struct Build {
  ActionIndex *index;
  Store *store;
  ErrInfo *info;
  Pairs pairs[ACTION_DIM_COUNT];
  Arena scratch;           /* lives until the index is built */
  Str *titles;             /* folded, per action */
  int32_t *period;         /* first day, or INT32_MAX */
  uint32_t *missing;       /* bit per fact */
} Build;

Err build_base_lists(Build *build) MUST_CHECK;
Err build_actions(Build *build) MUST_CHECK;
Err build_views(Build *build) MUST_CHECK;
Err build_divisions(Build *build) MUST_CHECK;
Err build_orders(Build *build) MUST_CHECK;
Err build_terms(Build *build) MUST_CHECK;
/* Fills a view whose values (codes, labels) are there from the forward lists and a roll-up; adds the posting of "none". */
Err dim_view_fill(View *view, const Lists *forward, const Rollup *rollup, size_t base_count) MUST_CHECK;
Err base_add(BaseList *list, Arena *arena, Str code, Str label, size_t *cap) MUST_CHECK;

#endif
