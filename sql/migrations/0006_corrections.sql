-- SPDX-License-Identifier: EUPL-1.2
-- A figure may be corrected on the day it was entered: those of one day have a number, the last one holds. And a derivation
-- says which version of the indicator's definition it makes figures by. What is there keeps its rows: the first of its day,
-- by the first version.

ALTER TABLE measurement RENAME TO measurement_before;
-- Metingen. Figures, only ever added: a correction supersedes.
CREATE TABLE measurement (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- The region.
  region TEXT NOT NULL,
  -- By which version of the definition.
  definition BIGINT NOT NULL CHECK (definition >= 1),
  -- calendar_year: 2019. school_year: 2019/20. quarter: 2016Q4. reference_date: a day.
  period_kind TEXT NOT NULL CHECK (period_kind IN ('calendar_year', 'school_year', 'quarter', 'reference_date')),
  -- The period as written: 2019, 2019/20, 2016Q4 or a day.
  period TEXT NOT NULL,
  -- Last day of the period, or the reference date.
  day TEXT NOT NULL,
  -- value: a number, zero too. suppressed: known to lie between low and high. not_applicable. missing: due and not
  -- there. not_yet_due.
  state TEXT NOT NULL CHECK (state IN ('value', 'suppressed', 'not_applicable', 'missing', 'not_yet_due')),
  -- The number in the unit of the indicator.
  value DOUBLE PRECISION,
  -- Above the line, where known.
  numerator DOUBLE PRECISION,
  -- Below the line, where known.
  denominator DOUBLE PRECISION,
  -- Least the value can be, where it is not exact.
  low DOUBLE PRECISION,
  -- Most the value can be, where it is not exact.
  high DOUBLE PRECISION,
  -- false: a total of which parts are missing.
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  -- final, provisional, estimate, or proxy (stands in for another figure).
  quality TEXT NOT NULL CHECK (quality IN ('final', 'provisional', 'estimate', 'proxy')),
  -- true: the figure used when sources disagree.
  leading INTEGER NOT NULL CHECK (leading IN (0, 1)),
  -- How the figure was made, where it was not simply copied.
  method TEXT,
  -- What one must know before using it.
  limits TEXT,
  -- Why a missing figure is missing.
  reason TEXT,
  -- Day on which it became known here.
  known_from TEXT NOT NULL,
  -- Number of the figure among those that became known on that day, from 1; the last one holds.
  revision BIGINT NOT NULL DEFAULT 1 CHECK (revision >= 1),
  -- Day on which another value took its place; the day it became known when it was corrected the same day.
  superseded_on TEXT,
  -- Day on which it was taken from the source, where known.
  retrieved_on TEXT,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  -- Why this figure leads, where sources disagree.
  leading_reason TEXT,
  -- Who supplied the figure, where it was not taken from a publication.
  supplied_by TEXT,
  -- Which function or organisation entered it; never a person's name, the figures are public.
  entered_by TEXT,
  -- Which function or organisation approved it; empty: nobody has.
  approved_by TEXT,
  -- Day on which it was approved.
  approved_on TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, region, period, source, known_from, revision),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, numerator, denominator, low, high,
  complete, quality, leading, method, limits, reason, known_from, superseded_on, retrieved_on, source,
  source_section, leading_reason, supplied_by, entered_by, approved_by, approved_on, seq)
SELECT indicator, region, definition, period_kind, period, day, state, value, numerator, denominator, low, high,
  complete, quality, leading, method, limits, reason, known_from, superseded_on, retrieved_on, source,
  source_section, leading_reason, supplied_by, entered_by, approved_by, approved_on, seq
FROM measurement_before;
DROP TABLE measurement_before;
CREATE INDEX measurement_by_place ON measurement (region, indicator, day);
CREATE INDEX measurement_by_seq ON measurement (seq);

-- Afleidingen. Which rows of an official file count above and below the line of an indicator.
ALTER TABLE derivation RENAME TO derivation_before;
CREATE TABLE derivation (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- The official file.
  dataset TEXT NOT NULL,
  -- Version of the indicator's definition that the rows answer to; they make no figures for periods of another one.
  definition BIGINT NOT NULL DEFAULT 1 CHECK (definition >= 1),
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
  PRIMARY KEY (indicator, dataset, definition, part, field),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO derivation (indicator, dataset, part, field, match, source, source_section, seq)
SELECT indicator, dataset, part, field, match, source, source_section, seq
FROM derivation_before;
DROP TABLE derivation_before;

-- The descriptor kept with the pact, so that an export has the new columns; one that is written otherwise stays as it is.
UPDATE pact_package SET descriptor = REPLACE(descriptor, '"description": "Day on which it became known here.",
            "type": "date",
            "format": "default",
            "constraints": {
              "required": true
            }
          },
',
  '"description": "Day on which it became known here.",
            "type": "date",
            "format": "default",
            "constraints": {
              "required": true
            }
          },
          {
            "name": "revision",
            "title": "Volgnummer",
            "description": "Number of the figure among those that became known on that day, from 1; the last one holds.",
            "type": "integer",
            "format": "default",
            "constraints": {
              "required": true,
              "minimum": 1
            }
          },
');
UPDATE pact_package SET descriptor = REPLACE(descriptor, '"description": "Day on which another value took its place."',
  '"description": "Day on which another value took its place; the day it became known when it was corrected the same day."');
UPDATE pact_package SET descriptor = REPLACE(descriptor, '          "source",
          "known_from"
        ],
',
  '          "source",
          "known_from",
          "revision"
        ],
');
UPDATE pact_package SET descriptor = REPLACE(descriptor, '          {
            "name": "part",
            "title": "Deel",
            "description": "numerator or denominator.",
',
  '          {
            "name": "definition",
            "title": "Versie van de definitie",
            "description": "Version of the indicator''s definition that the rows answer to; they make no figures for periods of another one.",
            "type": "integer",
            "format": "default",
            "constraints": {
              "required": true,
              "minimum": 1
            }
          },
          {
            "name": "part",
            "title": "Deel",
            "description": "numerator or denominator.",
');
UPDATE pact_package SET descriptor = REPLACE(descriptor, '          "indicator",
          "dataset",
          "part",
          "field"
        ],
',
  '          "indicator",
          "dataset",
          "definition",
          "part",
          "field"
        ],
');
UPDATE pact_package SET descriptor = REPLACE(descriptor, '          "indicator",
          "part",
          "field"
        ],
',
  '          "indicator",
          "dataset",
          "definition",
          "part",
          "field"
        ],
');
