/* SPDX-License-Identifier: EUPL-1.2 */
#include "action/cells.h"

#include <string.h>

#include "base/text.h"

static bool digit(char c) { return c >= '0' && c <= '9'; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
static bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

Str cell_name(Arena *arena, Str text) {
  Str folded = text_folded(arena, text);
  char *out = folded.ptr ? arena_alloc(arena, folded.len + 1) : NULL;
  if (!out) return STR_NONE;
  size_t n = 0;
  for (size_t i = 0; i < folded.len;) {
    unsigned char c = (unsigned char)folded.ptr[i], next = i + 1 < folded.len ? (unsigned char)folded.ptr[i + 1] : 0;
    size_t len = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    bool symbol = c < 0x80 ? !letter((char)c) && !digit((char)c) : c == 0xC2 || (c == 0xE2 && next <= 0x81);  /* U+2000.. */
    if (i + len > folded.len) len = folded.len - i;
    if (symbol && n && out[n - 1] != ' ') out[n++] = ' ';
    for (size_t k = 0; !symbol && k < len; k++) out[n++] = lower(folded.ptr[i + k]);
    i += len;
  }
  while (n && out[n - 1] == ' ') n--;
  return (Str){out, n};
}

bool cell_is_blank(Str name) {
  static const char *const blanks[] = {"", "nvt", "n v t", "onbekend", "nb", "n b", "unknown", "n a", "na", "geen"};
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
    if (str_eq(name, str_from(blanks[i]))) return true;
  return false;
}

static void add_once(CellList *list, Str item) {
  for (size_t i = 0; i < list->count; i++)
    if (str_eq(list->items[i], item)) return;
  if (list->count < CELL_ITEMS) list->items[list->count++] = item;
}

/* ---- Goals ---- */

typedef struct GoalReader {
  Str text;
  size_t at;
  Arena *arena;
  CellList *out;
  Str number;     /* the last one read */
  bool range;     /* "t/m" was just read */
} GoalReader;

static size_t word_end(const GoalReader *r) {
  size_t end = r->at;
  while (end < r->text.len && (letter(r->text.ptr[end]) || (unsigned char)r->text.ptr[end] >= 0x80)) end++;
  return end;
}

/* Skips a word between codes; false when it means something else. */
static bool skip_word(GoalReader *r, size_t end) {
  static const char *const words[] = {"doel", "doelen", "doelstelling", "doelstellingen", "subdoel", "subdoelen", "goal", "goals",
                                      "nr", "nummer", "en", "and", "of", "tpnn"};
  Str word = str_slice(r->text, r->at, end);
  bool through = (str_eq_nocase(word, S("t")) && end + 1 < r->text.len && r->text.ptr[end] == '/' && lower(r->text.ptr[end + 1]) == 'm') ||
                 str_eq_nocase(word, S("tm"));
  if (through) {
    r->range = r->number.len > 0;
    r->at = end + (r->text.ptr[end == r->text.len ? end - 1 : end] == '/' ? 2 : 0);
    return r->range;
  }
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(word, str_from(words[i]))) {
      r->at = end;
      return true;
    }
  return false;
}

static bool put_goal(GoalReader *r, char sub) {
  Str code = sub ? arena_printf(r->arena, STR_FMT "%c", STR_ARG(r->number), lower(sub)) : arena_str(r->arena, r->number);
  if (!code.ptr) return false;
  add_once(r->out, code);
  return true;
}

/* The letter behind a number: "1c", "1.C", "1 c", "1-c", not the first letter of a word. */
static char letter_behind(GoalReader *r) {
  size_t at = r->at;
  while (at < r->text.len && (space(r->text.ptr[at]) || r->text.ptr[at] == '.' || r->text.ptr[at] == '-')) at++;
  if (at >= r->text.len || !letter(r->text.ptr[at])) return 0;
  if (at + 1 < r->text.len && (letter(r->text.ptr[at + 1]) || r->text.ptr[at + 1] == '/')) {
    if (letter(r->text.ptr[at + 1]) || lower(r->text.ptr[at]) == 't') return 0;
  }
  r->at = at + 1;
  return r->text.ptr[at];
}

static bool read_number(GoalReader *r) {
  size_t start = r->at;
  while (r->at < r->text.len && digit(r->text.ptr[r->at])) r->at++;
  while (start + 1 < r->at && r->text.ptr[start] == '0') start++;
  Str from = r->number;
  r->number = str_slice(r->text, start, r->at);
  if (r->number.len > 4) return false;
  char sub = letter_behind(r);
  int64_t low, high;
  if (r->range && !sub && str_to_int(from, &low) && str_to_int(r->number, &high)) {
    if (high <= low || high - low > 50) return false;
    Str last = r->number;
    for (int64_t n = low + 1; n < high; n++) {
      r->number = arena_printf(r->arena, "%lld", (long long)n);
      if (!put_goal(r, 0)) return false;
    }
    r->number = last;
  }
  r->range = false;
  return put_goal(r, sub);
}

bool cell_goals(Arena *arena, Str text, CellList *out, Str *bad) {
  GoalReader r = {.text = text, .arena = arena, .out = out};
  out->count = 0;
  while (r.at < text.len) {
    char c = text.ptr[r.at];
    size_t start = r.at;
    if (space(c) || (c != '\0' && strchr(",;/&+.:()", c))) {
      r.at++;
      continue;
    }
    size_t end = word_end(&r);
    bool known;
    if (digit(c)) known = read_number(&r);
    else if (letter(c) && end == r.at + 1 && r.number.len && !(end < text.len && text.ptr[end] == '/' && lower(c) == 't')) {
      r.at++;
      known = !r.range && put_goal(&r, c);  /* "1.A, B": the letter belongs to the number before it */
    } else known = end > r.at && skip_word(&r, end);
    if (!known) {
      size_t stop = start;
      while (stop < text.len && !space(text.ptr[stop]) && text.ptr[stop] != ',' && text.ptr[stop] != ';') stop++;
      *bad = str_slice(text, start, stop > start ? stop : start + 1);
      return false;
    }
  }
  *bad = text;
  return !r.range && out->count > 0;
}

/* ---- Moments ---- */

static int month_named(Str word) {
  static const char *const names[] = {"jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"};
  static const char *const english[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  if (word.len < 3) return 0;
  if (str_eq_nocase(str_slice(word, 0, 3), S("mrt"))) return 3;
  for (int i = 0; i < 12; i++)
    if (str_eq_nocase(str_slice(word, 0, 3), str_from(names[i])) || str_eq_nocase(str_slice(word, 0, 3), str_from(english[i])))
      return i + 1;
  return 0;
}

static bool is_year(Str s, int *year) {
  int64_t n;
  if (s.len != 4 || !str_to_int(s, &n) || n < 1900 || n > 2200) return false;
  *year = (int)n;
  return true;
}

static Day month_end(int year, int month) {
  return (month == 12 ? day_from_civil(year + 1, 1, 1) : day_from_civil(year, month + 1, 1)) - 1;
}

/* "september 2013", "sept. 2013", "9-2013", "09/2013" */
static bool month_of_year(Str text, int *year, int *month) {
  size_t cut = text.len;
  while (cut > 0 && digit(text.ptr[cut - 1])) cut--;
  if (!is_year(str_slice(text, cut, text.len), year) || cut == 0) return false;
  Str before = str_trim(str_slice(text, 0, cut));
  while (before.len && (before.ptr[before.len - 1] == '.' || before.ptr[before.len - 1] == '-' || before.ptr[before.len - 1] == '/'))
    before.len--;
  int64_t number;
  if (str_to_int(before, &number) && before.len <= 2 && number >= 1 && number <= 12) *month = (int)number;
  else {
    for (size_t i = 0; i < before.len; i++)
      if (!letter(before.ptr[i])) return false;
    *month = month_named(before);
  }
  return *month > 0;
}

bool cell_moment(Str text, Day *first, Day *last) {
  text = str_trim(text);
  int year, month;
  if (is_year(text, &year)) {
    *first = day_from_civil(year, 1, 1);
    *last = day_from_civil(year, 12, 31);
    return true;
  }
  if (text.len > 11 && text.ptr[10] == 'T' && day_parse_iso(str_slice(text, 0, 10), first)) {  /* a day with a time */
    *last = *first;
    return true;
  }
  if (day_parse_any(text, first)) {
    *last = *first;
    return true;
  }
  if (!month_of_year(text, &year, &month)) return false;
  *first = day_from_civil(year, month, 1);
  *last = month_end(year, month);
  return true;
}

static bool starts_word(Str text, const char *word, Str *rest) {
  Str w = str_from(word);
  if (text.len <= w.len || !str_eq_nocase(str_slice(text, 0, w.len), w) || !space(text.ptr[w.len])) return false;
  *rest = str_trim(str_slice(text, w.len, text.len));
  return true;
}

static bool split_period(Str text, const char *separator, Day *start, Day *end) {
  Str sep = str_from(separator);
  Day unused;
  for (size_t i = 1; i + sep.len < text.len; i++) {
    if (!str_eq_nocase(str_slice(text, i, i + sep.len), sep)) continue;
    if (cell_moment(str_slice(text, 0, i), start, &unused) &&
        cell_moment(str_slice(text, i + sep.len, text.len), &unused, end))
      return true;
  }
  return false;
}

bool cell_period(Str text, Day *start, Day *end) {
  static const char *const separators[] = {"t/m", " tot en met ", " tot ", "\xe2\x80\x93", " - ", "-", "/", " en "};
  Day first, last;
  Str rest;
  int from, to;
  text = str_trim(text);
  *start = *end = DAY_NONE;
  if (starts_word(text, "schooljaar", &rest)) text = rest;
  size_t slash = str_find_char(text, '/');
  if (slash == 4 && is_year(str_slice(text, 0, 4), &from) && is_year(str_slice(text, 5, text.len), &to) && to == from + 1) {
    *start = day_from_civil(from, 8, 1);  /* a school year runs from August to July */
    *end = day_from_civil(to, 7, 31);
    return true;
  }
  if ((starts_word(text, "vanaf", &rest) || starts_word(text, "sinds", &rest)) && cell_moment(rest, start, &last)) return true;
  if ((starts_word(text, "tot en met", &rest) || starts_word(text, "t/m", &rest) || starts_word(text, "tot", &rest)) &&
      cell_moment(rest, &first, end))
    return true;
  if (starts_word(text, "van", &rest)) text = rest;
  *start = *end = DAY_NONE;
  if (cell_moment(text, start, end)) return true;
  for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
    if (split_period(text, separators[i], start, end)) return *start <= *end;
  return false;
}

/* ---- Numbers ---- */

/* Digits with . or , as thousands separator and , or . as decimal one; a single separator with three digits behind it
 * parts thousands. In hundredths; at most two decimals, more only when they are zero. */
static bool read_decimal(Str text, int64_t *hundredths) {
  size_t mark = STR_NPOS, marks = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (digit(text.ptr[i])) continue;
    if (text.ptr[i] != '.' && text.ptr[i] != ',') return false;
    if (mark != STR_NPOS && text.ptr[i] != text.ptr[mark]) marks = 0;
    mark = i;
    marks++;
  }
  bool both = str_find_char(text, '.') != STR_NPOS && str_find_char(text, ',') != STR_NPOS;
  size_t behind = mark == STR_NPOS ? 0 : text.len - mark - 1;
  bool decimal = mark != STR_NPOS && (both ? marks == 1 : marks == 1 && behind != 3);
  if (mark == 0 || (mark != STR_NPOS && behind == 0)) return false;
  if (decimal && behind > 2) return false;
  int64_t value = 0;
  size_t group = 0;
  bool grouped = false;
  for (size_t i = 0; i < (decimal ? mark : text.len); i++) {
    if (!digit(text.ptr[i])) {
      if (grouped ? group != 3 : group == 0 || group > 3) return false;
      grouped = true;
      group = 0;
      continue;
    }
    group++;
    if (value > INT64_MAX / 1000) return false;
    value = value * 10 + (text.ptr[i] - '0');
  }
  if ((grouped && group != 3) || text.len == 0 || value > INT64_MAX / 1000) return false;
  value *= 100;
  if (decimal) value += (text.ptr[mark + 1] - '0') * 10 + (behind == 2 ? text.ptr[mark + 2] - '0' : 0);
  *hundredths = value;
  return true;
}

static Str without_end(Str text, const char *end, int64_t factor, int64_t *out) {
  Str e = str_from(end);
  if (text.len <= e.len || !str_eq_nocase(str_slice(text, text.len - e.len, text.len), e)) return text;
  *out = factor;
  return str_trim(str_slice(text, 0, text.len - e.len));
}

bool cell_money(Str text, int64_t *cents) {
  int64_t factor = 1, value;
  text = str_trim(text);
  if (str_starts(text, S("\xe2\x82\xac"))) text = str_trim(str_slice(text, 3, text.len));
  else if (text.len > 4 && str_eq_nocase(str_slice(text, 0, 4), S("eur "))) text = str_trim(str_slice(text, 4, text.len));
  text = without_end(text, "euro", 1, &factor);
  text = without_end(text, ",-", 1, &factor);
  text = without_end(text, ",--", 1, &factor);
  static const struct { const char *end; int64_t factor; } scales[] = {
      {"miljoen", 1000000}, {"mln.", 1000000}, {"mln", 1000000}, {"duizend", 1000}, {"k", 1000}, {"ton", 100000}};
  for (size_t i = 0; i < sizeof scales / sizeof *scales && factor == 1; i++)
    text = without_end(text, scales[i].end, scales[i].factor, &factor);
  if (!read_decimal(text, &value) || value > INT64_MAX / factor) return false;
  *cents = value * factor;
  return true;
}

bool cell_count(Str text, int64_t *number) {
  int64_t hundredths;
  if (!read_decimal(str_trim(text), &hundredths) || hundredths % 100) return false;
  *number = hundredths / 100;
  return true;
}

/* ---- Values in a row ---- */

enum { ATOMS = 256 };

typedef struct Atom { size_t start, end; } Atom;

/* Length of a separator that begins at `at`, 0 for none. */
static size_t separator_at(Str text, size_t at) {
  char c = text.ptr[at];
  if (c == ',' || c == ';' || c == '/' || c == '&' || c == '\n' || c == '\r' || c == '|' || c == '+') return 1;
  if (!space(c)) return 0;
  Str rest = str_slice(text, at, at + 5);
  if (rest.len >= 4 && (str_eq_nocase(str_slice(rest, 1, 3), S("en"))) && space(rest.ptr[3])) return 3;
  if (rest.len >= 5 && str_eq_nocase(str_slice(rest, 1, 4), S("and")) && space(rest.ptr[4])) return 4;
  return 0;
}

static size_t split_atoms(Str text, Atom atoms[ATOMS]) {
  size_t count = 0, start = 0, at = 0;
  while (at <= text.len && count < ATOMS) {
    size_t n = at < text.len ? separator_at(text, at) : 1;
    if (n == 0) {
      at++;
      continue;
    }
    if (str_trim(str_slice(text, start, at)).len) atoms[count++] = (Atom){start, at};
    at += n;
    start = at;
  }
  return count;
}

bool cell_values(Str text, CellLookup lookup, void *context, CellList *out, CellList *unknown) {
  Atom atoms[ATOMS];
  enum { LONGEST = 8 };  /* separators inside one name */
  size_t count = split_atoms(text, atoms);
  out->count = unknown->count = 0;
  for (size_t i = 0; i < count;) {
    size_t last = i + LONGEST < count ? i + LONGEST : count, j;
    Str code;
    for (j = last; j > i; j--)
      if (lookup(context, str_trim(str_slice(text, atoms[i].start, atoms[j - 1].end)), &code)) break;
    if (j > i) add_once(out, code);
    else add_once(unknown, str_trim(str_slice(text, atoms[i].start, atoms[i].end)));
    i = j > i ? j : i + 1;
  }
  return unknown->count == 0;
}
