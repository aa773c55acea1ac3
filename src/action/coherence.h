/* SPDX-License-Identifier: EUPL-1.2 */
/* Which actions are about the same thing: candidate doublings, editions of a series, neighbours. Worked out from a snapshot
 * alone, so that equal data give equal answers. docs/coherence.md tells the method, its sources and how well it does. */
#ifndef PW_ACTION_COHERENCE_H
#define PW_ACTION_COHERENCE_H

#include "action/index.h"

typedef enum CoherenceReason {
#define REASON(NAME, code, weight, label) COHERENCE_##NAME,
#include "action/coherence.def"
#undef REASON
  COHERENCE_REASONS
} CoherenceReason;

Str coherence_reason_code(CoherenceReason reason);
Str coherence_reason_label(CoherenceReason reason);   /* Dutch, a translation key */
int coherence_reason_weight(CoherenceReason reason);  /* points; together 100 */

typedef enum CoherenceKind {
  COHERENCE_NEIGHBOUR,  /* alike, and nothing more */
  COHERENCE_SERIES,     /* editions, places or parts of one thing: the words are the same, number, place or period differ */
  COHERENCE_DOUBLING,   /* different owners (or one is not known), the same thing, and nothing known that keeps them apart */
  COHERENCE_TWICE       /* one owner, the same title, and nothing known that tells them apart: registered twice? */
} CoherenceKind;

Str coherence_kind_code(CoherenceKind kind);   /* neighbour, series, doubling, twice */

#define COHERENCE_UNKNOWN (-1.0f)

typedef struct CoherencePair {
  uint32_t a, b;        /* positions in the snapshot; the code of a comes first in byte order */
  float score;          /* 0..100 points */
  float part[COHERENCE_REASONS];  /* how alike, 0..1; COHERENCE_UNKNOWN when one of the two does not tell */
  CoherenceKind kind;
} CoherencePair;

/* Bounds, so that it stays quick whatever is registered. */
#define COHERENCE_PAIRS_MAX 2000    /* candidates kept: the ones with most points */
#define COHERENCE_NEAR_MAX 20

typedef struct Coherence Coherence;

typedef struct CoherenceList {
  const CoherencePair *pairs;   /* candidate doublings, most points first, then by code */
  size_t count;
  size_t found;      /* how many there were before the list was cut */
  bool complete;     /* false: groups of very many alike titles were compared in part, so there may be more */
} CoherenceList;

/* The comparison of all actions of a snapshot; made at the first call (any thread; others wait), kept and freed with the
 * snapshot, borrowed until then. About a second of processor time at 100,000 actions. ERR_MEMORY. */
Err coherence_of(const ActionIndex *index, const Coherence **out, ErrInfo *info) MUST_CHECK;

/* Whether that comparison is there, so that coherence_of gives it at once. */
bool coherence_ready(const ActionIndex *index);

CoherenceList coherence_candidates(const Coherence *coherence);
/* Two different actions beside each other, in whichever order. */
void coherence_compare(const Coherence *coherence, uint32_t one, uint32_t other, CoherencePair *out);
/* The at most `most` (up to COHERENCE_NEAR_MAX) actions most like this one, most points first; those that have hardly a word
 * in common are left out. ERR_MEMORY. */
Err coherence_near(const Coherence *coherence, uint32_t id, size_t most, Arena *arena, CoherencePair **out, size_t *count,
                   ErrInfo *info) MUST_CHECK;
/* Bytes of memory it holds. */
size_t coherence_bytes(const Coherence *coherence);

#endif
