-- SPDX-License-Identifier: EUPL-1.2
-- instr() is SQLite's; PostgreSQL needs second queries with split_part().
-- Each gives: resource, key of the row, title, field, what was found, owner's code, owner's name, statement (src/pact/checks.def).

-- name: check_action_facts
-- Every action with its owner, and for each fact of checks.def in that order whether it is there.
SELECT a.code, a.title, o.code, coalesce(o.short_name, o.name),
  a.description IS NOT NULL AS description, a.line IS NOT NULL AS line,
  EXISTS (SELECT 1 FROM action_goal x WHERE x.action = a.code) AS goals,
  EXISTS (SELECT 1 FROM action_region x WHERE x.action = a.code) AS regions,
  a.kind IS NOT NULL AS kind, a.form IS NOT NULL AS form, a.level IS NOT NULL AS level,
  EXISTS (SELECT 1 FROM action_education_sector x WHERE x.action = a.code) AS education,
  EXISTS (SELECT 1 FROM action_technical_sector x WHERE x.action = a.code) AS technical,
  EXISTS (SELECT 1 FROM action_audience x WHERE x.action = a.code) AS audience,
  a.owner IS NOT NULL AS owner, (a.period_start IS NOT NULL OR a.period_end IS NOT NULL) AS period,
  a.recurrence IS NOT NULL AS recurrence, a.status IS NOT NULL AS status, a.cost_cents IS NOT NULL AS cost,
  a.participants IS NOT NULL AS participants, a.quality IS NOT NULL AS quality, a.yield IS NOT NULL AS yield,
  a.evidence IS NOT NULL AS evidence, a.confirmed_on IS NOT NULL AS confirmed
FROM action a LEFT JOIN organisation o ON o.code = a.owner ORDER BY a.seq;

-- name: check_gaps
-- Recorded gaps.
SELECT s.resource, coalesce(s.row_key, ''), NULL, s.field, NULL, o.code, coalesce(o.short_name, o.name), s.statement
FROM assumption s LEFT JOIN action a ON s.resource LIKE 'action%' AND a.code = substr(s.row_key, 1, instr(s.row_key || '|', '|') - 1)
LEFT JOIN organisation o ON o.code = a.owner WHERE s.kind = 'gap' ORDER BY s.seq;

-- name: check_inconsistencies
-- Recorded inconsistencies.
SELECT s.resource, coalesce(s.row_key, ''), NULL, s.field, NULL, o.code, coalesce(o.short_name, o.name), s.statement
FROM assumption s LEFT JOIN action a ON s.resource LIKE 'action%' AND a.code = substr(s.row_key, 1, instr(s.row_key || '|', '|') - 1)
LEFT JOIN organisation o ON o.code = a.owner WHERE s.kind = 'inconsistency' ORDER BY s.seq;

-- name: check_assumptions
-- Recorded assumptions.
SELECT s.resource, coalesce(s.row_key, ''), NULL, s.field, NULL, o.code, coalesce(o.short_name, o.name), s.statement
FROM assumption s LEFT JOIN action a ON s.resource LIKE 'action%' AND a.code = substr(s.row_key, 1, instr(s.row_key || '|', '|') - 1)
LEFT JOIN organisation o ON o.code = a.owner WHERE s.kind = 'assumption' ORDER BY s.seq;

-- name: check_open_slots
-- Items of frameworks without a known title.
SELECT 'framework_item', i.code, w.title, 'title', NULL, NULL, NULL, NULL
FROM framework_item i JOIN framework w ON w.code = i.framework WHERE i.status = 'open' ORDER BY i.seq;

-- name: check_period_order
-- An end before its start.
SELECT 'action', a.code, a.title, 'period_end', a.period_start || ' / ' || a.period_end, o.code, coalesce(o.short_name, o.name), NULL
FROM action a LEFT JOIN organisation o ON o.code = a.owner WHERE a.period_end < a.period_start
UNION ALL
SELECT 'organisation', code, name, 'valid_to', valid_from || ' / ' || valid_to, NULL, NULL, NULL FROM organisation WHERE valid_to < valid_from
UNION ALL
SELECT 'region', code, name, 'valid_to', valid_from || ' / ' || valid_to, NULL, NULL, NULL FROM region WHERE valid_to < valid_from
UNION ALL
SELECT 'region_membership', region || '|' || part_of, NULL, 'valid_to', valid_from || ' / ' || valid_to, NULL, NULL, NULL
FROM region_membership WHERE valid_to < valid_from
UNION ALL
SELECT 'pact', code, title, 'period_end', period_start || ' / ' || period_end, NULL, NULL, NULL FROM pact WHERE period_end < period_start;

-- name: check_goal_line
-- A goal of another line than its action.
SELECT 'action_goal', a.code || '|' || g.code, a.title, 'goal', a.line || ' / ' || g.action_line, o.code,
  coalesce(o.short_name, o.name), NULL
FROM action_goal x JOIN action a ON a.code = x.action JOIN goal g ON g.code = x.goal
LEFT JOIN organisation o ON o.code = a.owner WHERE a.line IS NOT NULL AND a.line <> g.action_line ORDER BY x.seq;

-- name: check_region_period
-- A reach that did not exist at any moment of the action's period (without one: of the pact's).
SELECT 'action_region', a.code || '|' || r.code, a.title, 'region',
  r.name || ' (' || coalesce(r.valid_from, '...') || ' / ' || coalesce(r.valid_to, '...') || ')', o.code,
  coalesce(o.short_name, o.name), NULL
FROM action_region x JOIN action a ON a.code = x.action JOIN region r ON r.code = x.region
LEFT JOIN organisation o ON o.code = a.owner
WHERE r.valid_to < coalesce(a.period_start, (SELECT min(period_start) FROM pact))
   OR r.valid_from > coalesce(a.period_end, (SELECT max(period_end) FROM pact)) ORDER BY x.seq;

-- name: check_owner_period
-- An owner that did not exist at any moment of the action's period.
SELECT 'action', a.code, a.title, 'owner',
  o.name || ' (' || coalesce(o.valid_from, '...') || ' / ' || coalesce(o.valid_to, '...') || ')', o.code,
  coalesce(o.short_name, o.name), NULL
FROM action a JOIN organisation o ON o.code = a.owner
WHERE o.valid_to < a.period_start OR o.valid_from > a.period_end ORDER BY a.seq;

-- name: check_kind_form
-- A form of the other kind.
SELECT 'action', a.code, a.title, 'form', a.kind || ' / ' || a.form, o.code, coalesce(o.short_name, o.name), NULL
FROM action a LEFT JOIN organisation o ON o.code = a.owner
WHERE (a.kind = 'activity' AND a.form NOT IN ('once', 'structural')) OR (a.kind = 'structure' AND a.form IN ('once', 'structural'))
ORDER BY a.seq;

-- name: check_once_recurs
-- Held once, yet recurring.
SELECT 'action', a.code, a.title, 'recurrence', a.recurrence, o.code, coalesce(o.short_name, o.name), NULL
FROM action a LEFT JOIN organisation o ON o.code = a.owner WHERE a.form = 'once' AND a.recurrence IS NOT NULL ORDER BY a.seq;

-- name: check_editions_targets
-- Targets that another edition with the same goal does not have.
SELECT 'goal_target', t.goal || '|' || t.edition || '|' || t.number, g.label, 'value', t.quote, NULL, NULL, NULL
FROM goal_target t JOIN goal g ON g.code = t.goal
WHERE EXISTS (SELECT 1 FROM goal_text x WHERE x.goal = t.goal AND x.edition <> t.edition)
  AND NOT EXISTS (SELECT 1 FROM goal_target u WHERE u.goal = t.goal AND u.edition <> t.edition AND u.kind = t.kind
    AND u.comparator = t.comparator AND u.value = t.value AND u.unit = t.unit
    AND coalesce(u.population, '') = coalesce(t.population, '') AND coalesce(u.target_year, 0) = coalesce(t.target_year, 0))
ORDER BY t.seq;

-- name: check_published_totals
-- Published totals that are not the number registered.
SELECT 'published_total', t.code, coalesce(l.title, ''), 'value', t.value || ' / ' || t.registered, NULL, NULL, NULL
FROM (SELECT p.*, (SELECT count(*) FROM action a WHERE p.action_line IS NULL OR a.line = p.action_line) AS registered
      FROM published_total p WHERE p.measure = 'actions') t
LEFT JOIN action_line l ON l.code = t.action_line WHERE t.value <> t.registered ORDER BY t.seq;

-- name: check_change_weights
-- Municipalities that ended on a day and whose known parts are not the whole.
SELECT 'region_change', c.changed_on || '|' || c.from_region, r.name, 'weight', CAST(sum(c.weight) AS TEXT), NULL, NULL, NULL
FROM region_change c JOIN region r ON r.code = c.from_region
WHERE r.valid_to IS NOT NULL AND r.valid_to < c.changed_on
GROUP BY c.changed_on, c.from_region, r.name
HAVING count(c.weight) = count(*) AND abs(sum(c.weight) - 1) > 0.001 ORDER BY c.changed_on, c.from_region;

-- name: check_unverified_sources
-- Sources nobody checked.
SELECT 'source', code, title, 'verified', NULL, NULL, NULL, note FROM source WHERE verified = 0 ORDER BY seq;

-- name: check_unverified_rows
-- Regions, changes and successions nobody checked against a register.
SELECT 'region', code, name, 'verified', NULL, NULL, NULL, note FROM region WHERE verified = 0
UNION ALL
SELECT 'region_change', changed_on || '|' || from_region || '|' || to_region, NULL, 'verified', NULL, NULL, NULL, note
FROM region_change WHERE verified = 0
UNION ALL
SELECT 'region_membership', region || '|' || part_of, NULL, 'verified', NULL, NULL, NULL, note
FROM region_membership WHERE verified = 0
UNION ALL
SELECT 'organisation_successor', organisation || '|' || successor, NULL, 'verified', NULL, NULL, NULL, note
FROM organisation_successor WHERE verified = 0;
