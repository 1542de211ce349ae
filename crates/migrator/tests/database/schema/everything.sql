CREATE TABLE parents (
    id INT NOT NULL AUTO_INCREMENT,
    code VARCHAR(50) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY code (code)
) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE kids (
    id BIGINT(20) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    parent_id INT NULL,
    code VARCHAR(50) NOT NULL DEFAULT 'it''s "x" \\ y',
    nothing VARCHAR(10) DEFAULT NULL,
    blank VARCHAR(10) NOT NULL DEFAULT '',
    word VARCHAR(10) DEFAULT 'NULL',
    digits VARCHAR(10) DEFAULT '5',
    flag TINYINT(1) NULL DEFAULT TRUE,
    small SMALLINT(5) UNSIGNED ZEROFILL,
    n INT(11) DEFAULT 0,
    since YEAR,
    bits BIT(3) DEFAULT b'101',
    bytes BINARY(4) DEFAULT 'ab',
    more VARBINARY(10) DEFAULT 'ab',
    price DECIMAL(10,2) NOT NULL DEFAULT 0,
    ratio DOUBLE DEFAULT 1e10,
    kind ENUM('a','b''c') DEFAULT 'a',
    kinds SET('x','y') DEFAULT 'x,y',
    created TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    born DATETIME DEFAULT '2020-01-02 03:04:05',
    random_id VARCHAR(40) DEFAULT (UUID()),
    three INT DEFAULT (1 + 2),
    properties JSON,
    story TEXT,
    next_n INT AS (n + 1) VIRTUAL,
    label VARCHAR(100) GENERATED ALWAYS AS (CONCAT(code, '-', UPPER(blank))) STORED,
    note VARCHAR(5) COMMENT 'it''s a; note',
    KEY by_parent (parent_id),
    KEY by_beginning (code(10)),
    KEY backwards (n DESC, flag),
    UNIQUE KEY pair (digits, word),
    FULLTEXT KEY words (story),
    CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY (code) REFERENCES parents (code),
    CONSTRAINT in_range CHECK (n > 0 AND n < 100),
    CHECK (price >= 0.0),
    CONSTRAINT either CHECK (code <> 'x' OR blank IN ('a', 'b')),
    CONSTRAINT many CHECK (LENGTH(code) BETWEEN 1 AND 10 AND note IS NOT NULL AND NOT (flag = 1) AND code LIKE 'a%')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='kids';

CREATE TABLE notes (id INT) ENGINE=MEMORY;

CREATE VIEW of_parents AS
    SELECT k.id, p.code AS parent, COUNT(*) AS many FROM kids k JOIN parents p ON p.id = k.parent_id
    WHERE k.n > 1 AND p.code = 'x' GROUP BY k.id, p.code;
CREATE VIEW a_view_of_a_view AS SELECT id, UPPER(parent) AS up FROM of_parents WHERE many BETWEEN 1 AND 3;
DELIMITER //
CREATE TRIGGER upper_case BEFORE INSERT ON parents FOR EACH ROW BEGIN
    -- Comments; and blanks do not count.
    SET NEW.code = UPPER(NEW.code);
END//
CREATE PROCEDURE find_code(IN wanted INT, OUT found VARCHAR(20)) READS SQL DATA
BEGIN
    SELECT code INTO found FROM parents WHERE id = wanted;
END//
DELIMITER ;
CREATE FUNCTION one_more(n INT) RETURNS INT DETERMINISTIC RETURN n + 1;
CREATE EVENT tidy_up ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM notes WHERE id = 5;
