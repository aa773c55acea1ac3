/* SPDX-License-Identifier: EUPL-1.2 */
/* Hash map from text to a pointer-sized value; lives in an arena, keys are borrowed, nothing is removed. */
#ifndef PW_BASE_MAP_H
#define PW_BASE_MAP_H

#include "base/arena.h"

typedef struct MapEntry {
  Str key;         /* ptr NULL: free place */
  uint64_t hash;
  void *value;
} MapEntry;

typedef struct Map {
  Arena *arena;
  MapEntry *entries;
  size_t cap;      /* 0 or a power of two */
  size_t count;
} Map;

void map_init(Map *map, Arena *arena);
/* Sets or replaces; the key's bytes must outlive the map. ERR_MEMORY only. */
Err map_set(Map *map, Str key, void *value) MUST_CHECK;
/* False when absent (then *value is untouched); `value` may be NULL to ask for presence only. */
bool map_get(const Map *map, Str key, void **value);
/* Index values in a map of numbers: stored as pointers through uintptr_t. */
Err map_set_index(Map *map, Str key, size_t index) MUST_CHECK;
bool map_get_index(const Map *map, Str key, size_t *index);

#endif
