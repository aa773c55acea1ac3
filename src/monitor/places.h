/* SPDX-License-Identifier: EUPL-1.2 */
/* DUO's address files into places: schools and institutions with site, address and municipality. Telephone numbers and postal
 * addresses are never read. */
#ifndef PW_MONITOR_PLACES_H
#define PW_MONITOR_PLACES_H

#include "base/arena.h"
#include "official/official.h"
#include "store/store.h"

enum { PLACES_MISMATCHES = 100 };

typedef struct PlacesOptions {
  Str kind;      /* register: "primary", "secondary", "vocational", "higher" */
  Day edition;   /* day the file is of; the file does not say it */
  Str source;    /* code of the source */
  Day today;
  bool partial;  /* also when more than half of the register's places would end */
  const SheetLimits *limits;  /* NULL: defaults */
} PlacesOptions;

typedef struct PlacesReport {
  OfficialReport file;
  size_t elsewhere;    /* places in municipalities that are none of the pact's */
  size_t added, changed, ended, unchanged;
  size_t emails;           /* websites that are e-mail addresses: not kept, they may be somebody's */
  size_t mismatch_count;   /* all of them; the first are kept */
  struct { long row; Str text; } mismatches[PLACES_MISMATCHES];  /* in the arena */
} PlacesReport;

/* Reads the file inside the caller's transaction. A place that is otherwise in a newer edition ends the day before it and
 * begins anew; one that is in it no more ends; nothing is deleted. The same edition again corrects: what stood is kept as
 * superseded. What contradicts the registered regions (a municipality's name or its end, COROP, RPA and RMC codes) is
 * reported and left. ERR_INPUT names row and column: a place twice, a code that is none, an empty name; or more than
 * half of the places that stand would end (a file cut off, or of another register), unless `partial`; ERR_CONFLICT: a
 * newer edition was read already; ERR_NOT_FOUND: the source; and the errors of official_read. */
Err places_import(Store *store, const char *path, const PlacesOptions *options, Arena *arena, PlacesReport *report, ErrInfo *info) MUST_CHECK;

#endif
