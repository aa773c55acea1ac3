/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sheet/internal.h"

/* Below this a part may be as compressible as it likes: small files of equal rows are. */
#define RATIO_FREE_BYTES (4u << 20)

static Err zip_failure(zip_error_t *error, const char *part, ErrInfo *info) {
  int code = zip_error_code_zip(error);
  if (code == ZIP_ER_MEMORY) return err_set(info, ERR_MEMORY, "out of memory");
  if (code == ZIP_ER_READ || code == ZIP_ER_SEEK || code == ZIP_ER_OPEN)
    return err_set(info, ERR_IO, "reading failed: %s", zip_error_strerror(error));
  if (code == ZIP_ER_COMPNOTSUPP)
    return err_set(info, ERR_UNSUPPORTED, "part %s is packed in a way that spreadsheet programs do not use", part);
  if (code == ZIP_ER_CRC)
    return err_set(info, ERR_INPUT, "the file is damaged: the checksum of part %s is wrong", part);
  return err_set(info, ERR_INPUT, "the file is damaged or cut off%s%s: %s", part[0] ? " in part " : "", part,
                 zip_error_strerror(error));
}

static zip_source_t *make_source(const Input *in, zip_error_t *error) {
  if (in->fd < 0) return zip_source_buffer_create(in->bytes.ptr ? in->bytes.ptr : "", in->bytes.len, 0, error);
  int fd = dup(in->fd);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "rb");
  if (!file) {
    zip_error_set(error, ZIP_ER_OPEN, errno);
    if (fd >= 0) close(fd);
    return NULL;
  }
  zip_source_t *source = zip_source_filep_create(file, 0, -1, error);
  if (!source) fclose(file);
  return source;
}

/* Two programs that read a zip differently are a way to smuggle; so libzip must see the list that was judged. */
static Err same_list(const Package *package, ErrInfo *info) {
  zip_int64_t count = zip_get_num_entries(package->zip, 0);
  if (count != (zip_int64_t)package->dir.count)
    return err_set(info, ERR_INPUT, "the file is damaged: the zip has two lists of contents");
  for (size_t i = 0; i < package->dir.count; i++) {
    zip_stat_t st;
    const ZipEntry *e = &package->dir.entries[i];
    if (zip_stat_index(package->zip, i, 0, &st) != 0 || st.comp_size != e->packed || st.size != e->size)
      return err_set(info, ERR_INPUT, "the file is damaged: the zip has two lists of contents");
  }
  return ERR_OK;
}

Err package_open(Package *package, const Input *in, SheetBudget *budget, ErrInfo *info) {
  *package = (Package){.budget = budget};
  TRY(zipdir_read(&package->dir, in, &budget->limits, info));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = make_source(in, &error);
  if (source) {
    package->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (!package->zip) zip_source_free(source);
  }
  Err err = package->zip ? same_list(package, info) : zip_failure(&error, "", info);
  zip_error_fini(&error);
  return err;
}

void package_close(Package *package) {
  if (package->zip) zip_discard(package->zip);
  zipdir_clear(&package->dir);
  package->zip = NULL;
}

bool package_has(const Package *package, Str name) {
  size_t index;
  return zipdir_find(&package->dir, name, &index);
}

Err package_part_open(PackagePart *part, Package *package, Str name, ErrInfo *info) {
  *part = (PackagePart){.package = package};
  snprintf(part->name, sizeof part->name, STR_FMT, STR_ARG(str_slice(name, 0, sizeof part->name - 1)));
  size_t index;
  if (!zipdir_find(&package->dir, name, &index))
    return err_set(info, ERR_INPUT, "the file is damaged: part %s is missing", part->name);
  const ZipEntry *e = &package->dir.entries[index];
  const SheetLimits *l = &package->budget->limits;
  part->packed = e->packed;
  char is[32], may[32];
  if (e->size > l->uncompressed_bytes)
    return err_set(info, ERR_LIMIT, "part %s unpacks to %s, more than the limit of %s", part->name,
                   budget_bytes(e->size, is), budget_bytes(l->uncompressed_bytes, may));
  part->file = zip_fopen_index(package->zip, index, 0);
  if (!part->file) return zip_failure(zip_get_error(package->zip), part->name, info);
  return ERR_OK;
}

Err package_part_read(PackagePart *part, void *dst, size_t size, size_t *got, ErrInfo *info) {
  *got = 0;
  SheetBudget *budget = part->package->budget;
  const SheetLimits *l = &budget->limits;
  TRY(budget_time(budget, info));
  zip_int64_t n = zip_fread(part->file, dst, size);
  if (n < 0) return zip_failure(zip_file_get_error(part->file), part->name, info);
  part->got += (uint64_t)n;
  budget->uncompressed += (uint64_t)n;
  char may[32];
  if (budget->uncompressed > l->uncompressed_bytes)
    return err_set(info, ERR_LIMIT, "the file unpacks to more than the limit of %s",
                   budget_bytes(l->uncompressed_bytes, may));
  if (part->got > RATIO_FREE_BYTES && part->got / l->ratio > part->packed)
    return err_set(info, ERR_LIMIT, "part %s unpacks to more than %u times its size, as no real table does", part->name,
                   l->ratio);
  *got = (size_t)n;
  return ERR_OK;
}

void package_part_close(PackagePart *part) {
  if (part->file) zip_fclose(part->file);
  part->file = NULL;
}

Err package_peek(Package *package, Str name, char *dst, size_t size, size_t *got, ErrInfo *info) {
  PackagePart part;
  *got = 0;
  Err err = package_part_open(&part, package, name, info);
  if (err == ERR_OK) err = package_part_read(&part, dst, size, got, info);
  package_part_close(&part);
  return err;
}

Err package_resolve(Arena *arena, Str base, Str target, Str *out, ErrInfo *info) {
  Buf path;
  buf_init(&path, 1024);
  Str folder = STR_NONE, component;
  for (size_t i = base.len; i-- > 0;)
    if (base.ptr[i] == '/') { folder = str_slice(base, 0, i); break; }
  if (!str_starts(target, S("/"))) buf_str(&path, folder);
  bool climbs = false;
  for (Str rest = target; str_cut(&rest, '/', &component);) {
    if (component.len == 0 || str_eq(component, S("."))) continue;
    if (!str_eq(component, S(".."))) {
      if (path.len) buf_char(&path, '/');
      buf_str(&path, component);
      continue;
    }
    climbs = climbs || path.len == 0;
    while (path.len > 0 && path.ptr[path.len - 1] != '/') path.len--;
    if (path.len > 0) path.len--;
  }
  Err err = buf_err(&path);
  if (err == ERR_LIMIT || climbs)
    err = err_set(info, ERR_INPUT, "the workbook refers to a part outside itself: \"" STR_FMT "\"",
                  STR_ARG(str_slice(target, 0, 80)));
  if (err == ERR_OK) *out = arena_str(arena, buf_view(&path));
  if (err == ERR_MEMORY || (err == ERR_OK && !out->ptr)) err = err_set(info, ERR_MEMORY, "out of memory");
  buf_clear(&path);
  return err;
}
