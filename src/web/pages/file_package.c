/* SPDX-License-Identifier: EUPL-1.2 */
/* The data package to take away: file by file, or all of it in one archive. */
#include <string.h>
#include <zip.h>

#include "pact/package.h"
#include "web/pages/pages.h"

Err file_package(Request *req, Response *res) {
  Buf *body;
  Str name = req_str(req, "file");
  bool json = str_ends(name, S(".json"));
  TRY(res_body(res, json ? "application/json" : "text/csv; charset=utf-8", name, &body));
  return package_export_file(req_store(req), name, body, req_info(req));
}

/* Adds one file; its bytes go to the arena, because libzip reads them when the archive is closed. */
static Err add_file(Request *req, zip_t *archive, Str name) {
  Buf bytes;
  buf_init(&bytes, WEB_BODY_MAX);
  Err err = package_export_file(req_store(req), name, &bytes, req_info(req));
  if (err == ERR_OK) err = buf_err(&bytes);
  Str kept = err == ERR_OK ? arena_str(req_arena(req), buf_view(&bytes)) : STR_NONE;
  buf_clear(&bytes);
  if (err != ERR_OK) return err;
  const char *path = arena_zstr(req_arena(req), name);
  if (!kept.ptr || !path) return ERR_MEMORY;
  zip_source_t *source = zip_source_buffer(archive, kept.ptr, kept.len, 0);
  if (!source) return ERR_MEMORY;
  zip_int64_t index = zip_file_add(archive, path, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return ERR_MEMORY;
  }
  /* a fixed time: equal data gives equal bytes, so that a copy can be compared */
  return zip_file_set_dostime(archive, (zip_uint64_t)index, 0, (1 << 5) | 1, 0) == 0 ? ERR_OK : ERR_MEMORY;
}

static Err add_all(Request *req, zip_t *archive) {
  Str *names;
  size_t count;
  TRY(package_files(req_store(req), req_arena(req), &names, &count, req_info(req)));
  for (size_t i = 0; i < count; i++) TRY(add_file(req, archive, names[i]));
  return ERR_OK;
}

/* Copies what the closed archive left in its source. */
static Err read_back(Request *req, zip_source_t *source, Buf *body) {
  char part[16384];
  if (zip_source_open(source) != 0) return err_set(req_info(req), ERR_IO, "the archive cannot be read back");
  for (;;) {
    zip_int64_t got = zip_source_read(source, part, sizeof part);
    if (got < 0) break;
    if (got == 0) {
      zip_source_close(source);
      return buf_err(body);
    }
    buf_put(body, part, (size_t)got);
  }
  zip_source_close(source);
  return err_set(req_info(req), ERR_IO, "the archive cannot be read back");
}

Err file_package_zip(Request *req, Response *res) {
  Buf *body;
  zip_error_t problem;
  zip_error_init(&problem);
  zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &problem);
  zip_t *archive = source ? zip_open_from_source(source, ZIP_TRUNCATE, &problem) : NULL;
  Err err = archive ? ERR_OK : ERR_MEMORY;
  if (archive) zip_source_keep(source);  /* the archive gives up its own reference when it closes */
  if (err == ERR_OK) err = add_all(req, archive);
  if (err == ERR_OK && zip_close(archive) != 0) err = err_set(req_info(req), ERR_IO, "the archive cannot be made: %s", zip_strerror(archive));
  else if (err == ERR_OK) archive = NULL;
  if (archive) zip_discard(archive);
  if (err == ERR_OK) err = res_body(res, "application/zip", S("pact.zip"), &body);
  if (err == ERR_OK) err = read_back(req, source, body);
  if (source) zip_source_free(source);
  zip_error_fini(&problem);
  return err;
}
