SELECT 1;
quit;
SELECT 'not sent';
