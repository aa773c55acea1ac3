/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "flow/model.h"
#include "flow/name.h"

static FlowLimits with_defaults(const FlowLimits *given) {
  FlowLimits l = given ? *given : (FlowLimits){0};
  if (!l.memory_bytes) l.memory_bytes = (size_t)2 << 30;
  if (!l.file_bytes) l.file_bytes = (size_t)64 << 20;
  if (!l.elements) l.elements = 4000000;
  if (!l.steps) l.steps = 10000000;
  return l;
}

/* `folder`: in which other files of the model may be looked for; ptr NULL: nowhere. */
static Err open_text(FlowModel **out, Str text, const char *name, Str folder, const FlowLimits *limits, ErrInfo *info) {
  ErrInfo own = ERRINFO_INIT;
  if (!info) info = &own;
  *out = NULL;
  err_reset(info);
  err_at(info, name, NULL, 0, NULL);
  FlowLimits l = with_defaults(limits);
  if (text.len > l.file_bytes)
    return err_set(info, ERR_LIMIT, "the file has %zu bytes, the limit is %zu", text.len, l.file_bytes);
  FlowModel *m = mem_alloc0(1, sizeof *m);
  if (!m) return NO_MEMORY(info);
  arena_init(&m->arena, l.memory_bytes);
  m->limits = l;
  Str kept = arena_cstr(&m->arena, name ? name : "model");
  Err err = kept.ptr ? xml_parse(&m->xml, &m->arena, text, info) : NO_MEMORY(info);
  m->file = m->reading = kept.ptr;
  m->folder = folder.ptr ? arena_str(&m->arena, folder) : folder;
  if (err == ERR_OK && folder.ptr && !m->folder.ptr) err = NO_MEMORY(info);
  if (err == ERR_OK) err = model_read(m, info);
  if (err == ERR_OK) err = model_list(m, info);
  if (err == ERR_MEMORY && info->code != ERR_MEMORY) NO_MEMORY(info);
  if (err != ERR_OK) { flow_close(m); return err; }
  *out = m;
  return ERR_OK;
}

Err flow_open_text(FlowModel **out, Str text, const char *name, const FlowLimits *limits, ErrInfo *info) {
  return open_text(out, text, name, STR_NONE, limits, info);
}

Err flow_open(FlowModel **out, const char *path, const FlowLimits *limits, ErrInfo *info) {
  FlowLimits l = with_defaults(limits);
  Buf text;
  *out = NULL;
  buf_init(&text, 0);
  Err err = file_read(&text, path, l.file_bytes, info);
  const char *slash = strrchr(path, '/');
  Str folder = {path, slash ? (size_t)(slash - path) + 1 : 0};
  if (err == ERR_OK) err = open_text(out, buf_view(&text), path, folder, limits, info);
  buf_clear(&text);
  return err;
}

void flow_close(FlowModel *m) {
  if (!m) return;
  arena_clear(&m->arena);
  mem_free(m);
}

double flow_start(const FlowModel *m) { return m->start; }
double flow_stop(const FlowModel *m) { return m->stop; }
double flow_dt(const FlowModel *m) { return m->dt; }
Str flow_time_units(const FlowModel *m) { return m->time_units; }

Err flow_write(const FlowModel *m, Buf *out, ErrInfo *info) {
  buf_cstr(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
  xml_write(m->xml, out);
  buf_char(out, '\n');
  return buf_err(out) == ERR_OK ? ERR_OK : err_set(info, buf_err(out), "out of memory while writing the model");
}
