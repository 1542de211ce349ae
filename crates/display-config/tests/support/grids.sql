-- "Orders" is plain; "users" is not in use, and its columns spell its id in another letter case; "100%_full!" has all
-- that LIKE treats in a special way, no columns, and NULL wherever an old row may hold it.
INSERT INTO grid_metadata (id, gridName, gridNameId, description, is_active, created_at, updated_at)
VALUES
    (1, 'users', 'Users_Grid', 'Who there is', 0, '2026-11-20 12:00:00', '2026-11-21 12:00:00'),
    (2, 'Orders', 'orders_grid', NULL, 1, '2026-11-20 12:00:00', '2026-11-21 12:00:00'),
    (3, '100%_full!', 'Größe 尺寸 😀', NULL, NULL, NULL, NULL);

INSERT INTO result_display_config
    (id, gridNameId, displayId, title, hidden, width, sortIndex, ellipsis, align, dbDataType, codeDataType, format,
    created_at, updated_at)
VALUES
    (11, 'orders_grid', 'total', 'Súčet', 1, 120, 2, 1, 'right', 'decimal', 'number', '0.00',
    '2026-11-20 12:00:00', '2026-11-21 12:00:00'),
    (12, 'orders_grid', 'number', 'Number', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (13, 'users_grid', 'name', 'Name', 0, NULL, 7, 0, NULL, NULL, NULL, NULL, NULL, NULL),
    (14, 'orders_grid', 'sum', 'Sum', 0, NULL, 2, 0, NULL, NULL, NULL, NULL, NULL, NULL),
    (15, 'users_grid', 'id', 'ID', 2, NULL, -7, 2, NULL, NULL, NULL, NULL, NULL, NULL);
