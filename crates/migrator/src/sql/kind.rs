//! What a statement is about, as far as it matters for running it, for going on after a crash, and for telling a person.

use super::{body, data, definition, reader::Reader, session};

/// What a statement does.
///
/// ```
/// use kseekers_migrator::{Action, Kind, Object};
///
/// let Kind::Definition(definition) = Kind::of("DROP TABLE IF EXISTS notes, `old notes`") else { panic!() };
/// assert_eq!((definition.action, definition.object), (Action::Drop, Object::Table));
/// assert_eq!(definition.names[1].to_string(), "`old notes`");
/// assert!(definition.tolerant);
/// assert_eq!(Kind::of("CALL whatever()"), Kind::Opaque);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Changes the schema. The server commits before and after it.
    Definition(Definition),
    /// Changes rows.
    Data(DataChange),
    /// Reads only, as far as the text tells: a function of the schema that writes is not recognised.
    Query,
    /// Changes what later statements of the session find.
    Session(SessionChange),
    /// Begins or ends a transaction, or marks a place in one.
    Transaction(TransactionStep),
    /// Running it again does no harm: GRANT, ANALYZE TABLE, SET GLOBAL.
    Repeatable,
    /// Nobody can tell what it does: CALL, EXECUTE, XA, `COMMIT AND CHAIN`, several statements under a `DELIMITER`,
    /// whatever is not known here.
    Opaque,
}

/// A change of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// What is done.
    pub action: Action,
    /// What it is done to.
    pub object: Object,
    /// Which ones; more than one for `DROP TABLE` and `RENAME TABLE`. None for what is no part of a database, such as
    /// users, and for an `ALTER DATABASE` without a name.
    pub names: Vec<Name>,
    /// The new names, in the order of `names`. Only with [`Action::Rename`].
    pub renamed_to: Vec<Name>,
    /// The table of an index or of a trigger that is created, or of an index that is dropped.
    pub table: Option<Name>,
    /// CREATE and DROP with `IF [NOT] EXISTS` or `OR REPLACE`: running it again is no error.
    pub tolerant: bool,
    /// CREATE with `OR REPLACE`: one that was there is gone, and what it held.
    pub replaces: bool,
    /// `CREATE TABLE … SELECT`: the table comes with rows.
    pub fills: bool,
}

/// What a [`Definition`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// CREATE.
    Create,
    /// ALTER, unless it gives the object a new name.
    Alter,
    /// DROP.
    Drop,
    /// RENAME, and ALTER with a new name for the object.
    Rename,
    /// TRUNCATE.
    Truncate,
}

/// What a [`Definition`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// A table.
    Table,
    /// A view.
    View,
    /// An index.
    Index,
    /// A trigger.
    Trigger,
    /// A stored procedure.
    Procedure,
    /// A stored function.
    Function,
    /// An event.
    Event,
    /// A sequence of MariaDB.
    Sequence,
    /// A database.
    Database,
    /// A user, a role, a tablespace or another thing outside of databases.
    Other,
}

/// The name of something, without quotes. `Display` writes it as SQL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The database, where the statement names one.
    pub database: Option<String>,
    /// The name in it.
    pub name: String,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(database) = &self.database {
            write!(f, "{}.", crate::session::quoted(database))?;
        }
        f.write_str(&crate::session::quoted(&self.name))
    }
}

/// A change of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DataChange {
    /// How.
    pub action: DataAction,
    /// The tables that can change; those that an UPDATE or DELETE only joins are among them.
    pub tables: Vec<Name>,
}

/// How rows are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataAction {
    /// INSERT.
    Insert,
    /// REPLACE.
    Replace,
    /// UPDATE.
    Update,
    /// DELETE.
    Delete,
    /// LOAD DATA and LOAD XML.
    Load,
}

/// What a statement leaves in the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionChange {
    /// A variable, of the user or of the system; also the role and the character set.
    Variable,
    /// A prepared statement.
    Prepared,
    /// A temporary table.
    TemporaryTable,
    /// Locked tables, or none any more.
    Locks,
    /// The default database.
    Database,
}

/// A step of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionStep {
    /// START TRANSACTION, BEGIN.
    Begin,
    /// COMMIT.
    Commit,
    /// ROLLBACK of the whole.
    Rollback,
    /// SAVEPOINT, RELEASE SAVEPOINT, ROLLBACK TO SAVEPOINT.
    Savepoint,
}

impl Kind {
    /// Reads one statement. Any text is allowed.
    pub fn of(statement: &str) -> Self {
        let reader = Reader::new(statement);
        if body::is_more_than_one_statement(&reader) || takes_locks(&reader) {
            return Self::Opaque;
        }
        Self::read(reader).unwrap_or(Self::Opaque)
    }

    /// `None` for what is not understood.
    pub(super) fn read(mut reader: Reader<'_>) -> Option<Self> {
        while reader.eat_symbol("(") {}
        let verb = reader.word()?.to_ascii_uppercase();
        match verb.as_str() {
            "CREATE" => definition::create(reader),
            "ALTER" => definition::alter(reader),
            "DROP" => definition::drop(reader),
            "RENAME" => definition::rename(reader),
            "TRUNCATE" => definition::truncate(reader),
            "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "LOAD" => data::change(&verb, reader),
            "WITH" => data::with(reader),
            "SELECT" | "TABLE" | "VALUES" | "DO" => Some(data::query(&reader)),
            "EXPLAIN" | "DESCRIBE" | "DESC" if data::stores_in_variable(&reader) => {
                Some(Self::Session(SessionChange::Variable))
            }
            // It runs what it explains. MySQL 9.7 keeps nothing of a change, which no manual promises.
            "EXPLAIN" | "DESCRIBE" | "DESC" if reader.eat("ANALYZE") => {
                reader.skip_to(data::VERBS);
                Self::read(reader).filter(|explained| *explained == Self::Query)
            }
            "EXPLAIN" | "DESCRIBE" | "DESC" | "SHOW" | "HELP" => Some(Self::Query),
            "GRANT" | "OPTIMIZE" | "CHECK" | "CHECKSUM" | "REPAIR" | "CACHE" | "PURGE" => {
                Some(Self::Repeatable)
            }
            // MariaDB's ANALYZE before a statement runs it.
            "ANALYZE" => {
                reader.eat_any(&["NO_WRITE_TO_BINLOG", "LOCAL"]);
                reader.eat_any(&["TABLE", "TABLES"]).then_some(Self::Repeatable)
            }
            _ => session::read(&verb, reader),
        }
    }
}

/// A named lock is a trace in the session, and among them is the one that the runner holds.
fn takes_locks(reader: &Reader<'_>) -> bool {
    const LOCKING: &[&str] = &["GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS"];
    reader.has_words(LOCKING) && !reader.is_program()
}
