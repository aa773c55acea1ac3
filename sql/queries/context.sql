-- SPDX-License-Identifier: EUPL-1.2
-- Figures without a goal; the names of the columns say how they become values (src/store/vals.h).

-- name: context_indicators
-- Indicators without a goal that are to be measured in a region ($1), or were.
SELECT i.code, i.title, i.definition, i.unit, i.aggregation,
  (SELECT count(*) FROM indicator_region r WHERE r.indicator = i.code AND r.region = $1) AS "to_measure:bool"
FROM indicator i
WHERE i.goal IS NULL AND (EXISTS (SELECT 1 FROM indicator_region r WHERE r.indicator = i.code AND r.region = $1)
  OR EXISTS (SELECT 1 FROM measurement m WHERE m.indicator = i.code AND m.region = $1))
ORDER BY i.seq;

-- name: context_figures
-- The leading figures of an indicator ($1) in a region ($2) that were known on a day ($3), by day.
SELECT m.period, m.day, m.state, m.value AS "value:num", m.complete AS "complete:bool", m.quality, m.definition AS "definition:int",
  m.known_from, m.method, m.limits, m.reason,
  CASE WHEN s.address LIKE 'http://%' OR s.address LIKE 'https://%' THEN s.address END AS address, s.edition,
  s.code AS "source.code", s.title AS "source.label", m.source_section AS "source.section"
FROM measurement m JOIN source s ON s.code = m.source
WHERE m.indicator = $1 AND m.region = $2 AND m.leading = 1 AND m.known_from <= $3 AND (m.superseded_on IS NULL OR m.superseded_on > $3)
ORDER BY m.day, m.definition, m.seq;

-- name: context_parts
-- What an indicator ($1) was in a period ($4) in the regions that lie directly in a region ($2) on that period's day, as known on a
-- day ($3): the provinces of a landsdeel, the municipalities of a province. A part without a figure has none.
SELECT r.code AS "region.code", r.name AS "region.label", f.period, f.value AS "value:num", f.complete AS "complete:bool"
FROM region o JOIN region_membership p ON p.part_of = o.code JOIN region r ON r.code = p.region
LEFT JOIN measurement f ON f.indicator = $1 AND f.region = r.code AND f.period = $4 AND f.leading = 1 AND f.state = 'value'
  AND f.known_from <= $3 AND (f.superseded_on IS NULL OR f.superseded_on > $3)
WHERE o.code = $2 AND ((o.kind = 'landsdeel' AND r.kind = 'province') OR (o.kind = 'province' AND r.kind = 'municipality'))
  AND (p.valid_from IS NULL OR p.valid_from <= $5) AND (p.valid_to IS NULL OR p.valid_to >= $5)
  AND (r.valid_from IS NULL OR r.valid_from <= $5) AND (r.valid_to IS NULL OR r.valid_to >= $5)
ORDER BY r.seq;

-- name: context_regions
-- Landsdelen and provinces with a figure of an indicator that has no goal.
SELECT r.code, r.name AS label, r.kind FROM region r
WHERE r.kind IN ('landsdeel', 'province') AND EXISTS (
  SELECT 1 FROM measurement m JOIN indicator i ON i.code = m.indicator WHERE m.region = r.code AND i.goal IS NULL AND m.superseded_on IS NULL)
ORDER BY r.seq;
