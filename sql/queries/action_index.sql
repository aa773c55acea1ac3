-- SPDX-License-Identifier: EUPL-1.2
-- What the snapshot of all actions is built from: whole tables, read once from top to bottom.

-- name: action_index_lines
-- The action lines in their order.
SELECT code, title FROM action_line ORDER BY number, code;

-- name: action_index_goals
-- Goals and sub-goals in the pact's order, with the goal above and the line each is placed under.
SELECT code, label, parent, action_line FROM goal ORDER BY number, CASE WHEN parent IS NULL THEN 0 ELSE 1 END, letter, code;

-- name: action_index_regions
-- All regions of any time.
SELECT code, name, kind, valid_from, valid_to FROM region ORDER BY seq;

-- name: action_index_region_parts
-- Which region lies in which, and when.
SELECT region, part_of, valid_from, valid_to FROM region_membership ORDER BY seq;

-- name: action_index_region_changes
-- Changes by which a municipality became another; corrections of a boundary move no action.
SELECT changed_on, from_region, to_region FROM region_change
WHERE kind <> 'boundary' AND from_region <> to_region ORDER BY changed_on, seq;

-- name: action_index_education
-- Education sectors.
SELECT code, title FROM education_sector ORDER BY seq;

-- name: action_index_technical
-- Technical sectors.
SELECT code, title FROM technical_sector ORDER BY seq;

-- name: action_index_audience
-- Audiences.
SELECT code, title FROM audience ORDER BY seq;

-- name: action_index_organisations
-- Organisations with the name for tables.
SELECT code, COALESCE(short_name, name), name FROM organisation ORDER BY seq;

-- name: action_index_actions
-- Every action, in any order (the snapshot sorts): what it is filtered and sorted on, and which facts are there.
SELECT code, title, line, kind, form, level, owner, status, period_start, period_end, cost_cents, participants,
  CASE WHEN description IS NULL THEN 0 ELSE 1 END, CASE WHEN recurrence IS NULL THEN 0 ELSE 1 END,
  CASE WHEN quality IS NULL THEN 0 ELSE 1 END, CASE WHEN yield IS NULL THEN 0 ELSE 1 END,
  CASE WHEN evidence IS NULL THEN 0 ELSE 1 END, CASE WHEN confirmed_on IS NULL THEN 0 ELSE 1 END
FROM action;

-- name: action_index_goal_links
-- Goals per action.
SELECT action, goal FROM action_goal;

-- name: action_index_region_links
-- Reach per action.
SELECT action, region FROM action_region;

-- name: action_index_education_links
-- Education sectors per action.
SELECT action, education_sector FROM action_education_sector;

-- name: action_index_technical_links
-- Technical sectors per action.
SELECT action, technical_sector FROM action_technical_sector;

-- name: action_index_audience_links
-- Audiences per action.
SELECT action, audience FROM action_audience;

-- name: action_index_partner_links
-- Partners per action.
SELECT action, organisation FROM action_partner;

-- name: action_index_stems
-- The stems of every action that has been written down for searching.
SELECT action, stems FROM action_search;

-- name: action_index_unstemmed
-- Actions whose stems have not been written down.
SELECT a.code, a.title, a.description FROM action a
WHERE NOT EXISTS (SELECT 1 FROM action_search s WHERE s.action = a.code);

-- name: action_unstemmed_after
-- The next 500 actions, by code, whose stems have not been written down.
SELECT a.code, a.title, a.description FROM action a
WHERE a.code > $1 AND NOT EXISTS (SELECT 1 FROM action_search s WHERE s.action = a.code)
ORDER BY a.code LIMIT 500;

-- name: action_index_published
-- Numbers of actions the pact published, per line and in total.
SELECT action_line, value, source, as_of FROM published_total WHERE measure = 'actions' ORDER BY seq;

-- name: action_search_put
-- Writes down the stems of an action that has none yet.
INSERT INTO action_search (action, stems) VALUES ($1, $2);

-- name: action_search_drop
-- Forgets the stems of an action.
DELETE FROM action_search WHERE action = $1;
