//! What a database consists of, in one form for every server.

use kseekers_migrator::{Difference, Schema};

use crate::{DATABASES, Files, execute, migrator};

pub(crate) const EVERYTHING: Files = &[
    ("01_everything.sql", include_str!("everything.sql")),
    (
        "R01_everything.sql",
        "DROP EVENT tidy_up; DROP FUNCTION one_more; DROP PROCEDURE find_code; \
         DROP VIEW a_view_of_a_view, of_parents; DROP TABLE notes, kids, parents;",
    ),
];

async fn schema_of(sql: &str) -> Schema {
    let db = DATABASES.take().await;
    execute(&db, sql).await;
    migrator(&db, &[]).await.schema().await.unwrap()
}

fn told(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn the_same_statements_give_the_same_schema_on_every_server() {
    let db = DATABASES.take().await;
    let mut migrator = migrator(&db, EVERYTHING).await;
    migrator.up(None).await.unwrap();
    let schema = migrator.schema().await.unwrap();
    assert_eq!(schema.to_string(), include_str!("everything.txt"), "{schema}");
    assert!(schema.compare(&schema).is_empty());

    migrator.down(None).await.unwrap();
    assert!(migrator.schema().await.unwrap().is_empty());
}

#[tokio::test]
async fn character_sets_widths_comments_and_names_of_keys_make_no_difference() {
    let one = schema_of(
        "CREATE TABLE parents (id INT(9) PRIMARY KEY) DEFAULT CHARSET=utf8mb4; \
         CREATE TABLE kids (id INT, name VARCHAR(9) CHARACTER SET utf8mb4 COMMENT 'x', KEY one (name, id), \
         CONSTRAINT fk_one FOREIGN KEY (id) REFERENCES parents (id) ON DELETE RESTRICT) AUTO_INCREMENT=5",
    )
    .await;
    let other = schema_of(
        "CREATE TABLE parents (id INT PRIMARY KEY) DEFAULT CHARSET=latin1; \
         CREATE TABLE kids (name VARCHAR(9) CHARACTER SET latin1 NULL DEFAULT NULL, id INT NULL, \
         KEY two (name, id), KEY needless (name), \
         CONSTRAINT fk_two FOREIGN KEY (id) REFERENCES parents (id) ON UPDATE NO ACTION) COMMENT 'y'",
    )
    .await;
    assert_eq!(told(&one.compare(&other)), [""; 0]);
    assert_eq!(told(&other.compare(&one)), [""; 0]);
}

#[tokio::test]
async fn differences_of_every_kind_are_told() {
    const COMMON: &str = "CREATE TABLE parents (id INT PRIMARY KEY, other INT UNIQUE);";
    let one = schema_of(&format!(
        "{COMMON} CREATE TABLE kids (id INT, price INT, CHECK (price > 1), KEY (price), \
         FOREIGN KEY (id) REFERENCES parents (id) ON DELETE CASCADE); \
         CREATE VIEW v AS SELECT id FROM kids WHERE price > 1; \
         CREATE TRIGGER t BEFORE INSERT ON kids FOR EACH ROW SET NEW.price = 1; \
         CREATE PROCEDURE p(a INT) SELECT a; CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN a; \
         CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1"
    ))
    .await;
    let other = schema_of(&format!(
        "{COMMON} CREATE TABLE kids (id INT, price INT, CHECK (price > 2), KEY (price DESC), \
         FOREIGN KEY (id) REFERENCES parents (id)); \
         CREATE VIEW v AS SELECT id FROM kids WHERE price > 2; \
         CREATE TRIGGER t AFTER INSERT ON kids FOR EACH ROW SET @a = 1; \
         CREATE PROCEDURE p(a BIGINT) SELECT a; CREATE FUNCTION f(a INT) RETURNS INT RETURN a; \
         CREATE EVENT e ON SCHEDULE EVERY 2 DAY DISABLE DO DO 1"
    ))
    .await;
    assert_eq!(
        told(&one.compare(&other)),
        [
            "kids has no key (price desc), we have",
            "kids has the key (price), we have not",
            "kids has no foreign key (id) references parents (id) on delete restrict on update restrict, we have",
            "kids has the foreign key (id) references parents (id) on delete cascade on update restrict, we have not",
            "kids has no check (`price` > 2), we have",
            "kids has the check (`price` > 1), we have not",
            "view v is not the same as ours",
            "trigger t is not the same as ours",
            "procedure p is not the same as ours",
            "function f is not the same as ours",
            "event e is not the same as ours",
        ]
    );
}
