/* SPDX-License-Identifier: EUPL-1.2 */
/* Points in the unit cube at which an ensemble is evaluated. Any point can be asked for at any time and depends only on
 * (kind, members, dimension, seed), so threads need not agree on an order. */
#ifndef PW_FLOW_DESIGN_H
#define PW_FLOW_DESIGN_H

#include "base/err.h"
#include "base/str.h"

typedef enum FlowSampling {
  FLOW_PLAIN,  /* independent uniform numbers */
  FLOW_LATIN,  /* Latin hypercube: each of the members' equal strata of every dimension holds one point */
  FLOW_SOBOL   /* Sobol sequence with a random digital shift */
} FlowSampling;

enum { FLOW_SOBOL_DIMENSIONS = 32 };  /* as many as direction numbers are kept for */

typedef struct FlowDesign {
  FlowSampling sampling;
  size_t members, dimensions;
  uint64_t seed;
} FlowDesign;

/* Checks and fills *design. ERR_LIMIT: a Sobol sequence of more than FLOW_SOBOL_DIMENSIONS dimensions or 2^32 members. */
Err flow_design_init(FlowDesign *design, FlowDesign wanted, ErrInfo *info) MUST_CHECK;
/* Coordinate `dimension` of point `member`, strictly between 0 and 1. */
double flow_design_point(const FlowDesign *design, size_t member, size_t dimension);
/* A uniform number strictly between 0 and 1 from a counter: Philox 4x32-10 (Salmon e.a. 2011) of (seed; a, b, c). */
double flow_uniform(uint64_t seed, uint64_t a, uint32_t b, uint32_t c);
/* A random permutation of 0..count-1 at one place, without a table: a four-round Feistel network over the next power of
 * four with cycle walking (Black and Rogaway 2002), keyed by (seed, key). */
uint64_t flow_permute(uint64_t seed, uint32_t key, uint64_t count, uint64_t place);

#endif
