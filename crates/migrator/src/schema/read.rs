//! A schema as `information_schema` has it, in one query for each kind of thing.

use std::collections::BTreeMap;

use mysql_async::prelude::{FromValue, Queryable};
use mysql_async::{Conn, Row, params};

use super::column::{Dialect, Printed, data_type};
use super::{ForeignKey, Key, KeyKind, KeyPart, Object, Part, Schema, Table, expression, is_own};
use crate::MigrateError;
use crate::sql::token::{TokenKind, tokens};

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

const VIEWS: &str = "SELECT table_name AS name, view_definition AS definition, check_option AS checked, \
    security_type AS security FROM information_schema.views WHERE table_schema = :database";

const TRIGGERS: &str = "SELECT trigger_name AS name, event_object_table AS tab, action_timing AS timing, \
    event_manipulation AS event, action_order AS place, action_statement AS body \
    FROM information_schema.triggers WHERE trigger_schema = :database";

const PARAMETERS: &str = "SELECT routine_type AS kind, specific_name AS name, COALESCE(parameter_mode, '') AS mode, \
    COALESCE(parameter_name, '') AS parameter, dtd_identifier AS type FROM information_schema.parameters \
    WHERE specific_schema = :database ORDER BY routine_type, specific_name, ordinal_position";

const ROUTINES: &str = "SELECT routine_type AS kind, routine_name AS name, is_deterministic AS fixed, \
    sql_data_access AS reach, security_type AS security, routine_definition AS body \
    FROM information_schema.routines WHERE routine_schema = :database";

// Neither when it begins nor when it is due: without a word about it in the statement that is when it was made.
const EVENTS: &str = "SELECT event_name AS name, COALESCE(CONCAT('every ', interval_value, ' ', interval_field), 'once') \
    AS plan, status AS status, on_completion AS completion, event_definition AS body \
    FROM information_schema.events WHERE event_schema = :database";

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

/// What a user without enough rights gets NULL for.
fn body(row: &Row, column: &'static str) -> Result<String, MigrateError> {
    let body: Option<String> = get(row, column)?;
    body.filter(|body| !body.is_empty()).ok_or(MigrateError::UnreadableSchema { column })
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

    async fn views_and_triggers(&mut self) -> Result<(), MigrateError> {
        for row in self.rows(VIEWS).await? {
            let (checked, security): (String, String) = (get(&row, "checked")?, get(&row, "security")?);
            let definition = expression::normal(&body(&row, "definition")?, self.database);
            let checked =
                if checked == "NONE" { String::new() } else { format!(" with {checked} check option") };
            let text = format!("security {security}{checked} as {definition}");
            self.add(Part::View, get(&row, "name")?, None, text);
        }
        for row in self.rows(TRIGGERS).await? {
            let (timing, event): (String, String) = (get(&row, "timing")?, get(&row, "event")?);
            let (table, place): (String, u64) = (get(&row, "tab")?, get(&row, "place")?);
            let text =
                format!("{timing} {event} on {table} number {place}: {}", as_written(&body(&row, "body")?));
            self.add(Part::Trigger, get(&row, "name")?, Some(table), text);
        }
        Ok(())
    }

    async fn routines(&mut self) -> Result<(), MigrateError> {
        let mut parameters = BTreeMap::<(String, String), Vec<String>>::new();
        for row in self.rows(PARAMETERS).await? {
            let of = (get(&row, "kind")?, get(&row, "name")?);
            let (mode, parameter): (String, String) = (get(&row, "mode")?, get(&row, "parameter")?);
            let printed = get::<String>(&row, "type")?.to_lowercase();
            // Character sets do not count.
            let printed = printed.split(" charset ").next().unwrap_or_default();
            let words = [mode.to_lowercase(), parameter, data_type(printed)];
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            parameters.entry(of).or_default().push(words.join(" "));
        }
        for row in self.rows(ROUTINES).await? {
            let (kind, name): (String, String) = (get(&row, "kind")?, get(&row, "name")?);
            let part = match kind.as_str() {
                "FUNCTION" => Part::Function,
                "PROCEDURE" => Part::Procedure,
                // MariaDB's packages are more than their body tells.
                _ => return Err(MigrateError::UnreadableSchema { column: "routine_type" }),
            };
            let parameters = parameters.remove(&(kind, name.clone())).unwrap_or_default().join(", ");
            let (deterministic, access): (String, String) = (get(&row, "fixed")?, get(&row, "reach")?);
            let (security, body): (String, String) = (get(&row, "security")?, body(&row, "body")?);
            let deterministic = if deterministic == "YES" { "deterministic " } else { "" };
            let text =
                format!("({parameters}) {deterministic}{access}, security {security}: {}", as_written(&body));
            self.add(part, name, None, text);
        }
        Ok(())
    }

    async fn events(&mut self) -> Result<(), MigrateError> {
        for row in self.rows(EVENTS).await? {
            let (plan, status): (String, String) = (get(&row, "plan")?, get(&row, "status")?);
            let (completion, body): (String, String) = (get(&row, "completion")?, body(&row, "body")?);
            let text = format!("{plan} {status} {completion}: {}", as_written(&body));
            self.add(Part::Event, get(&row, "name")?, None, text);
        }
        Ok(())
    }

    fn add(&mut self, part: Part, name: String, table: Option<String>, text: String) {
        self.schema.objects.insert((part, name), Object { table, text });
    }
}

/// Servers keep the body of a program as it was written, some with the delimiter after it. Comments and blanks are
/// nobody's business.
fn as_written(body: &str) -> String {
    let words = tokens(body).filter(|token| token.kind != TokenKind::Comment);
    let words: Vec<&str> = words.map(|token| token.text).collect();
    words.join(" ").trim_end_matches([' ', ';']).to_owned()
}
