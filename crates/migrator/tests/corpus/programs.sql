CREATE TABLE programs (id INT PRIMARY KEY, text VARCHAR(50));
DELIMITER //
CREATE PROCEDURE fill(IN many INT)
BEGIN
  DECLARE i INT DEFAULT 0; -- counts; it's code
  /* as often; as asked */
  WHILE i < many DO
    INSERT INTO programs VALUES (i, 'a // in a text; "is text"') ON DUPLICATE KEY UPDATE text = VALUES(text);
    SET i = i + 1;
  END WHILE;
END//
CREATE TRIGGER programs_before BEFORE INSERT ON programs FOR EACH ROW
BEGIN
  IF NEW.text IS NULL THEN SET NEW.text = ';'; END IF;
END //
CREATE FUNCTION half(n INT) RETURNS INT DETERMINISTIC NO SQL
  RETURN CASE WHEN n > 1 THEN n DIV 2 ELSE 0 END
//
DELIMITER ;
CALL fill(3);
delimiter $$
SELECT half(4)$$ SELECT half(6) $$
CREATE PROCEDURE nothing() BEGIN END$$
Delimiter ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50003 TRIGGER programs_after AFTER INSERT ON programs FOR EACH ROW BEGIN
  IF NEW.text = ';;' THEN DELETE FROM programs; END IF;
END */;;
DELIMITER ;
INSERT INTO programs VALUES (100, NULL); SELECT half(8);
DROP PROCEDURE fill; DROP FUNCTION half; DROP PROCEDURE nothing;
CREATE PROCEDURE one_statement() SELECT 1;
DROP PROCEDURE one_statement;
