-- SPDX-License-Identifier: EUPL-1.2

-- name: supply_indicator
-- What a list of figures must agree with for an indicator ($1 code).
SELECT code, unit, kind, period_kind, publication, expected_month FROM indicator WHERE code = $1;

-- name: supply_current
-- The figures of all sources that hold now for an indicator ($1), region ($2), period ($3).
SELECT m.source, s.title, m.leading, m.state, m.value, m.low, m.high, m.numerator, m.denominator, m.quality, m.reason, m.method,
  m.limits
FROM measurement m JOIN source s ON s.code = m.source
WHERE m.indicator = $1 AND m.region = $2 AND m.period = $3 AND m.superseded_on IS NULL
ORDER BY m.leading DESC, m.seq;

-- name: supply_sources
-- Sources with what names an edition of a dataset.
SELECT code, title, edition FROM source ORDER BY seq;

-- name: supply_source_add
-- Adds the source of figures that were supplied. $1 code, $2 title, $3 publisher, $4 edition, $5 address, $6 note, $7 retrieved.
INSERT INTO source (code, title, publisher, kind, published_on, edition, address, verified, note, retrieved_on, licence, seq)
SELECT $1, $2, $3, 'import', NULL, $4, $5, 1, $6, $7, NULL, (SELECT COALESCE(MAX(seq), 0) + 1 FROM source);

-- name: supply_supersede
-- Ends the figure of a source ($4) that holds now for an indicator ($1), region ($2), period ($3), on a day ($5).
UPDATE measurement SET superseded_on = $5
WHERE indicator = $1 AND region = $2 AND period = $3 AND source = $4 AND superseded_on IS NULL;

-- name: supply_add
-- Adds a figure from a supplier's list, not approved. $13 leading, $17 known from, $18 retrieved, $20 supplied by, $21 entered by.
INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, numerator, denominator, low, high,
  complete, quality, leading, method, limits, reason, known_from, revision, superseded_on, retrieved_on, source, source_section,
  supplied_by, entered_by, seq)
SELECT $1, $2, COALESCE((SELECT MAX(version) FROM indicator_definition WHERE indicator = $1 AND (valid_from IS NULL OR valid_from <= $5)), 1),
  $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14, $15, $16, $17,
  (SELECT COALESCE(MAX(revision), 0) + 1 FROM measurement
    WHERE indicator = $1 AND region = $2 AND period = $4 AND source = $19 AND known_from = $17),
  NULL, $18, $19, NULL, $20, $21,
  (SELECT COALESCE(MAX(seq), 0) + 1 FROM measurement);

-- name: approve_waiting
-- Figures that hold now and that nobody approved, of an indicator ($1), region ($2), period ($3), source ($4); NULL is any.
SELECT m.indicator, m.region, m.period, m.state, m.value AS "value:num", m.source, m.entered_by
FROM measurement m
WHERE m.superseded_on IS NULL AND m.approved_on IS NULL
  AND (CAST($1 AS TEXT) IS NULL OR m.indicator = $1) AND (CAST($2 AS TEXT) IS NULL OR m.region = $2)
  AND (CAST($3 AS TEXT) IS NULL OR m.period = $3) AND (CAST($4 AS TEXT) IS NULL OR m.source = $4)
ORDER BY m.seq;

-- name: approve_put
-- Approves those figures: $5 by whom, $6 on which day.
UPDATE measurement SET approved_by = $5, approved_on = $6
WHERE superseded_on IS NULL AND approved_on IS NULL
  AND (CAST($1 AS TEXT) IS NULL OR indicator = $1) AND (CAST($2 AS TEXT) IS NULL OR region = $2)
  AND (CAST($3 AS TEXT) IS NULL OR period = $3) AND (CAST($4 AS TEXT) IS NULL OR source = $4);

-- name: lead_figures
-- Figures of a source ($1) that hold now, have a number and stand beside another's for the same indicator ($2), region ($3) and
-- period ($4; NULL is any), with the figure that leads, or that stands beside when the source leads itself.
SELECT m.indicator, m.region, m.period, m.definition AS "definition:int", m.value AS "value:num", o.source AS other_source,
  o.value AS "other_value:num", ROUND(CAST(m.value - o.value AS NUMERIC), 6) AS "difference:num", m.leading AS "led:bool"
FROM measurement m JOIN measurement o ON o.indicator = m.indicator AND o.region = m.region AND o.period = m.period
  AND o.definition = m.definition AND o.source <> m.source AND o.superseded_on IS NULL
  AND o.seq = (SELECT p.seq FROM measurement p WHERE p.indicator = m.indicator AND p.region = m.region AND p.period = m.period
    AND p.definition = m.definition AND p.source <> m.source AND p.superseded_on IS NULL ORDER BY p.leading DESC, p.seq LIMIT 1)
WHERE m.source = $1 AND m.superseded_on IS NULL AND m.state IN ('value', 'suppressed')
  AND (CAST($2 AS TEXT) IS NULL OR m.indicator = $2) AND (CAST($3 AS TEXT) IS NULL OR m.region = $3)
  AND (CAST($4 AS TEXT) IS NULL OR m.period = $4)
ORDER BY m.seq;

-- name: lead_last
-- The place of the last figure.
SELECT COALESCE(MAX(seq), 0) AS "last:int" FROM measurement;

-- name: lead_add
-- Copies of those figures and of the ones that led in their stead, from a day ($6) on: the source's lead, for a reason ($5).
INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, numerator, denominator, low, high,
  complete, quality, leading, method, limits, reason, known_from, revision, superseded_on, retrieved_on, source, source_section,
  leading_reason, supplied_by, entered_by, approved_by, approved_on, statement, seq)
SELECT m.indicator, m.region, m.definition, m.period_kind, m.period, m.day, m.state, m.value, m.numerator, m.denominator, m.low, m.high,
  m.complete, m.quality, CASE WHEN m.source = $1 THEN 1 ELSE 0 END, m.method, m.limits, m.reason, $6,
  (SELECT COALESCE(MAX(r.revision), 0) FROM measurement r WHERE r.indicator = m.indicator AND r.region = m.region AND r.period = m.period
    AND r.source = m.source AND r.known_from = $6) + ROW_NUMBER() OVER (PARTITION BY m.indicator, m.region, m.period, m.source ORDER BY m.seq),
  NULL, m.retrieved_on, m.source, m.source_section, CASE WHEN m.source = $1 THEN $5 END, m.supplied_by, m.entered_by, m.approved_by,
  m.approved_on, m.statement, (SELECT MAX(seq) FROM measurement) + ROW_NUMBER() OVER (ORDER BY m.seq)
FROM measurement m
WHERE m.superseded_on IS NULL AND (m.source = $1 OR m.leading = 1)
  AND EXISTS (SELECT 1 FROM measurement s WHERE s.source = $1 AND s.indicator = m.indicator AND s.region = m.region AND s.period = m.period
    AND s.definition = m.definition AND s.superseded_on IS NULL AND s.state IN ('value', 'suppressed')
    AND (s.leading = 0 OR s.leading_reason IS NULL OR s.leading_reason <> $5))
  AND EXISTS (SELECT 1 FROM measurement o WHERE o.source <> $1 AND o.indicator = m.indicator AND o.region = m.region AND o.period = m.period
    AND o.definition = m.definition AND o.superseded_on IS NULL)
  AND (CAST($2 AS TEXT) IS NULL OR m.indicator = $2) AND (CAST($3 AS TEXT) IS NULL OR m.region = $3)
  AND (CAST($4 AS TEXT) IS NULL OR m.period = $4);

-- name: lead_end
-- Ends the figures of which there is a copy behind place $1, on a day ($2).
UPDATE measurement SET superseded_on = $2
WHERE superseded_on IS NULL AND seq <= $1
  AND EXISTS (SELECT 1 FROM measurement c WHERE c.seq > $1 AND c.indicator = measurement.indicator AND c.region = measurement.region
    AND c.period = measurement.period AND c.definition = measurement.definition AND c.source = measurement.source);
