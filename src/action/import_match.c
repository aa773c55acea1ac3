/* SPDX-License-Identifier: EUPL-1.2 */
/* Which action of the registry a row is about: the one with its code, else the one with its title whose owner and reach
 * do not contradict the row's. Only what was there before the file counts, so that two rows of one file never merge. */
#include "action/import_internal.h"

#include "base/mem.h"

/* ---- What is there ---- */

static Err remember(Import *import, Str code, Str title, Str owner) {
  if (!mem_grow((void **)&import->known, &import->known_cap, import->known_count + 1, sizeof *import->known)) return ERR_MEMORY;
  Str name = cell_name(&import->row, title), copy = arena_str(&import->names, code);
  if (!name.ptr || !copy.ptr) return ERR_MEMORY;
  import->known[import->known_count] = (Known){.code = copy, .title = str_hash(name), .owner = owner.ptr ? str_hash(owner) : 0};
  arena_reset(&import->row);
  return map_set_index(&import->by_code, copy, import->known_count++);
}

/* Chains of equal titles; the key of the map is the hash's bytes, which live in the array. Called when that is complete. */
static Err chain_titles(Import *import) {
  map_init(&import->by_title, &import->names);
  for (size_t i = 0; i < import->known_count; i++) {
    Str key = {(const char *)&import->known[i].title, sizeof import->known[i].title};
    size_t first;
    if (map_get_index(&import->by_title, key, &first)) {
      import->known[i].next = import->known[first].next;
      import->known[first].next = (uint32_t)i + 1;
    } else TRY(map_set_index(&import->by_title, key, i));
  }
  return ERR_OK;
}

static Err read_regions(Import *import) {
  Rows *rows = NULL;
  TRY(store_query(import->store, "import_known_regions", NO_ARGS, &rows, import->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more) {
    size_t at;
    if (map_get_index(&import->by_code, rows_str(rows, 0), &at)) import->known[at].regions += str_hash(rows_str(rows, 1));
  }
  rows_close(rows);
  return err;
}

Err import_read_known(Import *import) {
  map_init(&import->by_code, &import->names);
  Rows *rows = NULL;
  TRY(store_query(import->store, "import_known_actions", NO_ARGS, &rows, import->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more)
    if (remember(import, rows_str(rows, 0), rows_str(rows, 1), rows_str(rows, 2))) {
      err = IMPORT_MEMORY(import);
      break;
    }
  rows_close(rows);
  if (err) return err;
  TRY(read_regions(import));
  return chain_titles(import) ? IMPORT_MEMORY(import) : ERR_OK;
}

/* ---- What the file has said already ---- */

static uint64_t mix(uint64_t a, uint64_t b) {
  a ^= b + UINT64_C(0x9E3779B97F4A7C15) + (a << 6) + (a >> 2);
  return a ? a : 1;
}

static Err widen_seen(Import *import) {
  size_t cap = import->seen_cap ? import->seen_cap * 2 : 1024;
  uint64_t *keys = mem_alloc0(cap, sizeof *keys);
  uint32_t *rows = mem_alloc0(cap, sizeof *rows);
  if (!keys || !rows) {
    mem_free(keys);
    mem_free(rows);
    return IMPORT_MEMORY(import);
  }
  for (size_t i = 0; i < import->seen_cap; i++) {
    if (!import->seen[i]) continue;
    size_t at = import->seen[i] & (cap - 1);
    while (keys[at]) at = (at + 1) & (cap - 1);
    keys[at] = import->seen[i];
    rows[at] = import->seen_row[i];
  }
  mem_free(import->seen);
  mem_free(import->seen_row);
  import->seen = keys;
  import->seen_row = rows;
  import->seen_cap = cap;
  return ERR_OK;
}

/* Row that had this key before, 0 for none; then it is remembered for this one. */
static Err see(Import *import, uint64_t key, uint32_t *before) {
  if (import->seen_count * 2 >= import->seen_cap) TRY(widen_seen(import));
  size_t at = key & (import->seen_cap - 1);
  while (import->seen[at] && import->seen[at] != key) at = (at + 1) & (import->seen_cap - 1);
  *before = import->seen[at] ? import->seen_row[at] : 0;
  if (*before) return ERR_OK;
  import->seen[at] = key;
  import->seen_row[at] = (uint32_t)import->row_number;
  import->seen_count++;
  return ERR_OK;
}

/* ---- The match ---- */

static uint64_t hash_list(const CellList *list) {
  uint64_t sum = 0;
  for (size_t i = 0; list && i < list->count; i++) sum += str_hash(list->items[i]);
  return sum;
}

typedef struct Wanted { uint64_t title, owner, regions; } Wanted;

/* The known action with this title that fits: one exactly like it, else one that does not contradict it. More than one of
 * a kind: *several. */
static const Known *find_by_title(const Import *import, Wanted wanted, bool *several) {
  Str key = {(const char *)&wanted.title, sizeof wanted.title};
  const Known *exact = NULL, *loose = NULL;
  size_t at, exact_count = 0, loose_count = 0;
  *several = false;
  if (!map_get_index(&import->by_title, key, &at)) return NULL;
  for (size_t i = at + 1; i; i = import->known[i - 1].next) {
    const Known *known = &import->known[i - 1];
    bool owner = !wanted.owner || !known->owner || wanted.owner == known->owner;
    bool regions = !wanted.regions || !known->regions || wanted.regions == known->regions;
    if (wanted.owner == known->owner && wanted.regions == known->regions) exact = known, exact_count++;
    else if (owner && regions) loose = known, loose_count++;
  }
  *several = exact_count > 1 || (!exact_count && loose_count > 1);
  return exact_count ? exact : loose;
}

static size_t title_column(const Import *import) {
  for (size_t i = 0; i < import->column_count; i++)
    if (import->columns[i].field == FIELD_TITLE) return i;
  return COLUMNS_MAX;
}

static Err match_title(Import *import, Str *code, bool *ok) {
  const Fact *title = &import->facts[FIELD_TITLE];
  if (!title->given) {
    import_refuse(import, title_column(import), "the name of the action was expected");
    return ERR_OK;
  }
  Str name = cell_name(&import->row, title->text);
  if (!name.ptr) return IMPORT_MEMORY(import);
  Wanted wanted = {str_hash(name), import->facts[FIELD_OWNER].given ? str_hash(import->facts[FIELD_OWNER].text) : 0,
                   hash_list(import->facts[FIELD_REGIONS].given ? import->facts[FIELD_REGIONS].list : NULL)};
  bool several;
  uint32_t before;
  const Known *known = find_by_title(import, wanted, &several);
  if (several) {
    import_refuse(import, title_column(import), "more than one registered action has this title; give its code, owner or reach");
    return ERR_OK;
  }
  uint64_t key = known ? mix(1, str_hash(known->code)) : mix(mix(mix(2, wanted.title), wanted.owner), wanted.regions);
  TRY(see(import, key, &before));
  if (before) {
    import_refuse(import, title_column(import), "row %u is about the same action (same title, owner and reach)", before);
    return ERR_OK;
  }
  if (known) *code = known->code;
  *ok = true;
  return ERR_OK;
}

static Err match_code(Import *import, Str given, Str *code, bool *ok) {
  uint32_t before;
  size_t at;
  TRY(see(import, mix(1, str_hash(given)), &before));
  if (before) {
    size_t column = 0;
    while (column < import->column_count && import->columns[column].field != FIELD_CODE) column++;
    import_refuse(import, column, "the same code stands in row %u; a code is for one action", before);
    return ERR_OK;
  }
  if (map_get_index(&import->by_code, given, &at)) *code = import->known[at].code;
  else if (!import->facts[FIELD_TITLE].given) {
    import_refuse(import, title_column(import), "there is no action \"" STR_FMT "\" yet, so its name was expected", STR_ARG(given));
    return ERR_OK;
  }
  *ok = true;
  return ERR_OK;
}

Err import_match(Import *import, Str *code, bool *ok) {
  *code = STR_NONE;
  *ok = false;
  const Fact *given = &import->facts[FIELD_CODE];
  return given->given ? match_code(import, given->text, code, ok) : match_title(import, code, ok);
}
