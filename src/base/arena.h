/* SPDX-License-Identifier: EUPL-1.2 */
/* A region of memory that is released as a whole: one per request, command or run. */
#ifndef PW_BASE_ARENA_H
#define PW_BASE_ARENA_H

#include "base/err.h"
#include "base/str.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
  ArenaBlock *head;  /* newest block, NULL when empty */
  size_t used;       /* bytes handed out in all blocks */
  size_t limit;      /* most bytes to hand out; 0 is no limit */
  bool failed;       /* something was refused since init, clear or reset: a tree built here may miss parts */
} Arena;

/* An empty arena that hands out at most `limit` bytes (0: no limit). Nothing is allocated yet. */
void arena_init(Arena *arena, size_t limit);
/* Releases everything; the arena is empty and usable again with the same limit. */
void arena_clear(Arena *arena);
/* Forgets the contents but keeps the newest block for reuse. */
void arena_reset(Arena *arena);

/* `size` bytes aligned to 16; NULL when out of memory or over the limit. _alloc0 also zeroes count*size bytes
 * and gives NULL on overflow. The memory lives until arena_clear. */
void *arena_alloc(Arena *arena, size_t size);
void *arena_alloc0(Arena *arena, size_t count, size_t size);
/* Grows an array that was allocated from this arena (copies; the old place is not reclaimed). */
void *arena_grow(Arena *arena, void *items, size_t old_size, size_t new_size);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc0((arena), 1, sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) ((Type *)arena_alloc0((arena), (count), sizeof(Type)))

/* Copies into the arena, followed by a NUL byte that is not counted. On failure the result has ptr NULL. */
Str arena_str(Arena *arena, Str text);
Str arena_cstr(Arena *arena, const char *text);
/* printf into the arena; ptr NULL on failure. */
Str arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
/* A NUL-terminated copy for C interfaces; NULL on failure. */
char *arena_zstr(Arena *arena, Str text);

#endif
