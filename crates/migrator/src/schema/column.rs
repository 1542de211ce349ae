//! Types and defaults, which each server prints in its own way.

use std::fmt;

use super::expression;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) data_type: String,
    pub(crate) nullable: bool,
    pub(crate) default: DefaultValue,
    pub(crate) auto_increment: bool,
    pub(crate) on_update: Option<String>,
    /// The expression of a generated column, and whether it is stored.
    pub(crate) generated: Option<(String, bool)>,
    pub(crate) invisible: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DefaultValue {
    /// None; for a column that can be NULL that is NULL.
    None,
    Literal(String),
    Expression(String),
}

/// How a server prints defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Bare texts; whether one is an expression stands elsewhere.
    MySql,
    /// As they would stand in a statement (since MariaDB 10.2.7).
    MariaDb,
}

/// A row of `information_schema.columns`.
pub(super) struct Printed<'a> {
    pub(super) name: &'a str,
    pub(super) column_type: &'a str,
    pub(super) nullable: bool,
    pub(super) default: Option<&'a str>,
    pub(super) extra: &'a str,
    pub(super) generation: &'a str,
}

impl Printed<'_> {
    pub(super) fn column(&self, dialect: Dialect, database: &str) -> Column {
        let extra = self.extra.to_ascii_lowercase();
        let data_type = data_type(self.column_type);
        let expression = |text: &str| match dialect {
            Dialect::MySql => expression::normal(&expression::unescaped(text), database),
            Dialect::MariaDb => expression::normal(text, database),
        };
        let generated = (!self.generation.is_empty())
            .then(|| (expression(self.generation), extra.contains("stored") || extra.contains("persistent")));
        let default = match self.default {
            Some(default) if generated.is_none() => match dialect {
                Dialect::MySql => of_mysql(default, &data_type, &extra, expression),
                Dialect::MariaDb => of_mariadb(default, &data_type, expression),
            },
            _ => DefaultValue::None,
        };
        let on_update = extra.split_once("on update ").map(|(_, rest)| expression(rest));
        Column {
            name: self.name.to_owned(),
            data_type,
            nullable: self.nullable,
            default,
            auto_increment: extra.contains("auto_increment"),
            on_update,
            generated,
            invisible: extra.split(' ').any(|word| word == "invisible"),
        }
    }
}

/// Without the display width that says nothing about the values. With `zerofill` it does.
pub(super) fn data_type(printed: &str) -> String {
    const WIDE: [&str; 6] = ["tinyint(", "smallint(", "mediumint(", "int(", "bigint(", "year("];
    let name = WIDE.iter().find(|name| printed.starts_with(**name));
    match (name, printed.split_once(')')) {
        (Some(name), Some((_, rest))) if !printed.contains("zerofill") => {
            format!("{}{rest}", name.trim_end_matches('('))
        }
        _ if printed == "geomcollection" => "geometrycollection".to_owned(),
        _ => printed.to_owned(),
    }
}

fn of_mysql(
    default: &str,
    data_type: &str,
    extra: &str,
    expression: impl Fn(&str) -> String,
) -> DefaultValue {
    // Before MySQL 8 only times could have an expression, and nothing marked it.
    let is_now = (data_type.starts_with("timestamp") || data_type.starts_with("datetime"))
        && default.starts_with("CURRENT_TIMESTAMP");
    if is_now || data_type.starts_with("bit") || extra.contains("default_generated") {
        return DefaultValue::Expression(expression(default));
    }
    let is_binary = data_type.starts_with("binary") || data_type.starts_with("varbinary");
    let bytes = default.strip_prefix("0x").filter(|_| is_binary).and_then(|digits| hex::decode(digits).ok());
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => DefaultValue::Literal(unfilled(&text, data_type)),
        None => DefaultValue::Literal(default.to_owned()),
    }
}

fn of_mariadb(default: &str, data_type: &str, expression: impl Fn(&str) -> String) -> DefaultValue {
    let is_number = default.parse::<f64>().is_ok() && !default.starts_with(char::is_alphabetic);
    if default == "NULL" {
        DefaultValue::None
    } else if is_number {
        DefaultValue::Literal(default.to_owned())
    } else {
        match expression::literal(default) {
            Some(text) => DefaultValue::Literal(unfilled(&text, data_type)),
            None => DefaultValue::Expression(expression(default)),
        }
    }
}

/// A value of fixed length as it was before the server has filled it up.
fn unfilled(text: &str, data_type: &str) -> String {
    if data_type.starts_with("binary") { text.trim_end_matches('\0').to_owned() } else { text.to_owned() }
}

impl Column {
    /// What makes the column, one after the other: as words, or what is said where there is none.
    pub(super) fn attributes(&self) -> [(Option<String>, &'static str); 7] {
        let when = |yes: bool, word: &str| yes.then(|| word.to_owned());
        let default = match &self.default {
            DefaultValue::None => None,
            DefaultValue::Literal(text) => Some(format!("default {}", expression::quoted(text))),
            DefaultValue::Expression(text) => Some(format!("default ({text})")),
        };
        let generated = self.generated.as_ref().map(|(text, stored)| {
            format!("generated as ({text}) {}", if *stored { "stored" } else { "virtual" })
        });
        [
            (Some(self.data_type.clone()), ""),
            (Some(if self.nullable { "null" } else { "not null" }.to_owned()), ""),
            (default, "without default"),
            (when(self.auto_increment, "auto_increment"), "without auto_increment"),
            (self.on_update.as_ref().map(|text| format!("on update {text}")), "without on update"),
            (generated, "not generated"),
            (when(self.invisible, "invisible"), "visible"),
        ]
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.attributes().into_iter().filter_map(|(words, _)| words).collect();
        f.write_str(&words.join(" "))
    }
}
