/* SPDX-License-Identifier: EUPL-1.2 */
/* The files that travel inside the program: assets/, sql/, pacts/ and the compiled translations. */
#ifndef PW_BASE_EMBED_H
#define PW_BASE_EMBED_H

#include "base/str.h"

#define EMBED_TAG_LEN 16

typedef struct EmbeddedFile {
  Str path;         /* as in the source tree: "assets/style.css", "locale/en.mo"; also NUL-terminated */
  Str bytes;        /* the whole file, followed by a NUL byte that is not counted */
  Str gzip;         /* the same compressed with gzip; ptr NULL when that would not be worth it */
  const char *tag;  /* first 16 hexadecimal digits of the SHA-256 of the bytes: for an ETag or a versioned name */
} EmbeddedFile;

/* All contents live as long as the program and never change. */

/* The file at that path; false (and *out untouched) when there is none. `out` may be NULL to ask for presence only. */
bool embed_find(Str path, EmbeddedFile *out);
/* The number of files, and the index-th in the byte order of their paths. `index` must be below the count. */
size_t embed_count(void);
const EmbeddedFile *embed_at(size_t index);
/* The files whose path starts with `prefix` lie side by side: index of the first, and how many there are. */
size_t embed_prefix(Str prefix, size_t *first);

#endif
