/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/organisation.h"

#include "pact/pact.h"
#include "store/vals.h"

Err organisation_list(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  TRY(vals_list(&v, "organisations", ARGS(ARG_NULL), out));
  if (!val_sort(arena, *out, "name")) return vals_no_memory(&v);
  return vals_attach(&v, *out, &(ValsAttach){.query = "roles_of_organisations", .as = "roles", .texts = true});
}

Err organisation_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) {
  static const struct { const char *query, *as; } parts[] = {
    {"organisation_names", "names"}, {"organisation_roles", "role_list"}, {"organisation_successors", "successors"},
    {"organisation_predecessors", "predecessors"}, {"organisation_owned_actions", "owned_actions"},
    {"organisation_partner_actions", "partner_actions"},
  };
  const Vals v = {store, arena, info};
  Val *organisation, *part;
  TRY(vals_one(&v, "organisations", ARGS(ARG_STR(code.ptr ? code : S(""))), &organisation));
  if (!organisation) return err_set(info, ERR_NOT_FOUND, "there is no organisation '" STR_FMT "'", STR_ARG(code));
  TRY(vals_attach_one(&v, organisation, &(ValsAttach){.query = "roles_of_organisations", .as = "roles", .texts = true}));
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    TRY(vals_list(&v, parts[i].query, ARGS(ARG_STR(code)), &part));
    val_set(arena, organisation, parts[i].as, part);
  }
  TRY(pact_assumptions(store, S("organisation"), code, arena, &part, info));
  val_set(arena, organisation, "assumptions", part);
  *out = organisation;
  return vals_done(&v);
}
