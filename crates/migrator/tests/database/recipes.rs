//! The recipes of the README, as they stand there.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrationSet, Migrator, lint};

use crate::{DATABASES, execute, rows, sentence};

const TABLES: &str = "
    CREATE TABLE categories (id INT PRIMARY KEY);
    CREATE TABLE products (
        id INT AUTO_INCREMENT PRIMARY KEY,
        name VARCHAR(255) NOT NULL,
        old_code VARCHAR(20) NULL,
        price DECIMAL(10,2) NOT NULL,
        category_id INT NULL
    );
    INSERT INTO categories VALUES (1);
    INSERT INTO products (name, price, category_id) VALUES ('a', 1.50, 1), ('b', 99999999.99, 7), ('c', 0, NULL);";

/// The files in the blocks of SQL: each begins with a comment that is its name.
fn recipes() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let (mut in_sql, mut in_recipe) = (false, false);
    for line in include_str!("../../README.md").lines() {
        match line.strip_prefix("-- ") {
            _ if line.starts_with("```") => (in_sql, in_recipe) = (line == "```sql", false),
            Some(name) if in_sql && name.ends_with(".sql") => {
                files.push((name.to_owned(), String::new()));
                in_recipe = true;
            }
            _ if in_recipe => files.last_mut().unwrap().1 += &format!("{line}\n"),
            _ => {}
        }
    }
    files
}

async fn migrator(db: &TestDatabase) -> Migrator {
    let set = MigrationSet::from_files(recipes()).unwrap();
    Migrator::connect(db.opts(), set).await.unwrap()
}

#[test]
fn no_recipe_has_what_lint_finds_fault_with() {
    let tables = [
        ("1000_tables.sql".to_owned(), TABLES.to_owned()),
        ("R1000_tables.sql".to_owned(), "DO 0".to_owned()),
    ];
    let set = MigrationSet::from_files(tables.into_iter().chain(recipes())).unwrap();
    assert_eq!(lint(&set).unwrap(), []);
}

async fn columns(db: &TestDatabase) -> Vec<String> {
    let columns = "SELECT CONCAT_WS(' ', column_name, IF(data_type = 'int', 'int', column_type), is_nullable, column_key)
        FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'products'
        ORDER BY ordinal_position";
    rows(db, columns).await
}

#[tokio::test]
async fn each_recipe_goes_up_and_back_and_up_again() {
    let db = DATABASES.take().await;
    execute(&db, TABLES).await;
    let before = columns(&db).await;
    let mut migrator = migrator(&db).await;
    assert_eq!(migrator.up(None).await.unwrap().files.len(), 6);
    let after = columns(&db).await;
    let expected = [
        "id int NO PRI",
        "name varchar(255) NO MUL",
        "sku varchar(100) YES UNI",
        "price decimal(12,2) NO ",
        "category_id int YES MUL",
    ];
    assert_eq!(after, expected);
    migrator.down(None).await.unwrap();
    assert_eq!(columns(&db).await, before);
    migrator.up(None).await.unwrap();
    assert_eq!(columns(&db).await, after);
    let kept: Vec<(String, Option<i32>)> =
        rows(&db, "SELECT name, category_id FROM products ORDER BY id").await;
    assert_eq!(kept, [("a".to_owned(), Some(1)), ("b".to_owned(), None), ("c".to_owned(), None)]);
}

#[tokio::test]
async fn a_value_that_no_longer_fits_stops_the_way_back_before_anything_is_changed() {
    let db = DATABASES.take().await;
    execute(&db, TABLES).await;
    let mut migrator = migrator(&db).await;
    migrator.up("1002".parse().ok()).await.unwrap();
    execute(&db, "UPDATE products SET price = 9999999999.99 WHERE name = 'c'").await;
    let before = columns(&db).await;
    let refusal = sentence(migrator.down("1001".parse().ok()).await);
    assert!(refusal.contains("Out of range value"), "{refusal}");
    assert_eq!(columns(&db).await, before);
    execute(&db, "UPDATE products SET price = 0 WHERE name = 'c'").await;
    migrator.down("1001".parse().ok()).await.unwrap();
}

#[tokio::test]
async fn a_row_that_points_nowhere_keeps_the_foreign_key_away_until_it_is_put_right() {
    let db = DATABASES.take().await;
    execute(&db, TABLES).await;
    let mut migrator = migrator(&db).await;
    migrator.up("1005".parse().ok()).await.unwrap();
    execute(&db, "UPDATE products SET category_id = 7 WHERE name = 'c'").await;
    let before = columns(&db).await;
    let refusal = sentence(migrator.up(None).await);
    assert!(refusal.contains("foreign key constraint fails"), "{refusal}");
    assert_eq!(columns(&db).await, before);
    execute(&db, "UPDATE products SET category_id = 1 WHERE name = 'c'").await;
    migrator.up(None).await.unwrap();
}
