/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/design.h"

#include <Random123/philox.h>

static philox4x32_ctr_t philox(uint64_t seed, uint64_t a, uint32_t b, uint32_t c) {
  philox4x32_ctr_t counter = {{(uint32_t)a, (uint32_t)(a >> 32), b, c}};
  philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  return philox4x32(counter, key);
}

double flow_uniform(uint64_t seed, uint64_t a, uint32_t b, uint32_t c) {
  philox4x32_ctr_t r = philox(seed, a, b, c);
  uint64_t bits = ((uint64_t)r.v[0] << 20) | (r.v[1] >> 12);   /* 52 bits: half a step above the grid is still exact */
  return ((double)bits + 0.5) * 0x1p-52;
}

uint64_t flow_permute(uint64_t seed, uint32_t key, uint64_t count, uint64_t place) {
  unsigned half = 1;
  while (half < 32 && ((uint64_t)1 << (2 * half)) < count) half++;
  uint32_t mask = half == 32 ? UINT32_MAX : ((uint32_t)1 << half) - 1;
  do {
    uint32_t left = (uint32_t)(place >> half) & mask, right = (uint32_t)place & mask;
    for (uint32_t round = 0; round < 4; round++) {
      uint32_t next = left ^ (philox(seed, ((uint64_t)key << 32) | round, right, 0x9E3779B9u).v[0] & mask);
      left = right;
      right = next;
    }
    place = ((uint64_t)left << half) | right;
  } while (place >= count);
  return place;
}

/* S. Joe and F. Y. Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30
 * (2008), the first dimensions of new-joe-kuo-6.21201: degree, polynomial, initial direction numbers. Dimension 1 is van
 * der Corput's. */
static const struct {
  unsigned char degree, polynomial, m[7];
} sobol[FLOW_SOBOL_DIMENSIONS] = {
    {0, 0, {0}},
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
};

/* Direction numbers of a dimension by the recurrence of Bratley and Fox (Algorithm 659); bit 31 is one half. */
static void directions(size_t dimension, unsigned bits, uint32_t v[32]) {
  unsigned s = sobol[dimension].degree;
  for (unsigned i = 0; i < bits; i++) {
    if (s == 0) {
      v[i] = (uint32_t)1 << (31 - i);
    } else if (i < s) {
      v[i] = (uint32_t)sobol[dimension].m[i] << (31 - i);
    } else {
      v[i] = v[i - s] ^ (v[i - s] >> s);
      for (unsigned k = 1; k < s; k++)
        if (sobol[dimension].polynomial >> (s - 1 - k) & 1) v[i] ^= v[i - k];
    }
  }
}

static double sobol_point(const FlowDesign *design, size_t member, size_t dimension) {
  uint32_t v[32], x = 0;
  unsigned bits = 0;
  while (bits < 32 && (uint64_t)member >> bits) bits++;
  directions(dimension, bits, v);
  for (unsigned i = 0; i < bits; i++)
    if (member >> i & 1) x ^= v[i];
  x ^= philox(design->seed, dimension, 0, 0x5B0B01u).v[0];
  return ((double)x + 0.5) * 0x1p-32;
}

Err flow_design_init(FlowDesign *design, FlowDesign wanted, ErrInfo *info) {
  if (wanted.sampling == FLOW_SOBOL && wanted.dimensions > FLOW_SOBOL_DIMENSIONS)
    return err_set(info, ERR_LIMIT, "a Sobol sequence has at most %d dimensions here and %zu are needed; use Latin hypercube sampling",
                   FLOW_SOBOL_DIMENSIONS, wanted.dimensions);
  if (wanted.members > UINT32_MAX) return err_set(info, ERR_LIMIT, "at most 2^32 - 1 members; %zu were asked", wanted.members);
  *design = wanted;
  return ERR_OK;
}

double flow_design_point(const FlowDesign *design, size_t member, size_t dimension) {
  uint32_t d = (uint32_t)dimension;
  switch (design->sampling) {
    case FLOW_PLAIN: return flow_uniform(design->seed, member, d, 0);
    case FLOW_LATIN: {
      double stratum = (double)flow_permute(design->seed, d, design->members, member);
      double u = (stratum + flow_uniform(design->seed, member, d, 1)) / (double)design->members;
      return u < 1 ? u : 1 - 0x1p-53;  /* the last stratum's end may round up */
    }
    case FLOW_SOBOL: return sobol_point(design, member, dimension);
  }
  return 0.5;
}
