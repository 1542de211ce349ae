-- The table of this crate as the end of the migrations leaves it.

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
