-- SPDX-License-Identifier: EUPL-1.2
-- What is measured: indicators, their definitions, targets and regions, the figures, and how official files become figures.
-- Same form as 0001: one table per resource of the data package, seq is the row's place in its file.

-- Indicatoren. What is measured to see whether a goal is met.
CREATE TABLE indicator (
  -- Short name of the indicator.
  code TEXT NOT NULL,
  -- The goal or sub-goal it measures; empty for a figure that only gives context.
  goal TEXT,
  -- What is measured, in a few words.
  title TEXT NOT NULL,
  -- What counts and what does not.
  definition TEXT NOT NULL,
  -- share: part of a population. count: a number. yearly_quota: a number in each year. ceiling: not above. relative:
  -- change against the baseline. qualitative: in words.
  kind TEXT NOT NULL CHECK (kind IN ('share', 'count', 'yearly_quota', 'ceiling', 'relative', 'qualitative')),
  -- Unit of its values.
  unit TEXT NOT NULL CHECK (unit IN ('percent', 'persons', 'hours_per_year', 'vacancies')),
  -- Which way is better.
  better TEXT NOT NULL CHECK (better IN ('higher', 'lower', 'neither')),
  -- What stands above the line of a share; for a number what is counted.
  numerator TEXT,
  -- What stands below the line of a share.
  denominator TEXT,
  -- How regions add up. sum: values add up. ratio_of_sums: numerators and denominators add up. latest: the value of
  -- the larger region stands by itself. not_additive: regions cannot be added.
  aggregation TEXT NOT NULL CHECK (aggregation IN ('sum', 'ratio_of_sums', 'latest', 'not_additive')),
  -- The choice moment of the chain it is measured at.
  choice_moment TEXT,
  -- The indicator it stands in for as long as that one has no figures.
  proxy_for TEXT,
  -- Days after which a value says nothing about the course any more.
  max_age_days BIGINT CHECK (max_age_days >= 1),
  -- How far below a target that equals the baseline still counts as holding it, in the unit.
  tolerance DOUBLE PRECISION CHECK (tolerance >= 0),
  -- Who supplies the figure; empty: nobody has promised to.
  supplier TEXT,
  -- From which publication.
  publication TEXT,
  -- Month of the year in which the figure is expected.
  expected_month BIGINT CHECK (expected_month >= 1 AND expected_month <= 12),
  -- What is needed to get the figure, where nobody publishes it.
  needed TEXT,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (goal) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (choice_moment) REFERENCES choice_moment (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (proxy_for) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Definities van indicatoren. Versions of a definition: figures of different versions are not compared.
CREATE TABLE indicator_definition (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- Number of the version.
  version BIGINT NOT NULL CHECK (version >= 1),
  -- First day it holds for; empty: always did.
  valid_from TEXT,
  -- The definition, or what changed.
  body TEXT NOT NULL,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, version),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Streefwaarden van indicatoren. Which target of which edition an indicator is judged by.
CREATE TABLE indicator_target (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- The edition.
  edition TEXT NOT NULL,
  -- The goal.
  goal TEXT NOT NULL,
  -- Number of the target in that goal and edition.
  number BIGINT NOT NULL CHECK (number >= 1),
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, edition, goal, number),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (goal, edition, number) REFERENCES goal_target (goal, edition, number) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Gebieden van indicatoren. The regions an indicator is to be measured for.
CREATE TABLE indicator_region (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- The region.
  region TEXT NOT NULL,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, region),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

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
  -- Day on which another value took its place.
  superseded_on TEXT,
  -- Day on which it was taken from the source, where known.
  retrieved_on TEXT,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, region, period, source, known_from),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Afleidingen. Which rows of an official file count above and below the line of an indicator.
CREATE TABLE derivation (
  -- The indicator.
  indicator TEXT NOT NULL,
  -- The official file.
  dataset TEXT NOT NULL,
  -- numerator or denominator.
  part TEXT NOT NULL CHECK (part IN ('numerator', 'denominator')),
  -- Field of the file, or measure, sex, grade.
  field TEXT NOT NULL,
  -- Texts that count, with * for anything, divided by |.
  match TEXT NOT NULL,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (indicator, part, field),
  FOREIGN KEY (indicator) REFERENCES indicator (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX measurement_by_place ON measurement (region, indicator, day);
