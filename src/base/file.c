/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Err fail(ErrInfo *info, const char *path, const char *what) {
  int why = errno;
  err_at(info, path, NULL, 0, NULL);
  return err_set(info, why == ENOENT || why == ENOTDIR ? ERR_NOT_FOUND : why == EACCES || why == EPERM ? ERR_PERMISSION : ERR_IO, "cannot %s: %s", what, strerror(why));
}

static Err read_all(Buf *out, int fd, const char *path, size_t max_bytes, ErrInfo *info) {
  char chunk[65536];
  size_t total = 0;
  for (;;) {
    ssize_t got = read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(info, path, "read");
    if (got == 0) return ERR_OK;
    total += (size_t)got;
    if (max_bytes && total > max_bytes) {
      err_at(info, path, NULL, 0, NULL);
      return err_set(info, ERR_LIMIT, "the file is larger than the limit of %zu bytes", max_bytes);
    }
    buf_put(out, chunk, (size_t)got);
    if (buf_err(out)) return err_set(info, buf_err(out), "the file does not fit in memory");
  }
}

Err file_read(Buf *out, const char *path, size_t max_bytes, ErrInfo *info) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(info, path, "open");
  struct stat about;
  Err err;
  if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
    err_at(info, path, NULL, 0, NULL);
    err = err_set(info, ERR_IO, "this is a directory; expected a file");
  } else {
    err = read_all(out, fd, path, max_bytes, info);
  }
  close(fd);
  return err;
}

static bool write_all(int fd, Str bytes) {
  while (bytes.len) {
    ssize_t done = write(fd, bytes.ptr, bytes.len);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes = str_slice(bytes, (size_t)done, bytes.len);
  }
  return true;
}

Err file_write(const char *path, Str bytes, ErrInfo *info) {
  char temporary[4096];
  int len = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
  if (len < 0 || (size_t)len >= sizeof temporary) return err_set(info, ERR_LIMIT, "the file name is too long");
  int fd = mkostemp(temporary, O_CLOEXEC);
  if (fd < 0) return fail(info, path, "write");
  mode_t mask = umask(0);
  umask(mask);
  bool good = write_all(fd, bytes) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0;
  Err err = good ? ERR_OK : fail(info, path, "write");
  if (close(fd) != 0 && err == ERR_OK) err = fail(info, path, "write");
  if (err == ERR_OK && rename(temporary, path) != 0) err = fail(info, path, "write");
  if (err != ERR_OK) unlink(temporary);
  return err;
}

Err file_make_dirs(const char *path, ErrInfo *info) {
  char part[4096];
  size_t len = strlen(path);
  if (len >= sizeof part) return err_set(info, ERR_LIMIT, "the directory name is too long");
  memcpy(part, path, len + 1);
  for (size_t i = 1; i <= len; i++) {
    if (part[i] != '/' && part[i] != '\0') continue;
    char kept = part[i];
    part[i] = '\0';
    if (mkdir(part, 0777) != 0 && errno != EEXIST) return fail(info, part, "make the directory");
    part[i] = kept;
  }
  struct stat about;
  if (stat(path, &about) != 0) return fail(info, path, "make the directory");
  if (!S_ISDIR(about.st_mode)) {
    err_at(info, path, NULL, 0, NULL);
    return err_set(info, ERR_CONFLICT, "this is a file; expected a directory");
  }
  return ERR_OK;
}

const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}
