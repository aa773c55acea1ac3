/* SPDX-License-Identifier: EUPL-1.2 */
/* Matching a path against the table. The table is small (tens of rows) and the match a scan over literal segments:
 * a trie would save a microsecond and cost the reader more. */
#include "web/route.h"

#include <string.h>

/* A segment "{name}" or "{name}.svg" of a pattern: its name and what must follow the value. False for a literal one. */
static bool parameter(Str segment, Str *name, Str *suffix) {
  size_t end = str_find_char(segment, '}');
  if (segment.len < 3 || segment.ptr[0] != '{' || end == STR_NPOS) return false;
  *name = str_slice(segment, 1, end);
  *suffix = str_slice(segment, end + 1, segment.len);
  return true;
}

/* How well a pattern fits: more literal segments first, so that "/acties/nieuw" goes before "/acties/{action}". */
static int fit(const Route *route, Str path, RouteMatch *out) {
  Str pattern = str_from(route->pattern), want, got, name, suffix;
  int literals = 0;
  out->count = 0;
  pattern = str_slice(pattern, 1, pattern.len);
  path = str_slice(path, 1, path.len);
  for (;;) {
    bool more_pattern = str_cut(&pattern, '/', &want);
    Str rest = path;
    bool more_path = str_cut(&path, '/', &got);
    if (!more_pattern || !more_path) return more_pattern == more_path ? literals : -1;
    if (parameter(want, &name, &suffix)) {
      if (got.len <= suffix.len || !str_ends(got, suffix) || out->count == ROUTE_SEGMENTS_MAX) return -1;
      const ParamSpec *spec = route_param(route, name);
      bool takes_rest = spec && spec->type == PARAM_REST;
      out->values[out->count].name = name;
      out->values[out->count++].value = takes_rest ? rest : str_slice(got, 0, got.len - suffix.len);
      if (takes_rest) return literals;
    } else {
      if (!str_eq(want, got)) return -1;
      literals++;
    }
  }
}

void route_match(const RouteTable *table, WebMethod method, Str path, RouteMatch *out) {
  int best = -1;
  memset(out, 0, sizeof *out);
  if (path.len == 0 || path.ptr[0] != '/') return;
  for (size_t i = 0; i < table->count; i++) {
    const Route *route = &table->routes[i];
    RouteMatch candidate;
    int literals = fit(route, path, &candidate);
    if (literals < 0) continue;
    out->allowed |= 1u << route->method;
    if (route->method != method || literals <= best) continue;
    best = literals;
    out->route = route;
    out->count = candidate.count;
    memcpy(out->values, candidate.values, sizeof out->values);
  }
  out->other_method = !out->route && out->allowed != 0;
}

const ParamSpec *route_param(const Route *route, Str name) {
  for (size_t i = 0; i < route->param_count; i++)
    if (str_eq(str_from(route->params[i].name), name)) return &route->params[i];
  return NULL;
}
