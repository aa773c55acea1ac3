/* SPDX-License-Identifier: EUPL-1.2 */
/* All places of a day are gone through once: what they are filtered by (a territory through mergers, words in any spelling)
 * is not for the database to judge, and the counts want them all. */
#include "places/place.h"

#include "base/map.h"
#include "base/text.h"
#include "places/region.h"
#include "store/vals.h"

static const struct { const char *code, *label; } kinds[] = {
#define KIND(code, label) {code, label},
#include "places/place_kinds.def"
#undef KIND
};
enum { KINDS = sizeof kinds / sizeof *kinds };

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
  Buf text;                 /* of one column, folded */
  int64_t counts[KINDS], total, divided, from, to;
  Val *municipalities;
} Find;

static Err memory(ErrInfo *info) { return err_set(info, ERR_MEMORY, "out of memory while listing places"); }

static int kind_of(Str kind) {
  for (int k = 0; k < KINDS; k++)
    if (str_eq(kind, str_from(kinds[k].code))) return k;
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

/* The folded text of a column; ptr NULL when it has none, or on lack of memory (buf_err says so). */
static Str folded(Find *f, const Rows *rows, int column) {
  buf_reset(&f->text);
  return text_fold(&f->text, rows_str(rows, column)) == ERR_OK ? buf_view(&f->text) : STR_NONE;
}

/* Whether a word stands in name or town, or begins code or postcode: digits inside those mean nothing. */
static Err has_word(Find *f, const Rows *rows, Str word, bool *out) {
  static const struct { int column; bool begins; } places[] = {
      {COLUMN_NAME, false}, {COLUMN_TOWN, false}, {COLUMN_CODE, true}, {COLUMN_POSTCODE, true}};
  *out = false;
  for (size_t i = 0; !*out && i < sizeof places / sizeof *places; i++) {
    if (rows_null(rows, places[i].column)) continue;
    Str text = folded(f, rows, places[i].column);
    if (!text.ptr) return memory(f->info);
    *out = places[i].begins ? str_starts(text, word) : str_find(text, word) != STR_NPOS;
  }
  return ERR_OK;
}

static Err has_words(Find *f, const Rows *rows, bool *out) {
  *out = true;
  for (size_t w = 0; *out && w < f->words_count; w++) TRY(has_word(f, rows, f->words[w], out));
  return ERR_OK;
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
  bool said = false;
  *wanted = false;
  TRY(spot_of(f, rows_str(rows, COLUMN_MUNICIPALITY), &spot));
  if (spot->within || spot->divided) TRY(has_words(f, rows, &said));
  if (!said) return ERR_OK;
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

/* Whether it is known which municipalities a region has on the day; of a COROP, RPA or RMC region that is not so for every day. */
static Err recorded(Find *f, bool *out) {
  *out = f->total > 0 || !f->region || f->region->kind == REGION_MUNICIPALITY || f->region->kind == REGION_COUNTRY;
  for (size_t i = 0; !*out && i < region_count(f->regions); i++) {
    const Region *municipality = region_at(f->regions, i);
    RegionShare *shares;
    size_t count;
    if (municipality->kind != REGION_MUNICIPALITY || !region_exists_on(municipality, f->query->as_of)) continue;
    TRY(above(f, municipality, f->region->kind, &shares, &count));
    for (size_t s = 0; s < count; s++) *out |= shares[s].region == f->region;
  }
  return ERR_OK;
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

static Err add_words(Find *f, Val *places) {
  for (size_t i = 0; i < places->as.list.count; i++) {
    Val *place = places->as.list.items[i];
    Spot *spot;
    val_set_str(f->arena, place, "kind_label", str_from(kinds[kind_of(vals_text(place, "kind"))].label));
    TRY(spot_of(f, vals_text(val_get(place, S("municipality")), "code"), &spot));
    val_set_null(f->arena, place, "province");
    if (!spot->province) continue;
    Val *province = val_set_map(f->arena, place, "province");
    val_set_str(f->arena, province, "code", spot->province->code);
    val_set_str(f->arena, province, "label", spot->province->name);
  }
  return ERR_OK;
}

static Err add_counts(Find *f, Val *out) {
  bool known;
  int64_t size = f->query->size ? f->query->size : f->total;
  Val *list = val_set_list(f->arena, out, "kinds");
  val_set_int(f->arena, out, "total", f->total);
  val_set_int(f->arena, out, "pages", size ? (f->total + size - 1) / size : 0);
  val_set_int(f->arena, out, "divided", f->divided);
  TRY(recorded(f, &known));
  val_set_bool(f->arena, out, "recorded", known);
  for (int k = 0; k < KINDS; k++) {
    Val *kind = val_push_map(f->arena, list);
    val_set_str(f->arena, kind, "code", str_from(kinds[k].code));
    val_set_str(f->arena, kind, "label", str_from(kinds[k].label));
    val_set_int(f->arena, kind, "count", f->counts[k]);
  }
  return ERR_OK;
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
  TRY(add_words(&f, places));
  *out = val_map(arena);
  TRY(add_counts(&f, *out));
  val_set(arena, *out, "places", places);
  val_set(arena, *out, "municipalities", f.municipalities);
  return vals_done(&v);
}

/* A ValsTake over the numbers of each municipality and register; nothing of them is kept. */
static Err take_count(void *context, const Rows *rows, bool *wanted) {
  Find *f = context;
  Spot *spot;
  *wanted = false;
  TRY(spot_of(f, rows_str(rows, 0), &spot));
  int64_t count = rows_int(rows, 2);
  if (spot->divided) f->divided += count;
  if (!spot->within) return ERR_OK;
  f->counts[kind_of(rows_str(rows, 1))] += count;
  f->total += count;
  return ERR_OK;
}

Err place_counts(Store *store, Str region, Day as_of, Arena *arena, Val **out, ErrInfo *info) {
  const PlaceQuery query = {.region = region, .as_of = as_of};
  const Vals v = {store, arena, info};
  Find f = {.query = &query, .arena = arena, .info = info};
  char day[DAY_TEXT];
  Val *none;
  map_init(&f.spots, arena);
  day_format_iso(as_of, day);
  TRY(read_query(&f, store));
  TRY(vals_list_wanted(&v, "place_counts", ARGS(ARG_STR(str_from(day))), take_count, &f, &none));
  *out = val_map(arena);
  TRY(add_counts(&f, *out));
  return vals_done(&v);
}

Err place_registers(Store *store, Day as_of, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  char day[DAY_TEXT];
  day_format_iso(as_of, day);
  *out = val_list(arena);
  for (int k = 0; k < KINDS; k++) {
    Val *one;
    TRY(vals_one(&v, "place_register", ARGS(ARG_STR(str_from(kinds[k].code)), ARG_STR(str_from(day))), &one));
    val_set_str(arena, one, "kind_label", str_from(kinds[k].label));
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
