-- Migration: one display id per grid
-- Version:   03
-- What for:  a displayId stands once in a grid, and a new gridNameId carries the columns of its grid along.
-- Way back:  R03_one_display_id_per_grid.sql
--
-- Fails, and changes nothing, while a displayId stands twice in a grid. Old databases of the Python system can hold
-- such rows: a create that failed there had written its row. Adopting such a database mends them before this.
--
-- unique_display_id  the new key; idx_grid_name_id is its beginning and therefore goes.
-- The foreign key of 01 has the name that the server gave it. A foreign key cannot be changed, only replaced.

ALTER TABLE result_display_config
    ADD UNIQUE KEY unique_display_id (gridNameId, displayId),
    DROP KEY idx_grid_name_id,
    DROP FOREIGN KEY result_display_config_ibfk_1,
    ADD CONSTRAINT fk_display_config_grid
        FOREIGN KEY (gridNameId) REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE ON UPDATE CASCADE;
