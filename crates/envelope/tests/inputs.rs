//! What clients are told about what they send.
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use kseekers_envelope::input::{Change, Flag, Id, Input, Int, LongText, Patch, Problems, Text};

/// Rows that ids belong to.
#[derive(Debug)]
struct Shelf;

kseekers_envelope::input! {
    /// Every kind of field.
    struct Everything {
        /// Required text.
        pub username: Text<2, 50>,
        /// Required, with a sentence when empty, and another key.
        pub grid_name_id as "gridNameId" | "type": Text<1, 5> => "Grid Name ID is required",
        /// Required number.
        pub shelf_id: Id<Shelf>,
        /// May be left out or null.
        pub description: Option<LongText>,
        /// May be left out, not null.
        pub is_active: Change<Flag>,
        /// May be left out; null clears.
        pub width: Patch<Int<0, 100>>,
    }
}

const GOOD: &str = r#"{"username":"ada","gridNameId":"g","shelf_id":1}"#;

fn problems(json: &str) -> Vec<String> {
    Everything::from_json(json.as_bytes()).unwrap_err().lines()
}

#[test]
fn what_is_good_is_read() {
    let read = Everything::from_json(GOOD.as_bytes()).unwrap();
    assert_eq!((read.username.as_str(), read.grid_name_id.as_str(), read.shelf_id.get()), ("ada", "g", 1));
    assert_eq!((read.description, read.is_active, read.width), (None, Change(None), Patch::Keep));
}

#[test]
fn dropdowns_may_send_numbers_and_flags_as_text() {
    let json = r#"{"username":"ada","type":"g","shelf_id":"7","is_active":"0","width":"5"}"#;
    let read = Everything::from_json(json.as_bytes()).unwrap();
    assert_eq!((read.shelf_id.get(), read.is_active), (7, Change(Some(Flag(false)))));
    assert_eq!(read.width.as_change().unwrap().unwrap().get(), 5);
}

#[test]
fn null_clears_what_may_be_empty_and_is_told_elsewhere() {
    let json = r#"{"username":"ada","type":"g","shelf_id":1,"description":null,"width":null}"#;
    let read = Everything::from_json(json.as_bytes()).unwrap();
    assert_eq!((read.description, read.width), (None, Patch::Clear));
    assert_eq!(
        problems(r#"{"username":null,"type":null,"shelf_id":null,"is_active":null}"#),
        ["username key None", "gridNameId key None", "shelf_id key None", "is_active key None"]
    );
}

#[test]
fn every_problem_is_told_in_the_order_of_the_fields() {
    assert_eq!(
        problems(
            r#"{"width":101,"is_active":"yes","description":5,"shelf_id":"x","type":"too long","username":"a"}"#
        ),
        [
            "username must be at least 2 characters",
            "gridNameId must be at most 5 characters",
            "shelf_id data incorrect",
            "description data incorrect",
            "is_active data incorrect",
            "width data incorrect",
        ]
    );
    assert_eq!(
        problems("{}"),
        ["username key Required field", "gridNameId key Required field", "shelf_id key Required field"]
    );
}

#[test]
fn empty_text_is_told_in_the_words_of_the_business() {
    assert_eq!(problems(r#"{"username":"ada","type":" ","shelf_id":1}"#), ["Grid Name ID is required"]);
}

#[test]
fn what_is_not_a_json_object_cannot_be_read() {
    for json in ["", "x", "[]", "1", "null", "\"a\"", "{", r#"{"username":}"#, "{} {}"] {
        assert_eq!(problems(json), ["Sending Incorrect Request payload format"], "{json}");
    }
    let not_utf8 = [b"{\"username\":\"".as_slice(), &[0xff], b"\"}"].concat();
    assert_eq!(Everything::from_json(&not_utf8).unwrap_err(), Problems::unreadable());
}

#[test]
fn nesting_without_end_is_refused_and_not_a_crash() {
    let deep = "[".repeat(200_000);
    assert_eq!(problems(&format!(r#"{{"x":{deep}"#)), ["Sending Incorrect Request payload format"]);
    let closed = format!(r#"{{"username":{deep}{},"type":"g","shelf_id":1}}"#, "]".repeat(200_000));
    assert_eq!(problems(&closed), ["username data incorrect"]);
}

#[test]
fn unpaired_surrogates_and_numbers_beyond_all_bounds_are_incorrect_where_they_are_looked_at() {
    assert_eq!(
        problems(r#"{"username":"\ud800","type":"g","shelf_id":1e999,"x":"\ud800","y":1e999}"#),
        ["username data incorrect", "shelf_id data incorrect"]
    );
    let ignored = r#"{"username":"ada","type":"g","shelf_id":1,"x":"\ud800","y":1e999}"#;
    assert!(Everything::from_json(ignored.as_bytes()).is_ok());
}

#[test]
fn escapes_in_text_are_read() {
    let read =
        Everything::from_json(br#"{"username":"\u00fc\n\ud83d\ude00\"x","type":"g","shelf_id":1}"#).unwrap();
    assert_eq!(read.username.as_str(), "ü\n😀\"x");
}

#[test]
fn the_own_key_of_a_field_counts_before_its_other_names() {
    for json in [
        r#"{"username":"ada","shelf_id":1,"gridNameId":"own","type":"other"}"#,
        r#"{"username":"ada","shelf_id":1,"type":"other","gridNameId":"own"}"#,
    ] {
        assert_eq!(Everything::from_json(json.as_bytes()).unwrap().grid_name_id.as_str(), "own");
    }
    let pairs = [("username", "ada"), ("shelf_id", "1"), ("gridNameId", "own"), ("type", "other")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(Everything::from_pairs(&pairs).unwrap().grid_name_id.as_str(), "own");
}

#[test]
fn unknown_keys_are_ignored_and_of_twice_the_same_the_last_counts() {
    let json = r#"{"x":[{"y":1}],"username":"first","username":"last","gridNameId":"g","shelf_id":1}"#;
    assert_eq!(Everything::from_json(json.as_bytes()).unwrap().username.as_str(), "last");
}

#[test]
fn numbers_that_fit_nowhere_are_incorrect() {
    for number in [
        "2147483648",
        "-2147483649",
        "18446744073709551615",
        "9223372036854775808",
        "1.5",
        "[]",
        "{}",
        "true",
    ] {
        let json = format!(r#"{{"username":"ada","type":"g","shelf_id":{number}}}"#);
        assert_eq!(problems(&json), ["shelf_id data incorrect"], "{number}");
    }
}

#[test]
fn a_query_string_follows_the_same_rules() {
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let read = Everything::from_pairs(&pairs(&[
        ("username", " ada "),
        ("type", "g"),
        ("shelf_id", "3"),
        ("is_active", "true"),
    ]));
    let read = read.unwrap();
    assert_eq!(
        (read.username.as_str(), read.shelf_id.get(), read.is_active),
        ("ada", 3, Change(Some(Flag(true))))
    );
    let lines = Everything::from_pairs(&pairs(&[("shelf_id", "")])).unwrap_err().lines();
    assert_eq!(
        lines,
        ["username key Required field", "gridNameId key Required field", "shelf_id data incorrect"]
    );
}
