/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

static _Thread_local size_t fail_in;     /* 0: never */
static _Thread_local int fail_sticky;
static _Thread_local size_t made;

static int must_fail(void) {
  made++;
  if (fail_in == 0) return 0;
  if (fail_in > 1) {
    fail_in--;
    return 0;
  }
  if (!fail_sticky) fail_in = 0;
  return 1;
}

void *mem_alloc(size_t size) {
  return must_fail() ? NULL : malloc(size ? size : 1);
}

void *mem_alloc0(size_t count, size_t size) {
  if (must_fail()) return NULL;
  return count && size ? calloc(count, size) : calloc(1, 1);
}

void *mem_realloc(void *ptr, size_t size) {
  return must_fail() ? NULL : realloc(ptr, size ? size : 1);
}

void mem_free(void *ptr) {
  free(ptr);
}

void mem_fail_at(size_t n, int sticky) {
  fail_in = n;
  fail_sticky = sticky;
}

size_t mem_count(void) {
  size_t count = made;
  made = 0;
  return count;
}

int mem_grow(void **items, size_t *cap, size_t need, size_t item_size) {
  if (need <= *cap) return 1;
  size_t grown = *cap < 8 ? 8 : *cap + *cap / 2;
  if (grown < need) grown = need;
  if (item_size && grown > SIZE_MAX / item_size) return 0;
  void *moved = mem_realloc(*items, grown * item_size);
  if (!moved) return 0;
  *items = moved;
  *cap = grown;
  return 1;
}
