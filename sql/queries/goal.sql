-- SPDX-License-Identifier: EUPL-1.2

-- name: goals
-- All goals and sub-goals.
SELECT g.code, g.number AS "number:int", g.letter, g.label, g.parent,
  l.code AS "line.code", l.title AS "line.label", l.number AS "line.number:int",
  s.code AS "source.code", s.title AS "source.label", g.source_section AS "source.section"
FROM goal g JOIN action_line l ON l.code = g.action_line JOIN source s ON s.code = g.source ORDER BY g.seq;

-- name: goal_texts
-- Texts of all goals, oldest edition first.
SELECT t.goal AS ":key", t.edition, t.title, t.body, e.is_current AS "is_current:bool",
  s.code AS "source.code", s.title AS "source.label", t.source_section AS "source.section"
FROM goal_text t JOIN edition e ON e.code = t.edition JOIN source s ON s.code = t.source ORDER BY e.adopted_on, e.seq;

-- name: goal_targets
-- Targets of all goals, oldest edition first.
SELECT t.goal AS ":key", t.edition, t.number AS "number:int", t.label, t.kind, t.comparator, t.value AS "value:num", t.unit,
  t.population, t.part_of AS "part_of:int", t.baseline_value AS "baseline_value:num", t.baseline_year AS "baseline_year:int",
  t.target_year AS "target_year:int", t.quote,
  s.code AS "source.code", s.title AS "source.label", t.source_section AS "source.section"
FROM goal_target t JOIN edition e ON e.code = t.edition JOIN source s ON s.code = t.source
ORDER BY e.adopted_on, e.seq, t.number;

-- name: choice_moments_of_goal
-- Moments a goal wants to change.
SELECT c.code, c.title AS label, c.number AS "number:int", l.code AS "line.code", l.title AS "line.label", c.from_stage,
  c.to_stage, c.direction, m.basis, m.reasoning
FROM choice_moment_goal m JOIN choice_moment c ON c.code = m.choice_moment JOIN action_line l ON l.code = c.action_line
WHERE m.goal = $1 ORDER BY c.number, c.seq;

-- name: frameworks_of_goal
-- Items of frameworks a goal answers to.
SELECT i.code, i.title AS label, i.number AS "number:int", i.status, w.code AS "framework.code", w.title AS "framework.label",
  k.basis, k.reasoning, s.code AS "source.code", s.title AS "source.label", k.source_section AS "source.section"
FROM framework_link k JOIN framework_item i ON i.code = k.framework_item JOIN framework w ON w.code = i.framework
JOIN source s ON s.code = k.source WHERE k.goal = $1 ORDER BY w.seq, i.number;
