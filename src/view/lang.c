/* SPDX-License-Identifier: EUPL-1.2 */
/* Languages: their table, numbers, dates and money in their manner, and the choice of a translation. */
#include "view/lang.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/day.h"
#include "base/embed.h"

static const ViewLang LANGUAGES[] = {
#define LANGUAGE(code, name, prefix, thousands, decimal, after_day, before_money, after_money, before_percent, ...) \
  {S(#code), S(name), S(prefix), S(thousands), S(decimal), S(after_day), S(before_money), S(after_money),           \
   S(before_percent), MONTHS(__VA_ARGS__)},
#define MONTHS(a, b, c, d, e, f, g, h, i, j, k, l) {S(a), S(b), S(c), S(d), S(e), S(f), S(g), S(h), S(i), S(j), S(k), S(l)}
#include "view/languages.def"
#undef LANGUAGE
#undef MONTHS
};

_Static_assert(sizeof LANGUAGES / sizeof *LANGUAGES == VIEW_LANG_COUNT, "view.h says how many languages there are");

const ViewLang *view_lang(Str code) {
  for (size_t i = 0; i < VIEW_LANG_COUNT; i++)
    if (str_eq(LANGUAGES[i].code, code)) return &LANGUAGES[i];
  return NULL;
}

const ViewLang *view_lang_at(size_t index) {
  assert(index < VIEW_LANG_COUNT);
  return &LANGUAGES[index];
}

Str view_lang_code(const ViewLang *lang) { return lang->code; }
Str view_lang_name(const ViewLang *lang) { return lang->name; }
Str view_lang_prefix(const ViewLang *lang) { return lang->prefix; }

/* --- translations --- */

void lang_messages(const ViewLang *lang, MoFile *mo) {
  *mo = (MoFile){0};
  if (lang == &LANGUAGES[0]) return;
  char path[32];
  snprintf(path, sizeof path, "locale/" STR_FMT ".mo", STR_ARG(lang->code));
  EmbeddedFile file;
  if (!embed_find(str_from(path), &file)) return;
  bool readable = mo_open(mo, file.bytes);
  assert(readable);  /* msgfmt made it at build time */
  (void)readable;
}

Str lang_translate(const MoFile *mo, Str msgid) {
  Str found;
  return mo_find(mo, msgid, &found) ? found : msgid;
}

Str lang_plural(const MoFile *mo, Str one, Str many, bool is_one) {
  Str forms, single;
  if (!mo_find(mo, one, &forms) || !str_cut(&forms, '\0', &single)) return is_one ? one : many;
  if (is_one || !forms.ptr) return single;
  Str plural;
  return str_cut(&forms, '\0', &plural) ? plural : single;
}

Str view_tr(const ViewLang *lang, const char *msgid) {
  MoFile mo;
  lang_messages(lang, &mo);
  return lang_translate(&mo, str_from(msgid));
}

Str view_trn(const ViewLang *lang, const char *one, const char *many, int64_t n) {
  MoFile mo;
  lang_messages(lang, &mo);
  return lang_plural(&mo, str_from(one), str_from(many), n == 1);
}

static void fill_value(Buf *out, const Val *value) {
  switch (value->kind) {
    case VAL_STR: buf_str(out, value->as.text); break;
    case VAL_INT: buf_int(out, value->as.integer); break;
    case VAL_DOUBLE: buf_double(out, value->as.number); break;
    case VAL_BOOL: buf_cstr(out, value->as.boolean ? "true" : "false"); break;
    case VAL_NULL:
    case VAL_LIST:
    case VAL_MAP: break;
  }
}

static bool has_member(const Val *map, Str key) {
  if (!map || map->kind != VAL_MAP) return false;
  for (size_t i = 0; i < map->as.map.count; i++)
    if (str_eq(map->as.map.items[i].key, key)) return true;
  return false;
}

Str view_fill(Arena *arena, Str message, const Val *args) {
  Buf out;
  buf_init(&out, 0);
  size_t at;
  while ((at = str_find(message, S("%{"))) != STR_NPOS) {
    Str rest = str_slice(message, at + 2, message.len);
    size_t end = str_find_char(rest, '}');
    if (end == STR_NPOS) break;
    Str name = str_slice(rest, 0, end);
    buf_str(&out, str_slice(message, 0, at));
    if (has_member(args, name)) fill_value(&out, val_get(args, name));
    else buf_str(&out, str_slice(message, at, at + 2 + end + 1));
    message = str_slice(rest, end + 1, rest.len);
  }
  buf_str(&out, message);
  Str filled = buf_err(&out) == ERR_OK ? arena_str(arena, buf_view(&out)) : STR_NONE;
  buf_clear(&out);
  return filled;
}

/* --- numbers --- */

/* Digits with the separator between groups of three, counted from the end. */
static void grouped(Buf *out, const ViewLang *lang, Str digits) {
  for (size_t i = 0; i < digits.len; i++) {
    if (i > 0 && (digits.len - i) % 3 == 0) buf_str(out, lang->thousands);
    buf_char(out, digits.ptr[i]);
  }
}

void view_integer(Buf *out, const ViewLang *lang, int64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  if (value < 0) buf_cstr(out, "\u2212");
  grouped(out, lang, str_from(text + (value < 0)));
}

void view_number(Buf *out, const ViewLang *lang, double value, int decimals) {
  char text[340];
  if (!isfinite(value)) {
    buf_cstr(out, "\u2013");
    return;
  }
  if (decimals < 0) decimals = 0;
  snprintf(text, sizeof text, "%.*f", decimals > 9 ? 9 : decimals, fabs(value));
  Str whole = str_from(text), fraction = STR_NONE;
  size_t point = str_find_char(whole, '.');
  if (point != STR_NPOS) {
    fraction = str_slice(whole, point + 1, whole.len);
    whole = str_slice(whole, 0, point);
  }
  bool zero = true;
  for (const char *p = text; *p; p++) zero = zero && (*p == '0' || *p == '.');
  if (value < 0 && !zero) buf_cstr(out, "\u2212");
  grouped(out, lang, whole);
  if (fraction.len) {
    buf_str(out, lang->decimal);
    buf_str(out, fraction);
  }
}

void view_money(Buf *out, const ViewLang *lang, int64_t cents) {
  uint64_t amount = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
  char euros[24], rest[4];
  snprintf(euros, sizeof euros, "%llu", (unsigned long long)(amount / 100));
  snprintf(rest, sizeof rest, "%02u", (unsigned)(amount % 100));
  if (cents < 0) buf_cstr(out, "\u2212");
  buf_str(out, lang->before_money);
  grouped(out, lang, str_from(euros));
  if (amount % 100) {
    buf_str(out, lang->decimal);
    buf_cstr(out, rest);
  }
  buf_str(out, lang->after_money);
}

/* --- dates --- */

Str lang_month(const ViewLang *lang, int month) {
  assert(month >= 1 && month <= 12);
  return lang->months[month - 1];
}

bool lang_year_month(Str iso, int *year, int *month) {
  int64_t y, m;
  if (iso.len < 7 || iso.ptr[4] != '-' || (iso.len > 7 && iso.ptr[7] != '-')) return false;
  if (!str_to_int(str_slice(iso, 0, 4), &y) || !str_to_int(str_slice(iso, 5, 7), &m)) return false;
  if (y < 0 || m < 1 || m > 12) return false;
  *year = (int)y;
  *month = (int)m;
  return true;
}

void view_date(Buf *out, const ViewLang *lang, Str iso) {
  Day day;
  int y, m, d;
  bool time = iso.len > 10 && (iso.ptr[10] == 'T' || iso.ptr[10] == ' ');
  if ((iso.len == 10 || time) && day_parse_iso(str_slice(iso, 0, 10), &day)) {
    day_to_civil(day, &y, &m, &d);
    buf_int(out, d);
    buf_str(out, lang->after_day);
    buf_str(out, lang_month(lang, m));
    buf_printf(out, " %d", y);
  } else if (iso.len == 7 && lang_year_month(iso, &y, &m)) {
    buf_str(out, lang_month(lang, m));
    buf_printf(out, " %d", y);
  } else {
    buf_str(out, iso);
  }
}
