SELECT 1;
/*!50003 SET @a = 1; SET @b = 2 */;
SELECT 'not sent';
