/* SPDX-License-Identifier: EUPL-1.2 */
/* openapi.json, made from routes.def and schemas.def so that it cannot say anything else than what the server does. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/version.h"
#include "web/api/api.h"

/* Placeholders of the project itself, as in publiccode.yml. */
#define PACTWIJZER_CONTACT_URL "https://example.org/pactwijzer"
#define PACTWIJZER_CONTACT_EMAIL "pactwijzer@example.org"

Err api_get_openapi(Request *req, Response *res);

static void member(JsonWriter *w, const char *key, const char *text) {
  jw_key(w, str_from(key));
  jw_str(w, str_from(text));
}

static void open(JsonWriter *w, const char *key) {
  jw_key(w, str_from(key));
  jw_object(w);
}

static void reference(JsonWriter *w, const char *section, const char *name) {
  char text[160];
  snprintf(text, sizeof text, "#/components/%s/%s", section, name);
  member(w, "$ref", text);
}

static void choices(JsonWriter *w, const char *list) {
  Str rest = str_from(list), choice;
  jw_key(w, S("enum"));
  jw_array(w);
  while (str_cut(&rest, '|', &choice)) jw_str(w, choice);
  jw_array_end(w);
}

/* --- schemas --- */

static void type_of(JsonWriter *w, const char *type, bool nullable) {
  jw_key(w, S("type"));
  if (!nullable) {
    jw_str(w, str_from(type));
    return;
  }
  jw_array(w);
  jw_str(w, str_from(type));
  jw_str(w, S("null"));
  jw_array_end(w);
}

static void scalar_type(JsonWriter *w, const SchemaRow *row) {
  static const char *const names[] = {"string", "string", "integer", "number", "boolean", "null"};
  type_of(w, names[row->type], row->nullable);
  if (row->type == FIELD_DATE) member(w, "format", "date");
}

static void list_type(JsonWriter *w, const SchemaRow *row) {
  member(w, "type", "array");
  open(w, "items");
  if (row->kind == ROW_LIST) reference(w, "schemas", SCHEMA_TABLE[row->part].name);
  else member(w, "type", "string");
  jw_object_end(w);
}

static void part_type(JsonWriter *w, const SchemaRow *row) {
  if (!row->nullable) {
    reference(w, "schemas", SCHEMA_TABLE[row->part].name);
    return;
  }
  jw_key(w, S("oneOf"));
  jw_array(w);
  jw_object(w);
  reference(w, "schemas", SCHEMA_TABLE[row->part].name);
  jw_object_end(w);
  jw_object(w);
  member(w, "type", "null");
  jw_object_end(w);
  jw_array_end(w);
}

static void property(JsonWriter *w, const SchemaRow *row) {
  open(w, row->name);
  if (row->kind == ROW_LIST || row->kind == ROW_TEXTS) list_type(w, row);
  else if (row->kind == ROW_PART) part_type(w, row);
  else scalar_type(w, row);
  if (row->kind == ROW_CHOICE) choices(w, row->choices);
  member(w, "description", row->description);
  if (row->example) {
    jw_key(w, S("examples"));
    jw_array(w);
    jw_raw(w, str_from(row->example));
    jw_array_end(w);
  }
  jw_object_end(w);
}

/* Whether answers with only some fields (parameter fields) are of this schema: then only the first is sure to be there. */
static bool picked_from(const char *name) {
  size_t len = strlen(name);
  for (size_t i = 0; i < WEB_ROUTES.count; i++) {
    const Route *route = &WEB_ROUTES.routes[i];
    if (route->schema && strncmp(route->schema, name, len) == 0 && (route->schema[len] == '\0' || route->schema[len] == '[') &&
        route_param(route, S("fields")))
      return true;
  }
  return false;
}

static void schema(JsonWriter *w, size_t at) {
  bool picked = picked_from(SCHEMA_TABLE[at].name);
  open(w, SCHEMA_TABLE[at].name);
  member(w, "type", "object");
  member(w, "description", SCHEMA_TABLE[at].description);
  jw_key(w, S("required"));
  jw_array(w);
  for (size_t i = at + 1; i < SCHEMA_ROWS && SCHEMA_TABLE[i].kind != ROW_SCHEMA; i++)
    if (!picked || i == at + 1) jw_str(w, str_from(SCHEMA_TABLE[i].name));
  jw_array_end(w);
  jw_key(w, S("additionalProperties"));
  jw_bool(w, false);
  open(w, "properties");
  for (size_t i = at + 1; i < SCHEMA_ROWS && SCHEMA_TABLE[i].kind != ROW_SCHEMA; i++) property(w, &SCHEMA_TABLE[i]);
  jw_object_end(w);
  jw_object_end(w);
}

/* What every list and every error looks like: fixed, so written as JSON. */
static const char FIXED_SCHEMAS[] =
  "\"Link\":{\"type\":\"object\",\"description\":\"An address of this API\",\"required\":[\"href\"],\"additionalProperties\":false,"
  "\"properties\":{\"href\":{\"type\":\"string\",\"description\":\"Address relative to the host\",\"examples\":[\"/api/v1/goals?page=2\"]}}},"
  "\"PageLinks\":{\"type\":\"object\",\"description\":\"Neighbouring pages; null where there is none\","
  "\"required\":[\"self\",\"first\",\"previous\",\"next\",\"last\"],\"additionalProperties\":false,\"properties\":{"
  "\"self\":{\"$ref\":\"#/components/schemas/Link\"},\"first\":{\"$ref\":\"#/components/schemas/Link\"},"
  "\"previous\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Link\"},{\"type\":\"null\"}]},"
  "\"next\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Link\"},{\"type\":\"null\"}]},"
  "\"last\":{\"$ref\":\"#/components/schemas/Link\"}}},"
  "\"Problem\":{\"type\":\"object\",\"description\":\"What went wrong (RFC 9457)\",\"required\":[\"type\",\"title\",\"status\",\"detail\"],"
  "\"additionalProperties\":false,\"properties\":{"
  "\"type\":{\"type\":\"string\",\"description\":\"Kind of problem\",\"examples\":[\"about:blank\"]},"
  "\"title\":{\"type\":\"string\",\"description\":\"Name of the status\",\"examples\":[\"Bad Request\"]},"
  "\"status\":{\"type\":\"integer\",\"description\":\"HTTP status\",\"examples\":[400]},"
  "\"detail\":{\"type\":\"string\",\"description\":\"What was found and what was expected\"},"
  "\"errors\":{\"type\":\"array\",\"description\":\"Parts of the request that are wrong; only with status 400\",\"items\":{"
  "\"type\":\"object\",\"required\":[\"in\",\"detail\"],\"additionalProperties\":false,\"properties\":{"
  "\"in\":{\"type\":\"string\",\"description\":\"Part of the request\",\"enum\":[\"query\",\"body\"]},"
  "\"location\":{\"type\":\"object\",\"description\":\"Where in that part\",\"additionalProperties\":false,"
  "\"properties\":{\"name\":{\"type\":\"string\",\"description\":\"Parameter\"}}},"
  "\"code\":{\"type\":\"string\",\"description\":\"Stable name of the mistake\",\"examples\":[\"parameter.invalid\"]},"
  "\"detail\":{\"type\":\"string\",\"description\":\"What is wrong with it\"}}}}}}";

static const char HEADERS[] =
  "{\"API-Version\":{\"description\":\"Full version of the API\",\"schema\":{\"type\":\"string\",\"examples\":[\"" API_VERSION "\"]}},"
  "\"ETag\":{\"description\":\"Tag of this representation; send it back in If-None-Match\",\"schema\":{\"type\":\"string\"}},"
  "\"Link\":{\"description\":\"Neighbouring pages: first, prev, next, last (RFC 8288)\",\"schema\":{\"type\":\"string\"}},"
  "\"Retry-After\":{\"description\":\"Seconds after which to try again\",\"schema\":{\"type\":\"integer\"}}}";

static void components(JsonWriter *w) {
  open(w, "components");
  open(w, "schemas");
  for (size_t i = 0; i < SCHEMA_ROWS; i++)
    if (SCHEMA_TABLE[i].kind == ROW_SCHEMA) schema(w, i);
  jw_raw(w, str_from(FIXED_SCHEMAS));
  jw_object_end(w);
  jw_key(w, S("headers"));
  jw_raw(w, str_from(HEADERS));
  jw_object_end(w);
}

/* --- operations --- */

static void parameter_schema(JsonWriter *w, const ParamSpec *spec, bool item) {
  bool number = spec->type == PARAM_INT;
  type_of(w, number ? "integer" : "string", false);
  if (number) {
    jw_key(w, S("minimum"));
    jw_int(w, spec->min);
    jw_key(w, S("maximum"));
    jw_int(w, spec->max);
  } else if (spec->type == PARAM_ENUM) {
    choices(w, spec->choices);
  } else {
    jw_key(w, S("maxLength"));
    jw_int(w, (int64_t)spec->max_len);
  }
  if (spec->type == PARAM_CODE) member(w, "pattern", "^[A-Za-z0-9._:-]*$");
  if (spec->type == PARAM_DATE) member(w, "format", "date");
  if (!spec->standard || item) return;
  jw_key(w, S("default"));
  if (number) jw_raw(w, str_from(spec->standard));
  else jw_str(w, str_from(spec->standard));
}

static void parameter(JsonWriter *w, const ParamSpec *spec) {
  bool many = spec->max_values > 1;
  jw_object(w);
  member(w, "name", spec->name);
  member(w, "in", spec->where == IN_PATH ? "path" : "query");
  jw_key(w, S("required"));
  jw_bool(w, spec->where == IN_PATH);
  member(w, "description", spec->help);
  if (many) {
    /* both a,b and repetition are taken; a client made from this description repeats */
    member(w, "style", "form");
    jw_key(w, S("explode"));
    jw_bool(w, true);
  }
  open(w, "schema");
  if (many) {
    member(w, "type", "array");
    jw_key(w, S("maxItems"));
    jw_int(w, (int64_t)spec->max_values);
    open(w, "items");
    parameter_schema(w, spec, true);
    jw_object_end(w);
  } else {
    parameter_schema(w, spec, false);
  }
  jw_object_end(w);
  jw_object_end(w);
}

static void header_ref(JsonWriter *w, const char *name) {
  open(w, name);
  reference(w, "headers", name);
  jw_object_end(w);
}

static void list_schema(JsonWriter *w, const char *name) {
  member(w, "type", "object");
  jw_raw(w, S("\"required\":[\"items\",\"page\",\"size\",\"totalItems\",\"totalPages\",\"links\"],\"additionalProperties\":false"));
  open(w, "properties");
  open(w, "items");
  member(w, "type", "array");
  member(w, "description", "Items of this page");
  open(w, "items");
  reference(w, "schemas", name);
  jw_object_end(w);
  jw_object_end(w);
  jw_raw(w, S("\"page\":{\"type\":\"integer\",\"description\":\"Number of this page\",\"examples\":[1]},"
              "\"size\":{\"type\":\"integer\",\"description\":\"Items per page\",\"examples\":[25]},"
              "\"totalItems\":{\"type\":\"integer\",\"description\":\"Items in all\",\"examples\":[120]},"
              "\"totalPages\":{\"type\":\"integer\",\"description\":\"Pages in all\",\"examples\":[5]},"
              "\"links\":{\"$ref\":\"#/components/schemas/PageLinks\"}"));
  jw_object_end(w);
}

static void success(JsonWriter *w, const Route *route) {
  Str name = str_from(route->schema);
  bool list = str_ends(name, S("[]"));
  char text[64];
  snprintf(text, sizeof text, STR_FMT, STR_ARG(list ? str_slice(name, 0, name.len - 2) : name));
  open(w, "200");
  member(w, "description", route->summary);
  open(w, "headers");
  header_ref(w, "API-Version");
  header_ref(w, "ETag");
  if (list) header_ref(w, "Link");
  jw_object_end(w);
  open(w, "content");
  open(w, "application/json");
  open(w, "schema");
  if (list) list_schema(w, text);
  else if (route->schema) reference(w, "schemas", text);
  else member(w, "type", "object");
  jw_object_end(w);
  jw_object_end(w);
  jw_object_end(w);
  jw_object_end(w);
}

static void failure(JsonWriter *w, const char *status, const char *description) {
  open(w, status);
  member(w, "description", description);
  open(w, "headers");
  header_ref(w, "API-Version");
  if (strcmp(status, "503") == 0) header_ref(w, "Retry-After");
  jw_object_end(w);
  open(w, "content");
  open(w, "application/problem+json");
  open(w, "schema");
  reference(w, "schemas", "Problem");
  jw_object_end(w);
  jw_object_end(w);
  jw_object_end(w);
  jw_object_end(w);
}

static void responses(JsonWriter *w, const Route *route) {
  bool path = false;
  for (size_t i = 0; i < route->param_count; i++) path = path || route->params[i].where == IN_PATH;
  open(w, "responses");
  success(w, route);
  open(w, "304");
  member(w, "description", "Not changed since the tag in If-None-Match");
  open(w, "headers");
  header_ref(w, "API-Version");
  header_ref(w, "ETag");
  jw_object_end(w);
  jw_object_end(w);
  failure(w, "400", "A parameter is unknown or has a value it cannot have");
  if (path) failure(w, "404", "There is no such item");
  if (route->needs != NEEDS_NOTHING) failure(w, "503", "The data cannot be read now");
  jw_object_end(w);
}

/* "api_list_goals" is operation "listGoals". */
static void operation_id(JsonWriter *w, const char *handler) {
  char text[80];
  size_t len = 0;
  for (const char *c = handler + (strncmp(handler, "api_", 4) == 0 ? 4 : 0); *c && len < sizeof text - 1; c++) {
    bool upper = *c == '_' && c[1];
    if (upper) c++;
    text[len++] = upper ? (char)toupper((unsigned char)*c) : *c;
  }
  jw_key(w, S("operationId"));
  jw_str(w, (Str){text, len});
}

/* The first part of the path below the base: "/goals/{goal}" has tag "goals". */
static Str tag_of(const Route *route) {
  Str rest = str_slice(str_from(route->pattern), sizeof API_BASE, strlen(route->pattern)), tag;
  return str_cut(&rest, '/', &tag) ? (str_starts(tag, S("openapi")) ? S("description") : tag) : S("");
}

static void operation(JsonWriter *w, const Route *route) {
  open(w, route->pattern + strlen(API_BASE));
  open(w, "get");
  operation_id(w, route->name);
  member(w, "summary", route->summary);
  member(w, "description", route->summary);
  jw_key(w, S("tags"));
  jw_array(w);
  jw_str(w, tag_of(route));
  jw_array_end(w);
  jw_key(w, S("parameters"));
  jw_array(w);
  for (size_t i = 0; i < route->param_count; i++) parameter(w, &route->params[i]);
  jw_array_end(w);
  responses(w, route);
  jw_object_end(w);
  jw_object_end(w);
}

static bool in_api(const Route *route) { return route->kind == KIND_API && route->method == METHOD_GET; }

static void tags(JsonWriter *w) {
  jw_key(w, S("tags"));
  jw_array(w);
  for (size_t i = 0; i < WEB_ROUTES.count; i++) {
    Str tag = in_api(&WEB_ROUTES.routes[i]) ? tag_of(&WEB_ROUTES.routes[i]) : S("");
    bool seen = tag.len == 0;
    for (size_t j = 0; j < i && !seen; j++) seen = in_api(&WEB_ROUTES.routes[j]) && str_eq(tag_of(&WEB_ROUTES.routes[j]), tag);
    if (seen) continue;
    jw_object(w);
    jw_key(w, S("name"));
    jw_str(w, tag);
    member(w, "description", WEB_ROUTES.routes[i].summary);
    jw_object_end(w);
  }
  jw_array_end(w);
}

static const char INFO[] =
  "{\"title\":\"Pactwijzer\",\"version\":\"" API_VERSION "\",\"description\":\"Read access to a regional pact: goals in all editions, actions, the action matrix, "
  "frameworks, organisations, regions, and the source of every fact. Texts are Dutch. A fact that is not known is null, never "
  "invented. Contact details of persons are not public. Made from the program's own table of routes (program version " PACTWIJZER_VERSION ").\","
  "\"contact\":{\"name\":\"Pactwijzer\",\"url\":\"" PACTWIJZER_CONTACT_URL "\",\"email\":\"" PACTWIJZER_CONTACT_EMAIL "\"},"
  "\"license\":{\"name\":\"EUPL-1.2\",\"url\":\"https://eupl.eu/1.2/en/\"}}";

Err api_get_openapi(Request *req, Response *res) {
  Buf *out;
  JsonWriter w;
  (void)req;
  TRY(res_body(res, "application/json", STR_NONE, &out));
  jw_init(&w, out, 0);
  jw_object(&w);
  member(&w, "openapi", "3.1.0");
  jw_key(&w, S("info"));
  jw_raw(&w, str_from(INFO));
  jw_key(&w, S("servers"));
  jw_raw(&w, S("[{\"url\":\"" API_BASE "\",\"description\":\"This server\"}]"));
  tags(&w);
  open(&w, "paths");
  for (size_t i = 0; i < WEB_ROUTES.count; i++)
    if (in_api(&WEB_ROUTES.routes[i])) operation(&w, &WEB_ROUTES.routes[i]);
  jw_object_end(&w);
  components(&w);
  jw_object_end(&w);
  return buf_err(out);
}
