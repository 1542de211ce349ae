-- Migration: spare parts, the way back
-- Version:   NN
-- What for:  takes back NN_spare_parts.sql. All spare parts are lost.

DROP TABLE spare_parts;
