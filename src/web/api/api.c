/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/api/api.h"

#include <stdio.h>
#include <string.h>

#define NULLABLE true
#define ALWAYS false

const SchemaRow SCHEMA_TABLE[SCHEMA_ROWS] = {
#define SCHEMA(name, text) {ROW_SCHEMA, FIELD_NONE, #name, NULL, SCHEMA_ROWS, NULL, false, text, NULL},
#define FIELD(type, name, key, null, text, example) {ROW_FIELD, FIELD_##type, #name, key, SCHEMA_ROWS, NULL, null, text, example},
#define CHOICE(name, key, choices, null, text, example) {ROW_CHOICE, FIELD_STR, #name, key, SCHEMA_ROWS, choices, null, text, example},
#define PART(name, key, part, null, text) {ROW_PART, FIELD_NONE, #name, key, SCHEMA_##part, NULL, null, text, NULL},
#define LIST(name, key, part, text) {ROW_LIST, FIELD_NONE, #name, key, SCHEMA_##part, NULL, false, text, NULL},
#define TEXTS(name, key, text, example) {ROW_TEXTS, FIELD_NONE, #name, key, SCHEMA_ROWS, NULL, false, text, example},
#include "web/api/schemas.def"
#undef SCHEMA
#undef FIELD
#undef CHOICE
#undef PART
#undef LIST
#undef TEXTS
};

SchemaId schema_find(Str name) {
  for (size_t i = 0; i < SCHEMA_ROWS; i++)
    if (SCHEMA_TABLE[i].kind == ROW_SCHEMA && str_eq(str_from(SCHEMA_TABLE[i].name), name)) return (SchemaId)i;
  return SCHEMA_ROWS;
}

/* Which fields of the outermost items are written: a bit per field, in the order of the schema. */
typedef uint64_t FieldSet;
#define ALL_FIELDS UINT64_MAX

static void write_object(JsonWriter *w, SchemaId schema, const Val *value, FieldSet fields);

/* A code or number that the table holds as a number and the schema promises as text. */
static void write_int_text(JsonWriter *w, int64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  jw_str(w, str_from(text));
}

static void write_scalar(JsonWriter *w, const SchemaRow *row, const Val *value) {
  switch (row->type) {
    case FIELD_STR:
    case FIELD_DATE:
      /* an empty text in the store is a fact that is not known */
      if (value->kind == VAL_STR && (value->as.text.len || !row->nullable)) jw_str(w, value->as.text);
      else if (value->kind == VAL_INT) write_int_text(w, value->as.integer);
      else jw_null(w);
      return;
    case FIELD_INT:
      if (value->kind == VAL_INT) jw_int(w, value->as.integer);
      else if (value->kind == VAL_DOUBLE) jw_int(w, (int64_t)value->as.number);
      else jw_null(w);
      return;
    case FIELD_NUM:
      if (value->kind == VAL_INT) jw_int(w, value->as.integer);
      else if (value->kind == VAL_DOUBLE) jw_double(w, value->as.number);
      else jw_null(w);
      return;
    case FIELD_BOOL:
      if (value->kind == VAL_NULL && row->nullable) jw_null(w);
      else jw_bool(w, val_truth(value));
      return;
    case FIELD_NONE: jw_null(w); return;
  }
}

static void write_list(JsonWriter *w, const SchemaRow *row, const Val *value) {
  jw_array(w);
  for (size_t i = 0; value->kind == VAL_LIST && i < value->as.list.count; i++) {
    const Val *item = value->as.list.items[i];
    if (row->kind == ROW_LIST) write_object(w, row->part, item, ALL_FIELDS);
    else jw_str(w, item->kind == VAL_STR ? item->as.text : S(""));
  }
  jw_array_end(w);
}

static void write_field(JsonWriter *w, const SchemaRow *row, const Val *value) {
  jw_key(w, str_from(row->name));
  if (row->kind == ROW_LIST || row->kind == ROW_TEXTS) write_list(w, row, value);
  else if (row->kind != ROW_PART) write_scalar(w, row, value);
  else if (value->kind == VAL_MAP) write_object(w, row->part, value, ALL_FIELDS);
  else jw_null(w);
}

static void write_object(JsonWriter *w, SchemaId schema, const Val *value, FieldSet fields) {
  jw_object(w);
  for (size_t i = (size_t)schema + 1, bit = 0; i < SCHEMA_ROWS && SCHEMA_TABLE[i].kind != ROW_SCHEMA; i++, bit++)
    if (bit >= 64 || (fields >> bit & 1)) write_field(w, &SCHEMA_TABLE[i], val_get(value, str_from(SCHEMA_TABLE[i].key)));
  jw_object_end(w);
}

static Err chosen_fields(Request *req, SchemaId schema, const Route *route, FieldSet *fields) {
  *fields = ALL_FIELDS;
  if (!route_param(route, S("fields")) || req_count(req, "fields") == 0) return ERR_OK;
  *fields = 1;
  for (size_t n = 0; n < req_count(req, "fields"); n++) {
    Str name = req_at(req, "fields", n);
    bool found = false;
    for (size_t i = (size_t)schema + 1, bit = 0; i < SCHEMA_ROWS && SCHEMA_TABLE[i].kind != ROW_SCHEMA; i++, bit++)
      if (str_eq(str_from(SCHEMA_TABLE[i].name), name)) *fields |= (FieldSet)1 << bit, found = true;
    if (found) continue;
    err_at(req_info(req), NULL, NULL, 0, "fields");
    return err_set(req_info(req), ERR_USAGE, "%s has no field \"" STR_FMT "\"", SCHEMA_TABLE[schema].name, STR_ARG(name));
  }
  return ERR_OK;
}

Err api_item(Request *req, Response *res, SchemaId schema, const Val *item) {
  FieldSet fields;
  Buf *out;
  JsonWriter w;
  TRY(chosen_fields(req, schema, req_route(req), &fields));
  TRY(res_body(res, "application/json", STR_NONE, &out));
  jw_init(&w, out, 0);
  write_object(&w, schema, item, fields);
  return buf_err(out);
}

typedef struct Links { Str self, first, previous, next, last; } Links;

static Str page_link(Request *req, int64_t page) {
  return req_link_set(req, "page", arena_printf(req_arena(req), "%lld", (long long)page));
}

static Links make_links(Request *req, int64_t page, int64_t pages) {
  Links links = {page_link(req, page), page_link(req, 1), STR_NONE, STR_NONE, page_link(req, pages > 0 ? pages : 1)};
  if (page > 1) links.previous = page_link(req, page - 1 < pages ? page - 1 : pages > 0 ? pages : 1);
  if (page < pages) links.next = page_link(req, page + 1);
  return links;
}

static void put_link(Request *req, Str *header, Str link, const char *relation) {
  if (link.ptr)
    *header = arena_printf(req_arena(req), STR_FMT "%s<" STR_FMT ">; rel=\"%s\"", STR_ARG(*header), header->len ? ", " : "",
                           STR_ARG(link), relation);
}

static Err link_header(Request *req, Response *res, const Links *links) {
  Str header = S("");
  put_link(req, &header, links->first, "first");
  put_link(req, &header, links->previous, "prev");
  put_link(req, &header, links->next, "next");
  put_link(req, &header, links->last, "last");
  return header.ptr ? res_header(req, res, "Link", header) : ERR_MEMORY;
}

static void write_href(JsonWriter *w, const char *name, Str href) {
  jw_key(w, str_from(name));
  if (!href.ptr) {
    jw_null(w);
    return;
  }
  jw_object(w);
  jw_key(w, S("href"));
  jw_str(w, href);
  jw_object_end(w);
}

static void write_links(JsonWriter *w, const Links *links) {
  jw_key(w, S("links"));
  jw_object(w);
  write_href(w, "self", links->self);
  write_href(w, "first", links->first);
  write_href(w, "previous", links->previous);
  write_href(w, "next", links->next);
  write_href(w, "last", links->last);
  jw_object_end(w);
}

/* Items [from, to) of the list as one page out of `total`. */
static Err write_page(Request *req, Response *res, SchemaId schema, const Val *items, size_t from, size_t to, int64_t total) {
  int64_t page = req_int(req, "page"), size = req_int(req, "size"), pages = (total + size - 1) / size;
  Links links = make_links(req, page, pages);
  FieldSet fields;
  Buf *out;
  JsonWriter w;
  TRY(chosen_fields(req, schema, req_route(req), &fields));
  TRY(link_header(req, res, &links));
  TRY(res_body(res, "application/json", STR_NONE, &out));
  jw_init(&w, out, 0);
  jw_object(&w);
  jw_key(&w, S("items"));
  jw_array(&w);
  for (size_t i = from; i < to; i++) write_object(&w, schema, items->as.list.items[i], fields);
  jw_array_end(&w);
  jw_key(&w, S("page"));
  jw_int(&w, page);
  jw_key(&w, S("size"));
  jw_int(&w, size);
  jw_key(&w, S("totalItems"));
  jw_int(&w, total);
  jw_key(&w, S("totalPages"));
  jw_int(&w, pages);
  write_links(&w, &links);
  jw_object_end(&w);
  return buf_err(out);
}

Err api_list(Request *req, Response *res, SchemaId schema, const Val *items) {
  size_t count = items->kind == VAL_LIST ? items->as.list.count : 0, size = (size_t)req_int(req, "size");
  size_t from = ((size_t)req_int(req, "page") - 1) * size;
  if (from > count) from = count;
  return write_page(req, res, schema, items, from, count - from < size ? count : from + size, (int64_t)count);
}

Err api_page(Request *req, Response *res, SchemaId schema, const Val *items, int64_t total) {
  size_t count = items->kind == VAL_LIST ? items->as.list.count : 0;
  return write_page(req, res, schema, items, 0, count, total);
}
