//! Databases of the Python system are taken over whole, and can be given back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod python_databases;

use std::process::Command;

use kseekers_embedded_mysql::TestDatabase;
use kseekers_migrator::{AdoptReport, MigrateError, Unadoptable, Version};
use kseekers_server::adopt::PYTHON;
use mysql_async::{Conn, Row, prelude::Queryable};

use python_databases::{PythonDatabase, all, execute, guide, migrator};

async fn rows(db: &TestDatabase, sql: &str) -> Vec<String> {
    let mut conn = Conn::new(db.opts()).await.unwrap();
    let rows: Vec<Row> = conn.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    conn.disconnect().await.unwrap();
    rows.into_iter()
        .map(|row| row.unwrap().iter().map(|value| value.as_sql(true)).collect::<Vec<_>>().join("|"))
        .collect()
}

/// What SHOW CREATE TABLE says, but for the order of keys, the counter, which goes on, and the tablespace, which MySQL
/// names from the first ALTER TABLE on where tables have no files of their own.
fn shape(create: &str) -> String {
    let words = create.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT="));
    let create = words.collect::<Vec<_>>().join(" ").replace(" /*!50100 TABLESPACE `innodb_system` */", "");
    let mut lines: Vec<&str> = create.lines().map(|line| line.trim_end_matches(',')).collect();
    // Columns first, as they stand.
    lines.sort_by_key(|line| if line.starts_with("  `") { "" } else { *line });
    lines.join("\n")
}

/// Each table of the other system as the server shows it, and, where wanted, its rows.
async fn contents(db: &TestDatabase, with_rows: bool) -> Vec<String> {
    let mut contents = Vec::new();
    for table in rows(
        db,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
    )
    .await
    {
        let table = table.trim_matches('\'');
        // What only a way back of both systems would take away again.
        if table.starts_with("schema_migrations_") {
            continue;
        }
        contents.push(shape(&rows(db, &format!("SHOW CREATE TABLE {table}")).await.concat()));
        if with_rows {
            contents.extend(rows(db, &format!("SELECT * FROM {table} ORDER BY 1")).await);
        }
    }
    contents
}

/// Each row of the tables that adopting does not mend, with the columns that there are now.
async fn untouched(db: &TestDatabase) -> Vec<(String, Vec<String>)> {
    let sql = "SELECT CONCAT('SELECT ', GROUP_CONCAT('`', column_name, '`' ORDER BY ordinal_position), ' FROM `', \
               table_name, '`') FROM information_schema.columns WHERE table_schema = DATABASE() \
               AND table_name NOT LIKE 'schema\\_migrations%' AND table_name <> 'result_display_config' \
               AND NOT (table_name = 'otps' AND column_name IN ('code', 'is_used')) GROUP BY table_name";
    let mut untouched = Vec::new();
    for query in rows(db, sql).await {
        let query = query.trim_matches('\'').to_owned();
        let rows = rows(db, &query).await;
        untouched.push((query, rows));
    }
    untouched
}

async fn adopted(db: &TestDatabase, python: &PythonDatabase) -> AdoptReport {
    let adopted = migrator(db).await.adopt(&PYTHON, None, &mut |_| {}).await;
    adopted.unwrap_or_else(|error| panic!("{}: {error}", python.name))
}

/// Why the database is refused; nothing of it was changed.
async fn refused(db: &TestDatabase) -> Unadoptable {
    let before = contents(db, true).await;
    let refusal = migrator(db).await.adopt(&PYTHON, None, &mut |_| {}).await;
    assert_eq!(contents(db, true).await, before);
    match refusal {
        Err(MigrateError::CannotAdopt(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_database_of_the_python_system_is_adopted_and_can_be_given_back() {
    for python in all() {
        let db = python.load().await;
        let (schema, everything) = (contents(&db, false).await, contents(&db, true).await);
        let ledger = rows(&db, "SELECT * FROM schema_migrations ORDER BY id").await;
        let untouched = untouched(&db).await;
        assert!(untouched.iter().filter(|(_, rows)| !rows.is_empty()).count() > 3, "{}", python.name);
        let columns = "SELECT id, gridNameId, displayId, title, hidden, width, sortIndex, ellipsis, align, dbDataType, \
                       codeDataType, format, created_at, updated_at FROM";
        let moved = format!("{columns} schema_migrations_python_result_display_config");
        let before = rows(&db, &format!("{columns} result_display_config ORDER BY id")).await;

        let plan = migrator(&db)
            .await
            .adopt_plan(&PYTHON, None)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", python.name));
        assert_eq!(contents(&db, true).await, everything, "{}: a plan changes nothing", python.name);
        assert_eq!(adopted(&db, &python).await, plan, "{}: what was planned is done", python.name);
        migrator(&db).await.up(None).await.unwrap_or_else(|error| panic!("{}: {error}", python.name));

        assert_eq!(
            rows(&db, "SELECT * FROM schema_migrations_python ORDER BY id").await,
            ledger,
            "{}",
            python.name
        );
        for (query, before) in &untouched {
            let after = rows(&db, query).await;
            let lost: Vec<&String> = before.iter().filter(|row| !after.contains(row)).collect();
            assert!(lost.is_empty(), "{}: {query} has lost {lost:?}", python.name);
        }
        let has_moved = plan.mends.iter().any(|mend| mend.what.contains("moved"));
        let after = if has_moved {
            format!(
                "SELECT * FROM ({columns} result_display_config UNION ALL {moved}) AS both_of_them ORDER BY id"
            )
        } else {
            format!("{columns} result_display_config ORDER BY id")
        };
        assert_eq!(rows(&db, &after).await, before, "{}: no column of a grid is lost", python.name);
        let usable = "SELECT id FROM otps WHERE code <> '' OR is_used IS NULL OR is_used = 0";
        assert!(rows(&db, usable).await.is_empty(), "{}: a plain code can be used", python.name);

        let down = migrator(&db).await.down(None).await.unwrap();
        assert_eq!(down.given_back.as_deref(), Some("schema_migrations_python"), "{}", python.name);
        assert_eq!(contents(&db, false).await, schema, "{}: the schema is given back", python.name);
        assert_eq!(rows(&db, "SELECT * FROM schema_migrations ORDER BY id").await, ledger, "{}", python.name);

        // And all of it again, with what the Python system has done meanwhile.
        execute(
            &db,
            "INSERT INTO otps (user_id, code, expires_at) VALUES (1, '777777', NOW()); \
             INSERT INTO result_display_config (gridNameId, displayId, title, sortIndex) \
             SELECT gridNameId, displayId, 'Twice', 1 FROM result_display_config ORDER BY id LIMIT 1",
        )
        .await;
        let again = adopted(&db, &python).await;
        assert_eq!(again.mends.iter().map(|mend| mend.count).collect::<Vec<_>>(), [1, 1], "{}", python.name);
        migrator(&db).await.up(None).await.unwrap_or_else(|error| panic!("{}: {error}", python.name));
    }
}

#[tokio::test]
async fn the_program_knows_the_python_system_and_adopts_only_when_told() {
    let db = guide().load().await;
    let before = contents(&db, true).await;
    let port = db.port().to_string();
    let adopt = |arguments: &[&str]| {
        let settings = [
            ("db_host", db.host()),
            ("db_port", &port),
            ("db_user", db.user()),
            ("db_password", db.password()),
            ("mp_database", db.name()),
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_kseekers-migrate"));
        program.arg("adopt").args(arguments).current_dir(&folder).env_clear().envs(settings);
        let output = program.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    for (arguments, code) in [(vec!["--dry-run"], 10), (vec![], 2)] {
        let (ended, said) = adopt(&arguments);
        assert_eq!(ended, Some(code), "{said}");
        assert!(said.contains("This is a database of the Python system, version of the guide"), "{said}");
        assert_eq!(contents(&db, true).await, before, "{arguments:?}");
    }
    let (ended, said) = adopt(&["--yes"]);
    assert_eq!(ended, Some(0), "{said}");
    assert!(!rows(&db, "SELECT * FROM schema_migrations_python").await.is_empty());
}

#[tokio::test]
async fn the_plan_names_the_version_each_row_that_is_moved_and_who_is_an_administrator() {
    let db = guide().load().await;
    let plan = migrator(&db).await.adopt_plan(&PYTHON, None).await.unwrap();
    assert_eq!(
        plan.to_string(),
        "This is a database of the Python system, version of the guide.\n\
         - Its 01 (initial schema) was another text than the one that we know; its tables are as they should be.\n\
         - Its 02 (modify result display config structure) was another text than the one that we know; its tables are as \
         they should be.\n\
         - 1: columns of a grid that is not there are moved to table schema_migrations_python_result_display_config\n    \
         id 14: displayId x of gone_1, title X\n\
         - 3: columns that stand in their grid once more (the first one stays) are moved to table \
         schema_migrations_python_result_display_config\n    \
         id 11: displayId name of pupils_1, title Name again\n    \
         id 12: displayId NAME of pupils_1, title Name once more\n    \
         id 13: displayId day of lessons_1, title Day, too\n\
         - 3: one-time codes in plain text are voided: emptied and marked as used (who is just signing in asks for a new \
         one)\n\
         - 2 rows: the old ledger is kept in schema_migrations_python\n\
         - 01_initial_schema.sql counts as applied, and is what `down` never goes below\n\
         To know: administrators there are administrators here, whatever role they have\n    \
         admin <admin@example.com>\n\
         To know: a user name with @ is taken for an e-mail address: these users sign in with theirs\n    \
         mira@school.example <somebody.else@school.example>\n\
         To know: NULL in is_active counts as no: these users cannot sign in\n    \
         olin <olin@school.example>\n"
    );
}

#[tokio::test]
async fn keys_under_other_names_get_the_names_that_our_migrations_use() {
    let python = guide();
    let db = python.load().await;
    execute(
        &db,
        "ALTER TABLE otps ADD KEY by_user (user_id), DROP KEY idx_user_id; \
         ALTER TABLE result_display_config ADD KEY by_grid (gridNameId), DROP KEY idx_grid_name_id, \
         DROP FOREIGN KEY result_display_config_ibfk_1; \
         DELETE FROM result_display_config WHERE gridNameId = 'gone_1'; \
         ALTER TABLE result_display_config ADD CONSTRAINT of_a_grid FOREIGN KEY (gridNameId) \
         REFERENCES grid_metadata (gridNameId) ON DELETE CASCADE",
    )
    .await;
    let report = adopted(&db, &python).await;
    assert_eq!(report.mends.iter().filter(|mend| mend.what.contains("made")).count(), 3, "{report}");
    migrator(&db).await.up(None).await.unwrap();
    migrator(&db).await.down(None).await.unwrap();
    let keys = "SELECT constraint_name FROM information_schema.referential_constraints \
                WHERE constraint_schema = DATABASE() AND table_name = 'result_display_config'";
    assert_eq!(rows(&db, keys).await, ["'result_display_config_ibfk_1'"]);
}

#[tokio::test]
async fn a_database_that_is_not_wholly_the_python_systems_is_refused_and_left_as_it_is() {
    let half = guide().load().await;
    execute(&half, "DELETE FROM schema_migrations WHERE version = '02'").await;
    let missing = vec!["02 (modify result display config structure)".to_owned()];
    assert!(
        matches!(refused(&half).await, Unadoptable::OtherHistory { missing: found, .. } if found == missing)
    );

    let other = guide().load().await;
    execute(
        &other,
        "ALTER TABLE users MODIFY COLUMN phone VARCHAR(40) NULL; ALTER TABLE lookup_values DROP KEY unique_lookup_code; \
         DROP TABLE otps",
    )
    .await;
    let Unadoptable::OtherSchema { differences, .. } = refused(&other).await else {
        panic!("another refusal")
    };
    assert_eq!(
        differences,
        [
            "lookup_values has no unique key (lookup_type_id, code), we have",
            "table otps is missing",
            "users.phone is varchar(40), ours is varchar(20)"
        ]
    );

    let ours = guide().load().await;
    adopted(&ours, &guide()).await;
    assert_eq!(refused(&ours).await, Unadoptable::Ours);
    migrator(&ours).await.up(Some(Version::new(2))).await.unwrap();
    assert_eq!(refused(&ours).await, Unadoptable::Ours);
}
