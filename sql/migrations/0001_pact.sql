-- SPDX-License-Identifier: EUPL-1.2
-- The pact: one table per resource of the data package (pacts/*/datapackage.json), with the same columns in the same
-- order. Added to each: seq, the place of the row in its file from 1, so that an export gives the same bytes.
-- Codes are the keys; dates are ISO 8601 texts; booleans are 0 or 1; an empty cell is NULL. Foreign keys wait until the
-- end of the transaction, because a load follows the order of the files and a goal may name a later one.

-- Bronnen. Where every other row comes from. The only resource whose rows cite no source: they are the sources.
CREATE TABLE source (
  code TEXT NOT NULL,  -- Short name of the source.
  title TEXT NOT NULL,  -- Title as the source gives it, or a description.
  publisher TEXT,  -- Who published it.
  -- document: a text of the pact. website, register, compilation: public sources. editors: made by the keepers
  -- of this package. import: a list of actions read into the program.
  kind TEXT NOT NULL CHECK (kind IN ('document', 'website', 'register', 'compilation', 'editors', 'import')),
  published_on TEXT,  -- Date of the text.
  edition TEXT,  -- Edition or period of the source.
  address TEXT,  -- Web address or reference number, as far as known.
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),  -- false: known at second hand or from memory only.
  note TEXT,  -- Limits of the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code)
);

-- Gebieden. Every region the pact counts by, and every municipality that existed in the North since 2013.
CREATE TABLE region (
  -- LD.. landsdeel, PV.. province, CR.. COROP region, AM-.. labour-market region, RPA-.. RPA region, RMC-.. RMC
  -- region, GM.... municipality.
  code TEXT NOT NULL,
  -- What sort of region it is.
  kind TEXT NOT NULL CHECK (kind IN ('country', 'landsdeel', 'province', 'corop', 'labour_market', 'rpa', 'rmc', 'municipality')),
  name TEXT NOT NULL,  -- Official name with its diacritics.
  valid_from TEXT,  -- First day this holds. Empty: since before the data begins.
  valid_to TEXT,  -- Last day this holds. Empty: still holds, or its end is not known.
  -- false: the source itself calls this from memory or assumed; nobody checked it against a register.
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
  note TEXT,  -- What one must know about it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX region_by_kind_name ON region (kind, name);

-- Namen van gebieden. Other names and spellings of a region, so that lists from elsewhere are understood.
CREATE TABLE region_name (
  region TEXT NOT NULL,  -- The region.
  name TEXT NOT NULL,  -- The other name.
  -- variant: other spelling. upper: as some registers write it. former: an older name.
  kind TEXT NOT NULL CHECK (kind IN ('variant', 'upper', 'former')),
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (region, name),
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX region_name_by_name ON region_name (name);

-- Gebied in gebied. Which region lies in which larger region, and when.
CREATE TABLE region_membership (
  region TEXT NOT NULL,  -- The smaller region.
  part_of TEXT NOT NULL,  -- The larger region.
  valid_from TEXT,  -- First day this holds. Empty: since before the data begins.
  valid_to TEXT,  -- Last day this holds. Empty: still holds, or its end is not known.
  -- false: the source itself calls this from memory or assumed; nobody checked it against a register.
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
  note TEXT,  -- How the membership is known when it is derived.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (region, part_of),
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (part_of) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX region_membership_by_part_of ON region_membership (part_of);

-- Gebiedswijzigingen. Every change of municipalities since 2013: one row for each pair of an old and a new
-- municipality.
CREATE TABLE region_change (
  changed_on TEXT NOT NULL,  -- First day of the new situation.
  from_region TEXT NOT NULL,  -- Municipality before the change.
  to_region TEXT NOT NULL,  -- Municipality after the change; the same as before for the part that stays.
  addresses BIGINT CHECK (addresses >= 0),  -- Number of addresses that went over; empty when the source does not say.
  -- Share (0 to 1) of the old municipality's addresses that went to the new one; empty when not known.
  weight DOUBLE PRECISION CHECK (weight >= 0 AND weight <= 1),
  -- merger: whole municipality goes up in a new or other one. split: one municipality over several. boundary: a
  -- part changes hands. rename: only name and code change.
  kind TEXT NOT NULL CHECK (kind IN ('merger', 'split', 'boundary', 'rename')),
  -- false: the source itself calls this from memory or assumed; nobody checked it against a register.
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
  note TEXT,  -- The words of the source.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (changed_on, from_region, to_region),
  FOREIGN KEY (from_region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (to_region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX region_change_by_from_region ON region_change (from_region);
CREATE INDEX region_change_by_to_region ON region_change (to_region);

-- Pact. The pact itself; one row.
CREATE TABLE pact (
  code TEXT NOT NULL,  -- Short name of the pact.
  title TEXT NOT NULL,  -- Name of the pact.
  subtitle TEXT,  -- Its motto.
  region TEXT NOT NULL,  -- The region the pact is for.
  period_start TEXT,  -- First day of the pact's period.
  period_end TEXT,  -- Last day of the pact's period.
  language TEXT NOT NULL,  -- Language of the texts (BCP 47).
  purpose TEXT,  -- What the pact wants, in its own words.
  definition TEXT,  -- What counts as the sector, in its own words.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Versies. The editions in which the goals were laid down.
CREATE TABLE edition (
  code TEXT NOT NULL,  -- Short name of the edition.
  pact TEXT NOT NULL,  -- The pact it belongs to.
  title TEXT NOT NULL,  -- Title of the edition.
  short_title TEXT NOT NULL,  -- Name for headings and tables.
  adopted_on TEXT NOT NULL,  -- Date the edition was adopted.
  supersedes TEXT,  -- The edition it takes the place of.
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),  -- The edition shown first.
  note TEXT,  -- What kind of text it is.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (pact) REFERENCES pact (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (supersedes) REFERENCES edition (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Actielijnen. The three lines by which goals and actions are ordered.
CREATE TABLE action_line (
  code TEXT NOT NULL,  -- Short name of the line.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Order of the lines.
  title TEXT NOT NULL,  -- Title in the document.
  body TEXT NOT NULL,  -- Explanation in the document, verbatim.
  note TEXT,  -- Where the North orders differently.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Doelen. Goals and sub-goals. Their texts and targets stand per edition in goal_text and goal_target.
CREATE TABLE goal (
  code TEXT NOT NULL,  -- Number of the goal, with the letter of the sub-goal: 1, 1a, 6b.
  parent TEXT,  -- The goal a sub-goal belongs to.
  action_line TEXT NOT NULL,  -- The line the goal is placed under.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Number of the goal.
  letter TEXT,  -- Letter of the sub-goal.
  label TEXT NOT NULL,  -- Label for tables, by the keepers of this package where the document gives no title.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (parent) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (action_line) REFERENCES action_line (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX goal_by_parent ON goal (parent);
CREATE INDEX goal_by_action_line ON goal (action_line);

-- Doelteksten. The text of a goal in an edition, verbatim.
CREATE TABLE goal_text (
  goal TEXT NOT NULL,  -- The goal.
  edition TEXT NOT NULL,  -- The edition.
  title TEXT,  -- Title in that edition; empty where the edition gives none (sub-goals).
  body TEXT NOT NULL,  -- Text in that edition, verbatim; a line break separates paragraphs and list items.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (goal, edition),
  FOREIGN KEY (goal) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (edition) REFERENCES edition (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX goal_text_by_edition ON goal_text (edition);

-- Streefwaarden. The measurable results a goal names in an edition; several for a goal whose text names several.
CREATE TABLE goal_target (
  goal TEXT NOT NULL,  -- The goal.
  edition TEXT NOT NULL,  -- The edition.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Order of the results within the goal.
  label TEXT NOT NULL,  -- What is counted, for tables; by the keepers of this package.
  -- share: part of a population. count: a number. yearly_quota: a number in each year. ceiling: not above.
  -- relative: change against the baseline. multiple: times the baseline. minimum_hours: at least so many hours
  -- a year.
  kind TEXT NOT NULL
    CHECK (kind IN ('share', 'count', 'yearly_quota', 'ceiling', 'relative', 'multiple', 'minimum_hours')),
  -- When the target is met: value at least, at most or equal to the target.
  comparator TEXT NOT NULL CHECK (comparator IN ('at_least', 'at_most', 'equal')),
  -- The target. For kind relative the change in percent (-50: halved), for multiple the factor.
  value DOUBLE PRECISION NOT NULL,
  -- Unit of the value.
  unit TEXT NOT NULL CHECK (unit IN ('percent', 'hours_per_year', 'persons_per_year', 'factor')),
  population TEXT,  -- Of whom, in the words of the text as far as possible.
  -- Number of the result of the same goal that this one is a part of (8 of the 16 hours).
  part_of BIGINT CHECK (part_of >= 1),
  baseline_value DOUBLE PRECISION,  -- Value in the baseline year, where the text gives it.
  -- Year of the baseline, where the text gives it.
  baseline_year BIGINT CHECK (baseline_year >= 1900 AND baseline_year <= 2200),
  target_year BIGINT CHECK (target_year >= 1900 AND target_year <= 2200),  -- Year in which the target must be met.
  quote TEXT NOT NULL,  -- The words of the text, verbatim.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (goal, edition, number),
  FOREIGN KEY (goal) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (edition) REFERENCES edition (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX goal_target_by_edition ON goal_target (edition);

-- Keuzemomenten. Moments of choice and movements in the chain choose - learn - work.
CREATE TABLE choice_moment (
  code TEXT NOT NULL,  -- Short name of the moment.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Order along the chain.
  action_line TEXT NOT NULL,  -- The line the moment belongs to.
  title TEXT NOT NULL,  -- Name of the moment.
  from_stage TEXT NOT NULL,  -- Where a person stands before the choice.
  to_stage TEXT NOT NULL,  -- Where the choice leads.
  moment TEXT,  -- When the choice is made, where the document says.
  -- blue: adds technicians. red: loses them (the colours of the arrows in the document).
  direction TEXT NOT NULL CHECK (direction IN ('blue', 'red')),
  quote TEXT NOT NULL,  -- The words of the text, verbatim.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (action_line) REFERENCES action_line (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Keuzemomenten en doelen. Which goals want to change which moment.
CREATE TABLE choice_moment_goal (
  choice_moment TEXT NOT NULL,  -- The moment.
  goal TEXT NOT NULL,  -- The goal.
  -- stated: the source itself says so. read: our reading of the source, with the reasoning beside it.
  basis TEXT NOT NULL CHECK (basis IN ('stated', 'read')),
  reasoning TEXT,  -- Why the link is thought to hold; for a stated link the words of the source.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (choice_moment, goal),
  FOREIGN KEY (choice_moment) REFERENCES choice_moment (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (goal) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX choice_moment_goal_by_goal ON choice_moment_goal (goal);

-- Kaders. Sets of actions or targets made elsewhere that goals and actions are mapped on.
CREATE TABLE framework (
  code TEXT NOT NULL,  -- Short name of the framework.
  title TEXT NOT NULL,  -- Name of the framework.
  publisher TEXT,  -- Who made it.
  adopted_on TEXT,  -- Date it was adopted; empty when not known.
  year BIGINT CHECK (year >= 1900 AND year <= 2200),  -- Year of the framework.
  note TEXT,  -- What one must know about it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Onderdelen van kaders. The numbered items of a framework; an item whose title is not known is an open slot.
CREATE TABLE framework_item (
  code TEXT NOT NULL,  -- Code of the item, unique over all frameworks.
  framework TEXT NOT NULL,  -- The framework.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Number in the framework.
  -- known: the source gives its title or content. open: the number exists, its title is not known here.
  status TEXT NOT NULL CHECK (status IN ('known', 'open')),
  title TEXT,  -- Title; empty for an open slot.
  quote TEXT,  -- The words of the source, verbatim.
  note TEXT,  -- What is and is not known about it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (framework) REFERENCES framework (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX framework_item_by_framework_number ON framework_item (framework, number);

-- Kaders en doelen. Which goal answers to which item of a framework.
CREATE TABLE framework_link (
  framework_item TEXT NOT NULL,  -- The item.
  goal TEXT NOT NULL,  -- The goal.
  -- stated: the source itself says so. read: our reading of the source, with the reasoning beside it.
  basis TEXT NOT NULL CHECK (basis IN ('stated', 'read')),
  reasoning TEXT,  -- Why the link is thought to hold; for a stated link the words of the source.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (framework_item, goal),
  FOREIGN KEY (framework_item) REFERENCES framework_item (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (goal) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX framework_link_by_goal ON framework_link (goal);

-- Programmalijnen. The programme lines and the conditions beside them.
CREATE TABLE programme_line (
  code TEXT NOT NULL,  -- Short name of the programme line.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Order in the document.
  -- programme_line: numbered so in the document. condition: what must be in order besides.
  kind TEXT NOT NULL CHECK (kind IN ('programme_line', 'condition')),
  title TEXT NOT NULL,  -- Title in the document.
  body TEXT NOT NULL,  -- Text in the document, verbatim.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Speerpunten. The concrete focal actions the document names under each programme line.
CREATE TABLE focal_action (
  code TEXT NOT NULL,  -- Short name of the focal action.
  programme_line TEXT NOT NULL,  -- The programme line it stands under.
  number BIGINT NOT NULL CHECK (number >= 1),  -- Order within the document.
  title TEXT NOT NULL,  -- Title in the document.
  body TEXT NOT NULL,  -- Text in the document, verbatim.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (programme_line) REFERENCES programme_line (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX focal_action_by_programme_line ON focal_action (programme_line);

-- Speerpunten en actielijnen. Which action line a focal action concerns.
CREATE TABLE focal_action_line (
  focal_action TEXT NOT NULL,  -- The focal action.
  action_line TEXT NOT NULL,  -- The line.
  extent TEXT,  -- How far, in the words of the document.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (focal_action, action_line),
  FOREIGN KEY (focal_action) REFERENCES focal_action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (action_line) REFERENCES action_line (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX focal_action_line_by_action_line ON focal_action_line (action_line);

-- Speerpunten en kaders. Which item of a framework a focal action answers to.
CREATE TABLE focal_action_framework (
  focal_action TEXT NOT NULL,  -- The focal action.
  framework_item TEXT NOT NULL,  -- The item.
  -- stated: the source itself says so. read: our reading of the source, with the reasoning beside it.
  basis TEXT NOT NULL CHECK (basis IN ('stated', 'read')),
  reasoning TEXT,  -- Why the link is thought to hold; for a stated link the words of the source.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (focal_action, framework_item),
  FOREIGN KEY (focal_action) REFERENCES focal_action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (framework_item) REFERENCES framework_item (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX focal_action_framework_by_framework_item ON focal_action_framework (framework_item);

-- Onderwijssectoren. Sectors of education an action can be for.
CREATE TABLE education_sector (
  code TEXT NOT NULL,  -- Short name.
  title TEXT NOT NULL,  -- Name for pages.
  note TEXT,  -- What falls under it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Technische sectoren. Technical sectors an action can be for.
CREATE TABLE technical_sector (
  code TEXT NOT NULL,  -- Short name.
  title TEXT NOT NULL,  -- Name for pages.
  note TEXT,  -- What falls under it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Doelgroepen. Groups of people an action can be for.
CREATE TABLE audience (
  code TEXT NOT NULL,  -- Short name.
  title TEXT NOT NULL,  -- Name for pages.
  note TEXT,  -- What falls under it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Soorten organisaties. The types of organisation, and on whose side of the table they sit.
CREATE TABLE organisation_type (
  code TEXT NOT NULL,  -- Short name of the type.
  title TEXT NOT NULL,  -- Name of the type.
  -- Which of the three parties the type belongs to.
  side TEXT NOT NULL CHECK (side IN ('business', 'education', 'government', 'other')),
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Organisaties. Everybody the document names as a partner. Never a person.
CREATE TABLE organisation (
  code TEXT NOT NULL,  -- Short name of the organisation.
  name TEXT NOT NULL,  -- Name, spelled as the organisation did.
  short_name TEXT,  -- Name for tables.
  organisation_type TEXT NOT NULL,  -- Type of organisation.
  education_sector TEXT,  -- For a school: its main sector.
  region TEXT,  -- Region of a government or of an organisation that works in one region only, where known.
  valid_from TEXT,  -- First day this holds. Empty: since before the data begins.
  valid_to TEXT,  -- Last day this holds. Empty: still holds, or its end is not known.
  note TEXT,  -- What one must know about it.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (organisation_type) REFERENCES organisation_type (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (education_sector) REFERENCES education_sector (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organisation_by_organisation_type ON organisation (organisation_type);

-- Namen van organisaties. Other names and spellings, with the one printed in the document.
CREATE TABLE organisation_name (
  organisation TEXT NOT NULL,  -- The organisation.
  name TEXT NOT NULL,  -- The other name.
  -- printed: as the document prints it. variant: other spelling. former: an older name.
  kind TEXT NOT NULL CHECK (kind IN ('printed', 'variant', 'former')),
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (organisation, name),
  FOREIGN KEY (organisation) REFERENCES organisation (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organisation_name_by_name ON organisation_name (name);

-- Opvolgers van organisaties. What became of an organisation after 2013.
CREATE TABLE organisation_successor (
  organisation TEXT NOT NULL,  -- The earlier organisation.
  successor TEXT NOT NULL,  -- The later organisation.
  year BIGINT CHECK (year >= 1900 AND year <= 2200),  -- Year of the succession; empty when not known.
  kind TEXT NOT NULL CHECK (kind IN ('merger', 'takeover', 'rename')),  -- How it came about.
  -- false: the source itself calls this from memory or assumed; nobody checked it against a register.
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
  note TEXT,  -- The words of the source.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (organisation, successor),
  FOREIGN KEY (organisation) REFERENCES organisation (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (successor) REFERENCES organisation (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organisation_successor_by_successor ON organisation_successor (successor);

-- Rollen van organisaties. What part an organisation has in the pact.
CREATE TABLE organisation_role (
  organisation TEXT NOT NULL,  -- The organisation.
  -- stakeholder: list of section 5. steering: represented in the guidance group (6.1). coordination:
  -- represented in the working group (6.2). support: named as supporter. programme: named as owner of a
  -- programme or place.
  role TEXT NOT NULL CHECK (role IN ('stakeholder', 'steering', 'coordination', 'support', 'programme')),
  seats BIGINT CHECK (seats >= 0),  -- Number of representatives the document lists.
  chair INTEGER CHECK (chair IN (0, 1)),  -- The organisation provides the chair.
  note TEXT,  -- Particulars of the listing.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (organisation, role),
  FOREIGN KEY (organisation) REFERENCES organisation (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX organisation_role_by_role ON organisation_role (role);

-- Acties. The registry: every activity and every structure-strengthening initiative.
CREATE TABLE action (
  code TEXT NOT NULL,  -- Short name of the action.
  title TEXT NOT NULL,  -- Name of the action.
  description TEXT,  -- What it is.
  line TEXT,  -- The line it is counted under; empty when not known.
  kind TEXT CHECK (kind IN ('activity', 'structure')),  -- activity, or something that strengthens the structure.
  -- Of an activity: once or structural. Of a structure: project, platform, approach, education_concept or
  -- collaboration.
  form TEXT
    CHECK (form IN ('once', 'structural', 'project', 'platform', 'approach', 'education_concept',
      'collaboration')),
  -- A national action carried out in the region, or a regional one.
  level TEXT CHECK (level IN ('national', 'regional')),
  period_start TEXT,  -- First day.
  period_end TEXT,  -- Last day.
  -- How often it comes back.
  recurrence TEXT CHECK (recurrence IN ('yearly', 'twice_a_year', 'quarterly', 'monthly', 'weekly', 'irregular')),
  owner TEXT,  -- The organisation that owns the action.
  -- State of execution, as its owner says.
  status TEXT CHECK (status IN ('planned', 'running', 'paused', 'completed', 'stopped')),
  cost_cents BIGINT CHECK (cost_cents >= 0),  -- Total cost in cents of a euro.
  participants BIGINT CHECK (participants >= 0),  -- Number of participants, a year for a recurring action.
  quality TEXT,  -- What is known of its quality.
  yield TEXT,  -- What is known of its results.
  evidence TEXT,  -- Where its working was shown.
  confirmed_on TEXT,  -- Day on which a person last confirmed that this is true.
  focal_action TEXT,  -- The focal action of the pact that this entry registers.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (line) REFERENCES action_line (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (owner) REFERENCES organisation (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (focal_action) REFERENCES focal_action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_by_line ON action (line);
CREATE INDEX action_by_owner ON action (owner);
CREATE INDEX action_by_focal_action ON action (focal_action);

-- Acties en doelen. Which goals an action contributes to.
CREATE TABLE action_goal (
  action TEXT NOT NULL,  -- The action.
  goal TEXT NOT NULL,  -- The goal or sub-goal.
  -- positive: brings the goal nearer. negative: works against it.
  direction TEXT CHECK (direction IN ('positive', 'negative')),
  strength TEXT CHECK (strength IN ('weak', 'medium', 'strong')),  -- How much it is thought to contribute.
  reasoning TEXT,  -- Why it is thought to contribute.
  evidence TEXT,  -- Where that was shown.
  confidence TEXT CHECK (confidence IN ('low', 'medium', 'high')),  -- How sure the link is.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, goal),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (goal) REFERENCES goal (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_goal_by_goal ON action_goal (goal);

-- Acties en gebieden. Where an action reaches: the landsdeel, provinces or municipalities (codes of any year).
CREATE TABLE action_region (
  action TEXT NOT NULL,  -- The action.
  region TEXT NOT NULL,  -- The region.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, region),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (region) REFERENCES region (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_region_by_region ON action_region (region);

-- Acties en onderwijssectoren. For which sectors of education an action is.
CREATE TABLE action_education_sector (
  action TEXT NOT NULL,  -- The action.
  education_sector TEXT NOT NULL,  -- The sector.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, education_sector),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (education_sector) REFERENCES education_sector (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_education_sector_by_education_sector ON action_education_sector (education_sector);

-- Acties en technische sectoren. For which technical sectors an action is.
CREATE TABLE action_technical_sector (
  action TEXT NOT NULL,  -- The action.
  technical_sector TEXT NOT NULL,  -- The sector.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, technical_sector),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (technical_sector) REFERENCES technical_sector (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_technical_sector_by_technical_sector ON action_technical_sector (technical_sector);

-- Acties en doelgroepen. For whom an action is.
CREATE TABLE action_audience (
  action TEXT NOT NULL,  -- The action.
  audience TEXT NOT NULL,  -- The group.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, audience),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (audience) REFERENCES audience (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_audience_by_audience ON action_audience (audience);

-- Acties en partners. Who takes part in an action besides its owner.
CREATE TABLE action_partner (
  action TEXT NOT NULL,  -- The action.
  organisation TEXT NOT NULL,  -- The partner.
  role TEXT,  -- What the partner does, in words.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, organisation),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (organisation) REFERENCES organisation (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_partner_by_organisation ON action_partner (organisation);

-- Acties en kaders. Which item of a framework an action answers to.
CREATE TABLE action_framework (
  action TEXT NOT NULL,  -- The action.
  framework_item TEXT NOT NULL,  -- The item.
  -- stated: the source itself says so. read: our reading of the source, with the reasoning beside it.
  basis TEXT NOT NULL CHECK (basis IN ('stated', 'read')),
  reasoning TEXT,  -- Why the link is thought to hold; for a stated link the words of the source.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (action, framework_item),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (framework_item) REFERENCES framework_item (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX action_framework_by_framework_item ON action_framework (framework_item);

-- Gepubliceerde totalen. Numbers the pact published itself, to stand beside the registered ones.
CREATE TABLE published_total (
  code TEXT NOT NULL,  -- Short name of the number.
  as_of TEXT NOT NULL,  -- Day the number holds for.
  measure TEXT NOT NULL CHECK (measure IN ('actions')),  -- What was counted.
  action_line TEXT,  -- The line it is of; empty for the total.
  value BIGINT NOT NULL CHECK (value >= 0),  -- The number.
  quote TEXT NOT NULL,  -- The words of the text, verbatim.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (action_line) REFERENCES action_line (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);

-- Aannames. What we assumed, what the sources contradict each other in, and what is not known; per row and field.
CREATE TABLE assumption (
  code TEXT NOT NULL,  -- Short name.
  -- assumption: we chose a value. inconsistency: sources disagree. gap: not known.
  kind TEXT NOT NULL CHECK (kind IN ('assumption', 'inconsistency', 'gap')),
  resource TEXT NOT NULL,  -- The resource it is about.
  row_key TEXT,  -- Primary key of the row, parts joined by |; empty: the resource as a whole.
  field TEXT,  -- The field; empty: the row as a whole.
  statement TEXT NOT NULL,  -- What is assumed, contradicted or not known, and why.
  source TEXT NOT NULL,  -- The source that says this.
  source_section TEXT,  -- Section of the document, or the place in the source.
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX assumption_by_resource_row_key ON assumption (resource, row_key);

-- Tables of the program itself: no part of the package, never exported with it.

-- The descriptor of the loaded package, kept as it was so that an export gives it back unchanged.
CREATE TABLE pact_package (
  name TEXT NOT NULL,        -- Name in the descriptor; there is one row.
  descriptor TEXT NOT NULL,  -- The text of datapackage.json, byte for byte.
  loaded_at TEXT NOT NULL,   -- Moment of loading, ISO 8601 in UTC.
  PRIMARY KEY (name)
);

-- The person to ask about an action. Never exported, never on a public page, never in the API or the log.
CREATE TABLE action_contact (
  action TEXT NOT NULL,   -- The action.
  name TEXT NOT NULL,     -- Name of the person or of the desk.
  contact TEXT,           -- E-mail address or telephone number.
  PRIMARY KEY (action, name),
  FOREIGN KEY (action) REFERENCES action (code) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

-- What a search looks in: title, description and owner as Dutch word stems without diacritics. Derived; may be rebuilt.
CREATE TABLE action_search (
  action TEXT NOT NULL,  -- The action.
  stems TEXT NOT NULL,   -- Stems separated by spaces.
  PRIMARY KEY (action),
  FOREIGN KEY (action) REFERENCES action (code) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

-- One row for each import of actions that went through, also when nothing was new. A refused one changes nothing at all, so
-- it is not here. For the administrator; no page, interface or package shows it.
CREATE TABLE import_log (
  seq BIGINT NOT NULL,         -- Order of the imports, from 1.
  imported_at TEXT NOT NULL,   -- Moment, ISO 8601 in UTC.
  file_name TEXT NOT NULL,     -- Name of the file without its folder.
  rows_read BIGINT NOT NULL,   -- Rows below the headings.
  added BIGINT NOT NULL,       -- Actions that were new.
  changed BIGINT NOT NULL,     -- Actions of which at least one field changed.
  unchanged BIGINT NOT NULL,   -- Actions in the file that were already so.
  PRIMARY KEY (seq)
);
