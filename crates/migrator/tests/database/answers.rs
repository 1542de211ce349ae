//! One documented shape for the answers of all commands. Every answer in JSON that a test here asks for is held against
//! it.

use std::collections::BTreeSet;

use kseekers_migrator::cli::{self, ANSWER_SCHEMA, Console, HELP};
use serde_json::{Value, json};

use crate::commands::{NOTES, run};
use crate::{DATABASES, execute};

/// What is said about an answer that is not as the schema has it.
pub(crate) fn assert_described(answer: &[u8]) {
    let answer = serde_json::from_slice(answer).unwrap();
    assert_eq!(wrong(&schema(), &answer, "answer"), None, "{answer}");
}

fn schema() -> Value {
    serde_json::from_str(ANSWER_SCHEMA).unwrap()
}

/// The first thing that is not as the schema says, for as much of JSON Schema as ours uses.
fn wrong(schema: &Value, value: &Value, path: &str) -> Option<String> {
    let words = |key: &str| schema[key].as_array().cloned().unwrap_or_default();
    let types = if schema["type"].is_string() { vec![schema["type"].clone()] } else { words("type") };
    if !types.is_empty() && !types.contains(&type_of(value)) {
        return Some(format!("{path} is no {types:?}"));
    }
    if schema["enum"].is_array() && !words("enum").contains(value) {
        return Some(format!("{path} is none of the words"));
    }
    if let Some(object) = value.as_object() {
        let properties = schema["properties"].as_object().unwrap();
        let missing = words("required").into_iter().find(|key| !object.contains_key(key.as_str().unwrap()));
        let unknown = || object.keys().find(|key| !properties.contains_key(*key)).map(|key| json!(key));
        if let Some(key) = missing.or_else(unknown) {
            return Some(format!("{path} has no {key}, or should have none"));
        }
        return object
            .iter()
            .find_map(|(key, value)| wrong(&properties[key], value, &format!("{path}.{key}")));
    }
    let items = value.as_array().into_iter().flatten().enumerate();
    items.into_iter().find_map(|(index, item)| wrong(&schema["items"], item, &format!("{path}[{index}]")))
}

fn type_of(value: &Value) -> Value {
    json!(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

#[tokio::test]
async fn every_command_answers_with_one_object_of_the_same_shape() {
    let db = DATABASES.take().await;
    // These need no database; `create` is held against the schema below, `lint` among its own tests.
    let mut tried = BTreeSet::from(["create", "lint"]);
    for (args, exit_code, outcome) in [
        (&["wait"][..], 0, "done"),
        (&["status"], 0, "done"),
        (&["status", "--exit-code"], 10, "pending"),
        (&["plan"], 10, "pending"),
        (&["up", "--target", "1"], 0, "done"),
        (&["up", "--target", "7"], 2, "usage"),
        (&["setup", "--sample"], 0, "done"),
        (&["repair"], 0, "done"),
        (&["resume"], 2, "usage"),
        (&["mark-applied", "--version", "1", "--yes"], 2, "usage"),
        (&["mark-rolled-back", "--version", "1", "--yes"], 2, "usage"),
        (&["down", "--dry-run"], 10, "pending"),
        (&["down"], 0, "done"),
        (&["baseline"], 2, "usage"),
        (&["baseline", "--target", "1", "--yes"], 11, "drift"),
        (&["adopt"], 2, "usage"),
        (&["verify"], 0, "done"),
        (&["dump"], 0, "done"),
    ] {
        tried.insert(args[0]);
        let (code, out, _) = run(&db, NOTES, &[args, &["--json"]].concat()).await;
        let answer: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((answer["command"].as_str(), code), (Some(args[0]), exit_code), "{answer}");
        assert_eq!(
            (&answer["exit_code"], &answer["outcome"]),
            (&json!(exit_code), &json!(outcome)),
            "{answer}"
        );
        assert_eq!(answer["database"], db.name());
    }
    let commands = HELP.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let commands: BTreeSet<&str> = commands.filter(|word| !word.starts_with('-')).collect();
    assert_eq!(tried, commands, "each command of the help is to be tried here");
}

#[test]
fn what_needs_no_database_answers_in_the_same_shape() {
    let dir = tempfile::tempdir().unwrap();
    let common = cli::parse(["create", "--name", "more", "--json"]).unwrap().common;
    for name in ["more", "no/name"] {
        let mut out = Vec::new();
        cli::create(dir.path(), name, &common, &mut Console::new(&mut out, Vec::new()));
        assert_described(&out);
    }
    let mut out = Vec::new();
    cli::parse(["upp", "--json"]).unwrap_err().tell(&mut Console::new(&mut out, Vec::new()));
    assert_described(&out);
}

#[tokio::test]
async fn an_answer_after_an_error_has_the_same_shape() {
    let db = DATABASES.take().await;
    execute(&db, "CREATE TABLE notes (other INT)").await;
    run(&db, NOTES, &["up", "--json"]).await;
    execute(&db, "UPDATE schema_migrations SET state = 'running'").await;
    for command in ["up", "down", "status", "plan"] {
        run(&db, NOTES, &[command, "--json"]).await;
    }
}

#[test]
fn what_is_not_described_is_found() {
    let mut out = Vec::new();
    let common = cli::parse(["up", "--json"]).unwrap().common;
    Console::new(&mut out, Vec::new()).refuse("up", &common, 2, "No.");
    let answer: Value = serde_json::from_slice(&out).unwrap();
    let changed = |key: &str, value: Value| {
        let mut answer = answer.clone();
        answer[key] = value;
        wrong(&schema(), &answer, "answer")
    };
    assert_eq!(changed("message", json!("Yes.")), None);
    for (key, value) in [
        ("more", json!(1)),
        ("message", json!(1)),
        ("outcome", json!("good")),
        ("warnings", json!([1])),
        ("files", json!([{}])),
        ("repaired", json!([{ "file": "a", "version": "01", "applied": null, "ours": "b", "more": 1 }])),
    ] {
        assert!(changed(key, value).is_some(), "{key}");
    }
    let mut less = answer;
    less.as_object_mut().unwrap().remove("message");
    assert!(wrong(&schema(), &less, "answer").is_some());
}

#[test]
fn the_guide_names_every_key_and_word() {
    fn names(schema: &Value, found: &mut BTreeSet<String>) {
        for word in schema["enum"].as_array().into_iter().flatten() {
            found.insert(word.as_str().unwrap().to_owned());
        }
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            found.insert(key.clone());
            names(value, found);
        }
        if schema["items"].is_object() {
            names(&schema["items"], found);
        }
    }
    let guide = include_str!("../../README.md");
    let mut found = BTreeSet::new();
    names(&schema(), &mut found);
    let missing: Vec<_> = found.iter().filter(|name| !guide.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, Vec::<&String>::new());
}
