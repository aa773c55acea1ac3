/* SPDX-License-Identifier: EUPL-1.2 */
/* The pact of the database as a package again: the descriptor as it was and what it lacked of tables with rows, each table in the order of its rows. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "pact/package_internal.h"

static const char DESCRIPTOR[] = "datapackage.json";

static Err stored_package(Store *store, Package *package, Arena *arena, ErrInfo *info) {
  Rows *rows;
  bool more = false;
  Str text = STR_NONE;
  TRY(store_query(store, "package_descriptor", NO_ARGS, &rows, info));
  Err err = rows_next(rows, &more, info);
  if (err == ERR_OK && more) text = arena_str(arena, rows_str(rows, 1));
  rows_close(rows);
  TRY(err);
  if (!more) return err_set(info, ERR_NOT_FOUND, "the database holds no pact");
  if (!text.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  err = package_parse(package, text, arena, info);
  if (err == ERR_OK) err = package_complete(store, package, info);
  if (err == ERR_OK && info) err_reset(info);
  return err;
}

static void write_cell(Buf *out, const Field *field, const Rows *rows, int column) {
  char number[64];
  Str text = STR_NONE;
  if (rows_null(rows, column)) return;
  switch (field->type) {
    case FIELD_BOOLEAN:
      text = rows_int(rows, column) ? field->true_values.items[0] : field->false_values.items[0];
      break;
    case FIELD_INTEGER:
      snprintf(number, sizeof number, "%lld", (long long)rows_int(rows, column));
      text = str_from(number);
      break;
    case FIELD_NUMBER:
      buf_double(out, rows_double(rows, column));  /* digits need no quotes */
      return;
    default:
      text = rows_str(rows, column);
  }
  csv_write_cell(out, text, ',');
}

static Err write_rows(Buf *out, const Resource *resource, Rows *rows, size_t *count, ErrInfo *info) {
  bool more = true;
  for (;;) {
    TRY(rows_next(rows, &more, info));
    if (!more) return ERR_OK;
    for (size_t f = 0; f < resource->fields_count; f++) {
      if (f > 0) buf_char(out, ',');
      write_cell(out, &resource->fields[f], rows, (int)f);
    }
    buf_char(out, '\n');
    if (buf_err(out) != ERR_OK) return err_set(info, buf_err(out), "out of memory while writing '" STR_FMT "'", STR_ARG(resource->path));
    ++*count;
  }
}

static Err write_resource(Store *store, const Package *package, const Resource *resource, Buf *out, size_t *count, ErrInfo *info) {
  Rows *rows;
  Str *names = ARENA_ARRAY(package->arena, Str, resource->fields_count);
  if (!names) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t f = 0; f < resource->fields_count; f++) names[f] = resource->fields[f].name;
  csv_write_record(out, names, resource->fields_count, ',', "\n");
  TRY(store_table(store, resource->name, names, resource->fields_count, S("seq"), &rows, info));
  Err err = write_rows(out, resource, rows, count, info);
  rows_close(rows);
  return err;
}

Err package_files(Store *store, Arena *arena, Str **names, size_t *count, ErrInfo *info) {
  Package package = {.arena = arena};
  Err err = stored_package(store, &package, arena, info);
  if (err == ERR_OK) {
    *count = package.count + 1;
    *names = ARENA_ARRAY(arena, Str, *count);
    if (!*names) err = err_set(info, ERR_MEMORY, "out of memory");
  }
  if (err == ERR_OK) {
    (*names)[0] = str_from(DESCRIPTOR);
    for (size_t i = 0; i < package.count; i++) (*names)[i + 1] = package.resources[i].path;
  }
  package_clear(&package);
  return err;
}

static Err write_named(Store *store, const Package *package, Str name, Buf *out, size_t *rows, ErrInfo *info) {
  if (str_eq(name, str_from(DESCRIPTOR))) {
    buf_str(out, package->descriptor);
    return buf_err(out) == ERR_OK ? ERR_OK : err_set(info, buf_err(out), "out of memory");
  }
  for (size_t i = 0; i < package->count; i++)
    if (str_eq(package->resources[i].path, name)) return write_resource(store, package, &package->resources[i], out, rows, info);
  return err_set(info, ERR_NOT_FOUND, "the package has no file '" STR_FMT "'", STR_ARG(name));
}

Err package_export_file(Store *store, Str name, Buf *out, ErrInfo *info) {
  Arena arena;
  size_t rows = 0;
  arena_init(&arena, 0);
  Package package = {.arena = &arena};
  Err err = stored_package(store, &package, &arena, info);
  if (err == ERR_OK) err = write_named(store, &package, name, out, &rows, info);
  package_clear(&package);
  arena_clear(&arena);
  return err;
}

/* A directory that is absent or empty may be written; anything else could hold somebody's work. */
static Err check_target(const char *directory, ErrInfo *info) {
  DIR *dir = opendir(directory);
  bool empty = true;
  if (!dir && errno == ENOENT) return ERR_OK;
  err_at(info, directory, NULL, 0, NULL);
  if (!dir && errno == ENOTDIR) return err_set(info, ERR_CONFLICT, "this is a file; a directory that is absent or empty is expected");
  if (!dir) return err_set(info, ERR_IO, "cannot open the directory: %s", strerror(errno));
  for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
    empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
  closedir(dir);
  return empty ? ERR_OK : err_set(info, ERR_CONFLICT, "the directory is not empty; a directory that is absent or empty is expected");
}

static Err write_file(const Package *package, const char *directory, Str name, Str bytes, ErrInfo *info) {
  Str path = arena_printf(package->arena, "%s/" STR_FMT, directory, STR_ARG(name));
  size_t slash = STR_NPOS;
  if (!path.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] == '/') slash = i;
  if (slash != STR_NPOS) {
    Str folder = arena_printf(package->arena, "%s/%.*s", directory, (int)slash, name.ptr);
    if (!folder.ptr) return err_set(info, ERR_MEMORY, "out of memory");
    TRY(file_make_dirs(folder.ptr, info));
  }
  return file_write(path.ptr, bytes, info);
}

static Err write_all(Store *store, const Package *package, const char *directory, size_t *rows, ErrInfo *info) {
  Buf text;
  buf_init(&text, 0);
  TRY(file_make_dirs(directory, info));
  Err err = write_file(package, directory, str_from(DESCRIPTOR), package->descriptor, info);
  for (size_t i = 0; err == ERR_OK && i < package->count; i++) {
    buf_reset(&text);
    err = write_resource(store, package, &package->resources[i], &text, rows, info);
    if (err == ERR_OK) err = write_file(package, directory, package->resources[i].path, buf_view(&text), info);
  }
  buf_clear(&text);
  return err;
}

/* Takes away what was written of a failed export. */
static void remove_all(const Package *package, const char *directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", directory, DESCRIPTOR);
  unlink(path);
  for (size_t i = 0; i < package->count; i++) {
    snprintf(path, sizeof path, "%s/" STR_FMT, directory, STR_ARG(package->resources[i].path));
    unlink(path);
  }
  rmdir(directory);
}

/* Written beside the target and moved there when whole. */
static Err export_whole(Store *store, const Package *package, const char *directory, size_t *rows, ErrInfo *info) {
  char *name = arena_zstr(package->arena, str_from(directory));
  if (!name) return err_set(info, ERR_MEMORY, "out of memory");
  for (size_t len = strlen(name); len > 1 && name[len - 1] == '/'; len--) name[len - 1] = '\0';
  Str part = arena_printf(package->arena, "%s.part-%ld", name, (long)getpid());
  if (!part.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  Err err = write_all(store, package, part.ptr, rows, info);
  if (err == ERR_OK && rename(part.ptr, name) != 0) {
    err_at(info, directory, NULL, 0, NULL);
    err = err_set(info, ERR_IO, "cannot put the package in its place: %s", strerror(errno));
  }
  if (err != ERR_OK) remove_all(package, part.ptr);
  return err;
}

Err package_export(Store *store, const char *directory, size_t *rows, ErrInfo *info) {
  Arena arena;
  arena_init(&arena, 0);
  Package package = {.arena = &arena};
  *rows = 0;
  Err err = stored_package(store, &package, &arena, info);
  if (err == ERR_OK) err = check_target(directory, info);
  if (err == ERR_OK) err = export_whole(store, &package, directory, rows, info);
  package_clear(&package);
  arena_clear(&arena);
  return err;
}
