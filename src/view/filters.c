/* SPDX-License-Identifier: EUPL-1.2 */
/* The filters of templates; what each gives is said in filters.def. */
#include <math.h>
#include <utf8proc.h>

#include "base/text.h"
#include "view/escape.h"
#include "view/lang.h"
#include "view/tmpl.h"

/* The buffer's text as a value of this rendering; the buffer is cleared. */
static const Val *take(TmplCtx *t, Buf *out) {
  Str text = buf_err(out) == ERR_OK ? arena_str(&t->arena, buf_view(out)) : STR_NONE;
  buf_clear(out);
  if (!text.ptr && t->err == ERR_OK) t->err = ERR_MEMORY;
  return tmpl_lit(t, text);
}

static bool is_nothing(const Val *value) {
  return value->kind == VAL_NULL || (value->kind == VAL_STR && !value->as.text.len);
}

/* The asked number of decimals, or as many as the value needs up to `most`. */
static int decimals(const Val *arg, double value, int most) {
  double asked;
  if (arg && tmpl_as_number(arg, &asked) && asked >= 0 && asked <= 9) return (int)asked;
  for (int n = 0; n < most; n++) {
    double scaled = value * pow(10, n);
    if (fabs(scaled - round(scaled)) < 1e-9 * fmax(1, fabs(scaled))) return n;
  }
  return most;
}

const Val *filter_number(TmplCtx *t, const Val *in, const Val *arg) {
  double value;
  if (!tmpl_as_number(in, &value)) return in;
  Buf out;
  buf_init(&out, 0);
  if (in->kind == VAL_INT && !arg) view_integer(&out, t->lang, in->as.integer);
  else view_number(&out, t->lang, value, decimals(arg, value, 2));
  return take(t, &out);
}

const Val *filter_percent(TmplCtx *t, const Val *in, const Val *arg) {
  double value;
  if (!tmpl_as_number(in, &value)) return in;
  Buf out;
  buf_init(&out, 0);
  view_number(&out, t->lang, value * 100, decimals(arg, value * 100, 1));
  buf_str(&out, t->lang->before_percent);
  buf_char(&out, '%');
  return take(t, &out);
}

const Val *filter_money(TmplCtx *t, const Val *in, const Val *arg) {
  double value;
  (void)arg;
  if (!tmpl_as_number(in, &value) || fabs(value) > 9e18) return in;
  Buf out;
  buf_init(&out, 0);
  view_money(&out, t->lang, in->kind == VAL_INT ? in->as.integer : (int64_t)llround(value));
  return take(t, &out);
}

const Val *filter_date(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  if (is_nothing(in)) return in;
  Buf out;
  buf_init(&out, 0);
  view_date(&out, t->lang, tmpl_as_text(t, in));
  return take(t, &out);
}

const Val *filter_month(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  Str text = tmpl_as_text(t, in);
  int year, month;
  int64_t number;
  if (str_to_int(text, &number) && number >= 1 && number <= 12) return tmpl_lit(t, lang_month(t->lang, (int)number));
  if (!lang_year_month(text, &year, &month)) return in;
  Buf out;
  buf_init(&out, 0);
  view_date(&out, t->lang, str_slice(text, 0, 7));
  return take(t, &out);
}

const Val *filter_urlencode(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  if (is_nothing(in)) return in;
  Buf out;
  buf_init(&out, 0);
  escape_url_value(&out, tmpl_as_text(t, in));
  return take(t, &out);
}

const Val *filter_link(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  Str path = tmpl_as_text(t, in);
  if (!str_starts(path, S("/")) || str_starts(path, S("//"))) return in;
  Buf out;
  buf_init(&out, 0);
  buf_str(&out, t->lang->prefix);
  buf_str(&out, path.len == 1 && t->lang->prefix.len ? S("") : path);
  return take(t, &out);
}

const Val *filter_tr(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  if (in->kind != VAL_STR) return in;
  return tmpl_lit(t, lang_translate(&t->mo, in->as.text));
}

const Val *filter_count(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  switch (in->kind) {
    case VAL_LIST: return tmpl_int(t, (int64_t)in->as.list.count);
    case VAL_MAP: return tmpl_int(t, (int64_t)in->as.map.count);
    case VAL_STR: return tmpl_int(t, (int64_t)text_length(in->as.text));
    case VAL_NULL:
    case VAL_BOOL:
    case VAL_INT:
    case VAL_DOUBLE: break;
  }
  return tmpl_int(t, 0);
}

const Val *filter_join(TmplCtx *t, const Val *in, const Val *arg) {
  if (in->kind != VAL_LIST) return in;
  Buf out;
  buf_init(&out, 0);
  for (size_t i = 0; i < in->as.list.count; i++) {
    if (i > 0) buf_str(&out, arg ? tmpl_as_text(t, arg) : S(", "));
    buf_str(&out, tmpl_as_text(t, in->as.list.items[i]));
  }
  return take(t, &out);
}

const Val *filter_default(TmplCtx *t, const Val *in, const Val *arg) {
  (void)t;
  return is_nothing(in) ? arg : in;
}

/* Each character through `change`; only the first when `once`. Bytes that are no UTF-8 are kept for the escape. */
static const Val *change_case(TmplCtx *t, const Val *in, utf8proc_int32_t (*change)(utf8proc_int32_t), bool once) {
  if (in->kind != VAL_STR) return in;
  Str rest = in->as.text;
  Buf out;
  buf_init(&out, 0);
  while (rest.len) {
    utf8proc_int32_t code;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)rest.ptr, (utf8proc_ssize_t)rest.len, &code);
    if (len < 1) {
      buf_char(&out, rest.ptr[0]);
      len = 1;
    } else {
      utf8proc_uint8_t encoded[4];
      utf8proc_ssize_t size = utf8proc_encode_char(change(code), encoded);
      buf_put(&out, encoded, (size_t)size);
    }
    rest = str_slice(rest, (size_t)len, rest.len);
    if (once) break;
  }
  buf_str(&out, rest);
  return take(t, &out);
}

const Val *filter_lower(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  return change_case(t, in, utf8proc_tolower, false);
}

const Val *filter_capital(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  return change_case(t, in, utf8proc_toupper, true);
}

const Val *filter_slug(TmplCtx *t, const Val *in, const Val *arg) {
  (void)arg;
  Str folded = text_folded(&t->arena, tmpl_as_text(t, in));
  Buf out;
  buf_init(&out, 0);
  bool gap = false;
  for (size_t i = 0; i < folded.len; i++) {
    char c = folded.ptr[i];
    bool keep = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (keep && gap && out.len) buf_char(&out, '-');
    if (keep) buf_char(&out, c);
    gap = !keep;
  }
  return take(t, &out);
}
