/* SPDX-License-Identifier: EUPL-1.2 */
/* What the generated table offers to embed.c; nobody else needs it. */
#ifndef PW_BASE_EMBED_TABLE_H
#define PW_BASE_EMBED_TABLE_H

#include "base/embed.h"

extern const EmbeddedFile embed_table[];  /* in byte order of the paths, no path twice */
extern const size_t embed_table_count;

#endif
