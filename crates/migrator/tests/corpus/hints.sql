SELECT /*+ MAX_EXECUTION_TIME(5000) */ 1;
SELECT /*+ NO_BNL() ; ' */ 2; SELECT 3 /*+ " ; */;
