/* SPDX-License-Identifier: EUPL-1.2 */
/* Pages: compiled templates filled with a Val tree, and the three languages of the program. See docs/adding-a-page.md. */
#ifndef PW_VIEW_VIEW_H
#define PW_VIEW_VIEW_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/val.h"

/* Marks a text in a table for translation; the text itself stays as it is (view_tr translates it later). */
#define N_(text) text

typedef struct ViewLang ViewLang;

#define VIEW_LANG_COUNT 3

/* The language with that code ("nl", "en", "de"); NULL for another. Languages are constants of the program. */
const ViewLang *view_lang(Str code);
/* By place: 0 is nl, the source language; `index` must be below VIEW_LANG_COUNT. */
const ViewLang *view_lang_at(size_t index);
Str view_lang_code(const ViewLang *lang);    /* "nl" */
Str view_lang_name(const ViewLang *lang);    /* its own name: "Nederlands" */
Str view_lang_prefix(const ViewLang *lang);  /* what its addresses begin with: "", "/en", "/de" */

/* The translation of a Dutch source text, or the text itself where there is none. Lives as long as the program (or as
 * long as msgid). _trn chooses between "one" and "many" by n == 1, which is right for all three languages.
 * tools extract the first and second text argument: write them as literals, or mark them with N_() where they stand. */
Str view_tr(const ViewLang *lang, const char *msgid);
Str view_trn(const ViewLang *lang, const char *one, const char *many, int64_t n);
/* Replaces each %{name} by the member of that name in `args` (a map); unknown names stay as they are. The result is
 * plain text, not yet escaped. ptr NULL on lack of memory. */
Str view_fill(Arena *arena, Str message, const Val *args);

/* Appends in the manner of the language: 1234567 is "1.234.567" (nl, de) or "1,234,567" (en); `decimals` 0 to 9. */
void view_number(Buf *out, const ViewLang *lang, double value, int decimals);
void view_integer(Buf *out, const ViewLang *lang, int64_t value);
/* "2013-11-15" is "15 november 2013", "15 November 2013", "15. November 2013"; "2013-11" and "2013" are named as far
 * as they go, a time of day is left out; any other text is appended as it is. */
void view_date(Buf *out, const ViewLang *lang, Str iso);
/* Money in cents: "€ 1.234,50" (nl), "€1,234.50" (en), "1.234,50 €" (de); no decimals when the cents are zero. */
void view_money(Buf *out, const ViewLang *lang, int64_t cents);

/* Appends the page made from templates/`name` (as "goals.html") and the map `root`. Every printed value is escaped for
 * the place where it stands; a missing value prints nothing. Templates also see `lang.code`, `lang.name`, `lang.prefix`.
 * ERR_NOT_FOUND for a template that does not exist, ERR_MEMORY, ERR_LIMIT (limit of `out`); then `out` is incomplete. */
Err view_render(const char *name, const Val *root, const ViewLang *lang, Buf *out, ErrInfo *info) MUST_CHECK;
/* Whether such a template exists. */
bool view_has(const char *name);

#endif
