-- SPDX-License-Identifier: EUPL-1.2

-- name: regions
-- All regions.
SELECT code, name, kind, valid_from, valid_to, verified FROM region ORDER BY seq;

-- name: region_memberships
-- All memberships.
SELECT region, part_of, valid_from, valid_to, verified FROM region_membership ORDER BY seq;

-- name: region_changes_raw
-- All changes with their weights, in time.
SELECT changed_on, from_region, to_region, weight, kind, verified FROM region_change ORDER BY changed_on, seq;

-- name: region_changes
-- Changes from region $1, or to region $2; both NULL is all.
SELECT c.changed_on, f.code AS "from.code", f.name AS "from.label", t.code AS "to.code", t.name AS "to.label",
  c.addresses AS "addresses:int", c.weight AS "weight:num", c.kind, c.verified AS "verified:bool", c.note,
  s.code AS "source.code", s.title AS "source.label", c.source_section AS "source.section"
FROM region_change c JOIN region f ON f.code = c.from_region JOIN region t ON t.code = c.to_region
JOIN source s ON s.code = c.source
WHERE (CAST($1 AS TEXT) IS NULL AND CAST($2 AS TEXT) IS NULL) OR c.from_region = $1 OR c.to_region = $2
ORDER BY c.changed_on, c.seq;

-- name: region_one
-- One region.
SELECT r.code, r.name AS label, r.kind, r.name, r.valid_from, r.valid_to, r.verified AS "verified:bool", r.note,
  s.code AS "source.code", s.title AS "source.label", r.source_section AS "source.section"
FROM region r JOIN source s ON s.code = r.source WHERE r.code = $1;

-- name: region_names
-- Other names of a region.
SELECT name, kind FROM region_name WHERE region = $1 ORDER BY seq;

-- name: region_part_of
-- What a region lies in, at any time.
SELECT r.code, r.name AS label, r.kind, m.valid_from, m.valid_to, m.verified AS "verified:bool"
FROM region_membership m JOIN region r ON r.code = m.part_of WHERE m.region = $1 ORDER BY m.seq;

-- name: region_actions
-- Actions that name a region as their reach.
SELECT a.code, a.title AS label FROM action_region x JOIN action a ON a.code = x.action WHERE x.region = $1 ORDER BY a.code;

-- name: region_verified
-- Which regions somebody checked against a register.
SELECT code, verified AS "verified:bool" FROM region ORDER BY seq;

-- name: region_years
-- First and last year in which a municipality changed.
SELECT CAST(substr(min(changed_on), 1, 4) AS BIGINT) AS "first_year:int", CAST(substr(max(changed_on), 1, 4) AS BIGINT) AS "last_year:int"
FROM region_change;
