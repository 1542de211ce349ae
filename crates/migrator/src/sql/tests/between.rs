use crate::sql::{Between, runs_others};

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
        assert_eq!(Between::after(statement), expected, "{statement}");
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
