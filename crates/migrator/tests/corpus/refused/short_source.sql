SELECT 1;
\. no-such-file.sql
SELECT 'not sent';
