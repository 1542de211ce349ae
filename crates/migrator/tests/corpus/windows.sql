-- written on Windows; with a byte order mark
CREATE TABLE windows (
  id INT PRIMARY KEY, -- comment; here
  text VARCHAR(50) # and; here
);

INSERT INTO windows VALUES (1, 'one
two; three');
/* a comment;
   of two lines */ INSERT /* ; */ INTO windows
-- between
VALUES (3, '');
DELIMITER //
CREATE TRIGGER windows_before BEFORE INSERT ON windows FOR EACH ROW
BEGIN
  SET NEW.text = ';';
END//
DELIMITER ;
INSERT INTO windows VALUES (2, NULL);
DELIMITER $$
SELECT 1 $$
DELIMITER ;
SELECT 2\g
SELECT 3
