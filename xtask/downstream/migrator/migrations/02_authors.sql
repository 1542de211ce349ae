ALTER TABLE notes ADD COLUMN author VARCHAR(50) NOT NULL DEFAULT '';
CREATE INDEX by_author ON notes (author);
