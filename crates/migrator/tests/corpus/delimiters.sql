DELIMITER |
SELECT 1 | SELECT ';', 2|
DELIMITER '//'
SELECT 3; // SELECT 4 //
DELIMITER "$$"
SELECT 5 $$
DELIMITER `end`
SELECT 6 end
DELIMITER the_end behind it nothing counts
SELECT '7 the_end' the_end
  	DELIMITER   ||   
SELECT 8 ||
DELIMITER a€
SELECT 9, 'a€', '€' a€
DELIMITER ;;
CREATE PROCEDURE delimiters() BEGIN SELECT 10; SELECT 11; END;;
SELECT ';;', 12 -- ;; in a comment
;;
SELECT 13 /* ;; */ ;;
dElImItEr ;
SELECT
delimiter FROM (SELECT 14 AS delimiter) AS t;
SELECT 15;
DELIMITER //
