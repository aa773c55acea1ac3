/* SPDX-License-Identifier: EUPL-1.2 */
/* Open data, and the pages about this site itself. */
#include "pact/package.h"
#include "pact/pact.h"
#include "web/pages/pages.h"

static const char *const ACTION_FORMATS[] = {"csv", "xlsx", "ods", "json", NULL};
static const char *const MATRIX_FORMATS[] = {"csv", "json", NULL};
static const char *const PLACE_FORMATS[] = {"csv", "xlsx", "ods", NULL};

Err page_data(Request *req, Response *res) {
  Val *root, *sources;
  Str *names;
  size_t count;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "data", true, &root));
  TRY(page_whole_pact(req, root));
  TRY(package_files(req_store(req), arena, &names, &count, req_info(req)));
  TRY(pact_source_list(req_store(req), arena, &sources, req_info(req)));
  Val *files = val_set_list(arena, root, "files");
  for (size_t i = 0; i < count; i++) {
    Val *file = val_push_map(arena, files);
    val_set_str(arena, file, "name", names[i]);
    val_set_str(arena, file, "href", arena_printf(arena, "/data/pakket/" STR_FMT, STR_ARG(names[i])));
  }
  val_set(arena, root, "sources", sources);
  page_downloads(req, root, "action_downloads", "/acties", ACTION_FORMATS);
  page_downloads(req, root, "matrix_downloads", "/matrix", MATRIX_FORMATS);
  page_downloads(req, root, "place_downloads", "/voorzieningen", PLACE_FORMATS);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Data"));
  return res_page(req, res, "data.html", root);
}

Err page_about(Request *req, Response *res) {
  Val *root;
  TRY(page_begin(req, "about", true, &root));
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Over Pactwijzer"));
  return res_page(req, res, "about.html", root);
}

Err page_accessibility(Request *req, Response *res) {
  Val *root;
  TRY(page_begin(req, "accessibility", true, &root));
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Toegankelijkheid"));
  return res_page(req, res, "accessibility.html", root);
}
