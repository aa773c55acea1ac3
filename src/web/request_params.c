/* SPDX-License-Identifier: EUPL-1.2 */
/* From the text of an address to checked values. A page leaves unknown parameters alone (links from elsewhere carry
 * campaign codes) but keeps them out of its own links; the API refuses them, as a misspelt filter must not look like an
 * answer. A value that does not fit is refused by both. */
#include <string.h>

#include "base/text.h"
#include "web/request.h"
#include "web/url.h"

static Err refuse(Request *req, const ParamSpec *spec, const char *expected) {
  err_at(&req->info, NULL, NULL, 0, spec->name);
  return err_set(&req->info, ERR_USAGE, "parameter %s: expected %s", spec->name, expected);
}

static bool code_chars(Str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && (c == '\0' || !strchr("._-:", c))) return false;
  }
  return true;
}

static bool among(Str value, const char *choices) {
  Str rest = str_from(choices), choice;
  while (str_cut(&rest, '|', &choice))
    if (str_eq(choice, value)) return true;
  return false;
}

static Err check(Request *req, const ParamSpec *spec, Str value) {
  int64_t number;
  Day day;
  if (value.len > spec->max_len)
    return refuse(req, spec, arena_printf(req->arena, "at most %zu bytes", spec->max_len).ptr);
  switch (spec->type) {
    case PARAM_TEXT:
    case PARAM_REST: return ERR_OK;
    case PARAM_CODE: return code_chars(value) ? ERR_OK : refuse(req, spec, "a code: letters, digits and . _ - :");
    case PARAM_INT:
      if (str_to_int(value, &number) && number >= spec->min && number <= spec->max) return ERR_OK;
      return refuse(req, spec, arena_printf(req->arena, "a whole number from %lld to %lld", (long long)spec->min,
                                            (long long)spec->max).ptr);
    case PARAM_DATE: return day_parse_iso(value, &day) ? ERR_OK : refuse(req, spec, "a date as 2013-11-15");
    case PARAM_ENUM:
      return among(value, spec->choices) ? ERR_OK : refuse(req, spec, arena_printf(req->arena, "one of %s", spec->choices).ptr);
  }
  return ERR_UNSUPPORTED;
}

static bool has_value(const ParamValue *values, Str value) {
  for (size_t i = 0; i < values->count; i++)
    if (str_eq(values->items[i], value)) return true;
  return false;
}

static Err add(Request *req, const ParamSpec *spec, Str value) {
  ParamValue *values = &req->values[spec - req->route->params];
  value = str_trim(value);
  if (value.len == 0 || has_value(values, value)) return ERR_OK;
  TRY(check(req, spec, value));
  if (values->count == spec->max_values)
    return refuse(req, spec, spec->max_values == 1 ? "one value"
                                                   : arena_printf(req->arena, "at most %zu values", spec->max_values).ptr);
  values->items = arena_grow(req->arena, values->items, values->count * sizeof(Str), (values->count + 1) * sizeof(Str));
  if (!values->items) return ERR_MEMORY;
  values->items[values->count++] = value;
  return ERR_OK;
}

static Err decode_pair(Request *req, Str pair, Str *name, Str *value) {
  Str rest = pair, raw_name;
  *name = *value = STR_NONE;
  if (!str_cut(&rest, '=', &raw_name)) return ERR_OK;
  Err err = url_decode(req->arena, raw_name, true, name);
  if (err == ERR_OK && rest.ptr) err = url_decode(req->arena, rest, true, value);
  if (err == ERR_USAGE)
    return err_set(&req->info, ERR_USAGE, "the query holds a broken %%-escape, a control character or bytes that are not UTF-8");
  return err;
}

static Err take_pair(Request *req, Str pair) {
  Str name, value, part;
  TRY(decode_pair(req, pair, &name, &value));
  if (name.len == 0) return ERR_OK;
  const ParamSpec *spec = route_param(req->route, name);
  if (!spec || spec->where != IN_QUERY) {
    if (req->route->kind != KIND_API) return ERR_OK;
    err_at(&req->info, NULL, NULL, 0, name.len < 64 ? arena_zstr(req->arena, name) : NULL);
    return err_set(&req->info, ERR_USAGE, "unknown parameter " STR_FMT "; see /api/v1/openapi.json",
                   STR_ARG(str_slice(name, 0, 64)));
  }
  if (spec->max_values == 1 || spec->type == PARAM_TEXT) return add(req, spec, value);
  while (str_cut(&value, ',', &part)) TRY(add(req, spec, part));
  return ERR_OK;
}

static void canonical(Request *req, Buf *out) {
  for (size_t i = 0; i < req->route->param_count; i++) {
    const ParamSpec *spec = &req->route->params[i];
    const ParamValue *values = &req->values[i];
    if (spec->where != IN_QUERY) continue;
    for (size_t j = 0; j < values->count; j++) {
      if (spec->standard && values->count == 1 && str_eq(values->items[j], str_from(spec->standard))) continue;
      if (out->len) buf_char(out, '&');
      buf_cstr(out, spec->name);
      buf_char(out, '=');
      text_escape_url(out, values->items[j]);
    }
  }
}

Err request_params(Request *req, const RouteMatch *match, Str raw_query) {
  size_t pairs = 0;
  Str pair, value;
  req->values = arena_alloc0(req->arena, req->route->param_count + 1, sizeof *req->values);
  if (!req->values) return ERR_MEMORY;
  for (size_t i = 0; i < match->count; i++) {
    const ParamSpec *spec = route_param(req->route, match->values[i].name);
    if (!spec) return err_set(&req->info, ERR_UNSUPPORTED, "pattern of the route names an undeclared parameter");
    if (url_decode(req->arena, match->values[i].value, false, &value) != ERR_OK)
      return err_set(&req->info, ERR_NOT_FOUND, "no such address");
    /* a code no item can have is an item that does not exist, not a malformed request */
    if (add(req, spec, value) != ERR_OK || req->values[spec - req->route->params].count != 1)
      return err_set(&req->info, ERR_NOT_FOUND, "there is no " STR_FMT " \"" STR_FMT "\"", STR_ARG(match->values[i].name),
                     STR_ARG(str_slice(value, 0, 64)));
  }
  while (str_cut(&raw_query, '&', &pair)) {
    if (++pairs > QUERY_PAIRS_MAX) return err_set(&req->info, ERR_USAGE, "more than %d parameters", QUERY_PAIRS_MAX);
    TRY(take_pair(req, pair));
  }
  Buf text;
  buf_init(&text, 0);
  canonical(req, &text);
  req->query = buf_err(&text) == ERR_OK ? arena_str(req->arena, buf_view(&text)) : STR_NONE;
  buf_clear(&text);
  return req->query.ptr ? ERR_OK : ERR_MEMORY;
}
