/* SPDX-License-Identifier: EUPL-1.2 */
/* Whole files in and out. All: ERR_PERMISSION where the user may not. */
#ifndef PW_BASE_FILE_H
#define PW_BASE_FILE_H

#include "base/buf.h"

/* Appends the file's bytes; ERR_NOT_FOUND, ERR_IO, ERR_LIMIT (more than max_bytes; 0: no limit). */
Err file_read(Buf *out, const char *path, size_t max_bytes, ErrInfo *info) MUST_CHECK;
/* Writes beside the target, syncs and renames over it: either the whole new file is there or the old one. */
Err file_write(const char *path, Str bytes, ErrInfo *info) MUST_CHECK;
/* Makes the directory and its parents; no error when it exists. */
Err file_make_dirs(const char *path, ErrInfo *info) MUST_CHECK;

/* What comes behind the last slash of a path, as messages name a file; borrowed from it. */
const char *file_name(const char *path);

#endif
