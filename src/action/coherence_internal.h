/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of coherence share. */
#ifndef PW_ACTION_COHERENCE_INTERNAL_H
#define PW_ACTION_COHERENCE_INTERNAL_H

#include "action/coherence.h"
#include "action/internal.h"

typedef enum WordKind {
  WORD_PLAIN,
  WORD_EDITION,   /* a number, "tweede": tells editions apart */
  WORD_PLACE,     /* the name of a region */
  WORD_UNUSED     /* stands in no title or text, or was split into its parts */
} WordKind;

struct Coherence {
  const ActionIndex *index;
  size_t words;              /* the terms of the index */
  uint8_t *kind;             /* per word a WordKind */
  float *rarity;             /* per word ln(1 + actions / actions with it) */
  uint32_t *spread;          /* per word in how many actions */
  uint32_t *start;           /* per action its first entry; count + 1 */
  uint32_t *text_start;      /* where the words of its title end and those only in its text begin */
  uint32_t *entries;         /* words, ascending in title and in text */
  uint32_t *post_start;      /* per word its first action; words + 1 */
  uint32_t *post;            /* the actions */
  float *title_length, *text_length;  /* per action: root of the sum of the squared rarities */
  uint32_t *place;           /* per word a region it names, NO_VALUE for none */
  uint64_t *ground;          /* per region its municipalities of the latest division, ground_words each */
  size_t ground_words;
  Day *from, *to;            /* per action: its period, else the years in its title; DAY_NONE */
  CoherencePair *pairs;
  size_t pair_count, found;
  bool complete;
};

/* coherence_words.c: everything but the pairs. */
Err coherence_words(Coherence *coherence) MUST_CHECK;
/* coherence_find.c: the candidate doublings. */
Err coherence_find(Coherence *coherence) MUST_CHECK;

/* How alike the titles are: the cosine of their plain words weighed by rarity, and less when both have numbers that differ. */
float coherence_title(const Coherence *coherence, uint32_t a, uint32_t b);
/* The municipalities an action reaches, or that its title names; false when none is known. `out` has ground_words. */
bool coherence_ground(const Coherence *coherence, uint32_t id, uint64_t *out);
#define COHERENCE_GROUND_MAX 64   /* words of 64 municipalities: 4,096 of them */

/* Whether something known keeps two actions apart: other people, another place, another time. */
bool coherence_apart(const Coherence *coherence, uint32_t a, uint32_t b);

#endif
