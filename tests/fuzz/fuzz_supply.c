/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells of a supplier's list: the first byte chooses, the rest is the cell. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "monitor/supply_cells.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  char *copy = malloc(size);  /* exactly as long as the text: one byte too far is seen */
  if (!copy) return 0;
  for (size_t i = 1; i < size; i++) copy[i - 1] = (char)data[i];
  Str text = {copy, size - 1};
  Arena arena;
  double number;
  arena_init(&arena, 1 << 24);
  if (text_utf8_valid(text)) {
    bool percent = data[0] % 4 == 1;
    if (data[0] % 4 < 2 && supply_number(text, percent, &number) && (!isfinite(number) || supply_suppressed(text))) abort();
    const char *code = data[0] % 4 >= 2 ? supply_code(&arena, (SupplyList)(data[0] % 2), text) : NULL;
    if (code && !supply_word((SupplyList)(data[0] % 2), str_from(code))) abort();
  }
  arena_clear(&arena);
  free(copy);
  return 0;
}
