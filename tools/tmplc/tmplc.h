/* SPDX-License-Identifier: EUPL-1.2 */
/* The template compiler: templates/NAME.html -> C that writes the page. The language is described in
 * docs/adding-a-page.md. Passes: parse.c makes a tree (expr.c the expressions in it), walk.c follows that tree together
 * with the HTML state machine of html.c, so that every print knows the place it stands in, and writes C. */
#ifndef PW_TMPLC_TMPLC_H
#define PW_TMPLC_TMPLC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "html.h"

typedef struct Pos { int line, column; } Pos;  /* both 1-based; the column counts characters */

/* --- expressions --- */

typedef struct Filter { const char *name; int least, most; } Filter;
typedef struct FilterUse FilterUse;
typedef struct Arg Arg;
typedef struct Expr Expr;

typedef enum ExprKind { EXPR_TEXT, EXPR_INT, EXPR_PATH, EXPR_TR, EXPR_TRN } ExprKind;

struct Expr {
  ExprKind kind;
  Pos pos;
  Str text;            /* the literal without quotes, the path, or the message */
  Str plural;          /* EXPR_TRN: the message for many */
  Expr *count;         /* EXPR_TRN */
  Arg *args;           /* EXPR_TR, EXPR_TRN: values for %{name} */
  FilterUse *filters;  /* applied in this order */
  Expr *next;          /* chain of all translated messages of a template (pot.c) */
};

struct FilterUse { const Filter *filter; Expr *arg; FilterUse *next; };
struct Arg { Str name; Expr *value; Arg *next; };

typedef enum CondKind { COND_TRUTH, COND_COMPARE, COND_NOT, COND_AND, COND_OR } CondKind;
typedef struct Cond Cond;
struct Cond {
  CondKind kind;
  const char *compare;   /* COND_COMPARE: name of the runtime function */
  Expr *left, *right;
  Cond *a, *b;
};

/* --- the tree --- */

typedef enum NodeKind { NODE_TEXT, NODE_PRINT, NODE_RAW, NODE_IF, NODE_FOR, NODE_INCLUDE, NODE_SLOT } NodeKind;
typedef struct Node Node;
typedef struct Branch Branch;

struct Node {
  NodeKind kind;
  Pos pos;
  Node *next;
  Str text;          /* NODE_TEXT: bytes; NODE_INCLUDE: template; NODE_SLOT: name; NODE_FOR: variable */
  Expr *expr;        /* NODE_PRINT, NODE_RAW; NODE_FOR: the list */
  Branch *branches;  /* NODE_IF: in order, the last may have no condition */
  Node *body;        /* NODE_FOR */
  Node *otherwise;   /* NODE_FOR: when the list is empty */
  Arg *args;         /* NODE_INCLUDE */
};

struct Branch { Cond *cond; Node *body; Branch *next; };

typedef struct Block Block;
struct Block { Str name; Pos pos; Node *body; bool used; Block *next; };

typedef struct Template Template;
typedef struct Variant Variant;

/* One function of generated C: a template, or a block of a page, that begins in one HTML state. */
struct Variant {
  Html entry, leave;
  bool busy;         /* being walked: an include of itself */
  char symbol[160];
  Variant *next;
};

struct Template {
  Str name;          /* below the folder: "parts/nav.html" */
  Str symbol;        /* "parts_nav" */
  const char *path;  /* on disk, for messages */
  Str text;
  Str layout;        /* "" when none */
  Pos layout_pos;
  Block *blocks;
  Node *nodes;
  Expr *messages, *last_message;
  Variant *variants;
  size_t variant_count;
  bool is_layout;
  Buf code;          /* the functions written so far */
  size_t locals;     /* numbers handed out to loops and scopes */
};

/* A slot of a layout in one HTML state; its index is the place in a page's table of blocks. */
typedef struct Slot { Template *layout; Str name; Html entry; } Slot;

#define SLOT_MAX 64

typedef struct Compiler {
  Arena *arena;
  Template *templates;   /* sorted by name */
  size_t count;
  Slot slots[SLOT_MAX];
  size_t slot_count;
  Buf raw;               /* report: one line for each raw print */
  const char *prefix;    /* of all symbols: "tmpl" */
  int errors;
} Compiler;

/* Prints "path:line:column: message" to standard error, counts it, gives ERR_INPUT. */
Err tmplc_error(Compiler *c, const Template *t, Pos pos, const char *format, ...) PRINTF_LIKE(4, 5);
/* The template of that name or NULL. */
Template *tmplc_find(Compiler *c, Str name);

/* parse.c: text -> layout, blocks, nodes. Reports through tmplc_error. */
Err parse_template(Compiler *c, Template *t) MUST_CHECK;

/* expr.c: a cursor over the inside of one tag. */
typedef struct Cursor {
  Compiler *c;
  Template *t;
  Str rest;         /* what is left of the tag's inside */
  Pos pos;          /* of rest.ptr */
} Cursor;

Err expr_parse(Cursor *cur, Expr **out) MUST_CHECK;         /* value with filters */
Err cond_parse(Cursor *cur, Cond **out) MUST_CHECK;
Err expr_string(Cursor *cur, Str *out) MUST_CHECK;          /* a quoted text */
Err expr_name(Cursor *cur, Str *out, const char *what) MUST_CHECK;
Err expr_assignments(Cursor *cur, Arg **out) MUST_CHECK;    /* name = value, ... up to the end or ")" */
bool expr_word(Cursor *cur, const char *word);              /* takes the keyword if it comes next */
bool expr_symbol(Cursor *cur, const char *symbol);          /* takes the sign if it comes next */
Err expr_end(Cursor *cur) MUST_CHECK;                       /* nothing may follow */

/* walk.c: analyses all templates and fills Template.code. */
Err walk_templates(Compiler *c) MUST_CHECK;

/* emit.c: pieces of C. */
void emit_literal(Buf *out, Str bytes);                     /* a C string literal with quotes, one line a line of text */
void emit_text(Buf *out, Str bytes);                        /* S("...") */

/* What a walk knows about the names in reach, innermost last. */
typedef struct Local { Str name; size_t number; struct Local *outer; } Local;
void emit_expr(Buf *out, const Expr *e, const Local *locals);
void emit_cond(Buf *out, const Cond *cond, const Local *locals);

/* pot.c: all messages of all templates as a PO template. */
void pot_write(const Compiler *c, Buf *out);

#endif
