/* SPDX-License-Identifier: EUPL-1.2 */
/* Writing down the stems of actions that came in by another way than the import. */
#include "action/stem_store.h"

#include <string.h>

#include "action/stem.h"
#include "base/mem.h"

enum { BATCH = 500 };

typedef struct Batch {
  Arena arena;
  Str codes[BATCH], stems[BATCH];
  size_t count;
} Batch;

/* Reads a batch before writing it: a query and a change of the same table do not go together. */
static Err read_batch(Store *store, Stemmer *stemmer, Batch *batch, Str after, ErrInfo *info) {
  Rows *rows = NULL;
  Buf buf;
  buf_init(&buf, 0);
  TRY(store_query(store, "action_unstemmed_after", ARGS(ARG_STR(after)), &rows, info));
  Err err = ERR_OK;
  bool more;
  while (batch->count < BATCH && (err = rows_next(rows, &more, info)) == ERR_OK && more) {
    buf_reset(&buf);
    err = stem_action(stemmer, &buf, rows_str(rows, 1), rows_str(rows, 2));
    batch->codes[batch->count] = arena_str(&batch->arena, rows_str(rows, 0));
    batch->stems[batch->count] = arena_str(&batch->arena, buf_view(&buf));
    if (err == ERR_OK && (!batch->codes[batch->count].ptr || !batch->stems[batch->count].ptr)) err = ERR_MEMORY;
    if (err) break;
    batch->count++;
  }
  buf_clear(&buf);
  rows_close(rows);
  return err == ERR_MEMORY ? err_set(info, ERR_MEMORY, "out of memory while reading the words of the actions") : err;
}

static Err write_batches(Store *store, Stemmer *stemmer, Batch *batch, ErrInfo *info) {
  Str after = S("");
  char last[256];
  do {
    batch->count = 0;
    arena_reset(&batch->arena);
    TRY(read_batch(store, stemmer, batch, after, info));
    for (size_t i = 0; i < batch->count; i++)
      TRY(store_exec(store, "action_search_put", ARGS(ARG_STR(batch->codes[i]), ARG_STR(batch->stems[i])), NULL, info));
    if (batch->count == 0) return ERR_OK;
    Str code = str_slice(batch->codes[batch->count - 1], 0, sizeof last);
    memcpy(last, code.ptr, code.len);
    after = (Str){last, code.len};
  } while (batch->count == BATCH);
  return ERR_OK;
}

Err action_stems_write(Store *store, ErrInfo *info) {
  Stemmer *stemmer = NULL;
  Batch *batch = mem_alloc0(1, sizeof *batch);
  Err err = batch ? stemmer_new(&stemmer) : ERR_MEMORY;
  if (err) err = err_set(info, ERR_MEMORY, "out of memory while reading the words of the actions");
  if (batch) arena_init(&batch->arena, 0);
  if (err == ERR_OK) err = write_batches(store, stemmer, batch, info);
  stemmer_free(stemmer);
  if (batch) arena_clear(&batch->arena);
  mem_free(batch);
  return err;
}
