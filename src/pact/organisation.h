/* SPDX-License-Identifier: EUPL-1.2 */
/* Organisations: the partners of the pact and what became of them. Conventions of the values: pact/pact.h. */
#ifndef PW_PACT_ORGANISATION_H
#define PW_PACT_ORGANISATION_H

#include "base/val.h"
#include "store/store.h"

/* [{code, name, short_name, label (short name, else name), type {code, label}, side (business | education | government |
 * other), sector {code, label} or null, region {code, label} or null, valid_from, valid_to, roles [role codes], owned,
 * partner_in (numbers of actions), succeeded (bool: another organisation took its place)}], by name. */
Err organisation_list(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* One organisation: the members of the list, and note, source, names [{name, kind, source}],
 *   role_list [{role, seats, chair, note, source}],
 *   successors [{code, label, year, kind (merger | takeover | rename), verified, note, source}], predecessors [the same],
 *   owned_actions [{code, label, line {code, label}}], partner_actions [{code, label, line, role}], each by code,
 *   assumptions [as pact_assumptions].
 * ERR_NOT_FOUND when there is no such code. */
Err organisation_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
