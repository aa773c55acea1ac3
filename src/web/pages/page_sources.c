/* SPDX-License-Identifier: EUPL-1.2 */
/* The sources, with what comes from them. */
#include "pact/pact.h"
#include "web/pages/pages.h"

/* Days from the day something was retrieved, else published, to today; nothing when neither is known. */
static void add_age(Request *req, Val *source) {
  Day day;
  Str since = val_flag(source, "retrieved_on") ? val_text(source, "retrieved_on") : val_text(source, "published_on");
  if (day_parse_iso(since, &day) && day <= req_today(req)) val_set_int(req_arena(req), source, "age_days", req_today(req) - day);
}

Err page_sources(Request *req, Response *res) {
  Val *root, *sources;
  TRY(page_begin(req, "sources", true, &root));
  TRY(pact_source_list(req_store(req), req_arena(req), &sources, req_info(req)));
  TRY(pact_source_tables(req_store(req), req_arena(req), sources, req_info(req)));
  TRY(pact_source_indicators(req_store(req), req_arena(req), sources, req_info(req)));
  for (size_t i = 0; i < val_count(sources); i++) add_age(req, val_item(sources, i));
  label_each(req_arena(req), sources, "source-kind", "kind", "kind_label");
  val_set(req_arena(req), root, "sources", sources);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Bronnen"));
  return res_page(req, res, "sources.html", root);
}
