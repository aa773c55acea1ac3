/* SPDX-License-Identifier: EUPL-1.2 */
/* Indicators with what was measured and how they stand. Conventions of the values: pact/pact.h; the rules: course.h. */
#ifndef PW_PACT_INDICATOR_H
#define PW_PACT_INDICATOR_H

#include "pact/course.h"
#include "base/val.h"
#include "store/store.h"

typedef struct IndicatorQuery {
  Str goal;    /* indicators of this goal and its sub-goals; ptr NULL: all */
  Str code;    /* this indicator alone; ptr NULL: all */
  Str region;  /* this region alone; ptr NULL: all the indicator is to be measured for */
  Day as_of;   /* the day judged as of: only what was known then counts */
  Day known_on;   /* in hindsight: the later day whose knowledge counts (course.h); otherwise not after as_of */
  bool standing;  /* only how they stand: values is empty and trend null, which costs a third */
} IndicatorQuery;

/* {as_of, known_on (the day whose knowledge counts), indicators [indicator]}. An indicator: code, title, definition, kind, unit, better, numerator, denominator,
 * aggregation, goal {code, label} or null, proxy_for (code), supplier, publication, expected_month, period_kind, needed,
 *   choice_moment {code, label} or null, has_targets,
 *   tolerance, margin, definitions [{version, valid_from, body}],
 *   regions [{region {code, label}, kind,
 *     values [{period, period_kind, day, state, value, low, high (null when exact), numerator, denominator, complete,
 *       quality, leading, definition, current (counts as of the day: course_value_counts), superseded (by the day), known_from, superseded_on,
 *       method, limits, reason, statement (in words, of a qualitative indicator), source {code, label, section}, source_kind, publisher, edition, address, retrieved_on, leading_reason,
 *       supplied_by, entered_by, approved_by, approved_on (null: nobody approved it), approved (by the day)}]
 *       by day,
 *     courses [{edition {code, label}, is_current, mode (path | limit | quota), comparator, target (in the unit, null when
 *       it cannot be resolved), target_raw, basis (absolute | multiple | change), due, baseline, baseline_period, baseline_day,
 *       course, label (Dutch), reason, reason_text (Dutch), late, after_end, maintain, required, progress, needed,
 *       used and latest {period, day, value, low, high (null when exact)} or null,
 *       path [{day, value}] the corners of r(t) from the baseline (empty when there is none, for a limit and for a quota)}]
 *       oldest edition first,
 *     trend null or {points, slope, slope_low, slope_high, tries, hits, chance (null without target), at_due (null when the
 *       target's day has passed), line [{day, value, low, high}]: the line and its band, on to that day}}].
 *
 * Of several targets of an edition that are read alike, the path to a later one leads through the earlier ones.
 *
 * The baseline of a region is its leading figure of the baseline year of the target (else of the year the pact begins):
 * of that calendar year, or of the school year that begins in it. A yearly quota and another absolute number of persons
 * holds for the North as a whole, so only for the region of kind landsdeel. */
Err indicator_list(Store *store, const IndicatorQuery *query, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* How goals stand by their indicators: {as_of, known_on, goals [{goal {code, label}, course, label, determined, total,
 * decided_by {code, label} (the indicator whose course it is; null when none can be determined), proxies [{indicator {code, label},
 * course, label, value, low, high, period (of the figure judged), target, comparator, unit}]}]}: for the goals and sub-goals, the
 * current edition, the region of kind landsdeel. A goal has the worst course among its indicators and those of its sub-goals that can be
 * determined; nothing is averaged, and how many could not be determined is said beside it. Indicators that stand in for
 * another one do not count; those that can be judged are the proxies. */
Err indicator_goal_courses(Store *store, Day as_of, Day known_on, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;
/* The same of all indicators when they were read before: `all` is what indicator_list gave. */
Err indicator_goal_courses_of(Store *store, const Val *all, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Gives each goal of the list and its sub-goals `standing`: its entry of `courses` (as indicator_goal_courses has them), with as_of and known_on. */
void indicator_mark_goals(const Val *courses, Val *goals, Arena *arena);

#endif
