/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/framework.h"

#include "store/vals.h"

Err framework_list(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  return vals_list(&v, "frameworks", ARGS(ARG_NULL), out);
}

static bool has_items(const Val *map, const char *key) {
  const Val *list = val_get(map, str_from(key));
  return list->kind == VAL_LIST && list->as.list.count > 0;
}

Err framework_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  const Arg arg = ARG_STR(code);
  Val *framework, *items;
  TRY(vals_one(&v, "frameworks", ARGS(ARG_STR(code.ptr ? code : S(""))), &framework));
  if (!framework) return err_set(info, ERR_NOT_FOUND, "there is no framework '" STR_FMT "'", STR_ARG(code));
  TRY(vals_list(&v, "framework_items", &arg, 1, &items));
  TRY(vals_attach(&v, items, &(ValsAttach){.query = "goals_of_framework_items", .as = "goals", .arg = &arg}));
  TRY(vals_attach(&v, items, &(ValsAttach){.query = "actions_of_framework_items", .as = "actions", .arg = &arg}));
  TRY(vals_attach(&v, items, &(ValsAttach){.query = "focal_actions_of_framework_items", .as = "focal_actions", .arg = &arg}));
  for (size_t i = 0; i < items->as.list.count; i++) {
    Val *item = items->as.list.items[i];
    val_set_bool(arena, item, "linked", has_items(item, "goals") || has_items(item, "actions") || has_items(item, "focal_actions"));
  }
  val_set(arena, framework, "item_list", items);
  *out = framework;
  return vals_done(&v);
}
