/* SPDX-License-Identifier: EUPL-1.2 */
#include "monitor/lead.h"

#include "base/text.h"
#include "monitor/supply.h"
#include "pact/pact.h"
#include "store/vals.h"

static Err check_why(Str why, ErrInfo *info) {
  Str text = str_trim(why);
  for (size_t i = 0; i < text.len; i++)
    if ((unsigned char)text.ptr[i] < ' ') return err_set(info, ERR_USAGE, "--why has a line end or another control character; expected one line");
  if (!text.len) return err_set(info, ERR_USAGE, "--why is missing: the reason stands publicly beside the figures");
  if (text_length(text) > LEAD_WHY_MAX)
    return err_set(info, ERR_USAGE, "--why has %zu characters; expected at most %d", text_length(text), LEAD_WHY_MAX);
  return ERR_OK;
}

Err figures_lead(Store *store, const LeadOptions *o, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  char today[DAY_TEXT];
  int64_t last = 0;
  Val *end;
  day_format_iso(o->today, today);
  TRY(supply_name_check(o->by, "--by", info));
  TRY(check_why(o->why, info));
  TRY(pact_source_check(store, o->source, info));
  Str by = str_trim(o->by), why = str_trim(o->why);
  Str reason = arena_printf(arena, STR_FMT " (" STR_FMT ", %s)", STR_ARG(why), STR_ARG(by), today);
  if (!reason.ptr) return vals_no_memory(&v);
  TRY(vals_list(&v, "lead_figures", ARGS(ARG_STR(o->source), ARG_STR(o->indicator), ARG_STR(o->region), ARG_STR(o->period)), out));
  if (!(*out)->as.list.count)
    return err_set(info, ERR_NOT_FOUND, "source '" STR_FMT "' gives none of these figures beside another source", STR_ARG(o->source));
  TRY(vals_one(&v, "lead_last", NO_ARGS, &end));
  if (end) last = val_get(end, S("last"))->as.integer;
  TRY(store_exec(store, "lead_add", ARGS(ARG_STR(o->source), ARG_STR(o->indicator), ARG_STR(o->region), ARG_STR(o->period), ARG_STR(reason),
                                         ARG_STR(str_from(today))), NULL, info));
  return store_exec(store, "lead_end", ARGS(ARG_INT(last), ARG_STR(str_from(today))), NULL, info);
}
