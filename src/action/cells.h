/* SPDX-License-Identifier: EUPL-1.2 */
/* What people write in the cells of an action list: goal codes, periods, amounts, names in a row. Nothing here knows the
 * database; names are looked up by a function. */
#ifndef PW_ACTION_CELLS_H
#define PW_ACTION_CELLS_H

#include "base/arena.h"
#include "base/day.h"

#define CELL_ITEMS 128   /* most values in one cell */

typedef struct CellList {
  Str items[CELL_ITEMS];
  size_t count;
} CellList;

/* A name as it is compared: folded, everything but letters and digits one space. ptr NULL on lack of memory. */
Str cell_name(Arena *arena, Str text);
/* Written to say that nothing is known: "-", "n.v.t.", "onbekend", "?". */
bool cell_is_blank(Str name);

/* Goal codes in any writing ("1.C", "doel 1 c", "1.A, B en 2", "1 t/m 3") as "1c"; codes are made in the arena. False with *bad
 * (a part of the text) when something else stands there. Whether the goals exist is not looked at; a range gives its whole
 * goals. */
bool cell_goals(Arena *arena, Str text, CellList *out, Str *bad);

/* One moment: a day, a month ("sept. 2013", "9-2013") or a year; *first and *last of it. */
bool cell_moment(Str text, Day *first, Day *last);
/* "2013-2015", "sept 2013 t/m juni 2014", "schooljaar 2013/2014", "vanaf 2013", "tot en met 2015": DAY_NONE for an open end. */
bool cell_period(Str text, Day *start, Day *end);
/* An amount in euros as people write it ("€ 1.250,50", "12.500,-", "1,5 mln", "300k") in cents. */
bool cell_money(Str text, int64_t *cents);
/* A whole number with thousands separators or without. */
bool cell_count(Str text, int64_t *number);

/* Looks a name up; false when it is not known. */
typedef bool (*CellLookup)(void *context, Str part, Str *code);
/* Values in a row, parted by , ; / & newline "en" "and" "+", the longest known name first: "Aa en Hunze en Emmen" is two. Parts
 * that are not known go to `unknown`. A value named twice counts once. */
bool cell_values(Str text, CellLookup lookup, void *context, CellList *out, CellList *unknown);

#endif
