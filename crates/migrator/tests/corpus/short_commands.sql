SELECT 1\g
SELECT 2\G
SELECT 3 \g SELECT 4 \G
SELECT '\g', 5, "\G"\g
SELECT this is taken back \c
SELECT 6; SELECT and this
is too \c SELECT 7;
SELECT '
\c' \g
DELIMITER //
SELECT 8 \g SELECT 9 \G SELECT 10 //
SELECT no more \c //
DELIMITER ;
SELECT 11 /* \g */ -- \c
;
\g
SELECT `a\g` FROM (SELECT 12 AS `a\g`) AS t;
