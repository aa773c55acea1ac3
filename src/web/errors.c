/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers to what went wrong: problem+json (RFC 9457) under /api, a page elsewhere, plain text when even the page fails. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "view/view.h"
#include "web/server.h"

bool is_api_path(Str path) { return str_eq(path, S("/api")) || str_starts(path, S("/api/")); }

/* What may be told of a failure: of our own failures (5xx) only that they happened, the particulars go to the log. */
static Str detail_of(const Request *req, int status) {
  if (status >= 500 && status != 503) return S("Something failed inside the server; it has been logged.");
  if (status == 503 && req->info.code != ERR_BUSY) return S("The server cannot answer this now; try again shortly.");
  if (req->info.message[0]) return str_from(req->info.message);
  switch (status) {
    case 404: return S("There is nothing at this address.");
    case 405: return S("This address does not take that method; the header Allow names those it takes.");
    case 413: return S("The body of the request is larger than is accepted here.");
    case 414: return S("The address is longer than is accepted.");
    default: return str_from(status_reason(status));
  }
}

static void member(JsonWriter *w, const char *key, Str text) {
  jw_key(w, str_from(key));
  jw_str(w, text);
}

/* The list that the NL API Design Rules ask of a 400: which part of the request is wrong and why. */
static void problem_errors(const Request *req, JsonWriter *w) {
  jw_key(w, S("errors"));
  jw_array(w);
  if (req->info.column[0]) {
    jw_object(w);
    member(w, "in", S("query"));
    jw_key(w, S("location"));
    jw_object(w);
    member(w, "name", str_from(req->info.column));
    jw_object_end(w);
    member(w, "code", S("parameter.invalid"));
    member(w, "detail", str_from(req->info.message));
    jw_object_end(w);
  }
  jw_array_end(w);
}

static void problem(Request *req, Response *res, int status) {
  Buf *out;
  JsonWriter w;
  if (res_body(res, "application/problem+json", STR_NONE, &out) != ERR_OK) return;
  jw_init(&w, out, 0);
  jw_object(&w);
  member(&w, "type", S("about:blank"));
  member(&w, "title", str_from(status_reason(status)));
  jw_key(&w, S("status"));
  jw_int(&w, status);
  member(&w, "detail", detail_of(req, status));
  if (status == 400) problem_errors(req, &w);
  jw_object_end(&w);
}

static void plain(Request *req, Response *res, int status) {
  Buf *out;
  if (res_body(res, "text/plain; charset=utf-8", STR_NONE, &out) != ERR_OK) return;
  buf_printf(out, "%d %s\n" STR_FMT "\n", status, status_reason(status), STR_ARG(detail_of(req, status)));
}

/* Headings of error pages: Dutch, the template translates. */
static const char *title_of(int status) {
  switch (status) {
    case 400: return N_("Dit verzoek klopt niet");
    case 403: return N_("Geen toegang");
    case 404: return N_("Pagina niet gevonden");
    case 405: return N_("Dat kan op dit adres niet");
    case 413: return N_("Het verzoek is te groot");
    case 414: return N_("Het adres is te lang");
    case 503: return N_("Even niet beschikbaar");
    default: return N_("Er ging iets mis");
  }
}

static bool page(Request *req, Response *res, int status) {
  Buf *out;
  Val *root = val_map(req->arena);
  ErrInfo info = ERRINFO_INIT;
  if (!view_has("error.html") || res_body(res, "text/html; charset=utf-8", STR_NONE, &out) != ERR_OK) return false;
  val_set_int(req->arena, root, "status", status);
  val_set_str(req->arena, root, "title", str_from(title_of(status)));
  val_set_str(req->arena, root, "reason", str_from(status_reason(status)));
  val_set_str(req->arena, root, "detail", detail_of(req, status));
  val_set_str(req->arena, root, "parameter", status == 400 ? str_from(req->info.column) : STR_NONE);
  val_set_int(req->arena, root, "retry_after", status == 503 ? 5 : 0);
  page_context(req, res, root, true);
  return view_render("error.html", root, req_lang(req), out, &info) == ERR_OK && buf_err(out) == ERR_OK;
}

void error_response(Request *req, Response *res, RouteKind kind, int status) {
  Buf *body = res->body;
  size_t kept = status == 405 || status == 503 ? res->header_count : 0;  /* Allow */
  memset(&res->fixed, 0, sizeof res->fixed);
  res->header_count = kept;
  res->body = body;
  res->no_cache = true;
  res->reach = (Reach){0};
  res->filename = STR_NONE;
  if (kind == KIND_API) problem(req, res, status);
  else if (kind == KIND_OPS || kind == KIND_ASSET || !page(req, res, status)) plain(req, res, status);
  res->status = status;
  if (status == 503 && res_header(req, res, "Retry-After", S("5")) != ERR_OK) log_line(LOG_WARN, "no room for Retry-After");
}
