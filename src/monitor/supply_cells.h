/* SPDX-License-Identifier: EUPL-1.2 */
/* What people write in the cells of a supplier's list. Nothing here knows the database. */
#ifndef PW_MONITOR_SUPPLY_CELLS_H
#define PW_MONITOR_SUPPLY_CELLS_H

#include "base/arena.h"

typedef enum SupplyList { SUPPLY_LIST_STATE, SUPPLY_LIST_QUALITY, SUPPLY_LIST_UNIT } SupplyList;

/* The code a word stands for (case, accents and spaces do not count); NULL when it is none of the list. */
const char *supply_code(Arena *arena, SupplyList list, Str word);
/* The word we write for a code; NULL when there is none. */
const char *supply_word(SupplyList list, Str code);

/* A number as people type it: point or comma as decimal mark, thousands parted by points, commas or spaces. One mark with
 * exactly three digits behind it parts thousands in a count ("1.250"), and decimals in a percentage ("24,317"), which may
 * also end in "%". False on anything else; the number is finite. */
bool supply_number(Str text, bool percent, double *number);
/* "<5" (also "< 5"): known to lie from 1 to 4. */
bool supply_suppressed(Str text);

#endif
