/* SPDX-License-Identifier: EUPL-1.2 */
/* Lookup in the table of embedded files that tools/embed.c generates (sorted by path). */
#include "base/embed.h"

#include <assert.h>

#include "base/embed_table.h"

/* Index of the first file whose path is not below `path`. */
static size_t lower_bound(Str path) {
  size_t low = 0, high = embed_table_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (str_cmp(embed_table[middle].path, path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

bool embed_find(Str path, EmbeddedFile *out) {
  size_t at = lower_bound(path);
  if (at == embed_table_count || !str_eq(embed_table[at].path, path)) return false;
  if (out) *out = embed_table[at];
  return true;
}

size_t embed_count(void) {
  return embed_table_count;
}

const EmbeddedFile *embed_at(size_t index) {
  assert(index < embed_table_count);
  return &embed_table[index];
}

size_t embed_prefix(Str prefix, size_t *first) {
  size_t from = lower_bound(prefix), to = from;
  while (to < embed_table_count && str_starts(embed_table[to].path, prefix)) to++;
  if (first) *first = from;
  return to - from;
}
