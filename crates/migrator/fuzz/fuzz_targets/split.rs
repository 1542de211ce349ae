//! Any text: cut into statements, read, linted, and put together again.
#![no_main]

use kseekers_migrator::{Kind, MigrationSet, Piece, Statement, lint, pieces, split};
use libfuzzer_sys::fuzz_target;

/// No statement is expected to have it in it.
const DELIMITER: &str = "§§";

fuzz_target!(|text: &str| {
    // Reads the comments that are meant for the migrator, too.
    if let Ok(set) =
        MigrationSet::from_files([("01_any.sql", text.to_owned()), ("R01_any.sql", "DO 0".to_owned())])
    {
        let _ = lint(&set);
    }
    let _ = whole(Statement { text, line: 1 });
    let (Ok(pieces), Ok(statements)) = (pieces(text), split(text)) else {
        return;
    };
    the_pieces_are_the_file(&pieces, text);
    they_are_trimmed_and_at_their_lines(&statements, text);
    for statement in &statements {
        comments_around_it_do_not_count(statement);
    }
    line_ends_do_not_count(&statements, text);
    joined_again_they_are_the_same(&statements);
});

fn whole(statement: Statement<'_>) -> (Kind, String) {
    (statement.kind(), statement.digest())
}

fn the_pieces_are_the_file(pieces: &[Piece<'_>], text: &str) {
    let text_of = |piece: &Piece<'_>| match *piece {
        Piece::Statement(statement) => statement.text.to_owned(),
        Piece::Between(between) => between.to_owned(),
    };
    assert_eq!(pieces.iter().map(text_of).collect::<String>(), text);
}

fn they_are_trimmed_and_at_their_lines(statements: &[Statement<'_>], text: &str) {
    let (mut read, mut line) = (0, 1);
    for statement in statements {
        assert!(!statement.text.is_empty());
        assert_eq!(statement.text.trim_ascii(), statement.text);
        let begins = statement.text.as_ptr().addr() - text.as_ptr().addr();
        line += text[read..begins].matches('\n').count();
        assert_eq!(statement.line, line, "{}", statement.text);
        read = begins;
    }
}

fn comments_around_it_do_not_count(statement: &Statement<'_>) {
    let commented = format!("/* x */ {} -- x", statement.text);
    assert_eq!(whole(*statement), whole(Statement { text: &commented, line: 1 }));
}

fn line_ends_do_not_count(statements: &[Statement<'_>], text: &str) {
    let unix = text.replace('\r', "");
    if unix == text {
        let windows = text.replace('\n', "\r\n");
        let lines = |statements: &[Statement<'_>]| {
            let texts = statements.iter().map(|one| (one.text.replace("\r\n", "\n"), one.line));
            texts.collect::<Vec<_>>()
        };
        assert_eq!(lines(statements), lines(&split(&windows).expect("as with the other line ends")));
    }
}

fn joined_again_they_are_the_same(statements: &[Statement<'_>]) {
    let texts: Vec<_> = statements.iter().map(|statement| statement.text).collect();
    if texts.iter().any(|text| text.contains(DELIMITER)) {
        return;
    }
    let ended: String = texts.iter().map(|text| format!("{text}\n{DELIMITER}\n")).collect();
    let joined = format!("DELIMITER {DELIMITER}\n{ended}");
    let again = split(&joined).expect("as before");
    assert_eq!(again.iter().map(|statement| statement.text).collect::<Vec<_>>(), texts);
}
