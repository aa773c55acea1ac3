/* SPDX-License-Identifier: EUPL-1.2 */
/* What a file of the whole country does not have: regions of the pact, and figures that came from this dataset before. A name
 * that is written otherwise, or a file that is cut off between two lines, shows itself in nothing else. */
#include <stdio.h>

#include "monitor/internal.h"

/* The last day of the periods of the file. */
static Day last_day(const Import *m) {
  Day last = DAY_NONE;
  for (size_t i = 0; i < m->count; i++)
    if (last == DAY_NONE || m->order[i]->day > last) last = m->order[i]->day;
  return last;
}

static bool has_region(const Import *m, const Region *region) {
  for (size_t i = 0; i < m->count; i++)
    if (m->order[i]->region == region) return true;
  return false;
}

/* Whether the file names its municipalities, or only its provinces; false when it names neither. */
static bool told_kind(const Import *m, RegionKind *kind) {
  bool any = false;
  size_t areas;
  const DatasetArea *area = dataset_areas(m->dataset, &areas);
  for (size_t i = 0; i < derive_count(m->derive) && !any; i++) {  /* names that are none of the pact's, all of them wrong perhaps */
    const DeriveResult *r = derive_at(m->derive, i);
    any = r->area.len > 0 && region_kind_named(area[r->area_field].kind, kind) && (*kind == REGION_MUNICIPALITY || *kind == REGION_PROVINCE);
  }
  for (size_t i = 0; i < m->count; i++) {
    const Region *region = m->order[i]->region;
    if (!region || (region->kind != REGION_MUNICIPALITY && region->kind != REGION_PROVINCE)) continue;
    if (!any || region->kind == REGION_MUNICIPALITY) *kind = region->kind;
    any = true;
  }
  return any;
}

static void note_absent(Import *m, RegionKind kind, Day day) {
  MonitorReport *report = m->report;
  for (size_t i = 0; i < region_count(m->regions); i++) {
    const Region *region = region_at(m->regions, i);
    if (region->kind != kind || !region_exists_on(region, day) || has_region(m, region)) continue;
    if (report->absent_count < MONITOR_ABSENT) report->absent[report->absent_count] = region->name;
    report->absent_count++;
  }
}

static bool has_sum(const Import *m, Str indicator, Str region, Str period) {
  char key[256];
  int length = snprintf(key, sizeof key, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(indicator), STR_ARG(region), STR_ARG(period));
  return length > 0 && (size_t)length < sizeof key && map_get(&m->sums, (Str){key, (size_t)length}, NULL);
}

/* Figures that stand, of periods that the file has of the country, and regions that exist by its division. */
static Err count_lost(Import *m, Day day, Buf *names, size_t *regions) {
  Rows *rows;
  bool more = true;
  Err err;
  TRY(store_query(m->store, "measurement_standing", ARGS(ARG_STR(str_from(dataset_title(m->dataset)))), &rows, m->info));
  Str last = S("");
  while ((err = rows_next(rows, &more, m->info)) == ERR_OK && more) {
    const Region *region = region_find(m->regions, rows_str(rows, 0));
    Str indicator = rows_str(rows, 1), period = rows_str(rows, 2);
    if (!region || !region_exists_on(region, day) || !has_sum(m, indicator, S("NL"), period) || has_sum(m, indicator, region->code, period)) continue;
    m->report->lost++;
    if (str_eq(last, region->code)) continue;
    last = region->code;
    if (++*regions <= MONITOR_LOST_SHOWN) buf_printf(names, "%s" STR_FMT, names->len ? ", " : "", STR_ARG(region->name));
  }
  rows_close(rows);
  return err;
}

static Err check_lost(Import *m, Day day) {
  Buf names;
  size_t regions = 0;
  buf_init(&names, 600);
  Err err = count_lost(m, day, &names, &regions);
  if (err == ERR_OK && m->report->lost && !m->options->partial)
    err = err_set(m->info, ERR_INPUT, "%zu figures of %zu regions (" STR_FMT "%s) came from this dataset before, for periods of this file, and are not in it: "
                  "is it whole, and are their names written as they were? If it is right, --partial takes it as it is",
                  m->report->lost, regions, STR_ARG(buf_view(&names)), regions > MONITOR_LOST_SHOWN ? " and others" : "");
  buf_clear(&names);
  return err;
}

Err absent_check(Import *m) {
  size_t areas;
  RegionKind kind = REGION_MUNICIPALITY;
  if (dataset_areas(m->dataset, &areas)->extent != AREA_NATIONAL || !told_kind(m, &kind)) return ERR_OK;
  Day day = last_day(m);
  note_absent(m, kind, day);
  return check_lost(m, day);
}
