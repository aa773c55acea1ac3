/* SPDX-License-Identifier: EUPL-1.2 */
/* National frameworks, and the programme lines of the pact. */
#include "pact/framework.h"
#include "pact/pact.h"
#include "web/pages/pages.h"

Err page_frameworks(Request *req, Response *res) {
  Val *root, *list;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "frameworks", true, &root));
  TRY(framework_list(req_store(req), arena, &list, req_info(req)));
  val_set(arena, root, "frameworks", list);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Kaders"));
  return res_page(req, res, "frameworks.html", root);
}

Err page_framework(Request *req, Response *res) {
  Val *root, *framework;
  Arena *arena = req_arena(req);
  TRY(framework_detail(req_store(req), req_str(req, "framework"), arena, &framework, req_info(req)));
  TRY(page_begin(req, "frameworks", false, &root));
  val_set(arena, root, "framework", framework);
  page_crumb(req, root, "/kaders", view_tr(req_lang(req), "Kaders"));
  page_crumb(req, root, NULL, val_text(framework, "title"));
  return res_page(req, res, "framework.html", root);
}

Err page_programme(Request *req, Response *res) {
  Val *root, *programme, *doubts;
  Arena *arena = req_arena(req);
  TRY(page_begin(req, "programme", true, &root));
  TRY(pact_programme_lines(req_store(req), arena, &programme, req_info(req)));
  TRY(pact_assumptions(req_store(req), S("programme_line"), STR_NONE, arena, &doubts, req_info(req)));
  val_set(arena, root, "programme", programme);
  val_set(arena, root, "doubts", doubts);
  page_crumb(req, root, NULL, view_tr(req_lang(req), "Programmalijnen"));
  return res_page(req, res, "programme.html", root);
}
