//! A schema as a file.

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{MigrateError, SqlFile, split};
use mysql_async::prelude::Queryable;

use crate::schema::EVERYTHING;
use crate::{DATABASES, account, as_user, connect, execute, migrator, rows};

async fn dump_of(db: &TestDatabase) -> String {
    migrator(db, &[]).await.dump().await.unwrap()
}

/// The dump of an empty database into which the dump was loaded.
async fn loaded(dump: &str) -> (TestDatabase, String) {
    let db = DATABASES.take().await;
    let file = SqlFile::new("schema.sql", dump.to_owned());
    migrator(&db, &[]).await.load(&[file], &mut |_| {}).await.unwrap();
    let again = dump_of(&db).await;
    (db, again)
}

#[tokio::test]
async fn what_was_loaded_gives_the_same_dump() {
    let db = DATABASES.take().await;
    migrator(&db, EVERYTHING).await.up(None).await.unwrap();
    let dump = dump_of(&db).await;
    for name in [
        "`parents`",
        "`kids`",
        "`of_parents`",
        "`a_view_of_a_view`",
        "upper_case",
        "`find_code`",
        "`tidy_up`",
    ] {
        assert!(dump.contains(name), "{name}: {dump}");
    }
    let (other, again) = loaded(&dump).await;
    assert_eq!(again, dump);
    let schema = migrator(&db, &[]).await.schema().await.unwrap();
    assert_eq!(migrator(&other, &[]).await.schema().await.unwrap(), schema);
}

#[tokio::test]
async fn it_does_not_matter_how_the_session_is_set_that_loads_it() {
    let (db, other) = (DATABASES.take().await, DATABASES.take().await);
    migrator(&db, EVERYTHING).await.up(None).await.unwrap();
    let dump = dump_of(&db).await;
    let mut conn = connect(&other).await;
    conn.query_drop("SET NAMES latin1; SET SESSION sql_mode = 'ANSI_QUOTES', time_zone = '+05:00'")
        .await
        .unwrap();
    for statement in split(&dump).unwrap() {
        conn.query_drop(statement.text).await.unwrap();
    }
    conn.disconnect().await.unwrap();
    assert_eq!(dump_of(&other).await, dump);
}

#[tokio::test]
async fn rows_and_who_made_it_and_when_change_nothing() {
    let db = DATABASES.take().await;
    let made = "CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY) COMMENT=' AUTO_INCREMENT=5'; \
                CREATE VIEW v AS SELECT id FROM notes; CREATE PROCEDURE p() DO 0; \
                CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO DO 0";
    execute(&db, made).await;
    let dump = dump_of(&db).await;
    assert!(dump.contains("COMMENT=' AUTO_INCREMENT=5'"), "{dump}");
    execute(&db, "INSERT INTO notes VALUES (), (), ()").await;
    assert_eq!(dump_of(&db).await, dump);

    let other = DATABASES.take().await;
    let user = account(&other).await;
    execute(&other, &format!("GRANT ALL ON {}.* TO {user}", other.name())).await;
    let mut conn = mysql_async::Conn::new(as_user(&other, user.clone())).await.unwrap();
    conn.query_drop(format!("SET SESSION timestamp = 1700000000; {made}")).await.unwrap();
    assert_eq!(dump_of(&other).await, dump);
    execute(&other, &format!("DROP USER {user}")).await;
}

#[tokio::test]
async fn character_sets_and_partitions_are_kept() {
    let db = DATABASES.take().await;
    execute(
        &db,
        "CREATE TABLE texts (a TEXT CHARACTER SET latin1, b TEXT COLLATE utf8mb4_bin, c TEXT CHARACTER SET utf8mb4, \
         d CHAR(3) CHARACTER SET ascii COLLATE ascii_bin, e TEXT) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci; \
         CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY RANGE (id) \
         (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE)",
    )
    .await;
    let columns = "SELECT CONCAT(column_name, ' ', COALESCE(collation_name, '')) FROM information_schema.columns \
                   WHERE table_schema = DATABASE() ORDER BY column_name";
    let dump = dump_of(&db).await;
    let (other, again) = loaded(&dump).await;
    assert_eq!(again, dump);
    assert_eq!(rows::<String>(&other, columns).await, rows::<String>(&db, columns).await);
    assert!(dump.contains("PARTITION `low`") || dump.contains("PARTITION low"), "{dump}");
}

#[tokio::test]
async fn a_table_can_point_to_one_that_comes_later() {
    let db = DATABASES.take().await;
    execute(
        &db,
        "CREATE TABLE z (id INT PRIMARY KEY); CREATE TABLE a (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES z (id))",
    )
    .await;
    let dump = dump_of(&db).await;
    assert_eq!(loaded(&dump).await.1, dump);
}

#[tokio::test]
async fn of_many_tables_and_programs_none_is_left_out() {
    let db = DATABASES.take().await;
    // More than are asked for at once.
    let made: Vec<String> = (0..201)
        .map(|n| format!("CREATE TABLE t{n:03} (id INT); CREATE PROCEDURE p{n:03}() SELECT 'program {n:03}'"))
        .collect();
    execute(&db, &made.join("; ")).await;
    let dump = dump_of(&db).await;
    let found = |what: &str| -> Vec<String> {
        dump.match_indices(what).map(|(at, what)| dump[at + what.len()..][..3].to_owned()).collect()
    };
    let expected: Vec<String> = (0..201).map(|n| format!("{n:03}")).collect();
    assert_eq!(found("CREATE TABLE `t"), expected);
    assert_eq!(found("SELECT 'program "), expected);
}

#[tokio::test]
async fn programs_keep_their_delimiters_and_the_modes_that_they_were_made_with() {
    let db = DATABASES.take().await;
    execute(
        &db,
        "CREATE FUNCTION plus_one(n INT) RETURNS INT DETERMINISTIC RETURN n + 1; \
         CREATE VIEW a_view AS SELECT plus_one(1) AS two; \
         CREATE PROCEDURE slashes() BEGIN SELECT 'a//b;$$' AS x; SELECT 2; END; \
         CREATE TABLE notes (text VARCHAR(9)); \
         SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
         ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'; \
         CREATE TRIGGER named BEFORE INSERT ON notes FOR EACH ROW SET NEW.text = \"new\"; \
         CREATE PROCEDURE after_it() SELECT \"a\"; \
         SET SESSION sql_mode = 'PIPES_AS_CONCAT,ANSI_QUOTES'; \
         CREATE PROCEDURE a_join() SELECT 'a' || \"x\".\"two\" FROM a_view AS x; \
         CREATE PROCEDURE z_join() SELECT 'z' || \"x\".\"two\" FROM a_view AS x",
    )
    .await;
    let dump = dump_of(&db).await;
    // One that no program contains.
    assert!(dump.contains("\nDELIMITER ;;\n"), "{dump}");
    let (other, again) = loaded(&dump).await;
    assert_eq!(again, dump);
    assert_eq!(rows::<i64>(&other, "SELECT two FROM a_view").await, [2]);
    assert_eq!(rows::<String>(&other, "CALL a_join()").await, ["a2"]);
    assert_eq!(rows::<String>(&other, "CALL after_it()").await, ["a"]);
    assert_eq!(rows::<String>(&other, "CALL z_join()").await, ["z2"]);
    execute(&other, "INSERT INTO notes VALUES ('old')").await;
    assert_eq!(rows::<String>(&other, "SELECT text FROM notes").await, ["new"]);
}

#[tokio::test]
async fn an_account_that_may_not_see_a_program_gets_no_dump_without_it() {
    let db = DATABASES.take().await;
    execute(
        &db,
        "CREATE TABLE a (id INT); CREATE PROCEDURE p() SELECT 'secret'; CREATE PROCEDURE q() SELECT 'secret'",
    )
    .await;
    let user = account(&db).await;
    execute(&db, &format!("GRANT SELECT, EXECUTE ON {}.* TO {user}", db.name())).await;
    let set = kseekers_migrator::MigrationSet::default();
    let mut migrator = kseekers_migrator::Migrator::connect(as_user(&db, user.clone()), set).await.unwrap();
    let refused = migrator.dump().await.unwrap_err();
    assert!(matches!(refused, MigrateError::UnreadableSchema { .. }), "{refused:?}");
    // The answer on the second one does not come in the way of another question.
    assert!(migrator.readiness().await.unwrap().is_ready());
    execute(&db, &format!("DROP USER {user}")).await;
}
