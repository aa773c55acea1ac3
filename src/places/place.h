/* SPDX-License-Identifier: EUPL-1.2 */
/* Places of education, as the editions of DUO's registers that were read have them. Conventions of the values as in
 * pact/pact.h: references are {code, label}, unknown is null. A register is known by its kind: primary, secondary, vocational,
 * higher. */
#ifndef PW_PLACES_PLACE_H
#define PW_PLACES_PLACE_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

typedef struct PlaceQuery {
  Str kind;     /* only of this register; empty: all */
  Str region;   /* only in this region; empty: all */
  Str words;    /* each in name or town, or begins code or postcode, whatever capitals and diacritics; empty: all */
  Day as_of;    /* as the newest edition of then has them; corrections are followed, whenever they were read */
  int64_t page, size;   /* from 1; size 0: all on one page */
} PlaceQuery;

/* {total, pages, places [place]: those of the page, by municipality, town and name; kinds [{code, label, count}]: of every
 * register the places that region and words leave; municipalities [{code, label, count}]: where the total lies, in the order of
 * the places; recorded: whether it is known which municipalities the region has on the day; divided: places that are left out
 * because their municipality was divided since, and the register does not tell on which side they came to lie}.
 * A place: {code, institution, site, kind, kind_label, name, street, house_number, postcode, town, municipality {code, label}:
 * by the division of its edition's day, province {code, label}, denomination, website, board, valid_from, valid_to,
 * known_from, source}. It lies in a region when all of its municipality does on `as_of`.
 * ERR_USAGE: no such register or region. */
Err place_find(Store *store, const PlaceQuery *query, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* How many lie in a region, without listing them: total, kinds, recorded and divided as above. */
Err place_counts(Store *store, Str region, Day as_of, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* The registers: [{kind, kind_label, first (day of the first edition read), day (of the edition that holds on `as_of`),
 * places: in it, read_on, source}], all of them, also those of which nothing was read. */
Err place_registers(Store *store, Day as_of, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Everything ever read of one institution and site: {code, institution, site, states [place without province, with revision
 * and superseded_on]}, by register and day. ERR_NOT_FOUND when nothing was. */
Err place_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
