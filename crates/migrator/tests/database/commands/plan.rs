//! `plan` and `--dry-run`.

use kseekers_migrator::cli::Place;
use kseekers_migrator::exit;

use super::{NOTES, run, run_in};
use crate::{DATABASES, account, as_user, execute, set, tables};

#[tokio::test]
async fn a_plan_shows_each_statement_to_a_user_who_may_only_read() {
    let db = DATABASES.take().await;
    let user = account(&db).await;
    execute(&db, &format!("GRANT SELECT ON `{}`.* TO {user}", db.name())).await;
    let as_reader = || Place::new(as_user(&db, user.clone()), set(NOTES));
    let plan = "01_notes.sql\n  line 1, schema\n    CREATE TABLE notes (id INT PRIMARY KEY)\n  line 1, data\n    \
                INSERT INTO notes VALUES (1)\n02_more_notes.sql\n  line 1, data\n    INSERT INTO notes VALUES (2)\n\
                2 migrations would be applied.";
    for args in [&["plan"][..], &["up", "--dry-run"]] {
        assert_eq!(run_in(as_reader(), args).await, (exit::PENDING, plan.to_owned(), String::new()));
    }
    assert!(tables(&db).await.is_empty());

    run(&db, NOTES, &["up"]).await;
    let nothing = "Nothing to do: the schema is at 02.";
    assert_eq!(run_in(as_reader(), &["plan"]).await, (exit::DONE, nothing.to_owned(), String::new()));
    let (code, out, _) = run_in(as_reader(), &["down", "--dry-run", "--target", "1"]).await;
    assert_eq!(code, exit::PENDING);
    assert!(out.starts_with("R02_more_notes.sql\n  line 1, data\n    DELETE FROM notes"), "{out}");
    assert_eq!(tables(&db).await, ["notes", "schema_migrations"]);
}
