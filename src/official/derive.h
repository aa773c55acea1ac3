/* SPDX-License-Identifier: EUPL-1.2 */
/* From the facts of official files to the figures of indicators, by rules that are data: which rows count above and which
 * below the line. A new year's column or a new programme's name is a change of the table, not of the program.
 *
 * A rule is "indicator I, part numerator: measure candidates, sex total, programme is 'VMBO B - techniek' or
 * 'VMBO K - techniek'". A fact counts for a part when all the part's conditions hold. Sums are kept per area (the text of
 * one field, as a municipality's name) and period, with the least and most that the suppressed numbers allow. */
#ifndef PW_OFFICIAL_DERIVE_H
#define PW_OFFICIAL_DERIVE_H

#include "base/arena.h"
#include "official/official.h"

typedef enum DerivePart { DERIVE_NUMERATOR, DERIVE_DENOMINATOR, DERIVE_PARTS } DerivePart;

typedef struct Derive Derive;

/* An empty set of rules on a dataset, for the facts of one file. `area_field` is the field whose text is the area. Lives in the
 * arena. ERR_NOT_FOUND: the dataset has no such field. */
Err derive_new(Derive **out, Arena *arena, const Dataset *dataset, Str area_field, ErrInfo *info) MUST_CHECK;
/* A field whose text is the area of the facts for which the earlier ones are empty; at most four altogether. ERR_NOT_FOUND as above. */
Err derive_area_else(Derive *derive, Str area_field, ErrInfo *info) MUST_CHECK;
/* Adds one condition to a part of an indicator, before the first fact. `field` is a field of the dataset, "measure", "sex"
 * ("none" for a column of men and women together that does not say so), "grade" or "period_kind" (as
 * official_period_kind_name); or "reference_day", which is no condition: its match is a day of the year ("01-01") at which a
 * year's number was counted, so that the period of the results is that date. `match` has alternatives between |, each a text
 * in which * stands for anything; compared without case, accents and spare spaces. Texts are borrowed. ERR_INPUT: an unknown
 * field, an empty match, a day that is none. */
Err derive_rule(Derive *derive, Str indicator, DerivePart part, Str field, Str match, ErrInfo *info) MUST_CHECK;
/* Every indicator must have a numerator; ERR_INPUT names one that has none. */
Err derive_check(const Derive *derive, ErrInfo *info) MUST_CHECK;
/* After reading: that every alternative of every rule was met by a fact that counts. For tables in which each code has
 * records, so that one that is lacking means that files are, or that the rule is wrong. ERR_INPUT names the first. */
Err derive_check_met(const Derive *derive, ErrInfo *info) MUST_CHECK;
/* An OfficialSink: pass derive_take and the Derive to official_read. ERR_MEMORY. */
Err derive_take(void *derive, const OfficialFact *fact);
/* The index-th indicator that the file can not make: it has no column for `field`, which its rules ask for, or (field is none)
 * not one row that counts above the line, and some below it or no such rules, as when a programme got another name. False when there are no more. */
bool derive_missing(const Derive *derive, size_t index, Str *indicator, Str *field);
/* False for an indicator of which nothing counts above the line: its shares would all be 0. */
bool derive_made(const Derive *derive, Str indicator);

/* A number that is only known to lie in an interval, and the middle of what its parts may be. */
typedef struct Bounded {
  double low, middle, high;
} Bounded;

/* Sums of one indicator, area and period. Sums of several areas add up member by member; a part of an area by its weight. */
typedef struct DeriveSums {
  Bounded numerator;    /* what counts above the line */
  Bounded rest;         /* what counts below it and not above */
  Bounded denominator;  /* what counts below it */
  size_t cells;         /* numbers in the sums, missing ones too */
  size_t suppressed;    /* of which "<5" */
  size_t missing;       /* of which are not there: the sums lack them */
  size_t provisional;   /* of which may still change */
} DeriveSums;

void derive_add(DeriveSums *sum, const DeriveSums *more);
/* The part `weight` (0..1) of the sums; the counts of cells stay. */
DeriveSums derive_scaled(const DeriveSums *sums, double weight);
/* The share with the interval its suppressed numbers allow. A number that counts above and below the line is the same number in both:
 * the least share has the least of it and the most of the rest. One that counts above alone, as women against all, is not in the
 * denominator. False when there is nothing below the line. */
bool derive_share(const DeriveSums *sums, Bounded *share);

typedef struct DeriveResult {
  Str indicator, area, period;  /* area as the file writes it (trimmed), "" when it has none; in the arena */
  size_t area_field;            /* which of the area fields it stands in, from 0 */
  DeriveSums sums;
} DeriveResult;

/* All results, by indicator, area and period in order of first appearance. */
size_t derive_count(const Derive *derive);
const DeriveResult *derive_at(const Derive *derive, size_t index);

#endif
