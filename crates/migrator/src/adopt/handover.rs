//! The ledger changes hands: to us when a database is adopted, back when all that we added is taken back.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, IsolationLevel, TxOpts};

use super::report::adopted;
use crate::journal::JOURNAL;
use crate::lock::Lock;
use crate::session::quoted;
use crate::{Adoption, LedgerRow, MigrateError, MigrationSet, Origin, ledger};

/// Tells the table that keeps another system's ledger from all others.
const COMMENT: &str = "the ledger of another system, given back by the way down";

/// Puts the rows of the other system into its side table, and ours in their place.
///
/// First the tables, each step of which does no harm, also when run again or beside another runner; then the rows, all at
/// once, if the lock is still ours. Until then the ledger reads as it did before.
pub(super) async fn take_over(
    conn: &mut Conn,
    lock: &Lock,
    set: &MigrationSet,
    adoption: &Adoption<'_>,
) -> Result<(), MigrateError> {
    let side = quoted(&adoption.side_table());
    if engine(conn).await?.as_deref() != Some("InnoDB") {
        // Another engine would write the rows one by one.
        conn.query_drop("ALTER TABLE schema_migrations ENGINE=InnoDB").await?;
    }
    conn.query_drop(format!("CREATE TABLE IF NOT EXISTS {side} LIKE schema_migrations")).await?;
    conn.query_drop(format!("ALTER TABLE {side} COMMENT = '{COMMENT}'")).await?;
    ledger::prepare(conn, true).await?;
    let columns = columns(conn, &adoption.side_table()).await?;

    let mut transaction = conn.start_transaction(isolated()).await?;
    transaction.query_drop(lock.fence()).await.map_err(|error| lock.explain(error))?;
    transaction
        .query_drop(format!("INSERT INTO {side} ({columns}) SELECT {columns} FROM schema_migrations"))
        .await?;
    transaction.query_drop("DELETE FROM schema_migrations").await?;
    for migration in adopted(adoption, set) {
        ledger::insert(&mut transaction, migration, Origin::Adopted).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Gives the other system its rows back, where there is one whose rows we have and nothing of ours is left but what was
/// adopted. Says which table they were in.
pub(crate) async fn give_back(conn: &mut Conn, lock: &Lock) -> Result<Option<String>, MigrateError> {
    let rows = ledger::read(conn).await?.unwrap_or_default();
    if rows.is_empty() || rows.iter().any(|row| row.origin != Origin::Adopted || row.state != ledger::DONE) {
        return Ok(None);
    }
    let Some(table) = side_table(conn).await? else { return Ok(None) };
    let side = quoted(&table);
    let columns = columns(conn, &table).await?;

    let mut transaction = conn.start_transaction(isolated()).await?;
    transaction.query_drop(lock.fence()).await.map_err(|error| lock.explain(error))?;
    transaction.query_drop("DELETE FROM schema_migrations").await?;
    transaction
        .query_drop(format!("INSERT INTO schema_migrations ({columns}) SELECT {columns} FROM {side}"))
        .await?;
    transaction.query_drop(format!("DELETE FROM {side}")).await?;
    transaction.commit().await?;

    clear_away(conn, &table).await?;
    Ok(Some(table))
}

/// Takes away what is ours beside the other system's rows, where a run died before it did: after it had given them back,
/// or before it had taken them. Says which table was in the way.
pub(crate) async fn finish_giving_back(conn: &mut Conn) -> Result<Option<String>, MigrateError> {
    let rows = ledger::read(conn).await?.unwrap_or_default();
    let is_theirs =
        |row: &LedgerRow| row.origin == Origin::Run && row.state == ledger::DONE && row.digest.is_none();
    if rows.is_empty() || !rows.iter().all(is_theirs) {
        return Ok(None);
    }
    let Some(table) = side_table(conn).await? else { return Ok(None) };
    let kept: Option<u64> = conn.query_first(format!("SELECT COUNT(*) FROM {}", quoted(&table))).await?;
    if kept != Some(0) {
        return Ok(None);
    }
    clear_away(conn, &table).await?;
    Ok(Some(table))
}

/// The ledger gets the shape that the side table has, which was made before ours was.
async fn clear_away(conn: &mut Conn, table: &str) -> Result<(), MigrateError> {
    let ours: Vec<String> = conn
        .exec(
            "SELECT column_name FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = 'schema_migrations' AND column_name NOT IN \
             (SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?)",
            (table,),
        )
        .await?;
    if !ours.is_empty() {
        let drops: Vec<String> =
            ours.iter().map(|column| format!("DROP COLUMN {}", quoted(column))).collect();
        conn.query_drop(format!("ALTER TABLE schema_migrations {}", drops.join(", "))).await?;
    }
    // The side table last: it is what tells the next run that there is something left to do.
    conn.query_drop(format!("DROP TABLE IF EXISTS {JOURNAL}")).await?;
    conn.query_drop(format!("DROP TABLE {}", quoted(table))).await?;
    Ok(())
}

async fn side_table(conn: &mut Conn) -> Result<Option<String>, Error> {
    conn.exec_first(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_comment = ?",
        (COMMENT,),
    )
    .await
}

/// Asks whether the lock is still ours.
pub(super) async fn check(conn: &mut Conn, lock: &Lock) -> Result<(), MigrateError> {
    conn.query_drop(lock.fence()).await.map_err(|error| lock.explain(error))
}

/// Nobody changes meanwhile what was read.
pub(super) fn isolated() -> TxOpts {
    let mut options = TxOpts::default();
    options.with_isolation_level(IsolationLevel::Serializable);
    options
}

async fn engine(conn: &mut Conn) -> Result<Option<String>, Error> {
    let engine: Option<Option<String>> = conn
        .query_first(
            "SELECT engine FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'",
        )
        .await?;
    // A view has none.
    Ok(engine.flatten())
}

/// The columns of a table, as a list in SQL.
async fn columns(conn: &mut Conn, table: &str) -> Result<String, Error> {
    let columns: Vec<String> = conn
        .exec(
            "SELECT column_name FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position",
            (table,),
        )
        .await?;
    Ok(columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", "))
}
