//! Walks over the tokens of a statement.

use std::rc::Rc;

use super::kind::Name;
use super::token::{Token, TokenKind, tokens};

/// The tokens of one statement that mean something, and a place among them. A clone is another place among the same.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    tokens: Rc<[Token<'a>]>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Without comments, without the frames of executable comments, without semicolons at the end.
    pub(crate) fn new(statement: &'a str) -> Self {
        let framing = [TokenKind::Comment, TokenKind::Hint, TokenKind::Open, TokenKind::Close];
        let mut tokens: Vec<_> = tokens(statement).filter(|token| !framing.contains(&token.kind)).collect();
        while tokens.pop_if(|last| last.is_symbol(";")).is_some() {}
        Self { tokens: tokens.into(), at: 0 }
    }

    /// Over a part of another one's tokens.
    fn of(tokens: &[Token<'a>]) -> Self {
        Self { tokens: tokens.into(), at: 0 }
    }

    /// What is not yet read.
    pub(crate) fn rest(&self) -> &[Token<'a>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// The next token if it is a word.
    pub(crate) fn word(&mut self) -> Option<&'a str> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        self.at += 1;
        Some(token.text)
    }

    pub(crate) fn is_at(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    pub(crate) fn is_at_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.is_symbol(symbol))
    }

    /// Reads this word if it is next.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        self.eat_any(&[word])
    }

    /// Reads one of these words if one is next.
    pub(crate) fn eat_any(&mut self, words: &[&str]) -> bool {
        let found = self.peek().is_some_and(|token| token.is_one_of(words));
        self.at += usize::from(found);
        found
    }

    /// Reads these words if all of them are next.
    pub(crate) fn eat_all(&mut self, words: &[&str]) -> bool {
        let next = self.rest().get(..words.len()).unwrap_or_default();
        let found =
            next.len() == words.len() && next.iter().zip(words).all(|(token, word)| token.is_word(word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(crate) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_at_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    /// Reads up to one of these words outside of brackets, or to the end; whether there is one.
    pub(crate) fn skip_to(&mut self, words: &[&str]) -> bool {
        while let Some(token) = self.peek() {
            if token.is_one_of(words) {
                return true;
            }
            self.skip();
        }
        false
    }

    /// Reads one token, or all between a bracket and the one that closes it.
    pub(crate) fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.next() {
            if token.is_symbol("(") {
                depth += 1;
            } else if token.is_symbol(")") {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// What stands between the bracket that is next and the one that closes it; reads both.
    pub(crate) fn brackets(&mut self) -> Option<Self> {
        self.is_at_symbol("(").then_some(())?;
        let before = self.at + 1;
        self.skip();
        Some(Self::of(self.tokens.get(before..self.at.saturating_sub(1)).unwrap_or_default()))
    }

    /// What stands behind `ALTER TABLE` before the clauses: `[IF EXISTS] name [WAIT n | NOWAIT]`.
    pub(crate) fn skip_altered_table(&mut self) {
        self.eat_all(&["IF", "EXISTS"]);
        self.name();
        if self.eat("WAIT") {
            self.next();
        }
        self.eat("NOWAIT");
    }

    /// What is not yet read, cut at the commas outside of brackets.
    pub(crate) fn parts(&self) -> Vec<Self> {
        let mut depth = 0_usize;
        let at_comma = |token: &Token<'a>| {
            if token.is_symbol("(") {
                depth += 1;
            } else if token.is_symbol(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_symbol(",")
        };
        self.rest().split(at_comma).map(Self::of).collect()
    }

    /// `name` or `database.name`.
    pub(crate) fn name(&mut self) -> Option<Name> {
        let first = self.part_of_name()?;
        if !self.eat_symbol(".") {
            return Some(Name { database: None, name: first });
        }
        Some(Name { database: Some(first), name: self.part_of_name()? })
    }

    fn part_of_name(&mut self) -> Option<String> {
        let token = self.peek()?;
        let name = match token.kind {
            TokenKind::Word | TokenKind::Number => token.text.to_owned(),
            TokenKind::Name => unquoted(token.text, '`')?,
            // A name in the mode ANSI_QUOTES.
            TokenKind::Text if token.text.starts_with('"') => unquoted(token.text, '"')?,
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    /// Names with commas between.
    pub(crate) fn names(&mut self) -> Option<Vec<Name>> {
        let mut names = vec![self.name()?];
        while self.eat_symbol(",") {
            names.push(self.name()?);
        }
        Some(names)
    }

    /// Whether one of these words is still to come, in brackets or not.
    pub(crate) fn has_words(&self, words: &[&str]) -> bool {
        self.rest().iter().any(|token| token.is_one_of(words))
    }
}

fn unquoted(text: &str, quote: char) -> Option<String> {
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let doubled: String = [quote, quote].iter().collect();
    Some(inside.replace(&doubled, quote.encode_utf8(&mut [0; 4])))
}
