/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/expr.h"

#include <string.h>

#include "flow/name.h"

typedef enum Tok {
  T_END, T_NUM, T_NAME, T_OP, T_IF, T_THEN, T_ELSE, T_AND, T_OR, T_NOT, T_MOD, T_BAD
} Tok;

typedef struct Parser {
  Arena *arena;
  Str text;
  size_t at;          /* behind the current token */
  size_t start;       /* of the current token */
  Tok tok;
  char op[3];         /* T_OP */
  double num;
  Str word;           /* T_NAME as written */
  bool quoted;
  int depth;
  int operators;      /* in the whole equation */
  Err err;
  ErrInfo *info;
} Parser;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static Node *fail(Parser *p, const char *what) {
  if (p->err != ERR_OK) return NULL;
  Str rest = str_slice(p->text, p->start, p->start + 24);
  if (p->tok == T_END)
    p->err = err_set(p->info, ERR_INPUT, "the equation ends where %s was expected", what);
  else
    p->err = err_set(p->info, ERR_INPUT, "at character %zu of the equation: found \"" STR_FMT "\", expected %s",
                     p->start + 1, STR_ARG(rest), what);
  return NULL;
}

static Node *no_memory(Parser *p) {
  if (p->err == ERR_OK) p->err = err_set(p->info, ERR_MEMORY, "out of memory while reading an equation");
  return NULL;
}

/* White space, U+00A0 and comments in braces; comments may be nested. */
static void skip(Parser *p) {
  int open = 0;
  while (p->at < p->text.len) {
    unsigned char c = (unsigned char)p->text.ptr[p->at];
    if (c == '{') open++;
    else if (c == '}' && open > 0) open--;
    else if (open == 0 && c == 0xC2 && p->at + 1 < p->text.len && (unsigned char)p->text.ptr[p->at + 1] == 0xA0) p->at++;
    else if (open == 0 && c > ' ') return;
    p->at++;
  }
}

static void lex_number(Parser *p) {
  size_t i = p->at;
  const char *s = p->text.ptr;
  while (i < p->text.len && is_digit(s[i])) i++;
  if (i < p->text.len && s[i] == '.') { i++; while (i < p->text.len && is_digit(s[i])) i++; }
  if (i < p->text.len && (s[i] == 'e' || s[i] == 'E')) {
    size_t j = i + 1;
    if (j < p->text.len && (s[j] == '+' || s[j] == '-')) j++;
    if (j < p->text.len && is_digit(s[j])) { while (j < p->text.len && is_digit(s[j])) j++; i = j; }
  }
  p->tok = str_to_double(str_slice(p->text, p->at, i), &p->num) ? T_NUM : T_BAD;
  p->at = i;
}

/* Names may be qualified by dots, each part bare or in quotation marks. */
static void lex_name(Parser *p) {
  const char *s = p->text.ptr;
  size_t i = p->at;
  p->quoted = false;
  for (;;) {
    if (i < p->text.len && s[i] == '"') {
      p->quoted = true;
      for (i++; i < p->text.len && s[i] != '"'; i++) if (s[i] == '\\') i++;
      if (i >= p->text.len) { p->tok = T_BAD; p->at = p->text.len; return; }
      i++;
    } else {
      while (i < p->text.len && (is_start(s[i]) || is_digit(s[i]))) {
        if ((unsigned char)s[i] == 0xC2 && i + 1 < p->text.len && (unsigned char)s[i + 1] == 0xA0) break;
        i++;
      }
    }
    if (i + 1 < p->text.len && s[i] == '.' && (is_start(s[i + 1]) || s[i + 1] == '"' || is_digit(s[i + 1]))) i++;
    else break;
  }
  p->word = str_slice(p->text, p->at, i);
  p->at = i;
  p->tok = T_NAME;
  if (p->quoted) return;
  static const struct { const char *word; Tok tok; } KEYWORDS[] = {
    {"if", T_IF}, {"then", T_THEN}, {"else", T_ELSE}, {"and", T_AND}, {"or", T_OR}, {"not", T_NOT}, {"mod", T_MOD}};
  for (size_t k = 0; k < sizeof KEYWORDS / sizeof KEYWORDS[0]; k++)
    if (str_eq_nocase(p->word, str_from(KEYWORDS[k].word))) p->tok = KEYWORDS[k].tok;
}

#define VENSIM_NA (-0x1p109)   /* the number that :NA: is */

/* Vensim's :AND:, :OR:, :NOT: and :NA:. */
static bool colon_word(Parser *p) {
  static const struct { const char *word; Tok tok; } WORDS[] = {{":and:", T_AND}, {":or:", T_OR}, {":not:", T_NOT}, {":na:", T_NUM}};
  for (size_t k = 0; k < sizeof WORDS / sizeof WORDS[0]; k++) {
    size_t len = strlen(WORDS[k].word);
    if (!str_eq_nocase(str_slice(p->text, p->at, p->at + len), str_from(WORDS[k].word))) continue;
    p->tok = WORDS[k].tok;
    p->word = S("");   /* between colons it can only be an operator, never a name */
    p->num = VENSIM_NA;
    p->at += len;
    return true;
  }
  return false;
}

static void next(Parser *p) {
  skip(p);
  p->start = p->at;
  if (p->at >= p->text.len) { p->tok = T_END; return; }
  char c = p->text.ptr[p->at];
  char d = p->at + 1 < p->text.len ? p->text.ptr[p->at + 1] : 0;
  if (is_digit(c) || (c == '.' && is_digit(d))) { lex_number(p); return; }
  if (is_start(c) || c == '"' || (c == '.' && (is_start(d) || d == '"'))) {
    if (c == '.') p->at++;
    lex_name(p);
    if (c == '.' && p->tok == T_NAME) p->word = (Str){p->word.ptr - 1, p->word.len + 1};
    return;
  }
  if (c == ':' && colon_word(p)) return;
  p->tok = T_OP;
  p->op[0] = c;
  p->op[1] = p->op[2] = 0;
  p->at++;
  if ((c == '<' && (d == '=' || d == '>')) || (c == '>' && d == '=') || (c == '/' && d == '/')) {
    p->op[1] = d;
    p->at++;
  } else if (!strchr("+-*/^()[],:<>='@", c)) {
    p->tok = T_BAD;
  }
}

static bool is_op(const Parser *p, const char *op) { return p->tok == T_OP && strcmp(p->op, op) == 0; }

static Node *make(Parser *p, NodeKind kind, size_t args) {
  Node *node = ARENA_NEW(p->arena, Node);
  if (!node) return no_memory(p);
  node->kind = kind;
  node->arg_count = (uint16_t)args;
  if (args && !(node->args = ARENA_ARRAY(p->arena, Node *, args))) return no_memory(p);
  return node;
}

static Node *parse_or(Parser *p);

static Node *parse_expression(Parser *p) {
  if (p->err != ERR_OK) return NULL;
  if (++p->depth > EXPR_DEPTH_MAX) {
    p->err = err_set(p->info, ERR_LIMIT, "the equation is nested deeper than %d levels", EXPR_DEPTH_MAX);
    return NULL;
  }
  Node *node = parse_or(p);
  p->depth--;
  return node;
}

static bool parse_args(Parser *p, Node *node);

/* IF THEN ELSE(condition, yes, no), as Vensim writes it; the first word has been read. */
static Node *parse_if_call(Parser *p) {
  Node *node = make(p, N_CALL, 0);
  if (!node) return NULL;
  next(p);
  if (p->tok != T_ELSE) return fail(p, "a condition before THEN");
  next(p);
  if (!is_op(p, "(")) return fail(p, "\"(\" after IF THEN ELSE");
  node->name = node->shown = S("if_then_else");
  return parse_args(p, node) ? node : NULL;
}

static Node *parse_if(Parser *p) {
  Node *node = make(p, N_IF, 3);
  next(p);
  if (p->tok == T_THEN) return parse_if_call(p);
  if (!node || !(node->args[0] = parse_expression(p))) return NULL;
  if (p->tok != T_THEN) return fail(p, "THEN");
  next(p);
  if (!(node->args[1] = parse_expression(p))) return NULL;
  if (p->tok != T_ELSE) return fail(p, "ELSE");
  next(p);
  if (!(node->args[2] = parse_expression(p))) return NULL;
  return node;
}

static bool parse_sub(Parser *p, Sub *sub) {
  if (is_op(p, "*")) {
    sub->kind = SUB_STAR;
    next(p);
    if (!is_op(p, ":")) return true;
    next(p);
    return (sub->a = parse_expression(p)) != NULL;
  }
  if (is_op(p, "@")) {
    next(p);
    if (p->tok != T_NUM || p->num < 1 || p->num > 64) { fail(p, "the place of a dimension after @"); return false; }
    sub->kind = SUB_AT;
    sub->at = (int)p->num;
    next(p);
    return true;
  }
  sub->kind = SUB_EXPR;
  if (!(sub->a = parse_expression(p))) return false;
  if (sub->a->kind == N_REF && p->tok == T_BAD && p->op[0] == '.' && p->at < p->text.len && p->text.ptr[p->at] == '*') {
    sub->kind = SUB_STAR;      /* Dim.*, as Stella writes it */
    next(p);
    next(p);
    return true;
  }
  if (!is_op(p, ":")) return true;
  next(p);
  sub->kind = SUB_RANGE;
  return (sub->b = parse_expression(p)) != NULL;
}

static bool parse_subs(Parser *p, Node *node) {
  Sub subs[EXPR_ARGS_MAX];
  size_t count = 0;
  do {
    next(p);
    if (count == EXPR_ARGS_MAX) { fail(p, "at most 64 subscripts"); return false; }
    subs[count] = (Sub){0};
    if (!parse_sub(p, &subs[count++])) return false;
  } while (is_op(p, ","));
  if (!is_op(p, "]")) { fail(p, "\",\" or \"]\""); return false; }
  next(p);
  node->subs = ARENA_ARRAY(p->arena, Sub, count);
  if (!node->subs) { no_memory(p); return false; }
  memcpy(node->subs, subs, count * sizeof subs[0]);
  node->sub_count = (uint16_t)count;
  return true;
}

/* belt[element][slat]: as if all stood in one pair of brackets. */
static bool more_subs(Parser *p, Node *node) {
  Node more = {0};
  if (!parse_subs(p, &more)) return false;
  size_t count = (size_t)node->sub_count + more.sub_count;
  Sub *all = ARENA_ARRAY(p->arena, Sub, count);
  if (!all) { no_memory(p); return false; }
  if (count > EXPR_ARGS_MAX) { fail(p, "at most 64 subscripts"); return false; }
  memcpy(all, node->subs, node->sub_count * sizeof all[0]);
  memcpy(all + node->sub_count, more.subs, more.sub_count * sizeof all[0]);
  node->subs = all;
  node->sub_count = (uint16_t)count;
  return true;
}

static bool parse_args(Parser *p, Node *node) {
  Node *args[EXPR_ARGS_MAX];
  size_t count = 0;
  next(p);
  node->kind = N_CALL;
  if (is_op(p, ")")) { next(p); return true; }
  for (;;) {
    if (count == EXPR_ARGS_MAX) { fail(p, "at most 64 arguments"); return false; }
    if (!(args[count++] = parse_expression(p))) return false;
    if (is_op(p, ")")) break;
    if (!is_op(p, ",")) { fail(p, "\",\" or \")\""); return false; }
    next(p);
  }
  next(p);
  node->args = ARENA_ARRAY(p->arena, Node *, count);
  if (!node->args) { no_memory(p); return false; }
  memcpy(node->args, args, count * sizeof args[0]);
  node->arg_count = (uint16_t)count;
  return true;
}

/* A name; words that follow each other belong together: files in the wild hold "EXPRESSION MACRO(x)". */
static Node *parse_name(Parser *p) {
  Node *node = make(p, N_REF, 0);
  if (!node) return NULL;
  Str word = p->word;
  bool quoted = p->quoted;
  next(p);
  bool sample = str_eq_nocase(word, S("sample"));      /* SAMPLE IF TRUE( */
  while (!quoted && ((p->tok == T_NAME && !p->quoted) || (sample && p->tok == T_IF))) {
    word.len = (size_t)(p->word.ptr + p->word.len - word.ptr);
    next(p);
  }
  node->shown = word;
  node->name = flow_canon_path(p->arena, word);
  if (!node->name.ptr) return no_memory(p);
  if (is_op(p, "[") && !parse_subs(p, node)) return NULL;
  while (is_op(p, "[") && node->kind == N_REF)
    if (!more_subs(p, node)) return NULL;
  if (is_op(p, "(") && !parse_args(p, node)) return NULL;
  if (is_op(p, "[") && node->sub_count == 0 && !parse_subs(p, node)) return NULL;
  return node;
}

static Node *parse_primary(Parser *p) {
  Node *node = NULL;
  if (p->tok == T_NUM) {
    node = make(p, N_NUM, 0);
    if (!node) return NULL;
    node->num = p->num;
    next(p);
  } else if (p->tok == T_NAME || ((p->tok == T_MOD || p->tok == T_AND || p->tok == T_OR) && p->word.len)) {
    node = parse_name(p);      /* an operator has nothing to its left here: MOD(x, 2), or a variable called "or" */
  } else if (p->tok == T_IF) {
    return parse_if(p);
  } else if (is_op(p, "(")) {
    next(p);
    node = parse_expression(p);
    if (node && !is_op(p, ")")) return fail(p, "\")\"");
    if (node) next(p);
  } else {
    return fail(p, "a number, a name or \"(\"");
  }
  while (node && is_op(p, "'")) {
    Node *t = make(p, N_TRANSPOSE, 1);
    if (!t) return NULL;
    t->args[0] = node;
    node = t;
    next(p);
  }
  return node;
}

static Node *binary(Parser *p, BinOp op, Node *a, Node *b) {
  if (!a || !b) return NULL;
  if (++p->operators > EXPR_OPERATORS_MAX) {
    p->err = err_set(p->info, ERR_LIMIT, "the equation has more than %d operators", EXPR_OPERATORS_MAX);
    return NULL;
  }
  Node *node = make(p, N_BIN, 2);
  if (!node) return NULL;
  node->op = op;
  node->args[0] = a;
  node->args[1] = b;
  return node;
}

static Node *parse_unary(Parser *p);

/* Right to left, and the exponent may carry a sign: 2^-1. */
static Node *parse_power(Parser *p) {
  Node *base = parse_primary(p);
  if (!base || !is_op(p, "^")) return base;
  next(p);
  return binary(p, B_POW, base, parse_unary(p));
}

static Node *parse_unary(Parser *p) {
  if (p->err != ERR_OK) return NULL;
  bool minus = is_op(p, "-"), plus = is_op(p, "+"), not = p->tok == T_NOT;
  if (!minus && !plus && !not) return parse_power(p);
  if (++p->depth > EXPR_DEPTH_MAX) {
    p->err = err_set(p->info, ERR_LIMIT, "the equation is nested deeper than %d levels", EXPR_DEPTH_MAX);
    return NULL;
  }
  next(p);
  Node *operand = parse_unary(p);
  p->depth--;
  if (!operand || plus) return operand;
  if (minus && operand->kind == N_NUM) { operand->num = -operand->num; return operand; }
  Node *node = make(p, minus ? N_NEG : N_NOT, 1);
  if (node) node->args[0] = operand;
  return node;
}

/* The levels of binary operators, weakest first; all associate to the left. */
static const struct { const char *op; Tok tok; int level; BinOp code; } LEVELS[] = {
  {"", T_OR, 0, B_OR}, {"", T_AND, 1, B_AND}, {"=", T_OP, 2, B_EQ}, {"<>", T_OP, 2, B_NE}, {"<", T_OP, 3, B_LT},
  {"<=", T_OP, 3, B_LE}, {">", T_OP, 3, B_GT}, {">=", T_OP, 3, B_GE}, {"+", T_OP, 4, B_ADD}, {"-", T_OP, 4, B_SUB},
  {"*", T_OP, 5, B_MUL}, {"/", T_OP, 5, B_DIV}, {"//", T_OP, 5, B_SAFEDIV}, {"", T_MOD, 5, B_MOD}};
#define LEVEL_COUNT 6

static Node *parse_level(Parser *p, int level) {
  if (level == LEVEL_COUNT) return parse_unary(p);
  Node *left = parse_level(p, level + 1);
  while (left) {
    size_t k = 0;
    while (k < sizeof LEVELS / sizeof LEVELS[0] &&
           !(LEVELS[k].level == level && p->tok == LEVELS[k].tok && (p->tok != T_OP || is_op(p, LEVELS[k].op)))) k++;
    if (k == sizeof LEVELS / sizeof LEVELS[0]) break;
    next(p);
    left = binary(p, LEVELS[k].code, left, parse_level(p, level + 1));
  }
  return left;
}

static Node *parse_or(Parser *p) { return parse_level(p, 0); }

bool expr_blank(Str text) {
  Parser p = {.text = text};
  next(&p);
  return p.tok == T_END;
}

/* Separators outside of brackets, quotation marks and comments. */
size_t expr_split(Str text, Str *parts, size_t max) {
  Parser p = {.text = text};
  size_t count = 0, from = 0;
  int open = 0;
  for (;;) {
    skip(&p);
    if (p.at >= text.len) break;
    char c = text.ptr[p.at];
    if (c == '"') { lex_name(&p); continue; }
    open += (c == '(' || c == '[') - (c == ')' || c == ']');
    if (open <= 0 && (c == ',' || c == ';')) {
      if (count < max) parts[count] = str_slice(text, from, p.at);
      count++;
      from = p.at + 1;
    }
    p.at++;
  }
  if (count && expr_blank(str_slice(text, from, text.len))) return count;   /* a separator behind the last */
  if (count < max) parts[count] = str_slice(text, from, text.len);
  return count + 1;
}

Err expr_parse(Node **out, Arena *arena, Str text, ErrInfo *info) {
  Parser p = {.arena = arena, .text = text, .info = info};
  *out = NULL;
  next(&p);
  if (p.tok == T_END) return err_set(info, ERR_INPUT, "the equation is empty");
  Node *node = parse_expression(&p);
  if (node && p.tok != T_END) fail(&p, "an operator or the end of the equation");
  if (p.err != ERR_OK) return p.err;
  *out = node;
  return node ? ERR_OK : err_set(info, ERR_MEMORY, "out of memory while reading an equation");
}

static Node *new_node(Arena *arena, NodeKind kind, size_t args) {
  Parser p = {.arena = arena};
  return make(&p, kind, args);
}

Node *expr_num(Arena *arena, double value) {
  Node *node = new_node(arena, N_NUM, 0);
  if (node) node->num = value;
  return node;
}

Node *expr_ref(Arena *arena, Str canon) {
  Node *node = new_node(arena, N_REF, 0);
  if (node) node->name = node->shown = canon;
  return node;
}

Node *expr_sym(Arena *arena, struct Sym *sym) {
  Node *node = new_node(arena, N_REF, 0);
  if (node) node->sym = sym;
  return node;
}

Node *expr_bin(Arena *arena, BinOp op, Node *a, Node *b) {
  if (!a || !b) return NULL;
  Node *node = new_node(arena, N_BIN, 2);
  if (!node) return NULL;
  node->op = op;
  node->args[0] = a;
  node->args[1] = b;
  return node;
}

Node *expr_call(Arena *arena, const char *name, Node *a, Node *b, Node *c) {
  size_t count = c ? 3 : b ? 2 : 1;
  if (!a) return NULL;
  Node *node = new_node(arena, N_CALL, count);
  if (!node) return NULL;
  Node *args[3] = {a, b, c};
  memcpy(node->args, args, count * sizeof args[0]);
  node->name = node->shown = str_from(name);
  return node;
}

Node *expr_if(Arena *arena, Node *condition, Node *yes, Node *no) {
  if (!condition || !yes || !no) return NULL;
  Node *node = new_node(arena, N_IF, 3);
  if (!node) return NULL;
  node->args[0] = condition;
  node->args[1] = yes;
  node->args[2] = no;
  return node;
}

static bool copy_subs(Arena *arena, const Node *node, Node *copy) {
  copy->subs = ARENA_ARRAY(arena, Sub, node->sub_count);
  if (!copy->subs) return false;
  for (uint16_t i = 0; i < node->sub_count; i++) {
    copy->subs[i] = node->subs[i];
    if (node->subs[i].a && !(copy->subs[i].a = expr_copy(arena, node->subs[i].a))) return false;
    if (node->subs[i].b && !(copy->subs[i].b = expr_copy(arena, node->subs[i].b))) return false;
  }
  return true;
}

Node *expr_copy(Arena *arena, const Node *node) {
  Node *copy = node ? new_node(arena, node->kind, node->arg_count) : NULL;
  if (!copy) return NULL;
  Node **args = copy->args;
  *copy = *node;
  copy->args = args;
  for (uint16_t i = 0; i < node->arg_count; i++)
    if (!(args[i] = expr_copy(arena, node->args[i]))) return NULL;
  return node->sub_count && !copy_subs(arena, node, copy) ? NULL : copy;
}
