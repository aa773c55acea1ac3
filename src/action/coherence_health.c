/* SPDX-License-Identifier: EUPL-1.2 */
/* What the registry tells about confirmation, money and yield. */
#include "action/coherence_val.h"
#include "store/vals.h"

/* The median of the rows of one line, which come dearest first. */
static int64_t median(const Val *rows, size_t from, size_t to) {
  size_t count = to - from;
  int64_t high = vals_number(rows->as.list.items[from + (count - 1) / 2], "each_cents");
  int64_t low = vals_number(rows->as.list.items[from + count / 2], "each_cents");
  return (high + low) / 2;
}

/* Keeps those that cost many times what is usual in their line, dearest against that first; returns how many were compared. */
static int64_t pick_dear(Arena *arena, const Val *rows, size_t most, Val *dear) {
  int64_t compared = 0;
  size_t count = rows->as.list.count;
  for (size_t from = 0, to = 0; from < count; from = to) {
    Str line = vals_text(rows->as.list.items[from], "line");
    while (to < count && str_eq(vals_text(rows->as.list.items[to], "line"), line)) to++;
    if (to - from < COHERENCE_COST_GROUP || !line.len) continue;
    int64_t usual = median(rows, from, to);
    compared += (int64_t)(to - from);
    for (size_t i = from; i < to && dear->as.list.count < most; i++) {
      Val *row = rows->as.list.items[i];
      if (vals_number(row, "each_cents") < COHERENCE_COST_TIMES * usual) break;
      val_set_int(arena, row, "median_cents", usual);
      val_push(arena, dear, row);
    }
  }
  return compared;
}

Err coherence_health_val(Store *store, size_t most, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  Val *map, *oldest, *costs, *dear = val_list(arena);
  TRY(vals_one(&v, "coherence_confirmed", NO_ARGS, &map));
  TRY(vals_list(&v, "coherence_unconfirmed", ARGS(ARG_INT((int64_t)most), ARG_INT(0)), &oldest));
  TRY(vals_list(&v, "coherence_costs", NO_ARGS, &costs));
  val_set(arena, map, "oldest", oldest);
  val_set_int(arena, map, "compared", pick_dear(arena, costs, most, dear));
  val_set(arena, map, "dear", dear);
  *out = map;
  return vals_done(&v);
}
