/* SPDX-License-Identifier: EUPL-1.2 */
/* datapackage.json: what of Frictionless' Data Package, Tabular Data Resource and Table Schema (v1) this program reads.
 * What it would have to ignore to go on is refused, so that nobody believes a rule is checked that is not. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "base/mem.h"
#include "pact/package_internal.h"

/* Where in the descriptor we are, for messages: resource and field names, "" when not yet there. */
typedef struct Place {
  Package *package;
  const char *resource;
  const char *field;
  ErrInfo *info;
} Place;

static Err wrong(const Place *at, Err code, const char *what) {
  if (*at->field) return err_set(at->info, code, "resource '%s', field '%s': %s", at->resource, at->field, what);
  if (*at->resource) return err_set(at->info, code, "resource '%s': %s", at->resource, what);
  return err_set(at->info, code, "%s", what);
}

static Err no_memory(const Place *at) {
  return err_set(at->info, ERR_MEMORY, "out of memory while reading the descriptor");
}

static Err copy_text(const Place *at, const json_t *json, Str *out) {
  *out = arena_str(at->package->arena, (Str){json_string_value(json), json_string_length(json)});
  return out->ptr ? ERR_OK : no_memory(at);
}

/* A required member that is a text. */
static Err get_text(const Place *at, const json_t *object, const char *key, Str *out) {
  const json_t *json = json_object_get(object, key);
  char what[128];
  if (!json_is_string(json)) {
    snprintf(what, sizeof what, "'%s' must be a text", key);
    return wrong(at, ERR_INPUT, what);
  }
  return copy_text(at, json, out);
}

/* An optional member that is a list of texts or numbers; numbers as they are written. */
static Err get_words(const Place *at, const json_t *list, const char *key, Words *out) {
  char what[128];
  if (!list) return ERR_OK;
  snprintf(what, sizeof what, "'%s' must be a list of texts or whole numbers", key);
  if (!json_is_array(list)) return wrong(at, ERR_INPUT, what);
  out->items = ARENA_ARRAY(at->package->arena, Str, json_array_size(list) + 1);
  if (!out->items) return no_memory(at);
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    if (json_is_string(item)) TRY(copy_text(at, item, &out->items[i]));
    else if (json_is_integer(item)) out->items[i] = arena_printf(at->package->arena, "%lld", (long long)json_integer_value(item));
    else return wrong(at, ERR_INPUT, what);
    if (!out->items[i].ptr) return no_memory(at);
  }
  out->count = json_array_size(list);
  return ERR_OK;
}

static Err set_words(const Place *at, Words *out, const Str *from, size_t count) {
  out->items = ARENA_ARRAY(at->package->arena, Str, count);
  if (!out->items) return no_memory(at);
  memcpy(out->items, from, count * sizeof *from);
  out->count = count;
  return ERR_OK;
}

/* A bound of a number or date. */
static Err get_bound(const Place *at, const Field *field, const json_t *json, double *value, Str *text) {
  Day day;
  if (json_is_number(json) && (field->type == FIELD_INTEGER || field->type == FIELD_NUMBER)) {
    *value = json_number_value(json);
    *text = arena_printf(at->package->arena, "%.15g", *value);
    return text->ptr ? ERR_OK : no_memory(at);
  }
  if (json_is_string(json) && field->type == FIELD_DATE &&
      day_parse_iso((Str){json_string_value(json), json_string_length(json)}, &day)) {
    *value = day;
    return copy_text(at, json, text);
  }
  return wrong(at, ERR_INPUT, "'minimum' and 'maximum' must be values of the field's type");
}

static Err get_length(const Place *at, const json_t *json, int64_t *length) {
  if (!json_is_integer(json) || json_integer_value(json) < 0) return wrong(at, ERR_INPUT, "a length must be a whole number");
  *length = json_integer_value(json);
  return ERR_OK;
}

/* Patterns are run by the C library, whose extended expressions have no \d, (?: or back references. */
static Err get_pattern(const Place *at, const json_t *json, Field *field) {
  if (!json_is_string(json)) return wrong(at, ERR_INPUT, "'pattern' must be a text");
  TRY(copy_text(at, json, &field->pattern_text));
  Str p = field->pattern_text;
  bool strange = p.len > PACKAGE_PATTERN_MAX || str_find(p, S("(?")) != STR_NPOS;
  for (size_t i = 0; i + 1 < p.len; i++)
    if (p.ptr[i] == '\\') {
      char c = p.ptr[++i];
      strange |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
  if (strange) return wrong(at, ERR_UNSUPPORTED, "the pattern is too long or uses \\ with a letter or digit, or '(?'; write classes as [0-9]");
  Str whole = arena_printf(at->package->arena, "^(%.*s)$", STR_ARG(p));
  if (!whole.ptr) return no_memory(at);
  if (regcomp(&field->pattern, whole.ptr, REG_EXTENDED | REG_NOSUB) != 0) return wrong(at, ERR_INPUT, "the pattern is malformed");
  field->has_pattern = true;
  return ERR_OK;
}

static Err read_constraint(const Place *at, Field *field, const char *key, const json_t *json) {
  char what[192];
  if (strcmp(key, "required") == 0 || strcmp(key, "unique") == 0) {
    if (!json_is_boolean(json)) return wrong(at, ERR_INPUT, "'required' and 'unique' must be true or false");
    *(key[0] == 'r' ? &field->required : &field->unique) = json_is_true(json);
    return ERR_OK;
  }
  if (strcmp(key, "minimum") == 0) {
    field->has_minimum = true;
    return get_bound(at, field, json, &field->minimum, &field->minimum_text);
  }
  if (strcmp(key, "maximum") == 0) {
    field->has_maximum = true;
    return get_bound(at, field, json, &field->maximum, &field->maximum_text);
  }
  if (strcmp(key, "minLength") == 0) return get_length(at, json, &field->min_length);
  if (strcmp(key, "maxLength") == 0) return get_length(at, json, &field->max_length);
  if (strcmp(key, "pattern") == 0) return get_pattern(at, json, field);
  if (strcmp(key, "enum") == 0) return get_words(at, json, "enum", &field->choices);
  snprintf(what, sizeof what, "the constraint '%.60s' is not one this program checks", key);
  return wrong(at, ERR_UNSUPPORTED, what);
}

static Err read_type(const Place *at, const json_t *json, Field *field) {
  static const char *const names[FIELD_TYPE_COUNT] = {"string", "integer", "number", "boolean", "date"};
  const json_t *type = json_object_get(json, "type"), *format = json_object_get(json, "format");
  const char *name = type ? json_string_value(type) : "string";
  const char *as = format ? json_string_value(format) : "default";
  for (int t = 0; name && t < FIELD_TYPE_COUNT; t++)
    if (strcmp(name, names[t]) == 0) {
      field->type = (FieldType)t;
      if (as && strcmp(as, "default") == 0) return ERR_OK;
      return wrong(at, ERR_UNSUPPORTED, "only the format 'default' is handled");
    }
  return wrong(at, ERR_UNSUPPORTED, "the type must be string, integer, number, boolean or date");
}

static Err read_field(Place *at, const json_t *json, Field *field) {
  static const Str yes[] = {{"true", 4}, {"True", 4}, {"TRUE", 4}, {"1", 1}};
  static const Str no[] = {{"false", 5}, {"False", 5}, {"FALSE", 5}, {"0", 1}};
  const char *key;
  json_t *value;
  field->min_length = field->max_length = -1;
  TRY(get_text(at, json, "name", &field->name));
  at->field = field->name.ptr;
  TRY(read_type(at, json, field));
  TRY(set_words(at, &field->true_values, yes, 4));
  TRY(set_words(at, &field->false_values, no, 4));
  TRY(get_words(at, json_object_get(json, "trueValues"), "trueValues", &field->true_values));
  TRY(get_words(at, json_object_get(json, "falseValues"), "falseValues", &field->false_values));
  json_object_foreach(json_object_get(json, "constraints"), key, value) TRY(read_constraint(at, field, key, value));
  at->field = "";
  return ERR_OK;
}

size_t package_field(const Resource *resource, Str name) {
  for (size_t i = 0; i < resource->fields_count; i++)
    if (str_eq(resource->fields[i].name, name)) return i;
  return SIZE_MAX;
}

/* Names of fields, one text or a list of them, as indexes. */
static Err field_indexes(const Place *at, const Resource *resource, const json_t *json, size_t **out, size_t *count) {
  Words names = {NULL, 0};
  if (json_is_string(json)) {
    Str one;
    TRY(copy_text(at, json, &one));
    TRY(set_words(at, &names, &one, 1));
  } else {
    TRY(get_words(at, json, "fields", &names));
  }
  *out = ARENA_ARRAY(at->package->arena, size_t, names.count + 1);
  if (!*out) return no_memory(at);
  for (size_t i = 0; i < names.count; i++) {
    (*out)[i] = package_field(resource, names.items[i]);
    if ((*out)[i] == SIZE_MAX) return wrong(at, ERR_INPUT, "a key names a field that is not in the schema");
  }
  *count = names.count;
  return ERR_OK;
}

static Err read_dialect(const Place *at, const json_t *dialect) {
  const json_t *delimiter = json_object_get(dialect, "delimiter"), *quote = json_object_get(dialect, "quoteChar"),
               *header = json_object_get(dialect, "header");
  if ((delimiter && (!json_is_string(delimiter) || strcmp(json_string_value(delimiter), ",") != 0)) ||
      (quote && (!json_is_string(quote) || strcmp(json_string_value(quote), "\"") != 0)) || (header && !json_is_true(header)))
    return wrong(at, ERR_UNSUPPORTED, "only files with commas, double quotes and a heading are handled");
  return ERR_OK;
}

static Err read_fields(Place *at, const json_t *schema, Resource *resource) {
  const json_t *fields = json_object_get(schema, "fields");
  size_t count = json_array_size(fields);
  if (count == 0) return wrong(at, ERR_INPUT, "the schema has no fields");
  if (count > PACKAGE_FIELDS_MAX) return wrong(at, ERR_LIMIT, "the schema has too many fields");
  resource->fields = ARENA_ARRAY(at->package->arena, Field, count);
  if (!resource->fields) return no_memory(at);
  for (size_t i = 0; i < count; i++) {
    resource->fields_count = i + 1;  /* so that package_clear frees a pattern of a field that fails */
    TRY(read_field(at, json_array_get(fields, i), &resource->fields[i]));
    resource->fields_count = i;
    if (package_field(resource, resource->fields[i].name) != SIZE_MAX) {
      resource->fields_count = i + 1;
      return wrong(at, ERR_INPUT, "two fields have the same name");
    }
    resource->fields_count = i + 1;
  }
  return ERR_OK;
}

static Err read_resource(Place *at, const json_t *json, Resource *resource) {
  static const Str empty = {"", 0};
  const json_t *encoding = json_object_get(json, "encoding"), *schema = json_object_get(json, "schema");
  TRY(get_text(at, json, "name", &resource->name));
  at->resource = resource->name.ptr;
  TRY(get_text(at, json, "path", &resource->path));
  if (!package_path_plain(resource->path))
    return wrong(at, ERR_INPUT, "the path is not allowed: a name below the directory of the package is expected");
  if (encoding && !(json_is_string(encoding) && str_eq_nocase(str_from(json_string_value(encoding)), S("utf-8"))))
    return wrong(at, ERR_UNSUPPORTED, "only the encoding utf-8 is handled");
  TRY(read_dialect(at, json_object_get(json, "dialect")));
  if (!json_is_object(schema)) return wrong(at, ERR_UNSUPPORTED, "there must be a schema in the descriptor itself");
  TRY(read_fields(at, schema, resource));
  TRY(set_words(at, &resource->missing, &empty, 1));
  TRY(get_words(at, json_object_get(schema, "missingValues"), "missingValues", &resource->missing));
  const json_t *key = json_object_get(schema, "primaryKey");
  if (key) TRY(field_indexes(at, resource, key, &resource->key, &resource->key_count));
  at->resource = "";
  return ERR_OK;
}

size_t package_resource(const Package *package, Str name) {
  for (size_t i = 0; i < package->count; i++)
    if (str_eq(package->resources[i].name, name)) return i;
  return SIZE_MAX;
}

static Err read_foreign_key(const Place *at, const json_t *json, size_t own, ForeignKey *key) {
  const json_t *reference = json_object_get(json, "reference");
  Resource *resource = &at->package->resources[own];
  size_t target_count = 0;
  Str name;
  TRY(field_indexes(at, resource, json_object_get(json, "fields"), &key->fields, &key->count));
  TRY(get_text(at, reference, "resource", &name));
  key->target = name.len == 0 ? own : package_resource(at->package, name);
  if (key->target == SIZE_MAX) return wrong(at, ERR_INPUT, "a foreign key names a resource that is not in the package");
  TRY(field_indexes(at, &at->package->resources[key->target], json_object_get(reference, "fields"), &key->target_fields, &target_count));
  if (target_count != key->count || key->count == 0) return wrong(at, ERR_INPUT, "a foreign key needs as many fields on both sides");
  return ERR_OK;
}

/* After all resources are known, for a key may name a later one. */
static Err read_foreign_keys(Place *at, const json_t *resources) {
  for (size_t i = 0; i < at->package->count; i++) {
    Resource *resource = &at->package->resources[i];
    const json_t *keys = json_object_get(json_object_get(json_array_get(resources, i), "schema"), "foreignKeys");
    size_t count = json_array_size(keys);
    at->resource = resource->name.ptr;
    resource->foreign = ARENA_ARRAY(at->package->arena, ForeignKey, count + 1);
    if (!resource->foreign) return no_memory(at);
    for (size_t k = 0; k < count; k++) TRY(read_foreign_key(at, json_array_get(keys, k), i, &resource->foreign[k]));
    resource->foreign_count = count;
  }
  return ERR_OK;
}

static Err read_package(Place *at, const json_t *root) {
  Package *package = at->package;
  const json_t *resources = json_object_get(root, "resources");
  if (!json_is_object(root)) return wrong(at, ERR_INPUT, "the descriptor must be an object");
  TRY(get_text(at, root, "name", &package->name));
  size_t count = json_array_size(resources);
  if (count == 0) return wrong(at, ERR_INPUT, "the package has no resources");
  if (count > PACKAGE_RESOURCES_MAX) return wrong(at, ERR_LIMIT, "the package has too many resources");
  package->resources = ARENA_ARRAY(package->arena, Resource, count);
  if (!package->resources) return no_memory(at);
  for (size_t i = 0; i < count; i++) {
    package->count = i + 1;
    TRY(read_resource(at, json_array_get(resources, i), &package->resources[i]));
    for (size_t j = 0; j < i; j++)
      if (str_eq(package->resources[i].name, package->resources[j].name) || str_eq(package->resources[i].path, package->resources[j].path))
        return wrong(at, ERR_INPUT, "two resources have the same name or path");
  }
  return read_foreign_keys(at, resources);
}

Err package_parse(Package *package, Str descriptor, Arena *arena, ErrInfo *info) {
  json_error_t why;
  *package = (Package){.arena = arena, .descriptor = descriptor};
  Place at = {package, "", "", info};
  err_at(info, "datapackage.json", NULL, 0, NULL);
  json_t *root = json_loadb(descriptor.ptr ? descriptor.ptr : "", descriptor.len, JSON_REJECT_DUPLICATES, &why);
  if (!root) {
    err_at(info, NULL, NULL, why.line, NULL);
    return err_set(info, json_error_code(&why) == json_error_out_of_memory ? ERR_MEMORY : ERR_INPUT, "not JSON: %s", why.text);
  }
  Err err = read_package(&at, root);
  json_decref(root);
  return err;
}

void package_clear(Package *package) {
  for (size_t r = 0; r < package->count; r++)
    for (size_t f = 0; f < package->resources[r].fields_count; f++)
      if (package->resources[r].fields[f].has_pattern) {
        regfree(&package->resources[r].fields[f].pattern);
        package->resources[r].fields[f].has_pattern = false;
      }
  package->count = 0;
}
