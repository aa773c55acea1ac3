/* SPDX-License-Identifier: EUPL-1.2 */
/* The messages of all templates in the form that gettext's tools read. The same message in several places is written
 * as often; msguniq (see `make pot`) brings them together. */
#include "tmplc.h"

static void po_string(Buf *out, const char *keyword, Str text) {
  buf_printf(out, "%s \"", keyword);
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c == '\n') buf_cstr(out, "\\n");
    else if (c == '"' || c == '\\') buf_printf(out, "\\%c", c);
    else buf_char(out, c);
  }
  buf_cstr(out, "\"\n");
}

void pot_write(const Compiler *c, Buf *out) {
  buf_cstr(out, "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n");
  for (size_t i = 0; i < c->count; i++)
    for (const Expr *e = c->templates[i].messages; e; e = e->next) {
      buf_printf(out, "#: %s:%d\n", c->templates[i].path, e->pos.line);
      po_string(out, "msgid", e->text);
      if (e->kind == EXPR_TRN) {
        po_string(out, "msgid_plural", e->plural);
        buf_cstr(out, "msgstr[0] \"\"\nmsgstr[1] \"\"\n\n");
      } else {
        buf_cstr(out, "msgstr \"\"\n\n");
      }
    }
}
