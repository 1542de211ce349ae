//! The schema of a database as a file, written from what the server itself prints.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Write as _};

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

/// How many objects are asked for in one round trip: the question stays short, and waiting for answers no longer counts.
const AT_ONCE: usize = 100;

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
        self.dump_with(&mut HashMap::new()).await
    }

    /// [`Self::dump`]. `tables` keeps what the server has printed of tables, and how it stands in a dump, from one dump to the
    /// next, since most of them are the same then.
    pub(crate) async fn dump_with(
        &mut self,
        tables: &mut HashMap<String, String>,
    ) -> Result<String, MigrateError> {
        let text = format!("{HEAD}\n{};\n", language());
        let mut dump = Dump { conn: &mut self.conn, database: &self.database, tables, text };
        dump.everything().await?;
        Ok(dump.text)
    }
}

struct Dump<'a> {
    conn: &'a mut Conn,
    database: &'a str,
    tables: &'a mut HashMap<String, String>,
    text: String,
}

/// How an object can be made again.
struct Shown {
    text: String,
    /// The modes that a stored program was made with.
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
            let tables: Vec<_> = tables.into_iter().map(|(_, kind, name)| (kind, name)).collect();
            for table in self.show(&tables, 1).await? {
                let create = self.tables.entry(table.text).or_insert_with_key(|create| {
                    let create = without_system_tablespace(&without_next_number(create));
                    without_character_sets(&create)
                });
                let _ = write!(self.text, "\n{create};\n");
            }
            self.text.push_str("\nSET FOREIGN_KEY_CHECKS = 1;\n");
        }
        // A view may call functions; nothing asks for what a body names before it is run.
        let mut routines = Vec::new();
        for row in self.rows(ROUTINES).await? {
            routines.push((get::<String>(&row, "kind")?, get(&row, "name")?));
        }
        let routines = self.show_programs(&routines, 2).await?;
        self.programs(&routines);
        self.views(views).await?;
        let mut triggers = Vec::new();
        for row in self.rows(TRIGGERS).await? {
            if !is_own(&get::<String>(&row, "tab")?) {
                triggers.push(("TRIGGER", get(&row, "name")?));
            }
        }
        let mut programs = self.show_programs(&triggers, 2).await?;
        let (mut events, mut undated) = (Vec::new(), Vec::new());
        for row in self.rows(EVENTS).await? {
            events.push(("EVENT", get(&row, "name")?));
            undated.push(get::<i64>(&row, "undated")? == 1);
        }
        for (mut event, undated) in self.show_programs(&events, 3).await?.into_iter().zip(undated) {
            if undated {
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

    /// What SHOW CREATE has in a column, for each of these objects, of which the kind and the name are given.
    async fn show(
        &mut self,
        objects: &[(impl fmt::Display, String)],
        column: usize,
    ) -> Result<Vec<Shown>, MigrateError> {
        let mut shown = Vec::with_capacity(objects.len());
        for objects in objects.chunks(AT_ONCE) {
            let show = |(kind, name): &(_, String)| format!("SHOW CREATE {kind} {}", quoted(name));
            let sql: Vec<String> = objects.iter().map(show).collect();
            let mut answers = self.conn.query_iter(sql.join("; ")).await?;
            for _ in objects {
                let row = answers.collect::<Row>().await?.pop();
                let text = |column: usize| row.as_ref()?.get_opt::<String, _>(column)?.ok();
                // NULL where this user may not see it.
                let create = text(column).ok_or(MigrateError::UnreadableSchema { column: "create" })?;
                shown.push(Shown { text: create, sql_mode: text(1).unwrap_or_default() });
            }
        }
        Ok(shown)
    }

    async fn show_programs(
        &mut self,
        objects: &[(impl fmt::Display, String)],
        column: usize,
    ) -> Result<Vec<Shown>, MigrateError> {
        let mut programs = self.show(objects, column).await?;
        for program in &mut programs {
            program.text = without_definer(&program.text).trim_end().trim_end_matches(';').to_owned();
        }
        Ok(programs)
    }

    fn statement(&mut self, text: &str) {
        let _ = write!(self.text, "\n{text};\n");
    }

    /// Each after the views that it uses.
    async fn views(&mut self, names: BTreeSet<String>) -> Result<(), MigrateError> {
        let views: Vec<_> = names.into_iter().map(|name| ("VIEW", name)).collect();
        let shown = self.show(&views, 1).await?;
        let names = views.into_iter().map(|(_, name)| name);
        let mut left: BTreeMap<String, String> =
            names.zip(shown.iter().map(|view| without_definer(&view.text))).collect();
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
    fn programs(&mut self, programs: &[Shown]) {
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
