/* SPDX-License-Identifier: EUPL-1.2 */
/* Included once per kind of processor by kernel_*.c, which set SET_NAME and SET before. Members are innermost; the
 * inner loops have a constant length, so that the compiler turns them into one or two vector instructions. In and out
 * may be the very same place (element by element), never overlap otherwise: hence "ivdep". */
#include <math.h>

#include "flow/run.h"

#define IVDEP _Pragma("GCC ivdep")
#define AT(i, e) (A[i].idx ? A[i].p + (size_t)A[i].idx[e] * W : A[i].p + (size_t)(e) * A[i].stride)

#define DEFINE1(NAME, W_, expr) \
  static void NAME##_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; (void)op; \
    if (!A[0].idx && A[0].stride) { \
      const double *x = A[0].p; \
      IVDEP for (size_t i = 0; i < (size_t)n * W; i++) { const double a = x[i]; d[i] = (expr); } \
      return; \
    } \
    for (uint32_t e = 0; e < n; e++) { \
      const double *x = AT(0, e); double *o = d + (size_t)e * W; \
      IVDEP for (size_t l = 0; l < W; l++) { const double a = x[l]; o[l] = (expr); } \
    } \
  }

#define DEFINE2(NAME, W_, expr) \
  static void NAME##_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; (void)op; \
    if (!A[0].idx && !A[1].idx) { \
      const double *x = A[0].p, *y = A[1].p; \
      if (A[0].stride && A[1].stride) { \
        IVDEP for (size_t i = 0; i < (size_t)n * W; i++) { const double a = x[i], b = y[i]; d[i] = (expr); } \
        return; \
      } \
      if (A[0].stride) { \
        double c_[W]; \
        for (size_t l = 0; l < W; l++) c_[l] = y[l]; \
        IVDEP for (uint32_t e = 0; e < n; e++) \
          for (size_t l = 0; l < W; l++) { const double a = x[(size_t)e * W + l], b = c_[l]; d[(size_t)e * W + l] = (expr); } \
        return; \
      } \
      if (A[1].stride) { \
        double c_[W]; \
        for (size_t l = 0; l < W; l++) c_[l] = x[l]; \
        IVDEP for (uint32_t e = 0; e < n; e++) \
          for (size_t l = 0; l < W; l++) { const double a = c_[l], b = y[(size_t)e * W + l]; d[(size_t)e * W + l] = (expr); } \
        return; \
      } \
    } \
    for (uint32_t e = 0; e < n; e++) { \
      const double *x = AT(0, e), *y = AT(1, e); double *o = d + (size_t)e * W; \
      IVDEP for (size_t l = 0; l < W; l++) { const double a = x[l], b = y[l]; o[l] = (expr); } \
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
    for (uint32_t e = 0; e < n; e++) { \
      const double *x = AT(0, e), *y = AT(1, e), *z = AT(2, e); double *o = d + (size_t)e * W; \
      IVDEP for (size_t l = 0; l < W; l++) { const double a = x[l], b = y[l], c = z[l]; o[l] = (expr); } \
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

/* The sum runs over the elements in order for each member by itself, so that it does not depend on the width. */
#define DEFINE_RSUM(W_) \
  static void RSUM_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; \
    const uint32_t m = op->n; \
    for (uint32_t e = 0; e < n; e++) { \
      double s[W]; \
      for (size_t l = 0; l < W; l++) s[l] = 0; \
      if (A[0].idx) { \
        for (uint32_t j = 0; j < m; j++) { \
          const double *x = A[0].p + (size_t)A[0].idx[(size_t)e * m + j] * W; \
          for (size_t l = 0; l < W; l++) s[l] += x[l]; \
        } \
      } else { \
        const double *x = A[0].p + (size_t)e * m * A[0].stride; \
        for (uint32_t j = 0; j < m; j++, x += A[0].stride) \
          for (size_t l = 0; l < W; l++) s[l] += x[l]; \
      } \
      for (size_t l = 0; l < W; l++) d[(size_t)e * W + l] = s[l]; \
    } \
  }
DEFINE_RSUM(1) DEFINE_RSUM(4) DEFINE_RSUM(8)

/* Terms in order: the first n2 added, the others subtracted. */
#define DEFINE_SUMS(W_) \
  static void SUMS_##W_(double *d, const Arg *A, uint32_t n, const Op *op) { \
    enum { W = W_ }; \
    const uint32_t terms = op->n, plus = op->n2; \
    for (uint32_t e = 0; e < n; e++) { \
      double s[W]; \
      const double *x = AT(0, e); \
      for (size_t l = 0; l < W; l++) s[l] = plus ? x[l] : 0 - x[l]; \
      for (uint32_t t = 1; t < terms; t++) { \
        const double *y = AT(t, e); \
        if (t < plus) for (size_t l = 0; l < W; l++) s[l] += y[l]; \
        else for (size_t l = 0; l < W; l++) s[l] -= y[l]; \
      } \
      for (size_t l = 0; l < W; l++) d[(size_t)e * W + l] = s[l]; \
    } \
  }
DEFINE_SUMS(1) DEFINE_SUMS(4) DEFINE_SUMS(8)

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
}};
