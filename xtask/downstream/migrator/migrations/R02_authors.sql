ALTER TABLE notes DROP INDEX by_author, DROP COLUMN author;
