/* SPDX-License-Identifier: EUPL-1.2 */
/* A pact that was loaded before the program kept a table, or that never described it, loses nothing of it when it leaves. */
#include <jansson.h>

#include "base/embed.h"
#include "pact/package_internal.h"

static Err has_rows(Store *store, Str table, bool *out, ErrInfo *info) {
  const Str order = S("seq");
  Rows *rows;
  TRY(store_table(store, table, &order, 1, order, &rows, info));
  Err err = rows_next(rows, out, info);
  rows_close(rows);
  return err;
}

/* Whether a file of the program's own package is one of a table that has rows and that the package does not describe.
 * There every file bears the name of its table. */
static Err lacking(Store *store, const Package *package, const EmbeddedFile *file, bool *out, ErrInfo *info) {
  *out = false;
  if (!str_ends(file->path, S(".csv"))) return ERR_OK;
  Str name = str_slice(file->path, sizeof PACKAGE_SHIPPED - 1, file->path.len - 4);
  return package_resource(package, name) != SIZE_MAX ? ERR_OK : has_rows(store, name, out, info);
}

static bool among(const Str *names, size_t count, Str name) {
  for (size_t i = 0; i < count; i++)
    if (str_eq(names[i], name)) return true;
  return false;
}

/* Adds the program's own description of those tables to the list of resources, in its own order. */
static bool add_resources(json_t *resources, const json_t *own, const Str *names, size_t count) {
  for (size_t i = 0; i < json_array_size(own); i++) {
    json_t *resource = json_array_get(own, i);
    const char *name = json_string_value(json_object_get(resource, "name"));
    if (name && among(names, count, str_from(name)) && json_array_append(resources, resource) != 0) return false;
  }
  return true;
}

static Err write_joined(Package *package, const Str *names, size_t count, json_t *root, const json_t *own, ErrInfo *info) {
  bool added = add_resources(json_object_get(root, "resources"), json_object_get(own, "resources"), names, count);
  char *text = added ? json_dumps(root, JSON_INDENT(2)) : NULL;
  Str joined = text ? arena_printf(package->arena, "%s\n", text) : STR_NONE;
  free(text);
  if (!joined.ptr) return err_set(info, ERR_MEMORY, "out of memory while completing the descriptor");
  Arena *arena = package->arena;
  package_clear(package);
  return package_parse(package, joined, arena, info);
}

static Err join(Package *package, const Str *names, size_t count, ErrInfo *info) {
  EmbeddedFile file;
  if (!embed_find(S(PACKAGE_SHIPPED "datapackage.json"), &file)) return err_set(info, ERR_NOT_FOUND, "the program's own package is not in it");
  json_t *root = json_loadb(package->descriptor.ptr, package->descriptor.len, JSON_REJECT_DUPLICATES, NULL);
  json_t *own = json_loadb(file.bytes.ptr, file.bytes.len, JSON_REJECT_DUPLICATES, NULL);
  Err err = root && own ? write_joined(package, names, count, root, own, info) : err_set(info, ERR_MEMORY, "out of memory while reading the descriptor");
  json_decref(root);
  json_decref(own);
  return err;
}

Err package_complete(Store *store, Package *package, ErrInfo *info) {
  size_t first, found = 0, count = embed_prefix(S(PACKAGE_SHIPPED), &first);
  Str *names = ARENA_ARRAY(package->arena, Str, count);
  if (!names) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < count; i++) {
    const EmbeddedFile *file = embed_at(first + i);
    bool add;
    TRY(lacking(store, package, file, &add, info));
    if (add) names[found++] = str_slice(file->path, sizeof PACKAGE_SHIPPED - 1, file->path.len - 4);
  }
  return found ? join(package, names, found, info) : ERR_OK;
}
