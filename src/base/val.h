/* SPDX-License-Identifier: EUPL-1.2 */
/* A tree of values in an arena: what a page or an API answer is made from. Domain code builds it, templates and the
 * JSON writer read it. Building never fails halfway: on lack of memory a node is VAL_NULL and the arena says so. */
#ifndef PW_BASE_VAL_H
#define PW_BASE_VAL_H

#include "base/arena.h"
#include "base/json.h"

typedef enum ValKind { VAL_NULL, VAL_BOOL, VAL_INT, VAL_DOUBLE, VAL_STR, VAL_LIST, VAL_MAP } ValKind;

typedef struct Val Val;
typedef struct ValMember ValMember;

struct Val {
  ValKind kind;
  union {
    bool boolean;
    int64_t integer;
    double number;
    Str text;
    struct { Val **items; size_t count, cap; } list;
    struct { ValMember *items; size_t count, cap; } map;  /* in order of insertion */
  } as;
};

struct ValMember { Str key; Val *value; };

extern const Val VAL_NOTHING;  /* the null that a missing member reads as */

Val *val_list(Arena *arena);
Val *val_map(Arena *arena);
/* Setters add or replace a member; keys and texts are borrowed (copy with arena_str when they do not live as long). */
void val_set(Arena *arena, Val *map, const char *key, Val *value);
void val_set_str(Arena *arena, Val *map, const char *key, Str text);  /* ptr NULL stores null */
void val_set_int(Arena *arena, Val *map, const char *key, int64_t value);
void val_set_double(Arena *arena, Val *map, const char *key, double value);
void val_set_bool(Arena *arena, Val *map, const char *key, bool value);
void val_set_null(Arena *arena, Val *map, const char *key);
Val *val_set_map(Arena *arena, Val *map, const char *key);    /* a new empty map under key */
Val *val_set_list(Arena *arena, Val *map, const char *key);   /* a new empty list under key */
void val_push(Arena *arena, Val *list, Val *value);
void val_push_str(Arena *arena, Val *list, Str text);
Val *val_push_map(Arena *arena, Val *list);                   /* a new empty map at the end */

/* Puts the maps of a list in the order of a text member, as a reader looks one up: capitals and diacritics make no
 * difference, equal ones keep their order, those without the member come first. False on lack of memory: unchanged. */
bool val_sort(Arena *arena, Val *list, const char *key);

const Val *val_get(const Val *map, Str key);        /* &VAL_NOTHING when absent or not a map */
bool val_truth(const Val *value);                   /* false: null, false, 0, "", empty list or map */
/* Writes the tree as JSON. */
void val_json(JsonWriter *w, const Val *value);

#endif
