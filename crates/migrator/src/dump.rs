//! The schema of a database as a file, written from what the server itself prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Row, params};

use crate::schema::{get, is_own};
use crate::session::{SQL_MODE, language, quoted};
use crate::sql::token::{Token, TokenKind, tokens};
use crate::{MigrateError, Migrator};

mod text;

pub(crate) use text::without_next_number;
use text::{without_character_sets, without_definer, without_start, without_system_tablespace};

const HEAD: &str = "-- The schema without its rows, for an empty database on a server of the same kind.\n";

const TABLES: &str = "SELECT table_name AS name, table_type AS kind FROM information_schema.tables \
    WHERE table_schema = :database";
const ROUTINES: &str = "SELECT routine_type AS kind, routine_name AS name FROM information_schema.routines \
    WHERE routine_schema = :database ORDER BY routine_type, routine_name";
const TRIGGERS: &str = "SELECT trigger_name AS name, event_object_table AS tab FROM information_schema.triggers \
    WHERE trigger_schema = :database \
    ORDER BY event_object_table, action_timing, event_manipulation, action_order";
// One that begins when it was made does so because nothing was said about it.
const EVENTS: &str = "SELECT event_name AS name, CASE WHEN starts = created THEN 1 ELSE 0 END AS undated \
    FROM information_schema.events WHERE event_schema = :database ORDER BY event_name";

impl Migrator {
    /// The schema of the database as SQL: tables, stored programs, views, triggers and events, without rows, without
    /// the tables of the migrator, without who made them and the next numbers of `AUTO_INCREMENT`.
    ///
    /// The same schema gives the same text, whenever and in whatever database it was made. [`Self::load`] makes it anew
    /// in an empty database on a server of the same kind and version. An event that is to run once, at a time reckoned
    /// from its making, has another time each time.
    ///
    /// # Errors
    /// The database cannot be read; [`MigrateError::UnreadableSchema`] for a view or program whose text this user may
    /// not see.
    pub async fn dump(&mut self) -> Result<String, MigrateError> {
        let text = format!("{HEAD}\n{};\n", language());
        let mut dump = Dump { conn: &mut self.conn, database: &self.database, text };
        dump.everything().await?;
        Ok(dump.text)
    }
}

struct Dump<'a> {
    conn: &'a mut Conn,
    database: &'a str,
    text: String,
}

/// A stored program, and the modes that it was made with.
struct Program {
    text: String,
    sql_mode: String,
}

impl Dump<'_> {
    async fn everything(&mut self) -> Result<(), MigrateError> {
        let (mut tables, mut views) = (BTreeSet::new(), BTreeSet::new());
        for row in self.rows(TABLES).await? {
            let name: String = get(&row, "name")?;
            match get::<String>(&row, "kind")?.as_str() {
                _ if is_own(&name) => continue,
                "VIEW" => views.insert(name),
                // Tables may take their numbers from them, so they come first.
                "SEQUENCE" => tables.insert((0, "SEQUENCE", name)),
                _ => tables.insert((1, "TABLE", name)),
            };
        }
        if !tables.is_empty() {
            self.text.push_str("\nSET FOREIGN_KEY_CHECKS = 0;\n");
            for (_, kind, name) in tables {
                let create = self.show(kind, &name, 1).await?;
                let create = without_system_tablespace(&without_next_number(&create));
                self.statement(&without_character_sets(&create));
            }
            self.text.push_str("\nSET FOREIGN_KEY_CHECKS = 1;\n");
        }
        // A view may call functions; nothing asks for what a body names before it is run.
        let mut programs = Vec::new();
        for row in self.rows(ROUTINES).await? {
            let (kind, name): (String, String) = (get(&row, "kind")?, get(&row, "name")?);
            programs.push(self.program(&kind, &name, 2).await?);
        }
        self.programs(&programs);
        self.views(views).await?;
        programs.clear();
        for row in self.rows(TRIGGERS).await? {
            if !is_own(&get::<String>(&row, "tab")?) {
                programs.push(self.program("TRIGGER", &get::<String>(&row, "name")?, 2).await?);
            }
        }
        for row in self.rows(EVENTS).await? {
            let mut event = self.program("EVENT", &get::<String>(&row, "name")?, 3).await?;
            if get::<i64>(&row, "undated")? == 1 {
                event.text = without_start(&event.text);
            }
            programs.push(event);
        }
        self.programs(&programs);
        Ok(())
    }

    async fn rows(&mut self, sql: &'static str) -> Result<Vec<Row>, MigrateError> {
        Ok(self.conn.exec(sql, params! { "database" => self.database }).await?)
    }

    /// What SHOW CREATE has in a column; NULL where this user may not see it.
    async fn show(&mut self, kind: &str, name: &str, column: usize) -> Result<String, MigrateError> {
        Ok(self.show_with_mode(kind, name, column).await?.0)
    }

    async fn show_with_mode(
        &mut self,
        kind: &str,
        name: &str,
        column: usize,
    ) -> Result<(String, String), MigrateError> {
        let row: Option<Row> = self.conn.query_first(format!("SHOW CREATE {kind} {}", quoted(name))).await?;
        let text = |column: usize| row.as_ref().and_then(|row| row.get_opt::<String, _>(column)?.ok());
        match text(column) {
            Some(create) => Ok((create, text(1).unwrap_or_default())),
            None => Err(MigrateError::UnreadableSchema { column: "create" }),
        }
    }

    async fn program(&mut self, kind: &str, name: &str, column: usize) -> Result<Program, MigrateError> {
        let (text, sql_mode) = self.show_with_mode(kind, name, column).await?;
        let text = without_definer(&text).trim_end().trim_end_matches(';').to_owned();
        Ok(Program { text, sql_mode })
    }

    fn statement(&mut self, text: &str) {
        let _ = write!(self.text, "\n{text};\n");
    }

    /// Each after the views that it uses.
    async fn views(&mut self, names: BTreeSet<String>) -> Result<(), MigrateError> {
        let mut left = BTreeMap::new();
        for name in names {
            let create = without_definer(&self.show("VIEW", &name, 1).await?);
            left.insert(name, create);
        }
        while !left.is_empty() {
            let uses = |name: &String, other: &String| {
                let mentions = |create: &String| tokens(create).any(|token| is_name(token, other));
                name != other && left.get(name).is_some_and(mentions)
            };
            let ready: Vec<String> =
                left.keys().filter(|name| !left.keys().any(|other| uses(name, other))).cloned().collect();
            // A name may stand there for something else, and two views seem to use each other.
            let ready = if ready.is_empty() { left.keys().cloned().collect() } else { ready };
            for name in ready {
                if let Some(create) = left.remove(&name) {
                    self.statement(&create);
                }
            }
        }
        Ok(())
    }

    /// Programs have semicolons inside, and are read with the modes that they were made with.
    fn programs(&mut self, programs: &[Program]) {
        const DELIMITERS: [&str; 4] = ["//", "$$", ";;", "|||"];
        let free = |delimiter: &&&str| !programs.iter().any(|program| program.text.contains(**delimiter));
        let delimiter = DELIMITERS.iter().find(free).unwrap_or(&"end_of_program");
        let mut mode = modes(SQL_MODE);
        if !programs.is_empty() {
            let _ = write!(self.text, "\nDELIMITER {delimiter}\n");
            for program in programs {
                if modes(&program.sql_mode) != mode {
                    mode = modes(&program.sql_mode);
                    let _ = write!(self.text, "\nSET SESSION sql_mode = '{}'{delimiter}\n", program.sql_mode);
                }
                let _ = write!(self.text, "\n{}\n{delimiter}\n", program.text);
            }
            if mode != modes(SQL_MODE) {
                let _ = write!(self.text, "\nSET SESSION sql_mode = '{SQL_MODE}'{delimiter}\n");
            }
            self.text.push_str("\nDELIMITER ;\n");
        }
    }
}

fn modes(list: &str) -> BTreeSet<String> {
    list.split(',').map(str::to_owned).collect()
}

fn is_name(token: Token<'_>, name: &str) -> bool {
    token.kind == TokenKind::Name && token.text.eq_ignore_ascii_case(&quoted(name))
}
