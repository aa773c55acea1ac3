/* SPDX-License-Identifier: EUPL-1.2 */
#include <time.h>

#include "sheet/internal.h"

static const SheetLimits DEFAULTS = {
  .file_bytes = 64u << 20,
  .uncompressed_bytes = 1024u << 20,
  .ratio = 300,
  .parts = 10000,
  .sheets = 1000,
  .rows = 1048576,
  .columns = 16384,
  .cells = 50000000,
  .cell_bytes = 1u << 20,
  .row_bytes = 16u << 20,
  .xml_depth = 64,
  .shared_bytes = 256u << 20,
  .time_ms = 60000,
};

static int64_t clock_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void budget_init(SheetBudget *budget, const SheetLimits *limits) {
  SheetLimits l = limits ? *limits : DEFAULTS;
#define DEFAULT(field) do { if (l.field == 0) l.field = DEFAULTS.field; } while (0)
  DEFAULT(file_bytes); DEFAULT(uncompressed_bytes); DEFAULT(ratio); DEFAULT(parts); DEFAULT(sheets); DEFAULT(rows);
  DEFAULT(columns); DEFAULT(cells); DEFAULT(cell_bytes); DEFAULT(row_bytes); DEFAULT(xml_depth); DEFAULT(shared_bytes);
  DEFAULT(time_ms);
#undef DEFAULT
  /* Offsets of shared strings are 32 bits; row numbers are added up in `long`. */
  if (l.shared_bytes > UINT32_MAX) l.shared_bytes = UINT32_MAX;
  if (l.rows < 0 || l.rows > 100000000) l.rows = 100000000;
  if (l.columns > 1000000) l.columns = 1000000;
  *budget = (SheetBudget){.limits = l};
}

void budget_enter(SheetBudget *budget) {
  budget->entered_ns = clock_ns();
}

void budget_leave(SheetBudget *budget) {
  budget->spent_ns += clock_ns() - budget->entered_ns;
}

Err budget_time(SheetBudget *budget, ErrInfo *info) {
  int64_t spent = budget->spent_ns + clock_ns() - budget->entered_ns;
  if (spent <= (int64_t)budget->limits.time_ms * 1000000) return ERR_OK;
  return err_set(info, ERR_LIMIT, "reading takes longer than the limit of %u ms", budget->limits.time_ms);
}

const char *budget_bytes(uint64_t bytes, char out[32]) {
  if (bytes >= 1u << 20) snprintf(out, 32, "%.0f MiB", (double)bytes / 1048576.0);
  else if (bytes >= 10000) snprintf(out, 32, "%.0f kB", (double)bytes / 1000.0);
  else snprintf(out, 32, "%llu bytes", (unsigned long long)bytes);
  return out;
}
