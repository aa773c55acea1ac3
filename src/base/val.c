/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/val.h"

#include <stdlib.h>

#include "base/text.h"

const Val VAL_NOTHING = {.kind = VAL_NULL};

static Val *val_new(Arena *arena, ValKind kind) {
  Val *value = arena ? ARENA_NEW(arena, Val) : NULL;
  if (value) value->kind = kind;
  return value;
}

Val *val_list(Arena *arena) { return val_new(arena, VAL_LIST); }
Val *val_map(Arena *arena) { return val_new(arena, VAL_MAP); }

void val_set(Arena *arena, Val *map, const char *key, Val *value) {
  if (!map || map->kind != VAL_MAP || !value) return;
  Str name = str_from(key);
  for (size_t i = 0; i < map->as.map.count; i++)
    if (str_eq(map->as.map.items[i].key, name)) {
      map->as.map.items[i].value = value;
      return;
    }
  if (map->as.map.count == map->as.map.cap) {
    size_t cap = map->as.map.cap ? map->as.map.cap * 2 : 8;
    ValMember *items = arena_grow(arena, map->as.map.items, map->as.map.count * sizeof *items, cap * sizeof *items);
    if (!items) return;
    map->as.map.items = items;
    map->as.map.cap = cap;
  }
  map->as.map.items[map->as.map.count++] = (ValMember){name, value};
}

void val_set_str(Arena *arena, Val *map, const char *key, Str text) {
  Val *value = val_new(arena, text.ptr ? VAL_STR : VAL_NULL);
  if (value && text.ptr) value->as.text = text;
  val_set(arena, map, key, value);
}

void val_set_int(Arena *arena, Val *map, const char *key, int64_t number) {
  Val *value = val_new(arena, VAL_INT);
  if (value) value->as.integer = number;
  val_set(arena, map, key, value);
}

void val_set_double(Arena *arena, Val *map, const char *key, double number) {
  Val *value = val_new(arena, VAL_DOUBLE);
  if (value) value->as.number = number;
  val_set(arena, map, key, value);
}

void val_set_bool(Arena *arena, Val *map, const char *key, bool boolean) {
  Val *value = val_new(arena, VAL_BOOL);
  if (value) value->as.boolean = boolean;
  val_set(arena, map, key, value);
}

void val_set_null(Arena *arena, Val *map, const char *key) {
  val_set(arena, map, key, val_new(arena, VAL_NULL));
}

Val *val_set_map(Arena *arena, Val *map, const char *key) {
  Val *value = val_map(arena);
  val_set(arena, map, key, value);
  return value;
}

Val *val_set_list(Arena *arena, Val *map, const char *key) {
  Val *value = val_list(arena);
  val_set(arena, map, key, value);
  return value;
}

void val_push(Arena *arena, Val *list, Val *value) {
  if (!list || list->kind != VAL_LIST || !value) return;
  if (list->as.list.count == list->as.list.cap) {
    size_t cap = list->as.list.cap ? list->as.list.cap * 2 : 8;
    Val **items = arena_grow(arena, list->as.list.items, list->as.list.count * sizeof(Val *), cap * sizeof(Val *));
    if (!items) return;
    list->as.list.items = items;
    list->as.list.cap = cap;
  }
  list->as.list.items[list->as.list.count++] = value;
}

void val_push_str(Arena *arena, Val *list, Str text) {
  Val *value = val_new(arena, text.ptr ? VAL_STR : VAL_NULL);
  if (value && text.ptr) value->as.text = text;
  val_push(arena, list, value);
}

Val *val_push_map(Arena *arena, Val *list) {
  Val *value = val_map(arena);
  val_push(arena, list, value);
  return value;
}

typedef struct Sorted { Str name; size_t place; Val *value; } Sorted;

static int by_name(const void *a, const void *b) {
  const Sorted *x = a, *y = b;
  int order = str_cmp(x->name, y->name);
  return order ? order : (x->place > y->place) - (x->place < y->place);
}

bool val_sort(Arena *arena, Val *list, const char *key) {
  size_t count = list && list->kind == VAL_LIST ? list->as.list.count : 0;
  if (count < 2) return true;
  Sorted *sorted = ARENA_ARRAY(arena, Sorted, count);
  for (size_t i = 0; sorted && i < count; i++) {
    const Val *name = val_get(list->as.list.items[i], str_from(key));
    sorted[i] = (Sorted){name->kind == VAL_STR ? text_folded(arena, name->as.text) : S(""), i, list->as.list.items[i]};
    if (!sorted[i].name.ptr) return false;
  }
  if (!sorted) return false;
  qsort(sorted, count, sizeof *sorted, by_name);
  for (size_t i = 0; i < count; i++) list->as.list.items[i] = sorted[i].value;
  return true;
}

const Val *val_get(const Val *map, Str key) {
  if (map && map->kind == VAL_MAP)
    for (size_t i = 0; i < map->as.map.count; i++)
      if (str_eq(map->as.map.items[i].key, key)) return map->as.map.items[i].value;
  return &VAL_NOTHING;
}

bool val_truth(const Val *value) {
  switch (value ? value->kind : VAL_NULL) {
    case VAL_NULL: return false;
    case VAL_BOOL: return value->as.boolean;
    case VAL_INT: return value->as.integer != 0;
    case VAL_DOUBLE: return value->as.number < 0 || value->as.number > 0;
    case VAL_STR: return value->as.text.len > 0;
    case VAL_LIST: return value->as.list.count > 0;
    case VAL_MAP: return value->as.map.count > 0;
  }
  return false;
}

void val_json(JsonWriter *w, const Val *value) {
  switch (value ? value->kind : VAL_NULL) {
    case VAL_NULL: jw_null(w); break;
    case VAL_BOOL: jw_bool(w, value->as.boolean); break;
    case VAL_INT: jw_int(w, value->as.integer); break;
    case VAL_DOUBLE: jw_double(w, value->as.number); break;
    case VAL_STR: jw_str(w, value->as.text); break;
    case VAL_LIST:
      jw_array(w);
      for (size_t i = 0; i < value->as.list.count; i++) val_json(w, value->as.list.items[i]);
      jw_array_end(w);
      break;
    case VAL_MAP:
      jw_object(w);
      for (size_t i = 0; i < value->as.map.count; i++) {
        jw_key(w, value->as.map.items[i].key);
        val_json(w, value->as.map.items[i].value);
      }
      jw_object_end(w);
      break;
  }
}
