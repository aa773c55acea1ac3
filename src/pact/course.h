/* SPDX-License-Identifier: EUPL-1.2 */
/* The course of an indicator: is it where it should be, given its baseline, its dated targets and what was measured?
 *
 * With baseline b at t0 and the required path r(t), linear from the baseline through the dated targets, a value v of day
 * t has progress p = (v - b)/(T - b) and should have q = (r(t) - b)/(T - b), T the last target; neither is clamped.
 * Achieved: at or past T. Worsening: p < 0. On course: p >= q - margin. Behind: the rest. Uncertain: the ends of the
 * value's interval do not agree. As of a day after the last target date only "reached" and "not reached" remain, judged
 * on the value that belongs to that date, a target to be maintained within its tolerance. Only what was known on the day
 * counts; in hindsight also what became known of the time until then afterwards. */
#ifndef PW_PACT_COURSE_H
#define PW_PACT_COURSE_H

#include "base/day.h"

typedef enum Course {
#define COURSE(NAME, code, label) COURSE_##NAME,
#include "pact/courses.def"
#undef COURSE
  COURSE_COUNT
} Course;

typedef enum CourseReason {
#define REASON(NAME, code, sentence) COURSE_REASON_##NAME,
#include "pact/course_reasons.def"
#undef REASON
  COURSE_REASON_COUNT
} CourseReason;

const char *course_code(Course course);
const char *course_label(Course course);               /* Dutch, a translation key */
const char *course_reason_code(CourseReason reason);
const char *course_reason_sentence(CourseReason reason);

/* How the target is to be read. */
typedef enum CourseMode {
  COURSE_PATH,   /* to be reached on its date, along a path from the baseline */
  COURSE_LIMIT,  /* holds at every measurement ("not above 10%"): no path, no baseline needed */
  COURSE_QUOTA   /* a total to be made anew each year ("400 a year"): the path is from 0 to the quota */
} CourseMode;

typedef enum CourseDirection { COURSE_AT_LEAST, COURSE_AT_MOST } CourseDirection;

typedef enum TargetBasis {
  TARGET_ABSOLUTE,  /* in the indicator's unit */
  TARGET_MULTIPLE,  /* times the baseline: 2 is doubling */
  TARGET_CHANGE     /* part of the baseline on top of it: -0.5 is half less, 0.1 is 10% more */
} TargetBasis;

typedef struct CourseTarget {
  Day due;
  double value;
  TargetBasis basis;
} CourseTarget;

/* The five states of a figure; only the first two carry a number. */
typedef enum FigureState { FIGURE_VALUE, FIGURE_SUPPRESSED, FIGURE_NOT_APPLICABLE, FIGURE_MISSING, FIGURE_NOT_YET_DUE } FigureState;

typedef struct CourseValue {
  Day day;             /* the value's reference date, or the last day of its period */
  Day known_from;      /* first day on which it was known; DAY_NONE: always */
  Day superseded_on;   /* first day on which another value stood in its place; DAY_NONE: never */
  FigureState state;
  double value;
  double low, high;    /* interval it is known to lie in; both equal to value when it is exact */
  int definition;      /* version of the indicator's definition it was measured by */
  bool complete;       /* false: a sum over regions or months of which some are missing */
} CourseValue;

typedef struct CourseInput {
  CourseMode mode;
  bool in_words;                /* found in words: no rule judges it */
  CourseDirection direction;
  bool has_baseline;
  double baseline;
  Day baseline_day;
  int baseline_definition;
  const CourseTarget *targets;  /* in order of due day */
  size_t target_count;
  const CourseValue *values;    /* any order */
  size_t value_count;
  double tolerance;             /* in the indicator's unit: how far below "maintain" is still that */
  double margin;                /* part of the path one may be late: 0.05 */
  int max_age_days;             /* a value older than this, counted back from the day judged, says nothing; 0: no limit */
  Day as_of;
  Day known_on;                 /* in hindsight: the later day whose knowledge counts; not after as_of: that of as_of does */
} CourseInput;

typedef struct CourseResult {
  Course course;
  CourseReason reason;     /* why undetermined, else COURSE_REASON_NONE */
  bool late;               /* below the required path less the margin; stays true beside worsening */
  bool after_end;          /* judged as of a day after the last target date */
  bool maintain;           /* the target is the baseline, or was passed at the start: no path to walk */
  const CourseValue *used; /* the value judged; NULL when there was none */
  const CourseValue *latest; /* after the end: the newest value known, "what happened since"; else as `used` */
  double target;           /* T in the indicator's unit, of a limit or quota the one that held on the value's day; NAN when it
                            * cannot be resolved */
  Day target_due;
  double required;         /* r(t) on the value's day; NAN when there is no path */
  double progress, needed; /* p and q, unclamped; NAN where they have no meaning */
} CourseResult;

/* Whether a value held on a day: known by then, and not superseded by then. Says nothing of the value's own day. */
bool course_value_known(const CourseValue *value, Day as_of);
/* The day whose knowledge counts: in hindsight a later one than that judged as of. */
Day course_known_on(Day as_of, Day known_on);
/* Whether it counts as of a day by what is known on another: known there, and either of the time until as_of or known by then
 * (what is foretold of a later time). known_on not after as_of: by what was known on as_of. */
bool course_value_counts(const CourseValue *value, Day as_of, Day known_on);
/* Whether it carries a number: a value, or a suppressed one that is known to lie in an interval. One without it is never judged. */
bool course_value_has_number(const CourseValue *value);

/* Judges. Pure: the same input gives the same result. */
CourseResult course_judge(const CourseInput *input);

/* The required path on a day, for charts: the baseline before its day, linear to and between the targets, the last
 * target after it. A limit and a quota have no path: the first target that is due on the day or later. NAN without baseline
 * (PATH) or target. */
double course_required(const CourseInput *input, Day day);

#endif
