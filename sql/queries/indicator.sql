-- SPDX-License-Identifier: EUPL-1.2

-- name: indicator_all
-- Indicators of a goal and its sub-goals ($1 code) or all of them ($1 NULL), one alone ($2 code).
SELECT i.code, i.title, i.definition, i.kind, i.unit, i.better, i.numerator, i.denominator, i.aggregation, i.goal,
  g.label AS goal_label, i.proxy_for, i.max_age_days, i.tolerance, i.supplier, i.publication, i.expected_month, i.needed,
  i.period_kind, c.code AS choice_moment, c.title AS choice_moment_title
FROM indicator i LEFT JOIN goal g ON g.code = i.goal LEFT JOIN choice_moment c ON c.code = i.choice_moment
WHERE (CAST($1 AS TEXT) IS NULL OR i.goal = $1 OR g.parent = $1) AND (CAST($2 AS TEXT) IS NULL OR i.code = $2)
ORDER BY i.seq;

-- name: indicator_targets
-- The targets an indicator ($1) is judged by, oldest edition first.
SELECT t.edition, e.short_title, e.is_current, g.kind, g.comparator, g.value, g.baseline_value, g.baseline_year, g.target_year
FROM indicator_target t
JOIN goal_target g ON g.goal = t.goal AND g.edition = t.edition AND g.number = t.number
JOIN edition e ON e.code = t.edition
WHERE t.indicator = $1
ORDER BY e.adopted_on, t.number;

-- name: indicator_definitions
-- The versions of an indicator's ($1) definition.
SELECT version, valid_from, body FROM indicator_definition WHERE indicator = $1 ORDER BY version;

-- name: indicator_regions
-- The regions an indicator ($1) is to be measured for, or this one only ($2 code).
SELECT r.code, r.name, r.kind
FROM indicator_region i JOIN region r ON r.code = i.region
WHERE i.indicator = $1 AND (CAST($2 AS TEXT) IS NULL OR i.region = $2)
ORDER BY i.seq;

-- name: measurement_series
-- Everything ever entered for an indicator ($1) and region ($2), by day and then by when it became known.
SELECT m.period_kind, m.period, m.day, m.state, m.value, m.numerator, m.denominator, m.low, m.high, m.complete, m.quality,
  m.leading, m.definition, m.method, m.limits, m.reason, m.known_from, m.superseded_on, m.source, s.title AS source_title,
  CASE WHEN s.address LIKE 'http://%' OR s.address LIKE 'https://%' THEN s.address END AS address, m.source_section,
  m.retrieved_on, m.leading_reason, m.supplied_by, m.entered_by, m.approved_by, m.approved_on, s.edition, s.publisher,
  s.kind AS source_kind, m.statement
FROM measurement m JOIN source s ON s.code = m.source
WHERE m.indicator = $1 AND m.region = $2
ORDER BY m.day, m.known_from, m.revision, m.seq;

-- name: pact_period
-- First and last day of the pact.
SELECT period_start, period_end FROM pact;

-- name: goal_codes
-- Goals and sub-goals in order.
SELECT code, label FROM goal ORDER BY seq;

-- name: indicator_titles
-- Every indicator by code, title and goal.
SELECT i.code, i.title, i.goal AS "goal.code", g.label AS "goal.label" FROM indicator i LEFT JOIN goal g ON g.code = i.goal ORDER BY i.seq;
