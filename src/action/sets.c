/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/internal.h"
#include "base/mem.h"

#include <string.h>

/* Counting bits is most of the work of a page with filters; the instruction for it is on every 64-bit x86 since 2008, but
 * the compiler may not assume so. Chosen per call, which costs nothing beside the loop. */
#if defined(__x86_64__)
#define WITH_POPCNT __attribute__((target("popcnt")))
#define HAS_POPCNT __builtin_cpu_supports("popcnt")
#else
#define WITH_POPCNT
#define HAS_POPCNT 1
#endif

#define COUNT_LOOP(expression)                                                   \
  size_t total = 0;                                                              \
  for (size_t i = 0; i < count; i++) total += (size_t)__builtin_popcountll(expression); \
  return total;

static WITH_POPCNT size_t count_fast(const uint64_t *a, size_t count) { COUNT_LOOP(a[i]) }
static size_t count_plain(const uint64_t *a, size_t count) { COUNT_LOOP(a[i]) }
static WITH_POPCNT size_t count_and_fast(const uint64_t *a, const uint64_t *b, size_t count) { COUNT_LOOP(a[i] & b[i]) }
static size_t count_and_plain(const uint64_t *a, const uint64_t *b, size_t count) { COUNT_LOOP(a[i] & b[i]) }

size_t bits_count(Bits bits) {
  return HAS_POPCNT ? count_fast(bits.words, bits.count) : count_plain(bits.words, bits.count);
}

size_t bits_count_and(Bits bits, const Posting *posting) {
  if (posting->dense)
    return HAS_POPCNT ? count_and_fast(bits.words, posting->at.bits, bits.count)
                      : count_and_plain(bits.words, posting->at.bits, bits.count);
  size_t total = 0;
  for (uint32_t i = 0; i < posting->count; i++) total += BIT_GET(bits.words, posting->at.ids[i]);
  return total;
}

void bits_or_posting(Bits bits, const Posting *posting) {
  if (posting->dense) {
    for (size_t i = 0; i < bits.count; i++) bits.words[i] |= posting->at.bits[i];
    return;
  }
  for (uint32_t i = 0; i < posting->count; i++) BIT_SET(bits.words, posting->at.ids[i]);
}

void bits_and(Bits bits, Bits other) {
  for (size_t i = 0; i < bits.count; i++) bits.words[i] &= other.words[i];
}

Err pairs_add(Pairs *pairs, uint32_t row, uint32_t value) {
  if (!mem_grow((void **)&pairs->row, &pairs->row_cap, pairs->count + 1, sizeof *pairs->row)) return ERR_MEMORY;
  if (!mem_grow((void **)&pairs->value, &pairs->value_cap, pairs->count + 1, sizeof *pairs->value)) return ERR_MEMORY;
  pairs->row[pairs->count] = row;
  pairs->value[pairs->count++] = value;
  return ERR_OK;
}

void pairs_clear(Pairs *pairs) {
  mem_free(pairs->row);
  mem_free(pairs->value);
  *pairs = (Pairs){0};
}

Err lists_from_pairs(Lists *out, const Pairs *pairs, size_t rows) {
  *out = (Lists){.rows = rows, .total = pairs->count};
  out->start = mem_alloc0(rows + 1, sizeof *out->start);
  out->values = mem_alloc0(pairs->count ? pairs->count : 1, sizeof *out->values);
  if (!out->start || !out->values) {
    lists_clear(out);
    return ERR_MEMORY;
  }
  for (size_t i = 0; i < pairs->count; i++) out->start[pairs->row[i]]++;
  uint32_t sum = 0;
  for (size_t i = 0; i <= rows; i++) {  /* start[i] becomes the end of row i while filling backwards */
    sum += out->start[i];
    out->start[i] = sum;
  }
  for (size_t i = pairs->count; i-- > 0;) out->values[--out->start[pairs->row[i]]] = (uint16_t)pairs->value[i];
  return ERR_OK;
}

void lists_clear(Lists *lists) {
  mem_free(lists->start);
  mem_free(lists->values);
  *lists = (Lists){0};
}
