/* SPDX-License-Identifier: EUPL-1.2 */
/* A loop as strips: the loop's operations written once more for a machine with one accumulator, which is as wide as eight
 * vector registers of the processor (a strip: 64 doubles with AVX-512). What one operation makes for the next never leaves
 * the registers, so that a stock's whole change (products of flows, their sum, the step) reads its operands once and
 * writes once. The last strip of a loop may be partly beyond its end: there it computes what nobody stores. */
#ifndef PW_FLOW_STRIP_H
#define PW_FLOW_STRIP_H

#include "flow/program.h"

typedef enum StripWhat {
  S_END,
  S_LOAD,      /* acc = a */
  S_LOADMUL,   /* acc = a * b */
  S_ONE,       /* acc = f(acc), an OP1 */
  S_TWO,       /* acc = f(acc, a), an OP2 */
  S_TURNED,    /* acc = f(a, acc), an OP2 */
  S_ADDMUL,    /* acc = acc + a * b, rounded twice */
  S_SUBMUL,    /* acc = acc - a * b */
  S_MOVE,      /* acc = a + acc * b */
  S_SELECT,    /* acc = acc != 0 ? a : b */
  S_STORE,     /* a = acc */
  S_CALL       /* the operation by its kernel, on one strip */
} StripWhat;

#define STRIP_INS_MAX 1024       /* of one loop; a longer one has no strips */
#define STRIP_ELEMENTS_MAX 64    /* elements of a strip at most; tables of strips are filled up to a multiple of it */

struct StripIns {
  uint16_t what, code;
  Opnd a, b;
  const Op *op;
  uint32_t row_a, row_b;      /* 1 + place among the program's rows when the operand is a table of what never changes */
};

/* A table of what never changes: with one member to a block it is written out once, before the first step. */
struct StripRow { const uint32_t *idx; uint32_t n, at; };   /* at: where in the rows of the machine */
#define STRIP_ROWS_MAX 65536u    /* doubles of a program's rows: with more the cache would hold less of the rest */

/* How a strip finds an operand. */
enum { S_ROW, S_SAME, S_TABLE, S_KINDS };

struct Machine;
typedef struct Ins Ins;
typedef void (*StripFn)(void);
/* One instruction with its addresses; the next stands behind it. */
struct Ins {
  StripFn fn;
  union { const double *p; double *to; struct Machine *machine; } a;
  union { const uint32_t *idx; size_t mask; const Op *op; } ax;   /* S_ROW: the address is p + (place & mask) */
  const double *b;
  union { const uint32_t *idx; size_t mask, end; } bx;            /* end: of what is stored (lanes), or called (elements) */
};

/* Instructions for one kind of processor and one width. */
typedef struct StripSet {
  uint32_t lanes;               /* doubles in a strip: a multiple of the width */
  void (*run)(const Ins *first, size_t lanes);   /* over places 0 .. lanes of the loop */
  StripFn end, store, call;
  StripFn load[S_KINDS], loadmul[S_KINDS][S_KINDS], addmul[S_KINDS][S_KINDS], submul[S_KINDS][S_KINDS];   /* [i][j], i <= j */
  StripFn move[2], select[2][2];                 /* S_ROW and S_SAME only; of move a is S_ROW */
  /* Instructions in one that have row a in common: of two S_SUBMUL, of three, the third with an operand that is the same
   * for all, and of S_MOVE and S_STORE. Their other operands stay with each. */
  StripFn submul_twice[S_KINDS][S_KINDS], submul_thrice[S_KINDS][S_KINDS], move_store[2];
  StripFn one[OP_COUNT], two[OP_COUNT][S_KINDS], turned[OP_COUNT][S_KINDS];
} StripSet;

/* Writes loop->strip where that pays; a loop without is run by kernels alone. false on lack of memory. */
bool strip_plan(Arena *arena, Loop *loop);
/* Once all loops have theirs: finds the tables that are written out. false on lack of memory. */
bool strip_rows(FlowProgram *p);

#endif
