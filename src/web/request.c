/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/request.h"

#include <string.h>

#include "base/text.h"

/* The values of a declared parameter. Asking for another one is a mistake of the handler: it gets nothing and the request
 * ends as a 500 that names the parameter, so that the mistake is seen at the first try and the server stays up. */
static const ParamValue *values_of(const Request *req, const char *name, const ParamSpec **spec) {
  static const ParamValue none = {NULL, 0};
  *spec = req->route ? route_param(req->route, str_from(name)) : NULL;
  if (!*spec) {
    ((Request *)(uintptr_t)req)->misuse = name;
    return &none;
  }
  return &req->values[*spec - req->route->params];
}

bool req_has(const Request *req, const char *name) {
  const ParamSpec *spec;
  return values_of(req, name, &spec)->count > 0;
}

Str req_str(const Request *req, const char *name) {
  const ParamSpec *spec;
  const ParamValue *values = values_of(req, name, &spec);
  if (values->count > 0) return values->items[0];
  return spec ? str_from(spec->standard) : STR_NONE;
}

int64_t req_int(const Request *req, const char *name) {
  int64_t number = 0;
  return str_to_int(req_str(req, name), &number) ? number : 0;
}

Day req_date(const Request *req, const char *name) {
  Day day;
  return day_parse_iso(req_str(req, name), &day) ? day : DAY_NONE;
}

size_t req_count(const Request *req, const char *name) {
  const ParamSpec *spec;
  return values_of(req, name, &spec)->count;
}

Str req_at(const Request *req, const char *name, size_t index) {
  const ParamSpec *spec;
  const ParamValue *values = values_of(req, name, &spec);
  return index < values->count ? values->items[index] : STR_NONE;
}

const Route *req_route(const Request *req) { return req->route; }
Str req_body(const Request *req) { return req->body; }
Arena *req_arena(Request *req) { return req->arena; }
Store *req_store(Request *req) { return req->store; }
const ActionIndex *req_index(Request *req) { return req->index; }
Str req_lang_code(const Request *req) { return req->lang; }
Day req_today(const Request *req) { return req->today; }
Day req_as_of(const Request *req) { return req_has(req, "asOf") ? req_date(req, "asOf") : req->today; }

Day req_known_on(const Request *req) {
  Day as_of = req_as_of(req);
  return str_eq(req_str(req, "known"), S("now")) && req->today > as_of ? req->today : as_of;
}
ErrInfo *req_info(Request *req) { return &req->info; }
Str req_path(const Request *req) { return req->path; }
Str req_prefix(const Request *req) { return req->prefix; }
Str req_query(const Request *req) { return req->query; }

/* How a link differs from the address of this page. */
typedef struct Change {
  const char *name;   /* parameter that changes; NULL: none */
  enum { CHANGE_SET, CHANGE_ADD, CHANGE_WITHOUT } how;
  Str value;
} Change;

static void put_pair(Buf *out, bool *first, const char *name, Str value) {
  buf_char(out, *first ? '?' : '&');
  *first = false;
  buf_cstr(out, name);
  buf_char(out, '=');
  text_escape_url(out, value);
}

static void put_param(const Request *req, size_t i, const Change *change, Buf *out, bool *first) {
  const ParamSpec *spec = &req->route->params[i];
  const ParamValue *values = &req->values[i];
  bool changed = change->name && strcmp(spec->name, change->name) == 0;
  bool keep = !changed || change->how != CHANGE_SET, add = changed && change->how != CHANGE_WITHOUT && change->value.ptr;
  for (size_t j = 0; keep && j < values->count; j++) {
    if (changed && str_eq(values->items[j], change->value)) {
      if (change->how == CHANGE_WITHOUT) continue;
      add = false;  /* it is there already */
    }
    if (spec->standard && str_eq(values->items[j], str_from(spec->standard))) continue;
    put_pair(out, first, spec->name, values->items[j]);
  }
  if (add && change->value.len && !(spec->standard && str_eq(change->value, str_from(spec->standard))))
    put_pair(out, first, spec->name, change->value);
}

static Str link_text(Request *req, Str prefix, Str path, const Change *change, bool paging) {
  Buf out;
  bool first = true;
  buf_init(&out, 0);
  buf_str(&out, prefix);
  buf_str(&out, path);
  for (size_t i = 0; req->route && req->values && i < req->route->param_count; i++) {
    const char *name = req->route->params[i].name;
    bool is_page = strcmp(name, "page") == 0, is_size = strcmp(name, "size") == 0;
    if (req->route->params[i].where != IN_QUERY) continue;
    if (is_page && !(change->name && strcmp(change->name, "page") == 0)) continue;
    if (is_size && !paging) continue;
    put_param(req, i, change, &out, &first);
  }
  Str text = buf_err(&out) == ERR_OK ? arena_str(req->arena, buf_view(&out)) : STR_NONE;
  buf_clear(&out);
  return text;
}

static Str link_changed(Request *req, Change change) {
  if (!req->route || !route_param(req->route, str_from(change.name))) {
    req->misuse = change.name;
    return STR_NONE;
  }
  return link_text(req, req->prefix, req->path, &change, true);
}

Str req_link_set(Request *req, const char *name, Str value) { return link_changed(req, (Change){name, CHANGE_SET, value}); }
Str req_link_add(Request *req, const char *name, Str value) { return link_changed(req, (Change){name, CHANGE_ADD, value}); }
Str req_link_without(Request *req, const char *name, Str value) {
  return link_changed(req, (Change){name, CHANGE_WITHOUT, value});
}

Str req_link_to(Request *req, Str path) {
  return link_text(req, str_starts(path, S("/api/")) ? S("") : req->prefix, path, &(Change){NULL, CHANGE_SET, STR_NONE}, false);
}
