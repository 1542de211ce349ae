CREATE TABLE strings (id INT PRIMARY KEY, text VARCHAR(200), `a;b` INT NULL, `c``;'"d` INT NULL);
INSERT INTO strings (id, text) VALUES (1, 'one; two');INSERT INTO strings (id, text) VALUES (2, "one; two");
INSERT INTO strings (id, text) VALUES (3, 'it''s; fine'), (4, "a ""quoted; word"""), (5, ''), (6, ''';'), (7, """;");
INSERT INTO strings (id, text) VALUES (8, 'it\'s; fine'), (9, "\";"), (10, 'ends with a backslash\\'), (11, '\\\';'), (12, "\\");
INSERT INTO strings (id, text) VALUES (13, 'both \' and '' ; in "one"'), (14, "both \" and "" ; in 'one'");
INSERT INTO strings (id, text) VALUES (15, '-- no comment;'), (16, '# none;'), (17, '/* none; */'), (18, '/*! none; */');
INSERT INTO strings (id, text) VALUES (19, 'a
line; break'), (20, '
-- no comment
# none
DELIMITER //
source no-such-file.sql
'), (21, 'DELIMITER //');
INSERT INTO strings (id, text) VALUES (22, '\g \G \c \! \. \\g'), (23, 'żółw; €; ñ; 漢;字');
UPDATE strings SET `a;b` = 1, `c``;'"d` = 2 WHERE `a;b` IS NULL;
UPDATE strings SET text = '`;' WHERE text = "';" OR text = '"' OR text = "`;" OR text = '\0;' OR text = N'\%;\_';
SELECT 'a' 'b;' "c", _utf8mb4'd;', x'3b', X'3B', 0x3b, b'111011', 1e3, .5, 'a'';'';' FROM strings AS `strange;``name` LIMIT 1;
SELECT id FROM strings WHERE text LIKE '%\\;' ESCAPE '|' OR text LIKE '%;|%' ESCAPE '|';
SELECT '''', '''''', "''", """", "'''", ';''', '\''''
;
SELECT'no blanks;'AS`a`FROM`strings`LIMIT 1;;;
;
SELECT 	'tabs	; inside' ,	"and
 ; lines"	;	SELECT 1;
