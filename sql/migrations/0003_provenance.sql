-- SPDX-License-Identifier: EUPL-1.2
-- Who stands behind a figure: who supplied it, who entered it, who approved it and when; what period an indicator is
-- measured by, so that a figure that was never supplied can be asked for; under which licence a source is used.

-- Which period a figure of this indicator is about; empty: not agreed.
ALTER TABLE indicator ADD COLUMN period_kind TEXT CHECK (period_kind IN ('calendar_year', 'school_year', 'quarter', 'reference_date'));

-- Why this figure leads, where sources disagree.
ALTER TABLE measurement ADD COLUMN leading_reason TEXT;
-- Who supplied the figure, where it was not taken from a publication.
ALTER TABLE measurement ADD COLUMN supplied_by TEXT;
-- Which function or organisation entered it; never a person's name, the figures are public.
ALTER TABLE measurement ADD COLUMN entered_by TEXT;
-- Which function or organisation approved it; empty: nobody has.
ALTER TABLE measurement ADD COLUMN approved_by TEXT;
-- Day on which it was approved.
ALTER TABLE measurement ADD COLUMN approved_on TEXT;

-- Day on which it was last taken from its address, where known.
ALTER TABLE source ADD COLUMN retrieved_on TEXT;
-- Licence under which it may be used, where known.
ALTER TABLE source ADD COLUMN licence TEXT;
