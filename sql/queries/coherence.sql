-- SPDX-License-Identifier: EUPL-1.2

-- name: coherence_decisions
-- Decisions about two actions, newest first; of one pair ($1 and $2 in either order) or of all (NULL), without superseded
-- ones or ($3 = 1) with them. The action whose code comes first is the first.
SELECT d.code, d.decision, d.decided_by, d.decided_on, d.reason, d.content, d.known_from, d.superseded_on,
  a.code AS "action.code", a.title AS "action.label", b.code AS "other.code", b.title AS "other.label",
  CASE WHEN a.confirmed_on > d.decided_on OR b.confirmed_on > d.decided_on
    THEN CASE WHEN a.confirmed_on IS NULL OR b.confirmed_on > a.confirmed_on THEN b.confirmed_on ELSE a.confirmed_on END END AS confirmed_since,
  s.code AS "source.code", s.title AS "source.label", d.source_section AS "source.section"
FROM coherence_decision d
JOIN action a ON a.code = CASE WHEN d.action < d.other THEN d.action ELSE d.other END
JOIN action b ON b.code = CASE WHEN d.action < d.other THEN d.other ELSE d.action END
JOIN source s ON s.code = d.source
WHERE (CAST($1 AS TEXT) IS NULL OR (d.action = $1 AND d.other = $2) OR (d.action = $2 AND d.other = $1))
  AND ($3 = 1 OR d.superseded_on IS NULL)
ORDER BY CASE WHEN d.superseded_on IS NULL THEN 0 ELSE 1 END, d.decided_on DESC, d.seq DESC;

-- name: coherence_decision_add
-- A new decision; the last value is its number.
INSERT INTO coherence_decision (code, action, other, decision, decided_by, decided_on, reason, content, known_from, source,
  source_section, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: coherence_decision_supersede
-- Marks what was decided about a pair before.
UPDATE coherence_decision SET superseded_on = $3
WHERE superseded_on IS NULL AND ((action = $1 AND other = $2) OR (action = $2 AND other = $1));

-- name: coherence_decision_next
-- The number of the next decision.
SELECT COALESCE(MAX(seq), 0) + 1 FROM coherence_decision;

-- name: coherence_decision_code
-- Whether there is a decision of that name.
SELECT count(*) FROM coherence_decision WHERE code = $1;

-- name: coherence_source
-- The source of that code; NULL asks for that of the keepers of the package.
SELECT code FROM source WHERE CASE WHEN CAST($1 AS TEXT) IS NULL THEN kind = 'editors' ELSE code = $1 END ORDER BY seq LIMIT 1;

-- name: coherence_action_content
-- What an action says, fact by fact, always in the same order; for a checksum.
SELECT 1 AS place, title AS fact FROM action WHERE code = $1
UNION ALL SELECT 2, description FROM action WHERE code = $1
UNION ALL SELECT 3, line FROM action WHERE code = $1
UNION ALL SELECT 4, kind FROM action WHERE code = $1
UNION ALL SELECT 5, form FROM action WHERE code = $1
UNION ALL SELECT 6, level FROM action WHERE code = $1
UNION ALL SELECT 7, period_start FROM action WHERE code = $1
UNION ALL SELECT 8, period_end FROM action WHERE code = $1
UNION ALL SELECT 9, recurrence FROM action WHERE code = $1
UNION ALL SELECT 10, owner FROM action WHERE code = $1
UNION ALL SELECT 11, status FROM action WHERE code = $1
UNION ALL SELECT 12, goal FROM action_goal WHERE action = $1
UNION ALL SELECT 13, region FROM action_region WHERE action = $1
UNION ALL SELECT 14, education_sector FROM action_education_sector WHERE action = $1
UNION ALL SELECT 15, technical_sector FROM action_technical_sector WHERE action = $1
UNION ALL SELECT 16, audience FROM action_audience WHERE action = $1
UNION ALL SELECT 17, organisation FROM action_partner WHERE action = $1
ORDER BY 1, 2;

-- name: coherence_unconfirmed
-- Actions nobody ever confirmed: as old as their source. A page of them ($1 rows after $2).
SELECT a.code, a.title AS label, s.published_on AS since, s.code AS "source.code", s.title AS "source.label",
  o.code AS "owner.code", COALESCE(o.short_name, o.name) AS "owner.label"
FROM action a JOIN source s ON s.code = a.source LEFT JOIN organisation o ON o.code = a.owner
WHERE a.confirmed_on IS NULL ORDER BY CASE WHEN s.published_on IS NULL THEN 1 ELSE 0 END, s.published_on, a.code LIMIT $1 OFFSET $2;

-- name: coherence_confirmed
-- How many actions were confirmed, and the first and last day on which that was done.
SELECT count(confirmed_on) AS "confirmed:int", count(*) - count(confirmed_on) AS "unconfirmed:int", MIN(confirmed_on) AS first,
  MAX(confirmed_on) AS last, count(CASE WHEN cost_cents IS NOT NULL AND participants > 0 THEN 1 END) AS "priced:int",
  count(CASE WHEN yield IS NOT NULL THEN 1 END) AS "with_yield:int"
FROM action;

-- name: coherence_costs
-- Cost per participant of the actions that tell both, by line, dearest first.
SELECT a.code, a.title AS label, a.line, l.title AS line_label, a.cost_cents AS "cost_cents:int", a.participants AS "participants:int",
  a.cost_cents / a.participants AS "each_cents:int", a.yield
FROM action a LEFT JOIN action_line l ON l.code = a.line
WHERE a.cost_cents IS NOT NULL AND a.participants > 0 ORDER BY a.line, a.cost_cents / a.participants DESC, a.code;
