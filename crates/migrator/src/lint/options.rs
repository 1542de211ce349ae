//! The options of a table.

use crate::sql::reader::Reader;

/// What a statement says of engine and character set; what it does not say is the server's or the database's to choose.
#[derive(Debug, Clone, Default)]
pub(super) struct TableOptions {
    pub(super) engine: Option<String>,
    pub(super) charset: Option<String>,
}

impl TableOptions {
    /// Reads to the end, or to a query that fills the table.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut options = Self::default();
        let mut of_collation = None;
        while let Some(token) = reader.peek() {
            if token.is_one_of(&["SELECT", "AS"]) {
                break;
            } else if reader.eat("ENGINE") {
                options.engine = value(reader);
            } else if reader.eat("CHARSET") || reader.eat_all(&["CHARACTER", "SET"]) {
                options.charset = value(reader);
            } else if reader.eat("COLLATE") {
                of_collation = value(reader).as_deref().and_then(charset_of);
            } else if reader.eat_any(&["COMMENT", "CONNECTION"]) {
                value(reader);
            } else {
                reader.skip();
            }
        }
        options.charset = options.charset.or(of_collation).filter(|set| set != "default");
        options
    }

    /// The engine, if it is said and is not InnoDB.
    pub(super) fn other_engine(&self) -> Option<&str> {
        self.engine.as_deref().filter(|engine| *engine != "innodb")
    }

    /// The character set, if it is said and is not utf8mb4.
    pub(super) fn other_charset(&self) -> Option<&str> {
        self.charset.as_deref().filter(|charset| *charset != "utf8mb4")
    }
}

/// A value in small letters: a word, or the same in quotes.
fn value(reader: &mut Reader<'_>) -> Option<String> {
    reader.eat_symbol("=");
    let token = reader.next()?;
    Some(token.text.trim_matches(['\'', '"', '`']).to_ascii_lowercase())
}

/// `latin1_bin` is of latin1. MariaDB has collations for any character set of Unicode.
fn charset_of(collation: &str) -> Option<String> {
    let charset = collation.split('_').next().unwrap_or_default();
    (!charset.starts_with("uca")).then(|| charset.to_owned())
}
