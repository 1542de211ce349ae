-- Sample data: the administrator. Sign in as admin or admin@example.com with a one-time code.
-- Loading it again changes nothing: a user of this name or address stays as he is.

INSERT INTO users (username, email, phone, is_active, is_admin)
VALUES ('admin', 'admin@example.com', '1234567890', 1, 1)
ON DUPLICATE KEY UPDATE id = id;
