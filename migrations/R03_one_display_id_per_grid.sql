-- Migration: one display id per grid, the way back
-- Version:   03
-- What for:  gives table result_display_config the keys of 01 again, under the names that they had there.
--
-- No row is lost.
--
-- These hold for the step too, whose own file must not change any more, since it has been applied:
-- migrate: allow locking-foreign-key: a row for each column of a grid is no large table, and the key must be checked

ALTER TABLE result_display_config
    ADD KEY idx_grid_name_id (gridNameId),
    DROP KEY unique_display_id,
    DROP FOREIGN KEY fk_display_config_grid,
    ADD CONSTRAINT result_display_config_ibfk_1
        FOREIGN KEY (gridNameId) REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE;
