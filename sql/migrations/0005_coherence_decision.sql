-- SPDX-License-Identifier: EUPL-1.2
-- What was decided about two actions that could be doublings. Same form as 0001: seq is the row's place in its file.

-- Besluiten over samenhang. What was decided about two actions that could be doublings; only ever added: a new decision
-- supersedes.
CREATE TABLE coherence_decision (
  -- Short name of the decision.
  code TEXT NOT NULL,
  -- One of the two actions.
  action TEXT NOT NULL,
  -- The other one; which of the two stands first has no meaning.
  other TEXT NOT NULL,
  -- merge: make one of them. align: keep both and attune them. stop: end one of them. keep: they are no doubling.
  decision TEXT NOT NULL CHECK (decision IN ('merge', 'align', 'stop', 'keep')),
  -- Function or organisation that decided; never a person's name.
  decided_by TEXT NOT NULL,
  -- Day of the decision.
  decided_on TEXT NOT NULL,
  -- Why, in their words.
  reason TEXT NOT NULL,
  -- What the two actions said when it was decided, as two checksums; empty: not kept.
  content TEXT,
  -- Day on which the decision was entered.
  known_from TEXT NOT NULL,
  -- Day on which another decision took its place, or it was withdrawn.
  superseded_on TEXT,
  -- The source that says this.
  source TEXT NOT NULL,
  -- Section of the document, or the place in the source.
  source_section TEXT,
  seq INTEGER NOT NULL,  -- Place of the row in its file, from 1.
  PRIMARY KEY (code),
  FOREIGN KEY (action) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (other) REFERENCES action (code) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (source) REFERENCES source (code) DEFERRABLE INITIALLY DEFERRED
);
