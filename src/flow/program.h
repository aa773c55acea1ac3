/* SPDX-License-Identifier: EUPL-1.2 */
/* The compiled form: loops over index spaces, each a short list of operations. A value is a slot; in memory a slot is
 * as many doubles as a block has members, members innermost, so that one operation on one element is one or two
 * instructions on the processor's vectors. A loop is run in tiles so that its temporaries stay in the L1 cache. */
#ifndef PW_FLOW_PROGRAM_H
#define PW_FLOW_PROGRAM_H

#include "flow/model.h"

typedef enum OpCode {
#define OP1(NAME, expr) OP_##NAME,
#define OP2(NAME, expr) OP_##NAME,
#define OP3(NAME, expr) OP_##NAME,
#define LIB1(NAME, expr) OP_##NAME,
#define LIB2(NAME, expr) OP_##NAME,
#define OPX(NAME) OP_##NAME,
#include "flow/ops.def"
#undef OP1
#undef OP2
#undef OP3
#undef LIB1
#undef LIB2
#undef OPX
  OP_COUNT
} OpCode;

typedef enum OpndKind {
  K_NONE,
  K_RUN,     /* slots off, off + 1, ... */
  K_ONE,     /* slot off for every element */
  K_TABLE,   /* slot idx[element] */
  K_TEMP,    /* temporary number off */
  K_RING     /* slot off + element % RING_ELEMENTS: what no reader needs further back than RING_LAG_MAX elements */
} OpndKind;

#define RING_ELEMENTS 128u
#define RING_LAG_MAX 64u     /* the rest is room for what is computed at once: RING_TILE elements at most */
#define RING_TILE 64u
#define RINGS_MAX 4          /* in one loop */

typedef struct Opnd { OpndKind kind; uint32_t off; const uint32_t *idx; } Opnd;

typedef struct Op {
  uint16_t code;
  uint16_t nin;
  Opnd dst;             /* K_RUN, K_TEMP or K_RING; of OP_SCATTER K_TABLE */
  Opnd in[3];
  uint32_t n;           /* array functions: elements per result; random: call number; others: see run_ops.c */
  uint32_t n2;
  const Gf *const *gf;  /* OP_LOOKUP: one per element, or one for all when n is 1 */
  const Opnd *more;     /* OP_SUMS: n terms, the first n2 added, the others subtracted; then, when nin is 1, the state that
                           is the destination and the factor of the sum that is added to it */
} Op;

typedef struct StripIns StripIns;
typedef struct StripRow StripRow;

typedef struct Loop {
  uint32_t n;           /* elements */
  uint32_t op_count;
  Op *ops;
  uint32_t temps;
  StripIns *strip;      /* see strip.h; NULL when there is none */
  uint32_t strip_count;
  uint32_t strip_at;    /* place of its first instruction among those of all loops */
  bool varying;         /* false: the result is the same at all times */
  bool rings;           /* some operand is a K_RING */
  bool scalar_site;     /* one element of a variable whose elements have their own equations */
} Loop;

#define SLOT_TIME 0
#define SLOT_STEP_TIME 1   /* time at the start of the step: a pulse lasts a whole step under Runge-Kutta too */
#define SLOTS_RESERVED 2

typedef struct Column { Str name; uint32_t slot; } Column;
typedef struct StockRun { uint32_t base, dbase, count; bool in_place; } StockRun;
typedef struct PrevRun { uint32_t base, source, shadow, count; } PrevRun;
typedef struct HistRun { uint32_t source, count; } HistRun;
typedef struct ConstSlot { uint32_t slot; double value; } ConstSlot;
typedef struct InputRun { uint32_t slot, input; } InputRun;
typedef struct LeakRun { uint32_t fraction, flow; double start, end; bool integers; } LeakRun;
typedef struct ConvRun {
  uint32_t base, dbase, count, exit;      /* slots: contents, inflow, outflow at the end */
  uint32_t len, sample, arrest;           /* slots or UINT32_MAX */
  LeakRun *leaks;
  uint32_t leak_count;
  const uint32_t *list;                   /* slots of the initial contents in parts */
  uint32_t list_count;
  bool exponential, discrete;
  Str name;
} ConvRun;
typedef struct LoopList { Loop **items; uint32_t count, cap; } LoopList;
/* A stock and the flows it has according to the file: for the check of conservation. */
typedef struct Balance {
  uint32_t base, count;
  const uint32_t *flows;      /* slots of the first element of each flow; the first in_count flow in */
  uint32_t in_count, flow_count;
  Str name;
} Balance;

struct FlowProgram {
  Arena arena;
  const FlowModel *model;
  FlowMethod method;
  double start, stop, dt;
  size_t steps, every, rows;
  uint32_t slots;
  ConstSlot *consts; uint32_t const_count, const_cap;
  LoopList init;            /* at the start: everything, in order */
  LoopList step;            /* what the next state depends on */
  LoopList output;          /* what only kept values depend on; run after `step` when a row is kept */
  LoopList advance;         /* Euler: what only derivatives come from; run last. It moves on the stocks marked in_place */
  StockRun *stocks; uint32_t stock_count, stock_cap;
  PrevRun *prevs; uint32_t prev_count, prev_cap;
  HistRun *hists; uint32_t hist_count, hist_cap;
  ConvRun *convs; uint32_t conv_count, conv_cap;
  InputRun *inputs; uint32_t input_count, input_cap;
  size_t set_count;
  Column *columns; size_t column_count, column_cap;
  uint32_t max_temps;
  uint32_t rings[RINGS_MAX]; uint32_t ring_count;   /* first slots; a loop is done with them when the next begins */
  uint32_t strip_total;     /* instructions of all strips */
  StripRow *rows_out; uint32_t row_count, row_cap, row_total;   /* tables written out; row_total in doubles */
  uint32_t sites;           /* random calls */
  bool check_conservation;
  Balance *balances; uint32_t balance_count, balance_cap;
  void *comp;               /* names and equations, kept for explanations; NULL otherwise */
};

/* Operands in `more` of an OP_SUMS. */
static inline uint32_t sums_operands(const Op *op) { return op->n + (op->nin ? 2u : 0u); }

static inline double flow_mod(double a, double b) {
  double r = __builtin_fmod(a, b);
  return r != 0 && ((r < 0) != (b < 0)) ? r + b : r;
}

#endif
