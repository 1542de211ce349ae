//! A schema as `information_schema` has it, in one query for each kind of thing.

use std::collections::BTreeMap;

use mysql_async::prelude::{FromValue, Queryable};
use mysql_async::{Conn, Row, params};

use super::column::{Dialect, Printed};
use super::{ForeignKey, Key, KeyKind, KeyPart, Schema, Table, expression, is_own};
use crate::MigrateError;

mod programs;

const TABLES: &str = "SELECT table_name AS name, COALESCE(engine, '') AS engine FROM information_schema.tables \
    WHERE table_schema = :database AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE')";

const COLUMNS: &str = "SELECT table_name AS tab, column_name AS name, column_type AS type, is_nullable AS nullable, \
    column_default AS value, extra AS extra, COALESCE(generation_expression, '') AS generation \
    FROM information_schema.columns WHERE table_schema = :database ORDER BY table_name, ordinal_position";

// All columns, since only MySQL has EXPRESSION.
const KEYS: &str = "SELECT * FROM information_schema.statistics WHERE table_schema = :database \
    ORDER BY table_name, index_name, seq_in_index";

const FOREIGN_KEYS: &str = "SELECT used.table_name AS tab, used.constraint_name AS name, used.column_name AS col, \
    used.referenced_table_schema AS other, used.referenced_table_name AS parent, \
    used.referenced_column_name AS target, rule.delete_rule AS on_delete, rule.update_rule AS on_update \
    FROM information_schema.key_column_usage used JOIN information_schema.referential_constraints rule \
    ON rule.constraint_schema = used.constraint_schema AND rule.constraint_name = used.constraint_name \
    AND rule.table_name = used.table_name \
    WHERE used.constraint_schema = :database AND used.table_schema = :database \
    AND used.referenced_table_name IS NOT NULL \
    ORDER BY used.table_name, used.constraint_name, used.ordinal_position";

const CHECKS_OF_MYSQL: &str = "SELECT made.table_name AS tab, made.constraint_name AS name, \
    checks.check_clause AS clause, made.enforced AS enforced \
    FROM information_schema.table_constraints made JOIN information_schema.check_constraints checks \
    ON checks.constraint_schema = made.constraint_schema AND checks.constraint_name = made.constraint_name \
    WHERE made.constraint_schema = :database AND made.constraint_type = 'CHECK'";

const CHECKS_OF_MARIADB: &str = "SELECT table_name AS tab, constraint_name AS name, check_clause AS clause, \
    'YES' AS enforced FROM information_schema.check_constraints WHERE constraint_schema = :database";

impl Schema {
    /// Reads the schema of a database. A database that is not there has nothing.
    ///
    /// A user without any right on a table, view or program does not see it; one who may not read the body of a view or
    /// program is told so.
    ///
    /// # Errors
    /// The server cannot be asked; [`MigrateError::UnreadableSchema`].
    pub(crate) async fn read(conn: &mut Conn, database: &str) -> Result<Self, MigrateError> {
        let version: Option<Row> = conn.query_first("SELECT VERSION() AS version").await?;
        let version: String = version.as_ref().map_or(Ok(String::new()), |row| get(row, "version"))?;
        let dialect = if version.contains("MariaDB") { Dialect::MariaDb } else { Dialect::MySql };
        let mut reader = Reader { conn, database, dialect, schema: Self::default() };
        reader.tables().await?;
        reader.keys().await?;
        reader.foreign_keys().await?;
        reader.checks().await?;
        reader.views_and_triggers().await?;
        reader.routines().await?;
        reader.events().await?;
        Ok(reader.schema)
    }
}

/// The value of a column; the driver's own way would panic where it has another type.
pub(crate) fn get<T: FromValue>(row: &Row, column: &'static str) -> Result<T, MigrateError> {
    row.get_opt(column).and_then(Result::ok).ok_or(MigrateError::UnreadableSchema { column })
}

struct Reader<'a> {
    conn: &'a mut Conn,
    database: &'a str,
    dialect: Dialect,
    schema: Schema,
}

impl Reader<'_> {
    async fn rows(&mut self, sql: &'static str) -> Result<Vec<Row>, MigrateError> {
        Ok(self.conn.exec(sql, params! { "database" => self.database }).await?)
    }

    async fn tables(&mut self) -> Result<(), MigrateError> {
        for row in self.rows(TABLES).await? {
            let (name, engine): (String, String) = (get(&row, "name")?, get(&row, "engine")?);
            if !is_own(&name) {
                self.schema.tables.insert(name, Table { engine, ..Table::default() });
            }
        }
        for row in self.rows(COLUMNS).await? {
            // Views have columns too.
            let Some(table) = self.schema.tables.get_mut(&get::<String>(&row, "tab")?) else { continue };
            let (name, column_type): (String, String) = (get(&row, "name")?, get(&row, "type")?);
            let (nullable, default): (String, Option<String>) = (get(&row, "nullable")?, get(&row, "value")?);
            let (extra, generation): (String, String) = (get(&row, "extra")?, get(&row, "generation")?);
            let printed = Printed {
                name: &name,
                column_type: &column_type,
                nullable: nullable == "YES",
                default: default.as_deref(),
                extra: &extra,
                generation: &generation,
            };
            table.columns.push(printed.column(self.dialect, self.database));
        }
        Ok(())
    }

    async fn keys(&mut self) -> Result<(), MigrateError> {
        let mut keys = BTreeMap::<(String, String), Key>::new();
        for row in self.rows(KEYS).await? {
            let (table, name): (String, String) = (get(&row, "TABLE_NAME")?, get(&row, "INDEX_NAME")?);
            let (index_type, non_unique): (String, i64) =
                (get(&row, "INDEX_TYPE")?, get(&row, "NON_UNIQUE")?);
            let kind = match index_type.as_str() {
                "FULLTEXT" => KeyKind::FullText,
                "SPATIAL" => KeyKind::Spatial,
                _ if name == "PRIMARY" => KeyKind::Primary,
                _ if non_unique == 0 => KeyKind::Unique,
                _ => KeyKind::Plain,
            };
            let part = KeyPart {
                column: match get::<Option<String>>(&row, "COLUMN_NAME")? {
                    Some(column) => column.to_lowercase(),
                    None => {
                        let text = expression::unescaped(&get::<String>(&row, "EXPRESSION")?);
                        format!("({})", expression::normal(&text, self.database))
                    }
                },
                // A spatial key has a length that nobody has asked for.
                prefix: get::<Option<u64>>(&row, "SUB_PART")?.filter(|_| kind != KeyKind::Spatial),
                descending: get::<Option<String>>(&row, "COLLATION")?.as_deref() == Some("D"),
            };
            let key = keys.entry((table, name)).or_insert_with(|| Key { kind, parts: Vec::new() });
            key.parts.push(part);
        }
        for ((table, name), key) in keys {
            if let Some(table) = self.schema.tables.get_mut(&table) {
                table.keys.entry(key).or_default().push(name);
            }
        }
        Ok(())
    }

    async fn foreign_keys(&mut self) -> Result<(), MigrateError> {
        let mut foreign_keys = BTreeMap::<(String, String), ForeignKey>::new();
        for row in self.rows(FOREIGN_KEYS).await? {
            let (other, parent): (String, String) = (get(&row, "other")?, get(&row, "parent")?);
            let rule = |column| get::<String>(&row, column).map(|rule| rule.to_lowercase());
            let (on_delete, on_update) = (rule("on_delete")?, rule("on_update")?);
            let key = foreign_keys.entry((get(&row, "tab")?, get(&row, "name")?)).or_insert_with(|| {
                // For InnoDB the two are the same, and each server prints another one where nothing was said.
                let rule = |rule: String| if rule == "no action" { "restrict".to_owned() } else { rule };
                ForeignKey {
                    columns: Vec::new(),
                    references: if other == self.database { parent } else { format!("{other}.{parent}") },
                    referenced: Vec::new(),
                    on_delete: rule(on_delete),
                    on_update: rule(on_update),
                }
            });
            key.columns.push(get::<String>(&row, "col")?.to_lowercase());
            key.referenced.push(get::<String>(&row, "target")?.to_lowercase());
        }
        for ((table, name), key) in foreign_keys {
            if let Some(table) = self.schema.tables.get_mut(&table) {
                table.foreign_keys.entry(key).or_default().push(name);
            }
        }
        Ok(())
    }

    async fn checks(&mut self) -> Result<(), MigrateError> {
        let sql = match self.dialect {
            Dialect::MySql => CHECKS_OF_MYSQL,
            Dialect::MariaDb => CHECKS_OF_MARIADB,
        };
        for row in self.rows(sql).await? {
            let (name, clause): (String, String) = (get(&row, "name")?, get(&row, "clause")?);
            let Some(table) = self.schema.tables.get_mut(&get::<String>(&row, "tab")?) else { continue };
            let mut clause = match self.dialect {
                Dialect::MySql => expression::normal(&expression::unescaped(&clause), self.database),
                Dialect::MariaDb => expression::normal(&clause, self.database),
            };
            if get::<String>(&row, "enforced")? == "NO" {
                clause.push_str(" not enforced");
            }
            // How MariaDB makes a column of JSON.
            let json = table.columns.iter_mut().find(|column| {
                column.data_type == "longtext" && clause == format!("json_valid(`{}`)", column.name)
            });
            match json {
                Some(column) => column.data_type = "json".to_owned(),
                None => table.checks.entry(clause).or_default().push(name),
            }
        }
        Ok(())
    }
}
