-- Migration: one time codes, the way back
-- Version:   02
-- What for:  gives table otps the shape of 01 again.
--
-- Rows without a plain code or without a user cannot be held by the old shape and are deleted first. A code lives
-- five minutes: whoever is just signing in asks for a new one.
--
-- These hold for the step too, whose own file must not change any more, since it has been applied:
-- migrate: allow locking-index: otps holds the codes of some minutes and is never large

DELETE FROM otps WHERE code IS NULL OR user_id IS NULL;

ALTER TABLE otps
    ADD KEY idx_user_id (user_id),
    DROP KEY idx_user_purpose,
    DROP COLUMN consumed_at,
    DROP COLUMN attempts,
    DROP COLUMN code_mac,
    DROP COLUMN purpose,
    MODIFY COLUMN code VARCHAR(10) NOT NULL,
    MODIFY COLUMN user_id INT NOT NULL;
