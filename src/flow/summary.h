/* SPDX-License-Identifier: EUPL-1.2 */
/* Summaries of very many values in little memory: count, mean, spread, extremes and quantiles of every kept value of an
 * ensemble, without keeping the members. */
#ifndef PW_FLOW_SUMMARY_H
#define PW_FLOW_SUMMARY_H

#include "base/err.h"
#include "base/str.h"

/* Quantiles by DDSketch (Masson, Rim and Lee, PVLDB 12, 2019): buckets whose borders grow by (1+a)/(1-a), so that a
 * quantile is off by at most the relative error a of the value itself. Adding is only counting, so the result does not
 * depend on the order of the values. Values nearer to zero than FLOW_SKETCH_ZERO count as zero. */
#define FLOW_SKETCH_ERROR 0.001
#define FLOW_SKETCH_ZERO 1e-200

typedef struct FlowBuckets {
  int32_t lowest;      /* index of counts[0] */
  uint32_t used, cap;  /* buckets in counts */
  uint32_t *counts;    /* owned */
} FlowBuckets;

typedef struct FlowSummary {
  uint64_t count;      /* finite values */
  uint64_t missing;    /* values that are not finite: counted, otherwise left out */
  double mean, m2;     /* running mean and sum of squared differences (Welford 1962), in the order of adding */
  double least, most;
  uint64_t zeros;
  FlowBuckets negative, positive;
} FlowSummary;

void flow_summary_init(FlowSummary *summary);
void flow_summary_clear(FlowSummary *summary);
/* ERR_MEMORY leaves the summary as it was. */
Err flow_summary_add(FlowSummary *summary, double value) MUST_CHECK;
/* The p-quantile, 0 <= p <= 1: the value at rank p (count - 1), rounded down; 0 and 1 are the exact extremes. NAN when
 * nothing was added. */
double flow_summary_quantile(const FlowSummary *summary, double p);
/* Standard deviation with count - 1 below the line; NAN below two values. */
double flow_summary_deviation(const FlowSummary *summary);
/* Bytes on the heap. */
size_t flow_summary_bytes(const FlowSummary *summary);

#endif
