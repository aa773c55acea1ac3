/* SPDX-License-Identifier: EUPL-1.2 */
/* Approving figures: somebody else than who entered them says that they may stand. */
#ifndef PW_MONITOR_APPROVE_H
#define PW_MONITOR_APPROVE_H

#include "base/day.h"
#include "base/val.h"
#include "store/store.h"

typedef struct ApproveOptions {
  Str by;                                /* function or organisation, see supply_name_check */
  Str indicator, region, period, source; /* only these; ptr NULL: any */
  Day today;
} ApproveOptions;

/* Approves, inside the caller's transaction, every figure that holds now, was not approved and is of these. *out lists them:
 * [{indicator, region, period, state, value, source, entered_by}]. An approval is kept with the figure: a correction is another
 * figure, and waits for approval itself. ERR_NOT_FOUND: nothing awaits approval; ERR_CONFLICT: one of them was entered by `by`
 * itself; ERR_USAGE: `by`. */
Err figures_approve(Store *store, const ApproveOptions *options, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
