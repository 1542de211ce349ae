//! Who has the lock that a statement has waited for in vain.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row};

use super::Runner;
use super::failure::Failure;
use super::file::File;
use crate::journal::literal;
use crate::lock::Holder;
use crate::sql::{Kind, Name};

/// The wait was too long (1205), or the statement does not want to wait (3572).
const NOT_FREE: [u16; 2] = [1205, 3572];
/// How many are named; the first of them is where to begin.
const SHOWN: usize = 3;

impl Runner<'_> {
    /// Says, for a person, who is in the way of a statement that waited in vain for a lock; nothing about other failures.
    pub(super) async fn blockers(&mut self, file: &File<'_>, failure: &Failure) -> String {
        let Failure::Statement(index, Error::Server(error)) = failure else { return String::new() };
        if !NOT_FREE.contains(&error.code) {
            return String::new();
        }
        let tables = file.kind(*index).map(tables).unwrap_or_default();
        let (first, second) = (has_lock_on(self.database, &tables), "trx_id IS NOT NULL".to_owned());
        // MySQL knows the first by itself, MariaDB only where Performance Schema was told to watch it.
        for (which, condition) in [("In its way", first), ("Open transactions, maybe in its way", second)] {
            let found = connections(self.conn, self.database, &condition).await.unwrap_or_default();
            if !found.is_empty() {
                let found: Vec<String> = found.iter().map(Holder::to_string).collect();
                return format!(
                    "{which}: {}. Wait for their end, or end them with KILL.\n",
                    found.join("; ")
                );
            }
        }
        "Nobody in its way is to be seen: they have ended meanwhile, or this user has not the privilege PROCESS.\n"
            .to_owned()
    }
}

fn tables(kind: &Kind) -> Vec<&Name> {
    match kind {
        Kind::Data(change) => change.tables.iter().collect(),
        Kind::Definition(definition) => definition.names.iter().chain(&definition.table).collect(),
        _ => Vec::new(),
    }
}

/// A transaction that has used a table has a lock on it until it ends, whatever rows it has locked.
fn has_lock_on(database: &str, tables: &[&Name]) -> String {
    let any_of = tables.iter().map(|table| {
        let schema = literal(table.database.as_deref().unwrap_or(database));
        format!(" OR (object_schema = {schema} AND object_name = {})", literal(&table.name))
    });
    format!(
        "id IN (SELECT processlist_id FROM performance_schema.metadata_locks \
         JOIN performance_schema.threads ON thread_id = owner_thread_id \
         WHERE lock_status = 'GRANTED' AND object_type = 'TABLE' AND (FALSE{}))",
        any_of.collect::<String>()
    )
}

/// Those that meet the condition, first those in our database, and of these first the one with the oldest transaction.
async fn connections(conn: &mut Conn, database: &str, condition: &str) -> Result<Vec<Holder>, Error> {
    let sql = format!(
        "SELECT {} FROM information_schema.processlist \
         LEFT JOIN information_schema.innodb_trx ON trx_mysql_thread_id = id \
         WHERE id <> CONNECTION_ID() AND {condition} \
         ORDER BY db <=> {} DESC, trx_started IS NULL, trx_started LIMIT {SHOWN}",
        Holder::COLUMNS,
        literal(database)
    );
    let rows: Vec<Row> = conn.query(sql).await?;
    Ok(rows.iter().map(Holder::read).collect())
}
