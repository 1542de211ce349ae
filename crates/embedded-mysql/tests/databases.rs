//! Fresh databases for tests.

use kseekers_embedded_mysql::TestDatabases;
use mysql_async::{Conn, prelude::Queryable};
use std::time::Instant;

static DATABASES: TestDatabases = TestDatabases::from_sql(
    "CREATE TABLE parents (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL);
     INSERT INTO parents (name) VALUES ('Ann'), ('Bob');",
);

#[tokio::test]
async fn a_database_is_filled() {
    for _ in 0..10 {
        let begin = Instant::now();
        let database = DATABASES.take().await;
        println!("take: {:?}", begin.elapsed());
        let mut connection = Conn::new(database.opts()).await.unwrap();
        let names: Vec<String> = connection.query("SELECT name FROM parents ORDER BY id").await.unwrap();
        assert_eq!(names, ["Ann", "Bob"]);
    }
}
