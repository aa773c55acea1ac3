/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/diff.h"

#include <string.h>

#include "base/buf.h"
#include "pact/paragraphs.h"

/* Breaks are words too, so that they take part in the comparison. */
static const char BREAK[] = "\n", BREAK_ITEM[] = "\n*";

typedef struct Words { Str *items; size_t count, cap; } Words;

typedef enum Op { OP_SAME, OP_OLD, OP_NEW } Op;
static const char *const OP_NAMES[] = {"same", "old", "new"};

typedef struct Step { Op op; Str word; } Step;
typedef struct Steps { Step *items; size_t count; } Steps;

static bool add_word(Arena *arena, Words *words, Str word) {
  if (words->count == words->cap) {
    size_t cap = words->cap ? words->cap * 2 : 64;
    Str *grown = arena_grow(arena, words->items, words->cap * sizeof *grown, cap * sizeof *grown);
    if (!grown) return false;
    words->items = grown;
    words->cap = cap;
  }
  words->items[words->count++] = word;
  return true;
}

static bool split_line(Arena *arena, Words *words, Str line) {
  Str word;
  while (str_cut(&line, ' ', &word))
    if (word.len > 0 && !add_word(arena, words, word)) return false;
  return true;
}

/* Words of a text; each paragraph begins with a break. */
static bool split(Arena *arena, Words *words, Str text, bool paragraphs) {
  Paragraph p;
  if (!paragraphs) return split_line(arena, words, text);
  while (paragraph_next(&text, &p)) {
    if (!add_word(arena, words, str_from(p.item ? BREAK_ITEM : BREAK))) return false;
    if (!split_line(arena, words, p.text)) return false;
  }
  return true;
}

static void step(Steps *steps, Op op, Str word) {
  steps->items[steps->count++] = (Step){op, word};
}

/* The middle part, by the table of lengths of longest common subsequences of all suffixes. */
static bool middle(Arena *arena, const Str *a, size_t n, const Str *b, size_t m, Steps *steps) {
  size_t i = 0, j = 0, width = m + 1;
  if (n > 0 && m > 0 && n <= DIFF_WORK_MAX / m) {
    uint32_t *length = ARENA_ARRAY(arena, uint32_t, (n + 1) * width);
    if (!length) return false;
    for (size_t x = n; x-- > 0;)
      for (size_t y = m; y-- > 0;) {
        uint32_t down = length[(x + 1) * width + y], right = length[x * width + y + 1];
        length[x * width + y] = str_eq(a[x], b[y]) ? length[(x + 1) * width + y + 1] + 1 : down > right ? down : right;
      }
    while (i < n && j < m) {
      if (str_eq(a[i], b[j])) {
        step(steps, OP_SAME, a[i]);
        i++;
        j++;
      } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
        step(steps, OP_OLD, a[i++]);
      } else {
        step(steps, OP_NEW, b[j++]);
      }
    }
  }
  while (i < n) step(steps, OP_OLD, a[i++]);
  while (j < m) step(steps, OP_NEW, b[j++]);
  return true;
}

static bool compare(Arena *arena, const Words *a, const Words *b, Steps *steps) {
  size_t head = 0, tail = 0;
  steps->items = ARENA_ARRAY(arena, Step, a->count + b->count + 1);
  if (!steps->items) return false;
  while (head < a->count && head < b->count && str_eq(a->items[head], b->items[head])) head++;
  while (tail < a->count - head && tail < b->count - head && str_eq(a->items[a->count - 1 - tail], b->items[b->count - 1 - tail])) tail++;
  for (size_t i = 0; i < head; i++) step(steps, OP_SAME, a->items[i]);
  if (!middle(arena, a->items + head, a->count - head - tail, b->items + head, b->count - head - tail, steps)) return false;
  for (size_t i = a->count - tail; i < a->count; i++) step(steps, OP_SAME, a->items[i]);
  return true;
}

static bool is_break(Str word) {
  return word.len > 0 && word.ptr[0] == '\n';
}

/* One token of the words in steps [from, to), which have one op and hold no break. */
static bool put_token(Arena *arena, Val *tokens, const Step *steps, size_t from, size_t to) {
  Buf text;
  buf_init(&text, 0);
  for (size_t i = from; i < to; i++) {
    if (i > from) buf_char(&text, ' ');
    buf_str(&text, steps[i].word);
  }
  Str own = buf_err(&text) == ERR_OK ? arena_str(arena, buf_view(&text)) : STR_NONE;
  buf_clear(&text);
  Val *token = own.ptr ? val_push_map(arena, tokens) : NULL;
  if (!token) return false;
  val_set_str(arena, token, "op", str_from(OP_NAMES[steps[from].op]));
  val_set_str(arena, token, "text", own);
  return true;
}

static bool put_tokens(Arena *arena, Val *tokens, const Step *steps, size_t from, size_t to) {
  while (from < to) {
    size_t end = from + 1;
    while (end < to && steps[end].op == steps[from].op) end++;
    if (!put_token(arena, tokens, steps, from, end)) return false;
    from = end;
  }
  return true;
}

static bool put_paragraphs(Arena *arena, Val *list, const Steps *steps) {
  size_t at = 0;
  while (at < steps->count) {
    bool item = false;
    for (; at < steps->count && is_break(steps->items[at].word); at++) item = steps->items[at].word.len > 1;
    size_t end = at;
    while (end < steps->count && !is_break(steps->items[end].word)) end++;
    if (end == at) break;
    Val *paragraph = val_push_map(arena, list);
    if (!paragraph) return false;
    val_set_bool(arena, paragraph, "item", item);
    Val *tokens = val_set_list(arena, paragraph, "tokens");
    if (!tokens || !put_tokens(arena, tokens, steps->items, at, end)) return false;
    at = end;
  }
  return true;
}

static Err diff(Str from, Str to, bool paragraphs, Arena *arena, Val **out) {
  Words a = {0}, b = {0};
  Steps steps = {0};
  *out = NULL;
  Val *list = val_list(arena);
  bool good = list && split(arena, &a, from, paragraphs) && split(arena, &b, to, paragraphs) && compare(arena, &a, &b, &steps);
  if (good) good = paragraphs ? put_paragraphs(arena, list, &steps) : put_tokens(arena, list, steps.items, 0, steps.count);
  if (!good) return ERR_MEMORY;
  *out = list;
  return ERR_OK;
}

Err diff_words(Str from, Str to, Arena *arena, Val **out) {
  return diff(from, to, false, arena, out);
}

Err diff_paragraphs(Str from, Str to, Arena *arena, Val **out) {
  return diff(from, to, true, arena, out);
}
