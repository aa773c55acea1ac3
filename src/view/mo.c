/* SPDX-License-Identifier: EUPL-1.2 */
#include "view/mo.h"

#include <assert.h>
#include <string.h>

#define MO_MAGIC 0x950412deu
enum { MO_HEADER = 28 };

static uint32_t number_at(Str bytes, uint32_t offset) {
  const unsigned char *p = (const unsigned char *)bytes.ptr + offset;
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Entry of a table: length and offset of a text. */
static Str text_at(const MoFile *mo, uint32_t table, uint32_t index) {
  uint32_t len = number_at(mo->bytes, table + index * 8), offset = number_at(mo->bytes, table + index * 8 + 4);
  return (Str){mo->bytes.ptr + offset, len};
}

static bool table_inside(const MoFile *mo, uint32_t table) {
  if (table > mo->bytes.len || mo->count > (mo->bytes.len - table) / 8) return false;
  for (uint32_t i = 0; i < mo->count; i++) {
    uint64_t len = number_at(mo->bytes, table + i * 8), offset = number_at(mo->bytes, table + i * 8 + 4);
    if (offset + len >= mo->bytes.len) return false;  /* the NUL after the text must be inside too */
  }
  return true;
}

bool mo_open(MoFile *mo, Str bytes) {
  *mo = (MoFile){0};
  if (bytes.len < MO_HEADER || number_at(bytes, 0) != MO_MAGIC || number_at(bytes, 4) >> 16 > 1) return false;
  *mo = (MoFile){bytes, number_at(bytes, 8), number_at(bytes, 12), number_at(bytes, 16)};
  if (table_inside(mo, mo->keys) && table_inside(mo, mo->values)) return true;
  *mo = (MoFile){0};
  return false;
}

/* The part before a NUL: the key of a plural message is its singular. */
static Str first_form(Str text) {
  const char *end = text.len ? memchr(text.ptr, '\0', text.len) : NULL;
  return end ? str_slice(text, 0, (size_t)(end - text.ptr)) : text;
}

bool mo_find(const MoFile *mo, Str msgid, Str *translation) {
  if (!msgid.len) return false;
  uint32_t low = 0, high = mo->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int order = str_cmp(first_form(text_at(mo, mo->keys, middle)), msgid);
    if (order == 0) {
      Str found = text_at(mo, mo->values, middle);
      if (!found.len) return false;
      *translation = found;
      return true;
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

void mo_at(const MoFile *mo, uint32_t index, Str *key, Str *value) {
  assert(index < mo->count);
  *key = text_at(mo, mo->keys, index);
  *value = text_at(mo, mo->values, index);
}
