-- SPDX-License-Identifier: EUPL-1.2
-- Places of education as DUO's address files have them. Tables of the program: no part of the package, because the register is
-- DUO's and is read again from its files. No telephone numbers, no postal addresses.

-- A place as it was in one or more editions of the register that follow each other.
CREATE TABLE place (
  kind TEXT NOT NULL CHECK (kind IN ('primary', 'secondary', 'vocational', 'higher')),  -- Which register.
  code TEXT NOT NULL,              -- Institution and site: "10KN00".
  institution TEXT NOT NULL,       -- Code of the institution (BRIN): "10KN".
  site TEXT NOT NULL,              -- Number of the site, "00" for the main one.
  name TEXT NOT NULL,
  street TEXT,
  house_number TEXT,               -- With its addition.
  postcode TEXT,
  town TEXT,
  municipality TEXT NOT NULL,      -- The region, by the division of the edition's day.
  denomination TEXT,
  website TEXT,
  board TEXT,                      -- Number of the school board.
  valid_from TEXT NOT NULL,        -- Day of the edition that first has it so.
  valid_to TEXT,                   -- Day before the edition that has it otherwise, or no more; empty: in the newest edition.
  known_from TEXT NOT NULL,        -- Day on which it became known here.
  revision BIGINT NOT NULL CHECK (revision >= 1),  -- Corrections of one edition, from 1; the last one holds.
  superseded_on TEXT,              -- Day on which a correction of the same edition took its place.
  source TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (kind, code, valid_from, revision),
  FOREIGN KEY (municipality) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX place_by_municipality ON place (municipality, kind);
CREATE INDEX place_by_institution ON place (institution);
CREATE INDEX place_by_seq ON place (seq);

-- The newest edition of each register that was read.
CREATE TABLE place_edition (
  kind TEXT NOT NULL,
  day TEXT NOT NULL,               -- Day the edition is of.
  places BIGINT NOT NULL,          -- Places of the pact's regions in it.
  read_on TEXT NOT NULL,
  PRIMARY KEY (kind, day)
);
