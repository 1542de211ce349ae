//! Table `schema_migrations_journal`: how far the statements of a file have come.

/// Makes the table.
pub(crate) const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations_journal (\
    version VARCHAR(50) NOT NULL, direction VARCHAR(4) NOT NULL, statement INT NOT NULL, digest CHAR(64) NOT NULL, \
    state VARCHAR(10) NOT NULL, before_digest CHAR(64) NULL, \
    started_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), milliseconds BIGINT NULL, note VARCHAR(255) NULL, \
    PRIMARY KEY (version, direction, statement)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";
