-- The tables of kseekers-auth as they are now, for whoever takes this crate without the migrations of the server.

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
    user_id INT NULL,
    code VARCHAR(10) NULL,
    expires_at TIMESTAMP NOT NULL,
    is_used TINYINT(1) NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    purpose VARCHAR(20) NOT NULL DEFAULT 'login',
    code_mac BINARY(32) NULL,
    attempts TINYINT UNSIGNED NOT NULL DEFAULT 0,
    consumed_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    KEY idx_code (code),
    KEY idx_expires_at (expires_at),
    KEY idx_user_purpose (user_id, purpose, id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
