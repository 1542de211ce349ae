-- Sample data: lookup types and the values that dropdowns show.
-- Loading it again changes nothing: a type or a code that is there stays as it is, with all edits.

INSERT INTO lookup_types (name, description)
VALUES
    ('user_status', 'States that a user account can be in'),
    ('user_roles', 'What a user may do'),
    ('priority_levels', 'How urgent a task is'),
    ('document_types', 'Kinds of files that can be kept')
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO lookup_values (lookup_type_id, code, value, description, is_active, sort_order)
SELECT id, 'active', 'Active', 'May sign in', 1, 1 FROM lookup_types WHERE name = 'user_status'
UNION ALL SELECT id, 'inactive', 'Inactive', 'Closed; may not sign in', 1, 2 FROM lookup_types WHERE name = 'user_status'
UNION ALL SELECT id, 'suspended', 'Suspended', 'Barred for the time being', 1, 3 FROM lookup_types WHERE name = 'user_status'
ON DUPLICATE KEY UPDATE lookup_values.id = lookup_values.id;

INSERT INTO lookup_values (lookup_type_id, code, value, description, is_active, sort_order)
SELECT id, 'admin', 'Administrator', 'Everything', 1, 1 FROM lookup_types WHERE name = 'user_roles'
UNION ALL SELECT id, 'user', 'Regular User', 'The daily work', 1, 2 FROM lookup_types WHERE name = 'user_roles'
UNION ALL SELECT id, 'guest', 'Guest', 'Reading only', 1, 3 FROM lookup_types WHERE name = 'user_roles'
ON DUPLICATE KEY UPDATE lookup_values.id = lookup_values.id;

INSERT INTO lookup_values (lookup_type_id, code, value, description, is_active, sort_order)
SELECT id, 'low', 'Low', 'When there is time', 1, 1 FROM lookup_types WHERE name = 'priority_levels'
UNION ALL SELECT id, 'medium', 'Medium', 'In the usual order', 1, 2 FROM lookup_types WHERE name = 'priority_levels'
UNION ALL SELECT id, 'high', 'High', 'Before the usual work', 1, 3 FROM lookup_types WHERE name = 'priority_levels'
UNION ALL SELECT id, 'urgent', 'Urgent', 'At once', 1, 4 FROM lookup_types WHERE name = 'priority_levels'
ON DUPLICATE KEY UPDATE lookup_values.id = lookup_values.id;

INSERT INTO lookup_values (lookup_type_id, code, value, description, is_active, sort_order)
SELECT id, 'pdf', 'PDF Document', 'Pages as they are printed', 1, 1 FROM lookup_types WHERE name = 'document_types'
UNION ALL SELECT id, 'doc', 'Word Document', 'Text to be edited', 1, 2 FROM lookup_types WHERE name = 'document_types'
UNION ALL SELECT id, 'xls', 'Excel Spreadsheet', 'Tables and figures', 1, 3 FROM lookup_types WHERE name = 'document_types'
UNION ALL SELECT id, 'img', 'Image File', 'A picture, such as JPG or PNG', 1, 4 FROM lookup_types WHERE name = 'document_types'
ON DUPLICATE KEY UPDATE lookup_values.id = lookup_values.id;
