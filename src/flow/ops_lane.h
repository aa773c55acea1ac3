/* SPDX-License-Identifier: EUPL-1.2 */
/* How the expressions of ops.def read for one lane. */
#ifndef PW_FLOW_OPS_LANE_H
#define PW_FLOW_OPS_LANE_H

#include <math.h>

#define SEL(c, x, y) ((c) ? (x) : (y))
#define NUM(x) (double)(x)
#define MAGNITUDE(a) fabs(a)
#define ROOT(a) sqrt(a)

#endif
