CREATE TABLE people (
  id INT NOT NULL AUTO_INCREMENT,
  email VARCHAR(100) NOT NULL,
  name VARCHAR(10) NULL,
  age TINYINT UNSIGNED NULL,
  born DATETIME NULL,
  PRIMARY KEY (id),
  UNIQUE KEY people_email (email),
  CONSTRAINT people_age CHECK (age < 200)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE notes (
  id INT NOT NULL AUTO_INCREMENT,
  person_id INT NOT NULL,
  note TEXT NULL,
  PRIMARY KEY (id),
  CONSTRAINT notes_person FOREIGN KEY (person_id) REFERENCES people (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;
