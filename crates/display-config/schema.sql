-- The tables of this crate as the end of the migrations leaves them.

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
    UNIQUE KEY unique_display_id (gridNameId, displayId),
    KEY idx_sort_index (sortIndex),
    KEY idx_display_id (displayId),
    CONSTRAINT fk_display_config_grid
        FOREIGN KEY (gridNameId) REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
