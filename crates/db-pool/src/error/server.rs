//! The servers' error numbers and what can be read out of their messages.

use mysql_async::ServerError;

use super::{DbError, Failure, Fate, ForeignKeyViolation};

/// The session is at its end: shut down, killed, or closed because it was idle.
const SESSION_ENDED: [u16; 5] = [1053, 1152, 1927, 3169, 4031];

/// The statement took longer than it may: MariaDB, MySQL.
pub(super) const CUT: [u16; 2] = [1969, 3024];

/// `max_prepared_stmt_count` is reached.
pub(super) const OUT_OF_STATEMENTS: u16 = 1461;

/// Their messages name databases, tables, columns, users or parts of the statement's own text, never a value.
const HARMLESS: [u16; 24] = [
    1040, 1044, 1045, 1046, 1049, 1050, 1051, 1052, 1054, 1060, 1061, 1064, 1091, 1136, 1142, 1143, 1146,
    1149, 1203, 1227, 1295, 1305, 1698, 3159,
];

pub(super) fn failure(error: ServerError) -> Failure {
    if SESSION_ENDED.contains(&error.code) {
        return Failure { error: DbError::Unavailable(words(&error)), fate: Fate::Lost };
    }
    let message = error.message.as_str();
    let column = || quoted(message).unwrap_or_default();
    let foreign_key = |violation| DbError::ForeignKey { violation, constraint: constraint(message) };
    let meaning = match error.code {
        1062 | 1586 => DbError::Duplicate { key: key(message) },
        1216 | 1452 => foreign_key(ForeignKeyViolation::MissingParent),
        1217 | 1451 => foreign_key(ForeignKeyViolation::StillReferenced),
        1213 => DbError::Deadlock,
        // 3572: NOWAIT
        1205 | 3572 => DbError::LockWait,
        1406 => DbError::TooLong { column: column() },
        1264 => DbError::OutOfRange { column: quoted(message) },
        1690 => DbError::OutOfRange { column: None },
        // 1364: the statement leaves the column out and it has no default.
        1048 | 1364 => DbError::NotNull { column: column() },
        // MySQL, MariaDB
        3819 => DbError::Check { constraint: column() },
        4025 => DbError::Check { constraint: constraint(message).unwrap_or_default() },
        OUT_OF_STATEMENTS => DbError::TooManyStatements,
        // The server closes the connection after it.
        1153 => return Failure { error: DbError::PacketTooLarge, fate: Fate::Broken },
        code => DbError::Other { code, message: words(&error), state: error.state },
    };
    Failure { error: meaning, fate: Fate::Usable }
}

/// The message, without what may be a value.
pub(super) fn words(error: &ServerError) -> String {
    let message = error.message.as_str();
    if HARMLESS.contains(&error.code) || SESSION_ENDED.contains(&error.code) {
        return message.to_owned();
    }
    // From the first quote to the last one: a value may have quotes inside.
    let is_quote = |c| matches!(c, '\'' | '"');
    match (message.split_once(is_quote), message.rsplit_once(is_quote)) {
        (Some((before, _)), Some((_, after))) => format!("{before}'…'{after}"),
        _ => message.to_owned(),
    }
}

/// The first name in quotes.
fn quoted(message: &str) -> Option<String> {
    let (_, rest) = message.split_once('\'')?;
    let (name, _) = rest.split_once('\'')?;
    Some(name.to_owned())
}

/// The last name in quotes, because the value before it can hold anything. MySQL puts the table in front of it.
fn key(message: &str) -> String {
    let inner = message.trim_end().strip_suffix('\'').unwrap_or(message);
    let name = inner.rsplit('\'').next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

fn constraint(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("CONSTRAINT `")?;
    let (name, _) = rest.split_once('`')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(code: u16, message: &str) -> DbError {
        failure(ServerError { code, state: "HY000".into(), message: message.into() }).error
    }

    #[test]
    fn the_key_of_a_duplicate_is_told_alike_by_both_servers() {
        let duplicate = |key: &str| DbError::Duplicate { key: key.into() };
        assert_eq!(meaning(1062, "Duplicate entry 'a@b.c' for key 'users.email'"), duplicate("email"));
        assert_eq!(meaning(1062, "Duplicate entry 'a@b.c' for key 'email'"), duplicate("email"));
        assert_eq!(meaning(1062, "Duplicate entry '7' for key 'PRIMARY'"), duplicate("PRIMARY"));
        assert_eq!(
            meaning(1062, "Duplicate entry 'x' for key 'y' for key 'users.email'"),
            duplicate("email")
        );
    }

    #[test]
    fn the_names_in_other_messages_are_found() {
        assert_eq!(
            meaning(1406, "Data too long for column 'name' at row 1"),
            DbError::TooLong { column: "name".into() }
        );
        assert_eq!(
            meaning(
                1452,
                "Cannot add or update a child row: a foreign key constraint fails (`db`.`t`, CONSTRAINT `t_fk` FOREIGN KEY (`a`) REFERENCES `u` (`id`))"
            ),
            DbError::ForeignKey {
                violation: ForeignKeyViolation::MissingParent,
                constraint: Some("t_fk".into())
            }
        );
        assert_eq!(
            meaning(4025, "CONSTRAINT `positive` failed for `db`.`t`"),
            DbError::Check { constraint: "positive".into() }
        );
    }

    #[test]
    fn values_in_messages_are_left_out() {
        for message in [
            "Truncated incorrect DOUBLE value: 'secret'",
            "Incorrect integer value: 'it's secret' for column 'n' at row 1",
            "Incorrect string value: 'secret\" for column `db`.`t`.`n` at row 1",
        ] {
            let error = meaning(1366, message);
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
        assert!(meaning(1146, "Table 'db.users' doesn't exist").to_string().contains("db.users"));
    }

    #[test]
    fn strange_messages_do_no_harm() {
        for message in ["", "'", "''", "no quotes", "CONSTRAINT `", "für 'é"] {
            for code in [1062, 1406, 1452, 3819, 4025, 9999] {
                let _ = meaning(code, message);
            }
        }
    }
}
