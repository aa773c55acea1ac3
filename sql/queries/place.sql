-- SPDX-License-Identifier: EUPL-1.2

-- name: place_edition_last
-- The newest edition of a register ($1 kind) that was read.
SELECT MAX(day) FROM place_edition WHERE kind = $1;

-- name: place_edition_put
-- Notes an edition: $1 kind, $2 day, $3 places, $4 read on, $5 source. The same one again ($6 = 0) stays as it was.
INSERT INTO place_edition (kind, day, places, read_on, source, seq)
SELECT $1, $2, $3, $4, $5, (SELECT COALESCE(MAX(seq), 0) + 1 FROM place_edition) WHERE true
ON CONFLICT (kind, day) DO UPDATE SET places = excluded.places, source = excluded.source,
  read_on = CASE WHEN CAST($6 AS BIGINT) = 1 THEN excluded.read_on ELSE place_edition.read_on END;

-- name: places_current
-- The places of a register ($1 kind) as they stand.
SELECT code, name, street, house_number, postcode, town, municipality, denomination, website, board, valid_from, revision
FROM place WHERE kind = $1 AND valid_to IS NULL AND superseded_on IS NULL ORDER BY code;

-- name: place_end
-- Ends what a place ($1 kind, $2 code) was, on a day ($3, the last).
UPDATE place SET valid_to = $3 WHERE kind = $1 AND code = $2 AND valid_to IS NULL AND superseded_on IS NULL;

-- name: place_supersede
-- A correction of the same edition takes the place of what stands ($1 kind, $2 code, $3 day).
UPDATE place SET superseded_on = $3 WHERE kind = $1 AND code = $2 AND valid_to IS NULL AND superseded_on IS NULL;

-- name: place_add
-- Adds a place as an edition has it. $14 the edition's day, $15 known from, $16 source.
INSERT INTO place (kind, code, institution, site, name, street, house_number, postcode, town, municipality, denomination, website,
  board, valid_from, valid_to, known_from, revision, superseded_on, source, seq)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, $15,
  (SELECT COALESCE(MAX(revision), 0) + 1 FROM place WHERE kind = $1 AND code = $2 AND valid_from = $14),
  NULL, $16, (SELECT COALESCE(MAX(seq), 0) + 1 FROM place);

-- name: place_divisions
-- Of each municipality the divisions it was part of, and when.
SELECT m.region, m.part_of, r.kind, m.valid_from, m.valid_to
FROM region_membership m JOIN region r ON r.code = m.part_of
WHERE r.kind IN ('corop', 'rpa', 'rmc') ORDER BY m.seq;

-- name: place_seats
-- Where the institutions of vocational and higher education are, the earliest first.
SELECT institution, municipality, valid_from
FROM place WHERE kind IN ('vocational', 'higher') AND site = '00' AND superseded_on IS NULL ORDER BY institution, valid_from;

-- name: places_on
-- Places as the newest editions of a day ($1) have them, by municipality, town and name. The first columns are read by number.
SELECT p.code, p.kind, p.name, p.town, p.postcode, r.code AS "municipality.code", r.name AS "municipality.label", p.institution, p.site,
  p.street, p.house_number, p.denomination, p.website, p.board, p.valid_from, p.valid_to, p.known_from,
  s.code AS "source.code", s.title AS "source.label"
FROM place p JOIN region r ON r.code = p.municipality JOIN source s ON s.code = p.source
WHERE p.superseded_on IS NULL AND p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1)
ORDER BY r.name, r.code, p.town, p.name, p.code, p.kind;

-- name: place_states
-- Everything ever read of a place ($1).
SELECT p.code, p.kind, p.name, p.town, p.postcode, r.code AS "municipality.code", r.name AS "municipality.label", p.institution, p.site,
  p.street, p.house_number, p.denomination, p.website, p.board, p.valid_from, p.valid_to, p.known_from, p.revision AS "revision:int",
  p.superseded_on, s.code AS "source.code", s.title AS "source.label"
FROM place p JOIN region r ON r.code = p.municipality JOIN source s ON s.code = p.source
WHERE p.code = $1 ORDER BY p.kind, p.valid_from, p.revision;

-- name: place_register
-- A register ($1 kind), with the edition that holds on a day ($2) and the first that was read.
SELECT k.kind, (SELECT MIN(f.day) FROM place_edition f WHERE f.kind = k.kind) AS first, e.day, e.places AS "places:int", e.read_on,
  s.code AS "source.code", s.title AS "source.label"
FROM (SELECT CAST($1 AS TEXT) AS kind) k
LEFT JOIN place_edition e ON e.kind = k.kind AND e.day = (SELECT MAX(l.day) FROM place_edition l WHERE l.kind = k.kind AND l.day <= $2)
LEFT JOIN source s ON s.code = e.source;

-- name: place_counts
-- How many places the newest editions of a day ($1) have, by municipality and register.
SELECT municipality, kind, count(*) FROM place
WHERE superseded_on IS NULL AND valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
GROUP BY municipality, kind ORDER BY municipality, kind;
