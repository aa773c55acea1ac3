/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/vals.h"

#include <string.h>

#include "base/map.h"

enum { COLUMNS_MAX = 64 };

typedef enum ColumnKind { COLUMN_TEXT, COLUMN_INT, COLUMN_BOOL, COLUMN_NUM, COLUMN_KEY } ColumnKind;

typedef struct Column {
  const char *group;   /* NULL: a member of the row itself */
  const char *key;
  ColumnKind kind;
} Column;

typedef struct Shape {
  Column columns[COLUMNS_MAX];
  int count;
} Shape;

Err vals_no_memory(const Vals *v) {
  return err_set(v->info, ERR_MEMORY, "out of memory");
}

Err vals_done(const Vals *v) {
  return v->arena->failed ? vals_no_memory(v) : ERR_OK;
}

static bool shape_column(Arena *arena, const char *name, Column *out) {
  char *own = arena_zstr(arena, str_from(name));
  if (!own) return false;
  *out = (Column){NULL, own, COLUMN_TEXT};
  if (strcmp(own, ":key") == 0) { out->kind = COLUMN_KEY; return true; }
  char *colon = strchr(own, ':'), *dot = strchr(own, '.');
  if (colon) {
    *colon++ = '\0';
    out->kind = strcmp(colon, "int") == 0 ? COLUMN_INT : strcmp(colon, "bool") == 0 ? COLUMN_BOOL : COLUMN_NUM;
  }
  if (dot) {
    *dot = '\0';
    out->group = own;
    out->key = dot + 1;
  }
  return true;
}

static Err shape_of(const Vals *v, const Rows *rows, Shape *shape) {
  shape->count = rows_columns(rows);
  if (shape->count > COLUMNS_MAX) return err_set(v->info, ERR_DATABASE, "a query gives more than %d columns", COLUMNS_MAX);
  for (int c = 0; c < shape->count; c++)
    if (!shape_column(v->arena, rows_name(rows, c), &shape->columns[c])) return vals_no_memory(v);
  return ERR_OK;
}

static Err set_member(const Vals *v, Val *map, const Column *column, const Rows *rows, int c) {
  Str text;
  if (rows_null(rows, c)) {
    val_set_null(v->arena, map, column->key);
    return ERR_OK;
  }
  switch (column->kind) {
    case COLUMN_INT: val_set_int(v->arena, map, column->key, rows_int(rows, c)); break;
    case COLUMN_BOOL: val_set_bool(v->arena, map, column->key, rows_int(rows, c) != 0); break;
    case COLUMN_NUM: val_set_double(v->arena, map, column->key, rows_double(rows, c)); break;
    default:
      text = arena_str(v->arena, rows_str(rows, c));
      if (!text.ptr) return vals_no_memory(v);
      val_set_str(v->arena, map, column->key, text);
  }
  return ERR_OK;
}

static Err fill(const Vals *v, const Shape *shape, const Rows *rows, Val *map) {
  const char *group = NULL;
  Val *inner = NULL;
  if (!map) return vals_no_memory(v);
  for (int c = 0; c < shape->count; c++) {
    const Column *column = &shape->columns[c];
    if (column->kind == COLUMN_KEY) continue;
    if (!column->group) {
      TRY(set_member(v, map, column, rows, c));
      continue;
    }
    if (!group || strcmp(group, column->group) != 0) {
      group = column->group;
      inner = rows_null(rows, c) ? NULL : val_set_map(v->arena, map, group);
      if (!inner) val_set_null(v->arena, map, group);
    }
    if (inner) TRY(set_member(v, inner, column, rows, c));
  }
  return ERR_OK;
}

/* Which rows are collected: all, the first one, or those that `take` wants. */
typedef struct Choice {
  bool first_only;
  ValsTake take;
  void *context;
} Choice;

static Err collect(const Vals *v, Rows *rows, Val *list, const Choice *choice) {
  Shape shape;
  bool more = true;
  TRY(shape_of(v, rows, &shape));
  for (;;) {
    bool wanted = true;
    TRY(rows_next(rows, &more, v->info));
    if (!more) return ERR_OK;
    if (choice->take) TRY(choice->take(choice->context, rows, &wanted));
    if (wanted) TRY(fill(v, &shape, rows, val_push_map(v->arena, list)));
    if (choice->first_only) return ERR_OK;
  }
}

static Err run(const Vals *v, const char *query, const Arg *args, size_t count, Val *list, const Choice *choice) {
  Rows *rows;
  if (!list) return vals_no_memory(v);
  TRY(store_query(v->store, query, args, count, &rows, v->info));
  Err err = collect(v, rows, list, choice);
  rows_close(rows);
  return err;
}

Err vals_list(const Vals *v, const char *query, const Arg *args, size_t count, Val **out) {
  *out = val_list(v->arena);
  return run(v, query, args, count, *out, &(Choice){0});
}

Err vals_list_wanted(const Vals *v, const char *query, const Arg *args, size_t count, ValsTake take, void *context, Val **out) {
  *out = val_list(v->arena);
  return run(v, query, args, count, *out, &(Choice){.take = take, .context = context});
}

Err vals_one(const Vals *v, const char *query, const Arg *args, size_t count, Val **out) {
  Val *list = val_list(v->arena);
  *out = NULL;
  TRY(run(v, query, args, count, list, &(Choice){.first_only = true}));
  if (list->as.list.count > 0) *out = list->as.list.items[0];
  return ERR_OK;
}

Err vals_int(const Vals *v, const char *query, const Arg *args, size_t count, int64_t *out) {
  Rows *rows;
  bool more = false;
  *out = 0;
  TRY(store_query(v->store, query, args, count, &rows, v->info));
  Err err = rows_next(rows, &more, v->info);
  if (err == ERR_OK && more) *out = rows_int(rows, 0);
  rows_close(rows);
  return err;
}

static Err give(const Vals *v, const Shape *shape, const Rows *rows, const ValsAttach *attach, Val *list) {
  if (!attach->texts) return fill(v, shape, rows, val_push_map(v->arena, list));
  for (int c = 0; c < shape->count; c++)
    if (shape->columns[c].kind != COLUMN_KEY) {
      Str text = arena_str(v->arena, rows_str(rows, c));
      if (!text.ptr) return vals_no_memory(v);
      val_push_str(v->arena, list, text);
    }
  return ERR_OK;
}

static Err attach_rows(const Vals *v, const Map *lists, Rows *rows, const ValsAttach *attach) {
  Shape shape;
  int key = -1;
  bool more = true;
  TRY(shape_of(v, rows, &shape));
  for (int c = 0; c < shape.count; c++)
    if (shape.columns[c].kind == COLUMN_KEY) key = c;
  if (key < 0) return err_set(v->info, ERR_DATABASE, "query '%s' has no column :key", attach->query);
  for (;;) {
    void *list;
    TRY(rows_next(rows, &more, v->info));
    if (!more) return ERR_OK;
    if (map_get(lists, rows_str(rows, key), &list)) TRY(give(v, &shape, rows, attach, list));
  }
}

Err vals_attach(const Vals *v, Val *parents, const ValsAttach *attach) {
  Map lists;
  Rows *rows;
  map_init(&lists, v->arena);
  for (size_t i = 0; i < parents->as.list.count; i++) {
    Val *list = val_set_list(v->arena, parents->as.list.items[i], attach->as);
    if (!list || map_set(&lists, vals_text(parents->as.list.items[i], "code"), list) != ERR_OK) return vals_no_memory(v);
  }
  TRY(store_query(v->store, attach->query, attach->arg, attach->arg ? 1 : 0, &rows, v->info));
  Err err = attach_rows(v, &lists, rows, attach);
  rows_close(rows);
  return err;
}

Err vals_attach_one(const Vals *v, Val *parent, const ValsAttach *attach) {
  Val *list = val_list(v->arena);
  if (!list) return vals_no_memory(v);
  val_push(v->arena, list, parent);
  return vals_attach(v, list, attach);
}

Str vals_text(const Val *map, const char *key) {
  const Val *member = val_get(map, str_from(key));
  return member->kind == VAL_STR ? member->as.text : STR_NONE;
}

int64_t vals_number(const Val *map, const char *key) {
  const Val *member = val_get(map, str_from(key));
  return member->kind == VAL_INT ? member->as.integer : 0;
}
