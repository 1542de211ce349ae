/*!40101 SET @old_names = @@character_set_client */;
/*!40101 SET NAMES utf8mb4 */;
/*! SELECT 1 */;
/*!SELECT 2*/;
SELECT 3 /*! + 1 */ /*!99999 + no such server */;
SELECT /*!40000 SQL_NO_CACHE */ 4;
SELECT '/*!', 5, '*/';
/*!50003 SELECT '*/', 6 */;
/*!50003 SELECT "*/", `a` FROM (SELECT 7 AS `a`) AS `*/` */;
/*!50003 SELECT 8 -- + 1
*/;
SELECT 9 /*!50003 + 1 # + 1
*/;
CREATE /*!50003 TABLE */ executable (id INT) /*!40100 DEFAULT CHARSET=utf8mb4 */;
/*!40000 INSERT */ INTO executable /*!40000 VALUES */ (1) ;
/*!50003 DROP TABLE executable */ ;
/*!99999 SELECT this is code of no server */;
