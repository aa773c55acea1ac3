/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/stem.h"

#include <libstemmer.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct Stemmer {
  struct sb_stemmer *snowball;
  Buf folded;
};

Err stemmer_new(Stemmer **out) {
  *out = NULL;
  Stemmer *stemmer = mem_alloc0(1, sizeof *stemmer);
  if (!stemmer) return ERR_MEMORY;
  buf_init(&stemmer->folded, 0);
  stemmer->snowball = sb_stemmer_new("dutch", "UTF_8");
  if (!stemmer->snowball) {
    mem_free(stemmer);
    return ERR_MEMORY;
  }
  *out = stemmer;
  return ERR_OK;
}

void stemmer_free(Stemmer *stemmer) {
  if (!stemmer) return;
  sb_stemmer_delete(stemmer->snowball);
  buf_clear(&stemmer->folded);
  mem_free(stemmer);
}

/* Beyond ASCII everything counts as a letter: folding has removed marks, and what punctuation is left there (dashes,
 * typographic quotes) is named. */
static size_t letter_len(Str text, size_t at) {
  unsigned char c = (unsigned char)text.ptr[at];
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ? 1 : 0;
  size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (at + len > text.len) return 1;
  bool general_punctuation = c == 0xE2 && (unsigned char)text.ptr[at + 1] <= 0x81;  /* U+2000..U+207F */
  bool latin_symbol = c == 0xC2;                                                    /* U+0080..U+00BF */
  return general_punctuation || latin_symbol ? 0 : len;
}

static size_t skip_len(Str text, size_t at) {
  unsigned char c = (unsigned char)text.ptr[at];
  size_t len = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  return at + len > text.len ? text.len - at : len;
}

bool stem_word(Str *folded, Str *word) {
  size_t at = 0;
  while (at < folded->len && letter_len(*folded, at) == 0) at += skip_len(*folded, at);
  size_t start = at;
  for (size_t n; at < folded->len && (n = letter_len(*folded, at)) > 0;) at += n;
  *word = str_slice(*folded, start, at);
  *folded = str_slice(*folded, at, folded->len);
  return word->len > 0;
}

bool stem_is_stop(Str word) {
  static const Str words[] = {
#define WORD(text) {text, sizeof text - 1},
#include "action/stopwords.def"
#undef WORD
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq(word, words[i])) return true;
  return false;
}

/* Dutch doubles a consonant for its plurals (les, lessen; stap, stappen) and no Dutch word ends in a doubled one. Snowball
 * undoes this for d, k and t only. */
static Str undoubled(Str stem) {
  size_t n = stem.len;
  bool twice = n > 2 && stem.ptr[n - 1] == stem.ptr[n - 2];
  return twice && str_find_char(S("bdfgklmnprst"), stem.ptr[n - 1]) != STR_NPOS ? str_slice(stem, 0, n - 1) : stem;
}

Str stem_of(Stemmer *stemmer, Str word) {
  if (word.len > 1000) word = str_slice(word, 0, 1000);
  const sb_symbol *stem = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)word.ptr, (int)word.len);
  if (!stem) return word;  /* out of memory inside the library: the unstemmed word still finds itself */
  return undoubled((Str){(const char *)stem, (size_t)sb_stemmer_length(stemmer->snowball)});
}

Err stem_text(Stemmer *stemmer, Buf *out, Str text) {
  buf_reset(&stemmer->folded);
  TRY(text_fold(&stemmer->folded, text));
  Str rest = buf_view(&stemmer->folded), word;
  bool first = true;
  while (stem_word(&rest, &word)) {
    if (stem_is_stop(word)) continue;
    if (!first) buf_char(out, ' ');
    first = false;
    buf_str(out, stem_of(stemmer, word));
  }
  return buf_err(out);
}

Err stem_action(Stemmer *stemmer, Buf *out, Str title, Str description) {
  TRY(stem_text(stemmer, out, title));
  buf_cstr(out, " | ");
  return stem_text(stemmer, out, description);
}
