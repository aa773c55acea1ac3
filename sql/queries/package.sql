-- SPDX-License-Identifier: EUPL-1.2

-- name: package_descriptor
-- The descriptor of the loaded package; no row when no pact was loaded.
SELECT name, descriptor, loaded_at FROM pact_package;

-- name: package_remember
-- Keeps the descriptor.
INSERT INTO pact_package (name, descriptor, loaded_at) VALUES ($1, $2, $3);
