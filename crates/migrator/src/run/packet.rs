//! Statements that share a round trip. The server does one after the other and stops at the first that it refuses; which one
//! that is the number of its answers tells.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row};

/// What is sent. Statements of files are counted from 0 within their round trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Writes down what is known before a statement.
    Note(usize),
    /// One of a file.
    Statement(usize),
    /// Asks how a table is now.
    Look,
}

#[derive(Default)]
pub(super) struct Packet {
    sql: String,
    /// And of how many statements they are.
    parts: Vec<(Part, usize)>,
}

/// What became of a part that was done.
pub(super) struct Answer {
    /// How long its last statement took.
    pub(super) took: Duration,
    /// The first row of that.
    pub(super) row: Option<Row>,
}

/// What became of a [`Packet`].
pub(super) struct Answers {
    pub(super) done: Vec<(Part, Answer)>,
    /// The part behind those, and why it was not done.
    pub(super) refused: Option<(Part, Error)>,
}

impl Packet {
    pub(super) fn add(&mut self, part: Part, statements: &[impl AsRef<str>]) {
        for statement in statements {
            // A comment may be the end of the one before.
            self.sql.push_str(if self.sql.is_empty() { "" } else { "\n;" });
            self.sql.push_str(statement.as_ref());
        }
        self.parts.push((part, statements.len()));
    }

    /// Whether nothing stands behind this part.
    pub(super) fn ends_with(&self, part: Part) -> bool {
        self.parts.last().is_some_and(|(last, _)| *last == part)
    }

    /// `begins` is called for each part when the server has come to it.
    pub(super) async fn send(&self, conn: &mut Conn, mut begins: impl FnMut(Part)) -> Answers {
        let mut done = Vec::with_capacity(self.parts.len());
        let mut refused = None;
        let mut ended = Instant::now();
        let mut answers = match conn.query_iter(self.sql.as_str()).await {
            Ok(answers) => answers,
            Err(error) => {
                refused = self.parts.first().map(|(part, _)| (*part, error));
                return Answers { done, refused };
            }
        };
        for (index, (part, statements)) in self.parts.iter().enumerate() {
            let mut answer = Answer { took: Duration::ZERO, row: None };
            for statement in 1..=*statements {
                // The driver waits for the beginning of the next answer before it gives the end of one.
                answer.took = ended.elapsed();
                ended = Instant::now();
                let is_there = answers.columns().is_some();
                if is_there && statement == 1 {
                    begins(*part);
                }
                match answers.collect::<Row>().await {
                    Ok(rows) if is_there => answer.row = rows.into_iter().next(),
                    // To the server there was no such statement.
                    Ok(_) => return Answers { done, refused },
                    Err(error) => {
                        let next = self.parts.get(index + 1).filter(|_| statement == *statements);
                        refused = match next {
                            // The connection was lost while the next one was waited for.
                            Some((next, _)) if !matches!(error, Error::Server(_)) => {
                                done.push((*part, answer));
                                Some((*next, error))
                            }
                            _ => Some((*part, error)),
                        };
                        return Answers { done, refused };
                    }
                }
            }
            done.push((*part, answer));
        }
        // A procedure has more answers than one.
        match answers.drop_result().await {
            Ok(()) => {
                if let Some((_, last)) = done.last_mut() {
                    last.took += ended.elapsed();
                }
            }
            Err(error) => refused = done.pop().map(|(part, _)| (part, error)),
        }
        Answers { done, refused }
    }
}
