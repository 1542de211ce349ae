-- Migration: initial schema, the way back
-- Version:   01
-- What for:  drops the tables of 01_initial_schema.sql with all that they hold.
--
-- One statement per table, children before their parents.

DROP TABLE lookup_values;
DROP TABLE lookup_types;
DROP TABLE result_display_config;
DROP TABLE grid_metadata;
DROP TABLE otps;
DROP TABLE users;
