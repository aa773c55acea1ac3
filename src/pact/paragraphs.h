/* SPDX-License-Identifier: EUPL-1.2 */
/* Texts of the pact as paragraphs and list items. A line break in a text separates them (docs/data-package.md). */
#ifndef PW_PACT_PARAGRAPHS_H
#define PW_PACT_PARAGRAPHS_H

#include "store/vals.h"

typedef struct Paragraph {
  Str text;    /* without the bullet */
  bool item;   /* began with a bullet */
} Paragraph;

/* Cuts the next paragraph off *rest, skipping empty lines; false at the end. Borrows. */
bool paragraph_next(Str *rest, Paragraph *out);
/* Adds a list `paragraphs` of the texts of the paragraphs in its member `body`. */
Err paragraphs_set(const Vals *v, Val *map) MUST_CHECK;
/* A list of {text, item}. NULL when out of memory. */
Val *paragraphs_list(Arena *arena, Str body);

#endif
