-- Migration: initial schema
-- Version:   01
-- What for:  users and their one-time codes, grids and their columns, lookup types and their values.
-- Way back:  R01_initial_schema.sql
--
-- The tables of the Python system, with its names, types and nullability, so that both can work on one database.
-- Left out are the indexes that a UNIQUE key or a wider index already gives. Engine and character set are said
-- for each table, so that the result does not depend on how the database was created.

CREATE TABLE users (
    id INT NOT NULL AUTO_INCREMENT,
    username VARCHAR(50) NOT NULL,
    email VARCHAR(100) NOT NULL,
    phone VARCHAR(20) NULL,
    is_active TINYINT(1) NULL DEFAULT 1,
    is_admin TINYINT(1) NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY username (username),
    UNIQUE KEY email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE otps (
    id INT NOT NULL AUTO_INCREMENT,
    user_id INT NOT NULL,
    code VARCHAR(10) NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    is_used TINYINT(1) NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_user_id (user_id),
    KEY idx_code (code),
    KEY idx_expires_at (expires_at),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE grid_metadata (
    id INT NOT NULL AUTO_INCREMENT,
    gridName VARCHAR(100) NOT NULL,
    gridNameId VARCHAR(50) NOT NULL,
    description TEXT NULL,
    is_active TINYINT(1) NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY gridName (gridName),
    UNIQUE KEY gridNameId (gridNameId),
    KEY idx_active (is_active)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE result_display_config (
    id INT NOT NULL AUTO_INCREMENT,
    gridNameId VARCHAR(50) NOT NULL,
    displayId VARCHAR(100) NOT NULL,
    title VARCHAR(255) NOT NULL,
    hidden TINYINT(1) NULL DEFAULT 0,
    width INT NULL,
    sortIndex INT NOT NULL,
    ellipsis TINYINT(1) NULL DEFAULT 0,
    align VARCHAR(20) NULL,
    dbDataType VARCHAR(50) NULL,
    codeDataType VARCHAR(50) NULL,
    format VARCHAR(100) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_grid_name_id (gridNameId),
    KEY idx_sort_index (sortIndex),
    KEY idx_display_id (displayId),
    FOREIGN KEY (gridNameId) REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

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
