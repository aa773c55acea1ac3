/* SPDX-License-Identifier: EUPL-1.2 */
/* libFuzzer target for the answers of CBS: the input is one or more files, parted by a line of two % signs. What is handed
 * out must keep its promises: a period that is one, a number that is finite, a region that is not empty. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "official/odata.h"

enum { FILES_MAX = 8 };

static Err hear(void *context, const OfficialFact *fact) {
  OfficialPeriodKind kind;
  Day last;
  size_t *heard = context;
  ++*heard;
  if (!official_period(fact->period, &kind, &last) || !isfinite(fact->low) || fact->low > fact->high) abort();
  if (!fact->fields[0].ptr || !fact->measure.len) abort();
  return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[FILES_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  static OfficialReport report;
  OdataSource sources[FILES_MAX];
  size_t count = 0, heard = 0;
  Str rest = {(const char *)data, size};
  while (count < FILES_MAX) {
    size_t cut = str_find(rest, S("\n%%\n"));
    sources[count] = (OdataSource){names[count], str_slice(rest, 0, cut == STR_NPOS ? rest.len : cut)};
    count++;
    if (cut == STR_NPOS) break;
    rest = str_slice(rest, cut + 4, rest.len);
  }
  Arena arena;
  OdataTable *table;
  ErrInfo info = ERRINFO_INIT;
  arena_init(&arena, 64 << 20);
  Err err = odata_open(&table, &arena, sources, count, &info);
  if (err == ERR_OK) err = odata_read(table, hear, &heard, &report, &info);
  if (err != ERR_OK && (info.code != err || !info.message[0])) abort();
  if (err == ERR_OK && heard != report.facts + report.missing) abort();
  arena_clear(&arena);
  return 0;
}
