/* SPDX-License-Identifier: EUPL-1.2 */
/* Names given from outside: what to keep and what to set. */
#include <string.h>

#include "flow/comp.h"
#include "flow/name.h"

/* The elements "[R1, *]" means; the text between the brackets is `subs`. */
static Err name_elements(Comp *c, const Sym *sym, Str subs, uint32_t **elems, uint32_t *count) {
  uint32_t total = 1, n = 0;
  int64_t at[FLOW_DIMS_MAX + AXES_MAX];
  Str rest = subs, part;
  while (str_cut(&rest, ',', &part)) {
    if (n == sym->ndims) { n++; break; }
    Str canon = flow_canon(c->arena, part);
    size_t place;
    int64_t number;
    if (!canon.ptr) return comp_memory(c);
    const Dim *dim = sym->dims[n];
    if (str_eq(canon, S("*"))) at[n] = -1;
    else if (map_get_index(&dim->index, canon, &place)) at[n] = (int64_t)place;
    else if (str_to_int(canon, &number) && number >= 1 && number <= dim->size) at[n] = number - 1;
    else return comp_error(c, sym, ERR_NOT_FOUND, "\"" STR_FMT "\" is not an element of dimension " STR_FMT,
                           STR_ARG(str_trim(part)), STR_ARG(dim->name));
    if (at[n] < 0) total *= dim->size;
    n++;
  }
  if (n != sym->ndims)
    return comp_error(c, sym, ERR_NOT_FOUND, "subscript [" STR_FMT "] does not have %u parts", STR_ARG(subs), sym->ndims);
  uint32_t *list = ARENA_ARRAY(c->arena, uint32_t, total), found = 0;
  if (!list) return comp_memory(c);
  for (uint32_t e = 0; e < sym->count; e++) {
    uint32_t left = e;
    bool fits = true;
    for (uint32_t i = sym->ndims; i-- > 0;) {
      uint32_t k = left % sym->dims[i]->size;
      left /= sym->dims[i]->size;
      fits &= at[i] < 0 || at[i] == (int64_t)k;
    }
    if (fits) list[found++] = e;
  }
  *elems = list;
  *count = found;
  return ERR_OK;
}

Err comp_find_name(Comp *c, Str text, Sym **out, uint32_t **elems, uint32_t *count) {
  text = str_trim(text);
  Str canon = flow_canon(c->arena, text);
  if (!canon.ptr) return comp_memory(c);
  Sym *sym = scope_find(c->root, canon);
  *count = 0;
  *out = NULL;
  if (sym) {
    uint32_t *list = ARENA_ARRAY(c->arena, uint32_t, sym->count);
    if (!list) return comp_memory(c);
    for (uint32_t e = 0; e < sym->count; e++) list[e] = e;
    *out = sym;
    *elems = list;
    *count = sym->count;
    return ERR_OK;
  }
  size_t open = str_find_char(text, '[');
  if (open == STR_NPOS || !str_ends(text, S("]"))) return ERR_OK;
  canon = flow_canon(c->arena, str_slice(text, 0, open));
  if (!canon.ptr) return comp_memory(c);
  sym = scope_find(c->root, canon);
  if (!sym) return ERR_OK;
  *out = sym;
  return name_elements(c, sym, str_slice(text, open + 1, text.len - 1), elems, count);
}

Err comp_inputs(Comp *c) {
  const FlowSpec *spec = c->spec;
  for (size_t i = 0; i < spec->set_count; i++) {
    Sym *sym;
    uint32_t *elems, count;
    TRY(comp_find_name(c, spec->set[i], &sym, &elems, &count));
    if (!count)
      return comp_error(c, NULL, ERR_NOT_FOUND, "there is no variable \"" STR_FMT "\" to set", STR_ARG(spec->set[i]));
    if (sym->kind == SYM_TABLE || sym->kind == SYM_CONV_OUT)
      return comp_error(c, sym, ERR_INPUT, "a %s can not be set to a value",
                        sym->kind == SYM_TABLE ? "graphical function" : "conveyor's outflow");
    if (!sym->set && !(sym->set = ARENA_ARRAY(c->arena, uint32_t, sym->count))) return comp_memory(c);
    for (uint32_t k = 0; k < count; k++) sym->set[elems[k]] = (uint32_t)i + 1;
    sym->whole_set = true;
    for (uint32_t e = 0; e < sym->count; e++) sym->whole_set &= sym->set[e] != 0;
  }
  return ERR_OK;
}
