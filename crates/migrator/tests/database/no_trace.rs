//! Statements of which nothing shows whether they took effect, and what only their session knows.

use crate::in_flight::{UNKNOWN, is_mariadb, next_run};
use crate::{DATABASES, execute};

/// Each statement, behind what it needs, is in flight when the runner goes away. The next run has to say `why` it stops.
async fn stops(why: &str, statements: &[(&str, &str)]) {
    for (needed, statement) in statements {
        let db = DATABASES.take().await;
        let named = |sql: &str| sql.replace("NAME", db.name());
        let stopped = next_run(&db, &named(&format!("{needed}\n{statement}\nDO 0"))).await;
        let Err(refusal) = stopped else { panic!("{statement}: was run again") };
        assert!(refusal.to_string().contains(why), "{statement}: {refusal}");
        execute(&db, &named("DROP USER IF EXISTS 'NAME'; DROP ROLE IF EXISTS 'NAME_role'")).await;
    }
}

#[tokio::test]
async fn what_leaves_no_trace_is_not_run_again_by_itself() {
    stops(
        UNKNOWN,
        &[
            ("CREATE PROCEDURE p() DO 1;", "CALL p();"),
            ("PREPARE s FROM 'DO 1';", "EXECUTE s;"),
            ("DELIMITER //", "DO 1; DO 2//\nDELIMITER ;"),
            ("CREATE TABLE a (id INT);", "CREATE TABLE b SELECT id FROM a;"),
            ("CREATE TABLE a (id INT);", "TRUNCATE a;"),
            ("DO 1;", "CREATE USER 'NAME';"),
            ("DO 1;", "CREATE ROLE 'NAME_role';"),
            ("DO 1;", "XA RECOVER;"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_partition_is_not_emptied_again() {
    let partitioned = "CREATE TABLE a (id INT) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10), \
                       PARTITION q VALUES LESS THAN (20)); CREATE TABLE b (id INT);";
    stops(UNKNOWN, &[(partitioned, "ALTER TABLE a TRUNCATE PARTITION p;")]).await;
    if is_mariadb(&DATABASES.take().await).await {
        stops(
            UNKNOWN,
            &[
                // MySQL does not do this where tables have no files of their own, as on a private server.
                (partitioned, "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b;"),
                (partitioned, "ALTER TABLE a CONVERT PARTITION p TO TABLE c;"),
                ("CREATE SEQUENCE s;", "ALTER SEQUENCE s RESTART 5;"),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn whatever_a_statement_leaves_in_its_session_is_missed() {
    let lost = "has left something in its session";
    for (needed, statement) in [
        ("DO 1;", "SET @n = 5"),
        ("DO 1;", "PREPARE s FROM 'DO 1'"),
        ("DO 1;", "CREATE TEMPORARY TABLE t (id INT)"),
        ("CREATE PROCEDURE p() DO 1;", "CALL p()"),
    ] {
        let why =
            format!("{lost} that may be needed here and is gone: statement 2 of 4, line 2: {statement}.");
        stops(&why, &[(needed, &format!("{statement};\nCREATE TABLE a (id INT);"))]).await;
    }
}
