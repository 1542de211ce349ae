-- Sample data: three grids, and the columns of the first.
-- Loading it again changes nothing: a grid that is there stays as it is, and columns are only added to a grid that
-- has none.

INSERT INTO grid_metadata (gridName, gridNameId, description, is_active)
VALUES
    ('users_grid', 'users_grid_001', 'The list of users', 1),
    ('products_grid', 'products_grid_001', 'The list of products', 1),
    ('orders_grid', 'orders_grid_001', 'The list of orders', 1)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO result_display_config (gridNameId, displayId, title, hidden, width, sortIndex, ellipsis)
SELECT gridNameId, displayId, title, 0, width, sortIndex, ellipsis
FROM grid_metadata
CROSS JOIN (
    SELECT 'id' AS displayId, 'ID' AS title, 80 AS width, 1 AS sortIndex, 0 AS ellipsis
    UNION ALL SELECT 'name', 'Name', 150, 2, 1
    UNION ALL SELECT 'email', 'Email', 200, 3, 1
    UNION ALL SELECT 'phone', 'Phone', 120, 4, 0
    UNION ALL SELECT 'created_at', 'Created', 150, 5, 0
    UNION ALL SELECT 'status', 'Status', 100, 6, 0
    UNION ALL SELECT 'amount', 'Amount', 120, 7, 0
) AS columns_of_the_grid
WHERE gridNameId = 'users_grid_001'
    AND NOT EXISTS (SELECT 1 FROM result_display_config AS present WHERE present.gridNameId = 'users_grid_001');
