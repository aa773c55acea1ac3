-- SPDX-License-Identifier: EUPL-1.2
-- An indicator may be made from more than one official file: the population from CBS's table per postcode and from its
-- table per municipality. So the file is part of what identifies a rule.
ALTER TABLE derivation RENAME TO derivation_before;
CREATE TABLE derivation (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- The official file.
  dataset TEXT NOT NULL,
  -- numerator or denominator.
  part TEXT NOT NULL CHECK (part IN ('numerator', 'denominator')),
  -- Field of the file, or measure, sex, grade, period_kind, reference_day.
  field TEXT NOT NULL,
  -- Texts that count, with * for anything, divided by |.
  match TEXT NOT NULL,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, dataset, part, field),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO derivation SELECT indicator, dataset, part, field, match, source, source_section, seq FROM derivation_before;
DROP TABLE derivation_before;
