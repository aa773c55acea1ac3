-- SPDX-License-Identifier: EUPL-1.2

-- name: derivation_rules
-- How a dataset ($1) becomes figures.
SELECT d.indicator, d.part, d.field, d.match, d.source, i.kind, i.proxy_for, d.definition
FROM derivation d JOIN indicator i ON i.code = d.indicator
WHERE d.dataset = $1
ORDER BY d.seq;

-- name: region_spellings
-- Every name of every municipality and province, the official one first.
SELECT r.code, r.name FROM region r WHERE r.kind IN ('municipality', 'province')
UNION ALL
SELECT n.region, n.name FROM region_name n JOIN region r ON r.code = n.region WHERE r.kind IN ('municipality', 'province');

-- name: measurement_current
-- What holds now for an indicator ($1), region ($2), period ($3): the figure from a dataset ($4 title), else the leading one.
SELECT value, low, high, numerator, denominator, definition, quality, complete, leading, source,
  CASE WHEN source_section = $4 THEN 1 ELSE 0 END AS own
FROM measurement
WHERE indicator = $1 AND region = $2 AND period = $3 AND superseded_on IS NULL AND (leading = 1 OR source_section = $4)
ORDER BY own DESC, leading DESC, seq DESC LIMIT 1;

-- name: measurement_standing
-- The figures of municipalities and provinces that hold now and came from a dataset ($1 title).
SELECT m.region, m.indicator, m.period
FROM measurement m JOIN region r ON r.code = m.region
WHERE m.source_section = $1 AND m.superseded_on IS NULL AND m.value IS NOT NULL AND r.kind IN ('municipality', 'province')
ORDER BY r.seq, m.indicator, m.period;

-- name: measurement_supersede
-- Ends the figure of a source ($5) that holds now ($1 indicator, $2 region, $3 period) on a day ($4).
UPDATE measurement SET superseded_on = $4
WHERE indicator = $1 AND region = $2 AND period = $3 AND superseded_on IS NULL AND source = $5;

-- name: measurement_add
-- Adds a figure derived from an official file. $15 the file's dataset, $16 the kind of period, $17 whether it is complete,
-- $18 the version of the definition, $19 whether it leads.
INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, numerator, denominator, low, high,
  complete, quality, leading, method, limits, reason, known_from, revision, superseded_on, retrieved_on, source,
  source_section, seq)
SELECT $1, $2, $18, $16, $3, $4, 'value', $5, $6, $7, $8, $9, $17, $10, $19, $11, $12, NULL, $13,
  (SELECT COALESCE(MAX(revision), 0) + 1 FROM measurement
    WHERE indicator = $1 AND region = $2 AND period = $3 AND source = $14 AND known_from = $13),
  NULL, NULL, $14, $15,
  (SELECT COALESCE(MAX(seq), 0) + 1 FROM measurement);

-- name: definition_days
-- The versions of each indicator's definition and since when they hold.
SELECT indicator, version, valid_from FROM indicator_definition;
