/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading the files of a package from a directory that may be somebody else's: never outside it, never more than the
 * limits, never anything but a plain file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "pact/package_internal.h"

static bool part_plain(Str part) {
  if (part.len == 0 || part.len > 100 || part.ptr[0] == '.' || part.ptr[0] == '-') return false;
  for (size_t i = 0; i < part.len; i++) {
    char c = part.ptr[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'))
      return false;
  }
  return true;
}

bool package_path_plain(Str path) {
  Str rest = path, part;
  if (path.len == 0 || path.len > 300) return false;
  while (str_cut(&rest, '/', &part))
    if (!part_plain(part)) return false;
  return true;
}

Err package_files_open(PackageFiles *files, const char *directory, ErrInfo *info) {
  *files = (PackageFiles){.fd = -1};
  if (!directory) return ERR_OK;
  files->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (files->fd >= 0) return ERR_OK;
  err_at(info, directory, NULL, 0, NULL);
  if (errno == ENOENT) return err_set(info, ERR_NOT_FOUND, "there is no such directory");
  if (errno == ENOTDIR) return err_set(info, ERR_INPUT, "this is not a directory; the directory of a data package is expected");
  return err_set(info, ERR_IO, "cannot open the directory: %s", strerror(errno));
}

void package_files_close(PackageFiles *files) {
  if (files->fd >= 0) close(files->fd);
  files->fd = -1;
}

/* Opens part by part without following links, so that no name can lead out of the directory, not even one that is
 * changed while we look. */
static int open_below(int directory, Str path) {
  char name[128];
  Str rest = path, part;
  int at = directory;
  while (str_cut(&rest, '/', &part)) {
    memcpy(name, part.ptr, part.len);  /* part_plain keeps it under 100 bytes */
    name[part.len] = '\0';
    int next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (rest.ptr ? O_DIRECTORY : 0));
    int why = errno;
    if (at != directory) close(at);
    errno = why;
    if (next < 0) return -1;
    at = next;
  }
  return at;
}

static Err read_fd(int fd, size_t size, Arena *arena, Str *bytes, ErrInfo *info) {
  char *text = arena_alloc(arena, size + 1);
  size_t filled = 0;
  if (!text) return err_set(info, ERR_MEMORY, "out of memory for %zu bytes", size);
  while (filled < size) {
    ssize_t n = read(fd, text + filled, size - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return err_set(info, ERR_IO, "cannot read: %s", strerror(errno));
    if (n == 0) break;
    filled += (size_t)n;
  }
  text[filled] = '\0';
  *bytes = (Str){text, filled};
  return ERR_OK;
}

static Err check_and_read(PackageFiles *files, int fd, Arena *arena, Str *bytes, ErrInfo *info) {
  struct stat st;
  if (fstat(fd, &st) != 0) return err_set(info, ERR_IO, "cannot read: %s", strerror(errno));
  if (!S_ISREG(st.st_mode)) return err_set(info, ERR_INPUT, "this is not an ordinary file");
  if (st.st_size > PACKAGE_FILE_MAX)
    return err_set(info, ERR_LIMIT, "the file has %lld bytes; at most %d are read", (long long)st.st_size, PACKAGE_FILE_MAX);
  files->total += (size_t)st.st_size;
  if (files->total > PACKAGE_TOTAL_MAX)
    return err_set(info, ERR_LIMIT, "the files of the package together have more than %d bytes", PACKAGE_TOTAL_MAX);
  return read_fd(fd, (size_t)st.st_size, arena, bytes, info);
}

static Err read_embedded(Str path, Arena *arena, Str *bytes, ErrInfo *info) {
  EmbeddedFile file;
  Str full = arena_printf(arena, PACKAGE_SHIPPED STR_FMT, STR_ARG(path));
  if (!full.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  if (!embed_find(full, &file)) return err_set(info, ERR_NOT_FOUND, "the program does not hold this file");
  *bytes = file.bytes;
  return ERR_OK;
}

Err package_files_read(PackageFiles *files, Str path, Arena *arena, Str *bytes, ErrInfo *info) {
  char *name = arena_zstr(arena, path);
  if (!name) return err_set(info, ERR_MEMORY, "out of memory");
  err_at(info, name, NULL, 0, NULL);
  if (!package_path_plain(path))
    return err_set(info, ERR_INPUT, "the path is not allowed: names of letters, digits, '.', '-' and '_' below the directory of "
                   "the package are expected");
  if (files->fd < 0) return read_embedded(path, arena, bytes, info);
  int fd = open_below(files->fd, path);
  if (fd < 0) {
    if (errno == ENOENT) return err_set(info, ERR_NOT_FOUND, "the file is not in the directory of the package");
    if (errno == ELOOP || errno == ENOTDIR) return err_set(info, ERR_INPUT, "the path leads over a link or a file; links are not followed");
    return err_set(info, errno == EACCES ? ERR_PERMISSION : ERR_IO, "cannot open: %s", strerror(errno));
  }
  Err err = check_and_read(files, fd, arena, bytes, info);
  close(fd);
  return err;
}
