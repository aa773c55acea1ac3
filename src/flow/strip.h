/* SPDX-License-Identifier: EUPL-1.2 */
/* A loop as strips: the loop's operations written once more for a machine with one accumulator, which is as wide as eight
 * vector registers of the processor (a strip: 64 doubles with AVX-512). What one operation makes for the next never leaves
 * the registers, so that a stock's whole change (products of flows, their sum, the step) reads its operands once and
 * writes once. What does not fill a strip at the end of a loop is left to the kernels of run.h. */
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

struct StripIns {
  uint16_t what, code;
  Opnd a, b;
  const Op *op;
};

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
  union { const uint32_t *idx; size_t mask; } bx;
};

/* Instructions for one kind of processor and one width. */
typedef struct StripSet {
  uint32_t lanes;               /* doubles in a strip: a multiple of the width */
  void (*run)(const Ins *first, size_t lanes);   /* over places 0 .. lanes of the loop, whole strips */
  StripFn end, store, call;
  StripFn load[S_KINDS], loadmul[S_KINDS][S_KINDS], addmul[S_KINDS][S_KINDS], submul[S_KINDS][S_KINDS];   /* [i][j], i <= j */
  StripFn move[2], select[2][2];                 /* S_ROW and S_SAME only; of move a is S_ROW */
  StripFn one[OP_COUNT], two[OP_COUNT][S_KINDS], turned[OP_COUNT][S_KINDS];
} StripSet;

/* Writes loop->strip where that pays; a loop without is run by kernels alone. false on lack of memory. */
bool strip_plan(Arena *arena, Loop *loop);

#endif
