/* SPDX-License-Identifier: EUPL-1.2 */
/* Opening a table of CBS: which answer each file is, the lists of codes, and what its dimensions are. */
#include "official/odata_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

const char *odata_name(const OdataSource *source) {
  return file_name(source->path);
}

Err odata_wrong(ErrInfo *info, const OdataSource *source, size_t record, const char *field, const char *format, ...) {
  char message[900];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  err_at(info, odata_name(source), NULL, (long)record, field ? field : "");
  return err_set(info, ERR_INPUT, "%s", message);
}

static Err memory(ErrInfo *info) { return err_set(info, ERR_MEMORY, "out of memory"); }

static Err parse_utf8(const OdataSource *source, Str bytes, json_t **out, ErrInfo *info) {
  json_error_t error;
  *out = json_loadb(bytes.ptr ? bytes.ptr : "", bytes.len, JSON_REJECT_DUPLICATES, &error);
  if (*out && json_is_object(*out)) return ERR_OK;
  if (*out) {
    json_decref(*out);
    *out = NULL;
    return odata_wrong(info, source, 0, NULL, "no answer of CBS: expected a JSON object");
  }
  /* jansson says nothing at all when even its first buffer cannot be had */
  if (json_error_code(&error) == json_error_out_of_memory || !error.text[0]) return memory(info);
  return odata_wrong(info, source, 0, NULL, "no whole JSON (line %d, column %d): %.200s", error.line, error.column, error.text);
}

/* Answers are UTF-8; where they were saved with a byte order mark, also UTF-16, as a shell of Windows writes what it redirects. */
static Err parse(const OdataSource *source, Str bytes, json_t **out, ErrInfo *info) {
  if (bytes.len > ODATA_FILE_BYTES) {
    err_at(info, odata_name(source), NULL, 0, NULL);
    return err_set(info, ERR_LIMIT, "%zu bytes; one answer has at most %d", bytes.len, ODATA_FILE_BYTES);
  }
  if (str_starts(bytes, S("\xEF\xBB\xBF"))) return parse_utf8(source, str_slice(bytes, 3, bytes.len), out, info);
  bool little = str_starts(bytes, S("\xFF\xFE"));
  if (!little && !str_starts(bytes, S("\xFE\xFF"))) return parse_utf8(source, bytes, out, info);
  Buf text;
  buf_init(&text, 2 * ODATA_FILE_BYTES);
  err_at(info, odata_name(source), NULL, 0, NULL);
  Err err = text_to_utf8(&text, str_slice(bytes, 2, bytes.len), little ? TEXT_UTF16LE : TEXT_UTF16BE, info);
  if (err == ERR_OK) err = parse_utf8(source, buf_view(&text), out, info);
  buf_clear(&text);
  return err;
}

Err odata_load(const OdataSource *source, json_t **out, ErrInfo *info) {
  *out = NULL;
  if (source->bytes.ptr) return parse(source, source->bytes, out, info);
  Buf bytes;
  buf_init(&bytes, ODATA_FILE_BYTES + 1);
  Err err = file_read(&bytes, source->path, ODATA_FILE_BYTES, info);
  if (err == ERR_OK) err = parse(source, buf_view(&bytes), out, info);
  else err_at(info, odata_name(source), NULL, 0, NULL);
  buf_clear(&bytes);
  return err;
}

/* --- what an answer is --- */

/* "https://opendata.cbs.nl/ODataApi/OData/83502NED/$metadata#Cbs.OData.WebAPI.TypedDataSet": 83502NED, TypedDataSet. */
static bool split_context(Str context, Str *id, Str *entity) {
  size_t end = str_find(context, S("/$metadata"));
  if (end == STR_NPOS) return false;
  Str front = str_slice(context, 0, end), rest = str_slice(context, end + S("/$metadata").len, context.len), part;
  while (str_cut(&front, '/', &part)) *id = part;
  *entity = S("");
  if (rest.len && rest.ptr[0] == '#') rest = str_slice(rest, 1, rest.len);
  size_t stop = 0;
  while (stop < rest.len && !strchr("(&?/$", rest.ptr[stop])) stop++;
  rest = str_slice(rest, 0, stop);
  while (str_cut(&rest, '.', &part)) *entity = part;
  return id->len > 0 && id->len <= 40;
}

static bool is_data(Str entity) {
  return str_eq(entity, S("TypedDataSet")) || str_eq(entity, S("UntypedDataSet")) || str_eq(entity, S("Observations"));
}

/* The name of the dimension an answer lists the codes of; "" for another answer. */
static Str listed_by(const OdataTable *t, Str entity) {
  static const char *const others[] = {"", "TableInfos", "DataProperties", "CategoryGroups", "Dimensions", "Properties"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (str_eq(entity, str_from(others[i]))) return S("");
  if (t->version == 3) return entity;
  return str_ends(entity, S("Codes")) ? str_slice(entity, 0, entity.len - 5) : S("");
}

static Err take_context(OdataTable *t, OdataPage *page, const json_t *root, ErrInfo *info) {
  const json_t *three = json_object_get(root, "odata.metadata"), *four = json_object_get(root, "@odata.context");
  const json_t *context = four ? four : three;
  Str id = S("");
  if (!json_is_string(context) || !split_context(odata_text(context), &id, &page->entity))
    return odata_wrong(info, page->source, 0, NULL, "no answer of CBS: expected odata.metadata or @odata.context with the address of the table");
  int version = four ? 4 : 3;
  page->entity = arena_str(t->arena, page->entity);
  if (!t->id.ptr) {
    t->id = arena_str(t->arena, id);
    t->version = version;
  }
  if (!page->entity.ptr || !t->id.ptr) return memory(info);
  if (!str_eq_nocase(t->id, id)) return odata_wrong(info, page->source, 0, NULL, "of table " STR_FMT ", the files before it of " STR_FMT, STR_ARG(id), STR_ARG(t->id));
  if (t->version != version) return odata_wrong(info, page->source, 0, NULL, "OData %d, the files before it OData %d; expected one of the two", version, t->version);
  if (!is_data(page->entity)) return ERR_OK;
  if (t->entity.ptr && !str_eq(t->entity, page->entity))
    return odata_wrong(info, page->source, 0, NULL, STR_FMT ", besides " STR_FMT ": the same numbers twice", STR_ARG(page->entity), STR_ARG(t->entity));
  t->entity = page->entity;
  return ERR_OK;
}

static Err take_next(OdataTable *t, OdataPage *page, const json_t *root, ErrInfo *info) {
  const json_t *next = json_object_get(root, t->version == 4 ? "@odata.nextLink" : "odata.nextLink");
  page->skip = -1;
  if (!next || json_is_null(next)) return ERR_OK;
  if (!json_is_string(next)) return odata_wrong(info, page->source, 0, NULL, "nextLink is no text");
  page->next = arena_str(t->arena, odata_text(next));
  if (!page->next.ptr) return memory(info);
  size_t at = str_find(page->next, S("skip="));
  if (at == STR_NPOS) return ERR_OK;
  size_t end = at += S("skip=").len;
  while (end < page->next.len && page->next.ptr[end] >= '0' && page->next.ptr[end] <= '9') end++;
  if (!str_to_int(str_slice(page->next, at, end), &page->skip)) page->skip = -1;
  return ERR_OK;
}

/* --- lists --- */

static OdataDimension *dimension_get(OdataTable *t, Str name) {
  void *found;
  if (map_get(&t->lists, name, &found)) return found;
  OdataDimension *made = ARENA_NEW(t->arena, OdataDimension);
  if (!made) return NULL;
  made->name = arena_str(t->arena, name);
  map_init(&made->codes, t->arena);
  return made->name.ptr && map_set(&t->lists, made->name, made) == ERR_OK ? made : NULL;
}

static Err take_code(OdataTable *t, OdataDimension *d, const OdataPage *page, size_t record, const json_t *entry, ErrInfo *info) {
  const char *key = t->version == 4 ? "Identifier" : "Key";
  const json_t *code = json_object_get(entry, key), *title = json_object_get(entry, "Title"), *status = json_object_get(entry, "Status");
  if (!json_is_string(code)) return odata_wrong(info, page->source, record, key, "the list of " STR_FMT " has an entry without a code", STR_ARG(d->name));
  Str trimmed = str_trim(odata_text(code));
  if (map_get(&d->codes, trimmed, NULL))
    return odata_wrong(info, page->source, record, key, "the code '" STR_FMT "' a second time in the list of " STR_FMT, STR_ARG(trimmed), STR_ARG(d->name));
  if (d->count == ODATA_CODES) return err_set(info, ERR_LIMIT, STR_FMT " has more than %d codes", STR_ARG(d->name), ODATA_CODES);
  OdataCode *made = ARENA_NEW(t->arena, OdataCode);
  if (!made) return memory(info);
  *made = (OdataCode){.code = arena_str(t->arena, trimmed), .title = arena_str(t->arena, json_is_string(title) ? str_trim(odata_text(title)) : trimmed), .index = d->count++};
  made->provisional = json_is_string(status) && odata_text(status).len > 0 && !str_starts(odata_text(status), S("Defin"));
  d->listed = true;
  return made->code.ptr && made->title.ptr && map_set(&d->codes, made->code, made) == ERR_OK ? ERR_OK : memory(info);
}

static Err take_list(OdataTable *t, Str name, const OdataPage *page, const json_t *value, ErrInfo *info) {
  OdataDimension *d = dimension_get(t, name);
  if (!d) return memory(info);
  for (size_t i = 0; i < json_array_size(value); i++) TRY(take_code(t, d, page, i + 1, json_array_get(value, i), info));
  return ERR_OK;
}

/* What a field is, by DataProperties {Key, Type} or Dimensions {Identifier, Kind}. */
static Err take_types(OdataTable *t, const json_t *value, ErrInfo *info) {
  for (size_t i = 0; i < json_array_size(value); i++) {
    const json_t *entry = json_array_get(value, i);
    const json_t *name = json_object_get(entry, t->version == 4 ? "Identifier" : "Key"), *type = json_object_get(entry, t->version == 4 ? "Kind" : "Type");
    if (!json_is_string(name) || !json_is_string(type) || json_string_length(name) == 0) continue;  /* groups of topics have no key */
    Str *kept = ARENA_NEW(t->arena, Str), key = arena_str(t->arena, odata_text(name));
    if (!kept || !key.ptr) return memory(info);
    *kept = arena_str(t->arena, odata_text(type));
    if (!kept->ptr || map_set(&t->types, key, kept) != ERR_OK) return memory(info);
  }
  return ERR_OK;
}

static Err take_title(OdataTable *t, const json_t *object, ErrInfo *info) {
  const json_t *title = json_object_get(object, "Title");
  if (!json_is_string(title)) return ERR_OK;
  t->title = arena_str(t->arena, str_trim(odata_text(title)));
  return t->title.ptr ? ERR_OK : memory(info);
}

/* The fields of the first record of the data tell the dimensions. */
static Err take_fields(OdataTable *t, const json_t *record, ErrInfo *info) {
  if (t->fields || !json_is_object(record)) return ERR_OK;
  t->fields = ARENA_ARRAY(t->arena, OdataField, json_object_size(record) + 1);
  if (!t->fields) return memory(info);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)record, name, value) {
    OdataField *f = &t->fields[t->field_count++];
    f->name = arena_cstr(t->arena, name);
    if (json_is_string(value)) f->text = arena_str(t->arena, str_trim(odata_text(value)));
    if (!f->name.ptr || (json_is_string(value) && !f->text.ptr)) return memory(info);
  }
  return ERR_OK;
}

static Err take_answer(OdataTable *t, OdataPage *page, const json_t *root, ErrInfo *info) {
  TRY(take_context(t, page, root, info));
  const json_t *value = json_object_get(root, "value");
  if (str_eq(page->entity, S("Properties"))) return take_title(t, root, info);
  if (!json_is_array(value)) return odata_wrong(info, page->source, 0, "value", "no list of records");
  page->records = json_array_size(value);
  TRY(take_next(t, page, root, info));
  if (is_data(page->entity)) return take_fields(t, json_array_get(value, 0), info);
  if (str_eq(page->entity, S("DataProperties")) || str_eq(page->entity, S("Dimensions"))) return take_types(t, value, info);
  if (str_eq(page->entity, S("TableInfos"))) return take_title(t, json_array_get(value, 0), info);
  Str list = listed_by(t, page->entity);
  return list.len ? take_list(t, list, page, value, info) : ERR_OK;
}

static Err take_files(OdataTable *t, const OdataSource *files, size_t count, ErrInfo *info) {
  size_t records = 0;
  for (size_t i = 0; i < count; i++) {
    OdataPage *page = &t->pages[t->page_count++];
    json_t *root;
    page->source = &files[i];
    TRY(odata_load(page->source, &root, info));
    Err err = take_answer(t, page, root, info);
    json_decref(root);
    TRY(err);
    if (is_data(page->entity) && (records += page->records) > ODATA_RECORDS)
      return err_set(info, ERR_LIMIT, "more than %d records; leave out what the pact does not use ($filter)", ODATA_RECORDS);
  }
  return ERR_OK;
}

/* --- dimensions --- */

static bool typed(const OdataTable *t, Str name, const char *part) {
  void *type;
  return map_get(&t->types, name, &type) && str_find(*(Str *)type, str_from(part)) != STR_NPOS;
}

/* Topics have a number of order at their end: Bevolking_1. */
static bool topic_named(Str name) {
  size_t digits = 0;
  while (digits < name.len && name.ptr[name.len - 1 - digits] >= '0' && name.ptr[name.len - 1 - digits] <= '9') digits++;
  return digits > 0 && digits < name.len && name.ptr[name.len - 1 - digits] == '_';
}

static bool region_code(Str text) {
  static const char *const prefixes[] = {"NL", "LD", "PV", "CR", "GM", "WK", "BU", "PC"};
  if (text.len < 4 || !str_digits(str_slice(text, 2, text.len))) return false;
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (str_starts(text, str_from(prefixes[i]))) return true;
  return false;
}

static Err add_dimension(OdataTable *t, const OdataField *f, ErrInfo *info) {
  char period[16];
  bool known;
  if (t->dimension_count == ODATA_DIMENSIONS) return err_set(info, ERR_LIMIT, "table " STR_FMT " has more than %d dimensions", STR_ARG(t->id), ODATA_DIMENSIONS);
  OdataDimension *d = dimension_get(t, f->name);
  if (!d) return memory(info);
  size_t at = t->dimension_count++;
  t->dimensions[at] = d;
  if (t->time == SIZE_MAX && odata_period(f->text, period, &known)) t->time = at;
  else if (t->region == SIZE_MAX && (typed(t, f->name, "GeoDimension") || region_code(f->text))) t->region = at;
  return ERR_OK;
}

static bool own_field(const OdataTable *t, Str name) {
  static const char *const three[] = {"ID"}, *const four[] = {"Id", "Measure", "Value", "StringValue", "ValueAttribute"};
  const char *const *own = t->version == 4 ? four : three;
  for (size_t i = 0; i < (t->version == 4 ? sizeof four / sizeof *four : 1); i++)
    if (str_eq(name, str_from(own[i]))) return true;
  return str_find_char(name, '@') != STR_NPOS || str_starts(name, S("odata."));
}

static Err sort_fields(OdataTable *t, ErrInfo *info) {
  t->time = t->region = SIZE_MAX;
  t->topics = ARENA_ARRAY(t->arena, Str, t->field_count + 1);
  if (!t->topics) return memory(info);
  for (size_t i = 0; i < t->field_count; i++) {
    const OdataField *f = &t->fields[i];
    bool topic = t->version == 3 && (typed(t, f->name, "Topic") || (topic_named(f->name) && !typed(t, f->name, "Dimension")));
    if (own_field(t, f->name)) continue;
    if (topic) t->topics[t->topic_count++] = f->name;
    else if (f->text.ptr) TRY(add_dimension(t, f, info));
    else return err_set(info, ERR_INPUT, "the field " STR_FMT " of the data is neither a topic nor a code", STR_ARG(f->name));
  }
  if (t->version == 4 && !(t->measures = dimension_get(t, S("Measure")))) return memory(info);
  if (t->version == 3 && t->topic_count == 0) return err_set(info, ERR_INPUT, "the data of table " STR_FMT " have no topics", STR_ARG(t->id));
  if (t->time == SIZE_MAX) return err_set(info, ERR_INPUT, "the data of table " STR_FMT " have no dimension of periods (codes as 2020JJ00)", STR_ARG(t->id));
  return ERR_OK;
}

/* --- as a dataset --- */

static Err add_field(OdataTable *t, const char *name) {
  if (!name) return ERR_MEMORY;
  t->dataset_fields[t->dataset.field_count++] = (DatasetField){name, false, ""};
  return ERR_OK;
}

static Err make_dataset(OdataTable *t, ErrInfo *info) {
  t->dataset_fields = ARENA_ARRAY(t->arena, DatasetField, 1 + 2 * ODATA_DIMENSIONS);
  char *code = arena_zstr(t->arena, arena_printf(t->arena, "cbs-" STR_FMT, STR_ARG(t->id)));
  char *title = arena_zstr(t->arena, t->title.ptr ? t->title : t->id);
  if (!t->dataset_fields || !code || !title) return memory(info);
  for (char *c = code; *c; c++)
    if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + ('a' - 'A'));
  t->area = (DatasetArea){"region", NULL, AREA_LEVELS};
  t->dataset = (Dataset){.id = "", .code = code, .publisher = "CBS", .title = title, .fields = t->dataset_fields, .areas = &t->area, .area_count = 1};
  if (add_field(t, "region") != ERR_OK) return memory(info);
  for (size_t i = 0; i < t->dimension_count; i++) {
    OdataDimension *d = t->dimensions[i];
    if (add_field(t, arena_zstr(t->arena, d->name)) != ERR_OK) return memory(info);
    if (d->listed && add_field(t, arena_zstr(t->arena, arena_printf(t->arena, STR_FMT ".title", STR_ARG(d->name)))) != ERR_OK) return memory(info);
  }
  return ERR_OK;
}

static Err check_regions(const OdataTable *t, ErrInfo *info) {
  for (size_t i = 0; t->region != SIZE_MAX && i < t->field_count; i++)
    if (str_eq(t->fields[i].name, t->dimensions[t->region]->name) && str_starts(t->fields[i].text, S("PC")))
      return err_set(info, ERR_UNSUPPORTED, "the regions of table " STR_FMT " are postcodes, and which municipality a postcode lies in the pact has no source for; "
                     "give a table by municipality or province, or a CSV of it with the municipalities", STR_ARG(t->id));
  return ERR_OK;
}

Err odata_open(OdataTable **out, Arena *arena, const OdataSource *files, size_t count, ErrInfo *info) {
  *out = NULL;
  if (count > ODATA_FILES) return err_set(info, ERR_LIMIT, "%zu files; at most %d", count, ODATA_FILES);
  OdataTable *t = ARENA_NEW(arena, OdataTable);
  if (!t) return memory(info);
  t->arena = arena;
  t->pages = ARENA_ARRAY(arena, OdataPage, count + 1);
  if (!t->pages) return memory(info);
  map_init(&t->lists, arena);
  map_init(&t->types, arena);
  TRY(take_files(t, files, count, info));
  TRY(odata_check_chains(t, info));
  if (!t->fields) return err_set(info, ERR_INPUT, "no records of TypedDataSet, UntypedDataSet or Observations among the files of table " STR_FMT, STR_ARG(t->id));
  TRY(sort_fields(t, info));
  TRY(check_regions(t, info));
  TRY(make_dataset(t, info));
  *out = t;
  return ERR_OK;
}

const Dataset *odata_dataset(const OdataTable *t) { return &t->dataset; }
