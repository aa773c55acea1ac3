/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/sensitivity.h"

#include <math.h>

#include "base/mem.h"

/* Sums over rows for one input of one cell. f are values less the cell's first value, which only shifts them: it keeps
 * the sums from cancelling when the output is large beside its spread. */
typedef struct InputSums {
  double product, product2;     /* g = fB (fABi - fA), and g g */
  double difference, cross, difference2;  /* d = fABi - fA; d g; d d */
  double square, square2;       /* q = (fA - fABi)^2, and q q */
} InputSums;

typedef struct CellSums {
  double shift;
  size_t rows, left_out;
  double sum, sum2;             /* over fA and fB of all rows */
} CellSums;

struct FlowSensitivity {
  size_t inputs, cells;
  CellSums *cell;               /* cells */
  InputSums *input;             /* cells x inputs */
  double *pending;              /* cells x (inputs + 2): evaluations of the row under way */
};

size_t flow_sensitivity_members(size_t rows, size_t inputs) {
  return rows * (inputs + 2);
}

double flow_sensitivity_point(const FlowDesign *design, size_t inputs, size_t member, size_t input) {
  size_t row = member / (inputs + 2), evaluation = member % (inputs + 2);
  bool from_b = evaluation == 1 || evaluation == input + 2;
  return flow_design_point(design, row, from_b ? inputs + input : input);
}

Err flow_sensitivity_new(FlowSensitivity **out, size_t inputs, size_t cells, ErrInfo *info) {
  *out = NULL;
  FlowSensitivity *s = mem_alloc0(1, sizeof *s);
  if (!s) return err_set(info, ERR_MEMORY, "out of memory");
  s->inputs = inputs;
  s->cells = cells;
  s->cell = mem_alloc0(cells, sizeof *s->cell);
  s->input = mem_alloc0(cells * inputs, sizeof *s->input);
  s->pending = mem_alloc0(cells * (inputs + 2), sizeof *s->pending);
  if (!s->cell || !s->input || !s->pending) {
    flow_sensitivity_free(s);
    return err_set(info, ERR_MEMORY, "out of memory for the sums of %zu outputs and %zu inputs", cells, inputs);
  }
  *out = s;
  return ERR_OK;
}

void flow_sensitivity_free(FlowSensitivity *s) {
  if (!s) return;
  mem_free(s->cell);
  mem_free(s->input);
  mem_free(s->pending);
  mem_free(s);
}

static void add_row(FlowSensitivity *s, size_t cell, const double *f) {
  CellSums *c = &s->cell[cell];
  for (size_t i = 0; i < s->inputs + 2; i++)
    if (!isfinite(f[i])) {
      c->left_out++;
      return;
    }
  if (c->rows == 0) c->shift = f[0];
  double a = f[0] - c->shift, b = f[1] - c->shift;
  c->rows++;
  c->sum += a + b;
  c->sum2 += a * a + b * b;
  for (size_t i = 0; i < s->inputs; i++) {
    InputSums *sums = &s->input[cell * s->inputs + i];
    double d = f[i + 2] - f[0], g = b * d, q = d * d;
    sums->product += g;
    sums->product2 += g * g;
    sums->difference += d;
    sums->cross += d * g;
    sums->difference2 += q;
    sums->square += q;
    sums->square2 += q * q;
  }
}

void flow_sensitivity_add(FlowSensitivity *s, size_t cell, size_t member, double value) {
  size_t width = s->inputs + 2, evaluation = member % width;
  double *pending = &s->pending[cell * width];
  pending[evaluation] = value;
  if (evaluation == width - 1) add_row(s, cell, pending);
}

void flow_sensitivity_output(const FlowSensitivity *s, size_t cell, double *mean, double *variance) {
  const CellSums *c = &s->cell[cell];
  double n = 2 * (double)c->rows, m = c->rows ? c->sum / n : NAN;
  *mean = c->shift + m;
  *variance = c->rows > 1 ? fmax(0, (c->sum2 - n * m * m) / (n - 1)) : NAN;
}

size_t flow_sensitivity_rows(const FlowSensitivity *s, size_t cell, size_t *left_out) {
  if (left_out) *left_out = s->cell[cell].left_out;
  return s->cell[cell].rows;
}

/* Standard error of a mean from the sums of its terms and of their squares. */
static double mean_error(double sum, double sum2, double n) {
  return sqrt(fmax(0, sum2 / n - (sum / n) * (sum / n)) / (n - 1));
}

FlowIndex flow_sensitivity_index(const FlowSensitivity *s, size_t cell, size_t input) {
  const CellSums *c = &s->cell[cell];
  const InputSums *t = &s->input[cell * s->inputs + input];
  double mean, variance, n = (double)c->rows;
  flow_sensitivity_output(s, cell, &mean, &variance);
  if (!(variance > 0)) return (FlowIndex){NAN, NAN, NAN, NAN};
  /* The terms with the mean taken off fB: (fB - m)(fABi - fA) = g - m d. Their expectation is the same, their spread less. */
  double m = mean - c->shift;
  double g = t->product - m * t->difference;
  double g2 = t->product2 - 2 * m * t->cross + m * m * t->difference2;
  return (FlowIndex){
      .first = g / n / variance,
      .first_error = mean_error(g, g2, n) / variance,
      .total = t->square / (2 * n) / variance,
      .total_error = mean_error(t->square, t->square2, n) / (2 * variance),
  };
}
