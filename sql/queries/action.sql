-- SPDX-License-Identifier: EUPL-1.2
-- Actions as they are shown: the rows of a page and one action in full. What they are filtered on comes from the snapshot.

-- name: action_texts
-- The texts of up to 25 actions; unused parameters are NULL.
SELECT code, title, description, period_start, period_end, recurrence, cost_cents, participants, quality, yield, evidence,
  confirmed_on, source_section, focal_action, source
FROM action WHERE code IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
  $23, $24, $25);

-- name: action_source
-- The source that names an action.
SELECT s.code, s.title FROM action a JOIN source s ON s.code = a.source WHERE a.code = $1;

-- name: action_goal_details
-- What is known of an action's contribution to each of its goals.
SELECT l.goal, g.label, l.direction, l.strength, l.reasoning, l.evidence, l.confidence
FROM action_goal l JOIN goal g ON g.code = l.goal WHERE l.action = $1 ORDER BY g.seq;

-- name: action_partner_details
-- The partners of an action and what they do.
SELECT o.code, COALESCE(o.short_name, o.name), p.role
FROM action_partner p JOIN organisation o ON o.code = p.organisation WHERE p.action = $1 ORDER BY p.seq;

-- name: action_assumptions
-- What was assumed, is inconsistent or not known about an action and its links.
SELECT code, kind, resource, field, statement, source FROM assumption
WHERE resource LIKE 'action%' AND (row_key = $1 OR row_key LIKE $2) ORDER BY seq;

-- name: action_assumed_lines
-- Actions whose action line is an assumption.
SELECT row_key FROM assumption WHERE kind = 'assumption' AND resource = 'action' AND field = 'line' AND row_key IS NOT NULL;
