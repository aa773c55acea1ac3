/* SPDX-License-Identifier: EUPL-1.2 */
/* The readers of cells of an action list: the first byte chooses, the rest is the cell. */
#include <stdlib.h>

#include "action/cells.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Known are names of an even length, so that joining parts both works and fails. */
static bool known(void *context, Str part, Str *code) {
  (void)context;
  *code = part;
  return part.len > 0 && part.len % 2 == 0;
}

static void inside(Str part, Str whole) {
  if (part.len && (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static CellList list, unknown;
  if (size < 1) return 0;
  char *copy = malloc(size);  /* exactly as long as the text: one byte too far is seen */
  if (!copy) return 0;
  for (size_t i = 1; i < size; i++) copy[i - 1] = (char)data[i];
  Str text = {copy, size - 1}, bad = STR_NONE;
  Arena arena;
  int64_t number = -1;
  Day start, end;
  arena_init(&arena, 1 << 24);
  if (text_utf8_valid(text)) {
    switch (data[0] % 6) {
      case 0:
        if (!cell_goals(&arena, text, &list, &bad)) inside(bad, text);
        break;
      case 1:
        if (cell_period(text, &start, &end) && start != DAY_NONE && end != DAY_NONE && start > end) abort();
        break;
      case 2:
        if (cell_money(text, &number) && number < 0) abort();
        break;
      case 3:
        if (cell_count(text, &number) && number < 0) abort();
        break;
      case 4:
        cell_values(text, known, NULL, &list, &unknown);
        for (size_t i = 0; i < unknown.count; i++) inside(unknown.items[i], text);
        break;
      default: {
        Str name = cell_name(&arena, text), again = name.ptr ? cell_name(&arena, name) : STR_NONE;
        if (name.ptr && again.ptr && !str_eq(name, again)) abort();
      }
    }
  }
  arena_clear(&arena);
  free(copy);
  return 0;
}
