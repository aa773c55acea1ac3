/* SPDX-License-Identifier: EUPL-1.2 */
/* The names by which a file may mean a line, goal, region, sector, audience or organisation. */
#include "action/import_internal.h"

#include <string.h>

/* A name that means two things: it must be written more precisely. */
static const Str ambiguous_name = {"?", 1};
#define AMBIGUOUS ((void *)(uintptr_t)&ambiguous_name)

Err import_add_name(Import *import, Field field, Str name, Str code) {
  Map *map = &import->vocabulary[field];
  Str key = cell_name(&import->names, name);
  Str *value = arena_alloc(&import->names, sizeof *value);
  if (!key.ptr || !value) return ERR_MEMORY;
  if (key.len == 0) return ERR_OK;
  void *before = NULL;
  if (map_get(map, key, &before)) {
    bool same = before != AMBIGUOUS && str_eq(*(Str *)before, code);
    return same ? ERR_OK : map_set(map, key, AMBIGUOUS);
  }
  *value = arena_str(&import->names, code);
  return value->ptr ? map_set(map, key, value) : ERR_MEMORY;
}

/* Rows of code, name [, kind]. */
static Err read_names(Import *import, const char *query, const Field *fields, size_t count) {
  Rows *rows = NULL;
  TRY(store_query(import->store, query, NO_ARGS, &rows, import->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more)
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
      if (!rows_null(rows, 1)) err = import_add_name(import, fields[i], rows_str(rows, 1), rows_str(rows, 0));
    }
  rows_close(rows);
  return err == ERR_MEMORY ? IMPORT_MEMORY(import) : err;
}

static Err add_region(Import *import, Str code, Str name, Str kind) {
  bool province = str_eq(kind, S("province")), municipality = str_eq(kind, S("municipality"));
  TRY(import_add_name(import, FIELD_REGIONS, code, code));
  if (province) TRY(import_add_name(import, FIELD_PROVINCES, name, code));
  if (province) TRY(import_add_name(import, FIELD_PROVINCES, code, code));
  if (municipality) TRY(import_add_name(import, FIELD_MUNICIPALITIES, name, code));
  if (municipality) TRY(import_add_name(import, FIELD_MUNICIPALITIES, code, code));
  if (province || municipality || str_eq(kind, S("landsdeel"))) return import_add_name(import, FIELD_REGIONS, name, code);
  /* COROP regions and the like only where no province or municipality has the name */
  Str key = cell_name(&import->names, name);
  if (!key.ptr) return ERR_MEMORY;
  return map_get(&import->vocabulary[FIELD_REGIONS], key, NULL) ? ERR_OK : import_add_name(import, FIELD_REGIONS, name, code);
}

static Err read_regions(Import *import) {
  Rows *rows = NULL;
  TRY(store_query(import->store, "import_region_names", NO_ARGS, &rows, import->info));
  Err err;
  bool more;
  while ((err = rows_next(rows, &more, import->info)) == ERR_OK && more)
    if ((err = add_region(import, rows_str(rows, 0), rows_str(rows, 1), rows_str(rows, 2)))) break;
  rows_close(rows);
  return err == ERR_MEMORY ? IMPORT_MEMORY(import) : err;
}

/* Closed lists and words, as far as the pact's own list has the value they stand for. */
static Err add_words(Import *import) {
  static const struct { Field field; const char *word, *code; bool listed; } words[] = {
#define CELLWORD(FIELD, word, code) {FIELD_##FIELD, word, code, FIELD_##FIELD == FIELD_EDUCATION},
#include "action/words.def"
#undef CELLWORD
#define CHOICE(DIM, code, label) {FIELD_##DIM, label, code, false}, {FIELD_##DIM, code, code, false},
#include "action/choices.def"
#undef CHOICE
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    Str code = str_from(words[i].code), key = cell_name(&import->names, code);
    if (!key.ptr) return IMPORT_MEMORY(import);
    if (words[i].listed && !map_get(&import->vocabulary[words[i].field], key, NULL)) continue;
    if (import_add_name(import, words[i].field, str_from(words[i].word), code)) return IMPORT_MEMORY(import);
  }
  return ERR_OK;
}

Err import_read_names(Import *import) {
  static const struct { const char *query; Field fields[2]; size_t count; } lists[] = {
      {"import_line_names", {FIELD_LINE}, 1},
      {"import_goal_names", {FIELD_GOALS}, 1},
      {"import_education_names", {FIELD_EDUCATION}, 1},
      {"import_technical_names", {FIELD_TECHNICAL}, 1},
      {"import_audience_names", {FIELD_AUDIENCE}, 1},
      {"import_source_names", {FIELD_SOURCE}, 1},
      {"import_organisation_names", {FIELD_OWNER, FIELD_PARTNERS}, 2}};
  for (int field = 0; field < FIELD_COUNT; field++) map_init(&import->vocabulary[field], &import->names);
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    TRY(read_names(import, lists[i].query, lists[i].fields, lists[i].count));
  TRY(read_regions(import));
  return add_words(import);
}

static bool find(Import *import, Field field, Str key, Str *code, bool *ambiguous) {
  void *value;
  if (!map_get(&import->vocabulary[field], key, &value)) return false;
  if (value == AMBIGUOUS) {
    *ambiguous = true;
    return false;
  }
  *code = *(Str *)value;
  return true;
}

static bool after_word(Str key, const char *word, Str *rest) {
  Str w = str_from(word);
  if (key.len <= w.len || !str_starts(key, w) || key.ptr[w.len] != ' ') return false;
  *rest = str_slice(key, w.len + 1, key.len);
  return true;
}

/* "gem. Groningen", "provincie Groningen", "subregio Drenthe": what the bare name leaves open. */
static bool find_region(Import *import, Str key, Str *code, bool *ambiguous) {
  static const struct { const char *word; Field field; } words[] = {
      {"gemeente", FIELD_MUNICIPALITIES}, {"gem", FIELD_MUNICIPALITIES}, {"gemeenten", FIELD_MUNICIPALITIES},
      {"stad", FIELD_MUNICIPALITIES}, {"provincie", FIELD_PROVINCES}, {"prov", FIELD_PROVINCES}, {"subregio", FIELD_PROVINCES},
      {"heel", FIELD_REGIONS}, {"landsdeel", FIELD_REGIONS}};
  Str rest;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (after_word(key, words[i].word, &rest) && find(import, words[i].field, rest, code, ambiguous)) return true;
  return false;
}

bool import_lookup(Import *import, Field field, Str text, Str *code, bool *ambiguous) {
  bool unsure = false;
  Str key = cell_name(&import->row, text);
  if (ambiguous) *ambiguous = false;
  if (!key.ptr || key.len == 0) return false;
  bool found = find(import, field, key, code, &unsure);
  bool region = field == FIELD_REGIONS || field == FIELD_PROVINCES || field == FIELD_MUNICIPALITIES;
  if (!found && region) found = find_region(import, key, code, &unsure);
  if (ambiguous) *ambiguous = unsure && !found;
  return found;
}
