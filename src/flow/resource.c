/* SPDX-License-Identifier: EUPL-1.2 */
/* Models in several files (XMILE 2.2, 4.7): what another file holds. */
#include <string.h>

#include "base/file.h"
#include "flow/model.h"

#define FILES_MAX 64u      /* other files of one model: a file that includes itself ends here */

static bool leads_out(Str resource) {
  if (!resource.len || resource.len > 1000 || resource.ptr[0] == '/') return true;
  for (size_t i = 0; i < resource.len; i++)
    if (resource.ptr[i] == ':' || resource.ptr[i] == '\\' || (unsigned char)resource.ptr[i] < 0x20) return true;
  return str_find(resource, S("..")) != STR_NPOS;
}

Err resource_load(FlowModel *m, Str resource, XmlNode **root, const char **shown, ErrInfo *info) {
  Buf text;
  if (!m->folder.ptr)
    return err_set(info, ERR_UNSUPPORTED, "the model stands in another file (" STR_FMT "), and this one did not come from a folder",
                   STR_ARG(resource));
  if (leads_out(resource))
    return err_set(info, ERR_INPUT, "found \"" STR_FMT "\", expected the name of a file in the folder of this one", STR_ARG(resource));
  if (++m->files > FILES_MAX)
    return err_set(info, ERR_LIMIT, "the model stands in more than %u files (does one include itself?)", FILES_MAX);
  Str path = arena_printf(&m->arena, STR_FMT STR_FMT, STR_ARG(m->folder), STR_ARG(resource));
  if (!path.ptr) return NO_MEMORY(info);
  buf_init(&text, 0);
  Err err = file_read(&text, path.ptr, m->limits.file_bytes, info);
  if (err == ERR_OK) {
    err_at(info, path.ptr, NULL, 0, NULL);
    *shown = path.ptr;
    err = xml_parse(root, &m->arena, buf_view(&text), info);
  }
  buf_clear(&text);
  if (err == ERR_OK && !xml_is(*root, "xmile"))
    err = err_set(info, ERR_INPUT, "found <" STR_FMT ">, expected <xmile>", STR_ARG((*root)->name));
  return err;
}
