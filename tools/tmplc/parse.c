/* SPDX-License-Identifier: EUPL-1.2 */
/* Text of a template -> layout, blocks and tree of nodes. */
#include <string.h>

#include "tmplc.h"

/* A tag without its braces, or a run of text. */
typedef enum TokenKind { TOKEN_TEXT, TOKEN_PRINT, TOKEN_TAG, TOKEN_END } TokenKind;
typedef struct Token { TokenKind kind; Str text; Pos pos; } Token;

typedef struct Parser {
  Compiler *c;
  Template *t;
  size_t at;        /* byte offset in the template */
  Pos pos;          /* of that byte */
  Token token;      /* the current one */
  int depth;
} Parser;

#define DEPTH_MAX 40

/* --- tokens --- */

static Str left(const Parser *p) { return str_slice(p->t->text, p->at, p->t->text.len); }

static void move(Parser *p, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char c = p->t->text.ptr[p->at++];
    if (c == '\n') p->pos = (Pos){p->pos.line + 1, 1};
    else if (((unsigned char)c & 0xC0) != 0x80) p->pos.column++;
  }
}

/* Bytes of text up to the next tag. */
static size_t text_length_here(const Parser *p) {
  Str rest = left(p);
  for (size_t i = 0; i + 1 < rest.len; i++)
    if (rest.ptr[i] == '{' && strchr("{%#", rest.ptr[i + 1])) return i;
  return rest.len;
}

/* White space before the tag back to the beginning of its line, or STR_NPOS when something else is on that line. */
static size_t indent_before(Str text) {
  size_t i = text.len;
  while (i > 0 && (text.ptr[i - 1] == ' ' || text.ptr[i - 1] == '\t')) i--;
  return i == 0 || text.ptr[i - 1] == '\n' ? text.len - i : STR_NPOS;
}

/* White space after the tag up to and with the end of its line, or STR_NPOS. */
static size_t blank_after(Str text) {
  size_t i = 0;
  while (i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '\t' || text.ptr[i] == '\r')) i++;
  if (i == text.len) return i;
  return text.ptr[i] == '\n' ? i + 1 : STR_NPOS;
}

/* The closing sign after `from`, skipping texts in quotes. */
static size_t find_close(Str text, const char *close, bool quotes) {
  bool inside = false;
  for (size_t i = 2; i + 1 < text.len; i++) {
    if (quotes && inside && text.ptr[i] == '\\') i++;
    else if (quotes && text.ptr[i] == '"') inside = !inside;
    else if (!inside && text.ptr[i] == close[0] && text.ptr[i + 1] == close[1]) return i;
  }
  return STR_NPOS;
}

/* Reads the tag at p->at; a {% %} or {# #} alone on its line takes the line with it. *comment: nothing to parse. */
static Err read_tag(Parser *p, bool *comment) {
  Str rest = left(p);
  char kind = rest.ptr[1];
  *comment = kind == '#';
  Pos begin = p->pos;
  size_t close = find_close(rest, kind == '{' ? "}}" : kind == '%' ? "%}" : "#}", kind != '#');
  if (close == STR_NPOS) return tmplc_error(p->c, p->t, begin, "this tag is not closed");
  size_t indent = kind == '{' ? STR_NPOS : indent_before(str_slice(p->t->text, 0, p->at));
  move(p, 2);
  p->token = (Token){kind == '{' ? TOKEN_PRINT : TOKEN_TAG, str_slice(rest, 2, close), p->pos};
  move(p, close);
  size_t blank = indent == STR_NPOS ? STR_NPOS : blank_after(left(p));
  if (blank != STR_NPOS) move(p, blank);
  return ERR_OK;
}

/* How much of the text before a tag belongs to the tag's own line. */
static size_t trimmed_length(const Parser *p, size_t len) {
  Str rest = left(p);
  if (len == rest.len || rest.ptr[len + 1] == '{') return len;
  size_t indent = indent_before(str_slice(p->t->text, 0, p->at + len));
  const char *close_sign = rest.ptr[len + 1] == '%' ? "%}" : "#}";
  Str tag = str_slice(rest, len, rest.len);
  size_t close = find_close(tag, close_sign, rest.ptr[len + 1] == '%');
  if (indent == STR_NPOS || close == STR_NPOS) return len;
  if (blank_after(str_slice(tag, close + 2, tag.len)) == STR_NPOS) return len;
  return len - (indent < len ? indent : len);
}

static Err next_token(Parser *p) {
  for (;;) {
    if (p->at == p->t->text.len) {
      p->token = (Token){TOKEN_END, STR_NONE, p->pos};
      return ERR_OK;
    }
    size_t len = text_length_here(p);
    if (len > 0) {
      size_t keep = trimmed_length(p, len);
      p->token = (Token){TOKEN_TEXT, str_slice(left(p), 0, keep), p->pos};
      move(p, len);
      if (keep > 0) return ERR_OK;
      continue;
    }
    bool comment;
    TRY(read_tag(p, &comment));
    if (!comment) return ERR_OK;
  }
}

/* --- nodes --- */

static Cursor cursor(Parser *p) {
  return (Cursor){p->c, p->t, p->token.text, p->token.pos};
}

/* Whether the current token is a {% %} that begins with one of these words (separated by spaces). */
static bool at_word(Parser *p, const char *words) {
  if (p->token.kind != TOKEN_TAG) return false;
  Str rest = str_from(words), word;
  while (str_cut(&rest, ' ', &word)) {
    Cursor cur = cursor(p);
    char name[24];
    memcpy(name, word.ptr, word.len);
    name[word.len] = '\0';
    if (expr_word(&cur, name)) return true;
  }
  return false;
}

static Err parse_nodes(Parser *p, const char *stop, Node **out);

static Err expect_end(Parser *p, Pos begin, const char *what) {
  if (!at_word(p, "end")) return tmplc_error(p->c, p->t, begin, "this %s has no {%% end %%}", what);
  Cursor cur = cursor(p);
  expr_word(&cur, "end");
  TRY(expr_end(&cur));
  return next_token(p);
}

static Err parse_if(Parser *p, Node *node) {
  node->kind = NODE_IF;
  Branch **tail = &node->branches;
  bool last = false;
  for (bool first = true; first || at_word(p, "elif else"); first = false) {
    if (last) return tmplc_error(p->c, p->t, p->token.pos, "nothing but {%% end %%} may follow {%% else %%}");
    Branch *branch = ARENA_NEW(p->c->arena, Branch);
    if (!branch) return ERR_MEMORY;
    *tail = branch;
    tail = &branch->next;
    Cursor cur = cursor(p);
    last = expr_word(&cur, "else");
    if (!last) {
      if (!expr_word(&cur, "if")) expr_word(&cur, "elif");
      TRY(cond_parse(&cur, &branch->cond));
    }
    TRY(expr_end(&cur));
    TRY(next_token(p));
    TRY(parse_nodes(p, "elif else end", &branch->body));
  }
  return expect_end(p, node->pos, "{% if %}");
}

static Err parse_for(Parser *p, Node *node) {
  node->kind = NODE_FOR;
  Cursor cur = cursor(p);
  expr_word(&cur, "for");
  TRY(expr_name(&cur, &node->text, "the name of a variable"));
  if (str_eq(node->text, S("loop"))) return tmplc_error(p->c, p->t, node->pos, "'loop' is taken");
  if (!expr_word(&cur, "in")) return tmplc_error(p->c, p->t, cur.pos, "'in' was expected");
  TRY(expr_parse(&cur, &node->expr));
  TRY(expr_end(&cur));
  TRY(next_token(p));
  TRY(parse_nodes(p, "else end", &node->body));
  if (at_word(p, "else")) {
    cur = cursor(p);
    expr_word(&cur, "else");
    TRY(expr_end(&cur));
    TRY(next_token(p));
    TRY(parse_nodes(p, "end", &node->otherwise));
  }
  return expect_end(p, node->pos, "{% for %}");
}

static Err parse_include(Parser *p, Node *node) {
  node->kind = NODE_INCLUDE;
  Cursor cur = cursor(p);
  expr_word(&cur, "include");
  TRY(expr_string(&cur, &node->text));
  if (!tmplc_find(p->c, node->text))
    return tmplc_error(p->c, p->t, node->pos, "there is no template '" STR_FMT "'", STR_ARG(node->text));
  if (expr_word(&cur, "with")) TRY(expr_assignments(&cur, &node->args));
  TRY(expr_end(&cur));
  return next_token(p);
}

static Err parse_slot(Parser *p, Node *node) {
  node->kind = NODE_SLOT;
  Cursor cur = cursor(p);
  expr_word(&cur, "slot");
  TRY(expr_name(&cur, &node->text, "the name of a slot"));
  TRY(expr_end(&cur));
  return next_token(p);
}

static Err parse_print(Parser *p, Node *node) {
  Cursor cur = cursor(p);
  node->kind = expr_word(&cur, "raw") ? NODE_RAW : NODE_PRINT;
  TRY(expr_parse(&cur, &node->expr));
  TRY(expr_end(&cur));
  return next_token(p);
}

static Err parse_tag(Parser *p, Node *node) {
  if (at_word(p, "if")) return parse_if(p, node);
  if (at_word(p, "for")) return parse_for(p, node);
  if (at_word(p, "include")) return parse_include(p, node);
  if (at_word(p, "slot")) return parse_slot(p, node);
  if (at_word(p, "layout")) return tmplc_error(p->c, p->t, node->pos, "{%% layout %%} must come first");
  if (at_word(p, "block"))
    return tmplc_error(p->c, p->t, node->pos, "{%% block %%} only in a template with {%% layout %%}, not inside another tag");
  if (at_word(p, "end elif else")) return tmplc_error(p->c, p->t, node->pos, "nothing is open here");
  Str word = str_trim(p->token.text);
  size_t space = str_find_char(word, ' ');
  word = str_slice(word, 0, space == STR_NPOS ? word.len : space);
  return tmplc_error(p->c, p->t, node->pos, "unknown tag '" STR_FMT "'", STR_ARG(word));
}

/* Nodes up to the end of the template or a tag that begins with a word of `stop`, which is left as current token. */
static Err parse_nodes(Parser *p, const char *stop, Node **out) {
  if (++p->depth > DEPTH_MAX) return tmplc_error(p->c, p->t, p->token.pos, "nested too deep");
  while (p->token.kind != TOKEN_END && !at_word(p, stop)) {
    Node *node = ARENA_NEW(p->c->arena, Node);
    if (!node) return ERR_MEMORY;
    node->pos = p->token.pos;
    if (p->token.kind == TOKEN_TEXT) {
      node->kind = NODE_TEXT;
      node->text = p->token.text;
      TRY(next_token(p));
    } else if (p->token.kind == TOKEN_PRINT) {
      TRY(parse_print(p, node));
    } else {
      TRY(parse_tag(p, node));
    }
    *out = node;
    out = &node->next;
  }
  p->depth--;
  return ERR_OK;
}

/* --- a page with a layout --- */

static Err parse_block(Parser *p, Block **tail) {
  Block *block = ARENA_NEW(p->c->arena, Block);
  if (!block) return ERR_MEMORY;
  block->pos = p->token.pos;
  Cursor cur = cursor(p);
  expr_word(&cur, "block");
  TRY(expr_name(&cur, &block->name, "the name of a block"));
  TRY(expr_end(&cur));
  for (const Block *other = p->t->blocks; other; other = other->next)
    if (str_eq(other->name, block->name))
      return tmplc_error(p->c, p->t, block->pos, "block '" STR_FMT "' is there twice", STR_ARG(block->name));
  TRY(next_token(p));
  TRY(parse_nodes(p, "end", &block->body));
  *tail = block;
  return expect_end(p, block->pos, "{% block %}");
}

static Err parse_page(Parser *p) {
  Block **tail = &p->t->blocks;
  while (p->token.kind != TOKEN_END) {
    if (p->token.kind == TOKEN_TEXT && str_trim(p->token.text).len == 0) {
      TRY(next_token(p));
    } else if (at_word(p, "block")) {
      TRY(parse_block(p, tail));
      tail = &(*tail)->next;
    } else {
      return tmplc_error(p->c, p->t, p->token.pos, "a template with a layout holds only {%% block %%}s");
    }
  }
  return ERR_OK;
}

Err parse_template(Compiler *c, Template *t) {
  Parser p = {.c = c, .t = t, .pos = {1, 1}};
  TRY(next_token(&p));
  if (p.token.kind == TOKEN_TEXT && str_trim(p.token.text).len == 0) TRY(next_token(&p));
  if (!at_word(&p, "layout")) {
    p.at = 0;
    p.pos = (Pos){1, 1};
    TRY(next_token(&p));
    TRY(parse_nodes(&p, "end elif else", &t->nodes));
    if (p.token.kind == TOKEN_END) return ERR_OK;
    return tmplc_error(c, t, p.token.pos, "nothing is open here");
  }
  t->layout_pos = p.token.pos;
  Cursor cur = cursor(&p);
  expr_word(&cur, "layout");
  TRY(expr_string(&cur, &t->layout));
  TRY(expr_end(&cur));
  Template *layout = tmplc_find(c, t->layout);
  if (!layout || layout == t)
    return tmplc_error(c, t, t->layout_pos, "there is no layout '" STR_FMT "'", STR_ARG(t->layout));
  layout->is_layout = true;
  TRY(next_token(&p));
  return parse_page(&p);
}
