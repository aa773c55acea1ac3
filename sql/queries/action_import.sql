-- SPDX-License-Identifier: EUPL-1.2
-- Reading an action list into the registry: the names a file may use, what is there already, and writing.

-- name: import_line_names
-- Action lines by code, title and the first word of the title.
SELECT code, code FROM action_line UNION ALL SELECT code, title FROM action_line;

-- name: import_goal_names
-- Goals by code.
SELECT code, code FROM goal;

-- name: import_education_names
-- Education sectors by code and title.
SELECT code, code FROM education_sector UNION ALL SELECT code, title FROM education_sector;

-- name: import_technical_names
-- Technical sectors by code and title.
SELECT code, code FROM technical_sector UNION ALL SELECT code, title FROM technical_sector;

-- name: import_audience_names
-- Audiences by code and title.
SELECT code, code FROM audience UNION ALL SELECT code, title FROM audience;

-- name: import_source_names
-- Sources by code.
SELECT code, code FROM source;

-- name: import_organisation_names
-- Organisations by code, name, short name and every other name.
SELECT code, code FROM organisation UNION ALL SELECT code, name FROM organisation
UNION ALL SELECT code, short_name FROM organisation UNION ALL SELECT organisation, name FROM organisation_name;

-- name: import_region_names
-- Regions of any time by name and every other name; provinces and municipalities first.
SELECT r.code, r.name, r.kind, CASE WHEN r.kind IN ('landsdeel', 'province', 'municipality') THEN 0 ELSE 1 END AS rank
FROM region r
UNION ALL
SELECT r.code, n.name, r.kind, CASE WHEN r.kind IN ('landsdeel', 'province', 'municipality') THEN 0 ELSE 1 END
FROM region_name n JOIN region r ON r.code = n.region
ORDER BY 4, 1;

-- name: import_known_actions
-- What an action without a code is recognised by.
SELECT code, title, owner FROM action;

-- name: import_known_regions
-- Reach per action.
SELECT action, region FROM action_region;

-- name: import_action
-- An action as it is stored, in the order of the columns that are written.
SELECT title, description, line, kind, form, level, period_start, period_end, recurrence, owner, status, cost_cents,
  participants, quality, yield, evidence, confirmed_on, source, source_section
FROM action WHERE code = $1;

-- name: import_insert_action
-- A new action.
INSERT INTO action (title, description, line, kind, form, level, period_start, period_end, recurrence, owner, status,
  cost_cents, participants, quality, yield, evidence, confirmed_on, source, source_section, code, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21);

-- name: import_update_action
-- An existing action.
UPDATE action SET title = $1, description = $2, line = $3, kind = $4, form = $5, level = $6, period_start = $7,
  period_end = $8, recurrence = $9, owner = $10, status = $11, cost_cents = $12, participants = $13, quality = $14,
  yield = $15, evidence = $16, confirmed_on = $17, source = $18, source_section = $19
WHERE code = $20;

-- name: import_goals
-- Goals of an action.
SELECT goal FROM action_goal WHERE action = $1 ORDER BY seq;
-- name: import_goal_put
-- Adds a goal.
INSERT INTO action_goal (action, goal, source, source_section, seq) VALUES ($1, $2, $3, $4, $5);
-- name: import_goal_drop
-- Takes a goal away.
DELETE FROM action_goal WHERE action = $1 AND goal = $2;

-- name: import_regions
-- Reach of an action.
SELECT region FROM action_region WHERE action = $1 ORDER BY seq;
-- name: import_region_put
-- Adds a region.
INSERT INTO action_region (action, region, source, source_section, seq) VALUES ($1, $2, $3, $4, $5);
-- name: import_region_drop
-- Takes a region away.
DELETE FROM action_region WHERE action = $1 AND region = $2;

-- name: import_educations
-- Education sectors of an action.
SELECT education_sector FROM action_education_sector WHERE action = $1 ORDER BY seq;
-- name: import_education_put
-- Adds an education sector.
INSERT INTO action_education_sector (action, education_sector, source, source_section, seq) VALUES ($1, $2, $3, $4, $5);
-- name: import_education_drop
-- Takes an education sector away.
DELETE FROM action_education_sector WHERE action = $1 AND education_sector = $2;

-- name: import_technicals
-- Technical sectors of an action.
SELECT technical_sector FROM action_technical_sector WHERE action = $1 ORDER BY seq;
-- name: import_technical_put
-- Adds a technical sector.
INSERT INTO action_technical_sector (action, technical_sector, source, source_section, seq) VALUES ($1, $2, $3, $4, $5);
-- name: import_technical_drop
-- Takes a technical sector away.
DELETE FROM action_technical_sector WHERE action = $1 AND technical_sector = $2;

-- name: import_audiences
-- Audiences of an action.
SELECT audience FROM action_audience WHERE action = $1 ORDER BY seq;
-- name: import_audience_put
-- Adds an audience.
INSERT INTO action_audience (action, audience, source, source_section, seq) VALUES ($1, $2, $3, $4, $5);
-- name: import_audience_drop
-- Takes an audience away.
DELETE FROM action_audience WHERE action = $1 AND audience = $2;

-- name: import_partners
-- Partners of an action.
SELECT organisation FROM action_partner WHERE action = $1 ORDER BY seq;
-- name: import_partner_put
-- Adds a partner.
INSERT INTO action_partner (action, organisation, source, source_section, seq) VALUES ($1, $2, $3, $4, $5);
-- name: import_partner_drop
-- Takes a partner away.
DELETE FROM action_partner WHERE action = $1 AND organisation = $2;

-- name: import_last_places
-- The last place in every table that an import adds to.
SELECT (SELECT COALESCE(MAX(seq), 0) FROM action), (SELECT COALESCE(MAX(seq), 0) FROM action_goal),
  (SELECT COALESCE(MAX(seq), 0) FROM action_region), (SELECT COALESCE(MAX(seq), 0) FROM action_education_sector),
  (SELECT COALESCE(MAX(seq), 0) FROM action_technical_sector), (SELECT COALESCE(MAX(seq), 0) FROM action_audience),
  (SELECT COALESCE(MAX(seq), 0) FROM action_partner), (SELECT COALESCE(MAX(seq), 0) FROM assumption),
  (SELECT COALESCE(MAX(seq), 0) FROM organisation), (SELECT COALESCE(MAX(seq), 0) FROM source);

-- name: import_code_taken
-- Whether an action has this code.
SELECT 1 FROM action WHERE code = $1;

-- name: import_source_taken
-- Whether a source has this code.
SELECT 1 FROM source WHERE code = $1;

-- name: import_source_put
-- The file as a source of what it adds.
INSERT INTO source (code, title, kind, published_on, verified, seq) VALUES ($1, $2, 'register', $3, 1, $4);

-- name: import_organisation_taken
-- Whether an organisation has this code.
SELECT 1 FROM organisation WHERE code = $1;

-- name: import_unknown_type
-- The type of organisations of which only the name is known, in a pact that does not have it yet.
INSERT INTO organisation_type (code, title, side, source, seq)
SELECT 'unknown', 'Niet bekend', 'other', $1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM organisation_type)
WHERE NOT EXISTS (SELECT 1 FROM organisation_type WHERE code = 'unknown');

-- name: import_organisation_put
-- An organisation that only the file knows.
INSERT INTO organisation (code, name, organisation_type, source, seq) VALUES ($1, $2, 'unknown', $3, $4);

-- name: import_assumption_put
-- A value that was assumed.
INSERT INTO assumption (code, kind, resource, row_key, field, statement, source, seq)
VALUES ($1, 'assumption', 'action', $2, $3, $4, $5, $6);

-- name: import_assumption_drop
-- The value is known now.
DELETE FROM assumption WHERE code = $1 AND resource = 'action' AND row_key = $2;

-- name: import_contacts
-- The contact of an action.
SELECT name, contact FROM action_contact WHERE action = $1;

-- name: import_contacts_drop
-- Forgets the contacts of an action.
DELETE FROM action_contact WHERE action = $1;

-- name: import_contact_put
-- The contact of an action.
INSERT INTO action_contact (action, name, contact) VALUES ($1, $2, $3);

-- name: import_log_put
-- One import that went through.
INSERT INTO import_log (seq, imported_at, file_name, rows_read, added, changed, unchanged)
SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3, $4, $5, $6 FROM import_log;
