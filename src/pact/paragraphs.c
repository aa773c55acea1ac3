/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/paragraphs.h"

/* "•", "-" or "*" with a space behind it. */
static size_t bullet_length(Str line) {
  static const Str bullets[] = {{"\xe2\x80\xa2", 3}, {"- ", 2}, {"* ", 2}, {"\xe2\x80\x93 ", 4}};
  for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
    if (str_starts(line, bullets[i])) return bullets[i].len;
  return 0;
}

bool paragraph_next(Str *rest, Paragraph *out) {
  Str line;
  while (str_cut(rest, '\n', &line)) {
    line = str_trim(line);
    if (line.len == 0) continue;
    size_t bullet = bullet_length(line);
    *out = (Paragraph){str_trim(str_slice(line, bullet, line.len)), bullet > 0};
    return true;
  }
  return false;
}

Err paragraphs_set(const Vals *v, Val *map) {
  Str rest = vals_text(map, "body");
  Val *list = val_set_list(v->arena, map, "paragraphs");
  Paragraph p;
  if (!list) return vals_no_memory(v);
  while (paragraph_next(&rest, &p)) val_push_str(v->arena, list, p.text);
  return ERR_OK;
}

Val *paragraphs_list(Arena *arena, Str body) {
  Val *list = val_list(arena);
  Paragraph p;
  while (list && paragraph_next(&body, &p)) {
    Val *one = val_push_map(arena, list);
    if (!one) return NULL;
    val_set_str(arena, one, "text", p.text);
    val_set_bool(arena, one, "item", p.item);
  }
  return list;
}
