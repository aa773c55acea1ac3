/* SPDX-License-Identifier: EUPL-1.2 */
#include "chart/chart.h"

#include "chart/internal.h"
#include "store/vals.h"

static const struct { const char *prefix; bool of_indicator; ChartBuild build; } kinds[] = {
#define CHART(NAME, prefix, of_indicator, build, shows) {prefix, of_indicator, build},
#include "chart/charts.def"
#undef CHART
};

/* What an identifier asks for; `rest` is the part behind the prefix. */
static bool parse(Str id, ChartKind *kind, Str *rest) {
  for (int k = 0; k < CHART_KIND_COUNT; k++) {
    Str prefix = str_from(kinds[k].prefix);
    if (!str_starts(id, prefix)) continue;
    *rest = str_slice(id, prefix.len, id.len);
    *kind = (ChartKind)k;
    if (!kinds[k].of_indicator) return rest->len == 0;
    if (rest->len < 2 || rest->ptr[0] != '-') return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
  }
  return false;
}

static Err done(Arena *arena, ErrInfo *info) {
  return arena->failed ? err_set(info, ERR_MEMORY, "out of memory") : ERR_OK;
}

static Err not_found(Str id, ErrInfo *info) {
  return err_set(info, ERR_NOT_FOUND, "there is no chart '" STR_FMT "'", STR_ARG(id));
}

static Err read_indicators(Store *store, const ChartAsk *ask, Str code, Arena *arena, const Val **list, ErrInfo *info) {
  IndicatorQuery query = {.code = code, .as_of = ask->as_of, .known_on = ask->known_on};
  Val *all;
  TRY(indicator_list(store, &query, arena, &all, info));
  *list = val_get(all, S("indicators"));
  return done(arena, info);  /* a list cut short for lack of memory is no empty list */
}

/* The indicator that `rest` names: its code, or a code and behind a "-" that of a region; codes may have a "-" themselves. */
static Err find_indicator(Store *store, const ChartAsk *ask, Str rest, Arena *arena, const Val **indicator, Str *region, ErrInfo *info) {
  const Val *list;
  *region = STR_NONE;
  TRY(read_indicators(store, ask, rest, arena, &list, info));
  for (size_t cut = rest.len; !items(list) && cut-- > 1;) {
    if (rest.ptr[cut] != '-') continue;
    TRY(read_indicators(store, ask, str_slice(rest, 0, cut), arena, &list, info));
    *region = str_slice(rest, cut + 1, rest.len);
  }
  *indicator = items(list) ? item(list, 0) : NULL;
  return ERR_OK;
}

static Err check_edition(const ChartAsk *ask, Store *store, Arena *arena, ErrInfo *info) {
  const Vals v = {store, arena, info};
  Val *editions;
  if (!ask->edition.ptr) return ERR_OK;
  TRY(vals_list(&v, "editions", NO_ARGS, &editions));
  for (size_t i = 0; i < items(editions); i++)
    if (str_eq(text_at(item(editions, i), "code"), ask->edition)) return ERR_OK;
  TRY(done(arena, info));
  return err_set(info, ERR_NOT_FOUND, "there is no edition '" STR_FMT "'", STR_ARG(ask->edition));
}

Err chart_build(const ChartAsk *ask, Store *store, Arena *arena, Chart *out, ErrInfo *info) {
  ChartKind kind;
  Str rest, region;
  const Val *what;
  if (ask->chart.len > CHART_ID_MAX || !parse(ask->chart, &kind, &rest)) return not_found(ask->chart, info);
  TRY(check_edition(ask, store, arena, info));
  if (!kinds[kind].of_indicator) {
    TRY(read_indicators(store, ask, STR_NONE, arena, &what, info));
    return chart_of_indicators(ask, what, arena, out, info);
  }
  TRY(find_indicator(store, ask, rest, arena, &what, &region, info));
  if (!what || (region.ptr && kind != CHART_COURSE)) return not_found(ask->chart, info);
  return chart_of_indicator(kind, ask, what, region, arena, out, info);
}

static Str page_of(const Val *indicator, Arena *arena) {
  Str goal = text_at(val_get(indicator, S("goal")), "code");
  return goal.len ? arena_printf(arena, "/doelen/" STR_FMT, STR_ARG(goal)) : S("/monitor");
}

Err chart_of_indicator(ChartKind kind, const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out, ErrInfo *info) {
  *out = (Chart){.page = page_of(indicator, arena)};
  TRY(kinds[kind].build(ask, indicator, region, arena, out, info));
  return done(arena, info);
}

Err chart_of_indicators(const ChartAsk *ask, const Val *indicators, Arena *arena, Chart *out, ErrInfo *info) {
  *out = (Chart){.page = S("/")};
  TRY(chart_outlook(ask, indicators, STR_NONE, arena, out, info));
  return done(arena, info);
}

Str chart_id(ChartKind kind, Str indicator, Str region, Arena *arena) {
  if (!kinds[kind].of_indicator) return str_from(kinds[kind].prefix);
  return region.ptr ? arena_printf(arena, "%s-" STR_FMT "-" STR_FMT, kinds[kind].prefix, STR_ARG(indicator), STR_ARG(region))
                    : arena_printf(arena, "%s-" STR_FMT, kinds[kind].prefix, STR_ARG(indicator));
}

static void list_one(Val *list, ChartKind kind, const Val *indicator, const ViewLang *lang, Arena *arena) {
  Val *entry = val_push_map(arena, list);
  val_set_str(arena, entry, "id", chart_id(kind, text_at(indicator, "code"), STR_NONE, arena));
  val_set_str(arena, entry, "kind", str_from(kinds[kind].prefix));
  val_set_str(arena, entry, "title", indicator ? text_at(indicator, "title") : view_tr(lang, OUTLOOK_TITLE));
  val_set_str(arena, entry, "title_lang", indicator ? S("nl") : STR_NONE);
  val_set_str(arena, entry, "page", indicator ? page_of(indicator, arena) : S("/"));
}

Err chart_list(Store *store, const ViewLang *lang, Arena *arena, Val **out, ErrInfo *info) {
  const Vals v = {store, arena, info};
  Val *indicators;
  *out = val_list(arena);
  TRY(vals_list(&v, "indicator_titles", NO_ARGS, &indicators));
  for (int k = 0; k < CHART_KIND_COUNT; k++) {
    if (!kinds[k].of_indicator) list_one(*out, (ChartKind)k, NULL, lang, arena);
    for (size_t i = 0; kinds[k].of_indicator && i < items(indicators); i++) list_one(*out, (ChartKind)k, item(indicators, i), lang, arena);
  }
  return vals_done(&v);
}
