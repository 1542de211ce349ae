-- A comment before everything; with a semicolon, a ' and a "
#one more; 'open
--
/* a comment; with 'an open quote */
/* a comment
   of two lines; -- nested # marks */
CREATE TABLE comments ( -- after code; it's open
  id INT PRIMARY KEY, # after code; "open
  /* within; ` */ text VARCHAR(50) DEFAULT '-- text' /* -- */ -- /* not begun
);
/**/INSERT/**/INTO/***/comments/* ; */(id)/****/VALUES/* 'x */(1)/*"*/;/* behind; */
SELECT 1 -- ; the rest
, 2 # ; the rest
, 3 /* ; the rest */;
SELECT 4 --	; after a tab
;
SELECT 5--5, 5 - -5, 5---5, 6 /2* 3, 7 -+1;
SELECT 6 #
;
SELECT 7 --
;
SELECT /* a */ /* b */ 8 /* c */ ; -- behind; 'it
SELECT 9; # behind; "it
SELECT 10; /* behind
; */ SELECT 11;
SELECT '/*', 12, '*/'; SELECT "-- ", 13; SELECT '#', 14;
SELECT 15 /* ' */ + '1' /* " */ + "1" /* ` */;
SELECT 18 /* /* */;
SELECT 19 * /* */ 2, 4 /* */ / 2 */* */ 1;
-- the end; without a statement
