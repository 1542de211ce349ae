//! Every route of the HTTP contract, in its good and its bad ways. What the ways have in common is taken from the server's
//! own OpenAPI document, so that a route is covered as soon as it is there.

mod away;
mod bodies;
mod callers;
mod document;
mod table;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Database, Server, connect};
use document::{Access, Document};
use mysql_async::prelude::Queryable;
use table::{FILES, Row, SECTIONS, table};

/// Rows with numbers of their own, which the table names.
const ROWS: [&str; 4] = [
    "INSERT INTO lookup_types (id, name) VALUES (9001, 'colours'), (9002, 'sizes')",
    "INSERT INTO lookup_values (id, lookup_type_id, code, value, is_active)
        VALUES (9001, 9001, 'r', 'Red', 1), (9002, 9001, 'g', 'Green', 1)",
    "INSERT INTO grid_metadata (id, gridName, gridNameId, is_active) VALUES (9001, 'bills', 'bills_1', 1), (9002, 'carts', 'carts_1', 1)",
    "INSERT INTO result_display_config (id, gridNameId, displayId, title, sortIndex)
        VALUES (9001, 'bills_1', 'a', 'A', 1), (9002, 'bills_1', 'b', 'B', 2)",
];

async fn add_rows(database: &Database) {
    let mut conn = connect(database).await;
    for rows in ROWS {
        conn.query_drop(rows).await.unwrap();
    }
    conn.disconnect().await.unwrap();
}

/// The word in the envelope for each status.
fn word(status: u16) -> &'static str {
    match status {
        200 => "success",
        201 => "created",
        400 => "bad_request",
        401 => "unauthorized request",
        403 => "forbidden",
        404 => "resource not found",
        405 => "method not allowed",
        409 => "duplicate conflict",
        413 => "payload too large",
        415 => "unsupported media type",
        503 => "service unavailable",
        other => panic!("no word for {other}"),
    }
}

/// Looks at everything that each answer must have, and gives status and message.
fn checked<'a>(answer: &'a Answer, what: &str) -> (u16, &'a str) {
    let body = answer.body.as_object().unwrap_or_else(|| panic!("{what}: {answer:?}"));
    let keys: Vec<&str> = body.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["fetch_time", "request_logging", "response_logging", "result", "row_count", "status"],
        "{what}"
    );
    assert_eq!(body["status"], word(answer.status), "{what}");
    assert!(body["fetch_time"].as_f64().unwrap() >= 0.0, "{what}");
    assert_eq!((&body["request_logging"], &body["response_logging"]), (&json!("success"), &json!("success")));
    let result: Vec<&str> = body["result"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(result, ["errorStack", "message", "payload"], "{what}");
    let (count, stack) = (body["row_count"].as_u64().unwrap(), answer.error_stack());
    if answer.status < 300 {
        let records = answer.payload().as_array().map_or(1, Vec::len);
        assert_eq!((count, stack.len()), (records as u64, 0), "{what}: {answer:?}");
    } else {
        assert_eq!((count, answer.payload()), (0, &json!([])), "{what}: {answer:?}");
        assert!(!stack.is_empty(), "{what}: {answer:?}");
    }
    assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()), "{what}");
    assert_eq!(answer.header("content-type"), Some("application/json"), "{what}");
    assert_eq!(answer.header("www-authenticate"), (answer.status == 401).then_some("Bearer"), "{what}");
    assert_eq!(answer.header("allow").is_some(), answer.status == 405, "{what}");
    assert_eq!(answer.header("retry-after").is_some(), answer.status == 503, "{what}");
    answer.gist()
}

/// Sends what a row of the table says: a JSON body, or a query.
fn send(client: &Client, row: &Row, input: &Value) -> Answer {
    match row.method {
        "GET" => client.get(&format!("{}{}", row.path, query(input))),
        method => client.send_text(method, row.path, "application/json", &input.to_string()),
    }
}

/// `{"type": "x"}` as `?type=x`.
fn query(input: &Value) -> String {
    let Some(fields) = input.as_object() else { return String::new() };
    let value = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs: Vec<_> = fields.iter().map(|(key, field)| format!("{key}={}", value(field))).collect();
    format!("?{}", pairs.join("&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_route_does_what_the_contract_says() {
    let server = Server::start(&[]).await;
    keeps_the_contract(&server, &server.database()).await;
}

/// Uses every route in its good and its bad ways. `admin` must be an administrator of this server.
pub(crate) async fn keeps_the_contract(server: &Server, database: &Database) {
    add_rows(database).await;
    let admin = server.signed_in("admin");
    let document = Document::of(server);
    let rows = table();
    let driven: Vec<_> = rows.iter().map(|row| (row.path.to_owned(), row.method.to_owned())).collect();
    for route in &document.routes {
        let name = (route.path.clone(), route.method.clone());
        let is_driven = match route.section.as_str() {
            section if SECTIONS.contains(&section) => driven.contains(&name),
            section if section == FILES.0 => FILES.1.contains(&route.path.as_str()),
            // A module of somebody's own, with tests of its own.
            _ => true,
        };
        assert!(is_driven, "{name:?} has no row in the table: how is it used?");
        if route.section == FILES.0 {
            assert_eq!(route.access, Access::Users, "{name:?}");
        }
    }

    for row in &rows {
        let what = format!("{} {}", row.method, row.path);
        let documented = document.route(row.method, row.path).map(|route| route.access);
        assert_eq!(documented, Some(row.access), "{what}");
        let refused = |input: &Value, status: u16, message: &str| {
            let answer = send(&admin, row, input);
            assert_eq!(checked(&answer, &what), (status, message), "{what} with {input}");
        };
        row.absent.iter().for_each(|(input, message)| refused(input, 404, message));
        row.taken.iter().for_each(|input| refused(input, 409, "Name already exist"));
        row.wrong.iter().for_each(|(input, message)| refused(input, 400, message));

        let mut good = row.good.clone();
        if good["otp_code"] == "(a new one)" {
            good["otp_code"] = server.new_code("admin", "admin").into();
        }
        let answer = send(&admin, row, &good);
        assert_eq!(checked(&answer, &what), row.says, "{what} with {good}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_answers_other_methods_with_those_that_it_has() {
    let server = Server::start(&[]).await;
    let client = server.client();
    let document = Document::of(&server);
    for path in document.paths() {
        let mut allowed: Vec<&str> = vec!["OPTIONS"];
        for route in document.routes.iter().filter(|route| route.path == *path) {
            allowed.extend(if route.method == "GET" { vec!["GET", "HEAD"] } else { vec![&*route.method] });
        }
        allowed.sort_unstable();
        let (target, allow) = (document::filled(path), allowed.join(", "));
        if allowed.contains(&"GET") {
            let head = client.send("HEAD", &target, &[]);
            assert_eq!((head.status, &head.body), (client.get(&target).status, &json!("")), "HEAD {target}");
        }
        for target in [target.clone(), format!("{target}/")] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
                if allowed.contains(&method) {
                    continue;
                }
                let answer = client.send(method, &target, &[]);
                let what = format!("{method} {target}");
                assert_eq!(checked(&answer, &what), (405, "Method not allowed"), "{what}");
                assert_eq!(answer.header("allow"), Some(&*allow), "{what}");
            }
            let options = client.send("OPTIONS", &target, &[]);
            assert_eq!((options.status, options.header("allow")), (204, Some(&*allow)), "{target}");
        }
        for nowhere in [format!("{target}/no/such/path"), target.to_uppercase()] {
            let answer = client.get(&nowhere);
            assert_eq!(checked(&answer, &nowhere), (404, "Resource not found"), "{nowhere}");
        }
    }
}
