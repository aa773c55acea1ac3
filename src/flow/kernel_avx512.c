/* SPDX-License-Identifier: EUPL-1.2 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#pragma GCC target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")
#define SET KERNELS_AVX512
#define SET_NAME "avx512"
#define VECTOR_BYTES 64
#include "flow/kernel_body.h"
#else
typedef int flow_no_avx512;
#endif
