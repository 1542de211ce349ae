use proptest::prelude::*;

use super::*;

/// `name=value` for each assignment, `name` where there is no value, `!line` for what cannot be read.
fn read(text: &str) -> Vec<String> {
    let shown = |statement| match statement {
        Statement::Assignment(Assignment { name, value: Some(value), .. }) => format!("{name}={value}"),
        Statement::Assignment(Assignment { name, .. }) => name,
        Statement::Unreadable { line } => format!("!{line}"),
    };
    parse(text).into_iter().map(shown).collect()
}

fn one(text: &str) -> String {
    let read = read(text);
    assert_eq!(read.len(), 1, "{text:?} is one statement: {read:?}");
    read[0].strip_prefix("a=").unwrap_or_else(|| panic!("{text:?} gave {read:?}")).to_owned()
}

fn expand(value: &str) -> (String, Vec<String>) {
    let mut missing = Vec::new();
    let known = |name: &str| match name {
        "host" => Some("db.local".to_owned()),
        "empty" => Some(String::new()),
        _ => None,
    };
    let text = interpolate(value, known, |name| missing.push(name.to_owned()));
    (text, missing)
}

#[test]
fn names_and_values_may_be_spaced_exported_and_quoted() {
    assert_eq!(
        read("a=1\n b = 2 \nexport c=3\nexport\td=4\n'e f'=5\nexport=6"),
        ["a=1", "b=2", "c=3", "d=4", "e f=5", "export=6"]
    );
}

#[test]
fn comments_blank_lines_and_a_byte_order_mark_are_skipped() {
    assert_eq!(read("\u{feff}# first\r\n\r\na=1\r\n  # indented\nb=2"), ["a=1", "b=2"]);
}

#[test]
fn a_hash_begins_a_comment_only_after_white_space() {
    assert_eq!(one("a=x # why"), "x");
    assert_eq!(one("a=x\t#why"), "x");
    assert_eq!(one("a=x#y"), "x#y");
    assert_eq!(one("a=#x"), "#x");
    assert_eq!(one("a= # nothing yet"), "");
    assert_eq!(one("a='x # y' # why"), "x # y");
    assert_eq!(one("a=\"x\"#why"), "x");
}

#[test]
fn an_empty_value_is_not_the_same_as_no_value() {
    assert_eq!(read("a=\nb\nc=''\n"), ["a=", "b", "c="]);
}

#[test]
fn double_quotes_know_the_escapes_of_python() {
    assert_eq!(one(r#"a="x\ny\t\"\\\q""#), "x\ny\t\"\\\\q");
    assert_eq!(one("a=\"x\ny\""), "x\ny");
}

#[test]
fn single_quotes_know_two_escapes() {
    assert_eq!(one(r"a='x\ny\'\\'"), r"x\ny'\");
}

#[test]
fn an_escaped_backslash_does_not_escape_the_closing_quote() {
    assert_eq!(one(r#"a="C:\\dir\\""#), r"C:\dir\");
    assert_eq!(read("a=\"C:\\dir\\\"\nb=1"), ["!1", "b=1"]);
}

#[test]
fn a_backslash_in_an_unquoted_value_is_itself() {
    assert_eq!(one(r"a=x\ny"), r"x\ny");
}

#[test]
fn what_cannot_be_read_is_named_by_its_line_and_the_rest_still_counts() {
    assert_eq!(read("a=1\n\n=x\nb=\"open\nc='x' y\nd=4"), ["a=1", "!3", "!4", "!5", "d=4"]);
    assert_eq!(read("two words\nb=1"), ["!1", "b=1"]);
}

#[test]
fn lines_are_counted_through_quoted_values_and_any_line_ending() {
    let lines: Vec<usize> = parse("a=\"x\ny\"\r\nb=2\rc=3")
        .iter()
        .map(|statement| match statement {
            Statement::Assignment(Assignment { line, .. }) | Statement::Unreadable { line } => *line,
        })
        .collect();
    assert_eq!(lines, [1, 3, 4]);
}

#[test]
fn references_are_replaced_by_values_or_defaults() {
    assert_eq!(expand("tcp://${host}:${port:-3306}/").0, "tcp://db.local:3306/");
    assert_eq!(expand("${host:-other}").0, "db.local");
    assert_eq!(expand("[${empty:-unused}]").0, "[]");
    assert_eq!(expand("[${gone}]"), ("[]".to_owned(), vec!["gone".to_owned()]));
}

#[test]
fn a_dollar_without_braces_is_a_dollar() {
    for text in ["pa$$word", "$host", "a${", "${host", "${a:b}", "$", "${gone:-x"] {
        assert_eq!(expand(text), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn single_quoted_values_are_marked_as_literal() {
    let Some(Statement::Assignment(assignment)) = parse("a='${host}'").pop() else {
        panic!("one assignment")
    };
    assert_eq!((assignment.quote, assignment.value.as_deref()), (Quote::Single, Some("${host}")));
    assert!(has_reference("${host}") && !has_reference("$host"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_lines_stay_in_the_file(text in r#"([a-z${}:=#'"\\ \t\r\n-]|export|\PC){0,60}"#) {
        let last = text.lines().count() + text.matches('\r').count();
        for statement in parse(&text) {
            let line = match statement {
                Statement::Assignment(Assignment { line, value, .. }) => {
                    interpolate(&value.unwrap_or_default(), |_| None, |_| ());
                    line
                }
                Statement::Unreadable { line } => line,
            };
            prop_assert!((1..=last.max(1)).contains(&line));
        }
    }

    #[test]
    fn any_value_survives_both_kinds_of_quotes(value in any::<String>()) {
        let escaped = value.replace('\\', r"\\");
        prop_assert_eq!(&one(&format!("a=\"{}\"", escaped.replace('"', "\\\""))), &value);
        prop_assert_eq!(&one(&format!("a='{}'", escaped.replace('\'', r"\'"))), &value);
    }

    #[test]
    fn a_plain_value_survives_without_quotes(value in "[!$%&(-~][!-~]{0,30}") {
        prop_assert_eq!(one(&format!("a={value}")), value);
    }
}
