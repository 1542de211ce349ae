SELECT 1;
source no-such-file.sql
SELECT 'not sent';
