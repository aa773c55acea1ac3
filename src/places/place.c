/* SPDX-License-Identifier: EUPL-1.2 */
/* All places of a day are gone through once: what they are filtered by (a territory through mergers, words in any spelling)
 * is not for the database to judge, and the counts want them all. */
#include "places/place.h"

#include "base/map.h"
#include "base/text.h"
#include "places/region.h"
#include "store/vals.h"

enum { KINDS = 4 };

static const char *const kinds[KINDS] = {"primary", "secondary", "vocational", "higher"};

/* The columns of places_on that are looked at here. */
enum { COLUMN_CODE, COLUMN_KIND, COLUMN_NAME, COLUMN_TOWN, COLUMN_POSTCODE, COLUMN_MUNICIPALITY, COLUMN_MUNICIPALITY_NAME };

/* What is known of a municipality that places lie in. */
typedef struct Spot {
  const Region *province;   /* NULL: not known, or several */
  bool within, divided;     /* in the region asked for; a part of it is */
  Val *counted;             /* its member of "municipalities"; NULL: none yet */
} Spot;

typedef struct Find {
  const PlaceQuery *query;
  Arena *arena;
  ErrInfo *info;
  RegionMap *regions;
  const Region *region;     /* asked for; NULL: all */
  Map spots;                /* municipality -> Spot */
  Str *words;               /* folded */
  size_t words_count;
  Buf text;                 /* of one place, folded */
  int64_t counts[KINDS], total, divided, from, to;
  Val *municipalities;
} Find;

static Err memory(ErrInfo *info) { return err_set(info, ERR_MEMORY, "out of memory while listing places"); }

static int kind_of(Str kind) {
  for (int k = 0; k < KINDS; k++)
    if (str_eq(kind, str_from(kinds[k]))) return k;
  return -1;
}

/* --- where --- */

/* The regions of a kind that a municipality lies in on the day; of its own kind: what it went up in. */
static Err above(Find *f, const Region *municipality, RegionKind kind, RegionShare **shares, size_t *count) {
  Err err = kind == REGION_MUNICIPALITY ? region_on(f->regions, municipality, f->query->as_of, f->arena, shares, count)
                                        : region_within(f->regions, municipality, kind, f->query->as_of, f->arena, shares, count);
  return err == ERR_OK ? ERR_OK : memory(f->info);
}

static Err judge(Find *f, const Region *municipality, Spot *spot) {
  RegionShare *shares;
  size_t count;
  TRY(above(f, municipality, REGION_PROVINCE, &shares, &count));
  spot->province = count == 1 ? shares[0].region : NULL;
  spot->within = !f->region || f->region == municipality || f->region->kind == REGION_COUNTRY;
  if (spot->within) return ERR_OK;
  TRY(above(f, municipality, f->region->kind, &shares, &count));
  for (size_t i = 0; i < count; i++)
    if (shares[i].region == f->region) *(count == 1 ? &spot->within : &spot->divided) = true;
  return ERR_OK;
}

static Err spot_of(Find *f, Str code, Spot **out) {
  void *found;
  if (map_get(&f->spots, code, &found)) {
    *out = found;
    return ERR_OK;
  }
  const Region *municipality = region_find(f->regions, code);
  Spot *spot = ARENA_NEW(f->arena, Spot);
  if (!spot || map_set(&f->spots, municipality->code, spot) != ERR_OK) return memory(f->info);
  *out = spot;
  return judge(f, municipality, spot);
}

/* --- which --- */

static bool has_words(Find *f, const Rows *rows) {
  static const int columns[] = {COLUMN_NAME, COLUMN_TOWN, COLUMN_CODE, COLUMN_POSTCODE};
  if (f->words_count == 0) return true;
  buf_reset(&f->text);
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    if (text_fold(&f->text, rows_str(rows, columns[c])) != ERR_OK) return false;
    buf_char(&f->text, '\n');
  }
  for (size_t w = 0; w < f->words_count; w++)
    if (str_find(buf_view(&f->text), f->words[w]) == STR_NPOS) return false;
  return true;
}

static Err count_municipality(Find *f, const Rows *rows, Spot *spot) {
  if (!spot->counted) {
    spot->counted = val_push_map(f->arena, f->municipalities);
    val_set_str(f->arena, spot->counted, "code", arena_str(f->arena, rows_str(rows, COLUMN_MUNICIPALITY)));
    val_set_str(f->arena, spot->counted, "label", arena_str(f->arena, rows_str(rows, COLUMN_MUNICIPALITY_NAME)));
    if (f->arena->failed) return memory(f->info);
  }
  val_set_int(f->arena, spot->counted, "count", vals_number(spot->counted, "count") + 1);
  return ERR_OK;
}

/* A ValsTake: counts a place that the filters leave, and wants it when it is of the page. */
static Err take(void *context, const Rows *rows, bool *wanted) {
  Find *f = context;
  Spot *spot;
  int kind = kind_of(rows_str(rows, COLUMN_KIND));
  *wanted = false;
  TRY(spot_of(f, rows_str(rows, COLUMN_MUNICIPALITY), &spot));
  if ((!spot->within && !spot->divided) || !has_words(f, rows)) return buf_err(&f->text) == ERR_OK ? ERR_OK : memory(f->info);
  bool chosen = f->query->kind.len == 0 || kind == kind_of(f->query->kind);
  if (!spot->within) {
    f->divided += chosen;
    return ERR_OK;
  }
  f->counts[kind]++;
  if (!chosen) return ERR_OK;
  *wanted = f->total >= f->from && f->total < f->to;
  f->total++;
  return count_municipality(f, rows, spot);
}

/* --- the whole --- */

static Err wrong(Find *f, const char *parameter, const char *what, Str value) {
  err_at(f->info, NULL, NULL, 0, parameter);
  return err_set(f->info, ERR_USAGE, "there is no %s '" STR_FMT "'", what, STR_ARG(value));
}

static Err read_query(Find *f, Store *store) {
  const PlaceQuery *q = f->query;
  Str rest = text_folded(f->arena, q->words), word;
  TRY(region_map_load(store, f->arena, &f->regions, f->info));
  if (q->kind.len && kind_of(q->kind) < 0) return wrong(f, "kind", "register", q->kind);
  f->region = q->region.len ? region_find(f->regions, q->region) : NULL;
  if (q->region.len && !f->region) return wrong(f, "region", "region", q->region);
  f->words = ARENA_ARRAY(f->arena, Str, rest.len / 2 + 1);
  if (!rest.ptr || !f->words) return memory(f->info);
  while (str_cut(&rest, ' ', &word))
    if (word.len) f->words[f->words_count++] = word;
  f->from = q->size ? (q->page - 1) * q->size : 0;
  f->to = q->size ? f->from + q->size : INT64_MAX;
  f->municipalities = val_list(f->arena);
  return ERR_OK;
}

static Err add_provinces(Find *f, Val *places) {
  for (size_t i = 0; i < places->as.list.count; i++) {
    Val *place = places->as.list.items[i];
    Spot *spot;
    TRY(spot_of(f, vals_text(val_get(place, S("municipality")), "code"), &spot));
    val_set_null(f->arena, place, "province");
    if (!spot->province) continue;
    Val *province = val_set_map(f->arena, place, "province");
    val_set_str(f->arena, province, "code", spot->province->code);
    val_set_str(f->arena, province, "label", spot->province->name);
  }
  return ERR_OK;
}

static void add_counts(Find *f, Val *out) {
  int64_t size = f->query->size ? f->query->size : f->total;
  Val *list = val_set_list(f->arena, out, "kinds");
  val_set_int(f->arena, out, "total", f->total);
  val_set_int(f->arena, out, "pages", size ? (f->total + size - 1) / size : 0);
  val_set_int(f->arena, out, "divided", f->divided);
  val_set(f->arena, out, "municipalities", f->municipalities);
  for (int k = 0; k < KINDS; k++) {
    Val *kind = val_push_map(f->arena, list);
    val_set_str(f->arena, kind, "code", str_from(kinds[k]));
    val_set_int(f->arena, kind, "count", f->counts[k]);
  }
}

Err place_find(Store *store, const PlaceQuery *query, Arena *arena, Val **out, ErrInfo *info) {
  Find f = {.query = query, .arena = arena, .info = info};
  const Vals v = {store, arena, info};
  char day[DAY_TEXT];
  Val *places = NULL;
  map_init(&f.spots, arena);
  buf_init(&f.text, 0);
  day_format_iso(query->as_of, day);
  TRY(read_query(&f, store));
  Err err = vals_list_wanted(&v, "places_on", ARGS(ARG_STR(str_from(day))), take, &f, &places);
  buf_clear(&f.text);
  TRY(err);
  TRY(add_provinces(&f, places));
  *out = val_map(arena);
  add_counts(&f, *out);
  val_set(arena, *out, "places", places);
  return vals_done(&v);
}

Err place_registers(Store *store, Day as_of, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  char day[DAY_TEXT];
  day_format_iso(as_of, day);
  *out = val_list(arena);
  for (int k = 0; k < KINDS; k++) {
    Val *one;
    TRY(vals_one(&v, "place_register", ARGS(ARG_STR(str_from(kinds[k])), ARG_STR(str_from(day))), &one));
    val_push(arena, *out, one);
  }
  return vals_done(&v);
}

Err place_detail(Store *store, Str code, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  static const char *const keys[] = {"code", "institution", "site"};
  Val *states;
  TRY(vals_list(&v, "place_states", ARGS(ARG_STR(code)), &states));
  if (!states->as.list.count) return err_set(info, ERR_NOT_FOUND, "there is no place '" STR_FMT "'", STR_ARG(code));
  *out = val_map(arena);
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) val_set_str(arena, *out, keys[k], vals_text(states->as.list.items[0], keys[k]));
  val_set(arena, *out, "states", states);
  return vals_done(&v);
}
