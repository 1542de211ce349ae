//! Asks the server what became of a statement.

use super::decide::{Known, Seen, changes_table, may_have_changed, takes_place};
use crate::dump::without_next_number;
use crate::journal::literal;
use crate::ledger::NO_SUCH_TABLE;
use crate::setup::BAD_DATABASE;
use crate::sql::{Action, Definition, Kind, Name, Object};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row};

/// What the schema shows of the statement with this index. `started` is when the journal says that it began, as SQL.
pub(crate) async fn look(
    conn: &mut Conn,
    database: &str,
    file: &[Known],
    index: usize,
    started: &str,
) -> Result<Seen, Error> {
    let mut seen = Seen::default();
    for (writes, known) in (index..).zip(may_have_changed(file, index)) {
        let is_transactional = match &known.kind {
            Kind::Data(change) => is_transactional(conn, database, &change.tables).await?,
            // It may write to any table.
            Kind::Opaque => is_all_transactional(conn, database).await?,
            _ => true,
        };
        if !is_transactional {
            seen.not_rolled_back = Some(writes);
            break;
        }
    }
    if let Some(Known { kind: Kind::Definition(definition), .. }) = file.get(index) {
        if changes_table(definition) || definition.replaces {
            seen.definition = definition_of(conn, database, changed(definition)).await?;
        }
        for name in definition.names.iter().chain(&definition.renamed_to) {
            if let Some(younger) = find(conn, database, definition, name, started).await? {
                seen.present.push(name.clone());
                seen.younger |= younger;
            }
        }
    }
    Ok(seen)
}

/// The table that is changed.
fn changed(definition: &Definition) -> Option<&Name> {
    definition.table.as_ref().or_else(|| definition.names.first())
}

/// The table or view of which the definition before tells whether the statement was run.
pub(crate) fn changed_table(kind: &Kind) -> Option<&Name> {
    match kind {
        Kind::Definition(definition) if changes_table(definition) || takes_place(definition) => {
            changed(definition)
        }
        _ => None,
    }
}

/// How the server would make the table; `None` where there is none. The next number of its AUTO_INCREMENT is left out:
/// rows change it.
pub(crate) async fn definition_of(
    conn: &mut Conn,
    database: &str,
    table: Option<&Name>,
) -> Result<Option<String>, Error> {
    let Some(table) = table else { return Ok(None) };
    match conn.query_first::<Row, _>(show_table(database, table)).await {
        Ok(row) => Ok(definition_in(row)),
        Err(Error::Server(error)) if is_missing(error.code) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The SQL that asks for it.
pub(crate) fn show_table(database: &str, table: &Name) -> String {
    let database = table.database.clone().or_else(|| Some(database.to_owned()));
    format!("SHOW CREATE TABLE {}", Name { database, name: table.name.clone() })
}

/// Whether that was refused because there is no such table.
pub(crate) fn is_missing(code: u16) -> bool {
    [NO_SUCH_TABLE, BAD_DATABASE].contains(&code)
}

/// What the answer to that says.
pub(crate) fn definition_in(row: Option<Row>) -> Option<String> {
    let text = row.and_then(|row| row.get_opt::<String, _>(1)).and_then(Result::ok);
    text.map(|text| without_next_number(&text))
}

/// Looks for an object; one that is older than the CREATE of it was not made by that, and counts as not there. Returns
/// whether it was made after the DROP of it had begun.
async fn find(
    conn: &mut Conn,
    database: &str,
    definition: &Definition,
    name: &Name,
    started: &str,
) -> Result<Option<bool>, Error> {
    let (view, schema, column, created) = match definition.object {
        Object::Table | Object::Sequence => ("TABLES", "TABLE_SCHEMA", "TABLE_NAME", Some("CREATE_TIME")),
        Object::View => ("TABLES", "TABLE_SCHEMA", "TABLE_NAME", None),
        Object::Trigger => ("TRIGGERS", "TRIGGER_SCHEMA", "TRIGGER_NAME", Some("CREATED")),
        Object::Procedure | Object::Function => {
            ("ROUTINES", "ROUTINE_SCHEMA", "ROUTINE_NAME", Some("CREATED"))
        }
        Object::Event => ("EVENTS", "EVENT_SCHEMA", "EVENT_NAME", Some("CREATED")),
        Object::Database => ("SCHEMATA", "CATALOG_NAME", "SCHEMA_NAME", None),
        Object::Index | Object::Other => return Ok(None),
    };
    let in_schema = match definition.object {
        Object::Database => literal("def"),
        _ => literal(name.database.as_deref().unwrap_or(database)),
    };
    // Times of creation are whole seconds, of a clock that may lag a little.
    let younger = match (definition.action, created) {
        (Action::Drop, Some(created)) => format!("{created} > {started} + INTERVAL 2 SECOND"),
        _ => "FALSE".to_owned(),
    };
    let mut sql = format!(
        "SELECT {younger} FROM information_schema.{view} WHERE {schema} = {in_schema} AND {column} = {}",
        literal(&name.name)
    );
    match definition.object {
        Object::Procedure => sql.push_str(" AND ROUTINE_TYPE = 'PROCEDURE'"),
        Object::Function => sql.push_str(" AND ROUTINE_TYPE = 'FUNCTION'"),
        _ => {}
    }
    if let (Action::Create, Some(created)) = (definition.action, created) {
        sql.push_str(&format!(" AND ({created} IS NULL OR {created} >= {started} - INTERVAL 2 SECOND)"));
    }
    let found = conn.query_first::<Row, _>(sql).await?;
    Ok(found.map(|found| crate::session::number(Some(found)) == Some(1)))
}

/// Whether changes of all these are rolled back with their transaction.
pub(crate) async fn is_transactional(
    conn: &mut Conn,
    database: &str,
    tables: &[Name],
) -> Result<bool, Error> {
    for table in tables {
        let schema = literal(table.database.as_deref().unwrap_or(database));
        let name = literal(&table.name);
        // A view, or a table with triggers, may change others.
        let can_be_changed = format!(
            "(t.TABLE_NAME = {name} \
              OR EXISTS (SELECT 1 FROM information_schema.TRIGGERS AS g \
                         WHERE g.EVENT_OBJECT_SCHEMA = {schema} AND g.EVENT_OBJECT_TABLE = {name}) \
              OR EXISTS (SELECT 1 FROM information_schema.VIEWS AS v \
                         WHERE v.TABLE_SCHEMA = {schema} AND v.TABLE_NAME = {name}))"
        );
        if has_other_engine(conn, &schema, &can_be_changed).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn is_all_transactional(conn: &mut Conn, database: &str) -> Result<bool, Error> {
    Ok(!has_other_engine(conn, &literal(database), "TRUE").await?)
}

/// Whether a table without transactions is among those that the condition is true of.
async fn has_other_engine(conn: &mut Conn, schema: &str, condition: &str) -> Result<bool, Error> {
    let sql = format!(
        "SELECT COUNT(*) FROM information_schema.TABLES AS t \
         LEFT JOIN information_schema.ENGINES AS e ON e.ENGINE = t.ENGINE \
         WHERE t.TABLE_SCHEMA = {schema} AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') \
         AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES' AND {condition}"
    );
    Ok(crate::session::number(conn.query_first(sql).await?) != Some(0))
}
