-- The tables of this crate as the end of the migrations leaves them.

CREATE TABLE lookup_types (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE lookup_values (
    id INT NOT NULL AUTO_INCREMENT,
    lookup_type_id INT NOT NULL,
    code VARCHAR(50) NOT NULL,
    value VARCHAR(255) NOT NULL,
    description TEXT NULL,
    is_active TINYINT(1) NULL DEFAULT 1,
    sort_order INT NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY unique_lookup_code (lookup_type_id, code),
    KEY idx_code (code),
    KEY idx_is_active (is_active),
    FOREIGN KEY (lookup_type_id) REFERENCES lookup_types (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
