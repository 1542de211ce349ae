//! What it takes to make a copy of a database.

use mysql_async::{
    Conn, Row,
    prelude::{FromValue, Queryable},
};

use crate::Error;

/// Lets rows keep an id of 0 and a date of zeros, as the template has them.
const LENIENT: &str = "NO_AUTO_VALUE_ON_ZERO";

#[derive(Debug)]
pub(crate) struct Recipe {
    template: String,
    /// `CHARACTER SET … COLLATE …`
    character_set: String,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    /// A definition as the server tells it, and the mode that it was made in.
    Define { sql_mode: String, statement: String },
    /// The rows of a table. Names the template, which must stay.
    Fill { statement: String },
}

impl Recipe {
    /// Reads the database that the connection is in.
    pub(crate) async fn of(connection: &mut Conn, template: &str) -> Result<Self, Error> {
        refuse_what_cannot_be_cloned(connection).await?;
        let character_set = character_set(connection).await?;
        let mut steps = Vec::new();
        let mut views = Vec::new();
        let tables = "SELECT TABLE_NAME, TABLE_TYPE = 'VIEW' FROM information_schema.TABLES \
                      WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME";
        for row in rows(connection, tables).await? {
            let (name, is_view): (String, bool) = (field(&row, 0, tables)?, field(&row, 1, tables)?);
            if is_view {
                let statement =
                    definition(connection, &format!("SHOW CREATE VIEW {}", quoted(&name)), 1).await?;
                views.push((name, statement));
                continue;
            }
            let statement =
                definition(connection, &format!("SHOW CREATE TABLE {}", quoted(&name)), 1).await?;
            steps.push(Step::Define { sql_mode: LENIENT.into(), statement });
            steps.extend(filling(connection, template, &name).await?);
        }
        steps.extend(routines(connection).await?);
        let views = in_order(views, template);
        steps.extend(views.into_iter().map(|statement| Step::Define { sql_mode: LENIENT.into(), statement }));
        // After the rows, which have already been through the triggers.
        steps.extend(triggers(connection).await?);
        Ok(Self { template: template.to_owned(), character_set, steps })
    }

    /// Makes the copy on a connection of its own, whose session it changes.
    pub(crate) async fn make(&self, connection: &mut Conn, name: &str) -> Result<(), Error> {
        let statements = self.statements(name);
        connection.query_drop(statements).await.map_err(failed(&format!("copying the template to {name}")))
    }

    /// All in one piece: on a busy machine the way to the server and back costs more than many a statement.
    fn statements(&self, name: &str) -> String {
        let (from, to) = (format!("{}.", quoted(&self.template)), format!("{}.", quoted(name)));
        let mut mode = LENIENT;
        // Tables come in the order of their names, before those that they refer to; their rows were valid where they
        // come from.
        let mut statements = vec![
            format!("CREATE DATABASE {} {}", quoted(name), self.character_set),
            format!("USE {}", quoted(name)),
            format!("SET SESSION foreign_key_checks = 0, unique_checks = 0, sql_mode = '{LENIENT}'"),
        ];
        for step in &self.steps {
            match step {
                Step::Fill { statement } => statements.push(statement.clone()),
                Step::Define { sql_mode, statement } => {
                    if mode != sql_mode {
                        statements.push(format!("SET SESSION sql_mode = '{sql_mode}'"));
                        mode = sql_mode;
                    }
                    statements.push(statement.replace(&from, &to));
                }
            }
        }
        // A definition may end in a comment, hence the new line.
        statements.join("\n;\n")
    }
}

async fn refuse_what_cannot_be_cloned(connection: &mut Conn) -> Result<(), Error> {
    let sql = "SELECT CONCAT('the event ', EVENT_NAME) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() \
               UNION ALL SELECT CONCAT('the ', LOWER(TABLE_TYPE), ' table ', TABLE_NAME) FROM information_schema.TABLES \
               WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT IN ('BASE TABLE', 'VIEW') \
               UNION ALL SELECT CONCAT('the ', LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME) FROM information_schema.ROUTINES \
               WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE NOT IN ('PROCEDURE', 'FUNCTION')";
    match rows(connection, sql).await?.first() {
        Some(row) => Err(Error::NotClonable { what: field(row, 0, sql)? }),
        None => Ok(()),
    }
}

async fn character_set(connection: &mut Conn) -> Result<String, Error> {
    let sql = "SELECT CONCAT('CHARACTER SET ', DEFAULT_CHARACTER_SET_NAME, ' COLLATE ', DEFAULT_COLLATION_NAME) \
               FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()";
    match rows(connection, sql).await?.first() {
        Some(row) => field(row, 0, sql),
        None => Err(Error::NotClonable { what: "nothing: the filler has dropped it".into() }),
    }
}

/// How to copy a table's rows; nothing for an empty one.
async fn filling(connection: &mut Conn, template: &str, table: &str) -> Result<Option<Step>, Error> {
    let table = quoted(table);
    if rows(connection, &format!("SELECT 1 FROM {table} LIMIT 1")).await?.is_empty() {
        return Ok(None);
    }
    let sql = format!("SHOW FULL COLUMNS FROM {table}");
    let mut columns = Vec::new();
    for row in rows(connection, &sql).await? {
        let (column, extra): (String, String) = (field(&row, 0, &sql)?, field(&row, 6, &sql)?);
        // A default that is an expression counts as "DEFAULT_GENERATED", but has a value of its own.
        if !extra.contains(" GENERATED") {
            columns.push(quoted(&column));
        }
    }
    let columns = columns.join(", ");
    let statement =
        format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {}.{table}", quoted(template));
    Ok(Some(Step::Fill { statement }))
}

async fn routines(connection: &mut Conn) -> Result<Vec<Step>, Error> {
    let sql = "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES \
               WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_NAME";
    let mut steps = Vec::new();
    for row in rows(connection, sql).await? {
        let (kind, name): (String, String) = (field(&row, 0, sql)?, field(&row, 1, sql)?);
        steps.push(with_mode(connection, &format!("SHOW CREATE {kind} {}", quoted(&name))).await?);
    }
    Ok(steps)
}

async fn triggers(connection: &mut Conn) -> Result<Vec<Step>, Error> {
    let sql = "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() \
               ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER";
    let mut steps = Vec::new();
    for row in rows(connection, sql).await? {
        let name: String = field(&row, 0, sql)?;
        steps.push(with_mode(connection, &format!("SHOW CREATE TRIGGER {}", quoted(&name))).await?);
    }
    Ok(steps)
}

async fn with_mode(connection: &mut Conn, show: &str) -> Result<Step, Error> {
    let sql_mode = definition(connection, show, 1).await?;
    let statement = definition(connection, show, 2).await?;
    // MySQL keeps the end of the statement as part of the body when another one followed.
    let statement = statement.trim_end_matches([';', ' ', '\n', '\r', '\t']).to_owned();
    Ok(Step::Define { sql_mode, statement })
}

async fn definition(connection: &mut Conn, show: &str, column: usize) -> Result<String, Error> {
    match rows(connection, show).await?.first() {
        Some(row) => field(row, column, show),
        None => Err(Error::NotClonable { what: format!("something without a definition ({show})") }),
    }
}

/// A view comes after those that it reads.
fn in_order(mut views: Vec<(String, String)>, template: &str) -> Vec<String> {
    let mut ordered = Vec::new();
    while !views.is_empty() {
        let reads = |statement: &str, name: &str| {
            // Without the template's name when all that a view reads lies in one database.
            let name = quoted(name);
            statement.contains(&format!("{}.{name}", quoted(template)))
                || statement.contains(&format!(" {name}"))
                || statement.contains(&format!("({name}"))
        };
        let free = views
            .iter()
            .position(|(own, statement)| {
                views.iter().all(|(other, _)| {
                    let body = statement.split_once(" AS ").map_or("", |(_, body)| body);
                    own == other || !reads(body, other)
                })
            })
            // A column may be named like another view; then any order is as good as this.
            .unwrap_or(0);
        ordered.push(views.remove(free).1);
    }
    ordered
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

async fn rows(connection: &mut Conn, sql: &str) -> Result<Vec<Row>, Error> {
    connection.query(sql).await.map_err(failed(sql))
}

fn field<T: FromValue>(row: &Row, index: usize, sql: &str) -> Result<T, Error> {
    match row.get_opt(index) {
        Some(Ok(value)) => Ok(value),
        _ => Err(Error::NotClonable { what: format!("something unreadable ({sql})") }),
    }
}

pub(crate) fn failed(sql: &str) -> impl FnOnce(mysql_async::Error) -> Error {
    let statement = sql.chars().take(200).collect();
    move |source| Error::Statement { statement, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_come_after_those_that_they_read() {
        let view = |name: &str, body: &str| (name.to_owned(), format!("CREATE VIEW `{name}` AS {body}"));
        let views = vec![
            view("a", "select 1 from `b`"),
            view("b", "select 1 from (`t` join `template`.`c`)"),
            view("c", "select 1 from `t`"),
            view("d", "select 1 from (`c` join `a`)"),
        ];
        let names: Vec<_> = in_order(views, "template").iter().filter_map(|s| s.chars().nth(13)).collect();
        assert_eq!(names, ['c', 'b', 'a', 'd']);
    }

    #[test]
    fn names_are_quoted_whatever_they_hold() {
        assert_eq!(quoted("a`b"), "`a``b`");
    }
}
