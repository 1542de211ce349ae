//! What is wrong with a body or a query, told in the words of the contract.

use serde_json::{Map, Value, json};

use super::{
    checked,
    document::{Document, Route},
};
use crate::harness::{Client, Server};

/// A bucket where nobody answers: what is wrong with a request is told before the bucket is asked.
const BUCKET: [(&str, &str); 5] = [
    ("pdf_bucket_name", "files"),
    ("aws_region", "eu-central-1"),
    ("s3_user_access_key", "key"),
    ("s3_user_access_secret", "secret"),
    ("s3_endpoint", "http://127.0.0.1:1"),
];

const UNREADABLE: (u16, &str) = (400, "Sending Incorrect Request payload format");

fn ask(client: &Client, route: &Route, content_type: &str, body: &str) -> (u16, Vec<String>) {
    let answer = client.send_text(&route.method, &route.target(), content_type, body);
    let (status, message) = checked(&answer, &format!("{} {} with {body:.200}", route.method, route.path));
    let stack = answer.error_stack();
    if status >= 400 {
        assert_eq!(stack.first(), Some(&message), "the message is the first problem");
    }
    (status, stack.into_iter().map(str::to_owned).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_body_must_be_an_object_in_json_and_not_too_large() {
    let server = Server::start(&[&BUCKET[..], &[("request_body_limit", "4096")]].concat()).await;
    let admin = server.signed_in("admin");
    for (route, _) in Document::of(&server).with_body() {
        let what = format!("{} {}", route.method, route.path);
        let told = |content_type: &str, body: &str| {
            let (status, lines) = ask(&admin, route, content_type, body);
            (status, lines.join("; "))
        };
        let nonsense = [
            "",
            " ",
            "{",
            "[]",
            "[{}]",
            "null",
            "\"text\"",
            "5",
            "{}{}",
            "{\"a\":}",
            "\u{feff}{}",
            "{\"a\":1,}",
        ];
        for body in nonsense {
            assert_eq!(
                told("application/json", body),
                (UNREADABLE.0, UNREADABLE.1.to_owned()),
                "{what} {body:?}"
            );
        }
        for content_type in ["text/plain", "application/xml", "multipart/form-data; boundary=x"] {
            let refused = (415, "Unsupported media type".to_owned());
            assert_eq!(told(content_type, "{}"), refused, "{what} {content_type}");
        }
        for content_type in ["application/json; charset=utf-8", "application/merge-patch+json"] {
            assert_ne!(told(content_type, "[]").0, 415, "{what} {content_type}");
        }
        let large = json!({ "unknown": "x".repeat(4_096) }).to_string();
        assert_eq!(told("application/json", &large), (413, "Request body too large".to_owned()), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_missing_key_is_told_in_the_order_of_the_fields() {
    let server = Server::start(&BUCKET).await;
    let admin = server.signed_in("admin");
    for (route, schema) in Document::of(&server).with_body() {
        let required: Vec<_> =
            schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        if required.is_empty() {
            continue;
        }
        let (status, lines) = ask(&admin, route, "application/json", r#"{"unknown": 1}"#);
        assert_eq!(status, 400, "{} {}", route.method, route.path);
        // A key that has other names is not in the schema's list.
        let told: Vec<_> = lines
            .iter()
            .map(|line| line.strip_suffix(" key Required field").unwrap_or_else(|| panic!("{lines:?}")))
            .collect();
        let listed: Vec<_> = told.iter().copied().filter(|key| required.contains(key)).collect();
        assert_eq!(listed, required, "{} {}", route.method, route.path);
        assert!(told.iter().all(|key| schema["properties"].get(*key).is_some()), "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_that_a_field_does_not_take_is_told() {
    let server = Server::start(&BUCKET).await;
    let admin = server.signed_in("admin");
    let mut tried = 0;
    for (route, schema) in Document::of(&server).with_body() {
        let fields = schema["properties"].as_object().unwrap();
        let good = good(fields);
        for (key, field) in fields {
            for (value, line) in misfits(key, field) {
                let mut body = good.clone();
                body.insert(key.clone(), value);
                let (status, lines) =
                    ask(&admin, route, "application/json", &Value::from(body.clone()).to_string());
                assert_eq!(
                    (status, lines.len()),
                    (400, 1),
                    "{} {}: {body:?} {lines:?}",
                    route.method,
                    route.path
                );
                assert!(
                    line.is_none_or(|line| lines[0] == line),
                    "{} {}: {body:?} {lines:?}",
                    route.method,
                    route.path
                );
                tried += 1;
            }
            // Half of a character that JSON can spell and UTF-8 cannot.
            let (status, _) = ask(&admin, route, "application/json", &format!(r#"{{"{key}": "\ud800"}}"#));
            assert_eq!(status, 400, "{} {}: {key}", route.method, route.path);
        }
    }
    assert!(tried > 300, "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_that_a_query_does_not_take_is_told() {
    let server = Server::start(&BUCKET).await;
    let admin = server.signed_in("admin");
    let mut tried = 0;
    for route in Document::of(&server).routes.iter().filter(|route| !route.query.is_empty()) {
        let target = route.target();
        let told = |query: &str| {
            let answer = admin.send_text(&route.method, &format!("{target}?{query}"), "", "");
            (checked(&answer, &format!("{target}?{query}")).0, answer.error_stack().join("; "))
        };
        let good = |but: &str| -> String {
            let others = route.query.iter().filter(|(key, _)| *key != but);
            others
                .map(|(key, field)| format!("{key}={}&", fits(field).to_string().replace('"', "")))
                .collect()
        };
        for (key, field) in &route.query {
            let values = misfits(key, field).into_iter();
            for (value, line) in values.filter_map(|(value, line)| Some((value.as_str()?.to_owned(), line))) {
                let value: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
                let (status, lines) = told(&format!("{}{key}={value}", good(key)));
                assert_eq!(status, 400, "{target} {key}={value:.50}");
                assert!(line.is_none_or(|line| lines == line), "{target} {key}={value:.50} {lines}");
                tried += 1;
            }
        }
    }
    assert!(tried > 10, "{tried}");
}

/// A value for each field that it takes.
pub(super) fn good(fields: &Map<String, Value>) -> Map<String, Value> {
    fields.iter().map(|(key, field)| (key.clone(), fits(field))).collect()
}

/// A value that the field takes.
fn fits(field: &Value) -> Value {
    match kind(field) {
        "string" if field["format"] == "email" => "ada@example.com".into(),
        "string" => "x".repeat(field["minLength"].as_u64().unwrap_or(1).max(1) as usize).into(),
        "integer" => 1.into(),
        "boolean" => true.into(),
        other => panic!("a field of the new type {other}: which values does it take?"),
    }
}

fn kind(field: &Value) -> &str {
    field["type"].as_str().or(field["type"][0].as_str()).unwrap()
}

/// Values that the field does not take, with the line that tells it, unless that is a sentence of its own.
fn misfits(key: &str, field: &Value) -> Vec<(Value, Option<String>)> {
    let incorrect = |value: Value| (value, Some(format!("{key} data incorrect")));
    let mut all: Vec<_> = [json!([]), json!({}), json!([1])].map(incorrect).into();
    if field["type"].is_string() {
        all.push((Value::Null, Some(format!("{key} key None"))));
    }
    match kind(field) {
        "string" => {
            all.extend([json!(5), json!(1.5), json!(true), json!("a\0b")].map(incorrect));
            if let Some(most) = field["maxLength"].as_u64() {
                let line = format!("{key} must be at most {most} characters");
                all.push(("ä".repeat(most as usize + 1).into(), Some(line)));
            } else {
                all.push(("x".repeat(65_536).into(), Some(format!("{key} must be at most 65535 bytes"))));
            }
            match field["minLength"].as_u64().unwrap_or(0) {
                0 => {}
                1 => all.extend([json!(""), json!("  ")].map(|value| (value, None))),
                least => all.push(("x".into(), Some(format!("{key} must be at least {least} characters")))),
            }
        }
        "integer" => {
            let most = field["maximum"].as_i64().unwrap();
            let numbers =
                [json!(most + 1), json!(1.5), json!(1e300), json!("x"), json!("5.0"), json!(" 5"), json!("")];
            all.extend(numbers.map(incorrect));
            all.push(incorrect(json!(true)));
        }
        "boolean" => all.extend([json!(2), json!(-1), json!(0.5), json!("maybe"), json!("")].map(incorrect)),
        _ => {}
    }
    all
}
