//! The schema of a database as a file, written from what the server itself prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Row, params};

use crate::schema::{get, is_own};
use crate::session::{SQL_MODE, quoted};
use crate::sql::token::{Token, TokenKind, tokens};
use crate::{MigrateError, Migrator};

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
        let mut dump = Dump { conn: &mut self.conn, database: &self.database, text: HEAD.to_owned() };
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
                self.statement(&without_character_sets(&without_next_number(&create)));
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

/// A `CREATE TABLE` without the next number of its `AUTO_INCREMENT`, which rows change.
pub(crate) fn without_next_number(create: &str) -> String {
    let mut depth = 0_usize;
    let mut before = tokens(create).zip(tokens(create).skip(1)).zip(tokens(create).skip(2));
    let number = before.find(|((word, equals), number)| {
        match word.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        // In the list of columns it is an attribute.
        depth == 0
            && word.is_word("AUTO_INCREMENT")
            && equals.is_symbol("=")
            && number.kind == TokenKind::Number
    });
    match number {
        Some(((word, _), number)) => cut(create, word.at, number.at + number.text.len()),
        None => create.to_owned(),
    }
}

/// Without character sets that a collation after them says again. MySQL prints them for a column that was made with one
/// of the two, and would do so for a column of this text.
fn without_character_sets(create: &str) -> String {
    let all: Vec<Token<'_>> = tokens(create).collect();
    let mut text = create.to_owned();
    for five in all.windows(5).rev() {
        let [character, set, name, collate, collation] = five else { continue };
        let says_it =
            |collation: &str| collation.strip_prefix(name.text).is_some_and(|rest| rest.starts_with('_'));
        if character.is_word("CHARACTER")
            && set.is_word("SET")
            && collate.is_word("COLLATE")
            && says_it(collation.text)
        {
            text = cut(&text, character.at, collate.at);
        }
    }
    text
}

/// Who made a program or view: whoever loads the dump will be that.
fn without_definer(create: &str) -> String {
    let all: Vec<Token<'_>> = tokens(create).collect();
    let Some(index) = all.iter().position(|token| token.is_word("DEFINER")) else { return create.to_owned() };
    match all.get(index..).unwrap_or_default() {
        [word, equals, _, at, _, next, ..] if equals.is_symbol("=") && at.is_symbol("@") => {
            cut(create, word.at, next.at)
        }
        // A role has no host.
        [word, equals, _, next, ..] if equals.is_symbol("=") => cut(create, word.at, next.at),
        _ => create.to_owned(),
    }
}

fn without_start(create: &str) -> String {
    let mut pairs = tokens(create).zip(tokens(create).skip(1));
    match pairs.find(|(word, time)| word.is_word("STARTS") && time.kind == TokenKind::Text) {
        Some((word, time)) => cut(create, word.at, time.at + time.text.len()),
        None => create.to_owned(),
    }
}

/// The text without a part of it, and with one blank where there were two around it.
fn cut(text: &str, from: usize, to: usize) -> String {
    let (before, after) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
    let after = if before.ends_with(' ') { after.trim_start_matches(' ') } else { after };
    let whole = format!("{before}{after}");
    if after.is_empty() { whole.trim_end().to_owned() } else { whole }
}

#[cfg(test)]
mod tests {
    use super::{without_character_sets, without_definer, without_next_number, without_start};

    #[test]
    fn the_next_number_is_left_out_and_nothing_else() {
        let with = "CREATE TABLE `a` (\n  `id` int AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=1'\n) ENGINE=InnoDB AUTO_INCREMENT=7 COMMENT=' AUTO_INCREMENT=5'\n/* parts */";
        let without = "CREATE TABLE `a` (\n  `id` int AUTO_INCREMENT COMMENT 'AUTO_INCREMENT=1'\n) ENGINE=InnoDB COMMENT=' AUTO_INCREMENT=5'\n/* parts */";
        assert_eq!(without_next_number(with), without);
        assert_eq!(without_next_number(without), without);
        assert_eq!(
            without_next_number("CREATE TABLE `a` (`id` int) AUTO_INCREMENT=7"),
            "CREATE TABLE `a` (`id` int)"
        );
    }

    #[test]
    fn a_character_set_is_left_out_where_the_collation_says_it() {
        assert_eq!(
            without_character_sets(
                "CREATE TABLE `a` (\n  `b` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT 'CHARACTER SET x COLLATE \
                 x_y',\n  `c` text CHARACTER SET latin1,\n  `d` text CHARACTER SET utf8mb3 COLLATE utf8mb3_bin NOT NULL\n) \
                 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
            ),
            "CREATE TABLE `a` (\n  `b` text COLLATE utf8mb4_bin COMMENT 'CHARACTER SET x COLLATE x_y',\n  \
             `c` text CHARACTER SET latin1,\n  `d` text COLLATE utf8mb3_bin NOT NULL\n) \
             DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
        );
    }

    #[test]
    fn the_definer_is_left_out_of_the_head_only() {
        let head = |definer| format!("CREATE {definer}PROCEDURE `p`()\nSELECT 'DEFINER=`a`@`b`'");
        assert_eq!(without_definer(&head("DEFINER=`root`@`local host` ")), head(""));
        assert_eq!(without_definer(&head("DEFINER=`role` ")), head(""));
        assert_eq!(without_definer(&head("")), head(""));
        let view = "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `v` AS select 1";
        assert_eq!(
            without_definer(view),
            "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select 1"
        );
        assert_eq!(without_definer("CREATE SQL SECURITY DEFINER VIEW"), "CREATE SQL SECURITY DEFINER VIEW");
    }

    #[test]
    fn the_beginning_of_an_event_can_be_left_out() {
        let event =
            "EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2026-11-21 14:27:56' ENABLE DO SELECT 'STARTS'";
        assert_eq!(without_start(event), "EVENT `e` ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 'STARTS'");
    }
}
