//! Whether a history stays in its database. In a scratch database, a statement that names another one would do there what
//! it says.

use crate::sql::reader::Reader;
use crate::sql::token::{Token, TokenKind, tokens};
use crate::sql::{Action, Kind, Name, Object, SessionChange};
use crate::{MigrateError, MigrationSet, SqlFile};

/// Refuses a history that would reach out of the database that it is tried in: into another one by its name, or to what
/// belongs to the whole server. What a stored program does when it is called is not looked into.
///
/// # Errors
/// [`MigrateError::LeavesDatabase`]; a file that cannot be cut into statements.
pub(crate) fn stays_inside(set: &MigrationSet) -> Result<(), MigrateError> {
    for migration in set.iter() {
        file_stays_inside(&migration.up)?;
        if let Some(way_back) = &migration.down {
            file_stays_inside(way_back.file()?)?;
        }
    }
    Ok(())
}

fn file_stays_inside(file: &SqlFile) -> Result<(), MigrateError> {
    match file.statements()?.iter().find(|statement| leaves(statement.text)) {
        Some(statement) => {
            Err(MigrateError::LeavesDatabase { file: file.name().to_owned(), line: statement.line })
        }
        None => Ok(()),
    }
}

fn leaves(statement: &str) -> bool {
    let elsewhere = |names: &[Name]| names.iter().any(|name| name.database.is_some());
    match Kind::of(statement) {
        Kind::Definition(definition) => {
            let of_the_server = match definition.object {
                Object::Other => true,
                // Without a name it is the one that is used.
                Object::Database => definition.action != Action::Alter || !definition.names.is_empty(),
                _ => elsewhere(&definition.names),
            };
            of_the_server
                || elsewhere(&definition.renamed_to)
                || definition.table.is_some_and(|table| table.database.is_some())
        }
        Kind::Data(change) => elsewhere(&change.tables),
        Kind::Session(SessionChange::Database) => true,
        Kind::Opaque if calls_elsewhere(statement) => true,
        Kind::Session(_) | Kind::Repeatable | Kind::Opaque => is_of_the_server(statement),
        Kind::Query | Kind::Transaction(_) => false,
    }
}

/// `CALL shop.tidy_up()`
fn calls_elsewhere(statement: &str) -> bool {
    let mut reader = Reader::new(statement);
    reader.eat("CALL") && reader.name().is_some_and(|name| name.database.is_some())
}

/// Whether a statement that is about no table changes more than its session.
fn is_of_the_server(statement: &str) -> bool {
    const VERBS: [&str; 14] = [
        "BACKUP",
        "CHANGE",
        "CLONE",
        "FLUSH",
        "GRANT",
        "INSTALL",
        "KILL",
        "PURGE",
        "RESET",
        "RESTART",
        "REVOKE",
        "SHUTDOWN",
        "STOP",
        "UNINSTALL",
    ];
    let is_code = |token: &Token<'_>| {
        !matches!(token.kind, TokenKind::Comment | TokenKind::Open | TokenKind::Close)
            && !token.is_symbol("@@")
    };
    let code: Vec<Token<'_>> = tokens(statement).filter(is_code).collect();
    let Some(verb) = code.first() else { return false };
    let assigns = |pair: &[Token<'_>]| match pair {
        [before, variable] => {
            (before.is_symbol(",") || before.is_word("SET"))
                && variable.is_one_of(&["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD"])
        }
        _ => false,
    };
    verb.is_one_of(&VERBS) || (verb.is_word("SET") && code.windows(2).any(assigns))
}

#[cfg(test)]
mod tests {
    use super::leaves;

    #[test]
    fn what_names_another_database_or_is_about_the_server_leaves() {
        for statement in [
            "CREATE TABLE shop.notes (id INT)",
            "RENAME TABLE notes TO `other`.notes",
            "CREATE INDEX i ON shop.notes (id)",
            "INSERT INTO shop . notes VALUES (1)",
            "DELETE a FROM notes a JOIN shop.b ON a.id = b.id",
            "USE shop",
            "DROP DATABASE shop",
            "ALTER DATABASE shop CHARACTER SET utf8mb4",
            "CREATE USER ann",
            "GRANT SELECT ON *.* TO ann",
            "/* a word */ FLUSH PRIVILEGES",
            "SET GLOBAL max_connections = 5",
            "SET @a = 1, @@GLOBAL.max_connections = 5",
            "/*!80000 SET PERSIST max_connections = 5 */",
            "SET PASSWORD = 'x'",
            "PURGE BINARY LOGS BEFORE NOW()",
            "CALL shop.tidy_up(1)",
        ] {
            assert!(leaves(statement), "{statement}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for statement in [
            "CREATE TABLE notes (id INT COMMENT 'GRANT shop.notes')",
            "ALTER DATABASE CHARACTER SET utf8mb4",
            "UPDATE notes n SET n.text = 'USE shop' WHERE n.id = 1",
            "SET SESSION sql_mode = @@GLOBAL.sql_mode",
            "SET @password = 1",
            "CALL tidy_up(1, 2)",
            "ANALYZE TABLE notes",
            "CREATE VIEW v AS SELECT n.id FROM notes n",
            "DO 0",
        ] {
            assert!(!leaves(statement), "{statement}");
        }
    }
}
