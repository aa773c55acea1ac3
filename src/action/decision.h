/* SPDX-License-Identifier: EUPL-1.2 */
/* What people decided about two actions that could be doublings. Decisions are only added: a new one supersedes. The order of
 * the two actions has no meaning anywhere. The caller opens the transaction. */
#ifndef PW_ACTION_DECISION_H
#define PW_ACTION_DECISION_H

#include "base/val.h"
#include "store/store.h"

#define DECISION_BY_MAX 200       /* bytes of decided_by */
#define DECISION_REASON_MAX 2000  /* bytes of the reason */

typedef struct DecisionNew {
  Str action, other;   /* codes */
  Str decision;        /* merge, align, stop, keep */
  Str by;              /* a function or organisation; refused when it looks like contact data */
  Str reason;
  Str source;          /* ptr NULL: the source of the keepers of the package */
  Str section;         /* where in the source; ptr NULL: not said */
  Day on;              /* DAY_NONE: today */
  Day today;
} DecisionNew;

/* Adds a decision and supersedes an earlier one about the same two; *code (in the arena) is its name. What the actions say now is
 * kept as checksums. ERR_NOT_FOUND: no such action or source. ERR_INPUT: two times the same action, an unknown decision, no
 * by or reason, contact data, a day that is still to come. ERR_CONFLICT: exactly that is what holds already, or what holds was
 * decided later. ERR_UNSUPPORTED: the pact was loaded from a package that has no place for decisions, so that they would not be exported. */
Err decision_record(Store *store, const DecisionNew *new, Arena *arena, Str *code, ErrInfo *info) MUST_CHECK;
/* Takes back what holds about two actions, as of today; it stays in the list as superseded. ERR_NOT_FOUND when nothing holds. */
Err decision_withdraw(Store *store, Str action, Str other, Day today, ErrInfo *info) MUST_CHECK;

/* Decisions, those that hold first and newest first: of two actions, or of all (both ptr NULL); `all` with superseded ones.
 *   [{code, action {code, label}, other {code, label} (by code), decision, decision_label (coherence_term), decided_by, decided_on, reason, known_from, superseded_on,
 *     confirmed_since (last day after the decision on which one of the two was confirmed, or null), changed (true: one of the two
 *     says something else now; false: not; null: not known), source {code, label, section}}] */
Err decision_list(Store *store, Str action, Str other, bool all, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* "merge|align|stop|keep". */
extern const char DECISION_CHOICES[];

#endif
