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

-- name: place_source_has
-- Whether a source ($1) is there.
SELECT 1 FROM source WHERE code = $1;

-- name: place_divisions
-- Of each municipality the divisions it was part of, and when.
SELECT m.region, m.part_of, r.kind, m.valid_from, m.valid_to
FROM region_membership m JOIN region r ON r.code = m.part_of
WHERE r.kind IN ('corop', 'rpa', 'rmc') ORDER BY m.seq;

-- name: place_seats
-- Where the institutions of vocational and higher education are, the earliest first.
SELECT institution, municipality, valid_from
FROM place WHERE kind IN ('vocational', 'higher') AND site = '00' AND superseded_on IS NULL ORDER BY institution, valid_from;
