-- SPDX-License-Identifier: EUPL-1.2

-- name: frameworks
-- Frameworks with counts; $1 a code, NULL for all.
SELECT w.code, w.title, w.publisher, w.adopted_on, w.year AS "year:int", w.note,
  (SELECT count(*) FROM framework_item i WHERE i.framework = w.code) AS "items:int",
  (SELECT count(*) FROM framework_item i WHERE i.framework = w.code AND i.status = 'known') AS "known:int",
  (SELECT count(*) FROM framework_item i WHERE i.framework = w.code AND i.status = 'open') AS "open:int",
  (SELECT count(*) FROM framework_item i WHERE i.framework = w.code AND (
    i.code IN (SELECT framework_item FROM framework_link) OR i.code IN (SELECT framework_item FROM action_framework)
    OR i.code IN (SELECT framework_item FROM focal_action_framework))) AS "linked:int",
  s.code AS "source.code", s.title AS "source.label", w.source_section AS "source.section"
FROM framework w JOIN source s ON s.code = w.source WHERE CAST($1 AS TEXT) IS NULL OR w.code = $1 ORDER BY w.seq;

-- name: framework_items
-- Items of a framework.
SELECT i.code, i.number AS "number:int", i.status, i.title, i.quote, i.note,
  s.code AS "source.code", s.title AS "source.label", i.source_section AS "source.section"
FROM framework_item i JOIN source s ON s.code = i.source WHERE i.framework = $1 ORDER BY i.number, i.seq;

-- name: goals_of_framework_items
-- Goals by item of framework $1.
SELECT k.framework_item AS ":key", g.code, g.label, k.basis, k.reasoning
FROM framework_link k JOIN framework_item i ON i.code = k.framework_item JOIN goal g ON g.code = k.goal
WHERE i.framework = $1 ORDER BY g.seq;

-- name: actions_of_framework_items
-- Actions by item of framework $1.
SELECT k.framework_item AS ":key", a.code, a.title AS label, k.basis, k.reasoning
FROM action_framework k JOIN framework_item i ON i.code = k.framework_item JOIN action a ON a.code = k.action
WHERE i.framework = $1 ORDER BY a.seq;

-- name: focal_actions_of_framework_items
-- Focal actions by item of framework $1.
SELECT k.framework_item AS ":key", f.code, f.title AS label, k.basis, k.reasoning
FROM focal_action_framework k JOIN framework_item i ON i.code = k.framework_item JOIN focal_action f ON f.code = k.focal_action
WHERE i.framework = $1 ORDER BY f.seq;
