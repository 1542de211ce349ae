-- What years of use leave in such a database.

-- Rows written by hand or by older programs, with NULL where there is a default.
UPDATE lookup_values SET is_active = NULL, sort_order = NULL, description = NULL, created_at = NULL WHERE code = 'second';
UPDATE grid_metadata SET is_active = NULL, description = NULL, created_at = NULL, updated_at = NULL WHERE id = 2;
UPDATE result_display_config SET hidden = NULL, ellipsis = NULL, created_at = NULL, updated_at = NULL WHERE id = 3;
INSERT INTO users (id, username, email, is_active, is_admin) VALUES
    (4, 'vera', 'vera@school.example', 1, NULL), (5, 'olin', 'olin@school.example', NULL, NULL),
    -- A name that is somebody's e-mail address, and one that is nothing.
    (6, 'mira@school.example', 'somebody.else@school.example', 1, NULL), (7, '', 'nameless@school.example', 1, 0);
-- Creates that failed after their row was written, and were tried again.
INSERT INTO result_display_config (id, gridNameId, displayId, title, sortIndex) VALUES
    (11, 'pupils_1', 'name', 'Name again', 1), (12, 'pupils_1', 'NAME', 'Name once more', 3), (13, 'lessons_1', 'day', 'Day, too', 1);
-- A column whose grid went while a dump was loaded.
SET foreign_key_checks = 0;
INSERT INTO result_display_config (id, gridNameId, displayId, title, sortIndex) VALUES (14, 'gone_1', 'x', 'X', 1);
SET foreign_key_checks = 1;
-- Codes in plain text: used, still good, and one that nobody knows about.
INSERT INTO otps (id, user_id, code, expires_at, is_used) VALUES
    (1, 2, '123456', '2025-03-01 08:05:00', 1), (2, 2, '654321', NOW() + INTERVAL 1 DAY, 0), (3, 4, '111222', NOW() + INTERVAL 1 DAY, NULL);
-- Files that were edited, or checked out with other line ends, and one whose checksum was never written.
UPDATE schema_migrations SET checksum = '0123456789abcdef0123456789abcdef' WHERE version = '01';
UPDATE schema_migrations SET checksum = NULL WHERE version = '02';
