/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/pact.h"

#include <string.h>

#include "pact/paragraphs.h"
#include "store/vals.h"

Err pact_title(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  Val *pact, *package;
  TRY(vals_one(&v, "pact_one", NO_ARGS, &pact));
  if (!pact) return err_set(info, ERR_NOT_FOUND, "the database holds no pact");
  TRY(vals_one(&v, "pact_loaded", NO_ARGS, &package));
  if (package) val_set(arena, pact, "package", package);
  else val_set_null(arena, pact, "package");
  *out = pact;
  return vals_done(&v);
}

Err pact_overview(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  Val *pact, *editions, *lines, *published, *counts;
  TRY(pact_title(store, arena, &pact, info));
  TRY(vals_list(&v, "editions", NO_ARGS, &editions));
  TRY(vals_list(&v, "action_lines", NO_ARGS, &lines));
  TRY(vals_attach(&v, lines, &(ValsAttach){.query = "goals_of_lines", .as = "goals"}));
  TRY(vals_list(&v, "published_totals", NO_ARGS, &published));
  TRY(vals_one(&v, "pact_counts", NO_ARGS, &counts));
  val_set(arena, pact, "editions", editions);
  val_set(arena, pact, "lines", lines);
  val_set(arena, pact, "published", published);
  val_set(arena, pact, "counts", counts);
  *out = pact;
  return vals_done(&v);
}

/* Puts each focal action under its programme line. */
static Err place_focal_actions(const Vals *v, Val *lines, const Val *focal) {
  for (size_t i = 0; i < lines->as.list.count; i++) {
    Val *line = lines->as.list.items[i], *own = val_set_list(v->arena, line, "focal_actions");
    if (!own) return vals_no_memory(v);
    TRY(paragraphs_set(v, line));
    for (size_t f = 0; f < focal->as.list.count; f++)
      if (str_eq(vals_text(focal->as.list.items[f], "programme_line"), vals_text(line, "code")))
        val_push(v->arena, own, focal->as.list.items[f]);
  }
  return ERR_OK;
}

Err pact_programme_lines(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  Val *lines, *focal;
  TRY(vals_list(&v, "programme_lines", NO_ARGS, &lines));
  TRY(vals_list(&v, "focal_actions", NO_ARGS, &focal));
  TRY(vals_attach(&v, focal, &(ValsAttach){.query = "lines_of_focal_actions", .as = "lines"}));
  TRY(vals_attach(&v, focal, &(ValsAttach){.query = "frameworks_of_focal_actions", .as = "frameworks"}));
  TRY(vals_attach(&v, focal, &(ValsAttach){.query = "actions_of_focal_actions", .as = "actions"}));
  for (size_t f = 0; f < focal->as.list.count; f++) TRY(paragraphs_set(&v, focal->as.list.items[f]));
  TRY(place_focal_actions(&v, lines, focal));
  *out = lines;
  return vals_done(&v);
}

Err pact_choice_moments(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  TRY(vals_list(&v, "choice_moments", NO_ARGS, out));
  return vals_attach(&v, *out, &(ValsAttach){.query = "goals_of_choice_moments", .as = "goals"});
}

static Err count_citations(const Vals *v, Val *sources) {
  Rows *rows;
  bool more = true;
  TRY(store_query(v->store, "source_citations", NO_ARGS, &rows, v->info));
  Err err = ERR_OK;
  while ((err = rows_next(rows, &more, v->info)) == ERR_OK && more)
    for (size_t i = 0; i < sources->as.list.count; i++)
      if (str_eq(vals_text(sources->as.list.items[i], "code"), rows_str(rows, 0)))
        val_set_int(v->arena, sources->as.list.items[i], "rows", rows_int(rows, 1));
  rows_close(rows);
  return err;
}

Err pact_source_check(Store *store, Str code, ErrInfo *info) {
  const Vals v = {.store = store, .info = info};
  int64_t count;
  TRY(vals_int(&v, "source_count", ARGS(ARG_STR(code)), &count));
  return count ? ERR_OK : err_set(info, ERR_NOT_FOUND, "there is no source '" STR_FMT "'; 'due' and /bronnen list them", STR_ARG(code));
}

Err pact_source_list(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  return vals_list(&v, "sources", NO_ARGS, out);
}

Err pact_sources(Store *store, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  TRY(pact_source_list(store, arena, out, info));
  for (size_t i = 0; i < (*out)->as.list.count; i++) val_set_int(arena, (*out)->as.list.items[i], "rows", 0);
  return count_citations(&v, *out);
}

Err pact_source_tables(Store *store, Arena *arena, Val *sources, ErrInfo *info) {
  Rows *rows;
  bool more = true;
  TRY(store_query(store, "source_tables", NO_ARGS, &rows, info));
  Err err = ERR_OK;
  for (size_t i = 0; i < sources->as.list.count; i++) {
    val_set_list(arena, sources->as.list.items[i], "tables");
    val_set_int(arena, sources->as.list.items[i], "rows", 0);
  }
  while ((err = rows_next(rows, &more, info)) == ERR_OK && more)
    for (size_t i = 0; i < sources->as.list.count; i++) {
      Val *source = sources->as.list.items[i];
      if (!str_eq(vals_text(source, "code"), rows_str(rows, 0))) continue;
      val_set_int(arena, source, "rows", vals_number(source, "rows") + rows_int(rows, 2));
      Val *item = val_push_map(arena, (Val *)(uintptr_t)val_get(source, S("tables")));
      val_set_str(arena, item, "table", arena_str(arena, rows_str(rows, 1)));
      val_set_int(arena, item, "rows", rows_int(rows, 2));
    }
  rows_close(rows);
  return err;
}

Err pact_source_indicators(Store *store, Arena *arena, Val *sources, ErrInfo *info) {
  const Vals v = {store, arena, info};
  const ValsAttach attach = {.query = "source_indicators", .as = "indicators"};
  TRY(vals_attach(&v, sources, &attach));
  for (size_t i = 0; i < sources->as.list.count; i++) {
    Val *source = sources->as.list.items[i];
    const Val *list = val_get(source, S("indicators"));
    Str newest = vals_text(source, "retrieved_on");
    for (size_t n = 0; n < list->as.list.count; n++) {
      Str day = vals_text(list->as.list.items[n], "retrieved_on");
      if (day.ptr && (!newest.ptr || str_cmp(day, newest) > 0)) newest = day;
    }
    val_set_str(arena, source, "retrieved_on", newest);
  }
  return vals_done(&v);
}

Err pact_assumptions(Store *store, Str resource, Str row_key, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  return vals_list(&v, "assumptions", ARGS(ARG_STR(resource), ARG_STR(row_key)), out);
}

Err pact_code_list(Store *store, Str name, Arena *arena, Val **out, ErrInfo *info) {
  static const char *const queries[] = {"code_list_education_sector", "code_list_technical_sector", "code_list_audience",
                                        "code_list_action_line", "code_list_organisation_type"};
  const Vals v = {store, arena, info};
  for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
    if (str_eq(str_from(queries[i] + strlen("code_list_")), name)) return vals_list(&v, queries[i], NO_ARGS, out);
  return err_set(info, ERR_NOT_FOUND, "there is no code list '" STR_FMT "'", STR_ARG(name));
}
