/* SPDX-License-Identifier: EUPL-1.2 */
/* Compiled translations (GNU .mo, the little-endian form that msgfmt writes here), read in place. */
#ifndef PW_VIEW_MO_H
#define PW_VIEW_MO_H

#include "base/str.h"

typedef struct MoFile {
  Str bytes;        /* borrowed; ptr NULL for a language without translations */
  uint32_t count;   /* messages, the header included */
  uint32_t keys;    /* offsets of the tables of originals and translations */
  uint32_t values;
} MoFile;

/* Checks the header and that every text lies inside the bytes; false (and *mo empty) when that is not so. */
bool mo_open(MoFile *mo, Str bytes);
/* The translation of `msgid`; false when there is none or it is empty. For a plural message the forms follow each
 * other, separated by NUL bytes. */
bool mo_find(const MoFile *mo, Str msgid, Str *translation);
/* The index-th pair, in the order of the file; `key` holds both forms of a plural message, with a NUL between. */
void mo_at(const MoFile *mo, uint32_t index, Str *key, Str *value);

#endif
