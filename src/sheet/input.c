/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sheet/internal.h"

static Err too_large(uint64_t size, uint64_t max_bytes, ErrInfo *info) {
  char is[32], may[32];
  return err_set(info, ERR_LIMIT, "the file is %s, more than the limit of %s", budget_bytes(size, is),
                 budget_bytes(max_bytes, may));
}

static Err open_error(int number, ErrInfo *info) {
  Err code = number == ENOENT || number == ENOTDIR ? ERR_NOT_FOUND : number == EACCES ? ERR_PERMISSION : ERR_IO;
  return err_set(info, code, "cannot be opened: %s", strerror(number));
}

Err input_open(Input *in, const char *path, uint64_t max_bytes, ErrInfo *info) {
  *in = (Input){.fd = -1};
  /* Not blocking, so that a named pipe is refused instead of waited for. */
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return open_error(errno, info);
  struct stat st;
  Err err = ERR_OK;
  if (fstat(fd, &st) != 0) err = open_error(errno, info);
  else if (S_ISDIR(st.st_mode)) err = err_set(info, ERR_INPUT, "this is a directory, expected a file");
  else if (!S_ISREG(st.st_mode)) err = err_set(info, ERR_INPUT, "this is not a regular file");
  else if ((uint64_t)st.st_size > max_bytes) err = too_large((uint64_t)st.st_size, max_bytes, info);
  if (err != ERR_OK) {
    close(fd);
    return err;
  }
  *in = (Input){.fd = fd, .size = (uint64_t)st.st_size};
  return ERR_OK;
}

Err input_memory(Input *in, Str bytes, uint64_t max_bytes, ErrInfo *info) {
  *in = (Input){.fd = -1, .bytes = bytes, .size = bytes.len};
  return bytes.len > max_bytes ? too_large(bytes.len, max_bytes, info) : ERR_OK;
}

void input_close(Input *in) {
  if (in->fd >= 0) close(in->fd);
  *in = (Input){.fd = -1};
}

Err input_read(const Input *in, uint64_t offset, void *dst, size_t size, size_t *got, ErrInfo *info) {
  *got = 0;
  if (offset >= in->size) return ERR_OK;
  if (size > in->size - offset) size = (size_t)(in->size - offset);
  if (in->fd < 0) {
    if (size) memcpy(dst, in->bytes.ptr + offset, size);
    *got = size;
    return ERR_OK;
  }
  while (*got < size) {
    ssize_t n = pread(in->fd, (char *)dst + *got, size - *got, (off_t)(offset + *got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return err_set(info, ERR_IO, "reading failed: %s", strerror(errno));
    if (n == 0) break;   /* cut off while we read: the caller sees a short file */
    *got += (size_t)n;
  }
  return ERR_OK;
}
