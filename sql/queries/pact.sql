-- SPDX-License-Identifier: EUPL-1.2
-- The names of the columns say how they become values: see src/store/vals.h.

-- name: pact_one
-- The pact.
SELECT p.code, p.title, p.subtitle, p.purpose, p.definition, p.language, p.period_start, p.period_end,
  r.code AS "region.code", r.name AS "region.label",
  s.code AS "source.code", s.title AS "source.label", p.source_section AS "source.section"
FROM pact p JOIN region r ON r.code = p.region JOIN source s ON s.code = p.source ORDER BY p.seq;

-- name: pact_loaded
-- Name and moment of the loaded package.
SELECT name, loaded_at FROM pact_package;

-- name: editions
-- Editions, oldest first.
SELECT e.code, e.title, e.short_title, e.adopted_on, e.supersedes, e.is_current AS "is_current:bool", e.note,
  s.code AS "source.code", s.title AS "source.label", e.source_section AS "source.section"
FROM edition e JOIN source s ON s.code = e.source ORDER BY e.adopted_on, e.seq;

-- name: action_lines
-- Action lines with the number of registered actions.
SELECT l.code, l.number AS "number:int", l.title, l.body, l.note,
  (SELECT count(*) FROM action a WHERE a.line = l.code) AS "actions:int",
  s.code AS "source.code", s.title AS "source.label", l.source_section AS "source.section"
FROM action_line l JOIN source s ON s.code = l.source ORDER BY l.number, l.seq;

-- name: goals_of_lines
-- Goals (not sub-goals) by line.
SELECT g.action_line AS ":key", g.code, g.label FROM goal g WHERE g.parent IS NULL ORDER BY g.seq;

-- name: published_totals
-- Totals the pact published, with the number registered now.
SELECT t.code, t.as_of, t.measure, l.code AS "line.code", l.title AS "line.label", t.value AS "value:int",
  CASE WHEN t.action_line IS NULL THEN (SELECT count(*) FROM action)
    ELSE (SELECT count(*) FROM action a WHERE a.line = t.action_line) END AS "registered:int", t.quote,
  s.code AS "source.code", s.title AS "source.label", t.source_section AS "source.section"
FROM published_total t LEFT JOIN action_line l ON l.code = t.action_line JOIN source s ON s.code = t.source ORDER BY t.seq;

-- name: pact_counts
-- How much of everything there is.
SELECT (SELECT count(*) FROM goal WHERE parent IS NULL) AS "goals:int",
  (SELECT count(*) FROM goal WHERE parent IS NOT NULL) AS "subgoals:int",
  (SELECT count(*) FROM goal_target) AS "targets:int",
  (SELECT count(*) FROM action) AS "actions:int",
  (SELECT count(*) FROM organisation) AS "organisations:int",
  (SELECT count(*) FROM region) AS "regions:int",
  (SELECT count(*) FROM region WHERE kind = 'municipality') AS "municipalities:int",
  (SELECT count(*) FROM source) AS "sources:int",
  (SELECT count(*) FROM framework) AS "frameworks:int",
  (SELECT count(*) FROM framework_item) AS "framework_items:int",
  (SELECT count(*) FROM framework_item WHERE status = 'open') AS "framework_items_open:int",
  (SELECT count(*) FROM programme_line) AS "programme_lines:int",
  (SELECT count(*) FROM focal_action) AS "focal_actions:int",
  (SELECT count(*) FROM assumption WHERE kind = 'assumption') AS "assumptions:int",
  (SELECT count(*) FROM assumption WHERE kind = 'inconsistency') AS "inconsistencies:int",
  (SELECT count(*) FROM assumption WHERE kind = 'gap') AS "gaps:int";

-- name: programme_lines
-- Programme lines and conditions.
SELECT p.code, p.number AS "number:int", p.kind, p.title, p.body,
  s.code AS "source.code", s.title AS "source.label", p.source_section AS "source.section"
FROM programme_line p JOIN source s ON s.code = p.source ORDER BY p.number, p.seq;

-- name: focal_actions
-- Focal actions, all.
SELECT f.programme_line, f.code, f.number AS "number:int", f.title, f.body,
  s.code AS "source.code", s.title AS "source.label", f.source_section AS "source.section"
FROM focal_action f JOIN source s ON s.code = f.source ORDER BY f.number, f.seq;

-- name: lines_of_focal_actions
-- Action lines by focal action.
SELECT f.focal_action AS ":key", l.code, l.title AS label, f.extent
FROM focal_action_line f JOIN action_line l ON l.code = f.action_line ORDER BY f.seq;

-- name: frameworks_of_focal_actions
-- Items of frameworks by focal action.
SELECT f.focal_action AS ":key", i.code, i.title AS label, i.number AS "number:int", i.status,
  w.code AS "framework.code", w.title AS "framework.label", f.basis, f.reasoning
FROM focal_action_framework f JOIN framework_item i ON i.code = f.framework_item JOIN framework w ON w.code = i.framework
ORDER BY f.seq;

-- name: actions_of_focal_actions
-- Registered actions by focal action. The join and not IS NOT NULL: it goes by the index, few actions are focal actions.
SELECT a.focal_action AS ":key", a.code, a.title AS label
FROM focal_action f CROSS JOIN action a ON a.focal_action = f.code ORDER BY a.seq;

-- name: choice_moments
-- Moments along the chain.
SELECT c.code, c.number AS "number:int", l.code AS "line.code", l.title AS "line.label", c.title, c.from_stage, c.to_stage,
  c.moment, c.direction, c.quote, s.code AS "source.code", s.title AS "source.label", c.source_section AS "source.section"
FROM choice_moment c JOIN action_line l ON l.code = c.action_line JOIN source s ON s.code = c.source ORDER BY c.number, c.seq;

-- name: goals_of_choice_moments
-- Goals by moment.
SELECT c.choice_moment AS ":key", g.code, g.label, c.basis, c.reasoning
FROM choice_moment_goal c JOIN goal g ON g.code = c.goal ORDER BY g.seq;

-- name: sources
-- Sources.
SELECT code, title, publisher, kind, published_on, edition, address,
  CASE WHEN address LIKE 'https://%' OR address LIKE 'http://%' THEN address END AS href, verified AS "verified:bool", note, retrieved_on, licence
FROM source ORDER BY seq;

-- name: source_count
-- How many sources have a code ($1): one or none.
SELECT count(*) FROM source WHERE code = $1;

-- name: assumptions
-- Recorded assumptions of a resource ($1) and row ($2); NULL is all.
SELECT a.code, a.kind, a.resource, a.row_key, a.field, a.statement,
  s.code AS "source.code", s.title AS "source.label", a.source_section AS "source.section"
FROM assumption a JOIN source s ON s.code = a.source
WHERE (CAST($1 AS TEXT) IS NULL OR a.resource = $1)
  AND (CAST($2 AS TEXT) IS NULL OR a.row_key = $2 OR substr(a.row_key, 1, length($2) + 1) = $2 || '|')
ORDER BY a.seq;

-- name: code_list_education_sector
-- Code list.
SELECT code, title AS label, note FROM education_sector ORDER BY seq;

-- name: code_list_technical_sector
-- Code list.
SELECT code, title AS label, note FROM technical_sector ORDER BY seq;

-- name: code_list_audience
-- Code list.
SELECT code, title AS label, note FROM audience ORDER BY seq;

-- name: code_list_action_line
-- Code list.
SELECT code, title AS label, note FROM action_line ORDER BY number, seq;

-- name: code_list_organisation_type
-- Code list.
SELECT code, title AS label, side AS note FROM organisation_type ORDER BY seq;

-- name: source_citations
-- How many rows of the pact cite each source.
SELECT source, count(*) FROM (
  SELECT source FROM region
  UNION ALL SELECT source FROM region_name
  UNION ALL SELECT source FROM region_membership
  UNION ALL SELECT source FROM region_change
  UNION ALL SELECT source FROM pact
  UNION ALL SELECT source FROM edition
  UNION ALL SELECT source FROM action_line
  UNION ALL SELECT source FROM goal
  UNION ALL SELECT source FROM goal_text
  UNION ALL SELECT source FROM goal_target
  UNION ALL SELECT source FROM choice_moment
  UNION ALL SELECT source FROM choice_moment_goal
  UNION ALL SELECT source FROM framework
  UNION ALL SELECT source FROM framework_item
  UNION ALL SELECT source FROM framework_link
  UNION ALL SELECT source FROM programme_line
  UNION ALL SELECT source FROM focal_action
  UNION ALL SELECT source FROM focal_action_line
  UNION ALL SELECT source FROM focal_action_framework
  UNION ALL SELECT source FROM education_sector
  UNION ALL SELECT source FROM technical_sector
  UNION ALL SELECT source FROM audience
  UNION ALL SELECT source FROM organisation_type
  UNION ALL SELECT source FROM organisation
  UNION ALL SELECT source FROM organisation_name
  UNION ALL SELECT source FROM organisation_successor
  UNION ALL SELECT source FROM organisation_role
  UNION ALL SELECT source FROM action
  UNION ALL SELECT source FROM action_goal
  UNION ALL SELECT source FROM action_region
  UNION ALL SELECT source FROM action_education_sector
  UNION ALL SELECT source FROM action_technical_sector
  UNION ALL SELECT source FROM action_audience
  UNION ALL SELECT source FROM action_partner
  UNION ALL SELECT source FROM action_framework
  UNION ALL SELECT source FROM published_total
  UNION ALL SELECT source FROM assumption
  UNION ALL SELECT source FROM indicator
  UNION ALL SELECT source FROM indicator_definition
  UNION ALL SELECT source FROM indicator_target
  UNION ALL SELECT source FROM indicator_region
  UNION ALL SELECT source FROM measurement
  UNION ALL SELECT source FROM derivation
  UNION ALL SELECT source FROM coherence_decision
  UNION ALL SELECT source FROM place_edition
  UNION ALL SELECT source FROM place
) AS cited GROUP BY source;

-- name: source_indicators
-- Indicators by source, with how many figures that hold now come from it and over which periods.
SELECT m.source AS ":key", i.code, i.title AS label, i.goal, count(*) AS "figures:int",
  (SELECT f.period FROM measurement f WHERE f.source = m.source AND f.indicator = i.code AND f.superseded_on IS NULL ORDER BY f.day, f.seq LIMIT 1) AS "first",
  (SELECT f.period FROM measurement f WHERE f.source = m.source AND f.indicator = i.code AND f.superseded_on IS NULL
    ORDER BY f.day DESC, f.seq LIMIT 1) AS "last",
  max(m.retrieved_on) AS retrieved_on
FROM measurement m JOIN indicator i ON i.code = m.indicator
WHERE m.superseded_on IS NULL
GROUP BY m.source, i.code, i.title, i.goal, i.seq ORDER BY i.seq;

-- name: source_tables
-- How many rows of each table cite each source.
SELECT source, cited, count(*) AS rows FROM (
  SELECT source, 'region' AS cited FROM region
  UNION ALL SELECT source, 'region_name' AS cited FROM region_name
  UNION ALL SELECT source, 'region_membership' AS cited FROM region_membership
  UNION ALL SELECT source, 'region_change' AS cited FROM region_change
  UNION ALL SELECT source, 'pact' AS cited FROM pact
  UNION ALL SELECT source, 'edition' AS cited FROM edition
  UNION ALL SELECT source, 'action_line' AS cited FROM action_line
  UNION ALL SELECT source, 'goal' AS cited FROM goal
  UNION ALL SELECT source, 'goal_text' AS cited FROM goal_text
  UNION ALL SELECT source, 'goal_target' AS cited FROM goal_target
  UNION ALL SELECT source, 'choice_moment' AS cited FROM choice_moment
  UNION ALL SELECT source, 'choice_moment_goal' AS cited FROM choice_moment_goal
  UNION ALL SELECT source, 'framework' AS cited FROM framework
  UNION ALL SELECT source, 'framework_item' AS cited FROM framework_item
  UNION ALL SELECT source, 'framework_link' AS cited FROM framework_link
  UNION ALL SELECT source, 'programme_line' AS cited FROM programme_line
  UNION ALL SELECT source, 'focal_action' AS cited FROM focal_action
  UNION ALL SELECT source, 'focal_action_line' AS cited FROM focal_action_line
  UNION ALL SELECT source, 'focal_action_framework' AS cited FROM focal_action_framework
  UNION ALL SELECT source, 'education_sector' AS cited FROM education_sector
  UNION ALL SELECT source, 'technical_sector' AS cited FROM technical_sector
  UNION ALL SELECT source, 'audience' AS cited FROM audience
  UNION ALL SELECT source, 'organisation_type' AS cited FROM organisation_type
  UNION ALL SELECT source, 'organisation' AS cited FROM organisation
  UNION ALL SELECT source, 'organisation_name' AS cited FROM organisation_name
  UNION ALL SELECT source, 'organisation_successor' AS cited FROM organisation_successor
  UNION ALL SELECT source, 'organisation_role' AS cited FROM organisation_role
  UNION ALL SELECT source, 'action' AS cited FROM action
  UNION ALL SELECT source, 'action_goal' AS cited FROM action_goal
  UNION ALL SELECT source, 'action_region' AS cited FROM action_region
  UNION ALL SELECT source, 'action_education_sector' AS cited FROM action_education_sector
  UNION ALL SELECT source, 'action_technical_sector' AS cited FROM action_technical_sector
  UNION ALL SELECT source, 'action_audience' AS cited FROM action_audience
  UNION ALL SELECT source, 'action_partner' AS cited FROM action_partner
  UNION ALL SELECT source, 'action_framework' AS cited FROM action_framework
  UNION ALL SELECT source, 'published_total' AS cited FROM published_total
  UNION ALL SELECT source, 'assumption' AS cited FROM assumption
  UNION ALL SELECT source, 'indicator' AS cited FROM indicator
  UNION ALL SELECT source, 'indicator_definition' AS cited FROM indicator_definition
  UNION ALL SELECT source, 'indicator_target' AS cited FROM indicator_target
  UNION ALL SELECT source, 'indicator_region' AS cited FROM indicator_region
  UNION ALL SELECT source, 'measurement' AS cited FROM measurement
  UNION ALL SELECT source, 'derivation' AS cited FROM derivation
  UNION ALL SELECT source, 'coherence_decision' AS cited FROM coherence_decision
  UNION ALL SELECT source, 'place_edition' AS cited FROM place_edition
  UNION ALL SELECT source, 'place' AS cited FROM place
) AS cited GROUP BY source, cited ORDER BY source, rows DESC, cited;
