/* SPDX-License-Identifier: EUPL-1.2 */
/* The values of a filter that a page shows. */
#include "web/pages/pages.h"

/* The count that a value must reach to be among the `limit` largest. */
static int64_t threshold(const Val *values, size_t limit) {
  int64_t below = INT64_MAX;
  for (size_t taken = 0; taken < limit;) {
    int64_t most = -1;
    for (size_t i = 0; i < val_count(values); i++) {
      int64_t count = val_number(val_item(values, i), "count");
      if (count < below && count > most) most = count;
    }
    if (most < 0) return 0;
    for (size_t i = 0; i < val_count(values); i++) taken += val_number(val_item(values, i), "count") == most;
    below = most;
  }
  return below;
}

void facet_cut(Arena *arena, Val *facet, size_t limit) {
  Val *values = val_child(facet, "values"), *shown = val_list(arena);
  int64_t least = threshold(values, limit);
  size_t taken = 0;
  for (size_t i = 0; i < val_count(values); i++) {
    Val *value = val_item(values, i);
    bool large = val_number(value, "count") >= least && taken < limit;
    taken += large;
    if (large || val_flag(value, "selected")) val_push(arena, shown, value);
  }
  val_set_int(arena, facet, "more", (int64_t)val_count(values));
  val_set(arena, facet, "values", shown);
}
