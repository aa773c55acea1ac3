/* SPDX-License-Identifier: EUPL-1.2 */
/* Equations as trees. The grammar is that of XMILE 3.3; see docs/flow.md. */
#ifndef PW_FLOW_EXPR_H
#define PW_FLOW_EXPR_H

#include "base/arena.h"

#define EXPR_DEPTH_MAX 200    /* parentheses, calls and unary operators within each other */
#define EXPR_OPERATORS_MAX 8000  /* in one equation: a long sum is a deep tree */
#define EXPR_ARGS_MAX 64

typedef enum NodeKind { N_NUM, N_REF, N_CALL, N_NEG, N_NOT, N_BIN, N_IF, N_TRANSPOSE } NodeKind;

/* Binary operators in the order of the opcodes of program.h. */
typedef enum BinOp {
  B_ADD, B_SUB, B_MUL, B_DIV, B_MOD, B_POW, B_LT, B_LE, B_GT, B_GE, B_EQ, B_NE, B_AND, B_OR, B_SAFEDIV
} BinOp;

typedef enum SubKind { SUB_EXPR, SUB_STAR, SUB_RANGE, SUB_AT } SubKind;

typedef struct Node Node;
struct Sym;

typedef struct Sub {
  SubKind kind;
  Node *a, *b;     /* SUB_EXPR: a; SUB_RANGE: a to b; SUB_STAR: a is the dimension of "*:Dim" or NULL */
  int at;          /* SUB_AT: 1-based place of the dimension */
} Sub;

struct Node {
  NodeKind kind;
  BinOp op;
  uint16_t arg_count, sub_count;
  double num;
  Str name;            /* canonical name of N_REF and N_CALL */
  Str shown;           /* as written */
  Node **args;         /* operands; N_IF: condition, then, else */
  Sub *subs;
  struct Sym *sym;        /* set where the reference was made by the engine itself */
  uint64_t axes;          /* which axes the value depends on, when stamp is that of the equation being lowered */
  uint32_t stamp;
  bool varies;
  struct Axis *stars;     /* of an array function, under the same stamp: the axes it runs over */
  uint32_t star_count;
};

/* Parses an equation. ERR_INPUT says what was found, what was expected and at which character; the place in the file
 * is the caller's to add. ERR_LIMIT when nested too deep. */
Err expr_parse(Node **out, Arena *arena, Str text, ErrInfo *info) MUST_CHECK;
/* Whether a text holds nothing but white space and comments: Stella leaves such a note where an equation is to come. */
bool expr_blank(Str text);
/* Cuts a list ("1, 2; 3, 4") at its commas and semicolons; a separator at the end does not count. Returns the number of
 * parts and stores the first `max` of them. */
size_t expr_split(Str text, Str *parts, size_t max);
/* Nodes made by the engine. NULL on lack of memory, also when an operand is NULL. */
Node *expr_num(Arena *arena, double value);
Node *expr_ref(Arena *arena, Str canon);
Node *expr_sym(Arena *arena, struct Sym *sym);
Node *expr_bin(Arena *arena, BinOp op, Node *a, Node *b);
Node *expr_call(Arena *arena, const char *name, Node *a, Node *b, Node *c);
/* All of a tree anew; Syms are shared. */
Node *expr_copy(Arena *arena, const Node *node);
Node *expr_if(Arena *arena, Node *condition, Node *yes, Node *no);

#endif
