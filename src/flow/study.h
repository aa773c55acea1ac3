/* SPDX-License-Identifier: EUPL-1.2 */
/* Studies of a model: an ensemble's summary, the sensitivity of outputs to uncertain inputs, the contribution of
 * switches. Joins flow_ensemble with the statistics; memory does not grow with the number of members.
 *
 * A cell is one kept value of the program: cell = row * flow_column_count + column. */
#ifndef PW_FLOW_STUDY_H
#define PW_FLOW_STUDY_H

#include "flow/design.h"
#include "flow/draw.h"
#include "flow/flow.h"
#include "flow/sensitivity.h"
#include "flow/shapley.h"
#include "flow/summary.h"

/* What is varied and how it is run. The program was compiled with FlowSpec.set naming, in this order: the draws, the
 * switches, the constants. Everything is borrowed during the call. */
typedef struct FlowStudy {
  const FlowProgram *program;
  const FlowDraw *draws;        /* uncertain inputs, files loaded (flow_draw_load) */
  size_t draw_count;
  const double *switch_off;     /* values of each switch when off and on */
  const double *switch_on;
  size_t switch_count;
  const double *constants;      /* values that every member has */
  size_t constant_count;
  FlowSampling sampling;
  size_t members;               /* ensemble: members; sensitivity: rows of the design; contributions: pairs of orders */
  uint64_t seed;
  unsigned threads;             /* as FlowEnsemble */
  unsigned width;
  size_t memory_bytes;          /* most memory for the sums of all cells; 0: 1 GiB */
  const FlowControl *control;   /* may be NULL */
  /* Called with every block before it is summed, in rising order of members; may be NULL. */
  Err (*each)(void *context, const FlowBlock *block);
  void *each_context;
} FlowStudy;

/* Summaries of an ensemble's cells. On ERR_CANCELLED the summaries hold the members delivered so far (*done). */
typedef struct FlowEnsembleSummary {
  FlowSummary *cells;   /* rows x columns; owned */
  size_t count;
  size_t done;          /* members summed */
} FlowEnsembleSummary;

/* Runs study->members members. Switches are off. ERR_LIMIT when the sums would pass memory_bytes: keep fewer variables
 * or fewer rows. Clear with flow_ensemble_summary_clear also after ERR_CANCELLED. */
Err flow_study_ensemble(const FlowStudy *study, FlowEnsembleSummary *out, ErrInfo *info) MUST_CHECK;
void flow_ensemble_summary_clear(FlowEnsembleSummary *summary);

/* First-order and total Sobol indices of every cell for every draw. ERR_USAGE without draws or with a draw from a file
 * (its values have no distribution to cross). On ERR_CANCELLED *out holds the rows done. */
Err flow_study_sensitivity(const FlowStudy *study, FlowSensitivity **out, ErrInfo *info) MUST_CHECK;

/* Shapley values of the switches for every cell, with every draw at its middle (u = 1/2; row 0 of a file). ERR_USAGE
 * without switches. On ERR_CANCELLED *out is NULL: half a game has no value. */
Err flow_study_contributions(const FlowStudy *study, FlowShapley **out, ErrInfo *info) MUST_CHECK;

#endif
