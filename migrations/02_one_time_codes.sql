-- Migration: one time codes
-- Version:   02
-- What for:  one-time codes that are stored as a keyed hash only, counted, bound to a purpose and used once.
-- Way back:  R02_one_time_codes.sql
--
-- code       becomes nullable: we write NULL there and never the plain code. A Python system that runs beside us
--            compares this column, and no comparison matches NULL.
-- user_id    becomes nullable: a request for an unknown user writes a row too (a decoy without a user), so that
--            both answers cost the same work and time.
-- code_mac   the HMAC-SHA256 of the code.
-- attempts   tries that were made at the code.
-- consumed_at when the code was used; NULL while it still can be.
-- The new index finds the newest code of a user and purpose; idx_user_id is its beginning and therefore goes.

ALTER TABLE otps
    MODIFY COLUMN user_id INT NULL,
    MODIFY COLUMN code VARCHAR(10) NULL,
    ADD COLUMN purpose VARCHAR(20) NOT NULL DEFAULT 'login',
    ADD COLUMN code_mac BINARY(32) NULL,
    ADD COLUMN attempts TINYINT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN consumed_at TIMESTAMP NULL,
    ADD KEY idx_user_purpose (user_id, purpose, id),
    DROP KEY idx_user_id;
