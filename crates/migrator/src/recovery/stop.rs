//! What a person is told who has to decide.

use std::fmt;

use super::decide::Why;
use crate::plan::Step;
use crate::shown::beginning;
use crate::{Direction, Statement};

/// A statement of a file. `Display` says where it is and how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementAt {
    /// Which of the file's statements it is, counted from 1.
    pub number: usize,
    /// How many the file has.
    pub of: usize,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

impl StatementAt {
    pub(crate) fn new(index: usize, of: usize, statement: &Statement<'_>) -> Self {
        Self { number: index + 1, of, line: statement.line, text: statement.text.to_owned() }
    }
}

impl fmt::Display for StatementAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, of, line, text } = self;
        write!(f, "statement {number} of {of}, line {line}: {}", beginning(text))
    }
}

/// Why it cannot be told how to go on, as a clause.
pub(crate) fn reason(why: &Why, step: &Step<'_>) -> String {
    let statement = |index: usize| {
        let statement = step.statements.get(index);
        statement.map_or_else(
            || format!("statement {}", index + 1),
            |statement| StatementAt::new(index, step.statements.len(), statement).to_string(),
        )
    };
    match why {
        Why::NoJournal => {
            "an older version of this program has begun it, and no journal says how far it came".to_owned()
        }
        Why::Changed(index) => {
            format!("it is not the text any more that was run before; it differs in {}", statement(*index))
        }
        Why::SessionState(index) => format!(
            "this statement did not take effect, but one before it has left something in its session that may be needed \
             here and is gone: {}",
            statement(*index)
        ),
        Why::NoTrace => "nothing shows whether this statement took effect".to_owned(),
        Why::NotTransactional => {
            "this statement writes to a table without transactions, so a part of it may be done".to_owned()
        }
        Why::NotRolledBack(index) => format!(
            "a transaction begins here, and what it writes to a table without transactions is not rolled back: {}",
            statement(*index)
        ),
        Why::Partly => "some of the objects of this statement are as after it and some as before".to_owned(),
        Why::Locked => {
            "tables were locked from this statement on, so that nothing could be written down".to_owned()
        }
    }
}

/// What to type. `why` where there is a statement to go on with.
pub(crate) fn advice(version: &str, direction: Direction, why: Option<&Why>) -> String {
    let mut choices = Vec::new();
    match why {
        None => {}
        Some(Why::Changed(_)) => {
            choices.push("Put the text back that was run and run the same command again.".to_owned());
        }
        Some(Why::SessionState(_)) => {
            choices.push("If it does not need that: `resume` goes on with it in a new session.".to_owned());
        }
        Some(Why::Locked) => {
            choices.push("If nothing from there on took effect: `resume` goes on with it.".to_owned());
        }
        Some(Why::NotRolledBack(_)) => {
            choices.push(
                "If no row of that is there, or you take them out by hand: `resume` runs the whole transaction again."
                    .to_owned(),
            );
        }
        Some(_) => choices.extend([
            "If it did not take effect: `resume` runs it again and goes on.".to_owned(),
            "If it took effect: `resume --skip-statement` goes on after it.".to_owned(),
        ]),
    }
    let (applied, rolled_back) = match direction {
        Direction::Up => ("If you do the rest of the file by hand", "If you undo by hand what it did"),
        Direction::Down => ("If you undo by hand what it did", "If you do the rest of the file by hand"),
    };
    choices.push(format!("{applied}: `mark-applied --version {version}`."));
    choices.push(format!("{rolled_back}: `mark-rolled-back --version {version}`."));
    format!("Look at the database, then choose:\n- {}", choices.join("\n- "))
}
