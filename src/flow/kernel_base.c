/* SPDX-License-Identifier: EUPL-1.2 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif
#define SET KERNELS_BASE
#define SET_NAME "base"
#define VECTOR_BYTES 16
#include "flow/kernel_body.h"

#include <string.h>

static bool runs(const KernelSet *set) {
#ifdef FLOW_X86_KERNELS
  __builtin_cpu_init();
  if (set == &KERNELS_AVX512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (set == &KERNELS_AVX2) return __builtin_cpu_supports("avx2");
#endif
  return set == &KERNELS_BASE;
}

static const KernelSet *const SETS[] = {
#ifdef FLOW_X86_KERNELS
  &KERNELS_AVX512, &KERNELS_AVX2,
#endif
  &KERNELS_BASE};

const KernelSet *kernels_best(void) {
  size_t i = 0;
  while (!runs(SETS[i])) i++;
  return SETS[i];
}

const KernelSet *kernels_named(const char *name) {
  for (size_t i = 0; i < sizeof SETS / sizeof SETS[0]; i++)
    if (strcmp(SETS[i]->name, name) == 0) return runs(SETS[i]) ? SETS[i] : NULL;
  return NULL;
}
