/* SPDX-License-Identifier: EUPL-1.2 */
/* libFuzzer target for official files: the first byte says of which dataset of datasets.def (the exams, vo, mbo, places, ...) the
 * rest is a file. Whatever the bytes, reading ends, facts are in order, and the sums of a rule keep their bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "official/derive.h"

typedef struct Seen {
  const Dataset *dataset;
  Derive *derive;
  size_t facts;
  long row;
} Seen;

static void must(bool holds) {
  if (!holds) abort();
}

static Err take(void *context, const OfficialFact *f) {
  Seen *seen = context;
  seen->facts++;
  must(f->low >= 0 && f->low <= f->high && f->grade >= 0 && f->grade <= 9);
  must(f->state != COUNT_EMPTY && (f->state == COUNT_VALUE) == (f->low == f->high));
  must(f->same_row == (f->row == seen->row));
  must(text_utf8_valid(f->period) && text_utf8_valid(f->measure) && text_utf8_valid(f->sex));
  seen->row = f->row;
  for (int i = 0; dataset_field_name(seen->dataset, i).len; i++) must(text_utf8_valid(f->fields[i]));
  return derive_take(seen->derive, f);
}

static Derive *rules(Arena *arena, const Dataset *dataset) {
  Derive *d;
  size_t areas;
  const DatasetArea *area = dataset_areas(dataset, &areas);
  Str first = areas ? str_from(area[0].field) : dataset_field_name(dataset, 0);
  must(derive_new(&d, arena, dataset, first, NULL) == ERR_OK);
  for (int part = 0; part < 2; part++)
    must(derive_rule(d, S("i"), (DerivePart)part, S("sex"), S("male|female|none|total"), NULL) == ERR_OK);
  must(derive_rule(d, S("i"), DERIVE_NUMERATOR, dataset_field_name(dataset, 1), S("*a*|0*"), NULL) == ERR_OK);
  return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static OfficialReport report;
  Arena arena;
  Sheet *sheet;
  ErrInfo info = ERRINFO_INIT;
  SheetLimits limits = {.time_ms = 5000, .uncompressed_bytes = 1 << 24};
  if (size == 0) return 0;
  arena_init(&arena, 0);
  const Dataset *dataset = dataset_at(data[0] % dataset_count());
  Seen seen = {.dataset = dataset, .derive = rules(&arena, dataset), .row = -1};
  OfficialOptions options = {.period = data[0] & 64 ? S("2023/24") : STR_NONE};
  Err err = sheet_open_bytes(&sheet, (Str){(const char *)data + 1, size - 1}, "fuzz", &limits, &info);
  if (err == ERR_OK) {
    err = official_read_sheet(dataset, sheet, &options, take, &seen, &report, &info);
    sheet_close(sheet);
    must(report.facts == seen.facts && report.suppressed <= report.facts);
  }
  must(err == ERR_OK || info.message[0] != '\0');
  for (size_t i = 0; i < derive_count(seen.derive); i++) {
    Bounded share;
    const DeriveResult *r = derive_at(seen.derive, i);
    must(r->sums.numerator.low <= r->sums.numerator.middle && r->sums.numerator.middle <= r->sums.numerator.high);
    if (derive_share(&r->sums, &share)) must(share.low <= share.middle + 1e-9 && share.middle <= share.high + 1e-9 && share.high <= 1 + 1e-9);
  }
  arena_clear(&arena);
  return 0;
}
