/* SPDX-License-Identifier: EUPL-1.2 */
#include "monitor/approve.h"

#include "base/text.h"
#include "monitor/supply.h"
#include "store/vals.h"

static Err check_others(const ApproveOptions *o, const Val *list, Arena *arena, ErrInfo *info) {
  Str by = text_folded(arena, o->by);
  for (size_t i = 0; i < list->as.list.count; i++) {
    const Val *item = list->as.list.items[i];
    Str entered = vals_text(item, "entered_by"), folded = entered.ptr ? text_folded(arena, entered) : STR_NONE;
    if (!by.ptr || !folded.ptr || !str_eq(by, folded)) continue;
    Str indicator = vals_text(item, "indicator"), region = vals_text(item, "region"), period = vals_text(item, "period");
    return err_set(info, ERR_CONFLICT, "indicator " STR_FMT ", region " STR_FMT ", " STR_FMT " was entered by " STR_FMT " itself; somebody else "
                   "approves it", STR_ARG(indicator), STR_ARG(region), STR_ARG(period), STR_ARG(entered));
  }
  return ERR_OK;
}

Err figures_approve(Store *store, const ApproveOptions *o, Arena *arena, Val **out, ErrInfo *info) {
  Vals vals = {store, arena, info};
  char today[DAY_TEXT];
  day_format_iso(o->today, today);
  TRY(supply_name_check(o->by, "--by", info));
  TRY(vals_list(&vals, "approve_waiting", ARGS(ARG_STR(o->indicator), ARG_STR(o->region), ARG_STR(o->period), ARG_STR(o->source)), out));
  if ((*out)->as.list.count == 0) return err_set(info, ERR_NOT_FOUND, "no figure of these awaits approval");
  TRY(check_others(o, *out, arena, info));
  return store_exec(store, "approve_put",
                    ARGS(ARG_STR(o->indicator), ARG_STR(o->region), ARG_STR(o->period), ARG_STR(o->source), ARG_STR(str_trim(o->by)),
                         ARG_STR(str_from(today))), NULL, info);
}
