/* SPDX-License-Identifier: EUPL-1.2 */
/* Which municipality of a year holds the ground of a municipality of another year. */
#include "action/internal.h"

bool region_exists(const RegionTable *table, uint32_t region, Day on) {
  const Region *r = &table->regions[region];
  return (r->from == DAY_NONE || r->from <= on) && (r->to == DAY_NONE || r->to >= on);
}

static size_t add_once(uint32_t *out, size_t count, uint32_t region) {
  for (size_t i = 0; i < count; i++)
    if (out[i] == region) return count;
  if (count < REGION_PLACES) out[count++] = region;
  return count;
}

/* A municipality that was divided has an action in each of its parts: where in the old one it took place is not known,
 * and leaving it out of one would hide it there. Totals per province count it once all the same. */
size_t region_on_day(const RegionTable *table, uint32_t region, Day on, uint32_t out[REGION_PLACES]) {
  uint32_t seen[REGION_PLACES];
  size_t seen_count = add_once(seen, 0, region), count = 0;
  for (size_t i = 0; i < seen_count; i++) {
    const Region *r = &table->regions[seen[i]];
    if (r->kind != REGION_MUNICIPALITY || region_exists(table, seen[i], on)) {
      count = add_once(out, count, seen[i]);
      continue;
    }
    bool ended = r->to != DAY_NONE && r->to < on;
    for (size_t c = 0; c < table->change_count; c++) {
      const RegionChange *change = &table->changes[c];
      if (ended && change->from == seen[i] && change->on <= on) seen_count = add_once(seen, seen_count, change->to);
      if (!ended && change->to == seen[i] && change->on > on) seen_count = add_once(seen, seen_count, change->from);
    }
  }
  return count;
}

static bool valid_on(const RegionPart *part, Day on) {
  return (part->from == DAY_NONE || part->from <= on) && (part->to == DAY_NONE || part->to >= on);
}

size_t region_municipalities(const RegionTable *table, uint32_t region, Day on, uint32_t out[REGION_PLACES]) {
  size_t count = 0;
  for (size_t p = 0; p < table->part_count; p++) {
    const RegionPart *part = &table->parts[p];
    bool inside = part->part_of == region && table->regions[part->region].kind == REGION_MUNICIPALITY && valid_on(part, on);
    if (inside && region_exists(table, part->region, on)) count = add_once(out, count, part->region);
  }
  return count;
}

size_t region_ancestors(const RegionTable *table, Day on, uint32_t out[REGION_PLACES], size_t count) {
  for (size_t i = 0; i < count; i++)
    for (size_t p = 0; p < table->part_count; p++) {
      const RegionPart *part = &table->parts[p];
      if (valid_on(part, on) && part->region == out[i]) count = add_once(out, count, part->part_of);
    }
  return count;
}
