-- SPDX-License-Identifier: EUPL-1.2

-- name: organisations
-- Organisations; $1 a code, NULL for all.
SELECT o.code, o.name, o.short_name, coalesce(o.short_name, o.name) AS label,
  t.code AS "type.code", t.title AS "type.label", t.side, e.code AS "sector.code", e.title AS "sector.label",
  r.code AS "region.code", r.name AS "region.label", o.valid_from, o.valid_to,
  (SELECT count(*) FROM action a WHERE a.owner = o.code) AS "owned:int",
  (SELECT count(*) FROM action_partner p WHERE p.organisation = o.code) AS "partner_in:int",
  (SELECT count(*) > 0 FROM organisation_successor x WHERE x.organisation = o.code) AS "succeeded:bool",
  o.note, s.code AS "source.code", s.title AS "source.label", o.source_section AS "source.section"
FROM organisation o JOIN organisation_type t ON t.code = o.organisation_type
LEFT JOIN education_sector e ON e.code = o.education_sector LEFT JOIN region r ON r.code = o.region
JOIN source s ON s.code = o.source WHERE CAST($1 AS TEXT) IS NULL OR o.code = $1 ORDER BY o.seq;

-- name: roles_of_organisations
-- Role codes by organisation.
SELECT organisation AS ":key", role FROM organisation_role ORDER BY seq;

-- name: organisation_names
-- Other names of an organisation.
SELECT n.name, n.kind, s.code AS "source.code", s.title AS "source.label", n.source_section AS "source.section"
FROM organisation_name n JOIN source s ON s.code = n.source WHERE n.organisation = $1 ORDER BY n.seq;

-- name: organisation_roles
-- Roles of an organisation.
SELECT o.role, o.seats AS "seats:int", o.chair AS "chair:bool", o.note,
  s.code AS "source.code", s.title AS "source.label", o.source_section AS "source.section"
FROM organisation_role o JOIN source s ON s.code = o.source WHERE o.organisation = $1 ORDER BY o.seq;

-- name: organisation_successors
-- What took the place of an organisation.
SELECT o.code, coalesce(o.short_name, o.name) AS label, x.year AS "year:int", x.kind, x.verified AS "verified:bool", x.note,
  s.code AS "source.code", s.title AS "source.label", x.source_section AS "source.section"
FROM organisation_successor x JOIN organisation o ON o.code = x.successor JOIN source s ON s.code = x.source
WHERE x.organisation = $1 ORDER BY x.year, x.seq;

-- name: organisation_predecessors
-- What an organisation took the place of.
SELECT o.code, coalesce(o.short_name, o.name) AS label, x.year AS "year:int", x.kind, x.verified AS "verified:bool", x.note,
  s.code AS "source.code", s.title AS "source.label", x.source_section AS "source.section"
FROM organisation_successor x JOIN organisation o ON o.code = x.organisation JOIN source s ON s.code = x.source
WHERE x.successor = $1 ORDER BY x.year, x.seq;

-- name: organisation_owned_actions
-- Actions an organisation owns.
SELECT a.code, a.title AS label, l.code AS "line.code", l.title AS "line.label"
FROM action a LEFT JOIN action_line l ON l.code = a.line WHERE a.owner = $1 ORDER BY a.code;

-- name: organisation_partner_actions
-- Actions an organisation takes part in.
SELECT a.code, a.title AS label, l.code AS "line.code", l.title AS "line.label", p.role
FROM action_partner p JOIN action a ON a.code = p.action LEFT JOIN action_line l ON l.code = a.line
WHERE p.organisation = $1 ORDER BY a.code;
