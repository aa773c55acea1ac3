/* SPDX-License-Identifier: EUPL-1.2 */
/* The run time of compiled templates. */
#include "view/tmpl.h"

#include <string.h>

#include "view/escape.h"
#include "view/lang.h"

static void failed(TmplCtx *t, Err err) {
  if (t->err == ERR_OK) t->err = err;
}

static Val *new_val(TmplCtx *t, ValKind kind) {
  Val *value = ARENA_NEW(&t->arena, Val);
  if (value) value->kind = kind;
  else failed(t, ERR_MEMORY);
  return value;
}

const Val *tmpl_lit(TmplCtx *t, Str text) {
  Val *value = text.ptr ? new_val(t, VAL_STR) : NULL;
  if (!value) return &VAL_NOTHING;
  value->as.text = text;
  return value;
}

const Val *tmpl_int(TmplCtx *t, int64_t number) {
  Val *value = new_val(t, VAL_INT);
  if (!value) return &VAL_NOTHING;
  value->as.integer = number;
  return value;
}

const Val *tmpl_bool(bool value) {
  static const Val no = {.kind = VAL_BOOL, .as.boolean = false}, yes = {.kind = VAL_BOOL, .as.boolean = true};
  return value ? &yes : &no;
}

/* --- paths --- */

static Str take_name(Str *path) {
  Str name;
  size_t dot = str_find_char(*path, '.');
  name = str_slice(*path, 0, dot == STR_NPOS ? path->len : dot);
  *path = dot == STR_NPOS ? STR_NONE : str_slice(*path, dot + 1, path->len);
  return name;
}

const Val *tmpl_sub(const Val *value, Str path) {
  while (path.len) value = val_get(value, take_name(&path));
  return value;
}

static const Val *loop_value(TmplCtx *t, Str name) {
  const TmplLoop *loop = t->loop;
  if (!loop) return &VAL_NOTHING;
  if (str_eq(name, S("index"))) return tmpl_int(t, (int64_t)loop->index);
  if (str_eq(name, S("count"))) return tmpl_int(t, (int64_t)loop->count);
  if (str_eq(name, S("first"))) return tmpl_bool(loop->index == 1);
  if (str_eq(name, S("last"))) return tmpl_bool(loop->index == loop->count);
  return &VAL_NOTHING;
}

const Val *tmpl_path(TmplCtx *t, Str path) {
  Str name = take_name(&path);
  for (const TmplScope *s = t->scope; s; s = s->outer)
    if (str_eq(s->name, name)) return tmpl_sub(s->value, path);
  if (str_eq(name, S("loop"))) return loop_value(t, path);
  const Val *found = val_get(t->root, name);
  if (found == &VAL_NOTHING && str_eq(name, S("lang"))) found = t->lang_val;
  return tmpl_sub(found, path);
}

/* --- conversions and comparison --- */

Str tmpl_as_text(TmplCtx *t, const Val *value) {
  Buf out;
  Str text = STR_NONE;
  switch (value->kind) {
    case VAL_STR: return value->as.text;
    case VAL_BOOL: return value->as.boolean ? S("true") : S("false");
    case VAL_INT: text = arena_printf(&t->arena, "%lld", (long long)value->as.integer); break;
    case VAL_DOUBLE:
      buf_init(&out, 0);
      buf_double(&out, value->as.number);
      if (buf_err(&out) == ERR_OK) text = arena_str(&t->arena, buf_view(&out));
      buf_clear(&out);
      break;
    case VAL_NULL:
    case VAL_LIST:
    case VAL_MAP: return S("");
  }
  if (!text.ptr) failed(t, ERR_MEMORY);
  return text;
}

bool tmpl_as_number(const Val *value, double *out) {
  switch (value->kind) {
    case VAL_INT: *out = (double)value->as.integer; return true;
    case VAL_DOUBLE: *out = value->as.number; return true;
    case VAL_STR: return str_to_double(value->as.text, out);
    case VAL_NULL:
    case VAL_BOOL:
    case VAL_LIST:
    case VAL_MAP: break;
  }
  return false;
}

bool tmpl_equal(TmplCtx *t, const Val *a, const Val *b) {
  return str_eq(tmpl_as_text(t, a), tmpl_as_text(t, b));
}

bool tmpl_above(TmplCtx *t, const Val *a, const Val *b) {
  double x, y;
  (void)t;
  return tmpl_as_number(a, &x) && tmpl_as_number(b, &y) && x > y;
}

bool tmpl_at_least(TmplCtx *t, const Val *a, const Val *b) {
  double x, y;
  (void)t;
  return tmpl_as_number(a, &x) && tmpl_as_number(b, &y) && x >= y;
}

bool tmpl_below(TmplCtx *t, const Val *a, const Val *b) {
  return tmpl_above(t, b, a);
}

bool tmpl_at_most(TmplCtx *t, const Val *a, const Val *b) {
  return tmpl_at_least(t, b, a);
}

/* --- messages --- */

static const Val *fill(TmplCtx *t, Str message, const TmplArg *args, size_t count) {
  if (!count) return tmpl_lit(t, message);
  Val *map = val_map(&t->arena);
  for (size_t i = 0; i < count; i++) {
    char *name = arena_zstr(&t->arena, args[i].name);
    Str text = tmpl_as_text(t, args[i].value);
    if (name && map) val_set_str(&t->arena, map, name, text.ptr ? text : S(""));
    else failed(t, ERR_MEMORY);
  }
  Str filled = view_fill(&t->arena, message, map);
  if (!filled.ptr) failed(t, ERR_MEMORY);
  return tmpl_lit(t, filled);
}

const Val *tmpl_tr(TmplCtx *t, const char *msgid, const TmplArg *args, size_t count) {
  return fill(t, lang_translate(&t->mo, str_from(msgid)), args, count);
}

enum { PLURAL_ARGS_MAX = 12 };

/* %{n} is the number itself, in the manner of the language, unless the template gives another n. */
const Val *tmpl_trn(TmplCtx *t, const char *one, const char *many, const Val *n, const TmplArg *args, size_t count) {
  double number = 0;
  bool is_one = tmpl_as_number(n, &number) && !(number < 1) && !(number > 1);
  Str message = lang_plural(&t->mo, str_from(one), str_from(many), is_one);
  TmplArg all[PLURAL_ARGS_MAX + 1];
  size_t given = count < PLURAL_ARGS_MAX ? count : PLURAL_ARGS_MAX;
  bool own = false;
  for (size_t i = 0; i < given; i++) {
    all[i] = args[i];
    own = own || str_eq(args[i].name, S("n"));
  }
  if (!own) all[given++] = (TmplArg){S("n"), filter_number(t, n, NULL)};
  return fill(t, message, all, given);
}

/* --- output --- */

void tmpl_text(TmplCtx *t, Str html) {
  buf_str(t->out, html);
}

void tmpl_print_text(TmplCtx *t, const Val *value) {
  escape_text(t->out, tmpl_as_text(t, value));
}

void tmpl_print_url(TmplCtx *t, const Val *value) {
  escape_url(t->out, tmpl_as_text(t, value));
}

void tmpl_print_url_part(TmplCtx *t, const Val *value) {
  escape_url_part(t->out, tmpl_as_text(t, value));
}

void tmpl_print_url_value(TmplCtx *t, const Val *value) {
  escape_url_value(t->out, tmpl_as_text(t, value));
}

void tmpl_print_json(TmplCtx *t, const Val *value) {
  JsonWriter w;
  jw_init(&w, t->out, 0);
  val_json(&w, value);
}

void tmpl_print_raw(TmplCtx *t, const Val *value) {
  buf_str(t->out, tmpl_as_text(t, value));
}

/* --- structure --- */

void tmpl_loop_begin(TmplCtx *t, TmplLoop *loop, Str name, const Val *list) {
  *loop = (TmplLoop){.scope = {name, &VAL_NOTHING, t->scope}, .list = list, .outer = t->loop};
  if (list->kind == VAL_LIST) loop->count = list->as.list.count;
  if (list->kind == VAL_MAP) loop->count = list->as.map.count;
  if (!loop->count) return;
  t->scope = &loop->scope;
  t->loop = loop;
}

/* A member of a map as {key, value}. */
static const Val *member(TmplCtx *t, const ValMember *m) {
  Val *pair = val_map(&t->arena);
  if (!pair) return failed(t, ERR_MEMORY), &VAL_NOTHING;
  val_set_str(&t->arena, pair, "key", m->key);
  val_set(&t->arena, pair, "value", m->value);
  return pair;
}

bool tmpl_loop_next(TmplCtx *t, TmplLoop *loop) {
  if (!loop->count) return false;
  if (loop->index == loop->count) {
    t->scope = loop->scope.outer;
    t->loop = loop->outer;
    return false;
  }
  size_t i = loop->index++;
  if (loop->list->kind == VAL_LIST) loop->scope.value = loop->list->as.list.items[i];
  else loop->scope.value = member(t, &loop->list->as.map.items[i]);
  if (!loop->scope.value) loop->scope.value = &VAL_NOTHING;
  return true;
}

void tmpl_push(TmplCtx *t, TmplScope *scope) {
  scope->outer = t->scope;
  t->scope = scope;
}

void tmpl_pop(TmplCtx *t, size_t count) {
  for (; count > 0; count--) t->scope = t->scope->outer;
}

void tmpl_include(TmplCtx *t, TmplFn part) {
  if (t->depth >= TMPL_DEPTH_MAX) {
    failed(t, ERR_LIMIT);
    return;
  }
  t->depth++;
  part(t);
  t->depth--;
}

void tmpl_layout(TmplCtx *t, const TmplFn *blocks, TmplFn layout) {
  t->blocks = blocks;
  layout(t);
  t->blocks = NULL;
}

void tmpl_slot(TmplCtx *t, size_t index) {
  if (t->blocks && t->blocks[index]) t->blocks[index](t);
}

/* --- rendering --- */

const Template *tmpl_find(const Template *index, size_t count, Str name) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = str_cmp(index[middle].name, name);
    if (order == 0) return &index[middle];
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return NULL;
}

static const Val *lang_val(TmplCtx *t) {
  Val *map = val_map(&t->arena);
  if (!map) return &VAL_NOTHING;
  val_set_str(&t->arena, map, "code", t->lang->code);
  val_set_str(&t->arena, map, "name", t->lang->name);
  val_set_str(&t->arena, map, "prefix", t->lang->prefix);
  return map;
}

Err tmpl_render(const Template *page, const Val *root, const ViewLang *lang, Buf *out, ErrInfo *info) {
  TmplCtx t = {.out = out, .root = root ? root : &VAL_NOTHING, .lang = lang};
  arena_init(&t.arena, 0);
  lang_messages(lang, &t.mo);
  t.lang_val = lang_val(&t);
  page->render(&t);
  if (t.arena.failed) failed(&t, ERR_MEMORY);
  arena_clear(&t.arena);
  Err err = t.err != ERR_OK ? t.err : buf_err(out);
  if (err == ERR_OK) return ERR_OK;
  return err_set(info, err, "template " STR_FMT ": %s", STR_ARG(page->name),
                 err == ERR_MEMORY ? "out of memory" : "the page is too long or includes itself too often");
}
