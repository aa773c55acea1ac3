/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of `simulate` share. */
#ifndef PW_CLI_CMD_SIMULATE_H
#define PW_CLI_CMD_SIMULATE_H

#include "base/buf.h"
#include "base/json.h"
#include "cli/cli.h"
#include "flow/flow.h"

typedef struct SimNames { Str *items; size_t count, cap; } SimNames;

typedef struct Sim {
  FlowModel *model;
  FlowSpec spec;
  SimNames save, set;
  double *values;        /* one per name in set */
  size_t value_cap;
  bool check_units;
} Sim;

Err sim_add(CliContext *ctx, SimNames *list, Str name) MUST_CHECK;
/* Writes what is in `out` to the command's output and empties it. */
Err sim_flush(CliContext *ctx, Buf *out) MUST_CHECK;
/* Whether an ensemble, sensitivity or contributions are asked for, and running them. */
bool sim_is_study(const CliContext *ctx);
Err sim_study(CliContext *ctx, Sim *sim, Buf *out) MUST_CHECK;
void sim_number(Buf *out, double value);
void sim_json_number(JsonWriter *w, double value);

#endif
