SELECT 1;
SELECT 'never; closed;
SELECT 'not sent';
