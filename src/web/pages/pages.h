/* SPDX-License-Identifier: EUPL-1.2 */
/* What the page handlers share: the part of a page that every page has, addresses, words for codes. A handler asks the
 * domain for values, adds what only a page needs (addresses, words, shares of a bar) and renders its template. */
#ifndef PW_WEB_PAGES_H
#define PW_WEB_PAGES_H

#include "action/index.h"
#include "sheet/sheet.h"
#include "view/view.h"
#include "web/web.h"

/* Every handler, as the route table names it. */
#define ROUTE(method, pattern, perm, csrf, needs, kind, params, handler, schema, summary) \
  Err handler(Request *req, Response *res);
#include "web/routes.def"
#undef ROUTE

/* Begins a page: *root has pact (as pact_title), section (which item of the main navigation is current) and current:
 * "page" when the page is that item itself, "true" when it lies below it. */
Err page_begin(Request *req, const char *section, bool itself, Val **root) MUST_CHECK;
/* Makes pact what pact_overview tells, for a page that shows lines or counts. */
Err page_whole_pact(Request *req, Val *root) MUST_CHECK;
/* Fills in how many actions the goals have. While the index is not there yet they stay unknown, and root gets "counting". */
void page_count_goals(Request *req, Val *goals, Val *root);
/* Adds a step to the breadcrumb; `path` ("/doelen", without prefix) NULL for the page itself. */
void page_crumb(Request *req, Val *root, const char *path, Str label);

/* prefix + path + "?" + query; without "?" when the query is empty. */
Str page_href(Request *req, const char *path, Str query);
/* Gives every map in the tree that has a text "query" a member "href": `path` with that query. */
void page_hrefs(Request *req, Val *tree, const char *path);
/* Links {number, href, current, gap (numbers were left out before it)} to the pages of a list, as list "pager" for
 * part/pager.html: the first, the last and those around `page`; none when there is only one. */
void page_pager(Request *req, Val *root, int64_t pages, int64_t page);
/* Links {label, href} to downloads of `path` (as "/acties") in each format ("csv", "xlsx", ...), with the filters of this
 * page, as list `key`. The formats end with NULL. */
void page_downloads(Request *req, Val *root, const char *key, const char *path, const char *const *formats);

/* Answers with the sheet that `write` writes at the path it is given, as download `stem` with the format's ending. */
typedef Err (*PageSheetWriter)(Request *req, SheetFormat format, const char *path);
Err page_sheet_file(Request *req, Response *res, SheetFormat format, const char *stem, PageSheetWriter write) MUST_CHECK;

/* Members of a tree, for handlers: nothing there reads as "", 0, an empty list, NULL. */
Str val_text(const Val *map, const char *key);
int64_t val_number(const Val *map, const char *key);
bool val_flag(const Val *map, const char *key);
Val *val_child(const Val *map, const char *key);      /* the map or list itself, to add to; NULL when there is none */
size_t val_count(const Val *list);                    /* NULL is an empty list */
Val *val_item(const Val *list, size_t index);

/* The Dutch word for a code (a key for view_tr), from labels.def; the code itself when it has none. */
Str label_of(const char *list, Str code);
/* Sets `key` of each map in `list` to the word for its member `code_key`. */
void label_each(Arena *arena, const Val *list, const char *names, const char *code_key, const char *key);
/* The number of labels, and one of them, for the test that all are translated. */
size_t label_count(void);
const char *label_at(size_t index);

/* Leaves each statement of the list "assumptions" once: the same may be said of two targets or two places. */
void page_once_each(Request *req, Val *owner);
/* The first `limit` actions with `value` in `dim`, as list "actions" of root, and how many there are as "action_total". */
Err page_actions_of(Request *req, Val *root, ActionDim dim, Str value, int limit) MUST_CHECK;

/* Leaves the `limit` largest of the facet's "values" (by "count"), in their own order, and those that are "selected"; "more"
 * becomes the number there were. */
void facet_cut(Arena *arena, Val *facet, size_t limit);

#endif
