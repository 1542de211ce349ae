-- What the later version of the Python system adds to guide.sql with its 03 to 06. None of it is ours.

CREATE TABLE roles (
    id INT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) UNIQUE NOT NULL,
    is_active BOOLEAN DEFAULT TRUE
);
CREATE TABLE rights (
    id INT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) UNIQUE NOT NULL,
    kind ENUM('page', 'call') NOT NULL,
    module VARCHAR(100) NOT NULL DEFAULT 'default'
);
CREATE TABLE role_rights (
    id INT AUTO_INCREMENT PRIMARY KEY,
    role_id INT NOT NULL,
    right_id INT NOT NULL,
    granted_by INT,
    UNIQUE KEY unique_role_right (role_id, right_id),
    FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE,
    FOREIGN KEY (right_id) REFERENCES rights (id) ON DELETE CASCADE,
    FOREIGN KEY (granted_by) REFERENCES users (id) ON DELETE SET NULL
);
ALTER TABLE users
    ADD COLUMN role VARCHAR(100) NULL,
    ADD COLUMN role_id INT NULL,
    ADD INDEX idx_role (role),
    ADD CONSTRAINT fk_users_role_id FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE SET NULL;
CREATE TABLE contact_us (
    id INT AUTO_INCREMENT PRIMARY KEY,
    email VARCHAR(100) NOT NULL,
    message TEXT NOT NULL
);
CREATE TABLE pricing_plans (
    id INT AUTO_INCREMENT PRIMARY KEY,
    title VARCHAR(100) NOT NULL,
    price DECIMAL(10,2) NOT NULL DEFAULT 0,
    features JSON NOT NULL
);

INSERT INTO schema_migrations (version, name, applied_at, checksum) VALUES
    ('03', 'create rbac system', '2025-06-01 08:00:00', 'e27ea8d805d58038bb71c1efde2992dc'),
    ('04', 'simplify rbac single role', '2025-06-01 08:00:01', 'aa1a0a0b8dba60e2b5d3e386aa983920'),
    ('05', 'simplify rbac structure', '2025-06-01 08:00:02', '1ce62b7f2a30cd51088a0957063324c8'),
    ('06', 'create website tables', '2025-06-01 08:00:03', '0892a8901df81c215d4c0276fbb9665e');
UPDATE schema_migrations SET checksum = 'e1f7c588fe334e63e58bb47ede9ab30c' WHERE version = '01';
UPDATE schema_migrations SET checksum = 'cb589e3ff5b5d3d2ff5970dccce265e6' WHERE version = '02';

INSERT INTO roles (id, name) VALUES (1, 'super_admin'), (2, 'teacher');
INSERT INTO rights (id, name, kind) VALUES (1, 'all', 'page'), (2, 'pupils.list', 'call');
INSERT INTO role_rights (role_id, right_id, granted_by) VALUES (1, 1, NULL), (2, 2, 1);
UPDATE users SET role = 'super_admin';
UPDATE users SET role_id = 2 WHERE id = 2;
INSERT INTO contact_us (email, message) VALUES ('parent@home.example', 'hello');
INSERT INTO pricing_plans (title, price, features) VALUES ('One term', 20, '["lessons", "books"]');
