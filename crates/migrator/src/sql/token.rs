//! Cuts SQL into words, names, texts, numbers, symbols and comments as the server does.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in backticks.
    Name,
    /// A text in `'` or `"`.
    Text,
    /// Digits, with a fraction or exponent where there is one.
    Number,
    /// An operator, a bracket, a comma.
    Symbol,
    /// A comment that nobody runs.
    Comment,
    /// `/*+ … */`: it can change what a statement does, so it is no comment.
    Hint,
    /// The beginning of an executable comment, with its version: `/*!50003`, `/*M!`. What follows is code.
    Open,
    /// The end of an executable comment.
    Close,
}

/// A piece of a text, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    /// Where it begins in the text, in bytes.
    pub(crate) at: usize,
    /// Neither a blank nor a comment is between it and the token before.
    pub(crate) glued: bool,
}

impl Token<'_> {
    /// Whether it is this word without quotes, in any letter case.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words.
    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }
}

/// The tokens of a text. What is never closed ends with the text.
pub(crate) fn tokens(sql: &str) -> Tokens<'_> {
    Tokens { sql, at: 0, glued: false, executable: 0 }
}

#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    sql: &'a str,
    at: usize,
    glued: bool,
    /// How many executable comments are open.
    executable: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.sql.get(self.at..)?;
        let blanks = rest.len() - rest.trim_start_matches(is_blank).len();
        let at = self.at + blanks;
        let rest = self.sql.get(at..)?;
        let (kind, length) = self.measure(rest)?;
        let text = rest.get(..length)?;
        let glued = self.glued && blanks == 0;
        self.at = at + length;
        self.glued = kind != TokenKind::Comment;
        Some(Token { kind, text, at, glued })
    }
}

impl Tokens<'_> {
    fn measure(&mut self, rest: &str) -> Option<(TokenKind, usize)> {
        let first = rest.chars().next()?;
        Some(match first {
            '\'' | '"' => (TokenKind::Text, quoted(rest, first).unwrap_or(rest.len())),
            '`' => (TokenKind::Name, quoted(rest, first).unwrap_or(rest.len())),
            '#' => (TokenKind::Comment, line(rest)),
            '-' if is_dash_comment(rest) => (TokenKind::Comment, line(rest)),
            '/' if is_executable(rest) => {
                self.executable += 1;
                let mark = rest.find('!').map_or(rest.len(), |mark| mark + 1);
                (TokenKind::Open, mark + digits(rest.get(mark..).unwrap_or_default()))
            }
            '/' if rest.starts_with("/*+") => (TokenKind::Hint, comment(rest).unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (TokenKind::Comment, comment(rest).unwrap_or(rest.len())),
            '*' if self.executable > 0 && rest.starts_with("*/") => {
                self.executable -= 1;
                (TokenKind::Close, "*/".len())
            }
            '0'..='9' => number(rest),
            first if is_word(first) => (TokenKind::Word, word(rest)),
            first => {
                let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
                (TokenKind::Symbol, operator.map_or(first.len_utf8(), |operator| operator.len()))
            }
        })
    }
}

/// Operators of more than one character, the longer before those that they begin with.
const OPERATORS: &[&str] = &["<=>", "->>", "<=", ">=", "<>", "!=", ":=", "||", "&&", "<<", ">>", "->", "@@"];

pub(crate) fn is_blank(character: char) -> bool {
    character.is_ascii_whitespace() || character == '\x0b'
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}

fn word(rest: &str) -> usize {
    rest.find(|character| !is_word(character)).unwrap_or(rest.len())
}

fn digits(rest: &str) -> usize {
    rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len())
}

/// Digits may begin a name: `1st_try`.
fn number(rest: &str) -> (TokenKind, usize) {
    let whole = digits(rest);
    let fraction =
        rest.get(whole..).and_then(|rest| rest.strip_prefix('.')).map_or(0, |rest| 1 + digits(rest));
    let mantissa = whole + fraction;
    let exponent = rest.get(mantissa..).and_then(|rest| rest.strip_prefix(['e', 'E']));
    if let Some(exponent) = exponent {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let power = digits(exponent.get(sign..).unwrap_or_default());
        if power > 0 {
            return (TokenKind::Number, mantissa + 1 + sign + power);
        }
    }
    let all = word(rest);
    if fraction == 0 && all > whole { (TokenKind::Word, all) } else { (TokenKind::Number, mantissa) }
}

/// The length of the text or name in quotes that `rest` begins with; `None` if nothing closes it.
pub(crate) fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((offset, character)) = characters.next() {
        if character == quote {
            // Doubled, it stands for itself.
            if characters.next_if(|(_, next)| *next == quote).is_none() {
                return Some(offset + quote.len_utf8());
            }
        } else if character == '\\' && quote != '`' {
            characters.next();
        }
    }
    None
}

/// The length of the comment that `rest` begins with; `None` if nothing closes it.
pub(crate) fn comment(rest: &str) -> Option<usize> {
    let inside = rest.get("/*".len()..)?;
    Some("/*".len() + inside.find("*/")? + "*/".len())
}

/// To the end of the line, without it.
pub(crate) fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// `/*! … */`, and MariaDB's `/*M! … */`, are code that only some servers run.
pub(crate) fn is_executable(rest: &str) -> bool {
    rest.starts_with("/*!") || rest.starts_with("/*M!")
}

/// Within a statement two dashes begin a comment only before a blank: `5--3` is eight.
pub(crate) fn is_dash_comment(rest: &str) -> bool {
    rest.strip_prefix("--").is_some_and(|after| {
        after.chars().next().is_none_or(|next| next.is_ascii_whitespace() || next.is_ascii_control())
    })
}
