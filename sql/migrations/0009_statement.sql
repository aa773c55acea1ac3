-- SPDX-License-Identifier: EUPL-1.2
-- What is found of a qualitative indicator is words and no number.

-- What was found, in words; only of a qualitative indicator.
ALTER TABLE measurement ADD COLUMN statement TEXT;
