/* SPDX-License-Identifier: EUPL-1.2 */
/* What each of a set of switches contributes to an output, by Shapley value (L. S. Shapley, 1953): the mean, over all
 * orders in which the switches can be turned on, of the change each one makes. The values of all switches add up to the
 * output with all on less the output with all off.
 *
 * Up to FLOW_SHAPLEY_EXACT switches every set is evaluated once: member m has switch i on when bit i of m is set.
 * Beyond, orders are sampled in pairs, an order and its reverse (antithetic; Mitchell e.a. 2022), and the standard error
 * over the pairs is given: member m is step m % (n + 1) of order m / (n + 1). */
#ifndef PW_FLOW_SHAPLEY_H
#define PW_FLOW_SHAPLEY_H

#include "base/err.h"
#include "base/str.h"

enum { FLOW_SHAPLEY_EXACT = 12, FLOW_SHAPLEY_SWITCHES = 256 };

typedef struct FlowShapley FlowShapley;

typedef struct FlowContribution {
  double value;
  double error;   /* standard error; 0 when exact */
} FlowContribution;

/* For `switches` switches and `cells` outputs. `pairs` of orders are sampled when there are too many switches for an
 * exact answer (ignored otherwise; at least 2). ERR_LIMIT beyond FLOW_SHAPLEY_SWITCHES. */
Err flow_shapley_new(FlowShapley **out, size_t switches, size_t cells, size_t pairs, uint64_t seed, ErrInfo *info) MUST_CHECK;
void flow_shapley_free(FlowShapley *shapley);
bool flow_shapley_exact(const FlowShapley *shapley);
size_t flow_shapley_members(const FlowShapley *shapley);
/* Whether switch `which` is on in member `member`. Any thread, any time. */
bool flow_shapley_on(const FlowShapley *shapley, size_t member, size_t which);
/* Adds a member's value of a cell; members in rising order per cell. */
void flow_shapley_add(FlowShapley *shapley, size_t cell, size_t member, double value);
/* After all members were added. NAN when a value was not finite. */
FlowContribution flow_shapley_value(const FlowShapley *shapley, size_t cell, size_t which);
/* The output with every switch off and with every switch on. */
void flow_shapley_ends(const FlowShapley *shapley, size_t cell, double *off, double *on);

#endif
