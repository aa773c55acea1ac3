/* SPDX-License-Identifier: EUPL-1.2 */
/* From the records of a table of CBS to numbers, page by page. */
#include "official/odata_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* A record's codes as numbers, 16 bits each; the last is the measure. */
typedef struct RecordKey {
  uint16_t parts[ODATA_DIMENSIONS + 1];
  uint16_t used;  /* 0: a free place */
} RecordKey;

typedef struct OdataRead {
  OdataTable *t;
  const OdataPage *page;
  size_t record;                    /* from 1 */
  Str fields[OFFICIAL_FIELDS];      /* of the record, as the dataset has them */
  char period[16];
  bool period_known, provisional;
  int64_t least_id;                 /* of the records so far; -1: they have none */
  RecordKey *keys;                  /* open addressing; cap a power of two */
  size_t key_count, key_cap;
  OfficialSink sink;
  void *context;
  OfficialReport *report;
  ErrInfo *info;
} OdataRead;

/* Two digits as a number; -1 when they are none. */
static int two_digits(const char *at) {
  if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9') return -1;
  return (at[0] - '0') * 10 + (at[1] - '0');
}

bool odata_period(Str code, char out[16], bool *known) {
  code = str_trim(code);
  if (code.len != 8) return false;
  int century = two_digits(code.ptr), year = two_digits(code.ptr + 2), part = two_digits(code.ptr + 6);
  char a = code.ptr[4], b = code.ptr[5];
  bool letters = a >= 'A' && a <= 'Z' && ((b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9'));
  if (century < 0 || year < 0 || part < 0 || !letters) return false;
  year += century * 100;
  *known = true;
  if (a == 'J' && b == 'J' && part == 0) snprintf(out, 16, "%04d", year);
  else if (a == 'S' && b == 'J' && part == 0) snprintf(out, 16, "%04d/%02d", year, (year + 1) % 100);
  else if (a == 'K' && b == 'W' && part >= 1 && part <= 4) snprintf(out, 16, "%04dQ%d", year, part);
  else *known = false;
  OfficialPeriodKind kind;
  Day last;
  if (*known) *known = official_period(str_from(out), &kind, &last);
  return true;
}

/* --- records that come twice --- */

static uint64_t key_hash(const RecordKey *key) { return str_hash((Str){(const char *)key, sizeof *key}); }

/* The place of the key, or the free one where it belongs. */
static RecordKey *key_place(RecordKey *keys, size_t cap, const RecordKey *key) {
  size_t at = (size_t)key_hash(key) & (cap - 1);
  while (keys[at].used && memcmp(&keys[at], key, sizeof *key) != 0) at = (at + 1) & (cap - 1);
  return &keys[at];
}

static Err keys_grow(OdataRead *r) {
  size_t cap = r->key_cap ? r->key_cap * 2 : 1024;
  RecordKey *more = mem_alloc0(cap, sizeof *more);
  if (!more) return err_set(r->info, ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < r->key_cap; i++)
    if (r->keys[i].used) *key_place(more, cap, &r->keys[i]) = r->keys[i];
  mem_free(r->keys);
  r->keys = more;
  r->key_cap = cap;
  return ERR_OK;
}

static Err check_twice(OdataRead *r, const RecordKey *key) {
  if (r->key_count * 2 >= r->key_cap) TRY(keys_grow(r));
  RecordKey *place = key_place(r->keys, r->key_cap, key);
  if (place->used) return odata_wrong(r->info, r->page->source, r->record, NULL, "a record with the same codes came before");
  *place = *key;
  r->key_count++;
  return ERR_OK;
}

/* --- one record --- */

/* The code of a field by its list; without a list a code is what comes first. */
static Err code_get(OdataRead *r, OdataDimension *d, const char *field, const json_t *json, const OdataCode **out) {
  void *found;
  if (!json_is_string(json)) return odata_wrong(r->info, r->page->source, r->record, field, "no code; expected a text");
  Str code = str_trim(odata_text(json));
  if (code.len == 0) return odata_wrong(r->info, r->page->source, r->record, field, "an empty code");
  if (map_get(&d->codes, code, &found)) {
    *out = found;
    return ERR_OK;
  }
  if (d->listed) return odata_wrong(r->info, r->page->source, r->record, field, "the code '" STR_FMT "' is not in the list of " STR_FMT, STR_ARG(code), STR_ARG(d->name));
  if (d->count == ODATA_CODES) return err_set(r->info, ERR_LIMIT, STR_FMT " has more than %d codes", STR_ARG(d->name), ODATA_CODES);
  OdataCode *made = ARENA_NEW(r->t->arena, OdataCode);
  if (!made) return err_set(r->info, ERR_MEMORY, "out of memory");
  *made = (OdataCode){.code = arena_str(r->t->arena, code), .index = d->count++};
  if (!made->code.ptr || map_set(&d->codes, made->code, made) != ERR_OK) return err_set(r->info, ERR_MEMORY, "out of memory");
  *out = made;
  return ERR_OK;
}

/* The record's codes into the fields of the dataset and its key. */
static Err take_codes(OdataRead *r, const json_t *record, RecordKey *key) {
  const OdataTable *t = r->t;
  size_t field = 1;
  r->fields[0] = S("NL01");
  for (size_t i = 0; i < t->dimension_count; i++) {
    const OdataCode *code = NULL;
    const char *name = t->dimensions[i]->name.ptr;  /* the arena ends texts with a NUL */
    TRY(code_get(r, t->dimensions[i], name, json_object_get(record, name), &code));
    key->parts[i] = (uint16_t)code->index;
    r->fields[field++] = code->code;
    if (t->dimensions[i]->listed) r->fields[field++] = code->title;
    if (i == t->region) r->fields[0] = code->code;
    if (i != t->time) continue;
    r->provisional = code->provisional;
    if (!odata_period(code->code, r->period, &r->period_known))
      return odata_wrong(r->info, r->page->source, r->record, name, "'" STR_FMT "' is no code of a period; expected as 2020JJ00", STR_ARG(code->code));
  }
  return ERR_OK;
}

/* Why a number is not there, counted by its reason. */
static void note_reason(OfficialReport *report, Str reason) {
  size_t most = sizeof report->reasons / sizeof *report->reasons, i = 0;
  char name[sizeof report->reasons[0].name];
  snprintf(name, sizeof name, STR_FMT, STR_ARG(reason));
  while (i + 1 < most && report->reasons[i].count && strcmp(report->reasons[i].name, name) != 0) i++;
  if (!report->reasons[i].count) memcpy(report->reasons[i].name, name, sizeof name);
  report->reasons[i].count++;
}

/* Untyped numbers are texts, padded; a point alone or nothing says that there is none. */
static Err number_of(OdataRead *r, const json_t *json, const char *field, bool *there, double *value) {
  *there = json_is_number(json);
  *value = *there ? json_number_value(json) : 0;
  if (*there || json_is_null(json)) return ERR_OK;
  Str text = json_is_string(json) ? str_trim(odata_text(json)) : STR_NONE;
  if (json_is_string(json) && (text.len == 0 || str_eq(text, S(".")) || str_eq(text, S("-")) || str_eq(text, S("x")))) return ERR_OK;
  *there = json_is_string(json) && str_to_double(text, value);
  if (*there) return ERR_OK;
  return odata_wrong(r->info, r->page->source, r->record, field, "'%.60s' is no number; expected a number or null", text.ptr ? text.ptr : "?");
}

static Err give(OdataRead *r, Str measure, bool there, double value, Str reason) {
  if (!r->period_known) {
    r->report->other_periods++;
    return ERR_OK;
  }
  OfficialFact fact = {.fields = r->fields, .measure = measure, .period = str_from(r->period), .state = there ? COUNT_VALUE : COUNT_EMPTY,
                       .low = value, .high = value, .provisional = r->provisional, .sex = S(""), .row = (long)r->record};
  if (there) r->report->facts++;
  else r->report->missing++;
  if (!there && reason.len) note_reason(r->report, reason);
  if (there) official_note_period(r->report, fact.period);
  return r->sink(r->context, &fact);
}

static Err read_topics(OdataRead *r, const json_t *record, RecordKey *key) {
  TRY(check_twice(r, key));
  for (size_t i = 0; i < r->t->topic_count; i++) {
    const char *name = r->t->topics[i].ptr;
    const json_t *json = json_object_get(record, name);
    bool there;
    double value;
    if (!json) return odata_wrong(r->info, r->page->source, r->record, name, "the record lacks this field, which the first one has");
    TRY(number_of(r, json, name, &there, &value));
    TRY(give(r, r->t->topics[i], there, value, S("")));
  }
  return ERR_OK;
}

/* OData 4: a value counts when its attribute is None; any other says why it is not a plain number. */
static Err read_observation(OdataRead *r, const json_t *record, RecordKey *key) {
  const OdataCode *measure = NULL;
  const json_t *attribute = json_object_get(record, "ValueAttribute"), *json = json_object_get(record, "Value");
  bool there;
  double value;
  TRY(code_get(r, r->t->measures, "Measure", json_object_get(record, "Measure"), &measure));
  key->parts[ODATA_DIMENSIONS] = (uint16_t)measure->index;
  TRY(check_twice(r, key));
  if (!json) return odata_wrong(r->info, r->page->source, r->record, "Value", "the record has no value; expected a number or null");
  if (attribute && !json_is_null(attribute) && !json_is_string(attribute))
    return odata_wrong(r->info, r->page->source, r->record, "ValueAttribute", "no text");
  Str reason = json_is_string(attribute) && !str_eq(odata_text(attribute), S("None")) ? odata_text(attribute) : S("");
  TRY(number_of(r, json, "Value", &there, &value));
  if (reason.len) there = false;
  return give(r, measure->code, there, there ? value : 0, reason);
}

/* The records of a table are numbered. */
static void note_id(OdataRead *r, const json_t *record) {
  const json_t *id = json_object_get(record, r->t->version == 4 ? "Id" : "ID");
  int64_t number = -1;
  if (json_is_integer(id)) number = json_integer_value(id);
  else if (!json_is_string(id) || !str_to_int(str_trim(odata_text(id)), &number)) return;
  if (number >= 0 && (r->least_id < 0 || number < r->least_id)) r->least_id = number;
}

/* Whether the pages of the data say of themselves that they begin at the first record of the answer. */
static bool chained(const OdataTable *t) {
  for (size_t i = 0; i < t->page_count; i++)
    if (str_eq(t->pages[i].entity, t->entity) && t->pages[i].skip >= 0) return true;  /* odata_chain.c counted from 0 */
  return false;
}

static Err read_page(OdataRead *r, const json_t *root) {
  const json_t *value = json_object_get(root, "value");
  if (json_array_size(value) != r->page->records) return odata_wrong(r->info, r->page->source, 0, NULL, "the file changed while it was read");
  for (size_t i = 0; i < r->page->records; i++) {
    const json_t *record = json_array_get(value, i);
    RecordKey key = {.used = 1};
    r->record = i + 1;
    if (!json_is_object(record)) return odata_wrong(r->info, r->page->source, r->record, NULL, "no record; expected an object");
    note_id(r, record);
    TRY(take_codes(r, record, &key));
    TRY(r->t->version == 4 ? read_observation(r, record, &key) : read_topics(r, record, &key));
    r->report->rows++;
  }
  return ERR_OK;
}

static Err read_pages(OdataRead *r) {
  for (size_t i = 0; i < r->t->page_count; i++) {
    json_t *root;
    r->page = &r->t->pages[i];
    if (!str_eq(r->page->entity, r->t->entity)) continue;
    TRY(odata_load(r->page->source, &root, r->info));
    Err err = read_page(r, root);
    json_decref(root);
    TRY(err);
  }
  return ERR_OK;
}

Err odata_read(OdataTable *table, OfficialSink sink, void *context, OfficialReport *report, ErrInfo *info) {
  *report = (OfficialReport){0};
  OdataRead r = {.t = table, .sink = sink, .context = context, .report = report, .info = info, .least_id = -1};
  Err err = read_pages(&r);
  if (r.least_id > 1 && !chained(table)) report->first_id = r.least_id;  /* whichever of 0 and 1 it is counted from */
  mem_free(r.keys);
  return err;
}
