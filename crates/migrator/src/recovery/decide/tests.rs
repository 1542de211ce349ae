use super::{Decision, Known, Seen, Why, decide, definition_digest, may_have_changed};
use crate::journal::{JournalRow, StatementState};
use crate::split::Statement;
use crate::sql::Name;

use StatementState::{Done, Failed, Skipped, Started};

fn file(statements: &[&str]) -> Vec<Known> {
    let statements: Vec<Statement<'_>> = statements.iter().map(|text| Statement { text, line: 1 }).collect();
    Known::all(&statements)
}

/// The journal after `file` was run up to its last statement, which is in this state.
fn journal(file: &[Known], last: StatementState) -> Vec<JournalRow> {
    let row = |(index, known): (usize, &Known)| JournalRow {
        statement: index + 1,
        digest: known.digest.clone(),
        state: if index + 1 == file.len() { last } else { Done },
        before: None,
    };
    file.iter().enumerate().map(row).collect()
}

fn seen(present: &[&str]) -> Seen {
    let name = |name: &&str| Name { database: None, name: (*name).to_owned() };
    Seen { present: present.iter().map(name).collect(), ..Seen::default() }
}

const AGAIN: Decision = Decision::GoOn { from: 1 };
const NEXT: Decision = Decision::GoOn { from: 2 };

fn cannot(why: Why) -> Decision {
    Decision::Cannot { statement: 1, why }
}

/// What is decided of `statement`, the second of three, if it was in flight.
fn of(statement: &str, before: Option<&str>, seen: &Seen) -> Decision {
    let mut rows = journal(&file(&["CREATE TABLE first (id INT)", statement]), Started);
    rows[1].before = before.map(str::to_owned);
    decide(&rows, &file(&["CREATE TABLE first (id INT)", statement, "DO 0"]), seen)
}

#[test]
fn the_schema_tells_what_became_of_a_definition() {
    let table: &[(&str, &[&str], Decision)] = &[
        ("CREATE TABLE a (id INT)", &["a"], NEXT),
        ("CREATE TABLE a (id INT)", &[], AGAIN),
        ("CREATE TABLE IF NOT EXISTS a (id INT)", &["a"], AGAIN),
        ("CREATE OR REPLACE VIEW a AS SELECT 1", &["a"], AGAIN),
        ("CREATE VIEW a AS SELECT 1", &["a"], NEXT),
        ("CREATE OR REPLACE TABLE a (id INT)", &[], AGAIN),
        ("CREATE PROCEDURE a() SELECT 1", &["a"], NEXT),
        ("CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.x = 1", &[], AGAIN),
        ("CREATE TABLE a AS SELECT 1", &["a"], cannot(Why::NoTrace)),
        ("DROP TABLE a", &[], NEXT),
        ("DROP TABLE a", &["a"], AGAIN),
        ("DROP TABLE a, b", &["a", "b"], AGAIN),
        ("DROP TABLE a, b", &[], NEXT),
        ("DROP TABLE a, b", &["b"], cannot(Why::Partly)),
        ("DROP TABLE IF EXISTS a, b", &["b"], AGAIN),
        ("RENAME TABLE a TO b", &["b"], NEXT),
        ("RENAME TABLE a TO b", &["a"], AGAIN),
        ("RENAME TABLE a TO old, new TO a", &["old", "a"], NEXT),
        ("RENAME TABLE a TO old, new TO a", &["new", "a"], AGAIN),
        ("RENAME TABLE a TO t, b TO a, t TO b", &["a", "b"], cannot(Why::NoTrace)),
        ("TRUNCATE TABLE a", &["a"], cannot(Why::NoTrace)),
        ("ALTER VIEW a AS SELECT 2", &["a"], AGAIN),
        ("ALTER SEQUENCE a INCREMENT 5", &["a"], AGAIN),
        ("ALTER SEQUENCE a RESTART", &["a"], cannot(Why::NoTrace)),
        ("CREATE USER IF NOT EXISTS a, b", &[], AGAIN),
        ("DROP ROLE IF EXISTS a", &[], AGAIN),
        ("CREATE USER a", &[], cannot(Why::NoTrace)),
        ("RENAME USER a TO b", &[], cannot(Why::NoTrace)),
    ];
    for (statement, present, expected) in table {
        assert_eq!(of(statement, None, &seen(present)), *expected, "{statement}, {present:?}");
    }
}

#[test]
fn a_changed_table_is_known_by_its_definition() {
    let shown = "CREATE TABLE `a` (`b` int, UNIQUE KEY `i` (`b`))";
    let now = Seen { definition: Some(shown.to_owned()), ..Seen::default() };
    let same = definition_digest(shown);
    for (statement, in_it) in [
        ("ALTER TABLE a ADD b INT", true),
        ("ALTER TABLE a DROP b", false),
        ("ALTER TABLE a ADD c INT, ADD b INT", false),
        ("ALTER TABLE a ADD UNIQUE (b), FORCE", true),
        ("CREATE UNIQUE INDEX i ON a (b)", true),
        ("CREATE INDEX i ON a (b)", false),
        ("DROP INDEX i ON a", false),
        ("DROP INDEX j ON a", true),
    ] {
        let expected = if in_it { NEXT } else { cannot(Why::NoTrace) };
        assert_eq!(of(statement, Some("before"), &now), expected, "{statement}");
        assert_eq!(of(statement, Some(&same), &now), AGAIN, "{statement}");
        assert_eq!(of(statement, None, &now), cannot(Why::NoTrace), "{statement}");
        assert_eq!(of(statement, Some("before"), &Seen::default()), cannot(Why::NoTrace), "{statement}");
        assert_eq!(of(statement, None, &Seen::default()), AGAIN, "{statement}");
    }
    for repeated in ["ALTER TABLE a MODIFY b BIGINT, COMMENT 'x'", "CREATE INDEX IF NOT EXISTS i ON a (b)"] {
        assert_eq!(of(repeated, Some("before"), &now), AGAIN, "{repeated}");
    }
    for unseen in [
        "ALTER TABLE a TRUNCATE PARTITION p",
        "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b",
        "ALTER TABLE a CONVERT TABLE b TO PARTITION p VALUES LESS THAN (9)",
        "ALTER TABLE a DISCARD TABLESPACE",
        "ALTER TABLE a IMPORT PARTITION p TABLESPACE",
    ] {
        assert_eq!(of(unseen, Some(&same), &now), cannot(Why::NoTrace), "{unseen}");
    }
}

#[test]
fn what_is_made_in_the_place_of_something_is_known_by_what_was_there() {
    let now = Seen { definition: Some("now".to_owned()), ..seen(&["a"]) };
    for statement in ["CREATE OR REPLACE TABLE a (id INT)", "CREATE OR REPLACE SEQUENCE a"] {
        assert_eq!(of(statement, Some("before"), &now), NEXT, "{statement}");
        assert_eq!(of(statement, None, &now), NEXT, "{statement}");
        assert_eq!(of(statement, Some(&definition_digest("now")), &now), cannot(Why::NoTrace), "{statement}");
        // It is older than the statement, or not there.
        let old = Seen { present: Vec::new(), ..now.clone() };
        assert_eq!(of(statement, Some("now"), &old), AGAIN, "{statement}");
    }
    assert_eq!(of("CREATE VIEW a AS SELECT 1", Some("before"), &now), AGAIN);
}

#[test]
fn what_was_made_after_a_drop_has_begun_is_not_dropped_by_itself() {
    let younger = Seen { younger: true, ..seen(&["a"]) };
    for statement in ["DROP TABLE a", "DROP TABLE IF EXISTS a"] {
        assert_eq!(of(statement, None, &younger), cannot(Why::NoTrace), "{statement}");
    }
}

#[test]
fn names_after_use_are_those_of_the_database_that_is_used() {
    let there = |database: &str| {
        let name = Name { database: Some(database.to_owned()), name: "a".to_owned() };
        Seen { present: vec![name], ..Seen::default() }
    };
    let decided = |uses: &str, seen: &Seen| {
        let statements = file(&[uses, "CREATE TABLE a (id INT)", "DO 0"]);
        decide(&journal(&statements[..2], Started), &statements, seen)
    };
    assert_eq!(decided("USE `other`", &there("other")), NEXT);
    assert_eq!(decided("use other", &seen(&["a"])), AGAIN);
    assert_eq!(decided("USE x; USE other", &there("other")), cannot(Why::NoTrace));
}

#[test]
fn the_journal_tells_what_became_of_a_change_of_rows() {
    let nothing = Seen { not_rolled_back: Some(1), ..Seen::default() };
    for statement in ["INSERT INTO a VALUES (1)", "UPDATE a SET b = 1", "DELETE FROM a"] {
        assert_eq!(of(statement, None, &seen(&[])), AGAIN, "{statement}");
        assert_eq!(of(statement, None, &nothing), cannot(Why::NotTransactional), "{statement}");
    }
    assert_eq!(of("COMMIT", None, &nothing), NEXT);
    for statement in ["START TRANSACTION", "SELECT 1", "GRANT SELECT ON a TO b", "SET @a = 1", "DO 1"] {
        assert_eq!(of(statement, None, &seen(&[])), AGAIN, "{statement}");
    }
    let later = Seen { not_rolled_back: Some(2), ..Seen::default() };
    assert_eq!(of("START TRANSACTION", None, &later), cannot(Why::NotRolledBack(2)));
    assert_eq!(of("CALL p()", None, &nothing), cannot(Why::NoTrace));
    assert_eq!(of("LOCK TABLES a WRITE", None, &nothing), cannot(Why::Locked));
}

#[test]
fn rows_behind_a_new_table_may_have_been_in_flight_with_it() {
    let statements = file(&["CREATE TABLE a (id INT)", "INSERT INTO a VALUES (1)", "DO 1"]);
    let rows = journal(&statements[..1], Started);
    assert_eq!(may_have_changed(&statements, 0).len(), 2);
    assert_eq!(decide(&rows, &statements, &seen(&["a"])), AGAIN);
    assert_eq!(decide(&rows, &statements, &seen(&[])), Decision::GoOn { from: 0 });
    let there = Seen { not_rolled_back: Some(1), ..seen(&["a"]) };
    assert_eq!(decide(&rows, &statements, &there), cannot(Why::NotTransactional));
    let not_there = Seen { not_rolled_back: Some(1), ..seen(&[]) };
    assert_eq!(decide(&rows, &statements, &not_there), Decision::GoOn { from: 0 });
    // Each of these is written down before the rows.
    for first in [
        "CREATE TABLE a AS SELECT 1",
        "CREATE TABLE IF NOT EXISTS a (id INT)",
        "DROP TABLE a",
        "CREATE OR REPLACE TABLE a (id INT)",
        "CREATE VIEW a AS SELECT 1",
        "CREATE INDEX i ON a (b)",
    ] {
        assert_eq!(may_have_changed(&file(&[first, "INSERT INTO a VALUES (1)"]), 0).len(), 1, "{first}");
    }
}

#[test]
fn a_refused_statement_is_run_again_and_may_have_been_mended() {
    let rows = journal(&file(&["DO 1", "CREATE TABEL a (id INT)"]), Failed);
    assert_eq!(decide(&rows, &file(&["DO 1", "CREATE TABLE a (id INT)"]), &Seen::default()), AGAIN);
    assert_eq!(decide(&rows, &file(&["DO 1"]), &Seen::default()), Decision::AllDone);
    let changed = decide(&rows, &file(&["DO 2", "CREATE TABLE a (id INT)"]), &Seen::default());
    assert_eq!(changed, cannot(Why::Changed(0)));
}

#[test]
fn another_text_than_was_run_cannot_be_gone_on_with() {
    let rows = journal(&file(&["DO 1", "INSERT INTO a VALUES (1)"]), Started);
    let other = file(&["DO 1", "INSERT INTO a VALUES (2)", "DO 3"]);
    assert_eq!(decide(&rows, &other, &seen(&[])), cannot(Why::Changed(1)));
    // Blanks and comments are no change.
    let same = file(&["DO 1 -- x", "INSERT  INTO a VALUES (1)", "DO 3"]);
    assert_eq!(decide(&rows, &same, &seen(&[])), AGAIN);
}

#[test]
fn what_an_earlier_statement_left_in_the_session_is_missed_only_where_something_is_left_to_do() {
    for first in ["SET @a = 1", "CALL p()", "CREATE TEMPORARY TABLE t (id INT)", "LOCK TABLES a READ"] {
        let rows = journal(&file(&[first, "DROP TABLE a"]), Started);
        let longer = file(&[first, "DROP TABLE a", "DO 1"]);
        let why = Why::SessionState(0);
        assert_eq!(decide(&rows, &longer, &seen(&[])), Decision::Cannot { statement: 2, why }, "{first}");
        assert_eq!(decide(&rows, &file(&[first, "DROP TABLE a"]), &seen(&[])), Decision::AllDone, "{first}");
    }
    // A setting can be made again, and a lock that was given back is not missed.
    for first in ["SET NAMES utf8mb4", "USE other", "SET TRANSACTION READ ONLY", "UNLOCK TABLES"] {
        let rows = journal(&file(&["LOCK TABLES a READ", "UNLOCK TABLES", first, "DROP TABLE a"]), Started);
        let longer = file(&["LOCK TABLES a READ", "UNLOCK TABLES", first, "DROP TABLE a", "DO 1"]);
        assert_eq!(decide(&rows, &longer, &seen(&[])), Decision::GoOn { from: 4 }, "{first}");
    }
}

#[test]
fn the_number_of_a_row_that_another_session_has_made_is_missed() {
    let parent = "INSERT INTO parents VALUES ()";
    for child in [
        "INSERT INTO children VALUES (LAST_INSERT_ID())",
        "INSERT INTO children SELECT @@IDENTITY",
        "SET @id = last_insert_id ( )",
    ] {
        let statements = file(&["DO 1", parent, "DO 2", child, "DO 3"]);
        for state in [Started, Failed] {
            let rows = journal(&file(&["DO 1", parent, "DO 2", child]), state);
            let expected = Decision::Cannot { statement: 3, why: Why::SessionState(1) };
            assert_eq!(decide(&rows, &statements, &seen(&[])), expected, "{child}");
        }
        // In one session with it is what makes the row, or nothing does.
        let rows = journal(&file(&["DO 1", parent]), Started);
        assert_eq!(decide(&rows, &statements, &seen(&[])), AGAIN, "{child}");
        let rows = journal(&file(&["DO 1", child]), Started);
        assert_eq!(decide(&rows, &file(&["DO 1", child]), &seen(&[])), AGAIN, "{child}");
    }
    // It makes the number itself, or asks when it is called.
    for child in [
        "UPDATE a SET id = LAST_INSERT_ID(id + 1)",
        "CREATE PROCEDURE p() BEGIN INSERT INTO b VALUES (LAST_INSERT_ID()); END",
    ] {
        let rows = journal(&file(&[parent, child]), Failed);
        assert_eq!(decide(&rows, &file(&[parent, child]), &seen(&[])), AGAIN, "{child}");
    }
}

#[test]
fn what_is_done_or_skipped_is_not_run_again() {
    let statements = ["DO 1", "DO 2", "DO 3"];
    for state in [Done, Skipped] {
        assert_eq!(decide(&journal(&file(&statements[..2]), state), &file(&statements), &seen(&[])), NEXT);
        assert_eq!(
            decide(&journal(&file(&statements), state), &file(&statements), &seen(&[])),
            Decision::AllDone
        );
    }
    let none = decide(&[], &file(&statements), &seen(&[]));
    assert_eq!(none, Decision::Cannot { statement: 0, why: Why::NoJournal });
}

#[test]
fn statements_of_a_transaction_that_was_rolled_back_leave_gaps() {
    let statements = file(&["START TRANSACTION", "INSERT INTO a VALUES (1)", "ROLLBACK", "DROP TABLE a"]);
    let mut rows = journal(&statements, Started);
    rows[0].state = Started;
    rows.remove(1);
    assert_eq!(decide(&rows, &statements, &seen(&["a"])), Decision::GoOn { from: 3 });
    assert_eq!(decide(&rows[..1], &statements, &seen(&["a"])), Decision::GoOn { from: 0 });
}

#[test]
fn rows_may_have_been_changed_up_to_the_end_of_the_transaction() {
    let statements =
        file(&["SET NAMES utf8mb4", "DO 1", "INSERT INTO a VALUES (1)", "DO 2", "COMMIT", "DO 3"]);
    assert_eq!(may_have_changed(&statements, 1).len(), 3);
    assert_eq!(may_have_changed(&statements[1..], 0).len(), 1);
    for begin in ["START TRANSACTION", "SET TRANSACTION READ ONLY"] {
        let statements = file(&["DO 1", begin, "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)"]);
        assert_eq!(may_have_changed(&statements, 1).len(), 3, "{begin}");
    }
    assert!(may_have_changed(&statements, 6).is_empty());
}
