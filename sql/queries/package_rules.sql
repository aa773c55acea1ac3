-- SPDX-License-Identifier: EUPL-1.2

-- name: package_broken_rules
-- Rows that every cell allows and that together say something impossible: resource, row (from 1), column, what stands there,
-- what was expected. A rule is a branch. Bounds may be off by what six decimals round away.
SELECT 'measurement' AS resource, m.seq, 'value' AS column_name, '' AS found, 'a number, because the state is value' AS expected
FROM measurement m JOIN indicator i ON i.code = m.indicator
WHERE m.state = 'value' AND m.value IS NULL AND i.kind <> 'qualitative'
UNION ALL
SELECT 'measurement', m.seq, 'value', CAST(m.value AS TEXT), 'nothing, because the indicator is qualitative'
FROM measurement m JOIN indicator i ON i.code = m.indicator WHERE m.value IS NOT NULL AND i.kind = 'qualitative'
UNION ALL
SELECT 'measurement', m.seq, 'statement', '', 'what was found, in words, because the indicator is qualitative'
FROM measurement m JOIN indicator i ON i.code = m.indicator
WHERE m.state = 'value' AND m.statement IS NULL AND i.kind = 'qualitative'
UNION ALL
SELECT 'measurement', m.seq, 'statement', m.statement, 'nothing, because the indicator is measured in numbers'
FROM measurement m JOIN indicator i ON i.code = m.indicator WHERE m.statement IS NOT NULL AND i.kind <> 'qualitative'
UNION ALL
SELECT 'measurement', m.seq, 'value', CAST(m.value AS TEXT), 'nothing, because the state is ' || m.state
FROM measurement m WHERE m.state <> 'value' AND m.value IS NOT NULL
UNION ALL
SELECT 'measurement', m.seq, CASE WHEN m.low IS NULL THEN 'low' ELSE 'high' END, '', 'both bounds of a suppressed figure'
FROM measurement m WHERE m.state = 'suppressed' AND (m.low IS NULL OR m.high IS NULL)
UNION ALL
SELECT 'measurement', m.seq, CASE WHEN m.low IS NULL THEN 'low' ELSE 'high' END, '', 'both bounds or none'
FROM measurement m WHERE m.state <> 'suppressed' AND (m.low IS NULL) <> (m.high IS NULL)
UNION ALL
SELECT 'measurement', m.seq, 'low', CAST(m.low AS TEXT), 'at most the upper bound, ' || CAST(m.high AS TEXT)
FROM measurement m WHERE m.low > m.high
UNION ALL
SELECT 'measurement', m.seq, 'value', CAST(m.value AS TEXT), 'a number between the bounds, ' || CAST(m.low AS TEXT) || ' and ' || CAST(m.high AS TEXT)
FROM measurement m WHERE m.low <= m.high AND (m.value < m.low - 0.000001 OR m.value > m.high + 0.000001)
UNION ALL
SELECT 'measurement', m.seq, 'value', CAST(m.value AS TEXT), 'a percentage from 0 to 100'
FROM measurement m JOIN indicator i ON i.code = m.indicator
WHERE i.kind = 'share' AND i.unit = 'percent' AND (m.value < 0 OR m.value > 100)
UNION ALL
SELECT 'measurement', m.seq, 'denominator', CAST(m.denominator AS TEXT), 'more than zero'
FROM measurement m WHERE m.denominator <= 0
UNION ALL
SELECT 'measurement', m.seq, 'reason', '', 'why it is missing'
FROM measurement m WHERE m.state = 'missing' AND m.reason IS NULL
UNION ALL
SELECT 'measurement', m.seq, 'superseded_on', m.superseded_on, 'no day before it became known, ' || m.known_from
FROM measurement m WHERE m.superseded_on < m.known_from
UNION ALL
SELECT 'measurement', m.seq, 'day', m.day, m.period || '-12-31, the last day of the period'
FROM measurement m WHERE m.period_kind = 'calendar_year' AND m.day <> m.period || '-12-31'
UNION ALL
SELECT 'measurement', m.seq, 'day', m.day, 'a day in the year in which ' || m.period || ' ends'
FROM measurement m WHERE m.period_kind = 'school_year' AND CAST(substr(m.day, 1, 4) AS INTEGER) <> CAST(substr(m.period, 1, 4) AS INTEGER) + 1
UNION ALL
SELECT 'measurement', m.seq, 'approved_by', m.approved_by, 'somebody else than who entered it'
FROM measurement m WHERE m.approved_by = m.entered_by
ORDER BY 1, 2;
