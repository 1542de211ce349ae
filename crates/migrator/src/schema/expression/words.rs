//! Operators, functions, and what stands between expressions.

/// What comes between the expressions of a SELECT. What is missing here is taken for a name, which does as well as long
/// as no operator is next to it.
pub(super) const SEPARATORS: [&str; 35] = [
    ",",
    "all",
    "as",
    "asc",
    "by",
    "cross",
    "desc",
    "distinct",
    "else",
    "from",
    "full",
    "group",
    "having",
    "inner",
    "join",
    "left",
    "limit",
    "natural",
    "offset",
    "on",
    "order",
    "outer",
    "over",
    "partition",
    "right",
    "select",
    "separator",
    "straight_join",
    "then",
    "union",
    "using",
    "when",
    "where",
    "window",
    "with",
];

/// Binds tighter the higher the number.
pub(super) fn binary(word: &str) -> Option<(u8, &'static str)> {
    Some(match word {
        "or" | "||" => (1, "or"),
        "xor" => (2, "xor"),
        "and" | "&&" => (3, "and"),
        "between" => (5, "between"),
        "=" => (6, "="),
        "<=>" => (6, "<=>"),
        ">=" => (6, ">="),
        ">" => (6, ">"),
        "<=" => (6, "<="),
        "<" => (6, "<"),
        "<>" | "!=" => (6, "<>"),
        "is" => (6, "is"),
        "like" => (6, "like"),
        "regexp" | "rlike" => (6, "regexp"),
        "in" => (6, "in"),
        "|" => (7, "|"),
        "&" => (8, "&"),
        "<<" => (9, "<<"),
        ">>" => (9, ">>"),
        "+" => (10, "+"),
        "-" => (10, "-"),
        "*" => (11, "*"),
        "/" => (11, "/"),
        "div" => (11, "div"),
        "%" | "mod" => (11, "%"),
        "^" => (12, "^"),
        "collate" => (15, "collate"),
        _ => return None,
    })
}

pub(super) const NOT: u8 = 4;
pub(super) const SIGN: u8 = 13;

/// The one name of a function that has several.
pub(super) fn function(word: &str) -> &str {
    match word {
        "ucase" => "upper",
        "lcase" => "lower",
        "octet_length" => "length",
        "character_length" => "char_length",
        "now" | "localtime" | "localtimestamp" => "current_timestamp",
        "current_date" => "curdate",
        "current_time" => "curtime",
        "substring" | "mid" => "substr",
        "ceil" => "ceiling",
        "power" => "pow",
        other => other,
    }
}
