/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/version.h"
#include "view/view.h"
#include "web/server.h"

void response_init(Response *res, Worker *worker) {
  memset(res, 0, sizeof *res);
  res->status = 200;
  res->body = &worker->body;
}

void assets_hash(char out[17]) {
  size_t first, count = embed_prefix(S("assets/"), &first);
  uint64_t hash = 1469598103934665603u;
  for (size_t i = 0; i < count; i++) {
    hash = (hash ^ str_hash(embed_at(first + i)->path)) * 1099511628211u;
    hash = (hash ^ str_hash(str_from(embed_at(first + i)->tag))) * 1099511628211u;
  }
  snprintf(out, 17, "%016llx", (unsigned long long)hash);
}

Str assets_base(Arena *arena) {
  char hash[17];
  assets_hash(hash);
  return arena_printf(arena, "/assets/%s", hash);
}

static Str joined(Arena *arena, Str prefix, Str path, Str query) {
  return arena_printf(arena, STR_FMT STR_FMT "%s" STR_FMT, STR_ARG(prefix), STR_ARG(path), query.len ? "?" : "", STR_ARG(query));
}

static void alternates(Request *req, Val *page) {
  Val *list = val_set_list(req->arena, page, "alternates");
  for (size_t i = 0; i < VIEW_LANG_COUNT; i++) {
    const ViewLang *lang = view_lang_at(i);
    Val *item = val_push_map(req->arena, list);
    val_set_str(req->arena, item, "lang", view_lang_code(lang));
    val_set_str(req->arena, item, "label", view_lang_name(lang));
    val_set_str(req->arena, item, "href", joined(req->arena, view_lang_prefix(lang), req->path, req->query));
    val_set_bool(req->arena, item, "current", str_eq(view_lang_code(lang), req->lang));
  }
}

void page_context(Request *req, const Response *res, Val *root, bool error) {
  Arena *arena = req->arena;
  Val *page = val_set_map(arena, root, "page");
  char today[DAY_TEXT];
  day_format_iso(req->today, today);
  val_set_str(arena, page, "lang", req->lang);
  val_set_str(arena, page, "prefix", req->prefix);
  val_set_str(arena, page, "path", req->path);
  val_set_str(arena, page, "url", joined(arena, req->prefix, req->path, req->query));
  val_set_str(arena, page, "query", req->query.len ? arena_printf(arena, "?" STR_FMT, STR_ARG(req->query)) : S(""));
  alternates(req, page);
  val_set_str(arena, page, "assets", assets_base(arena));
  val_set_str(arena, page, "version", str_from(PACTWIJZER_VERSION));
  val_set_str(arena, page, "today", arena_cstr(arena, today));
  val_set_bool(arena, page, "noindex", error);
  val_set_bool(arena, page, "scripts", res->reach.scripts && !error);
}

const ViewLang *req_lang(const Request *req) {
  const ViewLang *lang = view_lang(req->lang);
  return lang ? lang : view_lang_at(0);
}

Err res_page(Request *req, Response *res, const char *name, Val *root) {
  Buf *out;
  TRY(res_body(res, "text/html; charset=utf-8", STR_NONE, &out));
  page_context(req, res, root, false);
  return view_render(name, root, req_lang(req), out, &req->info);
}

Err res_json(Request *req, Response *res, const Val *root) {
  Buf *out;
  JsonWriter w;
  (void)req;
  TRY(res_body(res, "application/json", STR_NONE, &out));
  jw_init(&w, out, 0);
  val_json(&w, root);
  return buf_err(out);
}

Err res_body(Response *res, const char *content_type, Str filename, Buf **body) {
  buf_reset(res->body);
  res->body->limit = WEB_BODY_MAX;
  res->body_kind = BODY_BUFFER;
  res->content_type = content_type;
  res->filename = filename;
  *body = res->body;
  return ERR_OK;
}

Err res_static(Response *res, const char *content_type, Str bytes, Str etag) {
  res->body_kind = BODY_STATIC;
  res->content_type = content_type;
  res->fixed = bytes;
  res->fixed_etag = etag;
  return ERR_OK;
}

Err res_redirect(Request *req, Response *res, int status, Str location) {
  bool local = location.len > 0 && location.ptr[0] == '/' && !(location.len > 1 && (location.ptr[1] == '/' || location.ptr[1] == '\\'));
  if (!local) return err_set(&req->info, ERR_UNSUPPORTED, "a redirect must stay on this site");
  res->status = status;
  res->body_kind = BODY_NONE;
  return res_header(req, res, "Location", location);
}

void res_status(Response *res, int status) { res->status = status; }

void res_scripts(Response *res) { res->reach.scripts = true; }

void res_open(Response *res) { res->reach.open = true; }

void res_framed(Response *res) { res->reach.framed = true; }

void res_no_cache(Response *res) { res->no_cache = true; }

Err res_header(Request *req, Response *res, const char *name, Str value) {
  if (res->header_count == RESPONSE_HEADERS_MAX) return err_set(&req->info, ERR_LIMIT, "too many headers in an answer");
  for (size_t i = 0; i < value.len; i++)
    if ((unsigned char)value.ptr[i] < ' ' || (unsigned char)value.ptr[i] > '~')
      return err_set(&req->info, ERR_UNSUPPORTED, "header %s would hold a character that is not allowed there", name);
  const char *text = arena_zstr(req->arena, value);
  if (!text) return ERR_MEMORY;
  res->headers[res->header_count].name = name;
  res->headers[res->header_count++].value = text;
  return ERR_OK;
}
