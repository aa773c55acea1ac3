/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/map.h"

void map_init(Map *map, Arena *arena) {
  *map = (Map){.arena = arena};
}

static MapEntry *place_of(MapEntry *entries, size_t cap, Str key, uint64_t hash) {
  size_t i = (size_t)hash & (cap - 1);
  while (entries[i].key.ptr && !(entries[i].hash == hash && str_eq(entries[i].key, key))) i = (i + 1) & (cap - 1);
  return &entries[i];
}

static Err enlarge(Map *map) {
  size_t cap = map->cap ? map->cap * 2 : 16;
  MapEntry *entries = ARENA_ARRAY(map->arena, MapEntry, cap);
  if (!entries) return ERR_MEMORY;
  for (size_t i = 0; i < map->cap; i++)
    if (map->entries[i].key.ptr) *place_of(entries, cap, map->entries[i].key, map->entries[i].hash) = map->entries[i];
  map->entries = entries;
  map->cap = cap;
  return ERR_OK;
}

Err map_set(Map *map, Str key, void *value) {
  if ((map->count + 1) * 4 > map->cap * 3) TRY(enlarge(map));
  if (!key.ptr) key = S("");
  uint64_t hash = str_hash(key);
  MapEntry *entry = place_of(map->entries, map->cap, key, hash);
  if (!entry->key.ptr) {
    entry->key = key;
    entry->hash = hash;
    map->count++;
  }
  entry->value = value;
  return ERR_OK;
}

bool map_get(const Map *map, Str key, void **value) {
  if (!map->cap) return false;
  if (!key.ptr) key = S("");
  const MapEntry *entry = place_of(map->entries, map->cap, key, str_hash(key));
  if (!entry->key.ptr) return false;
  if (value) *value = entry->value;
  return true;
}

Err map_set_index(Map *map, Str key, size_t index) {
  return map_set(map, key, (void *)(uintptr_t)index);
}

bool map_get_index(const Map *map, Str key, size_t *index) {
  void *value;
  if (!map_get(map, key, &value)) return false;
  if (index) *index = (size_t)(uintptr_t)value;
  return true;
}
