/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/draw.h"

#include <math.h>

#include "base/csv.h"
#include "base/file.h"

enum { FILE_BYTES_MAX = 256 << 20 };

static const struct {
  const char *word;
  size_t least, most;
  const char *arguments;
} kinds[] = {
#define DISTRIBUTION(NAME, word, least, most, arguments) {word, least, most, arguments},
#include "flow/distributions.def"
#undef DISTRIBUTION
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static Err check_arguments(const FlowDraw *draw, Str text, ErrInfo *info) {
  const double *a = draw->argument;
  switch (draw->kind) {
    case FLOW_DIST_UNIFORM:
      if (!(a[0] < a[1])) return err_set(info, ERR_USAGE, STR_FMT ": the lowest value must be below the highest", STR_ARG(text));
      break;
    case FLOW_DIST_TRIANGULAR:
      if (!(a[0] <= a[1] && a[1] <= a[2] && a[0] < a[2]))
        return err_set(info, ERR_USAGE, STR_FMT ": expected lowest <= most likely <= highest", STR_ARG(text));
      break;
    case FLOW_DIST_NORMAL:
    case FLOW_DIST_LOGNORMAL:
      if (!(a[1] > 0)) return err_set(info, ERR_USAGE, STR_FMT ": the standard deviation must be above 0", STR_ARG(text));
      break;
    case FLOW_DIST_BETA:
      if (!(a[0] > 0 && a[1] > 0)) return err_set(info, ERR_USAGE, STR_FMT ": alpha and beta must be above 0", STR_ARG(text));
      if (!(a[2] < a[3])) return err_set(info, ERR_USAGE, STR_FMT ": the lowest value must be below the highest", STR_ARG(text));
      break;
    case FLOW_DIST_FILE:
    case FLOW_DIST_COUNT: break;
  }
  return ERR_OK;
}

static Err parse_file(Str arguments, Str text, FlowDraw *draw, ErrInfo *info) {
  size_t comma = STR_NPOS;
  for (size_t i = arguments.len; i > 0 && comma == STR_NPOS; i--)
    if (arguments.ptr[i - 1] == ',') comma = i - 1;  /* the last one: a path may hold a comma */
  if (comma == STR_NPOS) return err_set(info, ERR_USAGE, STR_FMT ": expected file(path,column)", STR_ARG(text));
  draw->path = str_trim(str_slice(arguments, 0, comma));
  draw->column = str_trim(str_slice(arguments, comma + 1, arguments.len));
  return ERR_OK;
}

static Err parse_numbers(Str arguments, Str text, FlowDraw *draw, ErrInfo *info) {
  size_t count = 0;
  Str part;
  while (str_cut(&arguments, ',', &part)) {
    double value;
    if (!str_to_double(str_trim(part), &value))
      return err_set(info, ERR_USAGE, STR_FMT ": '" STR_FMT "' is not a number", STR_ARG(text), STR_ARG(part));
    if (count < 4) draw->argument[count] = value;
    count++;
  }
  size_t kind = (size_t)draw->kind;
  bool beta_with_three = draw->kind == FLOW_DIST_BETA && count == 3;
  if (count < kinds[kind].least || count > kinds[kind].most || beta_with_three)
    return err_set(info, ERR_USAGE, STR_FMT ": %s takes %s; found %zu arguments", STR_ARG(text), kinds[kind].word,
                   kinds[kind].arguments, count);
  return check_arguments(draw, text, info);
}

Err flow_draw_parse(Str text, FlowDraw *draw, ErrInfo *info) {
  /* The last '=' before the '(': a name in quotes may hold one. */
  size_t open = STR_NPOS, equals = STR_NPOS;
  if (text.len && text.ptr[text.len - 1] == ')')
    for (size_t i = 0; i < text.len; i++) {
      if (text.ptr[i] == '=') equals = i, open = STR_NPOS;
      if (text.ptr[i] == '(' && open == STR_NPOS) open = i;
    }
  if (open == STR_NPOS || equals == STR_NPOS || open < equals)
    return err_set(info, ERR_USAGE, "'" STR_FMT "' is no draw; expected for example name=normal(0.06,0.01)", STR_ARG(text));
  *draw = (FlowDraw){.name = str_trim(str_slice(text, 0, equals)), .argument = {0, 0, 0, 1}};
  Str word = str_trim(str_slice(text, equals + 1, open));
  Str arguments = str_slice(text, open + 1, text.len - 1);
  if (draw->name.len == 0) return err_set(info, ERR_USAGE, STR_FMT ": the name before '=' is missing", STR_ARG(text));
  draw->kind = FLOW_DIST_FILE;
  if (str_eq_nocase(word, S("file"))) return parse_file(arguments, text, draw, info);
  for (size_t i = 0; i < KINDS; i++)
    if (str_eq_nocase(word, str_from(kinds[i].word))) {
      draw->kind = (FlowDistribution)i;
      return parse_numbers(arguments, text, draw, info);
    }
  return err_set(info, ERR_USAGE,
                 STR_FMT ": unknown distribution '" STR_FMT "'; expected uniform, triangular, normal, lognormal, beta or file",
                 STR_ARG(text), STR_ARG(word));
}

static Err find_column(CsvReader *reader, Str column, size_t *at, ErrInfo *info) {
  const Str *cells;
  size_t count;
  TRY(csv_next(reader, &cells, &count, info));
  for (size_t i = 0; i < count; i++)
    if (str_eq(str_trim(cells[i]), column)) {
      *at = i;
      return ERR_OK;
    }
  return err_set(info, ERR_INPUT, "the first line has no column '" STR_FMT "'", STR_ARG(column));
}

static Err read_values(CsvReader *reader, FlowDraw *draw, double *values, size_t members, ErrInfo *info) {
  size_t at = 0, count, row = 0;
  const Str *cells;
  TRY(find_column(reader, draw->column, &at, info));
  for (; row < members; row++) {
    TRY(csv_next(reader, &cells, &count, info));
    if (count == 0) break;
    Str cell = at < count ? str_trim(cells[at]) : S("");
    if (!str_to_double(cell, &values[row])) {
      err_at(info, NULL, NULL, csv_line(reader), NULL);
      return err_set(info, ERR_INPUT, "'" STR_FMT "' is not a number with a decimal point", STR_ARG(cell));
    }
  }
  draw->values = values;
  draw->value_count = row;
  if (row < members)
    return err_set(info, ERR_INPUT, "%zu rows of values for %zu members; each member takes a row of its own", row, members);
  return ERR_OK;
}

Err flow_draw_load(FlowDraw *draw, size_t members, Arena *arena, ErrInfo *info) {
  if (draw->kind != FLOW_DIST_FILE) return ERR_OK;
  const char *path = arena_zstr(arena, draw->path);
  double *values = ARENA_ARRAY(arena, double, members ? members : 1);
  if (!path || !values) return err_set(info, ERR_MEMORY, "out of memory");
  Buf text;
  buf_init(&text, 0);
  CsvReader *reader = NULL;
  Err err = file_read(&text, path, FILE_BYTES_MAX, info);
  if (err == ERR_OK)
    err = csv_new_text(&reader, buf_view(&text), (CsvOptions){.delimiter = csv_guess_delimiter(str_slice(buf_view(&text), 0, 4096))}, info);
  if (err == ERR_OK) {
    const char *column = arena_zstr(arena, draw->column);
    err_at(info, path, NULL, 0, column);
    err = column ? read_values(reader, draw, values, members, info) : err_set(info, ERR_MEMORY, "out of memory");
  }
  csv_free(reader);
  buf_clear(&text);
  return err;
}

/* M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied Statistics 37 (1988),
 * routine PPND16. */
static double rational(const double *num, const double *den, double r) {
  double p = num[7], q = den[7];
  for (int i = 6; i >= 0; i--) {
    p = p * r + num[i];
    q = q * r + den[i];
  }
  return p / q;
}

double flow_normal_quantile(double p) {
  static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
                              1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                              3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static const double b[8] = {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
                              2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
                              5.2264952788528545610e+3};
  static const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
                              3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double d[8] = {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                              1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
                              1.05075007164441684324e-9};
  static const double e[8] = {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
                              2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[8] = {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                              7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                              2.04426310338993978564e-15};
  double q = p - 0.5;
  if (fabs(q) <= 0.425) return q * rational(a, b, 0.180625 - q * q);
  double r = sqrt(-log(q < 0 ? p : 1 - p));
  double z = r <= 5 ? rational(c, d, r - 1.6) : rational(e, f, r - 5);
  return q < 0 ? -z : z;
}

/* The continued fraction of DLMF 8.17.22, evaluated by the modified Lentz method. */
static double beta_fraction(double x, double a, double b) {
  const double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (fabs(d) < tiny ? tiny : d);
  double h = d;
  for (int m = 1; m <= 10000; m++) {
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double step = 1;
    for (int half = 0; half < 2; half++) {
      double term = half ? odd : even;
      d = 1 + term * d;
      d = 1 / (fabs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (fabs(c) < tiny) c = tiny;
      step = c * d;
      h *= step;
    }
    if (fabs(step - 1) < 1e-16) break;
  }
  return h;
}

double flow_beta_cdf(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  int sign;  /* of the gamma function; always positive here. The plain lgamma writes a global. */
  double front = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) + a * log(x) + b * log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

/* Bisection: the function is monotone and bounded, and no start value can send it astray. */
static double beta_quantile(double p, double a, double b) {
  double low = 0, high = 1;
  for (int i = 0; i < 200 && high - low > 1e-16 * high; i++) {
    double middle = 0.5 * (low + high);
    if (flow_beta_cdf(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

static double triangular_quantile(const double *a, double u) {
  double width = a[2] - a[0], rising = (a[1] - a[0]) / width;
  if (u < rising) return a[0] + sqrt(u * width * (a[1] - a[0]));
  return a[2] - sqrt((1 - u) * width * (a[2] - a[1]));
}

double flow_draw_value(const FlowDraw *draw, double u, size_t member) {
  const double *a = draw->argument;
  switch (draw->kind) {
    case FLOW_DIST_UNIFORM: return a[0] + (a[1] - a[0]) * u;
    case FLOW_DIST_TRIANGULAR: return triangular_quantile(a, u);
    case FLOW_DIST_NORMAL: return a[0] + a[1] * flow_normal_quantile(u);
    case FLOW_DIST_LOGNORMAL: return exp(a[0] + a[1] * flow_normal_quantile(u));
    case FLOW_DIST_BETA: return a[2] + (a[3] - a[2]) * beta_quantile(u, a[0], a[1]);
    case FLOW_DIST_FILE: return member < draw->value_count ? draw->values[member] : NAN;
    case FLOW_DIST_COUNT: break;
  }
  return NAN;
}
