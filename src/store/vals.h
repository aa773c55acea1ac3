/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows of named queries as values. The names of the columns say what becomes of them:
 *   title             a text
 *   number:int        a whole number;  verified:bool  a truth value;  value:num  a number
 *   line.code         member "code" of a map "line", which is null when its first member is null; line.number:int
 *   :key              not a member: the row belongs to the parent with this code (vals_attach)
 * NULL is null. */
#ifndef PW_STORE_VALS_H
#define PW_STORE_VALS_H

#include "base/val.h"
#include "store/store.h"

typedef struct Vals {
  Store *store;
  Arena *arena;   /* the values live here */
  ErrInfo *info;
} Vals;

/* All rows, as a list of maps. */
Err vals_list(const Vals *v, const char *query, const Arg *args, size_t count, Val **out) MUST_CHECK;
/* Those rows that `take` wants; it sees each of them in its turn. What it does not want costs no value. */
typedef Err (*ValsTake)(void *context, const Rows *rows, bool *wanted);
Err vals_list_wanted(const Vals *v, const char *query, const Arg *args, size_t count, ValsTake take, void *context, Val **out) MUST_CHECK;
/* The first row as a map; *out is NULL when there is none. */
Err vals_one(const Vals *v, const char *query, const Arg *args, size_t count, Val **out) MUST_CHECK;
/* One whole number; 0 when there is no row. */
Err vals_int(const Vals *v, const char *query, const Arg *args, size_t count, int64_t *out) MUST_CHECK;
/* Gives every map in `parents` a list `as` of the rows whose :key is the parent's member `code`. One query for all of them,
 * whose only value, if it takes one, is `arg`. */
typedef struct ValsAttach {
  const char *query;
  const char *as;
  const Arg *arg;   /* NULL: the query takes no value */
  bool texts;       /* the items are the texts of the only other column, not maps */
} ValsAttach;
Err vals_attach(const Vals *v, Val *parents, const ValsAttach *attach) MUST_CHECK;
/* The same for one parent. */
Err vals_attach_one(const Vals *v, Val *parent, const ValsAttach *attach) MUST_CHECK;

/* The text of a member; STR_NONE when it is no text. The number of a member; 0 when it is none. */
Str vals_text(const Val *map, const char *key);
int64_t vals_number(const Val *map, const char *key);
Err vals_no_memory(const Vals *v) MUST_CHECK;
/* At the end of a value: ERR_MEMORY when a part of it could not be made. */
Err vals_done(const Vals *v) MUST_CHECK;

#endif
