/* SPDX-License-Identifier: EUPL-1.2 */
/* Words of a text as Dutch stems, the same way for what is stored and for what is asked. */
#ifndef PW_ACTION_STEM_H
#define PW_ACTION_STEM_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct Stemmer Stemmer;

/* One per thread and task; stemmer_free takes NULL. */
Err stemmer_new(Stemmer **out) MUST_CHECK;
void stemmer_free(Stemmer *stemmer);

/* The next word of folded text (text_fold): letters and digits in a row. False at the end. */
bool stem_word(Str *folded, Str *word);
/* Words that are in nearly every text and so find nothing: articles, prepositions. */
bool stem_is_stop(Str word);
/* The stem of a folded word; borrowed until the next call. */
Str stem_of(Stemmer *stemmer, Str word);
/* Appends the stems of a text, parted by spaces, stop words left out. */
Err stem_text(Stemmer *stemmer, Buf *out, Str text) MUST_CHECK;
/* What table action_search holds for an action: the stems of the title, " | ", the stems of the description. */
Err stem_action(Stemmer *stemmer, Buf *out, Str title, Str description) MUST_CHECK;

#endif
