/* SPDX-License-Identifier: EUPL-1.2 */
#include "monitor/supply_cells.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

enum { NUMBER_MAX = 40 };

typedef struct Word {
  SupplyList list;
  const char *code, *word;
} Word;

static const Word WORDS[] = {
#define WORD(list, code, word) {SUPPLY_LIST_##list, code, word},
#include "monitor/supply_words.def"
#undef WORD
};
enum { WORD_COUNT = sizeof WORDS / sizeof *WORDS };

const char *supply_code(Arena *arena, SupplyList list, Str word) {
  Str folded = text_folded(arena, word);
  for (size_t i = 0; folded.ptr && i < WORD_COUNT; i++)
    if (WORDS[i].list == list && str_eq(folded, str_from(WORDS[i].word))) return WORDS[i].code;
  return NULL;
}

const char *supply_word(SupplyList list, Str code) {
  for (size_t i = 0; i < WORD_COUNT; i++)
    if (WORDS[i].list == list && str_eq(code, str_from(WORDS[i].code))) return WORDS[i].word;
  return NULL;
}

bool supply_suppressed(Str text) {
  char spaced[NUMBER_MAX];
  text = text_plain_spaces(text, spaced, sizeof spaced);
  if (!str_starts(text, S("<"))) return false;
  return str_eq(str_trim(str_slice(text, 1, text.len)), S("5"));
}

/* Groups of three digits after the first: "1.250", "12 500 000". */
static bool is_grouped(Str text, char mark) {
  size_t first = str_find_char(text, mark);
  if (first == STR_NPOS || first == 0 || first > 3 || text.ptr[0] == '0' || text.ptr[0] == '-') return false;
  for (size_t i = first; i < text.len; i++) {
    bool at_mark = (i - first) % 4 == 0;
    if (at_mark != (text.ptr[i] == mark)) return false;
    if (!at_mark && (text.ptr[i] < '0' || text.ptr[i] > '9')) return false;
  }
  return (text.len - first) % 4 == 0;
}

static size_t count_char(Str text, char wanted) {
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++) n += text.ptr[i] == wanted;
  return n;
}

/* Digits and at most one decimal mark, which must have digits on both sides. */
static bool plain_number(Str text, char decimal, double *number) {
  char clean[NUMBER_MAX + 1];
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    bool sign = c == '-' && i == 0, mark = c == decimal && i > 0 && i + 1 < text.len;
    if (!sign && !mark && (c < '0' || c > '9')) return false;
    if (n == NUMBER_MAX) return false;
    clean[n++] = mark ? '.' : c;
  }
  if (!str_to_double((Str){clean, n}, number) || !isfinite(*number)) return false;
  if (*number == 0) *number = 0;  /* not -0 */
  return true;
}

static Str without(char mark, Str text, char out[NUMBER_MAX]) {
  size_t n = 0;
  for (size_t i = 0; i < text.len && n < NUMBER_MAX; i++)
    if (text.ptr[i] != mark) out[n++] = text.ptr[i];
  return (Str){out, n};
}

bool supply_number(Str text, bool percent, double *number) {
  char digits[NUMBER_MAX], spaced[NUMBER_MAX];
  text = text_plain_spaces(str_trim(text), spaced, sizeof spaced);
  if (percent && str_ends(text, S("%"))) text = str_trim(str_slice(text, 0, text.len - 1));
  if (text.len == 0 || text.len > NUMBER_MAX) return false;
  if (is_grouped(text, ' ')) return plain_number(without(' ', text, digits), '.', number);
  size_t points = count_char(text, '.'), commas = count_char(text, ',');
  if (points && commas) {   /* the last one is the decimal mark */
    bool comma_last = memrchr(text.ptr, ',', text.len) > memrchr(text.ptr, '.', text.len);
    char decimal = comma_last ? ',' : '.', group = comma_last ? '.' : ',';
    size_t cut = str_find_char(text, decimal);
    if ((comma_last ? commas : points) != 1 || !is_grouped(str_slice(text, 0, cut), group)) return false;
    return plain_number(without(group, text, digits), decimal, number);
  }
  char mark = commas ? ',' : '.';
  if (points + commas > 1 || (points + commas == 1 && !percent && is_grouped(text, mark)))
    return is_grouped(text, mark) && plain_number(without(mark, text, digits), '.', number);
  return plain_number(text, mark, number);
}
