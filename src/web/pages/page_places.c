/* SPDX-License-Identifier: EUPL-1.2 */
/* Schools and institutions, and how many of them a region has. */
#include "monitor/places_export.h"
#include "places/region.h"
#include "web/pages/measured.h"
#include "web/pages/pages.h"
#include "web/pages/placed.h"
#include "web/place_params.h"

#define PAGE_SIZE 50

static const char *const FORMATS[] = {"csv", "xlsx", "ods", NULL};

/* How a place's website may be linked: as written when it is a web address, with http:// before a mere name of a computer,
 * not at all when it is anything else. */
static Str link_of(Arena *arena, Str website) {
  if (str_starts(website, S("http://")) || str_starts(website, S("https://"))) return website;
  bool plain = str_find_char(website, '.') != STR_NPOS;
  for (size_t i = 0; i < website.len; i++) {
    unsigned char c = (unsigned char)website.ptr[i];
    plain = plain && c > ' ' && c < 0x7f && c != '@' && c != ':' && c != '"' && c != '<' && c != '>';
  }
  return plain ? arena_printf(arena, "http://" STR_FMT, STR_ARG(website)) : STR_NONE;
}

static bool add_choice(Request *req, Val *list, const Region *region) {
  Val *choice = val_push_map(req_arena(req), list);
  bool selected = str_eq(req_str(req, "region"), region->code);
  val_set_str(req_arena(req), choice, "code", region->code);
  val_set_str(req_arena(req), choice, "label", region->name);
  val_set_bool(req_arena(req), choice, "selected", selected);
  return selected;
}

/* A group of the choice of regions: *list gets where they go. */
static void add_group(Request *req, Val *root, RegionKind kind, Val **list) {
  Val *group = val_push_map(req_arena(req), val_child(root, "regions"));
  val_set_str(req_arena(req), group, "label", label_of("kinds", str_from(region_kind_name(kind))));
  *list = val_set_list(req_arena(req), group, "regions");
}

/* The provinces and municipalities of the day; and the region that was asked for when it is none of them. */
static Err add_regions(Request *req, Val *root) {
  static const RegionKind shown[] = {REGION_PROVINCE, REGION_MUNICIPALITY};
  Arena *arena = req_arena(req);
  RegionMap *map;
  Val *list;
  bool selected = false;
  val_set_list(arena, root, "regions");
  TRY(region_map_load(req_store(req), arena, &map, req_info(req)));
  for (size_t k = 0; k < sizeof shown / sizeof *shown; k++) {
    add_group(req, root, shown[k], &list);
    for (size_t i = 0; i < region_count(map); i++) {
      const Region *region = region_at(map, i);
      if (region->kind == shown[k] && region_exists_on(region, req_as_of(req))) selected |= add_choice(req, list, region);
    }
    if (!val_sort(arena, list, "label")) return ERR_MEMORY;
  }
  const Region *asked = region_find(map, req_str(req, "region"));
  if (!asked) return ERR_OK;
  if (!selected) {
    add_group(req, root, asked->kind, &list);
    add_choice(req, list, asked);
  }
  val_set_str(arena, root, "region_name", asked->name);
  val_set_str(arena, root, "region_code", asked->code);
  val_set_str(arena, root, "region_kind", label_of("kind", str_from(region_kind_name(asked->kind))));
  return ERR_OK;
}

static void dress_kinds(Request *req, Val *kinds) {
  for (size_t i = 0; i < val_count(kinds); i++) {
    Val *kind = val_item(kinds, i);
    val_set_bool(req_arena(req), kind, "selected", str_eq(req_str(req, "kind"), val_text(kind, "code")));
  }
}

/* Of the editions that hold, those of what is shown. */
static void dress_registers(Request *req, Val *registers) {
  for (size_t i = 0; i < val_count(registers); i++) {
    Val *one = val_item(registers, i);
    val_set_bool(req_arena(req), one, "shown", !req_has(req, "kind") || str_eq(req_str(req, "kind"), val_text(one, "kind")));
  }
}

static void dress_places(Request *req, const Val *places) {
  for (size_t i = 0; i < val_count(places); i++) {
    Val *place = val_item(places, i);
    Str website = val_text(place, "website");
    if (website.len) val_set_str(req_arena(req), place, "website_href", link_of(req_arena(req), website));
  }
}

static void dress_municipalities(Request *req, const Val *municipalities) {
  for (size_t i = 0; i < val_count(municipalities); i++)
    val_set_str(req_arena(req), val_item(municipalities, i), "href", req_link_set(req, "region", val_text(val_item(municipalities, i), "code")));
}

Err page_registers(Request *req, Val *root, Day as_of) {
  Arena *arena = req_arena(req);
  Val *registers;
  bool any = false, holds = false;
  TRY(place_registers(req_store(req), as_of, arena, &registers, req_info(req)));
  for (size_t i = 0; i < val_count(registers); i++) {
    any |= val_text(val_item(registers, i), "first").len > 0;
    holds |= val_text(val_item(registers, i), "day").len > 0;
  }
  val_set(arena, root, "registers", registers);
  val_set_bool(arena, root, "any_register", any);
  val_set_bool(arena, root, "any_edition", holds);
  return ERR_OK;
}

Err page_places(Request *req, Response *res) {
  Val *root, *found;
  char day[DAY_TEXT];
  PlaceQuery query = place_params(req);
  Arena *arena = req_arena(req);
  query.page = req_int(req, "page");
  query.size = PAGE_SIZE;
  TRY(place_find(req_store(req), &query, arena, &found, req_info(req)));
  TRY(page_begin(req, "regions", false, &root));
  TRY(page_registers(req, root, query.as_of));
  TRY(add_regions(req, root));
  day_format_iso(query.as_of, day);
  val_set_str(arena, root, "as_of", arena_cstr(arena, day));
  dress_registers(req, val_child(root, "registers"));
  dress_kinds(req, val_child(found, "kinds"));
  dress_places(req, val_child(found, "places"));
  dress_municipalities(req, val_child(found, "municipalities"));
  val_set(arena, root, "found", found);
  val_set_str(arena, root, "q", query.words);
  val_set_bool(arena, root, "filtered", query.kind.len || query.region.len || query.words.len);
  val_set_bool(arena, root, "day_chosen", req_has(req, "asOf"));
  page_pager(req, root, val_number(found, "pages"), query.page);
  page_downloads(req, root, "downloads", "/voorzieningen", FORMATS);
  page_crumb(req, root, "/regios", view_tr(req_lang(req), "Regio’s"));
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Voorzieningen"));
  return res_page(req, res, "places.html", root);
}

static Err write_places(Request *req, SheetFormat format, const char *path) {
  PlaceQuery query = place_params(req);
  return places_export(req_store(req), &query, format, path, req_arena(req), req_info(req));
}

Err file_places_csv(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_CSV, "voorzieningen", write_places); }
Err file_places_xlsx(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_XLSX, "voorzieningen", write_places); }
Err file_places_ods(Request *req, Response *res) { return page_sheet_file(req, res, SHEET_ODS, "voorzieningen", write_places); }

Err page_places_of(Request *req, Val *root, Str region, Day as_of) {
  Arena *arena = req_arena(req);
  Val *counts;
  char day[DAY_TEXT];
  TRY(page_registers(req, root, as_of));
  TRY(place_counts(req_store(req), region, as_of, arena, &counts, req_info(req)));
  Val *kinds = val_child(counts, "kinds"), *registers = val_child(root, "registers");
  day_format_iso(as_of, day);
  Str query = arena_printf(arena, "region=" STR_FMT "%s%s", STR_ARG(region), as_of == req_today(req) ? "" : "&asOf=", as_of == req_today(req) ? "" : day);
  for (size_t i = 0; i < val_count(kinds); i++) {
    Val *kind = val_item(kinds, i);
    val_set(arena, kind, "register", val_item(registers, i));
    val_set_str(arena, kind, "href", page_href(req, "/voorzieningen", arena_printf(arena, "kind=" STR_FMT "&" STR_FMT, STR_ARG(val_text(kind, "code")), STR_ARG(query))));
  }
  val_set(arena, root, "places", counts);
  val_set_str(arena, root, "places_href", page_href(req, "/voorzieningen", query));
  return ERR_OK;
}
