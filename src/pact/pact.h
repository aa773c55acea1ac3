/* SPDX-License-Identifier: EUPL-1.2 */
/* The pact as values for pages, the API and the command line.
 *
 * In every value of src/pact and src/places: a reference to another thing is a map {code, label} or null; a fact that is
 * not known is null; dates are ISO texts; enumerations are their code as in the tables (docs/data-package.md) and are
 * worded by the page; `source` is {code, label (title of the source), section}. Lists are in the order of the package.
 * All functions need no open transaction but see one unchanging state only inside one. Values live in the arena; ERR_
 * codes are those of store.h besides what is named. */
#ifndef PW_PACT_PACT_H
#define PW_PACT_PACT_H

#include "base/val.h"
#include "store/store.h"

/* The pact and what there is of it:
 *   code, title, subtitle, purpose, definition, language, period_start, period_end, region {code, label}, source,
 *   editions [{code, title, short_title, adopted_on, supersedes (code), is_current, note, source}] oldest first,
 *   lines [{code, number, title, body, note, source, goals [{code, label}] (without sub-goals), actions (registered)}],
 *   published [{code, as_of, measure, line {code, label} or null, value, registered, quote, source}]: totals the pact
 *     published itself, with the number of actions registered now beside them,
 *   counts {goals, subgoals, targets, actions, organisations, regions, municipalities, sources, frameworks,
 *     framework_items, framework_items_open, programme_lines, focal_actions, assumptions, inconsistencies, gaps},
 *   package {name, loaded_at}.
 * ERR_NOT_FOUND when no pact was loaded. */
Err pact_overview(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;
/* The same without editions, lines, published and counts: what stands on every page, at a cost that does not grow with the
 * number of actions. */
Err pact_title(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* List of programme lines and conditions: [{code, number, kind (programme_line | condition), title, body, paragraphs
 * [text], source, focal_actions [{code, number, title, body, paragraphs [text], source, lines [{code, label, extent}],
 * frameworks [{code (of the item), label (title or null), number, status, framework {code, label}, basis, reasoning}],
 * actions [{code, label}]}]}]. */
Err pact_programme_lines(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* List of moments along the chain: [{code, number, line {code, label}, title, from_stage, to_stage, moment, direction
 * (blue | red), quote, source, goals [{code, label, basis (stated | read), reasoning}]}]. */
Err pact_choice_moments(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* ERR_NOT_FOUND when there is no source of that code. */
Err pact_source_check(Store *store, Str code, ErrInfo *info) MUST_CHECK;

/* List of sources: [{code, title, publisher, kind, published_on, edition, address, href (address when it is a web
 * address, else null), verified, note, retrieved_on, licence, rows (how many rows of the pact cite it)}]. */
Err pact_sources(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;
/* The same without rows, at a cost that does not grow with the pact: counting goes over every row of it. */
Err pact_source_list(Store *store, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Gives each of such sources tables [{table, rows}]: the tables whose rows cite it, most rows first; and their sum, rows. */
Err pact_source_tables(Store *store, Arena *arena, Val *sources, ErrInfo *info) MUST_CHECK;

/* Gives each of such sources indicators [{code, label, goal (code or null), figures (how many that were not superseded), first and
 * last (their periods)}]: those that have figures from it, and retrieved_on the newest day on which a figure was taken from it
 * when the source itself says none. */
Err pact_source_indicators(Store *store, Arena *arena, Val *sources, ErrInfo *info) MUST_CHECK;

/* Recorded assumptions, inconsistencies and gaps about a resource (STR_NONE: all) and a row of it (its primary key,
 * parts joined by "|"; also rows whose key begins with "KEY|"; STR_NONE: all rows):
 * [{code, kind (assumption | inconsistency | gap), resource, row_key, field, statement, source}]. */
Err pact_assumptions(Store *store, Str resource, Str row_key, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

/* Code lists for choices in forms and filters: "education_sector", "technical_sector", "audience", "action_line",
 * "organisation_type": [{code, label, note}]. ERR_NOT_FOUND for another name. */
Err pact_code_list(Store *store, Str name, Arena *arena, Val **out, ErrInfo *info) MUST_CHECK;

#endif
