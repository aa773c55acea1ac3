/* SPDX-License-Identifier: EUPL-1.2 */
/* Everything in the pact that is missing, inconsistent or assumed. */
#ifndef PW_PACT_CHECK_H
#define PW_PACT_CHECK_H

#include "base/val.h"
#include "store/store.h"

#define CHECK_FINDINGS_MAX 20000  /* findings listed; all of them are counted */

typedef struct CheckFilter {
  Str kind;    /* "missing", "inconsistent" or "assumed"; ptr NULL: all */
  Str owner;   /* code of an organisation, or "-" for actions without owner; ptr NULL: all */
  Str code;    /* key of one row, as an action's code; ptr NULL: all */
} CheckFilter;

/* {total, missing, inconsistent, assumed (counts),
 *  findings [{kind, check (code of the rule in checks.def), resource, code (key of the row), title (of the thing), field,
 *    found (text or null), owner {code, label} or null, text (Dutch, the msgid for view_tr), message (English), statement
 *    (of a recorded assumption, else null)}],
 *  by_owner [{owner {code, label} or null, missing, inconsistent, assumed}] most first,
 *  by_check [{check, kind, text, message, count}]}
 * Missing: fields of actions that the pact's registry asks for and that are empty. Inconsistent: see checks.def. Assumed:
 * the recorded assumptions. Findings are in the order of checks.def, those of actions' facts by action. */
Err check_run(Store *store, const CheckFilter *filter, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
