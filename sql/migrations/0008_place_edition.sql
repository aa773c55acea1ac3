-- SPDX-License-Identifier: EUPL-1.2
-- Editions of registers get a source and an order, and so are, with the places of 0007, resources of the data package: a pact
-- that was exported and loaded again must not have lost its places. Same form as 0001: seq is the row's place in its file.

ALTER TABLE place_edition RENAME TO place_edition_before;
-- Edities van de voorzieningen. Editions of DUO's registers of schools and institutions that were read.
CREATE TABLE place_edition (
  -- Which register: primary, secondary, vocational or higher education.
  kind TEXT NOT NULL CHECK (kind IN ('primary', 'secondary', 'vocational', 'higher')),
  -- Day the edition is of.
  day TEXT NOT NULL,
  -- Places of the pact's regions in it.
  places BIGINT NOT NULL CHECK (places >= 1),
  -- Day on which it, or its last correction, was read.
  read_on TEXT NOT NULL,
  -- The source that says this.
  source TEXT NOT NULL,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (kind, day),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
-- Its source was not noted: that of the newest place it left as it is or brought.
INSERT INTO place_edition (kind, day, places, read_on, source, seq)
SELECT e.kind, e.day, e.places, e.read_on,
  (SELECT p.source FROM place p WHERE p.kind = e.kind AND p.valid_from <= e.day ORDER BY p.valid_from DESC, p.seq DESC LIMIT 1),
  ROW_NUMBER() OVER (ORDER BY e.day, e.kind)
FROM place_edition_before e;
DROP TABLE place_edition_before;
