/* SPDX-License-Identifier: EUPL-1.2 */
/* The orders in which actions can be listed, worked out once. */
#include "action/internal.h"

#include <stdlib.h>

#include "base/mem.h"

#define MEMORY(build) err_set((build)->info, ERR_MEMORY, "out of memory while sorting the actions")

static bool digit(char c) { return c >= '0' && c <= '9'; }

static size_t run_of_digits(Str s, size_t at) {
  size_t end = at;
  while (end < s.len && digit(s.ptr[end])) end++;
  return end - at;
}

/* Codes as people read them: A-9 before A-10. */
static int compare_codes(Str a, Str b) {
  size_t i = 0, j = 0;
  while (i < a.len && j < b.len) {
    if (digit(a.ptr[i]) && digit(b.ptr[j])) {
      while (i + 1 < a.len && a.ptr[i] == '0' && digit(a.ptr[i + 1])) i++;
      while (j + 1 < b.len && b.ptr[j] == '0' && digit(b.ptr[j + 1])) j++;
      size_t m = run_of_digits(a, i), n = run_of_digits(b, j);
      if (m != n) return m < n ? -1 : 1;
      int order = str_cmp(str_slice(a, i, i + m), str_slice(b, j, j + n));
      if (order) return order;
      i += m;
      j += n;
    } else {
      if (a.ptr[i] != b.ptr[j]) return (unsigned char)a.ptr[i] < (unsigned char)b.ptr[j] ? -1 : 1;
      i++;
      j++;
    }
  }
  if (i < a.len || j < b.len) return i < a.len ? 1 : -1;
  return str_cmp(a, b);
}

static int by_code(const void *a, const void *b, void *context) {
  const ActionIndex *index = context;
  return compare_codes(action_index_code(index, *(const uint32_t *)a), action_index_code(index, *(const uint32_t *)b));
}

/* Equal titles by code. */
static int by_title(const void *a, const void *b, void *context) {
  const Build *build = context;
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  int order = str_cmp(build->titles[x], build->titles[y]);
  return order ? order : compare_codes(action_index_code(build->index, x), action_index_code(build->index, y));
}

static int by_key(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static uint32_t *identity(size_t count) {
  uint32_t *ids = mem_alloc((count ? count : 1) * sizeof *ids);
  for (uint32_t i = 0; ids && i < count; i++) ids[i] = i;
  return ids;
}

/* Orders by a number per action, equal ones by code. */
static Err order_by_number(Build *build, ActionSort sort, uint32_t (*number)(const Build *, uint32_t)) {
  ActionIndex *index = build->index;
  const uint32_t *codes = index->order[ACTION_SORT_CODE];
  uint64_t *keys = mem_alloc((index->count ? index->count : 1) * sizeof *keys);
  uint32_t *ids = identity(index->count);
  index->order[sort] = ids;
  if (!keys || !ids) {
    mem_free(keys);
    return MEMORY(build);
  }
  for (size_t rank = 0; rank < index->count; rank++) keys[rank] = (uint64_t)number(build, codes[rank]) << 32 | rank;
  qsort(keys, index->count, sizeof *keys, by_key);
  for (size_t i = 0; i < index->count; i++) ids[i] = codes[keys[i] & UINT32_MAX];
  mem_free(keys);
  return ERR_OK;
}

/* Actions without a line or period come last. */
static uint32_t line_number(const Build *build, uint32_t id) {
  const Lists *lines = &build->index->forward[ACTION_DIM_LINE];
  return lines->start[id] < lines->start[id + 1] ? lines->values[lines->start[id]] : UINT32_MAX;
}

static uint32_t period_number(const Build *build, uint32_t id) { return (uint32_t)build->period[id] ^ UINT32_C(0x80000000); }

static uint32_t completeness_number(const Build *build, uint32_t id) {
  return (uint32_t)(ACTION_FACT_COUNT - __builtin_popcount(build->missing[id]));
}

Err build_orders(Build *build) {
  ActionIndex *index = build->index;
  index->order[ACTION_SORT_CODE] = identity(index->count);
  index->order[ACTION_SORT_TITLE] = identity(index->count);
  if (!index->order[ACTION_SORT_CODE] || !index->order[ACTION_SORT_TITLE]) return MEMORY(build);
  qsort_r(index->order[ACTION_SORT_CODE], index->count, sizeof(uint32_t), by_code, index);
  qsort_r(index->order[ACTION_SORT_TITLE], index->count, sizeof(uint32_t), by_title, build);
  TRY(order_by_number(build, ACTION_SORT_LINE, line_number));
  TRY(order_by_number(build, ACTION_SORT_PERIOD, period_number));
  return order_by_number(build, ACTION_SORT_COMPLETENESS, completeness_number);
}
