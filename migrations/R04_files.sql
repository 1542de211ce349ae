-- Migration: files, the way back
-- Version:   04
-- What for:  drops the table of 04_files.sql. The files stay in the bucket, but nothing knows of them any more.

DROP TABLE files;
