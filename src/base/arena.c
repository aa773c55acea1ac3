/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/arena.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { ALIGN = 16, FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct ArenaBlock {
  ArenaBlock *next;   /* older block */
  size_t size, used;  /* bytes in data */
  _Alignas(16) char data[];
};

void arena_init(Arena *arena, size_t limit) {
  *arena = (Arena){.limit = limit};
}

static void free_chain(ArenaBlock *block) {
  while (block) {
    ArenaBlock *next = block->next;
    mem_free(block);
    block = next;
  }
}

void arena_clear(Arena *arena) {
  free_chain(arena->head);
  arena->head = NULL;
  arena->used = 0;
  arena->failed = false;
}

void arena_reset(Arena *arena) {
  if (arena->head) {
    free_chain(arena->head->next);
    arena->head->next = NULL;
    arena->head->used = 0;
  }
  arena->used = 0;
  arena->failed = false;
}

static ArenaBlock *add_block(Arena *arena, size_t need) {
  size_t size = arena->head ? arena->head->size * 2 : FIRST_BLOCK;
  if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
  if (size < need) size = need;
  ArenaBlock *block = mem_alloc(sizeof *block + size);
  if (!block) return NULL;
  *block = (ArenaBlock){.next = arena->head, .size = size};
  arena->head = block;
  return block;
}

/* The sticky mark that lets whoever built a tree without checks find out at the end. */
static void *refuse(Arena *arena) {
  arena->failed = true;
  return NULL;
}

void *arena_alloc(Arena *arena, size_t size) {
  if (size > SIZE_MAX / 2) return refuse(arena);
  size_t need = (size + ALIGN - 1) / ALIGN * ALIGN;
  if (need == 0) need = ALIGN;
  if (arena->limit && (need > arena->limit || arena->used > arena->limit - need)) return refuse(arena);
  ArenaBlock *block = arena->head;
  if (!block || block->size - block->used < need) {
    block = add_block(arena, need);
    if (!block) return refuse(arena);
  }
  void *place = block->data + block->used;
  block->used += need;
  arena->used += need;
  return place;
}

void *arena_alloc0(Arena *arena, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) return refuse(arena);
  void *place = arena_alloc(arena, count * size);
  if (place) memset(place, 0, count * size);
  return place;
}

void *arena_grow(Arena *arena, void *items, size_t old_size, size_t new_size) {
  void *moved = arena_alloc(arena, new_size);
  if (moved && old_size) memcpy(moved, items, old_size < new_size ? old_size : new_size);
  return moved;
}

Str arena_str(Arena *arena, Str text) {
  if (text.len == SIZE_MAX) return STR_NONE;
  char *copy = arena_alloc(arena, text.len + 1);
  if (!copy) return STR_NONE;
  if (text.len) memcpy(copy, text.ptr, text.len);
  copy[text.len] = '\0';
  return (Str){copy, text.len};
}

Str arena_cstr(Arena *arena, const char *text) {
  return arena_str(arena, str_from(text));
}

char *arena_zstr(Arena *arena, Str text) {
  Str copy = arena_str(arena, text);
  return copy.ptr ? (char *)(uintptr_t)copy.ptr : NULL;
}

Str arena_printf(Arena *arena, const char *format, ...) {
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  Str result = STR_NONE;
  if (len >= 0) {
    char *place = arena_alloc(arena, (size_t)len + 1);
    if (place) {
      vsnprintf(place, (size_t)len + 1, format, again);
      result = (Str){place, (size_t)len};
    }
  }
  va_end(again);
  return result;
}
