/* SPDX-License-Identifier: EUPL-1.2 */
/* The words that two texts share and those that only one of them has. */
#ifndef PW_PACT_DIFF_H
#define PW_PACT_DIFF_H

#include "base/val.h"

/* A list of tokens {op, text} for two short texts: op "same", "old" or "new"; runs of words with one op are one token,
 * texts have no space at their ends; one goes between two tokens. The longest common subsequence of words (so the fewest words are marked), compared
 * byte for byte; of texts too long to compare (more than DIFF_WORK_MAX pairs of words) everything that is not the same at
 * beginning and end is marked. *out gets NULL and ERR_MEMORY when out of memory. */
Err diff_words(Str from, Str to, Arena *arena, Val **out) MUST_CHECK;
/* The same for texts of several paragraphs: a list of {item, tokens}. A paragraph of the answer ends where either text
 * has a break. */
Err diff_paragraphs(Str from, Str to, Arena *arena, Val **out) MUST_CHECK;

#define DIFF_WORK_MAX 4000000

#endif
