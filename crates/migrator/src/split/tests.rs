use super::{Piece, SplitProblem, pieces, split};
use crate::{Kind, directive::directives, sql::statement_digest};
use proptest::prelude::*;

fn texts(source: &str) -> Vec<&str> {
    split(source).unwrap().into_iter().map(|statement| statement.text).collect()
}

#[test]
fn a_semicolon_in_quotes_does_not_end_a_statement() {
    let source = r#"SELECT 'a;b', "c;d", `e;f`; SELECT 'it''s; fine', "a "" ; b", `x``;y`; SELECT 3"#;
    assert_eq!(
        texts(source),
        [r#"SELECT 'a;b', "c;d", `e;f`"#, r#"SELECT 'it''s; fine', "a "" ; b", `x``;y`"#, "SELECT 3"]
    );
}

#[test]
fn a_backslash_escapes_in_text_but_not_in_a_name() {
    assert_eq!(
        texts(r"SELECT 'a\';b'; SELECT 'c\\'; SELECT `d\`; SELECT 4"),
        [r"SELECT 'a\';b'", r"SELECT 'c\\'", r"SELECT `d\`", "SELECT 4"]
    );
}

#[test]
fn a_semicolon_in_a_comment_does_not_end_a_statement() {
    let source =
        "SELECT 1 -- it's; here\n + 1; SELECT 2 # and; here\n; SELECT /* and; it's */ 3; SELECT 5--3;";
    assert_eq!(
        texts(source),
        ["SELECT 1 -- it's; here\n + 1", "SELECT 2 # and; here", "SELECT /* and; it's */ 3", "SELECT 5--3"]
    );
}

#[test]
fn an_executable_comment_is_a_statement() {
    let source = "/* gone */ /*!40101 SET NAMES utf8mb4 */;\nDELIMITER ;;\n\
                  /*!50003 CREATE*/ /*!50017 TRIGGER t BEGIN SELECT '*/'; /* x;; */ END */;;\
                  /*M!100100 SELECT ';;' */;; SELECT /*+ it's;; */ 1;;";
    assert_eq!(
        texts(source),
        [
            "/*!40101 SET NAMES utf8mb4 */",
            "/*!50003 CREATE*/ /*!50017 TRIGGER t BEGIN SELECT '*/'; /* x;; */ END */",
            "/*M!100100 SELECT ';;' */",
            "SELECT /*+ it's;; */ 1"
        ]
    );
}

#[test]
fn delimiter_changes_what_ends_a_statement() {
    let source = "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\r\n\tdelimiter ;\r\nSELECT 3;\n\
                  DELIMITER $$\nSELECT 4;5 $$ SELECT 6 $$";
    assert_eq!(
        texts(source),
        ["CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END", "SELECT 3", "SELECT 4;5", "SELECT 6"]
    );
}

#[test]
fn a_delimiter_may_be_quoted_and_have_blanks() {
    let source =
        "DELIMITER '//'\nSELECT 1//\nDELIMITER \"the end\" -- really\nSELECT 2;3 the end SELECT 4the end";
    assert_eq!(texts(source), ["SELECT 1", "SELECT 2;3", "SELECT 4"]);
}

#[test]
fn short_commands_end_a_statement_or_take_it_back() {
    assert_eq!(
        texts("SELECT 1\\G SELECT '\\g', \\N \\g;\nSELECT 3 \\c SELECT\n4;\\c"),
        ["SELECT 1", "SELECT '\\g', \\N", "SELECT\n4"]
    );
}

#[test]
fn what_only_the_client_could_do_is_told_before_anything_is_run() {
    let problem = |source| {
        let error = split(source).unwrap_err();
        (error.problem, error.line)
    };
    assert_eq!(problem("SELECT 1;\nSource other.sql"), (SplitProblem::ClientCommand("source"), 2));
    assert_eq!(problem("exit;"), (SplitProblem::ClientCommand("exit"), 1));
    assert_eq!(problem("SELECT 1;\nGO\n"), (SplitProblem::ClientCommand("go"), 2));
    assert_eq!(problem("DELIMITER x\ngox"), (SplitProblem::ClientCommand("go"), 2));
    assert_eq!(problem("go\\g"), (SplitProblem::ClientCommand("go"), 1));
    assert_eq!(problem("\n\\! rm x"), (SplitProblem::BackslashCommand('!'), 2));
    assert_eq!(problem("SELECT \\'a"), (SplitProblem::BackslashCommand('\''), 1));
    assert_eq!(problem("SELECT 1 \\"), (SplitProblem::BackslashCommand(' '), 1));
    // Within a statement they are names.
    assert_eq!(texts("SELECT\nstatus\nFROM source;gone;"), ["SELECT\nstatus\nFROM source", "gone"]);
}

#[test]
fn a_delimiter_cannot_stand_in_an_executable_comment() {
    let error = split("SELECT 1;\n/*!50003 SET @a = 1\n; SET @b = 2 */;").unwrap_err();
    assert_eq!((error.problem, error.line), (SplitProblem::DelimiterInComment, 3));
}

#[test]
fn a_column_may_be_called_delimiter() {
    assert_eq!(
        texts("CREATE TABLE t (\ndelimiter VARCHAR(3)\n);"),
        ["CREATE TABLE t (\ndelimiter VARCHAR(3)\n)"]
    );
    assert_eq!(texts("delimiters;"), ["delimiters"]);
}

#[test]
fn a_byte_order_mark_empty_statements_and_comments_alone_are_no_statements() {
    assert_eq!(texts("\u{feff}SELECT 1;;\r\n;\r\n--\r\n--x;\n# y;\n/* z; */;\n"), ["SELECT 1"]);
    assert_eq!(texts("\u{feff}"), Vec::<&str>::new());
}

#[test]
fn each_statement_knows_its_line() {
    let source = "-- head\r\n\r\nSELECT\r\n 1;\r\nSELECT 2; SELECT\n3;\n\n/*\n*/ SELECT 4";
    let lines: Vec<usize> = split(source).unwrap().iter().map(|statement| statement.line).collect();
    assert_eq!(lines, [3, 5, 5, 9]);
}

#[test]
fn what_is_never_closed_is_told_with_its_line() {
    let problem = |source| {
        let error = split(source).unwrap_err();
        (error.problem, error.line)
    };
    assert_eq!(problem("SELECT 1;\nSELECT 'a;\n"), (SplitProblem::OpenQuote('\''), 2));
    assert_eq!(problem("SELECT `a"), (SplitProblem::OpenQuote('`'), 1));
    assert_eq!(problem("SELECT 'a\\"), (SplitProblem::OpenQuote('\''), 1));
    assert_eq!(problem("\n\n/* a;"), (SplitProblem::OpenComment, 3));
    assert_eq!(problem("SELECT 1\n/*! a"), (SplitProblem::OpenComment, 2));
    assert_eq!(problem("SELECT 1;\nDELIMITER \nSELECT 2"), (SplitProblem::BadDelimiter, 2));
    assert_eq!(problem("DELIMITER \\"), (SplitProblem::BadDelimiter, 1));
    assert_eq!(problem("DELIMITER;\nSELECT 1"), (SplitProblem::BadDelimiter, 1));
}

/// If the time grew with the square of the length, this would not end while somebody waits.
#[test]
fn a_long_text_is_read_to_its_end() {
    for mark in [
        "--",
        "-- ",
        "-- migrate: allow x: y\n",
        "#",
        "/*",
        "/*!",
        "/*! */",
        "*/",
        "'",
        "\"\"",
        "`",
        ";",
        "\\c",
        "(",
        ")",
        "UPDATE (",
        "SET STATEMENT a = 1 FOR ",
        "WITH ",
        "CASE ",
        "1e1",
        "DELIMITER ;\n",
        "a,",
        "IF ( ",
        ":=",
        "\n",
    ] {
        for before in ["", "SELECT ", "UPDATE ", "CREATE PROCEDURE p() BEGIN ; "] {
            let text = before.to_owned() + &mark.repeat(30_000 / mark.len());
            let (_, _, _) = (split(&text), Kind::of(&text), directives(&text));
            assert_eq!(statement_digest(&text).len(), 64, "{mark}");
        }
    }
}

/// Text made of the marks that matter, in any order.
pub(crate) fn anything() -> impl Strategy<Value = String> {
    let mark = prop_oneof![
        Just("'"),
        Just("\""),
        Just("`"),
        Just("\\"),
        Just(";"),
        Just("--"),
        Just("-- "),
        Just("#"),
        Just("/*"),
        Just("/*!"),
        Just("/*!50003"),
        Just("/*+"),
        Just("*/"),
        Just("\n"),
        Just("\r\n"),
        Just(" "),
        Just("DELIMITER "),
        Just("source "),
        Just("go"),
        Just("x"),
        Just("\\g"),
        Just("\\c"),
        Just("//"),
        Just("żó😀"),
        Just("SELECT"),
        Just("\u{feff}"),
        Just("\0"),
    ];
    prop_oneof![prop::collection::vec(mark, 0..40).prop_map(|marks| marks.concat()), any::<String>()]
}

/// Statements in which every mark is at a place where it means nothing.
fn statement() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("SELECT 1"),
        Just("SELECT ';', \"--\", `#`, '/*', 'a''b', 'c\\''"),
        Just("SELECT /* ; ' */ 2 -- ; '\n+ 3"),
        Just("/*!40101 SET @x = ';' */"),
        Just("SELECT 4 - -1, 8 / 2 * 2"),
    ]
}

fn between() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just(";"),
        Just(";\n"),
        Just(";\r\n-- ' ;\r\n"),
        Just(" ; # \"\n"),
        Just(";/* ` */;"),
        Just(";\nDELIMITER ;\n"),
    ]
}

/// A delimiter that no statement above has in it.
fn delimiter() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("//"), Just("$$"), Just(";;"), Just("|"), Just("go"), Just("€")]
}

proptest! {
    #[test]
    fn the_pieces_one_after_the_other_are_the_file(source in anything()) {
        if let Ok(pieces) = pieces(&source) {
            let joined: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Statement(statement) => statement.text,
                    Piece::Between(text) => text,
                })
                .collect();
            prop_assert_eq!(joined, source);
        }
    }

    #[test]
    fn a_statement_is_never_empty_and_has_no_blanks_around_it(source in anything()) {
        for statement in split(&source).unwrap_or_default() {
            prop_assert!(!statement.text.is_empty());
            prop_assert_eq!(statement.text, statement.text.trim_ascii());
        }
    }

    #[test]
    fn what_was_joined_is_found_again(parts in prop::collection::vec((statement(), between()), 0..20)) {
        let source: String = parts.iter().flat_map(|(statement, between)| [*statement, *between]).collect();
        let written: Vec<&str> = parts.iter().map(|(statement, _)| *statement).collect();
        prop_assert_eq!(texts(&source), written);
    }

    #[test]
    fn a_statement_is_at_its_line(source in anything()) {
        for statement in split(&source).unwrap_or_default() {
            let lines: Vec<&str> = source.split('\n').skip(statement.line - 1).collect();
            let first = statement.text.split('\n').next().unwrap_or_default();
            prop_assert!(lines.first().is_some_and(|line| line.contains(first)));
            prop_assert!(lines.join("\n").contains(statement.text));
        }
    }

    #[test]
    fn windows_line_ends_cut_at_the_same_places(source in anything()) {
        let unix = source.replace('\r', "");
        let windows = unix.replace('\n', "\r\n");
        let read = |source: &str| {
            split(source).map(|statements| {
                let pairs = statements.iter().map(|one| (one.text.replace("\r\n", "\n"), one.line));
                pairs.collect::<Vec<_>>()
            })
        };
        prop_assert_eq!(read(&unix), read(&windows));
    }

    #[test]
    fn statements_joined_again_are_the_same_statements(source in anything(), delimiter in delimiter()) {
        let statements = split(&source).unwrap_or_default();
        prop_assume!(statements.iter().all(|statement| !statement.text.contains(delimiter)));
        let joined: String =
            statements.iter().map(|statement| format!("{}\n{delimiter}\n", statement.text)).collect();
        let again = format!("DELIMITER {delimiter}\n{joined}");
        let written: Vec<&str> = statements.iter().map(|statement| statement.text).collect();
        prop_assert_eq!(texts(&again), written);
    }
}
