//! Reads an expression and writes it again.

use std::fmt::Write as _;

use super::quoted;
use super::token::Token;
use super::words::{NOT, SEPARATORS, SIGN, binary, function};

/// Deeper expressions than this are compared as they are printed.
const DEEPEST: usize = 200;

/// All of the tokens in one form; `None` if they cannot be read as expressions.
pub(super) fn read(tokens: &[Token], database: &str) -> Option<String> {
    let mut reader = Reader { tokens, at: 0, database, depth: 0 };
    let (text, _) = reader.sequence()?;
    (reader.at == tokens.len()).then_some(text)
}

/// An expression that was read.
struct Node {
    text: String,
    /// Its operator, if it has one: then it stands in parentheses where it is an operand.
    operator: Option<&'static str>,
}

impl Node {
    fn atom(text: String) -> Self {
        Self { text, operator: None }
    }

    fn operand(&self) -> String {
        if self.operator.is_some() { format!("({})", self.text) } else { self.text.clone() }
    }

    /// As an operand of an operator that may stand between any number of them.
    fn link(&self, operator: &str) -> String {
        if self.operator == Some(operator) { self.text.clone() } else { self.operand() }
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    database: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn word(&self, ahead: usize) -> Option<&str> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let taken = self.word(0) == Some(word);
        self.at += usize::from(taken);
        taken
    }

    /// Up to a closing parenthesis, `end`, or the end: the text, and the only expression, if it is one.
    fn sequence(&mut self) -> Option<(String, Option<Node>)> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let (mut text, mut nodes, mut separated) = (String::new(), Vec::new(), false);
        while self.at < self.tokens.len() && !matches!(self.word(0), Some(")" | "end")) {
            let is_separator = self.word(0).is_some_and(|word| SEPARATORS.contains(&word)) && !self.is_call();
            if is_separator {
                separated = true;
                let word = self.word(0).unwrap_or_default().to_owned();
                self.at += 1;
                let _ = write!(text, "{}{word}", if word == "," || text.is_empty() { "" } else { " " });
            } else {
                let node = self.expression(0)?;
                let _ = write!(text, "{}{}", if text.is_empty() { "" } else { " " }, node.text);
                nodes.push(node);
            }
        }
        self.depth -= 1;
        let only = if separated || nodes.len() != 1 { None } else { nodes.pop() };
        Some((text, only))
    }

    /// `left` is a join and a function.
    fn is_call(&self) -> bool {
        matches!(self.word(0), Some("left" | "right")) && self.word(1) == Some("(")
    }

    fn expression(&mut self, least: u8) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.operand()?;
        loop {
            let negated = self.word(0) == Some("not");
            let Some((strength, operator)) = self.word(usize::from(negated)).and_then(binary) else { break };
            if strength < least {
                break;
            }
            self.at += 1 + usize::from(negated);
            left = self.combined(left, operator, strength, negated)?;
        }
        self.depth -= 1;
        Some(left)
    }

    fn combined(&mut self, left: Node, operator: &'static str, strength: u8, negated: bool) -> Option<Node> {
        let not = if negated { "not " } else { "" };
        if operator == "and" || operator == "or" {
            let right = self.expression(strength + 1)?;
            let text = format!("{} {operator} {}", left.link(operator), right.link(operator));
            return Some(Node { text, operator: Some(operator) });
        }
        let first = left.operand();
        let text = match operator {
            // Collations do not count.
            "collate" => {
                self.at += 1;
                return Some(left);
            }
            "is" => {
                let not = if self.take("not") { "not " } else { "" };
                format!("{first} is {not}{}", self.operand()?.operand())
            }
            "between" => {
                let low = self.expression(strength + 1)?.operand();
                self.take("and").then_some(())?;
                format!("{first} {not}between {low} and {}", self.expression(strength + 1)?.operand())
            }
            "in" => {
                self.take("(").then_some(())?;
                format!("{first} {not}in {}", self.list()?)
            }
            "regexp" => {
                let call = Node::atom(format!(
                    "regexp_like({}, {})",
                    left.text,
                    self.expression(strength + 1)?.text
                ));
                return Some(if negated { negation(&call) } else { call });
            }
            _ => {
                let second = self.expression(strength + 1)?.operand();
                let escape = if self.take("escape") {
                    format!(" escape {}", self.operand()?.operand())
                } else {
                    String::new()
                };
                format!("{first} {not}{operator} {second}{escape}")
            }
        };
        Some(Node { text, operator: Some(operator) })
    }

    /// What stands in parentheses, the first of which was read.
    fn list(&mut self) -> Option<String> {
        let (text, _) = self.sequence()?;
        self.take(")").then(|| format!("({text})"))
    }

    fn operand(&mut self) -> Option<Node> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        let word = match token {
            Token::Name(name) => return Some(Node::atom(self.path(name))),
            Token::Text(text) => return Some(Node::atom(quoted(text))),
            Token::Word(word) => word.as_str(),
        };
        Some(match word {
            "(" => {
                let (text, only) = self.sequence()?;
                self.take(")").then_some(())?;
                only.unwrap_or_else(|| Node::atom(format!("({text})")))
            }
            ")" => return None,
            "not" => negation(&self.expression(NOT)?),
            "!" => negation(&self.expression(SIGN)?),
            "-" | "~" => {
                let operand = self.expression(SIGN)?.operand();
                Node { text: format!("{word}{operand}"), operator: Some("sign") }
            }
            "case" => {
                let (text, _) = self.sequence()?;
                self.take("end").then(|| Node::atom(format!("case {text} end")))?
            }
            "interval" => {
                let count = self.expression(NOT)?.operand();
                let unit = self.word(0)?.to_owned();
                self.at += 1;
                Node::atom(format!("interval {count} {unit}"))
            }
            "true" => Node::atom("1".to_owned()),
            "false" => Node::atom("0".to_owned()),
            _ if self.take("(") => {
                let arguments = self.list()?;
                let function = function(word);
                // These can stand without parentheses.
                let bare = arguments == "()" && (function.starts_with("cur"));
                Node::atom(format!("{function}{}", if bare { "" } else { &arguments }))
            }
            _ => Node::atom(function(word).to_owned()),
        })
    }

    /// A name with what it belongs to, but for its database.
    fn path(&mut self, first: &str) -> String {
        let mut names = vec![first];
        while self.word(0) == Some(".") {
            match self.tokens.get(self.at + 1) {
                Some(Token::Name(name) | Token::Word(name)) => names.push(name),
                _ => break,
            }
            self.at += 2;
        }
        if let [database, rest @ ..] = names.as_slice()
            && !rest.is_empty()
            && *database == self.database
        {
            names.remove(0);
        }
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(".")
    }
}

fn negation(node: &Node) -> Node {
    Node { text: format!("not {}", node.operand()), operator: Some("not") }
}
