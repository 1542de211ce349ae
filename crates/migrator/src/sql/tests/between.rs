use crate::sql::{Between, Kind, Trace, left_behind, runs_others};

#[test]
fn what_would_be_refused_or_would_change_something_between_two_statements_is_known() {
    let table = [
        ("CREATE TABLE a (id INT)", Between::Free),
        ("SET SESSION TRANSACTION READ ONLY", Between::Free),
        ("SET @@SESSION.transaction_isolation = 'SERIALIZABLE'", Between::Free),
        ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", Between::NextTransaction),
        ("set @@transaction_isolation = 'SERIALIZABLE'", Between::NextTransaction),
        ("LOCK TABLES a WRITE", Between::Closed),
        ("FLUSH TABLES a WITH READ LOCK", Between::Closed),
        ("UNLOCK TABLES", Between::OpenAgain),
        ("XA END 'a'", Between::Closed),
        ("XA COMMIT 'a'", Between::OpenAgain),
    ];
    for (statement, expected) in table {
        assert_eq!(Between::after(statement, &Kind::of(statement)), expected, "{statement}");
    }
}

#[test]
fn an_error_of_a_statement_that_runs_others_may_come_from_one_of_those() {
    for statement in ["CALL p()", "EXECUTE s", "DO 1; DO 2", "BEGIN NOT ATOMIC DO 1; END"] {
        assert!(runs_others(statement), "{statement}");
    }
    for statement in ["CREATE TABEL a (id INT)", "CREATE PROCEDURE p() BEGIN DO 1; DO 2; END"] {
        assert!(!runs_others(statement), "{statement}");
    }
}

#[test]
fn what_a_later_session_can_be_given_again_is_told_from_what_is_lost() {
    let table = [
        ("SET NAMES utf8mb4", Trace::Setting),
        ("SET foreign_key_checks = 0, SESSION sql_mode = 'ANSI_QUOTES'", Trace::Setting),
        ("SET @@session.unique_checks = 0, @@sql_notes := 0", Trace::Setting),
        ("USE other", Trace::Setting),
        ("SET @a = 1", Trace::Lost),
        ("SET sql_mode = @old_mode", Trace::Lost),
        ("SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')", Trace::Lost),
        ("SET unique_checks = @@foreign_key_checks", Trace::Lost),
        ("SET insert_id = 5", Trace::Lost),
        ("SELECT 1 INTO @a", Trace::Lost),
        ("PREPARE s FROM 'DO 1'", Trace::Lost),
        ("CREATE TEMPORARY TABLE t (id INT)", Trace::Lost),
        ("CALL p()", Trace::Lost),
        ("LOAD DATA INFILE 'x' INTO TABLE a (b, @c)", Trace::Lost),
        ("LOAD DATA INFILE 'x' INTO TABLE a (b)", Trace::Nothing),
        ("LOCK TABLES a WRITE", Trace::Locks),
        ("UNLOCK TABLES", Trace::Nothing),
        ("SET TRANSACTION READ ONLY", Trace::Nothing),
        ("CREATE TABLE a (id INT)", Trace::Nothing),
    ];
    for (statement, expected) in table {
        assert_eq!(Trace::of(statement, &Kind::of(statement)), expected, "{statement}");
    }
}

#[test]
fn what_a_statement_leaves_under_a_name_can_be_taken_away() {
    let table: &[(&str, &[&str])] = &[
        ("CREATE TEMPORARY TABLE IF NOT EXISTS x.t (id INT)", &["DROP TEMPORARY TABLE IF EXISTS `x`.`t`"]),
        ("CREATE OR REPLACE TEMPORARY TABLE t SELECT 1", &["DROP TEMPORARY TABLE IF EXISTS `t`"]),
        ("DROP TEMPORARY TABLE t", &[]),
        ("USE other", &["USE other"]),
        ("PREPARE s FROM 'DO 1'", &["DEALLOCATE PREPARE `s`"]),
        ("DEALLOCATE PREPARE s", &[]),
        ("SET @a = 1, @`b c` := @d", &["SET @`b c` = NULL, @a = NULL, @d = NULL"]),
        ("SELECT 1 INTO @a", &["SET @a = NULL"]),
        ("CALL p(@a)", &["SET @a = NULL"]),
        ("LOAD DATA INFILE 'x' INTO TABLE a (b, @c)", &["SET @c = NULL"]),
        (
            "SET sql_log_bin = 0, @@SESSION.Max_Error_Count := (1, 2), LOCAL sort_buffer_size = 1",
            &[
                "SET SESSION sql_log_bin = DEFAULT",
                "SET SESSION max_error_count = DEFAULT",
                "SET SESSION sort_buffer_size = DEFAULT",
            ],
        ),
        ("SET GLOBAL a = 1, @@GLOBAL.b = 2, @@PERSIST.c = 3, @@d = 4", &["SET SESSION d = DEFAULT"]),
        ("SET NAMES latin1", &[]),
        ("SET TRANSACTION READ ONLY", &[]),
        (
            "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            &["SET SESSION transaction_isolation = DEFAULT", "SET SESSION tx_isolation = DEFAULT"],
        ),
        ("SET explicit_defaults_for_timestamp = 0", &["SET SESSION explicit_defaults_for_timestamp = 1"]),
        ("SET wsrep_sync_wait = 0", &[]),
        ("CREATE PROCEDURE p() SET @a = 1", &[]),
        ("INSERT INTO a VALUES (1)", &[]),
    ];
    for (statement, expected) in table {
        assert_eq!(left_behind(statement, &Kind::of(statement)), *expected, "{statement}");
    }
}
