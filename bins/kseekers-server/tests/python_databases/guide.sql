-- A database as the guide's version of the Python system makes it: the tables of its 01 and 02, indexes that say the
-- same twice included, neither engine nor character set said; the ledger; and what administrators and users put in.

CREATE TABLE users (
    id INT AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(50) UNIQUE NOT NULL,
    email VARCHAR(100) UNIQUE NOT NULL,
    phone VARCHAR(20),
    is_active BOOLEAN DEFAULT TRUE,
    is_admin BOOLEAN DEFAULT FALSE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    INDEX idx_username (username),
    INDEX idx_email (email)
);

CREATE TABLE otps (
    id INT AUTO_INCREMENT PRIMARY KEY,
    user_id INT NOT NULL,
    code VARCHAR(10) NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    is_used BOOLEAN DEFAULT FALSE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    INDEX idx_user_id (user_id),
    INDEX idx_code (code),
    INDEX idx_expires_at (expires_at),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE lookup_types (
    id INT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) UNIQUE NOT NULL,
    description TEXT,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    INDEX idx_name (name)
);

CREATE TABLE lookup_values (
    id INT AUTO_INCREMENT PRIMARY KEY,
    lookup_type_id INT NOT NULL,
    code VARCHAR(50) NOT NULL,
    value VARCHAR(255) NOT NULL,
    description TEXT,
    is_active BOOLEAN DEFAULT TRUE,
    sort_order INT DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY unique_lookup_code (lookup_type_id, code),
    INDEX idx_lookup_type_id (lookup_type_id),
    INDEX idx_code (code),
    INDEX idx_is_active (is_active),
    FOREIGN KEY (lookup_type_id) REFERENCES lookup_types (id) ON DELETE CASCADE
);

CREATE TABLE grid_metadata (
    id INT AUTO_INCREMENT PRIMARY KEY,
    gridName VARCHAR(100) UNIQUE NOT NULL,
    gridNameId VARCHAR(50) UNIQUE NOT NULL,
    description TEXT,
    is_active BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    INDEX idx_grid_name (gridName),
    INDEX idx_grid_name_id (gridNameId),
    INDEX idx_active (is_active)
);

CREATE TABLE result_display_config (
    id INT AUTO_INCREMENT PRIMARY KEY,
    gridNameId VARCHAR(50) NOT NULL,
    displayId VARCHAR(100) NOT NULL,
    title VARCHAR(255) NOT NULL,
    hidden BOOLEAN DEFAULT FALSE,
    width INT,
    sortIndex INT NOT NULL,
    ellipsis BOOLEAN DEFAULT FALSE,
    align VARCHAR(20),
    dbDataType VARCHAR(50),
    codeDataType VARCHAR(50),
    format VARCHAR(100),
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    INDEX idx_grid_name_id (gridNameId),
    INDEX idx_sort_index (sortIndex),
    INDEX idx_display_id (displayId),
    FOREIGN KEY (gridNameId) REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE
);

CREATE TABLE schema_migrations (
    id INT AUTO_INCREMENT PRIMARY KEY,
    version VARCHAR(50) UNIQUE NOT NULL,
    name VARCHAR(255) NOT NULL,
    applied_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    checksum VARCHAR(64),
    INDEX idx_version (version)
);

INSERT INTO schema_migrations (version, name, applied_at, checksum) VALUES
    ('01', 'initial schema', '2025-03-01 08:00:00', '62f6654e1c6de04527591255f8634de1'),
    ('02', 'modify result display config structure', '2025-03-01 08:00:01', 'b28f9fa7a236a2c02ba92b888d89f3aa');

INSERT INTO users (id, username, email, phone, is_active, is_admin) VALUES
    (1, 'admin', 'admin@example.com', '123', 1, 1),
    (2, 'mira', 'mira@school.example', NULL, 1, 0),
    (3, 'tadeáš', 'tadeas@school.example', NULL, 1, 0);
INSERT INTO lookup_types (id, name, description) VALUES (1, 'terms', 'Terms of a year'), (2, 'levels', 'Levels');
INSERT INTO lookup_values (lookup_type_id, code, value, description, sort_order) VALUES
    (1, 'autumn', 'Autumn term', 'From September', 1), (1, 'spring', 'Spring term', NULL, 2),
    (2, 'first', 'First level', NULL, 1), (2, 'second', 'Second level', NULL, 2);
INSERT INTO grid_metadata (id, gridName, gridNameId, description) VALUES
    (1, 'pupils', 'pupils_1', 'Pupils'), (2, 'lessons', 'lessons_1', NULL);
INSERT INTO result_display_config (id, gridNameId, displayId, title, width, sortIndex) VALUES
    (1, 'pupils_1', 'name', 'Name', 150, 1), (2, 'pupils_1', 'mark', 'Mark', 80, 2), (3, 'lessons_1', 'day', 'Day', 90, 1);
