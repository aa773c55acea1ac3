/* SPDX-License-Identifier: EUPL-1.2 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#pragma GCC target("avx2")
#define SET KERNELS_AVX2
#define SET_NAME "avx2"
#define VECTOR_BYTES 32
#include "flow/kernel_body.h"
#else
typedef int flow_no_avx2;
#endif
