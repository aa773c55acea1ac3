/* SPDX-License-Identifier: EUPL-1.2 */
/* Expressions and conditions inside a tag. */
#include <string.h>

#include "base/mem.h"
#include "tmplc.h"

static const Filter FILTERS[] = {
#define FILTER(name, least, most, meaning) {#name, least, most},
#include "view/filters.def"
#undef FILTER
};

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

/* --- the cursor --- */

static char peek(const Cursor *cur) { return cur->rest.len ? cur->rest.ptr[0] : '\0'; }

static void advance(Cursor *cur, size_t count) {
  for (size_t i = 0; i < count && cur->rest.len; i++) {
    if (cur->rest.ptr[0] == '\n') cur->pos = (Pos){cur->pos.line + 1, 1};
    else if (((unsigned char)cur->rest.ptr[0] & 0xC0) != 0x80) cur->pos.column++;
    cur->rest = str_slice(cur->rest, 1, cur->rest.len);
  }
}

static void skip_space(Cursor *cur) {
  while (cur->rest.len && is_space(peek(cur))) advance(cur, 1);
}

static size_t name_length(const Cursor *cur) {
  size_t len = 0;
  while (len < cur->rest.len && is_name(cur->rest.ptr[len])) len++;
  return len;
}

bool expr_word(Cursor *cur, const char *word) {
  skip_space(cur);
  size_t len = name_length(cur);
  if (!str_eq(str_slice(cur->rest, 0, len), str_from(word))) return false;
  advance(cur, len);
  return true;
}

bool expr_symbol(Cursor *cur, const char *symbol) {
  skip_space(cur);
  if (!str_starts(cur->rest, str_from(symbol))) return false;
  advance(cur, strlen(symbol));
  return true;
}

static Err wrong(Cursor *cur, const char *expected) {
  skip_space(cur);
  if (!cur->rest.len) return tmplc_error(cur->c, cur->t, cur->pos, "the tag ends where %s was expected", expected);
  size_t len = name_length(cur);
  Str found = str_slice(cur->rest, 0, len ? len : 1);
  return tmplc_error(cur->c, cur->t, cur->pos, "found '" STR_FMT "' where %s was expected", STR_ARG(found), expected);
}

static Err need_symbol(Cursor *cur, const char *symbol, const char *expected) {
  return expr_symbol(cur, symbol) ? ERR_OK : wrong(cur, expected);
}

Err expr_end(Cursor *cur) {
  skip_space(cur);
  return cur->rest.len ? wrong(cur, "the end of the tag") : ERR_OK;
}

Err expr_name(Cursor *cur, Str *out, const char *what) {
  skip_space(cur);
  size_t len = name_length(cur);
  if (!len || is_digit(peek(cur))) return wrong(cur, what);
  *out = str_slice(cur->rest, 0, len);
  advance(cur, len);
  return ERR_OK;
}

/* "..." with \" \\ and \n inside. */
Err expr_string(Cursor *cur, Str *out) {
  skip_space(cur);
  if (peek(cur) != '"') return wrong(cur, "a text in double quotes");
  Pos begin = cur->pos;
  advance(cur, 1);
  Buf text;
  buf_init(&text, 0);
  while (cur->rest.len && peek(cur) != '"') {
    char c = peek(cur);
    if (c == '\\' && cur->rest.len > 1) {
      advance(cur, 1);
      c = peek(cur) == 'n' ? '\n' : peek(cur);
    }
    buf_char(&text, c);
    size_t before = cur->rest.len;
    advance(cur, 1);
    if (before == cur->rest.len) break;
  }
  *out = arena_str(cur->c->arena, buf_view(&text));
  buf_clear(&text);
  if (!cur->rest.len) return tmplc_error(cur->c, cur->t, begin, "this text is not closed");
  advance(cur, 1);
  return out->ptr ? ERR_OK : ERR_MEMORY;
}

/* --- expressions --- */

static Expr *new_expr(Cursor *cur, ExprKind kind, Pos pos) {
  Expr *e = ARENA_NEW(cur->c->arena, Expr);
  if (e) *e = (Expr){.kind = kind, .pos = pos};
  return e;
}

static Err parse_path(Cursor *cur, Str *out) {
  const char *begin = cur->rest.ptr;
  Str part;
  do TRY(expr_name(cur, &part, "a name"));
  while (peek(cur) == '.' && expr_symbol(cur, "."));
  *out = (Str){begin, (size_t)(part.ptr + part.len - begin)};
  return ERR_OK;
}

Err expr_assignments(Cursor *cur, Arg **out) {
  Arg **tail = out;
  do {
    Str name;
    skip_space(cur);
    Pos pos = cur->pos;
    TRY(expr_name(cur, &name, "a name"));
    TRY(need_symbol(cur, "=", "'='"));
    for (const Arg *a = *out; a; a = a->next)
      if (str_eq(a->name, name))
        return tmplc_error(cur->c, cur->t, pos, "'" STR_FMT "' is given twice", STR_ARG(name));
    Arg *arg = ARENA_NEW(cur->c->arena, Arg);
    if (!arg) return ERR_MEMORY;
    arg->name = name;
    TRY(expr_parse(cur, &arg->value));
    *tail = arg;
    tail = &arg->next;
  } while (expr_symbol(cur, ","));
  return ERR_OK;
}

static bool has_arg(const Arg *args, Str name) {
  for (; args; args = args->next)
    if (str_eq(args->name, name)) return true;
  return false;
}

static bool mentions(Str message, Str name) {
  for (size_t at = 0, i = 0; (i = str_find(str_slice(message, at, message.len), S("%{"))) != STR_NPOS;) {
    at += i + 2;
    Str rest = str_slice(message, at, message.len);
    if (str_starts(rest, name) && rest.len > name.len && rest.ptr[name.len] == '}') return true;
  }
  return false;
}

/* Each %{name} of the message needs a value. */
static Err check_placeholders(Cursor *cur, const Expr *e, Str message) {
  size_t i;
  while ((i = str_find(message, S("%{"))) != STR_NPOS) {
    message = str_slice(message, i + 2, message.len);
    size_t end = str_find_char(message, '}');
    if (end == STR_NPOS) return tmplc_error(cur->c, cur->t, e->pos, "%%{ without } in a message");
    Str name = str_slice(message, 0, end);
    bool given = has_arg(e->args, name) || (e->kind == EXPR_TRN && str_eq(name, S("n")));
    if (!given) return tmplc_error(cur->c, cur->t, e->pos, "no value for %%{" STR_FMT "}", STR_ARG(name));
  }
  return ERR_OK;
}

static Err check_message(Cursor *cur, const Expr *e) {
  if (!e->text.len) return tmplc_error(cur->c, cur->t, e->pos, "an empty message");
  TRY(check_placeholders(cur, e, e->text));
  TRY(check_placeholders(cur, e, e->plural));
  for (const Arg *a = e->args; a; a = a->next)
    if (!mentions(e->text, a->name) && !mentions(e->plural, a->name))
      return tmplc_error(cur->c, cur->t, e->pos, "the message has no %%{" STR_FMT "}", STR_ARG(a->name));
  return ERR_OK;
}

/* After _( or n_( */
static Err parse_message(Cursor *cur, Expr *e) {
  TRY(expr_string(cur, &e->text));
  if (e->kind == EXPR_TRN) {
    TRY(need_symbol(cur, ",", "','"));
    TRY(expr_string(cur, &e->plural));
    TRY(need_symbol(cur, ",", "','"));
    TRY(expr_parse(cur, &e->count));
  }
  if (expr_symbol(cur, ",")) TRY(expr_assignments(cur, &e->args));
  TRY(need_symbol(cur, ")", "')'"));
  TRY(check_message(cur, e));
  Template *t = cur->t;
  if (t->last_message) t->last_message->next = e;
  else t->messages = e;
  t->last_message = e;
  return ERR_OK;
}

static Err parse_primary(Cursor *cur, Expr **out) {
  skip_space(cur);
  Pos pos = cur->pos;
  if (peek(cur) == '"') {
    if (!(*out = new_expr(cur, EXPR_TEXT, pos))) return ERR_MEMORY;
    return expr_string(cur, &(*out)->text);
  }
  if (is_digit(peek(cur)) || (peek(cur) == '-' && cur->rest.len > 1 && is_digit(cur->rest.ptr[1]))) {
    size_t len = 1;
    while (len < cur->rest.len && is_digit(cur->rest.ptr[len])) len++;
    if (!(*out = new_expr(cur, EXPR_INT, pos))) return ERR_MEMORY;
    (*out)->text = str_slice(cur->rest, 0, len);
    int64_t value;
    if (!str_to_int((*out)->text, &value)) return wrong(cur, "a smaller number");
    advance(cur, len);
    return ERR_OK;
  }
  if (str_starts(cur->rest, S("_(")) || str_starts(cur->rest, S("n_("))) {
    bool many = peek(cur) == 'n';
    advance(cur, many ? 3 : 2);
    if (!(*out = new_expr(cur, many ? EXPR_TRN : EXPR_TR, pos))) return ERR_MEMORY;
    return parse_message(cur, *out);
  }
  size_t len = name_length(cur);
  if (!len) return wrong(cur, "a value");
  if (!(*out = new_expr(cur, EXPR_PATH, pos))) return ERR_MEMORY;
  return parse_path(cur, &(*out)->text);
}

static Err parse_filter(Cursor *cur, FilterUse *use) {
  Str name;
  skip_space(cur);
  Pos pos = cur->pos;
  TRY(expr_name(cur, &name, "the name of a filter"));
  for (size_t i = 0; i < sizeof FILTERS / sizeof *FILTERS; i++)
    if (str_eq(name, str_from(FILTERS[i].name))) use->filter = &FILTERS[i];
  if (!use->filter) return tmplc_error(cur->c, cur->t, pos, "unknown filter '" STR_FMT "'", STR_ARG(name));
  int given = 0;
  if (expr_symbol(cur, "(")) {
    TRY(expr_parse(cur, &use->arg));
    given = 1;
    TRY(need_symbol(cur, ")", "')'"));
  }
  if (given < use->filter->least || given > use->filter->most)
    return tmplc_error(cur->c, cur->t, pos, "filter %s takes %s argument", use->filter->name, given ? "no" : "an");
  return ERR_OK;
}

Err expr_parse(Cursor *cur, Expr **out) {
  TRY(parse_primary(cur, out));
  FilterUse **tail = &(*out)->filters;
  while (expr_symbol(cur, "|")) {
    if (!(*tail = ARENA_NEW(cur->c->arena, FilterUse))) return ERR_MEMORY;
    TRY(parse_filter(cur, *tail));
    tail = &(*tail)->next;
  }
  return ERR_OK;
}

/* --- conditions --- */

static Err new_cond(Cursor *cur, CondKind kind, Cond **out) {
  *out = ARENA_NEW(cur->c->arena, Cond);
  if (!*out) return ERR_MEMORY;
  (*out)->kind = kind;
  return ERR_OK;
}

static Err parse_comparison(Cursor *cur, Cond **out) {
  static const struct { const char *sign, *function; } signs[] = {
      {"==", "tmpl_equal"}, {"!=", "!tmpl_equal"}, {"<=", "tmpl_at_most"},
      {">=", "tmpl_at_least"}, {"<", "tmpl_below"}, {">", "tmpl_above"}};
  TRY(new_cond(cur, COND_TRUTH, out));
  TRY(expr_parse(cur, &(*out)->left));
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (!expr_symbol(cur, signs[i].sign)) continue;
    (*out)->kind = COND_COMPARE;
    (*out)->compare = signs[i].function;
    return expr_parse(cur, &(*out)->right);
  }
  return ERR_OK;
}

static Err parse_not(Cursor *cur, Cond **out) {
  if (expr_word(cur, "not")) {
    TRY(new_cond(cur, COND_NOT, out));
    return parse_not(cur, &(*out)->a);
  }
  if (!expr_symbol(cur, "(")) return parse_comparison(cur, out);
  TRY(cond_parse(cur, out));
  return need_symbol(cur, ")", "')'");
}

static Err parse_and(Cursor *cur, Cond **out) {
  TRY(parse_not(cur, out));
  while (expr_word(cur, "and")) {
    Cond *both;
    TRY(new_cond(cur, COND_AND, &both));
    both->a = *out;
    TRY(parse_not(cur, &both->b));
    *out = both;
  }
  return ERR_OK;
}

Err cond_parse(Cursor *cur, Cond **out) {
  TRY(parse_and(cur, out));
  while (expr_word(cur, "or")) {
    Cond *either;
    TRY(new_cond(cur, COND_OR, &either));
    either->a = *out;
    TRY(parse_and(cur, &either->b));
    *out = either;
  }
  return ERR_OK;
}
