/* SPDX-License-Identifier: EUPL-1.2 */
/* The flow engine: stock-and-flow models in XMILE 1.0, compiled and run, one member or many thousands.
 *
 * Three opaque handles, no globals, so that any number of models lives side by side:
 *   FlowModel    a file that was read: variables, dimensions, units, everything that is written back
 *   FlowProgram  a model compiled for a purpose: which variables are kept, which are set from outside
 *   FlowResult   the kept values of one run
 * A FlowProgram does not change once compiled: any number of threads may run it at once. */
#ifndef PW_FLOW_FLOW_H
#define PW_FLOW_FLOW_H

#include "base/buf.h"

typedef struct FlowModel FlowModel;
typedef struct FlowProgram FlowProgram;
typedef struct FlowResult FlowResult;

typedef enum FlowMethod { FLOW_METHOD_MODEL, FLOW_EULER, FLOW_RK2, FLOW_RK4 } FlowMethod;

/* Bounds on what is accepted; 0 takes the default. */
typedef struct FlowLimits {
  size_t memory_bytes;   /* for a model with its program, and for each run apart (default 2 GiB) */
  size_t file_bytes;     /* default 64 MiB */
  size_t elements;       /* array elements of all variables together (default 4 million) */
  size_t steps;          /* time steps of a run (default 10 million) */
} FlowLimits;

/* Called for what is odd but not wrong (units that do not fit, a transit time that is rounded). */
typedef void (*FlowWarn)(void *context, const char *message);

/* Reads a model. `name` is only used in messages. The text is not needed afterwards. Errors carry file, line and
 * variable: ERR_INPUT for anything wrong with the file, ERR_LIMIT, ERR_MEMORY. Release with flow_close. */
Err flow_open_text(FlowModel **out, Str text, const char *name, const FlowLimits *limits, ErrInfo *info) MUST_CHECK;
/* Reads a model from a file, and what it asks for from other files in the same folder or below (a text has no folder:
 * there such a model is ERR_UNSUPPORTED). An error names the file it is in. */
Err flow_open(FlowModel **out, const char *path, const FlowLimits *limits, ErrInfo *info) MUST_CHECK;
void flow_close(FlowModel *model);

/* Times as the file gives them, before any override. */
double flow_start(const FlowModel *model);
double flow_stop(const FlowModel *model);
double flow_dt(const FlowModel *model);
Str flow_time_units(const FlowModel *model);

/* Appends the model as XMILE; everything that was read is kept: documentation, units, views, vendors' elements. */
Err flow_write(const FlowModel *model, Buf *out, ErrInfo *info) MUST_CHECK;

/* One variable as written in the file; texts are borrowed from the model. */
typedef struct FlowVariable {
  Str name;            /* "module.variable" for what stands in a module */
  const char *kind;    /* "stock", "flow", "aux", "conveyor" */
  Str units, doc;      /* "" when the file has none */
  Str equation;        /* of a stock the initial value; "" when every element has its own */
  Str dimensions;      /* "Region, Sector"; "" for a scalar */
  size_t elements;     /* 1 for a scalar */
  long line;           /* in the file */
} FlowVariable;

size_t flow_variable_count(const FlowModel *model);
/* The i-th variable in the order of the file; i < flow_variable_count. */
FlowVariable flow_variable(const FlowModel *model, size_t i);
/* Index of the variable of that name (compared as XMILE compares names); STR_NPOS when there is none. */
size_t flow_variable_find(const FlowModel *model, Str name);
/* Appends what NAME is made from and what is made from it, as text. ERR_NOT_FOUND. */
Err flow_explain(const FlowModel *model, Str name, Buf *out, ErrInfo *info) MUST_CHECK;
/* Checks units of every equation; each mismatch is one warning. *mismatches gets their number. */
Err flow_check_units(const FlowModel *model, FlowWarn warn, void *context, size_t *mismatches, ErrInfo *info) MUST_CHECK;

/* What a program is compiled for. Names may be a variable ("Students"), an element ("Students[R1, S2]") or a
 * variable of a module ("school.Students"). All texts are borrowed during the call. */
typedef struct FlowSpec {
  const Str *save;       /* variables to keep; save_count 0 keeps every variable of the file */
  size_t save_count;
  const Str *set;        /* inputs: variables whose equation is replaced by a value given per run; of a stock the */
  size_t set_count;      /* initial value */
  FlowMethod method;
  double start, stop, dt; /* NAN: as in the file */
  double every;          /* time between kept rows, a whole number of steps; 0: as the file says (isee:save_interval),
                          * and every step when it says nothing */
  FlowWarn warn;         /* may be NULL */
  void *warn_context;
  bool check_conservation; /* at each step: change of stocks = inflows - outflows, or the run fails with ERR_INPUT */
} FlowSpec;
#define FLOW_SPEC_INIT {NULL, 0, NULL, 0, FLOW_METHOD_MODEL, __builtin_nan(""), __builtin_nan(""), \
                        __builtin_nan(""), 0, NULL, NULL, false}

/* Compiles. The model must outlive the program. Errors: ERR_INPUT (unknown name, circular definition, dimensions that
 * do not fit, unknown function, dt <= 0), ERR_NOT_FOUND (a name in save or set), ERR_LIMIT, ERR_MEMORY. */
Err flow_compile(FlowProgram **out, const FlowModel *model, const FlowSpec *spec, ErrInfo *info) MUST_CHECK;
void flow_program_free(FlowProgram *program);

/* Columns are the kept values in order: one per array element, named "Stock A[Entry 1, Other 2]". */
size_t flow_column_count(const FlowProgram *program);
Str flow_column_name(const FlowProgram *program, size_t column);
size_t flow_row_count(const FlowProgram *program);
double flow_row_time(const FlowProgram *program, size_t row);

/* How a run or ensemble is watched and stopped. */
typedef struct FlowControl {
  bool (*cancelled)(void *context);                          /* asked between steps or members; may be NULL */
  void (*progress)(void *context, double fraction_done);     /* from one thread at a time; may be NULL */
  void *context;
} FlowControl;

typedef struct FlowRun {
  const double *set;          /* set_count values in the order of FlowSpec.set; NULL when there are none */
  uint64_t seed;              /* of the random functions */
  const FlowControl *control; /* may be NULL */
} FlowRun;

/* Runs once. ERR_INPUT when a value can not be computed (conservation), ERR_CANCELLED, ERR_MEMORY. */
Err flow_run(FlowResult **out, const FlowProgram *program, const FlowRun *run, ErrInfo *info) MUST_CHECK;
void flow_result_free(FlowResult *result);
double flow_result_get(const FlowResult *result, size_t row, size_t column);

/* A block of finished members. values[(row * columns + column) * stride + k] is member first + k, k < count. */
typedef struct FlowBlock {
  size_t first, count, stride, rows, columns;
  const double *values;       /* borrowed during the call */
} FlowBlock;

/* An ensemble: `members` runs that differ in the values of FlowSpec.set and in the member number of the random
 * functions (seed, member, call, step). The results are the same bits for any number of threads and any width. */
typedef struct FlowEnsemble {
  size_t members;
  /* Fills set_count values of member `member`. Called from any thread, several at once; must depend on the member
   * only. NULL: every member has `set`. */
  Err (*draw)(void *context, size_t member, double *values);
  void *draw_context;
  const double *set;          /* when draw is NULL; may be NULL with set_count 0 */
  /* Receives every block once, in rising order of `first`, from one thread at a time. An error stops the ensemble. */
  Err (*sink)(void *context, const FlowBlock *block);
  void *sink_context;
  uint64_t seed;
  unsigned threads;           /* 0: as many as processors */
  unsigned width;             /* members per block: 1, 4 or 8; 0: what suits the machine */
  const FlowControl *control; /* may be NULL */
} FlowEnsemble;

/* Runs all members. Memory does not depend on their number. ERR_CANCELLED when stopped; the blocks handed to the sink
 * so far are whole: *done (may be NULL) gets the number of members delivered. */
Err flow_ensemble(const FlowProgram *program, const FlowEnsemble *ensemble, size_t *done, ErrInfo *info) MUST_CHECK;

#endif
