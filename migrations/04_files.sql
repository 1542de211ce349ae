-- Migration: files
-- Version:   04
-- What for:  a row for each file that somebody uploads: who owns it, and under which key the bucket has it.
-- Way back:  R04_files.sql
--
-- object_key is compared byte by byte, as the bucket does; 1,024 bytes are the longest key of S3.
-- owner_id   the user. No foreign key: with the row of a deleted user would go the only trace of what he left in the
--            bucket. Such files are within reach of administrators.
-- size       in bytes; 0 while a file of unknown length is on its way.
-- state      `pending` until the whole content is in the bucket, then `stored`.
-- idx_owner finds the newest files of a user, idx_state what has been pending for long.

CREATE TABLE files (
    id INT NOT NULL AUTO_INCREMENT,
    object_key VARBINARY(1024) NOT NULL,
    owner_id INT NOT NULL,
    name VARCHAR(255) NOT NULL,
    size BIGINT UNSIGNED NOT NULL DEFAULT 0,
    content_type VARCHAR(255) NOT NULL,
    sha256 BINARY(32) NULL,
    state VARCHAR(20) NOT NULL DEFAULT 'pending',
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY object_key (object_key),
    KEY idx_owner (owner_id, id),
    KEY idx_state (state, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
