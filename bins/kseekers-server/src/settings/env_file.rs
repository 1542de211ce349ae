//! The env file, statement by statement, as python-dotenv 1.2 reads it, so that one file serves both systems.
//!
//! `NAME=value` with an optional `export`, comments, single and double quotes with escapes (a quoted value may
//! span lines), ` #` comments after unquoted values, and `${NAME}` or `${NAME:-default}`. A bare `$NAME` means
//! nothing, so that a password may hold a dollar. One deliberate difference: a single-quoted value is literal
//! (python-dotenv expands `${…}` there too), because otherwise a literal `${` could not be written at all.

/// How a value was written: decides whether references in it are expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    None,
    Single,
    Double,
}

/// One `NAME=value`. Without `=` there is no value, and python-dotenv sets nothing.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) quote: Quote,
    /// The line of the name, from 1.
    pub(super) line: usize,
}

/// A statement of the file, or the line of one that cannot be read.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Statement {
    Assignment(Assignment),
    Unreadable { line: usize },
}

/// All statements of a file, in its order; comments and blank lines are left out.
pub(super) fn parse(text: &str) -> Vec<Statement> {
    let mut scanner = Scanner { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let mut statements = Vec::new();
    loop {
        scanner.take_while(char::is_whitespace);
        if scanner.rest.is_empty() {
            return statements;
        }
        let line = scanner.line;
        match scanner.statement() {
            Some(None) => {}
            Some(Some((name, value, quote))) => {
                statements.push(Statement::Assignment(Assignment { name, value, quote, line }));
            }
            None => {
                scanner.take_while(not_newline);
                statements.push(Statement::Unreadable { line });
            }
        }
    }
}

/// Replaces `${NAME}` and `${NAME:-default}`; a name that `lookup` does not know, and that has no default, is told to
/// `missing` and replaced by nothing.
pub(super) fn interpolate(
    value: &str,
    lookup: impl Fn(&str) -> Option<String>,
    mut missing: impl FnMut(&str),
) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        if let Some((name, default, tail)) = reference(after) {
            match (lookup(name), default) {
                (Some(found), _) => text.push_str(&found),
                (None, Some(default)) => text.push_str(default),
                (None, None) => missing(name),
            }
            rest = tail;
        } else {
            text.push_str("${");
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

/// Whether the value holds something that [`interpolate`] would replace.
pub(super) fn has_reference(value: &str) -> bool {
    let mut found = false;
    interpolate(value, |_| None, |_| found = true);
    found
}

/// What follows `${`: the name, the default if there is one, and the text after the closing brace.
fn reference(after: &str) -> Option<(&str, Option<&str>, &str)> {
    let end = after.find(['}', ':'])?;
    let (name, tail) = after.split_at_checked(end)?;
    if let Some(tail) = tail.strip_prefix('}') {
        return Some((name, None, tail));
    }
    let (default, tail) = tail.strip_prefix(":-")?.split_once('}')?;
    Some((name, Some(default), tail))
}

type Parts = (String, Option<String>, Quote);

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    /// `None`: unreadable. `Some(None)`: a comment.
    fn statement(&mut self) -> Option<Option<Parts>> {
        if self.rest.strip_prefix("export").is_some_and(|after| after.starts_with(is_blank)) {
            self.take("export".len());
            self.take_while(is_blank);
        }
        if self.rest.starts_with('#') {
            self.take_while(not_newline);
            return Some(None);
        }
        let name = self.name()?.to_owned();
        self.take_while(is_blank);
        let (value, quote) = if self.rest.starts_with('=') {
            self.take(1);
            let (value, quote) = self.value()?;
            (Some(value), quote)
        } else {
            (None, Quote::None)
        };
        self.take_while(is_blank);
        if self.rest.starts_with('#') {
            self.take_while(not_newline);
        }
        (self.rest.is_empty() || self.rest.starts_with(['\r', '\n'])).then_some(Some((name, value, quote)))
    }

    fn name(&mut self) -> Option<&'a str> {
        let name = if let Some(quoted) = self.rest.strip_prefix('\'') {
            let name = self.skip_past(quoted, quoted.find('\'')?);
            return (!name.is_empty()).then_some(name);
        } else {
            self.take_while(|c| c != '=' && c != '#' && !c.is_whitespace())
        };
        (!name.is_empty()).then_some(name)
    }

    fn value(&mut self) -> Option<(String, Quote)> {
        let spaced = !self.take_while(is_blank).is_empty();
        match self.rest.chars().next() {
            Some('\'') => Some((unescape(self.quoted('\'')?, single_quote_escape), Quote::Single)),
            Some('"') => Some((unescape(self.quoted('"')?, double_quote_escape), Quote::Double)),
            // `NAME= # a comment` has no value, `NAME=#value` has one.
            Some('#') if spaced => Some((String::new(), Quote::None)),
            _ => Some((without_comment(self.take_while(not_newline)).to_owned(), Quote::None)),
        }
    }

    /// The text between quotes. A backslash takes the next character along, so that `\"` does not close.
    fn quoted(&mut self, quote: char) -> Option<&'a str> {
        let body = self.rest.strip_prefix(quote)?;
        let mut escaped = false;
        for (at, c) in body.char_indices() {
            if c == quote && !escaped {
                return Some(self.skip_past(body, at));
            }
            escaped = c == '\\' && !escaped;
        }
        None
    }

    /// Takes an opening quote and its `body` up to the closing quote at byte `end`, and both quotes.
    fn skip_past(&mut self, body: &'a str, end: usize) -> &'a str {
        self.take(end + 2);
        body.get(..end).unwrap_or_default()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len()))
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line +=
            taken.matches('\n').count() + taken.matches('\r').count() - taken.matches("\r\n").count();
        self.rest = rest;
        taken
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && not_newline(c)
}

fn not_newline(c: char) -> bool {
    c != '\n' && c != '\r'
}

/// An unquoted value ends before the first `#` that follows white space.
fn without_comment(value: &str) -> &str {
    let mut after_space = false;
    for (at, c) in value.char_indices() {
        if c == '#' && after_space {
            return value.get(..at).unwrap_or_default().trim_end();
        }
        after_space = c.is_whitespace();
    }
    value.trim_end()
}

/// Replaces the escapes that `known` translates; any other backslash stands for itself.
fn unescape(raw: &str, known: fn(char) -> Option<char>) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let escape = if c == '\\' { chars.peek().copied().and_then(known) } else { None };
        if escape.is_some() {
            chars.next();
        }
        text.push(escape.unwrap_or(c));
    }
    text
}

fn single_quote_escape(c: char) -> Option<char> {
    matches!(c, '\\' | '\'').then_some(c)
}

fn double_quote_escape(c: char) -> Option<char> {
    Some(match c {
        '\\' | '\'' | '"' => c,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        _ => return None,
    })
}

#[cfg(test)]
#[path = "env_file_tests.rs"]
mod tests;
