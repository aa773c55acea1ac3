/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of contents of a zip. libzip reads the parts; what it does not tell is where each part lies in the file, and that is
 * what gives away overlapping parts (a few kB that unpack to terabytes) and lists of a million parts before libzip has
 * allocated room for them. So the list is judged here first; package.c then checks that libzip sees the same list. */
#include <stdlib.h>
#include <string.h>

#include "sheet/internal.h"

#define END_SIZE 22u
#define LOCATOR_SIZE 20u
#define END64_SIZE 56u
#define CENTRAL_SIZE 46u
#define LOCAL_SIZE 30u
#define LIST_MAX (16u << 20)   /* bytes of the list itself */
#define FLAG_ENCRYPTED 1u

static uint16_t u16(const unsigned char *p) { return (uint16_t)(p[0] | p[1] << 8); }
static uint32_t u32(const unsigned char *p) { return (uint32_t)u16(p) | (uint32_t)u16(p + 2) << 16; }
static uint64_t u64(const unsigned char *p) { return (uint64_t)u32(p) | (uint64_t)u32(p + 4) << 32; }

typedef struct ListPlace {
  uint64_t entries, size, offset, limit;   /* limit: where the end records begin */
} ListPlace;

static Err damaged(ErrInfo *info, const char *what) {
  return err_set(info, ERR_INPUT, "the file is damaged or cut off: %s", what);
}

/* The end record of large archives; programs that always write it exist, so small files may have it too. */
static Err find_end64(const Input *in, uint64_t end, ListPlace *place, ErrInfo *info) {
  unsigned char b[END64_SIZE];
  size_t got;
  if (end < LOCATOR_SIZE) return damaged(info, "the zip's list of contents is missing");
  TRY(input_read(in, end - LOCATOR_SIZE, b, LOCATOR_SIZE, &got, info));
  if (got < LOCATOR_SIZE || memcmp(b, "PK\6\7", 4) != 0) return damaged(info, "the zip's list of contents is missing");
  uint64_t at = u64(b + 8);
  if (at > end - LOCATOR_SIZE || end - LOCATOR_SIZE - at < END64_SIZE)
    return damaged(info, "the zip's list of contents lies outside the file");
  TRY(input_read(in, at, b, END64_SIZE, &got, info));
  if (got < END64_SIZE || memcmp(b, "PK\6\6", 4) != 0) return damaged(info, "the zip's list of contents is missing");
  *place = (ListPlace){u64(b + 32), u64(b + 40), u64(b + 48), at};
  return ERR_OK;
}

static Err find_list(const Input *in, ListPlace *place, ErrInfo *info) {
  enum { TAIL = 65535 + END_SIZE };
  size_t size = in->size < TAIL ? (size_t)in->size : TAIL, got;
  uint64_t from = in->size - size;
  unsigned char *tail = mem_alloc(size ? size : 1);
  if (!tail) return err_set(info, ERR_MEMORY, "out of memory");
  Err err = input_read(in, from, tail, size, &got, info);
  size_t at = 0;
  bool found = false;
  if (err == ERR_OK && got >= END_SIZE)
    for (at = got - END_SIZE + 1; at-- > 0 && !found;)
      if (memcmp(tail + at, "PK\5\6", 4) == 0 && at + END_SIZE + u16(tail + at + 20) == got) {
        found = true;
        *place = (ListPlace){u16(tail + at + 10), u32(tail + at + 12), u32(tail + at + 16), from + at};
      }
  mem_free(tail);
  TRY(err);
  if (!found) return damaged(info, "the end of the zip is missing");
  if (place->entries == UINT16_MAX || place->size == UINT32_MAX || place->offset == UINT32_MAX)
    TRY(find_end64(in, place->limit, place, info));
  if (place->offset > place->limit || place->size > place->limit - place->offset)
    return damaged(info, "the zip's list of contents lies outside the file");
  return ERR_OK;
}

static Err bad_name(Str name, ErrInfo *info) {
  bool control = false, climbs = false;
  for (size_t i = 0; i < name.len; i++) control = control || (unsigned char)name.ptr[i] < 32 || name.ptr[i] == 127;
  Str rest = name, component;
  while (str_cut(&rest, '/', &component)) climbs = climbs || str_eq(component, S(".."));
  if (name.len == 0 || control) return err_set(info, ERR_INPUT, "the zip holds a part whose name is not a name");
  if (climbs || name.ptr[0] == '/' || (name.len > 1 && name.ptr[1] == ':'))
    return err_set(info, ERR_INPUT, "the zip holds a part with a dangerous name: \"%.80s\"", name.ptr);
  return ERR_OK;
}

/* Keeps the name under which the part is looked up. Some programs write '\' between folders; names that differ in case only
 * are the same part in OOXML. */
static Err add_name(ZipDir *dir, Str raw, size_t index, ErrInfo *info) {
  Str name = arena_str(&dir->arena, raw);
  if (!name.ptr) return err_set(info, ERR_MEMORY, "out of memory");
  char *p = (char *)(uintptr_t)name.ptr;
  for (size_t i = 0; i < name.len; i++) {
    if (p[i] == '\\') p[i] = '/';
    else if (p[i] >= 'A' && p[i] <= 'Z') p[i] = (char)(p[i] + 32);
  }
  TRY(bad_name(name, info));
  if (map_get(&dir->by_name, name, NULL))
    return err_set(info, ERR_INPUT, "the zip holds the part \"%.80s\" twice", name.ptr);
  Err err = map_set_index(&dir->by_name, name, index);
  return err == ERR_OK ? ERR_OK : err_set(info, err, "out of memory");
}

/* Sizes of 4 GiB and more stand in an extra field; programs that always write it exist. */
static void large_sizes(ZipEntry *e, const unsigned char *extra, size_t len) {
  while (len >= 4) {
    size_t size = u16(extra + 2);
    if (size > len - 4) return;
    if (u16(extra) == 1) {
      const unsigned char *p = extra + 4, *end = p + size;
      if (e->size == UINT32_MAX && end - p >= 8) { e->size = u64(p); p += 8; }
      if (e->packed == UINT32_MAX && end - p >= 8) { e->packed = u64(p); p += 8; }
      if (e->offset == UINT32_MAX && end - p >= 8) e->offset = u64(p);
      return;
    }
    extra += 4 + size;
    len -= 4 + size;
  }
}

static Err read_entry(ZipDir *dir, size_t index, const unsigned char *list, size_t len, size_t *used, ErrInfo *info) {
  if (len < CENTRAL_SIZE || memcmp(list, "PK\1\2", 4) != 0) return damaged(info, "the zip's list of contents is broken");
  size_t name_len = u16(list + 28), extra_len = u16(list + 30), comment_len = u16(list + 32);
  *used = CENTRAL_SIZE + name_len + extra_len + comment_len;
  if (*used > len) return damaged(info, "the zip's list of contents is broken");
  ZipEntry e = {.offset = u32(list + 42), .packed = u32(list + 20), .size = u32(list + 24), .index = (uint32_t)index,
                .name_len = (uint32_t)name_len, .flags = u16(list + 8), .method = u16(list + 10)};
  large_sizes(&e, list + CENTRAL_SIZE + name_len, extra_len);
  if (e.flags & FLAG_ENCRYPTED)
    return err_set(info, ERR_UNSUPPORTED, "the file is protected with a password; save it without one");
  dir->entries[index] = e;
  return add_name(dir, (Str){(const char *)list + CENTRAL_SIZE, name_len}, index, info);
}

static int by_offset(const void *a, const void *b) {
  const ZipEntry *x = a, *y = b;
  return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static Err check_overlap(ZipDir *dir, uint64_t list_offset, ErrInfo *info) {
  ZipEntry *sorted = ARENA_ARRAY(&dir->arena, ZipEntry, dir->count ? dir->count : 1);
  if (!sorted) return err_set(info, ERR_MEMORY, "out of memory");
  if (dir->count) memcpy(sorted, dir->entries, dir->count * sizeof *sorted);
  qsort(sorted, dir->count, sizeof *sorted, by_offset);
  for (size_t i = 0; i < dir->count; i++) {
    uint64_t next = i + 1 < dir->count ? sorted[i + 1].offset : list_offset;
    uint64_t header = LOCAL_SIZE + (uint64_t)sorted[i].name_len;
    if (sorted[i].offset > next || next - sorted[i].offset < header || next - sorted[i].offset - header < sorted[i].packed)
      return damaged(info, "parts of the zip overlap or lie outside the file");
  }
  return ERR_OK;
}

Err zipdir_read(ZipDir *dir, const Input *in, const SheetLimits *limits, ErrInfo *info) {
  *dir = (ZipDir){0};
  arena_init(&dir->arena, 0);
  map_init(&dir->by_name, &dir->arena);
  ListPlace place = {0};
  TRY(find_list(in, &place, info));
  if (place.entries > limits->parts)
    return err_set(info, ERR_LIMIT, "the zip holds %llu parts, more than the limit of %u",
                   (unsigned long long)place.entries, limits->parts);
  if (place.size > LIST_MAX) return err_set(info, ERR_LIMIT, "the zip's list of contents is larger than 16 MiB");
  dir->count = (size_t)place.entries;
  dir->entries = ARENA_ARRAY(&dir->arena, ZipEntry, dir->count ? dir->count : 1);
  size_t len = (size_t)place.size, got = 0, at = 0;
  unsigned char *list = mem_alloc(len ? len : 1);
  Err err = dir->entries && list ? ERR_OK : err_set(info, ERR_MEMORY, "out of memory");
  if (err == ERR_OK) err = input_read(in, place.offset, list, len, &got, info);
  if (err == ERR_OK && got < len) err = damaged(info, "the zip's list of contents is cut off");
  for (size_t i = 0, used = 0; err == ERR_OK && i < dir->count; i++, at += used)
    err = read_entry(dir, i, list + at, len - at, &used, info);
  if (err == ERR_OK && at != len) err = damaged(info, "the zip's list of contents is longer than it says");
  mem_free(list);
  return err == ERR_OK ? check_overlap(dir, place.offset, info) : err;
}

void zipdir_clear(ZipDir *dir) {
  arena_clear(&dir->arena);
  *dir = (ZipDir){0};
}

bool zipdir_find(const ZipDir *dir, Str name, size_t *index) {
  char lower[256];
  if (name.len > sizeof lower) return false;
  for (size_t i = 0; i < name.len; i++)
    lower[i] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] + 32) : name.ptr[i];
  return map_get_index(&dir->by_name, (Str){lower, name.len}, index);
}
