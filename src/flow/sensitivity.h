/* SPDX-License-Identifier: EUPL-1.2 */
/* Variance-based sensitivity: first-order and total Sobol indices from the evaluations of a radial design.
 *
 * With two independent points A and B of k inputs and the points AB_i (A with input i from B), each of `rows` rows costs
 * k + 2 evaluations, in this order: A, B, AB_1 ... AB_k. Member m of the ensemble is evaluation m % (k + 2) of row
 * m / (k + 2). First order by Saltelli e.a. (Comput. Phys. Commun. 181, 2010, table 2, formula b), total by Jansen (1999). */
#ifndef PW_FLOW_SENSITIVITY_H
#define PW_FLOW_SENSITIVITY_H

#include "flow/design.h"

/* Members that `rows` rows of `inputs` inputs need. */
size_t flow_sensitivity_members(size_t rows, size_t inputs);
/* Which design dimension and row give the coordinate of `input` in member `member`: the design has 2 * inputs dimensions,
 * A's first. The caller maps the coordinate through the input's distribution. */
double flow_sensitivity_point(const FlowDesign *design, size_t inputs, size_t member, size_t input);

typedef struct FlowSensitivity FlowSensitivity;

typedef struct FlowIndex {
  double first, first_error;  /* first-order index and its standard error; NAN when the output does not vary */
  double total, total_error;
} FlowIndex;

/* Accumulates for `cells` outputs (columns, or columns x rows) at once. Heap-owned. */
Err flow_sensitivity_new(FlowSensitivity **out, size_t inputs, size_t cells, ErrInfo *info) MUST_CHECK;
void flow_sensitivity_free(FlowSensitivity *sensitivity);
/* Adds member `member`'s value of a cell; members must come in rising order per cell. A row counts when its last
 * evaluation has come; a row with a value that is not finite is left out and counted. */
void flow_sensitivity_add(FlowSensitivity *sensitivity, size_t cell, size_t member, double value);
/* The indices of `input` for a cell; zero rows give NAN. */
FlowIndex flow_sensitivity_index(const FlowSensitivity *sensitivity, size_t cell, size_t input);
/* Mean and variance of the cell's output over all A and B points; rows used and rows left out. */
void flow_sensitivity_output(const FlowSensitivity *sensitivity, size_t cell, double *mean, double *variance);
size_t flow_sensitivity_rows(const FlowSensitivity *sensitivity, size_t cell, size_t *left_out);

#endif
