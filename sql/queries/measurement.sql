-- SPDX-License-Identifier: EUPL-1.2
-- Figures as lists; the names of the columns say how they become values (src/store/vals.h).

-- name: measurement_count
-- How many figures were ever entered for indicators of a goal and its sub-goals ($1), an indicator ($2), a region ($3); NULL is any.
SELECT count(*)
FROM measurement m JOIN indicator i ON i.code = m.indicator
JOIN indicator_region ir ON ir.indicator = m.indicator AND ir.region = m.region
LEFT JOIN goal g ON g.code = i.goal
WHERE (CAST($1 AS TEXT) IS NULL OR i.goal = $1 OR g.parent = $1) AND (CAST($2 AS TEXT) IS NULL OR m.indicator = $2)
  AND (CAST($3 AS TEXT) IS NULL OR m.region = $3);

-- name: measurement_page
-- Those figures as of a day ($7) by what was known on a day ($4, not before it), $5 of them from number $6 on: by indicator, region, day, and when they became known.
-- A figure that is not the leading one of its period says by how much it differs from it.
SELECT m.indicator, m.region, m.period, m.period_kind, m.day, m.state, m.value AS "value:num", m.low AS "low:num", m.high AS "high:num",
  m.numerator AS "numerator:num", m.denominator AS "denominator:num", m.complete AS "complete:bool", m.quality, m.leading AS "leading:bool",
  m.definition AS "definition:int",
  CASE WHEN m.known_from <= $4 AND (m.superseded_on IS NULL OR m.superseded_on > $4) AND (m.day <= $7 OR m.known_from <= $7) THEN 1 ELSE 0 END AS "current:bool",
  m.known_from, m.superseded_on, m.method, m.limits, m.reason,
  CASE WHEN s.address LIKE 'http://%' OR s.address LIKE 'https://%' THEN s.address END AS address, s.publisher, s.edition,
  m.retrieved_on, m.leading_reason, m.supplied_by, m.entered_by, m.approved_by, m.approved_on, m.statement,
  CASE WHEN m.leading = 0 THEN ROUND(m.value - (SELECT l.value FROM measurement l WHERE l.indicator = m.indicator AND l.region = m.region
      AND l.period = m.period AND l.definition = m.definition AND l.leading = 1
      AND l.known_from <= $4 AND (l.superseded_on IS NULL OR l.superseded_on > $4)), 6) END AS "difference:num",
  s.code AS "source.code", s.title AS "source.label", m.source_section AS "source.section"
FROM measurement m JOIN indicator i ON i.code = m.indicator
JOIN indicator_region ir ON ir.indicator = m.indicator AND ir.region = m.region
LEFT JOIN goal g ON g.code = i.goal
JOIN source s ON s.code = m.source
WHERE (CAST($1 AS TEXT) IS NULL OR i.goal = $1 OR g.parent = $1) AND (CAST($2 AS TEXT) IS NULL OR m.indicator = $2)
  AND (CAST($3 AS TEXT) IS NULL OR m.region = $3)
ORDER BY i.seq, ir.seq, m.day, m.known_from, m.revision, m.seq
LIMIT $5 OFFSET $6;

-- name: measurement_disagreements
-- Figures as of a day ($1) for which sources give different values, the leading one of each first.
SELECT m.indicator, i.title, i.unit, g.code AS goal, m.region, r.name AS region_name, m.period, m.definition AS "definition:int",
  m.value AS "value:num", m.leading AS "leading:bool", m.leading_reason, m.quality, s.code AS source, s.title AS source_title, m.source_section,
  m.known_from
FROM measurement m JOIN (
    SELECT indicator, region, period, definition FROM measurement
    WHERE known_from <= $1 AND (superseded_on IS NULL OR superseded_on > $1) AND state = 'value'
    GROUP BY indicator, region, period, definition HAVING MAX(value) > MIN(value)) d
  ON d.indicator = m.indicator AND d.region = m.region AND d.period = m.period AND d.definition = m.definition
JOIN indicator i ON i.code = m.indicator JOIN region r ON r.code = m.region JOIN source s ON s.code = m.source
LEFT JOIN goal g ON g.code = i.goal
WHERE m.known_from <= $1 AND (m.superseded_on IS NULL OR m.superseded_on > $1) AND m.state = 'value'
ORDER BY i.seq, r.seq, m.day, m.period, m.definition, m.leading DESC, m.seq;
