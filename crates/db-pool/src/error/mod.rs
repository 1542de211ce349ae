//! What can go wrong, by what it means for the caller.

mod driver;
mod server;

use std::{borrow::Cow, time::Duration};

pub(crate) use driver::{Failure, Fate, cut_by_server, out_of_statements, unavailable};

/// Why a statement or a connection failed.
///
/// No variant carries a value of a statement, a password, or the words of the server where these could quote one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// All connections stayed in use until the deadline, or the one whose turn had come was not open by then.
    #[error("no connection became free within {limit:?}: {in_use} in use, {waiting} waiting")]
    Timeout {
        /// The deadline that passed.
        limit: Duration,
        /// Connections in use at that moment, or just being opened.
        in_use: usize,
        /// Callers that waited in line at that moment, this one included unless its turn had come.
        waiting: usize,
    },
    /// All connections are in use, and as many callers wait as [`max_waiting`](crate::DbOptions::max_waiting) allows.
    #[error("no connection is free: {in_use} in use, and {waiting} callers wait already")]
    TooManyWaiting {
        /// Connections in use at that moment.
        in_use: usize,
        /// Callers that may wait at once.
        waiting: usize,
    },
    /// A statement took longer than [`statement_timeout`](crate::DbOptions::statement_timeout).
    ///
    /// If the server has stopped it, it has changed nothing, and a transaction around it is still open. If the server
    /// did not answer, it may have taken place or not, and the connection has been closed.
    #[error("the statement took too long: given up after {after:.1?}")]
    StatementTimeout {
        /// How long it had run.
        after: Duration,
    },
    /// The database cannot be reached, or the connection broke. A statement on its way may have taken place or not.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The pool has been closed.
    #[error("the connection pool is closed")]
    Closed,
    /// A UNIQUE or primary key has this value already.
    #[error("duplicate value for key `{key}`")]
    Duplicate {
        /// The name of the key, without its table (`PRIMARY` for the primary key).
        key: String,
    },
    /// A foreign key would point nowhere.
    #[error("foreign key {}: {violation}", .constraint.as_deref().unwrap_or("(name not told)"))]
    ForeignKey {
        /// From which side.
        violation: ForeignKeyViolation,
        /// The name of the constraint. The server keeps it from users who may not see the table.
        constraint: Option<String>,
    },
    /// Two transactions waited for each other, and the server has rolled this one back.
    #[error("deadlock: the transaction was rolled back")]
    Deadlock,
    /// Somebody else held the lock for too long. The transaction is still open.
    #[error("waited too long for a lock")]
    LockWait,
    /// A text or binary value does not fit into its column.
    #[error("value too long for column `{column}`")]
    TooLong {
        /// The column.
        column: String,
    },
    /// A number does not fit into its column, or an expression overflowed.
    #[error("number out of range{}", .column.as_deref().map(|c| format!(" for column `{c}`")).unwrap_or_default())]
    OutOfRange {
        /// The column, if it was one.
        column: Option<String>,
    },
    /// A column that must have a value got none.
    #[error("column `{column}` must have a value")]
    NotNull {
        /// The column.
        column: String,
    },
    /// A CHECK constraint refuses the row.
    #[error("the row violates the check `{constraint}`")]
    Check {
        /// The name of the constraint.
        constraint: String,
    },
    /// A statement that must give a row gave none.
    #[error("no such row")]
    NotFound,
    /// A row is not what its type expects.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A COMMIT was not answered, or not in time: it may have taken place or not. Look before you repeat.
    #[error("COMMIT was not answered: whether the changes were made is not known")]
    OutcomeUnknown,
    /// A statement with its values is larger than the server takes (`max_allowed_packet`).
    #[error("the statement is larger than the server accepts")]
    PacketTooLarge,
    /// All sessions together have as many prepared statements as the server allows.
    #[error(
        "the server keeps no more prepared statements: raise max_prepared_stmt_count, or lower max_connections of its users"
    )]
    TooManyStatements,
    /// The driver refuses the statement, for example because the number of parameters is wrong.
    #[error("the driver refused: {0}")]
    Driver(String),
    /// The options of the pool cannot be right.
    #[error("cannot make a connection pool: {0}")]
    Options(Cow<'static, str>),
    /// Any other answer of the server.
    #[error("the database refused with error {code} ({state}): {message}")]
    Other {
        /// The server's error number.
        code: u16,
        /// The SQLSTATE.
        state: String,
        /// The server's words, with everything in quotes left out where that may be a value.
        message: String,
    },
}

/// From which side a foreign key is violated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignKeyViolation {
    /// The row points to one that does not exist.
    #[error("there is no such row to point to")]
    MissingParent,
    /// The row is pointed to, so it can neither go nor change its key.
    #[error("other rows point to this one")]
    StillReferenced,
}

/// Why a row is not what its type expects. Values are never told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The result has no such column.
    #[error("the result has no column `{column}`")]
    NoSuchColumn {
        /// The name, or `#` and the place.
        column: String,
    },
    /// The column was taken out of the row before.
    #[error("column `{column}` was read twice")]
    AlreadyTaken {
        /// The column.
        column: String,
    },
    /// NULL, and the type is no `Option`.
    #[error("column `{column}` is NULL, not {expected}")]
    Null {
        /// The column.
        column: String,
        /// The type it should be.
        expected: &'static str,
    },
    /// A value of another kind, or out of the type's range.
    #[error("column `{column}` is {found} that does not make {expected}")]
    Mismatch {
        /// The column.
        column: String,
        /// What kind of value it is.
        found: &'static str,
        /// The type it should be.
        expected: &'static str,
    },
    /// A tuple of another length than the row.
    #[error("the result has {found} columns, not {expected}")]
    ColumnCount {
        /// The length of the tuple.
        expected: usize,
        /// The number of columns.
        found: usize,
    },
    /// For implementations of [`FromRow`](crate::FromRow): a value that breaks a rule of the type.
    #[error("column `{column}`: {rule}")]
    Invalid {
        /// The column.
        column: &'static str,
        /// The rule, such as `must be one of new, open, done`.
        rule: &'static str,
    },
}
