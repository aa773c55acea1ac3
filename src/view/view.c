/* SPDX-License-Identifier: EUPL-1.2 */
/* The pages of the program: the index that the compiler made of templates/. */
#include "view/view.h"

#include "tmpl_index.h"

bool view_has(const char *name) {
  return tmpl_find(tmpl_index, tmpl_index_count, str_from(name)) != NULL;
}

Err view_render(const char *name, const Val *root, const ViewLang *lang, Buf *out, ErrInfo *info) {
  const Template *page = tmpl_find(tmpl_index, tmpl_index_count, str_from(name));
  if (!page) return err_set(info, ERR_NOT_FOUND, "there is no template '%s'", name);
  return tmpl_render(page, root, lang, out, info);
}
