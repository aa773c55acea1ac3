/* SPDX-License-Identifier: EUPL-1.2 */
#include "pact/course.h"

#include <math.h>

static const char *const codes[] = {
#define COURSE(NAME, code, label) code,
#include "pact/courses.def"
#undef COURSE
};
static const char *const labels[] = {
#define COURSE(NAME, code, label) label,
#include "pact/courses.def"
#undef COURSE
};
static const char *const reason_codes[] = {
#define REASON(NAME, code, sentence) code,
#include "pact/course_reasons.def"
#undef REASON
};
static const char *const reason_sentences[] = {
#define REASON(NAME, code, sentence) sentence,
#include "pact/course_reasons.def"
#undef REASON
};

const char *course_code(Course course) { return codes[course]; }
const char *course_label(Course course) { return labels[course]; }
const char *course_reason_code(CourseReason reason) { return reason_codes[reason]; }
const char *course_reason_sentence(CourseReason reason) { return reason_sentences[reason]; }

static double resolve(const CourseInput *in, const CourseTarget *target) {
  if (target->basis == TARGET_ABSOLUTE) return target->value;
  if (!in->has_baseline || fabs(in->baseline) <= 0) return NAN;
  return target->basis == TARGET_MULTIPLE ? target->value * in->baseline : in->baseline + target->value * fabs(in->baseline);
}

/* The target that holds on a day for what is no path: the first that is not due before it, else the last. */
static const CourseTarget *holding(const CourseInput *in, Day day) {
  size_t i = 0;
  while (i + 1 < in->target_count && in->targets[i].due < day) i++;
  return &in->targets[i];
}

double course_required(const CourseInput *in, Day day) {
  if (in->target_count == 0) return NAN;
  if (in->mode != COURSE_PATH) return resolve(in, holding(in, day));
  if (!in->has_baseline) return NAN;
  double from = in->baseline;
  Day from_day = in->baseline_day;
  for (size_t i = 0; i < in->target_count; i++) {
    double to = resolve(in, &in->targets[i]);
    Day to_day = in->targets[i].due;
    if (day <= from_day) return from;
    if (day <= to_day) return from + (to - from) * (double)(day - from_day) / (double)(to_day - from_day);
    from = to;
    from_day = to_day;
  }
  return from;
}

/* a is at b or on the wanted side of it. */
static bool at_or_past(CourseDirection direction, double a, double b) {
  return direction == COURSE_AT_LEAST ? a >= b : a <= b;
}

bool course_value_known(const CourseValue *value, Day as_of) {
  return (value->known_from == DAY_NONE || value->known_from <= as_of) &&
         (value->superseded_on == DAY_NONE || value->superseded_on > as_of);
}

Day course_known_on(Day as_of, Day known_on) { return known_on > as_of ? known_on : as_of; }

bool course_value_counts(const CourseValue *value, Day as_of, Day known_on) {
  if (known_on <= as_of) return course_value_known(value, as_of);
  bool foretold = value->known_from == DAY_NONE || value->known_from <= as_of;
  return course_value_known(value, known_on) && (value->day <= as_of || foretold);
}

bool course_value_has_number(const CourseValue *value) {
  return (value->state == FIGURE_VALUE && !isnan(value->value)) ||
         (value->state == FIGURE_SUPPRESSED && !isnan(value->low) && !isnan(value->high));
}

/* The newest number known as of in->as_of whose day is not after `until`. */
static const CourseValue *newest(const CourseInput *in, Day until) {
  const CourseValue *found = NULL;
  for (size_t i = 0; i < in->value_count; i++) {
    const CourseValue *value = &in->values[i];
    bool counts = course_value_has_number(value) && course_value_counts(value, in->as_of, in->known_on) && value->day <= in->as_of;
    if (counts && value->day <= until && (!found || value->day > found->day)) found = value;
  }
  return found;
}

/* Whether every value known so far says that it is not due yet. */
static bool nothing_due(const CourseInput *in) {
  size_t waiting = 0;
  for (size_t i = 0; i < in->value_count; i++) {
    if (!course_value_known(&in->values[i], in->as_of)) continue;
    if (in->values[i].state != FIGURE_NOT_YET_DUE) return false;
    waiting++;
  }
  return waiting > 0;
}

/* Whether a number of the time judged exists that nobody knew yet. */
static bool known_later(const CourseInput *in, Day until) {
  Day known_on = course_known_on(in->as_of, in->known_on);
  for (size_t i = 0; i < in->value_count; i++) {
    const CourseValue *value = &in->values[i];
    bool later = value->known_from != DAY_NONE && value->known_from > known_on;
    if (later && course_value_has_number(value) && value->day <= until && value->day <= in->as_of) return true;
  }
  return false;
}

static CourseReason no_value(const CourseInput *in, Day until) {
  if (nothing_due(in)) return COURSE_REASON_NOT_YET_DUE;
  return known_later(in, until) ? COURSE_REASON_KNOWN_LATER : COURSE_REASON_NO_VALUE;
}

/* The part that is enough to be on course. Fractions of decimal numbers are not exact: 0.4 - 0.05 is more than 0.35. */
static double least_needed(const CourseInput *in, const CourseResult *r) { return r->needed - in->margin - 1e-9; }

/* At or past the target, or by no more than the tolerance below one that is to be maintained. */
static bool held(const CourseInput *in, const CourseResult *r, double v) {
  return at_or_past(in->direction, v, r->target) || (r->maintain && fabs(v - r->target) <= in->tolerance);
}

/* Where one number stands, the interval left aside. */
static Course place(const CourseInput *in, CourseResult *r, double v) {
  if (at_or_past(in->direction, v, r->target)) return COURSE_ACHIEVED;
  if (in->mode == COURSE_LIMIT)
    return in->has_baseline && !at_or_past(in->direction, v, in->baseline) ? COURSE_WORSENING : COURSE_BEHIND;
  if (r->maintain) return held(in, r, v) ? COURSE_ON_COURSE : COURSE_WORSENING;
  double b = in->mode == COURSE_QUOTA ? 0 : in->baseline;
  double p = (v - b) / (r->target - b);
  if (p < 0) return COURSE_WORSENING;
  return p >= least_needed(in, r) ? COURSE_ON_COURSE : COURSE_BEHIND;
}

static CourseResult undetermined(CourseResult r, CourseReason reason) {
  r.course = COURSE_UNDETERMINED;
  r.reason = reason;
  return r;
}

/* Why there is nothing to compare the target with, or NONE. */
static CourseReason obstacle(const CourseInput *in, const CourseResult *r) {
  const CourseTarget *last = &in->targets[in->target_count - 1];
  if (last->basis != TARGET_ABSOLUTE && !in->has_baseline) return COURSE_REASON_NO_BASELINE;
  if (isnan(r->target)) return COURSE_REASON_BASELINE_ZERO;
  if (!r->used) return no_value(in, r->after_end ? r->target_due : in->as_of);
  Day judged = r->after_end ? r->target_due : in->as_of;
  if (in->max_age_days && judged - r->used->day > in->max_age_days) return COURSE_REASON_TOO_OLD;
  bool by_itself = in->mode != COURSE_PATH && !in->has_baseline;
  if (in->has_baseline && !by_itself && r->used->definition != in->baseline_definition) return COURSE_REASON_DEFINITION;
  return COURSE_REASON_NONE;
}

/* An incomplete total of a quota that has been made already is made, whatever is still missing. */
static bool incomplete_matters(const CourseInput *in, const CourseResult *r) {
  if (r->used->complete) return false;
  return !(in->mode == COURSE_QUOTA && in->direction == COURSE_AT_LEAST && r->used->low >= r->target);
}

static void measure_path(const CourseInput *in, CourseResult *r) {
  double b = in->mode == COURSE_QUOTA ? 0 : in->baseline;
  bool based = in->mode == COURSE_QUOTA || (in->mode == COURSE_PATH && in->has_baseline);
  if (!based) return;
  r->maintain = in->mode == COURSE_PATH && at_or_past(in->direction, b, r->target);
  r->required = course_required(in, r->used->day);
  if (r->maintain) {
    r->required = r->target;
    return;
  }
  r->progress = (r->used->value - b) / (r->target - b);
  r->needed = in->mode == COURSE_QUOTA ? 1 : (r->required - b) / (r->target - b);
  /* a suppressed one is late when all that it can be is */
  double best = r->used->state != FIGURE_SUPPRESSED ? r->used->value : in->direction == COURSE_AT_LEAST ? r->used->high : r->used->low;
  r->late = (best - b) / (r->target - b) < least_needed(in, r);
}

/* The course over the whole interval of the value: one answer at both ends and at the value, or uncertain. */
static Course over_interval(const CourseInput *in, CourseResult *r) {
  const CourseValue *v = r->used;
  Course low = place(in, r, v->low), high = place(in, r, v->high);
  Course middle = v->state == FIGURE_SUPPRESSED ? low : place(in, r, v->value);
  return low == high && low == middle ? middle : COURSE_UNCERTAIN;
}

CourseResult course_judge(const CourseInput *in) {
  CourseResult r = {.target = NAN, .target_due = DAY_NONE, .required = NAN, .progress = NAN, .needed = NAN};
  r.latest = newest(in, in->as_of);
  const CourseTarget *last = in->target_count ? &in->targets[in->target_count - 1] : NULL;
  if (last) {
    r.target_due = last->due;
    r.after_end = in->as_of > last->due;
  }
  if (in->in_words) return undetermined(r, COURSE_REASON_QUALITATIVE);
  if (!last) return undetermined(r, COURSE_REASON_NO_TARGET);
  r.target = resolve(in, last);
  r.used = r.after_end ? newest(in, last->due) : r.latest;
  if (in->mode != COURSE_PATH && r.used && !r.after_end) r.target = resolve(in, holding(in, r.used->day));
  CourseReason reason = obstacle(in, &r);
  if (reason != COURSE_REASON_NONE) return undetermined(r, reason);
  if (incomplete_matters(in, &r)) return undetermined(r, COURSE_REASON_INCOMPLETE);
  measure_path(in, &r);
  bool low = at_or_past(in->direction, r.used->low, r.target), high = at_or_past(in->direction, r.used->high, r.target);
  if (r.after_end) {
    low = held(in, &r, r.used->low), high = held(in, &r, r.used->high);
    r.course = low && high ? COURSE_REACHED : !low && !high ? COURSE_NOT_REACHED : COURSE_UNCERTAIN;
    return r;
  }
  /* Without a baseline a target in absolute terms can be seen to be achieved, but not how far away it is. */
  if (in->mode == COURSE_PATH && !in->has_baseline && !(low && high)) return undetermined(r, COURSE_REASON_NO_BASELINE);
  r.course = over_interval(in, &r);
  /* A target on the way that is relative to a baseline of zero: nobody knows how much was needed by now. */
  bool needs_path = in->mode == COURSE_PATH && isnan(r.needed) && !r.maintain;
  if (needs_path && r.course != COURSE_ACHIEVED && r.course != COURSE_WORSENING) return undetermined(r, COURSE_REASON_BASELINE_ZERO);
  return r;
}
