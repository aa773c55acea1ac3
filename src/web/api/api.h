/* SPDX-License-Identifier: EUPL-1.2 */
/* The read API: answers are written by the schema that openapi.json shows, see schemas.def. docs/api.md is for users. */
#ifndef PW_WEB_API_API_H
#define PW_WEB_API_API_H

#include "web/route.h"

typedef enum SchemaRowKind { ROW_SCHEMA, ROW_FIELD, ROW_CHOICE, ROW_PART, ROW_LIST, ROW_TEXTS } SchemaRowKind;
typedef enum FieldType { FIELD_STR, FIELD_DATE, FIELD_INT, FIELD_NUM, FIELD_BOOL, FIELD_NONE } FieldType;

/* The number of a row of schemas.def; the fields of SCHEMA_Goal are the rows after it, up to the next schema. */
#define ROW_JOIN(a, b) a##b
#define ROW_AT(line) ROW_JOIN(SCHEMA_ROW_, line)
typedef enum SchemaId {
#define SCHEMA(name, ...) SCHEMA_##name,
#define FIELD(...) ROW_AT(__LINE__),
#define CHOICE(...) ROW_AT(__LINE__),
#define PART(...) ROW_AT(__LINE__),
#define LIST(...) ROW_AT(__LINE__),
#define TEXTS(...) ROW_AT(__LINE__),
#include "web/api/schemas.def"
#undef SCHEMA
#undef FIELD
#undef CHOICE
#undef PART
#undef LIST
#undef TEXTS
  SCHEMA_ROWS
} SchemaId;

typedef struct SchemaRow {
  SchemaRowKind kind;
  FieldType type;           /* ROW_FIELD */
  const char *name;         /* in JSON; of a schema: its name */
  const char *key;          /* member of the value it is written from */
  SchemaId part;            /* ROW_PART, ROW_LIST: schema of what is in it */
  const char *choices;      /* ROW_CHOICE */
  bool nullable;
  const char *description;
  const char *example;      /* JSON text; NULL for none */
} SchemaRow;

extern const SchemaRow SCHEMA_TABLE[SCHEMA_ROWS];

/* The schema of that name; SCHEMA_ROWS when there is none. */
SchemaId schema_find(Str name);

/* Answers with one item written by its schema; parameter fields, where the route declares it, picks fields (the first
 * of the schema, its code, is always there). ERR_USAGE for a field the schema does not have. */
Err api_item(Request *req, Response *res, SchemaId schema, const Val *item) MUST_CHECK;
/* Answers with the page of `items` (a list of all items) that parameters page and size ask for: {items, page, size,
 * totalItems, totalPages, links {self, first, previous, next, last}} and the same links in header Link. */
Err api_list(Request *req, Response *res, SchemaId schema, const Val *items) MUST_CHECK;
/* The same when `items` holds just that page out of `total`. */
Err api_page(Request *req, Response *res, SchemaId schema, const Val *items, int64_t total) MUST_CHECK;

#define API_BASE "/api/v1"
#define API_VERSION "1.0.0"

#endif
