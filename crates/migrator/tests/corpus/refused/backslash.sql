SELECT 1;
SELECT \'a';
SELECT 'not sent';
