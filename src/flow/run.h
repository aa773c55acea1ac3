/* SPDX-License-Identifier: EUPL-1.2 */
/* Running a program: a Machine is one block of members with all its memory. */
#ifndef PW_FLOW_RUN_H
#define PW_FLOW_RUN_H

#include "flow/strip.h"

#define TILE_DOUBLES 256          /* of one temporary: 2 KiB, so that a dozen and what they read stay in L1 */
#define TEMP_DOUBLES (TILE_DOUBLES + 64)   /* from one to the next: their beginnings lie in different sets of the cache */
#define WIDTH_MAX 8
#define CONV_SLATS_MAX 1000000u    /* of one conveyor: its transit time in steps */

/* An operand at the start of a tile. */
typedef struct Arg {
  const double *p;        /* first element, or slot 0 when idx is set */
  size_t stride;          /* doubles to the next element: 0 or the width */
  const uint32_t *idx;    /* slots, or NULL */
} Arg;

typedef void (*Kernel)(double *d, const Arg *a, uint32_t n, const Op *op);

/* Kernels compiled for one kind of processor: [opcode][0, 1, 2] for blocks of 1, 4 and 8 members; NULL for what only
 * run_ops.c does. All kinds compute the same bits: nothing is contracted or reassociated. */
typedef struct KernelSet { const char *name; Kernel k[OP_COUNT][3]; const StripSet *strips[3]; } KernelSet;
extern const KernelSet KERNELS_BASE;
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FLOW_X86_KERNELS 1
extern const KernelSet KERNELS_AVX2, KERNELS_AVX512;
#endif
/* The best set for this processor. */
const KernelSet *kernels_best(void);
/* By name ("base", "avx2", "avx512"); NULL when unknown or not for this processor. For tests. */
const KernelSet *kernels_named(const char *name);

typedef struct ConvState ConvState;

typedef struct Machine Machine;
struct Machine {
  const FlowProgram *p;
  const KernelSet *set;
  unsigned width, wi;           /* members; place in the kernel table */
  void *block;                  /* everything below, one allocation */
  double *slots, *temps;
  Ins *ins;                     /* of all strips of the program */
  double *rows;                 /* one member: tables of what never changes, written out */
  double *s0, *k;               /* Runge-Kutta: state at the start of the step, weighted sum of derivatives */
  double **hist;                /* per HistRun: [step][element][member] */
  double *before, *moved;       /* check of conservation */
  ConvState **convs;            /* per ConvRun: [element * width + member] */
  uint64_t seed;
  size_t first_member;
  size_t step;
  bool first_stage;
  bool out_of_memory;
  const ConvRun *too_long;      /* a conveyor whose transit time asks for more slats than CONV_SLATS_MAX */
  size_t limit, used;           /* bytes of belts of conveyors */
};

Err machine_init(Machine *m, const FlowProgram *p, unsigned width, const KernelSet *set, ErrInfo *info) MUST_CHECK;
void machine_clear(Machine *m);
/* Runs a block. set[k * set_count + i] is input i of the k-th member. out[(row * columns + column) * width + k]. */
typedef struct BlockRun {
  const double *set;
  double *out;
  const FlowControl *control;   /* cancelled is asked between steps; progress is the caller's affair */
  bool report_steps;
} BlockRun;
Err machine_run(Machine *m, const BlockRun *run, ErrInfo *info) MUST_CHECK;

/* run.c: one operation by its kernel on elements t0 .. t0 + n of its loop, at most a tile. */
void machine_op(Machine *m, const Op *op, uint32_t t0, uint32_t n);
/* run_strip.c: the instructions of the program's strips with the addresses of this machine. */
void strips_resolve(Machine *m);
/* After the start: the tables of what never changes, written out. */
void strips_write_rows(Machine *m);
/* Runs the loop by its strips; false when it has none, or is too short for them. */
bool strips_run(const Machine *m, const Loop *loop);

/* run_ops.c: what is not element by element arithmetic. `t0` is the first element of the tile. */
void run_special(Machine *m, const Op *op, double *d, const Arg *a, uint32_t t0, uint32_t n);
/* run_conv.c */
bool conv_alloc(Machine *m);
void conv_free(Machine *m);
void conv_op(Machine *m, uint32_t index, uint32_t mode);
/* A figure of the belt of one element and member. `what` is OP_SLAT (the contents of slat `which`, 1 being the next to
 * leave; 0 when there is none), OP_RSUM, OP_RMEAN, OP_RMIN, OP_RMAX, OP_RSTDDEV, OP_RPROD or OP_COPY (how many). */
double conv_slats(const Machine *m, uint32_t index, uint32_t element, unsigned member, int what, double which);
/* Moves the belts on after a step; dbase holds the weighted inflow per unit of time. */
void conv_advance(Machine *m);
/* rand.c: a uniform number in (0, 1); the same for the same key and counter on any machine. */
double draw_uniform(uint64_t seed, uint32_t step, uint32_t member, uint32_t site, uint32_t element);
double normal_inverse(double u);
/* The logarithm of the gamma function's magnitude. */
double flow_gammaln(double x);
/* Draws that need more than one uniform number each. */
typedef struct DrawKey { uint64_t seed; uint32_t step, member, site, element; } DrawKey;
double draw_poisson(const DrawKey *key, double mean);
double draw_gamma(const DrawKey *key, double shape, double scale);
double draw_beta(const DrawKey *key, double a, double b);
double draw_binomial(const DrawKey *key, double trials, double p);

#endif
