/* SPDX-License-Identifier: EUPL-1.2 */
/* Saying which source leads where several give a figure for the same indicator, region and period. */
#ifndef PW_MONITOR_LEAD_H
#define PW_MONITOR_LEAD_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

typedef struct LeadOptions {
  Str source;                    /* code of the source that is to lead */
  Str by, why;                   /* function or organisation, see supply_name_check; the reason, at most LEAD_WHY_MAX characters */
  Str indicator, region, period; /* only these; ptr NULL: any */
  Day today;                     /* from which day on it leads */
} LeadOptions;

enum { LEAD_WHY_MAX = 500 };

/* Lets the source lead, inside the caller's transaction, wherever it gives a figure with a number that holds now and another
 * source gives one too. Nothing is overwritten: the two figures end today and go on as copies that say which one leads and, at
 * that one, why, by whom and since when; as of an earlier day the other still leads. Said again in the same words nothing
 * changes. *out lists what was said: [{indicator, region, period, definition, value, other_source, other_value (of the figure
 * that led; null when it has none), difference (in the unit; null likewise), led (bool: it led already)}].
 * ERR_NOT_FOUND: no such source, or nothing of these where it stands beside another; ERR_USAGE: `by` or `why`. */
Err figures_lead(Store *store, const LeadOptions *options, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
