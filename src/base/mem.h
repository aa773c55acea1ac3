/* SPDX-License-Identifier: EUPL-1.2 */
/* The one door to the heap, so that tests can fail the n-th allocation. */
#ifndef PW_BASE_MEM_H
#define PW_BASE_MEM_H

#include <stddef.h>

/* As malloc, calloc, realloc and free; NULL on failure. A size of 0 gives a unique pointer. */
void *mem_alloc(size_t size);
void *mem_alloc0(size_t count, size_t size);
void *mem_realloc(void *ptr, size_t size);
void mem_free(void *ptr);

/* Test hook, per thread: the n-th allocation from now fails (1 is the next one), and every one after it when
 * `sticky`. n = 0 switches failing off. mem_count gives the allocations made by this thread since the last call. */
void mem_fail_at(size_t n, int sticky);
size_t mem_count(void);

/* Makes room for `need` items in a growing array: *items of *cap items of item_size bytes. On failure nothing has
 * changed and false is returned. */
int mem_grow(void **items, size_t *cap, size_t need, size_t item_size);

#endif
