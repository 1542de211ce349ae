//! Everything that can go wrong, each with the sentence that a person should read.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::ledger::LEDGER;
use crate::{Difference, Direction, Gap, Holder, Mismatch, Origin, SplitError, StatementAt, Version};

/// Why the migrator could not do, or did not begin, what it was asked for.
///
/// `Display` says what happened to which file and what to do next; it may have several lines.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// A text that should be the number of a migration is none.
    #[error("`{text}` is not the number of a migration: write digits only, such as 02")]
    NotAVersion {
        /// The text.
        text: String,
    },
    /// The name of a new migration cannot be part of a file name.
    #[error(
        "`{name}` cannot name a migration: use letters, digits and underscores (blanks and hyphens become \
         underscores), at most 100 of them"
    )]
    BadName {
        /// The name.
        name: String,
    },

    /// A file or folder cannot be read or written.
    #[error("Cannot {doing} {}: {source}", path.display())]
    File {
        /// `read` or `write`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// An SQL file whose name has another form.
    #[error("{file} is neither NN_name.sql nor RNN_name.sql: rename it, or move it to a folder of its own")]
    BadFileName {
        /// The file.
        file: String,
    },
    /// An SQL file that is not UTF-8 text.
    #[error("{file} is not UTF-8 text: save it in that encoding")]
    NotUtf8 {
        /// The file.
        file: String,
    },
    /// Two files have the same number; `2` and `02` are the same.
    #[error("{first} and {second} have the same number: give one of them the next free one")]
    DuplicateVersion {
        /// The one that came first.
        first: String,
        /// The other.
        second: String,
    },
    /// A way back from nowhere.
    #[error("{file} is a way back, but there is no migration with its number")]
    OrphanRollback {
        /// The file.
        file: String,
    },
    /// A migration and a way back have the same number and different names.
    #[error("{rollback} does not belong to {migration}: their names must be the same")]
    RollbackNamedDifferently {
        /// The migration.
        migration: String,
        /// What should be its way back.
        rollback: String,
    },
    /// Files have no way back and do not say that there is none.
    #[error("{}", no_way_back(files))]
    NoWayBack {
        /// All of them.
        files: Vec<String>,
    },
    /// A file says that it cannot be taken back, and there is a way back.
    #[error("{migration} says `-- migrate: irreversible`, but there is {rollback}: remove one of the two")]
    IrreversibleWithRollback {
        /// The migration.
        migration: String,
        /// Its way back.
        rollback: String,
    },
    /// A comment for the migrator has a word that it does not know.
    #[error("{file}, line {line}: `-- migrate: {word}` says nothing: there are `irreversible` and `allow`")]
    UnknownDirective {
        /// The file.
        file: String,
        /// The line of the comment.
        line: usize,
        /// The word.
        word: String,
    },
    /// A file that cannot be cut into statements.
    #[error("{file}, {source}")]
    Split {
        /// The file.
        file: String,
        /// Where, and why.
        source: SplitError,
    },
    /// A file without a statement, which would count as done without having done anything.
    #[error("{file} has no statement: write one. If nothing is to be done on purpose, write: DO 0;")]
    NoStatement {
        /// The file.
        file: String,
    },

    /// The target is not among the migrations.
    #[error("There is no migration {target}. There are: {known}")]
    UnknownTarget {
        /// What was asked for.
        target: Version,
        /// The numbers that there are.
        known: String,
    },
    /// The target of a way down is not applied, so it cannot be what stays.
    #[error("Migration {target} is not applied, so the way down cannot end there")]
    TargetNotApplied {
        /// What was asked for.
        target: Version,
    },
    /// What destroys or decides something was not confirmed. Nothing was changed.
    #[error("{why}. Nothing was changed")]
    NotConfirmed {
        /// What is to be confirmed, and how.
        why: String,
    },
    /// A step on the way down cannot be taken back. Nothing was changed.
    #[error(
        "{file} cannot be taken back: it says `-- migrate: irreversible`. Nothing was rolled back. Choose a target from \
         {version} on, or undo the step with a new migration"
    )]
    Irreversible {
        /// The file of the step.
        file: String,
        /// Its version.
        version: Version,
    },
    /// The target of a way down is below what was in the database before our history. Nothing was changed.
    #[error(
        "The way down cannot end at {target}: what {file} makes was in this database before our history (its origin is \
         `{}`). Nothing was rolled back. Choose a target from {version} on",
        origin.as_str()
    )]
    BelowFloor {
        /// What was asked for.
        target: Version,
        /// The last file that was not run.
        file: String,
        /// Its version.
        version: Version,
        /// How it came into the ledger.
        origin: Origin,
    },
    /// A migration is pending although a later one is applied. Nothing was changed.
    #[error("{gap}. Nothing was changed. {}", gap.remedy())]
    OutOfOrder {
        /// Which, and what it comes too late for.
        gap: Gap,
    },
    /// The ledger has rows that do not belong to these files. Nothing was changed.
    #[error(
        "{} Nothing was changed.\n\
         An applied file never changes: put its text back and write a new migration for what should be different, or, if \
         what it says now is in effect, accept it with `repair`. If another system made this database, see \
         `adopt`",
        lines(mismatches)
    )]
    NotOurs {
        /// What does not fit, one for each row.
        mismatches: Vec<Mismatch>,
    },
    /// A run ended in the middle of a file, and nothing shows how far it came. Nothing was changed now.
    #[error("{file} was begun and not finished: {why}.\n{}{advice}", line(at.as_deref()))]
    Dirty {
        /// The file that was being run.
        file: String,
        /// Which way it went.
        direction: Direction,
        /// The version as the ledger has it.
        version: String,
        /// The statement that somebody has to judge, where it is about one.
        at: Option<Box<StatementAt>>,
        /// Why it cannot be told, as a clause.
        why: String,
        /// What to do; may have several lines.
        advice: String,
    },
    /// Somebody has gone on with a file, or changed what shows how far it came, between a decision about it and the lock.
    #[error(
        "{file} is not as it was when this was decided: {}. Nothing was done. Look at the database, then decide anew",
        what_is_unfinished(now.as_deref())
    )]
    MovedOn {
        /// The file that was decided about.
        file: String,
        /// The file that is unfinished now, and its statement.
        now: Option<String>,
    },
    /// There is no file that was begun and not finished.
    #[error("There is nothing to resume: no file was begun and not finished")]
    NothingUnfinished,
    /// The migration was not begun, or it was finished. Nothing was changed.
    #[error(
        "Migration {version} is not one that was begun and not finished, so it cannot be marked. Look with `status`"
    )]
    NotUnfinished {
        /// The migration.
        version: Version,
    },

    /// The options name no database.
    #[error("The connection options name no database")]
    NoDatabase,
    /// The server cannot be reached or refuses the connection.
    #[error("Cannot connect to the database server: {}{}", said(.0), next_step(.0))]
    Connect(#[source] mysql_async::Error),
    /// The server did not answer the connection in time.
    #[error("The database server did not answer within {} s", .0.as_secs())]
    ConnectTimeout(Duration),
    /// The database is not there and cannot be created.
    #[error(
        "Cannot create database {database}: {}\nLet an administrator run: CREATE DATABASE {quoted} CHARACTER SET \
         utf8mb4 COLLATE utf8mb4_unicode_ci, and grant this user all privileges on it",
        said(source)
    )]
    CreateDatabase {
        /// Its name.
        database: String,
        /// Its name as SQL.
        quoted: String,
        /// What the server says.
        source: mysql_async::Error,
    },
    /// The server did not answer in time: it is still starting, or nobody has started it.
    #[error("The database did not answer within {} s. {last}", within.as_secs())]
    StillStarting {
        /// How long it was waited for.
        within: Duration,
        /// Why the last attempt failed.
        last: Box<MigrateError>,
    },
    /// Another runner is at work.
    #[error(
        "Another runner migrates this database: {holder}; waited {} s. If it is a leftover, look at it with SHOW \
         PROCESSLIST and end it with KILL",
        waited.as_secs()
    )]
    Busy {
        /// Who it is.
        holder: Box<Holder>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The server neither gave the lock nor said that somebody has it.
    #[error(
        "The server refused the lock that keeps other runners out: GET_LOCK answered NULL. Nothing was changed"
    )]
    LockRefused,
    /// The lock is not ours any more. No further statement was sent.
    #[error(
        "The lock that keeps other runners out is not ours any more: a file released it, or somebody else did. No \
         further statement was sent. Look with `status` whether another runner is at work, then run this again"
    )]
    LockLost,
    /// On a cluster: no sign of life got through, so that the lock may have been taken over. No further statement was sent.
    #[error(
        "For {} s no sign of life reached the cluster, so another runner may have taken over. No further statement was sent. \
         Look at the cluster's health, then run this again",
        lease.as_secs_f32()
    )]
    HeartbeatLate {
        /// [`Options::lock_lease`](crate::Options::lock_lease).
        lease: Duration,
    },
    /// The server refused a statement of a file.
    #[error("{file}, line {line}, statement {number} of {of}: {}\n{consequence}", said(source))]
    Statement {
        /// The file.
        file: String,
        /// Which statement, counted from 1.
        number: usize,
        /// How many the file has.
        of: usize,
        /// The line on which the statement begins.
        line: usize,
        /// What the server says.
        source: Box<mysql_async::Error>,
        /// Who was in its way, if it waited in vain for a lock; what that means for the schema, and what to do.
        consequence: String,
    },
    /// A statement of a file took longer than it may, and was stopped.
    #[error("{file}, line {line}, statement {number} of {of} was stopped: it did not end within {} s.\n{consequence}", limit.as_secs())]
    StatementTimeout {
        /// The file.
        file: String,
        /// Which statement, counted from 1.
        number: usize,
        /// How many the file has.
        of: usize,
        /// The line on which the statement begins.
        line: usize,
        /// How long it was allowed to take.
        limit: Duration,
        /// What that means for the schema, and what to do.
        consequence: String,
    },
    /// A file began a transaction and did not end it; what it held was rolled back.
    #[error("{file} leaves a transaction open, which was rolled back: end it with COMMIT. {consequence}")]
    OpenTransaction {
        /// The file.
        file: String,
        /// What that means for the schema, and what to do.
        consequence: String,
    },
    /// Another statement than those of the files failed: on the ledger, or for the session.
    #[error("The database refused the migrator's own work: {}", said(.0))]
    Database(#[from] mysql_async::Error),
    /// The ledger has a value that cannot be read.
    #[error("Table {LEDGER} has a row that cannot be read: column {column}")]
    UnreadableLedger {
        /// The column.
        column: &'static str,
    },
    /// A database of another system that cannot be adopted.
    #[error("{0}\nNothing was changed")]
    CannotAdopt(crate::Unadoptable),
    /// Something could not be put right while a database was adopted. Its ledger is untouched.
    #[error(
        "Adopting stopped at: {what}. {}\nThe database still belongs to the other system. What was put right before \
         stays so: run adopt again to go on",
        said(source)
    )]
    Mend {
        /// What should have been done.
        what: String,
        /// What the server says.
        source: Box<mysql_async::Error>,
    },
    /// `information_schema` has a row that cannot be read; for the body of a view or program this user's rights may be
    /// too few.
    #[error("The schema cannot be read: column {column} of information_schema. May this user see it?")]
    UnreadableSchema {
        /// The column.
        column: &'static str,
    },
    /// The database to try a history in cannot be made.
    #[error(
        "Cannot create database {database}, in which the history would be tried: {}\nLet an administrator run: {grant}; \
         or name an empty database that this user may change",
        said(source)
    )]
    ScratchRefused {
        /// Its name.
        database: String,
        /// What gives this user the rights that are missing.
        grant: String,
        /// What the server says.
        source: mysql_async::Error,
    },
    /// The database to try a history in is not free for that. Nothing was changed.
    #[error(
        "Database {database} cannot be used to try a history in: it must be empty, nobody else may be trying something \
         there, and it cannot be the database that the history is for. Nothing was changed"
    )]
    ScratchInUse {
        /// Its name.
        database: String,
    },
    /// A statement that names another database, or is about the whole server, cannot be tried anywhere without doing
    /// there what it says. Nothing was changed.
    #[error(
        "{file}, line {line}: this statement reaches out of its database, so the history cannot be tried in another one. \
         Nothing was changed. Leave the database's name out; rights and settings of the server belong elsewhere"
    )]
    LeavesDatabase {
        /// The file.
        file: String,
        /// The line on which the statement begins.
        line: usize,
    },
    /// A baseline is for a database without a history. Nothing was changed.
    #[error(
        "This database has a history already: {} in {LEDGER}. A baseline is for one that has none. Nothing was \
         changed",
        if *rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
    )]
    HasHistory {
        /// How many.
        rows: usize,
    },
    /// The schema is not what the history makes. Nothing was changed.
    #[error(
        "The schema is not that of {version}:\n{}\nNothing was changed. Mend it, or choose the version that it is at",
        clauses(differences)
    )]
    OtherSchema {
        /// The version that it was compared with.
        version: Version,
        /// All that is different.
        differences: Vec<Difference>,
    },
    /// After a setup the schema is not what it should be.
    #[error("The schema is not complete after all migrations: {0}")]
    NotVerified(crate::Readiness),
}

fn line(at: Option<&StatementAt>) -> String {
    at.map(|at| format!("{at}\n")).unwrap_or_default()
}

fn lines(mismatches: &[Mismatch]) -> String {
    mismatches.iter().map(|mismatch| format!("{mismatch}.")).collect::<Vec<_>>().join("\n")
}

fn clauses(differences: &[Difference]) -> String {
    differences.iter().map(|difference| format!("  {difference}")).collect::<Vec<_>>().join("\n")
}

fn no_way_back(files: &[String]) -> String {
    let first = files.first().map(String::as_str).unwrap_or_default();
    let without = format!("There is no way back for {}. Write R{first}", files.join(", "));
    match files.len() {
        1 => format!(
            "{without}, or, if the step cannot be taken back, the line `-- migrate: irreversible` into {first}"
        ),
        _ => format!(
            "{without} and so on, or, if a step cannot be taken back, the line `-- migrate: irreversible` into its file"
        ),
    }
}

fn what_is_unfinished(now: Option<&str>) -> String {
    now.map_or_else(|| "no file is unfinished any more".to_owned(), |now| format!("there is now {now}"))
}

/// What the server or the system says, without the driver's frame around it.
fn said(error: &mysql_async::Error) -> String {
    use mysql_async::{Error, IoError};
    match error {
        Error::Server(server) => format!("{} (error {})", server.message, server.code),
        Error::Io(IoError::Io(io)) => io.to_string(),
        other => other.to_string(),
    }
}

fn next_step(error: &mysql_async::Error) -> &'static str {
    use mysql_async::{DriverError, Error, IoError};
    match error {
        Error::Server(server) if server.code == 1045 => ". Check user name and password",
        Error::Server(server) if server.code == 1049 => ". Check its name, or let setup create it",
        Error::Server(server) if server.code == 1044 => ". Check its name, and what this user may do",
        // MySQL answers a name that it does not know as if it were that of a user with another way to sign in.
        Error::Driver(DriverError::UnknownAuthPlugin { .. }) => ". Check user name and password",
        Error::Io(IoError::Io(_)) => ". Check host and port, and whether the server is running",
        _ => "",
    }
}
