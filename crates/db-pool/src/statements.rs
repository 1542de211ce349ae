//! The prepared statements of one session.

use std::collections::HashMap;

use mysql_async::Statement;

/// More than a service has; the server's own limit is 16,382 for all sessions together.
const CAPACITY: usize = 128;

/// Prepared statements by the address of their text.
///
/// A text of `'static` lifetime never changes nor moves, so its address says which one it is, without the parsing
/// and hashing of the whole text that the driver's cache does on each use. The same text at two addresses
/// is prepared twice, which costs a little and harms nothing.
#[derive(Default)]
pub(crate) struct Statements {
    known: HashMap<(usize, usize), Known>,
    uses: u64,
}

struct Known {
    statement: Statement,
    last_use: u64,
}

impl Statements {
    pub(crate) fn get(&mut self, sql: &'static str) -> Option<Statement> {
        let known = self.known.get_mut(&key(sql))?;
        self.uses += 1;
        known.last_use = self.uses;
        Some(known.statement.clone())
    }

    /// Keeps a statement. The one that is given back was longest out of use and has to be closed.
    #[must_use]
    pub(crate) fn insert(&mut self, sql: &'static str, statement: Statement) -> Option<Statement> {
        let oldest = if self.known.len() < CAPACITY {
            None
        } else {
            self.known.iter().min_by_key(|(_, known)| known.last_use).map(|(key, _)| *key)
        };
        let evicted = oldest.and_then(|key| self.known.remove(&key)).map(|known| known.statement);
        self.uses += 1;
        self.known.insert(key(sql), Known { statement, last_use: self.uses });
        evicted
    }

    /// Forgets all; each has to be closed.
    pub(crate) fn take_all(&mut self) -> Vec<Statement> {
        self.known.drain().map(|(_, known)| known.statement).collect()
    }
}

fn key(sql: &'static str) -> (usize, usize) {
    (sql.as_ptr().addr(), sql.len())
}
