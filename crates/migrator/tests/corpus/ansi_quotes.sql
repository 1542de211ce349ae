SET sql_mode = 'ANSI_QUOTES';
CREATE TABLE "ansi;quotes" ("id;" INT PRIMARY KEY, "it's" INT, "a""b" INT);
INSERT INTO "ansi;quotes" ("id;", "it's", "a""b") VALUES (1, 2, 3), (4, ';' = '"', 5);
SELECT "id;" AS "-- no comment;", "it's" AS '/*' FROM "ansi;quotes" WHERE "a""b" > 0;
DROP TABLE "ansi;quotes";
