/* SPDX-License-Identifier: EUPL-1.2 */
/* Places as a sheet to take away. */
#ifndef PW_MONITOR_PLACES_EXPORT_H
#define PW_MONITOR_PLACES_EXPORT_H

#include "places/place.h"
#include "sheet/sheet.h"

/* Writes every place that the query leaves, whatever its page, to a file: a row each under Dutch headings. Errors of
 * place_find and of writing. */
Err places_export(Store *store, const PlaceQuery *query, SheetFormat format, const char *path, Arena *arena, ErrInfo *info) MUST_CHECK;

#endif
