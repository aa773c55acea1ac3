/* SPDX-License-Identifier: EUPL-1.2 */
/* Included once per kind of processor by kernel_*.c, which set SET_NAME and SET before. Members are innermost; the
 * inner loops have a constant length, so that the compiler turns them into one or two vector instructions. In and out
 * may be the very same place (element by element), never overlap otherwise: hence "ivdep". */
#include <math.h>
#include <string.h>

#include "flow/ops_lane.h"
#include "flow/run.h"
#define IVDEP _Pragma("GCC ivdep")
#define UNROLL _Pragma("GCC unroll 4")
#define UNROLL_TERMS _Pragma("GCC unroll 8")
#define AT(i, e) (A[i].idx ? A[i].p + (size_t)A[i].idx[e] * W : A[i].p + (size_t)(e) * A[i].stride)

/* Lanes go through locals: then nothing can overlap, and 8 lanes are one or two vector registers. */
#define LANES(to, from) double to[W]; memcpy(to, (from), sizeof to)

#define DEFINE1(NAME, W_, expr) \
  static void NAME##_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; (void)op; \
    if (!A[0].idx && A[0].stride) { \
      const double *x = A[0].p; \
      IVDEP for (size_t i = 0; i < (size_t)n * W; i++) { const double a = x[i]; d[i] = (expr); } \
      return; \
    } \
    if (W == 1 && A[0].idx) { \
      const double *x = A[0].p; const uint32_t *idx = A[0].idx; \
      for (uint32_t e = 0; e < n; e++) { const double a = x[idx[e]]; d[e] = (expr); } \
      return; \
    } \
    if (A[0].idx) { \
      const double *x = A[0].p; const uint32_t *i0 = A[0].idx; \
      UNROLL for (uint32_t e = 0; e < n; e++, d += W) { \
        LANES(a_, x + (size_t)i0[e] * W); double o_[W]; \
        for (size_t l = 0; l < W; l++) { const double a = a_[l]; o_[l] = (expr); } \
        memcpy(d, o_, sizeof o_); \
      } \
      return; \
    } \
    for (uint32_t e = 0; e < n; e++, d += W) { \
      LANES(a_, AT(0, e)); double o_[W]; \
      for (size_t l = 0; l < W; l++) { const double a = a_[l]; o_[l] = (expr); } \
      memcpy(d, o_, sizeof o_); \
    } \
  }

/* One member: what stands apart is brought together first, so that the rest runs along the elements. */
static inline const double *together(const Arg *a, uint32_t n, double *room) {
  if (!a->idx) return a->p;
  for (uint32_t e = 0; e < n; e++) room[e] = a->p[a->idx[e]];
  return room;
}

#define DEFINE2(NAME, W_, expr) \
  static void NAME##_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; (void)op; \
    if (W == 1 && (A[0].idx || A[1].idx) && A[0].stride && A[1].stride) { \
      double r0[TILE_DOUBLES], r1[TILE_DOUBLES]; \
      const double *x = together(&A[0], n, r0), *y = together(&A[1], n, r1); \
      IVDEP for (uint32_t e = 0; e < n; e++) { const double a = x[e], b = y[e]; d[e] = (expr); } \
      return; \
    } \
    if (!A[0].idx && !A[1].idx) { \
      const double *x = A[0].p, *y = A[1].p; \
      if (A[0].stride && A[1].stride) { \
        IVDEP for (size_t i = 0; i < (size_t)n * W; i++) { const double a = x[i], b = y[i]; d[i] = (expr); } \
        return; \
      } \
      if (A[0].stride) { \
        LANES(b_, y); \
        if (W == 1) { \
          const double b = b_[0]; \
          IVDEP for (uint32_t e = 0; e < n; e++) { const double a = x[e]; d[e] = (expr); } \
          return; \
        } \
        UNROLL for (uint32_t e = 0; e < n; e++, x += W, d += W) { \
          LANES(a_, x); double o_[W]; \
          for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l]; o_[l] = (expr); } \
          memcpy(d, o_, sizeof o_); \
        } \
        return; \
      } \
      if (A[1].stride) { \
        LANES(a_, x); \
        if (W == 1) { \
          const double a = a_[0]; \
          IVDEP for (uint32_t e = 0; e < n; e++) { const double b = y[e]; d[e] = (expr); } \
          return; \
        } \
        UNROLL for (uint32_t e = 0; e < n; e++, y += W, d += W) { \
          LANES(b_, y); double o_[W]; \
          for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l]; o_[l] = (expr); } \
          memcpy(d, o_, sizeof o_); \
        } \
        return; \
      } \
    } \
    if (A[0].idx && A[1].idx) { \
      const double *x = A[0].p, *y = A[1].p; const uint32_t *i0 = A[0].idx, *i1 = A[1].idx; \
      UNROLL for (uint32_t e = 0; e < n; e++, d += W) { \
        LANES(a_, x + (size_t)i0[e] * W); LANES(b_, y + (size_t)i1[e] * W); double o_[W]; \
        for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l]; o_[l] = (expr); } \
        memcpy(d, o_, sizeof o_); \
      } \
      return; \
    } \
    if (!A[0].idx && A[0].stride && A[1].idx) { \
      const double *x = A[0].p, *y = A[1].p; const uint32_t *i1 = A[1].idx; \
      UNROLL for (uint32_t e = 0; e < n; e++, x += W, d += W) { \
        LANES(a_, x); LANES(b_, y + (size_t)i1[e] * W); double o_[W]; \
        for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l]; o_[l] = (expr); } \
        memcpy(d, o_, sizeof o_); \
      } \
      return; \
    } \
    for (uint32_t e = 0; e < n; e++, d += W) { \
      LANES(a_, AT(0, e)); LANES(b_, AT(1, e)); double o_[W]; \
      for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l]; o_[l] = (expr); } \
      memcpy(d, o_, sizeof o_); \
    } \
  }

#define DEFINE3(NAME, W_, expr) \
  static void NAME##_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; (void)op; \
    if (!A[0].idx && !A[1].idx && !A[2].idx && A[0].stride && A[1].stride && A[2].stride) { \
      const double *x = A[0].p, *y = A[1].p, *z = A[2].p; \
      IVDEP for (size_t i = 0; i < (size_t)n * W; i++) { const double a = x[i], b = y[i], c = z[i]; d[i] = (expr); } \
      return; \
    } \
    if (!A[0].idx && !A[1].idx && !A[2].idx && A[0].stride && A[1].stride) { \
      const double *x = A[0].p, *y = A[1].p; \
      LANES(c_, A[2].p); \
      if (W == 1) { \
        const double c = c_[0]; \
        IVDEP for (uint32_t e = 0; e < n; e++) { const double a = x[e], b = y[e]; d[e] = (expr); } \
        return; \
      } \
      for (uint32_t e = 0; e < n; e++, x += W, y += W, d += W) { \
        LANES(a_, x); LANES(b_, y); double o_[W]; \
        for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l], c = c_[l]; o_[l] = (expr); } \
        memcpy(d, o_, sizeof o_); \
      } \
      return; \
    } \
    for (uint32_t e = 0; e < n; e++, d += W) { \
      LANES(a_, AT(0, e)); LANES(b_, AT(1, e)); LANES(c_, AT(2, e)); double o_[W]; \
      for (size_t l = 0; l < W; l++) { const double a = a_[l], b = b_[l], c = c_[l]; o_[l] = (expr); } \
      memcpy(d, o_, sizeof o_); \
    } \
  }

#define ALL(DEFINE, NAME, expr) DEFINE(NAME, 1, expr) DEFINE(NAME, 4, expr) DEFINE(NAME, 8, expr)
#define OP1(NAME, expr) ALL(DEFINE1, NAME, expr)
#define OP2(NAME, expr) ALL(DEFINE2, NAME, expr)
#define OP3(NAME, expr) ALL(DEFINE3, NAME, expr)
#define LIB1(NAME, expr) ALL(DEFINE1, NAME, expr)
#define LIB2(NAME, expr) ALL(DEFINE2, NAME, expr)
#define OPX(NAME)
#include "flow/ops.def"
#undef OP1
#undef OP2
#undef OP3
#undef LIB1
#undef LIB2
#undef OPX

/* Four sums at a time, so that one need not wait for the other's additions. */
static inline void sum_four(double *d, const double *p, uint32_t m) {
  double a = 0, b = 0, c = 0, e = 0;
  for (uint32_t j = 0; j < m; j++) {
    a += p[j];
    b += p[j + (size_t)m];
    c += p[j + 2 * (size_t)m];
    e += p[j + 3 * (size_t)m];
  }
  d[0] = a; d[1] = b; d[2] = c; d[3] = e;
}

/* The sum runs over the elements in order for each member by itself, so that it does not depend on the width. */
#define DEFINE_RSUM(W_) \
  static void RSUM_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; \
    const uint32_t m = op->n; \
    uint32_t e = 0; \
    if (W == 1 && !A[0].idx && A[0].stride) \
      for (; e + 4 <= n; e += 4) sum_four(d + e, A[0].p + (size_t)e * m, m); \
    for (; e < n; e++) { \
      double s[W]; \
      for (size_t l = 0; l < W; l++) s[l] = 0; \
      if (A[0].idx) { \
        for (uint32_t j = 0; j < m; j++) { \
          LANES(x, A[0].p + (size_t)A[0].idx[(size_t)e * m + j] * W); \
          for (size_t l = 0; l < W; l++) s[l] += x[l]; \
        } \
      } else { \
        const double *from = A[0].p + (size_t)e * m * A[0].stride; \
        for (uint32_t j = 0; j < m; j++, from += A[0].stride) { \
          LANES(x, from); \
          for (size_t l = 0; l < W; l++) s[l] += x[l]; \
        } \
      } \
      memcpy(d + (size_t)e * W, s, sizeof s); \
    } \
  }
DEFINE_RSUM(1) DEFINE_RSUM(4) DEFINE_RSUM(8)

/* Terms in order, the first n2 added, the others subtracted. A[n] is a state that the sum times A[n + 1] is added to,
 * when it is there. With one member the loop runs along the elements, term by term; otherwise along the terms. */
/* A given number of terms that all lie in rows: nothing is decided inside. Times 1 or -1 changes no bit. */
#define DEFINE_ROWS(W_, N_) \
  static void ROWS_##W_##_##N_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_, N = N_ }; \
    const double *p[N]; \
    double sign[N]; \
    for (uint32_t t = 0; t < N; t++) { p[t] = A[t].p; sign[t] = t < op->n2 ? 1 : -1; } \
    double v[W]; \
    const bool moves = op->nin != 0; \
    if (moves) memcpy(v, A[N + 1].p, sizeof v); \
    if (W == 1) { \
      const double factor = moves ? v[0] : 0; \
      if (moves) { \
        IVDEP for (uint32_t e = 0; e < n; e++) { \
          double s = p[0][e]; \
          UNROLL_TERMS for (uint32_t t = 1; t < N; t++) s += p[t][e] * sign[t]; \
          d[e] = d[e] + s * factor; \
        } \
      } else { \
        IVDEP for (uint32_t e = 0; e < n; e++) { \
          double s = p[0][e]; \
          UNROLL_TERMS for (uint32_t t = 1; t < N; t++) s += p[t][e] * sign[t]; \
          d[e] = s; \
        } \
      } \
      return; \
    } \
    for (size_t at = 0; at < (size_t)n * W; at += W) { \
      double s[W]; \
      LANES(x, p[0] + at); \
      for (size_t l = 0; l < W; l++) s[l] = x[l]; \
      UNROLL_TERMS for (uint32_t t = 1; t < N; t++) { \
        LANES(y, p[t] + at); \
        for (size_t l = 0; l < W; l++) s[l] += y[l] * sign[t]; \
      } \
      if (moves) { \
        LANES(u, d + at); \
        for (size_t l = 0; l < W; l++) s[l] = u[l] + s[l] * v[l]; \
      } \
      memcpy(d + at, s, sizeof s); \
    } \
  }
#define ALL_ROWS(W_) DEFINE_ROWS(W_, 2) DEFINE_ROWS(W_, 3) DEFINE_ROWS(W_, 4) DEFINE_ROWS(W_, 5) DEFINE_ROWS(W_, 6) \
  DEFINE_ROWS(W_, 7) DEFINE_ROWS(W_, 8) \
  static const Kernel ROWS_##W_[] = {ROWS_##W_##_2, ROWS_##W_##_3, ROWS_##W_##_4, ROWS_##W_##_5, ROWS_##W_##_6, ROWS_##W_##_7, \
                                     ROWS_##W_##_8};
ALL_ROWS(1) ALL_ROWS(4) ALL_ROWS(8)

#define DEFINE_SUMS(W_) \
  static void SUMS_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; \
    const uint32_t terms = op->n, plus = op->n2; \
    const bool moves = op->nin != 0; \
    bool rows = plus > 0 && terms >= 2 && terms <= 8; \
    for (uint32_t t = 0; t < terms; t++) rows &= !A[t].idx && A[t].stride; \
    if (rows) { ROWS_##W_[terms - 2](d, A, n, op); return; } \
    if (W == 1) { \
      double sum[TILE_DOUBLES], room[TILE_DOUBLES]; \
      for (uint32_t e = 0; e < n; e++) sum[e] = plus ? *AT(0, e) : 0 - *AT(0, e); \
      for (uint32_t t = 1; t < terms; t++) { \
        const double *y = together(&A[t], n, room), sign = t < plus ? 1 : -1, same = *y; \
        if (A[t].stride) for (uint32_t e = 0; e < n; e++) sum[e] += sign * y[e]; \
        else for (uint32_t e = 0; e < n; e++) sum[e] += sign * same; \
      } \
      if (!moves) { memcpy(d, sum, n * sizeof *d); return; } \
      const double factor = *A[terms + 1].p; \
      IVDEP for (uint32_t e = 0; e < n; e++) d[e] = d[e] + sum[e] * factor; \
      return; \
    } \
    for (uint32_t e = 0; e < n; e++, d += W) { \
      double s[W]; \
      LANES(x, AT(0, e)); \
      for (size_t l = 0; l < W; l++) s[l] = plus ? x[l] : 0 - x[l]; \
      uint32_t t = 1; \
      for (; t < plus; t++) { \
        LANES(y, AT(t, e)); \
        for (size_t l = 0; l < W; l++) s[l] += y[l]; \
      } \
      for (; t < terms; t++) { \
        LANES(y, AT(t, e)); \
        for (size_t l = 0; l < W; l++) s[l] -= y[l]; \
      } \
      if (moves) { \
        LANES(u, d); LANES(v, A[terms + 1].p); \
        for (size_t l = 0; l < W; l++) s[l] = u[l] + s[l] * v[l]; \
      } \
      memcpy(d, s, sizeof s); \
    } \
  }
DEFINE_SUMS(1) DEFINE_SUMS(4) DEFINE_SUMS(8)

#undef SEL
#undef NUM
#undef MAGNITUDE
#undef ROOT
#define SEL(c, x, y) strip_select((Mask)(c), (x), (y))
#define NUM(x) strip_same(x)
#define MAGNITUDE(a) strip_magnitude(a)
#define ROOT(a) strip_root(a)
#include "flow/strip_vector.h"
#define W 1
#include "flow/strip_body.h"
#undef W
#define W 4
#include "flow/strip_body.h"
#undef W
#define W 8
#include "flow/strip_body.h"
#undef W

#define ROW(NAME, expr) [OP_##NAME] = {NAME##_1, NAME##_4, NAME##_8},
#define OP1 ROW
#define OP2 ROW
#define OP3 ROW
#define LIB1 ROW
#define LIB2 ROW
#define OPX(NAME)
const KernelSet SET = {SET_NAME, {
#include "flow/ops.def"
  ROW(RSUM, 0) ROW(SUMS, 0)
}, {&STRIPS_1, &STRIPS_4, &STRIPS_8}};
